package example

import (
	"context"
	"embed"
	"strconv"
	"sync"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/shelf"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Place is a department.
type Place struct{ ID, Name string }

// Places knows the parts of the organisation.
type Places interface {
	// Places lists the departments and the names of the families of functions, by name; none when there is no staff list.
	Places(ctx context.Context, r db.Reader) (departments []Place, families []string, err error)
	// Of returns where the person with an account works: a department and a family; "" for what is not known.
	Of(ctx context.Context, r db.Reader, account string) (department, family string, err error)
}

// Accounts knows who people are.
type Accounts interface {
	// Name returns the name of an account, "" when it is gone.
	Name(ctx context.Context, r db.Reader, account string) (string, error)
}

// Tasks knows the entries by task.
type Tasks interface {
	// Tasks lists ids and titles of the entries by task, in their order.
	Tasks(lang instrument.Lang) []Place
}

// Dependencies is what the feature needs of the rest. Places may be nil.
type Dependencies struct {
	DB       *db.DB
	Audit    *audit.Log
	Now      clock.Clock
	MadeUp   []MadeUp
	Places   Places
	Accounts Accounts
	Tasks    Tasks
}

// Service is the feature.
type Service struct {
	Dependencies
	scanner *guard.Scanner
	shelves shelves
}

// New returns the feature.
func New(d Dependencies) *Service { return &Service{Dependencies: d, scanner: guard.New()} }

const reviews = access.ReviewExamples

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

func refuse(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, locale(), key, nil)
}

// check says what is wrong with what an author wrote.
func (s *Service) check(ctx context.Context, r db.Reader, c *Content) error {
	f := problem.Form{Bundle: locale()}
	for _, x := range []struct {
		name, text string
		most       int
		needed     bool
	}{{"title", c.Title, MostTitle, true}, {"did", c.Did, MostText, true}, {"prompt", c.Prompt, MostPrompt, true}, {"result", c.Result, MostText, true}, {"watch", c.Watch, MostText, true},
		{"tags", c.Tags, MostTags, false}, {"tools", c.Tools, MostTags, false}} {
		switch {
		case x.needed && x.text == "":
			f.Wrong(x.name, "error.missing-"+x.name, nil)
		case utf8.RuneCountInString(x.text) > x.most:
			f.Wrong(x.name, "error.long", i18n.Args{"most": strconv.Itoa(x.most)})
		}
	}
	if c.Department != "" || c.Family != "" {
		departments, families, err := s.places(ctx, r)
		if err != nil {
			return err
		}
		if c.DeptName = nameOf(departments, c.Department); c.Department != "" && c.DeptName == "" {
			f.Wrong("department", "error.place", nil)
		}
		if c.Family != "" && !contains(families, c.Family) {
			f.Wrong("family", "error.place", nil)
		}
	}
	if c.Task != "" && nameOf(s.Tasks.Tasks(c.Lang), c.Task) == "" {
		f.Wrong("task", "error.task", nil)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.clean(c)
}

func (s *Service) places(ctx context.Context, r db.Reader) ([]Place, []string, error) {
	if s.Places == nil {
		return nil, nil, nil
	}
	return s.Places.Places(ctx, r)
}

func nameOf(list []Place, id string) string {
	for _, p := range list {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func contains(list []string, x string) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// Offer offers a new example.
func (s *Service) Offer(ctx context.Context, actor access.Actor, c Content, once asked.Request) (string, error) {
	if err := shelf.Allow(locale(), actor, shelf.Uses); err != nil {
		return "", err
	}
	if err := s.check(ctx, s.DB.Of(actor.Tenant), &c); err != nil {
		return "", err
	}
	var made string
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) (err error) {
		made, err = asked.Once(ctx, tx, s.Now, once, func() (string, error) {
			if n, err := unfinished(ctx, tx.Reader, actor.Owner); err != nil || n >= mostUnfinished {
				return "", orMany(err)
			}
			now := s.Now()
			e := Example{ID: id.New(now), Version: 1, State: Offered, Author: actor.Owner, Made: now, Changed: now, Content: c}
			if err := insertExample(ctx, tx, &e); err != nil {
				return "", err
			}
			return e.ID, s.note(ctx, tx, actor, &e, "offered", "")
		})
		return err
	})
	return made, err
}

// mostUnfinished is how many examples of one author may wait at a time: somebody has to read them.
const mostUnfinished = 20

func orMany(err error) error {
	if err != nil {
		return err
	}
	return refuse(problem.Conflict, "error.many")
}

// note keeps a version with what was done, and tells the log, without texts.
func (s *Service) note(ctx context.Context, tx *db.Scope, actor access.Actor, e *Example, kind, message string) error {
	if err := insertChange(ctx, tx, e, &Line{Version: e.Version, Kind: kind, Account: actor.Owner, At: e.Changed, Message: message}); err != nil {
		return err
	}
	return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "lab-example." + kind, Subject: e.ID})
}

