package closing

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/files"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

func TestAClosedWaveLeavesAnswersThatNothingLinksToAnybody(t *testing.T) {
	t.Parallel()
	for _, mode := range wave.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				v := w.answered(mode, 40, 30, 3)
				w.hand(&v, person(&v, 31), given{"uses": "never"}) // leaves the background open
				got := w.closed(&v)
				all := w.reports.all()
				if len(all) != 1 || got.Source != "source-"+v.ID || got.Report != "report-"+v.ID {
					t.Fatalf("%d handed over; %+v", len(all), got)
				}
				h := all[0]
				a := w.read(&h)
				if a.N != 31 || h.Respondents != 31 || h.GroupSize != 5 || h.Title != v.Title {
					t.Fatalf("%d rows of %+v", a.N, h)
				}
				uses := column(t, a, "uses")
				often := 0
				for i, department := range column(t, a, "department") {
					if uses[i] == "often" {
						often++
						if department == "" {
							t.Error("an answer was torn apart")
						}
					}
				}
				if often != 10 || a.Texts["remark"] != 30 || a.Texts["wish"] != 3 {
					t.Errorf("%d answered often; texts %v", often, a.Texts)
				}
				if mode == wave.OpenLink {
					if h.Population != 0 || h.Margins != nil {
						t.Errorf("an open link has no frame: %+v", h)
					}
				} else if h.Population != 40 || string(h.Margins) != "variable,value,count\ndepartment,finance,20\ndepartment,green,20\n" {
					t.Errorf("population %d, margins %q", h.Population, h.Margins)
				}
				w.nothingLeft(&v)
			})
		})
	}
}

// nothingLeft checks that all that links or opens is gone.
func (w *world) nothingLeft(v *wave.Wave) {
	w.T.Helper()
	for what, query := range map[string]string{
		"sealed answers":           `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`,
		"drafts":                   `SELECT COUNT(*) FROM wave_drafts WHERE tenant_id = $1 AND wave_id = $2`,
		"a key of answers":         `SELECT COUNT(*) FROM wave_launches WHERE tenant_id = $1 AND wave_id = $2 AND answers_key IS NOT NULL`,
		"a key of ballots":         `SELECT COUNT(*) FROM wave_keys WHERE tenant_id = $1 AND wave_id = $2 AND private IS NOT NULL`,
		"names or addresses":       `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND (name <> '' OR mail <> '' OR reference <> '' OR account_id <> '' OR mail_id <> '' OR drawn <> '' OR pin_hash <> id)`,
		"groups, or who took part": `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND (groups <> '{}' OR stratum <> '' OR taken)`,
		"texts below k":            `SELECT COUNT(*) FROM wave_texts WHERE tenant_id = $1 AND wave_id = $2 AND item = 'wish'`,
	} {
		if n := w.count(query, v.ID); n != 0 {
			w.T.Errorf("%s are left: %d", what, n)
		}
	}
	got := w.Get(v.ID)
	if _, err := got.Secret(w.Box); !errors.Is(err, seal.ErrBroken) {
		w.T.Error("the secret of the wave still opens:", err)
	}
	if _, err := wave.AnswersKey(w.T.Context(), w.DB.Of(dbtest.Ours), w.Box, v.ID); !errors.Is(err, seal.ErrBroken) {
		w.T.Error("the key of the answers still opens:", err)
	}
	noFilesLeft(w.T, w.closing.Dir)
}

func TestTextsStandLooseInAnOrderThatSaysNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.answered(wave.Anonymous, 60, 60, 4)
		w.closed(&v)
		rows, err := textsOf(t.Context(), w.DB.Of(dbtest.Ours), v.ID, "remark")
		if err != nil || len(rows) != 60 {
			t.Fatal(len(rows), err)
		}
		ids := map[string]bool{}
		var texts []string
		for _, r := range rows {
			ids[r.id] = true
			texts = append(texts, r.text)
		}
		if len(ids) != 60 || slices.IsSorted(texts) {
			t.Errorf("%d ids; the order is that of the alphabet: %t", len(ids), slices.IsSorted(texts))
		}
		if n := w.count(`SELECT COUNT(*) FROM wave_texts WHERE tenant_id = $1 AND item = 'wish'`); n != 0 {
			t.Errorf("%d texts of fewer than k people are kept", n)
		}
	})
}

