package markdown

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/docx"
)

func TestADocumentSaysWhatThePageSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		source := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(rt, "pieces"), "")
		var b strings.Builder
		for _, block := range Blocks(source, Options{Lang: "nl"}) {
			writeBlock(&b, block)
		}
		said := strings.NewReplacer("–", "", "&", "").Replace(strings.Join(strings.Fields(b.String()), ""))
		page, _ := look(t, HTML(source, Options{Lang: "nl"}))
		if page = strings.NewReplacer("–", "", "&", "").Replace(page); said != page {
			rt.Fatalf("of %q\nthe page says     %s\nthe document says %s", source, page, said)
		}
		if err := docx.Write(io.Discard, &docx.Document{Lang: "nl-BE", Title: "t", Blocks: Blocks(source, Options{Lang: "nl"})}); err != nil {
			rt.Fatal(err)
		}
	})
}

// writeBlock writes the text of a block.
func writeBlock(b *strings.Builder, block docx.Block) {
	text := func(t docx.Text) {
		for _, r := range t {
			b.WriteString(r.Text)
		}
		b.WriteByte(' ')
	}
	switch x := block.(type) {
	case docx.Paragraph:
		text(x.Text)
	case docx.Quote:
		text(x.Text)
	case docx.Heading:
		b.WriteString(x.Text + " ")
	case docx.List:
		for _, item := range x.Items {
			text(item)
		}
	case docx.Table:
		for _, c := range x.Columns {
			b.WriteString(c.Label + " ")
		}
		for _, row := range x.Rows {
			for _, c := range row {
				text(c)
			}
		}
	}
}

func TestADocumentHasRealListsTablesAndLinks(t *testing.T) {
	t.Parallel()
	source := "## Kop\n\n- a\n  - **b**\n- [x] c\n\n| x | y |\n|---|--:|\n| 1 | 2 |\n\n> citaat\n\n[gent](https://gent.be/a) ![p](https://evil.example/p.png)\n\n```\ncode\n```"
	var got bytes.Buffer
	for _, block := range Blocks(source, Options{Lang: "nl", Heading: 2}) {
		fmt.Fprintf(&got, "%T %v\n", block, block)
	}
	for _, want := range []string{"docx.Heading {2 Kop}", "docx.List {false [[{ false false } {a false false }] [{–  false false } {b true false }] [{ false false } {☑  false false } {c false false }]]}", "{y true 0}",
		"docx.Quote {[{citaat false false }]}", "{gent false false https://gent.be/a} { (gent.be) false false }", "p (afbeelding niet geladen: https://evil.example/p.png)", "docx.Paragraph {[{code false false }] true false}"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("it lacks %q:\n%s", want, got.String())
		}
	}
}
