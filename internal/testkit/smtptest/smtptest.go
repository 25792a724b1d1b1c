// Package smtptest gives tests a real SMTP server with the faults that mail servers have.
package smtptest

import (
	"bytes"
	"crypto/x509"
	"net"
	"net/mail"
	"strconv"
	"testing"
	"time"

	"tekentafel/internal/testkit/node"
	"tekentafel/internal/testkit/process"
)

// TLS is how a server encrypts.
type TLS string

// The ways to encrypt.
const (
	StartTLS TLS = "starttls" // offered after the greeting (RFC 3207), and asked for before AUTH
	Implicit TLS = "implicit" // from the first byte (RFC 8314)
	None     TLS = "none"     // not at all, also not for AUTH
)

// Options describe a server.
type Options struct {
	// TLS is StartTLS where it is empty.
	TLS TLS
	// User and Password are asked for by AUTH PLAIN or LOGIN before mail is taken. Without a user there is no AUTH.
	User, Password string
}

// Behaviour is what a server does with the mail to come; the zero value takes all of it.
type Behaviour struct {
	// Refuse lists the recipients that are refused with 550; "*" is all of them.
	Refuse []string `json:"refuse"`
	// Defer is how many messages, once received whole, are answered with 451: not taken, try again.
	Defer int `json:"defer"`
	// DropBeforeData is how many times the connection is cut when a recipient is named.
	DropBeforeData int `json:"dropBeforeData"`
	// DropBeforeAnswer is how many messages are taken whole, and then the connection is cut before the answer.
	DropBeforeAnswer int `json:"dropBeforeAnswer"`
	// Delay is how long the server takes to answer MAIL, and again to answer the message. Whole milliseconds.
	Delay time.Duration `json:"-"`
}

// Message is a message that the server has taken: whoever sends it again sends it twice.
type Message struct {
	From      string   `json:"from"` // of the envelope, as is To
	To        []string `json:"to"`
	Raw       []byte   `json:"raw"`
	User      string   `json:"user"` // who authenticated
	Encrypted bool     `json:"encrypted"`
	Answered  bool     `json:"answered"` // false where the connection was cut before the sender could know

	Header mail.Header `json:"-"`
}

// Counts tell how often senders came.
type Counts struct {
	Sessions     int `json:"sessions"`     // connections
	Transactions int `json:"transactions"` // MAIL commands
	Receptions   int `json:"receptions"`   // messages received whole, taken or not
}

// Server is a running SMTP server on the loopback address.
type Server struct {
	t       testing.TB
	p       *node.Process
	port    int
	trusted []byte
}

// Start runs a server until the test ends. Where Node.js or smtp-server is not installed the test is skipped, or fails where
// every test must run.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{t: t, p: node.Start(t, "smtp.js", "smtp-server")}
	var err error
	if s.port, err = process.Port(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o.TLS == "" {
		o.TLS = StartTLS
	}
	order := map[string]any{"port": s.port, "tls": o.TLS, "user": o.User, "password": o.Password}
	if o.TLS != None {
		certificate, key, err := selfSigned()
		if err != nil {
			t.Fatal(err)
		}
		s.trusted = certificate
		order["certificate"], order["key"] = string(certificate), string(key)
	}
	node.Do[any](s.p, "configure", order)
	return s
}

// Host returns the address of the server, for which its certificate holds.
func (s *Server) Host() string { return "127.0.0.1" }

// Port returns the port of the server.
func (s *Server) Port() int { return s.port }

// Address returns host:port.
func (s *Server) Address() string { return net.JoinHostPort(s.Host(), strconv.Itoa(s.port)) }

// CertificatePEM returns the certificate of the server, which signs itself: who trusts it trusts the server. It is empty
// without TLS.
func (s *Server) CertificatePEM() []byte { return s.trusted }

// Pool returns a pool with the certificate of the server alone.
func (s *Server) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.trusted)
	return pool
}

// Behave changes what the server does from here on, in all respects.
func (s *Server) Behave(b Behaviour) {
	s.t.Helper()
	node.Do[any](s.p, "behave", struct {
		Behaviour
		DelayMillis int64 `json:"delayMillis"`
	}{b, b.Delay.Milliseconds()})
}

// Stop takes the server down: connections are cut, new ones refused. What it has taken stays.
func (s *Server) Stop() { s.t.Helper(); node.Do[any](s.p, "down", nil) }

// Start brings a stopped server back at the same address.
func (s *Server) Start() { s.t.Helper(); node.Do[any](s.p, "up", nil) }

// Counts returns how often senders came until now.
func (s *Server) Counts() Counts { s.t.Helper(); return node.Do[Counts](s.p, "counts", nil) }

// Messages returns what the server has taken, in order.
func (s *Server) Messages() []Message {
	s.t.Helper()
	out := node.Do[[]Message](s.p, "messages", nil)
	for i := range out {
		m, err := mail.ReadMessage(bytes.NewReader(out[i].Raw))
		if err != nil {
			s.t.Fatalf("message %d cannot be read: %v\n%s", i, err, out[i].Raw)
		}
		out[i].Header = m.Header
	}
	return out
}

// Await returns Messages as soon as there are n, and fails the test when there are not within 20 seconds.
func (s *Server) Await(n int) []Message {
	s.t.Helper()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		out := s.Messages()
		if len(out) >= n {
			return out
		}
		select {
		case <-late.C:
			s.t.Fatalf("%d messages came, not %d; %+v", len(out), n, s.Counts())
		case <-again.C:
		}
	}
}
