package doctor

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/db"
	"tekentafel/internal/pdf"
	"tekentafel/internal/web"
)

const (
	smallDrift = 2 * time.Second
	largeDrift = time.Minute
)

// clocks compares the clock of this machine with the calendar and with that of the store.
func clocks(ctx context.Context, v *visit) []Finding {
	const mend = "let the machine keep time: apt-get install systemd-timesyncd, then timedatectl set-ntp true"
	now := v.Now()
	if y := now.Year(); y < 2026 || y > 2100 {
		return bad(Failure, mend, "the clock says %s", now.Format(time.RFC3339))
	}
	other, whose, err := elsewhere(ctx, v)
	if err != nil {
		return bad(Warning, mend, "the clock says %s and could not be compared: %v", now.Format(time.RFC3339), err)
	}
	drift := v.Now().Sub(other)
	drift -= min(drift.Abs(), v.Now().Sub(now)) // what passed while asking
	found := fmt.Sprintf("the clock differs %s from that of the %s", drift.Abs().Round(time.Millisecond), whose)
	switch {
	case drift.Abs() > largeDrift:
		return bad(Failure, mend, "%s", found)
	case drift.Abs() > smallDrift:
		return bad(Warning, mend, "%s", found)
	}
	return ok("%s", found)
}

// elsewhere asks the database server for its time, or the disk.
func elsewhere(ctx context.Context, v *visit) (at time.Time, whose string, err error) {
	if v.db != nil && v.db.Engine == db.PostgreSQL {
		var micros int64
		err := v.db.System().Row(ctx, `SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)`, nil, &micros)
		return clock.Time(micros), "database server", err
	}
	dir := v.checked.Data
	if _, err := os.Stat(dir); err != nil {
		dir = os.TempDir()
	}
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return at, "", err
	}
	info, err := f.Stat()
	if err == nil {
		at = info.ModTime()
	}
	return at, "disk", errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// publicAddress looks whether the name that people type leads somewhere.
func publicAddress(ctx context.Context, v *visit) []Finding {
	host := v.checked.Public.Hostname()
	if config.Loopback(host) {
		return bad(Warning, "set public-url to the address that people will type, before the first invitation is sent", "%s is reached from this machine alone", v.checked.Public)
	}
	addresses, err := v.machine.lookup(ctx, host)
	if err != nil || len(addresses) == 0 {
		return bad(Warning, "ask who keeps the names of your network to add "+host, "the name %s leads nowhere from here: %v", host, err)
	}
	return ok("%s leads to %s", host, strings.Join(addresses, ", "))
}

const renewBefore = 14 * 24 * time.Hour

// certificate looks whether the files of TLS fit, hold for the public name and a while longer.
func certificate(_ context.Context, v *visit) []Finding {
	s := v.Settings
	if s.TLSCert == "" || s.TLSKey == "" {
		if v.checked.Public.Scheme == "https" {
			return ok("the reverse proxy speaks HTTPS")
		}
		return ok("no HTTPS, which is for this machine alone")
	}
	pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	if err != nil {
		return bad(Failure, "give PEM files that belong together and that the program may read", "%s and %s cannot be used: %v", s.TLSCert, s.TLSKey, err)
	}
	return judge(pair.Leaf, v.checked.Public.Hostname(), v.Now())
}

func judge(leaf *x509.Certificate, host string, now time.Time) []Finding {
	left := leaf.NotAfter.Sub(now)
	switch {
	case left <= 0:
		return bad(Failure, "renew it; the program takes the new files by itself", "the certificate ended at %s", leaf.NotAfter.Format(time.RFC3339))
	case now.Before(leaf.NotBefore):
		return bad(Failure, "check the clock, or wait", "the certificate begins at %s", leaf.NotBefore.Format(time.RFC3339))
	case leaf.VerifyHostname(host) != nil:
		return bad(Failure, "get a certificate for "+host+", or correct public-url", "the certificate is for %s and not for %s", strings.Join(leaf.DNSNames, ", "), host)
	case left < renewBefore:
		return bad(Warning, "renew it; the program takes the new files by itself", "the certificate ends in %d days", int(left.Hours()/24))
	}
	return ok("the certificate holds for %s until %s", host, leaf.NotAfter.Format(time.DateOnly))
}

