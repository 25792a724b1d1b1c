package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

func TestUndoLeavesWhatChangedSinceAndSaysWhich(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.edit(&org.Organisation{
			Units:  []org.Unit{{ID: "u1", Name: "Oud"}, {ID: "u2", Name: "Oud onder", Parent: "u1"}},
			People: []org.Person{person("p1", "Een"), person("p2", "Twee"), person("p3", "Drie")},
			Posts:  []org.Post{{ID: "q1", Person: "p1", Unit: "u1"}},
		}, "")
		imported := w.edit(&org.Organisation{
			Units:     []org.Unit{{ID: "u3", Name: "Nieuw"}, {ID: "u4", Name: "Nieuw onder", Parent: "u3"}, {ID: "u5", Name: "Nieuw en leeg"}},
			Functions: []org.Function{{ID: "f1", Name: "Nieuw"}, {ID: "f2", Name: "Nieuw en leeg"}},
			People:    []org.Person{person("p1", "Een anders"), person("p2", "Twee anders"), person("p4", "Vier"), person("p5", "Vijf")},
			Posts:     []org.Post{{ID: "q1", Person: "p1", Unit: "u3"}},
		}, People, "p3")
		// Since then: p2 has yet another name, p5 and f1 and u4 are used by a new post, and u1 is gone with u2.
		w.edit(people(person("p2", "Twee weer anders")), Units, "u1", "u2")
		last := w.edit(&org.Organisation{Posts: []org.Post{{ID: "q2", Person: "p5", Unit: "u4", Function: "f1"}}}, "")

		var told Undone
		got, err := Undo(ctx, w.d, w.tenant, w.clock, imported, Revision{Account: "b", Note: `{"why":"wrong file"}`}, func(s *db.Scope, u Undone) error {
			told = u
			return PutQuality(ctx, s, Quality{Revision: u.Revision, Result: "{}"})
		})
		w.ok(err)
		want := Undone{Revision: last + 1, Put: 2, Ended: 3, Conflicts: []Conflict{
			{Kind: People, ID: "p2", Why: Changed, By: 3},
			{Kind: Posts, ID: "q1", Why: Missing, Of: "u1"},
			{Kind: People, ID: "p5", Why: Used},
			{Kind: Functions, ID: "f1", Why: Used},
			{Kind: Units, ID: "u4", Why: Used},
			{Kind: Units, ID: "u3", Why: Used}, // the post q1 stays in it, and u4 below it
		}}
		sortConflicts(want.Conflicts)
		sortConflicts(got.Conflicts)
		sortConflicts(told.Conflicts)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		if d := cmp.Diff(got, told); d != "" {
			t.Errorf("the caller is told something else in the transaction:\n%s", d)
		}
		equal(t, "what stands", w.load(last+1), &org.Organisation{
			Units:     []org.Unit{{ID: "u3", Name: "Nieuw"}, {ID: "u4", Name: "Nieuw onder", Parent: "u3"}},
			Functions: []org.Function{{ID: "f1", Name: "Nieuw"}},
			People:    []org.Person{person("p1", "Een"), person("p2", "Twee weer anders"), person("p3", "Drie"), person("p5", "Vijf")},
			Posts:     []org.Post{{ID: "q1", Person: "p1", Unit: "u3"}, {ID: "q2", Person: "p5", Unit: "u4", Function: "f1"}},
		})
		v, err := RevisionOf(ctx, w.r(), imported)
		w.ok(err)
		if v.UndoneBy != last+1 {
			t.Errorf("the revision does not know that it was undone: %+v", v)
		}
		if _, err := Undo(ctx, w.d, w.tenant, w.clock, imported, Revision{}, nil); !errors.Is(err, ErrUndone) {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func sortConflicts(list []Conflict) {
	for i := range list {
		for j := i + 1; j < len(list); j++ {
			if string(list[j].Kind)+list[j].ID < string(list[i].Kind)+list[i].ID {
				list[i], list[j] = list[j], list[i]
			}
		}
	}
}

func TestUndoOfAnUndoBringsTheChangeBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.edit(people(person("p1", "Een"), person("p2", "Twee")), "")
		changed := w.edit(people(person("p1", "Anders"), person("p3", "Drie")), People, "p2")
		after := w.load(changed)
		u, err := Undo(ctx, w.d, w.tenant, w.clock, changed, Revision{}, nil)
		w.ok(err)
		equal(t, "after the undo", w.load(u.Revision), w.load(1))
		again, err := Undo(ctx, w.d, w.tenant, w.clock, u.Revision, Revision{}, nil)
		w.ok(err)
		equal(t, "after the undo of the undo", w.load(again.Revision), after)
		v, err := RevisionOf(ctx, w.r(), changed)
		w.ok(err)
		if v.UndoneBy != 0 {
			t.Errorf("the change does not count again: %+v", v)
		}
		third, err := Undo(ctx, w.d, w.tenant, w.clock, changed, Revision{}, nil)
		w.ok(err)
		equal(t, "undone once more", w.load(third.Revision), w.load(1))
	})
}

