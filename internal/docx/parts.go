package docx

import (
	"strconv"
	"strings"
	"time"
)

// part is a file of the package.
type part struct{ name, content string }

const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relation    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	typeOf      = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// parts are the files of the package, in the order in which readers look for them.
func (w *writer) parts() []part {
	return []part{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", w.core()},
		{"docProps/app.xml", declaration + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Tekentafel</Application></Properties>`},
		{"word/document.xml", w.main()},
		{"word/_rels/document.xml.rels", w.relations()},
		{"word/styles.xml", w.styles()},
		{"word/numbering.xml", w.numbering()},
		{"word/settings.xml", w.settings()},
		{"word/header1.xml", w.header()},
		{"word/footer1.xml", w.footer()},
	}
}

const contentTypes = declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + typeOf + `document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="` + typeOf + `styles+xml"/>` +
	`<Override PartName="/word/numbering.xml" ContentType="` + typeOf + `numbering+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="` + typeOf + `settings+xml"/>` +
	`<Override PartName="/word/header1.xml" ContentType="` + typeOf + `header+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="` + typeOf + `footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
	`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>`

const packageRelations = declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="` + relation + `officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
	`<Relationship Id="rId3" Type="` + relation + `extended-properties" Target="docProps/app.xml"/></Relationships>`

func (w *writer) core() string {
	d := w.document
	var b strings.Builder
	b.WriteString(declaration + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	for _, p := range [][2]string{{"dc:title", d.Title}, {"dc:subject", d.Subject}, {"dc:creator", d.Author}, {"dc:language", d.Lang}} {
		if p[1] != "" {
			b.WriteString("<" + p[0] + ">" + line(p[1]) + "</" + p[0] + ">")
		}
	}
	if !d.Created.IsZero() {
		at := d.Created.UTC().Format(time.RFC3339)
		b.WriteString(`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>`)
	}
	b.WriteString("</cp:coreProperties>")
	return b.String()
}

func (w *writer) main() string {
	return declaration + `<w:document ` + mainSpace + `><w:body>` + w.body.String() +
		`<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>` +
		`<w:pgSz w:w="` + strconv.Itoa(pageWidth) + `" w:h="` + strconv.Itoa(pageHeight) + `"/>` +
		`<w:pgMar w:top="1417" w:right="` + strconv.Itoa(margin) + `" w:bottom="1247" w:left="` + strconv.Itoa(margin) + `" w:header="680" w:footer="624" w:gutter="0"/></w:sectPr></w:body></w:document>`
}

func (w *writer) relations() string {
	var b strings.Builder
	b.WriteString(declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i, name := range []string{"styles", "numbering", "settings", "header", "footer"} {
		target := name
		if name == "header" || name == "footer" {
			target += "1"
		}
		b.WriteString(`<Relationship Id="rId` + strconv.Itoa(i+1) + `" Type="` + relation + name + `" Target="` + target + `.xml"/>`)
	}
	for i, to := range w.links {
		b.WriteString(`<Relationship Id="` + linkID(i) + `" Type="` + relation + `hyperlink" Target="` + line(to) + `" TargetMode="External"/>`)
	}
	b.WriteString("</Relationships>")
	return b.String()
}

// numbering defines the list with dots, and one numbered list for each of the document, so that each begins at 1.
func (w *writer) numbering() string {
	var b strings.Builder
	b.WriteString(declaration + `<w:numbering ` + mainSpace + `>` +
		`<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>` +
		`<w:pPr><w:ind w:left="397" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>` +
		`<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>` +
		`<w:pPr><w:ind w:left="454" w:hanging="341"/></w:pPr></w:lvl></w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	for i := range w.lists {
		b.WriteString(`<w:num w:numId="` + strconv.Itoa(bullets+1+i) + `"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`)
	}
	b.WriteString("</w:numbering>")
	return b.String()
}

func (w *writer) settings() string {
	return declaration + `<w:settings ` + mainSpace + `><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>` +
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
		`<w:themeFontLang w:val="` + line(w.document.Lang) + `"/></w:settings>`
}

// ends is a line with a tab at its right end.
const ends = `<w:tabs><w:tab w:val="clear" w:pos="4536"/><w:tab w:val="right" w:pos="9412"/></w:tabs>`

func (w *writer) header() string {
	h := &writer{document: w.document}
	text := w.document.Header
	if w.document.HeaderEnd != "" {
		text += "\t" + w.document.HeaderEnd
	}
	h.paragraph("Header", ends, Plain(text))
	return declaration + `<w:hdr ` + mainSpace + `>` + h.body.String() + `</w:hdr>`
}

func (w *writer) footer() string {
	f := &writer{document: w.document}
	f.add(`<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="right"/></w:pPr>`)
	f.run(Run{Text: w.document.Page + " "}, false)
	f.add(`<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
	if w.document.Of != "" {
		f.run(Run{Text: " " + w.document.Of + " "}, false)
		f.add(`<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
	}
	f.add("</w:p>")
	return declaration + `<w:ftr ` + mainSpace + `>` + f.body.String() + `</w:ftr>`
}
