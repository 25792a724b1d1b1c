package synthetic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/linkage/synthetic"
)

func TestASeedGivesTheSameRowsAndEachHasALabelAndAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	people, labels := synthetic.People(4, 2000, synthetic.Tuning, synthetic.TuningPeople())
	again, labelsAgain := synthetic.People(4, 2000, synthetic.Tuning, synthetic.TuningPeople())
	if d := cmp.Diff(people, again) + cmp.Diff(labels, labelsAgain); d != "" {
		t.Error(d)
	}
	titles, ofTitles := synthetic.Titles(4, 500, synthetic.HeldOut, synthetic.HeldOutTitles())
	if len(people) != len(labels) || len(titles) != len(ofTitles) || len(people) < 2000 || len(titles) < 500 {
		t.Fatalf("%d people, %d labels; %d titles, %d labels", len(people), len(labels), len(titles), len(ofTitles))
	}
	keys := map[string]bool{}
	for _, p := range people {
		keys[p.Key] = true
	}
	for _, x := range titles {
		keys[x.Key] = true
		if x.Text == "" || x.People < 1 {
			t.Errorf("%+v", x)
		}
	}
	if len(keys) != len(people)+len(titles) {
		t.Errorf("%d keys for %d rows", len(keys), len(people)+len(titles))
	}
	if twice := synthetic.TruePairs(labels); twice < 40 || twice > 120 {
		t.Errorf("%d pairs at a rate of 3 in 100", twice)
	}
}

func TestQualityCountsPairs(t *testing.T) {
	t.Parallel()
	labels := []int{0, 0, 0, 1, 2}
	q := synthetic.Measure([]linkage.Pair{{A: 0, B: 1, Probability: 0.8}, {A: 0, B: 3, Probability: 0.6}, {A: 1, B: 2, Probability: 0.2}}, labels, 0.5)
	if q.True != 3 || q.Proposed != 2 || q.Right != 1 || q.Precision() != 0.5 || q.Recall() != 1.0/3 {
		t.Errorf("%+v", q)
	}
	if want := (0.04 + 0.36 + 0.64) / 3; q.Brier < want-1e-12 || q.Brier > want+1e-12 {
		t.Errorf("Brier %v, want %v", q.Brier, want)
	}
	if c := synthetic.Clusters([]linkage.Cluster{{Members: []int{0, 1, 3}}}, labels); c.Proposed != 3 || c.Right != 1 {
		t.Errorf("%+v", c)
	}
}
