package roster

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const (
	levelsShown  = 3   // of the tree on one page
	mostChildren = 200 // of one unit on one page
	mostFound    = 100
)

// node is a unit in the tree of a page, with those below it that are shown.
type node struct {
	unit     *org.Unit
	own, all count
	head     string
	children []node
	below    int  // units right below it
	loose    bool // the units above it lead back to it
	path     string
}

// unitsView is the page of the tree.
type unitsView struct {
	tree    []node
	loose   []node
	ended   []node
	found   []node
	search  string
	from    string // the unit of which the tree is shown
	all     count
	units   int
	cut     int // children that are not shown
	changes bool
	words
}

// units shows the tree, a part of it, or the units that a search finds.
func (x *Roster) units(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	say := in(r)
	v := unitsView{words: say, search: strings.TrimSpace(r.URL.Query().Get("q")), from: r.URL.Query().Get("from"), changes: r.Can(access.ChangePeople)}
	p := page(r, say.say("units.title"))
	p.Lead = say.say("units.lead")
	if v.from != "" {
		i, ok := b.unit[v.from]
		if !ok {
			return db.ErrNoRow
		}
		p = page(r, b.units[i].Name, b.crumbs(say, v.from)...)
		p.Kicker = say.say("units.title")
	}
	for i := range b.tallies {
		v.all.add(&b.tallies[i])
	}
	v.units = len(b.units) - len(b.ended)
	switch {
	case v.search != "":
		v.found = b.findUnits(v.search)
	case v.from != "":
		v.tree = b.nodes(b.below[v.from], 1)
	default:
		v.tree = b.nodes(b.below[""], 0)
		for i := range b.units {
			if b.loose[b.units[i].ID] {
				v.loose = append(v.loose, b.node(i))
			}
		}
		for _, i := range b.ended {
			if len(v.ended) < mostChildren {
				v.ended = append(v.ended, b.node(i))
			}
		}
	}
	if err := x.heads(r.Context(), x.read(r), b.at, v.tree, v.loose, v.ended, v.found); err != nil {
		return err
	}
	if v.changes {
		href := "/staff/units/new"
		if v.from != "" {
			href += "?below=" + url.QueryEscape(v.from)
		}
		p.Actions = []ui.Action{{Label: say.say("units.new"), Href: href, Kind: ui.Quiet}}
	}
	return r.Show(w, p, unitsPage(v))
}

func (b *board) node(i int) node {
	u := &b.units[i]
	return node{unit: u, own: of(b.own, u.ID), all: of(b.all, u.ID), below: len(b.below[u.ID]), loose: b.loose[u.ID], path: strings.Join(b.path(u.Parent), step)}
}

// nodes are units with those below, as far as a page shows them.
func (b *board) nodes(units []int, depth int) []node {
	var out []node
	for _, i := range units[:min(len(units), mostChildren)] {
		n := b.node(i)
		if depth+1 < levelsShown {
			n.children = b.nodes(b.below[n.unit.ID], depth+1)
		}
		out = append(out, n)
	}
	return out
}

func (b *board) findUnits(search string) []node {
	search = strings.ToLower(search)
	var out []node
	for i := range b.units {
		u := &b.units[i]
		if (strings.Contains(strings.ToLower(u.Name), search) || strings.EqualFold(u.Code, search)) && len(out) < mostFound {
			out = append(out, b.node(i))
		}
	}
	return out
}

// heads fills in who leads the units.
func (x *Roster) heads(ctx context.Context, r db.Reader, at int64, lists ...[]node) error {
	var ids []string
	var each func(list []node, do func(*node))
	each = func(list []node, do func(*node)) {
		for i := range list {
			do(&list[i])
			each(list[i].children, do)
		}
	}
	for _, list := range lists {
		each(list, func(n *node) { ids = append(ids, n.unit.Head) })
	}
	names, err := x.names(ctx, r, at, ids...)
	for _, list := range lists {
		each(list, func(n *node) { n.head = names[n.unit.Head] })
	}
	return err
}

// crumbs leads to the units above one.
func (b *board) crumbs(w words, unit string) []ui.Link {
	out := []ui.Link{w.link("units.title", "/staff/units")}
	for _, id := range slices.Backward(b.up(unit)) {
		if id != unit {
			out = append(out, ui.Link{Label: b.unitName(id), Href: "/staff/units/" + id})
		}
	}
	return out
}

