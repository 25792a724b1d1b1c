package urn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
)

func TestAPersonDrawsOnceAndMayAskAgainWithTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		of := w.wave(dbtest.Ours, "w1", wave.Anonymous, 3, "")
		for _, step := range []struct {
			person, blinded string
			want            error
		}{
			{"p0", "aa", nil},
			{"p0", "aa", nil},
			{"p0", "bb", ErrDrawn},
			{"p1", "aa", nil},
			{"p9", "aa", ErrNobody},
			{"p0", "aa", nil},
		} {
			if err := w.Draw(t.Context(), of, step.person, step.blinded, day); !errors.Is(err, step.want) {
				t.Errorf("%s with %s: %v, want %v", step.person, step.blinded, err, step.want)
			}
		}
		if people, days := w.taken(of); people != 2 || days != 2 {
			t.Errorf("%d people took part, and %d by day", people, days)
		}
	})
}

func TestTakingPartWithoutABallotIsNotedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		of := w.wave(dbtest.Ours, "w1", wave.Confidential, 2)
		for range 3 {
			if err := w.Take(t.Context(), of, "p1", day); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Take(t.Context(), of, "p2", day); !errors.Is(err, ErrNobody) {
			t.Errorf("somebody who is not in the frame: %v", err)
		}
		if people, days := w.taken(of); people != 1 || days != 1 {
			t.Errorf("%d people took part, and %d by day", people, days)
		}
	})
}

func TestAnswersUnderTheSameKeyReplaceThoseBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		of := w.wave(dbtest.Ours, "w1", wave.Anonymous, 0, "")
		for i := range 5 {
			e := Entry{Key: key(i % 2), Ballot: []byte{1, byte(i)}, Record: fmt.Appendf(nil, "answer %d", i)}
			if err := w.Put(t.Context(), of, e); err != nil {
				t.Fatal(err)
			}
		}
		found := w.opened(of)
		if len(found) != 2 || string(found[key(0)].Record) != "answer 4" || string(found[key(1)].Record) != "answer 3" {
			t.Errorf("kept %v", found)
		}
		var ballot []byte
		if err := w.DB.Of(of.Tenant).Row(t.Context(), `SELECT ballot FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2 AND ballot = $3`,
			[]any{of.ID, []byte{1, 4}}, &ballot); err != nil {
			t.Errorf("the ballot of the last answer: %v", err)
		}
	})
}

func TestAWaveTakesNothingOutsideItsMoments(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		of := w.wave(dbtest.Ours, "w1", wave.Anonymous, 9, "")
		gone := &wave.Wave{Tenant: dbtest.Ours, ID: "none"}
		n := 0
		try := func(name string, of *wave.Wave, want error) {
			t.Helper()
			for what, err := range map[string]error{
				"draw": w.Draw(t.Context(), of, fmt.Sprintf("p%d", n), "aa", day), "put": w.Put(t.Context(), of, Entry{Key: key(n), Record: []byte("x")}),
			} {
				if !errors.Is(err, want) {
					t.Errorf("%s: %s says %v, want %v", name, what, err, want)
				}
				if want != nil && !problem.Is(err, problem.Gone) {
					t.Errorf("%s: %s says %v, which is no problem of kind gone", name, what, err)
				}
			}
			n++
		}
		try("open", of, nil)
		w.now.Store(clock.Micros(of.Opens.Add(-time.Second)))
		try("before it opens", of, ErrClosed)
		w.now.Store(clock.Micros(of.Closes))
		try("when it closes", of, ErrClosed)
		w.now.Store(clock.Micros(of.Closes.Add(-time.Second)))
		try("a second before", of, nil)
		for _, state := range []wave.State{wave.Scheduled, wave.Closed, wave.Published} {
			w.set(of, "state = $3", string(state))
			try(string(state), of, ErrClosed)
		}
		try("a wave that is not there", gone, ErrClosed)
		if people, days := w.taken(of); people != 2 || days != 2 {
			t.Errorf("%d people took part, and %d by day", people, days)
		}
		if found := w.opened(of); len(found) != 2 {
			t.Errorf("%d answers are kept", len(found))
		}
	})
}

