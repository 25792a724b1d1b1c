package draft

import (
	"context"
	"flag"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/id"
	"tekentafel/internal/people/org"
)

var speedRows = flag.Int("speed-rows", 0, "people in TestSpeed; 0 skips it")

// TestSpeed measures Make, Resolve and Diff: the first import, and one of the same people in which one in twenty changed. It prints and
// asserts nothing of time.
func TestSpeed(t *testing.T) {
	if *speedRows == 0 {
		t.Skip("-speed-rows is not given")
	}
	tab, m := city(*speedRows, 1)
	base := heap()
	current := &org.Organisation{}
	for round := range 3 {
		start, began := time.Now(), processor()
		d, err := Make(context.Background(), tab, m, Options{Day: day})
		if err != nil {
			t.Fatal(err)
		}
		madeAt := time.Now()
		n, err := Resolve(context.Background(), d, current, How{Day: day, Complete: true, NewID: func() string { return id.New(start) }})
		if err != nil {
			t.Fatal(err)
		}
		resolvedAt := time.Now()
		diff := Diff(current, n.Organisation, day, DefaultLimits())
		end := time.Now()
		t.Logf("processor %v; round %d: make %v, resolve %v, diff %v; together %v; %d MB above the table with all three held; people +%d ~%d -%d, posts +%d ~%d -%d, losses %v", (processor() - began).Round(time.Millisecond), round, madeAt.Sub(start).Round(time.Millisecond), resolvedAt.Sub(madeAt).Round(time.Millisecond),
			end.Sub(resolvedAt).Round(time.Millisecond), end.Sub(start).Round(time.Millisecond), (heap()-base)>>20, diff.People.Added, diff.People.Changed, diff.People.Gone, diff.Posts.Added, diff.Posts.Changed, diff.Posts.Gone, diff.Losses)
		runtime.KeepAlive(d)
		runtime.KeepAlive(diff)
		current = n.Organisation
		if round == 1 {
			r := rand.New(rand.NewPCG(2, 2))
			for i := range tab.rows {
				if r.IntN(20) == 0 {
					tab.rows[i][16] = "Depot"
				}
			}
		}
	}
}

// processor returns the processor time that the test has taken, which other work on the machine does not touch.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
