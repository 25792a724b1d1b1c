package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/privacy/heldtest"
)

func TestAnErasedPersonIsInNoVersionOfAnything(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		boss := org.Person{ID: "the-boss", Family: "Baes", Number: "77", Mail: "baes@stad.example"}
		rest := org.Person{ID: "p2", Family: "Blijft", Manager: boss.ID}
		w.edit(&org.Organisation{
			Units: []org.Unit{{ID: "u1", Name: "Dienst", Head: boss.ID}}, People: []org.Person{boss, rest},
			Posts: []org.Post{{ID: "q1", Person: boss.ID, Unit: "u1"}, {ID: "q2", Person: "p2", Unit: "u1"}},
		}, "")
		boss.Family = "Baes-Peeters"
		w.edit(people(boss), "")
		w.edit(&org.Organisation{Units: []org.Unit{{ID: "u1", Name: "Andere naam", Head: boss.ID}}}, People, boss.ID)
		w.write(func(s *db.Scope) error {
			return NoteReads(ctx, s, []Read{{Person: boss.ID, At: noon, Account: "a", What: "file"}, {Person: "p2", At: noon, Account: "a", What: "file"}})
		})
		if len(heldtest.Mentions(t, w.d, w.tenant, "the-boss", "Baes", "baes")) < 5 {
			t.Fatal("the test looks at too little")
		}
		c := w.begin()
		err := w.d.Write(ctx, w.tenant, func(s *db.Scope) error {
			_, err := Erase(ctx, s, w.clock(), boss.ID)
			return err
		})
		if !errors.Is(err, ErrBusy) {
			t.Errorf("while a change is under way: %v", err)
		}
		w.ok(c.Abort(ctx))
		w.write(func(s *db.Scope) error {
			if there, err := Erase(ctx, s, w.clock(), "nobody"); there || err != nil {
				t.Errorf("nobody was erased: %v", err)
			}
			there, err := Erase(ctx, s, w.clock(), boss.ID)
			if !there {
				t.Error("the person was not there")
			}
			return err
		})
		if left := heldtest.Mentions(t, w.d, w.tenant, "the-boss", "Baes", "baes"); len(left) > 0 {
			t.Errorf("the store still holds %v", left)
		}
		rest.Manager = ""
		equal(t, "the others", w.load(1), &org.Organisation{
			Units: []org.Unit{{ID: "u1", Name: "Dienst"}}, People: []org.Person{rest}, Posts: []org.Post{{ID: "q2", Person: "p2", Unit: "u1"}},
		})
		// The revision that ended the person can be undone, without bringing the person back.
		u, err := Undo(ctx, w.d, w.tenant, w.clock, 3, Revision{}, nil)
		w.ok(err)
		if o := w.load(u.Revision); len(o.People) != 1 || o.Units[0].Name != "Dienst" {
			t.Errorf("%+v", o)
		}
	})
}

func TestPeopleOutForLongArePurgedAndNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		out := func(id string, to org.Date) org.Person {
			return org.Person{ID: id, Family: id, Out: true, Span: org.Span{To: to}}
		}
		o := people(out("gone-2024", 20240101), out("gone-day", 20260101), out("gone-later", 20260102), out("unknown-old", 0),
			org.Person{ID: "in", Family: "in", Span: org.Span{To: 20240101}})
		for i := range purgeRows + 50 {
			o.People = append(o.People, out(fmt.Sprintf("many-%03d", i), 20200101))
		}
		w.edit(o, "")
		w.pass(10 * 24 * time.Hour)
		w.edit(people(out("unknown-new", 0)), "")
		var told []string
		gone, err := Purge(ctx, w.d, w.tenant, w.clock, 20260101, noon.Add(time.Hour), func(_ *db.Scope, ids []string) error {
			told = append(told, ids...)
			return nil
		})
		w.ok(err)
		if gone != purgeRows+52 || !slices.Contains(told, "gone-2024") || !slices.Contains(told, "unknown-old") {
			t.Errorf("%d went", gone)
		}
		var left []string
		for _, p := range w.load(2).People {
			left = append(left, p.ID)
		}
		if want := []string{"gone-day", "gone-later", "in", "unknown-new"}; !slices.Equal(left, want) {
			t.Errorf("%v are left, not %v", left, want)
		}
		c := w.begin()
		if _, err := Purge(ctx, w.d, w.tenant, w.clock, 20260201, noon, nil); !errors.Is(err, ErrBusy) {
			t.Errorf("while a change is under way: %v", err)
		}
		w.ok(c.Abort(ctx))
		broken := errors.New("the caller cannot")
		if _, err := Purge(ctx, w.d, w.tenant, w.clock, 20260201, noon, func(*db.Scope, []string) error { return broken }); !errors.Is(err, broken) {
			t.Error(err)
		}
		if len(w.load(2).People) != 4 {
			t.Error("people went although the caller could not")
		}
	})
}
