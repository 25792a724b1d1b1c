package invite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

func eachSite(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	each(t, func(t *testing.T, w *world) { test(t, newSite(t, w)) })
}

// fields reads the fields of the forms of a page, as a browser would send them untouched.
func fields(page string) url.Values {
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		v.Add(m[1], strings.ReplaceAll(m[2], "&#34;", `"`))
	}
	return v
}

func TestFrameComesInByPages(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		v := s.draft(wave.Anonymous)
		at := peopleAt(v.ID)
		s.wants("nobody yet", s.get("hr", at), 200, `class="empty`, at+"/upload")
		s.wants("the form", s.get("hr", at+"/upload"), 200, `enctype="multipart/form-data"`)
		s.wants("no file", s.post("hr", at+"/upload", url.Values{}), 415)
		s.wants("an empty file", s.upload("hr", at+"/upload", ""), 422, `class="error-summary"`)
		s.wants("a broken file", s.upload("hr", at+"/upload", "a;a\nb;c\n"), 422, `class="error-summary"`)
		file := s.leads("a file", s.upload("hr", at+"/upload", staff(20)+"Els;Fout;geen adres;77;nl;groen\n"), "/waves/"+v.ID+"/frames/")
		page := s.wants("its columns", s.get("hr", file), 200, "Personeelsnummer", "Peeters000", `value="group" selected`)
		if got := len(input.FindAllString(page, -1)); got < 7 {
			t.Errorf("%d fields", got)
		}
		id := file[strings.LastIndexByte(file, '/')+1:]
		up, err := s.Uploaded(t.Context(), hr, v.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		choice := plan(up.File)
		page = s.wants("the check", s.get("hr", file+"/check?"+choice.Encode()), 200, "rij 22", "‘geen adres’", "‘groen’ wordt ‘Groen’")
		if len(s.people(v)) != 0 {
			t.Error("somebody was taken before it was confirmed")
		}
		choice.Set("stratum", "5")
		s.wants("a stratum too small", s.get("hr", file+"/check?"+choice.Encode()), 200, ">stop<")
		s.wants("taken all the same", s.post("hr", file, choice), 422, `class="error-summary"`)
		form := fields(page)
		form.Add("merge", `["Dienst","groen","Groen"]`)
		to := s.leads("taken", s.post("hr", file, form), at)
		if again := s.leads("sent twice", s.post("hr", file, form), at); again != to {
			t.Errorf("sent twice it leads to %s", again)
		}
		people := s.people(v)
		if len(people) != 21 || people["Els Fout"].Groups["Dienst"] != "Groen" || people["Els Fout"].Mail != "" {
			t.Errorf("%d people; %+v", len(people), people["Els Fout"])
		}
		s.wants("the list", s.get("hr", at), 200, "Jan Peeters000", "Groen")
		page = s.wants("a search", s.get("hr", at+"?q=FOUT"), 200, "Els Fout")
		if strings.Contains(page, "Peeters000") {
			t.Error("the search finds all")
		}
		s.wants("a search with signs", s.get("hr", at+"?q=%25_!"), 200)
		other := s.leads("another file", s.upload("hr", at+"/upload", staff(3)), "/waves/")
		s.wants("what changes", s.get("hr", other+"/check?"+choice.Encode()), 200, "nu 21 mensen; nieuw 0, weg 18")
		s.leads("thrown away", s.post("hr", other+"/discard", nil), at)
		s.wants("gone", s.get("hr", other), 404)
	})
}

