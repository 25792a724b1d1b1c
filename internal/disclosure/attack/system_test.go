package attack

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func bounds(t testing.TB, s *System, terms Terms) Interval {
	t.Helper()
	i, err := s.BoundsOf(context.Background(), terms)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestBoundsByHand(t *testing.T) {
	t.Parallel()
	s := NewSystem()
	s.Equal(Terms{"a": 1, "b": 1, "c": 1}, 15)
	s.Equal(Terms{"c": 1}, 4)
	s.AtMost(Terms{"a": 1}, 7)
	s.AtMost(Terms{"far": 1, "a": -1}, 0)
	for _, tt := range []struct {
		terms Terms
		want  Interval
	}{
		{Terms{"a": 1}, Interval{0, 7}},
		{Terms{"b": 1}, Interval{4, 11}},
		{Terms{"c": 1}, Interval{4, 4}},
		{Terms{"a": 1, "b": 1}, Interval{11, 11}},
		{Terms{"far": 1}, Interval{0, 7}},
		{Terms{"nobody mentions": 1}, Interval{0, math.Inf(1)}},
	} {
		if got := bounds(t, s, tt.terms); math.Abs(got.Low-tt.want.Low) > tolerance || got.High != tt.want.High && math.Abs(got.High-tt.want.High) > tolerance {
			t.Errorf("%v: got %v, want %v", tt.terms, got, tt.want)
		}
	}
}

func TestContradictionIsAnError(t *testing.T) {
	t.Parallel()
	for name, build := range map[string]func(*System){
		"at once": func(s *System) { s.Equal(Terms{"a": 1}, -3) },
		"in the program": func(s *System) {
			s.Equal(Terms{"a": 1, "b": 1}, 3)
			s.Equal(Terms{"b": 1, "c": 1}, 3)
			s.Equal(Terms{"a": 1, "c": 1}, 8)
		},
	} {
		s := NewSystem()
		build(s)
		if _, err := s.Bounds(context.Background(), "a"); !errors.Is(err, ErrContradiction) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A two-way table with known margins: the bounds of a cell are those of Fréchet (1940).
func TestBoundsOfTwoWayTableAreFrechet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(2, 5).Draw(t, "rows")
		columns := rapid.IntRange(2, 5).Draw(t, "columns")
		s := NewSystem()
		r, c := make([]int, rows), make([]int, columns)
		byRow, byColumn := make([]Terms, rows), make([]Terms, columns)
		total := 0
		for i := range rows {
			for j := range columns {
				n := rapid.IntRange(0, 9).Draw(t, "n")
				r[i], c[j], total = r[i]+n, c[j]+n, total+n
				for _, m := range []*Terms{&byRow[i], &byColumn[j]} {
					if *m == nil {
						*m = Terms{}
					}
					(*m)[fmt.Sprint(i, j)] = 1
				}
			}
		}
		for i, m := range byRow {
			s.Equal(m, float64(r[i]))
		}
		for j, m := range byColumn {
			s.Equal(m, float64(c[j]))
		}
		for i := range rows {
			for j := range columns {
				got, err := s.Bounds(context.Background(), fmt.Sprint(i, j))
				if err != nil {
					t.Fatal(err)
				}
				low, high := float64(max(0, r[i]+c[j]-total)), float64(min(r[i], c[j]))
				if math.Abs(got.Low-low) > tolerance || math.Abs(got.High-high) > tolerance {
					t.Fatalf("cell %d,%d: got %v, want [%v %v]", i, j, got, low, high)
				}
			}
		}
	})
}
