package irt

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// fit is a calibration under way.
type fit struct {
	d       *Answers
	setup   []Setup
	options Options
	grid    []float64
	rows    []int32 // of each answer: its row in tables by item and category
	first   []int   // row of category 0 of each item
	nrows   int
	counts  []float64 // of each row
	people  []float64 // of each group

	par       *parameters
	now       *sums // at par
	root      *mat.Cholesky
	steps     int
	converged bool
}

// sums are what one pass over the answers gives: how many answers of each row, and people of each group, are expected at each point.
type sums struct {
	rows   []float64 // by row and point
	groups []float64 // by group and point
	loglik float64
}

// tables hold logarithms at the points: of the probabilities by row, and of the groups' masses.
type tables struct{ rows, groups [][]float64 }

func (f *fit) tables(par *parameters) *tables {
	t := &tables{}
	for i := range f.setup {
		t.rows = append(t.rows, tabulate(par.item(i), f.grid)...)
	}
	step := f.grid[1] - f.grid[0]
	for g := range f.options.Groups {
		mean, logSD := par.value[par.groups+2*g], par.value[par.groups+2*g+1]
		log := make([]float64, len(f.grid))
		for q, x := range f.grid {
			z := (x - mean) * math.Exp(-logSD)
			log[q] = -z*z/2 - logSD + math.Log(step/math.Sqrt(2*math.Pi))
		}
		t.groups = append(t.groups, log)
	}
	return t
}

// A pass over the people goes by blocks, whose sums are merged in order: their number hangs on the number of people alone.
const (
	blockPeople = 512
	maxBlocks   = 64
)

// blocks calls visit for each block of people, on the workers, and stops early where ctx ends.
func (f *fit) blocks(ctx context.Context, most int, visit func(block, from, to int)) (int, error) {
	people := f.d.People()
	n := max(1, min(most, people/blockPeople))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, f.options.Workers) {
		wait.Go(func() {
			for ctx.Err() == nil {
				b := int(next.Add(1)) - 1
				if b >= n {
					return
				}
				visit(b, b*people/n, (b+1)*people/n)
			}
		})
	}
	wait.Wait()
	return n, ctx.Err()
}

// pass is the E-step at par.
func (f *fit) pass(ctx context.Context, par *parameters) (*sums, error) {
	t := f.tables(par)
	parts := make([]*sums, maxBlocks)
	n, err := f.blocks(ctx, maxBlocks, func(block, from, to int) { parts[block] = f.passBlock(t, from, to) })
	if err != nil {
		return nil, err
	}
	total := parts[0]
	for _, part := range parts[1:n] {
		floats.Add(total.rows, part.rows)
		floats.Add(total.groups, part.groups)
		total.loglik += part.loglik
	}
	f.steps++
	return total, nil
}

func (f *fit) passBlock(t *tables, from, to int) *sums {
	q := len(f.grid)
	s := &sums{rows: make([]float64, f.nrows*q), groups: make([]float64, len(t.groups)*q)}
	mass := make([]float64, q)
	for p := from; p < to; p++ {
		s.loglik += f.d.weight[p] * f.person(t, p, mass)
		if w := f.d.weight[p]; w != 1 {
			floats.Scale(w, mass)
		}
		for _, row := range f.rows[f.d.start[p]:f.d.start[p+1]] {
			at := int(row) * q
			floats.Add(s.rows[at:at+q], mass)
		}
		at := int(f.d.group[p]) * q
		floats.Add(s.groups[at:at+q], mass)
	}
	return s
}

// negligible is the logarithm of a mass, relative to the largest, that no sum of double precision sees.
const negligible = -50

// person writes the posterior masses of a person into mass and returns the logarithm of the probability of the answers.
func (f *fit) person(t *tables, p int, mass []float64) float64 {
	copy(mass, t.groups[f.d.group[p]])
	for _, row := range f.rows[f.d.start[p]:f.d.start[p+1]] {
		floats.Add(mass, t.rows[row])
	}
	top := floats.Max(mass)
	sum := 0.0
	for q, l := range mass {
		if l -= top; l < negligible {
			mass[q] = 0
			continue
		}
		mass[q] = math.Exp(l)
		sum += mass[q]
	}
	floats.Scale(1/sum, mass)
	return top + math.Log(sum)
}
