package ui_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// policy is the content security policy of the product.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// site is a small product made of the kit.
type site struct {
	*httptest.Server
	t     *testing.T
	slow  chan struct{} // an upload waits for it
	mu    sync.Mutex
	sent  int // forms that arrived
	polls int
}

// serve answers with the page of components, pages that behave and the assets, under the policy of the product.
func serve(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, slow: make(chan struct{})}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", ui.Assets())
	mux.HandleFunc("GET /components", func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, ui.ComponentsPage(instrument.Lang(r.URL.Query().Get("lang"))))
	})
	mux.HandleFunc("GET /bare", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, s.bare()) })
	mux.HandleFunc("GET /home", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, s.home()) })
	mux.HandleFunc("GET /report", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, s.report()) })
	mux.HandleFunc("GET /form", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, s.form(nil)) })
	mux.HandleFunc("POST /form", s.posted)
	mux.HandleFunc("GET /upload", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, s.upload(nil)) })
	mux.HandleFunc("POST /upload", s.uploaded)
	mux.HandleFunc("GET /done", func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, page(ui.Page{Title: "Aangekomen", Notices: []ui.Notice{{Tone: ui.Success, Text: "Het bestand is bewaard."}}}))
	})
	mux.HandleFunc("GET /work", func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, page(ui.Page{Title: "Werk", Live: true}, s.work()))
	})
	mux.HandleFunc("GET /work/panel", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, s.work()) })
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *site) show(w http.ResponseWriter, r *http.Request, c templ.Component) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := c.Render(ui.WithLang(r.Context(), instrument.NL), w); err != nil {
		s.t.Errorf("render: %v", err)
	}
}

// page is a page in Dutch with this content.
func page(p ui.Page, content ...templ.Component) templ.Component {
	p.Lang = instrument.NL
	return inside(ui.Shell(p), content...)
}

// inside puts content into a component.
func inside(parent templ.Component, content ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(content...)), w)
	})
}

// bare is a page to sign in, with the languages in the bar.
func (s *site) bare() templ.Component {
	form := &ui.FormState{}
	p := ui.Page{Lang: instrument.NL, Title: "Aanmelden", Organisation: "Stad Voorbeeld", LanguagePost: "/form", Here: "/bare",
		Footer: []ui.Link{{Label: "Toegankelijkheid", Href: "/bare"}}, Lead: "Met je personeelsnummer en je pincode."}
	for i, lang := range instrument.Languages() {
		p.Languages = append(p.Languages, ui.Language{Lang: lang, Current: i == 0})
	}
	return inside(ui.Bare(p), inside(ui.Form(ui.FormSpec{State: form, Action: "/form"}),
		ui.TextField(form, ui.Field{Name: "number", Label: "Personeelsnummer", InputMode: "numeric", Autocomplete: "username", Chars: 10}),
		ui.PINField(form, ui.Field{Name: "pin", Label: "Pincode"}), ui.Submit("Aanmelden")))
}

// home is a page without cover, with everything above its heading.
func (s *site) home() templ.Component {
	return page(ui.Page{Title: "Diensten", Kicker: "Meten", Lead: "Wie antwoordt al, en wie nog niet?", Who: "HR · Stad Voorbeeld", SignOut: "/form",
		Account: []ui.Link{{Label: "Mijn gegevens", Href: "/home"}}, Back: &ui.Link{Label: "Terug", Href: "/home"},
		Doors:   []ui.Door{{Key: "measure", Href: "/home", Label: "Meten", Current: true}, {Key: "learn", Href: "/home", Label: "Leren"}},
		Notices: []ui.Notice{{Tone: ui.Success, Text: "De bevraging staat open."}}},
		ui.EmptyState(ui.Empty{Title: "Nog geen diensten", Text: "Lees eerst de HR-gegevens in.", Action: &ui.Action{Label: "Lees in", Href: "/home", Kind: ui.Next}}))
}

