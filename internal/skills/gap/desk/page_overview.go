package desk

import (
	"net/http"
	"net/url"
	"strings"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// overviewView is the first page of a board: what can be concluded, then what was found.
type overviewView struct {
	*board
	work  *ui.Work
	limit []limitView
	reach ui.Table
	whole standingsView
	first []*gap.Ranked
	kind  gap.Kind
}

// limitView is a fault in the personnel data with what it takes and what mends it.
type limitView struct {
	title, text, mend string
	href              string // of the cases of the fault; "" for nowhere that the reader may go
}

func (s *Service) overview(w http.ResponseWriter, r *web.Request) error {
	b, err := s.open(r)
	if err != nil {
		return err
	}
	v := overviewView{board: b}
	if v.work, err = s.work(r, b); err != nil {
		return err
	}
	p := page(r, b.report.Title+" – "+b.say("board.title"), b.link("title", home))
	p.Heading, p.Kicker, p.Lead = b.report.Title, b.say("board.title"), b.say("board.lead")
	p.Synthetic, p.Live = b.report.Synthetic, v.work != nil
	if b.row != nil && b.row.state == failed {
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Failure, Title: b.say("board.failed"), Text: b.row.trouble.In(r.Lang)})
	}
	if b.x == nil || b.x.Whole == nil {
		return r.Show(w, p, overviewPage(v))
	}
	if b.stale.Any() {
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Warning, Title: b.say("stale.title"), Text: b.staleText()})
	}
	v.limit, v.reach = b.limits(), b.reachTable()
	v.whole = b.standings(b.x.Whole)
	if kind, ok := b.kindOf("", gap.ByCell); ok {
		v.kind = kind
		if ranking := gap.Rank(b.x.Gap, kind); ranking != nil {
			for i := range ranking.Places[:min(len(ranking.Places), mostFirst)] {
				v.first = append(v.first, &ranking.Places[i])
			}
		}
	}
	return r.Show(w, p, overviewPage(v))
}

// wholeText says what the figures of everybody are.
func (b *board) wholeText() string {
	if b.unplaced() {
		return b.say("whole.levels")
	}
	return b.say("whole.text")
}

// mostFirst is how many places the overview says to look at first.
const mostFirst = 5

// mostLimits is how many faults stand in sight.
const mostLimits = 4

// nothing says what to do where there is no result.
func (v *overviewView) nothing() ui.Empty {
	switch {
	case v.outdated:
		return ui.Empty{Title: v.say("board.old"), Text: v.say("board.old-text")}
	case v.x != nil:
		return ui.Empty{Title: v.say("board.few"), Text: v.T("board.few-text", i18n.Args{"k": v.Int(v.x.K)})}
	case v.makes:
		return ui.Empty{Title: v.say("board.none"), Text: v.say("board.none-text")}
	}
	return ui.Empty{Title: v.say("board.none"), Text: v.say("board.none-hr")}
}

// asks tells whether the button to compute is there, and as what.
func (v *overviewView) asks() bool {
	return v.makes && v.work == nil && v.report.Source != ""
}

func (v *overviewView) askAction() ui.Action {
	switch {
	case v.x == nil:
		return ui.Action{Label: v.say("ask.do"), Kind: ui.Next}
	case v.stale.Any() && v.said != nil: // else the next step is to say where respondents are
		return ui.Action{Label: v.say("ask.again"), Kind: ui.Next}
	}
	return ui.Action{Label: v.say("ask.again"), Kind: ui.Quiet}
}

// smallGroups is no fault that one can open and mend.
const smallGroups = "group.small"

// limits are the faults in the personnel data, the worst of each conclusion first.
func (b *board) limits() []limitView {
	var out []limitView
	for i := range b.x.Limits {
		l := &b.x.Limits[i]
		if l.Points < 0.5 {
			continue
		}
		one := limitView{title: b.faultName(l.Fault)}
		if b.cases && l.Fault != smallGroups {
			one.href = "/staff/quality/" + url.PathEscape(l.Fault)
		}
		one.text = b.T("limit.text", i18n.Args{"what": b.conclusion(l.Conclusion), "people": b.n("count.people", l.People), "points": b.Decimal(l.Points, 1), "severity": b.say("severity." + string(l.Severity))})
		if l.Mend != "" && l.Gain >= 0.1 {
			one.mend = b.T("limit.mend", i18n.Args{"mend": b.mendName(l.Mend), "points": b.Decimal(l.Gain, 1)})
		}
		out = append(out, one)
	}
	return out
}

