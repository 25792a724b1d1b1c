package backend

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"tekentafel/internal/config"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/yamlfile"
)

// file is the settings as they are written.
type file struct {
	Backends []fileBackend `yaml:"backends"`
	Models   []fileModel   `yaml:"models"`
}

type fileBackend struct {
	Name        string            `yaml:"name"`
	Kind        Kind              `yaml:"kind"`
	URL         string            `yaml:"url"`
	KeyEnv      string            `yaml:"key_env"`
	KeyFile     string            `yaml:"key_file"`
	APIVersion  string            `yaml:"api_version"`
	Insecure    bool              `yaml:"insecure"`
	Timeouts    fileTimeouts      `yaml:"timeouts"`
	Connections int               `yaml:"connections"`
	CAFile      string            `yaml:"ca_file"`
	Proxy       string            `yaml:"proxy"`
	Headers     map[string]string `yaml:"headers"`
	Shapes      []string          `yaml:"shapes"`
	Pace        string            `yaml:"pace"`
}

type fileTimeouts struct {
	Connect string `yaml:"connect"`
	First   string `yaml:"first"`
	Between string `yaml:"between"`
	Whole   string `yaml:"whole"`
}

// parser reads one file.
type parser struct {
	*yamlfile.Reader
	env      func(string) (string, bool)
	readFile func(string) ([]byte, error)
	out      *Settings
	seen     map[string]bool // names of backends, also of those in which something is wrong
}

// Parse reads settings from YAML; name is what messages call the file. Keys and certificates come from the environment (env) and from files (readFile). The
// error is a *yamlfile.Problems that lists all that is wrong with its place; it holds no key.
func Parse(name string, src []byte, env func(string) (string, bool), readFile func(string) ([]byte, error)) (*Settings, error) {
	var f file
	problems := &yamlfile.Problems{}
	r := yamlfile.Read(name, src, &f, yamlfile.Form{MaxBytes: 1 << 20, MaxList: 1000, Large: "keep the settings of models under 1 MB",
		Empty: "write `backends:` and `models:`, or start without this file to have the practice model alone"}, problems)
	if r == nil {
		return nil, problems.Err()
	}
	p := &parser{Reader: r, env: env, readFile: readFile, out: &Settings{Routes: map[string][]Route{}}, seen: map[string]bool{}}
	if len(f.Backends) == 0 {
		p.At("backends", "no backend is named", "add one, such as `- {name: practice, kind: practice}`")
	}
	for i := range f.Backends {
		p.backend(fmt.Sprintf("backends[%d]", i), &f.Backends[i])
	}
	p.models(f.Models)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return p.out, nil
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

func (p *parser) backend(at string, f *fileBackend) {
	switch {
	case !nameForm.MatchString(f.Name):
		p.At(at+".name", "the backend has no name that can stand in figures", "write at most 40 small letters, digits, - and _")
	case p.seen[f.Name]:
		p.At(at+".name", "two backends are called "+yamlfile.Quote(f.Name), "give each a name of its own")
	}
	p.seen[f.Name] = true
	if !slices.Contains(Kinds(), f.Kind) {
		p.At(at+".kind", "this kind is not known", yamlfile.OneOf(Kinds()))
		return
	}
	b := practiceBackend(f.Name)
	if f.Kind == Practice {
		for _, key := range []string{"url", "key_env", "key_file", "api_version", "insecure", "timeouts", "connections", "ca_file", "proxy", "headers", "shapes"} {
			if p.Has(at + "." + key) {
				p.At(at+"."+key, "the practice model runs inside this program and has no "+key, "take it out")
			}
		}
		b.Pace = p.duration(at+".pace", f.Pace, defaultPace, 0, time.Second)
	} else {
		b = p.server(at, f)
	}
	p.out.Backends = append(p.out.Backends, b)
}

// server reads a backend that is another program.
func (p *parser) server(at string, f *fileBackend) Backend {
	b := Backend{Name: f.Name, Kind: f.Kind, APIVersion: f.APIVersion, Connections: f.Connections, Proxy: f.Proxy}
	if p.Has(at + ".pace") {
		p.At(at+".pace", "only the practice model has a pace", "take it out")
	}
	switch address := f.URL; {
	case address == "" && f.Kind.usual() == "":
		p.At(at+".url", "the backend has no address", "write url: https://host:port/v1")
	default:
		if address == "" {
			address = f.Kind.usual()
		}
		u, wrong := readURL(address, f.Insecure)
		if wrong != (fault{}) {
			p.At(at+".url", wrong.what, wrong.mend)
		}
		b.URL = u
	}
	b.Key = p.key(at, f)
	if f.APIVersion != "" && (f.Kind != Azure || !versionForm.MatchString(f.APIVersion)) {
		p.At(at+".api_version", "this is no version of Azure's interface", "write one such as 2024-10-21, for kind azure alone, or leave it out")
	}
	t := at + ".timeouts"
	b.Connect = p.duration(t+".connect", f.Timeouts.Connect, defaultConnect, 10*time.Millisecond, time.Minute)
	b.First = p.duration(t+".first", f.Timeouts.First, defaultFirst, 10*time.Millisecond, time.Hour)
	b.Between = p.duration(t+".between", f.Timeouts.Between, defaultBetween, 10*time.Millisecond, time.Hour)
	b.Whole = p.duration(t+".whole", f.Timeouts.Whole, defaultWhole, 10*time.Millisecond, 6*time.Hour)
	if f.Connections < 0 || f.Connections > 100_000 {
		p.At(at+".connections", "this is no number of requests at the same time", "write one from 1 to 100000, or 0 for no limit")
	}
	b.Roots = p.roots(at+".ca_file", f.CAFile)
	if f.Proxy != "" && f.Proxy != proxyEnvironment {
		if u, err := url.Parse(f.Proxy); err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
			p.At(at+".proxy", "this is no address of a proxy", "write http://host:port without a name or password, or the word environment")
		}
	}
	b.Headers = p.headers(at+".headers", f.Headers)
	b.Shapes = p.shapes(at, f)
	return b
}

