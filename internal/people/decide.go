package people

import (
	"context"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// mostTogether is how many functions are merged at once.
const mostTogether = 100

// MergeTitles makes functions one: who has one of the others has into from now on, the others are no longer in the catalogue, and at every
// later import their titles stand for into. The revision that it returns can be undone, with the decisions.
func (s *Service) MergeTitles(ctx context.Context, actor access.Actor, into string, functions []string) (revision int64, err error) {
	functions = slices.DeleteFunc(slices.Clone(functions), func(f string) bool { return f == into })
	if err := allow(actor, access.ChangePeople); err != nil {
		return 0, err
	}
	if len(functions) == 0 || len(functions) > mostTogether {
		return 0, refuse(problem.Invalid, "error.merge-count", nil)
	}
	var decisions []string
	for range functions {
		decisions = append(decisions, id.New(s.Now()))
	}
	err = store.EditNow(ctx, s.DB, actor.Tenant, s.Now, store.Revision{Kind: store.ByMerge, Account: actor.Owner, Note: Note{Decisions: decisions, What: string(store.Functions), Subject: into}.text()},
		func(tx *db.Scope, e *store.Editor) error {
			before := e.Seq() - 1
			stays, err := store.One[org.Function](ctx, tx.Reader, before, into)
			if err != nil {
				return err
			}
			others, err := store.Some[org.Function](ctx, tx.Reader, before, functions)
			if err != nil {
				return err
			}
			if len(others) != len(functions) {
				return store.ErrChanged
			}
			for i := range others {
				a, b := draft.FunctionKey(others[i].Name), draft.FunctionKey(stays.Name)
				if a == b {
					continue // they are written the same; nothing is to be remembered
				}
				if err := store.Decide(ctx, tx, store.Decision{ID: decisions[i], Kind: store.Title, A: a, B: b, Verdict: store.Same, Into: b, Account: actor.Owner, At: s.Now()}); err != nil {
					return err
				}
			}
			posts, err := store.PostsWith(ctx, tx.Reader, before, functions)
			if err != nil {
				return err
			}
			for i := range posts {
				posts[i].Function = into
			}
			if err := e.Put(ctx, &org.Organisation{Posts: posts}); err != nil {
				return err
			}
			if err := e.End(ctx, store.Functions, functions...); err != nil {
				return err
			}
			revision = e.Seq()
			if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.titles-merged", Subject: into, Detail: map[string]string{"count": itoa(len(functions)), "posts": itoa(len(posts))}}); err != nil {
				return err
			}
			return s.askAssessment(ctx, tx, actor)
		})
	return revision, said(err)
}

// PartTitles says that functions are different, so that they are not proposed again.
func (s *Service) PartTitles(ctx context.Context, actor access.Actor, functions []string) error {
	if err := allow(actor, access.ChangePeople); err != nil {
		return err
	}
	if len(functions) < 2 || len(functions) > mostTogether {
		return refuse(problem.Invalid, "error.merge-count", nil)
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		head, err := store.Head(ctx, tx.Reader)
		if err != nil {
			return err
		}
		list, err := store.Some[org.Function](ctx, tx.Reader, head.Current, functions)
		if err != nil {
			return err
		}
		var keys []string
		for i := range list {
			keys = append(keys, draft.FunctionKey(list[i].Name))
		}
		return s.part(ctx, tx, actor, store.Title, keys)
	}))
}

// MergePeople makes two records one person: into stays, with what only the other says, and the other's posts are its own. At every later import
// what the other was recognised by stands for into.
func (s *Service) MergePeople(ctx context.Context, actor access.Actor, into, other string) (revision int64, err error) {
	if err := allow(actor, access.ChangePeople); err != nil {
		return 0, err
	}
	if into == other {
		return 0, refuse(problem.Invalid, "error.merge-count", nil)
	}
	decision := id.New(s.Now())
	err = store.EditNow(ctx, s.DB, actor.Tenant, s.Now, store.Revision{Kind: store.ByMerge, Account: actor.Owner, Note: Note{Decisions: []string{decision}, What: string(store.People), Subject: into}.text()},
		func(tx *db.Scope, e *store.Editor) error {
			before := e.Seq() - 1
			stays, err := store.One[org.Person](ctx, tx.Reader, before, into)
			if err != nil {
				return err
			}
			goes, err := store.One[org.Person](ctx, tx.Reader, before, other)
			if err != nil {
				return err
			}
			a, b := PersonKey(&goes), PersonKey(&stays)
			if a != "" && b != "" && a != b {
				if err := store.Decide(ctx, tx, store.Decision{ID: decision, Kind: store.Duplicate, A: a, B: b, Verdict: store.Same, Into: b, Account: actor.Owner, At: s.Now()}); err != nil {
					return err
				}
			}
			rows, err := s.joined(ctx, tx.Reader, before, &stays, &goes)
			if err != nil {
				return err
			}
			if err := e.Put(ctx, rows); err != nil {
				return err
			}
			if err := e.End(ctx, store.People, other); err != nil {
				return err
			}
			revision = e.Seq()
			if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.people-merged", Subject: into}); err != nil {
				return err
			}
			return s.askAssessment(ctx, tx, actor)
		})
	return revision, said(err)
}

