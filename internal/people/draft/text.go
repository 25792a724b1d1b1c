package draft

import (
	"slices"
	"strings"

	"tekentafel/internal/contact"
)

// texts keeps one copy of texts that repeat. What it returns does not hold the memory of the file.
type texts struct{ seen map[string]string }

// mostTexts bounds what is remembered; a text beyond it is copied each time.
const mostTexts = 1 << 18

func (t *texts) of(s string) string {
	if s == "" {
		return ""
	}
	if known, ok := t.seen[s]; ok {
		return known
	}
	s = strings.Clone(s)
	if len(t.seen) < mostTexts {
		t.seen[s] = s
	}
	return s
}

// line is contact.Line, quick for what is a line already.
func line(s string) string {
	gap := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && gap {
			return contact.Line(s)
		}
		gap = c == ' '
	}
	if gap && s != "" {
		return contact.Line(s)
	}
	return s
}

// number is contact.Number, quick for what is one already, with zeros in front of digits up to a width.
func number(s string, width int) string {
	plain, digits := true, s != ""
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= '0' && c <= '9' {
			continue
		}
		digits = false
		if (c < 'A' || c > 'Z') && c != '-' && c != '.' && c != '/' {
			plain = false
			break
		}
	}
	if !plain {
		s = contact.Number(s)
		digits = s != ""
		for i := 0; i < len(s); i++ {
			digits = digits && s[i] >= '0' && s[i] <= '9'
		}
	}
	if digits && len(s) < width {
		return strings.Repeat("0", width-len(s)) + s
	}
	return s
}

// dashed is a prefix with the dash between it and a number; "" for none.
func dashed(prefix string) string {
	if prefix == "" {
		return ""
	}
	return prefix + "-"
}

// prefixed puts a prefix before a staff number that does not have it.
func prefixed(prefix, number string) string {
	if prefix == "" || number == "" || strings.HasPrefix(number, prefix) {
		return number
	}
	return prefix + number
}

// renumbered returns the number with the prefix of now (with its dash) that a number had with a former one; false when it does not
// have that.
func renumbered(prefix, former, number string) (string, bool) {
	bare, had := strings.CutPrefix(number, dashed(former))
	return prefixed(prefix, bare), had
}

// Renumbered returns the staff number with the prefix of now that was number under the newest of the former prefixes (the newest last) that
// it has, or under none where that is one of them; number itself when it is neither.
func Renumbered(prefix string, former []string, number string) string {
	for _, f := range slices.Backward(former) {
		if now, had := renumbered(dashed(prefix), f, number); had && f != "" {
			return now
		}
	}
	if slices.Contains(former, "") {
		return prefixed(dashed(prefix), number)
	}
	return number
}

// codeKey is the form in which codes are compared: without regard to case.
func codeKey(s string) string { return strings.ToLower(line(s)) }
