package budget_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/testkit/pgtest"
)

// childVariable holds the address of the store when this program runs as a node that a test kills.
const childVariable = "TEKENTAFEL_BUDGET_CHILD"

func TestMain(m *testing.M) {
	if address := os.Getenv(childVariable); address != "" {
		fmt.Println(child(address))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const childMost = 1000 // nano-euro that each call of the child may use

// childUsed is what a call of the child uses: known from its name.
func childUsed(id string) price.Nano { return price.Nano(len(id)*7 + int(id[len(id)-1])) }

// child reserves and settles until it is killed, and says what was acknowledged.
func child(address string) error {
	d, err := db.Open(context.Background(), address)
	if err != nil {
		return err
	}
	b := budget.New(d, limits{organisationLimit(budget.Euros, 1e15)}, clock.System())
	failed := make(chan error)
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d", w, i)
				if _, err := b.Reserve(context.Background(), dbtest.Ours, &budget.Call{ID: id, Person: "an", Most: budget.Amount{Euro: childMost}, Within: time.Minute}); err != nil {
					failed <- err
				}
				fmt.Println("reserved", id)
				if i%3 == 0 {
					continue // its answer never comes
				}
				if err := b.Settle(context.Background(), dbtest.Ours, id, budget.Amount{Euro: childUsed(id)}, false); err != nil {
					failed <- err
				}
				fmt.Println("settled", id)
			}
		}()
	}
	return <-failed
}

// TestBudgetsStayRightWhenANodeIsKilled kills a node with SIGKILL among its transactions, again and again.
func TestBudgetsStayRightWhenANodeIsKilled(t *testing.T) {
	t.Parallel()
	for engine, address := range map[string]func() string{
		"sqlite":   func() string { return t.TempDir() + "/tekentafel.db" },
		"postgres": func() string { return pgtest.New(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			where := address()
			d := dbtest.Open(t, where)
			for round := range 4 {
				killed(t, d, where, 30+25*round)
			}
		})
	}
}

func killed(t *testing.T, d *db.DB, address string, after int) {
	t.Helper()
	err := d.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error {
		for _, table := range []string{"budget_calls", "budget_days"} {
			if _, err := s.Exec(t.Context(), `DELETE FROM `+table+` WHERE tenant_id = $1`); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), os.Args[0])
	node.Env = append(os.Environ(), childVariable+"="+address)
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]string{}
	lines := bufio.NewScanner(out)
	var once sync.Once
	for n := 0; lines.Scan(); n++ {
		what, id, ok := strings.Cut(lines.Text(), " ")
		if !ok || what != "reserved" && what != "settled" {
			t.Fatalf("the node says %q", lines.Text())
		}
		acknowledged[id] = what
		if n >= after {
			once.Do(func() { _ = node.Process.Kill() })
		}
	}
	_ = node.Wait() // killed

	var held, settled int64
	found := map[string]string{}
	err = d.Of(dbtest.Ours).Rows(t.Context(), `SELECT id, state FROM budget_calls WHERE tenant_id = $1`, func(scan func(...any) error) error {
		var id, state string
		if err := scan(&id, &state); err != nil {
			return err
		}
		if found[id] = state; state == "held" {
			held += childMost
		} else {
			settled += int64(childUsed(id))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, what := range acknowledged {
		if found[id] == "" || what == "settled" && found[id] != "settled" {
			t.Errorf("%s was acknowledged as %s and is %q", id, what, found[id])
		}
	}
	h := &hands{at: time.Now()}
	b := budget.New(d, limits{organisationLimit(budget.Euros, 1e15)}, h.now)
	check := func(used, held, guess int64) {
		t.Helper()
		if states, err := b.Left(t.Context(), dbtest.Ours, &budget.Call{}); err != nil || states[0].Used != used || states[0].Held != held || states[0].Guess != guess {
			t.Errorf("%+v (%v), want %d used, %d held, %d estimated", states, err, used, held, guess)
		}
	}
	check(settled, held, 0)
	h.set(h.now().Add(time.Hour))
	if n, err := b.Lapse(t.Context(), dbtest.Ours); err != nil || int64(n)*childMost != held {
		t.Errorf("%d lapsed (%v), %d was held", n, err, held)
	}
	check(settled+held, 0, held)
}
