package madeup

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"tekentafel/internal/people/org"
)

// domain is that of the mails: nobody's (RFC 2606, section 3).
const domain = "@stad.example"

// maker holds what is being made.
type maker struct {
	Made
	r               *rand.Rand
	services, teams []int         // positions of units
	below           map[int][]int // teams of a service
	department      []int         // of a unit, its number among the departments; -1 the root
	pools           [][]int       // functions of a department, the frequent ones first
	leads           map[string]bool
	given           int // ids of posts given so far
}

// Make makes an organisation. A million people take some seconds and 700 MB.
func Make(r Recipe) *Made {
	r.People = max(r.People, 60)
	if r.Day == 0 {
		r.Day = 20260915
	}
	m := &maker{
		Made: Made{Organisation: &org.Organisation{}, Day: r.Day, Planted: map[Fault][]string{}}, r: rand.New(rand.NewPCG(r.Seed, 0x6f7267)),
		below: map[int][]int{}, leads: map[string]bool{},
	}
	m.makeUnits(r.People)
	m.makeFunctions(r.People)
	m.makePeople(r.People)
	m.plant(r.Faults)
	m.Sort()
	return &m.Made
}

// name returns the n-th id of a kind of things: 26 characters that sort by n, as the ids of the store do.
func name(kind byte, n int) string {
	var b [26]byte
	copy(b[:], "01jn0000000000000000000000")
	b[6] = kind
	const digits = "0123456789abcdefghjkmnpqrstvwxyz"
	for i := 25; n > 0; i-- {
		b[i] = digits[n%32]
		n /= 32
	}
	return string(b[:])
}

// postID returns the next id of a post, also after posts went.
func (m *maker) postID() string {
	m.given++
	return name('t', m.given)
}

func (m *maker) unit(parent, department int, kind, called string) int {
	i := len(m.Units)
	u := org.Unit{ID: name('u', i), Code: "OE" + strconv.Itoa(1000+i), Name: called, Kind: kind}
	if parent >= 0 {
		u.Parent = m.Units[parent].ID
	}
	m.Units = append(m.Units, u)
	m.department = append(m.department, department)
	return i
}

// makeUnits makes a tree of which the leaves are teams of some 15 people.
func (m *maker) makeUnits(people int) {
	teams := max(people/15, 3)
	count := max(teams/5, 3)
	departments := min(max(count/6, 3), len(domains))
	root := m.unit(-1, -1, "stad", "Stad Voorbeeld")
	var tops []int
	for d := range departments {
		tops = append(tops, m.unit(root, d, "departement", "Departement "+domains[d]))
	}
	for s := range count {
		d := s % departments
		m.services = append(m.services, m.unit(tops[d], d, "dienst", numbered("Dienst "+services[s/departments%len(services)]+" "+domains[d], s/departments/len(services))))
	}
	for t := range teams {
		s := m.services[t%len(m.services)]
		n := t / len(m.services)
		u := m.unit(s, m.department[s], "team", numbered("Team "+places[n%len(places)]+" "+m.Units[s].Name, n/len(places)))
		m.teams = append(m.teams, u)
		m.below[s] = append(m.below[s], u)
	}
}

func numbered(s string, n int) string {
	if n == 0 {
		return s
	}
	return s + " " + strconv.Itoa(n+1)
}

// makeFunctions makes a catalogue that grows with the organisation, and says which of it each department has.
func (m *maker) makeFunctions(people int) {
	want := min(max(people/60, 40), 500)
	add := func(t title, called, group string) {
		i := len(m.Functions)
		m.Functions = append(m.Functions, org.Function{
			ID: name('f', i), Code: fmt.Sprintf("F%04d", i+1), Name: called, Family: group, Level: t.level, Work: t.work, ISCO: t.isco,
		})
	}
	all := titles()
	for _, t := range all {
		if len(m.Functions) < want {
			add(t, t.name, t.family)
		}
	}
	for d := range domains {
		for _, t := range all {
			if t.wide && len(m.Functions) < want {
				add(t, t.name+" "+strings.ToLower(domains[d]), t.family)
			}
		}
	}
	departments := 0
	for _, d := range m.department {
		departments = max(departments, d+1)
	}
	for range departments {
		m.pools = append(m.pools, m.r.Perm(len(m.Functions))[:min(30, len(m.Functions))])
	}
	m.pools = append(m.pools, []int{0, 5, 9, 12}) // of the root
}

