package identity

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

// empty finds an element with nothing to read in it where there should be something.
var empty = regexp.MustCompile(`<(h1|h2|h3|label|legend|th|button|dt|option|title)[^>]*>\s*</`)

func TestEveryPageShowsToWhoMayOpenItAndSaysSomething(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.setPassword(s.admin, goodPassword)
	bert, who := s.add(AccountInput{Name: "Bert Maes", Mail: "bert@ours.example", StaffNumber: "B1", Roles: []access.Role{access.HR}})
	s.setPassword(who, goodPassword)
	s.setFactor(who)
	admin := s.as(s.admin)
	held := admin.post("/organisations", "name", "Lid", "languages", "nl", "groupSize", "10", "_once", "k")
	admin.get(held.to).want(t, http.StatusOK, "/welcome/")
	list, err := s.Organisations(t.Context(), s.admin)
	if err != nil {
		t.Fatal(err)
	}
	member := string(list[0].ID)
	if member == string(s.admin.Tenant) {
		member = string(list[1].ID)
	}
	admin.post("/me/security/second-factor/start").wantTo(t, "/me/security/second-factor")
	paths := map[string]string{
		"{id}": bert.ID, "{slug}": "ours",
	}
	for _, route := range s.server.Routes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		if method != http.MethodGet || strings.Contains(path, "{token}") || strings.Contains(path, "{file}") || strings.HasSuffix(path, ".csv") || path == "/sign-in/code" ||
			path == "/sign-in/new-pin" || path == "/sign-in/second-factor" || path == "/{$}" || strings.HasSuffix(path, "/o/{slug}/sign-in") || path == "/sign-in" {
			continue
		}
		for name, value := range paths {
			if name == "{id}" && strings.HasPrefix(path, "/organisations/") {
				value = member
			}
			path = strings.ReplaceAll(path, name, value)
		}
		got := admin.get(path).want(t, http.StatusOK)
		if found := empty.FindString(got.body); found != "" {
			t.Errorf("%s has an empty %s", path, found)
		}
		if strings.Contains(got.body, "style=") || strings.Contains(got.body, "onclick") || strings.Contains(got.body, "<script>") {
			t.Errorf("%s holds what the policy refuses", path)
		}
	}
	for _, path := range []string{"/people", "/people/" + bert.ID, "/organisation", "/me/security", "/me/keys"} {
		s.as(who).get(path).want(t, http.StatusOK)
	}
	_, plain := s.add(AccountInput{Name: "Piet", StaffNumber: "P1"})
	b := s.as(plain)
	b.get("/me/security").want(t, http.StatusOK)
	for _, path := range []string{"/people", "/people/new", "/people/" + bert.ID, "/organisation", "/organisations", "/me/keys"} {
		b.get(path).want(t, http.StatusForbidden)
		s.browser().get(path).want(t, http.StatusSeeOther)
	}
}