// Change changes an example of the actor, which was read as version. Others see it again once it was reviewed.
func (s *Service) Change(ctx context.Context, actor access.Actor, exampleID string, version int64, c Content) error {
	if err := shelf.Allow(locale(), actor, shelf.Uses); err != nil {
		return err
	}
	if err := s.check(ctx, s.DB.Of(actor.Tenant), &c); err != nil {
		return err
	}
	return s.move(ctx, actor, exampleID, version, "changed", "", func(e *Example) error {
		if e.Author != actor.Owner {
			return db.ErrNoRow
		}
		e.Content, e.State = c, Offered
		return nil
	})
}

// Decide shows an example, asks for a change, or refuses it. Who offered it does not decide on it. A message is needed but to show.
func (s *Service) Decide(ctx context.Context, actor access.Actor, exampleID string, version int64, to State, message string) error {
	if err := shelf.Allow(locale(), actor, reviews); err != nil {
		return err
	}
	f := problem.Form{Bundle: locale()}
	switch {
	case to != Shown && to != Asked && to != Refused:
		f.Wrong("to", "error.decision", nil)
	case to != Shown && message == "":
		f.Wrong("message", "error.message", nil)
	case utf8.RuneCountInString(message) > MostMessage:
		f.Wrong("message", "error.long", i18n.Args{"most": strconv.Itoa(MostMessage)})
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.move(ctx, actor, exampleID, version, string(to), message, func(e *Example) error {
		if e.Author == actor.Owner {
			return refuse(problem.Forbidden, "error.own")
		}
		if e.State == to {
			return refuse(problem.Conflict, "error.changed")
		}
		e.State = to
		return nil
	})
}

// move makes a new version of an example.
func (s *Service) move(ctx context.Context, actor access.Actor, exampleID string, version int64, kind, message string, do func(*Example) error) error {
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		e, err := one(ctx, tx.Reader, exampleID)
		if err != nil {
			return err
		}
		if e.Author != actor.Owner && !access.Can(actor, reviews, access.Resource{Tenant: actor.Tenant}) {
			return db.ErrNoRow
		}
		if e.Version != version {
			return refuse(problem.Conflict, "error.changed")
		}
		if err := do(&e); err != nil {
			return err
		}
		e.Version++
		e.Changed = s.Now()
		if err := updateExample(ctx, tx, &e); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, &e, kind, message)
	})
}

// Withdraw takes an example of the actor away for good, with its versions.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, exampleID string) error {
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		e, err := one(ctx, tx.Reader, exampleID)
		if err != nil {
			return err
		}
		if e.Author != actor.Owner || actor.Owner == "" {
			return db.ErrNoRow
		}
		if err := deleteExample(ctx, tx, exampleID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "lab-example.withdrawn", Subject: exampleID})
	})
}

// Example returns an example as the actor may see it: one that is shown, an own one, or any for who reviews.
func (s *Service) Example(ctx context.Context, actor access.Actor, exampleID string, lang instrument.Lang) (Example, error) {
	for i := range s.MadeUp {
		if madeUp+s.MadeUp[i].ID == exampleID {
			return s.MadeUp[i].in(lang), nil
		}
	}
	e, err := one(ctx, s.DB.Of(actor.Tenant), exampleID)
	if err != nil {
		return e, err
	}
	if e.State != Shown && e.Author != actor.Owner && !access.Can(actor, reviews, access.Resource{Tenant: actor.Tenant}) {
		return Example{}, db.ErrNoRow
	}
	return e, nil
}
