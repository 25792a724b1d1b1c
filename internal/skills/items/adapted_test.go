package items

import (
	"math/rand/v2"
	"slices"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/items/tune"
)

// TestGiftsOfWholeChecksAreTakenForWhatTheyAre has people do whole checks, whose questions follow from their answers, and give them: their consistency and
// fit are as the model expects although items were chosen, and of people who answer by lot they are not.
func TestGiftsOfWholeChecksAreTakenForWhatTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	m := w.Material
	rng := rand.New(rand.NewPCG(41, 42))
	real := truth(m, rng)
	gift := func(plan check.Plan, lot bool) []byte {
		s := m.NewState(plan, m.Skills()[rng.IntN(5)], rng.IntN(3) == 0)
		theta := map[string]float64{}
		for _, skill := range m.Skills() {
			theta[skill] = rng.NormFloat64()
		}
		for {
			at, ok, err := m.Next(&s)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return m.Gift(&s)
			}
			options := m.Items[at].In(s.Field).Options
			option := rng.IntN(len(options))
			if !lot {
				category := real[at].Draw(rng, theta[m.Items[at].Skill])
				option = slices.IndexFunc(options, func(o framework.Option) bool { return o.Credit == category })
			}
			s.Given = append(s.Given, check.Given{Item: at, Option: option})
		}
	}
	for _, lot := range []bool{false, true} {
		var list [][]byte
		for i := range 400 {
			list = append(list, gift([]check.Plan{check.All, check.One}[i%2], lot))
		}
		in := w.empty(m)
		if err := w.addGifts(in, packGifts(list)); err != nil {
			t.Fatal(err)
		}
		out := must(tune.Run(t.Context(), in, func(int) {}))(t)
		g := &out.Sources[0]
		t.Logf("by lot %v: %d answers of %d people, consistency %.2f, infit %.2f, outfit %.2f, flat %.3f (%.3f)", lot, g.Answers, g.People, g.Consistency, g.Infit, g.Outfit, g.Flat, g.FlatUsual)
		if g.People != 400 || g.Used == lot || !lot && (g.Consistency < 0.75 || g.Infit > 1.15) || lot && g.Consistency > 0.35 {
			t.Errorf("%+v", g)
		}
	}
}
