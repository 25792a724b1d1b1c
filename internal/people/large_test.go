package people

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/asked"
	"tekentafel/internal/people/madeup"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/store"
	"tekentafel/internal/testkit/taken"
)

var large = flag.Int("staff", 0, "how many people to import in TestManyPeopleAreImported; 0 for few")

// writeStaff writes an organisation as a payroll system would.
func writeStaff(t testing.TB, path string, o *org.Organisation) int {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := madeup.WriteCSV(f, o)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestManyPeopleAreImported imports a made-up organisation, with the flag -staff as large as one wants, and says how long each step took:
// its first file, the same file again, and one in which a tenth differs. Run it alone to measure.
func TestManyPeopleAreImported(t *testing.T) {
	n := *large
	if n == 0 {
		n = 2000
	}
	each(t, func(t *testing.T, w *world) {
		path := filepath.Join(t.TempDir(), "staff.csv")
		write := func(change func(i int, p *org.Person)) int { // what was made is let go: the program would not hold it
			made := madeup.Make(madeup.Recipe{Seed: 20261129, People: n, Day: w.today()})
			for i := range made.People {
				change(i, &made.People[i])
			}
			return writeStaff(t, path, made.Organisation)
		}
		rows := write(func(int, *org.Person) {})
		source := w.source("Payroll")
		first := w.timed("first import", source, path, rows)
		if first.State != store.Applied || CountsOf(&first) == nil || CountsOf(&first).People.Added < n/2 {
			t.Fatalf("%s %s", first.State, first.Counts)
		}
		again := w.timed("the same again", source, path, rows)
		if again.State != store.Applied || again.Revision != 0 {
			t.Fatalf("%s %s", again.State, again.Counts)
		}
		rows = write(func(i int, p *org.Person) {
			if i%10 == 0 {
				p.Language = "fr"
				p.Family += "-Nieuw"
			}
		})
		next := w.timed("a tenth differs", source, path, rows)
		if next.State != store.Applied || CountsOf(&next).People.Changed < n/20 {
			t.Fatalf("%s %s", next.State, next.Counts)
		}
		start, worked := time.Now(), computing()
		head, err := store.Head(t.Context(), w.DB.Of(hr().Tenant))
		if err != nil {
			t.Fatal(err)
		}
		o, err := store.Load(t.Context(), w.DB.Of(hr().Tenant), head.Current)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := quality.Assess(t.Context(), o, quality.Input{Day: w.today()}); err != nil {
			t.Fatal(err)
		}
		t.Logf("loaded and checked without linkage in %v (%v of processors)", time.Since(start).Round(time.Millisecond), (computing() - worked).Round(10*time.Millisecond))
		start, worked = time.Now(), computing()
		units, err := w.FrameUnits(t.Context(), hr())
		if err != nil || len(units) == 0 {
			t.Fatal(len(units), err)
		}
		t.Logf("units with their people in %v (%v of processors)", time.Since(start).Round(time.Millisecond), (computing() - worked).Round(10*time.Millisecond))
	})
}

// timed imports a file and says how long that took until it counts, the assessment after it apart.
func (w *world) timed(what, source, path string, rows int) store.Import {
	w.t.Helper()
	start, worked := time.Now(), computing()
	forgetPeak()
	importID, err := w.Receive(w.t.Context(), hr(), Arrival{Source: source, FileName: "staff.csv", Path: path, Unattended: true, Asked: asked.Request{Key: what}})
	if err != nil {
		w.t.Fatal(err)
	}
	received := time.Since(start)
	v := w.imported(importID)
	if v.State == store.Received && what == "first import" {
		v = w.mapped(v)
		if err := w.Apply(w.t.Context(), hr(), v.ID, v.Version, true); err != nil {
			w.t.Fatal(err)
		}
	}
	for v.State != store.Applied && v.State != store.Failed {
		time.Sleep(5 * time.Millisecond)
		v = w.imported(importID)
	}
	took, busy := time.Since(start), computing()-worked
	held := peak()
	forgetPeak()
	w.settle()
	const mb = 1 << 20
	w.t.Logf("%s: %d rows read in %v, counting after %v (%v of processors, %d MB resident at most), assessed after %v (%v, %d MB)", what, rows, received.Round(time.Millisecond),
		took.Round(time.Millisecond), busy.Round(10*time.Millisecond), held/mb, time.Since(start).Round(time.Millisecond), (computing() - worked).Round(10*time.Millisecond), peak()/mb)
	return v
}

// computing is how long processors have worked for this process, which other work on the machine touches less than the clock. The server of
// PostgreSQL is not in it.
func computing() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the most memory of this process since forgetPeak, in bytes; 0 where the system does not say.
func peak() int64 {
	bytes, err := taken.Peak(os.Getpid())
	if err != nil {
		return 0
	}
	return bytes
}

// forgetPeak gives back what is free, and counts peak anew where the system can.
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // where it cannot, the peak of the steps before counts
}
