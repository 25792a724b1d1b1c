package backend_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/wire"
)

const whole = `
backends:
  - name: own
    kind: vllm
    url: http://10.1.2.3:8000
    insecure: true
    key_file: /keys/own
    timeouts: {connect: 1s, first: 20s, between: 10s, whole: 5m}
    connections: 64
    headers: {X-Team: mensen}
  - {name: far, kind: openai, key_env: FAR_KEY}
  - {name: cloud, kind: azure, url: "https://stad.openai.azure.com", key_env: FAR_KEY, api_version: 2024-10-21, proxy: "http://proxy.stad.example:3128"}
  - {name: claude, kind: anthropic, key_env: FAR_KEY, headers: {anthropic-beta: a-1}}
  - {name: frans, kind: mistral, key_env: FAR_KEY}
  - {name: here, kind: ollama, url: "http://localhost:11434", shapes: [chat]}
  - {name: oefen, kind: practice, pace: 5ms}
models:
  - name: klein
    title: Klein model
    where: Eigen zaal, Gent
    group: klein
    context: 32768
    max_output: 4096
    images: true
    per_image: 1600
    tools: true
    countries: [BE]
    prices:
      - {from: "2026-01-01", input: "0.15", output: "0.60"}
    energy: {metered: [0.4, 0.6]}
    routes:
      - {backend: own, model: org/klein, weight: 3}
      - {backend: here, model: klein:8b, weight: 1}
      - {backend: far, model: gpt-small}
  - {name: vectors, embeds: true, prices: free, routes: [{backend: far, model: text-embedding-3-small}]}
  - {name: oefenmodel, prices: free, routes: [{backend: oefen}]}
`

const key = "sk-canary-1234567890"

func environment(name string) (string, bool) {
	if name == "FAR_KEY" {
		return key + "\n", true
	}
	return "", false
}

func files(name string) ([]byte, error) {
	switch name {
	case "/keys/own":
		return []byte("  own-canary\n"), nil
	case "/keys/empty":
		return []byte("\n"), nil
	case "/keys/spaces":
		return []byte("two canary-words"), nil
	}
	return nil, fs.ErrNotExist
}

func parse(src string) (*backend.Settings, error) {
	return backend.Parse("models.yaml", []byte(src), environment, files)
}

