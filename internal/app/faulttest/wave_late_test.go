package faulttest

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"tekentafel/internal/clock"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/testkit/pgtest"
)

// TestAnswerThatIsBeingKeptWhileItsWaveClosesIsReportedOrRefused holds the transactions of two answers up, as a disk or a node
// that stands still does, from before the wave is closed until its report was asked for: of somebody new, and of somebody who
// changes their answers. Whoever is told that they are kept must find them in the report.
func TestAnswerThatIsBeingKeptWhileItsWaveClosesIsReportedOrRefused(t *testing.T) {
	t.Parallel()
	for _, replaces := range []bool{false, true} {
		t.Run(map[bool]string{false: "new", true: "replaced"}[replaces], func(t *testing.T) {
			t.Parallel()
			k := asks(t, t.TempDir(), pgtest.New(t), answered, wave.Confidential)[0]
			y := k.answer(t, answered-10)
			a := k.in.inside(t, clock.System(), "http://127.0.0.1:1")
			secret, err := k.wave.Secret(a.Box)
			if err != nil {
				t.Fatal(err)
			}
			late := k.members[answered-1]
			if replaces {
				late = k.members[0]
			}
			e := urn.Entry{Key: [32]byte(secret.Derive("confidential", []byte(late.id)))}
			mark := late.number*versions + 2
			e.Record = []byte(k.packed(t, mark))

			holder, err := pgx.Connect(t.Context(), k.in.database)
			if err != nil {
				t.Fatal(err)
			}
			defer holder.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // nothing of it stays
			if _, err := holder.Exec(t.Context(), `BEGIN`); err != nil {
				t.Fatal(err)
			}
			_, err = holder.Exec(t.Context(), `INSERT INTO wave_answers (tenant_id, wave_id, key, ballot, sealed) VALUES ($1, $2, $3, '', '')
ON CONFLICT (tenant_id, wave_id, key) DO UPDATE SET stratum = ''`, k.in.tenant, k.wave.ID, e.Key[:])
			if err != nil {
				t.Fatal(err)
			}
			told := make(chan error, 1)
			go func() { told <- a.Survey.Urn.Put(t.Context(), &k.wave, e) }()
			eventually(t, patience, "the answers wait", func() bool {
				return count(t, k.in.database, `SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) OR NOT granted AND locktype = 'transactionid'`) > 0
			})
			if err := a.Survey.Waves.CloseNow(t.Context(), k.hr, k.wave.ID); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			var work sync.WaitGroup
			work.Go(func() { a.Run(ctx) })
			eventually(t, patience, "the wave is handed over", func() bool {
				return number(t, a.DB, `SELECT COUNT(*) FROM report_sources WHERE tenant_id = $1`, k.in) == 1
			})
			if _, err := holder.Exec(t.Context(), `ROLLBACK`); err != nil {
				t.Fatal(err)
			}
			switch err := <-told; {
			case err == nil:
				y.may[e.Key] = []int{mark}
			case !problem.Is(err, problem.Gone):
				t.Errorf("who answers late is told %v", err)
			}
			idle(t, a, k.in)
			stop()
			work.Wait()
			if err := a.Close(); err != nil {
				t.Error(err)
			}
			reported(t, k.in.database, []*asking{k}, []*tally{y})
		})
	}
}
