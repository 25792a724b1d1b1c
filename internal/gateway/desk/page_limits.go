package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// mostChanges is how many changes the page of limits lists.
const mostChanges = 20

// limitsView is the limits of an organisation.
type limitsView struct {
	words
	tabs    []ui.Link
	lines   []limitLine
	changes []changeLine
	warn    []string
	may     bool
}

// limitLine is a limit with how it stands.
type limitLine struct {
	limits.Limit
	whom  string
	state *limits.Standing // nil for limits of people
	each  []eachLine       // of a limit for each unit: those that used something
}

type eachLine struct {
	name string
	limits.Standing
}

// changeLine is a version of a limit.
type changeLine struct {
	limits.Limit
	whom, who string
}

// about names whom limits are about.
type about struct {
	units, keys map[string]string
	people      *names
}

func (d *Desk) about(r *web.Request) (*about, error) {
	units, err := d.units(r)
	if err != nil {
		return nil, err
	}
	keys, err := d.Keys.Names(r.Context(), r.Actor.Tenant)
	return &about{units, keys, d.names(r)}, err
}

// whom says whom a limit is for: "Elke dienst", "Dienst ‘Groen’".
func (x *about) whom(r *web.Request, w words, l *limits.Limit) (string, error) {
	kind := "whom." + string(l.Kind)
	if l.Subject == "" {
		return w.say(kind), nil
	}
	name := ""
	switch l.Kind {
	case budget.Team:
		name = x.units[l.Subject]
	case budget.Key:
		name = x.keys[l.Subject]
	case budget.Person:
		var err error
		if name, err = x.people.of(r.Context(), w, l.Subject); err != nil {
			return "", err
		}
	case budget.Organisation:
	}
	if name == "" {
		return w.say(kind + "-gone"), nil
	}
	return w.with(kind+"-one", "name", name), nil
}

func (d *Desk) limits(w http.ResponseWriter, r *web.Request) error {
	ctx := r.Context()
	v := limitsView{words: in(r), tabs: d.Tabs(r, limitsAt), may: r.Can(sets)}
	list, err := d.Limits.List(ctx, r.Actor)
	if err != nil {
		return err
	}
	standings, err := d.Limits.Standings(ctx, r.Actor)
	if err != nil {
		return err
	}
	x, err := d.about(r)
	if err != nil {
		return err
	}
	for i := range list {
		line := limitLine{Limit: list[i]}
		if line.whom, err = x.whom(r, v.words, &list[i]); err != nil {
			return err
		}
		for j := range standings {
			switch s := &standings[j]; {
			case s.ID != line.ID:
			case s.Subject == line.Subject:
				line.state = s
			default:
				line.each = append(line.each, eachLine{s.Name, *s})
			}
		}
		v.lines = append(v.lines, line)
	}
	changes, err := d.Limits.Lately(ctx, r.Actor, mostChanges)
	if err != nil {
		return err
	}
	if v.changes, err = d.changes(r, v.words, x, changes); err != nil {
		return err
	}
	if v.may {
		if v.warn, err = d.sharedWarnings(r, v.words, x); err != nil {
			return err
		}
	}
	p := page(r, v.say("limits.title"))
	p.Lead = v.say("limits.lead")
	if v.may && len(v.lines) > 0 {
		p.Actions = []ui.Action{{Label: v.say("limits.new"), Href: limitsAt + "/new", Kind: ui.Quiet}}
	}
	return r.Show(w, p, limitsPage(v))
}