func TestPeopleAndKeysOfOtherWavesAreOutOfReach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ours := w.wave(dbtest.Ours, "w1", wave.Anonymous, 1, "")
		other := w.wave(dbtest.Ours, "w2", wave.Anonymous, 2, "")
		theirs := w.wave(dbtest.Theirs, "w3", wave.Anonymous, 3, "")
		if err := w.Draw(t.Context(), ours, "p1", "aa", day); !errors.Is(err, ErrNobody) {
			t.Errorf("a person of another wave draws: %v", err)
		}
		for _, wrong := range []*wave.Wave{{Tenant: dbtest.Theirs, ID: ours.ID}, {Tenant: dbtest.Ours, ID: theirs.ID}} {
			if err := w.Draw(t.Context(), wrong, "p0", "aa", day); !errors.Is(err, ErrClosed) {
				t.Errorf("a wave of another organisation takes a draw: %v", err)
			}
			if err := w.Put(t.Context(), wrong, Entry{Key: key(1)}); !errors.Is(err, ErrClosed) {
				t.Errorf("a wave of another organisation takes an answer: %v", err)
			}
		}
		for _, of := range []*wave.Wave{ours, other, theirs} {
			if err := w.Put(t.Context(), of, Entry{Key: key(1), Record: []byte(of.ID)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, of := range []*wave.Wave{ours, other, theirs} {
			if found := w.opened(of); len(found) != 1 || string(found[key(1)].Record) != of.ID {
				t.Errorf("%s holds %v", of.ID, found)
			}
			if people, _ := w.taken(of); people != 0 {
				t.Errorf("%s: %d people took part", of.ID, people)
			}
		}
	})
}

func TestAStratumWithoutAKeyIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anonymous := w.wave(dbtest.Ours, "w1", wave.Anonymous, 0, "north", "south")
		confidential := w.wave(dbtest.Ours, "w2", wave.Confidential, 0)
		for _, test := range []struct {
			of      *wave.Wave
			stratum string
			want    error
		}{{anonymous, "north", nil}, {anonymous, "", ErrStratum}, {anonymous, "west", ErrStratum}, {confidential, "", nil}, {confidential, "north", ErrStratum}} {
			if err := w.Put(t.Context(), test.of, Entry{Key: key(1), Stratum: test.stratum}); !errors.Is(err, test.want) {
				t.Errorf("%s %q: %v, want %v", test.of.Mode, test.stratum, err, test.want)
			}
		}
	})
}

func TestNothingCanBeReadInWhatIsStored(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		of := w.wave(dbtest.Ours, "w1", wave.Anonymous, 0, "")
		other := w.wave(dbtest.Ours, "w2", wave.Anonymous, 0, "")
		marker := bytes.Repeat([]byte("readable"), 20)
		for i := range 40 {
			record := slices.Concat(marker, make([]byte, 40))
			record[0] = byte(i)
			if err := w.Put(t.Context(), of, Entry{Key: key(i), Record: record}); err != nil {
				t.Fatal(err)
			}
		}
		sizes, seen := map[int]bool{}, map[string]bool{}
		var sealed []byte
		err := w.DB.Of(of.Tenant).Rows(t.Context(), `SELECT sealed FROM wave_answers WHERE tenant_id = $1`, func(scan func(...any) error) error {
			var b []byte
			err := scan(&b)
			sizes[len(b)] = true
			for i := 0; i+12 <= len(b); i++ {
				if seen[string(b[i:i+12])] {
					t.Errorf("twelve bytes stand twice in what is stored: %x", b[i:i+12])
				}
				seen[string(b[i:i+12])] = true
			}
			if bytes.Contains(b, []byte("readable")) {
				t.Error("the answer can be read")
			}
			sealed = b
			return err
		})
		if err != nil || len(sizes) != 1 {
			t.Errorf("sealed answers of %v bytes: %v", sizes, err)
		}
		// An answer that somebody moves to another wave or key does not open.
		for _, to := range []struct {
			of  *wave.Wave
			key [32]byte
		}{{other, key(3)}, {of, key(100)}} {
			err := w.DB.Write(t.Context(), of.Tenant, func(s *db.Scope) error {
				_, err := s.Exec(t.Context(), `INSERT INTO wave_answers (tenant_id, wave_id, key, ballot, sealed) VALUES ($1, $2, $3, $3, $4)`, to.of.ID, to.key[:], sealed)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Each(t.Context(), to.of, func(Opened) error { return nil }); !errors.Is(err, seal.ErrBroken) {
				t.Errorf("an answer that was moved opens: %v", err)
			}
		}
	})
}

