package pgtest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tekentafel/internal/testkit/pgtest"
)

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func ask[T any](t *testing.T, conn *pgx.Conn, query string) T {
	t.Helper()
	var out T
	if err := conn.QueryRow(t.Context(), query).Scan(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEachDatabaseIsEmptyAndGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("inner", func(t *testing.T) {
		one, other := pgtest.New(t), pgtest.New(t)
		conn := connect(t, one)
		if _, err := conn.Exec(t.Context(), `CREATE TABLE a (n int)`); err != nil {
			t.Fatal(err)
		}
		if n := ask[int](t, connect(t, other), `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`); n != 0 {
			t.Errorf("a fresh database has %d tables", n)
		}
		if upper := ask[string](t, conn, `SELECT upper('België')`); upper != "BELGIË" {
			t.Errorf("upper gives %s", upper)
		}
		gone = one
	})
	if conn, err := pgx.Connect(t.Context(), gone); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the database is there after its test, though a connection was open")
	}
}

func TestWhatWasAcknowledgedSurvivesEachEndOfTheServer(t *testing.T) {
	t.Parallel()
	c := pgtest.NewCluster(t)
	conn := connect(t, c.URL())
	if on := ask[string](t, conn, `SHOW fsync`); on != "on" {
		t.Errorf("fsync is %s", on)
	}
	if _, err := conn.Exec(t.Context(), `CREATE TABLE a (n int); INSERT INTO a VALUES (1)`); err != nil {
		t.Fatal(err)
	}
	address := c.URL()
	for _, end := range []struct {
		name string
		do   func()
	}{{"Kill", c.Kill}, {"Stop", c.Stop}, {"Kill", c.Kill}} {
		open := connect(t, address)
		end.do()
		if err := open.Ping(t.Context()); err == nil {
			t.Errorf("%s left a connection open", end.name)
		}
		if _, err := pgx.Connect(t.Context(), address); err == nil {
			t.Errorf("the server answers after %s", end.name)
		}
		end.do() // of a server that is down, nothing
		c.Start()
		c.Start()
		if n := ask[int](t, connect(t, c.URL()), `SELECT sum(n) FROM a`); n != 1 {
			t.Errorf("after %s the table sums to %d", end.name, n)
		}
	}
}

// beVictim names the variable that tells the test binary to start a server and wait to be killed.
const beVictim = "PGTEST_VICTIM"

func TestAServerDoesNotOutliveAKilledTest(t *testing.T) {
	t.Parallel()
	if os.Getenv(beVictim) != "" {
		fmt.Println("url", pgtest.NewCluster(t).URL())
		<-t.Context().Done()
		return
	}
	pgtest.NewCluster(t) // to be Missing where there is none
	temp, err := os.MkdirTemp("", "pgtest-victim-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(temp) })
	if err := os.Chmod(temp, 0o711); err != nil { //nolint:gosec // the server's user passes
		t.Fatal(err)
	}
	victim := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAServerDoesNotOutliveAKilledTest$") //nolint:gosec // this test
	victim.Env = append(os.Environ(), beVictim+"=1", "TMPDIR="+temp)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var address string
	if _, err := fmt.Fscanf(out, "url %s\n", &address); err != nil {
		t.Fatal(err)
	}
	connect(t, address)
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		left, err := filepath.Glob(filepath.Join(temp, "*"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = pgx.Connect(t.Context(), address)
		if len(left) == 0 && err != nil && strings.Contains(err.Error(), "refused") {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after the test was killed: %v, connecting gives %v", left, err)
		}
	}
}
