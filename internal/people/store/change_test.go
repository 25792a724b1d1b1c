package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/org"
)

func TestAChangeIsSeenByNobodyBeforeItIsAppliedAndThenWhole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		old := city(300)
		c := w.begin()
		w.ok(c.Put(ctx, old))
		w.ok(c.Apply(ctx, nil))
		want := []*org.Organisation{{}, w.load(1)}

		// The next has other names for half of the people, and one fewer in each ten.
		fresh := city(300)
		for i := range fresh.People {
			if i%2 == 0 {
				fresh.People[i].Family = "Anders"
			}
		}
		var gone []string
		kept := fresh.People[:0:0]
		for i, p := range fresh.People {
			if i%10 == 3 {
				gone = append(gone, p.ID)
			} else {
				kept = append(kept, p)
			}
		}
		fresh.People = kept
		fresh.Sort()
		want = append(want, fresh)

		stop := make(chan struct{})
		var seen [3]atomic.Int64
		var readers sync.WaitGroup
		for range 2 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					h, err := Head(ctx, w.r())
					if err != nil {
						t.Error(err)
						return
					}
					o, err := Load(ctx, w.r(), h.Current)
					if err != nil {
						t.Error(err)
						return
					}
					if d := diff(o, want[h.Current]); d != "" {
						t.Errorf("at revision %d a reader sees something else: %s", h.Current, d)
						return
					}
					seen[h.Current].Add(1)
				}
			})
		}
		c = w.begin()
		for part := range fresh.People {
			if part%20 == 0 {
				w.ok(c.Put(ctx, people(fresh.People[part:min(part+20, len(fresh.People))]...)))
			}
		}
		w.ok(c.End(ctx, People, gone))
		for seen[1].Load() < 3 && !t.Failed() {
			w.ok(c.Renew(ctx))
		}
		w.ok(c.Apply(ctx, func(s *db.Scope) error {
			// What the caller adds and the new state are one.
			return PutQuality(ctx, s, Quality{Revision: c.Seq(), At: noon, Result: "{}"})
		}))
		for seen[2].Load() < 3 && !t.Failed() {
			if _, err := Head(ctx, w.r()); err != nil {
				t.Fatal(err)
			}
		}
		close(stop)
		readers.Wait()
		equal(t, "the old state", w.load(1), want[1])
		equal(t, "the new state", w.load(2), want[2])
		if theirs := w.d.Of(dbtest.Theirs); size(must(Load(ctx, theirs, 0))) != 0 {
			t.Error("another organisation has rows")
		}
		v, err := RevisionOf(ctx, w.r(), 2)
		w.ok(err)
		if v.Put != int64(len(fresh.People)) || v.Ended != int64(len(gone)) || !v.At.Equal(noon) || v.Account != "a" {
			t.Errorf("the revision says %+v", v)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// diff tells in short how two organisations differ.
func diff(got, want *org.Organisation) string {
	if size(got) != size(want) {
		return fmt.Sprintf("%d rows in the place of %d", size(got), size(want))
	}
	for i := range want.People {
		if got.People[i] != want.People[i] {
			return fmt.Sprintf("%+v in the place of %+v", got.People[i], want.People[i])
		}
	}
	for i := range want.Posts {
		if got.Posts[i] != want.Posts[i] {
			return fmt.Sprintf("%+v in the place of %+v", got.Posts[i], want.Posts[i])
		}
	}
	return ""
}

func TestWhatADeadWriterLeftIsSweptAndItsWriterCannotComeBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.edit(people(person("p1", "Maes"), person("p2", "Peeters")), "")
		before := w.load(1)
		dead := w.begin()
		w.ok(dead.Put(ctx, people(person("p1", "Anders"), person("p3", "Nieuw"))))
		w.ok(dead.End(ctx, People, []string{"p2"}))

		_, err := Begin(ctx, w.d, w.tenant, w.clock, Revision{Kind: ByImport})
		var busy *BusyError
		if !errors.Is(err, ErrBusy) || !errors.As(err, &busy) || busy.Abandoned || !busy.Until.Equal(noon.Add(Lease)) {
			t.Fatalf("while a writer lives: %v", err)
		}
		if !strings.Contains(err.Error(), "12:02") {
			t.Errorf("%q does not say until when", err)
		}
		w.pass(Lease)
		w.write(func(s *db.Scope) error {
			_, err := Edit(ctx, s, w.clock(), Revision{Kind: BySCIM})
			if !errors.As(err, &busy) || !busy.Abandoned {
				t.Errorf("an edit over what is not swept: %v", err)
			}
			return nil
		})
		if swept, err := Sweep(ctx, w.d, w.tenant, w.clock); !swept || err != nil {
			t.Fatalf("swept %v: %v", swept, err)
		}
		if swept, err := Sweep(ctx, w.d, w.tenant, w.clock); swept || err != nil {
			t.Errorf("swept twice: %v", err)
		}
		equal(t, "after the sweep", w.load(1), before)

		// The number is given out again, and the dead one writes into it no more.
		c := w.begin()
		if c.Seq() != dead.Seq() {
			t.Errorf("the next revision is %d", c.Seq())
		}
		if err := dead.Put(ctx, people(person("p4", "Zombie"))); !errors.Is(err, ErrLost) {
			t.Errorf("the dead one writes: %v", err)
		}
		if err := dead.End(ctx, People, []string{"p1"}); !errors.Is(err, ErrLost) {
			t.Errorf("the dead one ends: %v", err)
		}
		w.pass(Lease)
		if err := dead.Renew(ctx); !errors.Is(err, ErrLost) {
			t.Errorf("the dead one renews: %v", err)
		}
		w.ok(c.Put(ctx, people(person("p5", "Levend"))))
		if err := dead.Apply(ctx, nil); !errors.Is(err, ErrLost) {
			t.Errorf("the dead one applies: %v", err)
		}
		w.ok(dead.Abort(ctx))
		w.ok(c.Apply(ctx, nil))
		if got := w.load(2); len(got.People) != 3 || got.People[2].Family != "Levend" {
			t.Errorf("%+v stand", got.People)
		}
	})
}

func TestASlowWriterThatNobodyReplacedGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.begin()
		w.pass(3 * Lease)
		w.ok(c.Put(t.Context(), people(person("p1", "Traag"))))
		w.ok(c.Apply(t.Context(), nil))
		if len(w.load(1).People) != 1 {
			t.Error("what it wrote is not there")
		}
	})
}

func TestAbortWorksWhenTheContextHasEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(t.Context())
		c := w.begin()
		w.ok(c.Put(ctx, people(person("p1", "Weg"))))
		stop()
		w.ok(c.Abort(ctx))
		if h := w.head(); h.Pending != 0 || h.Current != 0 {
			t.Errorf("the head is %+v", h)
		}
		if err := c.Put(t.Context(), people(person("p1", "Weg"))); !errors.Is(err, ErrLost) {
			t.Errorf("after Abort: %v", err)
		}
		if n := w.count("people_staff"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// count returns how many versions a table holds.
func (w *world) count(table string) (n int64) {
	w.Helper()
	w.ok(w.r().Row(w.Context(), `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1`, nil, &n))
	return n
}

func TestTheSameRowTwiceInOneChangeCountsAsLast(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.begin()
		w.ok(c.Put(ctx, people(person("p1", "Eerst"), person("p1", "Dan"), person("p2", "Weg"))))
		w.ok(c.End(ctx, People, []string{"p2", "p9"}))
		w.ok(c.Put(ctx, people(person("p3", "Drie"))))
		w.ok(c.End(ctx, People, []string{"p3"}))
		w.ok(c.Put(ctx, people(person("p3", "Terug"))))
		w.ok(c.Apply(ctx, nil))
		equal(t, "what stands", w.load(1), people(person("p1", "Dan"), person("p3", "Terug")))
		var many []org.Person // so many that one statement writes several
		for i := range 40 {
			many = append(many, person("p1", fmt.Sprint(i)), person(fmt.Sprintf("x%02d", i), "x"))
		}
		at := w.edit(people(many...), "")
		if o := w.load(at); len(o.People) != 42 || o.People[0].Family != "39" {
			t.Errorf("%d people, the first %+v", len(o.People), o.People[0])
		}
	})
}

