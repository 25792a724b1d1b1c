package disclosure

import "fmt"

// The limits of the minimum group size.
const (
	DefaultK = 10
	MinimumK = 5
)

// Publication is everything that is published together about one wave, as unweighted counts of respondents.
type Publication struct {
	K           int // minimum group size; 0 means DefaultK, below MinimumK is an error
	Respondents int
	Groupings   []Grouping
	Joint       []Joint // for each pair of groupings; a pair that is absent is taken to be unrelated
	Questions   []Question
}

// Grouping is a background variable with its groups. A respondent is in at most one group.
type Grouping struct {
	Variable string
	Values   []string
	N        []int // respondents by group, as Values
}

// Joint holds the respondents by group of grouping A (rows) and of grouping B (columns), both indices in Groupings, A < B.
//
// Both have one line more than there are groups: the last counts those without an answer to that variable. From it
// follows which groups lie within others (a department in a directorate).
type Joint struct {
	A, B   int
	Counts [][]int // (groups of A + 1) x (groups of B + 1)
}

// Question is a variable, indicator or construct of which figures are published, in total and by group.
type Question struct {
	ID   string
	Base int // respondents with a substantive answer

	// Bases are the bases by grouping and group; Bases[g] is nil where the question is not broken down by grouping g.
	Bases [][]int
	// Options are the published numbers by option, in total. Leave out "not chosen" of a multiple choice: that nobody
	// in a group chose something rare is harmless, and counting it as an answer that all share would hide it.
	// Nil where no counts are published (a construct).
	Options []int
	// GroupOptions are the same by grouping, group and option; nil as Bases, or throughout when Options is nil.
	GroupOptions [][][]int

	Sensitive  bool // never broken down by group
	Background bool // is itself a background variable: never broken down by another; its counts follow Decision.Groups
	Harmless   bool // may show that everybody in a group gave the same answer

	// Filters are the indices of questions whose answers decided who was asked this one. The number asked in a group
	// is the count of an option there, so what is hidden of the filter is hidden here, and what follows from a sensitive
	// question is as sensitive.
	Filters []int
	// Unasked are the respondents who were not asked, by grouping and group, where a background variable decided that. No
	// table shows that variable by group, so their number in a group must be 0, or at least k. Unasked[g] is nil where the
	// question is not broken down by grouping g, or g is the variable that decided. Nil where no background variable did.
	Unasked      [][]int
	UnaskedTotal int // the same in total
	// Linked are the indices of questions of which the figures follow from this one's, or the other way round: the item
	// of an indicator, the items of a construct, the options of one multiple choice. All are hidden alike. One
	// direction is enough.
	Linked []int

	// Earlier are publications of this question in the same wave that are already out.
	Earlier []Earlier
}

// Earlier is what an earlier publication of the same wave said of a question.
//
// A cell with the same base is taken to be public already. One that differs by less than k would show the answers of
// the few who came in between, and is hidden.
type Earlier struct {
	Base  int
	Bases [][]int // by grouping and group; -1 where it was hidden; nil as in Question
}

// check returns an error that says what is inconsistent in the counts.
func (p *Publication) check() error {
	if p.K < MinimumK {
		return fmt.Errorf("disclosure: minimum group size %d is below %d; raise group_size of the instrument", p.K, MinimumK)
	}
	for gi, g := range p.Groupings {
		if len(g.N) != len(g.Values) {
			return fmt.Errorf("disclosure: grouping %q has %d values and %d counts", g.Variable, len(g.Values), len(g.N))
		}
		if err := checkParts(g.N, p.Respondents); err != nil {
			return fmt.Errorf("disclosure: grouping %d (%q): %w", gi, g.Variable, err)
		}
	}
	for _, j := range p.Joint {
		if err := p.checkJoint(j); err != nil {
			return err
		}
	}
	for qi := range p.Questions {
		q := &p.Questions[qi]
		if err := p.checkQuestion(q); err != nil {
			return fmt.Errorf("disclosure: question %d (%q): %w", qi, q.ID, err)
		}
	}
	return nil
}

func (p *Publication) checkJoint(j Joint) error {
	if j.A < 0 || j.B >= len(p.Groupings) || j.A >= j.B {
		return fmt.Errorf("disclosure: joint counts of groupings %d and %d: need 0 <= A < B < %d", j.A, j.B, len(p.Groupings))
	}
	a, b := p.Groupings[j.A], p.Groupings[j.B]
	if len(j.Counts) != len(a.N)+1 {
		return fmt.Errorf("disclosure: joint counts of %q and %q: %d rows, want %d", a.Variable, b.Variable, len(j.Counts), len(a.N)+1)
	}
	columns := make([]int, len(b.N)+1)
	for r, row := range j.Counts {
		if len(row) != len(b.N)+1 {
			return fmt.Errorf("disclosure: joint counts of %q and %q: row %d has %d columns, want %d", a.Variable, b.Variable, r, len(row), len(b.N)+1)
		}
		sum := 0
		for c, n := range row {
			if n < 0 {
				return fmt.Errorf("disclosure: joint counts of %q and %q: negative count", a.Variable, b.Variable)
			}
			sum += n
			columns[c] += n
		}
		if r < len(a.N) && sum != a.N[r] {
			return fmt.Errorf("disclosure: joint counts of %q and %q: row %d adds up to %d, the group has %d", a.Variable, b.Variable, r, sum, a.N[r])
		}
	}
	for c, n := range b.N {
		if columns[c] != n {
			return fmt.Errorf("disclosure: joint counts of %q and %q: column %d adds up to %d, the group has %d", a.Variable, b.Variable, c, columns[c], n)
		}
	}
	return nil
}

