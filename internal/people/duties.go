package people

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
)

// Duties is what the organisation is made of today, without its people: what features that ask something of a function build on.
type Duties struct {
	Revision  int64 // as DutiesRevision
	Functions []org.Function
	Units     []org.Unit
	Tallies   []store.Tally // each person in service counts once, by the main post
}

// DutiesRevision returns a number that differs when anything of Duties differs: the revision that stands, and the day.
func (s *Service) DutiesRevision(ctx context.Context, r db.Reader) (int64, error) {
	head, err := store.Head(ctx, r)
	return head.Current<<24 | int64(s.today())&(1<<24-1), err
}

// Duties reads the functions and units that stand today, and how many people have which function in which unit. It reads every post.
func (s *Service) Duties(ctx context.Context, r db.Reader) (*Duties, error) {
	at, day, err := s.stands(ctx, r)
	if err != nil {
		return nil, err
	}
	out := &Duties{Revision: at<<24 | int64(day)&(1<<24-1)}
	if out.Functions, err = store.AllOf[org.Function](ctx, r, at); err != nil {
		return nil, err
	}
	if out.Units, err = store.AllOf[org.Unit](ctx, r, at); err != nil {
		return nil, err
	}
	if out.Tallies, err = store.Tallies(ctx, r, at, day); err != nil {
		return nil, err
	}
	out.Functions = slices.DeleteFunc(out.Functions, func(f org.Function) bool { return !f.On(day) })
	out.Units = slices.DeleteFunc(out.Units, func(u org.Unit) bool { return !u.On(day) })
	out.Tallies = slices.DeleteFunc(out.Tallies, func(t store.Tally) bool { return t.People == 0 })
	return out, nil
}

func (s *Service) stands(ctx context.Context, r db.Reader) (at int64, day org.Date, err error) {
	head, err := store.Head(ctx, r)
	return head.Current, s.today(), err
}

// LedDuties counts the people whom an account leads by function and unit of their main post, FTE not counted. Nobody of them is shown, so
// that no reading is noted.
func (s *Service) LedDuties(ctx context.Context, actor access.Actor) ([]store.Tally, error) {
	sight, err := s.sight(ctx, actor)
	if err != nil || len(sight.Units)+len(sight.People) == 0 {
		return nil, err
	}
	r := s.DB.Of(actor.Tenant)
	at, day, err := s.stands(ctx, r)
	if err != nil {
		return nil, err
	}
	type place struct{ unit, function string }
	counts := map[place]int{}
	for q := (store.Query{Sight: sight, Service: store.InService, Limit: 1_000}); ; {
		page, err := store.Search(ctx, r, at, q)
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(page.People))
		for i := range page.People {
			ids[i] = page.People[i].ID
		}
		posts, err := store.PostsOfAll(ctx, r, at, ids)
		if err != nil {
			return nil, err
		}
		for _, list := range posts {
			for i := range list {
				if p := &list[i]; p.Main && p.On(day) {
					counts[place{p.Unit, p.Function}]++
				}
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	var out []store.Tally
	for p, n := range counts {
		out = append(out, store.Tally{Unit: p.unit, Function: p.function, People: n})
	}
	slices.SortFunc(out, func(a, b store.Tally) int {
		return strings.Compare(a.Unit+"\x00"+a.Function, b.Unit+"\x00"+b.Function)
	})
	return out, nil
}

// OwnDuties are the functions that the person of an account has today, the main one first, and the unit of the main one.
type OwnDuties struct {
	Functions []org.Function
	Unit      org.Unit // the zero value where it is not known
}

// OwnDuties returns what the person of an account does; nothing for who is nobody here.
func (s *Service) OwnDuties(ctx context.Context, r db.Reader, account string) (OwnDuties, error) {
	me, at, err := s.Self(ctx, r, account)
	if errors.Is(err, db.ErrNoRow) {
		return OwnDuties{}, nil
	}
	if err != nil {
		return OwnDuties{}, err
	}
	posts, err := store.PostsOf(ctx, r, at, me.ID)
	if err != nil {
		return OwnDuties{}, err
	}
	day := s.today()
	posts = slices.DeleteFunc(posts, func(p org.Post) bool { return !p.On(day) })
	slices.SortStableFunc(posts, func(a, b org.Post) int {
		switch {
		case a.Main && !b.Main:
			return -1
		case b.Main && !a.Main:
			return 1
		}
		return 0
	})
	var out OwnDuties
	for i := range posts {
		f, err := store.One[org.Function](ctx, r, at, posts[i].Function)
		if errors.Is(err, db.ErrNoRow) {
			continue
		}
		if err != nil {
			return OwnDuties{}, err
		}
		out.Functions = append(out.Functions, f)
	}
	if len(posts) > 0 {
		out.Unit, err = store.One[org.Unit](ctx, r, at, posts[0].Unit)
		if errors.Is(err, db.ErrNoRow) {
			err = nil
		}
	}
	return out, err
}
