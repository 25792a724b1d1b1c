package roster

import (
	"cmp"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// slug makes the name of a conclusion or a mend a part of a key: "gap-by-function".
func slug(s string) string { return strings.ReplaceAll(s, " ", "-") }

// gainView is a mend with what it brings.
type gainView struct {
	text string
	do   *ui.Action
}

// scoreView is a conclusion with how much of the staff can be used for it.
type scoreView struct {
	title, about string
	bar          ui.Bar
	text         string
	change       string // since the assessment before
	gains        []gainView
	rest         string
	losses       []string
}

// qualityView is the page.
type qualityView struct {
	result *quality.Result
	kept   store.Quality
	board  *board
	work   *ui.Work
	scores []scoreView
	checks ui.Table
	clean  int // kinds that found nothing
	trend  ui.Table
	hr     bool
	none   bool
	words
}

// quality shows how good the data is. It names nobody, so that the data protection officer sees the same.
func (x *Roster) quality(w http.ResponseWriter, r *web.Request) error {
	say := in(r)
	v := qualityView{words: say, hr: r.Can(access.ReadPeople)}
	var err error
	if v.board, err = x.board(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	a, kept, err := x.Assessed(r.Context(), r.Actor)
	switch {
	case errors.Is(err, db.ErrNoRow):
		v.none = true
	case err != nil:
		return err
	default:
		v.result, v.kept = a.Quality, kept
	}
	if v.work, err = x.workOf(r); err != nil {
		return err
	}
	p := page(r, say.say("quality.title"))
	p.Lead, p.Live = say.say("quality.lead"), v.work != nil
	if v.none {
		return r.Show(w, p, qualityPage(v))
	}
	trend, keptAll, err := x.Trend(r.Context(), r.Actor, mostTrend)
	if err != nil {
		return err
	}
	v.scores = v.scoresOf(trend, keptAll)
	v.checks, v.clean = v.checksTable()
	v.trend = v.trendTable(trend, keptAll)
	if kept.Revision < v.board.at && v.work == nil {
		p.Notices = []ui.Notice{{Tone: ui.Warning, Title: say.say("quality.old-title"), Text: say.say("quality.old")}}
	}
	return r.Show(w, p, qualityPage(v))
}

// progress is how far an assessment is, for htmx.
func (x *Roster) progress(w http.ResponseWriter, r *web.Request) error {
	panel, err := x.workOf(r)
	if err != nil {
		return err
	}
	if panel == nil {
		return r.Redirect(w, "/staff/quality", nil)
	}
	return r.Part(w, ui.WorkPanel(*panel))
}

// workOf is how far the newest assessment is; nil when none is under way, or who asks may see no jobs.
func (x *Roster) workOf(r *web.Request) (*ui.Work, error) {
	j, err := x.Queue.Newest(r.Context(), r.Actor, "all", "people-assess")
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // there is none, and that is no error
	}
	if err != nil {
		return nil, err
	}
	say := in(r)
	panel := &ui.Work{ID: "assess-work", Title: say.say("quality.work"), State: ui.Queued, Stage: say.say("quality.work-waits"), Refresh: "/staff/quality",
		Poll: map[string]any{"hx-get": "/staff/quality/progress", "hx-trigger": "every 2s", "hx-swap": "outerHTML"}}
	switch j.State {
	case jobs.Waiting:
	case jobs.Running:
		panel.State, panel.Stage = ui.Running, x.Queue.StageTitle(j).In(r.Lang)
		panel.Known, panel.Share, panel.Elapsed = j.Total > 0, float64(j.Done)/float64(max(1, j.Total)), x.Now().Sub(j.Started)
	case jobs.Failed:
		panel.State, panel.Stage, panel.Mend, panel.Poll = ui.Failed, j.Trouble.In(r.Lang), say.say("quality.work-mend"), nil
	case jobs.Done, jobs.Cancelled:
		return nil, nil //nolint:nilnil // none is under way
	}
	return panel, nil
}

// assess asks for a new assessment. Asked twice, it is one.
func (x *Roster) assess(w http.ResponseWriter, r *web.Request) error {
	if err := x.AskAssessment(r.Context(), r.Actor); err != nil {
		return err
	}
	return r.Redirect(w, "/staff/quality", nil)
}

// mostTrend is how many assessments are laid beside each other.
const mostTrend = 5

// scoresOf are the conclusions, in their own order.
func (v qualityView) scoresOf(trend []*quality.Result, kept []store.Quality) []scoreView {
	changes := map[string]string{}
	if len(trend) > 1 {
		t := quality.Compare(trend[1], trend[0])
		for _, c := range t.Scores {
			if d := c.Change(); t.Comparable && (d >= 0.5 || d <= -0.5) {
				key := "score.up"
				if d < 0 {
					key, d = "score.down", -d
				}
				changes[c.Name] = v.T(key, i18n.Args{"points": v.points(d), "day": v.Date(v.local(kept[1].At))})
			}
		}
	}
	var out []scoreView
	for i := range v.result.Scores {
		s := &v.result.Scores[i]
		one := scoreView{title: v.say("conclusion." + slug(s.Name)), about: v.say("conclusion." + slug(s.Name) + "-text"), change: changes[s.Name]}
		one.bar = ui.Bar{Share: barShare(s.Points()), Label: one.title}
		one.text = v.T("score.text", i18n.Args{"points": v.points(s.Points())})
		if small := s.UsablePoints() - s.Points(); small >= 1 {
			one.text += " " + v.T("score.small", i18n.Args{"points": v.points(small), "k": v.Int(v.result.K)})
		}
		for j := range s.Gains {
			if g := &s.Gains[j]; g.Points >= 0.05 && len(one.gains) < 5 {
				one.gains = append(one.gains, v.gain(g))
			}
		}
		if s.Rest.Count > 0 && s.Rest.Points >= 0.5 {
			one.rest = v.N("score.rest", s.Rest.Count, i18n.Args{"n": v.Int(s.Rest.Count), "points": v.points(s.Rest.Points)})
		}
		for _, l := range s.Losses {
			one.losses = append(one.losses, v.N("score.loss", l.People, i18n.Args{"what": v.say("check." + slugOf(l.Kind)), "n": v.Int(l.People), "points": v.points(l.Points)}))
		}
		out = append(out, one)
	}
	return out
}

// slugOf makes the name of a kind of fault a part of a key: "unit-orphan".
func slugOf(k quality.Kind) string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(k.String())
}

