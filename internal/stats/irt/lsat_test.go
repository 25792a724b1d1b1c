package irt

import (
	"math"
	"testing"
)

// lsat6 are the answers of 1,000 people to section 6 of the Law School Admission Test (Bock & Lieberman 1970, Psychometrika 35; bock.table in the R package psych),
// the patterns as binary numbers, the first item first.
var lsat6 = []struct {
	pattern string
	people  float64
}{
	{"00000", 3}, {"00001", 6}, {"00010", 2}, {"00011", 11}, {"00100", 1}, {"00101", 1}, {"00110", 3}, {"00111", 4}, {"01000", 1}, {"01001", 8},
	{"01011", 16}, {"01101", 3}, {"01110", 2}, {"01111", 15}, {"10000", 10}, {"10001", 29}, {"10010", 14}, {"10011", 81}, {"10100", 3}, {"10101", 28},
	{"10110", 15}, {"10111", 80}, {"11000", 16}, {"11001", 56}, {"11010", 21}, {"11011", 173}, {"11100", 11}, {"11101", 61}, {"11110", 28}, {"11111", 298},
}

// lsatAnswers reads a pattern.
func lsatAnswers(pattern string) []Answer {
	var out []Answer
	for i, c := range pattern {
		out = append(out, Answer{i, int(c - '0')})
	}
	return out
}

func lsatData(t testing.TB) *Answers {
	t.Helper()
	var d Answers
	for _, row := range lsat6 {
		if err := d.AddMany(row.people, 0, lsatAnswers(row.pattern)...); err != nil {
			t.Fatal(err)
		}
	}
	return &d
}

// binarySetup starts n items with two categories at slope 1 and threshold 0, without priors.
func binarySetup(n int) []Setup {
	out := make([]Setup, n)
	for i := range out {
		out[i].Start = Item{A: 1, B: []float64{0}}
	}
	return out
}

// TestPublishedEstimatesOfTheLSATAreReproduced holds calibration and scoring to what the R package ltm prints for these data (ltm(LSAT ~ z1),
// and factor.scores with the method EB, which is the posterior mode).
func TestPublishedEstimatesOfTheLSATAreReproduced(t *testing.T) {
	t.Parallel()
	c, err := Calibrate(t.Context(), lsatData(t), binarySetup(5), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Converged {
		t.Fatal("no convergence")
	}
	t.Logf("%d passes", c.Steps)
	close := func(what string, got, want, within float64) {
		t.Helper()
		if !(math.Abs(got-want) <= within) {
			t.Errorf("%s is %.6f, published %.6f", what, got, want)
		}
	}
	close("log-likelihood", c.LogLikelihood, -2466.653, 0.0006)
	published := []struct{ b, a, seB, seA float64 }{
		{-3.3597341, 0.8253715, 0.8669, 0.2581}, {-1.3696497, 0.7229499, 0.3073, 0.1867}, {-0.2798983, 0.8904748, 0.0997, 0.2326},
		{-1.8659189, 0.6885502, 0.4341, 0.1852}, {-3.1235725, 0.6574516, 0.8700, 0.2100},
	}
	for i, want := range published {
		got := c.Items[i]
		close("threshold", got.Item.B[0], want.b, 1e-3*math.Abs(want.b)) // ltm stops at a gradient of 0.024
		close("slope", got.Item.A, want.a, 1e-3)
		close("error of the threshold", got.ThresholdSE[0], want.seB, 0.002)
		close("error of the slope", got.SlopeSE, want.seA, 0.0005)
	}
	s, err := NewScorer(c.Parameters(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		pattern   string
		theta, se float64
	}{{"00000", -1.895, 0.795}, {"00111", -0.463, 0.812}, {"01000", -1.438, 0.796}, {"10011", -0.506, 0.811}, {"11011", -0.022, 0.827}, {"11111", 0.606, 0.855}} {
		got, err := s.MAP(lsatAnswers(want.pattern))
		if err != nil {
			t.Fatal(err)
		}
		close("mode of "+want.pattern, got.Theta, want.theta, 0.001)
		close("error of the mode of "+want.pattern, got.SE, want.se, 0.001)
	}
}