func (p *Publication) checkQuestion(q *Question) error {
	if q.Base < 0 || q.Base > p.Respondents {
		return fmt.Errorf("base %d is not between 0 and the %d respondents", q.Base, p.Respondents)
	}
	if len(q.Bases) != len(p.Groupings) {
		return fmt.Errorf("%d breakdowns, want one entry for each of %d groupings", len(q.Bases), len(p.Groupings))
	}
	if q.GroupOptions != nil && len(q.GroupOptions) != len(p.Groupings) {
		return fmt.Errorf("option counts for %d groupings, want %d", len(q.GroupOptions), len(p.Groupings))
	}
	for gi, bases := range q.Bases {
		if bases == nil {
			continue
		}
		g := p.Groupings[gi]
		if len(bases) != len(g.N) {
			return fmt.Errorf("by %q: %d bases for %d groups", g.Variable, len(bases), len(g.N))
		}
		if err := checkParts(bases, q.Base); err != nil {
			return fmt.Errorf("by %q: %w", g.Variable, err)
		}
		for i, b := range bases {
			if b > g.N[i] {
				return fmt.Errorf("by %q: group %q has base %d but %d respondents", g.Variable, g.Values[i], b, g.N[i])
			}
		}
		if err := q.checkOptions(gi, len(g.N)); err != nil {
			return fmt.Errorf("by %q: %w", g.Variable, err)
		}
	}
	if err := p.checkUnasked(q); err != nil {
		return err
	}
	for _, e := range q.Earlier {
		if len(e.Bases) != len(p.Groupings) {
			return fmt.Errorf("earlier publication: %d breakdowns, want %d", len(e.Bases), len(p.Groupings))
		}
		for gi, bases := range e.Bases {
			if bases != nil && len(bases) != len(p.Groupings[gi].N) {
				return fmt.Errorf("earlier publication by %q: %d bases for %d groups", p.Groupings[gi].Variable, len(bases), len(p.Groupings[gi].N))
			}
		}
	}
	for _, other := range append(append([]int(nil), q.Filters...), q.Linked...) {
		if other < 0 || other >= len(p.Questions) {
			return fmt.Errorf("refers to question %d of %d", other, len(p.Questions))
		}
	}
	return nil
}

func (p *Publication) checkUnasked(q *Question) error {
	if q.Unasked != nil && len(q.Unasked) != len(p.Groupings) {
		return fmt.Errorf("who was not asked for %d groupings, want %d", len(q.Unasked), len(p.Groupings))
	}
	for gi, unasked := range q.Unasked {
		if unasked == nil {
			continue
		}
		g := p.Groupings[gi]
		if len(unasked) != len(q.Bases[gi]) {
			return fmt.Errorf("by %q: who was not asked in %d groups, and bases of %d", g.Variable, len(unasked), len(q.Bases[gi]))
		}
		if err := checkParts(unasked, q.UnaskedTotal); err != nil {
			return fmt.Errorf("not asked, by %q: %w", g.Variable, err)
		}
		for i, n := range unasked {
			if n+q.Bases[gi][i] > g.N[i] {
				return fmt.Errorf("by %q: in group %q %d were not asked and %d answered, of %d respondents", g.Variable, g.Values[i], n, q.Bases[gi][i], g.N[i])
			}
		}
	}
	return nil
}

func (q *Question) checkOptions(gi, groups int) error {
	if q.GroupOptions == nil || q.GroupOptions[gi] == nil {
		return nil
	}
	if len(q.GroupOptions[gi]) != groups {
		return fmt.Errorf("option counts for %d groups, want %d", len(q.GroupOptions[gi]), groups)
	}
	for i, counts := range q.GroupOptions[gi] {
		if len(counts) != len(q.Options) {
			return fmt.Errorf("group %d: %d option counts, want %d", i, len(counts), len(q.Options))
		}
		for _, n := range counts {
			if n < 0 || n > q.Bases[gi][i] {
				return fmt.Errorf("group %d: %d chose an option of %d who answered", i, n, q.Bases[gi][i])
			}
		}
	}
	return nil
}

// checkParts returns an error unless the parts are counts that together make no more than whole.
func checkParts(parts []int, whole int) error {
	sum := 0
	for i, n := range parts {
		if n < 0 {
			return fmt.Errorf("group %d has the negative count %d", i, n)
		}
		sum += n
	}
	if sum > whole {
		return fmt.Errorf("groups add up to %d, more than the total of %d", sum, whole)
	}
	return nil
}
