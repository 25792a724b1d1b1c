package identity

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// setPassword gives an account a password, as its owner would by a link.
func (d *desk) setPassword(a access.Actor, password string) {
	d.t.Helper()
	hash, err := d.hasher.hash(d.t.Context(), plainPassword(password))
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.db.Write(d.t.Context(), a.Tenant, func(sc *db.Scope) error { return putPassword(d.t.Context(), sc, a.ID, hash, 1) })
	if err != nil {
		d.t.Fatal(err)
	}
}

// setFactor gives an account an app and returns its secret and recovery codes.
func (d *desk) setFactor(a access.Actor) (secret string, codes []string) {
	d.t.Helper()
	ctx := d.t.Context()
	if err := d.StartSecondFactor(ctx, a); err != nil {
		d.t.Fatal(err)
	}
	f, err := d.PendingSecondFactor(ctx, a)
	if err != nil {
		d.t.Fatal(err)
	}
	secret = strings.ReplaceAll(f.Secret, " ", "")
	shown, err := d.ConfirmSecondFactor(ctx, a, "", (&site{desk: d}).codeOf(secret))
	if err != nil {
		d.t.Fatal(err)
	}
	s, err := d.Shown(ctx, a, shown)
	if err != nil {
		d.t.Fatal(err)
	}
	return secret, s.Lines
}

const ours = "/o/ours/sign-in"

func TestAPasswordLetsItsOwnerInAndNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		_, bert := s.add(AccountInput{Name: "Bert Maes", Mail: "Bert@Ours.example"})
		s.setPassword(bert, goodPassword)
		b := s.browser()
		b.get(ours).want(t, http.StatusOK, `autocomplete="username webauthn"`, `autocomplete="current-password"`)
		b.post(ours, "mail", "bert@ours.example", "password", "another "+goodPassword).want(t, http.StatusUnprocessableEntity, "do not belong together", `value="bert@ours.example"`)
		b.post(ours, "mail", " BERT@ours.example", "password", goodPassword, "next", "/people").wantTo(t, "/people")
		b.get("/").want(t, http.StatusOK, "home of Bert Maes")
		b.get("/people").want(t, http.StatusForbidden)
		s.browser().post("/o/theirs/sign-in", "mail", "bert@ours.example", "password", goodPassword).want(t, http.StatusUnprocessableEntity)
		b.post("/sign-out").wantTo(t, "/sign-in")
		b.get("/").wantTo(t, "/sign-in")
	})
}

func TestNobodyLearnsWhetherAnAccountExists(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	known, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example", StaffNumber: "B1"})
	s.setPassword(bert, goodPassword)
	if _, err := s.NewPIN(t.Context(), s.admin, known.ID); err != nil {
		t.Fatal(err)
	}
	bare, _ := s.add(AccountInput{Name: "Cis", Mail: "cis@ours.example", StaffNumber: "C1"}) // without any way in
	blocked, dirk := s.add(AccountInput{Name: "Dirk", Mail: "dirk@ours.example", StaffNumber: "D1"})
	s.setPassword(dirk, goodPassword)
	if _, err := s.Block(t.Context(), s.admin, blocked.ID); err != nil {
		t.Fatal(err)
	}
	for name, ask := range map[string]func(who string) answer{
		"password": func(who string) answer {
			return s.browser().post(ours, "mail", who+"@ours.example", "password", "wrong "+goodPassword)
		},
		"pin": func(who string) answer {
			return s.browser().post(ours+"/pin", "staffNumber", strings.ToUpper(who[:1])+"1", "pin", "902741")
		},
		"recovery": func(who string) answer { return s.browser().post(ours+"/forgot", "mail", who+"@ours.example") },
	} {
		for range lockAfter + 2 { // the same up to and beyond the lock
			want := ask("nobody")
			for _, who := range []string{"bert", "cis", "dirk"} {
				got := ask(who)
				mask := func(a answer, who string) string {
					return strings.NewReplacer(who+"@ours.example", "?", `value="`+strings.ToUpper(who[:1])+`1"`, "?").Replace(a.body)
				}
				if got.status != want.status || mask(got, who) != mask(want, "nobody") || got.to != want.to || got.header.Get("Retry-After") != want.header.Get("Retry-After") {
					t.Fatalf("%s: %s is answered otherwise than somebody unknown: %d and %d\n%s\n%s", name, who, got.status, want.status, got.body, want.body)
				}
			}
		}
	}
	_ = bare
	// The right password of a blocked account is no better.
	s.clock.pass(48 * time.Hour)
	s.browser().post(ours, "mail", "dirk@ours.example", "password", goodPassword).want(t, http.StatusUnprocessableEntity, "do not belong together")
}

