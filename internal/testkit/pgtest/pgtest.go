package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"tekentafel/internal/testkit"
)

// Variable names the environment variable with the address of a server whose user may create databases.
const Variable = "TEST_DATABASE_URL"

// shared starts, once, the server of this process; it ends with the process. It is kept, because the janitor takes the
// server for abandoned once the collector closes the pipe between them.
var shared = sync.OnceValues(func() (*Server, error) { return Launch(context.Background(), false) })

// server returns the address of the server in which New makes databases.
func server() (string, error) {
	if address := os.Getenv(Variable); address != "" {
		return address, nil
	}
	s, err := shared()
	if err != nil {
		return "", err
	}
	return s.URL(), nil
}

// New returns the URL of a fresh, empty database of the test's own, which goes when the test ends, also while it is in
// use. Where there is no PostgreSQL the test is skipped, or fails where every test must run.
func New(t testing.TB) string {
	t.Helper()
	address, err := server()
	if errors.Is(err, errNotInstalled) {
		testkit.Missing(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		t.Fatalf("%s is not an address like postgres://user@host:port/name", Variable)
	}
	name := "test_" + strings.ToLower(rand.Text())
	order(t, address, `CREATE DATABASE `+name+` TEMPLATE template0`)
	t.Cleanup(func() { order(t, address, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	u.Path = "/" + name
	return u.String()
}

// order carries out a statement in the database at address.
func order(t testing.TB, address, statement string) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer stop()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatalf("the PostgreSQL server of the tests does not answer: %v", err)
	}
	_, err = conn.Exec(ctx, statement)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Cluster is a server of one test, for tests of what happens when it falters. It is durable: what it acknowledged
// survives Kill. Call it from the test's own goroutine; what fails ends the test.
type Cluster struct {
	t testing.TB
	s *Server
}

// NewCluster starts a server that ends with the test. Where there is no PostgreSQL the test is skipped, or fails where
// every test must run.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	s, err := Launch(t.Context(), true)
	if errors.Is(err, errNotInstalled) {
		testkit.Missing(t, err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return &Cluster{t: t, s: s}
}

// URL returns the address of an empty database, the same after every start.
func (c *Cluster) URL() string { return c.s.URL() }

// Start starts the server again and returns when it answers; nothing on a running one.
func (c *Cluster) Start() { c.t.Helper(); c.do("start", c.s.Start) }

// Stop shuts the server down in order: connections are closed, all is written; nothing on one that is down.
func (c *Cluster) Stop() { c.t.Helper(); c.do("stop", c.s.Stop) }

// Kill ends all processes of the server as kill -9 does; nothing on one that is down.
func (c *Cluster) Kill() { c.t.Helper(); c.do("kill", c.s.Kill) }

func (c *Cluster) do(what string, step func(context.Context) error) {
	c.t.Helper()
	if err := step(c.t.Context()); err != nil {
		c.t.Fatal(fmt.Errorf("%s the server of the test: %w", what, err))
	}
}
