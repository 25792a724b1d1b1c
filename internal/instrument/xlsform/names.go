package xlsform

import (
	"fmt"
	"regexp"
	"strings"
)

// Ids are kept below the limit of an instrument, with room for a number.
const longestID = 56

var (
	idGrammar     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	optionGrammar = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
)

// identifier returns a name as it stands where it may be an id, else one that is near to it.
func identifier(name, otherwise string) string {
	if idGrammar.MatchString(name) && len(name) <= longestID {
		return name
	}
	id := strings.TrimLeft(plain(name), "0123456789_")
	if id == "" {
		return otherwise
	}
	return id
}

func optionID(name string) string {
	if optionGrammar.MatchString(name) && len(name) <= longestID {
		return name
	}
	if id := plain(name); id != "" {
		return id
	}
	return "choice"
}

// plain keeps letters and digits, and puts an underscore in the place of all else.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case b.Len() >= longestID:
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.Trim(b.String(), "_")
}

// unused returns id, or with a number behind it when it is taken.
func unused(id string, taken map[string]bool) string {
	if !taken[id] {
		return id
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s_%d", id, n); !taken[next] {
			return next
		}
	}
}
