package store

import (
	"flag"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/org"
)

var large = flag.Int("large", 0, "how many people TestManyPeople writes, reads and puts back; 0 for few")

// city makes an organisation of so many people, each with one post, in units and functions of a usual number. seed moves ids.
func city(people int) *org.Organisation {
	o := &org.Organisation{}
	units, functions := max(1, people/40), max(1, min(600, people/20))
	for i := range units {
		u := org.Unit{ID: fmt.Sprintf("unit%022d", i), Code: fmt.Sprintf("U%05d", i), Name: fmt.Sprintf("Dienst %d", i), Kind: "dienst"}
		if i > 0 {
			u.Parent = fmt.Sprintf("unit%022d", (i-1)/6)
		}
		o.Units = append(o.Units, u)
	}
	for i := range functions {
		o.Functions = append(o.Functions, org.Function{ID: fmt.Sprintf("func%022d", i), Name: fmt.Sprintf("Functie %d", i), Level: org.Levels()[i%5], Work: org.Desk})
	}
	families := []string{"Peeters", "Janssens", "Maes", "De Smet", "Vandenabeele", "D'Hondt", "Çelik", "Müller", "Van den Berghe", "El Amrani"}
	given := []string{"Jan", "Els", "Fatima", "José", "An-Sofie", "Mehmet", "Greet", "Luc"}
	for i := range people {
		// Numbers, mails and names come in no order, as in a real file.
		mixed := (i*7919 + 13) % max(people, 1)
		p := org.Person{
			ID: fmt.Sprintf("%026d", i), Number: fmt.Sprintf("%07d", mixed), Given: given[mixed%len(given)], Family: fmt.Sprintf("%s %d", families[(mixed/8)%len(families)], mixed),
			Mail: fmt.Sprintf("p%d@stad.example", mixed), Language: "nl", BirthYear: 1960 + mixed%40, Site: fmt.Sprintf("Site %d", mixed%30),
			Manager: fmt.Sprintf("%026d", i/15), Span: org.Span{From: 20100101},
		}
		o.People = append(o.People, p)
		o.Posts = append(o.Posts, org.Post{ID: fmt.Sprintf("post%022d", i), Person: p.ID, Unit: o.Units[mixed%units].ID, Function: o.Functions[mixed%functions].ID,
			FTE: 1000, Statute: "statutair", Main: true, Span: p.Span})
	}
	return o
}

// TestManyPeopleAreWrittenReadAndPutBack says how long that takes for many people; -large 200000 measures.
func TestManyPeopleAreWrittenReadAndPutBack(t *testing.T) {
	n := *large
	if n == 0 {
		n = 2_000
		t.Parallel()
	}
	run := func(t *testing.T, d *db.DB) {
		ctx, o := t.Context(), city(n)
		o.Sort()
		now := clock.System()
		worked := cpu()
		said := func(what string, rows int, began time.Time) {
			took, work := time.Since(began), cpu()-worked
			t.Logf("%-45s %8d rows in %8v (%.0f rows/s), %v of this process's processor time", what, rows, took.Round(time.Millisecond),
				float64(rows)/took.Seconds(), work.Round(time.Millisecond))
			worked = cpu()
		}
		began := time.Now()
		c, err := Begin(ctx, d, dbtest.Ours, now, Revision{Kind: ByImport})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Put(ctx, o); err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(ctx, nil); err != nil {
			t.Fatal(err)
		}
		said("insert", int(size(o)), began)

		r := d.Of(dbtest.Ours)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		began = time.Now()
		got, err := Load(ctx, r, 1)
		if err != nil {
			t.Fatal(err)
		}
		said("load", int(size(got)), began)
		runtime.GC()
		runtime.ReadMemStats(&after)
		t.Logf("load holds %d MB", (after.HeapAlloc-before.HeapAlloc)>>20)
		if size(got) != size(o) {
			t.Fatalf("%d rows came back of %d", size(got), size(o))
		}
		for _, q := range []Query{
			{}, {Search: "peeters jan"}, {Search: fmt.Sprintf("%07d", n/2)}, {Search: "nobody"}, {Units: []string{o.Units[len(o.Units)/2].ID}},
			{Units: unitIDsOf(o)}, {Units: unitIDsOf(o), Search: "nobody"}, {Function: o.Functions[0].ID},
		} {
			began = time.Now()
			q.Limit = 50
			page, err := Search(ctx, r, 1, q)
			if err != nil {
				t.Fatal(err)
			}
			said(fmt.Sprintf("page of %q in %d units, function %.1q", q.Search, len(q.Units), q.Function), len(page.People), began)
		}
		began = time.Now()
		if err := EditNow(ctx, d, dbtest.Ours, now, Revision{Kind: ByEdit}, func(_ *db.Scope, e *Editor) error {
			p := o.People[n/2]
			p.Family = "Anders"
			return e.Put(ctx, people(p))
		}); err != nil {
			t.Fatal(err)
		}
		said("edit", 1, began)

		began = time.Now()
		for i := range o.People {
			if i%10 == 0 {
				o.People[i].Site = "Elders"
			}
		}
		c, err = Begin(ctx, d, dbtest.Ours, now, Revision{Kind: ByImport})
		if err != nil {
			t.Fatal(err)
		}
		var moved []org.Person
		for i := 0; i < n; i += 10 {
			moved = append(moved, o.People[i])
		}
		if err := c.Put(ctx, people(moved...)); err != nil {
			t.Fatal(err)
		}
		said("change of a tenth of the people", len(moved), began)
		began = time.Now()
		if err := c.Abort(ctx); err != nil {
			t.Fatal(err)
		}
		said("sweep of that", len(moved), began)

		began = time.Now()
		u, err := Undo(ctx, d, dbtest.Ours, now, 1, Revision{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(u.Conflicts) == 0 || u.Ended < int64(n) {
			t.Errorf("%d rows ended, %d conflicts", u.Ended, len(u.Conflicts))
		}
		said("undo of all but what changed", int(u.Ended), began)
	}
	alone(t, run)
}

// cpu returns how long processors have worked for this process, which the load of the machine changes less than the time that passed.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func unitIDsOf(o *org.Organisation) (ids []string) {
	for _, u := range o.Units {
		ids = append(ids, u.ID)
	}
	return ids
}
