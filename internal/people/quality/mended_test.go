package quality

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/people/madeup"
	"tekentafel/internal/people/org"
)

// mender does to an organisation what mends say, row by row, with none of the code that counts gains.
type mender struct {
	r          *roll
	units      map[string]org.Unit
	functions  map[string]org.Function
	people     map[string]org.Person
	posts      map[string]org.Post
	top, chief string
	alias      map[string]string // of functions
	fresh      int
	different  [][2]string
	level      org.Level
}

func newMender(r *roll) *mender {
	m := &mender{
		r: r, units: map[string]org.Unit{}, functions: map[string]org.Function{}, people: map[string]org.Person{}, posts: map[string]org.Post{},
		alias: map[string]string{}, level: "C",
	}
	for _, x := range r.o.Units {
		m.units[x.ID] = x
	}
	for _, x := range r.o.Functions {
		m.functions[x.ID] = x
	}
	for _, x := range r.o.People {
		m.people[x.ID] = x
	}
	for _, x := range r.o.Posts {
		m.posts[x.ID] = x
	}
	if r.tree.top >= 0 {
		m.top = r.tree.ids[r.tree.top]
	}
	heads := r.heads()
	names := map[string][]int32{}
	for i := range r.rows {
		i := int32(i)
		if r.o.People[r.rows[i].who].Manager == "" && !has(r.rows[i].bits, ManagerNone) && !r.head(i, heads) && m.chief == "" {
			m.chief = r.id(i)
		}
		for _, j := range names[r.nameWords(i)] {
			if r.canon[i] != r.canon[j] {
				m.different = append(m.different, [2]string{r.id(i), r.id(j)})
			}
		}
		names[r.nameWords(i)] = append(names[r.nameWords(i)], i)
	}
	return m
}

func (m *mender) organisation() *org.Organisation {
	o := &org.Organisation{}
	for _, x := range m.units {
		o.Units = append(o.Units, x)
	}
	for _, x := range m.functions {
		o.Functions = append(o.Functions, x)
	}
	for _, x := range m.people {
		o.People = append(o.People, x)
	}
	for _, x := range m.posts {
		x.Function = m.function(x.Function)
		o.Posts = append(o.Posts, x)
	}
	o.Sort()
	return o
}

func (m *mender) function(id string) string {
	for m.alias[id] != "" {
		id = m.alias[id]
	}
	return id
}

// mend does one mend of the list.
func (m *mender) mend(g *Gain) {
	switch g.Check {
	case UnitGone, UnitOrphan:
		u := org.Unit{ID: g.IDs[0], Name: "Terug", Parent: m.top}
		if u.ID == m.top {
			u.Parent = ""
		}
		m.units[u.ID] = u
	case UnitCycle, UnitRoots:
		u := m.units[g.IDs[0]]
		u.Parent = m.top
		m.units[u.ID] = u
	case FunctionGone:
		f := m.r.cat.index[g.IDs[0]]
		m.functions[g.IDs[0]] = org.Function{ID: g.IDs[0], Name: "Terug " + g.IDs[0], Level: "C", Work: works[m.r.cat.work[f]]}
	case FunctionSame, FunctionAlike:
		m.merge(g)
	case NoLevel, NoWork:
		m.complete(g.Check)
	case SameNumber, SameMail, SameName, SameLinked:
		m.mergePeople()
	default:
		for i := range m.r.rows {
			// Nobody completes a record that is to go.
			if x := &m.r.rows[i]; has(x.bits, g.Check) && (m.r.canon[i] == int32(i) || g.Check == EndPast) {
				if p, ok := m.people[m.r.id(int32(i))]; ok {
					m.people[p.ID] = m.fill(x, p, g.Check)
				}
			}
		}
	}
}

func (m *mender) merge(g *Gain) {
	into := m.functions[g.Into]
	for _, id := range g.IDs {
		if id == g.Into {
			continue
		}
		f := m.functions[id]
		if into.Level == "" {
			into.Level = f.Level
		}
		if into.Work == "" {
			into.Work = f.Work
		}
		delete(m.functions, id)
		m.alias[id] = into.ID
	}
	m.functions[into.ID] = into
}

func (m *mender) complete(k Kind) {
	for id, f := range m.functions {
		i, ok := m.r.cat.index[id]
		if !ok {
			continue
		}
		if k == NoLevel && f.Level == "" {
			f.Level = m.level
			if s := m.r.cat.of[i]; s >= 0 && m.r.cat.sets[s].level != "" {
				f.Level = m.r.cat.sets[s].level
			}
		}
		if k == NoWork && f.Work == "" {
			f.Work = works[m.r.cat.work[i]]
		}
		m.functions[id] = f
	}
}

