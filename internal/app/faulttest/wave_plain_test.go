package faulttest

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/wave"
)

// plainly is how many people answer without scripts.
const plainly = 40

// browser is somebody without scripts who fills in forms until told to stop.
type browser struct {
	*member
	t      *testing.T
	http   *http.Client
	base   string
	give   context.Context
	ending *atomic.Bool
	acks   *atomic.Int64
	broken *atomic.Int64

	mark  int // of the answers that are under way
	acked int
	sent  bool // whether the answers under way were sent at all
}

func TestKilledServerLosesNoAnswerOfPeopleWithoutScripts(t *testing.T) {
	t.Parallel()
	onEngine(t, func(t *testing.T, dir, database string) {
		k := asks(t, dir, database, plainly+20, wave.Confidential)[0]
		at, when := port(t), moments(t)
		p := start(t, k.in, at)
		give, stop := context.WithTimeout(t.Context(), 2*patience)
		defer stop()
		var ending atomic.Bool
		var acks, broken atomic.Int64
		var running sync.WaitGroup
		defer running.Wait()
		var browsers []*browser
		for i := range plainly {
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			b := &browser{member: k.members[i], t: t, base: p.url + "/w/" + k.wave.Code, give: give, ending: &ending, acks: &acks, broken: &broken,
				http: &http.Client{Jar: jar, Timeout: 25 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
			browsers = append(browsers, b)
			dice := rand.New(rand.NewPCG(when.Uint64(), uint64(i)))
			running.Go(func() { b.fillIn(dice) })
		}
		for range rounds {
			before := acks.Load()
			time.Sleep(time.Duration(50_000+when.IntN(300_000)) * time.Microsecond)
			eventually(t, patience, "forms are acknowledged again", func() bool { return acks.Load() > before })
			p.kill()
			p = start(t, k.in, at)
		}
		ending.Store(true)
		running.Wait()
		if give.Err() != nil {
			t.Fatal("some answers were never acknowledged")
		}
		ended(t, p)
		t.Logf("%d forms were acknowledged, %d answers of the server were lost", acks.Load(), broken.Load())
		if broken.Load() == 0 {
			t.Error("no answer of the server was lost, so the kills proved nothing")
		}
		y := k.confidential(t, browsers)
		y.holds(t, k, database)
		d, err := db.Open(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "people who took part", y.people(browsers), texts(t, d.System(), `SELECT id, 'took part' FROM wave_people WHERE taken`))
		if n := number(t, d, `SELECT COALESCE(SUM(taken), 0) FROM wave_days WHERE tenant_id = $1`, k.in); n != plainly {
			t.Errorf("%d people are counted by day, and %d took part", n, plainly)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		settled(t, database, clock.System(), k)
		reported(t, database, []*asking{k}, []*tally{y})
	})
}

// confidential returns what was acknowledged, under the keys of a confidential wave.
func (k *asking) confidential(t *testing.T, browsers []*browser) *tally {
	t.Helper()
	box, err := seal.Parse(k.in.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := k.wave.Secret(box)
	if err != nil {
		t.Fatal(err)
	}
	y := &tally{may: map[[32]byte][]int{}, ballots: map[[32]byte]ballot.Ballot{}, stratum: map[[32]byte]string{}}
	for _, b := range browsers {
		may := []int{b.acked}
		if b.sent {
			may = append(may, b.mark)
		}
		y.may[[32]byte(secret.Derive("confidential", []byte(b.id)))] = may
	}
	return y
}

// people are those of whom answers are there.
func (y *tally) people(browsers []*browser) map[string]string {
	there := map[int]bool{}
	for _, mark := range y.marks() {
		there[mark/versions] = true
	}
	out := map[string]string{}
	for _, b := range browsers {
		if there[b.number] {
			out[b.id] = "took part"
		}
	}
	return out
}

// fillIn answers all questions and sends them, again and again with other answers. Now and then one starts anew, as on another
// device: what was not sent is lost then, and what was sent is not.
func (b *browser) fillIn(dice *rand.Rand) {
	for version := 1; version == 1 || !b.ending.Load(); version++ {
		b.mark, b.sent = b.number*versions+version, false
		if version == 1 || dice.IntN(5) == 0 {
			if to := b.form("/start", url.Values{"pin": {b.pin}}); !strings.HasPrefix(to, "/q/") {
				b.wrong("the start leads to %q", to)
				return
			}
		}
		given := content(b.mark)
		for _, item := range []string{"department", "uses", "tools", "mark", "remark"} {
			values := url.Values{"go": {"next"}}
			switch v := given[item].(type) {
			case string:
				values[item] = []string{v}
			case int:
				values[item] = []string{fmt.Sprint(v)}
			case []string:
				values[item] = v
			}
			if to := b.form("/q/"+item, values); !strings.HasPrefix(to, "/q/") && to != "/review" {
				b.wrong("the answer to %s leads to %q", item, to)
				return
			}
		}
		b.sent = true
		if to := b.form("/review", url.Values{}); to != "/thanks" {
			b.wrong("sending leads to %q", to)
			return
		}
		b.acked, b.sent = b.mark, false
		select {
		case <-b.give.Done():
		case <-time.After(time.Duration(dice.IntN(60)) * time.Millisecond):
		}
	}
}

func (b *browser) wrong(format string, args ...any) {
	if b.give.Err() == nil {
		b.t.Errorf(format, args...)
	}
	b.ending.Store(true)
}

// form sends a form until the server leads on, as somebody does who presses the button again, and returns to where, below the
// address of the wave.
func (b *browser) form(path string, values url.Values) string {
	for b.give.Err() == nil {
		r, err := http.NewRequestWithContext(b.give, http.MethodPost, b.base+path+"?lang=nl", strings.NewReader(values.Encode()))
		if err != nil {
			b.t.Error(err)
			return ""
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := b.http.Do(r)
		status := 0
		if err == nil {
			_, err = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if err == nil {
				status = res.StatusCode
			}
		}
		if status == http.StatusSeeOther {
			to, err := res.Location()
			if err != nil {
				b.t.Error(err)
				return ""
			}
			b.acks.Add(1)
			_, below, _ := strings.Cut(b.base, "/w/")
			return strings.TrimPrefix(to.Path, "/w/"+below)
		}
		if !passing(status) {
			return fmt.Sprint(status)
		}
		b.broken.Add(1)
		select {
		case <-b.give.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return ""
}
