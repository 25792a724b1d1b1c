package attack

import (
	"context"
	"fmt"
	"math"
)

// Breach is something that a publication gives away about fewer than k people.
type Breach struct {
	Question        string // empty: the number of respondents itself
	Variable, Value string // Value is empty for everything in the grouping that is not shown
	What            string
	Interval        Interval
}

// String describes the breach for a test failure.
func (b Breach) String() string {
	return fmt.Sprintf("%s: question %q, %s = %q, between %.3g and %.3g", b.What, b.Question, b.Variable, b.Value, b.Interval.Low, b.Interval.High)
}

// Check attacks the respondents, and then each question on its own with its filters, and returns what it finds:
//
//   - a shown group or base below k;
//   - groups that are hidden for their size but bounded within less than k, or below k;
//   - hidden groups that together hold fewer than k people, in all or within an enclosing group: their answers follow;
//   - a hidden cell that may be below k, without a filter that shows its base, and that cannot reach k;
//   - a hidden cell that may be below k and of which every option count follows, or all are seen to answer alike.
//
// It returns ErrContradiction when the figures contradict each other.
func Check(ctx context.Context, p Published, k int) ([]Breach, error) {
	c := checker{ctx: ctx, p: p, k: float64(k)}
	if err := c.respondents(); err != nil {
		return nil, err
	}
	for i := range p.Questions {
		if err := c.question(&p.Questions[i]); err != nil {
			return nil, fmt.Errorf("question %q: %w", p.Questions[i].ID, err)
		}
	}
	return c.found, nil
}

type checker struct {
	ctx   context.Context
	p     Published
	k     float64
	found []Breach
}

func (c *checker) add(question, variable, value, what string, i Interval) {
	c.found = append(c.found, Breach{Question: question, Variable: variable, Value: value, What: what, Interval: i})
}

func (c *checker) respondents() error {
	s := Constraints(Published{Respondents: c.p.Respondents, Groupings: c.p.Groupings})
	for _, g := range c.p.Groupings {
		for _, v := range g.Groups {
			i, err := s.Bounds(c.ctx, NameN(g.Variable, v.Value))
			if err != nil {
				return err
			}
			switch {
			case !v.Hidden && float64(v.N) < c.k:
				c.add("", g.Variable, v.Value, "group below k is shown", i)
			case v.Hidden && i.High > tolerance && (i.High < c.k-tolerance || i.Width() < c.k-tolerance):
				c.add("", g.Variable, v.Value, "hidden group is bounded too tightly", i)
			}
		}
	}
	return nil
}

func (c *checker) question(q *Question) error {
	s := Constraints(c.p, q.ID)
	if q.Base > 0 && float64(q.Base) < c.k {
		c.add(q.ID, "", "", "total below k is shown", Interval{float64(q.Base), float64(q.Base)})
	}
	for _, cell := range q.Cells {
		if err := c.cell(s, q, cell); err != nil {
			return err
		}
	}
	c.remainders(q)
	return nil
}

func (c *checker) cell(s *System, q *Question, cell Cell) error {
	base, err := s.Bounds(c.ctx, NameBase(q.ID, cell.Variable, cell.Value))
	if err != nil {
		return err
	}
	if !cell.Hidden {
		if float64(cell.Base) < c.k {
			c.add(q.ID, cell.Variable, cell.Value, "base below k is shown", base)
		}
		return nil
	}
	if base.High < tolerance || base.Low >= c.k-tolerance {
		return nil
	}
	if q.Filter == nil && base.High < c.k-tolerance {
		c.add(q.ID, cell.Variable, cell.Value, "hidden base cannot reach k", base)
	}
	follows, err := c.follows(s, q, cell)
	if follows {
		c.add(q.ID, cell.Variable, cell.Value, "answers of a hidden group follow", base)
	}
	return err
}

// follows tells whether every option count of a hidden cell follows, or that all in it gave the same answer.
func (c *checker) follows(s *System, q *Question, cell Cell) (bool, error) {
	exact, possible := true, 0
	for _, o := range q.Options {
		if o.N == 0 {
			continue
		}
		if o.N == q.Base {
			return false, nil // everybody gave this answer, and that is published
		}
		n := Terms{NameCount(q.ID, o.ID, cell.Variable, cell.Value): 1}
		if exact {
			var err error
			if exact, err = s.Follows(c.ctx, n); err != nil {
				return false, err
			}
		}
		some, err := s.Possible(c.ctx, n)
		if err != nil {
			return false, err
		}
		if some {
			possible++
		}
	}
	return len(q.Options) > 0 && (exact || q.Partition && possible == 1), nil
}

// remainders adds and subtracts as a reader would: where groups are hidden, each total without its shown parts must be 0,
// or at least k. Where none are, what is left are the people who left the background question open, and they are no
// group.
func (c *checker) remainders(q *Question) {
	shown := map[[2]string]int{}
	hides := map[string]bool{}
	for _, cell := range q.Cells {
		if cell.Hidden {
			hides[cell.Variable] = true
		} else {
			shown[[2]string{cell.Variable, cell.Value}] = cell.Base
		}
	}
	for _, g := range c.p.Groupings {
		if !hides[g.Variable] {
			continue
		}
		left := q.Base
		inside := map[string]int{}
		for _, v := range g.Groups {
			base := shown[[2]string{g.Variable, v.Value}]
			left -= base
			inside[v.Within] += base
		}
		c.remainder(q, g.Variable, left)
		for _, value := range enclosing(g) {
			if base, ok := shown[[2]string{g.Within, value}]; ok {
				c.remainder(q, g.Variable, base-inside[value])
			}
		}
	}
}

func (c *checker) remainder(q *Question, variable string, left int) {
	if n := math.Abs(float64(left)); n > 0 && n < c.k {
		c.add(q.ID, variable, "", "what is not shown adds up to fewer than k", Interval{n, n})
	}
}
