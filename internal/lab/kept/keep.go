package kept

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Item is a kept conversation in a list.
type Item struct {
	ID      string
	Version int64
	Title   string
	Made    time.Time
	Changed time.Time
	Until   Day // the last day on which it is there
}

// Stored is a kept conversation.
type Stored struct {
	Item
	Conversation *lab.Conversation
}

var shapeOfID = regexp.MustCompile(`^[0-9a-z]{26}$`)

// NewID returns a name for a conversation that is not kept yet. Who keeps it under a name can ask again when no answer came: it is there once.
func (s *Service) NewID() string { return id.New(s.Now()) }

// Keep keeps a conversation for the person who asks, until a day ("" for as long as the organisation allows). Version is the one that was read: 0 for a
// conversation that is not kept yet, with a name of NewID or "" for one made here. It returns the name and the new version. To ask the same again is
// answered in the same way. A problem of kind Conflict when another version is there, TooLarge beyond a bound, Invalid with the field "until" for a day
// that may not be, NotFound when it is gone.
func (s *Service) Keep(ctx context.Context, actor access.Actor, name string, version int64, c *lab.Conversation, until Day) (string, int64, error) {
	account, err := person(actor)
	if err != nil {
		return "", 0, err
	}
	if err := check(c); err != nil {
		return "", 0, err
	}
	made := name == "" && version == 0
	if !made && !shapeOfID.MatchString(name) || version < 0 {
		return "", 0, errGone()
	}
	if until, err = s.until(ctx, actor.Tenant, until); err != nil {
		return "", 0, err
	}
	whole := *c
	whole.Title = titleOf(c.Title, c)
	plain, err := packed(&whole)
	if err != nil {
		return "", 0, err
	}
	if made { // the same for the same conversation, so that it is there once when no answer came and somebody asks again
		name = hex.EncodeToString(s.Box.Keyed("lab/kept/name/"+string(actor.Tenant)+"/"+account, plain))[:26]
	}
	version, err = s.write(ctx, place{"kept", actor.Tenant, account, name}, version, whole.Title, plain, until)
	if made && problem.Is(err, problem.Conflict) { // it went on since
		name = s.NewID()
		version, err = s.write(ctx, place{"kept", actor.Tenant, account, name}, 0, whole.Title, plain, until)
	}
	return name, version, err
}

// write seals and writes a conversation over a version, and returns the new one.
func (s *Service) write(ctx context.Context, at place, over int64, title string, plain []byte, until Day) (version int64, err error) {
	r := row{id: at.id, account: at.account, version: over + 1, until: until, aged: s.ends(), made: s.Now(), changed: s.Now()}
	if r.title, r.content, err = sealIn(s.Box, at, title, plain); err != nil {
		return 0, err
	}
	return r.version, s.DB.Write(ctx, at.tenant, func(tx *db.Scope) error { return s.put(ctx, tx, at, &r, plain) })
}

// put writes a conversation, or finds that it is written already.
func (s *Service) put(ctx context.Context, tx *db.Scope, at place, r *row, plain []byte) error {
	if r.version > 1 {
		if done, err := updateKept(ctx, tx, r); err != nil || done {
			return err
		}
	}
	had, err := keptBy(ctx, tx.Reader, r.account, r.id)
	switch {
	case errors.Is(err, db.ErrNoRow) && r.version > 1:
		return errGone()
	case errors.Is(err, db.ErrNoRow):
		if err := deletePast(ctx, tx, r.account, s.Today()); err != nil {
			return err
		}
		n, err := countKept(ctx, tx.Reader, r.account)
		if err != nil {
			return err
		}
		if n >= mostConversations {
			return refuse(problem.Full, "error.full", i18n.Args{"most": itoa(mostConversations)})
		}
		if err := insertKept(ctx, tx, r); !errors.Is(err, db.ErrExists) {
			return err
		}
		return errGone() // the name is somebody else's
	case err != nil:
		return err
	}
	if there, err := openAt(s.Box, at, "content", had.content); err == nil && had.version == r.version && had.until == r.until && bytes.Equal(there, plain) {
		return nil // asked again
	}
	return refuse(problem.Conflict, "error.conflict", nil)
}

// ending returns the last day of a row: a period that the organisation shortened since counts at once.
func (s *Service) ending(r *row, days int) Day {
	return min(r.until, s.DayOf(r.aged.Add(-time.Second)).plus(days))
}

