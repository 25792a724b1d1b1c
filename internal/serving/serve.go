package serving

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"time"

	"tekentafel/internal/clock"
)

// Config says where and how to serve.
type Config struct {
	Listen            string        // host:port for visitors
	Internal          string        // host:port for the monitoring, or ""
	CertFile, KeyFile string        // "" for plain HTTP
	Drain             time.Duration // between not being ready and accepting nothing more: as long as a balancer takes to see it
	Grace             time.Duration // for requests under way
}

// Work is what runs beside the requests and what is called while stopping, in the order of the fields. Any may be nil.
type Work struct {
	Closing    func()                // makes the node say that it is not ready
	Background func(context.Context) // works until its context ends, and returns when it has given everything back
	Close      func() error          // closes the store
}

// ErrForced says that a second signal ended the program before everything was done.
var ErrForced = errors.New("stopped at once, at the second signal")

const (
	headerFor   = 10 * time.Second
	readFor     = time.Minute
	writeFor    = 2 * time.Minute
	idleFor     = 2 * time.Minute
	headerBytes = 64 << 10
)

// Listeners are the open addresses of a server.
type Listeners struct {
	config           Config
	log              *slog.Logger
	public, internal net.Listener
	tls              *tls.Config
}

// Open opens the addresses, or takes those that systemd opened, and reads the certificate. The error says what to do.
func Open(ctx context.Context, c Config, log *slog.Logger) (_ *Listeners, err error) {
	l := &Listeners{config: c, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
		}
	}()
	if c.CertFile != "" {
		cert, err := loadCertificate(c.CertFile, c.KeyFile, log)
		if err != nil {
			return nil, err
		}
		l.tls = &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: suites(), GetCertificate: cert.get, NextProtos: []string{"h2", "http/1.1"}}
	}
	sockets, err := passed(os.Getenv, os.Unsetenv, openSocket)
	l.public, l.internal = sockets["public"], sockets["internal"]
	if err != nil {
		return nil, err
	}
	if l.public == nil {
		if l.public, err = listen(ctx, c.Listen, "listen"); err != nil {
			return nil, err
		}
	}
	if l.internal == nil && c.Internal != "" {
		l.internal, err = listen(ctx, c.Internal, "internal-listen")
	}
	return l, err
}

func listen(ctx context.Context, address, setting string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program listens on %s (%w); stop it, or choose another port with %s", address, err, setting)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this program may not listen on %s (%w); choose a port above 1023 with %s, or give it CAP_NET_BIND_SERVICE", address, err, setting)
	case err != nil:
		return nil, fmt.Errorf("this program cannot listen on %s: %w; check %s", address, err, setting)
	}
	return l, nil
}

// Close closes addresses that are not served.
func (l *Listeners) Close() error {
	var err error
	for _, one := range []net.Listener{l.public, l.internal} {
		if one != nil {
			err = errors.Join(err, one.Close())
		}
	}
	return err
}

// Address returns where visitors reach the server, with the port that was chosen for ":0".
func (l *Listeners) Address() net.Addr { return l.public.Addr() }

// InternalAddress is Address for the monitoring; nil without one.
func (l *Listeners) InternalAddress() net.Addr {
	if l.internal == nil {
		return nil
	}
	return l.internal.Addr()
}

// Serve answers requests until ctx ends and then stops as the package describes; hard, when it closes, ends everything at
// once with ErrForced. It returns early when an address fails. Public answers visitors, internal the monitoring.
func (l *Listeners) Serve(ctx context.Context, hard <-chan struct{}, public, internal http.Handler, w Work) error {
	visitors := newSeats(l.public, mostSeats)
	front := l.server(visitors.sparing(public))
	front.TLSConfig = l.tls
	front.ConnState = visitors.state
	back := l.server(internal)
	failed := make(chan error, 2)
	go func() {
		if l.tls != nil {
			failed <- front.ServeTLS(visitors, "", "")
			return
		}
		failed <- front.Serve(visitors)
	}()
	if l.internal != nil {
		go func() { failed <- back.Serve(l.internal) }()
	}
	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		if w.Background != nil {
			w.Background(working)
		}
	}()
	l.tell(ctx, "READY=1")
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-failed:
		cause = fmt.Errorf("an address failed: %w", cause)
	}
	after := context.WithoutCancel(ctx)
	l.tell(after, "STOPPING=1")
	stopped := make(chan error, 1)
	go func() { stopped <- l.stop(after, front, back, w, stopWork, idle) }()
	select {
	case err := <-stopped:
		return errors.Join(cause, err)
	case <-hard:
		return errors.Join(cause, ErrForced, front.Close(), back.Close())
	}
}

// stop ends everything in the order in which nothing is lost. The monitoring is answered for as long as possible.
func (l *Listeners) stop(ctx context.Context, front, back *http.Server, w Work, stopWork func(), idle <-chan struct{}) error {
	if w.Closing != nil {
		w.Closing()
	}
	l.log.InfoContext(ctx, "stopping", "drain", l.config.Drain, "grace", l.config.Grace)
	if err := clock.Wait(ctx, l.config.Drain); err != nil {
		return err
	}
	grace, done := context.WithTimeout(ctx, l.config.Grace)
	defer done()
	err := front.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		l.log.WarnContext(ctx, "requests were cut off at the end of the grace; give more with shutdown-grace")
		err = front.Close()
	}
	stopWork()
	<-idle
	err = errors.Join(err, back.Close())
	if w.Close != nil {
		err = errors.Join(err, w.Close())
	}
	l.log.InfoContext(ctx, "stopped")
	return err
}

func (l *Listeners) tell(ctx context.Context, state string) {
	if err := Notify(ctx, state); err != nil {
		l.log.WarnContext(ctx, "systemd was not told", "error", err.Error())
	}
}

// server bounds what one connection may cost. The routes move the deadlines of a request where they must (internal/web).
func (l *Listeners) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerFor, ReadTimeout: readFor, WriteTimeout: writeFor, IdleTimeout: idleFor,
		MaxHeaderBytes: headerBytes, ErrorLog: log.New(&anonymous{l.log}, "", 0),
	}
}

// anonymous takes what net/http says of connections and leaves out the addresses of visitors.
type anonymous struct{ log *slog.Logger }

var address = regexp.MustCompile(`(\[[0-9a-fA-F:.%a-z]+\]|[0-9]+(\.[0-9]+){3}):[0-9]+`)

func (a *anonymous) Write(b []byte) (int, error) {
	a.log.Debug("a connection failed", "error", strings.TrimSpace(address.ReplaceAllString(string(b), "(address)")))
	return len(b), nil
}
