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
	"tekentafel/internal/people/scim"
)

// exchange is a request of a directory and what it expects. In want, "$some" is any value, "$none" none; what is not named may be
// anything. ${name} stands for a value that an earlier exchange kept.
type exchange struct {
	Name   string            `json:"name"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Body   json.RawMessage   `json:"body"`
	Status int               `json:"status"`
	Want   any               `json:"want"`
	Keep   map[string]string `json:"keep"` // name to attribute: {"user": "id"}
}

func TestExchangesOfDirectoriesAreAnsweredAsTheyExpect(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 4 {
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
	known := []string{"${base}", "https://tekentafel.example" + scim.Prefix}
	for _, e := range all {
		fill := strings.NewReplacer(known...)
		w, got := p.send(e.Method, fill.Replace(e.Path), key, fill.Replace(string(e.Body)))
		if w.Code != e.Status {
			t.Fatalf("%s: %d, want %d: %s", e.Name, w.Code, e.Status, w.Body)
		}
		raw, err := json.Marshal(e.Want)
		var want any
		if err == nil {
			err = json.Unmarshal([]byte(fill.Replace(string(raw))), &want)
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
		for name, attribute := range e.Keep {
			known = append(known, "${"+name+"}", fmt.Sprint(got[attribute]))
		}
	}
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
