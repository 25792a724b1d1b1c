package linkage

import (
	"context"
	"strconv"
	"strings"

	"tekentafel/internal/contact"
)

// The fields of people. FieldFamily of titles is a group of functions; of people it is FieldFamilyName.
const (
	FieldGivenName  Field = "given-name"
	FieldFamilyName Field = "family-name"
	FieldNameOrder  Field = "name-order"
	FieldMail       Field = "mail"
	FieldBirthYear  Field = "birth-year"
	FieldWork       Field = "work"
	FieldNumber     Field = "number"
	FieldHidden     Field = "hidden" // keyed hash of a national number
)

// The levels of the fields of people that titles do not have.
const (
	Close        Level = "close"   // a typing error, or a name that stands for the other; years that a slip explains
	Initial      Level = "initial" // one is an initial of the other
	Part         Level = "part"    // a double name and one of its names
	AsWritten    Level = "as-written"
	Exchanged    Level = "exchanged" // given and family name stand in each other's place
	LocalPart    Level = "local-part"
	Similar      Level = "similar" // other addresses, but much alike
	UnitOnly     Level = "unit"
	FunctionOnly Level = "function"
)

// sharedMail is how many people have a mail address that is of a service, not of a person.
const sharedMail = 4

// People proposes which rows are one person.
func People(ctx context.Context, people []Person, o Options) (*Proposals, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	o.Progress(StageRead, 0, len(people))
	p, err := readPeople(ctx, people)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(people))
	for i := range people {
		keys[i] = people[i].Key
	}
	o.Progress(StageRead, len(people), len(people))
	return link(ctx, keys, p, &o)
}