func TestPeopleAreManagedInThePages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		b := s.as(s.admin)
		b.post("/people", "name", "", "mail", "x", "language", "nl", "version", "0").want(t, http.StatusUnprocessableEntity, "f-name-error", "f-mail-error")
		added := b.post("/people", "name", "Bert <b>", "mail", "bert@ours.example", "language", "fr", "version", "0", "roles", "hr", "roles", "dpo", "_once", "k1")
		again := b.post("/people", "name", "Bert <b>", "mail", "bert@ours.example", "language", "fr", "version", "0", "roles", "hr", "roles", "dpo", "_once", "k1")
		if added.to != again.to || !strings.HasPrefix(added.to, "/people/") {
			t.Fatalf("%q and %q", added.to, again.to)
		}
		b.get(added.to).want(t, http.StatusOK, "Bert &lt;b&gt;", "HR and DPO", "The account was added")
		b.post("/people", "name", "B", "mail", "BERT@ours.example", "language", "nl").want(t, http.StatusUnprocessableEntity, "already")
		b.post(added.to, "name", "Bert", "mail", "bert@ours.example", "language", "nl", "version", "1").wantTo(t, added.to)
		b.post(added.to, "name", "Late", "mail", "bert@ours.example", "language", "nl", "version", "1").want(t, http.StatusUnprocessableEntity, "Somebody else")
		b.post(added.to+"/roles", "version", "2").wantTo(t, added.to)
		b.get("/people?role=hr").want(t, http.StatusOK, "Nobody found")
		b.get("/people?search=BERT&state=active").want(t, http.StatusOK, added.to)
		b.post(added.to+"/block").wantTo(t, added.to)
		b.get("/people?state=blocked").want(t, http.StatusOK, added.to)
		b.post(added.to+"/unblock").wantTo(t, added.to)
		csv := b.get("/people/people.csv").want(t, http.StatusOK, "bert@ours.example")
		if !strings.HasPrefix(csv.header.Get("Content-Disposition"), "attachment") || !strings.HasPrefix(csv.header.Get("Content-Type"), "text/csv") {
			t.Errorf("%v", csv.header)
		}
		b.post("/people/"+s.admin.ID+"/block").want(t, http.StatusConflict)
		b.post(added.to+"/erase").wantTo(t, "/people")
		b.get(added.to).want(t, http.StatusNotFound)
		s.clock.pass(20 * time.Minute)
		b.post("/people/"+s.admin.ID+"/erase").want(t, http.StatusSeeOther) // asks again who one is
		if a, err := s.Account(t.Context(), s.admin, s.admin.ID); err != nil || a.State != Active {
			t.Fatalf("%+v %v", a, err)
		}
	})
}

func TestOneSOwnSecurityIsKeptInThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	_, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example", Language: "en", Roles: []access.Role{access.Researcher}})
	s.setPassword(bert, goodPassword)
	b, other := s.as(bert), s.as(bert)
	b.post("/me/security/password", "current", "wrong", "password", "nine lonely bridges hum").want(t, http.StatusUnprocessableEntity, "f-current-error")
	b.post("/me/security/password", "current", goodPassword, "password", "short").want(t, http.StatusUnprocessableEntity, "f-password-error")
	b.post("/me/security/password", "current", goodPassword, "password", "nine lonely bridges hum").wantTo(t, "/me/security")
	if m := s.out.last(t); m.Kind != "password-changed" || m.To != "bert@ours.example" {
		t.Errorf("%+v", m)
	}
	b.get("/me/security").want(t, http.StatusOK, "Your new password holds")
	other.get("/me/security").want(t, http.StatusSeeOther)
	other = s.as(bert)
	page := b.get("/me/security").want(t, http.StatusOK, "this device").body
	end := regexp.MustCompile(`/me/security/sessions/([0-9a-z]+)/end"`).FindStringSubmatch(page)
	if end == nil {
		t.Fatal("the other session is not there to end")
	}
	b.post("/me/security/sessions/"+end[1]+"/end").wantTo(t, "/me/security")
	other.get("/me/security").want(t, http.StatusSeeOther)
	b.post("/me/security/second-factor/start").wantTo(t, "/me/security/second-factor")
	factor := b.get("/me/security/second-factor").want(t, http.StatusOK)
	if again := b.get("/me/security/second-factor"); secretOnPage.FindString(again.body) != secretOnPage.FindString(factor.body) {
		t.Error("the secret changes while it is looked at")
	}
	shown := b.post("/me/security/second-factor", "code", s.totpCode(factor.body))
	b.get(shown.to).want(t, http.StatusOK, "Your recovery codes")
	b.get("/me/security/second-factor").want(t, http.StatusConflict) // never shown again
	b.post("/me/security/codes").want(t, http.StatusSeeOther)
	b.post("/me/security/second-factor/remove").wantTo(t, "/me/security")
	b.post("/me/security/second-factor/remove").want(t, http.StatusNotFound)

	b.get("/me/keys").want(t, http.StatusOK, "You have no keys yet")
	b.post("/me/keys", "name", "", "expiresAt", "2030-13-01").want(t, http.StatusUnprocessableEntity, "f-name-error", "f-scopes-error", "f-expiresAt-error")
	b.post("/me/keys", "name", "x", "scopes", "accounts.change", "expiresAt", "2027-01-01").want(t, http.StatusUnprocessableEntity, "f-scopes-error")
	made := b.post("/me/keys", "name", "script", "scopes", "reports.read", "expiresAt", "2027-01-01", "_once", "k")
	secret := regexp.MustCompile(`tt_[\w-]{43}`)
	one := secret.FindString(b.get(made.to).want(t, http.StatusOK, "Key script").body)
	made = b.post("/me/keys", "name", "script", "scopes", "reports.read", "expiresAt", "2027-01-01", "_once", "k")
	if two := secret.FindString(b.get(made.to).body); one == "" || two != one {
		t.Fatalf("a form sent twice gave %q and %q", one, two)
	}
	if v := s.visit(bearer(one)); v.Actor.Owner != bert.ID {
		t.Fatalf("%+v", v.Actor)
	}
	id := regexp.MustCompile(`/me/keys/([0-9a-z]+)/revoke`).FindStringSubmatch(b.get("/me/keys").body)
	b.post("/me/keys/"+id[1]+"/revoke").wantTo(t, "/me/keys")
	if v := s.visit(bearer(one)); v.Actor.Kind == access.Key {
		t.Fatal("a revoked key works")
	}
	b.post("/language", "lang", "de", "back", "/me/security").wantTo(t, "/me/security")
	b.get("/me/security").want(t, http.StatusOK, `lang="de"`, "Anmeldung und Sicherheit")
}