func TestPersonIsEditedByPages(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		v := s.draft(wave.Anonymous)
		s.takes(v, staff(60))
		at := peopleAt(v.ID)
		page := s.wants("a page of the list", s.get("hr", at), 200, "Peeters049", "after=")
		if strings.Contains(page, "Peeters050") {
			t.Error("the page is longer than it says")
		}
		next := regexp.MustCompile(`href="([^"]*after=[^"]*)"`).FindStringSubmatch(page)
		if next == nil {
			t.Fatal("no next page")
		}
		s.wants("the next", s.get("hr", strings.ReplaceAll(next[1], "&amp;", "&")), 200, "Peeters050", "Peeters059")
		s.wants("a form", s.get("hr", at+"/new"), 200, `name="group0"`)
		s.wants("nobody", s.post("hr", at, url.Values{"language": {"nl"}}), 422, `class="error-summary"`)
		s.wants("no language", s.post("hr", at, url.Values{"name": {"Els"}, "language": {"xx"}}), 422)
		s.wants("a wrong mail", s.post("hr", at, url.Values{"name": {"Els"}, "mail": {"els@"}, "language": {"nl"}}), 422, `value="els@"`)
		s.wants("a double", s.post("hr", at, url.Values{"name": {"Els"}, "mail": {"P0@stad.example"}, "language": {"nl"}}), 422)
		s.leads("added", s.post("hr", at, url.Values{"name": {"Els <b>"}, "language": {"nl"}, "group0": {"Musea"}}), at)
		els := s.people(v)["Els <b>"]
		s.wants("escaped", s.get("hr", at+"/"+els.ID), 200, "Els &lt;b&gt;")
		s.leads("changed", s.post("hr", at+"/"+els.ID, url.Values{"name": {"Els"}, "mail": {"els@stad.example"}, "language": {"fr"}, "group0": {"Musea"}}), at)
		s.wants("sure?", s.get("hr", at+"/"+els.ID+"/remove"), 200, "Els")
		s.leads("removed", s.post("hr", at+"/"+els.ID+"/remove", nil), at)
		s.wants("gone", s.get("hr", at+"/"+els.ID), 404)
	})
}

func TestInvitationsAreSentAndPrintedByPages(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		d := s.draft(wave.Anonymous)
		s.wants("without people", s.get("hr", invitationsAt(d.ID)), 200, `class="empty`)
		v := s.running(wave.Anonymous, 20)
		at := invitationsAt(v.ID)
		page := s.wants("to be sent", s.get("hr", at), 200, `action="`+at+`"`, "minder dan 5")
		form := fields(page)
		s.leads("sent", s.post("hr", at, form), at)
		s.works("")
		if got := s.mails(KindInvitation); len(got) != 16 {
			t.Errorf("%v", got)
		}
		page = s.wants("sent", s.get("hr", at), 200, "Iedereen met een mailadres is uitgenodigd.")
		if strings.Contains(page, `action="`+at+`"`) {
			t.Error("they can be sent again")
		}
		s.draw(v, "Jan Peeters004", "Jan Peeters000")
		if after := s.wants("after two took part", s.get("hr", at), 200); stripped(after) != stripped(page) {
			t.Error("the page tells that somebody took part")
		}
		query := "kind=letters&whom=without-mail&sort=Dienst"
		s.wants("pieces", s.get("hr", at+"/pages?"+query), 200, "/page?", "4 uitnodigingen")
		w := s.get("hr", at+"/page?"+query+"&n=1")
		doc := s.wants("letters", w, 200, "Jan Peeters004", "#"+s.pin(v, s.people(v)["Jan Peeters004"].Member)[:0], "/w/"+v.Code)
		if strings.Contains(doc, "Peeters000") || !strings.HasPrefix(w.Header().Get("Content-Security-Policy"), "default-src 'none'") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v", w.Header())
		}
		s.wants("a wrong kind", s.get("hr", at+"/page?kind=x&whom=everyone"), 422)
		s.leads("noted", s.post("hr", at+"/printed", url.Values{"kind": {"letters"}, "whom": {"without-mail"}}), at)
		for _, p := range s.people(v) {
			if p.Invitation == NotYet {
				t.Errorf("%s stands as not invited", p.Name)
			}
		}
		s.wants("a poster", s.get("hr", at+"/poster?lang=fr"), 200, `lang="fr"`, "/w/"+v.Code)
		s.wants("no such thing to print", s.post("hr", at+"/paper", url.Values{"kind": {"x"}}), 422)
	})
}

