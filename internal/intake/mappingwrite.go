package intake

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// WriteTo writes the mapping as YAML with a word of explanation at each part, so that a person from HR can correct it.
// What Propose found doubtful stands there as lines that begin with #: without the # they hold.
func (m *Mapping) WriteTo(w io.Writer) (int64, error) {
	var b mappingWriter
	b.head(m)
	b.columns(m)
	b.values(m)
	b.others(m)
	return b.WriteTo(w)
}

type mappingWriter struct{ bytes.Buffer }

func (b *mappingWriter) line(format string, args ...any) {
	_, _ = fmt.Fprintf(b, format+"\n", args...) // a buffer takes everything
}

func (b *mappingWriter) head(m *Mapping) {
	if m.notes.file != "" {
		b.line("# Mapping of %s to the questionnaire %s.", comment(m.notes.file), comment(m.notes.instrument))
	}
	b.line("# Lines that begin with # do nothing. Remove the # in front of a proposal to accept it.")
	if m.Sheet != "" {
		b.line("\n# The sheet of the workbook that holds the answers.")
		b.line("sheet: %s", scalar(m.Sheet))
	}
	if m.Encoding != "" {
		b.line("encoding: %s", m.Encoding)
	}
	if m.Delimiter != "" {
		b.line("delimiter: %s", scalar(strings.ReplaceAll(m.Delimiter, "\t", "tab")))
	}
}

func (b *mappingWriter) columns(m *Mapping) {
	b.line("\n# Which column of the file holds which question:   question: \"heading\"")
	b.line("columns:")
	for _, id := range slices.Sorted(maps.Keys(m.Columns)) {
		b.line("  %s: %s", scalar(id), scalar(m.Columns[id]))
	}
	if len(m.notes.near) > 0 {
		b.line("  # These look alike. Is it the same question?")
		for _, n := range m.notes.near {
			b.line("  # %s: %s", scalar(n.variable), scalar(n.heading))
		}
	}
	var missing []string
	for _, id := range m.notes.missing {
		if !slices.ContainsFunc(m.notes.near, func(n nearColumn) bool { return n.variable == id }) {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		b.line("  # The file has no column for these questions:")
		for _, id := range missing {
			b.line("  # %s:", scalar(id))
		}
	}
}

func (b *mappingWriter) values(m *Mapping) {
	b.line("\n# What a cell stands for, column by column, as it stands in the file:   \"cell\": \"meaning\"")
	b.line("# A cell that stands for itself is right as it is, and not proposed again.")
	b.line("values:")
	headings := slices.Collect(maps.Keys(m.Values))
	for _, p := range m.notes.merges {
		headings = append(headings, p.Column)
	}
	for _, i := range m.notes.values {
		headings = append(headings, i.Column)
	}
	slices.Sort(headings)
	for _, heading := range slices.Compact(headings) {
		b.line("  %s:", scalar(heading))
		for _, cell := range slices.Sorted(maps.Keys(m.Values[heading])) {
			b.entry("    ", cell, m.Values[heading][cell], "")
		}
		for _, p := range m.notes.merges {
			if p.Column == heading {
				b.entry("    # ", p.From, p.Into, fmt.Sprintf("%d and %d answers, differ in %s", p.CountFrom, p.CountInto, p.Why))
			}
		}
		for _, i := range m.notes.values {
			if i.Column == heading {
				b.entry("    # ", i.Value, i.Suggestion, comment(i.Item+": "+i.Message))
			}
		}
	}
}

// longKey is a little less than what YAML allows for a key without a question mark.
const longKey = 900

// entry writes what a cell stands for.
func (b *mappingWriter) entry(indent, cell, meaning, why string) {
	key, value := scalar(cell), scalar(meaning)
	if why != "" {
		value += "   # " + why
	}
	if len(key) > longKey {
		b.line("%s? %s", indent, key)
		b.line("%s: %s", indent, value)
		return
	}
	b.line("%s%s: %s", indent, key, value)
}

func (b *mappingWriter) others(m *Mapping) {
	b.line("\n# Columns that are no answers to the questionnaire.")
	b.line("ignore:")
	for _, heading := range m.Ignore {
		b.line("  - %s", scalar(heading))
	}
	for _, heading := range m.notes.unread {
		b.line("  # - %s", scalar(heading))
	}
	b.line("\n# Cells that mean that nothing was filled in, beside the empty cell.")
	missing := m.Missing
	if missing == nil {
		missing = DefaultMissing()
	}
	list := make([]string, len(missing))
	for i, cell := range missing {
		list[i] = scalar(cell)
	}
	b.line("missing: [%s]", strings.Join(list, ", "))
	b.line("\n# The column in which people say that their answers may be used, and what they say then.")
	b.line("# Without consent a row is left out, and counted.")
	if m.Consent == nil {
		b.line(`# consent: {column: "consent", yes: ["yes"]}`)
		return
	}
	yes := make([]string, len(m.Consent.Yes))
	for i, cell := range m.Consent.Yes {
		yes[i] = scalar(cell)
	}
	b.line("consent: {column: %s, yes: [%s]}", scalar(m.Consent.Column), strings.Join(yes, ", "))
}

// scalar writes a text between quotation marks, with the escapes that YAML knows.
func scalar(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r >= 0x7F && r < 0xA0 || r == 0x2028 || r == 0x2029 || r == 0xFEFF || r >= 0xD800 && r < 0xE000 || r == 0xFFFE || r == 0xFFFF:
			fmt.Fprintf(&b, `\u%04x`, r)
		case r == 0xA0: // not to be taken for a space
			b.WriteString(`\u00a0`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// comment makes a text safe to stand in a comment: one line.
func comment(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7F || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xFFFE || r == 0xFFFF || r == 0xFEFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