func TestWhoGivesThemselvesARoleGetsANewSecret(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	r := s.session(s.admin, ByPassword, false)
	b := s.browser()
	b.http.Jar.SetCookies(mustURL(t, siteURL), r.Cookies())
	b.post("/people/"+s.admin.ID+"/roles", "version", "1", "roles", "administrator", "roles", "hr").wantTo(t, "/people/"+s.admin.ID)
	b.get("/people").want(t, http.StatusOK)
	if s.visit(r).Actor.Kind == access.Person {
		t.Fatal("the secret from before still works")
	}
}

func TestAnOrganisationIsChangedInThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	b := s.as(s.admin)
	change := func(groupSize, version string) answer {
		return b.post("/organisation", "name", "Stad Ours", "languages", "nl", "languages", "en", "languages.first", "en", "groupSize", groupSize, "version", version,
			"withPassword", "yes", "secondFactor", "yes", "idleMinutes", "30")
	}
	change("4", "1").want(t, http.StatusUnprocessableEntity, "f-groupSize-error")
	change("x", "1").want(t, http.StatusUnprocessableEntity, "f-groupSize-error")
	change("12", "1").wantTo(t, "/organisation")
	change("13", "1").want(t, http.StatusUnprocessableEntity, "Somebody else")
	o, err := s.Organisation(t.Context(), s.admin, dbtest.Ours)
	if err != nil || o.GroupSize != 12 || o.Languages[0] != "en" || o.Slug != "ours" || !o.Settings.NoPIN || o.Settings.NoPassword || o.Settings.IdleMinutes != 30 {
		t.Fatalf("%+v %v", o, err)
	}
	s.browser().get(ours+"/pin").want(t, http.StatusNotFound)
	s.browser().post(ours+"/pin", "staffNumber", "1", "pin", "1").want(t, http.StatusNotFound)
}

