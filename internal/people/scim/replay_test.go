package scim_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
)

// exchange is a request of a directory and what it expects. In want, "$some" is any value, "$none" none; what is not named may be
// anything. ${name} stands for a value that an earlier exchange kept.
type exchange struct {
	Name    string            `json:"name"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	IfMatch string            `json:"ifMatch,omitempty"`
	Body    json.RawMessage   `json:"body,omitzero"`
	Status  int               `json:"status"`
	Want    any               `json:"want,omitempty"`
	Keep    map[string]string `json:"keep,omitempty"` // name to attribute: {"user": "id", "version": "meta.version"}
}

func TestExchangesOfDirectoriesAreAnsweredAsTheyExpect(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d recordings: %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var all []exchange
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) { replay(t, newPlace(t, d), all) })
		})
	}
}

func replay(t *testing.T, p *place, all []exchange) {
	known := values{"base": publicBase}
	for _, e := range all {
		fill := known.fill(t)
		var set []string
		if e.IfMatch != "" {
			set = []string{"If-Match", known[strings.Trim(e.IfMatch, "${}")]}
		}
		w, got := p.send(e.Method, fill.Replace(e.Path), key, fill.Replace(string(e.Body)), set...)
		if w.Code != e.Status {
			t.Fatalf("%s: %d, want %d: %s", e.Name, w.Code, e.Status, w.Body)
		}
		for name, attribute := range e.Keep {
			known[name] = fmt.Sprint(value(got, attribute))
		}
		raw, err := json.Marshal(e.Want)
		var want any
		if err == nil {
			err = json.Unmarshal([]byte(known.fill(t).Replace(string(raw))), &want)
		}
		if err != nil {
			t.Fatal(err)
		}
		if e.Want != nil {
			if where := differs(want, any(got), ""); where != "" {
				t.Fatalf("%s: %s: %s", e.Name, where, w.Body)
			}
		} else if e.Status == 204 && w.Body.Len() > 0 {
			t.Fatalf("%s: an answer without content has some: %s", e.Name, w.Body)
		}
	}
}

// values are what earlier exchanges kept, by name.
type values map[string]string

// fill writes them in JSON and in addresses.
func (v values) fill(t *testing.T) *strings.Replacer {
	t.Helper()
	var pairs []string
	for name, x := range v {
		raw, err := json.Marshal(x) // a version has quotes
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, "${"+name+"}", string(raw[1:len(raw)-1]))
	}
	return strings.NewReplacer(pairs...)
}

// value returns an attribute, or one below it: "meta.version".
func value(of map[string]any, attribute string) any {
	name, sub, deeper := strings.Cut(attribute, ".")
	if m, ok := of[name].(map[string]any); ok && deeper {
		return value(m, sub)
	}
	return of[name]
}

// differs says where got is not what want says.
func differs(want, got any, at string) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return at + " is no object"
		}
		for k, v := range w {
			if where := differs(v, g[k], at+"."+k); where != "" {
				return where
			}
		}
		return ""
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			return fmt.Sprintf("%s has %d values, want %d", at, len(g), len(w))
		}
		for i := range w {
			if where := differs(w[i], g[i], fmt.Sprintf("%s[%d]", at, i)); where != "" {
				return where
			}
		}
		return ""
	case string:
		if w == "$some" && got != nil || w == "$none" && got == nil {
			return ""
		}
	}
	if want != got {
		return fmt.Sprintf("%s is %v, want %v", at, got, want)
	}
	return ""
}