// TestNobodyIsToldOfAWaveThatIsClosed: the secret is gone from which invitations follow.
func TestNobodyIsToldOfAWaveThatIsClosed(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		open, err := s.Create(t.Context(), hr, wave.Input{Terms: wavetest.Terms(wave.OpenLink), Base: "small"})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []wave.Wave{s.running(wave.Anonymous, 20), s.running(wave.Confidential, 20), open} {
			s.write(func(tx *db.Scope) error {
				if v.ID != open.ID {
					if err := s.Service.Opened(t.Context(), tx, &v); err != nil { // its mails wait
						return err
					}
				}
				_, err := tx.Exec(t.Context(), `UPDATE waves SET state = 'closed', secret = $3 WHERE tenant_id = $1 AND id = $2`, v.ID, []byte{0})
				return err
			})
			at := invitationsAt(v.ID)
			page := s.wants("the page", s.get("hr", at), 200)
			for _, gone := range []string{"/poster", "/paper", `id="reminders"`, `action="` + at} {
				if strings.Contains(page, gone) {
					t.Errorf("%s: the page offers %s", v.Mode, gone)
				}
			}
			s.wants("the poster", s.get("hr", at+"/poster"), 409, "De meting is gesloten.")
			s.wants("one letter", s.get("hr", at+"/page?kind=letters&whom=everyone"), 409)
			s.wants("letters", s.get("hr", at+"/pages?kind=letters&whom=everyone"), 409)
			s.wants("noting letters", s.post("hr", at+"/printed", url.Values{"kind": {"letters"}, "whom": {"everyone"}}), 409)
			s.wants("mails", s.post("hr", at, url.Values{}), 409)
			s.works("") // what was asked before ends by itself
		}
	})
}

// stripped is a page without keys that differ each time.
func stripped(page string) string {
	return regexp.MustCompile(`name="_once" value="[^"]*"`).ReplaceAllString(page, "")
}

