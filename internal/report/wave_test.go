package report

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/findings"
)

// staged keeps the answers of a file as a snapshot in the store, as a wave does, and returns its id. The first people link them.
func (w *world) staged(csv string, links ...instrument.Link) string {
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
	if len(links) > 0 {
		read.Answers.Links = append(links, make([]instrument.Link, read.Answers.N-len(links))...)
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

// making works on reports until the test ends, and returns what waits for one.
func (w *world) making() func(reportID string) Report {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan struct{})
	go func() { w.Queue.Run(ctx); close(ended) }()
	w.t.Cleanup(func() { stop(); <-ended })
	return func(reportID string) Report {
		w.t.Helper()
		for range 2000 {
			r, err := w.Report(w.t.Context(), hr, reportID)
			if err != nil {
				w.t.Fatal(err)
			}
			if r.State != Making {
				return r
			}
			time.Sleep(5 * time.Millisecond)
		}
		w.t.Fatal("the report was not made")
		return Report{}
	}
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
		ready := w.making()
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

// linksOf are pseudonyms of so many people.
func linksOf(n int) []instrument.Link {
	out := make([]instrument.Link, n)
	for i := range out {
		out[i] = instrument.Link(fmt.Appendf(nil, "pseudonym-%06d", i))
	}
	return out
}

func TestWhoLinkedTwoWavesSharpensTheChangeAndStandsInNothingThatLeaves(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ready := w.making()
		made := func(wave, previous, snapshot string) (Report, *findings.Findings) {
			t.Helper()
			_, id, err := w.addWave(WaveInput{Wave: wave, Title: "Meting " + wave, Questionnaire: []byte(small), Snapshot: snapshot, Respondents: 60, Population: 100,
				GroupSize: 10, Previous: previous})
			if err != nil {
				t.Fatal(err)
			}
			r := ready(id)
			f, err := load(t.Context(), w.d.Of(hr.Tenant), r.findings)
			if err != nil {
				t.Fatal(err)
			}
			return r, f
		}
		first, _ := made("w1", "", w.staged(answersOf(60, 20), linksOf(55)...))
		_, apart := made("w2", first.ID, w.staged(answersOf(60, 30)))
		second, linked := made("w3", first.ID, w.staged(answersOf(60, 30), linksOf(55)...))
		_, few := made("w4", first.ID, w.staged(answersOf(60, 30), linksOf(9)...))
		if linked.Earlier.Linked != 55 || apart.Earlier.Linked != 0 || few.Earlier.Linked != 0 {
			t.Fatalf("%d, %d and %d are told to be linked", linked.Earlier.Linked, apart.Earlier.Linked, few.Earlier.Linked)
		}
		narrower := 0
		for i := range linked.Changes {
			a, b, c := &linked.Changes[i], &apart.Changes[i], &few.Changes[i]
			if c.Low != b.Low || c.High != b.High || a.Diff != b.Diff {
				t.Errorf("%s %s: few links count", a.Item, a.Option)
			}
			if a.High-a.Low < b.High-b.Low {
				narrower++
			}
		}
		if narrower == 0 {
			t.Error("no change is sharper")
		}
		p, err := w.PackageFor(t.Context(), person(dbtest.Ours, access.Researcher), PackageInput{Report: second.ID, Purpose: "onderzoek naar koppelen", Lang: instrument.NL, Background: true})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Remove()
		taken, err := zip.OpenReader(p.Path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = taken.Close() }()
		for _, file := range taken.File {
			f, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(f)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(body, []byte("pseudonym")) || bytes.Contains(body, []byte(hex.EncodeToString([]byte("pseudonym")))) {
				t.Errorf("%s holds links", file.Name)
			}
		}
		raw, err := json.Marshal(linked)
		if err != nil || bytes.Contains(raw, []byte("pseudonym")) {
			t.Error("the findings hold links:", err)
		}
	})
}
