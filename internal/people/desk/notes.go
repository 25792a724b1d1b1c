package desk

import (
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people/sheet"
	"tekentafel/internal/ui"
)

// open tells whether the form shows how cells are written: where something about that is wrong.
func (x importView) open() bool {
	for _, name := range []string{"dates", "scale", "hours", "separator", "outline", "afterend", "inverse", "in", "out"} {
		if x.form.Error(name) != "" {
			return true
		}
	}
	for _, e := range x.form.Errors() { // a path without what stands between its units
		if strings.HasPrefix(e.Name, "column-") && x.mapping.Values.Separator == "" {
			return true
		}
	}
	return false
}

// notes says how the file was read: what somebody should know, and the rest.
func (x importView) notes() (first []ui.Notice, rest []string) {
	for i := range x.reading.Notes {
		n := &x.reading.Notes[i]
		text := x.w.note(n)
		switch n.Kind {
		case sheet.NoteNationalHashed, sheet.NoteNationalEmptied, sheet.NoteNationalCut, sheet.NoteNationalHeadings:
			first = append(first, ui.Notice{Tone: ui.Info, Title: x.w.say("reading.national"), Text: text})
		case sheet.NoteNationalKept, sheet.NoteNationalFaulty:
			first = append(first, ui.Notice{Tone: ui.Warning, Title: x.w.say("reading.national"), Text: text})
		case sheet.NoteLostZeros:
			if x.lost != nil && n.Args["width"] == strconv.Itoa(x.lost.width) {
				text += " " + x.w.say("reading.lost-zeros")
			}
			first = append(first, ui.Notice{Tone: ui.Warning, Title: x.w.say("reading.look"), Text: text})
		case sheet.NoteNoHeadings, sheet.NoteSheetAlike, sheet.NoteMixedEncoding, sheet.NoteScientific, sheet.NoteFaults, sheet.NoteWideRows:
			first = append(first, ui.Notice{Tone: ui.Warning, Title: x.w.say("reading.look"), Text: text})
		default:
			rest = append(rest, text)
		}
	}
	return first, rest
}

// note puts a note into words.
func (w words) note(n *sheet.Note) string {
	args := i18n.Args{"n": w.Int(n.Count), "rows": w.spans(n.Rows), "column": w.Quote(n.Heading)}
	count := max(n.Count, 1)
	for name, text := range n.Args {
		switch name {
		case "encoding":
			args[name] = w.say("encoding." + text)
		case "separator":
			args[name] = w.separator(text)
		case "country":
			args[name] = w.say("national." + text)
		case "text", "sheet", "from", "to":
			args[name] = w.Quote(short(text))
		case "rows":
			rows, err := strconv.Atoi(text)
			if err == nil {
				text, count = w.Int(rows), max(rows, 1)
			}
			args["n"] = text
		case "count":
			continue
		default:
			args[name] = text
		}
	}
	return w.N("note."+string(n.Kind), count, args)
}

// separator names a character between cells.
func (w words) separator(sign string) string {
	for _, name := range separators() {
		if sign == name || sign == separatorOf(name) {
			return w.Inside(w.say("separator." + name))
		}
	}
	return w.Quote(sign)
}

// fewSpans is how many runs of rows are written out.
const fewSpans = 8

// spans writes rows of a file: "3, 5–7, …".
func (w words) spans(list []sheet.Span) string {
	var parts []string
	for _, s := range list[:min(len(list), fewSpans)] {
		text := w.Int(s.From)
		if s.To > s.From {
			text += "–" + w.Int(s.To)
		}
		parts = append(parts, text)
	}
	if len(list) > fewSpans {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", ")
}

// short cuts a text after 80 characters.
func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
