package skills

import (
	"context"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/vault"
)

// Upkeep comes by every hour and has the profiles of an organisation change places once a day.
func TestProfilesChangePlacesOnceADay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		box, err := seal.Parse(seal.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		s := &Service{db: d, now: func() time.Time { return now }}
		for range 3 {
			p, err := vault.PlaceOf(box, dbtest.Ours, vault.NewCode())
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return vault.Put(t.Context(), s, p, 0, []byte("x"), now) }); err != nil {
				t.Fatal(err)
			}
		}
		for range 30 { // hours
			if err := s.Upkeep(t.Context(), dbtest.Ours); err != nil {
				t.Fatal(err)
			}
			if err := s.Upkeep(t.Context(), dbtest.Theirs); err != nil {
				t.Fatal("nothing is kept:", err)
			}
			now = now.Add(time.Hour)
		}
		if last := s.shuffled.at[dbtest.Ours]; last != now.Add(-10*time.Hour) {
			t.Errorf("shuffled last %v before the end", now.Sub(last))
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		now = now.Add(24 * time.Hour)
		if err := s.Upkeep(ended, dbtest.Ours); err == nil {
			t.Error("what could not be done counts as done")
		}
		if err := s.Upkeep(t.Context(), dbtest.Ours); err != nil || s.shuffled.at[dbtest.Ours] != now {
			t.Error("what failed is not tried again:", err)
		}
	})
}
