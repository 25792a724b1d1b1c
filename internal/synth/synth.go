// Package synth makes a synthetic organisation and wave for any instrument: seeded, of any size, calibrated to published
// figures, and labelled as synthetic in the file itself, so that every view of it can say so.
//
// Each respondent follows from the seed and a number alone, so the result is the same whatever the number of workers,
// and a wave of any size streams through a bounded memory.
package synth

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"tekentafel/internal/instrument"
)

// Marker is the column that says that a file is synthetic; it holds 1 in every row.
const Marker = "tekentafel_synthetic"

// Options say what to make.
type Options struct {
	Instrument  *instrument.Instrument
	Size        int    // respondents, 1 or more
	Seed        uint64 // the same seed makes the same wave
	Departments int    // 0: 24
	Population  int    // people in the organisation, at least Size; 0: Size / 0.41
	// Progress is told how many respondents are made; nil for no one. It may be called from several goroutines.
	Progress func(done, total int64)
}

// The defaults of Options, and the number of respondents that are made and written together.
const (
	defaultDepartments = 24
	defaultResponse    = 0.41
	chunk              = 1 << 17
)

// Wave makes respondents in chunks.
type Wave struct {
	opt       Options
	org       *organisation
	routing   *instrument.Routing
	variables []instrument.Variable
	recipes   []recipe // by variable
	world     *world
}

// New prepares a wave. The error says which option is wrong.
func New(opt Options) (*Wave, error) {
	if opt.Instrument == nil {
		return nil, fmt.Errorf("a synthetic wave needs an instrument")
	}
	if opt.Size < 1 {
		return nil, fmt.Errorf("a wave of %d respondents cannot be made; give a size of 1 or more", opt.Size)
	}
	if opt.Departments == 0 {
		opt.Departments = defaultDepartments
	}
	if opt.Departments < 1 || opt.Departments > maxDepartments {
		return nil, fmt.Errorf("an organisation of %d departments cannot be made; give a number from 1 to %d", opt.Departments, maxDepartments)
	}
	if opt.Population == 0 {
		opt.Population = max(opt.Size, int(float64(opt.Size)/defaultResponse))
	}
	if opt.Population < opt.Size {
		return nil, fmt.Errorf("a population of %d people is smaller than the %d who answer; give a larger one", opt.Population, opt.Size)
	}
	routing, err := instrument.CompileRouting(opt.Instrument)
	if err != nil {
		return nil, err
	}
	w := &Wave{opt: opt, routing: routing, variables: opt.Instrument.Variables()}
	w.org = newOrganisation(opt.Seed, opt.Departments, opt.Population, opt.Size)
	w.world = newWorld(opt.Instrument)
	for i := range w.variables {
		w.recipes = append(w.recipes, w.recipeFor(&w.variables[i]))
	}
	return w, nil
}

// Answers makes respondents from..to (counted from 0) with routing applied.
func (w *Wave) Answers(ctx context.Context, from, to int) (*instrument.Answers, error) {
	n := to - from
	a := &instrument.Answers{
		Instrument: w.opt.Instrument, N: n, Variables: w.variables, Columns: make([]*instrument.Column, len(w.variables)),
		Texts: map[string]int{}, Synthetic: true,
	}
	for i, r := range w.recipes {
		if r != nil {
			a.Columns[i] = r.column(n)
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		g.Go(func() error {
			for i := n * k / workers; i < n*(k+1)/workers; i++ {
				if i%1024 == 0 && ctx.Err() != nil {
					return ctx.Err()
				}
				w.answer(a, i, from+i)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	w.routing.Apply(a)
	return a, nil
}

// answer fills in row i with what respondent number says.
func (w *Wave) answer(a *instrument.Answers, i, number int) {
	p := w.world.person(w.opt.Seed, number, w.org)
	for v, r := range w.recipes {
		if r == nil {
			continue
		}
		set(a.Columns[v], i, r.answer(p))
	}
}

func set(c *instrument.Column, i, code int) {
	if c.Narrow != nil {
		c.Narrow[i] = uint8(code)
	} else {
		c.Wide[i] = uint16(code)
	}
}

// each hands the respondents to do in chunks, in order.
func (w *Wave) each(ctx context.Context, do func(a *instrument.Answers) error) error {
	for from := 0; from < w.opt.Size; from += chunk {
		to := min(from+chunk, w.opt.Size)
		a, err := w.Answers(ctx, from, to)
		if err != nil {
			return err
		}
		if err := do(a); err != nil {
			return err
		}
		if w.opt.Progress != nil {
			w.opt.Progress(int64(to), int64(w.opt.Size))
		}
	}
	return nil
}
