package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"

	"tekentafel/internal/seal"
)

// serve is a command as the program has it.
type serve struct {
	Settings
	Force bool `name:"force"`
}

// parse gives arguments, and a settings file unless it is "", to kong, as the program does.
func parse(t *testing.T, file string, args ...string) (*serve, error) {
	t.Helper()
	var cli struct {
		Serve serve `cmd:""`
	}
	parser, err := kong.New(&cli, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"serve"}, args...)
	if file != "" {
		args = append(args, "--config", write(t, "settings.yaml", file))
	}
	_, err = parser.Parse(args)
	return &cli.Serve, err
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsAloneAreValid(t *testing.T) {
	t.Setenv("STATE_DIRECTORY", "/srv/a:/srv/b")
	s, err := parse(t, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Check()
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/srv/a" || c.Database.Reveal() != "/srv/a/tekentafel.db" || c.KeyFile != "/srv/a/key" || c.PostgreSQL {
		t.Errorf("%+v %s", c.Place, c.Database.Reveal())
	}
	if c.Public.String() != "http://127.0.0.1:8080" || c.Zone.String() != "Europe/Brussels" || s.UploadLimit != 256e6 {
		t.Errorf("%+v", c)
	}
}

func TestFlagComesBeforeEnvironmentBeforeFileBeforeDefault(t *testing.T) {
	const file = "workers: 3\nmail-port: 25\nbehind-proxy: true\nupload-limit: 1GiB\ntrusted-proxies: [10.0.0.1, 10.1.0.0/16]\nshutdown-grace: 5s"
	t.Setenv("TEKENTAFEL_MAIL_PORT", "26")
	t.Setenv("TEKENTAFEL_LOG_LEVEL", "warn")
	s, err := parse(t, file, "--log-level", "debug")
	if err != nil {
		t.Fatal(err)
	}
	if s.Workers != 3 || s.MailPort != 26 || s.LogLevel != "debug" || s.MailSecurity != "starttls" || s.UploadLimit != 1<<30 || !s.BehindProxy {
		t.Errorf("%+v", s.Settings)
	}
	if len(s.TrustedProxies) != 2 {
		t.Errorf("%q", s.TrustedProxies)
	}
	for name, want := range map[string]string{"log-level": "--log-level", "mail-port": "TEKENTAFEL_MAIL_PORT", "workers": "settings.yaml:1", "mail-user": "--mail-user"} {
		if got := s.origin.where(name); !strings.HasSuffix(got, want) {
			t.Errorf("%s comes from %s, not from %s", name, got, want)
		}
	}
	t.Setenv("TEKENTAFEL_CONFIG", write(t, "other.yaml", "workers: 7"))
	if s, err = parse(t, ""); err != nil || s.Workers != 7 {
		t.Errorf("the file that the environment names: %d, %v", s.Workers, err)
	}
}

func TestFileThatIsWrongIsRefusedWithLineAndMend(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, where, says string }{
		{"workers: 2\nworkrs: 3", ":2", "did you mean workers?"},
		{"quite-something-else: 3", ":1", "docs/settings.md"},
		{"workers: 2\nlisten: 127.0.0.1:1\nworkers: 3", ":3", "line 1 already"},
		{"workers: many", ":1", `"many" is no whole number for workers`},
		{"behind-proxy: perhaps", ":1", "true or false"},
		{"shutdown-grace: 5", ":1", "30s"},
		{"upload-limit: 5 apples", ":1", "64MB"},
		{"workers:", ":1", "no value"},
		{"workers: [1, 2]", ":1", "single value"},
		{"trusted-proxies: [[1]]", ":1", "list of texts"},
		{"mail: {host: a}", ":1", `no setting "mail"`},
		{"config: other.yaml", ":1", `no setting "config"`},
		{"- workers", ":1", "no list of settings"},
		{"workers: 2\n---\nworkers: 3", ":2", "second document"},
		{"workers: 2\n\tlisten: x", ":2", "no YAML"},
		{"listen: &a x\npublic-url: *a", ":2", "single value"},
		{strings.Repeat("#", maxFile+1), ":1", "larger than 1 MiB"},
	} {
		_, err := parse(t, c.file)
		if err == nil || !strings.Contains(err.Error(), "settings.yaml"+c.where+":") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.40q: %v", c.file, err)
		}
	}
	for _, empty := range []string{"# nothing\n", "---\n", " \n"} {
		if _, err := parse(t, empty); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
	if _, err := parse(t, "", "--config", "/nonexistent/s.yaml"); err == nil || !strings.Contains(err.Error(), "--config") {
		t.Error(err)
	}
}

