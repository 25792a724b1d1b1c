package doctor

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/installation"
	"tekentafel/internal/pdf"
	"tekentafel/internal/seal"
	"tekentafel/internal/testkit"
	"tekentafel/internal/testkit/pgtest"
	"tekentafel/internal/web"
)

// patient is an installation in good health, on which a test makes one thing wrong.
type patient struct {
	Options
	dir string
	d   *db.DB
	box *seal.Box
}

// settingsOf parses arguments as the command does.
func settingsOf(t *testing.T, args ...string) *config.Settings {
	t.Helper()
	var cli struct{ config.Settings }
	parser, err := kong.New(&cli, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return &cli.Settings
}

func healthy(t *testing.T, args ...string) *patient {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	p := &patient{dir: dir}
	all := append([]string{"--data", dir, "--listen", "127.0.0.1:0", "--behind-proxy", "--trusted-proxies", "127.0.0.1", "--public-url", "https://teken.example", "--mail-host", "m.example", "--mail-from", "a@b.example"}, args...)
	p.Settings = settingsOf(t, all...)
	place, err := p.Settings.Place()
	if err != nil {
		t.Fatal(err)
	}
	if p.box, err = place.OpenKey(); err != nil {
		if p.box, _, err = place.OpenOrMakeKey(); err != nil {
			t.Fatal(err)
		}
	}
	p.d = dbtest.Bare(t, place.Database.Reveal())
	if err := installation.HoldKey(t.Context(), p.d, p.box); err != nil {
		t.Fatal(err)
	}
	p.remember(t, installation.LastBackup, strconv.FormatInt(time.Now().UnixMicro(), 10))
	p.Now = clock.System()
	p.Mail = mailer{}
	p.machine = machine{
		uid: func() int { return 1000 }, free: func(string) (uint64, uint64, error) { return 50 << 30, 100 << 30, nil },
		lookup: func(context.Context, string) ([]string, error) { return []string{"192.0.2.1"}, nil },
		pdf:    func(context.Context, string) error { return nil }, getenv: func(string) string { return "" },
	}
	return p
}

func (p *patient) remember(t *testing.T, name, value string) {
	t.Helper()
	if err := p.d.System().Write(t.Context(), func(s *db.System) error { return installation.Set(t.Context(), s, name, value) }); err != nil {
		t.Fatal(err)
	}
}

type mailer struct{ err error }

func (m mailer) Check(context.Context) error { return m.err }

func text(t *testing.T, r Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.Text(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHealthyInstallationPassesEveryCheck(t *testing.T) {
	for name, args := range map[string][]string{"sqlite": nil, "postgres": {"--database", pgtest.New(t)}} {
		t.Run(name, func(t *testing.T) {
			if args != nil {
				t.Setenv("TEKENTAFEL_KEY", seal.NewKey())
			}
			p := healthy(t, args...)
			r := Run(t.Context(), p.Options)
			if r.Worst() != OK || r.ExitCode() != 0 || len(r) != len(table) {
				t.Errorf("%d findings:\n%s", len(r), text(t, r))
			}
			left, err := filepath.Glob(filepath.Join(p.dir, ".doctor*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left: %v %v", left, err)
			}
			p.Quick = true
			if quick := Run(t.Context(), p.Options); len(quick) != 6 || quick.Worst() != OK {
				t.Errorf("quick:\n%s", text(t, quick))
			}
		})
	}
}

func TestEveryCheckFindsWhatIsWrongAndSaysTheMend(t *testing.T) {
	t.Parallel()
	write := func(t *testing.T, path, content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	chmod := func(t *testing.T, path string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		check string
		level Level
		mend  string
		wrong func(t *testing.T, p *patient)
	}{
		{"settings", Failure, "write json or text", func(_ *testing.T, p *patient) { p.Settings.LogFormat = "xml" }},
		{"user", Warning, "a user of its own", func(_ *testing.T, p *patient) { p.machine.uid = func() int { return 0 } }},
		{"data folder", Failure, "chmod 700", func(t *testing.T, p *patient) { chmod(t, p.dir, 0o755) }},
		{"data folder", Warning, "chmod 700", func(t *testing.T, p *patient) { chmod(t, p.dir, 0o750) }},
		{"data folder", Warning, "the first start makes it", func(_ *testing.T, p *patient) { p.Settings.Data = p.dir + "/none" }},
		{"data folder", Failure, "name a folder", func(_ *testing.T, p *patient) { p.Settings.Data = p.dir + "/key" }},
		{"disk", Failure, "make room", func(_ *testing.T, p *patient) {
			p.machine.free = func(string) (uint64, uint64, error) { return 1 << 20, 1 << 40, nil }
		}},
		{"disk", Warning, "make room", func(_ *testing.T, p *patient) {
			p.machine.free = func(string) (uint64, uint64, error) { return 2 << 30, 1 << 40, nil }
		}},
		{"disk", Warning, "df ", func(_ *testing.T, p *patient) {
			p.machine.free = func(string) (uint64, uint64, error) { return 0, 0, errors.New("no") }
		}},
		{"key", Failure, "from where you keep a copy", func(t *testing.T, p *patient) { write(t, p.dir+"/key", "short") }},
		{"key", Failure, "chmod 600", func(t *testing.T, p *patient) { chmod(t, p.dir+"/key", 0o644) }},
		{"key", Failure, "from where you keep a copy", func(t *testing.T, p *patient) {
			if err := os.Remove(p.dir + "/key"); err != nil {
				t.Fatal(err)
			}
		}},
		{"key", Warning, "keep a copy", func(_ *testing.T, p *patient) { p.Settings.Data = p.dir + "/none" }},
		{"database", Warning, "the first start makes it", func(_ *testing.T, p *patient) { p.Settings.Database = config.NewSecret(p.dir + "/none.db") }},
		{"database", Failure, "check the address", func(t *testing.T, p *patient) {
			path := p.dir + "/other.db"
			write(t, path, strings.Repeat("this is no database ", 500))
			p.Settings.Database = config.NewSecret(path)
		}},
		{"database", Failure, "restore the last backup", func(t *testing.T, p *patient) {
			if err := p.d.Close(); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(p.dir + "/tekentafel.db")
			if err != nil {
				t.Fatal(err)
			}
			write(t, p.dir+"/tekentafel.db", string(data[:4096])+strings.Repeat("x", len(data)-4096))
		}},
		{"database", Warning, "next start", func(t *testing.T, p *patient) {
			if err := p.d.MigrateTo(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
		}},
		{"database", Failure, "newer program", func(t *testing.T, p *patient) {
			err := p.d.System().Write(t.Context(), func(s *db.System) error {
				_, err := s.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"database content", Failure, "restore the last backup", func(t *testing.T, p *patient) { damage(t, p) }},
		{"key and database", Failure, "the key with that fingerprint", func(t *testing.T, p *patient) { p.remember(t, installation.KeyFingerprint, "0123456789abcdef") }},
		{"backup", Warning, "each night", func(t *testing.T, p *patient) {
			p.remember(t, installation.LastBackup, strconv.FormatInt(time.Now().Add(-50*time.Hour).UnixMicro(), 10))
		}},
		{"backup", Warning, "each night", func(t *testing.T, p *patient) { p.remember(t, installation.LastBackup, "") }},
		{"clock", Failure, "timedatectl", func(_ *testing.T, p *patient) { p.Now = shifted(-3 * time.Minute) }},
		{"clock", Warning, "timedatectl", func(_ *testing.T, p *patient) { p.Now = shifted(10 * time.Second) }},
		{"clock", Failure, "timedatectl", func(_ *testing.T, p *patient) { p.Now = func() time.Time { return time.Unix(0, 0) } }},
		{"address", Warning, "add teken.example", func(_ *testing.T, p *patient) {
			p.machine.lookup = func(context.Context, string) ([]string, error) { return nil, errors.New("no such host") }
		}},
		{"address", Warning, "before the first invitation", func(_ *testing.T, p *patient) { p.Settings.PublicURL = "https://localhost" }},
		{"certificate", Failure, "belong together", func(t *testing.T, p *patient) { p.tls(t, "teken.example", -1, 400); write(t, p.dir+"/c.pem", "x") }},
		{"certificate", Failure, "renew it", func(t *testing.T, p *patient) { p.tls(t, "teken.example", -40, -1) }},
		{"certificate", Failure, "check the clock", func(t *testing.T, p *patient) { p.tls(t, "teken.example", 5, 90) }},
		{"certificate", Failure, "get a certificate for teken.example", func(t *testing.T, p *patient) { p.tls(t, "other.example", -1, 90) }},
		{"certificate", Warning, "renew it", func(t *testing.T, p *patient) { p.tls(t, "teken.example", -1, 5) }},
		{"port", Failure, "ss -ltnp", func(t *testing.T, p *patient) {
			s := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(s.Close)
			p.Settings.Listen = s.Listener.Addr().String()
		}},
		{"port", Failure, "an address of this machine", func(_ *testing.T, p *patient) { p.Settings.Listen = "203.0.113.1:8080" }},
		{"mail", Failure, "firewall", func(_ *testing.T, p *patient) { p.Mail = mailer{errors.New("refused")} }},
		{"mail", Failure, "settings of mail first", func(_ *testing.T, p *patient) { p.Mail = nil }},
		{"mail", Warning, "set mail-host", func(_ *testing.T, p *patient) { p.Settings.MailHost = "" }},
		{"chromium", Warning, "apt-get install chromium", func(_ *testing.T, p *patient) {
			p.machine.pdf = func(context.Context, string) error { return &pdf.NotInstalledError{} }
		}},
		{"chromium", Failure, "by hand", func(_ *testing.T, p *patient) {
			p.machine.pdf = func(context.Context, string) error { return errors.New("it crashed") }
		}},
		{"sandbox", Warning, "deploy/", func(t *testing.T, p *patient) {
			p.machine.getenv = func(string) string { return "under systemd" }
			p.machine.status = filepath.Join(t.TempDir(), "status")
			write(t, p.machine.status, "NoNewPrivs:\t0\nSeccomp:\t0\n")
		}},
	} {
		t.Run(c.check+" "+c.mend, func(t *testing.T) {
			t.Parallel()
			p := healthy(t)
			c.wrong(t, p)
			r := Run(t.Context(), p.Options)
			at := slices.IndexFunc(r, func(f Finding) bool {
				return f.Check == c.check && f.Level == c.level && strings.Contains(f.Mend, c.mend)
			})
			if at < 0 {
				t.Errorf("it is not found:\n%s", text(t, r))
			}
			if (r.ExitCode() != 0) != (r.Worst() == Failure) || r.Worst() == OK {
				t.Error(r.ExitCode(), r.Worst())
			}
		})
	}
}

func shifted(by time.Duration) clock.Clock { return func() time.Time { return time.Now().Add(by) } }

// damage turns over pages in the midst of the database file.
func damage(t *testing.T, p *patient) {
	t.Helper()
	err := p.d.System().Write(t.Context(), func(s *db.System) error {
		for i := range 2000 {
			if _, err := s.Exec(t.Context(), `INSERT INTO installation (name, value) VALUES ($1, $2)`, strconv.Itoa(i), strings.Repeat("x", 100)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.d.Close(); err != nil { // what stands in the log goes to the file
		t.Fatal(err)
	}
	path := filepath.Join(p.dir, "tekentafel.db")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(data) - 100<<10; i < len(data)-50<<10; i++ { // pages of rows, behind those of the schema
		data[i] ^= 0x55
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// tls gives the patient a certificate that holds from one day to another, counted from now.
func (p *patient) tls(t *testing.T, host string, from, until int) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	day := 24 * time.Hour
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host},
		NotBefore: time.Now().Add(time.Duration(from) * day), NotAfter: time.Now().Add(time.Duration(until) * day),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p.Settings.TLSCert, p.Settings.TLSKey = p.dir+"/c.pem", p.dir+"/k.pem"
	for path, block := range map[string]*pem.Block{p.Settings.TLSCert: {Type: "CERTIFICATE", Bytes: der}, p.Settings.TLSKey: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadOnlyDataFolderIsFound(t *testing.T) {
	t.Parallel()
	if err := tryWrite("/proc"); err == nil {
		t.Error("a file was made in /proc")
	}
	v := &visit{Options: Options{Settings: &config.Settings{}}, checked: &config.Checked{Place: config.Place{Data: "/sys/kernel"}}}
	if info, err := os.Stat("/sys/kernel"); err != nil || info.Mode().Perm()&7 == 0 {
		t.Skip("there is no such folder here")
	}
	if f := dataFolder(t.Context(), v); f[0].Level != Failure {
		t.Errorf("%+v", f)
	}
}

func TestProgramThatRunsIsKnownByItsAnswer(t *testing.T) {
	t.Parallel()
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", web.Policy+"; upgrade-insecure-requests")
	})
	for _, s := range []*httptest.Server{httptest.NewServer(answer), httptest.NewTLSServer(answer)} {
		if address := s.Listener.Addr().String(); !ours(t.Context(), address, s.TLS != nil) {
			t.Errorf("%s is not known", address)
		}
		s.Close()
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := silent.Close(); err != nil {
		t.Fatal(err)
	}
	if ours(t.Context(), silent.Addr().String(), false) {
		t.Error("nothing listens there")
	}
}

func TestChromiumPrintsOrIsMissed(t *testing.T) {
	t.Parallel()
	var missing *pdf.NotInstalledError
	if err := printLine(t.Context(), "/nonexistent/chromium"); !errors.As(err, &missing) {
		t.Error(err)
	}
	if _, err := pdf.Find(); err != nil {
		testkit.Missing(t, err.Error())
	}
	if err := printLine(t.Context(), ""); err != nil {
		t.Error(err)
	}
}

func TestReportIsReadByPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	r := Report{{"a", OK, "fine", ""}, {"b", Warning, "hm", "mend it"}}
	if got := text(t, r); got != "OK       a                 fine\nWARNING  b                 hm\n                           -> mend it\n" {
		t.Errorf("%q", got)
	}
	var out bytes.Buffer
	if err := r.JSON(&out); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Worst    Level
		Findings Report
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back.Worst != Warning || !slices.Equal(back.Findings, r) {
		t.Errorf("%+v %v", back, err)
	}
	if r.ExitCode() != 0 || append(r, Finding{Level: Failure}).ExitCode() != 1 {
		t.Error("warnings alone do not fail; a failure does")
	}
}