func TestWhoWantsNoRemindersSaysSoWithoutAnAccount(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		v := s.running(wave.Anonymous, 20)
		at := "/no/" + v.Code
		s.wants("the form", s.get("", at), 200, `name="pin"`, "Voorjaar 2027")
		french := s.wants("in the language of the mail", s.get("", at+"?lang=fr"), 200, `<html lang="fr"`, `action="`+at+`?lang=fr"`)
		if strings.Contains(french, `value="`+at+`?lang=fr"`) {
			t.Error("the choice of another language leads back to this one")
		}
		s.wants("in no language of the wave", s.get("", at+"?lang=de"), 200, `<html lang="nl"`)
		s.wants("a wrong PIN in French", s.post("", at+"?lang=fr", url.Values{"pin": {"K7M2P-9QX4R"}}), 422, `<html lang="fr"`)
		s.wants("no such wave", s.get("", "/no/00000000"), 404)
		s.wants("a wrong PIN", s.post("", at, url.Values{"pin": {"K7M2P-9QX4R"}}), 422, `aria-invalid="true"`)
		p := s.people(v)["Jan Peeters000"]
		pin := strings.ToLower(s.pin(v, p.Member))
		first := s.wants("a PIN", s.post("", at, url.Values{"pin": {pin}}), 200, "Je krijgt geen herinneringen meer")
		again := s.wants("the PIN again", s.post("", at, url.Values{"pin": {pin}}), 200)
		if stripped(first) != stripped(again) {
			t.Error("the second answer differs from the first")
		}
		if got, err := s.Find(t.Context(), &v, pin); err != nil || !got.Refused {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestEveryRouteAsksWhoComes(t *testing.T) {
	t.Parallel()
	s := newSite(t, newWorld(t, dbtest.SQLite(t), nowhere))
	v := s.draft(wave.Anonymous)
	s.takes(v, staff(10))
	p := s.people(v)["Jan Peeters000"]
	file := s.leads("a file", s.upload("hr", peopleAt(v.ID)+"/upload", staff(3)), "/waves/")
	replace := strings.NewReplacer("{id}", v.ID, "{person}", p.ID, "{file}", file[strings.LastIndexByte(file, '/')+1:], "{code}", v.Code)
	for _, route := range s.server.Routes() {
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		target := replace.Replace(pattern)
		if route.Public {
			continue
		}
		what := route.Pattern
		s.leads(what+", a visitor", s.send(method, target, nil), "/sign-in")
		if w := s.send(method, target, nil, "X-Test-Who", "theirs hr", "Content-Type", "application/x-www-form-urlencoded"); w.Code != http.StatusNotFound && w.Code != 415 && w.Code != 422 {
			t.Errorf("%s, somebody elsewhere: status %d", what, w.Code)
		}
		s.wants(what+", staff", s.send(method, target, nil, "X-Test-Who", "employee"), 403)
		if route.Action == access.RunWave {
			s.wants(what+", the DPO", s.send(method, target, nil, "X-Test-Who", "dpo"), 403)
			continue
		}
		for _, who := range []string{"dpo", "researcher"} {
			page := s.wants(what+", "+who, s.get(who, target), 200)
			if strings.Contains(page, "Peeters") || strings.Contains(page, "stad.example") {
				t.Errorf("%s shows %s who is in the frame", what, who)
			}
		}
	}
	if len(s.people(v)) != 10 {
		t.Error("something changed")
	}
}

func TestWaveWithoutAFrameSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t, newWorld(t, dbtest.SQLite(t), nowhere))
	made, err := s.Create(t.Context(), hr, wave.Input{Terms: wavetest.Terms(wave.OpenLink), Base: "small"})
	if err != nil {
		t.Fatal(err)
	}
	s.wants("people", s.get("hr", peopleAt(made.ID)), 200, "Deze meting heeft geen lijst")
	s.wants("invitations", s.get("hr", invitationsAt(made.ID)), 200, "Deze meting heeft geen lijst", "/poster")
	page := s.wants("the poster", s.get("hr", invitationsAt(made.ID)+"/poster"), 200)
	if _, body, _ := strings.Cut(page, "<body>"); body == "" || strings.Contains(body, "PIN") {
		t.Error("the poster speaks of a PIN")
	}
	s.wants("an upload", s.get("hr", peopleAt(made.ID)+"/upload"), 409)
}

// call sends a request with a key.
func (s *site) call(key, method, target string, body io.Reader, contentType string, set ...string) (*httptest.ResponseRecorder, map[string]any) {
	s.t.Helper()
	w := s.send(method, target, body, append(set, "Authorization", "Bearer "+key, "Content-Type", contentType)...)
	out := map[string]any{}
	_ = json.Unmarshal(w.Body.Bytes(), &out)
	return w, out
}

func TestScriptsDoTheSame(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		v := s.draft(wave.Anonymous)
		at := "/api/v1/waves/" + v.ID
		upload := func(key string, values ...string) (*httptest.ResponseRecorder, map[string]any) {
			body := &bytes.Buffer{}
			m := multipart.NewWriter(body)
			f, err := m.CreateFormFile("file", "staff.csv")
			if err == nil {
				_, err = io.WriteString(f, staff(20)+"Els;Fout;geen adres;77;nl;Groen\n")
			}
			for i := 0; i+1 < len(values) && err == nil; i += 2 {
				err = m.WriteField(values[i], values[i+1])
			}
			if err == nil {
				err = m.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			return s.call(key, "POST", at+"/people", body, m.FormDataContentType())
		}
		run := "hr " + string(access.RunWave)
		w, got := upload(run)
		s.wants("checked", w, 200)
		if got["taken"] != false || got["people"] != 21.0 || len(s.people(v)) != 0 || strings.Contains(w.Body.String(), "geen adres") {
			t.Errorf("%v", got)
		}
		w, _ = upload(run, "stratum", "Nergens")
		s.wants("no such column", w, 422, "Nergens")
		w, got = upload(run, "confirm", "true", "group", "Taal", "stratum", "Dienst")
		s.wants("taken", w, 200)
		if got["taken"] != true || len(s.people(v)) != 21 || s.people(v)["Els Fout"].stratum != "Groen" {
			t.Errorf("%v", got)
		}
		w, got = s.call("dpo "+string(access.ReadWave), "GET", at+"/people", nil, "")
		s.wants("in numbers", w, 200)
		if got["people"] != 21.0 || got["with_mail"] != 16.0 {
			t.Errorf("%v", got)
		}
		w, got = s.call("dpo "+string(access.ReadWave), "GET", at+"/invitations", nil, "")
		s.wants("invitations", w, 200)
		if _, told := got["refused"]; told || got["not_yet"] != 21.0 {
			t.Errorf("%v", got)
		}
		w, _ = s.call(run, "POST", at+"/invitations", nil, "application/json")
		s.wants("of a draft", w, 409)
		w, _ = s.call("dpo "+string(access.RunWave), "POST", at+"/invitations", nil, "application/json")
		s.wants("who may not", w, 403)
	})
}

