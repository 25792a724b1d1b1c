package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Config is what the operator of the server decides. It never comes from an organisation.
type Config struct {
	Allow     []netip.Prefix // networks that may be reached although they are not public, on any port
	AllowHTTP bool           // http:// too, on port 80
	Proxy     *url.URL       // through which requests go, or nil; it then decides which names lead where
	Roots     *x509.CertPool // whose certificates hold; nil for those of the machine
	MaxBytes  int64          // of an answer; 0 for 1 MB

	resolver *net.Resolver // for tests of names that change
}

const (
	defaultBytes = 1 << 20
	maxRedirects = 3
	dialFor      = 5 * time.Second
	answerFor    = 10 * time.Second // until the head of an answer
	wholeFor     = 20 * time.Second // for everything, redirects included
)

// New returns a client. It keeps no cookies, reads no settings from the environment, follows at most three redirects, to the
// same host alone, and gives up after 20 seconds. What it will not do is a *Refused; an answer that is too large fails
// with ErrTooLarge while it is read.
func New(c Config) *http.Client {
	if c.MaxBytes <= 0 {
		c.MaxBytes = defaultBytes
	}
	g := &guard{Config: c}
	dialer := &net.Dialer{Timeout: dialFor, KeepAlive: 30 * time.Second, ControlContext: g.control, Resolver: c.resolver}
	transport := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    dialFor,
		ResponseHeaderTimeout:  answerFor,
		MaxResponseHeaderBytes: 64 << 10,
		MaxConnsPerHost:        8,
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        time.Minute,
	}
	if c.Proxy != nil {
		transport.Proxy = http.ProxyURL(c.Proxy)
		open := &net.Dialer{Timeout: dialFor, KeepAlive: 30 * time.Second}
		transport.DialContext = open.DialContext // the one connection is to the proxy, which the operator named
	}
	g.next = transport
	return &http.Client{Transport: g, Timeout: wholeFor, CheckRedirect: g.redirect}
}

// guard refuses requests before they are made and connections before they are opened.
type guard struct {
	Config
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if why := g.judge(r.URL); why != "" {
		if r.Body != nil {
			_ = r.Body.Close() // nothing of it was read
		}
		return nil, &Refused{Host: r.URL.Hostname(), Why: why}
	}
	resp, err := g.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = &capped{ReadCloser: resp.Body, left: g.MaxBytes}
	return resp, nil
}

// judge says what is wrong with an address as it is written, or "".
func (c Config) judge(u *url.URL) Why {
	if u.Scheme != "https" && (u.Scheme != "http" || !c.AllowHTTP) {
		return NotHTTPS
	}
	host := u.Hostname()
	if host == "" || u.Opaque != "" || strings.ContainsAny(host, "%/\\@ \t\r\n\x00") {
		return NoHost
	}
	if u.User != nil {
		return Credentials
	}
	port := u.Port()
	if a, err := netip.ParseAddr(host); err == nil {
		if within(plain(a), c.Allow) {
			return ""
		}
		if !Public(a) {
			return InnerAddress
		}
	} else if len(c.Allow) > 0 {
		return "" // where the name leads decides on the port
	}
	if !c.takes(port) {
		return OtherPort
	}
	return ""
}

// takes tells whether a port of the public internet is reached; "" is that of the scheme.
func (c Config) takes(port string) bool {
	return port == "" || port == "443" || port == "80" && c.AllowHTTP
}

// control looks at the address of a connection, after its name was looked up.
func (g *guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return &Refused{Host: address, Why: NoHost}
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return &Refused{Host: host, Why: NoHost}
	}
	switch {
	case within(plain(a), g.Allow):
		return nil
	case !Public(a):
		return &Refused{Host: host, Why: InnerAddress}
	case !g.takes(port):
		return &Refused{Host: host, Why: OtherPort}
	}
	return nil
}

// redirect follows an answer that sends on within the same host.
func (g *guard) redirect(r *http.Request, via []*http.Request) error {
	first := via[0]
	same := strings.EqualFold(r.URL.Host, first.URL.Host) && r.URL.Scheme == first.URL.Scheme
	changes := first.Method != http.MethodGet && first.Method != http.MethodHead
	if len(via) > maxRedirects || !same || changes {
		return &Refused{Host: r.URL.Hostname(), Why: Elsewhere}
	}
	return nil
}

// capped is a body of which only so many bytes are read.
type capped struct {
	io.ReadCloser
	left int64
}

func (c *capped) Read(b []byte) (int, error) {
	if c.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(b)) > c.left+1 {
		b = b[:c.left+1]
	}
	n, err := c.ReadCloser.Read(b)
	c.left -= int64(n)
	if c.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}