func (d *Desk) changes(r *web.Request, w words, x *about, list []limits.Limit) (out []changeLine, err error) {
	for i := range list {
		c := changeLine{Limit: list[i]}
		if c.whom, err = x.whom(r, w, &list[i]); err != nil {
			return nil, err
		}
		if c.who, err = x.people.of(r.Context(), w, list[i].By); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// sharedWarnings are the warnings that whoever sets budgets has not seen.
func (d *Desk) sharedWarnings(r *web.Request, w words, x *about) (out []string, err error) {
	list, err := d.Limits.Unseen(r.Context(), r.Actor, true)
	for i := range list {
		name := x.units[list[i].Subject]
		if list[i].Kind == budget.Key {
			name = x.keys[list[i].Subject]
		}
		called := limits.Called(w.lang, list[i].Kind, list[i].Period, false, name)
		out = append(out, w.with("limits.warn", "limit", w.Opening(called), "state", limits.Level(w.lang, list[i].Level)))
	}
	return out, err
}

func (v *limitsView) nothing() ui.Empty {
	e := ui.Empty{Title: v.say("limits.none"), Text: v.say("limits.none-text")}
	if v.may {
		e.Action = &ui.Action{Label: v.say("limits.new"), Href: limitsAt + "/new", Kind: ui.Next}
	}
	return e
}

// kinds are whom there are limits for, in their order.
func (v *limitsView) kinds() (out []budget.Kind) {
	for i := range v.lines {
		if k := v.lines[i].Kind; !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func (v *limitsView) warning() string { return strings.Join(v.warn, " ") }

func (v *limitsView) table(kind budget.Kind) ui.Table {
	t := ui.Table{Caption: v.say("limits.of-" + string(kind)), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.whom")}, {Label: v.say("column.most")}}}
	if kind != budget.Person {
		t.Columns = append(t.Columns, ui.Column{Label: v.say("column.stands"), Long: true})
	}
	for i := range v.lines {
		l := &v.lines[i]
		if l.Kind != kind {
			continue
		}
		most := v.most(&l.Limit)
		if text := v.models(&l.Limit); text != "" {
			most += " " + text
		}
		row := ui.Row{Cells: ui.Texts(l.whom, most)}
		if kind != budget.Person {
			row.Cells = append(row.Cells, ui.Cell{Content: standCell(v, l)})
		}
		row.Actions = []ui.Action{{Label: v.say("limits.more"), About: l.whom + ", " + most, Href: itemAt(l.ID), Kind: ui.Plain}}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// models names the models that a limit is about, "" for all.
func (w words) models(l *limits.Limit) string {
	if l.Group == "" {
		return ""
	}
	return w.with("limits.group", "group", w.Quote(l.Group))
}

// stands says how far a limit is.
func (w words) stands(s *limits.Standing) string {
	switch {
	case !s.Shown:
		return w.say("stands.level-" + levelName(s.Level))
	case s.Level >= budget.Full:
		return w.say("stands.level-full")
	case s.Percent == 0:
		return w.say("stands.little")
	}
	return w.with("stands.percent", "percent", w.Percent(float64(s.Percent)/100))
}

func levelName(l budget.Level) string {
	switch {
	case l >= budget.Full:
		return "full"
	case l >= budget.Near:
		return "near"
	}
	return "fine"
}

// bar is how far a limit is, where that may be read.
func (w words) bar(s *limits.Standing, whom string) ui.Bar {
	return ui.Bar{Share: float64(s.Percent) / 100, Label: whom + ": " + w.stands(s)}
}

func itemAt(id string) string { return limitsAt + "/items/" + url.PathEscape(id) }

// change says what a version did.
func (w words) change(c *changeLine) string {
	if !c.Holds {
		return w.say("limits.removed")
	}
	return w.most(&c.Limit)
}

func (w words) changeTable(list []changeLine) ui.Table {
	t := ui.Table{Caption: w.say("limits.changes"), HideCaption: true, Columns: []ui.Column{{Label: w.say("column.when")}, {Label: w.say("column.whom")}, {Label: w.say("column.most")}, {Label: w.say("column.reason"), Long: true}, {Label: w.say("column.who")}}}
	for i := range list {
		c := &list[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: w.day(c.At)}, {Text: c.whom}, {Text: w.change(c)}, {Text: c.Reason}, {Text: c.who}}})
	}
	return t
}

func (d *Desk) seenShared(w http.ResponseWriter, r *web.Request) error {
	if err := d.Limits.Seen(r.Context(), r.Actor, true); err != nil {
		return err
	}
	return r.Redirect(w, limitsAt, nil)
}

// oneLimit is one limit with its versions.
type oneLimit struct {
	words
	l       *limits.Limit
	whom    string
	changes []changeLine
	may     bool
}

func (d *Desk) showLimit(w http.ResponseWriter, r *web.Request) error {
	list, err := d.Limits.Versions(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	x, err := d.about(r)
	if err != nil {
		return err
	}
	v := oneLimit{words: in(r), l: &list[0], may: r.Can(sets) && list[0].Holds}
	if v.changes, err = d.changes(r, v.words, x, list); err != nil {
		return err
	}
	v.whom = v.changes[0].whom
	p := page(r, v.whom, v.link("limits.title", limitsAt))
	return r.Show(w, p, limitPage(v))
}

func (v *oneLimit) facts() []ui.Fact {
	now := v.most(v.l)
	if !v.l.Holds {
		now = v.say("limits.removed")
	}
	return facts(v.say("column.most"), now, v.say("form.group"), v.models(v.l), v.say("form.ask"), v.l.Ask)
}

func (v *oneLimit) buttons() []ui.Action {
	return []ui.Action{{Label: v.say("limits.edit"), Href: itemAt(v.l.ID) + "/edit", Kind: ui.Quiet}, {Label: v.say("limits.remove"), Href: itemAt(v.l.ID) + "/remove", Kind: ui.Plain}}
}

// removeView asks whether a limit is to go, and why.
type removeView struct {
	words
	l    *limits.Limit
	form *ui.FormState
}

func (d *Desk) askRemove(w http.ResponseWriter, r *web.Request) error {
	return d.removePage(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) removePage(w http.ResponseWriter, r *web.Request, status int, state *ui.FormState) error {
	list, err := d.Limits.Versions(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	x, err := d.about(r)
	if err != nil {
		return err
	}
	v := removeView{in(r), &list[0], state}
	whom, err := x.whom(r, v.words, v.l)
	if err != nil {
		return err
	}
	p := form(r, v.say("remove.title"), status, state, v.link("limits.title", limitsAt), ui.Link{Label: whom, Href: itemAt(v.l.ID)})
	p.Lead = v.with("remove.text", "whom", whom, "most", v.most(v.l))
	return r.Show(w, p, removePage(v))
}

func (v *removeView) spec() ui.FormSpec {
	return ui.FormSpec{State: v.form, Action: itemAt(v.l.ID) + "/remove", Hidden: []ui.NameValue{{Name: "version", Value: strconv.FormatInt(v.l.Version, 10)}}}
}

func (d *Desk) removeLimit(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(values.Get("version"), 10, 64) // what is no number is no version that stands
	if err := d.Limits.Remove(r.Context(), r.Actor, r.PathValue("id"), version, values.Get("reason")); err != nil {
		return again(r, values, err, func(status int, state *ui.FormState) error { return d.removePage(w, r, status, state) })
	}
	return r.Redirect(w, limitsAt, notice(r, "limit-removed"))
}