func TestEveryProblemOfTheSettingsIsNamedAtOnce(t *testing.T) {
	t.Setenv("TEKENTAFEL_MAIL_SECURITY", "magic")
	s, err := parse(t, "rate-per-minute: 3\nmail-host: a b", "--listen", "0.0.0.0:8080", "--log-level", "loud", "--workers", "0")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Check()
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"settings.yaml:1: 3 requests", "settings.yaml:2: \"a b\"", "--listen: 0.0.0.0:8080", "--log-level: there is no level \"loud\"", "--workers: 0 workers", "TEKENTAFEL_MAIL_SECURITY: there is no way \"magic\"", "--mail-from"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said:\n%v", want, err)
		}
	}
	for _, p := range problems {
		if p.What == "" || p.Where == "" || p.Mend == "" {
			t.Errorf("%+v lacks something", p)
		}
	}
}

func TestWrongSettingsAreRefusedWithTheirMend(t *testing.T) {
	t.Parallel()
	secret := write(t, "secret", "one\ntwo\n")
	for _, c := range []struct{ args, says string }{
		{"--public-url ftp://a", "is no address of a web site"},
		{"--public-url https://a.example", "nothing here speaks it"},
		{"--public-url http://a.example", "readable over the network"},
		{"--public-url http://127.0.0.1:8080/path", "more than a host"},
		{"--public-url http://localhost --tls-cert c --tls-key k", "write https in public-url"},
		{"--tls-cert c", "give both tls-cert and tls-key"},
		{"--behind-proxy", "all visitors look like one"},
		{"--behind-proxy --trusted-proxies 0.0.0.0/0", "trusts everyone"},
		{"--trusted-proxies here", "is no network"},
		{"--allow-private-hosts 10.0.0.0/40", "is no network"},
		{"--listen 8080", "has no host and port"},
		{"--listen stad.example:80", "is no address of this machine"},
		{"--listen :8080", "without protection"},
		{"--internal-listen 127.0.0.1:8080", "everyone would see the metrics"},
		{"--shutdown-grace 1ms", "too short or too long"},
		{"--mail-host m.example --mail-from a@b.example --mail-security none", "unprotected"},
		{"--mail-host m.example --mail-from a@b.example --mail-user u", "a name and a password together"},
		{"--mail-host m.example --mail-from nobody", "is no sender"},
		{"--mail-host m.example:25 --mail-from a@b.example", "is no host name"},
		{"--mail-host m.example --mail-from a@b.example --mail-reply-to x", "no address of mail"},
		{"--mail-password hunter2", "in the command line"},
		{"--mail-password-file " + secret, "more than one line"},
		{"--mail-port 0", "is no port"},
		{"--mail-per-minute=-1", "below 0"},
		{"--upload-limit 1kB", "too little or too much"},
		{"--sign-in-attempts 1", "shut people out"},
		{"--timezone Mars/Base", "no time zone"},
		{"--timezone Local", "no time zone"},
		{"--people-folder /nowhere/at/all", "cannot be used"},
		{"--people-folder /dev/null", "is no folder"},
		{"--models-file /nowhere/at/all", "cannot be read"},
		{"--log-format xml", "write json or text"},
		{"--key " + seal.NewKey(), "in the command line"},
		{"--database mysql://a/b", "are not known"},
		{"--database postgres://a:%zz@b/c", "is no URL"},
		{"--database postgres://host", "names no database"},
		{"--database postgres://host/db", "the same on each node"},
		{"--database postgres://host/db", "without a protection"},
		{"--database postgres://host/db?sslmode=prefer", "without a protection"},
		{"--database postgres://host/db?sslmode=require", "without a protection"},
		{"--database postgres://127.0.0.1/db?host=10.0.0.3", "without a protection"},
		{"--database a --database-file b", "given twice"},
		{"--database-file /nonexistent", "cannot be read"},
	} {
		s, err := parse(t, "", strings.Fields(c.args)...)
		if err != nil {
			t.Errorf("%s: %v", c.args, err)
			continue
		}
		if _, err = s.Check(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.args, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the password is shown: %v", err)
		}
	}
}