// makePeople fills the units: four people at the top, two in each unit that is no team, and the others in teams.
func (m *maker) makePeople(people int) {
	sizes := make([]int, len(m.Units))
	left := people
	for u := range m.Units {
		sizes[u] = 2
		left -= 2
	}
	sizes[0], left = 4, left-2
	for i := 0; left > 0; i++ {
		n := min(left, 1+m.r.IntN(3))
		sizes[m.teams[i%len(m.teams)]] += n
		left -= n
	}
	m.People = make([]org.Person, 0, people+people/10)
	m.Posts = make([]org.Post, 0, people+people/5)
	for u := range m.Units {
		for n := range sizes[u] {
			m.person(u, n)
		}
	}
}

// stride spreads names over people: it has no factor in common with the number of names.
const stride = 2503

func (m *maker) person(u, n int) {
	i := len(m.People)
	pair, all := i*stride%(len(given)*len(family)), len(given)*len(family)
	p := org.Person{
		ID: name('p', i), Number: fmt.Sprintf("%07d", 12000+i*3), Given: given[pair%len(given)], Family: family[pair/len(given)], Language: "nl",
		BirthYear: m.Day.Year() - 23 - m.r.IntN(41), Site: places[u%len(places)],
	}
	p.Mail = address(p.Given+"."+p.Family, i/all)
	age := m.Day.Year() - p.BirthYear
	p.From = org.Date((p.BirthYear+21+m.r.IntN(age-21))*10000 + 101 + 100*m.r.IntN(12))
	if p.From > m.Day {
		p.From = org.Date((m.Day.Year()-1)*10000 + 901)
	}
	if m.r.IntN(20) == 0 {
		p.Language = "fr"
	}
	head := m.Units[u].Head
	if n == 0 {
		m.Units[u].Head = p.ID
		m.leads[p.ID] = true
		if u > 0 {
			p.Manager = m.Units[m.at(m.Units[u].Parent)].Head
		}
	} else {
		p.Manager = head
		if n > 1 && m.r.IntN(100) < 3 {
			p.Out = true
			p.To = max(p.From, m.Day-10000)
		}
	}
	m.People = append(m.People, p)
	m.post(i, u)
}

// at finds a unit by its id: ids of units are given in order.
func (m *maker) at(id string) int {
	lo, hi := 0, len(m.Units)
	for lo < hi {
		mid := (lo + hi) / 2
		if m.Units[mid].ID < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

var statutes = []string{"statutair", "contractueel"}

// post gives a person the main post, and one in twelve a second of 0.3.
func (m *maker) post(person, u int) {
	p := &m.People[person]
	pool := m.pools[len(m.pools)-1]
	if d := m.department[u]; d >= 0 {
		pool = m.pools[d]
	}
	f := m.r.Float64()
	main := org.Post{
		ID: m.postID(), Person: p.ID, Unit: m.Units[u].ID, Function: m.Functions[pool[int(f*f*float64(len(pool)))]].ID,
		FTE: 1000, Statute: statutes[m.r.IntN(2)], Main: true, Span: p.Span,
	}
	switch m.r.IntN(6) {
	case 0:
		main.FTE = 800
	case 1:
		main.FTE = 500
	}
	m.Posts = append(m.Posts, main)
	if m.r.IntN(12) == 0 && main.FTE < 1000 {
		second := main
		second.ID, second.FTE, second.Main = m.postID(), 300, false
		m.Posts = append(m.Posts, second)
	}
}

// address makes a mail address of a name, with a number where the name comes more than once.
func address(s string, n int) string {
	b := make([]byte, 0, 48)
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			b = append(b, byte(r)+32)
		case r >= 'a' && r <= 'z', r == '.':
			b = append(b, byte(r))
		default:
			if i := strings.IndexRune("éëèïöüçÖ", r); i >= 0 {
				b = append(b, "eeeiouco"[len([]rune("éëèïöüçÖ"[:i]))])
			}
		}
	}
	if n > 0 {
		b = strconv.AppendInt(b, int64(n+1), 10)
	}
	return string(append(b, domain...))
}
