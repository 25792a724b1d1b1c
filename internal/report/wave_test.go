package report

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/intake"
)

// staged keeps the answers of a file as a snapshot in the store, as a wave does, and returns its id.
func (w *world) staged(csv string) string {
	w.t.Helper()
	in, err := parseInstrument([]byte(small))
	if err != nil {
		w.t.Fatal(err)
	}
	dir := w.t.TempDir()
	path := filepath.Join(dir, "answers.csv")
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		w.t.Fatal(err)
	}
	read, err := intake.Read(w.t.Context(), path, in, intake.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	snapshot := filepath.Join(dir, "answers.snapshot")
	if err := intake.WriteSnapshot(snapshot, read.Answers); err != nil {
		w.t.Fatal(err)
	}
	f, err := os.Open(snapshot)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	file, err := files.Stage(w.t.Context(), w.d, hr.Tenant, w.clock.now, "wave.snapshot", "application/octet-stream", f)
	if err != nil {
		w.t.Fatal(err)
	}
	return file.ID
}

func (w *world) addWave(in WaveInput) (source, report string, err error) {
	err = w.d.Write(w.t.Context(), hr.Tenant, func(tx *db.Scope) error {
		source, report, err = w.AddWave(w.t.Context(), tx, in)
		return err
	})
	return source, report, err
}

// answersOf has so many answers, the first often of which use it often.
func answersOf(n, often int) string {
	var b strings.Builder
	b.WriteString("department,age,uses\n")
	for i := range n {
		use := "never"
		if i < often {
			use = "often"
		}
		b.WriteString([]string{"Groen", "Financiën"}[i%2] + ",young," + use + "\n")
	}
	return b.String()
}

func TestAWaveHandsOverItsAnswersOnceAndIsComparedWithTheEarlierOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Queue.Run(ctx); close(ended) }()
		defer func() { stop(); <-ended }()
		ready := func(reportID string) Report {
			for range 2000 {
				r, err := w.Report(t.Context(), hr, reportID)
				if err != nil {
					t.Fatal(err)
				}
				if r.State != Making {
					return r
				}
				time.Sleep(5 * time.Millisecond)
			}
			t.Fatal("the report was not made")
			return Report{}
		}
		first := WaveInput{Wave: "w1", Title: "Voorjaar", Questionnaire: []byte(small), Snapshot: w.staged(answersOf(60, 15)), Respondents: 60, Population: 100, GroupSize: 10}
		source, one, err := w.addWave(first)
		if err != nil {
			t.Fatal(err)
		}
		if again, same, err := w.addWave(first); err != nil || again != source || same != one {
			t.Fatalf("the wave was taken twice: %s %s %v", again, same, err)
		}
		if r := ready(one); r.State != Ready || !r.Published.IsZero() || r.Respondents != 60 {
			t.Fatalf("%+v", r)
		}
		second := WaveInput{Wave: "w2", Title: "Najaar", Questionnaire: []byte(small), Snapshot: w.staged(answersOf(80, 60)), Respondents: 80, Population: 100, GroupSize: 10, Previous: one}
		_, two, err := w.addWave(second)
		if err != nil {
			t.Fatal(err)
		}
		r := ready(two)
		f, err := load(t.Context(), w.d.Of(hr.Tenant), r.findings)
		if err != nil {
			t.Fatal(err)
		}
		if f.Disclosure.K != 10 || f.Earlier == nil || f.Earlier.Label != "Voorjaar" || len(f.Changes) == 0 || f.Earlier.Note != "" {
			t.Fatalf("%+v with %d changes, k = %d", f.Earlier, len(f.Changes), f.Disclosure.K)
		}
		// Made anew by hand it keeps what people were promised, and the wave to compare with.
		anew, err := w.Make(t.Context(), hr, Input{Source: r.Source, Title: "Nog eens", Wave: "Najaar"})
		if err != nil {
			t.Fatal(err)
		}
		anew = ready(anew.ID)
		if f, err = load(t.Context(), w.d.Of(hr.Tenant), anew.findings); err != nil || f.Disclosure.K != 10 || f.Earlier == nil {
			t.Fatalf("%+v %v", anew, err)
		}
		// The answers of the first go: what changed still follows from its figures.
		if err := w.DeleteSource(t.Context(), hr, source); err != nil {
			t.Fatal(err)
		}
		third := second
		third.Wave, third.Snapshot = "w3", w.staged(answersOf(80, 60))
		_, three, err := w.addWave(third)
		if err != nil {
			t.Fatal(err)
		}
		r = ready(three)
		if f, err = load(t.Context(), w.d.Of(hr.Tenant), r.findings); err != nil || f.Earlier == nil || f.Earlier.Note != "no-answers" || len(f.Changes) == 0 {
			t.Fatalf("%+v %v", f, err)
		}
		// And when its report is gone as well, that is said.
		if err := w.Delete(t.Context(), hr, one); err != nil {
			t.Fatal(err)
		}
		third.Wave, third.Snapshot = "w4", w.staged(answersOf(80, 60))
		_, four, err := w.addWave(third)
		if err != nil {
			t.Fatal(err)
		}
		r = ready(four)
		if f, err = load(t.Context(), w.d.Of(hr.Tenant), r.findings); err != nil || f.Earlier != nil || f.Caveats[len(f.Caveats)-1].Key != "earlier-gone" {
			t.Fatalf("%+v %v", f, err)
		}
	})
}