func TestManyAnswersAreReadInOrderOfKeyAndStopWhenAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		of := w.wave(dbtest.Ours, "w1", wave.Anonymous, 0, "")
		const n = 2*pageRows + 7
		onOneShelf := func(i int) [32]byte { // more than one page of them
			k := key(i)
			k[0] = 7
			return k
		}
		var everyone sync.WaitGroup
		for part := range 100 {
			everyone.Go(func() {
				for i := part; i < n; i += 100 {
					if err := w.Put(t.Context(), of, Entry{Key: onOneShelf(i), Record: fmt.Appendf(nil, "%d", i)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		everyone.Wait()
		edges := [][32]byte{{}, {1}, {0xff}, [32]byte(bytes.Repeat([]byte{0xff}, 32)), {0: 7, 31: 1}}
		for _, k := range edges {
			if err := w.Put(t.Context(), of, Entry{Key: k, Record: []byte("edge")}); err != nil {
				t.Fatal(err)
			}
		}
		found := w.opened(of)
		for _, k := range edges {
			if string(found[k].Record) != "edge" {
				t.Errorf("the answer under %x is lost", k)
			}
		}
		for i := range n {
			if string(found[onOneShelf(i)].Record) != fmt.Sprint(i) {
				t.Fatalf("answer %d is %q", i, found[onOneShelf(i)].Record)
			}
		}
		stop, calls := errors.New("enough"), 0
		if err := w.Each(t.Context(), of, func(Opened) error { calls++; return stop }); !errors.Is(err, stop) || calls != 1 {
			t.Errorf("%v after %d calls", err, calls)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if err := w.Each(ctx, of, func(Opened) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("an end that was asked for: %v", err)
		}
	})
}

// TestEverythingHappensOnceUnderACrowd lets 200 people draw and hand in, each again and again with cancelled requests between, on
// two nodes, while one wave closes.
func TestEverythingHappensOnceUnderACrowd(t *testing.T) {
	const seed, crowd = 20261124, 200
	each(t, func(t *testing.T, w *world) {
		t.Logf("seed %d", seed)
		of := w.wave(dbtest.Ours, "w1", wave.Anonymous, crowd, "")
		closing := w.wave(dbtest.Theirs, "w2", wave.Anonymous, crowd, "")
		nodes := []*Urn{w.Urn, New(w.Dependencies)}
		var mu sync.Mutex
		acknowledged := map[[32]byte][]byte{} // the last that was, by key
		late := map[[32]byte]bool{}           // acknowledged in the wave that closes
		var everyone sync.WaitGroup
		for i := range crowd {
			everyone.Go(func() {
				dice := rand.New(rand.NewPCG(seed, uint64(i)))
				person, mine := fmt.Sprintf("p%d", i), fmt.Sprintf("hash %d", i)
				stubborn(t, dice, func(ctx context.Context) error { return nodes[dice.IntN(2)].Draw(ctx, of, person, mine, day) })
				if err := nodes[dice.IntN(2)].Draw(t.Context(), of, person, "another", day); !errors.Is(err, ErrDrawn) {
					t.Errorf("%s drew twice: %v", person, err)
				}
				for round := range 3 {
					record := fmt.Appendf(nil, "person %d round %d", i, round)
					stubborn(t, dice, func(ctx context.Context) error {
						return nodes[i%2].Put(ctx, of, Entry{Key: key(i), Record: record}) // one node: see Put
					})
					mu.Lock()
					acknowledged[key(i)] = record
					mu.Unlock()
				}
				switch err := nodes[dice.IntN(2)].Put(t.Context(), closing, Entry{Key: key(i), Record: []byte("in time")}); {
				case err == nil:
					mu.Lock()
					late[key(i)] = true
					mu.Unlock()
				case !errors.Is(err, ErrClosed):
					t.Errorf("the wave that closes: %v", err)
				}
			})
			if i == crowd/2 {
				everyone.Go(func() { w.set(closing, "state = 'closed'") })
			}
		}
		everyone.Wait()
		if people, days := w.taken(of); people != crowd || days != crowd {
			t.Errorf("%d people took part, %d by day, of %d", people, days, crowd)
		}
		found := w.opened(of)
		if len(found) != crowd {
			t.Errorf("%d answers of %d", len(found), crowd)
		}
		for k, record := range acknowledged {
			if !bytes.Equal(found[k].Record, record) {
				t.Errorf("acknowledged %q, kept %q", record, found[k].Record)
			}
		}
		kept := w.opened(closing)
		for k := range kept {
			if !late[k] {
				t.Errorf("an answer that was refused is kept")
			}
		}
		if len(kept) != len(late) {
			t.Errorf("%d of %d acknowledged answers are kept in the wave that closed", len(kept), len(late))
		}
	})
}

// stubborn does something until it succeeds; some attempts end before they have an answer.
func stubborn(t *testing.T, dice *rand.Rand, do func(context.Context) error) {
	for again := true; again; {
		ctx, stop := context.WithCancel(t.Context())
		if dice.IntN(3) == 0 {
			ctx, stop = context.WithTimeout(t.Context(), time.Duration(dice.IntN(3000))*time.Microsecond)
		}
		err := do(ctx)
		gone := ctx.Err() != nil
		stop()
		again = err != nil || dice.IntN(4) == 0
		if err != nil && !gone && !errors.Is(err, db.ErrBusy) {
			t.Errorf("%v", err)
			return
		}
	}
}
