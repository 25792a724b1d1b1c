package nonuse

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
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

// documentPolicy is what a page with a document of ours allows; the document repeats it with the hash of its style sheet.
const documentPolicy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

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
	ctx := ui.WithLang(context.WithoutCancel(r.Context()), lang)
	var body strings.Builder
	if err := guidePaper(v).Render(ctx, &body); err != nil {
		return err
	}
	style := ui.Faces(body.String()) + paperStyle
	sum := sha256.Sum256([]byte(style))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; font-src data:; base-uri 'none'; form-action 'none'"
	var out bytes.Buffer
	if err := paperPage(string(lang), v.say("guide.title"), policy, style, body.String()).Render(ctx, &out); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", documentPolicy)
	return r.Send(w, http.StatusOK, "text/html; charset=utf-8", out.Bytes())
}
