package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tekentafel/internal/gateway/policy"
	"tekentafel/internal/guard"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// actionOf reads the word that forms use for what the guard does.
func actionOf(word string) (guard.Action, bool) {
	for _, a := range []guard.Action{guard.Ignore, guard.Warn, guard.Mask, guard.Block} {
		if a.String() == word {
			return a, true
		}
	}
	return 0, false
}

// typeName names a sort of data.
func (w words) typeName(t guard.Type) string {
	return guard.Texts().Printer(w.lang).T("type."+string(t), nil)
}

// does says what becomes of a sort of data.
func (w words) does(a guard.Action) string { return w.say("does." + a.String()) }

// guardView is what the guard does with each sort of data.
type guardView struct {
	words
	tabs    []ui.Link
	now     policy.Version
	history []versionLine
	may     bool
}

// versionLine is a change of the policy.
type versionLine struct {
	policy.Version
	who     string
	changes []string
}

func (d *Desk) guard(w http.ResponseWriter, r *web.Request) error {
	v := guardView{words: in(r), tabs: d.Tabs(r, guardAt), may: r.Can(setsGrd)}
	list, err := d.Policy.History(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	list = append(list, policy.Version{Policy: guard.DefaultPolicy()})
	v.now = list[0]
	names := d.names(r)
	for i := range list[:len(list)-1] {
		line := versionLine{Version: list[i], changes: v.differences(list[i+1].Policy, list[i].Policy)}
		if v.may {
			if line.who, err = names.of(r.Context(), v.words, list[i].By); err != nil {
				return err
			}
		}
		v.history = append(v.history, line)
	}
	p := page(r, v.say("guard.title"))
	p.Lead = v.say("guard.lead")
	if v.may {
		p.Actions = []ui.Action{{Label: v.say("guard.edit"), Href: guardAt + "/edit", Kind: ui.Quiet}}
	}
	return r.Show(w, p, guardPage(v))
}

// differences say what changes from one policy to another: "Nummerplaat: vervangen → tegenhouden".
func (w words) differences(from, to guard.Policy) (out []string) {
	for _, t := range policy.Changes(from, to) {
		out = append(out, w.with("guard.change", "type", w.typeName(t), "from", w.does(from[t]), "to", w.does(to[t])))
	}
	return out
}

// pseudonym is what stands for a name, as an example.
func (w words) pseudonym() string { return "[" + guard.LabelsOf(w.lang)[guard.Person] + "-1]" }

func (v *guardView) since() string {
	if v.now.Version == 0 {
		return v.say("guard.shipped")
	}
	return v.with("guard.since", "day", v.day(v.now.At))
}

func (v *guardView) table() ui.Table {
	t := ui.Table{Caption: v.say("guard.types"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.type")}, {Label: v.say("column.does")}}}
	for _, kind := range guard.Types() {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.typeName(kind), v.does(v.now.Policy[kind]))})
	}
	return t
}

// misses are what the guard does not find.
const misses = 7

func (v *guardView) missed() (out []string) {
	for i := range misses {
		out = append(out, v.say("guard.miss-"+strconv.Itoa(i+1)))
	}
	return out
}

// guardForm changes what the guard does.
type guardForm struct {
	words
	form    *ui.FormState
	now     guard.Policy
	version int64
}

func (d *Desk) editGuard(w http.ResponseWriter, r *web.Request) error {
	return d.guardForm(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) guardForm(w http.ResponseWriter, r *web.Request, status int, state *ui.FormState) error {
	now, err := d.Policy.Current(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	v := guardForm{in(r), state, now.Policy, now.Version}
	p := form(r, v.say("guard.edit"), status, state, v.link("guard.title", guardAt))
	p.Lead = v.say("guard.edit-lead")
	return r.Show(w, p, guardFormPage(v))
}

func (v *guardForm) spec() ui.FormSpec {
	return ui.FormSpec{State: v.form, Action: guardAt + "/preview", Hidden: []ui.NameValue{{Name: "version", Value: v.form.Value("version", strconv.FormatInt(v.version, 10))}}}
}

func (v *guardForm) choice(t guard.Type) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: string(t), Label: v.typeName(t)}, Chosen: []string{v.now[t].String()}, Inline: true}
	for _, a := range policy.Choices(t) {
		c.Options = append(c.Options, ui.Option{Value: a.String(), Label: v.does(a)})
	}
	if len(c.Options) == 1 {
		c.Hint = v.say("guard.always")
	}
	return c
}