func TestALockHoldsAlsoForTheRightPasswordAndEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		_, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
		s.setPassword(bert, goodPassword)
		b := s.browser()
		for i := 1; i < lockAfter; i++ {
			b.post(ours, "mail", "bert@ours.example", "password", "wrong").want(t, http.StatusUnprocessableEntity)
		}
		locked := b.post(ours, "mail", "bert@ours.example", "password", "wrong").want(t, http.StatusTooManyRequests, "15")
		if locked.header.Get("Retry-After") != "901" {
			t.Fatalf("Retry-After %q", locked.header.Get("Retry-After"))
		}
		if m := s.out.last(t); m.Kind != "locked" || m.To != "bert@ours.example" {
			t.Fatalf("the letter is %+v", m)
		}
		b.post(ours, "mail", "bert@ours.example", "password", goodPassword).want(t, http.StatusTooManyRequests)
		s.clock.pass(15*time.Minute + time.Second)
		b.post(ours, "mail", "bert@ours.example", "password", "wrong").want(t, http.StatusTooManyRequests, "30")
		s.clock.pass(30*time.Minute + time.Second)
		b.post(ours, "mail", "bert@ours.example", "password", goodPassword).wantTo(t, "/")
		b = s.browser()
		b.post(ours, "mail", "bert@ours.example", "password", "wrong").want(t, http.StatusUnprocessableEntity) // counted anew
	})
}

func TestHRMustSetUpASecondFactorBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	_, hr := s.add(AccountInput{Name: "Hilde", Mail: "hilde@ours.example", Roles: []access.Role{access.HR}})
	s.setPassword(hr, goodPassword)
	b := s.browser()
	b.post(ours, "mail", "hilde@ours.example", "password", goodPassword, "next", "/people?role=hr").wantTo(t, "/sign-in/second-factor")
	b.get("/").wantTo(t, "/sign-in")
	b.get("/sign-in/code").wantTo(t, "/sign-in") // that is not the step
	b.get("/sign-in/new-pin").wantTo(t, "/sign-in")
	page := b.get("/sign-in/second-factor").want(t, http.StatusOK)
	shown := b.post("/sign-in/second-factor", "code", s.totpCode(page.body))
	b.get(shown.to).want(t, http.StatusOK, `href="/people?role=hr"`)
	b.get("/people").want(t, http.StatusOK, "Hilde")

	s.clock.pass(time.Minute)
	secret := strings.ReplaceAll(secretOnPage.FindStringSubmatch(page.body)[1], " ", "")
	b = s.browser()
	b.post(ours, "mail", "hilde@ours.example", "password", goodPassword, "next", "/people").wantTo(t, "/sign-in/code")
	b.get("/").wantTo(t, "/sign-in")
	b.get("/sign-in/code").want(t, http.StatusOK, `autocomplete="one-time-code"`)
	b.post("/sign-in/code", "code", "12").want(t, http.StatusUnprocessableEntity)
	code := s.codeOf(secret)
	b.post("/sign-in/code", "code", code[:3]+" "+code[3:]).wantTo(t, "/people")
	b.get("/people").want(t, http.StatusOK)

	// The same code again is refused, and a recovery code works once.
	again := s.browser()
	again.post(ours, "mail", "hilde@ours.example", "password", goodPassword).wantTo(t, "/sign-in/code")
	again.post("/sign-in/code", "code", code).want(t, http.StatusUnprocessableEntity)
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		_, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
		s.setPassword(bert, goodPassword)
		_, codes := s.setFactor(bert)
		for i, status := range []int{http.StatusSeeOther, http.StatusUnprocessableEntity} {
			b := s.browser()
			b.post(ours, "mail", "bert@ours.example", "password", goodPassword).wantTo(t, "/sign-in/code")
			if got := b.post("/sign-in/code", "code", strings.ToUpper(codes[0])); got.status != status {
				t.Fatalf("use %d: status %d", i+1, got.status)
			}
		}
		c, err := credentials(t.Context(), s.db.Of(bert.Tenant), bert.ID)
		if err != nil || c.Codes != recoveryCodes-1 {
			t.Fatalf("%+v %v", c, err)
		}
		// Another person's codes are no codes.
		_, cis := s.add(AccountInput{Name: "Cis", Mail: "cis@ours.example"})
		s.setPassword(cis, goodPassword)
		s.setFactor(cis)
		b := s.browser()
		b.post(ours, "mail", "cis@ours.example", "password", goodPassword).wantTo(t, "/sign-in/code")
		b.post("/sign-in/code", "code", codes[1]).want(t, http.StatusUnprocessableEntity)
	})
}

