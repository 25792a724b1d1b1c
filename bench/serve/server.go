package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a process that serves.
type server struct {
	cmd     *exec.Cmd
	said    *os.File // what it writes, its log among it
	address string
	url     string
	ended   chan struct{}
	err     error
}

// begin starts the product and returns how long it took to be ready.
func begin(ctx context.Context, args ...string) (*server, time.Duration, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, 0, err
	}
	args = append([]string{"serve", "--listen", address, "--public-url", "http://" + address, "--rate-per-minute", "0"}, args...)
	return launch(ctx, address, "/readyz", product, args...)
}

// launch starts a process and waits until a path of it answers 200.
func launch(ctx context.Context, address, path, program string, args ...string) (*server, time.Duration, error) {
	said, err := os.CreateTemp("", "said-")
	if err != nil {
		return nil, 0, err
	}
	s := &server{cmd: exec.Command(program, args...), said: said, address: address, url: "http://" + address, ended: make(chan struct{})} //nolint:gosec // our own programs
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	s.cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, 0, err
	}
	go func() {
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	client := &http.Client{Timeout: time.Second}
	for time.Since(began) < 30*time.Second && ctx.Err() == nil {
		res, err := client.Get(s.url + path)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return s, time.Since(began), nil
			}
		}
		select {
		case <-s.ended:
			return nil, 0, fmt.Errorf("%s %v: %w", program, args, s.end())
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil, 0, errors.Join(errors.New("the server is not ready"), ctx.Err(), s.end())
}

// end stops the process.
func (s *server) end() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	text, err := os.ReadFile(s.said.Name())
	err = errors.Join(err, s.said.Close(), os.Remove(s.said.Name()))
	if s.err != nil {
		return fmt.Errorf("%w\n%s", s.err, text[max(0, len(text)-4000):])
	}
	return err
}

// memory returns the resident memory of the process in bytes.
func (s *server) memory() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	found := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(b)
	if found == nil {
		return 0, errors.New("the kernel does not say how much memory the server takes")
	}
	kB, err := strconv.ParseInt(string(found[1]), 10, 64)
	return kB << 10, err
}

// cpu returns the processor time that the process has taken, to 10 ms.
func (s *server) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	var ticks int64
	for _, i := range []int{11, 12} { // utime and stime, proc(5)
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// session is somebody who is signed in: the cookie of their browser.
type session string

// prepare makes the city of the demonstration in a data folder and signs in as each of its people.
func prepare(ctx context.Context, data string) ([]session, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s, _, err := launch(ctx, address, "/readyz", product, "demo", "--data", data, "--listen", address)
	if err != nil {
		return nil, err
	}
	sessions, err := s.signIn(ctx)
	return sessions, errors.Join(err, s.end())
}

var accountField = regexp.MustCompile(`name="account" value="([^"]+)"`)

// signIn waits for the people of the city and their report, and enters as each of them.
func (s *server) signIn(ctx context.Context) ([]session, error) {
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for try := 0; try < 600 && ctx.Err() == nil; try++ {
		if people := accountField.FindAllStringSubmatch(read(client, s.url+"/sign-in", ""), -1); len(people) >= 7 {
			var out []session
			for _, p := range people {
				res, err := client.PostForm(s.url+"/demo/sign-in", url.Values{"account": {p[1]}})
				if err != nil {
					return nil, err
				}
				_ = res.Body.Close()
				for _, c := range res.Cookies() {
					if c.Value != "" && strings.HasSuffix(c.Name, "tt_session") {
						out = append(out, session(c.Name+"="+c.Value))
					}
				}
			}
			for ; try < 600 && ctx.Err() == nil; try++ { // until an employee sees the report
				if reportPath.MatchString(read(client, s.url+"/reports", out[1])) {
					return out, nil
				}
				time.Sleep(50 * time.Millisecond)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.Join(errors.New("the demonstration has no report"), ctx.Err())
}

var reportPath = regexp.MustCompile(`href="(/reports/[0-9a-z]{26})"`)

// read returns a page, "" when there is none.
func read(client *http.Client, address string, as session) string {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return ""
	}
	r.Header.Set("Cookie", string(as))
	res, err := client.Do(r)
	if err != nil {
		return ""
	}
	defer res.Body.Close() //nolint:errcheck // only read from
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return ""
	}
	return string(b)
}
