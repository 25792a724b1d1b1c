package draft

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

// day is the day of the imports in tests.
const day = org.Date(20261129)

// table is a file in a test.
type table struct {
	headings []string
	rows     [][]string
}

func (t *table) Headings() []string                    { return t.headings }
func (t *table) Len() int                              { return len(t.rows) }
func (t *table) Number(i int) int                      { return i + 2 }
func (t *table) AppendRow(to []string, i int) []string { return append(to, t.rows[i]...) }

// file returns a table and a mapping with these fields, of which the headings are the names.
func file(key mapping.Key, fields []mapping.Field, rows ...[]string) (*table, *mapping.Mapping) {
	t := &table{rows: rows}
	for i, f := range fields {
		t.headings = append(t.headings, fmt.Sprintf("k%d %s", i, f))
	}
	return t, mapping.New(t.headings, fields, nil, key, mapping.Values{Separator: ">"})
}

// ids returns a maker of ids that rise.
func ids() func() string { return idsFrom(0) }

func idsFrom(n int) func() string {
	return func() string {
		n++
		return fmt.Sprintf("%08d", n)
	}
}

func made(t rapid.TB, tab *table, m *mapping.Mapping) *Draft {
	t.Helper()
	d, err := Make(context.Background(), tab, m, Options{Day: day})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func resolved(t rapid.TB, d *Draft, current *org.Organisation, how How) *Next {
	t.Helper()
	if how.Day == 0 {
		how.Day = day
	}
	if how.NewID == nil {
		how.NewID = idsFrom(lastID(current))
	}
	n, err := Resolve(context.Background(), d, current, how)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// lastID returns the last id of ids that an organisation has.
func lastID(o *org.Organisation) int {
	last := 0
	see := func(id string) {
		if n, err := strconv.Atoi(id); err == nil {
			last = max(last, n)
		}
	}
	for i := range o.Units {
		see(o.Units[i].ID)
	}
	for i := range o.Functions {
		see(o.Functions[i].ID)
	}
	for i := range o.People {
		see(o.People[i].ID)
	}
	for i := range o.Posts {
		see(o.Posts[i].ID)
	}
	return last
}

// differs describes a difference for the message of a test.
func differs(d *Difference) string {
	var s strings.Builder
	for name, p := range map[string]*Part{"units": &d.Units, "functions": &d.Functions, "people": &d.People, "posts": &d.Posts} {
		if p.Added+p.Changed+p.Gone+p.Back > 0 {
			fmt.Fprintf(&s, "%s: added %+v, changed %+v, gone %+v, back %+v; ", name, p.FirstAdded, p.FirstChanged, p.FirstGone, p.FirstBack)
		}
	}
	fmt.Fprintf(&s, "ends %v", d.Ends)
	return s.String()
}

// imported makes, resolves and checks what always holds.
func imported(t rapid.TB, tab *table, m *mapping.Mapping, current *org.Organisation, how How) *Next {
	t.Helper()
	d := made(t, tab, m)
	if d.In != len(tab.rows) || d.In != d.Taken+len(d.Rejected) {
		t.Fatalf("%d rows in, %d taken and %d listed", len(tab.rows), d.Taken, len(d.Rejected))
	}
	n := resolved(t, d, current, how)
	sound(t, n.Organisation)
	return n
}

// sound checks what always holds of an organisation that comes out.
func sound(t rapid.TB, o *org.Organisation) {
	t.Helper()
	sorted := &org.Organisation{Units: slices.Clone(o.Units), Functions: slices.Clone(o.Functions), People: slices.Clone(o.People), Posts: slices.Clone(o.Posts)}
	sorted.Sort()
	if !slices.Equal(sorted.Units, o.Units) || !slices.Equal(sorted.People, o.People) || !slices.Equal(sorted.Posts, o.Posts) || !slices.Equal(sorted.Functions, o.Functions) {
		t.Fatal("the organisation is not in order")
	}
	x := org.NewIndex(o)
	if len(x.Unit) != len(o.Units) || len(x.Function) != len(o.Functions) || len(x.Person) != len(o.People) {
		t.Fatal("an id stands for two")
	}
	numbers := map[string]bool{}
	for i := range o.People {
		p := &o.People[i]
		if p.Number != "" && numbers[p.Number] {
			t.Fatalf("two people have number %s", p.Number)
		}
		numbers[p.Number] = true
		main := 0
		for _, post := range x.PostsOf(p.ID) {
			if post.Main {
				main++
			}
			if _, ok := x.Unit[post.Unit]; !ok && post.Unit != "" {
				t.Fatalf("post %s is in unit %s, which is not there", post.ID, post.Unit)
			}
			if _, ok := x.Function[post.Function]; !ok && post.Function != "" {
				t.Fatalf("post %s has function %s, which is not there", post.ID, post.Function)
			}
		}
		if n := len(x.PostsOf(p.ID)); n > 0 && main != 1 {
			t.Fatalf("%s has %d posts, of which %d are the main one", p.Name(), n, main)
		}
		if _, ok := x.Person[p.Manager]; !ok && p.Manager != "" {
			t.Fatalf("manager %s is not there", p.Manager)
		}
	}
	posts := map[string]bool{}
	for i := range o.Posts {
		if posts[o.Posts[i].ID] {
			t.Fatalf("two posts are %s", o.Posts[i].ID)
		}
		posts[o.Posts[i].ID] = true
	}
}

// find returns a person by number.
func find(t rapid.TB, o *org.Organisation, number string) *org.Person {
	t.Helper()
	for i := range o.People {
		if o.People[i].Number == number {
			return &o.People[i]
		}
	}
	t.Fatalf("nobody has number %s", number)
	return nil
}

// said describes a person by names instead of ids, so that two imports can be compared.
func said(o *org.Organisation, p *org.Person) string {
	x := org.NewIndex(o)
	s := fmt.Sprintf("%s %s|%s|%s|%d|%v|%s-%s|%s|%s", p.Number, p.Name(), p.Mail, p.Language, p.BirthYear, p.Out, p.From, p.To, p.Site, p.Shift)
	if i, ok := x.Person[p.Manager]; ok {
		s += "|under " + o.People[i].Number
	}
	var posts []string
	for _, post := range x.PostsOf(p.ID) {
		function := ""
		if i, ok := x.Function[post.Function]; ok {
			function = o.Functions[i].Name + " " + string(o.Functions[i].Level)
		}
		posts = append(posts, fmt.Sprintf("%v %s %d %s %v %s-%s", x.Path(post.Unit), function, post.FTE, post.Statute, post.Main, post.From, post.To))
	}
	slices.Sort(posts)
	return s + fmt.Sprint(posts)
}

// everybody describes all people, in the order of their numbers and names.
func everybody(o *org.Organisation) []string {
	var list []string
	for i := range o.People {
		list = append(list, said(o, &o.People[i]))
	}
	slices.Sort(list)
	return list
}

var cityFields = []mapping.Field{
	mapping.Number, mapping.Family, mapping.Given, mapping.Mail, mapping.Birth, mapping.Language, mapping.UnitCode, mapping.UnitName, mapping.UnitParent, mapping.FunctionName, mapping.FunctionLevel,
	mapping.FTE, mapping.Statute, mapping.Start, mapping.End, mapping.ManagerNumber, mapping.Site,
}

// city returns a file with n people of a made-up city, some with two posts.
func city(n int, seed uint64) (*table, *mapping.Mapping) {
	r := rand.New(rand.NewPCG(seed, 1))
	t, m := file(mapping.Number, cityFields)
	units := max(3, n/40)
	titles := max(3, n/100)
	for i := range n {
		u := r.IntN(units)
		parent := ""
		if u > 0 {
			parent = fmt.Sprint("U", (u-1)/4)
		}
		manager := ""
		if i > 0 {
			manager = fmt.Sprintf("%07d", i/10)
		}
		title := r.IntN(titles)
		row := []string{
			fmt.Sprintf("%07d", i), fmt.Sprint("Naam", r.IntN(n)), fmt.Sprint("Voor", r.IntN(500)), fmt.Sprintf("p%d@stad.example", i), fmt.Sprintf("%d/%d/%d", 1+r.IntN(28), 1+r.IntN(12), 1960+r.IntN(45)), []string{"NL", "FR"}[r.IntN(2)],
			fmt.Sprint("U", u), fmt.Sprint("Dienst ", u), parent, fmt.Sprint("Functie ", title), string(rune('A' + title%5)), []string{"100 %", "80 %", "50 %"}[r.IntN(3)], []string{"Statutair", "Contractueel"}[r.IntN(2)],
			fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 1990+r.IntN(36)), "", manager, fmt.Sprint("Gebouw ", r.IntN(20)),
		}
		t.rows = append(t.rows, row)
		if r.IntN(20) == 0 {
			second := slices.Clone(row)
			u = r.IntN(units)
			second[6], second[7], second[8], second[11] = fmt.Sprint("U", u), fmt.Sprint("Dienst ", u), "", "20 %"
			if u > 0 {
				second[8] = fmt.Sprint("U", (u-1)/4)
			}
			t.rows = append(t.rows, second)
		}
	}
	return t, m
}

// apply does what a difference says is to be written.
func apply(o *org.Organisation, d *Difference) *org.Organisation {
	out := &org.Organisation{
		Units:     written(o.Units, d.Puts.Units, d.Ends[OfUnits], func(x *org.Unit) string { return x.ID }),
		Functions: written(o.Functions, d.Puts.Functions, d.Ends[OfFunctions], func(x *org.Function) string { return x.ID }),
		People:    written(o.People, d.Puts.People, d.Ends[OfPeople], func(x *org.Person) string { return x.ID }),
		Posts:     written(o.Posts, d.Puts.Posts, d.Ends[OfPosts], func(x *org.Post) string { return x.ID }),
	}
	out.Sort()
	return out
}

func written[T any](rows, puts []T, ends []string, id func(*T) string) []T {
	m := map[string]T{}
	for i := range rows {
		m[id(&rows[i])] = rows[i]
	}
	for _, e := range ends {
		delete(m, e)
	}
	for i := range puts {
		m[id(&puts[i])] = puts[i]
	}
	var list []T
	for _, x := range m {
		list = append(list, x)
	}
	return list
}
