package people

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

const mostText = 120 // characters of a name or code

// PutUnit adds a unit, for id "", or changes one. At is the revision at which it was read: what changed since is not overwritten.
func (s *Service) PutUnit(ctx context.Context, actor access.Actor, u org.Unit, at int64) (string, error) {
	return s.putUnit(ctx, actor, u, at, asked.Request{})
}

// AddUnit adds a unit once, however often it is asked.
func (s *Service) AddUnit(ctx context.Context, actor access.Actor, u org.Unit, ask asked.Request) (string, error) {
	u.ID = ""
	return s.putUnit(ctx, actor, u, 0, ask)
}

func (s *Service) putUnit(ctx context.Context, actor access.Actor, u org.Unit, at int64, ask asked.Request) (string, error) {
	u.Name, u.Code, u.Kind = contact.Line(u.Name), contact.Line(u.Code), contact.Line(u.Kind)
	form := problem.Form{Bundle: locale()}
	lengths(&form, map[string]string{"name": u.Name, "code": u.Code, "kind": u.Kind})
	if !u.Possible() {
		form.Wrong("to", "field.span", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	return put(ctx, s, actor, store.Units, &u, &u.ID, at, ask, func(r db.Reader, now int64) error {
		return s.checkUnit(ctx, r, now, &u, &form)
	}, func(row org.Unit) *org.Organisation { return &org.Organisation{Units: []org.Unit{row}} })
}

// checkUnit refuses a unit that would stand below itself, below nothing, or have the code of another.
func (s *Service) checkUnit(ctx context.Context, r db.Reader, at int64, u *org.Unit, form *problem.Form) error {
	if u.Parent != "" {
		if _, err := store.One[org.Unit](ctx, r, at, u.Parent); err != nil {
			form.Wrong("parent", "field.gone", nil)
			return form.Err()
		}
		below, err := store.Within(ctx, r, at, u.ID)
		if err != nil {
			return err
		}
		for _, b := range below {
			if b == u.Parent {
				form.Wrong("parent", "field.cycle", nil)
			}
		}
	}
	if u.Code != "" {
		all, err := store.AllOf[org.Unit](ctx, r, at)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].ID != u.ID && strings.EqualFold(all[i].Code, u.Code) {
				form.Wrong("code", "field.code-taken", i18n.Args{"name": all[i].Name})
			}
		}
	}
	if u.Head != "" {
		if _, err := store.One[org.Person](ctx, r, at, u.Head); err != nil {
			form.Wrong("head", "field.gone", nil)
		}
	}
	return form.Err()
}

// PutFunction adds a function, for id "", or changes one.
func (s *Service) PutFunction(ctx context.Context, actor access.Actor, f org.Function, at int64) (string, error) {
	return s.putFunction(ctx, actor, f, at, asked.Request{})
}

// AddFunction adds a function once, however often it is asked.
func (s *Service) AddFunction(ctx context.Context, actor access.Actor, f org.Function, ask asked.Request) (string, error) {
	f.ID = ""
	return s.putFunction(ctx, actor, f, 0, ask)
}

func (s *Service) putFunction(ctx context.Context, actor access.Actor, f org.Function, at int64, ask asked.Request) (string, error) {
	f.Name, f.Code, f.Family, f.ISCO = contact.Line(f.Name), contact.Line(f.Code), contact.Line(f.Family), contact.Line(f.ISCO)
	form := problem.Form{Bundle: locale()}
	lengths(&form, map[string]string{"name": f.Name, "code": f.Code, "family": f.Family})
	if f.ISCO != "" {
		if _, ok := value.ISCO(f.ISCO); !ok {
			form.Wrong("isco", "field.isco", nil)
		}
	}
	if f.Level != "" && !strings.Contains("ABCDE", string(f.Level)) || len(f.Level) > 1 {
		form.Wrong("level", "field.choice", nil)
	}
	switch f.Work {
	case org.WorkUnknown, org.Desk, org.Field, org.Both:
	default:
		form.Wrong("work", "field.choice", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	return put(ctx, s, actor, store.Functions, &f, &f.ID, at, ask, func(r db.Reader, now int64) error {
		if f.Code == "" {
			return nil
		}
		all, err := store.AllOf[org.Function](ctx, r, now)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].ID != f.ID && strings.EqualFold(all[i].Code, f.Code) {
				form.Wrong("code", "field.code-taken", i18n.Args{"name": all[i].Name})
			}
		}
		return form.Err()
	}, func(row org.Function) *org.Organisation { return &org.Organisation{Functions: []org.Function{row}} })
}

