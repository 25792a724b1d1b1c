package closing

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/jobs"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

// asks is a questionnaire with a background, a choice and two open questions.
const asks = wavetest.Questionnaire + `  - id: remark
    kind: text
    topic: other
    question: {nl: "Wil je nog iets zeggen?", fr: "Une remarque ?", de: "Noch etwas?", en: "Anything else?"}
  - id: wish
    kind: text
    topic: other
    question: {nl: "Wat wens je?", fr: "Un souhait ?", de: "Ein Wunsch?", en: "A wish?"}
`

// asUrn is package urn as this package sees it.
type asUrn struct{ *urn.Urn }

func (u asUrn) Each(ctx context.Context, w *wave.Wave, each func(Entry) error) error {
	return u.Urn.Each(ctx, w, func(e urn.Opened) error { return each(Entry(e)) })
}

// handovers notes what the feature of reports would get.
type handovers struct {
	mu   sync.Mutex
	list []Handover
	err  error
}

func (h *handovers) AddWave(_ context.Context, tx *db.Scope, in Handover) (string, string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return "", "", h.err
	}
	tx.AfterCommit(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.list = append(h.list, in)
	})
	return "source-" + in.Wave, "report-" + in.Wave, nil
}

func (h *handovers) all() []Handover {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.list
}

// world is closing beside the life of waves.
type world struct {
	*wavetest.World
	closing *Service
	urn     *urn.Urn
	reports *handovers
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{World: wavetest.New(t, d), reports: &handovers{}}
	w.Asks(asks)
	w.urn = urn.New(urn.Dependencies{DB: d, Box: w.Box, Now: w.Clock.Now})
	w.closing = New(Dependencies{DB: d, Audit: w.Audit, Queue: w.Queue, Box: w.Box, Now: w.Clock.Now, Dir: t.TempDir(), Urn: asUrn{w.urn},
		Reports: w.reports, Organisations: w.World})
	w.Closes(func(ctx context.Context, j *jobs.Job) (jobs.Finish, error) {
		return w.closing.Close(ctx, j, &jobs.Progress{})
	})
	return w
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newWorld(t, d)) })
}

// given is what somebody answers.
type given map[string]string

// hand puts answers in the urn: for a person of a confidential wave, with a ballot in an anonymous one.
func (w *world) hand(v *wave.Wave, person string, answers given) {
	w.T.Helper()
	in, err := instrument.Parse("q.yaml", []byte(asks))
	if err != nil {
		w.T.Fatal(err)
	}
	linked, err := w.closing.linker(w.T.Context(), v, 0)
	if err != nil {
		w.T.Fatal(err)
	}
	codec, err := linked.codec(in)
	if err != nil {
		w.T.Fatal(err)
	}
	raw, err := json.Marshal(answers)
	if err != nil {
		w.T.Fatal(err)
	}
	rec, err := codec.Read(raw)
	if err != nil {
		w.T.Fatal(err)
	}
	e := urn.Entry{Record: rec.Bytes()}
	switch v.Mode {
	case wave.Anonymous:
		var b ballot.Ballot
		_, _ = rand.Read(b.Message[:])
		_, _ = rand.Read(b.Signature[:])
		e.Key, e.Ballot = b.Key(), append(b.Message[:], b.Signature[:]...)
	case wave.Confidential:
		secret, err := v.Secret(w.Box)
		if err != nil {
			w.T.Fatal(err)
		}
		e.Key = [32]byte(secret.Derive("confidential", []byte(person)))
	case wave.OpenLink:
		_, _ = rand.Read(e.Key[:])
	}
	if err := w.urn.Put(w.T.Context(), v, e); err != nil {
		w.T.Fatal(err)
	}
	if v.Mode != wave.OpenLink {
		w.exec(`UPDATE wave_people SET taken = $3 WHERE tenant_id = $1 AND id = $2`, person, true)
	}
}

func (w *world) exec(statement string, args ...any) {
	w.T.Helper()
	err := w.DB.Write(w.T.Context(), dbtest.Ours, func(s *db.Scope) error {
		_, err := s.Exec(w.T.Context(), statement, args...)
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// count returns a number from the store.
func (w *world) count(query string, args ...any) (n int) {
	w.T.Helper()
	if err := w.DB.Of(dbtest.Ours).Row(w.T.Context(), query, args, &n); err != nil {
		w.T.Fatal(err)
	}
	return n
}

func person(v *wave.Wave, i int) string { return fmt.Sprintf("%s-%d", v.ID, i) }

// answered opens a wave of so many people, of whom some answer: who has an odd number works in green, and answers that; every third
// uses it often, and everyone leaves a remark, but for few a wish.
func (w *world) answered(mode wave.Mode, people, answers, wishes int) wave.Wave {
	w.T.Helper()
	v := w.Running(mode, people)
	for i := range answers {
		g := given{"department": []string{"finance", "green"}[i%2], "uses": "never", "remark": fmt.Sprintf("Opmerking %d", i)}
		if i%3 == 0 {
			g["uses"] = "often"
		}
		if i < wishes {
			g["wish"] = fmt.Sprintf("Wens %d", i)
		}
		w.hand(&v, person(&v, i), g)
	}
	return v
}

// closed closes a wave and works until nothing waits.
func (w *world) closed(v *wave.Wave) wave.Wave {
	w.T.Helper()
	if err := w.CloseNow(w.T.Context(), wavetest.HR(), v.ID); err != nil {
		w.T.Fatal(err)
	}
	w.Work()
	return w.Get(v.ID)
}

// read loads a snapshot that was handed over.
func (w *world) read(h *Handover) *instrument.Answers {
	w.T.Helper()
	path, remove, err := files.Spool(w.T.Context(), w.DB.Of(dbtest.Ours), h.Snapshot, w.T.TempDir())
	if err != nil {
		w.T.Fatal(err)
	}
	defer remove()
	in, err := instrument.Parse("q.yaml", h.Questionnaire)
	if err != nil {
		w.T.Fatal(err)
	}
	read, err := intake.Read(w.T.Context(), path, in, intake.Options{})
	if err != nil {
		w.T.Fatal(err)
	}
	return read.Answers
}

// column returns the answers to a variable, by row, as the option that was chosen.
func column(t testing.TB, a *instrument.Answers, id string) []string {
	t.Helper()
	for i, v := range a.Variables {
		if v.ID != id {
			continue
		}
		out := make([]string, a.N)
		for n := range out {
			if code := a.Columns[i].At(n) - instrument.FirstOption; code >= 0 {
				out[n] = optionsOf(v.Item, a.Columns[i])[code]
			}
		}
		return out
	}
	t.Fatalf("no variable %s", id)
	return nil
}

func noFilesLeft(t testing.TB, dir string) {
	t.Helper()
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Error("left on the disk:", left, err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Error(err)
	}
}
