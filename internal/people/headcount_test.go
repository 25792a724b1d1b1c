package people

import (
	"maps"
	"testing"

	"tekentafel/internal/people/madeup"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/people/store"
)

func TestAHeadcountIsTheSameCountedInTheStoreAndInWhatWasRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := madeup.Make(madeup.Recipe{Seed: 7, People: 900, Day: w.today(), Faults: madeup.Ugly()})
		c, err := store.Begin(t.Context(), w.DB, hr().Tenant, w.Now, store.Revision{Kind: store.ByImport})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Put(t.Context(), made.Organisation); err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		r := w.DB.Of(hr().Tenant)
		for _, day := range []org.Date{w.today(), 20200101, 20350101} {
			counted, err := store.Headcount(t.Context(), r, c.Seq(), day)
			if err != nil {
				t.Fatal(err)
			}
			tallies, err := store.Tallies(t.Context(), r, c.Seq(), day)
			if err != nil {
				t.Fatal(err)
			}
			added, people := map[string]int{}, 0
			for i := range tallies {
				if n := tallies[i].People; n > 0 {
					added[tallies[i].Unit] += n
					people += n
				}
			}
			if people == 0 || !maps.Equal(counted, added) {
				t.Errorf("on %v the headcount is %v and the tallies give %v", day, counted, added)
			}
			if read := headcountOf(made.Organisation, day); !maps.Equal(counted, read) {
				t.Errorf("on %v the headcount is %v and what was read gives %v", day, counted, read)
			}
		}
	})
}

func TestTheUnitsOfAFrameFollowEachRevisionAndEachDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.taken(w.mapped(w.bring(w.source("Payroll"), framed, false)), false)
		groen := func() (n int) {
			t.Helper()
			units, err := w.FrameUnits(t.Context(), hr())
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range units {
				if u.Name == "Groen" {
					n = u.People
				}
			}
			return n
		}
		if n := groen(); n != 2 {
			t.Fatalf("%d people in Groen, not 2", n)
		}
		w.put(scim.Person{Given: "Fa", Family: "Vos", Mail: "fa@stad.example", Department: "Groen", Active: true})
		if n := groen(); n != 3 {
			t.Errorf("%d people in Groen after one more came, not 3", n)
		}
		w.counted.keep(hr().Tenant, &headcount{w.head(), w.today() - 1, map[string]int{}})
		if n := groen(); n != 3 {
			t.Errorf("%d people in Groen by the count of another day, not 3", n)
		}
	})
}
