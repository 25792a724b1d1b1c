package store

import (
	"fmt"
	"math"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// Kind says what a row is.
type Kind string

// The kinds.
const (
	Units     Kind = "unit"
	Functions Kind = "function"
	People    Kind = "person"
	Posts     Kind = "post"
)

// Kinds lists the kinds, each after those that it refers to but for units and people, which refer to each other.
func Kinds() []Kind { return []Kind{Units, Functions, People, Posts} }

// Row is a unit, a function, a person or a post.
type Row interface {
	org.Unit | org.Function | org.Person | org.Post
}

// open is the revision at which a row ends that stands. It is written out in the statements, because an index on ended rows is
// used only where a statement says so.
const open = math.MaxInt64

const (
	isOpen  = `until = 9223372036854775807`
	isEnded = `until < 9223372036854775807`
)

// table says how the rows of a kind stand in the store.
type table[T Row] struct {
	kind    Kind
	name    string
	columns []string // behind tenant_id, id, since and until; "search" is written and never read
	id      func(*T) *string
	values  func(row *T, to []any) []any
	dest    func(row *T) []any // where the columns are read to, in their order
}

var unitTable = &table[org.Unit]{
	kind: Units, name: "people_units",
	columns: []string{"code", "name", "parent_id", "kind", "head_id", "from_day", "to_day"},
	id:      func(u *org.Unit) *string { return &u.ID },
	values: func(u *org.Unit, to []any) []any {
		return append(to, u.Code, u.Name, u.Parent, u.Kind, u.Head, int64(u.From), int64(u.To))
	},
	dest: func(u *org.Unit) []any {
		return []any{&u.Code, &u.Name, &u.Parent, &u.Kind, &u.Head, &u.From, &u.To}
	},
}

var functionTable = &table[org.Function]{
	kind: Functions, name: "people_functions",
	columns: []string{"code", "name", "family", "level", "work", "isco", "from_day", "to_day"},
	id:      func(f *org.Function) *string { return &f.ID },
	values: func(f *org.Function, to []any) []any {
		return append(to, f.Code, f.Name, f.Family, string(f.Level), string(f.Work), f.ISCO, int64(f.From), int64(f.To))
	},
	dest: func(f *org.Function) []any {
		return []any{&f.Code, &f.Name, &f.Family, &f.Level, &f.Work, &f.ISCO, &f.From, &f.To}
	},
}

var personTable = &table[org.Person]{
	kind: People, name: "people_staff",
	columns: []string{"number", "given", "family", "mail", "language", "birth_year", "is_out", "manager_id", "site", "shift", "hidden", "sources",
		"from_day", "to_day", "search"},
	id: func(p *org.Person) *string { return &p.ID },
	values: func(p *org.Person, to []any) []any {
		return append(to, p.Number, p.Given, p.Family, p.Mail, p.Language, int64(p.BirthYear), p.Out, p.Manager, p.Site, p.Shift, p.Hidden, p.Sources,
			int64(p.From), int64(p.To), searchText(p))
	},
	dest: func(p *org.Person) []any {
		return []any{&p.Number, &p.Given, &p.Family, &p.Mail, &p.Language, &p.BirthYear, &p.Out, &p.Manager, &p.Site, &p.Shift, &p.Hidden, &p.Sources, &p.From, &p.To}
	},
}

var postTable = &table[org.Post]{
	kind: Posts, name: "people_posts",
	columns: []string{"person_id", "unit_id", "function_id", "fte", "statute", "main", "from_day", "to_day"},
	id:      func(p *org.Post) *string { return &p.ID },
	values: func(p *org.Post, to []any) []any {
		return append(to, p.Person, p.Unit, p.Function, int64(p.FTE), p.Statute, p.Main, int64(p.From), int64(p.To))
	},
	dest: func(p *org.Post) []any {
		return []any{&p.Person, &p.Unit, &p.Function, &p.FTE, &p.Statute, &p.Main, &p.From, &p.To}
	},
}

// tableOf returns the table of a kind of row.
func tableOf[T Row]() *table[T] {
	var found any
	switch any(*new(T)).(type) {
	case org.Unit:
		found = unitTable
	case org.Function:
		found = functionTable
	case org.Person:
		found = personTable
	case org.Post:
		found = postTable
	}
	return found.(*table[T]) //nolint:errcheck,forcetypeassert // Row lists these four
}

// tableName returns the table of a kind; the error is about a kind that is none of Kinds.
func tableName(kind Kind) (string, error) {
	switch kind {
	case Units:
		return unitTable.name, nil
	case Functions:
		return functionTable.name, nil
	case People:
		return personTable.name, nil
	case Posts:
		return postTable.name, nil
	default:
		return "", fmt.Errorf("%q is no kind of row; it is one of %v", kind, Kinds())
	}
}

// read lists the columns that are read of a row, its id first.
func (t *table[T]) read(alias string) string {
	var b strings.Builder
	b.WriteString(alias + "id")
	for _, c := range t.columns {
		if c != "search" {
			b.WriteString(", " + alias + c)
		}
	}
	return b.String()
}

// into returns where read is scanned to.
func (t *table[T]) into(row *T) []any {
	return append([]any{t.id(row)}, t.dest(row)...)
}

// bulk returns the statement that writes rows: id, since, until and the columns of each. Over a row that this revision wrote before
// it writes where over is true; else that is db.ErrExists, and faster.
func (t *table[T]) bulk(over bool) *db.Bulk {
	b := &db.Bulk{Table: t.name, Columns: append([]string{"id", "since", "until"}, t.columns...)}
	if over {
		b.Conflict = "ON CONFLICT (tenant_id, id, since) DO UPDATE SET until = excluded.until"
		for _, c := range t.columns {
			b.Conflict += ", " + c + " = excluded." + c
		}
	}
	return b
}

// holders writes "$from, $from+1 ..." for n values.
func holders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}
