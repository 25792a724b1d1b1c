package frame

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
)

// Person is a row as it is taken.
type Person struct {
	Row      int
	Name     string // first name and name
	Mail     string // as the mail server takes it; "" for who gets a letter
	Number   string
	Language instrument.Lang
	Groups   map[string]string // by heading; "" where the file has none
	Stratum  string
}

// Kind is what a finding is about.
type Kind string

// The kinds of findings. Rows of the first four are left out, the others are taken.
const (
	SamePerson   Kind = "same-person"   // the same mail or staff number as Other, which is taken
	Nobody       Kind = "nobody"        // no name, no mail, no staff number
	SameMail     Kind = "same-mail"     // another person has this address; this one gets a letter
	BadMail      Kind = "bad-mail"      // no address; gets a letter
	NoMail       Kind = "no-mail"       // gets a letter
	BadLanguage  Kind = "bad-language"  // not known, or not offered; is addressed in the first language
	NoGroup      Kind = "no-group"      // no value of a group variable
	SmallGroup   Kind = "small-group"   // values of a group variable with fewer than k people
	TooVaried    Kind = "too-varied"    // so many values that the variable is no group
	NoStratum    Kind = "no-stratum"    // rows without a value of the variable that should be the stratum
	SmallStratum Kind = "small-stratum" // values of the stratum with fewer than k people
	NoIdentity   Kind = "no-identity"   // no column has a name, mail or staff number
	TooManyVars  Kind = "too-many"      // more group variables than MaxGroups
	TwiceRole    Kind = "twice"         // two columns have a role of which there is one
	NobodyAtAll  Kind = "empty"         // no row is taken
)

// Blocks tells whether a file with such a finding cannot be taken before it is mended or the plan is changed.
func (k Kind) Blocks() bool {
	return slices.Contains([]Kind{TooVaried, NoStratum, SmallStratum, NoIdentity, TooManyVars, TwiceRole, NobodyAtAll}, k)
}

// Finding is something that a person should look at.
type Finding struct {
	Kind   Kind
	Column string  // heading, or ""
	N      int     // rows, or values for SmallGroup, SmallStratum and TooVaried
	Rows   []Row   // the first of them
	Values []Count // for SmallGroup and SmallStratum, the largest first
}

// Row is a row of a finding.
type Row struct {
	Row   int
	Value string // the cell that it is about, or ""
	Other int    // the row that it is the same as, or 0
}

// shownRows is how many rows of a finding are listed; all are counted.
const shownRows = 10

// Merge says that a spelling of a group variable is taken as another.
type Merge struct {
	Column     string
	From, Into string
	NFrom      int
	NInto      int
}

// Rules are what a file is checked against.
type Rules struct {
	Languages []instrument.Lang // of the wave; the first is the default
	GroupSize int               // k
	// Address returns an address as the mail server takes it; false when it is none.
	Address func(string) (string, bool)
}

// Result is what would become of a file.
type Result struct {
	People    []Person
	LeftOut   int
	Findings  []Finding
	Proposals []Merge // spellings that look like one, merged or not
	Variables []Variable
	CanMerge  bool // the values of the stratum that are too small are k people together
}

// Variable is a group variable with its values.
type Variable struct {
	Heading string
	Stratum bool
	Values  []Count // the largest first
}

// Blocked tells whether the file cannot be taken with this plan.
func (r *Result) Blocked() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Kind.Blocks() })
}

// Letters counts the people without a mail address.
func (r *Result) Letters() (n int) {
	for i := range r.People {
		if r.People[i].Mail == "" {
			n++
		}
	}
	return n
}

// Check takes every row by a plan and says what should be looked at. Nothing of the file is changed.
func (f *File) Check(p Plan, rules Rules) *Result {
	c := &checker{file: f, plan: p, rules: rules, found: map[key]*Finding{}, byMail: map[string]int{}, byNumber: map[string]int{}, result: &Result{}}
	if len(p.Roles) != len(f.Columns) {
		c.plan.Roles = make([]Role, len(f.Columns))
		copy(c.plan.Roles, p.Roles)
	}
	c.roles()
	c.rows()
	c.groups()
	c.finish()
	return c.result
}

type key struct {
	kind   Kind
	column string
}

type checker struct {
	file     *File
	plan     Plan
	rules    Rules
	found    map[key]*Finding
	byMail   map[string]int // row in people
	byNumber map[string]int
	result   *Result
}

func (c *checker) note(kind Kind, column string, row Row) {
	k := key{kind, column}
	f := c.found[k]
	if f == nil {
		f = &Finding{Kind: kind, Column: column}
		c.found[k] = f
	}
	f.N++
	if len(f.Rows) < shownRows && row.Row > 0 {
		row.Value = cut(row.Value, 60)
		f.Rows = append(f.Rows, row)
	}
}

