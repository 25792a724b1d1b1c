package node

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/testkit"
)

// patience is how long a server may take to carry out an order.
const patience = 30 * time.Second

// Process is a running program. It is safe for concurrent use.
type Process struct {
	t     testing.TB
	name  string
	cmd   *exec.Cmd
	stdin io.WriteCloser
	log   lockedBuffer

	mu     sync.Mutex
	answer chan []byte // a line of standard output; closed at its end
}

// Start runs a program of this folder, which needs an npm package, as Run does. Where the package is not installed the test is
// skipped, or fails where every test must run.
func Start(t testing.TB, program, npmPackage string) *Process {
	t.Helper()
	File(t, npmPackage, "package.json")
	return Run(t, filepath.Join(dir(), program))
}

// Run runs a program, which serves orders as control.js does, until the test ends. Where Node.js is not installed the test is
// skipped, or fails where every test must run. What the program printed is in the log of a test that fails.
func Run(t testing.TB, program string) *Process {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		testkit.Missing(t, "Node.js is not installed: run scripts/setup")
	}
	p := &Process{t: t, name: filepath.Base(program), answer: make(chan []byte)}
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), path, program) //nolint:gosec // a program of the repository
	p.cmd.Stderr = &p.log
	p.cmd.Env = append(os.Environ(), "NODE_ENV=test", "NODE_OPTIONS=", "NODE_EXTRA_CA_CERTS=")
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C ends the test, and the end of the test ends this
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	go p.read(stdout)
	t.Cleanup(p.end)
	return p
}

// read passes on the answers.
func (p *Process) read(from io.Reader) {
	defer close(p.answer)
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		p.answer <- line
	}
}

// end ends the program.
func (p *Process) end() {
	_ = p.stdin.Close()
	kill := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	for range p.answer { // nothing may keep it from ending
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("%s: %v", p.name, err)
	}
	if text := p.log.String(); p.t.Failed() && text != "" {
		p.t.Logf("%s printed:\n%s", p.name, text)
	}
}

// Do has the program carry out an order and returns its answer, or fails the test. Call it from the test's goroutine.
func Do[T any](p *Process, order string, with any) T {
	p.t.Helper()
	out, err := do[T](p, order, with)
	if err != nil {
		p.t.Fatalf("%s: %s: %v\n%s", p.name, order, err, p.log.String())
	}
	return out
}

func do[T any](p *Process, order string, with any) (T, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out struct {
		Value T
		Error string
	}
	line, err := json.Marshal(map[string]any{"do": order, "with": with})
	if err != nil {
		return out.Value, fmt.Errorf("write the order: %w", err)
	}
	if _, err := p.stdin.Write(append(line, '\n')); err != nil {
		return out.Value, fmt.Errorf("give the order: %w", err)
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case line, open := <-p.answer:
		if !open {
			return out.Value, errors.New("the program ended")
		}
		if err := json.Unmarshal(line, &out); err != nil {
			return out.Value, fmt.Errorf("read the answer %q: %w", line, err)
		}
	case <-late.C:
		return out.Value, fmt.Errorf("no answer after %v", patience)
	}
	if out.Error != "" {
		return out.Value, errors.New(out.Error)
	}
	return out.Value, nil
}

// lockedBuffer is a buffer for two goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