// people says headcount and full-time equivalents.
func (w words) people(c count) string {
	text := w.n("people", c.people)
	if c.fte > 0 {
		text += " · " + w.T("fte", i18n.Args{"fte": w.fte(c.fte)})
	}
	return text
}

// unitView is the page of a unit.
type unitView struct {
	node
	b       *board
	facts   []ui.Fact
	below   ui.Table
	history ui.Table
	words
}

func (x *Roster) unit(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	i, ok := b.unit[id]
	if !ok {
		return db.ErrNoRow
	}
	say := in(r)
	v := unitView{node: b.node(i), b: b, words: say}
	u := v.unit
	versions, err := store.History[org.Unit](r.Context(), x.read(r), id)
	if err != nil {
		return err
	}
	ids := []string{u.Head}
	for i := range versions {
		ids = append(ids, versions[i].Row.Head)
	}
	names, err := x.names(r.Context(), x.read(r), b.at, ids...)
	if err != nil {
		return err
	}
	if v.history, err = x.historyTable(r.Context(), r, say, events(say, versions, b.unitFields(say, names))); err != nil {
		return err
	}
	v.facts = v.factsOf(names)
	v.below = v.belowTable()
	p := page(r, u.Name, b.crumbs(say, id)...)
	p.Kicker = u.Kind
	if p.Notices, err = x.undone(r, say); err != nil {
		return err
	}
	if !u.On(b.day) {
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Muted, Title: say.say("unit.over-title"), Text: say.T("unit.over", i18n.Args{"span": say.span(u.Span)})})
	}
	if b.loose[id] {
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Warning, Title: say.say("unit.loose-title"), Text: say.say("unit.loose")})
	}
	p.Actions = []ui.Action{{Label: say.say("unit.people"), Href: "/staff/list?unit=" + url.QueryEscape(id), Kind: ui.Quiet}}
	if r.Can(access.ChangePeople) {
		p.Actions = append([]ui.Action{{Label: say.say("unit.edit"), Href: "/staff/units/" + id + "/edit"}}, p.Actions...)
		p.Actions = append(p.Actions, ui.Action{Label: say.say("unit.add"), Href: "/staff/units/new?below=" + url.QueryEscape(id), Kind: ui.Quiet})
	}
	return r.Show(w, p, unitPage(v))
}

func (v unitView) factsOf(names map[string]string) []ui.Fact {
	u := v.unit
	head := ui.Fact{Term: v.say("what.head"), Text: names[u.Head]}
	if head.Text == "" {
		head.Text = v.say("unit.no-head")
	}
	out := []ui.Fact{
		{Term: v.say("unit.headcount"), Text: v.people(v.all)},
		head,
		{Term: v.say("unit.holds"), Text: v.span(u.Span)},
	}
	if v.node.below > 0 {
		out = slices.Insert(out, 1, ui.Fact{Term: v.say("unit.own"), Text: v.people(v.own)})
	}
	if u.Code != "" {
		out = append(out, ui.Fact{Term: v.say("what.code"), Text: u.Code})
	}
	if v.all.unknown > 0 {
		out = append(out, ui.Fact{Term: v.say("unit.unknown"), Text: v.n("unit.posts", v.all.unknown)})
	}
	return out
}

// belowTable is the units right below one.
func (v unitView) belowTable() ui.Table {
	t := ui.Table{Caption: v.say("unit.below"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.unit")}, {Label: v.say("column.people"), Numeric: true}, {Label: v.say("column.fte"), Numeric: true}}}
	for _, i := range v.b.below[v.unit.ID] {
		n := v.b.node(i)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: n.unit.Name, Href: "/staff/units/" + n.unit.ID}, {Text: v.Int(n.all.people)}, {Text: v.fte(n.all.fte)}}})
	}
	return t
}

// unitForm is a form of a unit.
type unitForm struct {
	unit   org.Unit
	parent string // label
	head   string // name
	b      *board
	form   *ui.FormState
	words
}

func (x *Roster) askNewUnit(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	u := org.Unit{Parent: r.URL.Query().Get("below")}
	return x.unitForm(w, r, http.StatusOK, b, &u, "", web.NewForm())
}

