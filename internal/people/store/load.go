package store

import (
	"context"
	"errors"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// visible is the condition on a version to hold at the revision $2. The unary plus keeps the index on since, in which nearly every
// row fits, from being taken for a good one.
const visible = `+since <= $2 AND until > $2`

// Load reads the organisation as it stood at a revision, in its order. Texts that repeat are shared. Errors are ErrNoRevision and
// ErrPruned, beside those of the store. r should read outside a transaction.
func Load(ctx context.Context, r db.Reader, at int64) (*org.Organisation, error) {
	h, err := Head(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := h.readable(at); err != nil {
		return nil, err
	}
	o := &org.Organisation{}
	var people, posts error
	var readers sync.WaitGroup
	readers.Go(func() { o.People, people = all(ctx, r, at, sharePerson) })
	readers.Go(func() {
		if o.Units, posts = all(ctx, r, at, nothing[org.Unit]); posts != nil {
			return
		}
		if o.Functions, posts = all(ctx, r, at, nothing[org.Function]); posts != nil {
			return
		}
		o.Posts, posts = all(ctx, r, at, sharePost)
	})
	readers.Wait()
	if err := errors.Join(people, posts); err != nil {
		return nil, err
	}
	o.Sort()
	return o, nil
}

// AllOf reads the rows of one kind as they stood at a revision, in no order: for units and functions, of which there are some
// thousands at most.
func AllOf[T Row](ctx context.Context, r db.Reader, at int64) ([]T, error) {
	return all(ctx, r, at, nothing[T])
}

// all reads the rows of a kind and has share look at each.
func all[T Row](ctx context.Context, r db.Reader, at int64, share func(*T, shared)) ([]T, error) {
	t := tableOf[T]()
	var rows []T
	var one T
	into := t.into(&one)
	texts := shared{}
	err := r.Rows(ctx, `SELECT `+t.read("")+` FROM `+t.name+` WHERE tenant_id = $1 AND `+visible, func(scan func(...any) error) error {
		if err := scan(into...); err != nil {
			return err
		}
		share(&one, texts)
		rows = append(rows, one)
		return nil
	}, at)
	return rows, err
}

// shared keeps one copy of a text.
type shared map[string]string

func (s shared) of(text string) string {
	if text == "" {
		return ""
	}
	if kept, ok := s[text]; ok {
		return kept
	}
	s[text] = text
	return text
}

func nothing[T Row](*T, shared) {}

func sharePerson(p *org.Person, s shared) {
	p.Given, p.Language, p.Manager, p.Site, p.Shift = s.of(p.Given), s.of(p.Language), s.of(p.Manager), s.of(p.Site), s.of(p.Shift)
}

func sharePost(p *org.Post, s shared) {
	p.Unit, p.Function, p.Statute = s.of(p.Unit), s.of(p.Function), s.of(p.Statute)
}
