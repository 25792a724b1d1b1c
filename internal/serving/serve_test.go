package serving

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var quiet = slog.New(slog.DiscardHandler)

// issue writes a certificate for 127.0.0.1 with a serial number, and its key.
func issue(t *testing.T, dir string, serial int64) (certFile, keyFile string, cert *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(time.Duration(serial) * time.Second) // another time, however fast the test is
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile, cert
}

// running is a server under test.
type running struct {
	l    *Listeners
	stop context.CancelFunc
	hard chan struct{}
	done chan error
}

func start(t *testing.T, c Config, public http.Handler, w Work) *running {
	t.Helper()
	c.Listen = "127.0.0.1:0"
	if c.Grace == 0 {
		c.Grace = 10 * time.Second
	}
	l, err := Open(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{l: l, stop: stop, hard: make(chan struct{}), done: make(chan error, 1)}
	internal := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "internal") })
	go func() { r.done <- l.Serve(ctx, r.hard, public, internal, w) }()
	t.Cleanup(stop)
	return r
}

func (r *running) end(t *testing.T) error {
	t.Helper()
	r.stop()
	select {
	case err := <-r.done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the server does not stop")
		return nil
	}
}

func get(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(resp.Body)
	return resp.Proto + " " + resp.Status + " " + string(body), errors.Join(err, resp.Body.Close())
}

var hello = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })

func TestStoppingLosesNothingAndKeepsItsOrder(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var order []string
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	inside, release := make(chan struct{}), make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(inside)
			<-release
			note("slow request answered")
		}
		_, _ = io.WriteString(w, "whole")
	})
	r := start(t, Config{Internal: "127.0.0.1:0", Drain: 50 * time.Millisecond}, slow, Work{
		Closing: func() { note("not ready") },
		Background: func(ctx context.Context) {
			<-ctx.Done()
			note("jobs given back")
		},
		Close: func() error { note("store closed"); return nil },
	})
	base := "http://" + r.l.Address().String()
	answered := make(chan string, 1)
	go func() {
		body, err := get(&http.Client{}, base+"/slow")
		if err != nil {
			body = err.Error()
		}
		answered <- body
	}()
	<-inside
	r.stop()
	// Once nothing new is accepted, the request under way goes on.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", r.l.Address().String())
		if err != nil {
			break
		}
		_ = c.Close()
		if time.Now().After(deadline) {
			t.Fatal("connections are accepted for ever")
		}
	}
	if body, err := get(&http.Client{}, "http://"+r.l.InternalAddress().String()); err != nil || !strings.HasSuffix(body, "internal") {
		t.Errorf("the monitoring gets no answer while the program stops: %s %v", body, err)
	}
	close(release)
	if body := <-answered; body != "HTTP/1.1 200 OK whole" {
		t.Error(body)
	}
	if err := r.end(t); err != nil {
		t.Error(err)
	}
	if want := []string{"not ready", "slow request answered", "jobs given back", "store closed"}; !slices.Equal(order, want) {
		t.Error(order)
	}
}

func TestReadyIsOffBeforeTheDoorCloses(t *testing.T) {
	t.Parallel()
	closing := make(chan struct{})
	r := start(t, Config{Drain: 300 * time.Millisecond}, hello, Work{Closing: func() { close(closing) }})
	r.stop()
	<-closing
	if body, err := get(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+r.l.Address().String()); err != nil || !strings.HasSuffix(body, "hello") {
		t.Errorf("a visitor whom the balancer still sends is turned away: %s %v", body, err)
	}
	if err := r.end(t); err != nil {
		t.Error(err)
	}
}

func TestRequestsThatOutlastTheGraceAreCutOff(t *testing.T) {
	t.Parallel()
	inside := make(chan struct{})
	forever := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { close(inside); <-r.Context().Done() })
	closed := false
	r := start(t, Config{Grace: 50 * time.Millisecond}, forever, Work{Close: func() error { closed = true; return nil }})
	go func() { _, _ = get(&http.Client{}, "http://"+r.l.Address().String()) }()
	<-inside
	if err := r.end(t); err != nil || !closed {
		t.Error(err, closed)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	stuck := make(chan struct{})
	t.Cleanup(func() { close(stuck) })
	r := start(t, Config{}, hello, Work{Background: func(context.Context) { <-stuck }})
	r.stop()
	close(r.hard)
	if err := r.end(t); !errors.Is(err, ErrForced) {
		t.Error(err)
	}
}

