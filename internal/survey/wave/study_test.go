package wave_test

import (
	"bytes"
	"errors"
	"testing"

	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

// linkedWave launches a wave whose answers can be linked, or not, after another one.
func linkedWave(t *testing.T, w *wavetest.World, linked bool, previous string) string {
	t.Helper()
	d := w.Draft(wave.Anonymous, 8)
	terms := wavetest.Terms(wave.Anonymous)
	terms.Linked, terms.Previous = linked, previous
	if err := w.Change(t.Context(), wavetest.HR(), d.ID, d.Version, terms); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Launch(t.Context(), wavetest.HR(), d.ID, w.Get(d.ID).Version, asked.Request{}); err != nil {
		t.Fatal(err)
	}
	return d.ID
}

func TestAWaveAfterALinkedOneBelongsToItsStudy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := wavetest.New(t, d)
		first := linkedWave(t, w, true, "")
		second := linkedWave(t, w, true, first)
		third := linkedWave(t, w, true, second)
		alone := linkedWave(t, w, true, "")
		none := linkedWave(t, w, false, first)
		after := linkedWave(t, w, true, none)
		of := map[string]wave.Study{}
		secret := map[string][]byte{}
		for _, id := range []string{first, second, third, alone, after} {
			s, err := wave.StudyOf(t.Context(), d.Of(dbtest.Ours), id)
			if err != nil {
				t.Fatal(err)
			}
			k, err := s.Secret(w.Box)
			if err != nil {
				t.Fatal(err)
			}
			of[id], secret[id] = s, k.Derive("test", nil)
		}
		for _, id := range []string{second, third} {
			if of[id].ID != of[first].ID || !bytes.Equal(secret[id], secret[first]) {
				t.Error("a wave that follows has another study")
			}
		}
		for _, id := range []string{alone, after} {
			if of[id].ID == of[first].ID || bytes.Equal(secret[id], secret[first]) {
				t.Error("a wave that follows no linked one shares its study")
			}
		}
		for _, id := range []string{none, "", "other"} {
			if _, err := wave.StudyOf(t.Context(), d.Of(dbtest.Ours), id); !errors.Is(err, db.ErrNoRow) {
				t.Error("a wave that links nothing has a study:", err)
			}
		}
		if _, err := wave.StudyOf(t.Context(), d.Of(dbtest.Theirs), first); !errors.Is(err, db.ErrNoRow) {
			t.Error("another organisation sees the study:", err)
		}
	})
}
