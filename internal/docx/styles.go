package docx

import "strings"

// Colours of the house, as rrggbb.
const (
	ink   = "16223A"
	inkT  = "4A5468"
	blue  = "1F4A9C"
	rule  = "B9B4A7"
	light = "EEF0EF"
)

// style is a style of paragraphs.
type style struct {
	id, name, next string
	paragraph, run string // properties
	main           bool   // shown first in the list of a word processor
}

// fonts names faces that are on the machines of most readers, with what stands in for them elsewhere.
const fonts = `<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>`

func size(halfPoints string) string {
	return `<w:sz w:val="` + halfPoints + `"/><w:szCs w:val="` + halfPoints + `"/>`
}

func heading(level, before, after, halfPoints string) style {
	return style{id: "Heading" + level, name: "heading " + level, next: "Normal", main: true,
		paragraph: `<w:keepNext/><w:keepLines/><w:spacing w:before="` + before + `" w:after="` + after + `"/><w:outlineLvl w:val="` + string(level[0]-1) + `"/>`,
		run:       `<w:b/><w:bCs/><w:color w:val="` + ink + `"/>` + size(halfPoints)}
}

func styleList() []style {
	return []style{
		{id: "Title", name: "Title", next: "Normal", main: true, paragraph: `<w:keepNext/><w:spacing w:before="240" w:after="80" w:line="240" w:lineRule="auto"/>`, run: `<w:b/><w:bCs/><w:color w:val="` + ink + `"/>` + size("52")},
		{id: "Subtitle", name: "Subtitle", next: "Normal", main: true, paragraph: `<w:spacing w:after="360"/>`, run: `<w:color w:val="` + inkT + `"/>` + size("26")},
		heading("1", "480", "120", "34"),
		heading("2", "320", "80", "26"),
		heading("3", "240", "60", "23"),
		{id: "ListBullet", name: "List Bullet", main: true, paragraph: `<w:spacing w:after="60"/>`},
		{id: "ListNumber", name: "List Number", main: true, paragraph: `<w:spacing w:after="60"/>`},
		{id: "Quote", name: "Quote", main: true, paragraph: `<w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="` + blue + `"/></w:pBdr><w:ind w:left="340"/>`, run: `<w:i/><w:iCs/>`},
		{id: "Caption", name: "caption", main: true, paragraph: `<w:keepNext/><w:spacing w:before="200" w:after="60"/>`, run: `<w:b/><w:bCs/>` + size("20")},
		{id: "Small", name: "Small", main: true, run: `<w:color w:val="` + inkT + `"/>` + size("19")},
		{id: "Remark", name: "Remark", main: true, paragraph: `<w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="` + rule + `"/></w:pBdr><w:ind w:left="340"/>`, run: size("20")},
		{id: "TableHead", name: "Table Head", paragraph: `<w:keepNext/><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>`, run: `<w:b/><w:bCs/>` + size("19")},
		{id: "TableText", name: "Table Text", paragraph: `<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>`, run: size("20")},
		{id: "AfterTable", name: "After Table", paragraph: `<w:spacing w:after="0" w:line="160" w:lineRule="exact"/>`, run: size("8")},
		{id: "ContentsHeading", name: "Contents Heading", next: "Normal", paragraph: `<w:keepNext/><w:spacing w:before="360" w:after="120"/>`, run: `<w:b/><w:bCs/>` + size("26")},
		{id: "TOC1", name: "toc 1", paragraph: `<w:spacing w:after="60"/>`},
		{id: "Header", name: "header", paragraph: `<w:spacing w:after="0"/>`, run: `<w:color w:val="` + inkT + `"/>` + size("17")},
		{id: "Footer", name: "footer", paragraph: `<w:spacing w:after="0"/>`, run: `<w:color w:val="` + inkT + `"/>` + size("17")},
	}
}

func (w *writer) styles() string {
	lang := line(w.document.Lang)
	var b strings.Builder
	b.WriteString(declaration + `<w:styles ` + mainSpace + `><w:docDefaults><w:rPrDefault><w:rPr>` + fonts + `<w:color w:val="` + ink + `"/>` + size("22") +
		`<w:lang w:val="` + lang + `" w:eastAsia="` + lang + `" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:after="140" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>` +
		`<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="` + blue + `"/><w:u w:val="single"/></w:rPr></w:style>` +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>` +
		`<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		`<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/></w:style>`)
	for _, s := range styleList() {
		b.WriteString(`<w:style w:type="paragraph" w:styleId="` + s.id + `"><w:name w:val="` + s.name + `"/><w:basedOn w:val="Normal"/>`)
		if s.next != "" {
			b.WriteString(`<w:next w:val="` + s.next + `"/>`)
		}
		if s.main {
			b.WriteString("<w:qFormat/>")
		}
		if s.paragraph != "" {
			b.WriteString("<w:pPr>" + s.paragraph + "</w:pPr>")
		}
		if s.run != "" {
			b.WriteString("<w:rPr>" + s.run + "</w:rPr>")
		}
		b.WriteString("</w:style>")
	}
	b.WriteString(`<w:style w:type="table" w:styleId="TableRuled"><w:name w:val="Table Ruled"/><w:basedOn w:val="TableNormal"/><w:tblPr>` +
		`<w:tblBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="` + ink + `"/><w:bottom w:val="single" w:sz="6" w:space="0" w:color="` + ink + `"/>` +
		`<w:insideH w:val="single" w:sz="4" w:space="0" w:color="` + rule + `"/></w:tblBorders></w:tblPr>` +
		`<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="` + light + `"/></w:tcPr></w:tblStylePr></w:style></w:styles>`)
	return b.String()
}
