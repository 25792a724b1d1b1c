package price_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/price"
)

const list = `
models:
  - model: small
    prices:
      - {from: "2026-11-01", input: "0.20", output: "0.80", cached: "0.02", cache_write: "0.25", source: contract 12}
      - {from: "2026-01-01", input: "0.15", output: "0.60"}
    energy: {active: [8, 24], total: [8, 24], source: maker's card, published: true}
  - model: own
    prices: [{from: "2026-01-01", input: "0", output: "0"}]
    energy: {metered: [0.4, 0.6]}
`

func parsed(t *testing.T, src string) *price.List {
	t.Helper()
	l, err := price.Parse("prices.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAPriceHoldsFromItsDayInTheZoneOfTheOrganisation(t *testing.T) {
	t.Parallel()
	l, zone := parsed(t, list), clock.Brussels()
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 10, 31, 23, 59, 59, 0, zone), "0.60"},
		{time.Date(2026, 11, 1, 0, 0, 0, 0, zone), "0.80"}, // 23:00 in UTC of the day before
		{time.Date(2026, 1, 1, 0, 0, 0, 0, zone), "0.60"},
		{time.Date(2030, 1, 1, 0, 0, 0, 0, zone), "0.80"},
	} {
		r, err := l.Rates("small", c.at)
		if err != nil || r.Output.String() != c.want {
			t.Errorf("at %v output costs %v (%v), want %s", c.at, r.Output, err, c.want)
		}
	}
	r, _ := l.Rates("small", time.Date(2026, 2, 1, 0, 0, 0, 0, zone))
	if r.Cached != r.Input || r.CacheWrite != r.Input {
		t.Errorf("a price that is left out is not that of input: %+v", r)
	}
	if _, err := l.Rates("small", time.Date(2025, 12, 31, 23, 59, 59, 0, zone)); !errors.Is(err, price.ErrEarly) {
		t.Errorf("before the first price: %v", err)
	}
	if _, err := l.Rates("other", time.Date(2026, 2, 1, 0, 0, 0, 0, zone)); !errors.Is(err, price.ErrUnknown) {
		t.Errorf("a model that is not in the list: %v", err)
	}
}

