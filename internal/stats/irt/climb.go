package irt

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// em is one step of EM from par, whose pass is s.
func (f *fit) em(par *parameters, s *sums) *parameters {
	next := par.clone()
	for i, setup := range f.setup {
		if !setup.Fixed {
			f.block(i, s).maximise(&next.value[next.first[i]], next.thresholds(i))
		}
	}
	q := len(f.grid)
	for g, group := range f.options.Groups {
		mass := s.groups[g*q : (g+1)*q]
		total, mean, square := 0.0, 0.0, 0.0
		for j, m := range mass {
			total += m
			mean += m * f.grid[j]
		}
		at := next.groups + 2*g
		if group.FreeMean {
			next.value[at] = mean / total
		}
		if group.FreeSD {
			for j, m := range mass {
				d := f.grid[j] - next.value[at]
				square += m * d * d
			}
			next.value[at+1] = math.Log(math.Sqrt(square / total))
		}
	}
	return next
}

// climb finds the maximum.
func (f *fit) climb(ctx context.Context) error {
	var err error
	if f.now, err = f.pass(ctx, f.par); err != nil {
		return err
	}
	for f.steps < f.options.MaxSteps {
		if err := f.cycles(ctx, firstCycles); err != nil {
			return err
		}
		done, err := f.newton(ctx)
		if err != nil || done {
			return err
		}
	}
	return nil
}

// cycles makes SQUAREM cycles (Varadhan & Roland 2008, scheme S3) while they gain much, at most so many.
func (f *fit) cycles(ctx context.Context, most int) error {
	height := f.now.loglik + f.par.prior(f.setup)
	reach := 4.0
	for range most {
		one := f.em(f.par, f.now)
		at, err := f.pass(ctx, one)
		if err != nil {
			return err
		}
		two := f.em(one, at)
		zero, first, second := f.par.open(), one.open(), two.open()
		rr, vv := 0.0, 0.0
		for j := range zero {
			r := first[j] - zero[j]
			v := second[j] - first[j] - r
			rr, vv = rr+r*r, vv+v*v
		}
		if rr < 1e-24 {
			return nil
		}
		size := min(reach, max(1, math.Sqrt(rr/max(vv, 1e-300))))
		far := two.clone()
		for j := range zero {
			r := first[j] - zero[j]
			v := second[j] - first[j] - r
			zero[j] += 2*size*r + size*size*v
		}
		far.take(zero)
		best := two
		if size > 1 && far.possible() {
			best = far
		}
		s, err := f.pass(ctx, best)
		if err != nil {
			return err
		}
		new := s.loglik + best.prior(f.setup)
		if best == far && !(new >= at.loglik+one.prior(f.setup)) {
			reach = max(1, reach/4)
			best = two
			if s, err = f.pass(ctx, best); err != nil {
				return err
			}
			new = s.loglik + best.prior(f.setup)
		} else if size == reach {
			reach *= 4
		}
		f.par, f.now = best, s
		if new-height < cycleGain {
			return nil
		}
		height = new
	}
	return nil
}

// newton makes Newton's steps with the observed information until there is nothing more to gain, which is told, or until a step
// fails.
func (f *fit) newton(ctx context.Context) (done bool, err error) {
	if len(f.par.free) == 0 {
		f.converged = true
		return true, nil
	}
	for f.steps < f.options.MaxSteps {
		g, info, err := f.information(ctx)
		if err != nil {
			return false, err
		}
		root := new(mat.Cholesky)
		if !root.Factorize(info) {
			f.root = nil
			return f.stuck(ctx)
		}
		f.root = root
		step := mat.NewVecDense(len(g), nil)
		if err := root.SolveVecTo(step, mat.NewVecDense(len(g), g)); err != nil {
			return f.stuck(ctx)
		}
		decrement := floats.Dot(g, step.RawVector().Data)
		if decrement < decrementDone*max(1, math.Sqrt(-f.now.loglik)) {
			f.converged = true
			return true, nil
		}
		moved, err := f.advance(ctx, step.RawVector().Data, decrement)
		if err != nil {
			return false, err
		}
		if !moved {
			return f.stuck(ctx)
		}
	}
	return false, nil
}

// stuck goes on with EM where Newton can't; it tells that there is no way up where EM does not move either.
func (f *fit) stuck(ctx context.Context) (bool, error) {
	before := f.par.open()
	if err := f.cycles(ctx, 10); err != nil {
		return false, err
	}
	after := f.par.open()
	return floats.Distance(before, after, math.Inf(1)) < 1e-9, nil
}

// advance takes the step, or a half, a quarter ... of it, that does not lose; near the maximum, where rounding hides the gain, the step.
func (f *fit) advance(ctx context.Context, step []float64, decrement float64) (bool, error) {
	height := f.now.loglik + f.par.prior(f.setup)
	size := 1.0
	for range 12 {
		next := f.par.clone()
		for k, j := range next.free {
			next.value[j] += size * step[k]
		}
		size /= 2
		if !next.possible() {
			continue
		}
		s, err := f.pass(ctx, next)
		if err != nil {
			return false, err
		}
		if s.loglik+next.prior(f.setup) >= height || decrement < 1e-7 {
			f.par, f.now = next, s
			return true, nil
		}
	}
	return false, nil
}
