package items

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
)

// dump is every table as it stands, but for what is told in the row itself.
func dump(t testing.TB, d *db.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := d.Snapshot(t.Context(), func(snap *db.Snapshot) error {
		tables, err := snap.Tables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			out[table.Name] = nil
			if err := snap.Each(t.Context(), table, func(values []any) error {
				out[table.Name] = append(out[table.Name], fmt.Sprint(values...))
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// differing names the tables that differ.
func differing(a, b map[string][]string) []string {
	var out []string
	for name := range a {
		if !slices.Equal(a[name], b[name]) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// gifts makes different gifts.
func (w *world) gifts(n int) [][]byte {
	rng := rand.New(rand.NewPCG(3, 4))
	real := truth(w.Material, rng)
	out := make([][]byte, n)
	for i := range out {
		out[i] = w.gift(real, "", 4+i%9, rng)
	}
	return out
}

// TestADumpBeforeAndAfterEachGiftTellsNothingOfIt looks at all tables after each gift, as who has every backup: until a batch is whole one
// sealed value changes, which keeps its length, and then ten gifts come at once, sorted.
func TestADumpBeforeAndAfterEachGiftTellsNothingOfIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		list := w.gifts(30)
		was, length := dump(t, d), 0
		for i, g := range list {
			if !w.give(dbtest.Ours, g, i) {
				t.Fatalf("gift %d is not taken", i)
			}
			now := dump(t, d)
			sealed := must(waitingOf(t.Context(), d.Of(dbtest.Ours)))(t)
			people, kept, err := giftsOf(t.Context(), d.Of(dbtest.Ours))
			if err != nil {
				t.Fatal(err)
			}
			if i > 0 && len(sealed) != length {
				t.Errorf("after gift %d what waits has %d bytes, before %d", i, len(sealed), length)
			}
			length = len(sealed)
			changed, want := differing(was, now), []string{"skill_gifts_waiting"}
			if (i+1)%10 == 0 {
				want = []string{"skill_gifts", "skill_gifts_waiting"}
			}
			if !slices.Equal(changed, want) || people != (i+1)/10*10 {
				t.Errorf("after gift %d %v changed, and %d people gave", i, changed, people)
			}
			for table, rows := range now {
				for _, row := range rows {
					if table != "skill_gifts" && bytes.Contains([]byte(row), g) {
						t.Errorf("%s has the gift in clear", table)
					}
				}
			}
			if got := must(parseGifts(kept))(t); len(got) != people || !slices.IsSortedFunc(got, bytes.Compare) {
				t.Errorf("%d gifts are kept, sorted %v", len(got), slices.IsSortedFunc(got, bytes.Compare))
			}
			if n := len(now["skill_gifts"]); n > 1 {
				t.Errorf("gifts are in %d rows, whose order may tell something", n)
			}
			was = now
		}
	})
}

// TestTheOrderInWhichGiftsComeLeavesNothing gives the same gifts in other orders: what is kept is the same to the byte, on both engines and
// in whichever row.
func TestTheOrderInWhichGiftsComeLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		list := w.gifts(20)
		var want []byte
		for round, rng := range []*rand.Rand{rand.New(rand.NewPCG(1, 1)), rand.New(rand.NewPCG(2, 2)), rand.New(rand.NewPCG(3, 3))} {
			of := dbtest.Ours
			if round%2 > 0 {
				of = dbtest.Theirs
			}
			if err := w.DropGifts(t.Context(), person(of, "hr")); err != nil {
				t.Fatal(err)
			}
			// A batch is put away whole, so that who comes in which batch shows: the order within it does not.
			for half := range 2 {
				for n, i := range rng.Perm(10) {
					if !w.give(of, list[10*half+i], 100*round+10*half+n) {
						t.Fatal("a gift is not taken")
					}
				}
			}
			_, kept, err := giftsOf(t.Context(), d.Of(of))
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = kept
			}
			if !bytes.Equal(kept, want) {
				t.Errorf("round %d: in another order other bytes are kept", round)
			}
		}
	})
}

