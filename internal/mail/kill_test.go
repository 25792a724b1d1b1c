package mail

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/seal"
	"tekentafel/internal/testkit/pgtest"
	"tekentafel/internal/testkit/smtptest"
)

// workerVariable holds, for a process that is to be a worker, what it works with.
const workerVariable = "TEST_MAIL_WORKER"

type workerOrder struct {
	Database string
	Config   Config
	Ahead    time.Duration // of the machine's clock, so that the leases of dead workers have passed
}

// TestMain runs the tests, or is the worker that a test kills.
func TestMain(m *testing.M) {
	if raw := os.Getenv(workerVariable); raw != "" {
		if err := beWorker(raw); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// beWorker sends mail until it is killed.
func beWorker(raw string) error {
	ctx := context.Background()
	var order workerOrder
	if err := json.Unmarshal([]byte(raw), &order); err != nil {
		return err
	}
	d, err := db.Open(ctx, order.Database)
	if err != nil {
		return err
	}
	box, err := seal.Parse(testKey)
	if err != nil {
		return err
	}
	o, err := New(order.Config, Parts{DB: d, Box: box, Now: ahead(order.Ahead), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := os.Stdout.WriteString("ready\n"); err != nil {
		return err
	}
	return o.Run(ctx)
}

func ahead(by time.Duration) clock.Clock {
	now := clock.System()
	return func() time.Time { return now().Add(by) }
}

// killSeed decides on the moments at which workers are killed.
const killSeed = 20261124

func TestAWorkerKilledAtAnyMomentNeverSendsTwiceAndLosesNothing(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		killWorkers(t, t.TempDir()+"/tekentafel.db")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		killWorkers(t, pgtest.New(t))
	})
}

func killWorkers(t *testing.T, address string) {
	const rounds, perRound = 20, 6
	d := dbtest.Open(t, address)
	s := smtptest.Start(t, smtptest.Options{TLS: smtptest.None})
	s.Behave(smtptest.Behaviour{Delay: 15 * time.Millisecond})
	c := configFor(t, s, smtptest.Options{TLS: smtptest.None})
	moments := rand.New(rand.NewPCG(killSeed, 1))
	lease := 8*c.Timeout + c.FinalTimeout + 2*time.Minute
	poster := newOutbox(t, c, testParts(t, d, clock.System()))
	var posted []string
	for round := range rounds {
		for range perRound {
			posted = append(posted, post(t, poster, dbtest.Ours, Message{Kind: Test, To: "anna@stad.example", Lang: "nl", Organisation: "Stad"}))
		}
		killOne(t, workerOrder{Database: address, Config: c, Ahead: time.Duration(round) * lease}, time.Duration(moments.IntN(250_000))*time.Microsecond)
	}
	last := newOutbox(t, c, testParts(t, d, ahead(rounds*lease)))
	pass(t, last)
	received := map[string]int{}
	for _, m := range s.Messages() {
		received[m.Header.Get("Message-Id")]++
	}
	tally := map[State]int{}
	recovered := 0
	for _, name := range posted {
		m := get(t, last, dbtest.Ours, name)
		tally[m.State]++
		if m.Tries > 1 {
			recovered++
		}
		n := received["<"+name+"@stad.example>"]
		switch {
		case n > 1:
			t.Errorf("%s was received %d times", name, n)
		case m.State == Sent && n != 1:
			t.Errorf("%s counts as sent and was received %d times", name, n)
		case m.State != Sent && m.State != Unsure:
			t.Errorf("%s is %s (%s)", name, m.State, m.Reason)
		}
	}
	t.Logf("seed %d: %v, %d sent by another worker than the one that died with them", killSeed, tally, recovered)
	if tally[Unsure]+recovered == 0 {
		t.Error("no worker died with a mail in its hands, so this test showed nothing")
	}
}

// killOne starts a worker and ends it as kill -9 does, some while after it has begun.
func killOne(t *testing.T, order workerOrder, after time.Duration) {
	raw, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), workerVariable+"="+string(raw))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the worker does not start: %q, %v", line, err)
	}
	time.Sleep(after)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed, and says so
}
