package sheet

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/national"
)

// body is the rows below the headings.
type body struct {
	g       *grid
	first   int
	fills   []uint16 // cells that are filled, of each row from first on
	typical int      // the number that most rows have
	removed map[int]bool
	notes   []Note
	more    map[NoteKind]*spans // rows removed without a note of their own
}

// ownNotes is how many rows of a kind have a note of their own, with their text.
const ownNotes = 50

func newBody(g *grid, first int) *body {
	b := &body{g: g, first: first, fills: make([]uint16, g.rows()-first), removed: map[int]bool{}, more: map[NoteKind]*spans{}}
	for _, c := range g.columns {
		row := 0
		for i := range c.runs {
			s := &c.runs[i]
			if s.ends == nil && len(s.values) == 1 && s.values[0] == "" {
				row += s.n
				continue
			}
			for k := range s.n {
				if row >= first && s.at(k) != "" {
					b.fills[row-first]++
				}
				row++
			}
		}
	}
	counts := make([]int, len(g.columns)+1)
	for _, f := range b.fills {
		counts[f]++
	}
	half := 0
	for f, n := range counts {
		if half += n; half*2 >= len(b.fills) {
			b.typical = f
			break
		}
	}
	return b
}

func (b *body) fill(row int) int { return int(b.fills[row-b.first]) }

func (b *body) remove(row int, kind NoteKind, by string) {
	b.removed[row] = true
	number := int(b.g.place[row])
	own := 0
	for _, n := range b.notes {
		if n.Kind == kind {
			own++
		}
	}
	if kind == NoteRepeatedHeading || own >= ownNotes {
		if b.more[kind] == nil {
			b.more[kind] = &spans{}
		}
		b.more[kind].add(number)
		return
	}
	args := []string{"text", b.g.text(row)}
	if by != "" {
		args = append(args, "by", by)
	}
	b.notes = append(b.notes, Note{Kind: kind, Column: -1, Rows: []Span{{number, number}}, Count: 1, Args: pairs(args)})
}

// text shows the cells of a row in a note, without national numbers.
func (g *grid) text(row int) string {
	var parts []string
	for _, cell := range g.row(row) {
		if s := strings.TrimSpace(cell); s != "" {
			parts = append(parts, s)
		}
	}
	s, _ := national.Mask(strings.Join(parts, " | "))
	if looksNational(parts) { // across or in a form that text does not show
		s = "…"
	}
	const most = 300
	if len(s) > most {
		cut := most
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return s
}

func looksNational(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool {
		m, ok := national.RecogniseBelgian(c)
		return ok && (m.Spelling != national.Short || len(c) >= 9)
	})
}

// done returns the notes about the rows that were removed.
func (b *body) done() []Note {
	for _, kind := range []NoteKind{NoteRepeatedHeading, NoteTotal, NoteFooter} {
		if s := b.more[kind]; s != nil {
			b.notes = append(b.notes, s.note(kind))
		}
	}
	return b.notes
}

// repeats removes the headings where they come again, as on each page of a printed list.
func (b *body) repeats(heading []string) {
	column, named := -1, 0
	for c, h := range heading {
		if strings.TrimSpace(h) != "" {
			if named++; column < 0 {
				column = c
			}
		}
	}
	if named < 2 {
		return
	}
	for row := b.first; row < b.g.rows(); row++ {
		if b.g.cell(row, column) != heading[column] {
			continue
		}
		same := 0
		for c, h := range heading {
			if h != "" && b.g.cell(row, c) == h {
				same++
			}
		}
		if same == b.fill(row) && same*10 >= named*8 {
			b.remove(row, NoteRepeatedHeading, "")
		}
	}
}

// end of the list: the rows among which footers and a total without a word are looked for
const tail = 20

// totals removes rows that begin with a word for a total and have few cells; the last rows may have more.
func (b *body) totals() {
	rows := b.g.rows()
	for row := b.first; row < rows; row++ {
		f := b.fill(row)
		if b.removed[row] || f == 0 {
			continue
		}
		last := row >= rows-tail/2
		if 2*f > b.typical && !last || f > b.typical {
			continue
		}
		seen := 0
		for c := 0; c < len(b.g.columns) && seen < 2; c++ {
			cell := b.g.cell(row, c)
			if cell == "" {
				continue
			}
			seen++
			alone, ok := isTotal(cell)
			if ok && (2*f <= b.typical || alone && (f < b.typical || seen == 1 && b.typical <= 3)) {
				b.remove(row, NoteTotal, "word")
				break
			}
			if shape := shapeOf(cell); shape == ShapeInteger || shape == ShapeCode { // a key, so somebody called Som
				break
			}
		}
	}
}

