package needs

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// mostFirst is how many functions the overview says to look at first.
const mostFirst = 8

// overviewView is the first page of the area.
type overviewView struct {
	words
	m        *demand.Map
	coverage demand.Coverage
	first    []*demand.Row // functions to look at first
	team     []*demand.Row // that the reader leads people of
	led      map[string]int
	waiting  int // proposals that wait for HR, or the reader's own
	imports  []Import
	changes  bool
	proposes bool
}

func (s *Service) overview(w http.ResponseWriter, r *web.Request) error {
	ctx := r.Context()
	m, err := s.mapOf(ctx, s.reader(r))
	if err != nil {
		return err
	}
	v := overviewView{words: wordsOf(r), m: m, coverage: m.Coverage(), changes: r.Can(access.ChangeNeeds), proposes: r.Can(access.ProposeNeeds)}
	v.first = first(m)
	if v.led, err = s.team(ctx, r.Actor); err != nil {
		return err
	}
	for i := range m.Rows {
		if v.led[m.Rows[i].ID] > 0 {
			v.team = append(v.team, &m.Rows[i])
		}
	}
	switch {
	case v.changes:
		if v.waiting, err = waitingProposals(ctx, s.reader(r), ""); err == nil {
			v.imports, err = waitingImports(ctx, s.reader(r))
		}
	case v.proposes:
		v.waiting, err = waitingProposals(ctx, s.reader(r), r.Actor.Owner)
	}
	if err != nil {
		return err
	}
	p := page(r, v.say("title"))
	p.Lead = v.say("overview.lead")
	if v.changes && len(v.first) > 0 {
		p.Actions = []ui.Action{{Label: v.T("overview.next", i18n.Args{"name": v.first[0].Name}), Href: functionAt(v.first[0].ID), Kind: ui.Next}}
	}
	return r.Show(w, p, overviewPage(v))
}

// first lists the functions of which nobody decided on everything, those that most people have first.
func first(m *demand.Map) []*demand.Row {
	var out []*demand.Row
	for i := range m.Rows {
		if !m.Rows[i].Seen() {
			out = append(out, &m.Rows[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *demand.Row) int { return cmp.Compare(b.People, a.People) })
	return out[:min(len(out), mostFirst)]
}

func (v overviewView) tiles() []ui.Tile {
	c := v.coverage
	share := 0.0
	if c.People > 0 {
		share = float64(c.Seen()) / float64(c.People)
	}
	people := ui.Tile{Title: v.say("tile.people"), Big: v.Percent(share), Text: v.T("tile.people-text", i18n.Args{"seen": v.Int(c.Seen()), "all": v.Int(c.People)})}
	people.Bar = &ui.Bar{Share: share, Label: people.Text}
	if c.People == 0 {
		people.Big, people.Bar, people.Text = "–", nil, v.say("tile.people-none")
	}
	functions := ui.Tile{Title: v.say("tile.functions"), Href: matrixAt, Big: v.Int(c.FunctionsSeen), Text: v.T("tile.functions-text", i18n.Args{"all": v.Int(c.Functions)})}
	out := []ui.Tile{people, functions}
	if v.changes || v.proposes {
		key := "tile.waiting-text"
		if !v.changes {
			key = "tile.own-text"
		}
		out = append(out, ui.Tile{Title: v.say("proposals.title"), Href: proposalsAt, Big: v.Int(v.waiting), Text: v.say(key)})
	}
	return out
}

// kinds says how the looking was done.
func (v overviewView) kinds() []string {
	c := v.coverage
	out := []string{v.T("overview.kinds", i18n.Args{"hand": v.Int(c.ByHand), "taken": v.Int(c.Taken), "open": v.Int(c.People - c.Seen())})}
	if c.Without > 0 {
		out = append(out, v.n("overview.without", c.Without))
	}
	return out
}

func (v overviewView) firstTable() ui.Table {
	t := ui.Table{Caption: v.say("overview.first"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.function")}, {Label: v.say("what.family")}, {Label: v.say("what.people"), Numeric: true}, {Label: v.say("what.open")}}}
	for _, r := range v.first {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Name, Href: functionAt(r.ID)}, {Text: v.familyName(r.Family)}, {Text: v.Int(r.People)}, {Text: v.openOf(r)}}})
	}
	return t
}

