package desk

import (
	"net/http"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// whereView is where training would matter most, in ties.
type whereView struct {
	*board
	kind gap.Kind
	top  int
	ties []tieView
}

// tieView is places of which the order says nothing.
type tieView struct {
	title string
	table ui.Table
}

func (s *Service) where(w http.ResponseWriter, r *web.Request) error {
	b, err := s.shown(r)
	if err != nil {
		return err
	}
	wanted := gap.Kind(r.URL.Query().Get("by"))
	ranking := gap.Rank(b.x.Gap, wanted)
	if ranking == nil {
		for _, k := range b.kinds() {
			if ranking = gap.Rank(b.x.Gap, k); ranking != nil {
				break
			}
		}
	}
	if ranking == nil {
		return refuse(problem.NotFound, "error.no-groups", nil)
	}
	v := whereView{board: b, kind: ranking.Kind, top: ranking.Top}
	v.ties = v.tiesOf(ranking)
	p := b.page(r, b.say("where.title"))
	p.Lead = b.say("where.lead")
	return r.Show(w, p, wherePage(v))
}

// tiesOf puts the places of a ranking together of which the order says nothing.
func (b *board) tiesOf(ranking *gap.Ranking) []tieView {
	var out []tieView
	for from := 0; from < len(ranking.Places); {
		to := from
		for to < len(ranking.Places) && ranking.Places[to].Tie == ranking.Places[from].Tie {
			to++
		}
		one := tieView{title: b.T("where.tie", i18n.Args{"from": b.Int(from + 1), "to": b.Int(to)})}
		if to == from+1 {
			one.title = b.T("where.alone", i18n.Args{"n": b.Int(to)})
		}
		one.table = ui.Table{Caption: one.title, HideCaption: true, Columns: []ui.Column{{Label: b.say("group")}, {Label: b.say("skill")}, {Label: b.say("figure.people"), Numeric: true}, {Label: b.say("figure.below"), Numeric: true},
			{Label: b.say("figure.distance"), Numeric: true}, {Label: b.T("where.sure", i18n.Args{"n": b.Int(ranking.Top)}), Numeric: true}, {Label: b.say("figure.verdict")}}}
		for i := from; i < to; i++ {
			x := &ranking.Places[i]
			one.table.Rows = append(one.table.Rows, ui.Row{Cells: []ui.Cell{{Text: b.rankedName(x), Href: b.rankedAt(x)}, {Text: b.skillName(x.Skill)}, {Content: twoLines(b.people(&x.People), b.peopleSpan(&x.People))},
				{Content: twoLines(b.share(&x.Below), b.shareSpan(&x.Below))}, {Content: twoLines(b.levels(&x.Distance), b.levelsSpan(&x.Distance))}, {Text: b.sure(x.Sure)}, {Text: b.say("verdict." + string(x.Verdict)), Quiet: true}}})
		}
		out = append(out, one)
		from = to
	}
	return out
}

// rankTabs are the kinds of groups that have a ranking.
func (v *whereView) rankTabs() []ui.Link {
	var out []ui.Link
	for _, k := range v.kinds() {
		if gap.Rank(v.x.Gap, k) != nil {
			out = append(out, ui.Link{Label: v.say("by." + v.kindKey(k)), Href: v.at("where", "by", string(k)), Current: k == v.kind})
		}
	}
	return out
}

// peopleNote says what a number of people counts.
func (v *whereView) peopleNote() string {
	if v.x.Staffed {
		return v.say("where.people-staff")
	}
	return v.say("where.people-answered")
}