// TestFilesOfSQLiteAreTheSameForEveryOrder compares whole files after the same gifts in two orders, with nothing masked but what is sealed.
func TestFilesOfSQLiteAreTheSameForEveryOrder(t *testing.T) {
	t.Parallel()
	var files [][]byte
	for seed := range uint64(2) {
		d := dbtest.SQLite(t)
		w := newWorld(t, d)
		list := w.gifts(20)
		rng := rand.New(rand.NewPCG(seed, 9))
		for half := range 2 {
			for n, i := range rng.Perm(10) {
				w.give(dbtest.Ours, list[10*half+i], 10*half+n)
			}
		}
		if err := d.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		sealed := must(waitingOf(t.Context(), d.Of(dbtest.Ours)))(t)
		if left, err := os.ReadFile(d.Address + "-wal"); err == nil && len(left) > 0 {
			t.Errorf("%d bytes are left in the log", len(left))
		}
		other := must(sql.Open("sqlite", d.Address))(t)
		for _, statement := range []string{"UPDATE goose_db_version SET tstamp = '2026-01-01 00:00:00'", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} { // when the store was made is told elsewhere
			if _, err := other.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		content := must(os.ReadFile(d.Address))(t)
		if !bytes.Contains(content, sealed) {
			t.Fatal("what waits lies in more than one place")
		}
		for _, g := range list {
			if n := bytes.Count(content, g); n > 1 {
				t.Errorf("a gift lies in the file %d times", n)
			}
		}
		files = append(files, bytes.ReplaceAll(content, sealed, bytes.Repeat([]byte{0}, len(sealed))))
	}
	if !bytes.Equal(files[0], files[1]) {
		var at []int
		for i := range min(len(files[0]), len(files[1])) {
			if files[0][i] != files[1][i] {
				at = append(at, i)
			}
		}
		t.Errorf("the files differ at %d places of %d and %d bytes: %v", len(at), len(files[0]), len(files[1]), at[:min(len(at), 20)])
	}
}

func TestACheckGivesOnceAndAFloodIsDammed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	rng := rand.New(rand.NewPCG(3, 4))
	real := truth(w.Material, rng)
	from := func(last byte) netip.Addr { return netip.AddrFrom4([4]byte{198, 51, 100, last}) }
	give := func(mark [32]byte, a netip.Addr, gift []byte) bool {
		return must(w.Give(t.Context(), dbtest.Ours, mark, a, gift))(t)
	}
	g := w.gift(real, "", 6, rng)
	if !give([32]byte{1}, from(1), g) || give([32]byte{1}, from(2), g) {
		t.Error("a check gives twice, or not at all")
	}
	for name, bad := range map[string][]byte{"nothing": nil, "noise": []byte("anything"), "too few": g[:10]} {
		if give([32]byte{2}, from(1), bad) {
			t.Errorf("%s is taken", name)
		}
	}
	taken := 0
	for i := range 100 {
		if give([32]byte{3, byte(i)}, from(3), w.gift(real, "", 6, rng)) {
			taken++
		}
	}
	if taken != mostOfNetwork {
		t.Errorf("one network gave %d times in a day", taken)
	}
	for i := range 300 {
		if give([32]byte{4, byte(i), byte(i >> 8)}, from(byte(10+i%100)), w.gift(real, "", 6, rng)) {
			taken++
		}
	}
	if taken != mostOfOrganisation-1 {
		t.Errorf("an organisation got %d in a day", taken+1)
	}
	w.step(25 * time.Hour)
	if !give([32]byte{5}, from(3), g) {
		t.Error("the next day nothing is taken")
	}
	w.keep(dbtest.Ours, slices.Repeat([][]byte{g}, mostGifts))
	if give([32]byte{6}, from(4), g) {
		t.Error("more is taken than is needed")
	}
}