func TestSettingsSayWhereModelsRun(t *testing.T) {
	t.Parallel()
	s, err := parse(whole)
	if err != nil {
		t.Fatal(err)
	}
	own := s.Backends[0]
	if own.Kind != backend.VLLM || own.URL.Host != "10.1.2.3:8000" || own.Key.Reveal() != "own-canary" || own.First != 20*time.Second || own.Connections != 64 || own.Headers.Get("X-Team") != "mensen" {
		t.Errorf("%+v", own)
	}
	if far := s.Backends[1]; far.URL.String() != "https://api.openai.com/v1" || far.Key.Reveal() != key || far.Connect != 5*time.Second || len(far.Shapes) != 3 {
		t.Errorf("%+v", far)
	}
	if here := s.Backends[5]; len(here.Shapes) != 1 || here.Shapes[0] != wire.Chat {
		t.Errorf("%+v", here.Shapes)
	}
	m := s.Models[0]
	if m.Title != "Klein model" || m.MaxOutput != 4096 || m.PerImage != 1600 || !m.Tools || m.Countries[0] != "BE" || m.Practice {
		t.Errorf("%+v", m)
	}
	if v := s.Models[1]; v.Title != "vectors" || !v.Embeds || v.MaxOutput != 0 {
		t.Errorf("%+v", v)
	}
	if p := s.Models[2]; !p.Practice || p.MaxOutput == 0 || p.Context == 0 || s.Routes["oefenmodel"][0].Model != "oefenmodel" {
		t.Errorf("%+v", p)
	}
	if r := s.Routes["klein"]; len(r) != 3 || r[0] != (backend.Route{Backend: "own", Model: "org/klein", Weight: 3}) || r[2].Weight != 0 {
		t.Errorf("%+v", r)
	}
	rates, err := s.Prices.Rates("klein", time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || rates.Output.String() != "0.60" || s.Prices.Energy("klein") == nil {
		t.Errorf("%+v, %v", rates, err)
	}
}

func TestKeysShowThemselvesNowhere(t *testing.T) {
	t.Parallel()
	s, err := parse(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if out := fmt.Sprintf(form, s); strings.Contains(out, "canary") {
			t.Errorf("%s shows a key", form)
		}
	}
	for i := range s.Backends {
		if out := fmt.Sprintf("%+v", s.Backends[i]); strings.Contains(out, "canary") {
			t.Errorf("%s shows its key", s.Backends[i].Name)
		}
	}
}

func TestWithoutAFileThereIsThePracticeModelAlone(t *testing.T) {
	t.Parallel()
	s := backend.PracticeAlone()
	if len(s.Models) != 1 || !s.Models[0].Practice || s.Models[0].Title == "" || s.Models[0].Where == "" || len(s.Backends) != 1 {
		t.Errorf("%+v", s.Models)
	}
	if r, err := s.Prices.Rates(backend.PracticeName, time.Unix(0, 0)); err != nil || r.Output != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := backend.New(s, backend.Parts{}); err != nil {
		t.Error(err)
	}
}

const base = "backends: [{name: a, kind: vllm, url: \"https://a.example\"}]\nmodels: [{name: m, prices: free, routes: [{backend: a}]}]\n"

func TestWrongSettingsSayWhereAndHowToMendThem(t *testing.T) {
	t.Parallel()
	if _, err := parse(base); err != nil {
		t.Fatal(err)
	}
	inBackend := func(s string) string { return strings.Replace(base, `kind: vllm, url: "https://a.example"`, s, 1) }
	inModel := func(s string) string { return strings.Replace(base, "prices: free, routes: [{backend: a}]", s, 1) }
	for src, want := range map[string]string{
		"":                                       "the file is empty",
		"models: []":                             "no backend is named",
		"backends: []":                           "no model is named",
		base + "x: 1":                            "unknown key",
		inBackend(`kind: vlm, url: "https://a"`): "this kind is not known; use one of: openai, azure",
		inBackend(`kind: vllm`):                  "no address",
		inBackend(`kind: vllm, url: "http://10.0.0.1"`):                                                     "in the clear",
		inBackend(`kind: vllm, url: "http://a.example", insecure: false`):                                   "in the clear",
		inBackend(`kind: vllm, url: "https://root:pw-canary@a.example"`):                                    "holds a name or a password",
		inBackend(`kind: vllm, url: "https://a.example?key=canary"`):                                        "more than a path",
		inBackend(`kind: vllm, url: "http://169.254.169.254", insecure: true`):                              "link-local",
		inBackend(`kind: vllm, url: "https://[::ffff:169.254.169.254]"`):                                    "link-local",
		inBackend(`kind: vllm, url: "https://[fe80::1]"`):                                                   "link-local",
		inBackend(`kind: vllm, url: "https://[fd00:ec2::254]"`):                                             "link-local",
		inBackend(`kind: vllm, url: "https://metadata.google.internal"`):                                    "link-local",
		inBackend(`kind: vllm, url: "https://2852039166"`):                                                  "no address of a server",
		inBackend(`kind: vllm, url: "https://0xa9.0xfe.0xa9.0xfe"`):                                         "no address of a server",
		inBackend(`kind: vllm, url: "https://0.0.0.0"`):                                                     "link-local",
		inBackend(`kind: vllm, url: "file:///etc/passwd"`):                                                  "no address of a server",
		inBackend(`kind: vllm, url: "https://a.example", key: sk-canary`):                                   "unknown key \"key\"",
		inBackend(`kind: vllm, url: "https://a.example", key_env: sk-canary-1`):                             "not the name of a variable",
		inBackend(`kind: vllm, url: "https://a.example", key_env: NONE`):                                    "no variable NONE",
		inBackend(`kind: vllm, url: "https://a.example", key_env: FAR_KEY, key_file: x`):                    "two places",
		inBackend(`kind: vllm, url: "https://a.example", key_file: /keys/none`):                             "cannot be read",
		inBackend(`kind: vllm, url: "https://a.example", key_file: /keys/empty`):                            "is no key",
		inBackend(`kind: vllm, url: "https://a.example", key_file: /keys/spaces`):                           "is no key",
		inBackend(`kind: openai`):                                                                           "asks for one",
		inBackend(`kind: vllm, url: "https://a.example", api_version: 2024-10-21`):                          "no version of Azure",
		inBackend(`kind: vllm, url: "https://a.example", timeouts: {first: soon}`):                          "\"soon\" is no time",
		inBackend(`kind: vllm, url: "https://a.example", timeouts: {connect: 2h}`):                          "from 10ms to 1m0s",
		inBackend(`kind: vllm, url: "https://a.example", connections: -1`):                                  "at the same time",
		inBackend(`kind: vllm, url: "https://a.example", ca_file: /keys/own`):                               "no certificate",
		inBackend(`kind: vllm, url: "https://a.example", proxy: "http://u:canary@p:1"`):                     "no address of a proxy",
		inBackend(`kind: vllm, url: "https://a.example", headers: {Authorization: canary}`):                 "holds a secret",
		inBackend(`kind: vllm, url: "https://a.example", headers: {X-My-Token: canary}`):                    "holds a secret",
		inBackend(`kind: vllm, url: "https://a.example", headers: {idempotency-key: x}`):                    "not for the settings",
		inBackend(`kind: vllm, url: "https://a.example", headers: {"X\nY": a}`):                             "no header",
		inBackend(`kind: vllm, url: "https://a.example", shapes: [chats]`):                                  "no interface",
		inBackend(`kind: vllm, url: "https://a.example", shapes: []`):                                       "speaks no interface",
		inBackend(`kind: vllm, url: "https://a.example", pace: 1ms`):                                        "only the practice model",
		inBackend(`kind: practice, url: "https://a.example"`):                                               "runs inside this program",
		strings.Replace(base, "name: a,", "name: A b,", 1):                                                  "no name that can stand in figures",
		strings.Replace(base, "models:", "models2: []\nmodels:", 1):                                         "unknown key",
		inModel(`prices: free, routes: [{backend: aa}]`):                                                    "there is no backend \"aa\"",
		inModel(`prices: free, routes: []`):                                                                 "no route leads",
		inModel(`prices: free`):                                                                             "no route leads",
		inModel(`routes: [{backend: a}]`):                                                                   "no price",
		inModel(`prices: fre, routes: [{backend: a}]`):                                                      "found \"fre\"",
		inModel(`prices: free, routes: [{backend: a}, {backend: a}]`):                                       "stands there twice",
		inModel(`prices: free, routes: [{backend: a, weight: 0}]`):                                          "no weight",
		inModel(`prices: free, max_output: 10, context: 5, routes: [{backend: a}]`):                         "longer than question and answer",
		inModel(`prices: free, per_image: 10, routes: [{backend: a}]`):                                      "takes no images",
		inModel(`prices: free, embeds: true, tools: true, routes: [{backend: a}]`):                          "gives no answers",
		inModel(`prices: free, countries: [Belgium], routes: [{backend: a}]`):                               "is no country",
		inModel(`prices: free, context: -1, routes: [{backend: a}]`):                                        "no number of tokens",
		strings.Replace(base, "models: [", "models: [{name: M, prices: free, routes: [{backend: a}]}, ", 1): "two models are called",
		strings.Replace(strings.Replace(base, "backends: [", "backends: [{name: b, kind: practice}, ", 1), "[{backend: a}]", "[{backend: a}, {backend: b}]", 1):                                             "cannot stand in for a real one",
		strings.Replace(strings.Replace(base, "backends: [", "backends: [{name: b, kind: practice}, ", 1), "prices: free, routes: [{backend: a}]", "prices: free, embeds: true, routes: [{backend: b}]", 1): "makes no embeddings",
		strings.Replace(base, "backends: [", "backends: [{name: a, kind: practice}, ", 1):                                                                                                                   "two backends are called",
	} {
		_, err := parse(src)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v\nwant %q", src, err, want)
			continue
		}
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s\nshows what may be a secret: %v", src, err)
		}
	}
	_, err := parse("backends:\n  - {name: a, kind: vllm, url: \"http://b\"}\nmodels:\n  - {name: m, routes: [{backend: c}]}\n")
	if text := fmt.Sprint(err); !strings.Contains(text, "models.yaml:2:") || strings.Count(text, "\n") != 2 {
		t.Errorf("not all at once with its line: %v", err)
	}
}

func TestACertificateOfAnOwnAuthorityIsRead(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	s, err := backend.Parse("m", []byte(strings.Replace(base, "kind: vllm", "kind: vllm, ca_file: /ca", 1)), environment, func(name string) ([]byte, error) {
		if name == "/ca" {
			return cert, nil
		}
		return nil, errors.New("none")
	})
	if err != nil || s.Backends[0].Roots == nil {
		t.Error(err)
	}
}

func FuzzParseReadsOrRefuses(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(base))
	f.Add([]byte("backends:\n- {name: a, kind: practice}\nmodels:\n- {name: m, prices: free, routes: [{backend: a}]}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := backend.Parse("x", src, environment, files)
		if (s == nil) == (err == nil) {
			t.Fatalf("%v and %v", s, err)
		}
		if err != nil {
			if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "own-canary") {
				t.Fatal("the error shows a key")
			}
			return
		}
		if _, err := backend.New(s, backend.Parts{}); err != nil {
			t.Fatalf("settings that were read cannot be used: %v", err)
		}
	})
}
