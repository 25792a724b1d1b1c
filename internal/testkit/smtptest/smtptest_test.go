package smtptest_test

import (
	"crypto/tls"
	"errors"
	"net"
	"net/smtp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/testkit/smtptest"
)

const text = "From: Tekentafel <no-reply@example.org>\r\nTo: ann@example.org\r\nSubject: Hello\r\nMessage-ID: <1@example.org>\r\n\r\n.dot first\r\n"

// send sends the text in a session of its own.
func send(s *smtptest.Server, o smtptest.Options, to ...string) error {
	settings := &tls.Config{RootCAs: s.Pool(), ServerName: s.Host(), MinVersion: tls.VersionTLS12}
	var c *smtp.Client
	var err error
	if o.TLS == smtptest.Implicit {
		conn, err := tls.Dial("tcp", s.Address(), settings) //nolint:noctx // a test
		if err != nil {
			return err
		}
		c, err = smtp.NewClient(conn, s.Host())
		if err != nil {
			return err
		}
	} else if c, err = smtp.Dial(s.Address()); err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it may be cut already
	if o.TLS == smtptest.StartTLS {
		if err := c.StartTLS(settings); err != nil {
			return err
		}
	}
	if o.User != "" {
		if err := c.Auth(smtp.PlainAuth("", o.User, o.Password, s.Host())); err != nil {
			return err
		}
	}
	if err := c.Mail("no-reply@example.org"); err != nil {
		return err
	}
	for _, address := range to {
		if err := c.Rcpt(address); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(text)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func TestMailIsTakenInEachWayOfEncrypting(t *testing.T) {
	t.Parallel()
	for _, o := range []smtptest.Options{
		{TLS: smtptest.StartTLS}, {TLS: smtptest.StartTLS, User: "tekentafel", Password: "secret"},
		{TLS: smtptest.Implicit, User: "tekentafel", Password: "secret"}, {TLS: smtptest.None},
		{TLS: smtptest.None, User: "tekentafel", Password: "secret"},
	} {
		t.Run(string(o.TLS)+" "+o.User, func(t *testing.T) {
			t.Parallel()
			s := smtptest.Start(t, o)
			if s.Address() != net.JoinHostPort(s.Host(), strconv.Itoa(s.Port())) {
				t.Errorf("address %s", s.Address())
			}
			if has := strings.Contains(string(s.CertificatePEM()), "BEGIN CERTIFICATE"); has != (o.TLS != smtptest.None) {
				t.Errorf("certificate %q", s.CertificatePEM())
			}
			if err := send(s, o, "ann@example.org", "bob@example.org"); err != nil {
				t.Fatal(err)
			}
			m := s.Await(1)[0]
			if m.From != "no-reply@example.org" || !cmp.Equal(m.To, []string{"ann@example.org", "bob@example.org"}) {
				t.Errorf("envelope from %s to %v", m.From, m.To)
			}
			if string(m.Raw) != text || m.Header.Get("Subject") != "Hello" {
				t.Errorf("received %q", m.Raw)
			}
			if m.User != o.User || m.Encrypted != (o.TLS != smtptest.None) || !m.Answered {
				t.Errorf("%+v", m)
			}
			if o.User != "" {
				for _, password := range []string{"", "wrong"} {
					wrong := o
					wrong.Password = password
					if err := send(s, wrong, "ann@example.org"); err == nil || !strings.Contains(err.Error(), "535") {
						t.Errorf("password %q: %v", password, err)
					}
				}
				if err := send(s, smtptest.Options{TLS: o.TLS}, "ann@example.org"); err == nil {
					t.Error("mail is taken without AUTH")
				}
			}
		})
	}
}

func TestEachFaultHappensAsOftenAsAskedAndIsCounted(t *testing.T) {
	t.Parallel()
	o := smtptest.Options{TLS: smtptest.StartTLS}
	s := smtptest.Start(t, o)
	type outcome struct {
		says              string // what the error says; "" for none
		taken, receptions int    // more than before
	}
	for _, c := range []struct {
		name string
		smtptest.Behaviour
		expected []outcome // of one message after another
	}{
		{"takes all", smtptest.Behaviour{}, []outcome{{"", 1, 1}}},
		{"refuses one", smtptest.Behaviour{Refuse: []string{"ann@example.org"}}, []outcome{{"550", 0, 0}}},
		{"refuses another", smtptest.Behaviour{Refuse: []string{"bob@example.org"}}, []outcome{{"", 1, 1}}},
		{"refuses all", smtptest.Behaviour{Refuse: []string{"*"}}, []outcome{{"550", 0, 0}}},
		{"defers two", smtptest.Behaviour{Defer: 2}, []outcome{{"451", 0, 1}, {"451", 0, 1}, {"", 1, 1}}},
		{"drops before the message", smtptest.Behaviour{DropBeforeData: 1}, []outcome{{"EOF", 0, 0}, {"", 1, 1}}},
		{"drops before the answer", smtptest.Behaviour{DropBeforeAnswer: 1}, []outcome{{"EOF", 1, 1}, {"", 1, 1}}},
	} {
		s.Behave(c.Behaviour)
		for i, expected := range c.expected {
			taken, before := len(s.Messages()), s.Counts()
			err := send(s, o, "ann@example.org")
			if (err == nil) != (expected.says == "") || err != nil && !strings.Contains(err.Error(), expected.says) {
				t.Errorf("%s, message %d: %v, expected %q", c.name, i, err, expected.says)
			}
			after := s.Counts()
			got := outcome{expected.says, len(s.Messages()) - taken, after.Receptions - before.Receptions}
			if got != expected {
				t.Errorf("%s, message %d: %+v, expected %+v", c.name, i, got, expected)
			}
			if after.Sessions != before.Sessions+1 || after.Transactions != before.Transactions+1 {
				t.Errorf("%s, message %d: %+v after %+v", c.name, i, after, before)
			}
			if m := s.Messages(); expected.taken == 1 && m[len(m)-1].Answered != (err == nil) {
				t.Errorf("%s, message %d: %+v", c.name, i, m[len(m)-1])
			}
		}
	}
}

func TestAServerIsSlowOrDownForAWhile(t *testing.T) {
	t.Parallel()
	o := smtptest.Options{TLS: smtptest.StartTLS}
	s := smtptest.Start(t, o)
	s.Behave(smtptest.Behaviour{Delay: 150 * time.Millisecond})
	began := time.Now()
	if err := send(s, o, "ann@example.org"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("a slow server took %v", took)
	}
	s.Behave(smtptest.Behaviour{})
	s.Stop()
	s.Stop()
	if err := send(s, o, "ann@example.org"); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("a server that is down: %v", err)
	}
	s.Start()
	if err := send(s, o, "ann@example.org"); err != nil {
		t.Errorf("a server that is back: %v", err)
	}
	if n := len(s.Await(2)); n != 2 {
		t.Errorf("%d messages", n)
	}
}

func TestAMessageThatBreaksOffIsNotReceived(t *testing.T) {
	t.Parallel()
	o := smtptest.Options{TLS: smtptest.None}
	s := smtptest.Start(t, o)
	for range 2 {
		c, err := smtp.Dial(s.Address())
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(c.Mail("no-reply@example.org"), c.Rcpt("ann@example.org")); err != nil {
			t.Fatal(err)
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil { // without the dot at the end
			t.Fatal(err)
		}
	}
	if err := send(s, o, "ann@example.org"); err != nil {
		t.Fatal(err)
	}
	if got := s.Counts(); got != (smtptest.Counts{Sessions: 3, Transactions: 3, Receptions: 1}) || len(s.Messages()) != 1 {
		t.Errorf("%+v, %d messages", got, len(s.Messages()))
	}
}