// port looks whether the address is free, or the program's own.
func port(ctx context.Context, v *visit) []Finding {
	address := v.Settings.Listen
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err == nil {
		if err := l.Close(); err != nil {
			return bad(Warning, "try again", "%s could not be given back: %v", address, err)
		}
		return ok("%s is free; the program does not run", address)
	}
	if errors.Is(err, syscall.EACCES) {
		return bad(Failure, "choose a port above 1023, or give the program CAP_NET_BIND_SERVICE", "this user may not listen on %s", address)
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		return bad(Failure, "choose an address of this machine with listen", "%s cannot be listened on: %v", address, err)
	}
	if ours(ctx, address, v.Settings.TLSCert != "") {
		return ok("the program runs on %s", address)
	}
	return bad(Failure, "stop it (ss -ltnp shows which), or choose another port with listen", "another program listens on %s", address)
}

// ours tells whether what listens on an address answers as this program does.
func ours(ctx context.Context, address string, secure bool) bool {
	host, number, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	scheme := "http"
	if secure {
		scheme = "https"
	}
	ctx, stop := context.WithTimeout(ctx, 5*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, scheme+"://"+net.JoinHostPort(host, number)+"/", nil)
	if err != nil {
		return false
	}
	client := &http.Client{
		// Who it is shows in its headers; the name on its certificate is another check's business.
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, //nolint:gosec // nothing secret is sent
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	return strings.HasPrefix(resp.Header.Get("Content-Security-Policy"), web.Policy) && resp.Body.Close() == nil
}

// mailServer looks whether the mail server takes us.
func mailServer(ctx context.Context, v *visit) []Finding {
	if v.Settings.MailHost == "" {
		return bad(Warning, "set mail-host and mail-from; until then invitations are links that one hands over", "no mail server is named, so no mail is sent")
	}
	if v.Mail == nil {
		return bad(Failure, "mend the settings of mail first", "the mail server was not tried")
	}
	if err := v.Mail.Check(ctx); err != nil {
		return bad(Failure, "check mail-host, mail-port, mail-security and the password, and that the firewall lets this machine through", "%s: %v", v.Settings.MailAddress(), err)
	}
	return ok("%s takes mail from %s", v.Settings.MailAddress(), v.Settings.MailFrom)
}

// chromium looks whether a PDF can be made.
func chromium(ctx context.Context, v *visit) []Finding {
	err := v.machine.pdf(ctx, v.Settings.Chromium)
	var missing *pdf.NotInstalledError
	switch {
	case errors.As(err, &missing):
		return bad(Warning, "apt-get install chromium, or set chromium; without it people print pages from their browser", "no Chromium was found, so no PDF is made")
	case err != nil:
		return bad(Failure, "start it by hand as the user of the program; under systemd it needs the unit of deploy/, in a container shared memory and its sandbox", "Chromium makes no PDF: %v", err)
	}
	return ok("Chromium printed a page")
}

// printLine prints one line, as reports are printed; path is where Chromium is, or "".
func printLine(ctx context.Context, path string) error {
	if path != "" {
		if _, err := os.Stat(path); err != nil || !filepath.IsAbs(path) {
			return &pdf.NotInstalledError{Tried: []string{path}}
		}
	}
	out, err := pdf.Print(ctx, []byte(`<!doctype html><html lang="en"><title>Doctor</title><p>One line.`), pdf.Options{Bare: true, Timeout: 25 * time.Second})
	if err == nil && !bytes.HasPrefix(out, []byte("%PDF-")) {
		err = errors.New("what it printed is no PDF")
	}
	return err
}
