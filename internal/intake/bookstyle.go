package intake

import "strings"

// bookStyle is what a style changes about the text of a cell.
type bookStyle struct {
	date   bool
	zeros  int // digits that a whole number is filled up to
	indent int // of the text, in steps
}

// readStyles reads how cells are shown.
func (b *Book) readStyles(name string) error {
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format    int `xml:"numFmtId,attr"`
			Alignment struct {
				Indent int `xml:"indent,attr"`
			} `xml:"alignment"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.w.decode(name, &sheet); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range sheet.Formats {
		codes[f.ID] = f.Code
	}
	for _, s := range sheet.Styles {
		code, own := codes[s.Format]
		style := bookStyle{indent: max(0, min(s.Alignment.Indent, maxIndent))}
		if own {
			style.date, style.zeros = dateFormat(code), zeroFormat(code)
		} else {
			style.date = builtinDate(s.Format)
		}
		b.styles = append(b.styles, style)
	}
	return nil
}

const maxIndent = 15 // that of Excel

// builtinDate tells whether a number format that needs no code shows dates or times (ECMA-376, part 1, 18.8.30).
func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// zeroFormat returns how many digits a format such as 000000 shows at least, and 0 for a format of another form.
func zeroFormat(code string) int {
	code, _, _ = strings.Cut(code, ";")
	code = strings.TrimSuffix(strings.TrimPrefix(code, `"`), `"`)
	if len(code) < 2 || len(code) > 20 || strings.Trim(code, "0") != "" {
		return 0
	}
	return len(code)
}
