package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// letter is a mail as it goes over the wire.
type letter struct {
	from, to string // of the envelope
	raw      []byte
}

// compose puts a mail into the form of the Internet (RFC 5322). The same mail gets the same Message-ID and Date each time.
func (s *server) compose(c *claim, w words, messageID string) (letter, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	if s.reply != nil {
		m.ReplyToMailAddress(s.reply)
	}
	if err := m.To(c.recipient); err != nil {
		return letter{}, err
	}
	m.Subject(line(c.subject, maxArg))
	m.SetMessageIDWithValue(messageID)
	m.SetDateWithValue(c.created)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday answers
	m.SetBodyString("text/plain; format=flowed", w.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, w.HTML)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return letter{}, err
	}
	return letter{from: s.from.Address, to: c.recipient, raw: b.Bytes()}, nil
}

// stage is how far the talk with a server came.
type stage int

const (
	connecting stage = iota // nothing about this mail was said
	addressing              // the envelope or the wish to send was refused
	handing                 // the message was under way and its end was not sent: it cannot have been taken
	awaiting                // its end was sent
)

// failure is what went wrong with a server, and when.
type failure struct {
	at  stage
	err error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// reply returns what the server said; code 0 when it said nothing.
func (f *failure) reply() (code int, text string) {
	var said *textproto.Error
	if errors.As(f.err, &said) {
		return said.Code, fmt.Sprintf("%d %s", said.Code, said.Msg)
	}
	return 0, ""
}

// talk is a connection to the server, greeted, protected and signed in.
type talk struct {
	client *smtp.Client

	mu    sync.Mutex
	conn  net.Conn
	ended bool
}

// hold keeps the connection, so that end reaches it.
func (t *talk) hold(conn net.Conn) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conn = conn
	if t.ended {
		return errors.Join(errors.New("the program stops"), conn.Close())
	}
	return nil
}

// end breaks the connection. It never says QUIT: with a message half sent, the library would end that message first.
func (t *talk) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	if t.conn != nil {
		_ = t.conn.Close() // nothing more is expected of it
	}
}

// connect reaches the server. Everything that fails here has nothing to do with a mail.
func (s *server) connect(ctx context.Context, t *talk) error {
	options := []gomail.Option{
		gomail.WithPort(s.port), gomail.WithTimeout(s.Timeout), gomail.WithTLSConfig(s.tls), gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithoutSMTPUTF8(), // addresses and headers are ASCII
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := s.dial(ctx, network, address, t)
			if err != nil {
				return nil, err
			}
			return conn, nil
		}),
	}
	switch s.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case StartTLS:
	}
	if s.Hello != "" {
		options = append(options, gomail.WithHELO(s.Hello))
	}
	if s.Username != "" {
		options = append(options, gomail.WithUsername(s.Username), gomail.WithPassword(s.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthCramMD5,
				gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	c, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return err
	}
	if t.client, err = c.DialToSMTPClientWithContext(ctx); err != nil {
		return fmt.Errorf("the mail server %s: %w", s.Address, err)
	}
	return nil
}

// dial opens the connection, and holds a server without protection to this machine.
func (s *server) dial(ctx context.Context, network, address string, t *talk) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: s.Timeout}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if err := t.hold(conn); err != nil {
		return nil, err
	}
	switch s.Security {
	case None:
		if peer, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || !peer.IP.IsLoopback() {
			return nil, errors.Join(errors.New("security none is only for a server on this machine"), conn.Close())
		}
	case TLS:
		protected := tls.Client(conn, s.tls)
		if err := protected.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return protected, nil
	case StartTLS:
	}
	return conn, nil
}

// deliver hands one letter to the server and returns its answer. It calls before right before the first byte of the message
// goes out, and stops where that fails. When ctx ends, what is under way has stopWithin to end.
func (s *server) deliver(ctx context.Context, l letter, before func() error) (string, error) {
	t := &talk{}
	defer t.end()
	defer s.hurry(ctx, t)()
	if err := s.connect(context.WithoutCancel(ctx), t); err != nil {
		return "", &failure{connecting, err}
	}
	if err := s.within(t, s.Timeout, func() error { return t.client.Mail("<" + l.from + ">") }); err != nil {
		return "", &failure{addressing, err}
	}
	if err := s.within(t, s.Timeout, func() error { return t.client.Rcpt("<" + l.to + ">") }); err != nil {
		return "", &failure{addressing, err}
	}
	if err := before(); err != nil {
		return "", err
	}
	var w io.WriteCloser
	if err := s.within(t, s.Timeout, func() (err error) { w, err = t.client.Data(); return err }); err != nil {
		return "", &failure{addressing, err}
	}
	if err := s.within(t, s.Timeout, func() error { _, err := w.Write(l.raw); return err }); err != nil {
		return "", &failure{handing, err}
	}
	if err := s.within(t, s.FinalTimeout, w.Close); err != nil {
		return "", &failure{awaiting, err}
	}
	answer := ""
	if d, ok := w.(*smtp.DataCloser); ok {
		answer = d.ServerResponse()
	}
	_ = s.within(t, time.Second, t.client.Quit) // the mail is sent, whatever the server says to a farewell
	return "250 " + answer, nil
}

// within does a step of the talk in the time it is given.
func (s *server) within(t *talk, d time.Duration, step func() error) error {
	if err := t.client.UpdateDeadline(d); err != nil {
		return err
	}
	return step()
}

// hurry breaks the connection when the program has been stopping for too long. Call what it returns when the talk is over.
func (s *server) hurry(ctx context.Context, t *talk) (over func()) {
	var timer *time.Timer
	started := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		timer = time.AfterFunc(s.StopWithin, t.end)
		close(started)
	})
	return func() {
		if !stop() {
			<-started
			timer.Stop()
		}
	}
}

// Check tells whether the server can be used: it connects, greets, protects the connection and signs in, and sends nothing.
// ErrOff when the installation sends no mail.
func (o *Outbox) Check(ctx context.Context) error {
	if !o.On() {
		return ErrOff
	}
	t := &talk{}
	defer t.end()
	if err := o.server.connect(ctx, t); err != nil {
		return err
	}
	return o.server.within(t, o.server.Timeout, t.client.Noop)
}
