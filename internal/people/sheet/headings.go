package sheet

import (
	"tekentafel/internal/national"

	"slices"
	"strings"
)

const (
	lookAhead  = 60  // rows among which the headings are looked for
	bodySample = 300 // rows from which the shapes of columns are told
)

// top is the first rows of a sheet, and what is known about them.
type top struct {
	rows    [][]string
	labels  [][]bool
	shapes  [][]Shape
	filled  []int
	typical int // cells that most rows have
}

func newTop(g *grid) *top {
	t := &top{}
	for r := range min(g.rows(), bodySample) {
		row := g.row(r)
		shapes, labels, n := make([]Shape, len(row)), make([]bool, len(row)), 0
		for c, cell := range row {
			if shapes[c] = shapeOf(cell); shapes[c] != ShapeEmpty {
				n++
				labels[c] = isLabel(cell)
			}
		}
		t.rows, t.shapes, t.labels, t.filled = append(t.rows, row), append(t.shapes, shapes), append(t.labels, labels), append(t.filled, n)
	}
	sorted := slices.Clone(t.filled)
	slices.Sort(sorted)
	if len(sorted) > 0 {
		t.typical = sorted[len(sorted)*6/10]
	}
	return t
}

// typed returns which columns hold numbers, days or mail addresses from a row on, so that a text there is no value of theirs.
func (t *top) typed(from int) []bool {
	if from >= len(t.rows) {
		return nil
	}
	list := make([]bool, len(t.rows[0]))
	for c := range list {
		filled, typed := 0, 0
		for r := from; r < len(t.rows); r++ {
			switch t.shapes[r][c] {
			case ShapeEmpty:
				continue
			case ShapeInteger, ShapeDecimal, ShapePercent, ShapeDate, ShapeMail, ShapeHash:
				typed++
			default:
			}
			filled++
		}
		list[c] = filled > 0 && typed*10 >= filled*7
	}
	return list
}

// contrast returns how many typed columns there are below a row, and in how many of those the row has a label or a value.
func (t *top) contrast(row, below int) (typed, labels, values int) {
	for c, is := range t.typed(below) {
		if !is {
			continue
		}
		typed++
		switch {
		case t.labels[row][c]:
			labels++
		case t.shapes[row][c] != ShapeEmpty:
			values++
		}
	}
	return typed, labels, values
}

// score tells how much a row looks like headings; 0 and less is not at all.
func (t *top) score(row int) float64 {
	filled := t.filled[row]
	if filled == 0 || t.typical > 2 && filled < 2 || filled*5 < t.typical*2 {
		return 0
	}
	labels, known, distinct, again := 0, 0, map[string]bool{}, 0
	for c, cell := range t.rows[row] {
		if t.shapes[row][c] == ShapeEmpty {
			continue
		}
		if _, ok := isTotal(cell); ok && len(distinct) == 0 && filled*2 <= t.typical {
			return 0
		}
		distinct[cell] = true
		if !t.labels[row][c] {
			continue
		}
		labels++
		if isKnownHeading(cell) {
			known++
		}
		for r := row + 1; r < len(t.rows); r++ {
			if t.rows[r][c] == cell && !t.same(row, r) {
				again++
				break
			}
		}
	}
	of := func(n int) float64 { return float64(n) / float64(filled) }
	typed, named, values := t.contrast(row, row+1)
	if of(labels) < 0.5 || typed > 0 && named == 0 && values > 0 && known == 0 || typed == 0 && known == 0 && of(again) > 0.3 {
		return 0
	}
	contrast := 0.0
	if typed > 0 {
		contrast = float64(named-values) / float64(typed)
	}
	return 2*min(1, float64(filled)/float64(max(1, t.typical))) + 2*of(labels) + 3*contrast + 3*min(1, 2*of(known)) + of(len(distinct)) - 2*of(again) - 0.03*float64(row)
}

// same tells whether two rows have the same cells.
func (t *top) same(a, b int) bool { return slices.Equal(t.rows[a], t.rows[b]) }

// find returns the rows of the headings, both ends included; false without any.
func (t *top) find(spans func(row int) bool) (first, last int, ok bool) {
	best, most := -1, 1.5
	for r := range min(len(t.rows), lookAhead) {
		if s := t.score(r); s > most {
			best, most = r, s
		}
	}
	for r := range max(best, 0) { // headings that come again on each page: the first are meant
		if t.same(r, best) {
			best = r
			break
		}
	}
	if best < 0 {
		return 0, 0, false
	}
	first, last = best, best
	for last+1 < len(t.rows) && last-first < 2 && t.continues(last, last+1) {
		last++
	}
	for first > 0 && last-first < 2 && t.precedes(first-1, first, last, spans(first-1)) {
		first--
	}
	return first, last, true
}

