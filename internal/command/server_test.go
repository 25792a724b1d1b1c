package command

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tekentafel/internal/seal"
	"tekentafel/internal/testkit/pgtest"
)

// screen is what a program writes while it runs.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// wait returns what a pattern finds on the screen, or ends the test.
func (s *screen) wait(t *testing.T, pattern string) string {
	t.Helper()
	find := regexp.MustCompile(pattern)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if m := find.FindStringSubmatch(s.String()); m != nil {
			return m[len(m)-1]
		}
	}
	t.Fatalf("%q never came:\n%s", pattern, s)
	return ""
}

// running is a server that was started by a command line.
type running struct {
	out, err *screen
	stop     func() int // ends it and returns the exit code
}

func start(t *testing.T, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := running{out: &screen{}, err: &screen{}}
	code := make(chan int, 1)
	go func() { code <- Run(ctx, args, Streams{In: strings.NewReader(""), Out: r.out, Err: r.err}) }()
	var once sync.Once
	ended := 0
	r.stop = func() int {
		once.Do(func() { cancel(); ended = <-code })
		return ended
	}
	t.Cleanup(func() { r.stop() })
	return r
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second}
}

// read asks for a page, or posts a form when there is one.
func read(t *testing.T, c *http.Client, address string, form url.Values) (status int, body string) {
	t.Helper()
	var res *http.Response
	var err error
	if form == nil {
		res, err = c.Get(address)
	} else {
		res, err = c.PostForm(address, form)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(all)
}

func TestDemoShowsTheCityToEachRole(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, again := range []bool{false, true} {
		r := start(t, "demo", "--data", data, "--listen", "127.0.0.1:0")
		address := r.out.wait(t, `(http://127\.0\.0\.1:\d+)[\s\S]*Press Ctrl-C`)
		c := browser(t)
		status, page := read(t, c, address+"/sign-in", nil)
		for _, want := range []string{"Stad Voorbeeld", "HR-expert", "Functionaris voor gegevensbescherming", "verzonnen"} {
			if status != http.StatusOK || !strings.Contains(page, want) {
				t.Errorf("again %v: the sign-in page (%d) does not say %q", again, status, want)
			}
		}
		account := regexp.MustCompile(`name="account" value="([^"]+)"`).FindStringSubmatch(page)
		if account == nil {
			t.Fatal("nobody can come in")
		}
		if status, page = read(t, c, address+"/demo/sign-in", url.Values{"account": {account[1]}}); status != http.StatusOK || !strings.Contains(page, "Hilde Maes") {
			t.Errorf("again %v: %d, HR is not at home", again, status)
		}
		if status, page = read(t, c, address+"/reports", nil); status != http.StatusOK || strings.Count(page, "GenAI-monitor voorjaar 2026") != 1 {
			t.Errorf("again %v: %d, the report is not there once", again, status)
		}
		if code := r.stop(); code != ExitOK {
			t.Errorf("exit code %d\n%s", code, r.err)
		}
	}
}

func TestDemoListensOnThisMachineAlone(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	code := Run(t.Context(), []string{"demo", "--data", t.TempDir(), "--listen", "0.0.0.0:8080"}, Streams{Out: io.Discard, Err: &out})
	if code != ExitUsage || !strings.Contains(out.String(), "this machine alone") {
		t.Errorf("%d: %s", code, out.String())
	}
}

// TestAnInstallationFromFirstStartToRestore starts a server, makes the first administrator, backs it up while it runs, and
// restores it on the other engine, where the administrator signs in.
func TestAnInstallationFromFirstStartToRestore(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			key := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(key, []byte(seal.NewKey()+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			here, there := []string{"--key-file", key, "--data", t.TempDir()}, []string{"--key-file", key, "--data", t.TempDir()}
			if engine == "postgres" {
				here = append(here, "--database", pgtest.New(t))
			} else {
				there = append(there, "--database", pgtest.New(t))
			}
			password := "kasseien en regenjassen 48"
			first := serve(t, here)
			link := first.out.wait(t, `(http://\S+/welcome/\S+)`)
			c := browser(t)
			status, page := read(t, c, link, url.Values{"organisation.name": {"Stad Proef"}, "organisation.slug": {"proef"}, "organisation.languages": {"nl", "fr"},
				"name": {"Ada Admin"}, "mail": {"ada@proef.example"}, "password": {password}})
			if status != http.StatusOK {
				t.Fatalf("the first administrator is refused: %d %s", status, page)
			}
			if status, _ := read(t, browser(t), link, nil); status != http.StatusGone {
				t.Errorf("the link works twice: %d", status)
			}
			file := filepath.Join(t.TempDir(), "backup")
			for _, args := range [][]string{append([]string{"backup", "--out", file}, here...), append([]string{"verify-backup", file}, here...)} {
				var said bytes.Buffer
				if code := Run(t.Context(), args, Streams{Out: &said, Err: &said}); code != ExitOK {
					t.Fatalf("%v: %d %s", args, code, said.String())
				}
			}
			if code := first.stop(); code != ExitOK {
				t.Fatalf("exit code %d\n%s", code, first.err)
			}
			var said bytes.Buffer
			if code := Run(t.Context(), append([]string{"restore", file}, there...), Streams{Out: &said, Err: &said}); code != ExitOK {
				t.Fatalf("restore: %d %s", code, said.String())
			}
			second := serve(t, there)
			address := second.out.wait(t, `Tekentafel serves (http://\S+)`)
			if strings.Contains(second.out.String(), "/welcome/") {
				t.Error("the restored installation asks for a first administrator")
			}
			status, page = read(t, browser(t), address+"/o/proef/sign-in", url.Values{"mail": {"ada@proef.example"}, "password": {password}})
			if status != http.StatusOK || strings.Contains(page, "error-summary") {
				t.Errorf("the administrator cannot sign in after the restore: %d", status)
			}
		})
	}
}

// serve starts a server on a free port.
func serve(t *testing.T, where []string) running {
	t.Helper()
	listen, err := freePort(t.Context(), "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	return start(t, append([]string{"serve", "--listen", listen, "--public-url", "http://" + listen, "--log-level", "warn"}, where...)...)
}
