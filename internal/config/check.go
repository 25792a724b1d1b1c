package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Checked is what the program works with: the settings, understood and consistent.
type Checked struct {
	Place
	Public       *url.URL // scheme and host alone
	Trusted      []netip.Prefix
	AllowPrivate []netip.Prefix
	Zone         *time.Location
	LogLevel     slog.Level
	MailPassword Secret
	PeopleFolder string // absolute; "" for none
	ModelsFile   string // absolute; "" for none
}

// MailAddress returns host:port of the mail server, or "" when the installation sends no mail.
func (s *Settings) MailAddress() string {
	if s.MailHost == "" {
		return ""
	}
	return net.JoinHostPort(s.MailHost, strconv.Itoa(s.MailPort))
}

// Check returns what the program works with, or all that is wrong with the settings, as Problems. What it returns beside an
// error holds whatever was understood.
func (s *Settings) Check() (*Checked, error) {
	c := &checker{Settings: s}
	out := &Checked{}
	out.Place = *s.place(&c.problems)
	out.Public = c.publicURL()
	out.Trusted = c.networks("trusted-proxies", s.TrustedProxies)
	out.AllowPrivate = c.networks("allow-private-hosts", s.AllowPrivateHosts)
	c.listening(out.Public)
	c.internal()
	out.MailPassword = c.mail()
	c.limits()
	out.PeopleFolder = c.peopleFolder(out.Data)
	out.ModelsFile = c.modelsFile()
	var err error
	if out.Zone, err = time.LoadLocation(s.Timezone); err != nil || s.Timezone == "" || s.Timezone == "Local" {
		c.add("timezone", fmt.Sprintf("there is no time zone %q on this machine", s.Timezone), "write it as Europe/Brussels; on Debian the package tzdata holds them")
		out.Zone = time.UTC
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s.LogLevel) || out.LogLevel.UnmarshalText([]byte(s.LogLevel)) != nil {
		c.add("log-level", fmt.Sprintf("there is no level %q", s.LogLevel), "write debug, info, warn or error")
	}
	if s.LogFormat != "json" && s.LogFormat != "text" {
		c.add("log-format", fmt.Sprintf("there is no format %q", s.LogFormat), "write json or text")
	}
	return out, c.problems.orNil()
}

type checker struct {
	*Settings
	problems Problems
}

func (c *checker) add(setting, what, mend string) {
	c.problems = append(c.problems, Problem{What: what, Where: c.origin.where(setting), Mend: mend})
}

func (c *checker) publicURL() *url.URL {
	const example = "write it as https://tekentafel.stad.example"
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		c.add("public-url", fmt.Sprintf("%q is no address of a web site", c.PublicURL), example)
		return &url.URL{Scheme: "http", Host: "127.0.0.1"}
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		c.add("public-url", "the public address has more than a host", "leave out what stands behind the host; the program needs a host name of its own")
	}
	if u.Scheme == "http" && !Loopback(u.Hostname()) {
		c.add("public-url", "http to "+u.Hostname()+" sends passwords and answers readable over the network", "write https, and give tls-cert and tls-key or put a reverse proxy in front")
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}
}

// listening checks that what comes over a network is protected.
func (c *checker) listening(public *url.URL) {
	host, ok := c.hostPort("listen", c.Listen)
	tls := c.TLSCert != "" && c.TLSKey != ""
	if (c.TLSCert == "") != (c.TLSKey == "") {
		setting := "tls-cert"
		if c.TLSCert == "" {
			setting = "tls-key"
		}
		c.add(setting, "a certificate and its key go together", "give both tls-cert and tls-key, or none")
	}
	if c.BehindProxy && len(c.TrustedProxies) == 0 {
		c.add("behind-proxy", "behind a proxy whose address is not known all visitors look like one, and limits stop them all", "give the address of the proxy with trusted-proxies, as 127.0.0.1")
	}
	if ok && !tls && !c.BehindProxy && !Loopback(host) {
		c.add("listen", c.Listen+" is reached by other machines without protection", "give tls-cert and tls-key; or behind-proxy with trusted-proxies; or listen on 127.0.0.1")
	}
	if public.Scheme == "https" && !tls && !c.BehindProxy {
		c.add("public-url", "the public address is https and nothing here speaks it", "give tls-cert and tls-key, or behind-proxy with trusted-proxies")
	}
	if public.Scheme == "http" && tls {
		c.add("public-url", "the program speaks https and the public address is http", "write https in public-url")
	}
	if c.ShutdownGrace < time.Second || c.ShutdownGrace > 10*time.Minute {
		c.add("shutdown-grace", fmt.Sprintf("%s is too short or too long to stop in", c.ShutdownGrace), "give from 1s to 10m; systemd's TimeoutStopSec must be longer")
	}
}

func (c *checker) internal() {
	if c.InternalListen == "" {
		return
	}
	if _, ok := c.hostPort("internal-listen", c.InternalListen); ok && c.InternalListen == c.Listen {
		c.add("internal-listen", "the address is that of listen, so everyone would see the metrics", "give another port, as 127.0.0.1:9090")
	}
}

