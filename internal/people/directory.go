package people

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/people/store"
	"tekentafel/internal/tenant"
)

// Directory keeps people as the directory of the organisation says. Each request of it is a revision at most, and none when nothing
// differs.
//
// A directory and files may speak of one person. The directory says the mail address and the language. Of all else it fills in what is
// empty and changes what it filled in itself; what a file or a person wrote stays. Who is out of service by a file comes back by a file, and
// whom no file ever named does not leave by one.
type Directory struct{ s *Service }

var _ scim.Staff = Directory{}

// directorySource stands among the sources of a person whom the directory names and no complete source does.
const directorySource = "directory"

// Directory returns the people for a directory.
func (s *Service) Directory() Directory { return Directory{s} }

// Again mends what made a change of a directory fail where that is possible, and tells whether to make it once more: after what a
// dead writer left is swept away.
func (d Directory) Again(ctx context.Context, t tenant.ID, err error) bool {
	busy := (*store.BusyError)(nil)
	if !errors.As(err, &busy) || !busy.Abandoned {
		return false
	}
	_, swept := store.Sweep(ctx, d.s.DB, t, d.s.Now)
	return swept == nil
}

// Put implements scim.Staff.
func (d Directory) Put(ctx context.Context, tx *db.Scope, by access.Actor, p scim.Person) (string, error) {
	if err := allow(by, access.SyncPeople); err != nil {
		return "", err
	}
	c, err := d.begin(ctx, tx)
	if err != nil {
		return "", err
	}
	was, err := c.find(ctx, &p)
	if err != nil {
		return "", err
	}
	next := org.Person{ID: id.New(d.s.Now())}
	if was != nil {
		next = *was
	}
	if err := c.person(ctx, was, &next, &p); err != nil {
		return "", err
	}
	if err := c.posts(ctx, was, &next, &p); err != nil {
		return "", err
	}
	if was == nil || *was != next {
		c.rows.People = append(c.rows.People, next)
	}
	return next.ID, c.keep(ctx, by, next.ID)
}

// Out implements scim.Staff. Whom the directory has as another user too stays in service.
func (d Directory) Out(ctx context.Context, tx *db.Scope, by access.Actor, person string) error {
	if err := allow(by, access.SyncPeople); err != nil {
		return err
	}
	c, err := d.begin(ctx, tx)
	if err != nil {
		return err
	}
	p, err := store.One[org.Person](ctx, c.Reader, c.at, person)
	if errors.Is(err, db.ErrNoRow) || err == nil && p.Out {
		return nil // erased, merged into another, or out by a file
	}
	if err != nil {
		return err
	}
	if users, err := scim.UsersOf(ctx, c.Reader, person); err != nil || users > 1 {
		return err
	}
	posts, err := store.PostsOf(ctx, c.Reader, c.at, person)
	if err != nil {
		return err
	}
	p.Out, p.Sources = true, ""
	shut(&p.Span, c.day)
	c.rows.People = append(c.rows.People, p)
	for i := range posts {
		if was := posts[i].Span; shut(&posts[i].Span, c.day) != was {
			c.rows.Posts = append(c.rows.Posts, posts[i])
		}
	}
	return c.keep(ctx, by, person)
}

// shut ends a span that goes on after a day, and returns it.
func shut(s *org.Span, day org.Date) org.Span {
	if day = max(day, s.From); s.To == 0 || s.To > day {
		s.To = day
	}
	return *s
}

// directed is a request of a directory on its way to a revision.
type directed struct {
	*db.Scope
	s     *Service
	at    int64 // the revision that stands
	day   org.Date
	rows  org.Organisation // that are written
	units []org.Unit       // that stand, once they were asked for
}

func (d Directory) begin(ctx context.Context, tx *db.Scope) (*directed, error) {
	head, err := store.Head(ctx, tx.Reader)
	return &directed{Scope: tx, s: d.s, at: head.Current, day: d.s.today()}, err
}

// keep writes what differs as a revision.
func (c *directed) keep(ctx context.Context, by access.Actor, person string) error {
	if len(c.rows.Units)+len(c.rows.Functions)+len(c.rows.People)+len(c.rows.Posts) == 0 {
		return nil
	}
	note := Note{What: string(store.People), Subject: person}
	e, err := store.Edit(ctx, c.Scope, c.s.Now(), store.Revision{Kind: store.BySCIM, Account: by.Owner, Note: note.text()})
	if err != nil {
		return said(err)
	}
	if err := e.Put(ctx, &c.rows); err != nil {
		return err
	}
	return c.s.askSoon(ctx, c.Scope, by.Owner)
}