// PlacePerson puts the main post of a person in another unit or function. What a file says at the next import counts again.
func (s *Service) PlacePerson(ctx context.Context, actor access.Actor, personID, unit, function string, at int64) error {
	if err := allow(actor, access.ChangePeople); err != nil {
		return err
	}
	note := Note{What: string(store.People), Subject: personID}
	err := store.EditNow(ctx, s.DB, actor.Tenant, s.Now, store.Revision{Kind: store.ByEdit, Account: actor.Owner, Note: note.text()}, func(tx *db.Scope, e *store.Editor) error {
		before := e.Seq() - 1
		posts, err := store.PostsOf(ctx, tx.Reader, before, personID)
		if err != nil {
			return err
		}
		if at < before {
			then, err := store.PostsOf(ctx, tx.Reader, at, personID)
			if err != nil {
				return err
			}
			if len(then) != len(posts) || len(posts) > 0 && then[0] != posts[0] {
				return store.ErrChanged
			}
		}
		form := problem.Form{Bundle: locale()}
		if _, err := store.One[org.Unit](ctx, tx.Reader, before, unit); unit != "" && err != nil {
			form.Wrong("unit", "field.gone", nil)
		}
		if _, err := store.One[org.Function](ctx, tx.Reader, before, function); function != "" && err != nil {
			form.Wrong("function", "field.gone", nil)
		}
		if err := form.Err(); err != nil {
			return err
		}
		post := org.Post{ID: id.New(s.Now()), Person: personID, FTE: -1, Main: true}
		if len(posts) > 0 {
			post = posts[0]
		} else if _, err := store.One[org.Person](ctx, tx.Reader, before, personID); err != nil {
			return err
		}
		post.Unit, post.Function = unit, function
		if err := e.Put(ctx, &org.Organisation{Posts: []org.Post{post}}); err != nil {
			return err
		}
		if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.person-placed", Subject: personID}); err != nil {
			return err
		}
		return s.askAssessment(ctx, tx, actor)
	})
	return said(err)
}

func lengths(form *problem.Form, texts map[string]string) {
	for field, text := range texts {
		n := utf8.RuneCountInString(text)
		if n > mostText || n == 0 && field == "name" {
			form.Wrong(field, "field.name", i18n.Args{"most": itoa(mostText)})
		}
	}
}

// errAgain says that a row was added before, when the same was asked.
var errAgain = errors.New("this was asked before")

// put writes a row as a small revision, unless it changed since it was read or the same was asked before.
func put[T store.Row](ctx context.Context, s *Service, actor access.Actor, kind store.Kind, row *T, rowID *string, at int64, ask asked.Request, check func(db.Reader, int64) error, rows func(T) *org.Organisation) (string, error) {
	if err := allow(actor, access.ChangePeople); err != nil {
		return "", err
	}
	fresh := *rowID == ""
	if fresh {
		*rowID = id.New(s.Now())
	}
	note := Note{What: string(kind), Subject: *rowID}
	err := store.EditNow(ctx, s.DB, actor.Tenant, s.Now, store.Revision{Kind: store.ByEdit, Account: actor.Owner, Note: note.text()}, func(tx *db.Scope, e *store.Editor) error {
		before := e.Seq() - 1
		if fresh {
			made, err := asked.Once(ctx, tx, s.Now, ask, func() (string, error) { return *rowID, nil })
			if err != nil {
				return err
			}
			if made != *rowID {
				*rowID = made
				return errAgain // nothing of this revision stays
			}
		} else {
			stands, err := store.One[T](ctx, tx.Reader, before, *rowID)
			if err != nil {
				return err
			}
			if at < before {
				read, err := store.One[T](ctx, tx.Reader, at, *rowID)
				if err != nil {
					return err
				}
				if read != stands {
					return store.ErrChanged
				}
			}
		}
		if err := check(tx.Reader, before); err != nil {
			return err
		}
		if err := e.Put(ctx, rows(*row)); err != nil {
			return err
		}
		if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people." + string(kind) + "-changed", Subject: *rowID}); err != nil {
			return err
		}
		return s.askAssessment(ctx, tx, actor)
	})
	if errors.Is(err, errAgain) {
		return *rowID, nil
	}
	return *rowID, said(err)
}
