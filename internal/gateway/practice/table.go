package practice

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// calculate sums the columns of a table that hold numbers.
func (q *question) calculate() string {
	names, rows, ok := readTable(q.last(), q.print.Lang)
	for i := len(q.asked) - 2; !ok && i >= 0; i-- {
		names, rows, ok = readTable(q.asked[i], q.print.Lang)
	}
	if !ok {
		return q.say("table.none")
	}
	var b strings.Builder
	b.WriteString(q.print.N("table.lead", len(rows), i18n.Args{"n": q.print.Int(len(rows))}) + "\n\n|")
	for _, key := range []string{"column", "count", "sum", "mean", "least", "most"} {
		b.WriteString(" " + q.say("table."+key) + " |")
	}
	b.WriteString("\n|---|---:|---:|---:|---:|---:|\n")
	skipped := 0
	for i, name := range names {
		c := column(rows, i, q.print.Lang)
		if !c.numbers() {
			continue
		}
		skipped += c.other
		b.WriteString("| " + strings.ReplaceAll(name, "|", "/") + " | " + q.print.Int(len(c.values)))
		for _, x := range []float64{c.sum(), c.sum() / float64(len(c.values)), slices.Min(c.values), slices.Max(c.values)} {
			b.WriteString(" | " + q.print.Decimal(x, c.decimals(x)))
		}
		b.WriteString(" |\n")
	}
	if skipped > 0 {
		b.WriteString("\n" + q.print.N("table.skipped", skipped, i18n.Args{"n": q.print.Int(skipped)}) + "\n")
	}
	return b.String() + "\n" + q.say("table.look")
}

// figures are the numbers of a column.
type figures struct {
	values []float64
	places int // decimals, the most of any
	other  int // cells that are not empty and no number
}

// numbers tells whether the column is one of numbers: most of what stands in it is.
func (f *figures) numbers() bool { return len(f.values) > 0 && len(f.values) > f.other }

func (f *figures) sum() (s float64) {
	for _, x := range f.values {
		s += x
	}
	return s
}

// decimals returns with how many decimals a result is shown: those of the column, and two when it is not whole.
func (f *figures) decimals(x float64) int {
	if f.places == 0 && math.Abs(x-math.Round(x)) > 1e-9 {
		return 2
	}
	return min(f.places, 4)
}

func column(rows [][]string, i int, lang instrument.Lang) figures {
	var f figures
	for _, r := range rows {
		if i >= len(r) || r[i] == "" {
			continue
		}
		x, places, ok := number(r[i], lang)
		if !ok {
			f.other++
			continue
		}
		f.values, f.places = append(f.values, x), max(f.places, places)
	}
	return f
}

// Bounds of a table.
const (
	mostRows    = 2000
	mostColumns = 50
)

// readTable finds a table in a text: lines that follow each other and have the same sign between columns, the first of them with titles. ok is false
// when there is none with a column of numbers.
func readTable(s string, lang instrument.Lang) (names []string, rows [][]string, ok bool) {
	s = cut(s, mostText)
	for _, sign := range []string{"\t", ";", "|", ","} {
		var block [][]string
		for line := range strings.SplitSeq(s+"\n\n", "\n") {
			cells := cells(line, sign)
			if rule(cells) { // between the titles and the rows of a table in Markdown
				continue
			}
			if len(cells) > 1 && len(cells) <= mostColumns && (len(block) == 0 || len(cells) == len(block[0])) && len(block) <= mostRows {
				block = append(block, cells)
				continue
			}
			if found(block, lang) {
				return block[0], block[1:], true
			}
			block = nil
			if len(cells) > 1 && len(cells) <= mostColumns {
				block = append(block, cells)
			}
		}
	}
	return nil, nil, false
}

func cells(line, sign string) []string {
	line = strings.TrimSpace(line)
	if sign == "|" {
		line = strings.Trim(line, "|")
	}
	if !strings.Contains(line, sign) {
		return nil
	}
	out := strings.Split(line, sign)
	for i := range out {
		out[i] = strings.Trim(strings.TrimSpace(out[i]), `"`)
	}
	return out
}

func rule(cells []string) bool {
	return len(cells) > 1 && !slices.ContainsFunc(cells, func(c string) bool { return c == "" || strings.Trim(c, "-: ") != "" })
}

// found tells whether lines are a table: titles, and at least two rows with a column of numbers.
func found(block [][]string, lang instrument.Lang) bool {
	if len(block) < 3 {
		return false
	}
	for i := range block[0] {
		c := column(block[1:], i, lang)
		if _, _, digits := number(block[0][i], lang); c.numbers() && !digits {
			return true
		}
	}
	return false
}

// longestNumber is how many signs a number has at most that is counted exactly enough.
const longestNumber = 16

var numberForm = regexp.MustCompile(`^-?\d[\d.,]*$`)

// number reads a number as people of a language write it, with the number of its decimals.
func number(s string, lang instrument.Lang) (x float64, places int, ok bool) {
	s = strings.NewReplacer("€", "", "EUR", "", "%", "", " ", "", "\u00a0", "", "\u202f", "", "−", "-", "’", "", "'", "").Replace(s)
	if !numberForm.MatchString(s) || len(s) > longestNumber {
		return 0, 0, false
	}
	point := ','
	if lang == instrument.EN {
		point = '.'
	}
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case dots > 0 && commas > 0: // the last of the two is before the decimals
		point = '.'
		if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
			point = ','
		}
	case dots > 1 || commas > 1: // between thousands
		point = ' '
	case dots == 1 && !thousands(s, '.'):
		point = '.'
	case commas == 1 && !thousands(s, ','):
		point = ','
	}
	whole, fraction := s, ""
	if i := strings.LastIndexByte(s, byte(point)); i >= 0 {
		whole, fraction = s[:i], s[i+1:]
	}
	whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	if fraction != "" {
		whole += "." + fraction
	}
	x, err := strconv.ParseFloat(whole, 64)
	return x, len(fraction), err == nil
}

// thousands tells whether three digits follow the sign, as behind thousands.
func thousands(s string, sign byte) bool {
	i := strings.LastIndexByte(s, sign)
	return len(s)-i-1 == 3 && i > 0 && s[0] != '0'
}
