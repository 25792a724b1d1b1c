package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// simpleShare is x of n in a simple random sample.
func simpleShare(t *testing.T, x, n int) Share {
	t.Helper()
	item := Codes{U8: make([]uint8, n), K: 2}
	for i := range x {
		item.U8[i] = 1
	}
	return sharesOf(t, &Design{N: n}, Cross{Item: item}).At(0, 1)
}

func TestDifferenceAndItsPNeverDisagree(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		n, m := 5+r.IntN(400), 1+r.IntN(900)
		ours := simpleShare(t, r.IntN(n+1), n)
		published := math.Round(r.Float64()*float64(m)) / float64(m)
		c, err := AgainstPublished(ours, published, m)
		if err != nil {
			t.Fatal(err)
		}
		if !(-1 <= c.Low-1 && c.Low <= published && published <= c.High && c.High <= 1) {
			t.Fatalf("published %v: %+v", published, c)
		}
		d := c.Difference
		if !(-1 <= d.Low && d.Low <= d.Diff && d.Diff <= d.High && d.High <= 1 && d.P > 0 && d.P <= 1) {
			t.Fatalf("%+v", d)
		}
		if zero := d.Low <= 0 && d.High >= 0; zero != (d.P >= 1-Level) && math.Abs(d.P-(1-Level)) > 1e-9 {
			t.Fatalf("interval [%v, %v] and p %v disagree", d.Low, d.High, d.P)
		}
	}
}

func TestDifferenceOfSharesIsAntisymmetric(t *testing.T) {
	t.Parallel()
	a, b := simpleShare(t, 60, 100), simpleShare(t, 40, 110)
	ab, err := DifferenceOfShares(a, b)
	if err != nil {
		t.Fatal(err)
	}
	ba, err := DifferenceOfShares(b, a)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(ab.Diff+ba.Diff)+math.Abs(ab.Low+ba.High)+math.Abs(ab.High+ba.Low)+math.Abs(ab.P-ba.P) > 1e-12 {
		t.Errorf("%+v against %+v", ab, ba)
	}
	// The score test of two proportions gives p = 0.0006.
	if ab.P < 2e-4 || ab.P > 2e-3 {
		t.Errorf("p is %v", ab.P)
	}
	if same, _ := DifferenceOfShares(a, a); same.Diff != 0 || same.P < 1-1e-9 {
		t.Errorf("a share against itself: %+v", same)
	}
}

func TestNothingToCompareIsAnError(t *testing.T) {
	t.Parallel()
	ours := simpleShare(t, 3, 9)
	for _, err := range []error{
		second(AgainstPublished(ours, 1.2, 10)), second(AgainstPublished(ours, 0.2, 0)), second(AgainstPublished(Share{}, 0.2, 10)),
		second(AgainstPublished(ours, math.NaN(), 10)), second(DifferenceOfShares(ours, Share{})),
		second(DifferenceOfMeans(Mean{Base: 1}, Mean{Base: 1})),
	} {
		if err == nil {
			t.Error("no error")
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestDifferenceOfMeansThatAreExact(t *testing.T) {
	t.Parallel()
	d, err := DifferenceOfMeans(Mean{Base: 9, DF: 8, Mean: 3}, Mean{Base: 9, DF: 8, Mean: 2})
	if want := (Difference{Diff: 1, Low: 1, High: 1}); err != nil || d != want {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestHolmKeepsOrderAndNothing(t *testing.T) {
	t.Parallel()
	if got := Holm(nil); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	got := Holm([]float64{0.04, 0.01, 0.03})
	for i, want := range []float64{0.06, 0.03, 0.06} {
		if math.Abs(got[i]-want) > 1e-15 {
			t.Errorf("p-value %d: got %v, want %v", i, got[i], want)
		}
	}
}
