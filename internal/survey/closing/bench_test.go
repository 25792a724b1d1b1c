package closing

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"runtime"
	"testing"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

var large = flag.Int("large", 0, "how many answers to close in TestManyAnswersAreClosedInTime; 0 for few")

// copies is an urn with many copies of a few answers, which are ready to be read: what it measures is closing alone.
type copies struct {
	n       int
	records [][]byte
}

func (c copies) Settle(context.Context, *wave.Wave) (int64, error) { return int64(c.n), nil }

func (c copies) Each(ctx context.Context, _ *wave.Wave, each func(Entry) error) error {
	for i := range c.n {
		e := Entry{Record: c.records[i%len(c.records)]}
		binary.BigEndian.PutUint64(e.Key[:], uint64(i))
		if err := each(e); err != nil {
			return err
		}
		if i%batchRecords == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// TestManyAnswersAreClosedInTime closes a wave of many answers to the built-in questionnaire, and says how long that takes and how
// long others wait for the store meanwhile.
func TestManyAnswersAreClosedInTime(t *testing.T) {
	n := *large
	if n == 0 {
		n = 20_000
	}
	w := newWorld(t, dbtest.SQLite(t))
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("q.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	codec, err := record.New(in)
	if err != nil {
		t.Fatal(err)
	}
	var records [][]byte
	for i := range 97 {
		answers := map[string]any{}
		for j := range in.Items {
			if it := &in.Items[j]; len(it.Options) > 0 && it.Kind == instrument.Single {
				answers[it.ID] = it.Options[(i+j)%len(it.Options)].ID
			}
		}
		raw, err := json.Marshal(answers)
		if err != nil {
			t.Fatal(err)
		}
		rec, err := codec.Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, rec.Bytes())
	}
	w.Asks(string(src))
	v := w.Running(wave.OpenLink, 0)
	w.closing.Urn = copies{n, records}
	if err := w.CloseNow(t.Context(), wavetest.HR(), v.ID); err != nil {
		t.Fatal(err)
	}
	stop, worst := w.others()
	start := time.Now()
	finish, err := w.closing.Close(t.Context(), &jobs.Job{Tenant: dbtest.Ours, Subject: v.ID}, &jobs.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	prepared := time.Since(start)
	if err := w.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return finish(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	stop()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	t.Logf("%d answers: %v, of which the last transaction %v; another write waited at most %v; %d MB taken from the system", n,
		took.Round(time.Millisecond), (took - prepared).Round(time.Microsecond), worst().Round(time.Millisecond), mem.Sys>>20)
	if all := w.reports.all(); len(all) != 1 || all[0].Respondents != n {
		t.Fatalf("%d handed over", len(all))
	}
	if limit := 10 * time.Second; n <= 20_000 && took > limit {
		t.Errorf("it took %v; at most %v", took, limit)
	}
}

// others writes to the store all the time until stop is called, and tells how long the slowest write took.
func (w *world) others() (stop func(), worst func() time.Duration) {
	ctx, cancel := context.WithCancel(w.T.Context())
	ended := make(chan struct{})
	var slowest time.Duration
	go func() {
		defer close(ended)
		for i := 0; ctx.Err() == nil; i++ {
			start := time.Now()
			err := w.DB.Write(ctx, dbtest.Ours, func(s *db.Scope) error {
				_, err := s.Exec(ctx, `UPDATE waves SET title = $2 WHERE tenant_id = $1`, fmt.Sprintf("Titel %d", i))
				return err
			})
			if err != nil {
				return
			}
			slowest = max(slowest, time.Since(start))
			time.Sleep(2 * time.Millisecond)
		}
	}()
	return func() { cancel(); <-ended }, func() time.Duration { return slowest }
}