// openOf says how much of a function is open.
func (w words) openOf(r *demand.Row) string {
	switch {
	case r.Seen() && r.ByHand:
		return w.say("state.hand")
	case r.Seen():
		return w.say("state.taken")
	case r.Open == len(r.Needs):
		return w.say("state.none")
	default:
		return w.N("state.part", r.Open, i18n.Args{"n": w.Int(r.Open), "all": w.Int(len(r.Needs))})
	}
}

func (v overviewView) familyTable() ui.Table {
	t := ui.Table{Caption: v.say("overview.families"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.family")}, {Label: v.say("what.functions"), Numeric: true}, {Label: v.say("what.people"), Numeric: true}, {Label: v.say("what.not-seen"), Numeric: true}}}
	for i := range v.m.Families {
		f := &v.m.Families[i]
		cell := ui.Cell{Text: v.familyName(f.Name), Href: familyAt(f.Name)}
		if f.Name == "" {
			cell = ui.Cell{Text: v.familyName(""), Href: matrixAt + "?family=-"}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{cell, {Text: v.Int(len(f.Rows))}, {Text: v.Int(f.People)}, {Text: v.Int(f.Open)}}})
	}
	return t
}

func (v overviewView) teamTable() ui.Table {
	t := ui.Table{Caption: v.say("overview.team"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.function")}, {Label: v.say("what.in-team"), Numeric: true}, {Label: v.say("what.open")}}}
	for _, r := range v.team {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Name, Href: functionAt(r.ID)}, {Text: v.Int(v.led[r.ID])}, {Text: v.openOf(r)}},
			Actions: []ui.Action{{Label: v.say("propose.do"), Href: functionAt(r.ID) + "/propose"}}})
	}
	return t
}

func (v overviewView) importTasks() []ui.Task {
	var out []ui.Task
	for i := range v.imports {
		x := &v.imports[i]
		out = append(out, ui.Task{Title: v.T("task.import", i18n.Args{"file": x.FileName}), Href: importAt + "/" + x.ID, Text: v.T("task.import-text", i18n.Args{"when": v.moment(x.At)}), Tag: v.say("task.look"), Tone: ui.Warning})
	}
	return out
}

// Ranks of tasks, as web.Task has them.
const (
	rankWaits = 24
	rankLook  = 40
)

// Tasks says what waits for a person here: proposals to decide on, and functions that nobody looked at.
func (s *Service) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(access.ChangeNeeds) {
		return nil, nil
	}
	w := wordsOf(r)
	n, err := waitingProposals(ctx, s.reader(r), "")
	if err != nil {
		return nil, err
	}
	var out []web.Task
	if n > 0 {
		out = append(out, web.Task{Title: w.n("task.proposals", n), Text: w.say("task.proposals-text"), Href: proposalsAt, Label: w.say("task.proposals-do"), Tag: w.say("door"), Rank: rankWaits, Tone: ui.Warning})
	}
	m, err := s.mapOf(ctx, s.reader(r))
	if err != nil {
		return nil, err
	}
	if list := first(m); len(list) > 0 && list[0].People > 0 {
		c := m.Coverage()
		out = append(out, web.Task{Title: w.n("task.first", c.Functions-c.FunctionsSeen), Text: w.say("task.first-text"), Href: home, Label: w.say("task.first-do"), Tag: w.say("door"), Rank: rankLook, Tone: ui.Info})
	}
	return out, nil
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	w := wordsOf(r)
	var out []ui.Tile
	if r.Can(access.ReadNeeds) {
		out = append(out, ui.Tile{Title: w.say("title"), Href: home, Text: w.say("offer.needs")})
	}
	return append(out, ui.Tile{Title: w.say("framework.title"), Href: frameworkAt, Text: w.say("offer.framework")})
}

func (v overviewView) nothing() ui.Empty {
	e := ui.Empty{Title: v.say("overview.empty"), Text: v.say("overview.empty-text")}
	if v.changes {
		e.Action = &ui.Action{Label: v.say("overview.empty-do"), Href: "/staff", Kind: ui.Next}
	}
	return e
}

func (v overviewView) sheetActions() []ui.Action {
	out := []ui.Action{{Label: v.say("export.do"), Href: exportAt, Kind: ui.Quiet, Download: true}}
	if v.changes {
		out = append(out, ui.Action{Label: v.say("import.do"), Href: importAt, Kind: ui.Quiet})
	}
	return out
}
