package frame

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tekentafel/internal/intake"
)

// The bounds of a file.
const (
	MaxRows    = 200_000 // people: each stands in memory several times while a frame is checked and taken
	maxColumns = 100
	maxCell    = 4 << 10   // bytes
	maxUnzip   = 512 << 20 // bytes
)

// Role is what a column holds.
type Role string

// The roles. A file has at most one column of each, but for Group.
const (
	Ignore    Role = ""
	Name      Role = "name"
	FirstName Role = "first-name"
	Mail      Role = "mail"
	Number    Role = "number"
	Language  Role = "language"
	Group     Role = "group" // background variable of the person, such as department
)

// Roles lists the roles in the order in which they are offered.
func Roles() []Role { return []Role{Ignore, Name, FirstName, Mail, Number, Language, Group} }

// Column is a column of the file.
type Column struct {
	Heading  string
	Examples []string // up to three different cells
	Distinct int      // different cells that are not empty, counted to 1001
	Filled   int      // cells that are not empty
}

// File is a file that was read.
type File struct {
	Columns []Column
	rows    []intake.CellsRow
	known   []Role // of each column, when they are known; nil when they are guessed
}

// Len returns the number of rows.
func (f *File) Len() int { return len(f.rows) }

// mostDistinct is how far different cells are counted.
const mostDistinct = 1001

// Read reads the file at path. The format follows from what is in it. The error is an *intake.Error, or that of the context.
// Progress, which may be nil, gets how much was read of how much.
func Read(ctx context.Context, path string, progress func(done, total int64)) (*File, error) {
	if f, is, err := kept(ctx, path); is {
		return f, err
	}
	cells, err := intake.ReadCells(ctx, path, intake.Options{Progress: progress, Limits: intake.Limits{
		Rows: MaxRows, Columns: maxColumns, CellBytes: maxCell, RowBytes: 1 << 20, UnzipBytes: maxUnzip,
	}})
	if err != nil {
		return nil, err
	}
	f := &File{rows: cells.Rows}
	f.describe(cells.Headings)
	return f, nil
}

// describe tidies the cells and says what stands in each column.
func (f *File) describe(headings []string) {
	f.Columns = make([]Column, len(headings))
	for i, h := range headings {
		c := &f.Columns[i]
		c.Heading = cut(clean(h), maxHeading)
		seen := map[string]bool{}
		for _, r := range f.rows {
			cell := clean(r.Cells[i])
			r.Cells[i] = cell
			if cell == "" {
				continue
			}
			c.Filled++
			if len(seen) < mostDistinct && !seen[cell] {
				seen[cell] = true
				if len(c.Examples) < 3 {
					c.Examples = append(c.Examples, cut(cell, 40))
				}
			}
		}
		c.Distinct = len(seen)
	}
}

// maxHeading is the longest name of a variable, in characters.
const maxHeading = 60

// cut shortens a text to a number of characters.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// clean makes one line of a cell: composed (NFC), without signs that nobody sees, white space of any width as one space.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}

// Plan says how a file is taken.
type Plan struct {
	Roles   []Role // of each column
	Stratum int    // the column of role Group that becomes the stratum, or None
	// Merge lists spellings of group variables that are taken as another.
	Merge []Merge
	// Others takes the values of the stratum that are too small together as one, named OthersName.
	Others     bool
	OthersName string
}

// None stands for no column.
const None = -1

// MaxGroups is how many group variables a frame may have.
const MaxGroups = 8

// Guess proposes a plan: the roles that are known, else by the headings, and by the cells where headings say nothing.
func (f *File) Guess() Plan {
	p := Plan{Roles: make([]Role, len(f.Columns)), Stratum: None}
	if f.known != nil {
		copy(p.Roles, f.known)
		return p
	}
	taken := map[Role]bool{}
	groups := 0
	for i, c := range f.Columns {
		role := roleOf(c.Heading)
		if role == Group && groups == MaxGroups || role != Group && taken[role] {
			role = Ignore
		}
		if role == Group {
			groups++
		}
		taken[role] = true
		p.Roles[i] = role
	}
	if !taken[Mail] {
		for i, c := range f.Columns {
			if p.Roles[i] == Ignore && len(c.Examples) > 0 && !slices.ContainsFunc(c.Examples, func(e string) bool { return !strings.Contains(e, "@") }) {
				p.Roles[i] = Mail
				break
			}
		}
	}
	return p
}

// roleOf recognises a heading.
func roleOf(heading string) Role {
	key := letters(heading)
	for _, h := range headings() {
		if slices.Contains(h.exact, key) {
			return h.role
		}
	}
	for _, h := range headings() {
		if slices.ContainsFunc(h.parts, func(part string) bool { return strings.Contains(key, part) }) {
			return h.role
		}
	}
	return Ignore
}

// heading lists how a column of a role is called, in letters(); exact as a whole, parts anywhere in it.
type heading struct {
	role         Role
	exact, parts []string
}

func headings() []heading {
	return []heading{
		{Number, []string{"nummer", "nr", "id", "stamnr", "matricule", "numero", "number"},
			[]string{"personeelsn", "medewerkersn", "werknemersn", "stamnummer", "matricule", "numerodepersonnel", "numeroagent", "personalnummer", "personalnr", "staffn", "staffid", "employeen", "employeeid", "personneln"}},
		{FirstName, nil, []string{"voornaam", "prenom", "vorname", "firstname", "givenname"}},
		{Mail, nil, []string{"mail", "courriel", "adresseelectronique"}},
		{Name, []string{"naam", "nom", "name", "wie", "medewerker", "personeelslid", "agent", "employee", "mitarbeiter"},
			[]string{"achternaam", "familienaam", "volledigenaam", "nomdefamille", "nomcomplet", "nometprenom", "nachname", "familienname", "lastname", "surname", "fullname", "familyname"}},
		{Language, nil, []string{"taal", "langue", "sprache", "language"}},
		{Group, []string{"dep", "team", "amt", "cel", "cellule", "lieu", "ort", "site"},
			[]string{"dienst", "afdeling", "departement", "department", "service", "direct", "abteilung", "fachbereich", "sector", "secteur", "functi", "fonction", "funktion", "beroep",
				"werkplek", "werkplaats", "locatie", "standplaats", "lieudetravail", "implantation", "arbeitsort", "standort", "workplace", "location", "statuut", "statut", "status",
				"niveau", "graad", "grade", "leeftijdsgroep", "trancheage", "altersgruppe", "agegroup", "geslacht", "genre", "geschlecht", "gender", "entiteit", "entite", "entity"}},
	}
}

// letters returns the letters and digits of a text, small and without accents.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

// Variables lists the columns of role Group, in order.
func (p Plan) Variables() []int {
	var out []int
	for i, r := range p.Roles {
		if r == Group {
			out = append(out, i)
		}
	}
	return out
}

// column returns the first column of a role, or None.
func (p Plan) column(r Role) int { return slices.Index(p.Roles, r) }

// Count is a value with how many people have it.
type Count struct {
	Value string
	N     int
}

func sortedCounts(m map[string]int) []Count {
	out := make([]Count, 0, len(m))
	for v, n := range m {
		out = append(out, Count{v, n})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value)) })
	return out
}
