package extract

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readDOCX reads WordprocessingML (ECMA-376, part 1, chapter 17): headers, the text, footers, notes and comments.
func readDOCX(data []byte, out *output) error {
	p, err := openPack(data, out)
	if err != nil {
		return err
	}
	root, err := p.relations("")
	if err != nil {
		return err
	}
	main := "word/document.xml"
	for _, r := range root {
		if r.kind == "officeDocument" {
			main = r.part
		}
	}
	if p.part(main) == nil {
		return damaged(nil)
	}
	beside, err := p.relations(main)
	if err != nil {
		return err
	}
	read := func(name string) error {
		f := p.part(name)
		if f == nil {
			return nil
		}
		v := &wordReader{flow: flow{out: out}}
		if err := p.each(f, v); err != nil {
			return err
		}
		return v.finish()
	}
	for _, kinds := range [][]string{{"header"}, {}, {"footer"}, {"footnotes", "endnotes"}, {"comments"}} {
		if len(kinds) == 0 {
			if err := read(main); err != nil {
				return err
			}
			continue
		}
		for _, r := range beside {
			if !slices.Contains(kinds, r.kind) {
				continue
			}
			before := out.text.Len()
			if err := read(r.part); err != nil {
				return err
			}
			if r.kind == "comments" && out.text.Len() > before {
				out.note("note.comments", nil)
			}
		}
	}
	return nil
}

// wordReader reads a part of WordprocessingML.
type wordReader struct {
	flow
	skip    int // elements open within one that is left out
	inText  bool
	inProps int // within the properties of a run
	level   int // of the list
	listed  bool
	stops   bool // within the stops of the ruler
}

// left out: the older twin of a drawing, text that was deleted or moved away, codes of fields, and what is no text
var leftOut = []string{"Fallback", "del", "moveFrom", "delText", "instrText", "delInstrText", "rPrChange", "pPrChange", "tblPrChange", "sectPrChange", "binData"}

func (v *wordReader) start(e xml.StartElement) error {
	name := e.Name.Local
	if v.skip > 0 || slices.Contains(leftOut, name) {
		if v.skip == 0 && (name == "del" || name == "moveFrom") && v.inProps == 0 {
			v.out.note("note.tracked", nil)
		}
		v.skip++
		return nil
	}
	switch name {
	case "rPr":
		v.inProps++
	case "vanish":
		if val := attr(e, "val"); v.inProps > 0 && val != "0" && val != "false" && val != "off" {
			v.out.note("note.hidden", nil)
		}
	case "ins", "moveTo":
		if v.inProps == 0 {
			v.out.note("note.tracked", nil)
		}
	case "footnote", "endnote":
		if kind := attr(e, "type"); kind == "separator" || kind == "continuationSeparator" || kind == "continuationNotice" {
			v.skip++
		}
	case "tabs":
		v.stops = true
	case "numPr":
		v.listed = true
	case "ilvl":
		v.level, _ = strconv.Atoi(attr(e, "val"))
	case "t":
		v.inText = true
		return v.bullet()
	case "tab", "ptab":
		if v.inRun() {
			return v.say("\t")
		}
	case "br", "cr":
		return v.say("\n")
	case "noBreakHyphen":
		return v.say("-")
	case "tr":
		return v.startRow()
	case "drawing", "pict", "object":
		v.out.note("note.pictures", nil)
	case "p":
		if v.line.Len() > 0 { // within a drawing of another paragraph
			return v.say(" ")
		}
	case "sym":
		if n, err := strconv.ParseUint(attr(e, "char"), 16, 32); err == nil && n < 0xE000 && utf8.ValidRune(rune(n)) {
			return v.say(string(rune(n)))
		}
	}
	return nil
}

// inRun tells a tab of the text from a stop of the ruler.
func (v *wordReader) inRun() bool { return v.inProps == 0 && !v.stops }

// bullet begins an item of a list.
func (v *wordReader) bullet() error {
	if !v.listed {
		return nil
	}
	v.listed = false
	if v.rows > 0 {
		return nil
	}
	return v.say(strings.Repeat("  ", max(0, min(v.level, 9))) + "- ")
}

func (v *wordReader) end(name string) error {
	if v.skip > 0 {
		v.skip--
		return nil
	}
	switch name {
	case "rPr":
		v.inProps--
	case "tabs":
		v.stops = false
	case "t":
		v.inText = false
	case "p":
		v.listed, v.level = false, 0
		return v.paragraph()
	case "tc":
		return v.endCell()
	case "tr":
		return v.endRow()
	}
	return nil
}

func (v *wordReader) text(s string) error {
	if v.skip > 0 || !v.inText {
		return nil
	}
	return v.say(s)
}
