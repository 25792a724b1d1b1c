package monitor

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
	"tekentafel/internal/tenant"
)

// take lets so many more people take part.
func take(t *testing.T, w *wavetest.World, waveID string, n int) {
	t.Helper()
	if err := w.DB.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
		_, err := s.Exec(t.Context(), `UPDATE wave_people SET taken = TRUE WHERE tenant_id = $1 AND id IN
(SELECT id FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND NOT taken ORDER BY id LIMIT $3)`, waveID, n)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWaveIsCountedWhenADayBeginsAndNotWhenSomebodyLooks looks at all hours, on two nodes.
func TestWaveIsCountedWhenADayBeginsAndNotWhenSomebodyLooks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := wavetest.New(t, d)
		zone, err := time.LoadLocation("Europe/Brussels")
		if err != nil {
			t.Fatal(err)
		}
		s := &Service{DB: d, Now: w.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Zone: func(context.Context, tenant.ID) *time.Location { return zone }}
		v, other := w.Running(wave.Anonymous, 60), w.Draft(wave.Anonymous, 60)
		look := func() []Release {
			t.Helper()
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() {
					if err := s.Due(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			list, err := Releases(t.Context(), d.Of(dbtest.Ours), v.ID)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		take(t, w, v.ID, 20)
		if got := look(); len(got) != 0 {
			t.Errorf("on the day that it opens: %+v", got)
		}
		w.Clock.Step(10*time.Hour + 59*time.Minute) // 23.59 in Brussels
		if got := look(); len(got) != 0 {
			t.Errorf("before midnight: %+v", got)
		}
		w.Clock.Step(time.Minute)
		got := look()
		if len(got) != 1 || got[0].Day != "2026-11-25" || got[0].Taken != (Range{15, 24}) || got[0].People != 60 || len(got[0].Variables) != 1 {
			t.Fatalf("%+v", got)
		}
		for range 5 { // people take part all day, and somebody looks each time
			take(t, w, v.ID, 3)
			w.Clock.Step(3 * time.Hour)
			if got := look(); len(got) != 1 || got[0].Taken != (Range{15, 24}) {
				t.Fatalf("%+v", got)
			}
		}
		w.Clock.Step(10 * time.Hour)
		if got := look(); len(got) != 2 || got[1].Taken.Low < 30 {
			t.Errorf("the day after: %+v", got)
		}
		if list, err := Releases(t.Context(), d.Of(dbtest.Theirs), v.ID); err != nil || len(list) != 0 {
			t.Errorf("another organisation sees %+v, %v", list, err)
		}
		if list, err := Releases(t.Context(), d.Of(dbtest.Ours), other.ID); err != nil || len(list) != 0 {
			t.Errorf("a draft shows %+v, %v", list, err)
		}
	})
}
