package pool_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tekentafel/internal/stats/pool"
)

func TestNoFigureIsSilentAboutWhatItLacks(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(6, 6))
	d := pool.Data{Functions: 8, Departments: 6}
	var yes []pool.Cell
	add := func(f, k, n int) {
		c, s := pool.Cell{Function: f, Department: k}, pool.Cell{Function: f, Department: k}
		for range n {
			y := 2.5 + 0.4*math.Sin(float64(f)) + 0.3*math.Cos(float64(k)) + 0.5*r.NormFloat64()
			c.Add(y, 1)
			below := 0.0
			if y < 2.5 {
				below = 1
			}
			s.Add(below, 1)
		}
		d.Cells, yes = append(d.Cells, c), append(yes, s)
	}
	for f := range 6 {
		for k := range 5 {
			add(f, k, 6)
		}
	}
	add(6, 0, 4) // a function with four people; function 7 and department 5 have none
	f, err := pool.FitLinear(t.Context(), &d, pool.Model{})
	if err != nil {
		t.Fatal(err)
	}
	shares := d
	shares.Cells = yes
	s, err := pool.FitShare(t.Context(), &shares, pool.Model{})
	if err != nil {
		t.Fatal(err)
	}
	rule := pool.LevelRule
	for _, c := range []struct {
		name                 string
		function, department int
		rule                 pool.Rule
		want                 pool.Doubt
	}{
		{"enough", 1, 1, rule, 0},
		{"few of a function", 6, 0, rule, pool.FewInFunction},
		{"nobody of a function", 7, 0, rule, pool.FewInFunction | pool.WideInterval},
		{"nobody of a department", 1, 5, rule, pool.FewInDepartment | pool.WideInterval},
		{"nobody of both", 7, 5, rule, pool.FewInFunction | pool.FewInDepartment | pool.WideInterval},
		{"wide", 1, 1, pool.Rule{MaxWidth: 0.1}, pool.WideInterval},
		{"levels", 1, 1, pool.Rule{MinLevels: 6}, pool.FewLevels},
		{"no rule", 7, 5, pool.Rule{}, 0},
	} {
		p := predict(t, f, []pool.Target{{Function: c.function, Department: c.department}}, pool.Options{Rule: c.rule})[0]
		if p.Doubt&^pool.WideInterval != c.want&^pool.WideInterval || (p.Doubt&pool.WideInterval != 0) != (c.rule.MaxWidth > 0 && p.High-p.Low > c.rule.MaxWidth) {
			t.Errorf("%s: doubted for %q, not %q (%+v)", c.name, p.Doubt, c.want, p)
		}
	}
	wide := predict(t, s, []pool.Target{{Function: 7, Department: 5}}, pool.Options{Rule: pool.ShareRule})[0]
	if wide.Doubt != pool.FewInFunction|pool.FewInDepartment|pool.WideInterval {
		t.Errorf("a share of nobody: %q (%+v)", wide.Doubt, wide)
	}
	targets := []pool.Target{{Function: 6, Department: 0, Size: 5}, {Function: 1, Department: 1, Size: 5}, {Function: 1, Department: 2, Size: 5}}
	a := aggregate(t, f, targets, []int{0, 1, 1}, 2, pool.Options{Rule: rule})
	if a.Predictions[0].Doubt != pool.FewInGroup || a.Predictions[1].Doubt != 0 || a.Predictions[0].People != 4 || a.Predictions[1].People != 12 {
		t.Errorf("%+v", a.Predictions)
	}
}

func TestTheChanceToLieBelowALimit(t *testing.T) {
	t.Parallel()
	linear, share := linearWorlds()[0].build(), shareWorlds()[0].build()
	for _, f := range []*pool.Fit{linear.fit(t), share.fit(t)} {
		p := predict(t, f, []pool.Target{{Function: 2, Department: 3}}, pool.Options{})[0]
		if b := f.Below(p, p.Low); math.Abs(b-0.025) > 1e-9 {
			t.Errorf("below the lower end: %v", b)
		}
		if b := f.Below(p, p.High); math.Abs(b-0.975) > 1e-9 {
			t.Errorf("below the upper end: %v", b)
		}
		known := pool.Prediction{Estimate: 0.5, Low: 0.5, High: 0.5}
		if f.Below(known, 0.4) != 0 || f.Below(known, 0.6) != 1 {
			t.Error("a mean that is known is below a limit or is not")
		}
	}
	f := share.fit(t)
	p := predict(t, f, []pool.Target{{Function: 2, Department: 3}}, pool.Options{})[0]
	if f.Below(p, 0) != 0 || f.Below(p, 1) != 1 || f.Below(p, -1) != 0 || f.Below(p, 2) != 1 {
		t.Error("a share lies between 0 and 1")
	}
}