// joined are the rows of one person out of two records, with what pointed to the one that goes.
func (s *Service) joined(ctx context.Context, r db.Reader, at int64, stays, goes *org.Person) (*org.Organisation, error) {
	for _, f := range []struct{ to, from *string }{{&stays.Given, &goes.Given}, {&stays.Mail, &goes.Mail}, {&stays.Language, &goes.Language}, {&stays.Manager, &goes.Manager},
		{&stays.Site, &goes.Site}, {&stays.Shift, &goes.Shift}, {&stays.Hidden, &goes.Hidden}, {&stays.Number, &goes.Number}} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if stays.BirthYear == 0 {
		stays.BirthYear = goes.BirthYear
	}
	if stays.Out && !goes.Out {
		stays.Out, stays.To = false, 0
	}
	out := &org.Organisation{}
	posts, err := store.PostsOf(ctx, r, at, stays.ID)
	if err != nil {
		return nil, err
	}
	moved, err := store.PostsOf(ctx, r, at, goes.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range moved {
		p.Person = stays.ID
		if len(posts) > 0 {
			p.Main = false
		}
		out.Posts = append(out.Posts, p)
	}
	led, err := store.UnitsLedBy(ctx, r, at, goes.ID)
	if err != nil {
		return nil, err
	}
	for _, u := range led {
		u.Head = stays.ID
		out.Units = append(out.Units, u)
	}
	managed, err := store.ManagedBy(ctx, r, at, goes.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range managed {
		if p.ID == stays.ID {
			continue
		}
		p.Manager = stays.ID
		out.People = append(out.People, p)
	}
	if stays.Manager == goes.ID || stays.Manager == stays.ID {
		stays.Manager = ""
	}
	out.People = append(out.People, *stays)
	return out, nil
}

// PartPeople says that two records are two people, so that they are not proposed again.
func (s *Service) PartPeople(ctx context.Context, actor access.Actor, a, b string) error {
	if err := allow(actor, access.ChangePeople); err != nil {
		return err
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		head, err := store.Head(ctx, tx.Reader)
		if err != nil {
			return err
		}
		list, err := store.Some[org.Person](ctx, tx.Reader, head.Current, []string{a, b})
		if err != nil {
			return err
		}
		var keys []string
		for i := range list {
			keys = append(keys, PersonKey(&list[i]))
		}
		if len(keys) != 2 || keys[0] == "" || keys[1] == "" {
			return store.ErrChanged
		}
		return s.part(ctx, tx, actor, store.Duplicate, keys)
	}))
}

// part keeps that each of these differs from each other.
func (s *Service) part(ctx context.Context, tx *db.Scope, actor access.Actor, kind store.Subject, keys []string) error {
	for i, a := range keys {
		for _, b := range keys[i+1:] {
			if a == b {
				continue
			}
			if err := store.Decide(ctx, tx, store.Decision{ID: id.New(s.Now()), Kind: kind, A: a, B: b, Verdict: store.Different, Account: actor.Owner, At: s.Now()}); err != nil {
				return err
			}
		}
	}
	if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.kept-apart", Detail: map[string]string{"what": string(kind), "count": itoa(len(keys))}}); err != nil {
		return err
	}
	return s.askAssessment(ctx, tx, actor)
}

// SameUnit says that a unit of an import is one that stands, under another name, and looks at the import anew.
func (s *Service) SameUnit(ctx context.Context, actor access.Actor, importID, from, to string, version int64) error {
	if err := allow(actor, access.ImportPeople); err != nil {
		return err
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		v, err := store.ImportOf(ctx, tx.Reader, importID)
		if err != nil {
			return err
		}
		if v.State != store.Previewed {
			return refuse(problem.Conflict, "error.import-state", nil)
		}
		shown, err := PreviewOf(&v)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(shown.Renames, func(r draft.Rename) bool { return r.From == from && r.To == to }) {
			return db.ErrNoRow
		}
		if err := store.Decide(ctx, tx, store.Decision{ID: id.New(s.Now()), Kind: store.Moved, A: to, B: from, Verdict: store.Same, Into: from, Account: actor.Owner, At: s.Now()}); err != nil {
			return err
		}
		v.State, v.Preview, v.Version = store.Received, "", version
		if err := store.UpdateImport(ctx, tx, v); err != nil {
			return err
		}
		_, err = s.Queue.Add(ctx, tx, jobs.New{Kind: previewJob, Subject: v.ID, Account: actor.Owner, Unique: v.ID + "/" + itoa(int(version))})
		return err
	}))
}

// Decisions lists the decisions that count, of a kind.
func (s *Service) Decisions(ctx context.Context, actor access.Actor, kind store.Subject) ([]store.Decision, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return nil, err
	}
	return store.Decisions(ctx, s.DB.Of(actor.Tenant), kind)
}

// Withdraw takes a decision back that no revision carried out, such as that two titles are different.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, decisionID string) error {
	if err := allow(actor, access.ChangePeople); err != nil {
		return err
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if err := store.UndoDecision(ctx, tx, decisionID, s.Now()); err != nil {
			return err
		}
		if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.decision-withdrawn", Subject: decisionID}); err != nil {
			return err
		}
		return s.askAssessment(ctx, tx, actor) // what was decided apart may be proposed again
	}))
}
