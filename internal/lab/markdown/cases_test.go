package markdown

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	nodejs "tekentafel/internal/testkit/node"
)

var write = flag.Bool("write", false, "write what the server makes of the cases into testdata/cases.json, to be read before it is committed")

// oneCase is a text and what both must make of it, in Dutch.
type oneCase struct {
	Name string `json:"name"`
	Text string `json:"text"`
	HTML string `json:"html"`
}

func cases(t testing.TB) []oneCase {
	t.Helper()
	b, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []oneCase
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestServerMakesOfEveryCaseWhatWasRead(t *testing.T) {
	t.Parallel()
	all := cases(t)
	for i := range all {
		got := HTML(all[i].Text, Options{Lang: "nl"})
		look(t, got)
		if *write {
			all[i].HTML = got
		} else if got != all[i].HTML {
			t.Errorf("%s: of %q\nit makes %s\nnot      %s", all[i].Name, all[i].Text, got, all[i].HTML)
		}
	}
	if *write {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		if err := e.Encode(all); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("testdata/cases.json", b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBrowserMakesTheSameOfEveryCase(t *testing.T) {
	t.Parallel()
	p := nodejs.Run(t, "testdata/serve.mjs")
	for _, c := range cases(t) {
		if got := drawn(t, p, c.Text)[0]; got != c.HTML {
			t.Errorf("%s: of %q\nit makes %s\nnot      %s", c.Name, c.Text, got, c.HTML)
		}
	}
}