// List returns what a person keeps, the last changed first. Words narrow it to those whose title has each of them.
func (s *Service) List(ctx context.Context, actor access.Actor, words string) ([]Item, error) {
	account, err := person(actor)
	if err != nil {
		return nil, err
	}
	return s.list(ctx, actor.Tenant, account, words)
}

func (s *Service) list(ctx context.Context, t tenant.ID, account, words string) ([]Item, error) {
	days, err := s.Periods.Days(ctx, t, Kind)
	if err != nil {
		return nil, err
	}
	rows, err := keptOf(ctx, s.DB.Of(t), account)
	if err != nil {
		return nil, err
	}
	var out []Item
	for i := range rows {
		item, err := s.item(t, &rows[i], days)
		if err != nil {
			return nil, err
		}
		if item.Until >= s.Today() && has(item.Title, words) {
			out = append(out, item)
		}
	}
	return out, nil
}

// has tells whether a title has each of some words.
func has(title, words string) bool {
	title = strings.ToLower(title)
	for w := range strings.FieldsSeq(strings.ToLower(words)) {
		if !strings.Contains(title, w) {
			return false
		}
	}
	return true
}

func (s *Service) item(t tenant.ID, r *row, days int) (Item, error) {
	title, err := openAt(s.Box, place{"kept", t, r.account, r.id}, "title", r.title)
	return Item{r.id, r.version, string(title), r.made, r.changed, s.ending(r, days)}, err
}

// Open returns a conversation to the person who keeps it. A problem of kind NotFound when it is not there, past its day, or somebody else's.
func (s *Service) Open(ctx context.Context, actor access.Actor, name string) (Stored, error) {
	account, err := person(actor)
	if err != nil {
		return Stored{}, err
	}
	days, err := s.Periods.Days(ctx, actor.Tenant, Kind)
	if err != nil {
		return Stored{}, err
	}
	return s.open(ctx, s.DB.Of(actor.Tenant), actor.Tenant, account, name, days)
}

func (s *Service) open(ctx context.Context, r db.Reader, t tenant.ID, account, name string, days int) (Stored, error) {
	one, err := keptBy(ctx, r, account, name)
	if errors.Is(err, db.ErrNoRow) {
		return Stored{}, errGone()
	}
	if err != nil {
		return Stored{}, err
	}
	out := Stored{Conversation: &lab.Conversation{}}
	if out.Item, err = s.item(t, &one, days); err != nil {
		return Stored{}, err
	}
	if out.Until < s.Today() {
		return Stored{}, errGone()
	}
	plain, err := openAt(s.Box, place{"kept", t, account, name}, "content", one.content)
	if err != nil {
		return Stored{}, err
	}
	return out, json.Unmarshal(plain, out.Conversation)
}

// Change gives a conversation another title or another last day, and returns its new version. Version is the one that was read.
func (s *Service) Change(ctx context.Context, actor access.Actor, name string, version int64, title string, until Day) (int64, error) {
	had, err := s.Open(ctx, actor, name)
	if err != nil {
		return 0, err
	}
	title = contact.Line(title)
	if n := utf8.RuneCountInString(title); n == 0 || n > mostTitle {
		form := problem.Form{Bundle: locale()}
		form.Wrong("title", "field.title-wrong", i18n.Args{"most": itoa(mostTitle)})
		return 0, form.Err()
	}
	c := *had.Conversation
	c.Title = title
	_, version, err = s.Keep(ctx, actor, name, max(version, 1), &c, until)
	return version, err
}

// Delete deletes a conversation at once. What is shared of it stays until it is withdrawn.
func (s *Service) Delete(ctx context.Context, actor access.Actor, name string) error {
	account, err := person(actor)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		n, err := deleteKept(ctx, tx, account, name)
		if err == nil && n == 0 {
			return errGone()
		}
		return err
	})
}

// DeleteAll deletes all that a person keeps and withdraws all that they share. It returns how many conversations went.
func (s *Service) DeleteAll(ctx context.Context, actor access.Actor) (n int, err error) {
	account, err := person(actor)
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		gone, err := deleteAllKept(ctx, tx, account)
		if err != nil {
			return err
		}
		n = int(gone)
		shared, err := sharedOf(ctx, tx.Reader, account)
		if err != nil {
			return err
		}
		for i := range shared {
			if err := s.withdraw(ctx, tx, actor, shared[i].id); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
