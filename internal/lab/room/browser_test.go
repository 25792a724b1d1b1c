package room

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/markdown"
	"tekentafel/internal/ui"
	"tekentafel/internal/ui/browsertest"
)

// listen serves the chat to a browser, as somebody who is signed in until out.
func (s *site) listen() (address string, out func(bool)) {
	s.t.Helper()
	signedOut := make(chan bool, 1)
	signedOut <- false
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /assets/lab/", s.server.ServeHTTP)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		is := <-signedOut
		signedOut <- is
		if !is {
			r.Header.Set("X-Test-Who", "mia")
		}
		r.Header.Set("Accept-Language", s.lang)
		s.server.ServeHTTP(w, r)
	})
	l := httptest.NewServer(mux)
	s.t.Cleanup(l.Close)
	s.listener = l
	return l.URL, func(is bool) { <-signedOut; signedOut <- is }
}

// sane fails the test when a page does not fit, is not accessible, or breaks the policy. With TEKENTAFEL_SHOTS it keeps a picture in that folder.
func sane(t *testing.T, name string, p *browsertest.Page, width int64) {
	t.Helper()
	if out := p.Beyond(); len(out) > 0 {
		t.Errorf("%s at %d px, beyond the edge: %s", name, width, strings.Join(out, "; "))
	}
	if out := p.Violations(); len(out) > 0 {
		t.Errorf("%s at %d px: %s", name, width, strings.Join(out, "; "))
	}
	if out := p.Refused(); len(out) > 0 {
		t.Errorf("%s at %d px: refused by the policy: %s", name, width, strings.Join(out, "; "))
	}
	if out := p.Errors(); len(out) > 0 {
		t.Errorf("%s at %d px: errors: %s", name, width, strings.Join(out, "; "))
	}
	if shots := os.Getenv("TEKENTAFEL_SHOTS"); shots != "" {
		if err := os.WriteFile(filepath.Join(shots, name+"-"+strconv.FormatInt(width, 10)+".png"), p.Screenshot(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const letter = "Herschrijf deze brief voor mevrouw An De Smet, Dampoortstraat 12, 9000 Gent, rijksregisternummer 85.07.30-033.28. Ze is ziek en haar nummer is 0470 12 34 56."

// TestChatOnPhoneAndDesk walks through a conversation as a person does, with scripts.
func TestChatOnPhoneAndDesk(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for _, width := range []int64{360, 1280} {
		s := newSite(t)
		at, _ := s.listen()
		p := b.OpenURL(t, at+home+"?task=letter", browsertest.View{Width: width, Height: 800})
		p.Wait(".scripted")
		sane(t, "task", p, width)
		p.Goto(at + home)
		p.Wait(".scripted")
		sane(t, "empty", p, width)

		p.Fill("#room-text", letter)
		p.Click("#room-send")
		p.Wait("#review-title")
		sane(t, "review", p, width)
		if got := p.Text("#review-leaves"); strings.Contains(got, "De Smet") || !strings.Contains(got, "[PERSOON-1]") {
			t.Errorf("what leaves is shown as %q", got)
		}
		if len(s.models.asked) != 0 {
			t.Error("the model was asked before anything was decided")
		}
		p.Click("#review-send")
		p.Wait(".say-assistant .md strong")
		p.Wait("#room-send")
		sane(t, "answered", p, width)
		p.Close()
	}
}

// TestEveryLanguageFitsOnASmallPhone looks at the longest page in each language, and at night.
func TestEveryLanguageFitsOnASmallPhone(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for _, lang := range instrument.Languages() {
		s := newSite(t)
		s.lang = string(lang)
		at, _ := s.listen()
		p := b.OpenURL(t, at+home+"?task=letter", browsertest.View{Width: 320, Height: 640, Dark: lang == instrument.DE})
		p.Wait(".scripted")
		p.Fill("#room-text", letter)
		p.Click("#room-send")
		p.Wait("#review-title")
		sane(t, "review-"+s.lang, p, 320)
		p.Click("#review-send")
		p.Wait(".say-assistant .md strong")
		p.Click("#room-after summary")
		sane(t, "answered-"+s.lang, p, 320)
		p.Close()
	}
}

// TestWhatAScreenReaderComesByInTheReview holds the order and the names of what has to be decided.
func TestWhatAScreenReaderComesByInTheReview(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	s := newSite(t)
	at, _ := s.listen()
	p := b.OpenURL(t, at+home, browsertest.View{Width: 1280, Height: 800})
	p.Wait(".scripted")
	p.Fill("#room-text", "Bel An Peeters")
	p.Click("#room-send")
	p.Wait("#review-title")
	said := strings.Join(p.Spoken(), "\n")
	from := 0
	for _, want := range []string{`heading "Voor je verstuurt: kijk naar dit ene gegeven"`, `link "An Peeters (Naam van een persoon)"`, `heading "Dit vertrekt"`, "Bel [PERSOON-1]", `heading "Beslis voor elk gegeven"`, "Naam van een persoon",
		"Een naam maakt van een tekst een tekst over iemand", `combobox "Wat doen we hiermee? : An Peeters"`, `button "Herschrijf dit : An Peeters"`, "De controle vindt veel", `button "Vervang en verstuur"`, `button "Zelf aanpassen"`} {
		i := strings.Index(said[from:], want)
		if i < 0 {
			t.Fatalf("after %.60q nothing says %q in:\n%s", said[max(0, from-60):from], want, said)
		}
		from += i
	}
}

func TestThePageIsLight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	total := 0
	var names []string
	for name := range s.assets.files {
		names = append(names, s.assets.url(name))
	}
	names = append(append(names, markdown.Address(markdown.Script), markdown.Address(markdown.Style), home), markdown.Preload()...)
	for _, at := range names {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("X-Test-Who", "mia")
		w := httptest.NewRecorder()
		s.server.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", at, w.Code)
		}
		total += w.Body.Len()
	}
	if total > 45_000 {
		t.Errorf("page, scripts and style of the chat are %d bytes as they go over the line", total)
	}
	t.Logf("%d bytes", total)
}

func TestAnotherSiteCannotAskInSomebodysName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, at := range []string{askAt, checkAt, fileAt, keepAt, exportAt, startAt, home} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, at, strings.NewReader("{}"))
		r.Header.Set("X-Test-Who", "mia")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		w := httptest.NewRecorder()
		s.server.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s answers another site with %d", at, w.Code)
		}
	}
}
