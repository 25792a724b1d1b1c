package desk

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/action"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// toldView lists the reports with what is told about them.
type toldView struct {
	words
	tabs  []ui.Link
	lines []toldLine
	tells bool
}

type toldLine struct {
	report action.Report
	told   action.Told
	gone   bool // the report is
}

func (d *Desk) told(w http.ResponseWriter, r *web.Request) error {
	if !r.Can(reads) {
		return notYours()
	}
	v := toldView{words: in(r), tabs: d.Tabs(r, toldAt), tells: r.Can(tells)}
	list, err := d.reports(r)
	if err != nil {
		return err
	}
	told, err := d.Actions.TellsOf(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	for _, x := range list {
		v.lines = append(v.lines, toldLine{report: x, told: told[x.ID]})
		delete(told, x.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(told)) {
		if told[id].Key != "" { // its report is gone, and the page is still there
			v.lines = append(v.lines, toldLine{report: action.Report{ID: id, Title: v.say("told.gone")}, told: told[id], gone: true})
		}
	}
	p := below(r, v.say("told.title"))
	p.Lead = v.say("told.lead")
	return r.Show(w, p, toldPage(v))
}

func (v *toldView) table() ui.Table {
	t := ui.Table{Caption: v.say("told.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("told.report")}, {Label: v.say("told.state")}, {Label: v.say("told.actions"), Numeric: true}}}
	for _, l := range v.lines {
		href := reportAt(toldAt, l.report.ID)
		switch {
		case l.gone && v.tells:
			href += "/withdraw"
		case l.gone:
			href = ""
		case !v.tells:
			href += "/preview"
		}
		state := v.say("told.state-none")
		switch {
		case l.told.Key != "":
			state = v.with("told.state-published", "day", v.Date(v.local(l.told.Published)))
		case l.told.Version > 0:
			state = v.say("told.state-draft")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.report.Title, Href: href}, {Text: state}, {Text: v.Int(len(l.told.Items))}}})
	}
	return t
}

func (v *toldView) nothing() ui.Empty {
	return ui.Empty{Title: v.say("proposals.empty"), Text: v.say("told.empty-text")}
}

// tellView is the form of what is told about a report.
type tellView struct {
	words
	report  action.Report
	told    action.Told
	in      instrument.Lang // the language of the words in the form
	langs   []ui.Link
	first   []action.Action // made from this report
	others  []action.Action
	form    *ui.FormState
	address string // of the published page
	posters []ui.Action
}

// langOf is the language that the form is about: one of the organisation, its first by default.
func langOf(r *web.Request, wanted string) instrument.Lang {
	if slices.Contains(r.Org.Languages, instrument.Lang(wanted)) {
		return instrument.Lang(wanted)
	}
	if len(r.Org.Languages) > 0 {
		return r.Org.Languages[0]
	}
	return r.Lang
}

func (d *Desk) askTold(w http.ResponseWriter, r *web.Request) error {
	return d.tellPage(w, r, http.StatusOK, web.NewForm(), langOf(r, r.URL.Query().Get("in")))
}

func (d *Desk) tellPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState, lang instrument.Lang) error {
	id := r.PathValue("report")
	x, err := d.found(r, id)
	if err != nil {
		return err
	}
	v := tellView{words: in(r), report: x.report, in: lang, form: form}
	if v.told, err = d.Actions.ToldAbout(r.Context(), r.Actor, id); err != nil {
		return err
	}
	list, err := d.Actions.List(r.Context(), r.Actor, action.Query{})
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.From != nil && a.From.Report == id || v.chosen(a.ID) {
			v.first = append(v.first, a)
		} else {
			v.others = append(v.others, a)
		}
	}
	at := reportAt(toldAt, id)
	for _, l := range r.Org.Languages {
		v.langs = append(v.langs, ui.Link{Label: ui.LanguageName(l), Href: at + "?in=" + string(l), Current: l == lang})
		v.posters = append(v.posters, ui.Action{Label: v.with("told.poster", "language", ui.LanguageName(l)), Href: at + posterPath + "?lang=" + string(l), Kind: ui.Quiet})
	}
	if v.told.Key != "" {
		v.address = r.Absolute(action.ToldPath + v.told.Key)
	}
	p := below(r, v.say("told.page"), v.link("told.title", toldAt))
	p.Kicker, p.Status, p.Invalid, p.Lead = x.report.Title, status, !form.OK(), v.say("told.form-lead")
	return r.Show(w, p, tellPage(v))
}

func (v *tellView) item(id string) *action.ToldItem {
	for i := range v.told.Items {
		if v.told.Items[i].Action == id {
			return &v.told.Items[i]
		}
	}
	return nil
}

func (v *tellView) chosen(id string) bool { return v.item(id) != nil }

// checked tells whether a box is ticked, as it was sent or as it stands.
func (v *tellView) checked(name string, stands bool) bool {
	if v.form.Values == nil {
		return stands
	}
	return v.form.Values.Get(name) == "yes"
}

func (v *tellView) choose(a *action.Action) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "tell-" + a.ID, Label: a.Title, HideLabel: true}, Options: []ui.Option{{Value: "yes", Label: a.Title, Hint: v.with("told.stands", "state", v.Inside(v.say("state."+string(a.State))))}}}
	if v.chosen(a.ID) {
		c.Chosen = []string{"yes"}
	}
	return c
}

func (v *tellView) wordsField(a *action.Action) ui.Field {
	f := ui.Field{Name: "words-" + a.ID, Label: v.with("told.words", "title", v.Quote(a.Title)), MaxLength: action.MostWords, Rows: 3, Optional: true}
	if x := v.item(a.ID); x != nil {
		f.Value = x.Words[v.in]
		if f.Value == "" {
			f.Hint = v.with("told.words-other", "words", x.Words.In(v.in))
		}
	}
	return f
}