func (v qualityView) gain(g *quality.Gain) gainView {
	name := ""
	if len(g.IDs) > 0 {
		if name = v.board.unitName(g.IDs[0]); name == "" {
			name = v.board.functionName(g.IDs[0])
		}
	}
	if name == "" {
		name = v.say("nothing-known")
	}
	args := i18n.Args{"points": v.points(g.Points), "n": v.Int(g.Count), "name": name, "people": v.Int(g.People), "check": v.say("check." + slugOf(g.Check))}
	out := gainView{text: v.N("gain."+slug(string(g.Mend)), g.Count, args)}
	if g.Assumed {
		out.text += " " + v.say("gain.assumed")
	}
	if href := v.mendLink(g.Mend, g.Check, g.Into, g.IDs); href != "" && v.hr {
		label := "gain.look"
		if g.Mend == quality.MergeFunctions {
			label = "gain.merge"
		}
		out.do = &ui.Action{Label: v.say(label), About: out.text, Href: href, Kind: ui.Quiet}
	}
	return out
}

// mendLink is where something is mended.
func (v qualityView) mendLink(m quality.Mend, k quality.Kind, into string, ids []string) string {
	switch m {
	case quality.MergeFunctions:
		if into == "" {
			return "/staff/titles"
		}
		return mergeLink(into, ids)
	case quality.MergePeople:
		return "/staff/duplicates"
	case quality.FillCatalogue:
		if k == quality.NoWork {
			return "/staff/functions?lacks=work"
		}
		return "/staff/functions?lacks=level"
	case quality.PlaceUnit, quality.RestoreUnit, quality.CloseUnit, quality.JoinUnit, quality.NameHead:
		if len(ids) == 1 && v.board.unitName(ids[0]) != "" {
			return "/staff/units/" + ids[0]
		}
	case quality.RestoreTitle:
		if len(ids) == 1 && v.board.functionName(ids[0]) != "" {
			return "/staff/functions/" + ids[0]
		}
	case quality.NoMend:
		return ""
	default: // at its examples
	}
	return "/staff/quality/" + k.String()
}

