package faulttest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
)

// How many waves of each mode are closed at a time, by how many people each was answered, and how often the server is killed
// meanwhile: once less than a report may be begun.
const (
	closings = 4
	answered = 100
	killed   = 4
)

// answer puts answers of the first people of the frame in the urn, as the server does.
func (k *asking) answer(t *testing.T, people int) *tally {
	t.Helper()
	a := k.in.inside(t, clock.System(), "http://127.0.0.1:1")
	defer a.Close() //nolint:errcheck // all is kept
	secret, err := k.wave.Secret(a.Box)
	if err != nil {
		t.Fatal(err)
	}
	strata, err := wave.Strata(t.Context(), a.DB.Of(k.in.tenant), k.wave.ID)
	if err != nil {
		t.Fatal(err)
	}
	signs := map[string]*ballot.Key{}
	for _, st := range strata {
		pkcs8, err := st.PrivateKey(a.Box, k.wave.ID)
		if err != nil {
			t.Fatal(err)
		}
		if signs[st.Name], err = ballot.ParseKey(pkcs8); err != nil {
			t.Fatal(err)
		}
	}
	y := &tally{may: map[[32]byte][]int{}, ballots: map[[32]byte]ballot.Ballot{}, stratum: map[[32]byte]string{}}
	var together sync.WaitGroup
	for _, m := range k.members[:people] {
		mark := m.number*versions + 1
		e := urn.Entry{Key: [32]byte(secret.Derive("confidential", []byte(m.id))), Stratum: m.stratum, Record: []byte(k.packed(t, mark))}
		if sign := signs[m.stratum]; sign != nil {
			b, err := issue(sign)
			if err != nil {
				t.Fatal(err)
			}
			e.Key, e.Ballot = b.Key(), append(b.Message[:], b.Signature[:]...)
			y.ballots[e.Key], y.stratum[e.Key] = b, m.stratum
		}
		y.may[e.Key] = []int{mark}
		together.Go(func() {
			err := a.Survey.Urn.Draw(t.Context(), &k.wave, m.id, "blinded", "2026-11-24")
			if err := errors.Join(err, a.Survey.Urn.Put(t.Context(), &k.wave, e)); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	return y
}

// issue makes a ballot.
func issue(sign *ballot.Key) (ballot.Ballot, error) {
	request, err := ballot.Blind(sign.Public(), rand.Reader)
	if err != nil {
		return ballot.Ballot{}, err
	}
	signature, err := sign.Sign(request.Blinded())
	if err != nil {
		return ballot.Ballot{}, err
	}
	return request.Finish(signature)
}

func TestServerKilledWhileItClosesWavesMakesEachReportOnce(t *testing.T) {
	t.Parallel()
	onEngine(t, func(t *testing.T, dir, database string) {
		waves, when := asks(t, dir, database, answered+30, append(slices.Repeat([]wave.Mode{wave.Anonymous}, closings), slices.Repeat([]wave.Mode{wave.Confidential}, closings)...)...), moments(t)
		in := waves[0].in
		var tallies []*tally
		for _, k := range waves {
			tallies = append(tallies, k.answer(t, answered))
		}
		at := port(t)
		p := start(t, in, at)
		var ask sync.WaitGroup
		for _, k := range waves {
			ask.Go(func() { k.closes(t, p.url) })
		}
		idle := 0
		jobs := 3 * len(waves) // close, report, sweep
		for round := range killed {
			// Somewhere in each part of the way.
			d, err := db.Open(t.Context(), database)
			if err != nil {
				t.Fatal(err)
			}
			far := (jobs*round + when.IntN(jobs)) / killed
			eventually(t, patience, "the work goes on", func() bool { return done(t, d, in) >= far })
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(when.IntN(20_000)) * time.Microsecond)
			p.kill()
			left := progress(t, database, in)
			t.Logf("when the server is killed: %s", left)
			if !strings.Contains(left, "running") && !strings.Contains(left, "waiting") {
				idle++
			}
			if isPostgres(database) {
				order(t, database, `UPDATE jobs SET lease_until = 1 WHERE state = 'running'`) // the time that a node may be silent passes
			}
			p = start(t, in, at)
		}
		ask.Wait()
		d, err := db.Open(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, patience, "all reports are made", func() bool { return done(t, d, in) == jobs })
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		ended(t, p)
		if left, err := os.ReadDir(filepath.Join(dir, "work")); err != nil || len(left) > 0 {
			t.Errorf("opened answers are left on the disk: %v %v", left, err)
		}
		reported(t, database, waves, tallies)
		if idle == killed {
			t.Error("no job was under way when the server was killed, so the kills proved nothing")
		}
	})
}

// closes asks to close a wave until it is acknowledged.
func (k *asking) closes(t *testing.T, base string) {
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	for ctx.Err() == nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/waves/"+k.wave.ID+"/close", nil)
		if err != nil {
			t.Error(err)
			return
		}
		r.Header.Set("Authorization", "Bearer "+k.in.token)
		if res, err := http.DefaultClient.Do(r); err == nil {
			var out struct{ State string }
			err := json.NewDecoder(res.Body).Decode(&out)
			_ = res.Body.Close()
			if err == nil && res.StatusCode == http.StatusOK && out.State == "closed" {
				return
			}
			if res.StatusCode < 500 {
				t.Errorf("closing gives %d: %+v", res.StatusCode, out)
				return
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("it was never acknowledged that the wave is closed")
}

// done returns how many jobs are done.
func done(t *testing.T, d *db.DB, in *install) int {
	return number(t, d, `SELECT COUNT(*) FROM jobs WHERE tenant_id = $1 AND state = 'done'`, in)
}

// progress says how far the closing of waves is.
func progress(t *testing.T, database string, in *install) string {
	t.Helper()
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // only read from
	states := []string{}
	err = d.Of(in.tenant).Rows(t.Context(), `SELECT kind || ' ' || state || ' ' || CAST(COUNT(*) AS TEXT) FROM jobs WHERE tenant_id = $1 GROUP BY kind, state ORDER BY 1`,
		func(scan func(...any) error) error {
			var text string
			err := scan(&text)
			states = append(states, text)
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(states, ", ")
}
