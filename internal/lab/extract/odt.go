package extract

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// readODT reads OpenDocument text (ISO/IEC 26300): headers and footers of pages, and the text with its notes and annotations.
func readODT(data []byte, out *output) error {
	p, err := openPack(data, out)
	if err != nil {
		return err
	}
	if f := p.part("META-INF/manifest.xml"); f != nil {
		v := &manifestReader{}
		if err := p.each(f, v); err != nil {
			return err
		}
		if v.locked {
			return refuse("error.password")
		}
	}
	content := p.part("content.xml")
	if content == nil {
		return damaged(nil)
	}
	if f := p.part("styles.xml"); f != nil {
		v := &odtReader{flow: flow{out: out}, within: "master-styles"}
		if err := p.each(f, v); err != nil {
			return err
		}
		if err := v.finish(); err != nil {
			return err
		}
	}
	v := &odtReader{flow: flow{out: out}, within: "body"}
	if err := p.each(content, v); err != nil {
		return err
	}
	return v.finish()
}

// manifestReader finds out whether parts are encrypted.
type manifestReader struct{ locked bool }

func (v *manifestReader) start(e xml.StartElement) error {
	v.locked = v.locked || e.Name.Local == "encryption-data"
	return nil
}
func (v *manifestReader) end(string) error  { return nil }
func (v *manifestReader) text(string) error { return nil }

// odtReader reads what stands within an element.
type odtReader struct {
	flow
	within string
	open   bool
	skip   int
	paras  int // paragraphs within paragraphs, as in notes
	items  int
	bullet bool
}

func (v *odtReader) start(e xml.StartElement) error {
	name := e.Name.Local
	switch {
	case v.skip > 0:
		v.skip++
		return nil
	case name == v.within:
		v.open = true
		return nil
	case !v.open:
		return nil
	case name == "tracked-changes":
		v.out.note("note.tracked", nil)
		v.skip++
		return nil
	case e.Name.Space == "svg" || e.Name.Space == "dc" || e.Name.Space == "meta" || name == "sequence-decls" || name == "binary-data":
		v.skip++
		return nil
	}
	switch name {
	case "p", "h":
		if v.paras++; v.paras > 1 {
			return v.say(" ")
		}
		if v.bullet && v.rows == 0 {
			v.bullet = false
			return v.say(strings.Repeat("  ", max(0, min(v.items-1, 9))) + "- ")
		}
	case "s":
		n, _ := strconv.Atoi(attr(e, "c"))
		return v.say(strings.Repeat(" ", max(1, min(n, 100))))
	case "tab":
		return v.say("\t")
	case "line-break":
		return v.say("\n")
	case "table-row":
		return v.startRow()
	case "list":
		v.items++
	case "list-item":
		v.bullet = true
	case "annotation":
		v.out.note("note.comments", nil)
		return v.say(" (")
	case "note":
		return v.say(" (")
	case "note-citation":
		v.skip++
	case "image", "object":
		v.out.note("note.pictures", nil)
	case "hidden-text", "hidden-paragraph":
		v.out.note("note.hidden", nil)
	}
	return nil
}

func (v *odtReader) end(name string) error {
	switch {
	case v.skip > 0:
		v.skip--
		return nil
	case name == v.within:
		v.open = false
		return nil
	case !v.open:
		return nil
	}
	switch name {
	case "p", "h":
		if v.paras = max(0, v.paras-1); v.paras == 0 {
			return v.paragraph()
		}
	case "annotation", "note":
		return v.say(")")
	case "list":
		v.items = max(0, v.items-1)
	case "table-cell":
		return v.endCell()
	case "table-row":
		return v.endRow()
	}
	return nil
}

func (v *odtReader) text(s string) error {
	if !v.open || v.skip > 0 || v.paras == 0 {
		return nil
	}
	return v.say(strings.ReplaceAll(s, "\n", " ")) // a line break is an element of its own
}