func TestSettingsOfARealInstallationAreTaken(t *testing.T) {
	t.Setenv("TEKENTAFEL_KEY", seal.NewKey())
	s, err := parse(t, "", "--database-file", write(t, "db", "postgres://u:p@h:5432/d?sslmode=verify-full\n"), "--listen", "0.0.0.0:8080", "--behind-proxy", "--trusted-proxies", "10.0.0.7,fd00::/8",
		"--public-url", "https://Teken.stad.example/", "--mail-host", "mail.stad.example", "--mail-from", "T <t@stad.example>", "--mail-user", "u", "--mail-password-file", write(t, "pw", "secret\n"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Check()
	if err != nil {
		t.Fatal(err)
	}
	if !c.PostgreSQL || c.Database.Reveal() != "postgres://u:p@h:5432/d?sslmode=verify-full" || c.MailPassword.Reveal() != "secret" || c.Public.String() != "https://teken.stad.example" || s.MailAddress() != "mail.stad.example:587" {
		t.Errorf("%+v", c)
	}
	if fmt.Sprint(c.Trusted) != "[10.0.0.7/32 fd00::/8]" {
		t.Error(c.Trusted)
	}
	if box, err := c.OpenKey(); err != nil || box == nil {
		t.Error(err)
	}
}

func TestSecretIsShownNowhere(t *testing.T) {
	t.Parallel()
	const text = "hunter2"
	type inner struct{ hiddenField Secret }
	type outer struct {
		Open Secret
		In   inner
		Ptr  *Secret
		List []Secret
		Map  map[string]Secret
	}
	s := NewSecret(text)
	v := outer{s, inner{s}, &s, []Secret{s}, map[string]Secret{"a": s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb, s)
		fmt.Fprintf(&out, verb, v)
		fmt.Fprintf(&out, verb, &v)
	}
	for _, encode := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		data, err := encode(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(data)
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(h).Info("x", "secret", s, "all", v, "group", slog.GroupValue(slog.Any("s", s)))
	}
	fmt.Fprint(&out, fmt.Errorf("wrong: %v", s))
	if strings.Contains(out.String(), text) || strings.Contains(out.String(), fmt.Sprintf("%x", text)) {
		t.Errorf("the secret is shown: %s", out.String())
	}
	if !strings.Contains(out.String(), hidden) || s.Reveal() != text || (Secret{}).String() != "" || v.In.hiddenField.Reveal() != text {
		t.Error("a set secret shows as ***, one that is not set as nothing")
	}
}

func TestSizeIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Size{"0": 0, "17": 17, "64MB": 64e6, "64MiB": 64 << 20, "1 GiB": 1 << 30, "2kB": 2000, "5B": 5} {
		var s, again Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("%s: %d %v", text, s, err)
		}
		if err := again.UnmarshalText([]byte(s.String())); err != nil || again != s {
			t.Errorf("%s is written as %s: %v", text, s, err)
		}
	}
	var s Size
	for _, text := range []string{"", "-1", "1TBx", "MB", "99999999999GiB", "1.5MB"} {
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken as %d", text, s)
		}
	}
}

func TestKeyIsMadeOnceAndNeverBesideADatabase(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	p := &Place{Data: dir, Database: NewSecret(filepath.Join(dir, databaseName)), KeyFile: filepath.Join(dir, keyName)}
	if _, err := p.OpenKey(); !errors.Is(err, ErrNoKey) {
		t.Fatal(err)
	}
	first, made, err := p.OpenOrMakeKey()
	if err != nil || !made {
		t.Fatal(made, err)
	}
	info, err := os.Stat(p.KeyFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	again, made, err := p.OpenOrMakeKey()
	if err != nil || made || again.Fingerprint() != first.Fingerprint() {
		t.Fatal(made, err)
	}
	if err := os.Rename(p.KeyFile, p.KeyFile+".lost"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.Database.Reveal(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.OpenOrMakeKey(); !errors.Is(err, ErrNoKey) || !strings.Contains(err.Error(), "keep a copy") {
		t.Errorf("a key was made beside a database: %v", err)
	}
	elsewhere := &Place{Data: dir, Database: NewSecret("none"), KeyFile: filepath.Join(t.TempDir(), "k")}
	if _, _, err := elsewhere.OpenOrMakeKey(); !errors.Is(err, ErrNoKey) {
		t.Errorf("a key was made at a place that was named: %v", err)
	}
	for text, says := range map[string]string{"": "is empty", "short": "32 bytes", "a\nb": "more than one line"} {
		p.KeyFile = write(t, "key", text)
		if _, err := p.OpenKey(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