// report is a page whose content brings its own cover and columns, with the style sheet of reports.
func (s *site) report() templ.Component {
	body := `<div class="grid-paper"><div class="sheet-width cover-in"><p class="kicker">Voorjaar 2026</p><h1>Wat 1.214 collega’s ons vertelden</h1></div></div>` +
		`<div class="sheet-width page"><section class="summary" aria-labelledby="s"><h2 id="s">In het kort</h2><ol><li>54 % gebruikt AI elke week.</li></ol></section>` +
		`<nav class="contents" aria-label="Inhoud"><h2>Inhoud</h2><ol><li><a href="#c">Gebruik</a></li></ol></nav>` +
		`<div class="chapters"><section class="chapter" id="c"><h2>Gebruik</h2><p>Tussen 51 en 57 %.</p></section></div></div>`
	return page(ui.Page{Title: "Verslag", NoH1: true, Full: true, Report: true, Who: "HR · Stad Voorbeeld", SignOut: "/form", Organisation: "Stad Voorbeeld",
		Synthetic: true, Doors: []ui.Door{{Key: "measure", Href: "/home", Label: "Meten", Current: true}}, Back: &ui.Link{Label: "Alle bevragingen", Href: "/home"}}, templ.Raw(body))
}

func (s *site) form(state *ui.FormState) templ.Component {
	return page(ui.Page{Title: "Uitnodigen", Invalid: !state.OK()}, ui.ErrorSummary(state),
		inside(ui.Form(ui.FormSpec{State: state, Action: "/form"}), ui.EmailField(state, ui.Field{Name: "mail", Label: "Mail"}),
			ui.PasswordField(state, ui.Field{Name: "password", Label: "Wachtwoord"}), ui.Button(ui.Action{Label: "Bewaren", Name: "do", Value: "save"})))
}

func (s *site) posted(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.sent++
	n := s.sent
	s.mu.Unlock()
	state := ui.NewFormState(nil)
	if err := r.ParseForm(); err != nil || r.PostForm.Get("do") != "save" {
		s.t.Errorf("the form came without its button: %v, %v", r.PostForm, err)
	}
	state.ID, state.Values = fmt.Sprintf("sent%d", n), r.PostForm
	state.Fail("mail", "Vul een adres in")
	select {
	case <-time.After(300 * time.Millisecond):
	case <-r.Context().Done():
	}
	w.WriteHeader(http.StatusUnprocessableEntity)
	s.show(w, r, s.form(state))
}

func (s *site) upload(state *ui.FormState) templ.Component {
	return page(ui.Page{Title: "Opladen", Invalid: !state.OK()}, ui.ErrorSummary(state), inside(ui.Form(ui.FormSpec{State: state, Action: "/upload", Files: true}),
		ui.FileField(state, ui.File{Field: ui.Field{Name: "file", Label: "Bestand"}, MaxBytes: 1_000_000}), ui.UploadProgress("up"), ui.Submit("Verzenden")))
}

func (s *site) uploaded(w http.ResponseWriter, r *http.Request) {
	_, about, err := r.FormFile("file")
	switch {
	case err != nil || about.Size == 0:
		state := ui.NewFormState(nil)
		state.Fail("file", "Kies een bestand")
		w.WriteHeader(http.StatusUnprocessableEntity)
		s.show(w, r, s.upload(state))
	default:
		<-s.slow
		http.Redirect(w, r, "/done?size="+strconv.FormatInt(about.Size, 10), http.StatusSeeOther)
	}
}

// work is done at the third look.
func (s *site) work() templ.Component {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.polls++
	w := ui.Work{ID: "work", Title: "Verslag", State: ui.Running, Stage: "Rekenen", Share: .3 * float64(s.polls), Known: true, Refresh: "/work",
		Poll: templ.Attributes{"hx-get": "/work/panel", "hx-trigger": "every 100ms", "hx-swap": "outerHTML"}}
	if s.polls > 2 {
		w.State, w.Stage = ui.Done, "Het verslag is er."
	}
	return ui.WorkPanel(w)
}