// assessEvery is how often a directory, which makes many small changes, has the data assessed at most.
const assessEvery = time.Minute

// askSoon starts an assessment when the next minute begins, one however often it is asked for.
func (s *Service) askSoon(ctx context.Context, tx *db.Scope, account string) error {
	at := s.Now().Truncate(assessEvery).Add(assessEvery)
	_, err := s.Queue.Add(ctx, tx, jobs.New{Kind: assessJob, Subject: "all", Account: account, RunAt: at, Unique: "at/" + strconv.FormatInt(at.Unix(), 10)})
	return err
}

// find returns the person of whom a directory speaks; nil for somebody new.
func (c *directed) find(ctx context.Context, p *scim.Person) (*org.Person, error) {
	if p.ID != "" {
		one, err := store.One[org.Person](ctx, c.Reader, c.at, p.ID)
		if err == nil {
			return &one, nil
		}
		if !errors.Is(err, db.ErrNoRow) {
			return nil, err
		}
	}
	decided, err := decisionsOf(ctx, c.Reader)
	if err != nil {
		return nil, err
	}
	list, err := store.ByNumber(ctx, c.Reader, c.at, followed(decided.People, p.Number))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		if list, err = store.ByMail(ctx, c.Reader, c.at, followed(decided.People, p.Mail)); err != nil {
			return nil, err
		}
		// Addresses are given out anew: one alone does not make two people one whose numbers differ.
		list = slices.DeleteFunc(list, func(x org.Person) bool { return x.Number != "" && p.Number != "" && x.Number != p.Number })
	}
	if here := slices.DeleteFunc(slices.Clone(list), func(x org.Person) bool { return x.Out }); len(here) > 0 {
		list = here
	}
	if len(list) != 1 { // nobody, or nobody for certain: a person says who is twice there
		return nil, nil //nolint:nilnil // somebody new
	}
	return &list[0], nil
}

// followed returns the key that a key was decided to stand for.
func followed(decisions map[string]string, key string) string {
	for range len(decisions) {
		into, ok := decisions[key]
		if !ok {
			break
		}
		key = into
	}
	return key
}

// person says what becomes of a person.
func (c *directed) person(ctx context.Context, was, next *org.Person, p *scim.Person) error {
	next.Mail, next.Language = cmp.Or(p.Mail, next.Mail), cmp.Or(p.Language, next.Language)
	may := func(func(*org.Person) string) bool { return true }
	if was != nil {
		history, err := store.History[org.Person](ctx, c.Reader, was.ID)
		if err != nil {
			return err
		}
		may = func(of func(*org.Person) string) bool { return theirs(history, of) }
	}
	if may(func(x *org.Person) string { return x.Name() }) {
		next.Given, next.Family = p.Given, p.Family
	}
	if p.Manager != "" && p.Manager != next.ID && may(func(x *org.Person) string { return x.Manager }) {
		next.Manager = p.Manager
	}
	if p.Number != "" && p.Number != next.Number && may(func(x *org.Person) string { return x.Number }) {
		others, err := store.ByNumber(ctx, c.Reader, c.at, p.Number)
		if err != nil {
			return err
		}
		if len(others) == 0 {
			next.Number = p.Number
		}
	}
	if next.Out && p.Active && may(func(x *org.Person) string { return strconv.FormatBool(x.Out) }) {
		next.Out, next.To = false, 0
	}
	if !next.Out && next.Sources == "" {
		next.NamedBy(directorySource)
	}
	return nil
}

// theirs tells whether a value of a row is empty or was written by a directory. The history has the newest version first.
func theirs[T store.Row](history []store.Version[T], of func(*T) string) bool {
	if len(history) == 0 {
		return true
	}
	value := of(&history[0].Row)
	if value == "" {
		return true
	}
	by, same := store.BySCIM, true
	for i := range history {
		if of(&history[i].Row) != value {
			same = false
			continue
		}
		if same || by == store.ByUndo { // an undo put back what somebody wrote before
			by = history[i].Since.Kind
		}
	}
	return by == store.BySCIM
}
