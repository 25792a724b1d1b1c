package disclosure

import (
	"context"
	"fmt"
	"slices"
)

// Protect decides what of the publication stays hidden.
//
// Numbers of respondents by group are settled first and hold for every question; then each family of linked questions
// is settled, starting from what its filters hide. Where something must be hidden beside the primary cells, it is the
// shown group with the fewest respondents that suffices: any shown group has at least k, so one is enough, and because
// the choice hangs on the number of respondents it falls on the same group in question after question.
//
// The work is proportional to questions x groups x groups of the groupings with joint counts. It returns an error when
// the counts contradict each other, or the context ends.
func Protect(ctx context.Context, p Publication) (Decision, error) {
	if p.K == 0 {
		p.K = DefaultK
	}
	if err := p.check(); err != nil {
		return Decision{}, err
	}
	p.Questions = withSensitivity(p.Questions)
	s := &settler{p: &p, overlaps: overlaps(&p), exposed: map[Exposure]bool{}}
	d := Decision{K: p.K, Groups: s.settleRespondents()}
	families := s.families(d.Groups)
	for changed := true; changed; {
		changed = false
		for _, f := range families {
			if err := ctx.Err(); err != nil {
				return Decision{}, fmt.Errorf("disclosure: %w", err)
			}
			inherited := s.inherit(f, families)
			if !inherited && f.settled {
				continue
			}
			s.settle(f)
			f.settled = true
			changed = true
		}
	}
	s.record(&d, families)
	d.count()
	return d, nil
}

// withSensitivity returns the questions with those marked as sensitive that are put to people because of what they answered to a
// sensitive one: how many were asked in a group would say how many answered so.
func withSensitivity(questions []Question) []Question {
	out := slices.Clone(questions)
	for changed := true; changed; {
		changed = false
		for i := range out {
			if !out[i].Sensitive && slices.ContainsFunc(out[i].Filters, func(f int) bool { return out[f].Sensitive }) {
				out[i].Sensitive, changed = true, true
			}
		}
	}
	return out
}

// family is a set of questions that hide the same cells.
type family struct {
	tables  []*table
	filters []int      // families of the filters
	hidden  [][]Reason // by grouping and group; nil where no member is broken down
	settled bool
}

// settler holds what stays the same while cells are hidden.
type settler struct {
	p        *Publication
	overlaps []*overlap
	exposed  map[Exposure]bool
}

// settleRespondents decides which numbers of respondents stay hidden.
func (s *settler) settleRespondents() [][]Reason {
	t := respondentsTable(s.p)
	f := &family{tables: []*table{t}, hidden: make([][]Reason, len(s.p.Groupings))}
	for gi, g := range s.p.Groupings {
		f.hidden[gi] = make([]Reason, len(g.N))
		for i, n := range g.N {
			if n < s.p.K {
				f.hidden[gi][i] = BelowK
			}
		}
	}
	s.settle(f)
	return f.hidden
}

// families groups the questions that are linked and marks their primary cells.
func (s *settler) families(respondents [][]Reason) []*family {
	root := linkedRoots(s.p.Questions)
	index := map[int]int{}
	familyOf := make([]int, len(s.p.Questions))
	var out []*family
	for qi := range s.p.Questions {
		fi, ok := index[root[qi]]
		if !ok {
			fi = len(out)
			index[root[qi]] = fi
			out = append(out, &family{hidden: make([][]Reason, len(s.p.Groupings))})
		}
		familyOf[qi] = fi
		out[fi].add(s.p, qi, respondents)
	}
	for qi := range s.p.Questions {
		f := out[familyOf[qi]]
		for _, other := range s.p.Questions[qi].Filters {
			if familyOf[other] != familyOf[qi] && !s.p.Questions[other].Background {
				f.filters = append(f.filters, familyOf[other])
			}
		}
	}
	return out
}

// linkedRoots returns for each question a representative of the questions it is linked with.
func linkedRoots(questions []Question) []int {
	root := make([]int, len(questions))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for i := range questions {
		if questions[i].Background {
			continue
		}
		for _, j := range questions[i].Linked {
			if a, b := find(i), find(j); !questions[j].Background && a != b {
				root[max(a, b)] = min(a, b)
			}
		}
	}
	for i := range root {
		root[i] = find(i)
	}
	return root
}

// add takes question qi into the family and hides its primary cells.
func (f *family) add(p *Publication, qi int, respondents [][]Reason) {
	t := questionTable(p, qi)
	f.tables = append(f.tables, t)
	q := &p.Questions[qi]
	if q.Background {
		return
	}
	if t.totalReason(p.K).Hidden() {
		return
	}
	for gi, bases := range q.Bases {
		if bases == nil {
			continue
		}
		if f.hidden[gi] == nil {
			f.hidden[gi] = append([]Reason(nil), respondents[gi]...)
		}
		for i := range bases {
			f.hide(gi, i, t.primary(gi, i, p.K, q.Sensitive))
		}
	}
	if guard := unaskedTable(p, qi); guard != nil {
		f.addGuard(p, guard)
	}
}

// addGuard hides the cells of the family from which it would follow that few people were not asked.
func (f *family) addGuard(p *Publication, t *table) {
	f.tables = append(f.tables, t)
	for gi, bases := range t.bases {
		for i := range bases {
			f.hide(gi, i, t.primary(gi, i, p.K, false))
		}
	}
}

// hide marks a cell; of two reasons the one that says most about the cell itself stays.
func (f *family) hide(gi, i int, r Reason) {
	if old := f.hidden[gi][i]; r.Hidden() && (!old.Hidden() || r < old) {
		f.hidden[gi][i] = r
		f.settled = false
	}
}

// inherit hides what the filters of the family hide, and tells whether that was anything new.
func (s *settler) inherit(f *family, families []*family) bool {
	changed := false
	for _, fi := range f.filters {
		for gi, reasons := range families[fi].hidden {
			if f.hidden[gi] == nil {
				continue
			}
			for i, r := range reasons {
				if r.Hidden() && !f.hidden[gi][i].Hidden() {
					f.hidden[gi][i] = Complementary
					changed = true
				}
			}
		}
	}
	return changed
}

// record writes the outcome by question into the decision.
func (s *settler) record(d *Decision, families []*family) {
	d.Questions = make([]QuestionDecision, len(s.p.Questions))
	for _, f := range families {
		for _, t := range f.tables {
			if t.guard {
				continue
			}
			q := &s.p.Questions[t.question]
			out := QuestionDecision{Total: t.totalReason(s.p.K), Cells: make([][]Reason, len(s.p.Groupings))}
			for gi, bases := range q.Bases {
				if bases == nil {
					continue
				}
				out.Cells[gi] = make([]Reason, len(bases))
				for i := range bases {
					out.Cells[gi][i] = t.outcome(f, out.Total, gi, i, s.p.K, q)
					if n := bases[i]; t.bases[gi] != nil && n > 0 && n < s.p.K && t.known(gi, i) {
						s.exposed[Exposure{Question: t.question, Grouping: gi}] = true
					}
				}
			}
			d.Questions[t.question] = out
		}
	}
	for qi := range s.p.Questions {
		for gi := range s.p.Groupings {
			if e := (Exposure{Question: qi, Grouping: gi}); s.exposed[e] {
				d.Exposed = append(d.Exposed, e)
			}
		}
	}
}
