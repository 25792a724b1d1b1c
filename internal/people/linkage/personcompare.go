package linkage

import (
	"math"
	"strconv"
)

func (p *personRows) compare(a, b int) (pattern, bool) {
	x, y := &p.rows[a], &p.rows[b]
	l, _, _ := p.names(x, y)
	l[3] = compareMail(x, y)
	l[4] = compareYear(x.birth, y.birth)
	l[5] = compareWork(&p.people[a], &p.people[b])
	l[6], l[7] = missing, missing
	if x.number != "" && y.number != "" {
		switch {
		case x.number == y.number:
			l[6] = 0
		case len(x.number) > 3 && within(x.number, y.number, 1):
			l[6] = 1
		default:
			l[6] = 2
		}
	}
	if h, g := p.people[a].Hidden, p.people[b].Hidden; h != "" && g != "" {
		l[7] = 1
		if h == g {
			l[7] = 0
		}
	}
	return l, true
}

// names compares the names in each way that they can be read, and takes the way in which they are most alike; as they were
// written where that is as good.
func (p *personRows) names(x, y *personRow) (best pattern, one, two *way) {
	score := int8(127)
	try := func(i, j int, exchanged bool) {
		v, w := &x.ways[i], &y.ways[j]
		f, g := compareFamily(v.family, w.family), compareGiven(v.given, w.given)
		s := 2*f + 2*g
		if f == missing || g == missing {
			s = 2*(f+g) + 6
		}
		order := missing
		if exchanged {
			order = 1
			s++
		}
		if s < score {
			score, best, one, two = s, pattern{f, g, order}, v, w
		}
	}
	try(0, 0, false)
	if score == 0 {
		return best, one, two
	}
	switch {
	case x.whole && y.whole:
		try(1, 1, false)
		try(1, 0, false)
		try(0, 1, false)
	case x.whole:
		try(1, 0, false)
	case y.whole:
		try(0, 1, false)
	default:
		if len(y.ways) > 1 && mayBe(&x.ways[0], &y.ways[1]) {
			try(0, 1, true)
		}
	}
	return best, one, two
}

// mayBe tells whether both names begin alike: a look before the whole comparison.
func mayBe(v, w *way) bool {
	return v.family.joined != "" && v.given.joined != "" && w.family.joined != "" && w.given.joined != "" &&
		v.family.joined[0] == w.family.joined[0] && v.given.joined[0] == w.given.joined[0]
}

func compareMail(x, y *personRow) int8 {
	switch {
	case x.mail == "" || y.mail == "":
		return missing
	case x.mail == y.mail && !x.own && !y.own:
		return missing
	case x.mail == y.mail:
		return 0
	case x.local == y.local:
		return 1
	case x.local != "" && y.local != "" && within(x.local, y.local, 2) && min(len(x.local), len(y.local)) > 4:
		return 2
	}
	return 3
}

// compareYear counts as close what a slip explains: a year before or after, ten years, or the last two digits exchanged.
func compareYear(a, b int) int8 {
	if a == 0 || b == 0 {
		return missing
	}
	switch d := a - b; {
	case d == 0:
		return 0
	case d == 1 || d == -1 || d == 10 || d == -10 || a/100 == b/100 && a%10 == b/10%10 && a/10%10 == b%10:
		return 1
	}
	return 2
}

func compareWork(a, b *Person) int8 {
	unit, function := a.Unit != "" && b.Unit != "", a.Function != "" && b.Function != ""
	sameUnit, sameFunction := unit && a.Unit == b.Unit, function && a.Function == b.Function
	switch {
	case !unit && !function:
		return missing
	case sameUnit && sameFunction:
		return 0
	case sameUnit:
		return 1
	case sameFunction:
		return 2
	}
	return 3
}

func (p *personRows) apart(l pattern) bool {
	return (l[0] == missing || l[0] == familyDifferent) && (l[1] == missing || l[1] == givenDifferent) && l[7] != 0
}

// rarity brings the weight of names that agree in line with how many people have them: u of the value is its share (Winkler 2000); where they nearly
// agree, the share of the commoner one scales u (as splink does).
func (p *personRows) rarity(a, b int, l pattern, f *fit) [mostFields]float64 {
	var add [mostFields]float64
	if l[0] >= familyDifferent && l[1] >= givenDifferent {
		return add
	}
	_, x, y := p.names(&p.rows[a], &p.rows[b])
	n := float64(len(p.rows))
	scale := func(field, count int) float64 {
		u := f.u[field][0][0] // of the same value, whatever it is
		return math.Log2(u * n / float64(max(count, 2)))
	}
	switch l[0] {
	case familySame, familyClose:
		add[0] = scale(0, max(p.families[x.family.joined], p.families[y.family.joined]))
	case familyPart:
		add[0] = scale(0, p.families[sharedPart(x.family, y.family)])
	}
	switch l[1] {
	case givenSame, givenClose:
		add[1] = scale(1, max(p.given[x.given.joined], p.given[y.given.joined]))
	}
	for i := range add {
		add[i] = min(max(add[i], -8), 6)
	}
	return add
}

func (p *personRows) describe(a, b int, l pattern, evidence []Evidence) {
	x, y := &p.people[a], &p.people[b]
	for i := range evidence {
		e := &evidence[i]
		switch e.Field {
		case FieldGivenName:
			e.Args = []string{x.Given, y.Given}
		case FieldFamilyName:
			e.Args = []string{x.Family, y.Family}
		case FieldNameOrder:
			if l[2] == missing {
				e.Level = AsWritten
			}
		case FieldMail:
			e.Args = []string{x.Mail, y.Mail}
		case FieldBirthYear:
			e.Args = []string{year(x.BirthYear), year(y.BirthYear)}
		case FieldNumber:
			e.Args = []string{x.Number, y.Number}
		case FieldWork:
			e.Args = []string{x.Unit, y.Unit, x.Function, y.Function}
		default: // a hash shows nothing
		}
	}
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

// better prefers the row that says most, then the first key.
func (p *personRows) better(a, b int) bool {
	if n, m := said(&p.people[a]), said(&p.people[b]); n != m {
		return n > m
	}
	return p.people[a].Key < p.people[b].Key
}

func said(p *Person) int {
	n := 0
	for _, s := range []string{p.Given, p.Family, p.Mail, p.Number, p.Unit, p.Function, p.Hidden} {
		if s != "" {
			n++
		}
	}
	if len(p.Given) > 2 {
		n++
	}
	if p.BirthYear != 0 {
		n++
	}
	return n
}
