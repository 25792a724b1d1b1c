package jobs

import (
	"context"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

// TestHelperDoesItsKindsAndTakesNothingFromOthers has a job that a server works on, one that only the server knows, and one for the helper.
func TestHelperDoesItsKindsAndTakesNothingFromOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		other := simple()
		other.Name = "other"
		w := newWorld(t, d, simple(), other)
		running := w.add(New{Kind: "simple"})
		var held *Job
		err := d.System().Write(t.Context(), func(s *db.System) (err error) {
			held, _, err = claim(t.Context(), s, w.clock.now(), w.Lease, nil)
			return err
		})
		if err != nil || held == nil || held.ID != running {
			t.Fatalf("%v, %v", held, err)
		}
		strange, ours := w.add(New{Kind: "other"}), w.add(New{Kind: "simple"})

		helper := queueOn(d, w.clock.now, Options{Poll: 2 * time.Millisecond})
		helper.Register(simple())
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); helper.Help(ctx, "simple") }()
		for range 5_000 {
			if effects(t, d)[ours] == 1 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		stop()
		<-ended
		if got := effects(t, d); got[ours] != 1 || len(got) != 1 {
			t.Errorf("the helper did %v", got)
		}
		for what, id := range map[string]string{"the job that a server works on": running, "the job of another kind": strange} {
			j, err := byID(t.Context(), d.Of(dbtest.Ours), id)
			if err != nil || j.Attempt != map[string]int{running: 1}[id] || j.State.Ended() || !j.RunAt.IsZero() {
				t.Errorf("%s: %+v, %v", what, j, err)
			}
		}
		alive := false
		if err := d.System().Write(t.Context(), func(s *db.System) (err error) {
			alive, err = beat(t.Context(), s, held, w.clock.now().Add(w.Lease), "", 0, 0)
			return err
		}); err != nil || !alive {
			t.Errorf("the server lost its job: %v, %v", alive, err)
		}
		// A helper without kinds ends at once and does nothing.
		helper.Help(t.Context())
	})
}
