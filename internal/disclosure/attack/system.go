package attack

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// ErrContradiction says that no numbers satisfy all constraints: what was published contradicts itself.
var ErrContradiction = errors.New("attack: the published figures contradict each other")

// Terms is a linear expression: coefficients by name.
type Terms map[string]float64

// System is a set of linear constraints over named numbers, each at least 0. Not safe for use by several goroutines.
type System struct {
	names  map[string]int
	rows   []row
	blocks *blocks // built at the first question, dropped when a constraint is added
}

// row is the equation sum(coef*x) = rhs; an inequality has a slack variable among its vars.
type row struct {
	vars []int
	coef []float64
	rhs  float64
}

// NewSystem returns a system without constraints.
func NewSystem() *System { return &System{names: map[string]int{}} }

// Equal adds the constraint that the expression has this value.
func (s *System) Equal(t Terms, value float64) { s.rows = append(s.rows, s.row(t, value)) }

// AtMost adds the constraint that the expression is at most this value.
func (s *System) AtMost(t Terms, value float64) {
	r := s.row(t, value)
	r.vars = append(r.vars, s.variable(fmt.Sprintf("\x00slack %d", len(s.rows))))
	r.coef = append(r.coef, 1)
	s.rows = append(s.rows, r)
}

func (s *System) row(t Terms, value float64) row {
	s.blocks = nil
	r := row{rhs: value}
	for _, name := range sortedNames(t) {
		if c := t[name]; c != 0 {
			r.vars = append(r.vars, s.variable(name))
			r.coef = append(r.coef, c)
		}
	}
	return r
}

func (s *System) variable(name string) int {
	i, ok := s.names[name]
	if !ok {
		i = len(s.names)
		s.names[name] = i
	}
	return i
}

// Interval is what an attacker knows of a number: it is between Low and High (+Inf: no upper bound).
type Interval struct{ Low, High float64 }

// Width returns High - Low.
func (i Interval) Width() float64 { return i.High - i.Low }

// Exact tells whether the interval leaves no room, to a thousandth of a respondent.
func (i Interval) Exact() bool { return i.Width() < 1e-3 }

// Bounds returns the interval of a named number. A name that no constraint mentions is free: 0 to infinity.
func (s *System) Bounds(ctx context.Context, name string) (Interval, error) {
	return s.BoundsOf(ctx, Terms{name: 1})
}

// BoundsOf returns the interval of an expression with non-negative coefficients. It returns ErrContradiction when the
// constraints on its numbers cannot hold together, and the context's error when that ends first.
func (s *System) BoundsOf(ctx context.Context, t Terms) (Interval, error) {
	e, err := s.split(t)
	if err != nil {
		return Interval{}, err
	}
	out := Interval{Low: e.fixed, High: e.fixed}
	if e.free {
		out.High = math.Inf(1)
	}
	for _, part := range e.parts {
		i, err := s.blocks.bounds(ctx, part)
		if err != nil {
			return Interval{}, err
		}
		out.Low += i.Low
		out.High += i.High
	}
	return out, nil
}

// Follows tells whether the value of an expression follows from the constraints, to a thousandth of a respondent. It is
// faster than BoundsOf where solutions found before already differ. Errors as BoundsOf.
func (s *System) Follows(ctx context.Context, t Terms) (bool, error) {
	e, err := s.split(t)
	if err != nil || e.free {
		return false, err
	}
	for _, part := range e.parts {
		if low, high := s.blocks.seen(part); !(Interval{low, high}).Exact() {
			return false, nil
		}
	}
	i, err := s.BoundsOf(ctx, t)
	return i.Exact(), err
}

// Possible tells whether an expression with non-negative coefficients can be more than 0. Errors as BoundsOf.
func (s *System) Possible(ctx context.Context, t Terms) (bool, error) {
	e, err := s.split(t)
	if err != nil || e.free || e.fixed > tolerance {
		return err == nil, err
	}
	for _, part := range e.parts {
		if _, high := s.blocks.seen(part); high > tolerance {
			return true, nil
		}
	}
	i, err := s.BoundsOf(ctx, t)
	return i.High > tolerance, err
}

// expression is an expression by where its numbers stand.
type expression struct {
	fixed float64     // what is known of it
	free  bool        // whether it has a number that no constraint mentions
	parts []objective // the rest, by block
}

// objective is an expression over the variables of one block.
type objective struct {
	block int
	coef  map[int]float64
}

func (s *System) split(t Terms) (expression, error) {
	if s.blocks == nil {
		b, err := newBlocks(s)
		if err != nil {
			return expression{}, err
		}
		s.blocks = b
	}
	var e expression
	index := map[int]int{}
	for _, name := range sortedNames(t) {
		i, known := s.names[name]
		if !known {
			e.free = true
			continue
		}
		if v, fixed := s.blocks.value(i); fixed {
			e.fixed += t[name] * v
			continue
		}
		b := s.blocks.of[i]
		k, ok := index[b]
		if !ok {
			k = len(e.parts)
			index[b] = k
			e.parts = append(e.parts, objective{block: b, coef: map[int]float64{}})
		}
		e.parts[k].coef[i] += t[name]
	}
	return e, nil
}
