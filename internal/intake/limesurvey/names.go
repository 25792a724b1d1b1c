package limesurvey

import (
	"fmt"
	"strings"
)

// longestID leaves room for a number behind an id.
const longestID = 56

// identifier makes an id of codes: letters, digits and _, a letter first.
func identifier(parts ...string) string {
	id := optionID(strings.Join(parts, "_"))
	if c := id[0]; c >= '0' && c <= '9' {
		id = "q" + id
	}
	return id
}

// optionID makes an id of an option of a code.
func optionID(code string) string {
	var b strings.Builder
	for _, r := range code {
		switch {
		case b.Len() >= longestID:
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '_' || r == '-' || r == ' ':
			if b.Len() > 0 {
				b.WriteByte('_')
			}
		}
	}
	id := strings.Trim(b.String(), "_")
	if id == "" {
		return "x"
	}
	return id
}

// taken gives names that differ.
type taken map[string]bool

func (t taken) name(id string) string {
	name := id
	for n := 2; t[name]; n++ {
		name = fmt.Sprintf("%s_%d", id, n)
	}
	t[name] = true
	return name
}