func (x *Roster) unitForm(w http.ResponseWriter, r *web.Request, status int, b *board, u *org.Unit, head string, form *ui.FormState) error {
	say := in(r)
	v := unitForm{unit: *u, parent: b.unitLabel(u.Parent), head: head, b: b, form: form, words: say}
	p := page(r, say.say("unit.new-title"), say.link("units.title", "/staff/units"))
	p.Lead = say.say("unit.new-lead")
	if u.ID != "" {
		p = page(r, say.T("unit.edit-title", i18n.Args{"name": b.unitName(u.ID)}), append(b.crumbs(say, u.ID), ui.Link{Label: b.unitName(u.ID), Href: "/staff/units/" + u.ID})...)
		p.Lead = say.say("unit.edit-lead")
	}
	p.Status, p.Invalid = status, !form.OK()
	return r.Show(w, p, unitFormPage(v))
}

func (x *Roster) askUnit(w http.ResponseWriter, r *web.Request) error {
	b, u, head, err := x.editedUnit(r)
	if err != nil {
		return err
	}
	return x.unitForm(w, r, http.StatusOK, b, u, head, web.NewForm())
}

func (x *Roster) editedUnit(r *web.Request) (*board, *org.Unit, string, error) {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return nil, nil, "", err
	}
	i, ok := b.unit[r.PathValue("id")]
	if !ok {
		return nil, nil, "", db.ErrNoRow
	}
	names, err := x.names(r.Context(), x.read(r), b.at, b.units[i].Head)
	return b, &b.units[i], names[b.units[i].Head], err
}

// unitInput reads a form onto a unit. A head that is named as before stays the same person.
func (x *Roster) unitInput(r *web.Request, b *board, form url.Values, was org.Unit, head string) (org.Unit, error) {
	wrong := problem.Form{Bundle: locale()}
	u := was
	u.Name, u.Code, u.Kind = form.Get("name"), form.Get("code"), form.Get("kind")
	u.Parent = b.pickUnit(form.Get("parent"), "parent", &wrong)
	if text := form.Get("head"); text != head || text == "" {
		var err error
		if u.Head, err = x.pickPerson(r.Context(), r.Actor, text, "head", &wrong); err != nil {
			return u, err
		}
	}
	u.From, u.To = dayField(form, "from", &wrong), dayField(form, "to", &wrong)
	return u, wrong.Err()
}

// dayField reads a day; none for no text.
func dayField(form url.Values, name string, wrong *problem.Form) org.Date {
	d, ok := org.ParseDate(form.Get(name))
	if !ok {
		wrong.Wrong(name, "pick.day", nil)
	}
	return d
}

func (x *Roster) addUnit(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	u, err := x.unitInput(r, b, form, org.Unit{}, "")
	made := ""
	if err == nil {
		made, err = x.AddUnit(r.Context(), r.Actor, u, r.Asked(form, u))
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return x.unitForm(w, r, status, b, &u, "", state) })
	}
	return r.Redirect(w, "/staff/units/"+made, r.Notice(noticeBundle, "notice.kept"))
}

func (x *Roster) putUnit(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, was, head, err := x.editedUnit(r)
	if err != nil {
		return err
	}
	u, err := x.unitInput(r, b, form, *was, head)
	if err == nil && u != *was { // what is so already needs no change, also when the form is sent twice
		_, err = x.PutUnit(r.Context(), r.Actor, u, at(form.Get("at")))
	}
	if err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return x.unitForm(w, r, status, b, was, head, state) })
	}
	return r.Redirect(w, "/staff/units/"+u.ID, r.Notice(noticeBundle, "notice.kept"))
}

func (f unitForm) action() string {
	if f.unit.ID == "" {
		return "/staff/units"
	}
	return "/staff/units/" + f.unit.ID + "/edit"
}

func (f unitForm) hidden() []ui.NameValue { return hiddenAt(f.b.at) }

func (v unitsView) belowLink(n node) string { return "/staff/units?from=" + url.QueryEscape(n.unit.ID) }

func (v unitsView) summary() string {
	return v.T("units.summary", i18n.Args{"units": v.n("units.count", v.units), "people": v.people(v.all)})
}

func (v unitsView) searchForm() *ui.FormState {
	return &ui.FormState{ID: "search", Values: url.Values{"q": {v.search}}}
}

// beside is what stands beside the name of a unit in a list.
func (v unitsView) beside(n node) string {
	var parts []string
	for _, text := range []string{n.unit.Code, n.head} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

func itoa(n int) string { return strconv.Itoa(n) }
