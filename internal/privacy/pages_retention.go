package privacy

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// applyWithin is how long somebody waits for deletion to be done; what is left goes in the night.
const applyWithin = 20 * time.Second

// retentionView is what the page with periods shows.
type retentionView struct {
	lang  instrument.Lang
	zone  *time.Location
	may   bool // change
	kinds []Forecast
	form  *ui.FormState
}

func (p *Pages) periods(w http.ResponseWriter, r *web.Request) error {
	return p.showPeriods(w, r, nil, http.StatusOK)
}

func (p *Pages) showPeriods(w http.ResponseWriter, r *web.Request, form *ui.FormState, status int) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	v.form = form
	page := ui.Page{Title: v.t("retention.title"), Lead: v.t("retention.lead"), Invalid: !form.OK()}
	return r.Show(w, web.Page{Page: page, Status: status}, retentionBody(v))
}

func (p *Pages) view(r *web.Request) (retentionView, error) {
	v := retentionView{lang: r.Lang, zone: p.zone(r.Context(), r.Actor.Tenant), may: r.Can(access.ChangeRetention)}
	var err error
	v.kinds, err = p.retention.DryRun(r.Context(), r.Actor.Tenant, r.Actor)
	return v, err
}

func (p *Pages) setPeriods(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	days, state := p.readPeriods(r.Lang, form)
	if !state.OK() {
		return p.showPeriods(w, r, state, http.StatusUnprocessableEntity)
	}
	err = p.retention.SetPeriods(r.Context(), r.Actor.Tenant, r.Actor, days)
	if wrong, ok := problem.Of(err); ok && wrong.Kind == problem.Invalid {
		for _, f := range wrong.Fields {
			state.Fail(f.Name, f.In(r.Lang))
		}
		return p.showPeriods(w, r, state, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, "/retention", r.Notice("privacy", "notice.periods"))
}

// readPeriods reads the periods of a form; kinds that are not in it keep theirs.
func (p *Pages) readPeriods(lang instrument.Lang, form url.Values) (map[string]int, *ui.FormState) {
	state, days := ui.NewFormState(form), map[string]int{}
	for _, k := range p.retention.Kinds() {
		field := periodField(k.Name)
		if !form.Has(field) {
			continue
		}
		n, err := strconv.Atoi(form.Get(field))
		if err != nil {
			state.Fail(field, text(lang, "problem.period", i18n.Args{"least": strconv.Itoa(k.Minimum), "most": strconv.Itoa(k.Maximum)}))
			continue
		}
		days[k.Name] = n
	}
	return days, state
}

func (p *Pages) askApply(w http.ResponseWriter, r *web.Request) error {
	v, err := p.view(r)
	if err != nil {
		return err
	}
	return r.Show(w, web.Page{Page: ui.Page{
		Title: v.t("apply.title"), Back: &ui.Link{Label: v.t("retention.title"), Href: "/retention"},
	}}, applyBody(v))
}

func (p *Pages) apply(w http.ResponseWriter, r *web.Request) error {
	if _, err := r.ReadForm(); err != nil {
		return err
	}
	ctx, done := context.WithTimeout(r.Context(), applyWithin)
	defer done()
	_, err := p.retention.Apply(ctx, r.Actor.Tenant, r.Actor)
	switch {
	case errors.Is(err, context.DeadlineExceeded) && r.Context().Err() == nil:
		return r.Redirect(w, "/retention", r.Notice("privacy", "notice.partly"))
	case err != nil:
		return err
	}
	return r.Redirect(w, "/retention", r.Notice("privacy", "notice.applied"))
}

func (v retentionView) t(key string) string { return text(v.lang, key, nil) }

func (v retentionView) table() ui.Table {
	print := locale().Printer(v.lang)
	t := ui.Table{Caption: v.t("retention.caption"), HideCaption: true, Columns: []ui.Column{
		{Label: v.t("retention.kind")}, {Label: v.t("retention.period"), Numeric: true}, {Label: v.t("retention.held"), Numeric: true},
		{Label: v.t("retention.goes"), Numeric: true}, {Label: v.t("retention.oldest")}, {Label: v.t("retention.basis"), Long: true},
	}}
	for _, k := range v.kinds {
		oldest := ui.Cell{Text: print.Date(k.Oldest.In(v.zone))}
		if k.Oldest.IsZero() {
			oldest = ui.Cell{Text: v.t("retention.none"), Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: k.Label.In(v.lang)}, {Text: print.N("retention.days", k.Days, i18n.Args{"n": print.Int(k.Days)})},
			{Text: print.Int(k.Rows)}, {Text: print.Int(k.Goes)}, oldest, {Text: k.Basis.In(v.lang)},
		}})
	}
	return t
}

// hint says what a period may be.
func (v retentionView) hint(k Forecast) string {
	return text(v.lang, "retention.hint", i18n.Args{
		"least": strconv.Itoa(k.Minimum), "most": strconv.Itoa(k.Maximum), "usual": strconv.Itoa(k.Default),
	})
}

// goes counts what would be deleted now.
func (v retentionView) goes() int {
	n := 0
	for _, k := range v.kinds {
		n += k.Goes
	}
	return n
}

func (v retentionView) confirm() ui.Confirm {
	return ui.Confirm{
		ID: "apply", Text: v.t("apply.text"), Form: ui.FormSpec{Action: "/retention/apply"}, Cancel: "/retention",
		Do: ui.Action{Label: v.t("apply.do"), Kind: ui.Danger},
	}
}

// going lists the kinds of which something would be deleted.
func (v retentionView) going() []ui.Fact {
	print := locale().Printer(v.lang)
	var out []ui.Fact
	for _, k := range v.kinds {
		if k.Goes > 0 {
			out = append(out, ui.Fact{Term: k.Label.In(v.lang), Text: print.N("apply.rows", k.Goes, i18n.Args{"n": print.Int(k.Goes)})})
		}
	}
	return out
}
