package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// sourceView is the form about a source.
type sourceView struct {
	w      words
	source store.Source // with ID "" for a new one
	limits draft.Limits
	came   bool // files of it were applied
	form   *ui.FormState
}

func (v sourceView) action() string {
	if v.source.ID == "" {
		return sourcesAt
	}
	return sourcesAt + "/" + v.source.ID
}

// complete asks whether a file of the source holds everybody.
func (w words) complete(now string) ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "complete", Label: w.say("source.complete")}, Chosen: []string{now}, Options: []ui.Option{
		{Value: "yes", Label: w.say("source.complete-yes"), Hint: w.say("source.complete-yes-hint")},
		{Value: "no", Label: w.say("source.complete-no"), Hint: w.say("source.complete-no-hint")}}}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// example shows what becomes of a number.
func (v sourceView) example() string {
	prefix := v.source.Prefix
	if prefix == "" {
		prefix = "OCMW"
	}
	return v.w.T("source.prefix-example", i18n.Args{"prefix": prefix, "number": prefix + "-1042"})
}

// limit is a field of a limit; an empty one sets none.
func (v sourceView) limit(name, value, suffix string) ui.Field {
	return ui.Field{Name: name, Label: v.w.say("limit." + name), Hint: v.w.say("limit." + name + "-hint"), Value: value, Chars: 10, InputMode: "decimal",
		Suffix: v.w.say("limit." + suffix), Optional: true}
}

func (v sourceView) count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (v sourceView) share(x float64) string {
	if x == 0 {
		return ""
	}
	text := strings.TrimRight(v.w.Decimal(100*x, 2), "0")
	return strings.TrimRight(text, ".,")
}

func (d *Desk) askSource(w http.ResponseWriter, r *web.Request) error {
	return d.sourcePage(w, r, store.Source{Complete: true}, http.StatusOK, web.NewForm())
}

func (d *Desk) source(w http.ResponseWriter, r *web.Request) error {
	v, err := d.People.Source(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.sourcePage(w, r, v, http.StatusOK, web.NewForm())
}

func (d *Desk) sourcePage(w http.ResponseWriter, r *web.Request, source store.Source, status int, form *ui.FormState) error {
	say := in(r.Lang)
	title, lead := say.say("source.new"), say.say("source.lead")
	if source.ID != "" {
		title, lead = source.Name, ""
	}
	p := page(r, title, importsCrumb(say))
	p.Lead, p.Status, p.Invalid = lead, status, !form.OK()
	if source.ID != "" {
		p.Kicker = say.say("source.kicker")
		p.Actions = []ui.Action{{Label: say.say("bring.do-source"), Href: importsAt + "/new?source=" + source.ID, Kind: ui.Quiet}}
	}
	v := sourceView{w: say, source: source, limits: people.LimitsOf(&source), form: form}
	if source.ID != "" {
		var err error
		if v.came, err = d.People.CameIn(r.Context(), r.Actor, source.ID); err != nil {
			return err
		}
	}
	return r.Show(w, p, sourcePage(v))
}

// readSource reads the form. What is no number is a problem at its field.
func readSource(form url.Values) (people.SourceInput, error) {
	wrong := problem.Form{Bundle: locale()}
	if form.Get("name") == "" {
		wrong.Wrong("name", "error.source-name", nil)
	}
	read := func(name string, most float64) float64 {
		text := strings.ReplaceAll(strings.TrimSuffix(strings.ReplaceAll(form.Get(name), " ", ""), "%"), ",", ".")
		if text == "" {
			return 0
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(x >= 0 && x <= most) {
			wrong.Wrong(name, "error.limit", i18n.Args{"most": strconv.Itoa(int(most))})
			return 0
		}
		return x
	}
	const mostPeople = 10_000_000
	limits := draft.Limits{People: int(read("people", mostPeople)), Share: read("share", 100) / 100, Least: int(read("least", mostPeople)),
		Unit: int(read("unit", mostPeople)), Emptied: read("emptied", 100) / 100}
	if c := form.Get("complete"); c != "yes" && c != "no" {
		wrong.Wrong("complete", "error.complete", nil)
	}
	prefix := form.Get("prefix")
	return people.SourceInput{Name: form.Get("name"), Complete: form.Get("complete") == "yes", Folder: form.Get("folder"), Limits: &limits, Prefix: &prefix, Renumber: form.Get("renumber") == "yes",
		Version: number(form.Get("version"))}, wrong.Err()
}

func (d *Desk) addSource(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	in, err := readSource(form)
	var made store.Source
	if err == nil {
		in.Asked = r.Asked(form, []any{"source", in.Name, in.Complete, in.Folder, *in.Limits, *in.Prefix})
		made, err = d.People.AddSource(r.Context(), r.Actor, in)
	}
	if err != nil {
		return refilled(r, form, err, func(status int, state *ui.FormState) error {
			return d.sourcePage(w, r, store.Source{Complete: true}, status, state)
		})
	}
	return r.Redirect(w, importsAt+"/new?source="+made.ID, r.Notice(noticeBundle, "notice.source-added"))
}

func (d *Desk) changeSource(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	now, err := d.People.Source(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	in, err := readSource(form)
	if err == nil {
		err = d.People.ChangeSource(r.Context(), r.Actor, now.ID, in)
	}
	if err != nil && !d.sourceIs(r, now.ID, in, err) {
		return refilled(r, form, err, func(status int, state *ui.FormState) error { return d.sourcePage(w, r, now, status, state) })
	}
	return r.Redirect(w, importsAt, r.Notice(noticeBundle, "notice.source-changed"))
}

// sourceIs tells whether a source is already as a form that was sent twice says.
func (d *Desk) sourceIs(r *web.Request, id string, in people.SourceInput, why error) bool {
	if !problem.Is(why, problem.Conflict) {
		return false
	}
	now, err := d.People.Source(r.Context(), r.Actor, id)
	return err == nil && now.Version == in.Version+1 && now.Name == in.Name && now.Complete == in.Complete && now.Folder == in.Folder && now.Prefix == people.Prefix(*in.Prefix) && people.LimitsOf(&now) == *in.Limits
}

func (d *Desk) askDeleteSource(w http.ResponseWriter, r *web.Request) error {
	v, err := d.People.Source(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.confirmDelete(w, r, &v, http.StatusOK, web.NewForm())
}

func (d *Desk) confirmDelete(w http.ResponseWriter, r *web.Request, v *store.Source, status int, form *ui.FormState) error {
	say := in(r.Lang)
	at := sourcesAt + "/" + v.ID
	p := page(r, say.T("source.delete-sure", i18n.Args{"name": v.Name}), importsCrumb(say), ui.Link{Label: v.Name, Href: at})
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, confirmPage(form, ui.Confirm{Text: say.say("source.delete-text"), Form: ui.FormSpec{State: form, Action: at + "/delete"},
		Do: ui.Action{Label: say.say("source.delete"), Kind: ui.Danger}, Cancel: at}))
}

func (d *Desk) deleteSource(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	v, err := d.People.Source(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := d.People.DeleteSource(r.Context(), r.Actor, v.ID); err != nil {
		return refilled(r, form, err, func(status int, state *ui.FormState) error { return d.confirmDelete(w, r, &v, status, state) })
	}
	return r.Redirect(w, importsAt, r.Notice(noticeBundle, "notice.source-deleted"))
}