func TestColoursAreSetWhenEveryoneCanReadThem(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	b := s.as(s.admin)
	b.post("/organisation/theme", "light.blue", "#0b3d2e", "light.ink", "").wantTo(t, "/organisation/look")
	page := b.get("/organisation/look").want(t, http.StatusOK, `value="#0b3d2e"`, "Everything is easy to read")
	href := regexp.MustCompile(`/theme/ours/[0-9a-f]+\.css`).FindString(page.body)
	css := s.browser().get(href).want(t, http.StatusOK, "--blue:#0b3d2e")
	if css.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || css.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%v", css.header)
	}
	s.browser().get("/sign-in/pin").want(t, http.StatusOK)
	s.browser().get(ours).want(t, http.StatusOK, href)
	b.post("/organisation/theme", "light.blue", "#eeeeee").want(t, http.StatusUnprocessableEntity, "theme-light-blue-error", `value="#eeeeee"`)
	b.post("/organisation/theme", "light.blue", "red;}").want(t, http.StatusUnprocessableEntity, "theme-light-blue-error")
	b.post("/organisation/theme").wantTo(t, "/organisation/look")
	if old := s.browser().get(href).want(t, http.StatusOK); old.header.Get("Cache-Control") != "no-cache" {
		t.Errorf("an address of before is kept: %v", old.header)
	}
	s.browser().get("/theme/ours/x").want(t, http.StatusNotFound)
	s.browser().get("/theme/none/x.css").want(t, http.StatusNotFound)
}

func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		m.Set(x, h/2, color.RGBA{R: 200, A: 255})
	}
	return m
}

func (b *browser) upload(path, field, name string, content []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		b.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, path, &body, form.FormDataContentType())
}

func TestALogoIsDrawnAnewFromPNGOrJPEG(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		b := s.as(s.admin)
		var asPNG, asJPEG, large bytes.Buffer
		for _, err := range []error{png.Encode(&asPNG, picture(40, 20)), jpeg.Encode(&asJPEG, picture(30, 30), nil), png.Encode(&large, picture(MostLogoSide+1, 2))} {
			if err != nil {
				t.Fatal(err)
			}
		}
		hidden := append(bytes.Clone(asPNG.Bytes()), []byte("<script>alert(1)</script>")...)
		for name, bad := range map[string][]byte{
			"text": []byte("no picture"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "gif": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
			"too wide": large.Bytes(), "too big": append(bytes.Clone(asPNG.Bytes()), make([]byte, MostLogo)...), "cut off": asPNG.Bytes()[:60],
		} {
			if got := b.upload("/organisation/logo", "logo", "l.png", bad); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "logo-logo-error") {
				t.Errorf("%s: status %d", name, got.status)
			}
		}
		b.post("/organisation/logo").want(t, http.StatusUnsupportedMediaType)
		for _, good := range [][]byte{asJPEG.Bytes(), hidden} {
			b.upload("/organisation/logo", "logo", "l.png", good).wantTo(t, "/organisation/look")
			href := regexp.MustCompile(`/logo/ours/[0-9a-f]+\.png`).FindString(b.get("/organisation/look").body)
			got := s.browser().get(href).want(t, http.StatusOK)
			if _, err := png.Decode(strings.NewReader(got.body)); err != nil || got.header.Get("Content-Type") != "image/png" || strings.Contains(got.body, "script") {
				t.Errorf("%v %v", err, got.header)
			}
		}
		b.post("/organisation/logo/remove").wantTo(t, "/organisation/look")
		if regexp.MustCompile(`/logo/ours/`).MatchString(b.get("/organisation/look").body) {
			t.Error("the logo is still there")
		}
	})
}

