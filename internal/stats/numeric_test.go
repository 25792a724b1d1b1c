package stats

import (
	"encoding/json"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"tekentafel/internal/testkit"
)

var updateNumericGolden = flag.Bool("update-numeric", false, "write testdata/oracle_numeric.json from R")

// numericCase asks R for numbers; each row of F and NCF are the arguments of pf.
type numericCase struct {
	Weights     []float64    `json:"weights"`
	Lower       float64      `json:"lower"`
	Upper       float64      `json:"upper"`
	P           []float64    `json:"p"`
	Proportions [][2]float64 `json:"proportions"`
	F           [][3]float64 `json:"f"`
	NCF         [][4]float64 `json:"ncf"`
	DF          []float64    `json:"df"`
	Means       [4]float64   `json:"means"` // two means, two standard errors
}

type numericAnswer struct {
	Trim, Strict, Holm []float64
	Wilson             [][2]float64
	Tail, NCF, T       []float64
	Welch              [2]float64
}

func newNumericCase() numericCase {
	r := rand.New(rand.NewPCG(5, 6))
	c := numericCase{Lower: 0.6, Upper: 2.2, Means: [4]float64{3.4, 3.1, 0.08, 0.11}}
	for range 200 {
		c.Weights = append(c.Weights, math.Exp(0.7*r.NormFloat64()))
	}
	for range 12 {
		c.P = append(c.P, r.Float64()*r.Float64()*0.2)
	}
	c.P = append(c.P, c.P[0], 1, 0)
	c.Proportions = [][2]float64{{0.531, 576}, {0.0, 40}, {1, 12}, {0.3, 10}}
	c.F = [][3]float64{{3, 2, 100}, {30, 4, 700}, {2, 28.3, 20000}, {1.2, 1200, 1e6}, {5, 1, 1e7}, {1.05, 1196, 1e10}, {0.4, 7.5, 3e8},
		{400, 4, 700}}
	c.NCF = [][4]float64{{3, 2, 100, 4}, {1.5, 28.3, 2000, 30}, {0.2, 5, 40, 0}, {12, 4, 700, 60}, {2, 299, 5e5, 300}, {0.5, 3, 12, 9},
		{3, 4, 1e10, 9}, {900, 4, 50000, 3500}}
	c.DF = []float64{1, 2, 3.5, 10, 702, 1e6}
	return c
}

func checkNumeric(t *testing.T, c numericCase, want numericAnswer) {
	t.Helper()
	k := checker{t, 1e-8}
	for strict, w := range map[bool][]float64{false: want.Trim, true: want.Strict} {
		r, err := Trim(c.Weights, c.Lower, c.Upper, strict)
		if err != nil {
			t.Fatal(err)
		}
		for i := range w {
			k.near("trimmed weight", r.Weights[i], w[i])
		}
	}
	for i, p := range Holm(c.P) {
		k.near("holm", p, want.Holm[i])
	}
	for i, p := range c.Proportions {
		low, high := Wilson(math.Round(p[0]*p[1])/p[1], int(p[1]), Level)
		k.near("wilson low", low, want.Wilson[i][0])
		k.near("wilson high", high, want.Wilson[i][1])
	}
	for i, f := range c.F {
		tail := fTail(f[0], f[1], f[2])
		if math.Abs(tail-want.Tail[i]) > 3e-8*want.Tail[i] {
			t.Errorf("tail of F%v: got %v, R says %v", f, tail, want.Tail[i])
		}
	}
	for i, f := range c.NCF {
		// R stops summing at an error of 1e-9
		checker{t, 1e-7}.near("noncentral F", noncentralFCDF(f[0], f[1], f[2], f[3]), want.NCF[i])
	}
	for i, df := range c.DF {
		k.near("t", tQuantile(Level, df), want.T[i])
	}
	a, b := Mean{Base: 9, Mean: c.Means[0], SE: c.Means[2], DF: 8}, Mean{Base: 9, Mean: c.Means[1], SE: c.Means[3], DF: 8}
	d, err := DifferenceOfMeans(a, b)
	if err != nil {
		t.Fatal(err)
	}
	k.near("difference", d.Diff, want.Welch[0])
	va, vb := a.SE*a.SE, b.SE*b.SE
	df := (va + vb) * (va + vb) * 8 / (va*va + vb*vb)
	k.near("difference limit", d.High-d.Diff, tQuantile(Level, df)*want.Welch[1])
}

func TestNumbersAgreeWithR(t *testing.T) {
	t.Parallel()
	testkit.NeedR(t)
	c := newNumericCase()
	var want numericAnswer
	testkit.AskR(t, "oracle_numeric.R", c, &want)
	checkNumeric(t, c, want)
	if *updateNumericGolden {
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/oracle_numeric.json", append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNumbersAgreeWithGolden(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/oracle_numeric.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Fatal("testdata/oracle_numeric.json is missing; write it with go test -run TestNumbersAgreeWithR -update-numeric")
	}
	var want numericAnswer
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	checkNumeric(t, newNumericCase(), want)
}

func TestNoncentralityIntervalInverts(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]float64{{3, 2, 100}, {1.1, 28.3, 2000}, {25, 4, 700}, {900, 4, 5e7}, {40, 1100, 1e9}, {4, 299, 31}} {
		low, high := noncentralityInterval(c[0], c[1], c[2], Level)
		for lambda, want := range map[float64]float64{low: 0.975, high: 0.025} {
			got := noncentralFCDF(c[0], c[1], c[2], lambda)
			if lambda > 0 && math.Abs(got-want) > 1e-7 || lambda == 0 && got > want+1e-9 {
				t.Errorf("F%v: at lambda %v the distribution function is %v, want %v", c, lambda, got, want)
			}
		}
	}
	if low, high := noncentralityInterval(0.01, 5, 100, Level); low != 0 || high != 0 {
		t.Errorf("a tiny F has noncentrality [%v, %v], want 0", low, high)
	}
}