// slug makes the name of a conclusion, a fault or a mend a part of a key.
func slug(s string) string { return strings.NewReplacer(" ", "-", ".", "-", "_", "-").Replace(s) }

// called is a word for a name that another part of the program gives; where this one does not know it, a word for all.
func (b *board) called(group, name string) string {
	if key := group + "." + slug(name); b.Has(key) {
		return b.say(key)
	}
	return b.say(group + ".other")
}

func (b *board) faultName(name string) string  { return b.called("fault", name) }
func (b *board) mendName(name string) string   { return b.called("mend", name) }
func (b *board) conclusion(name string) string { return b.called("conclusion", name) }

// reachTable says of how much of the staff figures of each kind of group are there.
func (b *board) reachTable() ui.Table {
	t := ui.Table{Caption: b.say("reach.table"), HideCaption: true, Columns: []ui.Column{{Label: b.say("reach.kind")}, {Label: b.say("reach.enough"), Numeric: true}, {Label: b.say("reach.doubted"), Numeric: true},
		{Label: b.say("reach.hidden"), Numeric: true}, {Label: b.say("reach.nobody"), Numeric: true}, {Label: b.say("reach.unknown"), Numeric: true}}}
	has := b.kinds()
	for _, x := range b.x.Reach {
		for _, k := range has {
			if k == x.Kind {
				t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(b.say("by."+b.kindKey(k)), b.part(x.Enough), b.part(x.Doubted), b.part(x.Hidden), b.part(x.Nobody), b.part(x.Unknown))})
			}
		}
	}
	return t
}

// readiness are the sentences above the limits.
func (b *board) readiness() []string {
	out := []string{}
	if !b.x.Staffed {
		out = append(out, b.say("ready.no-staff"))
	} else if !b.facts.Ready {
		out = append(out, b.say("ready.not-looked"))
	}
	if b.facts.Decided < 0.995 {
		out = append(out, b.T("ready.decided", i18n.Args{"share": b.part(1 - b.facts.Decided)}))
	}
	for _, n := range b.x.Caveats {
		if n.Kind == gap.UnknownDepartment && b.facts.Divided || n.Kind == gap.UnknownFunction && b.facts.Detail != "" {
			out = append(out, b.noteText(&n))
		}
	}
	return out
}

// standingsView is the skills of one group.
type standingsView struct {
	*board
	r      *gap.Row
	figure ui.Figure
	table  ui.Table
	notes  []skillNote
}

// skillNote is what one must know of the figures of some skills.
type skillNote struct {
	text   string
	skills []string
}

// standings lays the skills of a group out.
func (b *board) standings(r *gap.Row) standingsView {
	v := standingsView{board: b, r: r}
	v.table = ui.Table{Caption: b.say("skills.table"), HideCaption: true, Columns: []ui.Column{{Label: b.say("skill")}, {Label: b.say("figure.required")}, {Label: b.say("figure.level"), Numeric: true}, {Label: b.say("figure.below"), Numeric: true},
		{Label: b.say("figure.distance"), Numeric: true}, {Label: b.say("figure.people"), Numeric: true}, {Label: b.say("figure.verdict")}}}
	c := chart.Intervals{Max: 1, Percent: true}
	shown := false
	if b.unplaced() {
		v.levelsOnly(r)
		return v
	}
	for s := range r.Skills {
		st := &r.Skills[s]
		name := b.skillName(b.x.Skills[s].ID)
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: b.requiredOf(st)}, {Content: twoLines(b.levels(st.Level), b.levelsSpan(st.Level))}, {Content: twoLines(b.share(st.Below), b.shareSpan(st.Below))},
			{Content: twoLines(b.levels(st.Distance), b.levelsSpan(st.Distance))}, {Content: twoLines(b.people(st.People), b.peopleSpan(st.People))}, {Text: b.verdictText(st.Verdict), Quiet: true}}})
		for _, text := range b.whys(st) {
			v.note(text, name)
		}
		row := chart.Interval{Label: name, Hidden: b.verdictText(st.Verdict)}
		if st.Below != nil {
			row, shown = chart.Interval{Label: name, Value: st.Below.Value, Low: st.Below.Low, High: st.Below.High, Text: b.share(st.Below)}, true
		}
		c.Rows = append(c.Rows, row)
	}
	if shown {
		v.figure = ui.Figure{ID: "below", Title: b.say("chart.below"), Description: b.say("chart.below-about"), Chart: c, Caption: b.T("chart.caption", i18n.Args{"n": b.n("count.respondents", r.N), "who": b.basisText()})}
	}
	return v
}