func (c *checker) hostPort(setting, address string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(address)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n > 65535 {
		c.add(setting, fmt.Sprintf("%q has no host and port", address), "write it as 127.0.0.1:8080, or as :8080 for all addresses of this machine")
		return "", false
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && host != "localhost" {
		c.add(setting, fmt.Sprintf("%q is no address of this machine", host), "write a number as 127.0.0.1 or [::1], or localhost")
		return "", false
	}
	return host, true
}

func (c *checker) networks(setting string, texts []string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range texts {
		text = strings.TrimSpace(text)
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, bad := netip.ParseAddr(text)
			if bad != nil {
				c.add(setting, fmt.Sprintf("%q is no network", text), "write it as 10.0.0.0/8, or as a single address")
				continue
			}
			p = netip.PrefixFrom(a.WithZone(""), a.BitLen())
		}
		if setting == "trusted-proxies" && p.Bits() == 0 {
			c.add(setting, text+" trusts everyone, so anyone can pretend to be at any address", "give the addresses of the proxies alone")
		}
		out = append(out, p.Masked())
	}
	return out
}

// mail checks how mail goes out and returns the password.
func (c *checker) mail() Secret {
	password := c.MailPassword
	if c.origin.flags["mail-password"] {
		c.add("mail-password", "the password stands in the command line, where every user of this machine sees it", "set TEKENTAFEL_MAIL_PASSWORD or mail-password-file")
	}
	if c.MailPasswordFile != "" {
		text, err := firstLine(c.MailPasswordFile)
		if err != nil {
			c.add("mail-password-file", "the password cannot be read: "+err.Error(), "check the file and its rights; it holds one line")
		}
		if password.IsSet() {
			c.add("mail-password-file", "the password is given twice", "leave mail-password or mail-password-file")
		}
		password = NewSecret(text)
	}
	if c.MailPort < 1 || c.MailPort > 65535 {
		c.add("mail-port", fmt.Sprintf("%d is no port", c.MailPort), "587 is usual with starttls, 465 with tls")
	}
	if c.MailPerMinute < 0 {
		c.add("mail-per-minute", "a limit below 0 means nothing", "give 0 for no limit")
	}
	if c.MailHost == "" {
		return password
	}
	if strings.ContainsAny(c.MailHost, ":/ @") && net.ParseIP(c.MailHost) == nil {
		c.add("mail-host", fmt.Sprintf("%q is no host name", c.MailHost), "write the name alone, and its port in mail-port")
	}
	switch c.MailSecurity {
	case "starttls", "tls":
	case "none":
		if !Loopback(c.MailHost) {
			c.add("mail-security", "mail to "+c.MailHost+" would travel unprotected", "write starttls or tls; none is for a server on this machine")
		}
	default:
		c.add("mail-security", fmt.Sprintf("there is no way %q to protect mail", c.MailSecurity), "write starttls, tls or none")
	}
	if (c.MailUser == "") != !password.IsSet() {
		c.add("mail-user", "the mail server wants a name and a password together", "give mail-user with mail-password or mail-password-file, or neither")
	}
	if _, err := mail.ParseAddress(c.MailFrom); err != nil {
		c.add("mail-from", fmt.Sprintf("%q is no sender", c.MailFrom), "write it as Tekentafel <noreply@stad.example>")
	}
	if _, err := mail.ParseAddress(c.MailReplyTo); err != nil && c.MailReplyTo != "" {
		c.add("mail-reply-to", fmt.Sprintf("%q is no address of mail", c.MailReplyTo), "write it as hr@stad.example")
	}
	return password
}

// peopleFolder checks the folder in which personnel systems leave their files and returns its absolute path.
func (c *checker) peopleFolder(data string) string {
	if c.PeopleFolder == "" {
		return ""
	}
	at, err := filepath.Abs(c.PeopleFolder)
	if err == nil {
		var info os.FileInfo
		if info, err = os.Stat(at); err == nil && !info.IsDir() {
			err = errors.New(at + " is no folder")
		}
	}
	if err != nil {
		c.add("people-folder", "the folder for personnel files cannot be used: "+err.Error(), "make it, and give it to the user of this program with the right to write in it")
		return ""
	}
	if in, err := filepath.Rel(data, at); err == nil && filepath.IsLocal(in) {
		c.add("people-folder", "the folder for personnel files lies in the data folder, so whoever may write there could reach the key and the database", "give a folder elsewhere")
	}
	return at
}

// modelsFile checks that the settings of the models can be read and returns their absolute path.
func (c *checker) modelsFile() string {
	if c.ModelsFile == "" {
		return ""
	}
	at, err := filepath.Abs(c.ModelsFile)
	if err == nil {
		var f *os.File
		if f, err = os.Open(at); err == nil {
			err = f.Close()
		}
	}
	if err != nil {
		c.add("models-file", "the settings of the models cannot be read: "+err.Error(), "give a file that the user of this program can read; docs/gateway.md shows one")
		return ""
	}
	return at
}

func (c *checker) limits() {
	if c.UploadLimit < 1<<20 || c.UploadLimit > 16<<30 {
		c.add("upload-limit", c.UploadLimit.String()+" is too little or too much for an upload", "give from 1MiB to 16GiB")
	}
	if c.RatePerMinute < 0 || c.RatePerMinute > 0 && c.RatePerMinute < 60 {
		c.add("rate-per-minute", fmt.Sprintf("%d requests in a minute do not show one page a second", c.RatePerMinute), "give at least 60, or 0 for no limit")
	}
	if c.SignInAttempts < 0 || c.SignInAttempts > 0 && c.SignInAttempts < 5 {
		c.add("sign-in-attempts", fmt.Sprintf("%d attempts in ten minutes shut people out", c.SignInAttempts), "give at least 5, or 0 for no limit")
	}
	if c.Workers < 1 || c.Workers > 64 {
		c.add("workers", fmt.Sprintf("%d workers cannot be", c.Workers), "give from 1 to 64; a report needs one")
	}
}

// Loopback tells whether a host of an address is this machine itself: localhost or a loopback address.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// envOf returns the environment variable of a setting.
func envOf(name string) string {
	return "TEKENTAFEL_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}