// proxyEnvironment says that the proxy is that of the environment (HTTPS_PROXY, NO_PROXY).
const proxyEnvironment = "environment"

var (
	versionForm  = regexp.MustCompile(`^(\d{4}-\d\d-\d\d(-preview)?|preview|latest|v1)$`)
	variableForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,99}$`)
)

// key reads a key from where the settings say that it is. Messages hold neither the key nor what may be one by mistake.
func (p *parser) key(at string, f *fileBackend) config.Secret {
	var text string
	field := at + ".key_env"
	switch {
	case f.KeyEnv != "" && f.KeyFile != "":
		p.At(field, "the key is said to be in two places", "keep one of key_env and key_file")
		return config.Secret{}
	case f.KeyEnv != "":
		if !variableForm.MatchString(f.KeyEnv) {
			p.At(field, "this is not the name of a variable of the environment; if it is the key itself, it is not secret any more", "write the name of a variable, such as OPENAI_KEY, and put the key in it")
			return config.Secret{}
		}
		var ok bool
		if text, ok = p.env(f.KeyEnv); !ok {
			p.At(field, "the environment has no variable "+f.KeyEnv, "set it to the key before the program starts, or use key_file")
			return config.Secret{}
		}
	case f.KeyFile != "":
		field = at + ".key_file"
		src, err := p.readFile(f.KeyFile)
		if err != nil {
			p.At(field, "the file with the key cannot be read", "check that it is there and that the user of this program may read it")
			return config.Secret{}
		}
		text = string(src)
	case f.Kind.keyed():
		p.At(at, "the backend has no key, and this kind asks for one", "write key_env with the name of a variable of the environment, or key_file with that of a file")
		return config.Secret{}
	default:
		return config.Secret{}
	}
	if text = strings.TrimSpace(text); text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		p.At(field, "what stands there is no key: it is empty, or holds spaces or other signs", "put the key there, on one line")
		return config.Secret{}
	}
	return config.NewSecret(text)
}

func (p *parser) duration(at, text string, usual, least, most time.Duration) time.Duration {
	if text == "" && !p.Has(at) {
		return usual
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < least || d > most {
		p.At(at, yamlfile.Quote(text)+" is no time that fits here", fmt.Sprintf("write one such as 30s or 2m, from %v to %v", least, most))
		return usual
	}
	return d
}

func (p *parser) roots(at, path string) *x509.CertPool {
	if path == "" {
		return nil
	}
	src, err := p.readFile(path)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(src) {
		p.At(at, "no certificate can be read from this file", "write the path of a PEM file with the certificate of the authority")
		return nil
	}
	return pool
}

// reserved are headers that the program sets by itself, or that would make net/http send a request a second time.
var reserved = []string{"Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Te", "Trailer", "Upgrade", "Expect",
	"Accept-Encoding", "Idempotency-Key", "X-Idempotency-Key", HopsHeader}

var secretWords = []string{"auth", "key", "token", "secret", "cookie", "password", "credential"}

func (p *parser) headers(at string, list map[string]string) http.Header {
	out := http.Header{}
	for name, value := range list {
		canonical, lower := http.CanonicalHeaderKey(name), strings.ToLower(name)
		switch {
		case slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(lower, w) }) && !slices.Contains(reserved, canonical):
			p.At(at+"."+name, "this header holds a secret, or is called so", "take it out; the key goes in key_env or key_file")
		case slices.Contains(reserved, canonical):
			p.At(at+"."+name, "this header is not for the settings", "take it out")
		case !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value):
			p.At(at+"."+name, "this is no header", "write a name and a value on one line")
		default:
			out.Set(name, value)
		}
	}
	return out
}

var shapeWords = []string{"chat", "responses", "embeddings", "messages"}

func (p *parser) shapes(at string, f *fileBackend) []wire.Shape {
	if !p.Has(at + ".shapes") {
		return f.Kind.shapes()
	}
	words := map[string]wire.Shape{"chat": wire.Chat, "responses": wire.Responses, "embeddings": wire.Embeddings, "messages": wire.Messages}
	var out []wire.Shape
	for i, w := range f.Shapes {
		s, ok := words[w]
		if !ok {
			p.At(fmt.Sprintf("%s.shapes[%d]", at, i), yamlfile.Quote(w)+" is no interface", yamlfile.OneOf(shapeWords))
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		p.At(at+".shapes", "the backend speaks no interface", yamlfile.OneOf(shapeWords))
	}
	return out
}