func TestABatchIsNeverSmallerThanTheSmallestGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.size = 17
	for i, g := range w.gifts(34) {
		w.give(dbtest.Ours, g, i)
		people, _, err := giftsOf(t.Context(), w.DB.Of(dbtest.Ours))
		if err != nil || people != (i+1)/17*17 {
			t.Fatal(i, people, err)
		}
	}
}

func TestGiftsAreWrittenAndReadWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, maxGift), 0, 30).Draw(t, "gifts")
		mixed := slices.Clone(list)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		packed := packGifts(slices.Clone(list))
		if !bytes.Equal(packed, packGifts(mixed)) {
			t.Fatal("the order shows")
		}
		read, err := parseGifts(packed)
		if err != nil || len(read) != len(list) {
			t.Fatal(len(read), err)
		}
		if n := len(packWaiting(slices.Clone(list), 30)); n != 2+30*slot {
			t.Fatalf("%d bytes wait", n)
		}
	})
}

func FuzzParseGifts(f *testing.F) {
	f.Add([]byte{5, 1, 2, 3, 4, 0})
	f.Add([]byte{0})
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := parseGifts(b)
		if err == nil {
			var again []byte
			for _, g := range list {
				again = append(append(again, byte(len(g))), g...)
			}
			if !bytes.Equal(again, b) {
				t.Error("what is read is not what was written")
			}
		}
	})
}

func TestOnlyWhoMayDropsGiftsAndWhatIsSealedElsewhereIsNoHeap(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i, g := range w.gifts(13) {
			w.give(dbtest.Ours, g, i)
		}
		if err := w.DropGifts(t.Context(), person(dbtest.Ours, "researcher")); !problem.Is(err, problem.Forbidden) {
			t.Error(err)
		}
		if err := w.DropGifts(t.Context(), hr()); err != nil {
			t.Fatal(err)
		}
		if people, kept, err := giftsOf(t.Context(), d.Of(dbtest.Ours)); err != nil || people > 0 || len(kept) > 0 {
			t.Error(people, err)
		}
		if got := must(w.waiting(t.Context(), d.Of(dbtest.Ours)))(t); len(got) > 0 {
			t.Errorf("%d wait", len(got))
		}
		sealed := must(w.Box.Seal(waitingFor+string(dbtest.Theirs), packWaiting(nil, 10)))(t)
		if err := d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return putWaiting(t.Context(), tx, sealed) }); err != nil {
			t.Fatal(err)
		}
		if _, err := w.waiting(t.Context(), d.Of(dbtest.Ours)); !errors.Is(err, errWaiting) {
			t.Error(err)
		}
	})
}

func TestGiftsThatComeAtOnceAreCountedOnceEach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		list := w.gifts(24)
		var taken atomic.Int64
		var group sync.WaitGroup
		for i, g := range list {
			group.Go(func() {
				ok, err := w.Give(t.Context(), dbtest.Ours, [32]byte{byte(i), 7}, netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), g)
				if err != nil && !errors.Is(err, db.ErrBusy) {
					t.Error(err)
				}
				if ok {
					taken.Add(1)
				}
			})
		}
		group.Wait()
		_, kept, err := giftsOf(t.Context(), d.Of(dbtest.Ours))
		if err != nil {
			t.Fatal(err)
		}
		there := append(must(parseGifts(kept))(t), must(w.waiting(t.Context(), d.Of(dbtest.Ours)))(t)...)
		if int64(len(there)) != taken.Load() || taken.Load() < 10 {
			t.Errorf("%d were taken, %d are there", taken.Load(), len(there))
		}
		for _, g := range there {
			if !slices.ContainsFunc(list, func(x []byte) bool { return bytes.Equal(x, g) }) {
				t.Error("a gift is not what was given")
			}
		}
	})
}
