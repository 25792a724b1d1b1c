package jobs

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/testkit/pgtest"
)

// childVariable makes the test program a node on the store at its value.
const childVariable = "TEKENTAFEL_TEST_JOBS_NODE"

var seed = flag.Uint64("seed", 0, "the seed of the moments at which nodes are killed; 0 takes a new one")

// crashKind works for a few milliseconds, so that a kill finds jobs in each state.
func crashKind() Kind {
	k := simple()
	k.MaxAttempts = 10_000
	k.Run = func(ctx context.Context, j *Job, p *Progress) (Finish, error) {
		p.Step("working", 1, 2)
		return effect(j.ID), clock.Wait(ctx, time.Duration(rand.IntN(4))*time.Millisecond)
	}
	return k
}

// crashQueue keeps leases short, so that work of a dead node is soon taken over.
func crashQueue(d *db.DB) *Queue {
	q := queueOn(d, clock.System(), Options{Workers: 3, Lease: 300 * time.Millisecond, Poll: 2 * time.Millisecond})
	q.Register(crashKind())
	return q
}

// child is a node that works and adds jobs until it is killed. It names each job once that is kept.
func child(address string) int {
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	q := crashQueue(d)
	go q.Run(ctx)
	for {
		var jobID string
		err := d.Write(ctx, dbtest.Ours, func(s *db.Scope) (err error) {
			jobID, err = q.Add(ctx, s, New{Kind: "simple"})
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(jobID)
		time.Sleep(2 * time.Millisecond)
	}
}

// killed runs a node and kills it some time after its first job was kept; it returns the jobs that it named.
func killed(t *testing.T, address string, after time.Duration) (named []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a line that was cut was not told to anybody
			break
		}
		if len(named) == 0 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // SIGKILL; it may have ended by itself, which Wait tells
		}
		named = append(named, line[:len(line)-1])
	}
	if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Fatalf("the node ended by itself: %v", err)
	}
	return named
}

func TestKilledNodesLoseNoJobAndDoNoneTwice(t *testing.T) {
	t.Parallel()
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	for engine, address := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "tekentafel.db") },
		"postgres": pgtest.New,
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			t.Logf("seed %d; repeat with -seed %d", *seed, *seed)
			moments := rand.New(rand.NewPCG(*seed, 1))
			at := address(t)
			d := dbtest.Open(t, at)
			makeEffects(t, d)
			if d.Engine == db.SQLite { // one program at a time
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
			}
			var named []string
			for range 8 {
				named = append(named, killed(t, at, time.Duration(moments.IntN(150_000))*time.Microsecond)...)
			}
			if d.Engine == db.SQLite {
				d = dbtest.Bare(t, at)
			}
			stop := runQueue(t, crashQueue(d))
			eventually(t, "every job has ended", func() bool {
				var left int
				if err := d.System().Row(t.Context(), `SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running')`, nil, &left); err != nil {
					t.Fatal(err)
				}
				return left == 0
			})
			stop()
			checkOnce(t, d, named)
		})
	}
}

// checkOnce wants each job done, with its result there once, and each that was named among them.
func checkOnce(t *testing.T, d *db.DB, named []string) {
	t.Helper()
	state := map[string]string{}
	again := 0
	err := d.System().Rows(t.Context(), `SELECT id, state, attempt FROM jobs`, func(scan func(...any) error) error {
		var jobID, s string
		var attempt int
		err := scan(&jobID, &s, &attempt)
		state[jobID] = s
		if attempt > 1 {
			again++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, jobID := range named {
		if _, kept := state[jobID]; !kept {
			t.Errorf("the job %s was acknowledged and is lost", jobID)
		}
	}
	got := effects(t, d)
	for jobID, s := range state {
		if s != string(Done) || got[jobID] != 1 {
			t.Errorf("the job %s is %s and left %d results", jobID, s, got[jobID])
		}
	}
	if len(got) != len(state) || len(named) == 0 {
		t.Errorf("%d jobs left %d results; %d were named", len(state), len(got), len(named))
	}
	t.Logf("%d jobs, %d named before a kill, %d started more than once", len(state), len(named), again)
}
