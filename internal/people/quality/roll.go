package quality

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tekentafel/internal/people/org"
)

// row is somebody in service. Values that are not known stand as they are assumed when somebody fills them in; bits say that they are not known.
type row struct {
	bits       uint64 // faults that make a field one that cannot be relied on
	fte        int32  // of all posts that stand
	who        int32  // position in People
	post       int32  // position of the post that counts, -1 none
	unit, fn   int32  // positions in tree and catalogue, -1 none
	brk        int32  // the unit by which the tree is broken above the person, -1 none
	dept       int32  // position in tree, -1 none
	band, work int8   // -1 none
}

// roll is the staff in service with what stands around it.
type roll struct {
	in     Input
	o      *org.Organisation
	person map[string]int32 // position by id
	at     []int32          // row by position of the person, -1 out of service
	rows   []row
	tree   tree
	cat    catalogue
	found  [kindCount]found
	canon  []int32   // row that a row is a second record of, itself otherwise
	shared [][]int32 // rows with one mail
	ages   []int8    // band by age
}

// found gathers the cases of a kind.
type found struct {
	count, people int
	examples      []Example
}

// hit notes a case that touches so many people in service.
func (r *roll) hit(k Kind, people int, id string, with ...string) {
	f := &r.found[k]
	f.count++
	f.people += people
	if about := definitions[k].About; about == AboutUnit || about == AboutFunction || len(f.examples) < r.in.Examples {
		f.examples = append(f.examples, Example{ID: id, With: with[:min(len(with), 20)], People: people})
	}
}

// flag notes a case of one row, and that the field cannot be relied on.
func (r *roll) flag(k Kind, i int) {
	r.rows[i].bits |= k.bit()
	r.hit(k, 1, r.o.People[r.rows[i].who].ID)
}

// newRoll reads an organisation and counts what is wrong with it.
func newRoll(ctx context.Context, o *org.Organisation, in Input) (*roll, error) {
	r := &roll{in: in, o: sorted(o)}
	steps := []func(){r.open, r.callUp, r.buildTree, r.twice, r.mails, r.functions, r.assume, r.leaders, r.units}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		step()
	}
	return r, nil
}

// sorted returns an organisation in order: the same one when it is.
func sorted(o *org.Organisation) *org.Organisation {
	post := func(a, b org.Post) int {
		if c := cmp.Compare(a.Person, b.Person); c != 0 || a.Main == b.Main {
			return c
		}
		if a.Main {
			return -1
		}
		return 1
	}
	if slices.IsSortedFunc(o.People, func(a, b org.Person) int { return strings.Compare(a.ID, b.ID) }) && slices.IsSortedFunc(o.Posts, post) &&
		slices.IsSortedFunc(o.Units, func(a, b org.Unit) int { return strings.Compare(a.ID, b.ID) }) &&
		slices.IsSortedFunc(o.Functions, func(a, b org.Function) int { return strings.Compare(a.ID, b.ID) }) {
		return o
	}
	c := &org.Organisation{
		Units: slices.Clone(o.Units), Functions: slices.Clone(o.Functions), People: slices.Clone(o.People), Posts: slices.Clone(o.Posts),
	}
	c.Sort()
	return c
}

func (r *roll) open() {
	r.person = make(map[string]int32, len(r.o.People))
	for i := range r.o.People {
		r.person[r.o.People[i].ID] = int32(i)
	}
	r.tree.open(r.o.Units, r.in.Day)
	r.cat.open(r.o.Functions, r.in.Day)
	r.ages = make([]int8, 300)
	for age := range r.ages {
		b, ok := slices.BinarySearch(r.in.Ages, age)
		if ok {
			b++
		}
		r.ages[age] = int8(b)
	}
}

// callUp makes the rows, and looks at each person and their posts.
func (r *roll) callUp() {
	r.at = make([]int32, len(r.o.People))
	r.rows = make([]row, 0, len(r.o.People))
	next := 0
	for i := range r.o.People {
		p := &r.o.People[i]
		for next < len(r.o.Posts) && r.o.Posts[next].Person < p.ID {
			r.hit(PostOfNobody, 0, r.o.Posts[next].ID)
			next++
		}
		from := next
		for next < len(r.o.Posts) && r.o.Posts[next].Person == p.ID {
			next++
		}
		r.at[i] = -1
		if !p.Possible() {
			r.hit(SpanTurned, one(r.serves(p)), p.ID)
		}
		serves := r.serves(p)
		if serves {
			r.at[i] = int32(len(r.rows))
			r.rows = append(r.rows, row{who: int32(i), post: -1, unit: -1, fn: -1, brk: -1, dept: -1, band: -1, work: -1})
		}
		r.posts(p, from, next, serves)
		if serves {
			r.look(len(r.rows)-1, p)
		}
	}
	for ; next < len(r.o.Posts); next++ {
		r.hit(PostOfNobody, 0, r.o.Posts[next].ID)
	}
}

// serves tells whether somebody is in service.
func (r *roll) serves(p *org.Person) bool { return !p.Out && (p.From == 0 || p.From <= r.in.Day) }

// one counts what is so.
func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// earliest is the first year of birth that can be of somebody in service.
const earliest = 1930

// young is the age at which nobody works yet.
const young = 14

// look looks at what is known of a person.
func (r *roll) look(i int, p *org.Person) {
	year := r.in.Day.Year()
	switch {
	case p.BirthYear == 0:
		r.flag(BirthUnknown, i)
	case p.BirthYear < earliest || p.BirthYear > year-young:
		r.flag(BirthRange, i)
	default:
		r.rows[i].band = r.ages[min(year-p.BirthYear, len(r.ages)-1)]
		if p.From != 0 && p.From.Year() < p.BirthYear+young {
			r.flag(StartEarly, i)
		}
	}
	if p.To != 0 && p.To <= r.in.Day {
		r.flag(EndPast, i)
	}
	r.lookAtMail(i, p.Mail)
	if p.Number == "" {
		r.hit(NoNumber, 1, p.ID)
	}
	switch p.Language {
	case "nl", "fr", "de", "en":
	default:
		r.flag(NoLanguage, i)
	}
}
