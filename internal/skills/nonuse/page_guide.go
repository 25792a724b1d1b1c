package nonuse

import (
	"bytes"
	_ "embed"
	"net/http"
	"slices"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// guideView leads through an interview.
type guideView struct {
	printer
	s    *Service
	tabs []ui.Link
	// On paper: the organisation, and where a code deletes the notes.
	from, address string
}

// mayLead tells whether who sends r reads the figures or holds interviews.
func mayLead(r *web.Request) error {
	if r.Can(reads) {
		return nil
	}
	return allow(r.Actor, writes)
}

func (s *Service) guide(w http.ResponseWriter, r *web.Request) error {
	if err := mayLead(r); err != nil {
		return err
	}
	v := guideView{printer: in(r.Lang), s: s, tabs: tabs(r, guideAt)}
	p := below(r, v.say("guide.title"))
	p.Lead = v.say("guide.lead")
	if r.Can(writes) {
		p.Actions = []ui.Action{{Label: v.say("guide.begin"), Href: talksAt, Kind: ui.Next}}
	}
	return r.Show(w, p, guidePage(v))
}

// papers are the guide on paper, in each language of the organisation.
func (v *guideView) papers(langs []instrument.Lang) []ui.Action {
	var out []ui.Action
	for _, l := range langs {
		out = append(out, ui.Action{Label: v.with("guide.print", "language", ui.LanguageName(l)), Href: paperAt + "?lang=" + string(l), Kind: ui.Quiet})
	}
	return out
}

// consentNote says which text it is.
func (v *guideView) consentNote() string { return v.s.consentNote(v.printer) }

func (s *Service) consentNote(w printer) string {
	day, err := time.Parse(time.DateOnly, s.Guide.Consent.Date)
	if err != nil { // the guide was checked when it was read
		return ""
	}
	return w.T("consent.version", i18n.Args{"version": s.Guide.Consent.Version, "date": w.Date(day)})
}

//go:embed paper.css
var paperStyle string

// paper sends the guide as it is printed.
func (s *Service) paper(w http.ResponseWriter, r *web.Request) error {
	if err := mayLead(r); err != nil {
		return err
	}
	lang := r.Lang
	if wanted := instrument.Lang(r.URL.Query().Get("lang")); slices.Contains(instrument.Languages(), wanted) {
		lang = wanted
	}
	v := guideView{printer: in(lang), s: s, from: r.Org.Name, address: r.Absolute(withdrawAt)}
	var out bytes.Buffer
	if err := ui.Paper(&out, lang, v.say("guide.title"), paperStyle, guidePaper(v)); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
	return r.Send(w, http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}
