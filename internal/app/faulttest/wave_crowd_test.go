package faulttest

import (
	"bytes"
	"context"
	crypto "crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tekentafel/internal/survey/ballot"
)

// atOnce is how many people answer side by side.
const atOnce = 200

// crowd is people who answer a wave as its pages do, until they are told to stop, and what was acknowledged to them.
type crowd struct {
	t        *testing.T
	k        *asking
	base     string
	http     *http.Client
	ending   atomic.Bool
	failed   atomic.Bool // something came that must not
	running  sync.WaitGroup
	give     context.Context // ends when the patience of the crowd does
	later    bool            // a wave that is not open now is tried again later
	drew     atomic.Int64    // ballots
	handed   atomic.Int64    // acknowledged answers
	replaced atomic.Int64    // those of them that took the place of others

	mu     sync.Mutex
	people []*respondent // who came
	saw    map[int]int   // answers by status; 0 is a connection that broke
}

// respondent is somebody who came, and what they know.
type respondent struct {
	*member
	requests []*ballot.Request // one for each device with which they tried
	drawn    []byte            // the blinded message of which they have the signature, nil while they have none
	ballot   ballot.Ballot
	version  int
	acked    int   // mark of the answers acknowledged last; 0 for none
	loose    []int // marks that were sent after it, of which nothing is known
}

// gather starts the crowd on the server at base. With later true they try again where the wave is not open.
func gather(t *testing.T, k *asking, base string, dice *rand.Rand, later bool) *crowd {
	t.Helper()
	c := &crowd{t: t, k: k, later: later, base: base + "/w/" + k.wave.Code, saw: map[int]int{},
		http: &http.Client{Timeout: 25 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}}
	ctx, stop := context.WithTimeout(t.Context(), 2*patience)
	c.give = ctx
	t.Cleanup(func() {
		c.ending.Store(true)
		stop()
		c.running.Wait()
		c.http.CloseIdleConnections()
	})
	for i := range atOnce {
		own := rand.New(rand.NewPCG(dice.Uint64(), uint64(i)))
		c.running.Go(func() { c.place(i, own) })
	}
	return c
}

// place is a chair on which one person after another sits down. When all have been there the last go on changing their mind.
func (c *crowd) place(i int, dice *rand.Rand) {
	var r *respondent
	for ; !c.over(); i += atOnce {
		if i < len(c.k.members) {
			r = &respondent{member: c.k.members[i]}
			c.mu.Lock()
			c.people = append(c.people, r)
			c.mu.Unlock()
			c.rest(dice, 200)
			if !c.draw(r, dice) || !c.hand(r, dice, true) {
				return
			}
		}
		for again := dice.IntN(4); again > 0 && !c.over(); again-- {
			c.rest(dice, 400)
			if !c.hand(r, dice, dice.IntN(3) > 0) {
				return
			}
		}
		if dice.IntN(5) == 0 && !c.sameAgain(r) {
			return
		}
		c.rest(dice, 200)
	}
	// Who gave up with answers under way may leave it so, or have the last word.
	if r != nil && len(r.loose) > 0 && dice.IntN(2) == 0 {
		c.hand(r, dice, true)
	}
}

func (c *crowd) over() bool { return c.ending.Load() || c.give.Err() != nil }

// rest lets up to some milliseconds pass.
func (c *crowd) rest(dice *rand.Rand, most int) {
	select {
	case <-c.give.Done():
	case <-time.After(time.Duration(dice.IntN(most)) * time.Millisecond):
	}
}

// end lets everybody finish, and returns when all have.
func (c *crowd) end() {
	c.t.Helper()
	c.ending.Store(true)
	c.running.Wait()
	if c.give.Err() != nil {
		c.t.Fatal("some answers were never acknowledged")
	}
	c.t.Logf("%d people came; acknowledged: %d ballots, %d answers, %d of them in the place of others; answers of the server by status (0: broken off) %v",
		len(c.people), c.drew.Load(), c.handed.Load(), c.replaced.Load(), c.saw)
	if c.saw[http.StatusInternalServerError] > 0 {
		c.t.Errorf("%d answers of the server were 500", c.saw[http.StatusInternalServerError])
	}
}

// wait lets some time pass, and then a number of answers be acknowledged, unless something is wrong.
func (c *crowd) wait(d time.Duration) {
	c.t.Helper()
	time.Sleep(d)
	before := c.handed.Load()
	eventually(c.t, patience, "answers are acknowledged again", func() bool { return c.handed.Load() >= before+atOnce/4 || c.failed.Load() })
}

// statuses returns how many answers had a status until now.
func (c *crowd) statuses(status int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.saw[status]
}

// draw gets a ballot. Some try with two devices at a time, of which one must get it and the other be refused.
func (c *crowd) draw(r *respondent, dice *rand.Rand) bool {
	var key struct{ Key string }
	if status, ok := c.insist("/ballots", map[string]any{"pin": r.pin}, &key); !ok || status != http.StatusOK {
		return c.wrong(ok, "the key for person %d: %d", r.number, status)
	}
	public := c.k.strata[r.stratum]
	if key.Key != encode(public.Bytes()) {
		return c.wrong(true, "person %d of %s is given another key", r.number, r.stratum)
	}
	devices := 1
	if dice.IntN(8) == 0 && !c.later {
		devices = 2
	}
	got := make([][]byte, devices)
	whole := make([]bool, devices)
	var both sync.WaitGroup
	for i := range devices {
		request, err := ballot.Blind(public, crypto.Reader)
		if err != nil {
			return c.wrong(true, "blind: %v", err)
		}
		r.requests = append(r.requests, request)
		both.Go(func() { got[i], whole[i] = c.sign(r, request) })
	}
	both.Wait()
	if slices.Contains(whole, false) {
		return false
	}
	for i, signature := range got {
		if signature == nil {
			continue
		}
		if r.drawn != nil {
			return c.wrong(true, "person %d has two ballots", r.number)
		}
		var err error
		if r.ballot, err = r.requests[i].Finish(signature); err != nil {
			return c.wrong(true, "the ballot of person %d: %v", r.number, err)
		}
		r.drawn = r.requests[i].Blinded()
	}
	if r.drawn == nil {
		return c.wrong(true, "person %d gets no ballot with %d devices", r.number, devices)
	}
	c.drew.Add(1)
	return true
}

