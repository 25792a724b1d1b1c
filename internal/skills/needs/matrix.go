package needs

import (
	"context"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// Filter says which functions a matrix holds.
type Filter struct {
	Search string // words in the name, the code or the family
	Family string // name; "" for any, "-" for functions without one
	Unit   string // functions that somebody has in this unit or below it, with what they ask there; "" for any
	Open   bool   // only those of which nobody decided on every skill
	Team   bool   // only those of the people whom the actor leads
	After  string // id of the last function of the page before; "" for the first
	Limit  int    // 0 for all
}

// Line is a function in a matrix.
type Line struct {
	*demand.Row
	Needs  []Need // what it asks, in the unit of the filter
	People int    // who have it, in the unit of the filter, or in the team
}

// Matrix is what functions ask, with what was chosen of them.
type Matrix struct {
	Map   *demand.Map
	Lines []Line
	Found int // functions, on all pages
	From  int // of these, on the pages before this one
	Next  bool
	Prior string // After of the page before this one; "" when that is the first
	First bool   // this is the first page
}

// Matrix returns what functions ask, in the order of family and name.
func (s *Service) Matrix(ctx context.Context, actor access.Actor, f Filter) (*Matrix, error) {
	if err := allow(actor, access.ReadNeeds); err != nil {
		return nil, err
	}
	m, err := s.mapOf(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return nil, err
	}
	if f.Unit != "" && m.Unit(f.Unit) == nil {
		form := problem.Form{Bundle: locale()}
		form.Wrong("unit", "field.gone", nil)
		return nil, form.Err()
	}
	team := map[string]int{}
	if f.Team {
		if team, err = s.team(ctx, actor); err != nil {
			return nil, err
		}
	}
	inUnit := m.PeopleBelow(f.Unit)
	words := strings.Fields(strings.ToLower(f.Search))
	out := &Matrix{Map: m, First: true}
	var found []Line
	for i := range m.Rows {
		r := &m.Rows[i]
		l := Line{Row: r, Needs: r.Needs, People: r.People}
		if !inFamily(r.Family, f.Family) || f.Open && r.Seen() || f.Team && team[r.ID] == 0 || f.Unit != "" && inUnit[r.ID] == 0 || !holds(r, words) {
			continue
		}
		if f.Unit != "" {
			l.People = inUnit[r.ID]
		}
		if f.Team {
			l.People = team[r.ID]
		}
		found = append(found, l)
	}
	out.Found = len(found)
	from := 0
	if f.After != "" {
		if i := slices.IndexFunc(found, func(l Line) bool { return l.ID == f.After }); i >= 0 {
			from = i + 1
			out.First = false
		}
	}
	to := len(found)
	if f.Limit > 0 {
		to = min(to, from+f.Limit)
		if prior := from - f.Limit; prior > 0 {
			out.Prior = found[prior-1].ID
		}
	}
	out.From = from
	out.Lines, out.Next = found[from:to], to < len(found)
	if f.Unit != "" {
		path := m.Path(f.Unit)
		for i := range out.Lines {
			out.Lines[i].Needs = m.At(framework.Post{Function: out.Lines[i].ID, Departments: path})
		}
	}
	return out, nil
}

func holds(r *demand.Row, words []string) bool {
	if len(words) == 0 {
		return true
	}
	text := strings.ToLower(r.Name + " " + r.Code + " " + r.Family)
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func inFamily(name, wanted string) bool {
	return wanted == "" || name == wanted || wanted == noFamily && name == ""
}
