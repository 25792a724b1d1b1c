package faulttest

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/testkit"
	"tekentafel/internal/testkit/process"
)

var seed = flag.Uint64("seed", 0, "the seed of the moments at which something is killed; 0 takes a new one")

// moments returns the generator of the moments of a test, and says how to have the same ones again.
func moments(t *testing.T) *rand.Rand {
	t.Helper()
	s := *seed
	if s == 0 {
		s = rand.Uint64()
	}
	t.Logf("seed %d; repeat with -seed %d", s, s)
	return rand.New(rand.NewPCG(s, 1))
}

// folder holds the program for all tests of a run.
var folder string

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if folder, err = os.MkdirTemp("", "tekentafel-faults-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// build makes the program as it is delivered, once.
var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "tekentafel")
	cmd := exec.Command("go", "build", "-trimpath", "-o", path, "tekentafel/cmd/tekentafel")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

// program is a running server.
type program struct {
	cmd   *exec.Cmd
	url   string
	said  *said
	ended chan struct{} // closed when the process is gone
	err   error         // how it ended, once it has
}

// said keeps what the program writes.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// port returns a port for a server of the test.
func port(t *testing.T) int {
	t.Helper()
	p, err := process.Port(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// launch starts the program at an installation without waiting for it.
func launch(t *testing.T, in *install, port int, more ...string) *program {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{url: fmt.Sprintf("http://127.0.0.1:%d", port), said: &said{}, ended: make(chan struct{})}
	args := append(append([]string{}, in.prefix...), path, "serve", "--data", in.dir, "--database", in.database,
		"--listen", fmt.Sprintf("127.0.0.1:%d", port), "--public-url", p.url, "--rate-per-minute", "0", "--shutdown-grace", "20s")
	args = append(args, more...)
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Env = append(os.Environ(), "TEKENTAFEL_KEY="+in.key)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() { p.kill() })
	return p
}

// start starts the program and waits until it is ready.
func start(t *testing.T, in *install, port int, more ...string) *program {
	t.Helper()
	p := launch(t, in, port, more...)
	eventually(t, 30*time.Second, "the server is ready", func() bool {
		select {
		case <-p.ended:
			t.Fatalf("the server ended: %v\n%s", p.err, p.said)
		default:
		}
		status, _ := get(p.url + "/readyz")
		return status == http.StatusOK
	})
	return p
}

// kill ends the process as kill -9 does.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// stop ends the process as an operator does and returns its exit code.
func (p *program) stop(t *testing.T) int {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	return p.exit(t)
}

// exit waits for the end of the process.
func (p *program) exit(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatalf("the server does not end\n%s", p.said)
	}
	return p.cmd.ProcessState.ExitCode()
}

// refused wants the program to end by itself, with a message that holds each text.
func (p *program) refused(t *testing.T, texts ...string) {
	t.Helper()
	if code := p.exit(t); code != 1 {
		t.Errorf("exit code %d", code)
	}
	message := p.said.String()
	if strings.Contains(message, "goroutine ") {
		t.Errorf("the program panicked:\n%s", message)
	}
	for _, text := range texts {
		if !strings.Contains(message, text) {
			t.Errorf("the message does not say %q:\n%s", text, message)
		}
	}
	t.Logf("said: %s", strings.TrimSpace(message))
}

// eventually waits until something holds.
func eventually(t *testing.T, patience time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// needRoot is Missing where mounts of one's own are not allowed.
func needRoot(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("unshare", "--mount", "--propagation", "private", "true").CombinedOutput(); err != nil {
		t.Skipf("this test mounts a file system of its own, for which it must be root with the right to (unshare: %v: %s)", err, out)
	}
	if _, err := exec.LookPath("nsenter"); err != nil {
		testkit.Missing(t, "nsenter is not installed; it is in the Debian package util-linux")
	}
}