// TestManyPeopleAreTakenByAJobInSeconds bounds the time generously: it is a fraction of this on an idle machine.
func TestManyPeopleAreTakenByAJobInSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 100,000 people")
	}
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		v := s.draft(wave.Anonymous)
		var b strings.Builder
		b.WriteString("Naam;Mail;Nummer;Dienst\n")
		for i := range 100_000 {
			fmt.Fprintf(&b, "Jan %d;p%d@stad.be;%d;Dienst %d\n", i, i, i, i%60)
		}
		start := time.Now()
		file := s.leads("a large file", s.upload("hr", peopleAt(v.ID)+"/upload", b.String()), "/waves/")
		up, err := s.Uploaded(t.Context(), hr, v.ID, file[strings.LastIndexByte(file, '/')+1:])
		if err != nil {
			t.Fatal(err)
		}
		job := s.leads("taken", s.post("hr", file, plan(up.File)), "/jobs/")
		s.works(strings.TrimPrefix(job, "/jobs/"))
		t.Logf("taken in %s", time.Since(start))
		if took := time.Since(start); took > 2*time.Minute {
			t.Errorf("it took %s", took)
		}
		start = time.Now()
		s.wants("the list", s.get("hr", peopleAt(v.ID)), 200, "100.000")
		t.Logf("listed in %s", time.Since(start))
		w := s.Get(v.ID)
		if _, err := s.Launch(t.Context(), hr, v.ID, w.Version, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		if err := s.OpenNow(t.Context(), hr, v.ID); err != nil {
			t.Fatal(err)
		}
		v = s.Get(v.ID)
		start = time.Now()
		s.write(func(tx *db.Scope) error { return s.Service.Opened(t.Context(), tx, &v) })
		t.Logf("matched in %s", time.Since(start))
	})
}

func TestADraftIsLedOnFromItsPeopleAndInvitations(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		v, open := s.draft(wave.Anonymous), s.draft(wave.OpenLink)
		says := func(what string, v wave.Wave) {
			t.Helper()
			for _, at := range []string{peopleAt(v.ID), invitationsAt(v.ID)} {
				s.wants(what+" "+at, s.get("hr", at), 200, `aria-label="Stap 3 van 5: Aan wie?"`, "/waves/"+v.ID+`/plan"`, "Volgende stap: Wanneer?", "Terug naar de meting")
			}
		}
		says("nobody on the list", v)
		says("without a list", open)
		s.takes(v, staff(20))
		says("a list", v)
		for _, at := range []string{peopleAt(v.ID), invitationsAt(v.ID)} {
			if page := s.wants("who only reads", s.get("dpo", at), 200); strings.Contains(page, "stepper") || strings.Contains(page, "/plan") {
				t.Errorf("%s leads on who may not", at)
			}
		}
		v = s.running(wave.Anonymous, 20)
		for _, at := range []string{peopleAt(v.ID), invitationsAt(v.ID)} {
			if page := s.wants("launched", s.get("hr", at), 200); strings.Contains(page, "stepper") {
				t.Errorf("%s shows steps after the launch", at)
			}
		}
	})
}
