package people

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// What was looked at, as it is noted and told to the person.
const (
	SawList   = "list"   // name, unit and function in a list
	SawPerson = "person" // the page of one person, without birth year and number
	SawFile   = "file"   // birth year and number too
	SawExport = "export" // a file with everybody
)

// Person is what somebody may see of a person.
type Person struct {
	org.Person // without BirthYear, Number and Hidden, unless Open
	Posts      []org.Post
	Open       bool // the birth year and the number are there
}

// closed leaves out what nobody sees without need.
func closed(p org.Person) org.Person {
	p.Number, p.BirthYear, p.Hidden = "", 0, ""
	return p
}

// Page is a part of a list of people.
type Page struct {
	People []Person
	Next   string
	At     int64 // the revision that was read
}

// Search lists people for whoever may see everybody. Those on the page are noted as seen.
func (s *Service) Search(ctx context.Context, actor access.Actor, q store.Query) (Page, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return Page{}, err
	}
	return s.search(ctx, actor, access.HR, q)
}

// Team lists the people whom somebody leads: those of the units that they head, with the units below, and those whose manager
// they are, down the tree. It is empty for who leads nobody.
func (s *Service) Team(ctx context.Context, actor access.Actor, q store.Query) (Page, error) {
	if err := allow(actor, access.ReadTeam); err != nil {
		return Page{}, err
	}
	sight, err := s.sight(ctx, actor)
	if err != nil {
		return Page{}, err
	}
	q.Sight = sight
	return s.search(ctx, actor, access.Manager, q)
}

// sight is whom somebody leads. Who is not in the organisation, or is more than one person in it, leads nobody.
func (s *Service) sight(ctx context.Context, actor access.Actor) (*store.Sight, error) {
	r := s.DB.Of(actor.Tenant)
	out := &store.Sight{}
	me, at, err := s.Self(ctx, r, actor.Owner)
	if errors.Is(err, db.ErrNoRow) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	led, err := store.UnitsLedBy(ctx, r, at, me.ID)
	if err != nil {
		return nil, err
	}
	var units []string
	for i := range led {
		if led[i].On(s.today()) {
			units = append(units, led[i].ID)
		}
	}
	if out.Units, err = store.Within(ctx, r, at, units...); err != nil {
		return nil, err
	}
	out.People, err = store.Below(ctx, r, at, me.ID)
	return out, err
}

// Self returns who an account is in the organisation, and the revision that was read: the person with its staff number, else the
// one with its mail address. The error is db.ErrNoRow when that is nobody in service, or not one person for certain.
func (s *Service) Self(ctx context.Context, r db.Reader, account string) (org.Person, int64, error) {
	head, err := store.Head(ctx, r)
	if err != nil {
		return org.Person{}, 0, err
	}
	mail, number, err := s.Accounts.Of(ctx, r, account)
	if err != nil {
		return org.Person{}, 0, err
	}
	found, err := store.ByNumber(ctx, r, head.Current, contact.Number(number))
	if err != nil {
		return org.Person{}, 0, err
	}
	if len(found) == 0 {
		if found, err = store.ByMail(ctx, r, head.Current, mail); err != nil {
			return org.Person{}, 0, err
		}
	}
	found = slices.DeleteFunc(found, func(p org.Person) bool { return p.Out })
	if len(found) != 1 {
		return org.Person{}, head.Current, db.ErrNoRow
	}
	return found[0], head.Current, nil
}

func (s *Service) search(ctx context.Context, actor access.Actor, as access.Role, q store.Query) (Page, error) {
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return Page{}, err
	}
	page, err := store.Search(ctx, r, head.Current, q)
	if err != nil {
		if errors.Is(err, store.ErrPlace) {
			err = refuse(problem.Invalid, "error.place", nil).Because(err)
		}
		return Page{}, err
	}
	ids := make([]string, len(page.People))
	for i := range page.People {
		ids[i] = page.People[i].ID
	}
	posts, err := store.PostsOfAll(ctx, r, head.Current, ids)
	if err != nil {
		return Page{}, err
	}
	out := Page{Next: page.Next, At: head.Current}
	for i := range page.People {
		out.People = append(out.People, Person{Person: closed(page.People[i]), Posts: posts[page.People[i].ID]})
	}
	return out, s.note(ctx, actor, as, SawList, "", ids...)
}

// Person returns one person for whoever may see everybody, or leads them. It is noted as seen.
func (s *Service) Person(ctx context.Context, actor access.Actor, personID string) (Person, error) {
	as := access.HR
	if allow(actor, access.ReadPeople) != nil {
		if err := allow(actor, access.ReadTeam); err != nil {
			return Person{}, err
		}
		as = access.Manager
	}
	p, err := s.person(ctx, actor, personID)
	if err != nil {
		return p, err
	}
	if as == access.Manager {
		sight, err := s.sight(ctx, actor)
		if err != nil {
			return Person{}, err
		}
		leads := slices.Contains(sight.People, personID) || slices.ContainsFunc(p.Posts, func(x org.Post) bool { return slices.Contains(sight.Units, x.Unit) })
		if !leads {
			return Person{}, db.ErrNoRow
		}
	}
	p.Person = closed(p.Person)
	return p, s.note(ctx, actor, as, SawPerson, "", personID)
}

func (s *Service) person(ctx context.Context, actor access.Actor, personID string) (Person, error) {
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return Person{}, err
	}
	p, err := store.One[org.Person](ctx, r, head.Current, personID)
	if err != nil {
		return Person{}, err
	}
	posts, err := store.PostsOf(ctx, r, head.Current, personID)
	return Person{Person: p, Posts: posts}, err
}

const (
	leastPurpose = 10 // characters
	mostPurpose  = 200
)

// File returns one person with birth year and staff number, for a stated purpose that the person can read.
func (s *Service) File(ctx context.Context, actor access.Actor, personID, purpose string) (Person, error) {
	if err := allow(actor, access.ReadPersonFile); err != nil {
		return Person{}, err
	}
	form := problem.Form{Bundle: locale()}
	purpose = purposeOf(purpose, &form)
	if err := form.Err(); err != nil {
		return Person{}, err
	}
	p, err := s.person(ctx, actor, personID)
	if err != nil {
		return p, err
	}
	p.Open, p.Hidden = true, strings.Repeat("•", min(len(p.Hidden), 1))
	return p, s.note(ctx, actor, access.HR, SawFile, purpose, personID)
}

// note keeps that people were seen. Nothing is shown when it cannot be kept.
func (s *Service) note(ctx context.Context, actor access.Actor, as access.Role, what, purpose string, people ...string) error {
	if len(people) == 0 {
		return nil
	}
	at := s.Now()
	reads := make([]store.Read, len(people))
	for i, p := range people {
		reads[i] = store.Read{Person: p, At: at, Account: actor.Owner, Role: string(as), What: what, Purpose: purpose}
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error { return store.NoteReads(ctx, tx, reads) })
}
