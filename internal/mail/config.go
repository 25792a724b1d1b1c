package mail

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"os"
	"strconv"
	"time"
)

// Security is how the connection to the mail server is protected.
type Security string

// The ways.
const (
	StartTLS Security = "starttls" // the connection is protected after the greeting (RFC 3207); refused where the server cannot
	TLS      Security = "tls"      // from the first byte (RFC 8314)
	None     Security = "none"     // not at all: only to a server on this machine
)

// Config says by which server mail goes out, and in whose name.
type Config struct {
	Address            string // host:port; "" means that the installation sends no mail
	Security           Security
	Username, Password string // "" for a server that asks for none
	CAFile             string // PEM: certificates to trust beside those of the machine, or ""
	From               string // "Tekentafel <noreply@stad.example>"
	ReplyTo            string // where answers go, or ""
	Hello              string // the name by which this machine greets the server, or "" for its host name

	Timeout      time.Duration // of connecting and of each command; 0 means 30 s
	FinalTimeout time.Duration // for the answer to a whole message; 0 means 10 min (RFC 5321, section 4.5.3.2.6)
	StopWithin   time.Duration // for the mail under way when the program stops; 0 means 20 s
	PollEvery    time.Duration // how often the outbox is looked at; 0 means 2 s
	PerMinute    int           // mails that one node sends at most; 0 means no limit
}

const (
	defaultTimeout = 30 * time.Second
	finalTimeout   = 10 * time.Minute
	stopWithin     = 20 * time.Second
	pollEvery      = 2 * time.Second
)

// On tells whether the installation sends mail.
func (c Config) On() bool { return c.Address != "" }

// server is a configuration that was checked.
type server struct {
	Config
	host        string
	port        int
	tls         *tls.Config
	from, reply *mail.Address
}

// open checks the configuration; the error says how to mend it.
func (c Config) open() (*server, error) {
	s := &server{Config: c}
	orElse(&s.Timeout, defaultTimeout)
	orElse(&s.FinalTimeout, finalTimeout)
	orElse(&s.StopWithin, stopWithin)
	orElse(&s.PollEvery, pollEvery)
	if !c.On() {
		return s, nil
	}
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil || host == "" {
		return nil, fmt.Errorf("the mail server %q has no host or port; write it as mail.stad.example:587", c.Address)
	}
	s.host = host
	if s.port, err = strconv.Atoi(port); err != nil || s.port < 1 || s.port > 65535 {
		return nil, fmt.Errorf("the port %q of the mail server is no number from 1 to 65535; 587 is usual with starttls, 465 with tls", port)
	}
	if s.from, err = mail.ParseAddress(c.From); err != nil {
		return nil, fmt.Errorf("the sender %q of mail is no address; write it as Tekentafel <noreply@stad.example>: %w", c.From, err)
	}
	if c.ReplyTo != "" {
		if s.reply, err = mail.ParseAddress(c.ReplyTo); err != nil {
			return nil, fmt.Errorf("the address %q for answers to mail is no address: %w", c.ReplyTo, err)
		}
	}
	switch c.Security {
	case StartTLS, TLS:
	case "":
		s.Security = StartTLS
	case None:
		if !namesLoopback(host) {
			return nil, fmt.Errorf("mail to %s would travel unprotected: security none is only for a server on this machine (localhost); use starttls or tls", host)
		}
	default:
		return nil, fmt.Errorf("the security %q of mail is unknown; write starttls, tls or none", c.Security)
	}
	if (c.Username == "") != (c.Password == "") {
		return nil, errors.New("the mail server wants a user name and a password together; give both or none")
	}
	s.tls, err = s.trust()
	return s, err
}

// trust returns which certificates the mail server may show.
func (s *server) trust() (*tls.Config, error) {
	c := &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return c, nil
	}
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("the certificates for the mail server cannot be read: %w", err)
	}
	if c.RootCAs, err = x509.SystemCertPool(); err != nil {
		c.RootCAs = x509.NewCertPool()
	}
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM; it starts with -----BEGIN CERTIFICATE-----", s.CAFile)
	}
	return c, nil
}

// lease is how long a claim holds: longer than a mail can take.
func (s *server) lease() time.Duration { return 8*s.Timeout + s.FinalTimeout + time.Minute }

func namesLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func orElse(d *time.Duration, other time.Duration) {
	if *d <= 0 {
		*d = other
	}
}
