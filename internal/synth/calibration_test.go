package synth

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"tekentafel/internal/instrument"
)

// Two hundred thousand respondents are as the study of 576 employees describes them; what is published as a figure
// within a percentage point, what is published as an order in that order.
func TestCalibration(t *testing.T) {
	t.Parallel()
	const n = 200_000
	a := answers(t, wave(t, Options{Size: n, Seed: 1, Departments: 60}), 0, n)

	near(t, "weekly or more at work", share(t, a, "use_work", "weekly", "daily"), 0.531, 0.01)
	near(t, "weekly or more in leisure", share(t, a, "use_leisure", "weekly", "daily"), 0.383, 0.01)
	near(t, "drawback: not always right", ticked(t, a, "drawbacks.wrong"), 0.80, 0.015)
	near(t, "drawback: energy", ticked(t, a, "drawbacks.energy"), 0.468, 0.01)
	near(t, "drawback: copyright", ticked(t, a, "drawbacks.copyright"), 0.465, 0.01)

	leads(t, a, "systems_work", "chatgpt", "copilot")
	leads(t, a, "systems_leisure", "chatgpt", "copilot")
	leads(t, a, "nonuse_work", "skills")
	leads(t, a, "nonuse_leisure", "no_benefit")
	leads(t, a, "advantages", "time", "summaries")
	leads(t, a, "drawbacks", "wrong")
}

func TestSkillsAndDrivers(t *testing.T) {
	t.Parallel()
	const n = 60_000
	a := answers(t, wave(t, Options{Size: n, Seed: 1}), 0, n)
	s := map[string][]float64{}
	for i := range a.Instrument.Constructs {
		c := &a.Instrument.Constructs[i]
		score, err := a.Instrument.Score(a, c)
		if err != nil {
			t.Fatal(err)
		}
		for r := range a.N {
			s[c.ID] = append(s[c.ID], score.Values[score.Column.At(r)])
		}
	}
	m := map[string]float64{}
	for id, scores := range s {
		m[id] = mean(scores)
	}
	if m["communicative"] < m["critical"] || m["communicative"]-m["critical"] > 0.25 {
		t.Errorf("communicative %.2f and critical %.2f are not alike and highest", m["communicative"], m["critical"])
	}
	for _, skill := range []string{"ethical", "creative"} {
		if m[skill] > m["critical"] || m[skill] < m["technical"]+0.3 {
			t.Errorf("%s %.2f is not between critical %.2f and technical %.2f", skill, m[skill], m["critical"], m["technical"])
		}
	}
	if m["effort"] < 3.2 || m["social"] > 2.8 {
		t.Errorf("ease of use %.2f and social pressure %.2f: easy, and little pressure", m["effort"], m["social"])
	}
	b := standardised(s["intention"], s["performance"], s["effort"], s["social"], s["conditions"])
	if others := slices.Max(b[1:]); b[0] < 0.3 || b[0] < 1.5*others || slices.Min(b) < 0 {
		t.Errorf("willingness on performance, effort, social, conditions: %.2f", b)
	}
}

// People who use it at work use it in leisure more often too; older people and field workers use it less.
func TestAnswersHangTogether(t *testing.T) {
	t.Parallel()
	const n = 40_000
	a := answers(t, wave(t, Options{Size: n, Seed: 4}), 0, n)
	work, leisure := codes(t, a, "use_work"), codes(t, a, "use_leisure")
	if r := correlation(work, leisure); r < 0.3 || r > 0.85 {
		t.Errorf("use at work and in leisure correlate %.2f", r)
	}
	if r := correlation(work, codes(t, a, "age")); r > -0.1 {
		t.Errorf("use and age correlate %.2f", r)
	}
	v, workplace := column(t, a, "workplace")
	office, _ := v.CodeOf("office")
	var inside, outside []float64
	for i, u := range work {
		if workplace.At(i) == office {
			inside = append(inside, u)
		} else {
			outside = append(outside, u)
		}
	}
	if mean(inside) < mean(outside)+0.3 {
		t.Errorf("mean use is %.2f in the office and %.2f elsewhere", mean(inside), mean(outside))
	}
	if r := correlation(codes(t, a, "crit1"), codes(t, a, "crit2")); r < 0.2 || r > 0.8 {
		t.Errorf("two items of one skill correlate %.2f", r)
	}
}