// policyOf reads the policy of a form; what it does not name is as nothing that may be chosen.
func policyOf(values url.Values) guard.Policy {
	p := guard.Policy{}
	for _, t := range guard.Types() {
		a, ok := actionOf(values.Get(string(t)))
		if !ok {
			a = 255
		}
		p[t] = a
	}
	return p
}

// guardPreview shows what a change does to examples.
type guardPreview struct {
	words
	form     *ui.FormState
	version  string
	after    guard.Policy
	changes  []string
	examples []guardExample
}

// guardExample is a made-up text as it passes the guard now, and as it would.
type guardExample struct {
	text, before, after string
	same                bool
}

// examples is how many made-up texts the locale has.
const examples = 6

func (d *Desk) previewGuard(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := d.Policy.Check(r.Actor, policyOf(values)); err != nil {
		return again(r, values, err, func(status int, state *ui.FormState) error { return d.guardForm(w, r, status, state) })
	}
	return d.guardPreview(w, r, values, http.StatusOK, web.NewForm())
}

func (d *Desk) guardPreview(w http.ResponseWriter, r *web.Request, values url.Values, status int, state *ui.FormState) error {
	now, err := d.Policy.Current(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	v := guardPreview{words: in(r), form: state, version: values.Get("version"), after: policyOf(values)}
	v.changes = v.differences(now.Policy, v.after)
	for i := range examples {
		v.examples = append(v.examples, v.example(v.say("guard.example-"+strconv.Itoa(i+1)), now.Policy))
	}
	slices.SortStableFunc(v.examples, func(a, b guardExample) int { // those that change come first
		switch {
		case a.same == b.same:
			return 0
		case b.same:
			return -1
		}
		return 1
	})
	p := form(r, v.say("guard.preview"), status, state, v.link("guard.title", guardAt), v.link("guard.edit", guardAt+"/edit"))
	return r.Show(w, p, guardPreviewPage(v))
}

// example lets a text pass two policies.
func (v *guardPreview) example(text string, now guard.Policy) guardExample {
	pass := func(p guard.Policy) string {
		found := guard.New().Scan(text)
		switch p.Strictest(found) {
		case guard.Block:
			return v.say("guard.blocked")
		case guard.Warn:
			return v.say("guard.warned")
		case guard.Ignore:
			return v.say("guard.passes")
		case guard.Mask:
		}
		return guard.NewPseudonyms(guard.LabelsOf(v.lang)).Mask(text, found, p)
	}
	e := guardExample{text: text, before: pass(now), after: pass(v.after)}
	e.same = e.before == e.after
	return e
}

func (v *guardPreview) spec() ui.FormSpec {
	f := ui.FormSpec{State: v.form, Action: guardAt, Hidden: []ui.NameValue{{Name: "version", Value: v.version}}}
	for _, t := range guard.Types() {
		f.Hidden = append(f.Hidden, ui.NameValue{Name: string(t), Value: v.after[t].String()})
	}
	return f
}

func guardReason(w words) ui.Field {
	return ui.Field{Name: "reason", Label: w.say("form.reason"), Hint: w.say("guard.reason-hint"), MaxLength: policy.MostReason, Rows: 3}
}

func (v *guardPreview) facts(e *guardExample) []ui.Fact {
	if e.same {
		return facts(v.say("guard.text"), e.text, v.say("guard.both"), e.before)
	}
	return facts(v.say("guard.text"), e.text, v.say("preview.before"), e.before, v.say("preview.after"), e.after)
}

func (d *Desk) putGuard(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(values.Get("version"), 10, 64) // what is no number is no version that stands
	if err := d.Policy.Set(r.Context(), r.Actor, policyOf(values), version, values.Get("reason")); err != nil {
		if d.Policy.Check(r.Actor, policyOf(values)) != nil {
			return again(r, values, err, func(status int, state *ui.FormState) error { return d.guardForm(w, r, status, state) })
		}
		return again(r, values, err, func(status int, state *ui.FormState) error { return d.guardPreview(w, r, values, status, state) })
	}
	return r.Redirect(w, guardAt, notice(r, "guard"))
}
