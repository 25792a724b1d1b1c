package people

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

func TestAllRowsThatAreNotTakenCanBeHad(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var b strings.Builder
		b.WriteString("Personeelsnummer;Familienaam;Dienst\n0001;Peeters;Groen\n")
		const bad = mostRejected + 40
		for i := range bad {
			fmt.Fprintf(&b, ";Naam%d;Groen\n", i)
		}
		v := w.mapped(w.bring(w.source("Payroll"), b.String(), false))
		shown, err := w.Show(t.Context(), hr(), &v)
		if err != nil || len(shown.Rejected) != mostRejected || shown.Rows-shown.Taken != bad {
			t.Fatalf("%d of %d rows are shown as not taken, %v", len(shown.Rejected), shown.Rows-shown.Taken, err)
		}
		headings, rows, err := w.Rejected(t.Context(), hr(), v.ID)
		if err != nil || len(rows) != bad || !slices.Equal(headings, []string{"Personeelsnummer", "Familienaam", "Dienst"}) {
			t.Fatalf("%d rows under %v, %v", len(rows), headings, err)
		}
		for i := range rows {
			if rows[i].Row != i+3 {
				t.Fatalf("row %d stands at place %d", rows[i].Row, i)
			}
		}
		if _, _, err := w.Rejected(t.Context(), as("dpo", access.DPO), v.ID); !problem.Is(err, problem.Forbidden) {
			t.Errorf("to the DPO: %v", err)
		}
		v = w.taken(v, false)
		if _, _, err := w.Rejected(t.Context(), hr(), v.ID); !problem.Is(err, problem.Gone) {
			t.Errorf("after the rows are gone: %v", err)
		}
	})
}

func TestWhomAPreviewNamesIsNotedAsSeen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		w.taken(w.mapped(w.bring(source, firstFile, false)), false)
		all, err := w.Search(t.Context(), hr(), store.Query{Limit: 10})
		if err != nil || len(all.People) != 3 {
			t.Fatalf("%+v, %v", all, err)
		}
		v := w.bring(source, strings.Replace(firstFile, "An;Peeters", "Anna;Peeters", 1), false)
		if v.State != store.Previewed {
			t.Fatalf("%+v", v)
		}
		reads := func(name string) int {
			t.Helper()
			at := slices.IndexFunc(all.People, func(p Person) bool { return p.Family == name })
			list, err := store.Reads(t.Context(), w.DB.Of(hr().Tenant), all.People[at].ID, time.Time{}, 50)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		before, other := reads("Peeters"), reads("Maes")
		if _, err := w.Show(t.Context(), hr(), &v); err != nil {
			t.Fatal(err)
		}
		if got := reads("Peeters") - before; got != 1 {
			t.Errorf("who changes is noted %d times", got)
		}
		if got := reads("Maes") - other; got != 0 {
			t.Errorf("who is not named is noted %d times", got)
		}
	})
}

func TestWhatAnUndoLeavesIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v := w.taken(w.mapped(w.bring(w.source("Payroll"), firstFile, false)), false)
		r := w.DB.Of(hr().Tenant)
		head, err := store.Head(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		units, err := store.AllOf[org.Unit](t.Context(), r, head.Current)
		if err != nil {
			t.Fatal(err)
		}
		units[0].Name += " en water"
		if _, err := w.PutUnit(t.Context(), hr(), units[0], head.Current); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Undo(t.Context(), hr(), v.Revision); err != nil {
			t.Fatal(err)
		}
		w.settle()
		list, err := w.Revisions(t.Context(), hr(), 0, 1)
		if err != nil || len(list) != 1 || list[0].Undoes != v.Revision {
			t.Fatalf("%+v, %v", list, err)
		}
		left, err := w.LeftBy(t.Context(), hr(), &list[0])
		if err != nil || len(left) != 1 || left[0].Name != units[0].Name || left[0].Why != store.Changed {
			t.Errorf("%+v, %v", left, err)
		}
	})
}

func TestASourceThatIsAskedForTwiceIsAddedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := SourceInput{Name: "Payroll", Complete: true, Asked: asked.Request{Key: "k", What: "Payroll"}}
		first, err := w.AddSource(t.Context(), hr(), in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.AddSource(t.Context(), hr(), in)
		if err != nil || again.ID != first.ID || !again.Complete {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func TestAnImportTellsItsWorkAndItsTrouble(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v := w.bring(w.source("Payroll"), firstFile, false)
		if _, err := w.Work(t.Context(), hr(), v.ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("before its columns are known: %v", err)
		}
		v = w.mapped(v)
		j, err := w.Work(t.Context(), hr(), v.ID)
		if err != nil || j.Kind != previewJob {
			t.Errorf("%+v, %v", j, err)
		}
		v = w.taken(v, false)
		if j, err = w.Work(t.Context(), hr(), v.ID); err != nil || j.Kind != applyJob {
			t.Errorf("%+v, %v", j, err)
		}
		if got := TroubleOf(&v); got != nil {
			t.Errorf("an import that was applied is in trouble: %v", got)
		}
		v.State, v.Counts = store.Failed, `{"nl":"Stuk."}`
		if got := TroubleOf(&v).In("nl"); got != "Stuk." {
			t.Errorf("%q", got)
		}
	})
}

func TestAnImportThatIsLookedAtAgainSaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		one := w.mapped(w.bring(source, firstFile, false))
		two := w.bring(source, strings.Replace(firstFile, "An;", "Anna;", 1), false)
		if again, err := w.LookedAgain(t.Context(), hr(), &two); again || err != nil {
			t.Fatalf("before: %v, %v", again, err)
		}
		w.taken(one, false)
		if two = w.taken(two, false); two.State != store.Previewed {
			t.Fatalf("%+v", two)
		}
		if again, err := w.LookedAgain(t.Context(), hr(), &two); !again || err != nil {
			t.Errorf("after the other: %v, %v", again, err)
		}
		if two = w.taken(two, false); two.State != store.Applied {
			t.Errorf("%+v", two)
		}
	})
}
