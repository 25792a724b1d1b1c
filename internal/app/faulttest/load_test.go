package faulttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// load is clients that change things until they are told to stop, and what was acknowledged to them.
type load struct {
	t       *testing.T
	in      *install
	base    string
	http    *http.Client
	ending  atomic.Bool
	running sync.WaitGroup
	give    context.Context // ends when the patience of the clients does
	gate    sync.RWMutex    // held by whoever wants no request under way

	mu       sync.Mutex
	accounts map[string]string // id by name
	links    map[string]string // id by note
	made     map[string]string // id of reports by title
	own      map[string]*owned // the report of each client, by id
	audit    map[entry]int
	saw      map[int]int    // answers by status; 0 is a connection that broke
	told     map[string]int // what answers above 499 said
}

// owned is a report as its client left it.
type owned struct {
	Title     string     `json:"title"`
	Version   int64      `json:"version"`
	Published *time.Time `json:"published"`
}

// entry is what a line of the log is counted by.
type entry struct{ action, subject string }

// patience is how long a change is tried again.
const patience = 90 * time.Second

// begin starts the clients on the server at base.
func begin(t *testing.T, in *install, base string) *load {
	t.Helper()
	l := &load{t: t, in: in, base: base, http: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: clients}},
		accounts: map[string]string{}, links: map[string]string{}, made: map[string]string{}, own: map[string]*owned{},
		audit: map[entry]int{}, saw: map[int]int{}, told: map[string]int{}}
	ctx, stop := context.WithTimeout(t.Context(), 2*patience)
	l.give = ctx
	t.Cleanup(func() {
		l.ending.Store(true)
		stop()
		l.running.Wait()
		l.http.CloseIdleConnections()
	})
	for i, r := range in.reports {
		mine := &owned{}
		if !l.change(http.MethodGet, "/reports/"+r, "", nil, mine, http.StatusOK) {
			t.Fatal("a report cannot be read")
		}
		l.own[r] = mine
		l.running.Go(func() { l.client(i, r, mine) })
	}
	return l
}

// end lets each client have its last change acknowledged, and returns when all have.
func (l *load) end() {
	l.t.Helper()
	l.ending.Store(true)
	l.running.Wait()
	if l.give.Err() != nil {
		l.t.Fatal("some changes were never acknowledged")
	}
	l.t.Logf("acknowledged: %d accounts, %d links, %d reports, %d other changes; answers by status (0: broken off) %v", len(l.accounts), len(l.links),
		len(l.made), l.others(), l.saw)
	if l.saw[http.StatusInternalServerError] > 0 {
		l.t.Errorf("%d answers were 500: %v", l.saw[http.StatusInternalServerError], l.told)
	}
}

func (l *load) others() int {
	n := 0
	for e, times := range l.audit {
		if e.action != "account.added" && e.action != "report.shared" && e.action != "report.made" {
			n += times
		}
	}
	return n
}

// acknowledged returns how many changes were acknowledged until now.
func (l *load) acknowledged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, times := range l.audit {
		n += times
	}
	return n
}

// statuses returns how many answers had a status until now, and a text of one.
func (l *load) statuses(status int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.saw[status]
}

// client makes one change after another.
func (l *load) client(i int, reportID string, mine *owned) {
	random := rand.New(rand.NewPCG(uint64(i), 7))
	for n := 0; !l.ending.Load() && l.give.Err() == nil; n++ {
		name := fmt.Sprintf("client %d change %d", i, n)
		switch k := random.IntN(20); {
		case k < 8:
			l.addAccount(i, n, name)
		case k < 13:
			l.addLink(reportID, name)
		case k < 17:
			l.rename(reportID, mine, name)
		case k < 19:
			l.publish(reportID, mine)
		default:
			l.makeReport(name)
		}
	}
}

func (l *load) addAccount(i, n int, name string) {
	var out struct{ ID string }
	body := map[string]any{"name": name, "mail": fmt.Sprintf("c%dn%d@voorbeeld.example", i, n), "language": "nl"}
	if l.change(http.MethodPost, "/people", name, body, &out, http.StatusCreated) {
		l.note(func() { l.accounts[name] = out.ID }, "account.added", out.ID)
	}
}

