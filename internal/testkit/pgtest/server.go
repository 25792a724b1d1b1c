package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"tekentafel/internal/testkit/process"
)

// Server is a PostgreSQL server in a temporary folder, on a port of the loopback address. Its methods are not safe for
// concurrent use.
type Server struct {
	bin, dir string
	as       *syscall.Credential
	port     int
	janitor  *process.Janitor

	run   *exec.Cmd
	ended chan struct{} // closed when run has ended
}

// patience is how long a server may take to start or to stop.
const patience = 60 * time.Second

// superuser is the user of every server, who needs no password.
const superuser = "tekentafel"

// settings keep many small servers light. The last ones make a server fast that need not survive anything.
const (
	settings = `
unix_socket_directories = ''
listen_addresses = '127.0.0.1'
max_connections = 400
shared_buffers = 32MB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
autovacuum_naptime = 10min
timezone = 'UTC'
log_timezone = 'UTC'
`
	fast = `
fsync = off
synchronous_commit = off
full_page_writes = off
`
)

// Launch makes and starts a server. One that is durable writes to disk what it acknowledges, as in use; another forgoes
// that for speed. The server ends with this process at the latest. Where PostgreSQL is not installed the error says how
// to mend that.
func Launch(ctx context.Context, durable bool) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	as, err := account()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tekentafel-postgres-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	s := &Server{bin: bin, dir: dir, as: as}
	if s.janitor, err = process.Watch(ctx, dir, s.pidFile()); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.initialise(ctx, durable); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	for try := 0; ; try++ {
		if s.port, err = process.Port(ctx); err != nil {
			break
		}
		if err = s.Start(ctx); err == nil {
			return s, nil
		}
		if try == 5 || !strings.Contains(err.Error(), "could not bind") {
			break
		}
	}
	return nil, errors.Join(err, s.Close(ctx))
}

func (s *Server) data() string    { return filepath.Join(s.dir, "data") }
func (s *Server) log() string     { return filepath.Join(s.dir, "log") }
func (s *Server) pidFile() string { return filepath.Join(s.data(), "postmaster.pid") }

// initialise makes the data folder.
func (s *Server) initialise(ctx context.Context, durable bool) error {
	if s.as != nil {
		if err := os.Chown(s.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			return fmt.Errorf("give the folder of PostgreSQL to its user: %w", err)
		}
	}
	cmd := s.command(ctx, "initdb", "--pgdata", s.data(), "--auth", "trust", "--username", superuser,
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s: %w\n%sthe folders above it must be open to user id %s", s.dir, err, out, s.userID())
	}
	conf := settings
	if !durable {
		conf += fast
	}
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("settings of PostgreSQL: %w", err)
	}
	_, err = f.WriteString(conf)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("settings of PostgreSQL: %w", err)
	}
	return nil
}

func (s *Server) userID() string {
	if s.as == nil {
		return fmt.Sprint(os.Geteuid())
	}
	return fmt.Sprint(s.as.Uid)
}

// command is a program of PostgreSQL, run as the server's user, deaf to Ctrl-C.
func (s *Server) command(ctx context.Context, name string, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, name), arguments...) //nolint:gosec // the installed PostgreSQL
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+s.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.as}
	return cmd
}

// Start starts a server that is down, on its port, and returns when it answers. It does nothing on a running one.
func (s *Server) Start(ctx context.Context) error {
	if s.running() {
		return nil
	}
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("log of PostgreSQL: %w", err)
	}
	cmd := s.command(context.WithoutCancel(ctx), "postgres", "-D", s.data(), "-p", fmt.Sprint(s.port))
	cmd.Stdout, cmd.Stderr = log, log
	err = cmd.Start()
	if err = errors.Join(err, log.Close()); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // how it ended stands in its log
	}()
	s.run, s.ended = cmd, ended
	return s.ready(ctx)
}

// ready waits until the server answers.
func (s *Server) ready(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.ended:
			return fmt.Errorf("PostgreSQL does not start:\n%s", s.logged())
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, s.logged())
		case <-again.C:
		}
	}
}

// logged returns what the server wrote since its last start.
func (s *Server) logged() string {
	text, err := os.ReadFile(s.log())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (s *Server) running() bool {
	if s.run == nil {
		return false
	}
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// URL returns the address of the server's own database, the same after every start.
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/postgres?sslmode=disable", superuser, s.port)
}

// Stop shuts the server down as an administrator would: open transactions are rolled back, connections closed, all is
// written. It does nothing on one that is down.
func (s *Server) Stop(ctx context.Context) error { return s.end(ctx, syscall.SIGINT) }

// Kill ends the server and all its processes at once, as kill -9 does: nothing more is written, and the next Start
// recovers from the log. It does nothing on one that is down.
func (s *Server) Kill(ctx context.Context) error {
	if !s.running() {
		return nil
	}
	// A stopped server starts no new process while the present ones are counted.
	server := s.run.Process.Pid
	if err := syscall.Kill(server, syscall.SIGSTOP); err != nil {
		return fmt.Errorf("kill PostgreSQL: %w", err)
	}
	others, err := children(server)
	if err = errors.Join(err, s.end(ctx, syscall.SIGKILL)); err != nil {
		return err
	}
	for _, pid := range others {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("kill process %d of PostgreSQL: %w", pid, err)
		}
	}
	for again := time.NewTicker(time.Millisecond); slices.ContainsFunc(others, alive); <-again.C {
		if ctx.Err() != nil {
			return fmt.Errorf("kill PostgreSQL: %w", ctx.Err())
		}
	}
	// The janitor must not take another process for the one that stood here.
	return os.Remove(s.pidFile())
}

func (s *Server) end(ctx context.Context, how syscall.Signal) error {
	if !s.running() {
		return nil
	}
	if err := s.run.Process.Signal(how); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	select {
	case <-s.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("PostgreSQL does not stop: %w\n%s", ctx.Err(), s.logged())
	}
}

// Close ends the server at once and removes its folder, also where ctx is done.
func (s *Server) Close(ctx context.Context) error {
	return errors.Join(s.end(context.WithoutCancel(ctx), syscall.SIGQUIT), s.janitor.Sweep())
}
