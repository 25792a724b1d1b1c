package desk

import (
	"context"
	"errors"
	"math"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/desk/placing"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// board is a result with what is known beside it, in one language.
type board struct {
	words
	report    Report
	row       *row
	x         *index // nil while there is no result
	facts     *Facts
	framework *framework.Framework
	stale     Stale
	said      *kept // where HR said that respondents are; nil when nobody did
	makes     bool  // the reader may compute and correct
	mends     bool  // the reader sees the quality of the personnel data
	cases     bool  // the reader sees the cases of its faults
	outdated  bool  // the result is of another version of the program: only computing again helps
}

// open returns the board of the report that an address names. Without a row nothing was computed yet.
func (s *Service) open(r *web.Request) (*board, error) {
	b, err := s.boardOf(r.Context(), r.Actor.Tenant, r.PathValue("id"), r.Lang)
	if err != nil {
		return nil, err
	}
	b.makes, b.mends, b.cases = r.Can(makes), r.Can(readsQuality), r.Can(readsPeople)
	return b, nil
}

func (s *Service) boardOf(ctx context.Context, t tenant.ID, reportID string, lang instrument.Lang) (*board, error) {
	report, err := s.report(ctx, t, reportID)
	if err != nil {
		return nil, err
	}
	m, err := s.Needs.Map(ctx, t)
	if err != nil {
		return nil, err
	}
	b := &board{words: words{locale().Printer(lang)}, report: report, framework: m.Framework}
	v, err := rowOf(ctx, s.DB.Of(t), reportID)
	if errors.Is(err, db.ErrNoRow) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	b.row, b.facts = &v, v.facts
	if b.said, err = readingOf(ctx, s.DB.Of(t), report.Source); err != nil {
		return nil, err
	}
	if v.file == "" {
		return b, nil
	}
	if b.x, err = s.load(ctx, s.DB.Of(t), v.file); errors.Is(err, gap.ErrVersion) {
		b.outdated, err = true, nil
	}
	if err != nil {
		return nil, err
	}
	b.stale, err = s.stale(ctx, t, &v, m, b.said)
	return b, err
}

// shown is open for pages that show a result: without one it is not there yet.
func (s *Service) shown(r *web.Request) (*board, error) {
	b, err := s.open(r)
	if err == nil && (b.x == nil || b.x.Whole == nil) {
		err = refuse(problem.NotFound, "error.nothing-yet", nil)
	}
	return b, err
}

func (b *board) at(path string, pairs ...string) string {
	to := home + "/" + b.report.ID
	if path != "" {
		to += "/" + path
	}
	return query(to, pairs...)
}

// kinds lists the kinds of groups that the result has, the coarsest first.
func (b *board) kinds() []gap.Kind {
	var out []gap.Kind
	if b.facts.Divided {
		out = append(out, gap.ByDepartment)
	}
	if len(b.x.Families) > 0 {
		out = append(out, gap.ByFamily)
	}
	if b.facts.Detail != placing.Undivided {
		out = append(out, gap.ByFunction)
	}
	if len(out) > 1 && b.facts.Divided && b.facts.Detail != placing.Undivided {
		out = append(out, gap.ByCell)
	}
	return out
}

// kindOf returns the kind that an address asks for, where the result has it; else the first one that it has. ok is false where it has none.
func (b *board) kindOf(wanted string, but ...gap.Kind) (kind gap.Kind, ok bool) {
	kinds := slices.DeleteFunc(b.kinds(), func(k gap.Kind) bool { return slices.Contains(but, k) })
	if len(kinds) == 0 {
		return "", false
	}
	if slices.Contains(kinds, gap.Kind(wanted)) {
		return gap.Kind(wanted), true
	}
	return kinds[0], true
}

// kindKey is a kind of group as part of a key: what gap calls functions are families where no question asked the function.
func (b *board) kindKey(k gap.Kind) string {
	if b.facts.Detail == placing.ByFamily {
		switch k {
		case gap.ByFunction:
			return "work"
		case gap.ByCell:
			return "work-cell"
		case gap.ByDepartment, gap.ByFamily:
		}
	}
	return string(k)
}

// name is how a group is called.
func (b *board) name(r *gap.Row) string {
	switch {
	case r.Function != "" && r.Department != "":
		return b.functionName(r.Function) + " · " + b.departmentName(r.Department)
	case r.Function != "":
		return b.functionName(r.Function)
	case r.Department != "":
		return b.departmentName(r.Department)
	case r.Family != "":
		return r.Name
	}
	return b.say("everyone")
}

// functionName is that of a group of the result; a group that is not shown has none.
func (b *board) functionName(code string) string {
	if t, there := b.facts.Labels[code]; there {
		if _, shown := b.x.function[code]; shown {
			return b.Opening(t.In(b.Lang))
		}
	}
	if i, there := b.x.function[code]; there {
		if name := b.x.Functions[i].Name; name != "" {
			return name
		}
		return b.say("everyone")
	}
	return b.say("hidden")
}

func (b *board) departmentName(code string) string {
	i, there := b.x.department[code]
	if !there {
		return b.say("hidden")
	}
	name := b.x.Departments[i].Name
	if t, own := b.facts.Places[code]; own {
		name = b.Opening(t.In(b.Lang))
	}
	if name == "" {
		return b.say("everyone")
	}
	if slices.Contains(b.facts.Rest, code) {
		return b.with("rest", "name", name)
	}
	return name
}

// find returns the row that codes name; nil where it is not shown.
func (b *board) find(function, department, family string) *gap.Row {
	pick := func(list []gap.Row, at map[string]int, code string) *gap.Row {
		if i, there := at[code]; there {
			return &list[i]
		}
		return nil
	}
	switch {
	case function != "" && department != "":
		for _, i := range b.x.byFunction[function] {
			if b.x.Cells[i].Department == department {
				return &b.x.Cells[i]
			}
		}
		return nil
	case function != "":
		return pick(b.x.Functions, b.x.function, function)
	case department != "":
		return pick(b.x.Departments, b.x.department, department)
	case family != "":
		return pick(b.x.Families, b.x.family, family)
	}
	return b.x.Whole
}

// groupAt is the address of a group.
func (b *board) groupAt(r *gap.Row) string {
	family := r.Family
	if r.Function != "" {
		family = ""
	}
	return b.at("group", "function", r.Function, "department", r.Department, "family", family)
}

func (b *board) skillName(id string) string {
	if sk := b.framework.Skill(id); sk != nil {
		return sk.Name.In(framework.Lang(b.Lang))
	}
	return id
}

// levelName is a level with its number.
func (b *board) levelName(n int8) string {
	if n < 1 || int(n) > len(b.framework.Levels) {
		return "–"
	}
	return b.Int(int(n)) + " " + b.framework.Levels[n-1].Name.In(framework.Lang(b.Lang))
}

// tabs are the pages beside each other, with the one that is shown.
func (b *board) tabs(current string) []ui.Link {
	out := []ui.Link{b.link("tab.overview", b.at(""))}
	if b.x != nil && b.x.Whole != nil {
		if len(b.kinds()) > 0 {
			out = append(out, b.link("tab.map", b.at("map")))
		}
		if len(b.x.Rankings) > 0 {
			out = append(out, b.link("tab.where", b.at("where")))
		}
		if b.x.Changes != nil {
			out = append(out, b.link("tab.change", b.at("change")))
		}
		out = append(out, b.link("tab.method", b.at("method")))
	}
	for i := range out {
		out[i].Current = out[i].Href == b.at(current)
	}
	return out
}

// page is a page of this board, below its overview.
func (b *board) page(r *web.Request, title string, above ...ui.Link) web.Page {
	p := page(r, title, append([]ui.Link{b.link("title", home), {Label: b.report.Title, Href: b.at("")}}, above...)...)
	p.Kicker = b.report.Title
	p.Synthetic = b.x != nil && b.x.Synthetic || b.report.Synthetic
	if b.stale.Any() {
		p.Notices = []ui.Notice{{Tone: ui.Warning, Title: b.say("stale.title"), Text: b.staleText()}}
	}
	return p
}

// staleText says what changed since.
func (b *board) staleText() string {
	var what []string
	for _, c := range []struct {
		is  bool
		key string
	}{{b.stale.Needs, "stale.needs"}, {b.stale.Staff, "stale.staff"}, {b.stale.Parameters, "stale.parameters"}, {b.stale.Earlier, "stale.earlier"}, {b.stale.Places, "stale.places"}} {
		if c.is {
			what = append(what, b.say(c.key))
		}
	}
	return b.T("stale.text", i18n.Args{"what": b.And(what)})
}

// decimals is how many a figure has, by the step to which it is rounded.
func decimals(f *gap.Figure) int {
	switch {
	case f.Grain < 0.1:
		return 2
	case f.Grain < 1:
		return 1
	}
	return 0
}

// levels writes a mean level, or a number of levels.
func (b *board) levels(f *gap.Figure) string {
	if f == nil {
		return "–"
	}
	return b.Decimal(f.Value, decimals(f))
}

func (b *board) levelsSpan(f *gap.Figure) string {
	if f == nil {
		return ""
	}
	return b.between(f.Low, f.High, decimals(f))
}

// between writes an interval, short enough for a cell.
func (b *board) between(low, high float64, decimals int) string {
	return b.Decimal(low, decimals) + "–" + b.Decimal(high, decimals)
}

func (b *board) share(f *gap.Figure) string {
	if f == nil {
		return "–"
	}
	return b.Percent(f.Value)
}

func (b *board) shareSpan(f *gap.Figure) string {
	if f == nil {
		return ""
	}
	return b.PercentSpan(f.Low, f.High)
}

func (b *board) people(f *gap.Figure) string {
	if f == nil {
		return "–"
	}
	return b.Int(int(f.Value))
}

func (b *board) peopleSpan(f *gap.Figure) string {
	if f == nil {
		return ""
	}
	return b.between(f.Low, f.High, 0)
}

// part writes a share of which only the digits count, such as one of a caveat.
func (b *board) part(x float64) string { return b.Percent(x) }

// staffOf is how many people are in a group, or answered where there is no staff list.
func (b *board) staffOf(r *gap.Row) string {
	if !b.x.Staffed {
		return b.n("count.respondents", r.N)
	}
	return b.T("count.of-staff", i18n.Args{"n": b.Int(r.N), "staff": b.Int(r.Staff)})
}

// unplaced tells whether work is not told at all, so that nothing can be said of what is asked.
func (b *board) unplaced() bool { return b.facts.Detail == placing.Undivided }

// verdictText is a verdict in words.
func (b *board) verdictText(v gap.Verdict) string {
	if v == gap.NoRequirement && b.unplaced() {
		return b.say("verdict.unplaced")
	}
	return b.say("verdict." + string(v))
}

// requiredOf is what is asked of a group: a level, or from which to which.
func (b *board) requiredOf(st *gap.Standing) string {
	switch {
	case b.unplaced():
		return "–"
	case st.RequiredHigh == 0:
		return b.say("required.none")
	case st.RequiredLow == st.RequiredHigh:
		return b.levelName(st.RequiredHigh)
	}
	return b.T("required.range", i18n.Args{"low": b.Int(int(st.RequiredLow)), "high": b.Int(int(st.RequiredHigh))})
}

// sure writes a probability: what is nearly certain is not said to be certain.
func (b *board) sure(x float64) string {
	switch {
	case x > 0.975:
		return b.say("where.nearly")
	case x < 0.025:
		return b.say("where.hardly")
	}
	return b.part(x)
}

// whys are the reasons of a verdict in words.
func (b *board) whys(st *gap.Standing) []string {
	var out []string
	for _, why := range st.Why {
		key := "why." + string(why)
		if why == gap.NothingAsked && b.unplaced() {
			key = "why.unplaced"
		}
		out = append(out, b.say(key))
	}
	return out
}

// bounds are the shares at which a darker shade begins.
func bounds() []float64 { return []float64{0.1, 0.2, 0.3, 0.5} }

// shade is how dark a share below is, from 0 to 4.
func shade(f *gap.Figure) int {
	n := 0
	for _, from := range bounds() {
		if f.Value >= from {
			n++
		}
	}
	return n
}

// shades says what each shade means, the lightest first.
func (b *board) shades() []string {
	list := bounds()
	out := []string{b.with("map.under", "share", b.Percent(list[0]))}
	for i := 1; i < len(list); i++ {
		out = append(out, b.PercentSpan(list[i-1], list[i]))
	}
	return append(out, b.with("map.over", "share", b.Percent(list[len(list)-1])))
}

// signed writes a number with its sign.
func (b *board) signed(x float64, decimals int) string {
	text := b.Decimal(math.Abs(x), decimals)
	switch {
	case x > 0:
		return "+" + text
	case x < 0:
		return "\u2212" + text
	}
	return text
}
