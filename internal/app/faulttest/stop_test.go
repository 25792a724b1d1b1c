package faulttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/db"
)

// uploads are requests that the server has begun to read and cannot finish yet.
type uploads struct {
	bodies  []*io.PipeWriter
	answers chan error
}

// slowly sends n requests of which the server reads the body when this returns.
func slowly(t *testing.T, in *install, base string, n int) *uploads {
	t.Helper()
	u := &uploads{answers: make(chan error, n)}
	accepted := make(chan struct{}, n)
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Minute, DisableKeepAlives: true}}
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { accepted <- struct{}{} }})
	for i := range n {
		body, w := io.Pipe()
		u.bodies = append(u.bodies, w)
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/people", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+in.token)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", fmt.Sprintf("slow %d", i))
		r.Header.Set("Expect", "100-continue")
		go func() {
			res, err := client.Do(r)
			if err != nil {
				u.answers <- err
				return
			}
			text, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err == nil && res.StatusCode != http.StatusCreated {
				err = fmt.Errorf("%s: %s", res.Status, text)
			}
			u.answers <- err
		}()
	}
	for range n {
		select {
		case <-accepted:
		case err := <-u.answers:
			t.Fatalf("a request was not accepted: %v", err)
		case <-time.After(10 * time.Second):
			t.Fatal("the server does not begin to read")
		}
	}
	return u
}

// complete sends the rest of each request.
func (u *uploads) complete(t *testing.T) {
	t.Helper()
	for i, w := range u.bodies {
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(map[string]any{"name": fmt.Sprintf("slow %d", i), "mail": fmt.Sprintf("slow%d@voorbeeld.example", i)}); err != nil {
			t.Fatal(err)
		}
		go func() {
			_, _ = b.WriteTo(w) // what comes of it is in the answer
			_ = w.Close()
		}()
	}
	for range u.bodies {
		if err := <-u.answers; err != nil {
			t.Errorf("a request that was under way was cut: %v", err)
		}
	}
}

func TestStoppingServerFinishesWhatItAcceptedAndGivesJobsBack(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, in *install) {
		at := port(t)
		p := start(t, in, at)
		l := begin(t, in, p.url)
		l.wait(200 * time.Millisecond)
		for i := range 4 {
			var out struct{ ID string }
			title := fmt.Sprintf("large %d", i)
			if !l.change(http.MethodPost, "/reports", title, map[string]any{"answers": in.large, "title": title, "wave": "w"}, &out, http.StatusAccepted) {
				t.Fatal("no report was begun")
			}
			l.note(func() { l.made[title] = out.ID }, "report.made", out.ID)
		}
		u := slowly(t, in, p.url, 8)
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		eventually(t, 10*time.Second, "the server accepts nothing more", func() bool {
			status, _ := get(p.url + "/healthz")
			return status == 0
		})
		u.complete(t)
		if code := p.exit(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, p.said)
		}
		if running := count(t, in.database, `SELECT COUNT(*) FROM jobs WHERE state = 'running'`); running != 0 {
			t.Errorf("%d jobs were not given back", running)
		}
		if waiting := count(t, in.database, `SELECT COUNT(*) FROM jobs WHERE state = 'waiting'`); waiting == 0 {
			t.Error("no job was left to give back, so the stop proved nothing")
		}
		p = start(t, in, at)
		l.wait(100 * time.Millisecond)
		l.end()
		for i := range u.bodies { // as the client of a script would, to learn the id
			var out struct{ ID string }
			name := fmt.Sprintf("slow %d", i)
			if l.change(http.MethodPost, "/people", name, map[string]any{"name": name, "mail": fmt.Sprintf("slow%d@voorbeeld.example", i)}, &out, http.StatusCreated) {
				l.note(func() { l.accounts[name] = out.ID }, "account.added", out.ID)
			}
		}
		l.finished()
		if code := p.stop(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, p.said)
		}
		l.verify(in.database)
	})
}

// count asks a store for one number.
func count(t *testing.T, address, query string) (n int) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	d, err := db.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close() //nolint:errcheck // only read from
	if err := d.System().Row(ctx, query, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSecondServerOnADataFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := prepare(t, dir, dir+"/tekentafel.db")
	p := start(t, in, port(t))
	launch(t, in, port(t)).refused(t, "another Tekentafel uses the data folder "+dir, "stop it first")
	if status, _ := get(p.url + "/readyz"); status != http.StatusOK {
		t.Errorf("the first server answers %d", status)
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.said)
	}
}