func TestSignalsAreGentleOnceAndHardTwice(t *testing.T) { // no other test of this package may run beside it
	ctx, hard, stop := Signals(t.Context())
	defer stop()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	select {
	case <-hard:
		t.Error("the first signal is hard")
	default:
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-hard
}

func TestCertificateIsRenewedWithoutARestartAndABadOneIsNotUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certFile, keyFile, first := issue(t, dir, 1)
	r := start(t, Config{CertFile: certFile, KeyFile: keyFile}, hello, Work{})
	serial := func(roots ...*x509.Certificate) int64 {
		t.Helper()
		pool := x509.NewCertPool()
		for _, c := range roots {
			pool.AddCert(c)
		}
		c, err := tls.Dial("tcp", r.l.Address().String(), &tls.Config{RootCAs: pool})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if v := c.ConnectionState().Version; v != tls.VersionTLS13 {
			t.Errorf("version %x", v)
		}
		return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(first); got != 1 {
		t.Error(got)
	}
	_, _, second := issue(t, dir, 2)
	if got := serial(first, second); got != 2 {
		t.Errorf("%d is used after the renewal", got)
	}
	if err := os.WriteFile(certFile, []byte("half a cert"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(first, second); got != 2 {
		t.Errorf("%d is used beside a broken file", got)
	}
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	if got := serial(first, second); got != 2 {
		t.Errorf("%d is used when a file has gone", got)
	}
	_, _, third := issue(t, dir, 3)
	if got := serial(third); got != 3 {
		t.Errorf("%d is used after the mend", got)
	}
	pool := x509.NewCertPool()
	pool.AddCert(third)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	if body, err := get(client, "https://"+r.l.Address().String()); err != nil || body != "HTTP/2.0 200 OK hello" {
		t.Error(body, err)
	}
	if c, err := tls.Dial("tcp", r.l.Address().String(), &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
		_ = c.Close()
	}
	client.CloseIdleConnections()
	if err := r.end(t); err != nil {
		t.Error(err)
	}
}

func TestLargeHeadersAreRefused(t *testing.T) {
	t.Parallel()
	r := start(t, Config{}, hello, Work{})
	req, err := http.NewRequest(http.MethodGet, "http://"+r.l.Address().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Large", strings.Repeat("x", 2*headerBytes))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Error(resp.Status, err)
	}
	if err := r.end(t); err != nil {
		t.Error(err)
	}
}

func TestAddressesThatCannotBeOpenedAreSaidWithTheirMend(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	dir := t.TempDir()
	certFile, keyFile, _ := issue(t, dir, 1)
	_, otherKey, _ := issue(t, t.TempDir(), 2)
	for _, c := range []struct {
		config Config
		says   string
	}{
		{Config{Listen: taken.Addr().String()}, "choose another port with listen"},
		{Config{Listen: "127.0.0.1:0", Internal: taken.Addr().String()}, "choose another port with internal-listen"},
		{Config{Listen: "203.0.113.1:1"}, "check listen"},
		{Config{CertFile: filepath.Join(dir, "none"), KeyFile: keyFile}, "check tls-cert"},
		{Config{CertFile: certFile, KeyFile: filepath.Join(dir, "none")}, "check tls-key"},
		{Config{CertFile: certFile, KeyFile: otherKey}, "belong together"},
	} {
		if _, err := Open(t.Context(), c.config, quiet); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.config, err)
		}
	}
}

func TestSystemdIsToldAndItsSocketsAreTaken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := notify(t.Context(), path, "READY=1"); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 99)
	if n, err := c.Read(buf); err != nil || string(buf[:n]) != "READY=1" {
		t.Errorf("%q %v", buf[:n], err)
	}
	if err := notify(t.Context(), "", "READY=1"); err != nil {
		t.Error(err)
	}
	if err := notify(t.Context(), path+"x", "READY=1"); err == nil {
		t.Error("nobody listens, and that is no error")
	}

	pid := strconv.Itoa(os.Getpid())
	for _, s := range []struct {
		pid, fds, names string
		want            int
		fails           bool
	}{
		{pid, "2", "web:internal", 2, false}, {pid, "1", "", 1, false}, {"1", "2", "", 0, false}, {"", "", "", 0, false},
		{pid, "2", "a:b", 1, true}, {pid, "many", "", 0, true},
	} {
		env := map[string]string{"LISTEN_PID": s.pid, "LISTEN_FDS": s.fds, "LISTEN_FDNAMES": s.names}
		got, err := passed(func(k string) string { return env[k] }, func(k string) error { delete(env, k); return nil },
			func(fd int) (net.Listener, error) {
				if fd < firstSocket {
					t.Errorf("socket %d is none of ours", fd)
				}
				return net.Listen("tcp", "127.0.0.1:0")
			})
		if (err != nil) != s.fails || len(got) != s.want {
			t.Errorf("%+v: %d sockets, %v", s, len(got), err)
		}
		for _, l := range got {
			_ = l.Close()
		}
		if s.want > 0 && len(env) > 0 {
			t.Errorf("%+v stays for children", env)
		}
	}
}

func TestAddressesOfVisitorsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	a := &anonymous{slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, line := range []string{"http: TLS handshake error from 192.0.2.7:5123: EOF\n", "http2: server connection from [2001:db8::7%eth0]:443 timeout"} {
		if n, err := a.Write([]byte(line)); err != nil || n != len(line) {
			t.Error(n, err)
		}
	}
	if s := out.String(); strings.Contains(s, "192.0.2.7") || strings.Contains(s, "db8") || !strings.Contains(s, "TLS handshake error from (address)") {
		t.Error(s)
	}
}