func TestTheListOfBallotsIsKeptForAnyoneToCheck(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.answered(wave.Anonymous, 20, 12, 0)
		r := w.DB.Of(dbtest.Ours)
		if _, err := ListFile(t.Context(), r, v.ID); !errors.Is(err, db.ErrNoRow) {
			t.Fatal(err)
		}
		w.closed(&v)
		f, err := ListFile(t.Context(), r, v.ID)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := files.Copy(t.Context(), r, f.ID, &b); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		if len(lines) != 13 || !strings.Contains(lines[0], `"people":20,"issued":12,"answers":12`) || !strings.Contains(lines[0], v.Code) {
			t.Fatalf("%d lines, %s", len(lines), lines[0])
		}
		// A sweep that is started again after it did its work leaves everything as it is, the list above all: its ballots are gone.
		err = w.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			_, err := w.Queue.Add(t.Context(), tx, jobs.New{Kind: sweepJob, Subject: v.ID, Args: sweepArgs{w.reports.all()[0].Snapshot}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Work()
		ids, err := files.Named(t.Context(), r, listName(v.ID))
		if err != nil || len(ids) != 1 || ids[0] != f.ID {
			t.Errorf("the list is %v, it was %s: %v", ids, f.ID, err)
		}
		if n := w.count(`SELECT COUNT(*) FROM jobs WHERE tenant_id = $1 AND kind = 'wave-sweep' AND state = 'done'`); n != 2 {
			t.Errorf("%d sweeps are done", n)
		}
		w.nothingLeft(&v)
	})
}

// before describes all that a crash must leave as it was.
func (w *world) before(v *wave.Wave) string {
	w.T.Helper()
	var b strings.Builder
	for _, query := range []string{
		`SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`,
		`SELECT COUNT(*) FROM wave_launches WHERE tenant_id = $1 AND wave_id = $2 AND answers_key IS NOT NULL`,
		`SELECT COUNT(*) FROM wave_keys WHERE tenant_id = $1 AND wave_id = $2 AND private IS NOT NULL`,
		`SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND name <> ''`,
	} {
		b.WriteString(strings.Repeat("|", w.count(query, v.ID)))
		b.WriteString(" ")
	}
	return b.String()
}

func TestACrashLeavesEverythingBeforeOrEverythingAfter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.answered(wave.Anonymous, 20, 12, 0)
		was := w.before(&v)
		broken := errors.New("the power went")
		w.reports.err = broken
		attempts := 0
		w.Closes(func(ctx context.Context, j *jobs.Job) (jobs.Finish, error) {
			// An attempt that got to its files and no further, and one whose last transaction fails.
			if _, err := w.closing.Close(ctx, j, &jobs.Progress{}); err != nil {
				return nil, err
			}
			finish, err := w.closing.Close(ctx, j, &jobs.Progress{})
			if err != nil {
				return nil, err
			}
			attempts++
			if err := w.DB.Write(ctx, j.Tenant, func(tx *db.Scope) error { return finish(ctx, tx) }); !errors.Is(err, broken) {
				t.Errorf("the last transaction: %v", err)
			}
			if now := w.before(&v); now != was { //nolint:contextcheck // it asks the store for itself
				t.Errorf("it was %s and is %s", was, now)
			}
			if _, _, err := w.closing.Questions(ctx, wavetest.HR(), v.ID); err == nil {
				t.Error("open answers can be read while answers can still be opened")
			}
			w.reports.mu.Lock()
			w.reports.err = nil
			w.reports.mu.Unlock()
			return w.closing.Close(ctx, j, &jobs.Progress{})
		})
		w.closed(&v)
		if attempts != 1 || len(w.reports.all()) != 1 {
			t.Fatalf("%d attempts, %d handed over", attempts, len(w.reports.all()))
		}
		names, err := files.Named(t.Context(), w.DB.Of(dbtest.Ours), snapshotName(v.ID))
		if err != nil || len(names) != 1 {
			t.Errorf("%d files with answers are in the store: %v", len(names), err)
		}
		if n := w.count(`SELECT COUNT(*) FROM wave_texts WHERE tenant_id = $1`); n != 12 {
			t.Errorf("%d texts", n)
		}
		w.nothingLeft(&v)
		// Once more does nothing.
		finish, err := w.closing.Close(t.Context(), &jobs.Job{Tenant: dbtest.Ours, Subject: v.ID}, &jobs.Progress{})
		if finish != nil || err != nil {
			t.Error("a wave that was handed over is closed again:", err)
		}
	})
}