// Some leave a question open, some do not know where that can be said.
func TestMissingAnswers(t *testing.T) {
	t.Parallel()
	const n = 20_000
	a := answers(t, wave(t, Options{Size: n, Seed: 6}), 0, n)
	count := func(id string, code int) (hits int) {
		_, c := column(t, a, id)
		for i := range a.N {
			if c.At(i) == code {
				hits++
			}
		}
		return hits
	}
	if c := count("use_work", instrument.NoAnswer); c < n/500 || c > n/20 {
		t.Errorf("%d of %d left use_work open", c, n)
	}
	if c := count("perf1", instrument.DontKnow); c < n/200 || c > n/5 {
		t.Errorf("%d of %d do not know perf1", c, n)
	}
	if c := count("perf1", instrument.Invalid); c != 0 {
		t.Errorf("%d invalid answers", c)
	}
}

// share returns the share of the options in the base of a single choice.
func share(t *testing.T, a *instrument.Answers, id string, options ...string) float64 {
	t.Helper()
	v, c := column(t, a, id)
	hits, base := 0, 0
	for i := range a.N {
		code := c.At(i)
		if code < instrument.FirstOption {
			continue
		}
		base++
		if slices.Contains(options, v.OptionOf(code).ID) {
			hits++
		}
	}
	return float64(hits) / float64(base)
}

// ticked returns the share who chose an option of a multiple choice.
func ticked(t *testing.T, a *instrument.Answers, id string) float64 {
	t.Helper()
	_, c := column(t, a, id)
	hits, base := 0, 0
	for i := range a.N {
		if code := c.At(i); code >= instrument.FirstOption {
			base++
			hits += code - instrument.FirstOption
		}
	}
	return float64(hits) / float64(base)
}

// leads checks that these options are chosen most, in this order.
func leads(t *testing.T, a *instrument.Answers, item string, first ...string) {
	t.Helper()
	previous := 1.0
	for _, id := range first {
		s := ticked(t, a, item+"."+id)
		if s > previous {
			t.Errorf("%s: %s is chosen more often (%.3f) than what should come before it (%.3f)", item, id, s, previous)
		}
		previous = s
	}
	for _, o := range a.Instrument.Item(item).Options {
		if o.Missing != instrument.NotMissing || slices.Contains(first, o.ID) {
			continue
		}
		if s := ticked(t, a, item+"."+o.ID); s >= previous {
			t.Errorf("%s: %s is chosen by %.3f, more than %v", item, o.ID, s, first)
		}
	}
}

// codes returns the codes of a variable as numbers, NaN where there is no substantive answer.
func codes(t *testing.T, a *instrument.Answers, id string) []float64 {
	t.Helper()
	_, c := column(t, a, id)
	out := make([]float64, a.N)
	for i := range out {
		if out[i] = float64(c.At(i)); c.At(i) < instrument.FirstOption {
			out[i] = math.NaN()
		}
	}
	return out
}

func mean(x []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / n
}

func correlation(x, y []float64) float64 { return standardised(y, x)[0] }

// standardised returns the standardised coefficients of a linear regression on the rows without NaN.
func standardised(y []float64, x ...[]float64) []float64 {
	all := append([][]float64{y}, x...)
	k := len(all)
	n, sums, products := 0.0, make([]float64, k), mat.NewSymDense(k, nil)
	for r := range y {
		if slices.ContainsFunc(all, func(column []float64) bool { return math.IsNaN(column[r]) }) {
			continue
		}
		n++
		for i := range all {
			sums[i] += all[i][r]
			for j := i; j < k; j++ {
				products.SetSym(i, j, products.At(i, j)+all[i][r]*all[j][r])
			}
		}
	}
	covariance := func(i, j int) float64 { return products.At(i, j)/n - sums[i]/n*sums[j]/n }
	left, right := mat.NewSymDense(k-1, nil), mat.NewVecDense(k-1, nil)
	for i := 1; i < k; i++ {
		right.SetVec(i-1, covariance(0, i))
		for j := i; j < k; j++ {
			left.SetSym(i-1, j-1, covariance(i, j))
		}
	}
	var b mat.VecDense
	if err := b.SolveVec(left, right); err != nil {
		return []float64{math.NaN()}
	}
	out := make([]float64, k-1)
	for i := range out {
		out[i] = b.AtVec(i) * math.Sqrt(covariance(i+1, i+1)/covariance(0, 0))
	}
	return out
}
