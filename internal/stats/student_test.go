package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestStudentQuantileIsThatOfTheDistribution(t *testing.T) {
	t.Parallel()
	for _, level := range []float64{0.5, 0.8, 0.9, 0.95, 0.99, 0.999} {
		for _, df := range []float64{1, 2.5, 30, 499, 500, 501, 1234.5, 1e4, 1e6} {
			got, p := tQuantile(level, df), (1+level)/2
			if back := (distuv.StudentsT{Sigma: 1, Nu: df}).CDF(got); math.Abs(back-p) > 1e-12 {
				t.Errorf("level %v, df %v: %v has probability %v, want %v", level, df, got, back, p)
			}
		}
	}
	if got := tQuantile(0.95, 0); !math.IsInf(got, 1) {
		t.Errorf("no degrees of freedom: %v, want +Inf", got)
	}
}