// roles checks the plan in itself.
func (c *checker) roles() {
	seen := map[Role]bool{}
	for i, r := range c.plan.Roles {
		if !slices.Contains(Roles(), r) {
			c.plan.Roles[i], r = Ignore, Ignore
		}
		if r != Ignore && r != Group && seen[r] {
			c.note(TwiceRole, c.file.Columns[i].Heading, Row{})
		}
		seen[r] = true
	}
	if !seen[Name] && !seen[FirstName] && !seen[Mail] && !seen[Number] {
		c.note(NoIdentity, "", Row{})
	}
	if len(c.plan.Variables()) > MaxGroups {
		c.note(TooManyVars, "", Row{})
	}
	if s := c.plan.Stratum; s < 0 || s >= len(c.plan.Roles) || c.plan.Roles[s] != Group {
		c.plan.Stratum = None
	}
}

// rows takes the people over.
func (c *checker) rows() {
	merge := map[string]map[string]string{}
	for _, m := range c.plan.Merge {
		if merge[m.Column] == nil {
			merge[m.Column] = map[string]string{}
		}
		merge[m.Column][m.From] = m.Into
	}
	name, first, mail, number, language := c.plan.column(Name), c.plan.column(FirstName), c.plan.column(Mail), c.plan.column(Number), c.plan.column(Language)
	variables := c.plan.Variables()
	cell := func(r *intake.CellsRow, column int) string {
		if column == None {
			return ""
		}
		return r.Cells[column]
	}
	for i := range c.file.rows {
		r := &c.file.rows[i]
		p := Person{Row: r.Number, Name: cut(strings.TrimSpace(cell(r, first)+" "+cell(r, name)), maxName), Number: cut(cell(r, number), maxNumber)}
		written := cell(r, mail)
		p.Mail = c.mail(written)
		if p.Name == "" && p.Mail == "" && p.Number == "" {
			c.note(Nobody, "", Row{Row: r.Number})
			continue
		}
		good := p.Mail != ""
		if c.same(&p, written) {
			continue
		}
		switch {
		case mail != None && written == "":
			c.note(NoMail, "", Row{Row: p.Row})
		case mail != None && !good:
			c.note(BadMail, "", Row{Row: p.Row, Value: written})
		}
		p.Language = c.language(&p, cell(r, language))
		p.Groups = make(map[string]string, len(variables))
		for _, v := range variables {
			heading := c.file.Columns[v].Heading
			value := cut(r.Cells[v], maxValue)
			if into, merged := merge[heading][value]; merged {
				value = into
			}
			p.Groups[heading] = value
			if value == "" && v != c.plan.Stratum {
				c.note(NoGroup, heading, Row{Row: r.Number})
			}
		}
		c.result.People = append(c.result.People, p)
	}
	c.result.LeftOut = len(c.file.rows) - len(c.result.People)
}

// The longest texts that are kept, in characters.
const (
	maxName   = 120
	maxNumber = 40
	maxValue  = 120
)

// mail returns the address in a cell, "" for who gets a letter.
func (c *checker) mail(cell string) string {
	if cell == "" {
		return ""
	}
	address, ok := c.rules.Address(cell)
	if !ok {
		return ""
	}
	return address
}

// same tells whether a person was taken already. Two people with one address are two when their staff numbers, or without
// those their names, differ; the second gets a letter, because a mailbox with two invitations leads to mistakes.
func (c *checker) same(p *Person, cell string) bool {
	number := strings.ToLower(p.Number)
	if other, taken := c.byNumber[number]; taken && number != "" {
		c.note(SamePerson, "", Row{Row: p.Row, Value: p.Number, Other: c.result.People[other].Row})
		return true
	}
	if other, taken := c.byMail[p.Mail]; taken && p.Mail != "" {
		o := &c.result.People[other]
		if o.Number != "" && p.Number != "" || !strings.EqualFold(o.Name, p.Name) {
			c.note(SameMail, "", Row{Row: p.Row, Value: cell, Other: o.Row})
			p.Mail = ""
		} else {
			c.note(SamePerson, "", Row{Row: p.Row, Value: cell, Other: o.Row})
			return true
		}
	}
	if number != "" {
		c.byNumber[number] = len(c.result.People)
	}
	if p.Mail != "" {
		c.byMail[p.Mail] = len(c.result.People)
	}
	return false
}

func (c *checker) language(p *Person, cell string) instrument.Lang {
	first := instrument.NL
	if len(c.rules.Languages) > 0 {
		first = c.rules.Languages[0]
	}
	if cell == "" {
		return first
	}
	lang, known := Tongue(cell)
	if !known || !slices.Contains(c.rules.Languages, lang) {
		c.note(BadLanguage, "", Row{Row: p.Row, Value: cell})
		return first
	}
	return lang
}

