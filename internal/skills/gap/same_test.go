package gap_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/synthetic"
)

var secret = []byte("a secret of the wave")

func small(seed uint64, change ...func(r *synthetic.Recipe)) *synthetic.World {
	rec := synthetic.Usual(seed, 2500, 25, 10)
	rec.Families, rec.Skills = 5, 2
	for _, f := range change {
		f(&rec)
	}
	return synthetic.Make(rec)
}

func compute(t testing.TB, in *gap.Input, o gap.Options) *gap.Gap {
	t.Helper()
	g, err := gap.Compute(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func encoded(t testing.TB, g *gap.Gap) []byte {
	t.Helper()
	file, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// shuffled has the same people and the same staff list in another order.
func shuffled(in gap.Input, seed uint64) *gap.Input {
	r := rand.New(rand.NewPCG(seed, 1))
	n := len(in.People.Function)
	order := r.Perm(n)
	p := &in.People
	p.Function, p.Department = permute(p.Function, order), permute(p.Department, order)
	p.Weight, p.Tried = permute(p.Weight, order), permute(p.Tried, order)
	for _, answers := range []*[][][]int8{&p.Self, &p.Test} {
		fresh := make([][][]int8, len(*answers))
		for s, items := range *answers {
			for _, column := range items {
				fresh[s] = append(fresh[s], permute(column, order))
			}
		}
		*answers = fresh
	}
	staff := append([]gap.Staff(nil), in.Staff...)
	r.Shuffle(len(staff), func(i, j int) { staff[i], staff[j] = staff[j], staff[i] })
	in.Staff = staff
	return &in
}

func permute[T any](list []T, order []int) []T {
	if list == nil {
		return nil
	}
	out := make([]T, len(list))
	for i, j := range order {
		out[i] = list[j]
	}
	return out
}

// The same people, in any order and with any number of workers, give the same bits.
func TestResultHasTheSameBits(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *synthetic.Recipe){
		"statements":          func(r *synthetic.Recipe) { r.Untried, r.Missing, r.Unknown = 0.2, 0.05, 0.03 },
		"statements and test": func(r *synthetic.Recipe) { r.TestItems = 4 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := small(7, change)
			w.Hide()
			r := rand.New(rand.NewPCG(1, 1))
			for range w.Input.People.Function {
				w.Input.People.Weight = append(w.Input.People.Weight, 0.3+r.Float64())
			}
			want := encoded(t, compute(t, &w.Input, gap.Options{Secret: secret, Seed: 9, Workers: 1, Draws: 80}))
			for i, workers := range []int{1, 2, 5} {
				if got := encoded(t, compute(t, shuffled(w.Input, uint64(i)), gap.Options{Secret: secret, Seed: 9, Workers: workers, Draws: 80})); !bytes.Equal(got, want) {
					t.Errorf("%d workers and another order give other bits", workers)
				}
			}
			if got := encoded(t, compute(t, &w.Input, gap.Options{Secret: secret, Seed: 10, Draws: 80})); bytes.Equal(got, want) {
				t.Error("another seed gives the same bits: the comparison shows nothing")
			}
		})
	}
}

// What is written is read back as it was.
func TestResultIsReadBack(t *testing.T) {
	t.Parallel()
	w := small(8, func(r *synthetic.Recipe) { r.Untried = 0.2 })
	want := encoded(t, compute(t, &w.Input, gap.Options{Secret: secret, Draws: 80}))
	g, err := gap.Read(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	if got := encoded(t, g); !bytes.Equal(got, want) {
		t.Error("a result that was read differs from what was written")
	}
	for _, broken := range []string{"", "{", `{"version":1}`, `{"version":2,"k":10}`, `{"version":1,"k":10,"skills":[{"id":"a","basis":"self"}],"whole":{"n":3,"skills":[{"base":3,"verdict":"enough"}]}}`} {
		if _, err := gap.Read(bytes.NewReader([]byte(broken))); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

func FuzzRead(f *testing.F) {
	g, err := gap.Compute(f.Context(), crossed([][]int{{20, 6}, {15, 15}}, func(i int) int8 { return int8(min(1, i%7)) }), gap.Options{Secret: secret, Draws: 20})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoded(f, g))
	f.Add([]byte(`{"version":1,"k":10,"skills":[{"id":"a","basis":"self"}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		g, err := gap.Read(bytes.NewReader(file))
		if err != nil {
			return
		}
		for _, by := range []gap.Kind{gap.ByFunction, gap.ByDepartment, gap.ByFamily, gap.ByCell, ""} {
			for _, r := range gap.Heat(g, by) {
				if r.Row.N < g.K || len(r.Standings) != len(g.Skills) {
					t.Errorf("a row of %d people and %d skills was read", r.Row.N, len(r.Standings))
				}
			}
			gap.Rank(g, by)
		}
		gap.Compare(g, g)
	})
}