func (m *mender) mergePeople() {
	into := map[string]string{}
	for i, c := range m.r.canon {
		if int(c) != i {
			into[m.r.id(int32(i))] = m.r.id(c)
		}
	}
	for id, p := range m.people {
		if c, ok := into[id]; ok && c != "" {
			delete(m.people, id)
			continue
		}
		if c := into[p.Manager]; c != "" {
			p.Manager = c
			m.people[id] = p
		}
	}
	for id, x := range m.posts {
		if into[x.Person] != "" {
			delete(m.posts, id)
		}
	}
	for id, u := range m.units {
		if c := into[u.Head]; c != "" {
			u.Head = c
			m.units[id] = u
		}
	}
}

func (m *mender) fill(x *row, p org.Person, k Kind) org.Person {
	m.fresh++
	var post org.Post
	if x.post >= 0 {
		post = m.posts[m.r.o.Posts[x.post].ID]
	}
	// Where there is none that is like them, each gets one of their own.
	unit, function := fmt.Sprintf("nieuw%d", m.fresh), fmt.Sprintf("nieuw%d", m.fresh)
	if gives := set(NoPost, NoUnit, NoFunction, NoEither); has(gives, k) {
		if x.unit < 0 {
			m.units[unit] = org.Unit{ID: unit, Name: unit, Parent: m.top}
		}
		if x.fn < 0 {
			m.functions[function] = org.Function{ID: function, Name: function, Level: "A", Work: org.Desk}
		}
	}
	if x.unit >= 0 {
		unit = m.r.tree.ids[x.unit]
	}
	if x.fn >= 0 {
		function = m.r.cat.ids[x.fn]
	}
	switch k {
	case EndPast:
		p.Out = true
	case BirthUnknown, BirthRange, StartEarly:
		p.From = 0
		age := 25
		if x.band > 0 {
			age = m.r.in.Ages[x.band-1]
		}
		p.BirthYear = m.r.in.Day.Year() - age
	case NoLanguage:
		p.Language = "nl"
	case NoMail, MailShared, MailBad:
		p.Mail = fmt.Sprintf("nieuw%d@stad.example", m.fresh)
		for i, c := range m.r.canon { // second records of the person keep the mail that shows it
			if q, ok := m.people[m.r.id(int32(i))]; ok && int(c) != i && m.r.id(c) == p.ID && k == MailShared && q.Mail == m.people[p.ID].Mail {
				q.Mail = p.Mail
				m.people[q.ID] = q
			}
		}
	case FTEUnknown, FTEZero, FTEHigh:
		post.FTE = 1000
	case NoPost:
		post = org.Post{ID: fmt.Sprintf("new%06d", m.fresh), Person: p.ID, Unit: unit, Function: function, FTE: 1000}
	case NoUnit:
		post.Unit = unit
	case NoFunction:
		post.Function = function
	case NoEither:
		post.Unit, post.Function = unit, function
	case ManagerNone, ManagerSelf, ManagerCycle, ManagerOut, ManagerGone:
		p.Manager = m.chief
	default:
		panic(k.String())
	}
	if post.ID != "" {
		m.posts[post.ID] = post
	}
	return p
}

// faulty draws an organisation with some kinds of faults.
func faulty(t *rapid.T) (*org.Organisation, Input) {
	if rapid.IntRange(0, 2).Draw(t, "wild") == 0 {
		o := wild(t)
		in := Input{Day: today, K: 5, Mends: -1, Depth: rapid.IntRange(1, 2).Draw(t, "depth")}
		for i := 1; i < len(o.Functions); i += 3 {
			in.Merges = append(in.Merges, Merge{Functions: []string{o.Functions[i].ID, o.Functions[i-1].ID, "nothing"}})
		}
		return o, in
	}
	rates := madeup.Rates{}
	all := make([]madeup.Fault, 0, 50)
	for f := range madeup.Ugly() {
		all = append(all, f)
	}
	slices.Sort(all)
	for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, 12, rapid.ID).Draw(t, "faults") {
		rates[f] = rapid.SampledFrom([]float64{0.01, 0.05, 0.2}).Draw(t, string(f))
	}
	made := madeup.Make(madeup.Recipe{
		Seed: rapid.Uint64().Draw(t, "seed"), People: rapid.IntRange(60, 300).Draw(t, "people"), Faults: rates,
	})
	ms := merges(made)
	return made.Organisation, Input{
		Day: made.Day, K: rapid.IntRange(5, 12).Draw(t, "k"), Merges: ms[:rapid.IntRange(0, len(ms)).Draw(t, "merges")],
		Same: made.Double, Depth: rapid.IntRange(1, 2).Draw(t, "depth"), Mends: rapid.SampledFrom([]int{-1, 3, 8}).Draw(t, "mends"),
	}
}