// TestNodesThatChangeAtOnceLoseNothing lets several nodes make small and large changes at the same time.
func TestNodesThatChangeAtOnceLoseNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		const nodes, changes = 4, 6
		var nodesAtWork sync.WaitGroup
		for n := range nodes {
			nodesAtWork.Go(func() {
				for i := range changes {
					name := fmt.Sprintf("n%d-%d", n, i)
					for deadline := time.Now().Add(time.Minute); ; {
						err := addOne(ctx, w, name, i%2 == 0)
						if err == nil {
							break
						}
						if !errors.Is(err, ErrBusy) && !errors.Is(err, db.ErrBusy) || time.Now().After(deadline) {
							t.Errorf("%s: %v", name, err)
							return
						}
						time.Sleep(5 * time.Millisecond)
					}
				}
			})
		}
		nodesAtWork.Wait()
		h := w.head()
		if h.Current != nodes*changes || h.Pending != 0 {
			t.Errorf("the head is %+v after %d changes", h, nodes*changes)
		}
		if got := len(w.load(h.Current).People); got != nodes*changes {
			t.Errorf("%d people stand of %d", got, nodes*changes)
		}
		for at := int64(1); at <= h.Current; at++ {
			if got := len(w.load(at).People); int64(got) != at {
				t.Errorf("%d people stand at %d", got, at)
			}
		}
	})
}

// addOne adds a person in a small change or a large one.
func addOne(ctx context.Context, w *world, id string, small bool) error {
	v := Revision{Kind: ByEdit}
	if small {
		return EditNow(ctx, w.d, w.tenant, w.clock, v, func(_ *db.Scope, e *Editor) error { return e.Put(ctx, people(person(id, id))) })
	}
	c, err := Begin(ctx, w.d, w.tenant, w.clock, v)
	if err != nil {
		return err
	}
	if err := c.Put(ctx, people(person(id, id))); err != nil {
		return errors.Join(err, c.Abort(ctx))
	}
	if err := c.Apply(ctx, nil); err != nil {
		return errors.Join(err, c.Abort(ctx))
	}
	return nil
}

func TestARevisionThatIsNotThereIsNotRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.edit(people(person("p1", "Maes")), "")
		for _, at := range []int64{-1, 2} {
			if _, err := Load(t.Context(), w.r(), at); !errors.Is(err, ErrNoRevision) {
				t.Errorf("revision %d: %v", at, err)
			}
		}
		if _, err := RevisionOf(t.Context(), w.r(), 7); !errors.Is(err, ErrNoRevision) {
			t.Error(err)
		}
		if _, err := Difference[org.Person](t.Context(), w.r(), 0, "", 1); !errors.Is(err, ErrNoRevision) {
			t.Error(err)
		}
		if _, err := Undo(t.Context(), w.d, w.tenant, w.clock, 7, Revision{}, nil); !errors.Is(err, ErrNoRevision) {
			t.Error(err)
		}
		if h := w.head(); h.Pending != 0 {
			t.Errorf("an undo of nothing is still under way: %+v", h)
		}
		c := w.begin()
		if err := c.End(t.Context(), "planet", []string{"p1"}); err == nil || !strings.Contains(err.Error(), "planet") {
			t.Errorf("a kind that is none: %v", err)
		}
	})
}

func TestALargeChangeAsksForRoomAndGivesItBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	cache := func() (size int) {
		t.Helper()
		w.ok(w.d.System().Write(t.Context(), func(s *db.System) error { return s.Row(t.Context(), `PRAGMA cache_size`, nil, &size) }))
		return size
	}
	usual := cache()
	list := make([]org.Function, largeRows)
	for i := range list {
		list[i] = org.Function{ID: fmt.Sprintf("f%06d", i), Name: "Klerk"}
	}
	c := w.begin()
	w.ok(c.Put(t.Context(), &org.Organisation{Functions: list[1:]}))
	if now := cache(); now != usual {
		t.Errorf("a change of %d rows asked for room: %d", len(list)-1, now)
	}
	w.ok(c.Put(t.Context(), &org.Organisation{Functions: list[:1]}))
	if now := cache(); now == usual {
		t.Errorf("a change of %d rows asked for no room", len(list))
	}
	w.ok(c.Apply(t.Context(), nil))
	if now := cache(); now != usual {
		t.Errorf("after it was applied the writer has %d, not %d", now, usual)
	}
}
