package mapping

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/mapping/value"
)

// looked is how many rows are looked at, spread over the file.
const looked = 2000

// HashMark begins the keyed hash that stands in the place of a national number.
const HashMark = "rn:"

// shape is what the cells of a column look like. Counts are of cells that hold something, in the rows that were looked at.
type shape struct {
	filled, distinct                                               int
	mail, date, year, fte, level, isco, language, service, work    int
	mark, hash, dayFirst, monthFirst, text, code, digits, indented int
	commaName, paths, oldLevel, plusLevel                          int
	number, unit, unitCode, function, functionCode                 int // that the organisation knows
	separator                                                      string
	cells                                                          []string // different ones
	values                                                         map[string]bool
}

// share returns n as a part of the filled cells.
func (s *shape) share(n int) float64 {
	if s.filled == 0 {
		return 0
	}
	return float64(n) / float64(s.filled)
}

// separators are what stands between the units of a path, the surest first. A slash or dash without spaces stands in names too.
var separators = []string{" > ", ">", "\\", " / ", "|", "»", " → ", "→", " - ", "::", "/", ";"}

func shapes(t Table, known *Known) []shape {
	list := make([]shape, len(t.Headings()))
	for i := range list {
		list[i].values = map[string]bool{}
	}
	n := t.Len()
	var cells []string
	for k := range min(n, looked) {
		cells = t.AppendRow(cells[:0], k*n/min(n, looked))
		for i := range min(len(cells), len(list)) {
			if !value.Empty(cells[i]) {
				list[i].look(cells[i], known)
			}
		}
	}
	for i := range list {
		list[i].paths, list[i].separator = list[i].path()
		if list[i].plusLevel > 0 {
			list[i].level += list[i].oldLevel
		}
	}
	return list
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func (s *shape) look(raw string, known *Known) {
	s.filled++
	cell := strings.TrimSpace(raw)
	if key := value.Fold(cell); !s.values[key] {
		s.values[key] = true
		s.distinct++
		s.cells = append(s.cells, strings.Clone(cell))
	}
	count(&s.indented, len(cell) < len(strings.TrimRightFunc(raw, unicode.IsSpace)))
	letters, digits, spaces := 0, 0, 0
	for _, r := range cell {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case r == ' ':
			spaces++
		}
	}
	count(&s.text, letters >= 2 && letters > digits)
	count(&s.digits, digits > 0 && digits == utf8.RuneCountInString(cell))
	count(&s.code, spaces == 0 && utf8.RuneCountInString(cell) <= 15 && (digits > 0 || letters <= 4) && !strings.Contains(cell, "@"))
	count(&s.hash, strings.HasPrefix(cell, HashMark))
	count(&s.commaName, strings.Count(cell, ",") == 1 && letters > 3)
	if strings.Contains(cell, "@") {
		_, ok := contact.Mail(cell)
		count(&s.mail, ok)
	}
	if len(cell) <= 40 {
		_, isDate := value.Date(cell, value.DayFirst, 2099)
		if !isDate {
			_, isDate = value.Date(cell, value.MonthFirst, 2099)
		}
		count(&s.date, isDate)
		y, isYear := value.Year(cell, value.DayFirst, 2099)
		count(&s.year, isYear && len(cell) == 4 && y > 1900)
		first, month := value.Orders(cell)
		count(&s.dayFirst, first && !month)
		count(&s.monthFirst, month && !first)
		_, isPart := value.FTE(cell, value.Auto, 38)
		if !isPart {
			_, isPart = value.FTE(cell, value.Percent, 38)
		}
		count(&s.fte, isPart)
		_, isLanguage := value.Language(cell)
		count(&s.language, isLanguage)
		a, mark := value.Service(cell)
		count(&s.service, a != value.Unsaid)
		count(&s.mark, mark)
	}
	_, isLevel := value.Level(cell)
	count(&s.level, isLevel)
	_, isOld := value.OldLevel(cell)
	count(&s.oldLevel, isOld)
	count(&s.plusLevel, value.PlusLevel(cell))
	_, isISCO := value.ISCO(cell)
	count(&s.isco, isISCO)
	_, isWork := value.Work(cell)
	count(&s.work, isWork)
	if known != nil {
		key := value.Fold(cell)
		count(&s.number, known.numbers[contact.Number(cell)])
		count(&s.unit, known.units[key])
		count(&s.unitCode, known.unitCodes[key])
		count(&s.function, known.functions[key])
		count(&s.functionCode, known.functionCodes[key])
	}
}

// path returns in how many of the different cells a separator stands between words, for the separator that stands in most, and
// whether what stands before it comes back in other cells, as the upper part of a tree does. 0 for a column that is no path.
func (s *shape) path() (int, string) {
	if s.distinct < 3 || s.share(s.text) < 0.5 {
		return 0, ""
	}
	for _, sep := range separators {
		with := 0
		heads := map[string]int{}
		for _, c := range s.cells {
			if head, rest, ok := strings.Cut(c, sep); ok && strings.TrimSpace(head) != "" && strings.TrimSpace(rest) != "" {
				with++
				heads[value.Fold(head)]++
			}
		}
		if with*2 >= len(s.cells) && len(heads)*2 <= with+1 {
			return with * s.filled / len(s.cells), sep
		}
	}
	return 0, ""
}

// within returns the share of the different values of s that are values of other too.
func (s *shape) within(other *shape) float64 {
	if s.distinct == 0 {
		return 0
	}
	n := 0
	for v := range s.values {
		if other.values[v] {
			n++
		}
	}
	return float64(n) / float64(s.distinct)
}

// scale is the scale of bare numbers, with "uren" and its like in the heading.
func scale(heading string, s *shape) value.Scale {
	for _, h := range []string{"uren", "uur", "hours", "heures", "stunden"} {
		if strings.Contains(value.Squash(heading), h) {
			return value.Hours
		}
	}
	return value.ScaleOf(slices.Values(s.cells))
}