func TestWrongCodesLockToo(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	_, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
	s.setPassword(bert, goodPassword)
	secret, _ := s.setFactor(bert)
	b := s.browser()
	b.post(ours, "mail", "bert@ours.example", "password", goodPassword).wantTo(t, "/sign-in/code")
	for i := 1; i <= lockAfter; i++ {
		b.post("/sign-in/code", "code", "111111")
	}
	s.clock.pass(time.Minute)
	b.post("/sign-in/code", "code", s.codeOf(secret)).want(t, http.StatusTooManyRequests)
}

func TestAStepOfSigningInIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	_, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
	s.setPassword(bert, goodPassword)
	secret, codes := s.setFactor(bert)
	s.clock.pass(time.Minute)
	b := s.browser()
	b.post(ours, "mail", "bert@ours.example", "password", goodPassword)
	u, err := url.Parse(siteURL)
	if err != nil {
		t.Fatal(err)
	}
	halfway := b.http.Jar.Cookies(u)
	b.post("/sign-in/code", "code", s.codeOf(secret)).wantTo(t, "/")
	thief := s.browser()
	thief.http.Jar.SetCookies(u, halfway)
	thief.post("/sign-in/code", "code", codes[0]).wantTo(t, "/sign-in")
	s.clock.pass(flowLives + time.Second)
	late := s.browser()
	late.post(ours, "mail", "bert@ours.example", "password", goodPassword)
	s.clock.pass(flowLives + time.Second)
	late.get("/sign-in/code").wantTo(t, "/sign-in")
}

func TestAnIssuedPINMustBeChangedAtTheFirstSignIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		_, hr := s.add(AccountInput{Name: "Hilde", Mail: "hilde@ours.example", Roles: []access.Role{access.HR}})
		gert, _ := s.add(AccountInput{Name: "Gert", StaffNumber: " g 12 "})
		desk := s.as(hr)
		desk.get("/people/"+gert.ID+"/pin").want(t, http.StatusOK)
		shown := desk.post("/people/" + gert.ID + "/pin")
		slip := desk.get(shown.to).want(t, http.StatusOK, "G12", "Gert")
		_, after, _ := strings.Cut(slip.body, `class="big-code">`)
		pin := after[:6]
		s.as(s.admin).get(shown.to).want(t, http.StatusNotFound) // shown to who issued it alone
		b := s.browser()
		b.get(ours+"/pin").want(t, http.StatusOK, `value="shared" checked`, `autocomplete="username"`, `autocomplete="current-password"`)
		b.post(ours+"/pin", "staffNumber", "g12", "pin", pin).wantTo(t, "/sign-in/new-pin")
		b.get("/").wantTo(t, "/sign-in")
		b.post("/sign-in/new-pin", "pin", "123456", "pinRepeat", "123456").want(t, http.StatusUnprocessableEntity, "f-pin-error")
		b.post("/sign-in/new-pin", "pin", pin, "pinRepeat", pin).want(t, http.StatusUnprocessableEntity, "f-pin-error")
		b.post("/sign-in/new-pin", "pin", "902741", "pinRepeat", "902742").want(t, http.StatusUnprocessableEntity, "f-pinRepeat-error")
		b.post("/sign-in/new-pin", "pin", "902741", "pinRepeat", "902741").wantTo(t, "/")
		b.get("/").want(t, http.StatusOK, "home of Gert")
		s.clock.pass(5 * time.Minute) // it is a shared device
		b.get("/").wantTo(t, "/sign-in")
		own := s.browser()
		own.post(ours+"/pin", "staffNumber", "G12", "pin", "902741", "device", "own").wantTo(t, "/")
		s.clock.pass(50 * time.Minute)
		own.get("/").want(t, http.StatusOK)
		s.clock.pass(11 * time.Minute)
		desk = s.as(hr)
		shown = desk.post("/people/" + gert.ID + "/pin") // again: the own PIN ends
		own = s.browser()
		own.post(ours+"/pin", "staffNumber", "G12", "pin", "902741").want(t, http.StatusUnprocessableEntity)
		s.clock.pass(shownFor + time.Second)
		desk.get(shown.to).want(t, http.StatusGone)
	})
}