func (v *tellView) introField() ui.Field {
	f := ui.Field{Name: "intro", Label: v.say("told.intro"), Hint: v.say("told.intro-hint"), MaxLength: action.MostText, Rows: 4, Optional: true, Value: v.told.Intro[v.in]}
	return f
}

func (v *tellView) figures() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "figures", Label: v.say("told.figures"), HideLabel: true}, Options: []ui.Option{{Value: "yes", Label: v.say("told.figures"), Hint: v.say("told.figures-hint")}}}
	if v.told.Figures {
		c.Chosen = []string{"yes"}
	}
	return c
}

func (v *tellView) spec() ui.FormSpec {
	version := strconv.FormatInt(v.told.Version, 10)
	if was := v.form.Values.Get("version"); was != "" {
		version = was
	}
	return ui.FormSpec{State: v.form, Action: reportAt(toldAt, v.report.ID), Hidden: []ui.NameValue{{Name: "version", Value: version}, {Name: "in", Value: string(v.in)}}}
}

func (v *tellView) publishing() ui.FormSpec {
	return ui.FormSpec{Action: reportAt(toldAt, v.report.ID) + "/publish", Hidden: []ui.NameValue{versionField(v.told.Version)}}
}

func (d *Desk) putTold(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id, lang := r.PathValue("report"), langOf(r, form.Get("in"))
	was, err := d.Actions.ToldAbout(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	list, err := d.Actions.List(r.Context(), r.Actor, action.Query{})
	if err != nil {
		return err
	}
	content := merged(&was, list, form, lang)
	if err := d.Actions.Tell(r.Context(), r.Actor, id, numberOf(form.Get("version")), content); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return d.tellPage(w, r, status, state, lang) })
	}
	return r.Redirect(w, reportAt(toldAt, id)+"?in="+string(lang), notice(r, "told"))
}

// merged puts what a form says in one language into what is told; words in other languages stay. What was told first stays first.
func merged(was *action.Told, list []action.Action, form url.Values, lang instrument.Lang) action.ToldContent {
	out := action.ToldContent{Intro: with(was.Intro, lang, form.Get("intro")), Figures: form.Get("figures") == "yes"}
	take := func(id string, words instrument.Text) {
		if form.Get("tell-"+id) == "yes" {
			out.Items = append(out.Items, action.ToldItem{Action: id, Words: with(words, lang, form.Get("words-"+id))})
		}
	}
	for _, x := range was.Items {
		take(x.Action, x.Words)
	}
	for i := range list {
		if id := list[i].ID; !slices.ContainsFunc(was.Items, func(x action.ToldItem) bool { return x.Action == id }) {
			take(id, nil)
		}
	}
	return out
}

// with returns a text with other words in one language.
func with(t instrument.Text, lang instrument.Lang, words string) instrument.Text {
	out := instrument.Text{}
	for l, text := range t {
		out[l] = text
	}
	if words = strings.TrimSpace(words); words != "" {
		out[lang] = words
	} else {
		delete(out, lang)
	}
	return out
}

func (d *Desk) publish(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("report")
	if err := d.Actions.Publish(r.Context(), r.Actor, id, numberOf(form.Get("version"))); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error {
			state.Values = nil
			return d.tellPage(w, r, status, state, langOf(r, ""))
		})
	}
	return r.Redirect(w, reportAt(toldAt, id)+"#published", notice(r, "published"))
}

func (d *Desk) askWithdraw(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("report")
	told, err := d.Actions.ToldAbout(r.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	if told.Key == "" {
		return refuseGone()
	}
	t := in(r)
	p := below(r, t.say("withdraw.title"), t.link("told.title", toldAt))
	return r.Show(w, p, ui.ConfirmForm(ui.Confirm{ID: "withdraw", Title: t.say("withdraw.title"), Text: t.say("withdraw.text"), Cancel: reportAt(toldAt, id), Do: ui.Action{Label: t.say("withdraw.do"), Kind: ui.Danger},
		Form: ui.FormSpec{Action: reportAt(toldAt, id) + "/withdraw", Hidden: []ui.NameValue{versionField(told.Version)}}}))
}

func (d *Desk) withdraw(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := d.Actions.Withdraw(r.Context(), r.Actor, r.PathValue("report"), numberOf(form.Get("version"))); err != nil {
		return err
	}
	return r.Redirect(w, toldAt, notice(r, "withdrawn"))
}

// stands says where an action stands, for whoever reads the published page.
func (w words) stands(l *action.ToldLine) string {
	switch {
	case l.State == action.Done && l.Ended != "", l.State == action.Stopped && l.Ended != "":
		return w.with("public.state-"+string(l.State)+"-day", "day", w.day(l.Ended))
	case !l.State.Ended() && l.Due != "" && l.State != action.Proposed:
		return w.with("public.state-"+string(l.State)+"-day", "day", w.day(l.Due))
	}
	return w.say("public.state-" + string(l.State))
}

// figured says in a sentence what figure an action answers to, and whether it moved.
func (w words) figured(l *action.ToldLine) []string {
	f := l.Figure
	if f == nil {
		return nil
	}
	out := []string{w.with("public.figure", "what", w.what(f), "figure", w.figure(f))}
	if claim := f.Claim.In(w.lang); claim != "" && f.Key.Everyone() {
		out[0] = w.with("public.claim", "value", w.value(f, f.Value), "span", w.span(f), "claim", claim)
	}
	if e := l.Effect; e != nil {
		key := "public.same"
		if e.Verdict == action.Shifted {
			key = "public.moved"
		}
		out = append(out, w.T(key, i18n.Args{"now": w.value(f, e.Now.Value), "report": w.Quote(e.Report.Title)}))
	}
	return out
}
