package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/testkit/taken"
)

// process is a server that runs beside us.
type process struct {
	cmd     *exec.Cmd
	said    strings.Builder
	address string
	ended   chan struct{}
	err     error
}

// start starts the server of the product on the store.
func (g *ground) start(ctx context.Context) (*process, error) {
	return begin(ctx, g.pagePath(), func(address string) (*exec.Cmd, error) {
		cmd := exec.Command(program(), "serve", "--data", g.data, "--listen", address, "--public-url", "http://"+address, "--log-level", "error") //nolint:gosec,noctx // the product; it is ended by end
		cmd.Env = append(os.Environ(), "TEKENTAFEL_DATABASE="+g.database, "TEKENTAFEL_KEY="+g.boxKey)
		return cmd, nil
	})
}

// program is the server of the product.
func program() string {
	if path := os.Getenv("BENCH_PROGRAM"); path != "" {
		return path
	}
	return filepath.Join("bin", "tekentafel")
}

// self is this program in a role, with the address to listen on and more arguments.
func self(role string, args ...string) func(address string) (*exec.Cmd, error) {
	return func(address string) (*exec.Cmd, error) {
		path, err := os.Executable()
		return exec.Command(path, append([]string{role, address}, args...)...), err //nolint:gosec,noctx // ourselves; it is ended by end
	}
}

// begin starts a program that listens on an address, and waits until a path answers.
func begin(ctx context.Context, path string, command func(address string) (*exec.Cmd, error)) (*process, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	cmd, err := command(address)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, address: address, ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	client := &http.Client{Timeout: 2 * time.Second}
	defer client.CloseIdleConnections()
	for range 1000 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, nil) //nolint:gosec // a server that was started here
		if err != nil {
			return nil, err
		}
		if res, err := client.Do(r); err == nil { //nolint:gosec // as above
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p, nil
			}
		}
		select {
		case <-p.ended:
			return nil, fmt.Errorf("the server ended: %w", p.end())
		default:
		}
		if err := clock.Wait(ctx, 10*time.Millisecond); err != nil {
			return nil, errors.Join(err, p.end())
		}
	}
	return nil, errors.Join(errors.New("the server is not ready"), p.end())
}

// end stops the process.
func (p *process) end() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	<-p.ended
	if p.err != nil {
		return fmt.Errorf("%w\n%s", p.err, p.said.String())
	}
	return nil
}

// peak returns the largest resident memory so far, in bytes.
func (p *process) peak() (int64, error) { return taken.Peak(p.cmd.Process.Pid) }

// cpu returns the processor time that the process has taken.
func (p *process) cpu() time.Duration { return taken.CPU(p.cmd.Process.Pid) }
