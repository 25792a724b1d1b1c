package linkage_test

import (
	"fmt"
	"strings"
	"testing"

	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/linkage/synthetic"
)

var lowest = 0.5

func show(t *testing.T, name string, p *linkage.Proposals, labels []int) (pairs, clusters synthetic.Quality) {
	t.Helper()
	q, c := synthetic.Measure(p.Pairs, labels, 0.5), synthetic.Clusters(p.Clusters, labels)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d rows, %d true pairs, %d compared, blocking recall estimated %.3f, expected matches %.0f, steps %d converged %v designed %v\n", name, len(labels), q.True, p.Compared, p.Recall, p.Model.Matches, p.Model.Steps, p.Model.Converged, p.Model.Designed)
	fmt.Fprintf(&b, "  pairs at 0.5: precision %.3f recall %.3f F1 %.3f Brier %.4f calibration error %.4f\n", q.Precision(), q.Recall(), q.F1(), q.Brier, q.Error)
	fmt.Fprintf(&b, "  clusters:     precision %.3f recall %.3f F1 %.3f (%d)\n", c.Precision(), c.Recall(), c.F1(), len(p.Clusters))
	for _, bin := range q.Bins {
		if bin.Pairs > 0 {
			fmt.Fprintf(&b, "    p %.3f-%.3f: %5d pairs, said %.3f, is %.3f\n", bin.From, bin.To, bin.Pairs, bin.Mean, bin.Share)
		}
	}
	for _, f := range p.Model.Fields {
		fmt.Fprintf(&b, "  %-12s", f.Field)
		for i, l := range f.Levels {
			fmt.Fprintf(&b, " %s %.3f", l, f.M[i])
			for _, u := range f.U {
				fmt.Fprintf(&b, "/%.2g", u[i])
			}
		}
		b.WriteByte('\n')
	}
	for _, pass := range p.Passes {
		fmt.Fprintf(&b, "  pass %s: %d (%d new, %d cut)\n", pass.Name, pass.Pairs, pass.New, pass.Cut)
	}
	t.Log(b.String())
	return q, c
}

func TestQualityP(t *testing.T) {
	for _, set := range []struct {
		name string
		seed uint64
		v    synthetic.Vocabulary
		r    synthetic.PersonRates
	}{{"people, tuning", 1, synthetic.Tuning, synthetic.TuningPeople()}, {"people, held out", 7001, synthetic.HeldOut, synthetic.HeldOutPeople()}} {
		people, labels := synthetic.People(set.seed, 10000, set.v, set.r)
		p, err := linkage.People(t.Context(), people, linkage.Options{Seed: 3, Threshold: lowest})
		if err != nil {
			t.Fatal(err)
		}
		show(t, set.name, p, labels)
		n := 0
		for _, x := range p.Pairs {
			if labels[x.A] != labels[x.B] && n < 15 && set.v == synthetic.HeldOut {
				n++
				t.Logf("WRONG %.3f %v\n %v\n %v", x.Probability, people[x.A], people[x.B], x.Evidence)
			}
		}
		n = 0
		in := map[[2]int]bool{}
		for _, x := range p.Pairs {
			in[[2]int{x.A, x.B}] = true
		}
		by := map[int][]int{}
		for a, l := range labels {
			for _, b := range by[l] {
				if !in[[2]int{b, a}] && n < 30 && set.v == synthetic.HeldOut {
					n++
					t.Logf("MISSED\n  %v\n  %v", people[a], people[b])
				}
			}
			by[l] = append(by[l], a)
		}
	}
}

func TestQuality(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name string
		seed uint64
		v    synthetic.Vocabulary
		r    synthetic.TitleRates
	}{{"titles, tuning", 1, synthetic.Tuning, synthetic.TuningTitles()}, {"titles, held out", 7001, synthetic.HeldOut, synthetic.HeldOutTitles()}} {
		titles, labels := synthetic.Titles(set.seed, 1500, set.v, set.r)
		p, err := linkage.Titles(t.Context(), titles, linkage.Options{Seed: 3, Threshold: lowest})
		if err != nil {
			t.Fatal(err)
		}
		show(t, set.name, p, labels)
		n := 0
		for _, x := range p.Pairs {
			if labels[x.A] != labels[x.B] && n < 600 && set.v == synthetic.HeldOut {
				n++
				t.Logf("WRONG %.3f %q %q %v %v %v %d %d", x.Probability, titles[x.A].Text, titles[x.B].Text, x.Evidence[0].Level, x.Evidence[1].Level, x.Evidence[0].Differences, labels[x.A], labels[x.B])
			}
		}
		n = 0
		in := map[[2]int]bool{}
		for _, x := range p.Pairs {
			in[[2]int{x.A, x.B}] = true
		}
		for a := range titles {
			for b := a + 1; b < len(titles); b++ {
				if labels[a] == labels[b] && !in[[2]int{a, b}] && n < 60 && set.v == synthetic.HeldOut {
					n++
					t.Logf("MISSED %q %q", titles[a].Text, titles[b].Text)
				}
			}
		}
	}
}