// levelsOnly lays out the skills of which it is not known what is asked.
func (v *standingsView) levelsOnly(r *gap.Row) {
	v.table.Columns = []ui.Column{{Label: v.say("skill")}, {Label: v.say("figure.level"), Numeric: true}, {Label: v.say("figure.verdict"), Long: true}}
	for s := range r.Skills {
		st := &r.Skills[s]
		name := v.skillName(v.x.Skills[s].ID)
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Content: twoLines(v.levels(st.Level), v.levelsSpan(st.Level))}, {Text: v.verdictText(st.Verdict), Quiet: true}}})
		for _, text := range v.whys(st) {
			v.note(text, name)
		}
	}
}

// note adds a skill to those of which something is said.
func (v *standingsView) note(text, skill string) {
	for i := range v.notes {
		if v.notes[i].text == text {
			v.notes[i].skills = append(v.notes[i].skills, skill)
			return
		}
	}
	v.notes = append(v.notes, skillNote{text, []string{skill}})
}

// noteTexts are what one must know, with the skills that it is about.
func (v *standingsView) noteTexts() []string {
	out := make([]string, len(v.notes))
	for i, n := range v.notes {
		key := "note.some"
		if len(n.skills) == len(v.r.Skills) {
			key = "note.every"
		}
		out[i] = v.T(key, i18n.Args{"text": n.text, "skills": v.And(n.skills)})
	}
	return out
}

// basisText says on what the figures rest, for all skills together.
func (b *board) basisText() string {
	basis := b.x.Skills[0].Basis
	for i := range b.x.Skills {
		if b.x.Skills[i].Basis != basis {
			return b.say("basis.mixed")
		}
	}
	return b.say("basis." + string(basis))
}

// about says who is in a group, and who never tried.
func (b *board) about(r *gap.Row) []ui.Fact {
	out := []ui.Fact{{Term: b.say("about.answered"), Text: b.Int(r.N)}}
	if b.x.Staffed {
		out = append(out, ui.Fact{Term: b.say("about.staff"), Text: b.Int(r.Staff)})
	}
	if r.Untried != nil {
		out = append(out, ui.Fact{Term: b.say("about.untried"), Text: b.T("about.untried-text", i18n.Args{"share": b.share(r.Untried), "span": b.shareSpan(r.Untried)})})
	}
	return append(out, ui.Fact{Term: b.say("about.basis"), Text: b.basisText()})
}

// rankedName is how the group of a place in a ranking is called.
func (b *board) rankedName(x *gap.Ranked) string {
	if r := b.find(x.Function, x.Department, x.Family); r != nil {
		return b.name(r)
	}
	return b.say("hidden")
}

func (b *board) rankedAt(x *gap.Ranked) string {
	return b.at("group", "function", x.Function, "department", x.Department, "family", x.Family)
}

// rankedText says how many people it is about, and how sure that is.
func (b *board) rankedText(x *gap.Ranked) string {
	return b.T("where.text", i18n.Args{"people": b.people(&x.People), "span": b.peopleSpan(&x.People), "share": b.share(&x.Below)})
}

func (v *overviewView) exports() []ui.Action {
	return []ui.Action{
		{Label: v.say("export.xlsx"), Href: v.at("export/xlsx"), Kind: ui.Quiet, Download: true},
		{Label: v.say("export.pdf"), Href: v.at("export/pdf"), Kind: ui.Quiet, Download: true},
		{Label: v.say("export.html"), Href: v.at("export/html"), Kind: ui.Quiet},
		{Label: v.say("export.json"), Href: v.at("export/json"), Kind: ui.Quiet, Download: true},
	}
}
