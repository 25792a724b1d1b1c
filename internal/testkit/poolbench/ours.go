package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"tekentafel/internal/clock"
	"tekentafel/internal/stats/pool"
)

// model is one way to see the gap.
type model struct {
	name  string
	share bool
	spec  pool.Model
}

func models() []model {
	return []model{
		{"levels, function + department", false, pool.Model{}},
		{"levels, function + department + cell", false, pool.Model{Cell: true}},
		{"share below, function + department", true, pool.Model{}},
		{"share below, function + department + cell", true, pool.Model{Cell: true}},
	}
}

// ours fits all skills under each model, on all processors, and returns the fits of the first skill.
func ours(ctx context.Context, now clock.Clock, s *staff) ([]*pool.Fit, error) {
	var first []*pool.Fit
	for _, m := range models() {
		fits := make([]*pool.Fit, skills)
		cells := 0
		start, busy := now(), processor()
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(2)
		for k := range skills {
			group.Go(func() error {
				d := tally(s, k, m.share)
				fit := pool.FitLinear
				if m.share {
					fit = pool.FitShare
				}
				f, err := fit(ctx, d, m.spec)
				if err != nil {
					return fmt.Errorf("%s, skill %d: %w", m.name, k+1, err)
				}
				fits[k] = f
				if k == 0 {
					cells = len(d.Cells)
				}
				return say(f, d)
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		fmt.Printf("%-46s %9.2f %11.2f   five skills, %d cells each, %d steps\n", m.name, now().Sub(start).Seconds(), (processor() - busy).Seconds(), cells, fits[0].Steps)
		first = append(first, fits[0])
	}
	fmt.Printf("%-46s %9.0f MB\n\n", "peak memory, people included", peak())
	return first, nil
}

// tally counts a skill by cell.
func tally(s *staff, skill int, share bool) *pool.Data {
	values := s.level[skill]
	if share {
		values = s.below[skill]
	}
	all := make([]pool.Tally, functions*departments)
	for i, y := range values {
		all[int(s.function[i])*departments+int(s.department[i])].Add(float64(y), 1)
	}
	d := &pool.Data{Functions: functions, Departments: departments}
	for i, t := range all {
		if t.N > 0 {
			d.Cells = append(d.Cells, pool.Cell{Function: i / departments, Department: i % departments, Tally: t})
		}
	}
	return d
}

// say asks for an interval of every cell with respondents, and of departments, functions and everybody, in a population one and
// a half times as large.
func say(f *pool.Fit, d *pool.Data) error {
	targets := make([]pool.Target, len(d.Cells))
	byFunction, byDepartment := make([]int, len(targets)), make([]int, len(targets))
	place := map[int]int{}
	for i, c := range d.Cells {
		targets[i] = pool.Target{Function: c.Function, Department: c.Department, Size: float64(c.N + (c.N+1)/2), Known: c.Tally}
		if _, seen := place[c.Function]; !seen {
			place[c.Function] = len(place)
		}
		byFunction[i], byDepartment[i] = place[c.Function], c.Department
	}
	o := pool.Options{Rule: pool.LevelRule, Finite: true}
	if _, err := f.Predict(targets, o); err != nil {
		return err
	}
	for _, g := range []struct {
		group []int
		n     int
	}{{make([]int, len(targets)), 1}, {byFunction, len(place)}, {byDepartment, departments}} {
		if _, err := f.Aggregate(targets, g.group, g.n, o); err != nil {
			return err
		}
	}
	return nil
}

// processor is the time that processors have spent on this process.
func processor() time.Duration {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &use) != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// peak is the most memory that was resident, in MB.
func peak() float64 {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &use) != nil {
		return 0
	}
	return float64(use.Maxrss) / 1024
}
