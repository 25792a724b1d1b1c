package check_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/check"
	"tekentafel/internal/gateway/mock"
)

const key = "sk-canary-1"

func run(t *testing.T, src, model string) check.Report {
	t.Helper()
	s, err := backend.Parse("m", []byte(src), func(string) (string, bool) { return key, true }, func(string) ([]byte, error) { return nil, fs.ErrNotExist })
	if err != nil {
		t.Fatal(err)
	}
	r, err := check.Run(t.Context(), s, check.Options{Now: clock.System(), Model: model})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func settings(url string) string {
	return fmt.Sprintf("backends: [{name: a, kind: vllm, url: %q, key_env: KEY, timeouts: {connect: 1s, first: 1s, between: 1s, whole: 1500ms}}]\nmodels: [{name: m, tools: true, prices: free, routes: [{backend: a, model: far}]}]", url)
}

// levels returns how each check ended.
func levels(r check.Report) map[string]check.Level {
	out := map[string]check.Level{}
	for _, f := range r {
		out[f.Check] = f.Level
	}
	return out
}

func serve(t *testing.T, m *mock.Server) string {
	t.Helper()
	url, stop, err := m.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

func TestABackendThatWorksIsWell(t *testing.T) {
	t.Parallel()
	m := &mock.Server{Key: key, Keep: true}
	m.Script(mock.Behaviour{}, mock.Behaviour{}, mock.Behaviour{Tool: true})
	r := run(t, settings(serve(t, m)), "")
	if r.ExitCode() != 0 || len(r) != 9 {
		t.Errorf("%+v", r)
	}
	for name, level := range levels(r) {
		if level != check.OK {
			t.Errorf("%s: %s", name, level)
		}
	}
	for _, body := range m.Received() {
		if !strings.Contains(string(body), check.Question) {
			t.Errorf("it sent %s", body)
		}
	}
}

func TestEachFaultIsNamedWithItsMend(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	_ = l.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
	t.Cleanup(page.Close)
	for name, c := range map[string]struct {
		url   string
		mock  *mock.Server
		check string
		level check.Level
		say   string
	}{
		"nobody":      {url: nobody, check: "reach", level: check.Failure, say: "not reached"},
		"a page":      {url: page.URL, check: "answer", level: check.Failure, say: "form that is not right"},
		"another key": {mock: &mock.Server{Key: "other"}, check: "key", level: check.Failure, say: "does not accept the key"},
		"no model":    {mock: &mock.Server{Default: mock.Behaviour{Status: 404}}, check: "answer", level: check.Failure, say: "does not have this model"},
		"busy":        {mock: &mock.Server{Default: mock.Behaviour{Status: 429}}, check: "answer", level: check.Failure, say: "no room"},
		"refused":     {mock: &mock.Server{Default: mock.Behaviour{Status: 400}}, check: "answer", level: check.Failure, say: "refuses the request: a fault that was asked for"},
		"failed":      {mock: &mock.Server{Default: mock.Behaviour{Status: 500}}, check: "answer", level: check.Failure, say: "the server failed"},
		"hangs":       {mock: &mock.Server{Default: mock.Behaviour{Hang: true}}, check: "answer", level: check.Failure, say: "no answer came in time"},
		"closes":      {mock: &mock.Server{Default: mock.Behaviour{Close: true}}, check: "answer", level: check.Failure, say: "broke off"},
		"no usage":    {mock: &mock.Server{Default: mock.Behaviour{NoUsage: true}}, check: "usage", level: check.Warning, say: "does not tell"},
		"no tools":    {mock: &mock.Server{}, check: "tools", level: check.Warning, say: "with words"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := c.url
			if c.mock != nil {
				url = serve(t, c.mock)
			}
			r := run(t, settings(url), "")
			found := false
			for _, f := range r {
				if f.Level != check.OK && f.Level != check.Skipped && f.Mend == "" {
					t.Errorf("nothing says how to mend %+v", f)
				}
				found = found || f.Check == c.check && f.Level == c.level && strings.Contains(f.Found, c.say)
			}
			if want := map[check.Level]int{check.Failure: 1}[c.level]; !found || r.ExitCode() != want {
				t.Errorf("%+v", r)
			}
			var text, doc bytes.Buffer
			if r.Text(&text) != nil || r.JSON(&doc) != nil || strings.Contains(text.String()+doc.String(), key) || !strings.HasPrefix(text.String(), "m on a (far)\n") {
				t.Errorf("%s", text.String())
			}
			var back struct {
				Well     bool
				Findings []check.Finding
			}
			if err := json.Unmarshal(doc.Bytes(), &back); err != nil || len(back.Findings) != len(r) || back.Well != (r.ExitCode() == 0) {
				t.Errorf("%v: %s", err, doc.String())
			}
		})
	}
}

func TestEachRouteIsLookedAtByItself(t *testing.T) {
	t.Parallel()
	good, bad := &mock.Server{}, &mock.Server{Default: mock.Behaviour{Status: 503}}
	src := fmt.Sprintf(`
backends: [{name: a, kind: vllm, url: %q}, {name: b, kind: vllm, url: %q}, {name: c, kind: practice, pace: 0s}]
models:
  - {name: m, prices: free, routes: [{backend: a}, {backend: b}]}
  - {name: v, embeds: true, prices: [{from: "2999-01-01", input: "1", output: "1"}], routes: [{backend: b}]}
  - {name: oefen, prices: free, routes: [{backend: c}]}`, serve(t, bad), serve(t, good))
	r := run(t, src, "")
	ends := map[string]check.Level{}
	for _, f := range r {
		if f.Check == "answer" || f.Check == "embeddings" || f.Check == "price" {
			ends[f.Model+f.Backend+f.Check] = f.Level
		}
	}
	for name, want := range map[string]check.Level{"maanswer": check.Failure, "mbanswer": check.OK, "vbembeddings": check.OK, "vbprice": check.Failure, "ocanswer": ""} {
		if ends[name] != want {
			t.Errorf("%s: %q, want %q", name, ends[name], want)
		}
	}
	if ends["oefencanswer"] != check.OK {
		t.Errorf("%v", ends)
	}
	if one := run(t, src, "oefen"); one.ExitCode() != 0 || one[0].Model != "oefen" {
		t.Errorf("%+v", one)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	if _, err := check.Run(ctx, backend.PracticeAlone(), check.Options{Now: clock.System()}); err == nil {
		t.Error("it goes on when it is stopped")
	}
}
