package analysis

import (
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// NoBreakdown in Options.By asks for a report without groups.
const NoBreakdown = "none"

// maxGroups bounds the groups of one background variable; beyond it the variable is an identifier, not a group.
const maxGroups = 5000

// GroupError says that a variable cannot be used to break down by.
type GroupError struct {
	Variable string
	Message  string
	Mend     string
}

func (e *GroupError) Error() string {
	return fmt.Sprintf("break down by %q: %s; %s", e.Variable, e.Message, e.Mend)
}

// addGroupings lays out the background variables to break down by: those named, else those that the instrument marks.
func (s *sheet) addGroupings(by []string) error {
	named := len(by) > 0
	if !named {
		for i := range s.in.Items {
			if it := &s.in.Items[i]; it.Group {
				by = append(by, it.ID)
			}
		}
	}
	seen := map[string]bool{}
	for _, id := range by {
		if id == NoBreakdown && len(by) == 1 {
			return nil
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		g, err := s.grouping(id)
		if err != nil {
			if !named && s.byID[id] == nil {
				continue // the instrument knows the variable, this wave did not ask it
			}
			return err
		}
		if s.givesSizesAway(g) {
			if named {
				return &GroupError{id, fmt.Sprintf("it holds a group of fewer than %d people, and how many chose each answer is published", s.in.GroupSize),
					"merge its small groups in the mapping, or leave it out"}
			}
			s.leftOut = append(s.leftOut, id)
			continue
		}
		s.groupings = append(s.groupings, g)
	}
	return nil
}

// givesSizesAway tells whether a grouping has a group that must stay hidden, the size of which follows from figures that
// are published all the same. A background variable is counted by nothing else; a question that people answer is broken
// down by other groups, stands behind indicators and decides who is asked what, and each of these counts its groups.
func (s *sheet) givesSizesAway(g *grouping) bool {
	q := s.byID[g.variable]
	if q == nil || q.about.Topic == instrument.TopicBackground {
		return false
	}
	people := make([]int, g.codes.K)
	for i := range g.codes.Len() {
		people[g.codes.At(i)]++
	}
	return slices.ContainsFunc(people[instrument.FirstOption:], func(n int) bool { return n > 0 && n < s.in.GroupSize })
}

// addBackground adds the other background variables: nothing is broken down by them, but how many people are in each of
// their groups is published, and is protected as such.
func (s *sheet) addBackground() {
	s.shown = len(s.groupings)
	for _, q := range s.questions {
		if q.about.Topic != instrument.TopicBackground || slices.ContainsFunc(s.groupings, func(g *grouping) bool { return g.variable == q.about.ID }) {
			continue
		}
		if g, err := s.grouping(q.about.ID); err == nil {
			s.groupings = append(s.groupings, g)
		}
	}
}

// notes says which variables nothing is broken down by.
func (s *sheet) notes() []findings.Caveat {
	var out []findings.Caveat
	for _, id := range s.leftOut {
		out = append(out, findings.Caveat{Key: "grouping-left-out", Data: map[string]any{"variable": id},
			Text: fmt.Sprintf("Nothing is shown by %s: one of its groups is too small, and how many chose each answer is published.", id)})
	}
	return out
}

// grouping lays out one background variable.
func (s *sheet) grouping(id string) (*grouping, error) {
	if f := s.answers.Extra[id]; f != nil && s.byID[id] == nil {
		return s.extraGrouping(id, f)
	}
	q := s.byID[id]
	if q == nil || q.item == nil || q.about.Kind == "indicator" {
		return nil, &GroupError{id, "the answers hold no such variable", "choose from " + strings.Join(s.groupable(), ", ")}
	}
	if len(q.parts) != 1 || q.values != nil {
		return nil, &GroupError{id, "it is not a choice of one answer, so it makes no groups", "choose from " + strings.Join(s.groupable(), ", ")}
	}
	if q.about.Sensitive {
		return nil, &GroupError{id, "the instrument marks it, or what decides who is asked it, as sensitive", "sensitive questions are shown for everyone together only"}
	}
	p := q.parts[0]
	if len(p.options) > maxGroups {
		return nil, &GroupError{id, fmt.Sprintf("it has %d values", len(p.options)), "merge them in the mapping into at most 5000 groups"}
	}
	g := &grouping{variable: id, label: q.about.Label, codes: s.columns[p.column], column: p.column, values: p.options}
	for _, value := range g.values {
		i := slices.IndexFunc(q.about.Options, func(o findings.Option) bool { return o.ID == value })
		g.labels = append(g.labels, q.about.Options[i].Label)
	}
	return g, nil
}

// extraGrouping lays out a column of the data that the instrument does not know.
func (s *sheet) extraGrouping(id string, f *instrument.Factor) (*grouping, error) {
	if len(f.Levels) > maxGroups {
		return nil, &GroupError{id, fmt.Sprintf("it has %d values", len(f.Levels)), "merge them in the mapping into at most 5000 groups"}
	}
	codes := make([]uint16, len(f.Codes))
	for i, c := range f.Codes {
		codes[i] = uint16(instrument.FirstOption + c)
		if f.Levels[c] == "" {
			codes[i] = instrument.NoAnswer
		}
	}
	g := &grouping{variable: id, label: sameInAll(id), codes: stats.Codes{U16: codes, K: instrument.FirstOption + len(f.Levels)}}
	g.column = s.addColumn(g.codes)
	for _, l := range f.Levels {
		g.values = append(g.values, l)
		g.labels = append(g.labels, sameInAll(l))
	}
	return g, nil
}

// groupable lists the variables that make groups, for a message.
func (s *sheet) groupable() []string {
	var ids []string
	for _, q := range s.questions {
		if q.item != nil && q.about.Kind != "indicator" && len(q.parts) == 1 && q.values == nil && !q.about.Sensitive &&
			(q.item.Group || q.about.Topic == instrument.TopicBackground) {
			ids = append(ids, q.about.ID)
		}
	}
	if len(ids) == 0 {
		return []string{NoBreakdown}
	}
	return ids
}

// cell returns the code of group i.
func (g *grouping) cell(i int) int { return instrument.FirstOption + i }

// people returns the unweighted number of respondents by group, from the tally of the grouping's own column.
func (g *grouping) people(own *stats.Table) []int {
	n := make([]int, len(g.values))
	for i := range n {
		n[i] = int(own.At(0, g.cell(i)).N)
	}
	return n
}

// breaksDownBy tells whether a question is shown by the groups of g.
func (q *question) breaksDownBy(g *grouping) bool { return q.breakdown && q.about.ID != g.variable }