func TestHRCannotIssueAPINForWhoMayDoMore(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	_, hr := s.add(AccountInput{Name: "Hilde", Mail: "hilde@ours.example", Roles: []access.Role{access.HR}})
	boss, _ := s.add(AccountInput{Name: "Baas", StaffNumber: "1", Roles: []access.Role{access.Administrator}})
	_, err := s.NewPIN(t.Context(), hr, boss.ID)
	wantKind(t, err, problem.Forbidden)
	if _, err := s.NewPIN(t.Context(), s.admin, boss.ID); err != nil {
		t.Fatal(err)
	}
	none, _ := s.add(AccountInput{Name: "Nele", Mail: "nele@ours.example"})
	_, err = s.NewPIN(t.Context(), hr, none.ID)
	wantKind(t, err, problem.Conflict) // she has no staff number
}

func TestALostPasswordComesBackByMailAndNotPastTheSecondFactor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newSite(t, store)
		_, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
		s.setPassword(bert, goodPassword)
		secret, _ := s.setFactor(bert)
		session := s.session(bert, ByPassword, false)
		b := s.browser()
		b.get(ours+"/forgot").want(t, http.StatusOK)
		b.post(ours+"/forgot", "mail", "bert@ours.example").wantTo(t, ours)
		m := s.out.last(t)
		if m.Kind != "recovery" || !m.Ends.Equal(s.clock.now().Add(time.Hour)) {
			t.Fatalf("the letter is %+v", m)
		}
		path := strings.TrimPrefix(m.Link, siteURL2)
		b.get(path).want(t, http.StatusOK, `autocomplete="new-password"`)
		b.post(path, "password", "qwertyuiop123").want(t, http.StatusUnprocessableEntity, "f-password-error")
		b.post(path, "password", "nine lonely bridges hum").wantTo(t, "/sign-in/code")
		b.post(path, "password", "nine lonely bridges hum").want(t, http.StatusGone)
		if s.visit(session).Actor.Kind == access.Person {
			t.Fatal("a session from before still works")
		}
		s.clock.pass(time.Minute)
		b.post("/sign-in/code", "code", s.codeOf(secret)).wantTo(t, "/")
		s.browser().post(ours, "mail", "bert@ours.example", "password", goodPassword).want(t, http.StatusUnprocessableEntity)
		b.post(ours+"/forgot", "mail", "bert@ours.example")
		late := strings.TrimPrefix(s.out.last(t).Link, siteURL2)
		s.clock.pass(time.Hour)
		b.get(late).want(t, http.StatusGone)
	})
}

// siteURL2 is how links begin.
const siteURL2 = "https://tekentafel.example"

func TestAnInvitationIsMailedOrShown(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	admin := s.as(s.admin)
	bert, _ := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
	admin.post("/people/"+bert.ID+"/invite").wantTo(t, "/people/"+bert.ID)
	first := strings.TrimPrefix(s.out.last(t).Link, siteURL2)
	admin.post("/people/" + bert.ID + "/invite")
	second := strings.TrimPrefix(s.out.last(t).Link, siteURL2)
	b := s.browser()
	b.get(first).want(t, http.StatusGone) // replaced
	b.get(second).want(t, http.StatusOK, "bert@ours.example", `readonly`)
	b.post(second, "password", goodPassword).wantTo(t, "/")
	b.get("/").want(t, http.StatusOK, "home of Bert")

	gert, _ := s.add(AccountInput{Name: "Gert", StaffNumber: "G1"})
	shown := admin.post("/people/" + gert.ID + "/invite")
	page := admin.get(shown.to).want(t, http.StatusOK, siteURL2+"/welcome/")
	_, rest, _ := strings.Cut(page.body, siteURL2+"/welcome/")
	link := "/welcome/" + rest[:43]
	b = s.browser()
	b.get(link).want(t, http.StatusOK, "pinRepeat")
	b.post(link, "pin", "902741", "pinRepeat", "902741").wantTo(t, "/")
	b.get("/").want(t, http.StatusOK, "home of Gert")

	// Who is blocked cannot be invited, and the invitation from before is gone.
	cis, _ := s.add(AccountInput{Name: "Cis", Mail: "cis@ours.example"})
	admin.post("/people/" + cis.ID + "/invite")
	link = strings.TrimPrefix(s.out.last(t).Link, siteURL2)
	admin.post("/people/"+cis.ID+"/block").wantTo(t, "/people/"+cis.ID)
	s.browser().get(link).want(t, http.StatusGone)
	admin.post("/people/"+cis.ID+"/invite").want(t, http.StatusConflict)
}