func TestTooFewAnswersGiveNoReportAndAreDestroyedAllTheSame(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		v := w.answered(wave.Confidential, 20, 4, 4)
		got := w.closed(&v)
		if len(w.reports.all()) != 0 || got.Source != "" || got.Report != "" || got.State != wave.Closed {
			t.Errorf("%d handed over; %+v", len(w.reports.all()), got)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE tenant_id = $1 AND action = 'wave.too-few'`); n != 1 {
			t.Error("it is not said")
		}
		w.nothingLeft(&v)
	})
}

func TestWhatTheFrameKnowsIsJoinedInConfidentialWavesAlone(t *testing.T) {
	t.Parallel()
	for _, mode := range []wave.Mode{wave.Anonymous, wave.Confidential} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				v := w.Running(mode, 30)
				// Who is of the north uses it often, the others never.
				for i := range 30 {
					w.exec(`UPDATE wave_people SET groups = $3 WHERE tenant_id = $1 AND id = $2`, person(&v, i),
						`{"department":"finance","site":"`+[]string{"north", "south"}[i%2]+`"}`)
					if i < 24 {
						w.hand(&v, person(&v, i), given{"department": "finance", "uses": []string{"often", "never"}[i%2]})
					}
				}
				w.closed(&v)
				h := w.reports.all()[0]
				a := w.read(&h)
				if mode == wave.Anonymous {
					if len(a.Extra) != 0 || len(h.Also) != 0 {
						t.Fatalf("a column was joined: %v", h.Also)
					}
					return
				}
				site := a.Extra["site"]
				if site == nil || !slices.Equal(h.Also, []string{"site"}) {
					t.Fatalf("%v, columns %v", h.Also, slices.Collect(maps.Keys(a.Extra)))
				}
				for i, uses := range column(t, a, "uses") {
					if want := map[string]string{"often": "north", "never": "south"}[uses]; site.Levels[site.Codes[i]] != want {
						t.Errorf("row %d of %s is joined to %s", i, want, site.Levels[site.Codes[i]])
					}
				}
			})
		})
	}
}

func TestAnEarlierWaveIsNamedToTheReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		first := w.answered(wave.Anonymous, 12, 10, 0)
		w.closed(&first)
		second := w.answered(wave.Anonymous, 12, 10, 0)
		w.exec(`UPDATE waves SET previous_id = $3 WHERE tenant_id = $1 AND id = $2`, second.ID, first.ID)
		w.closed(&second)
		if all := w.reports.all(); len(all) != 2 || all[0].Previous != "" || all[1].Previous != "report-"+first.ID {
			t.Errorf("%+v", all)
		}
	})
}

func TestTheGroupSizeThatWasPromisedGoesWithTheQuestionnaire(t *testing.T) {
	t.Parallel()
	without := strings.Replace(asks, "group_size: 5\n", "", 1)
	for name, yaml := range map[string]string{"with a line": asks, "without": without, "without an end of line": strings.TrimRight(without, "\n"),
		"with a remark": strings.Replace(asks, "group_size: 5", "group_size: 5 # klein", 1)} {
		out, err := withGroupSize([]byte(yaml), 17)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		in, err := instrument.Parse("q.yaml", out)
		if err != nil || in.GroupSize != 17 || len(in.Items) != 4 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := withGroupSize([]byte("no: questionnaire"), 17); err == nil {
		t.Error("what is no questionnaire was taken")
	}
}

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}
