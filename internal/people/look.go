package people

import (
	"context"
	"slices"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// MostExported is how many people one file with a list holds at most.
const MostExported = 100_000

// Some returns people by their ids, in the order of the ids, for whoever may see everybody. They are noted as seen in a list. Who
// does not stand is left out.
func (s *Service) Some(ctx context.Context, actor access.Actor, ids []string) ([]Person, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return nil, err
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	found, err := someOf(ctx, r, head.Current, ids)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b Person) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	var seen []string
	for i := range found {
		seen = append(seen, found[i].ID)
	}
	return found, s.note(ctx, actor, access.HR, SawList, "", seen...)
}

// someOf returns people with their posts and without what nobody sees without need.
func someOf(ctx context.Context, r db.Reader, at int64, ids []string) ([]Person, error) {
	rows, err := store.Some[org.Person](ctx, r, at, ids)
	if err != nil {
		return nil, err
	}
	posts, err := store.PostsOfAll(ctx, r, at, ids)
	if err != nil {
		return nil, err
	}
	var out []Person
	for i := range rows {
		out = append(out, Person{Person: closed(rows[i]), Posts: posts[rows[i].ID]})
	}
	return out, nil
}

// purposeOf returns what somebody says they need data for, and puts on the form what is wrong with it.
func purposeOf(text string, form *problem.Form) string {
	text = contact.Line(text)
	if n := utf8.RuneCountInString(text); n < leastPurpose || n > mostPurpose {
		form.Wrong("purpose", "field.purpose", i18n.Args{"least": itoa(leastPurpose), "most": itoa(mostPurpose)})
	}
	return text
}

// Export gives the people of a query to each, in the order of the list, without birth year, number and hash, for a stated purpose.
// When each had all of them they are noted as exported, with the purpose, and the audit log says so: only then may the file be
// handed over. The query's Limit and After do not count. A problem of kind Invalid when there are more than MostExported, or the
// purpose says nothing.
func (s *Service) Export(ctx context.Context, actor access.Actor, q store.Query, purpose string, each func([]Person) error) (n int, err error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return 0, err
	}
	form := problem.Form{Bundle: locale()}
	purpose = purposeOf(purpose, &form)
	if err := form.Err(); err != nil {
		return 0, err
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return 0, err
	}
	q.After, q.Limit = "", 1000
	var seen []string
	for {
		page, err := store.Search(ctx, r, head.Current, q)
		if err != nil {
			return 0, err
		}
		ids := make([]string, len(page.People))
		for i := range page.People {
			ids[i] = page.People[i].ID
		}
		posts, err := store.PostsOfAll(ctx, r, head.Current, ids)
		if err != nil {
			return 0, err
		}
		some := make([]Person, len(page.People))
		for i := range page.People {
			some[i] = Person{Person: closed(page.People[i]), Posts: posts[ids[i]]}
		}
		if seen = append(seen, ids...); len(seen) > MostExported {
			return 0, refuse(problem.Invalid, "field.export-most", i18n.Args{"most": itoa(MostExported)})
		}
		if err := each(some); err != nil {
			return 0, err
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	for part := range slices.Chunk(seen, 5000) {
		if err := s.note(ctx, actor, access.HR, SawExport, purpose, part...); err != nil {
			return 0, err
		}
	}
	return len(seen), s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.exported", Detail: map[string]string{"count": itoa(len(seen)), "purpose": purpose}})
	})
}