func TestWhatCouldHarmMostAsksAgainWhoOneIs(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.setPassword(s.admin, goodPassword)
	b := s.as(s.admin)
	b.get("/me/security/password").want(t, http.StatusOK)
	s.clock.pass(20 * time.Minute)
	b.get("/me/security/password").wantTo(t, "/confirm?next=%2Fme%2Fsecurity%2Fpassword")
	b.get("/confirm?next=%2Fme%2Fsecurity%2Fpassword").want(t, http.StatusOK, "current-password")
	b.post("/confirm", "password", "wrong", "next", "/me/security/password").want(t, http.StatusUnprocessableEntity, "f-password-error", `value="/me/security/password"`)
	u, err := url.Parse(siteURL)
	if err != nil {
		t.Fatal(err)
	}
	before := b.http.Jar.Cookies(u)
	b.post("/confirm", "password", goodPassword, "next", "https://evil.example/").wantTo(t, "/")
	b.get("/me/security/password").want(t, http.StatusOK)
	old := s.browser()
	old.http.Jar.SetCookies(u, before)
	old.get("/").wantTo(t, "/sign-in") // the secret from before is worth nothing
}

func TestSigningInNeverLeadsElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	_, bert := s.add(AccountInput{Name: "Bert", Mail: "bert@ours.example"})
	s.setPassword(bert, goodPassword)
	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%2f/evil"} {
		got := s.browser().post(ours, "mail", "bert@ours.example", "password", goodPassword, "next", next)
		if got.status != http.StatusSeeOther || strings.Contains(got.to, "evil") && !strings.HasPrefix(got.to, "/%2f") || !strings.HasPrefix(got.to, "/") || strings.HasPrefix(got.to, "//") {
			t.Errorf("%q leads to %q", next, got.to)
		}
	}
}

func TestTheOrganisationFollowsFromHostOrPathOrIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	b := s.browser()
	b.get("/sign-in?next=/people").want(t, http.StatusOK, `href="/o/ours/sign-in?next=%2Fpeople"`, `href="/o/theirs/sign-in?next=%2Fpeople"`)
	b.get("/o/nowhere/sign-in").want(t, http.StatusNotFound)
	o, err := s.Organisation(t.Context(), s.admin, dbtest.Ours)
	if err != nil {
		t.Fatal(err)
	}
	in := OrganisationInput{Name: o.Name, Host: "GenAI.ours.example.", Languages: o.Languages, GroupSize: 10, Version: o.Version}
	if _, err := s.ChangeOrganisation(t.Context(), s.admin, dbtest.Ours, in); err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{"/sign-in": http.StatusOK, "/o/ours/sign-in": http.StatusOK, "/o/theirs/sign-in": http.StatusNotFound} {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://genai.ours.example:8443"+path, nil)
		s.server.ServeHTTP(rec, r)
		if rec.Code != status {
			t.Errorf("%s at the host of ours: %d, want %d", path, rec.Code, status)
		}
	}
	for _, in := range []OrganisationInput{{Name: "X", Host: "genai.ours.example", Slug: "theirs", GroupSize: 10, Version: 1}} {
		theirs := s.first(dbtest.Theirs, access.Administrator)
		_, err := s.ChangeOrganisation(t.Context(), theirs, dbtest.Theirs, in)
		wantField(t, err, "host")
	}
}

func TestTheCookieOfASessionIsKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	for public, name := range map[string]string{"https://tekentafel.example": "__Host-tt_session", "http://tekentafel.example": "tt_session"} {
		u, err := url.Parse(public)
		if err != nil {
			t.Fatal(err)
		}
		d.UseCookies(web.New(web.Config{PublicURL: u}, d.Service, nil, d.clock.now, d.log))
		rec := httptest.NewRecorder()
		if err := d.SignIn(t.Context(), rec, httptest.NewRequest(http.MethodGet, "/", nil), SignedIn{Tenant: dbtest.Ours, Account: d.admin.ID, Method: ByPassword}); err != nil {
			t.Fatal(err)
		}
		c := rec.Result().Cookies()[0]
		if c.Name != name || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != (u.Scheme == "https") || c.MaxAge != int(defaultSession/time.Second) || len(c.Value) < 43 {
			t.Errorf("the cookie is %+v", c)
		}
		var n int
		if err := d.db.System().Row(t.Context(), `SELECT count(*) FROM sessions WHERE token_hash = $1 OR id = $1`, []any{c.Value}, &n); err != nil || n != 0 {
			t.Errorf("the secret itself is stored (%d, %v)", n, err)
		}
	}
}
