package docx

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Widths in twentieths of a point.
const (
	pageWidth  = 11906 // A4
	pageHeight = 16838
	margin     = 1247 // 22 mm
	textWidth  = pageWidth - 2*margin
)

func (t Title) write(w *writer) {
	w.paragraph("Title", "", Plain(t.Text))
	if t.Subtitle != "" {
		w.paragraph("Subtitle", "", Plain(t.Subtitle))
	}
}

func (h Heading) write(w *writer) {
	level := min(max(h.Level, 1), 3)
	style := "Heading" + strconv.Itoa(level)
	if level > 1 {
		w.paragraph(style, "", Plain(h.Text))
		return
	}
	w.headings++
	id := strconv.Itoa(w.headings)
	w.add(`<w:p><w:pPr><w:pStyle w:val="`, style, `"/></w:pPr><w:bookmarkStart w:id="`, id, `" w:name="`, bookmark(w.headings), `"/>`)
	w.text(Plain(h.Text))
	w.add(`<w:bookmarkEnd w:id="`, id, `"/></w:p>`)
}

// bookmark names the place of the nth heading of level 1.
func bookmark(n int) string { return "_Toc" + strconv.Itoa(100000+n) }

func (p Paragraph) write(w *writer) {
	switch {
	case p.Mark:
		w.paragraph("Remark", "", p.Text)
	case p.Small:
		w.paragraph("Small", "", p.Text)
	default:
		w.paragraph("Normal", "", p.Text)
	}
}

func (q Quote) write(w *writer) { w.paragraph("Quote", "", q.Text) }

// bullets is the number of the list with dots; numbered lists follow it.
const bullets = 1

func (l List) write(w *writer) {
	style, number := "ListBullet", bullets
	if l.Numbered {
		w.lists++
		style, number = "ListNumber", bullets+w.lists
	}
	for _, item := range l.Items {
		w.paragraph(style, `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="`+strconv.Itoa(number)+`"/></w:numPr>`, item)
	}
}

func (PageBreak) write(w *writer) { w.add(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`) }

// write is not how contents are written: they need the headings of the whole document.
func (c Contents) write(w *writer) { w.contents(c) }

// contents writes a field that a word processor may renew, with what it gives now: without page numbers, which only the word
// processor knows.
func (w *writer) contents(c Contents) {
	if c.Title != "" {
		w.paragraph("ContentsHeading", "", Plain(c.Title))
	}
	var titles []string
	for _, b := range w.document.Blocks {
		if h, ok := b.(Heading); ok && h.Level <= 1 {
			titles = append(titles, h.Text)
		}
	}
	if len(titles) == 0 {
		return
	}
	for i, title := range titles {
		w.add(`<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>`)
		if i == 0 {
			w.add(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o &quot;1-1&quot; \n \h \z </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`)
		}
		w.add(`<w:hyperlink w:anchor="`, bookmark(i+1), `" w:history="1">`)
		w.run(Run{Text: title}, false)
		w.add("</w:hyperlink>")
		if i == len(titles)-1 {
			w.add(`<w:r><w:fldChar w:fldCharType="end"/></w:r>`)
		}
		w.add("</w:p>")
	}
}

func (t Table) write(w *writer) {
	if len(t.Columns) == 0 {
		return
	}
	if t.Caption != "" && !t.Titled {
		w.paragraph("Caption", "<w:keepNext/>", Plain(t.Caption))
	}
	widths := t.widths()
	w.add(`<w:tbl><w:tblPr><w:tblStyle w:val="TableRuled"/><w:tblW w:w="`, strconv.Itoa(textWidth), `" w:type="dxa"/><w:tblLayout w:type="fixed"/>`,
		`<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>`)
	if t.Caption != "" {
		w.add(`<w:tblCaption w:val="`, line(t.Caption), `"/>`)
	}
	w.add("</w:tblPr><w:tblGrid>")
	for _, n := range widths {
		w.add(`<w:gridCol w:w="`, strconv.Itoa(n), `"/>`)
	}
	w.add("</w:tblGrid>")
	head := make([]Text, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = Plain(c.Label)
	}
	t.row(w, widths, head, true)
	for _, r := range t.Rows {
		t.row(w, widths, r, false)
	}
	w.add("</w:tbl>")
	w.paragraph("AfterTable", "", nil)
}

// row writes a row, which is not parted over pages.
func (t Table) row(w *writer, widths []int, cells []Text, head bool) {
	w.add("<w:tr><w:trPr><w:cantSplit/>")
	if head {
		w.add("<w:tblHeader/>")
	}
	w.add("</w:trPr>")
	for i, c := range t.Columns {
		w.add(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(widths[i]), `" w:type="dxa"/></w:tcPr>`)
		properties := ""
		if c.Numeric {
			properties = `<w:jc w:val="right"/>`
		}
		style := "TableText"
		if head {
			style = "TableHead"
		}
		var text Text
		if i < len(cells) {
			text = cells[i]
		}
		w.paragraph(style, properties, text)
		w.add("</w:tc>")
	}
	w.add("</w:tr>")
}

// Bounds of the weight of a column, in characters.
const (
	leastWeight = 8
	mostWeight  = 30
)

// weight is how wide a column is beside the others: as its longest text, within bounds, and never less than its longest word.
func (t Table) weight(i int) int {
	if w := t.Columns[i].Width; w > 0 {
		return w
	}
	long, word := 0, 0
	look := func(s string) {
		long = max(long, utf8.RuneCountInString(s))
		for f := range strings.FieldsSeq(s) {
			word = max(word, utf8.RuneCountInString(f))
		}
	}
	look(t.Columns[i].Label)
	for _, r := range t.Rows {
		if i < len(r) {
			for _, run := range r[i] {
				look(run.Text)
			}
		}
	}
	return max(min(long, mostWeight), min(word, mostWeight)+1, leastWeight)
}

// widths parts the width of the text over the columns; together they fill it.
func (t Table) widths() []int {
	total := 0
	for i := range t.Columns {
		total += t.weight(i)
	}
	out, left := make([]int, len(t.Columns)), textWidth
	for i := range t.Columns {
		out[i] = textWidth * t.weight(i) / total
		left -= out[i]
	}
	out[len(out)-1] += left
	return out
}