func (l *load) addLink(reportID, note string) {
	var out struct{ ID string }
	if l.change(http.MethodPost, "/reports/"+reportID+"/links", note, map[string]any{"note": note, "days": 7}, &out, http.StatusCreated) {
		l.note(func() { l.links[note] = out.ID }, "report.shared", reportID)
	}
}

func (l *load) makeReport(title string) {
	var out struct{ ID string }
	if l.change(http.MethodPost, "/reports", title, map[string]any{"answers": l.in.source, "title": title, "wave": "w", "by": []string{"none"}}, &out, http.StatusAccepted) {
		l.note(func() { l.made[title] = out.ID }, "report.made", out.ID)
	}
}

// rename has no key: the version tells whether it was done before. After a lost answer the report is read.
func (l *load) rename(reportID string, mine *owned, title string) {
	var out owned
	if l.change(http.MethodPut, "/reports/"+reportID+"/title", "", map[string]any{"title": title, "version": mine.Version}, &out, http.StatusOK, http.StatusConflict) {
		if out.Version == 0 && !l.change(http.MethodGet, "/reports/"+reportID, "", nil, &out, http.StatusOK) {
			return
		}
		if out.Title != title || out.Version != mine.Version+1 {
			l.t.Errorf("version %d, renamed to %q, is now %+v", mine.Version, title, out)
		}
		l.note(func() { *mine = out }, "report.renamed", reportID)
	}
}

// publish may be asked for again: what is published is published.
func (l *load) publish(reportID string, mine *owned) {
	method, action := http.MethodPut, "report.published"
	if mine.Published != nil {
		method, action = http.MethodDelete, "report.withdrawn"
	}
	if !l.change(method, "/reports/"+reportID+"/published", "", nil, nil, http.StatusOK, http.StatusNoContent) {
		return
	}
	var out owned
	if l.change(http.MethodGet, "/reports/"+reportID, "", nil, &out, http.StatusOK) {
		if (out.Published == nil) == (mine.Published == nil) || out.Version != mine.Version+1 {
			l.t.Errorf("%s: %+v became %+v", action, *mine, out)
		}
		l.note(func() { *mine = out }, action, reportID)
	}
}

// note writes an acknowledged change down.
func (l *load) note(keep func(), action, subject string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	keep()
	l.audit[entry{action, subject}]++
}

// change asks for something until it is acknowledged with one of the statuses, and reads the answer into out. It is false
// when the clients have run out of patience.
func (l *load) change(method, path, key string, body, out any, want ...int) bool {
	var raw []byte
	if body != nil {
		raw, _ = json.Marshal(body) // plain maps
	}
	for try := 0; ; try++ {
		status, text := l.ask(method, path, key, raw)
		if l.give.Err() != nil {
			return false
		}
		if slices.Contains(want, status) && (status != http.StatusConflict || try > 0) {
			if out == nil || status == http.StatusConflict {
				return true
			}
			if err := json.Unmarshal(text, out); err != nil {
				l.t.Errorf("%s %s: %d with %.300s: %v", method, path, status, text, err)
				return false
			}
			return true
		}
		if status != 0 && status < 500 {
			l.t.Errorf("%s %s: %d: %.300s", method, path, status, text)
			l.ending.Store(true) // one such answer tells it all
			return false
		}
		select {
		case <-l.give.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// ask sends one request; status 0 is a connection that was refused or broke.
func (l *load) ask(method, path, key string, body []byte) (int, []byte) {
	l.gate.RLock()
	defer l.gate.RUnlock()
	r, err := http.NewRequestWithContext(l.give, method, l.base+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		l.t.Error(err)
		return 0, nil
	}
	r.Header.Set("Authorization", "Bearer "+l.in.token)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	status, text := 0, []byte(nil)
	res, err := l.http.Do(r)
	if err == nil {
		text, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err == nil {
			status = res.StatusCode
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.saw[status]++
	if status >= 500 {
		l.told[fmt.Sprintf("%d %s", status, detail(text))]++
	}
	return status, text
}

// detail returns what an answer says to people.
func detail(answer []byte) string {
	var p struct{ Detail string }
	if json.Unmarshal(answer, &p) != nil {
		return string(answer)
	}
	return p.Detail
}

// get reads an address without a session; status 0 is a connection that was refused or broke.
func get(address string) (status int, body string) {
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, ""
	}
	r.Header.Set("Accept-Language", "en")
	res, err := client.Do(r)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(text)
}
