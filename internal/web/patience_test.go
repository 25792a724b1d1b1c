package web

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// impatient is a server with patience for 400 ms, more than a busy machine takes between two bytes, really listening.
func impatient(t *testing.T, routes ...Route) string {
	t.Helper()
	p := newPlace(t)
	p.reading = 400 * time.Millisecond
	p.add(routes...)
	p.Mount("GET /mounted/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "asset") }))
	p.Mount("POST /mounted/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusRequestTimeout)
		}
	}))
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return server.URL
}

// fetch gets an address and returns its body.
func fetch(t *testing.T, address string) (string, error) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(res.Body)
	return string(body), errors.Join(err, res.Body.Close())
}

func TestConnectionServesLaterRequestsAsTheFirst(t *testing.T) {
	t.Parallel()
	base := impatient(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	answers := bufio.NewReader(conn)
	for _, target := range []string{"/", "/mounted/x", "/mounted/y", "/"} {
		if _, err := io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatalf("%s on a connection that served a page before: %v", target, err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d, %v", target, res.StatusCode, err)
		}
		time.Sleep(time.Second) // longer than the time that a page has
	}
}

func TestSlowAnswerIsNotTakenForALostConnection(t *testing.T) {
	t.Parallel()
	slowly := func(w http.ResponseWriter, r *Request) error {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return err
		}
		select {
		case <-r.Context().Done():
			return r.Context().Err()
		case <-time.After(time.Second):
			return r.Send(w, 0, "text/plain", []byte("ready"))
		}
	}
	base := impatient(t, Route{Pattern: "GET /slow", Public: true, Slow: true, Handle: slowly}, Route{Pattern: "POST /slow", Public: true, Slow: true, Handle: slowly})
	if body, err := fetch(t, base+"/slow"); err != nil || body != "ready" {
		t.Errorf("a download: %q, %v", body, err)
	}
	res, err := http.Post(base+"/slow", "text/plain", strings.NewReader("some text"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil || string(body) != "ready" {
		t.Errorf("an upload: %q, %v", body, err)
	}
}

// trickle sends a form of 20 bytes with a pause before each byte and returns the status line.
func trickle(t *testing.T, base, path string, pause time.Duration) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		time.Sleep(pause)
		if _, err := io.WriteString(conn, "a"); err != nil {
			break // the server has lost its patience
		}
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(io.LimitReader(conn, 30)) // what came before the connection ended
	line, _, _ := strings.Cut(string(answer), "\r\n")
	return line
}

func TestBodyMustComeInTimeAndASlowOneMustKeepComing(t *testing.T) {
	t.Parallel()
	base := impatient(t, Route{Pattern: "POST /upload", Public: true, Slow: true, Handle: take})
	if got := trickle(t, base, "/public", 0); got != "HTTP/1.1 303 See Other" {
		t.Errorf("a form at once: %q", got)
	}
	if got := trickle(t, base, "/public", 60*time.Millisecond); strings.Contains(got, "303") {
		t.Errorf("a form that trickles in is waited for: %q", got)
	}
	if got := trickle(t, base, "/upload", 10*time.Millisecond); got != "HTTP/1.1 303 See Other" {
		t.Errorf("a slow upload that keeps coming: %q", got)
	}
	if got := trickle(t, base, "/upload", 1500*time.Millisecond); strings.Contains(got, "303") {
		t.Errorf("an upload that makes no headway is waited for: %q", got)
	}
	if got := trickle(t, base, "/mounted/", 10*time.Millisecond); got != "HTTP/1.1 200 OK" {
		t.Errorf("a slow upload to a mounted handler: %q", got)
	}
	if got := trickle(t, base, "/mounted/", 1500*time.Millisecond); strings.Contains(got, "200") {
		t.Errorf("an upload to a mounted handler that makes no headway is waited for: %q", got)
	}
}