func readPeople(ctx context.Context, people []Person) (*personRows, error) {
	names, err := parseNames(builtinNames)
	if err != nil {
		return nil, err
	}
	p := &personRows{people: people, rows: make([]personRow, len(people)), given: map[string]int{}, families: map[string]int{}}
	mails := map[string]int{}
	for i := range people {
		p.rows[i] = readPerson(&people[i], names)
		r := &p.rows[i]
		p.given[r.ways[0].given.joined]++
		p.families[r.ways[0].family.joined]++
		for _, part := range r.ways[0].family.parts {
			if part != r.ways[0].family.joined {
				p.families[part]++
			}
		}
		if r.mail != "" {
			mails[r.mail]++
		}
		if i%(1<<16) == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	for i := range p.rows {
		if r := &p.rows[i]; mails[r.mail] > sharedMail {
			r.mail, r.local = "", ""
		}
	}
	return p, nil
}

type personRow struct {
	ways   []way // as written first
	whole  bool  // given and family name were not told apart
	mail   string
	local  string
	own    bool // the mail address has something of the name in it
	number string
	birth  int
}

// way is how a name can be read.
type way struct{ given, family *name }

type personRows struct {
	people          []Person
	rows            []personRow
	given, families map[string]int // how many have a value
}

func readPerson(p *Person, names *nameList) (r personRow) {
	r = personRow{birth: p.BirthYear, number: strings.TrimLeft(contact.Number(p.Number), "0")}
	if mail, ok := contact.Mail(p.Mail); ok {
		r.mail = mail
		r.local = strings.Join(pieces(fold(mail[:strings.LastIndexByte(mail, '@')])), "")
	}
	defer func() { r.own = r.personal() }()
	given, family := p.Given, p.Family
	if given == "" {
		first, rest, two := strings.Cut(strings.TrimSpace(family), " ")
		if before, after, comma := strings.Cut(family, ","); comma {
			given, family = after, before
		} else if two {
			// Lists of personnel put the family name first.
			last := strings.LastIndexByte(strings.TrimSpace(family), ' ')
			all := strings.TrimSpace(family)
			r.whole = true
			r.ways = []way{{names.given(all[last+1:]), names.family(all[:last])}, {names.given(first), names.family(rest)}}
			return r
		}
	}
	r.ways = []way{{names.given(given), names.family(family)}}
	if w := r.ways[0]; w.given.joined != "" && w.family.joined != "" && !w.given.initial {
		r.ways = append(r.ways, way{names.given(family), names.family(given)})
	}
	return r
}

// personal tells whether the mail address has something of the name in it. One that has not can be of a service.
func (r *personRow) personal() bool {
	w := &r.ways[0]
	for _, n := range append([]string{w.given.joined, w.family.joined}, w.family.parts...) {
		if len(n) > 2 && strings.Contains(r.local, cut(n, 4)) {
			return true
		}
	}
	return false
}

func (p *personRows) designs() []design {
	names := func(l pattern) int {
		if l[0] >= 0 && l[0] <= familyPart && l[1] >= 0 && l[1] <= givenInitial {
			return 0
		}
		return 1
	}
	const fixed = 1e15
	return []design{
		{field: FieldFamilyName, levels: []Level{Same, Close, Part, Different}, m: []float64{.8, .08, .06, .06}, mStrength: 60,
			u: [][]float64{{.001, .0005, .0005, .998}}, uStrength: 1, ordered: true},
		{field: FieldGivenName, levels: []Level{Same, Close, Initial, Different}, m: []float64{.8, .1, .07, .03}, mStrength: 60,
			u: [][]float64{{.004, .003, .002, .991}}, uStrength: 1},
		// Looking at names both ways doubles the chance of one fitting by accident; the price of the second look is how rarely people exchange them.
		{field: FieldNameOrder, levels: []Level{AsWritten, Exchanged}, m: []float64{.96, .04}, mStrength: fixed, u: [][]float64{{.5, .5}}, uStrength: fixed},
		{field: FieldMail, levels: []Level{Same, LocalPart, Similar, Different}, m: []float64{.55, .1, .15, .2}, mStrength: 60,
			u: [][]float64{{.02, .15, .5, .33}, {.00001, .0001, .001, .999}}, uStrength: 2, classes: []string{"namesakes", "other-names"}, class: names},
		{field: FieldBirthYear, levels: []Level{Same, Close, Different}, m: []float64{.95, .03, .02}, mStrength: 60,
			u: [][]float64{{.024, .07, .906}}, uStrength: 1, ordered: true},
		{field: FieldWork, levels: []Level{Same, UnitOnly, FunctionOnly, Different}, m: []float64{.45, .15, .2, .2}, mStrength: 60,
			u: [][]float64{{.01, .02, .05, .92}}, uStrength: 1},
		{field: FieldNumber, levels: []Level{Same, Close, Different}, m: []float64{.03, .07, .9}, mStrength: 60, u: [][]float64{{.00001, .0005, .9995}}, uStrength: 1, ordered: true},
		{field: FieldHidden, levels: []Level{Same, Different}, m: []float64{.985, .015}, mStrength: 60, u: [][]float64{{.000001, .999999}}, uStrength: 1, ordered: true},
	}
}

func (p *personRows) passes() []pass {
	order := func(i int) string { return p.rows[i].ways[0].given.joined + p.rows[i].local }
	year := func(i int) string { return strconv.Itoa(p.rows[i].birth) }
	each := func(i int, do func(given, family *name)) {
		for k := range p.rows[i].ways {
			do(p.rows[i].ways[k].given, p.rows[i].ways[k].family)
		}
	}
	return []pass{
		{"national-number", func(i int, add func(string)) { add(p.people[i].Hidden) }, order},
		{"mail", func(i int, add func(string)) { add(p.rows[i].mail) }, order},
		{"mail-name", func(i int, add func(string)) {
			if len(p.rows[i].local) > 5 {
				add(p.rows[i].local)
			}
		}, order},
		{"number", func(i int, add func(string)) { add(p.rows[i].number) }, order},
		{"names", func(i int, add func(string)) {
			each(i, func(g, f *name) {
				if g.joined != "" && f.joined != "" {
					add(sound(f.joined) + " " + cut(g.joined, 3))
				}
			})
		}, func(i int) string { return p.people[i].Unit + " " + p.rows[i].ways[0].given.joined }},
		{"name-initial-year", func(i int, add func(string)) {
			if p.rows[i].birth == 0 {
				return
			}
			each(i, func(g, f *name) {
				if g.joined != "" && f.joined != "" {
					add(sound(f.joined) + " " + g.joined[:1] + year(i))
				}
			})
		}, order},
		{"part-of-name", func(i int, add func(string)) {
			each(i, func(g, f *name) {
				for _, part := range f.parts {
					if g.joined != "" {
						add(part + " " + g.joined)
					}
				}
			})
		}, order},
		{"given-year", func(i int, add func(string)) {
			if w := &p.rows[i].ways[0]; p.rows[i].birth != 0 && len(w.given.joined) > 1 {
				add(w.given.joined + year(i))
			}
		}, func(i int) string { return p.people[i].Unit + p.people[i].Function }},
		{"unit-year-initials", func(i int, add func(string)) {
			if w := &p.rows[i].ways[0]; p.rows[i].birth != 0 && p.people[i].Unit != "" && w.given.joined != "" {
				add(p.people[i].Unit + " " + year(i) + w.given.joined[:1])
			}
		}, order},
		{"name-ends-year", func(i int, add func(string)) {
			if w := &p.rows[i].ways[0]; w.given.joined != "" && p.rows[i].birth != 0 {
				add(cut(w.family.joined, 2) + " " + cut(reversed(w.family.joined), 3) + year(i))
			}
		}, order},
		{"end-of-name", func(i int, add func(string)) {
			if w := &p.rows[i].ways[0]; w.given.joined != "" {
				add(cut(reversed(w.family.joined), 5) + " " + w.given.joined)
			}
		}, order},
	}
}