func TestAFederationBringsAnOrganisationToItsFirstAdministrator(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		b := s.as(s.admin)
		b.post("/organisations", "name", "", "groupSize", "").want(t, http.StatusUnprocessableEntity, "f-name-error")
		shown := b.post("/organisations", "name", "Gemeente Lid", "languages", "nl", "groupSize", "8", "withPassword", "yes", "withPin", "yes", "secondFactor", "yes", "_once", "k")
		page := b.get(shown.to).want(t, http.StatusOK)
		link := regexp.MustCompile(`/welcome/[\w-]{43}`).FindString(page.body)
		p := s.browser()
		p.get(link).want(t, http.StatusOK, "Gemeente Lid")
		p.post(link, "name", "Lies", "mail", "lies@lid.example", "password", goodPassword).wantTo(t, "/sign-in/second-factor")
		factor := p.get("/sign-in/second-factor").want(t, http.StatusOK)
		p.post("/sign-in/second-factor", "code", s.totpCode(factor.body))
		p.get("/people").want(t, http.StatusOK, "Lies")
		if body := p.get("/people").body; strings.Contains(body, "Ann Peeters") {
			t.Error("people of the federation show")
		}
		o, err := s.organisationBy(t.Context(), "slug", "gemeente-lid")
		if err != nil || o.GroupSize != 8 || o.Parent != dbtest.Ours {
			t.Fatalf("%+v %v", o, err)
		}
		b.get("/organisations").want(t, http.StatusOK, "Gemeente Lid")
		b.post("/organisations/"+string(o.ID)+"/link").want(t, http.StatusConflict)
		p.get("/organisations/"+string(dbtest.Ours)).want(t, http.StatusNotFound)
		theirs := s.as(s.first(dbtest.Theirs, access.Administrator))
		theirs.get("/organisations/"+string(o.ID)).want(t, http.StatusNotFound)
		theirs.post("/organisations/"+string(o.ID), "name", "Taken", "groupSize", "9", "version", "1").want(t, http.StatusNotFound)
		theirs.post("/organisations/"+string(o.ID)+"/link").want(t, http.StatusNotFound)
	})
}

// TestAPersonOfAnotherOrganisationReachesNothingOfOurs calls every address that names an account or a session with ids of ours.
func TestAPersonOfAnotherOrganisationReachesNothingOfOurs(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	bert, who := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example", StaffNumber: "1"})
	s.setPassword(who, goodPassword)
	s.setFactor(who)
	session := s.visit(s.session(who, ByPassword, false)).Session
	shown, err := s.IssuePIN(t.Context(), s.admin, bert.ID)
	if err != nil {
		t.Fatal(err)
	}
	before := s.rows()
	b := s.as(s.first(dbtest.Theirs, access.Administrator))
	tried := 0
	for _, route := range s.server.Routes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		if !strings.Contains(path, "{id}") && !strings.Contains(path, "/shown/{token}") {
			continue
		}
		id := bert.ID
		switch {
		case strings.Contains(path, "sessions/{id}"):
			id = session
		case strings.HasPrefix(path, "/organisations/"):
			id = string(dbtest.Ours)
		}
		path = strings.NewReplacer("{id}", id, "{token}", shown).Replace(path)
		tried++
		var got answer
		if method == http.MethodGet {
			got = b.get(path)
		} else {
			got = b.post(path, "name", "Taken", "mail", "taken@theirs.example", "language", "nl", "version", "1", "groupSize", "10")
		}
		if got.status != http.StatusNotFound || strings.Contains(got.body, "bert@") {
			t.Errorf("%s %s: status %d", method, path, got.status)
		}
	}
	if tried < 20 {
		t.Errorf("only %d addresses were tried", tried)
	}
	if after := s.rows(); after != before {
		t.Fatalf("something was changed:\n%s\n%s", before, after)
	}
}

// BenchmarkVisit is what each page pays to know who asks; a page is budgeted below 5 ms.
func BenchmarkVisit(b *testing.B) {
	store := dbtest.SQLite(b)
	dbtest.AddAccount(b, store, dbtest.Ours, "ann", "hr", "dpo")
	s := New(Dependencies{DB: store, Now: clock.System()})
	s.UseCookies(plainCookies{})
	s.audit = audit.New(store, s.now)
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if err := s.SignIn(b.Context(), rec, r, SignedIn{Tenant: dbtest.Ours, Account: "ann", Method: ByPassword}); err != nil {
		b.Fatal(err)
	}
	r = withCookies(rec)
	for b.Loop() {
		if v, err := s.Visit(b.Context(), r); err != nil || v.Actor.Kind != access.Person {
			b.Fatalf("%+v %v", v.Actor, err)
		}
	}
}
