package own

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/skills/vault"
)

// TestNobodyElseFindsWhoseProfileIsWhoseNorWhatItSays has somebody who is signed in and somebody who came by a link do and keep a check,
// and then looks, as who has the database, the key of the installation and the log, for anything that tells the two profiles apart or gives
// an answer, a level or a code away.
func TestNobodyElseFindsWhoseProfileIsWhoseNorWhatItSays(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		dbtest.AddAccount(t, s.db, dbtest.Ours, "account-of-employee", "employee")
		hr := s.person("hr")
		hr.post(linksAt, "kind", "poster", "do", "open").leads(linksAt)
		path := strings.TrimPrefix(textOf(hr.get(linksAt).one("code", "id", "link-poster")), "https://tekentafel.example")
		from, seen := s.log.String(), len(s.seen.patterns)

		signedIn, byLink := s.person("employee"), s.person("")
		var codes []string
		signedIn.get(doorAt).wants(http.StatusOK)
		signedIn.starts("all")
		byLink.get(path).leads(checkAt)
		byLink.post(checkAt, "plan", "all", "work", "field", "function", "none").leads(statementsAt)
		for i, p := range []*person{signedIn, byLink} {
			p.agrees(fmt.Sprint(5 - 3*i))
			p.answers(20, i == 0)
			p.get(resultAt).wants(http.StatusOK)
			p.get(answersAt).wants(http.StatusOK)
			codes = append(codes, p.keeps())
			p.post(codeAt, "remember", "yes").leads(profileAt)
			p.get(profileAt).wants(http.StatusOK)
			p.get(jsonAt).wants(http.StatusOK)
			p.get(pdfAt).wants(http.StatusOK)
			p.get(aboutAt).wants(http.StatusOK)
			p.post(openAt, "code", "ABCD").wants(http.StatusUnprocessableEntity)
		}

		told := strings.TrimPrefix(s.log.String(), from)
		for line := range strings.Lines(told) {
			if !strings.Contains(line, `"route":"GET /learn"`) && !strings.Contains(line, `"route":"POST /learn/start"`) || strings.Contains(line, "account-of") || strings.Contains(line, "192.0.2.1") {
				t.Errorf("the log says %s", line)
			}
		}
		for _, pattern := range s.seen.patterns[seen:] {
			if pattern != "GET "+doorAt && pattern != "POST "+startAt {
				t.Errorf("%s is counted", pattern)
			}
		}

		var profiles []map[string]string
		markers := s.markers(codes)
		err := s.db.Snapshot(t.Context(), func(snap *db.Snapshot) error {
			tables, err := snap.Tables(t.Context())
			if err != nil {
				return err
			}
			for _, table := range tables {
				if err := snap.Each(t.Context(), table, func(values []any) error {
					row := map[string]string{}
					for i, v := range values {
						text := fmt.Sprint(v)
						if b, ok := v.([]byte); ok {
							text = string(b)
						}
						row[table.Columns[i].Name] = text
						for _, m := range markers {
							if bytes.Contains([]byte(text), []byte(m)) || strings.Contains(text, hex.EncodeToString([]byte(m))) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(m))) {
								t.Errorf("%s.%s holds %q", table.Name, table.Columns[i].Name, m)
							}
						}
						if table.Name != "accounts" && table.Name != "account_roles" && strings.Contains(text, "account-of-employee") {
							t.Errorf("%s.%s names who is signed in: %s", table.Name, table.Columns[i].Name, text)
						}
					}
					if table.Name == "skill_vaults" {
						profiles = append(profiles, row)
					}
					return nil
				}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.alike(profiles)
	})
}

// markers are what must stand nowhere: codes, words of a profile, items, levels.
func (s *site) markers(codes []string) []string {
	out := []string{`"checks"`, `"credit"`, `"shown"`, `"level"`, "theta", "f-redder", "u-zwembad", "Redder"}
	for _, c := range codes {
		out = append(out, c, plainCode(c), strings.ToLower(plainCode(c)))
	}
	m := s.pages.Material
	for i := range m.Items {
		out = append(out, m.Items[i].ID)
	}
	for i := range m.Statements {
		out = append(out, `"`+m.Statements[i].ID+`"`)
	}
	return out
}

// alike fails the test when anything but random bytes tells two profiles apart, or the key of the installation opens one.
func (s *site) alike(profiles []map[string]string) {
	s.t.Helper()
	if len(profiles) != 2 {
		s.t.Fatalf("%d profiles", len(profiles))
	}
	a, b := profiles[0], profiles[1]
	for name := range a {
		switch name {
		case "name", "sealed":
			if a[name] == b[name] || len(a[name]) != len(b[name]) {
				s.t.Errorf("%s: %d and %d bytes, the same: %v", name, len(a[name]), len(b[name]), a[name] == b[name])
			}
		default:
			if a[name] != b[name] {
				s.t.Errorf("%s tells them apart: %q and %q", name, a[name], b[name])
			}
		}
	}
	for _, purpose := range []string{passPurpose, codePurpose, statePurpose + "ours", "skills/vault/ours", "skills/vault/"} {
		for _, x := range profiles {
			if _, err := s.box.Open(purpose, []byte(x["sealed"])); err == nil {
				s.t.Errorf("the key of the installation opens a profile for %q", purpose)
			}
		}
	}
	for _, guess := range []vault.Code{"0000000000000000", vault.Code(strings.Repeat("Z", 16)), vault.NewCode()} {
		place, err := vault.PlaceOf(s.box, dbtest.Ours, guess)
		if err != nil {
			s.t.Fatal(err)
		}
		if _, _, err := vault.Get(s.t.Context(), s.db.Of(dbtest.Ours), place); err == nil {
			s.t.Error("a guess opens a profile")
		}
	}
}

func TestEveryPageOfACheckLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	n := 0
	for _, r := range s.server.Routes() {
		_, path, _ := strings.Cut(r.Pattern, " ")
		if below := strings.HasPrefix(path, checkAt) || strings.HasPrefix(path, linkAt); below != r.Untraced && !strings.HasPrefix(path, assetPath) {
			t.Errorf("%s: leaves no trace: %v", r.Pattern, r.Untraced)
		} else if below {
			n++
			if !r.Public || !r.Crowd || r.Strict {
				t.Errorf("%s: %+v", r.Pattern, r)
			}
		}
	}
	if n < 25 {
		t.Errorf("%d routes", n)
	}
}

func TestCookiesAreKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"https", "http"} {
		s := newSite(t, dbtest.SQLite(t))
		s.serve(scheme)
		p := s.person("employee")
		p.starts("one:technical")
		p.agrees("4")
		p.answers(20, false)
		p.keeps()
		p.post(codeAt, "remember", "yes").leads(profileAt)
		p.post(closeAt)
		p.post(startAt).leads(checkAt)
		p.starts("all")
		p.post(discardAt).leads(checkAt)
		seen := map[string]bool{}
		for _, c := range p.ever {
			name := strings.TrimPrefix(strings.TrimPrefix(c.Name, "__Secure-"), "__Host-")
			seen[name] = true
			if !c.HttpOnly || c.Secure != (scheme == "https") || c.Domain != "" || len(c.Value) > 3500 {
				t.Errorf("%s: %s: %+v", scheme, c.Name, c)
			}
			switch name {
			case passCookie, stateCookie, codeCookie:
				want := http.SameSiteLaxMode
				if name == codeCookie {
					want = http.SameSiteStrictMode
				}
				if c.Path != checkAt || c.SameSite != want || strings.HasPrefix(c.Name, "__Secure-") != (scheme == "https") {
					t.Errorf("%s: %s: %+v", scheme, c.Name, c)
				}
				if c.MaxAge > 0 && (name != codeCookie || c.MaxAge > int(rememberFor/time.Second)) {
					t.Errorf("%s outlives the browser: %+v", c.Name, c)
				}
			}
		}
		for _, name := range []string{passCookie, stateCookie, codeCookie} {
			if !seen[name] {
				t.Errorf("%s was never given", name)
			}
		}
	}
}

func TestThePassNamesNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.starts("all")
	plain := string(p.opened(p.cookie(passCookie), passPurpose))
	for _, name := range []string{"account-of-employee", "session-of-employee", "An Peeters"} {
		if strings.Contains(plain, name) {
			t.Errorf("the pass says %q", plain)
		}
	}
	if !strings.Contains(plain, "Redder") {
		t.Errorf("the pass says %q", plain)
	}
}

func TestSigningOutTakesEverythingFromTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	w := &recorder{header: http.Header{}}
	s.pages.Forget(w)
	got := w.header.Values("Set-Cookie")
	if len(got) != 3 || slices.ContainsFunc(got, func(c string) bool { return !strings.Contains(c, "Max-Age=0") || !strings.Contains(c, "Path=/check") }) {
		t.Errorf("%q", got)
	}
}

type recorder struct{ header http.Header }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(int)             {}

func TestNoCookieBringsThePagesDown(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	p := s.person("employee")
	p.starts("all")
	p.agrees("3")
	p.answers(2, true)
	good := *p.cookie(stateCookie)
	for i := 0; i < len(good.Value); i += 7 {
		broken := []byte(good.Value)
		broken[i] ^= 5
		p.cookies[good.Name] = &http.Cookie{Name: good.Name, Path: good.Path, Value: string(broken)}
		if a := p.get(questionAt + "/2"); a.Code >= 500 {
			t.Fatalf("byte %d: %d", i, a.Code)
		}
	}
	plain := p.opened(&good, statePurpose+"ours")
	for i := range plain {
		changed := bytes.Clone(plain)
		changed[i] ^= 0xff
		sealed, err := s.box.Seal(statePurpose+"ours", changed)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{checkAt, questionAt, questionAt + "/3", resultAt, answersAt} {
			p.cookies[good.Name] = &http.Cookie{Name: good.Name, Path: good.Path, Value: base64.RawURLEncoding.EncodeToString(sealed)}
			if a := p.get(path); a.Code >= 500 {
				t.Fatalf("byte %d of the state: %s answers %d", i, path, a.Code)
			}
		}
	}
}
