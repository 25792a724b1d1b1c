package scim_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/testkit/node"
)

var record = flag.Bool("record", false, "write testdata/recorded_scimmy.json anew, from what the client sends")

func TestAClientThatIsNotOursProvisionsADirectory(t *testing.T) {
	t.Parallel()
	client := others(t)
	r := &recorder{of: newPlace(t, dbtest.SQLite(t)).server}
	server := httptest.NewServer(r)
	defer server.Close()
	said := node.Do[struct{ Steps, Wrong []string }](client, "provision", map[string]string{"base": server.URL + scim.Prefix, "key": key})
	for _, w := range said.Wrong {
		t.Error(w)
	}
	if len(said.Steps) != len(r.all) || len(said.Steps) < 30 {
		t.Fatalf("the client tells of %d requests, %d came", len(said.Steps), len(r.all))
	}
	const file = "testdata/recorded_scimmy.json"
	now := r.written(t, said.Steps)
	if *record && !t.Failed() {
		if err := os.WriteFile(file, []byte(now), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if was, err := os.ReadFile(file); err != nil || string(was) != now {
		t.Errorf("%s is not what goes over the line now (%v): look why, then go test ./internal/people/scim -run %s -record", file, err, t.Name())
	}
}

// recorder keeps what goes over the line.
type recorder struct {
	of  http.Handler
	mu  sync.Mutex
	all []passed
}

type passed struct {
	method, path, match string
	asked, answered     []byte
	status              int
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock() // one at a time, so that they are in order
	defer r.mu.Unlock()
	asked, err := io.ReadAll(q.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	q.Body = io.NopCloser(bytes.NewReader(asked))
	kept := httptest.NewRecorder()
	r.of.ServeHTTP(kept, q)
	r.all = append(r.all, passed{q.Method, strings.TrimPrefix(q.URL.RequestURI(), scim.Prefix), q.Header.Get("If-Match"), asked, kept.Body.Bytes(), kept.Code})
	for name, values := range kept.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(kept.Code)
	_, _ = w.Write(kept.Body.Bytes()) // the client may have left
}

// written returns the exchanges as they are kept: ids and versions under a name; dates and texts for people as "$some".
func (r *recorder) written(t *testing.T, steps []string) string {
	t.Helper()
	names := masks{}
	lines := make([]string, len(r.all))
	for i, x := range r.all {
		e := exchange{Name: steps[i], Method: x.method, Path: names.hide(x.path), Status: x.status}
		if len(x.asked) > 0 {
			e.Body = json.RawMessage(names.hide(string(x.asked)))
		}
		if x.match != "" {
			e.IfMatch = "${" + versionName(names[path.Base(x.path)], x.match) + "}"
		}
		if len(x.answered) > 0 {
			var got map[string]any
			if err := json.Unmarshal(x.answered, &got); err != nil {
				t.Fatal(err)
			}
			e.Keep = names.learn(got)
			e.Want = names.masked(got)
		}
		var line strings.Builder
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(e); err != nil {
			t.Fatal(err)
		}
		lines[i] = strings.TrimSpace(line.String())
	}
	return "[\n " + strings.Join(lines, ",\n ") + "\n]\n"
}

// masks are the names of what differs from one recording to the next, by the id of a resource.
type masks map[string]string

// versionName is under which name a version of a resource is kept: "user1-v2".
func versionName(resource, version string) string {
	return resource + "-v" + strings.Trim(version, `W/"`)
}

// learn names the resource of an answer and its version, and returns what a replay keeps of the answer.
func (m masks) learn(got map[string]any) map[string]string {
	id, _ := got["id"].(string)
	version, ok := value(got, "meta.version").(string)
	if !ok {
		return nil
	}
	keep := map[string]string{}
	if m[id] == "" {
		m[id] = fmt.Sprintf("%s%d", strings.ToLower(fmt.Sprint(value(got, "meta.resourceType"))), len(m)+1)
		keep[m[id]] = "id"
	}
	keep[versionName(m[id], version)] = "meta.version"
	return keep
}

// hide writes names in a text.
func (m masks) hide(text string) string {
	text = strings.ReplaceAll(text, publicBase, "${base}")
	for id, name := range m {
		text = strings.ReplaceAll(text, id, "${"+name+"}")
	}
	return text
}

func (m masks) masked(v any) any {
	switch v := v.(type) {
	case string:
		return m.hide(v)
	case []any:
		for i := range v {
			v[i] = m.masked(v[i])
		}
	case map[string]any:
		for k := range v {
			switch k {
			case "created", "lastModified", "version", "description", "detail":
				v[k] = "$some"
			default:
				v[k] = m.masked(v[k])
			}
		}
	}
	return v
}