// sign asks for the signature of a request; nil when it is refused because the person drew another ballot.
func (c *crowd) sign(r *respondent, request *ballot.Request) (signature []byte, ok bool) {
	var out struct{ Signature string }
	status, ok := c.insist("/ballots", map[string]any{"pin": r.pin, "blinded": encode(request.Blinded())}, &out)
	if !ok || status == http.StatusConflict {
		return nil, ok
	}
	signature, err := base64.RawURLEncoding.DecodeString(out.Signature)
	if status != http.StatusOK || err != nil || len(signature) == 0 {
		return nil, c.wrong(true, "the signature for person %d: %d %v", r.number, status, err)
	}
	return signature, true
}

// sameAgain asks once more for the signature that one has, as a device does that lost it.
func (c *crowd) sameAgain(r *respondent) bool {
	for _, request := range r.requests {
		signature, ok := c.sign(r, request)
		if !ok {
			return false
		}
		if mine := bytes.Equal(request.Blinded(), r.drawn); mine != (signature != nil) {
			return c.wrong(true, "person %d asks again for a ballot that is theirs (%v) and gets %d bytes", r.number, mine, len(signature))
		}
		if signature == nil {
			continue
		}
		if again, err := request.Finish(signature); err != nil || again != r.ballot {
			return c.wrong(true, "person %d asks again and gets another ballot: %v", r.number, err)
		}
	}
	return true
}

// hand hands in new answers. Patient ones try until it is acknowledged, some of them twice at the same time; others try once
// and give up.
func (c *crowd) hand(r *respondent, dice *rand.Rand, patient bool) bool {
	r.version++
	mark := r.number*versions + r.version
	body := map[string]any{"ballot": r.ballot.String(), "answers": content(mark)}
	if !patient {
		var out struct{ Received bool }
		switch status := c.post("/answers", body, &out); {
		case status == http.StatusOK && out.Received:
			c.note(r, mark)
		case passing(status):
			r.loose = append(r.loose, mark)
		case !c.notNow(status):
			return c.wrong(true, "the answers of person %d: %d", r.number, status)
		}
		return true
	}
	taps := 1
	if dice.IntN(4) == 0 {
		taps = 2
	}
	fine := make([]bool, taps)
	var both sync.WaitGroup
	for i := range taps {
		both.Go(func() {
			var out struct{ Received bool }
			status, ok := c.insist("/answers", body, &out)
			fine[i] = ok && status == http.StatusOK && out.Received || c.wrong(ok, "the answers of person %d: %d", r.number, status)
		})
	}
	both.Wait()
	if slices.Contains(fine, false) {
		return false
	}
	c.note(r, mark)
	return true
}

// note writes down that answers were acknowledged: what was sent before them must not come back.
func (c *crowd) note(r *respondent, mark int) {
	if r.acked > 0 {
		c.replaced.Add(1)
	}
	r.acked, r.loose = mark, nil
	c.handed.Add(1)
}

// wrong says what must not be, unless it is that the crowd ran out of patience. It is false.
func (c *crowd) wrong(answered bool, format string, args ...any) bool {
	if answered && c.give.Err() == nil {
		if !c.failed.Swap(true) { // one such answer tells it all
			c.t.Errorf(format, args...)
		}
		c.ending.Store(true)
	}
	return false
}

// insist posts until the server says yes or, for good, no, as the script of the pages does; its pauses are shorter here. It is
// false when the crowd ran out of patience.
func (c *crowd) insist(path string, body, out any) (status int, ok bool) {
	for try := 1; ; try++ {
		status = c.post(path, body, out)
		if c.give.Err() != nil {
			return 0, false
		}
		if !passing(status) && !c.notNow(status) {
			return status, true
		}
		select {
		case <-c.give.Done():
		case <-time.After(time.Duration(10<<min(try, 5)) * time.Millisecond * time.Duration(50+rand.IntN(50)) / 100):
		}
	}
}

// passing tells whether the pages would try again.
func passing(status int) bool {
	return status == 0 || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500
}

// notNow tells whether the wave takes nothing now, where it will again.
func (c *crowd) notNow(status int) bool {
	return c.later && (status == http.StatusGone || status == http.StatusConflict)
}

// post sends one request, and reads what the server says when it says yes; status 0 is that no whole answer came.
func (c *crowd) post(path string, body, out any) (status int) {
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Error(err)
		return 0
	}
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.saw[status]++
	}()
	r, err := http.NewRequestWithContext(c.give, http.MethodPost, c.base+path+"?lang=nl", bytes.NewReader(raw))
	if err != nil {
		c.t.Error(err)
		return 0
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(r)
	if err != nil {
		return 0
	}
	text, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode == http.StatusOK && json.Unmarshal(text, out) != nil {
		return 0
	}
	return res.StatusCode
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