// all mends with every field in use, beside the conclusions of the product.
func conclusions() []Conclusion {
	return append(Conclusions(), Conclusion{
		Name: "everything", Groups: []Dimension{ByDepartment, ByWork},
		Needs: []Field{FieldDepartment, FieldFunction, FieldLevel, FieldWork, FieldBirth, FieldFTE, FieldMail, FieldLanguage, FieldLeader},
	})
}

func TestAGainIsWhatCountingAgainAfterTheMendGives(t *testing.T) {
	t.Parallel()
	mends := map[Kind]int{}
	rapid.Check(t, func(rt *rapid.T) {
		o, in := faulty(rt)
		in.Conclusions = conclusions()
		full, err := in.complete()
		if err != nil {
			rt.Fatal(err)
		}
		r, err := newRoll(context.Background(), o, full)
		if err != nil {
			rt.Fatal(err)
		}
		first := assess(t, o, in)
		n := rapid.IntRange(0, len(first.Scores)-1).Draw(rt, "conclusion")
		s := first.Scores[n]
		m := newMender(r)
		in.Top, in.Forest, in.DifferentPeople = m.top, m.top == "", m.different
		in.Conclusions = []Conclusion{in.Conclusions[n]}
		for i := range s.Gains {
			if s.Gains[i].Mend == NameManager && m.chief == "" {
				break // there is nobody to name
			}
			if g := &s.Gains[i]; (g.Check == NoPost || g.Check == NoFunction || g.Check == NoEither) &&
				slices.ContainsFunc(r.rows, func(x row) bool { return x.fn < 0 }) {
				break // there is no function that people have, so no kind of work to assume
			}
			m.mend(&s.Gains[i])
			mends[s.Gains[i].Check]++
			got := assess(t, m.organisation(), in).Scores[0]
			if got.State != s.Gains[i].After {
				rt.Fatalf("%s, after mend %d (%+v): counted again it is %+v", s.Name, i, s.Gains[i], got.State)
			}
		}
	})
	if len(mends) < 15 && !t.Failed() {
		t.Errorf("only %d kinds of mends came by: %v", len(mends), mends)
	}
}

func TestGainsAddUpAndNoMendLowersAScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		o, in := faulty(rt)
		in.Conclusions = conclusions()
		full, err := in.complete()
		if err != nil {
			rt.Fatal(err)
		}
		r, err := newRoll(context.Background(), o, full)
		if err != nil {
			rt.Fatal(err)
		}
		tally := r.tally()
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1))
		for i := range full.Conclusions {
			c := &full.Conclusions[i]
			s := r.score(c, tally)
			sum := s.Points()
			for j, g := range s.Gains {
				sum += g.Points
				if g.Points < 0 || math.Abs(g.After.Points()-sum) > 1e-9 {
					rt.Fatalf("%s: mend %d brings %v, and the score is %v", s.Name, j, sum, g.After.Points())
				}
			}
			if math.Abs(sum+s.Rest.Points-s.Best.Points()) > 1e-9 || s.Rest.Points < -1e-9 {
				rt.Fatalf("%s: %v and the rest %v make %v", s.Name, sum, s.Rest, s.Best.Points())
			}
			lost := 0.0
			for _, l := range s.Losses {
				lost += l.Points
			}
			if s.Staff.People > 0 && math.Abs(lost+s.Points()-100) > 1e-6 {
				rt.Fatalf("%s: score %v and losses %+v", s.Name, s.Points(), s.Losses)
			}
			// The same mends in any order, none of them for the worse, come to the same.
			narrow := tally.narrow(c)
			b := newBoard(c, narrow, full.K)
			todo := r.candidates(c, narrow, b)
			order.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })
			for k := range todo {
				before := b.state
				tried := b.do(&todo[k].step, false)
				if b.state != before || b.do(&todo[k].step, true) != tried {
					rt.Fatalf("%s: trying %+v is not doing it", s.Name, todo[k].gain)
				}
				if b.state.Points() < before.Points() {
					rt.Fatalf("%s: %+v lowers %v to %v", s.Name, todo[k].gain, before, b.state)
				}
			}
			if b.state != s.Best {
				rt.Fatalf("%s: all mends come to %+v, in another order to %+v", s.Name, s.Best, b.state)
			}
		}
	})
}