func TestAModelThatIsSaidToBeFreeCostsNothingOnAnyDay(t *testing.T) {
	t.Parallel()
	l := parsed(t, "models: [{model: own, prices: free}]")
	l.AddFree("inside")
	for _, name := range []string{"own", "inside"} {
		r, err := l.Rates(name, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil || r != (price.Rates{}) || l.Energy(name) != nil {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	if _, err := price.Parse("p", []byte("models: [{model: own, prices: fre}]")); err == nil || !strings.Contains(err.Error(), "expected a list, found \"fre\"") {
		t.Errorf("a word that is not known: %v", err)
	}
}

func TestCostIsExactAndRoundedUpOnce(t *testing.T) {
	t.Parallel()
	r, err := parsed(t, list).Rates("small", time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		used price.Usage
		want string
	}{
		{price.Usage{Input: 1_000_000}, "0.20"},
		{price.Usage{Input: 1000, Cached: 500, CacheWrite: 100, Output: 400}, "0.000555"}, // 0.0002 + 0.00001 + 0.000025 + 0.00032
		{price.Usage{Output: 1}, "0.0000008"},
		{price.Usage{Cached: 1}, "0.00000002"},
		{price.Usage{Input: -5, Output: -1}, "0.00"},
		{price.Usage{}, "0.00"},
	} {
		if got := r.Cost(c.used).String(); got != c.want {
			t.Errorf("%+v costs %s, want %s", c.used, got, c.want)
		}
	}
	if got := (price.Rates{Input: 1}).Cost(price.Usage{Input: 1}); got != 1 {
		t.Errorf("a pico-euro is %d nano-euro", got)
	}
}

func TestCostAgreesWithExactFractionsAndNeverPassesTheMost(t *testing.T) {
	t.Parallel()
	rate := rapid.Int64Range(0, 1_000_000_000_000)
	tokens := rapid.OneOf(rapid.Int64Range(0, 300_000), rapid.Int64Range(0, math.MaxInt64/4))
	rapid.Check(t, func(t *rapid.T) {
		r := price.Rates{Input: price.Rate(rate.Draw(t, "input")), Cached: price.Rate(rate.Draw(t, "cached")),
			CacheWrite: price.Rate(rate.Draw(t, "write")), Output: price.Rate(rate.Draw(t, "output"))}
		u := price.Usage{Input: tokens.Draw(t, "in"), Cached: tokens.Draw(t, "cache"), CacheWrite: tokens.Draw(t, "new"), Output: tokens.Draw(t, "out")}
		sum := new(big.Int)
		for _, x := range [][2]int64{{u.Input, int64(r.Input)}, {u.Cached, int64(r.Cached)}, {u.CacheWrite, int64(r.CacheWrite)}, {u.Output, int64(r.Output)}} {
			sum.Add(sum, new(big.Int).Mul(big.NewInt(x[0]), big.NewInt(x[1])))
		}
		want, rest := new(big.Int).DivMod(sum, big.NewInt(1000), new(big.Int))
		if rest.Sign() > 0 {
			want.Add(want, big.NewInt(1))
		}
		if !want.IsInt64() {
			want.SetInt64(math.MaxInt64)
		}
		got := r.Cost(u)
		if int64(got) != want.Int64() {
			t.Fatalf("%+v at %+v costs %d, want %v", u, r, got, want)
		}
		if in := u.Input + u.Cached + u.CacheWrite; in >= 0 && got > r.Most(in, u.Output) {
			t.Fatalf("%+v costs %d, more than the most %d", u, got, r.Most(in, u.Output))
		}
	})
}

func TestAmountsComeBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := price.Nano(rapid.Int64Range(0, 9_000_000_000*int64(price.Euro)).Draw(t, "nano"))
		if back, err := price.ParseEuro(n.String()); err != nil || back != n {
			t.Fatalf("%d is written %s and read %d (%v)", n, n, back, err)
		}
		r := price.Rate(rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "rate"))
		if back, err := price.ParseRate(strings.TrimSuffix(r.String(), "000")); err != nil || back != r {
			t.Fatalf("%d is written %s and read %d (%v)", r, r, back, err)
		}
		m := price.Nano(rapid.Int64().Draw(t, "other"))
		exact := new(big.Int).Add(big.NewInt(int64(n)), big.NewInt(int64(m)))
		if sum := n.Plus(m); exact.IsInt64() != (int64(sum) == exact.Int64() && exact.IsInt64()) || !exact.IsInt64() && sum != math.MaxInt64 {
			t.Fatalf("%d and %d is %d", n, m, sum)
		}
	})
	for _, wrong := range []string{"", ".", ".5", "5.", "-1", "+1", "1,5", "1e3", " 1", "1.0000000001", "9000000001", "9000000000.1", "0x1", "١"} {
		if n, err := price.ParseEuro(wrong); err == nil {
			t.Errorf("%q is read as %v", wrong, n)
		}
	}
	if price.Nano(1).Cents() != 1 || price.Cent.Cents() != 1 || (price.Cent+1).Cents() != 2 || price.Nano(-1).String() != "-0.000000001" {
		t.Error("cents are not rounded up")
	}
}

func TestAWrongListSaysWhereAndHowToMendIt(t *testing.T) {
	t.Parallel()
	for wrong, want := range map[string]string{
		"":                                      "the file is empty",
		"models: 3":                             "expected",
		"models:\n  - model: a\n    prices: []": "has no price",
		"models:\n  - model: a\n    prices: [{from: soon, input: \"1\", output: \"1\"}]":                                                ":3:21: \"soon\" is no day",
		"models:\n  - model: a\n    prices: [{from: \"2026-01-01\", output: \"1\"}]":                                                    "\"\" is no amount",
		"models:\n  - model: a\n    prices: [{from: \"2026-01-01\", input: \"1,5\", output: \"1\"}]":                                    "\"1,5\" is no amount",
		"models:\n  - model: a\n    prices: &x [{from: \"2026-01-01\", input: \"1\", output: \"1\"}]":                                   "anchors",
		"models:\n  - {model: a, prices: [{from: \"2026-01-01\", input: \"1\", output: \"1\"}], energy: {active: [9], total: [9,9]}}":   "no range",
		"models:\n  - {model: a, prices: [{from: \"2026-01-01\", input: \"1\", output: \"1\"}], energy: {active: [9,9], total: [7,9]}}": "more parameters",
	} {
		if _, err := price.Parse("prices.yaml", []byte(wrong)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", wrong, err, want)
		}
	}
	twice := list + "  - model: own\n    prices: [{from: \"2026-01-01\", input: \"0\", output: \"0\"}]\n"
	if _, err := price.Parse("prices.yaml", []byte(twice)); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a model that stands there twice: %v", err)
	}
}

func FuzzAListIsReadOrRefused(f *testing.F) {
	f.Add([]byte(list))
	f.Add([]byte("models:\n- model: a\n  energy: {metered: [.nan, .inf]}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		l, err := price.Parse("x", src)
		if (l == nil) == (err == nil) {
			t.Fatalf("%v and %v", l, err)
		}
	})
}
