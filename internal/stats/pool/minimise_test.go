package pool

import (
	"context"
	"errors"
	"math"
	"testing"
)

// valley is a sum of squares of linear forms, with its own slope and curvature.
type valley struct {
	forms  [][]float64 // coefficients, then the value to be met
	x      []float64
	values int
}

func (v *valley) value(x []float64) (float64, error) {
	v.x = append([]float64(nil), x...)
	v.values++
	sum := 0.0
	for _, f := range v.forms {
		r := dot(f[:len(x)], x) - f[len(x)]
		sum += 10 * r * r
	}
	return sum, nil
}

func (v *valley) slope() (gradient, curvature []float64) {
	m := len(v.x)
	gradient, curvature = make([]float64, m), make([]float64, m*m)
	for _, f := range v.forms {
		r := dot(f[:m], v.x) - f[m]
		for i := range m {
			gradient[i] += 20 * r * f[i]
			for j := range m {
				curvature[i*m+j] += 20 * f[i] * f[j]
			}
		}
	}
	return gradient, curvature
}

func TestAMinimumIsFoundWhereverItLies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		forms [][]float64
		start []float64
		k     int
		want  []float64
	}{
		{"inside", [][]float64{{1, 0, 3}, {0, 1, 0.02}}, []float64{1, 1}, 2, []float64{3, 0.02}},
		{"small, with a start at which 0 is lower", [][]float64{{1, 0.01}}, []float64{1}, 1, []float64{0.01}},
		{"at 0", [][]float64{{1, 0, -0.5}, {0, 1, 2}}, []float64{1, 1}, 2, []float64{0, 2}},
		{"both at 0", [][]float64{{1, 0, -0.5}, {0, 1, -2}}, []float64{1, 1}, 2, []float64{0, 0}},
		{"started at 0", [][]float64{{1, 0, 0.7}, {0, 1, 0.3}}, []float64{0, 0}, 2, []float64{0.7, 0.3}},
		{"at 0 until another variance has moved", [][]float64{{1, 1, 0.9}, {0, 1, 0.2}}, []float64{1, 1}, 2, []float64{0.7, 0.2}},
		{"with a coefficient", [][]float64{{1, 1, 2}, {0, 1, -4}}, []float64{1, 0}, 1, []float64{6, -4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := &valley{forms: c.forms}
			m, err := minimise(t.Context(), v, c.start, c.k)
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range m.x {
				if math.Abs(x-c.want[i]) > 1e-8 || (c.want[i] == 0) != (x == 0) {
					t.Errorf("found %v, not %v", m.x, c.want)
				}
			}
			for i, x := range v.x {
				if x != m.x[i] {
					t.Errorf("last evaluated at %v, not at the minimum %v", v.x, m.x)
				}
			}
			if v.values > 60 {
				t.Errorf("%d evaluations", v.values)
			}
		})
	}
}

func TestZeroIsNotTakenWhereTheDevianceFallsFromIt(t *testing.T) {
	t.Parallel()
	v := &valley{forms: [][]float64{{1, 0.3}}}
	f, _ := v.value([]float64{1})
	g, h := v.slope()
	s := search{c: v, k: 1, at: minimum{x: []float64{1}, gradient: g, curvature: h, value: f}, rested: make([]int, 1)}
	// 0 lies lower than 1, but the minimum lies between.
	if taken, err := s.tryZero(0); taken || err != nil || s.at.x[0] != 1 {
		t.Errorf("taken %v, error %v, at %v", taken, err, s.at.x)
	}
}

// cliff falls for ever.
type cliff struct{ x float64 }

func (c *cliff) value(x []float64) (float64, error) {
	c.x = x[0]
	return -math.Log(x[0]), nil
}

func (c *cliff) slope() (gradient, curvature []float64) {
	return []float64{-1 / c.x}, []float64{1 / (c.x * c.x)}
}

func TestASearchWithoutAMinimumEnds(t *testing.T) {
	t.Parallel()
	if _, err := minimise(context.Background(), &cliff{}, []float64{1}, 1); !errors.Is(err, ErrNoNoise) {
		t.Errorf("%v", err)
	}
	nowhere := &valley{forms: [][]float64{{math.NaN(), 1}}}
	if _, err := minimise(context.Background(), nowhere, []float64{1}, 1); !errors.Is(err, ErrNoMinimum) {
		t.Errorf("%v", err)
	}
}
