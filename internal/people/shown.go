package people

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
)

// Work returns the newest job about an import; db.ErrNoRow when there is none.
func (s *Service) Work(ctx context.Context, actor access.Actor, importID string) (*jobs.Job, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return nil, err
	}
	return s.Queue.Newest(ctx, actor, importID, previewJob, applyJob)
}

// LookedAgain tells whether an import that waits was to be applied before, and was laid on the organisation anew instead because that had
// changed meanwhile.
func (s *Service) LookedAgain(ctx context.Context, actor access.Actor, v *store.Import) (bool, error) {
	if err := allow(actor, access.ImportPeople); err != nil || v.State != store.Previewed {
		return false, err
	}
	_, err := s.Queue.Newest(ctx, actor, v.ID, applyJob)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// TroubleOf returns why an import came to nothing; nil when it did not, or when nobody knows.
func TroubleOf(v *store.Import) jobs.Trouble {
	var t jobs.Trouble
	if v.State != store.Failed || json.Unmarshal([]byte(v.Counts), &t) != nil {
		return nil
	}
	return t
}

// Show returns what an import would do, for a person to look at; nil while nobody knows. Whom of the organisation it names is noted as
// seen.
func (s *Service) Show(ctx context.Context, actor access.Actor, v *store.Import) (*Preview, error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return nil, err
	}
	p, err := PreviewOf(v)
	if p == nil || err != nil {
		return nil, err
	}
	var named []string
	d := p.Difference
	for _, list := range [][]draft.Entry{d.People.FirstChanged, d.People.FirstGone, d.People.FirstBack} {
		for i := range list {
			named = append(named, list[i].ID)
		}
	}
	for _, list := range [][]draft.Entry{d.Posts.FirstChanged, d.Posts.FirstGone, d.Posts.FirstBack} {
		for i := range list {
			named = append(named, list[i].Name) // of a post the id of its person
		}
	}
	for i := range d.Losses {
		for _, x := range d.Losses[i].First {
			named = append(named, x.ID)
		}
	}
	slices.Sort(named)
	return p, s.note(ctx, actor, access.HR, SawList, "", slices.Compact(named)...)
}

// Rejected returns the headings of an import that was not applied yet, and all rows of it that are not taken, in the order of the
// file. It lays the import on what stands now.
func (s *Service) Rejected(ctx context.Context, actor access.Actor, importID string) (headings []string, rows []draft.Rejected, err error) {
	v, err := s.Import(ctx, actor, importID)
	if err != nil {
		return nil, nil, err
	}
	reading, err := ReadingOf(&v)
	if err != nil {
		return nil, nil, err
	}
	for i := range reading.Columns {
		headings = append(headings, reading.Columns[i].Heading)
	}
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	c, err := s.compare(ctx, actor.Tenant, &v, &jobs.Progress{})
	if err != nil {
		return nil, nil, err
	}
	rows = slices.Concat(c.draft.Rejected, c.next.Left)
	slices.SortStableFunc(rows, func(a, b draft.Rejected) int { return a.Row - b.Row })
	return headings, rows, nil
}

// Left is something that an undo left as it is.
type Left struct {
	store.Conflict
	Name   string // of a post that of its person; "" when it is not there any more
	Person string // id, of a person and of a post
}

// LeftBy returns what an undo left as it is. The people whom it names are noted as seen.
func (s *Service) LeftBy(ctx context.Context, actor access.Actor, v *store.Revision) ([]Left, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return nil, err
	}
	conflicts := NoteOf(v).Conflicts
	if len(conflicts) == 0 {
		return nil, nil
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	ids := map[store.Kind][]string{}
	for _, c := range conflicts {
		ids[c.Kind] = append(ids[c.Kind], c.ID)
	}
	names, persons := map[string]string{}, map[string]string{}
	units, err := store.Some[org.Unit](ctx, r, head.Current, ids[store.Units])
	if err != nil {
		return nil, err
	}
	for i := range units {
		names[units[i].ID] = units[i].Name
	}
	functions, err := store.Some[org.Function](ctx, r, head.Current, ids[store.Functions])
	if err != nil {
		return nil, err
	}
	for i := range functions {
		names[functions[i].ID] = functions[i].Name
	}
	posts, err := store.Some[org.Post](ctx, r, head.Current, ids[store.Posts])
	if err != nil {
		return nil, err
	}
	wanted := slices.Clone(ids[store.People])
	for i := range posts {
		persons[posts[i].ID] = posts[i].Person
		wanted = append(wanted, posts[i].Person)
	}
	slices.Sort(wanted)
	people, err := store.Some[org.Person](ctx, r, head.Current, slices.Compact(wanted))
	if err != nil {
		return nil, err
	}
	var seen []string
	for i := range people {
		names[people[i].ID], persons[people[i].ID] = people[i].Name(), people[i].ID
		seen = append(seen, people[i].ID)
	}
	out := make([]Left, len(conflicts))
	for i, c := range conflicts {
		out[i] = Left{Conflict: c, Name: names[c.ID], Person: persons[c.ID]}
		if c.Kind == store.Posts {
			out[i].Name = names[out[i].Person]
		}
	}
	return out, s.note(ctx, actor, access.HR, SawList, "", seen...)
}