// Tongue recognises a language however it is written in one of the four.
func Tongue(s string) (instrument.Lang, bool) {
	key := letters(s)
	for lang, names := range map[instrument.Lang][]string{
		instrument.NL: {"n", "nl", "nlbe", "nld", "ned", "nederlands", "neerlandais", "niederlandisch", "dutch", "vlaams"},
		instrument.FR: {"f", "fr", "frbe", "fra", "fre", "frans", "francais", "franzosisch", "french"},
		instrument.DE: {"d", "de", "debe", "deu", "ger", "duits", "allemand", "deutsch", "german"},
		instrument.EN: {"e", "en", "eng", "engb", "engels", "anglais", "englisch", "english"},
	} {
		if slices.Contains(names, key) {
			return lang, true
		}
	}
	return "", false
}

// groups counts the values of each group variable and settles the stratum.
func (c *checker) groups() {
	for _, v := range c.plan.Variables() {
		heading := c.file.Columns[v].Heading
		counts := map[string]int{}
		for i := range c.result.People {
			counts[c.result.People[i].Groups[heading]]++
		}
		if v == c.plan.Stratum {
			c.stratum(heading, counts)
		}
		if len(counts) >= mostDistinct {
			c.found[key{TooVaried, heading}] = &Finding{Kind: TooVaried, Column: heading, N: len(counts)}
		}
		variable := Variable{Heading: heading, Stratum: v == c.plan.Stratum, Values: sortedCounts(counts)}
		c.result.Variables = append(c.result.Variables, variable)
		if len(counts) < mostDistinct {
			c.proposals(heading, variable.Values)
		}
		if v != c.plan.Stratum {
			c.small(SmallGroup, heading, variable.Values)
		}
	}
}

func (c *checker) small(kind Kind, heading string, values []Count) {
	var small []Count
	for _, v := range values {
		if v.Value != "" && v.N < c.rules.GroupSize {
			small = append(small, v)
		}
	}
	if len(small) > 0 {
		c.found[key{kind, heading}] = &Finding{Kind: kind, Column: heading, N: len(small), Values: small[:min(len(small), 50)]}
	}
}

// stratum gives each person the stratum, if every value has enough people.
func (c *checker) stratum(heading string, counts map[string]int) {
	small, others := map[string]bool{}, 0
	for value, n := range counts {
		if value != "" && n < c.rules.GroupSize {
			small[value] = true
			others += n
		}
	}
	c.result.CanMerge = others >= c.rules.GroupSize
	if c.plan.Others && c.result.CanMerge && c.plan.OthersName != "" {
		for i := range c.result.People {
			if p := &c.result.People[i]; small[p.Groups[heading]] {
				p.Groups[heading] = c.plan.OthersName
			}
		}
		for value := range small {
			delete(counts, value)
		}
		counts[c.plan.OthersName] += others
	}
	for i := range c.result.People {
		p := &c.result.People[i]
		if p.Stratum = p.Groups[heading]; p.Stratum == "" {
			c.note(NoStratum, heading, Row{Row: p.Row})
		}
	}
	c.small(SmallStratum, heading, sortedCounts(counts))
}

// proposals lists spellings that look like one. Spellings that differ in a digit, such as "team 1" and "team 2", are two.
func (c *checker) proposals(heading string, values []Count) {
	levels, counts := make([]string, 0, len(values)), make([]int, 0, len(values))
	n := map[string]int{}
	for _, v := range values {
		if v.Value != "" {
			levels, counts = append(levels, v.Value), append(counts, v.N)
			n[v.Value] = v.N
		}
	}
	for _, m := range c.plan.Merge {
		if m.Column == heading {
			c.result.Proposals = append(c.result.Proposals, Merge{Column: heading, From: m.From, Into: m.Into, NFrom: m.NFrom, NInto: n[m.Into]})
		}
	}
	for _, m := range intake.Alike(levels, counts) {
		if digits(m.From) == digits(m.Into) {
			c.result.Proposals = append(c.result.Proposals, Merge{Column: heading, From: m.From, Into: m.Into, NFrom: m.CountFrom, NInto: m.CountInto})
		}
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// finish puts the findings in order: those that block first.
func (c *checker) finish() {
	if len(c.result.People) == 0 {
		c.note(NobodyAtAll, "", Row{})
	}
	order := []Kind{NoIdentity, TwiceRole, TooManyVars, NobodyAtAll, TooVaried, NoStratum, SmallStratum, SamePerson, Nobody, BadMail, SameMail, NoMail, BadLanguage, NoGroup, SmallGroup}
	for _, f := range c.found {
		c.result.Findings = append(c.result.Findings, *f)
	}
	slices.SortFunc(c.result.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), cmp.Compare(a.Column, b.Column))
	})
}