// isTotal tells whether a cell begins with a word for a total, and whether it stands alone but for signs and a number.
func isTotal(cell string) (alone, ok bool) {
	s := strings.ToLower(strings.TrimSpace(cell))
	for _, w := range []string{
		"totaal", "totalen", "eindtotaal", "algemeen totaal", "subtotaal", "tussentotaal", "total", "totaux", "sous-total", "subtotal", "grand total",
		"som", "somme", "sum", "summe", "gesamt", "gesamtsumme", "zwischensumme", "endsumme", "insgesamt", "aantal", "nombre", "anzahl", "count",
	} {
		rest, found := strings.CutPrefix(s, w)
		if !found {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(rest); rest != "" && (unicode.IsLetter(r) || r == '@') {
			continue
		}
		return !strings.ContainsFunc(rest, unicode.IsLetter), true
	}
	return false, false
}

// footers removes what stands below the list: single remarks, page numbers, who printed it, and a row of sums without a word.
func (b *body) footers() {
	rows := b.g.rows()
	for row := rows - 1; row >= max(b.first+1, rows-tail); row-- {
		if b.removed[row] {
			continue
		}
		if row == b.lastLeft() {
			if by := b.isSum(row); by != "" {
				b.remove(row, NoteTotal, by)
				continue
			}
		}
		if !b.isFooter(row) {
			return
		}
		b.remove(row, NoteFooter, "")
	}
}

func (b *body) lastLeft() int {
	row := b.g.rows() - 1
	for row > b.first && b.removed[row] {
		row--
	}
	return row
}

func (b *body) isFooter(row int) bool {
	f := b.fill(row)
	if b.typical < 3 || 3*f > b.typical {
		return false
	}
	column := 0
	for b.g.cell(row, column) == "" {
		column++
	}
	cell := b.g.cell(row, column)
	if f == 1 && !b.fits(cell, column) {
		return true
	}
	s := strings.ToLower(strings.TrimSpace(cell))
	for _, w := range []string{
		"pagina", "page ", "seite", "afgedrukt", "afdruk", "gedrukt", "printed", "imprimé", "bron:", "source", "quelle", "legende", "opmerking", "remarque",
		"einde", "fin de", "end of", "*", "(*)", "1)", "(1)", "©", "vertrouwelijk", "confidenti", "datum:", "date:", "export", "rapport", "gegenereerd", "generated",
	} {
		if strings.HasPrefix(s, w) && !b.fits(cell, column) {
			return true
		}
	}
	gap := row > b.first && b.g.place[row] > b.g.place[row-1]+1
	return gap && isLabelLike(cell) && !b.fits(cell, column) && 4*f <= b.typical
}

func isLabelLike(cell string) bool { return strings.ContainsFunc(cell, unicode.IsLetter) }

// fits tells whether a cell is of the sort that most cells of its column are, so that its row may be one of the list: of the same
// shape where that is no text, else as long.
func (b *body) fits(cell string, column int) bool {
	shapes, filled, longest := map[Shape]int{}, 0, 0
	for row := b.first; row < b.g.rows() && filled < 200; row++ {
		other := b.g.cell(row, column)
		if other == "" || b.fill(row)*2 < b.typical || b.removed[row] {
			continue
		}
		filled++
		shapes[shapeOf(other)]++
		longest = max(longest, len(other))
	}
	shape := shapeOf(cell)
	if filled == 0 {
		return false
	}
	if shapes[ShapeText]*2 < filled {
		return shapes[shape]*5 >= filled
	}
	return (shape == ShapeText || shape == ShapeCode) && b.fillsOften(column) && len(cell) <= longest && column > 0
}

// fillsOften tells whether a column is filled in most rows.
func (b *body) fillsOften(column int) bool {
	n, of := 0, 0
	for row := b.first; row < b.g.rows() && of < 200; row++ {
		if of++; b.g.cell(row, column) != "" {
			n++
		}
	}
	return 2*n >= of
}

// isSum tells whether a row has numbers only, in few cells, and one is the sum of its column ("sum") or the number of rows ("count").
func (b *body) isSum(row int) string {
	if b.typical < 3 || 2*b.fill(row) > b.typical {
		return ""
	}
	by := ""
	for c := range b.g.columns {
		cell := b.g.cell(row, c)
		if cell == "" {
			continue
		}
		v, ok := number(cell)
		if !ok {
			return ""
		}
		if by != "" {
			continue
		}
		sum, n, rows := 0.0, 0, 0
		for r := b.first; r < row; r++ {
			if b.removed[r] {
				continue
			}
			rows++
			if x, ok := number(b.g.cell(r, c)); ok {
				sum += x
				n++
			}
		}
		switch {
		case n >= 3 && n*2 >= rows && math.Abs(sum-v) <= 1e-6*max(1, math.Abs(v)):
			by = "sum"
		case int(v) == rows && rows >= 3:
			by = "count"
		}
	}
	return by
}

// number reads a number with a decimal point or comma.
func number(cell string) (float64, bool) {
	s := strings.TrimSpace(cell)
	if s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') || strings.Trim(s, "-0123456789.,") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return v, err == nil
}
