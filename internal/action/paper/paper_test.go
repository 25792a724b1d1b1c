package paper

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/docx"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
)

func TestTheFewSignsOfATextBecomeWhatTheyLookLike(t *testing.T) {
	t.Parallel()
	plain := func(list ...string) (out []docx.Text) {
		for _, s := range list {
			out = append(out, docx.Plain(s))
		}
		return out
	}
	fill := func(name string) (string, bool) {
		if name == "use" {
			return "53 %", true
		}
		return "", false
	}
	for text, want := range map[string][]docx.Block{
		"":                                   nil,
		"\n\n \n":                            nil,
		"een zin\nop twee regels":            {docx.Paragraph{Text: docx.Plain("een zin\nop twee regels")}},
		"een\r\n\r\n\r\n\r\ntwee":            {docx.Paragraph{Text: docx.Plain("een")}, docx.Paragraph{Text: docx.Plain("twee")}},
		"Kop\n- een\n- twee\nslot":           {docx.Paragraph{Text: docx.Plain("Kop")}, docx.List{Items: plain("een", "twee")}, docx.Paragraph{Text: docx.Plain("slot")}},
		"1. een\n2) twee\n\n1. weer":         {docx.List{Numbered: true, Items: plain("een", "twee")}, docx.List{Numbered: true, Items: plain("weer")}},
		"> ik zei\n> nee":                    {docx.Quote{Text: docx.Plain("ik zei\nnee")}},
		"-geen lijst":                        {docx.Paragraph{Text: docx.Plain("-geen lijst")}},
		"2026 was een jaar":                  {docx.Paragraph{Text: docx.Plain("2026 was een jaar")}},
		"Nu gebruikt [[use]] het, [[weg]].":  {docx.Paragraph{Text: docx.Plain("Nu gebruikt 53 % het, [[weg]].")}},
		"[[ use ]] en [[<b>]] en [[a b]] []": {docx.Paragraph{Text: docx.Plain("53 % en [[<b>]] en [[a b]] []")}},
	} {
		if diff := cmp.Diff(want, Write(text, fill)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	if got := Names("[[a]] [[b.c]] [[a]]"); !cmp.Equal(got, []string{"a", "b.c"}) {
		t.Errorf("names: %q", got)
	}
}

// TestNoWordOfATextIsLost holds for any text: what people wrote stands in the document, whatever signs are in it.
func TestNoWordOfATextIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zé]{1,8}`)
		lead := rapid.SampledFrom([]string{"", "- ", "1. ", "> ", "  ", "* ", "10) "})
		var lines, words []string
		for range rapid.IntRange(0, 12).Draw(t, "lines") {
			if rapid.Bool().Draw(t, "empty") {
				lines = append(lines, "")
				continue
			}
			w := word.Draw(t, "word")
			words = append(words, w)
			lines = append(lines, lead.Draw(t, "lead")+w)
		}
		s := strings.Join(lines, "\n")
		if Tidy(Tidy(s)) != Tidy(s) {
			t.Fatal("a text has two forms")
		}
		var got []string
		for _, b := range Write(s, nil) {
			switch x := b.(type) {
			case docx.Paragraph:
				got = append(got, strings.Fields(said(x.Text))...)
			case docx.Quote:
				got = append(got, strings.Fields(said(x.Text))...)
			case docx.List:
				for _, i := range x.Items {
					got = append(got, strings.Fields(said(i))...)
				}
			}
		}
		if !cmp.Equal(got, words) && len(got)+len(words) > 0 {
			t.Fatalf("%q gives %q", s, got)
		}
	})
}

func sample() *Document {
	return &Document{Lang: instrument.NL, Title: "Iedereen <mee>", Organisation: "Stad Voorbeeld", Made: time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC), Page: "Pagina", Of: "van",
		Blocks: []docx.Block{docx.Title{Text: "Iedereen <mee>", Subtitle: "Ontwerp"}, docx.Contents{Title: "Inhoud"}, docx.Heading{Level: 1, Text: "Waarom"},
			docx.Paragraph{Text: docx.Text{{Text: "Zie "}, {Text: "hier", Link: "https://stad.example"}, {Text: " of daar", Link: "javascript:x"}}}, docx.Heading{Level: 2, Text: "Cijfers"},
			docx.Table{Caption: "Groepen", Columns: []docx.Column{{Label: "Groep"}, {Label: "Aandeel", Numeric: true}}, Rows: [][]docx.Text{{docx.Plain("Groen"), docx.Plain("23 %")}}},
			docx.List{Numbered: true, Items: []docx.Text{docx.Plain("een")}}, docx.Quote{Text: docx.Plain("woorden")}, docx.Paragraph{Mark: true, Text: docx.Plain("let op")}, docx.Heading{Level: 1, Text: "Slot"}}}
}

func TestAllViewsSayTheSame(t *testing.T) {
	t.Parallel()
	d := sample()
	page, err := d.HTML()
	if err != nil {
		t.Fatal(err)
	}
	var body, file bytes.Buffer
	if err := d.Body().Render(context.Background(), &body); err != nil {
		t.Fatal(err)
	}
	if err := d.DOCX(&file); err != nil || file.Len() == 0 {
		t.Fatal(err)
	}
	for _, want := range []string{`href="#part-2"`, `id="part-1"`, `id="part-2"`, "Groepen", "23 %", "woorden", "let op", `href="https://stad.example"`, "of daar", "Cijfers"} {
		for name, got := range map[string]string{"the paper": string(page), "the page": body.String()} {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not have %s", name, want)
			}
		}
	}
	for _, never := range []string{"javascript:", "<mee>"} {
		if strings.Contains(string(page)+body.String(), never) {
			t.Errorf("it has %s", never)
		}
	}
	if n := strings.Count(string(page), "<h1"); n != 1 {
		t.Errorf("the paper has %d titles", n)
	}
	if strings.Contains(body.String(), "<h1") {
		t.Error("the page has a title of its own")
	}
	got, err := d.PDF(context.Background(), func(_ context.Context, document []byte, o pdf.Options) ([]byte, error) {
		if !bytes.Equal(document, page) || o.Header != d.Title || o.Page != "Pagina" {
			t.Error("another document is printed")
		}
		return []byte("%PDF"), nil
	})
	if err != nil || string(got) != "%PDF" {
		t.Errorf("%q %v", got, err)
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("- een\n1. twee\n> drie\n\n[[vier]]")
	f.Fuzz(func(t *testing.T, s string) {
		var out bytes.Buffer
		d := &Document{Lang: instrument.NL, Title: "x", Blocks: Write(s, func(string) (string, bool) { return "y", true })}
		if err := d.DOCX(&out); err != nil {
			t.Fatal(err)
		}
		if _, err := d.HTML(); err != nil {
			t.Fatal(err)
		}
	})
}
