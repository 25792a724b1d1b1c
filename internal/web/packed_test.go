package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"pgregory.net/rapid"
)

func TestPackedPartsGiveTheSamePageHoweverItIsSent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var texts [][]byte
		var parts []*Packed
		var whole bytes.Buffer
		for range rapid.IntRange(0, 4).Draw(t, "parts") {
			text := []byte(strings.Repeat(rapid.StringN(0, 40, -1).Draw(t, "text"), rapid.IntRange(1, 50).Draw(t, "times")))
			html := []byte(strings.Repeat(rapid.StringN(0, 40, -1).Draw(t, "html"), rapid.IntRange(1, 2000).Draw(t, "more times")))
			p, err := Pack(html)
			if err != nil {
				t.Fatal(err)
			}
			texts, parts = append(texts, text), append(parts, p)
			whole.Write(text)
			whole.Write(html)
		}
		last := []byte(rapid.String().Draw(t, "last"))
		whole.Write(last)
		var b bytes.Buffer
		if err := gzipped(&b, append(texts, last), parts); err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		z.Multistream(false)
		got, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, whole.Bytes()) || b.Len() > 0 {
			t.Fatalf("%d bytes came out as %d, and %d are left", whole.Len(), len(got), b.Len())
		}
	})
}

func TestPageWithPackedPartsReadsAsIfTheyWereNot(t *testing.T) {
	t.Parallel()
	one, err := Pack([]byte("<p>" + strings.Repeat("one ", 5000) + "</p>"))
	if err != nil {
		t.Fatal(err)
	}
	tools := templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, "<b>tools</b>"); return err })
	content := templ.Join(one, tools, one)
	var plain strings.Builder
	if err := content.Render(t.Context(), &plain); err != nil {
		t.Fatal(err)
	}
	p := newPlace(t)
	p.add(Route{Pattern: "GET /large", Public: true, Handle: func(w http.ResponseWriter, r *Request) error { return r.Show(w, Page{}, content) }})
	open := p.get("/large")
	wants(t, "plain", open, 200)
	if !strings.Contains(open.Body.String(), plain.String()) || strings.Contains(open.Body.String(), "\x00") {
		t.Error("the parts are not in the page")
	}
	packed := p.get("/large", with("Accept-Encoding", "gzip"))
	wants(t, "packed", packed, 200)
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if string(body) != open.Body.String() {
		t.Error("the packed page differs from the plain one")
	}
}