func TestWhatWasChangedAndChangedBackCanBeUndone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.edit(people(person("p1", "Een")), "")
		changed := w.edit(people(person("p1", "Twee")), "")
		w.edit(people(person("p1", "Drie")), "")
		w.edit(people(person("p1", "Twee")), "")
		u, err := Undo(t.Context(), w.d, w.tenant, w.clock, changed, Revision{}, nil)
		w.ok(err)
		if len(u.Conflicts) != 0 || w.load(u.Revision).People[0].Family != "Een" {
			t.Errorf("%+v", u)
		}
	})
}

func TestAnUndoThatCanPutNothingBackChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		changed := w.edit(people(person("p1", "Een")), "")
		w.edit(people(person("p1", "Twee")), "")
		u, err := Undo(t.Context(), w.d, w.tenant, w.clock, changed, Revision{}, func(*db.Scope, Undone) error {
			t.Error("it was applied")
			return nil
		})
		w.ok(err)
		if u.Revision != 0 || len(u.Conflicts) != 1 || u.Conflicts[0].By != 2 {
			t.Errorf("%+v", u)
		}
		if h := w.head(); h.Current != 2 || h.Pending != 0 {
			t.Errorf("the head is %+v", h)
		}
	})
}

func TestAnUndoCanBeLookedAtAndDropped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		changed := w.edit(people(person("p1", "Een"), person("p2", "Twee")), "")
		c, u, err := BeginUndo(t.Context(), w.d, w.tenant, w.clock, changed, Revision{})
		w.ok(err)
		if u.Ended != 2 || u.Put != 0 || len(u.Conflicts) != 0 {
			t.Errorf("%+v", u)
		}
		w.ok(c.Abort(t.Context()))
		if h := w.head(); h.Current != 1 || len(w.load(1).People) != 2 {
			t.Errorf("the head is %+v", h)
		}
	})
}

func TestPruneKeepsWhatMayStillBeUndone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for i, name := range []string{"Een", "Twee", "Drie", "Vier"} {
			if i > 0 {
				w.pass(24 * time.Hour)
			}
			w.edit(people(person("p1", name), person("p2", "Blijft")), "")
		}
		// Revisions stand on day 0, 1, 2 and 3. Those of the last day and a half can be undone: 3 and 4.
		gone, err := Prune(ctx, w.d, w.tenant, w.clock().Add(-36*time.Hour))
		w.ok(err)
		if gone != 2 || w.count("people_staff") != 6 {
			t.Errorf("%d versions went, %d are left", gone, w.count("people_staff"))
		}
		if h := w.head(); h.Oldest != 3 {
			t.Errorf("the head is %+v", h)
		}
		if _, err := Load(ctx, w.r(), 1); !errors.Is(err, ErrPruned) {
			t.Errorf("what is gone is read: %v", err)
		}
		if w.load(2).People[0].Family != "Twee" {
			t.Error("what stood before the oldest is not there")
		}
		if _, err := Undo(ctx, w.d, w.tenant, w.clock, 2, Revision{}, nil); !errors.Is(err, ErrPruned) {
			t.Errorf("what is gone is undone: %v", err)
		}
		u, err := Undo(ctx, w.d, w.tenant, w.clock, 4, Revision{}, nil)
		w.ok(err)
		if w.load(u.Revision).People[0].Family != "Drie" {
			t.Error("the last is not undone")
		}
		_, err = Prune(ctx, w.d, w.tenant, w.clock().Add(time.Hour))
		w.ok(err)
		if n := w.count("people_staff"); n != 2 || len(w.load(u.Revision).People) != 2 {
			t.Errorf("%d versions are left of two people", n)
		}
	})
}

func TestUndoBringsNoUnitBackBelowOneThatIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.edit(&org.Organisation{Units: []org.Unit{
			{ID: "top", Name: "Top"}, {ID: "mid", Name: "Midden", Parent: "top"}, {ID: "low", Name: "Onder", Parent: "mid"},
			{ID: "lost", Name: "Altijd los", Parent: "never there"}, {ID: "moved", Name: "Verhuisd", Parent: "top"},
		}}, "")
		ended := w.edit(&org.Organisation{Units: []org.Unit{{ID: "moved", Name: "Verhuisd"}}}, Units, "mid", "low", "lost")
		w.edit(&org.Organisation{}, Units, "top")
		u, err := Undo(t.Context(), w.d, w.tenant, w.clock, ended, Revision{}, nil)
		w.ok(err)
		sortConflicts(u.Conflicts)
		want := []Conflict{
			{Kind: Units, ID: "low", Why: Missing, Of: "mid"}, {Kind: Units, ID: "mid", Why: Missing, Of: "top"},
			{Kind: Units, ID: "moved", Why: Missing, Of: "top"},
		}
		if d := cmp.Diff(want, u.Conflicts); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		equal(t, "what stands", w.load(u.Revision), &org.Organisation{Units: []org.Unit{
			{ID: "lost", Name: "Altijd los", Parent: "never there"}, {ID: "moved", Name: "Verhuisd"},
		}})
	})
}