// inFiles tells whether something is mended where the data comes from, and not here.
func inFiles(m quality.Mend) bool {
	switch m {
	case quality.FillField, quality.CorrectField, quality.EndService, quality.OwnMail, quality.EndPost, quality.ChooseMain, quality.NameManager:
		return true
	default:
		return false
	}
}

func toneOf(s quality.Severity) ui.Tone {
	switch s {
	case quality.Blocks:
		return ui.Failure
	case quality.Harms:
		return ui.Warning
	default:
		return ui.Muted
	}
}

// checksTable is what was found, the worst first, and how many kinds found nothing.
func (v qualityView) checksTable() (ui.Table, int) {
	t := ui.Table{Caption: v.say("quality.checks"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.found"), Long: true}, {Label: v.say("column.severity")}, {Label: v.say("column.count"), Numeric: true}, {Label: v.say("column.people"), Numeric: true}}}
	rank := map[quality.Severity]int{quality.Blocks: 0, quality.Harms: 1, quality.Notice: 2}
	found := slices.DeleteFunc(slices.Clone(v.result.Checks), func(c quality.Check) bool { return c.Count == 0 })
	slices.SortStableFunc(found, func(a, b quality.Check) int {
		return cmp.Or(cmp.Compare(rank[a.Severity], rank[b.Severity]), cmp.Compare(b.People, a.People))
	})
	for i := range found {
		c := &found[i]
		name, mend := v.say("check."+slugOf(c.Kind)), v.say("mend."+slug(string(c.Mend)))
		row := ui.Row{Cells: []ui.Cell{{Text: name, Content: checkCell(name, mend)}, {Content: ui.Tag(toneOf(c.Severity), v.say("severity."+string(c.Severity)))}, {Text: v.Int(c.Count)}, {Text: v.Int(c.People)}}}
		if v.hr && len(c.Examples) > 0 {
			row.Actions = append(row.Actions, ui.Action{Label: v.say("quality.examples"), Href: "/staff/quality/" + c.Kind.String()})
		}
		t.Rows = append(t.Rows, row)
	}
	return t, len(v.result.Checks) - len(found)
}

// trendTable is the scores of the last assessments that count alike, the newest first.
func (v qualityView) trendTable(results []*quality.Result, kept []store.Quality) ui.Table {
	t := ui.Table{Caption: v.say("quality.trend"), HideCaption: true, Columns: []ui.Column{{Label: v.say("column.conclusion")}}}
	var use []*quality.Result
	for i, res := range results {
		if res.Version == v.result.Version && res.K == v.result.K {
			use = append(use, res)
			t.Columns = append(t.Columns, ui.Column{Label: v.Date(v.local(kept[i].At)), Numeric: true})
		}
	}
	if len(use) < 2 {
		return ui.Table{}
	}
	times(t.Columns[1:], kept, v.words)
	for i := range v.result.Scores {
		name := v.result.Scores[i].Name
		row := ui.Row{Cells: []ui.Cell{{Text: v.say("conclusion." + slug(name))}}}
		for _, res := range use {
			cell := ui.Cell{Text: "–", Quiet: true}
			if at := slices.IndexFunc(res.Scores, func(s quality.Score) bool { return s.Name == name }); at >= 0 {
				cell = ui.Cell{Text: v.percent(res.Scores[at].Points())}
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// times writes the hour beside the day where two assessments are of one day.
func times(columns []ui.Column, kept []store.Quality, w words) {
	days := map[string]int{}
	for _, c := range columns {
		days[c.Label]++
	}
	for i := range columns {
		if days[columns[i].Label] > 1 && i < len(kept) {
			columns[i].Label = w.moment(kept[i].At)
		}
	}
}

func (w words) percent(points float64) string { return w.points(points) + "\u00a0%" }

// examplesView is the cases of one kind of fault.
type examplesView struct {
	check  *quality.Check
	mend   string
	source bool
	named  bool // people are named, and noted as seen
	table  ui.Table
	link   *ui.Action
	words
}

// examples shows cases of one kind of fault with names. People who are named are noted as seen.
func (x *Roster) examples(w http.ResponseWriter, r *web.Request) error {
	a, _, err := x.Assessed(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	say := in(r)
	v := examplesView{words: say}
	for i := range a.Quality.Checks {
		if c := &a.Quality.Checks[i]; c.Kind.String() == r.PathValue("kind") {
			v.check = c
		}
	}
	if v.check == nil {
		return db.ErrNoRow
	}
	v.named = v.check.About == quality.AboutPerson || v.check.About == quality.AboutPost
	v.mend, v.source = say.say("mend."+slug(string(v.check.Mend))), inFiles(v.check.Mend)
	if v.table, err = x.examplesTable(r, b, say, v.check); err != nil {
		return err
	}
	if href := (qualityView{board: b}).mendLink(v.check.Mend, v.check.Kind, "", nil); !strings.HasPrefix(href, "/staff/quality/") && href != "" {
		v.link = &ui.Action{Label: say.say("quality.mend-here"), Href: href}
	}
	p := page(r, say.say("check."+slugOf(v.check.Kind)), say.link("quality.title", "/staff/quality"))
	p.Kicker = say.say("quality.examples")
	return r.Show(w, p, examplesPage(v))
}

func (x *Roster) examplesTable(r *web.Request, b *board, say words, c *quality.Check) (ui.Table, error) {
	t := ui.Table{Caption: say.say("quality.examples"), HideCaption: true}
	switch c.About {
	case quality.AboutUnit:
		t.Columns = []ui.Column{{Label: say.say("what.unit")}, {Label: say.say("column.with"), Long: true}, {Label: say.say("column.people"), Numeric: true}}
		for _, e := range c.Examples {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{say.thing(e.ID, b.unitLabel(e.ID), "/staff/units/"), {Text: namesOf(e.With, b.unitLabel)}, {Text: say.Int(e.People)}}})
		}
	case quality.AboutFunction:
		t.Columns = []ui.Column{{Label: say.say("what.function")}, {Label: say.say("column.with"), Long: true}, {Label: say.say("column.people"), Numeric: true}}
		for _, e := range c.Examples {
			row := ui.Row{Cells: []ui.Cell{say.thing(e.ID, b.functionLabel(e.ID), "/staff/functions/"), {Text: namesOf(e.With, b.functionLabel)}, {Text: say.Int(e.People)}}}
			if c.Mend == quality.MergeFunctions && r.Can(access.ChangePeople) {
				row.Actions = []ui.Action{{Label: say.say("gain.merge"), Href: mergeLink(e.ID, e.With)}}
			}
			t.Rows = append(t.Rows, row)
		}
	case quality.AboutPerson, quality.AboutPost:
		return x.peopleExamples(r, b, say, c)
	}
	return t, nil
}

// peopleExamples are cases of people, and of posts as those whose they are.
func (x *Roster) peopleExamples(r *web.Request, b *board, say words, c *quality.Check) (ui.Table, error) {
	t := ui.Table{Caption: say.say("quality.examples"), HideCaption: true, Columns: []ui.Column{{Label: say.say("what.person")}, {Label: say.say("column.with"), Long: true}, {Label: say.say("what.unit")}, {Label: say.say("what.function")}}}
	var ids []string
	var cases [][]string
	for _, e := range c.Examples {
		one := append([]string{e.ID}, e.With...)
		if c.About == quality.AboutPost {
			var err error
			if one, err = x.holdersOf(r, b, one); err != nil {
				return t, err
			}
		}
		cases, ids = append(cases, one), append(ids, one...)
	}
	found, err := x.Some(r.Context(), r.Actor, ids)
	if err != nil {
		return t, err
	}
	by := map[string]*people.Person{}
	for i := range found {
		by[found[i].ID] = &found[i]
	}
	for _, one := range cases {
		row := ui.Row{Cells: []ui.Cell{{Text: say.say("nobody-known"), Quiet: true}, {}, {}, {}}}
		var with []string
		for i, id := range one {
			p := by[id]
			switch {
			case p == nil:
			case i > 0:
				with = append(with, p.Name())
			default:
				row.Cells[0] = ui.Cell{Text: p.Name(), Href: "/staff/list/" + p.ID}
				if len(p.Posts) > 0 {
					row.Cells[2].Text, row.Cells[3].Text = b.unitName(p.Posts[0].Unit), b.functionName(p.Posts[0].Function)
				}
				if places(c.Mend) && r.Can(access.ChangePeople) {
					row.Actions = []ui.Action{{Label: say.say("person.move"), Href: "/staff/list/" + p.ID + "/move"}}
				}
			}
		}
		row.Cells[1].Text = say.And(with)
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// places tells whether a mend is to give somebody a place.
func places(m quality.Mend) bool {
	switch m {
	case quality.GivePost, quality.GiveUnit, quality.GiveFunction, quality.GiveBoth:
		return true
	default:
		return false
	}
}

// thing is a cell with a unit or a function that may not be there.
func (w words) thing(id, label, base string) ui.Cell {
	if label == "" {
		return ui.Cell{Text: w.say("nothing-known"), Quiet: true}
	}
	return ui.Cell{Text: label, Href: base + id}
}

func namesOf(ids []string, label func(string) string) string {
	var names []string
	for _, id := range ids {
		if name := label(id); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, "; ")
}

// mergeLink leads to the page that asks whether functions are one.
func mergeLink(into string, functions []string) string {
	q := url.Values{"into": {into}}
	for _, f := range functions {
		if f != into {
			q.Add("f", f)
		}
	}
	return "/staff/titles/merge?" + q.Encode()
}

func (v qualityView) made() string {
	return v.T("quality.made", i18n.Args{"when": v.moment(v.kept.At), "people": v.n("people", v.result.Staff.People), "fte": v.fte(v.result.Staff.FTE), "units": v.n("units.count", v.result.Units), "functions": v.n("functions.count", v.result.Functions)})
}

// holdersOf returns whose posts these are, and leaves out those that do not stand.
func (x *Roster) holdersOf(r *web.Request, b *board, posts []string) ([]string, error) {
	rows, err := store.Some[org.Post](r.Context(), x.read(r), b.at, posts)
	if err != nil {
		return nil, err
	}
	var out []string
	for i := range rows {
		out = append(out, rows[i].Person)
	}
	return out, nil
}

func (v qualityView) emptyState() ui.Empty {
	e := ui.Empty{Title: v.say("quality.empty"), Text: v.say("quality.empty-text")}
	if v.hr {
		e.Action = &ui.Action{Label: v.say("to-import"), Href: "/staff/imports/new", Kind: ui.Next}
	}
	return e
}

// barShare makes a bar say the same whole percents as the words beside it.
func barShare(points float64) float64 {
	if points >= 99.5 {
		return 1
	}
	return (math.Round(points) + 0.5) / 100
}
