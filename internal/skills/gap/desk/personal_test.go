package desk

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
)

func TestWhoAskedIsShownAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add(wave(t, "r1", "s1", 300, 7))
		s.asks("r1")
		held, err := s.Held(t.Context(), dbtest.Ours, hr().Owner)
		if err != nil || len(held) != 1 || held[0].Rows[0].Source != "skill_gaps/r1" {
			t.Fatalf("%+v %v", held, err)
		}
		if held, err := s.Held(t.Context(), dbtest.Ours, "somebody-else"); err != nil || held != nil {
			t.Errorf("%+v %v", held, err)
		}
		if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return s.Erase(t.Context(), tx, hr().Owner) }); err != nil {
			t.Fatal(err)
		}
		if held, err := s.Held(t.Context(), dbtest.Ours, hr().Owner); err != nil || held != nil {
			t.Errorf("%+v %v", held, err)
		}
		s.get("hr", home+"/r1").wants(http.StatusOK, "De hele organisatie")
	})
}

// A result goes with its report: with its file, and not while the report is there.
func TestAResultGoesWithItsReport(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.add(wave(t, "r1", "s1", 300, 7))
		s.add(wave(t, "r2", "s2", 300, 8))
		s.asks("r1")
		s.asks("r2")
		err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO reports (tenant_id, id, title, wave, options, state, created_by, created_at) VALUES ($1, 'r1', 'x', 'x', '{}', 'ready', '', 0)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		kept := s.Kept()[0]
		later := s.now().Add(time.Hour)
		r := s.DB.Of(dbtest.Ours)
		if n, oldest, err := kept.Count(t.Context(), r, later); n != 1 || oldest.IsZero() || err != nil {
			t.Errorf("%d %v %v", n, oldest, err)
		}
		gone := 0
		err = s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) (err error) {
			gone, err = kept.Delete(t.Context(), tx, later, 10)
			return err
		})
		if n, held := kept.Held(t.Context(), r); err != nil || gone != 1 || n != 1 || held != nil {
			t.Errorf("%d went, %d are left: %v", gone, n, err)
		}
		if said, err := readingOf(t.Context(), r, "s1"); err != nil || said != nil { // no source of that id is kept here
			t.Errorf("what was said of answers that are gone is left: %v, %v", said, err)
		}
		files := 0
		if err := r.Row(t.Context(), `SELECT COUNT(*) FROM files WHERE tenant_id = $1 AND media_type = $2`, []any{resultType}, &files); err != nil || files != 1 {
			t.Errorf("%d files are left, %v", files, err)
		}
	})
}

// When the answers are taken away what was computed stays; it cannot be computed again, nor read otherwise.
func TestWithoutAnswersTheResultStays(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.add(wave(t, "r1", "s1", 900, 7))
	v := s.asks("r1")
	s.mu.Lock()
	s.reports[0].Source = ""
	delete(s.waves, "r1")
	s.mu.Unlock()
	s.measured = &measured{known: map[string]bool{}}
	s.get("hr", home).wants(http.StatusOK, "Monitor r1")
	s.get("hr", home+"/r1").wants(http.StatusOK, "De hele organisatie").silent("Bereken opnieuw", "Nog één stap")
	s.get("hr", home+"/r1/map").wants(http.StatusOK, "Departement Burgerzaken")
	s.get("hr", home+"/r1/method").wants(http.StatusOK, "Gekozen door HR").silent(home + "/r1/reading")
	s.get("hr", home+"/r1/reading").wants(http.StatusGone, "De antwoorden van deze meting zijn weg")
	s.post("hr", home+"/r1/compute").wants(http.StatusGone)
	if err := s.Say(t.Context(), hr(), "r1", v.version, v.facts.Proposed, ask()); !problem.Is(err, problem.Gone) {
		t.Errorf("%v", err)
	}
}

// What is kept in memory is bounded, and the one that is looked at stays.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	s := newSite(t, sqlite(t))
	s.add(wave(t, "r1", "s1", 300, 7))
	s.asks("r1")
	v := must(rowOf(t.Context(), s.DB.Of(dbtest.Ours), "r1"))(t)
	size := sizeOf(s.result("r1"))
	shelf := newShelf(2*size + 1)
	for _, name := range []string{"a", "b", "c"} {
		shelf.put(place{dbtest.Ours, name}, newIndex(s.result("r1")))
		shelf.get(place{dbtest.Ours, "a"})
	}
	if shelf.get(place{dbtest.Ours, "a"}) == nil || shelf.get(place{dbtest.Ours, "b"}) != nil || shelf.get(place{dbtest.Ours, "c"}) == nil || shelf.size > shelf.most {
		t.Errorf("%d of %d bytes", shelf.size, shelf.most)
	}
	if shelf.get(place{dbtest.Theirs, "a"}) != nil {
		t.Error("another organisation finds it")
	}
	tiny := newShelf(1)
	tiny.put(place{dbtest.Ours, v.file}, newIndex(s.result("r1")))
	if tiny.get(place{dbtest.Ours, v.file}) == nil {
		t.Error("a result that is too large is read from the store each time")
	}
	// Read from the store it is the same as from the computation.
	s.boards = newShelf(1)
	before := s.get("hr", home+"/r1/map").wants(http.StatusOK).text()
	if again := s.get("hr", home+"/r1/map").wants(http.StatusOK).text(); again != before || !strings.Contains(before, "Departement") {
		t.Error("it differs")
	}
}
