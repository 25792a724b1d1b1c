package linkage_test

import (
	"fmt"
	"strings"
	"testing"

	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/linkage/synthetic"
)

// heldOut is a seed that nothing was tuned on.
const heldOut = 424_242

// floors are what quality may not fall below.
type floors struct{ precision, recall, clusterPrecision, blocked, calibration float64 }

// Titles and people of seeds, words and rates of faults that nothing was tuned on are proposed with the promised precision and recall, and
// a probability is what it says.
func TestQuality(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name string
		n    int
		seed uint64
		v    synthetic.Vocabulary
		r    synthetic.TitleRates
		floors
	}{
		{"titles, tuning", 1500, 1, synthetic.Tuning, synthetic.TuningTitles(), floors{.93, .9, .93, .98, .06}},
		{"titles, held out", 1500, heldOut, synthetic.HeldOut, synthetic.HeldOutTitles(), floors{.95, .85, .95, .92, .06}},
	} {
		titles, labels := synthetic.Titles(set.seed, set.n, set.v, set.r)
		p, err := linkage.Titles(t.Context(), titles, linkage.Options{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := linkage.ReadTitles(titles)
		if err != nil {
			t.Fatal(err)
		}
		found, err := linkage.CandidatePairs(t.Context(), len(titles), rows)
		if err != nil {
			t.Fatal(err)
		}
		hold(t, set.name, p, labels, found, set.floors)
	}
	for _, set := range []struct {
		name string
		n    int
		seed uint64
		v    synthetic.Vocabulary
		r    synthetic.PersonRates
		floors
	}{
		{"people, tuning", 20_000, 1, synthetic.Tuning, synthetic.TuningPeople(), floors{.95, .85, .95, .95, .04}},
		{"people, held out", 20_000, heldOut, synthetic.HeldOut, synthetic.HeldOutPeople(), floors{.93, .75, .93, .95, .04}},
	} {
		people, labels := synthetic.People(set.seed, set.n, set.v, set.r)
		p, err := linkage.People(t.Context(), people, linkage.Options{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := linkage.ReadPeople(t.Context(), people)
		if err != nil {
			t.Fatal(err)
		}
		found, err := linkage.CandidatePairs(t.Context(), len(people), rows)
		if err != nil {
			t.Fatal(err)
		}
		hold(t, set.name, p, labels, found, set.floors)
	}
}

func hold(t *testing.T, name string, p *linkage.Proposals, labels []int, found map[[2]int]bool, f floors) {
	t.Helper()
	q, c := synthetic.Measure(p.Pairs, labels, 0.5), synthetic.Clusters(p.Clusters, labels)
	q.Blocked = blocked(found, labels)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d rows, %d true pairs; %d of %.0f pairs compared, blocking recall %.3f (%.3f estimated); %.0f matches expected, learnt in %d steps\n", name, len(labels), q.True,
		p.Compared, p.Possible, q.Blocked, p.Recall, p.Model.Matches, p.Model.Steps)
	fmt.Fprintf(&b, "  pairs:    precision %.3f recall %.3f F1 %.3f; Brier %.3f, calibration error %.3f\n", q.Precision(), q.Recall(), q.F1(), q.Brier, q.Error)
	fmt.Fprintf(&b, "  clusters: precision %.3f recall %.3f F1 %.3f\n", c.Precision(), c.Recall(), c.F1())
	for _, bin := range q.Bins {
		if bin.Pairs > 0 {
			fmt.Fprintf(&b, "  probability %.3f to %.3f: %5d pairs, said %.3f, are %.3f\n", bin.From, min(bin.To, 1), bin.Pairs, bin.Mean, bin.Share)
		}
	}
	t.Log(b.String())
	if q.Precision() < f.precision || q.Recall() < f.recall || c.Precision() < f.clusterPrecision || q.Blocked < f.blocked || q.Error > f.calibration {
		t.Errorf("%s: below the floors %+v", name, f)
	}
	if !p.Model.Converged || p.Model.Designed {
		t.Errorf("%s: learning ended with %+v", name, p.Notes)
	}
}

func blocked(found map[[2]int]bool, labels []int) float64 {
	by := map[int][]int{}
	all, hit := 0, 0
	for b, l := range labels {
		for _, a := range by[l] {
			all++
			if found[[2]int{a, b}] {
				hit++
			}
		}
		by[l] = append(by[l], b)
	}
	return float64(hit) / float64(all)
}

// Short lists, and lists of titles without anything beside the words, are proposed too: designed values carry them.
func TestFewRowsAndFewFieldsAreEnough(t *testing.T) {
	t.Parallel()
	for _, n := range []int{30, 100} {
		for _, known := range []float64{0, 1} {
			r := synthetic.HeldOutTitles()
			r.Known = known
			var all synthetic.Quality
			for seed := range uint64(5) {
				titles, labels := synthetic.Titles(heldOut+seed, n, synthetic.HeldOut, r)
				p, err := linkage.Titles(t.Context(), titles, linkage.Options{Seed: 3})
				if err != nil {
					t.Fatal(err)
				}
				q := synthetic.Measure(p.Pairs, labels, 0.5)
				all.True, all.Right, all.Proposed = all.True+q.True, all.Right+q.Right, all.Proposed+q.Proposed
			}
			t.Logf("%d titles, %v known: precision %.3f recall %.3f", n, known, all.Precision(), all.Recall())
			if all.Precision() < 0.9 || all.Recall() < 0.75 {
				t.Errorf("%d titles, %v known: precision %.3f recall %.3f", n, known, all.Precision(), all.Recall())
			}
		}
	}
}