func (t *top) onlyLabels(row int) bool {
	for c := range t.rows[row] {
		if t.shapes[row][c] != ShapeEmpty && !t.labels[row][c] {
			return false
		}
	}
	return t.filled[row] > 0
}

// continues tells whether a row below headings belongs to them: it has labels where the columns hold something else, or it fills
// the room that the headings above leave, and that room only.
func (t *top) continues(above, row int) bool {
	if !t.onlyLabels(row) || row+1 >= len(t.rows) {
		return false
	}
	typed, labels, values := t.contrast(row, row+1)
	if values == 0 && labels >= 2 && labels*10 >= typed*6 && t.filled[row]*2 >= t.filled[above] {
		return true
	}
	fills := false
	for c := range t.rows[row] {
		up, down := t.rows[above][c] != "", t.rows[row][c] != ""
		switch {
		case down && !up:
			fills = true
		case down && up: // the first of a group
			if c+1 >= len(t.rows[row]) || t.rows[above][c+1] != "" || t.rows[row][c+1] == "" {
				return false
			}
		}
	}
	if !fills {
		return false
	}
	for c := range t.rows[row] {
		if t.rows[row][c] == "" && t.rows[above][c] == "" && t.usedBelow(row+1, c) {
			return false
		}
	}
	return true
}

func (t *top) usedBelow(from, column int) bool {
	for r := from; r < len(t.rows); r++ {
		if t.rows[r][column] != "" {
			return true
		}
	}
	return false
}

// precedes tells whether a row above headings belongs to them: it spans several of their columns, completes them, or is the
// first line of headings in two lines. Lines of a title stand apart or begin at the left.
func (t *top) precedes(row, below, last int, spans bool) bool {
	if !t.onlyLabels(row) {
		return false
	}
	typed, labels, values := t.contrast(row, last+1)
	if values == 0 && labels >= 2 && labels*10 >= typed*6 && t.filled[row]*2 >= t.filled[below] {
		return true
	}
	if t.filled[row] < 2 && !spans {
		return false
	}
	gap := false // a label with room at its left that the headings below fill
	for c := 1; c < len(t.rows[row]); c++ {
		gap = gap || t.rows[row][c] != "" && t.rows[row][c-1] == "" && t.rows[below][c] != ""
		if t.rows[row][c] != "" && t.rows[below][c] == "" && !t.usedBelow(last+1, c) {
			return false
		}
	}
	return gap || spans
}

// isKnownHeading tells whether a cell is about as long as a word that heads columns in lists of staff, and holds it.
func isKnownHeading(cell string) bool {
	f := national.Letters(cell)
	if len(f) > 32 || len(f) < 2 {
		return false
	}
	if slices.Contains(shortHeadings, f) {
		return true
	}
	for _, w := range headingWords {
		if len(f) <= len(w)+10 && strings.Contains(f, w) {
			return true
		}
	}
	return false
}

var ( //nolint:gochecknoglobals // constants
	headingWords = []string{
		"naam", "nummer", "number", "numero", "matric", "stamn", "persn", "personeel", "dienst", "service", "functie", "fonction", "function",
		"funktion", "graad", "grade", "niveau", "level", "datum", "date", "afdeling", "departement", "department", "abteilung", "eenheid",
		"unite", "einheit", "mail", "taal", "langue", "language", "sprache", "statuut", "statut", "geboorte", "naissance", "birth", "geburt",
		"leidinggev", "manager", "code", "omschrijving", "description", "bezeichnung", "adres", "locatie", "plaats", "standort", "ploeg", //nolint:misspell // Dutch
		"titel", "titre", "title", "prenom", "vorname", "nachname", "name", "registre", "rijksregister", "kostenplaats", "tewerkstelling",
		"contract", "loonschaal", "barema", "anci", "postcode", "gemeente", "telefoon", "gewest", "directie", "direction", "cluster",
	}
	shortHeadings = []string{"nr", "no", "nom", "vte", "etp", "fte", "vze", "oe", "id", "pad", "path", "isco", "niss", "insz", "bsn", "unit", "team", "van", "tot", "start", "einde", "begin", "eind", "fin", "debut", "von", "bis", "shift", "site", "chef", "uren", "m/v", "mv", "geslacht"}
)
