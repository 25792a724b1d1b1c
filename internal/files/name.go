package files

import (
	"path"
	"strings"
	"unicode"
)

// LongestName is the longest name of a file that is kept, in characters.
const LongestName = 120

// BaseName is the name that somebody's program gave a file, as it may be kept and shown: without folders, whatever system it comes
// from, without characters that nobody sees, with single spaces. One that is too long keeps its beginning and its extension. otherwise
// stands for a name of which nothing is left.
func BaseName(name, otherwise string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case Hidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Join(strings.Fields(name), " ")
	if strings.Trim(name, ". ") == "" || !strings.ContainsFunc(name, unicode.IsGraphic) {
		return otherwise
	}
	if r := []rune(name); len(r) > LongestName {
		extension := []rune(path.Ext(name))
		if len(extension) > 10 {
			extension = nil
		}
		name = strings.TrimSpace(string(r[:LongestName-len(extension)])) + string(extension)
	}
	return name
}

// Hidden tells whether a character cannot be seen and changes how others look: controls, marks of direction, spaces without width. The
// two joiners (U+200C, U+200D) belong to the spelling of some languages and to emoji.
func Hidden(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner
}
