package report

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
)

// hidden counts the departments that Findings show and hide.
func hidden(f *findings.Findings) (shown, hides int) {
	for _, g := range f.Groups {
		for _, v := range g.Values {
			if g.Variable != "department" {
				continue
			}
			if v.Suppressed {
				hides++
			} else {
				shown++
			}
		}
	}
	return shown, hides
}

func TestStricterGroupSizeOfQuestionnaireAndOrganisationHolds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ organisation, k, shown int }{{2, 5, 3}, {25, 25, 1}} {
			w.orgs.set(c.organisation, nil)
			r := w.ready(dbtest.Ours)
			f, err := w.findings(t.Context(), dbtest.Ours, &r)
			if err != nil {
				t.Fatal(err)
			}
			shown, hides := hidden(f)
			if f.Disclosure.K != c.k || shown != c.shown || shown+hides != 3 {
				t.Errorf("organisation %d, questionnaire 5: k is %d, %d departments show and %d hide", c.organisation, f.Disclosure.K, shown, hides)
			}
			if f.Wave.Organisation != "Stad ours" || f.Respondents != 60 || r.Respondents != 60 {
				t.Errorf("%+v", f.Wave)
			}
			for i := range f.Shares {
				if s := &f.Shares[i]; s.Group != nil && !s.Suppressed && s.Base < c.k {
					t.Errorf("k is %d and %+v shows", c.k, s)
				}
			}
		}
	})
}

func TestReportThatCannotBeMadeSaysWhyAndCanBeMadeAnew(t *testing.T) {
	t.Parallel()
	elsewhere := strings.NewReplacer("department", "colour", "Department", "Colour", "age", "shape", "Age", "Shape", "uses", "taste").Replace(small)
	each(t, func(t *testing.T, w *world) {
		in := w.input(answers())
		in.Margins = []byte("variable,value,count\nshoe-size,41,100\n")
		src, err := w.AddSource(t.Context(), hr, in)
		if err != nil {
			t.Fatal(err)
		}
		other := w.source(dbtest.Ours) // kept by an earlier version, so to say, that read it otherwise
		err = w.d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
			_, err := s.Exec(t.Context(), `UPDATE report_sources SET instrument = $3 WHERE tenant_id = $1 AND id = $2`, other.ID, elsewhere)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.run()
		for name, c := range map[string]struct {
			source, says string
		}{"margins of no question": {src.ID, "shoe-size"}, "columns that do not fit": {other.ID, "department"}} {
			r := w.until(w.start(dbtest.Ours, c.source), dbtest.Ours, Failed)
			for _, lang := range instrument.Languages() {
				if text := r.Trouble.In(lang); !strings.Contains(text, c.says) || strings.Contains(text, w.Dir) || strings.Contains(text, "spool-") {
					t.Errorf("%s, %s: %q", name, lang, text)
				}
			}
			if r.Trouble.In("nl") == r.Trouble.In("fr") {
				t.Errorf("%s: it is said in one language", name)
			}
			j, err := w.Queue.Get(t.Context(), hr, r.Job)
			if err != nil || j.State != jobs.Failed || j.Attempt != 1 {
				t.Errorf("%s: trying again cannot help, and the job is %+v, %v", name, j, err)
			}
			wantOutcome(t, "publishing it", w.Publish(t.Context(), hr, r.ID), "conflict")
			_, err = w.Download(t.Context(), dbtest.Ours, &r, "json", "nl")
			wantOutcome(t, "downloading it", err, "conflict")
			if err := w.Delete(t.Context(), hr, r.ID); err != nil {
				t.Errorf("it cannot be deleted: %v", err)
			}
		}
		w.until(w.start(dbtest.Ours, w.source(dbtest.Ours).ID), dbtest.Ours, Ready)
		if left, err := os.ReadDir(w.Dir); err != nil || len(left) != 0 {
			t.Errorf("left on disk: %v, %v", left, err)
		}
	})
}

func TestFaultOfTheMomentIsTriedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.orgs.set(5, errors.New("the store does not answer"))
		r := w.start(dbtest.Ours, w.source(dbtest.Ours).ID)
		w.run()
		deadline := time.Now().Add(20 * time.Second)
		for {
			j, err := w.Queue.Get(t.Context(), hr, r.Job)
			if err != nil || time.Now().After(deadline) {
				t.Fatalf("%+v, %v", j, err)
			}
			if j.State == jobs.Waiting && j.Attempt == 1 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		w.orgs.set(5, nil)
		w.clock.step(time.Minute)
		if got := w.until(r, dbtest.Ours, Ready); len(got.Trouble) != 0 {
			t.Errorf("%+v", got.Trouble)
		}
	})
}

func TestErrorOfTheDiskIsNoFaultOfTheAnswers(t *testing.T) {
	t.Parallel()
	disk := &os.PathError{Op: "open", Path: "/data/x", Err: os.ErrPermission}
	if err := unusable(fmt.Errorf("read: %w", disk)); !errors.Is(err, os.ErrPermission) || problem.Is(err, problem.Invalid) {
		t.Errorf("%v", err)
	}
	if err := unusable(errors.New("no such column")); !problem.Is(err, problem.Invalid) {
		t.Errorf("%v", err)
	}
}

// job returns the job of a report as a worker gets it.
func (w *world) job(r Report) *jobs.Job {
	w.t.Helper()
	j, err := w.Queue.Get(w.t.Context(), hr, r.Job)
	if err != nil {
		w.t.Fatal(err)
	}
	return j
}

func TestReportComputedTwiceKeepsOneFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.start(dbtest.Ours, w.source(dbtest.Ours).ID)
		for range 2 { // a node that crashed between computing and keeping, and the one that took over
			finish, err := w.compute(t.Context(), w.job(r), &jobs.Progress{})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // a transaction that is tried again
				err := w.d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return finish(t.Context(), s) })
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := w.Report(t.Context(), hr, r.ID)
		if err != nil || got.State != Ready || got.Version != r.Version+1 || w.count("files") != 2 {
			t.Errorf("%+v with %d files, want answers and findings; %v", got, w.count("files"), err)
		}
		if f, err := w.findings(t.Context(), dbtest.Ours, &got); err != nil || f.Respondents != 60 {
			t.Errorf("the findings: %v", err)
		}
		if left, err := os.ReadDir(w.Dir); err != nil || len(left) != 0 {
			t.Errorf("left on disk: %v, %v", left, err)
		}
	})
}

func TestResultOfAnAttemptThatWasStoppedLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.start(dbtest.Ours, w.source(dbtest.Ours).ID)
		finish, err := w.compute(t.Context(), w.job(r), &jobs.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Queue.Stop(t.Context(), hr, r.Job); err != nil {
			t.Fatal(err)
		}
		if err := w.d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return finish(t.Context(), s) }); err != nil {
			t.Fatal(err)
		}
		got, err := w.Report(t.Context(), hr, r.ID)
		if err != nil || got.State != Failed || got.Trouble.In("nl") == "" || w.count("files") != 1 {
			t.Errorf("%+v with %d files, want the answers alone; %v", got, w.count("files"), err)
		}
		if err := w.DeleteSource(t.Context(), hr, r.Source); err != nil {
			t.Errorf("its answers cannot go: %v", err)
		}
		_, err = w.compute(t.Context(), w.job(r), &jobs.Progress{})
		wantOutcome(t, "computing without answers", err, "gone")
	})
}

func TestJobLeadsToItsReportForThoseWhoMayReadIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.start(dbtest.Ours, w.source(dbtest.Ours).ID)
		j := w.job(r)
		if got := w.Queue.Link(hr, j); got != "/reports/"+r.ID {
			t.Errorf("hr is led to %q", got)
		}
		if got := w.Queue.Link(person(dbtest.Ours, access.Administrator), j); got != "" {
			t.Errorf("the administrator is led to %q", got)
		}
		for _, stage := range []string{"counting", "estimating", "comparing groups", "anything else"} {
			j.Stage = stageOf(stage)
			if got := w.Queue.StageTitle(j).In("nl"); got == "" || strings.Contains(got, "job.") {
				t.Errorf("%s is called %q", stage, got)
			}
		}
	})
}
