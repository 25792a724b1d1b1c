package gate

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/sheet"
	"tekentafel/internal/people/store"
)

func listOf[T any](items []T, next string) *listBody[T] {
	out := &listBody[T]{}
	out.Body.Items, out.Body.Next = append([]T{}, items...), next
	return out
}

func (g *Gate) sources(ctx context.Context, c api.Caller, _ *nothing) (*listBody[SourceView], error) {
	list, err := g.people.Sources(ctx, c.Actor)
	var items []SourceView
	for i := range list {
		items = append(items, sourceView(&list[i]))
	}
	return listOf(items, ""), err
}

func (g *Gate) addSource(ctx context.Context, c api.Caller, in *sourceRequest) (*oneBody[SourceView], error) {
	v, err := g.people.AddSource(ctx, c.Actor, in.Body)
	return &oneBody[SourceView]{sourceView(&v)}, err
}

func (g *Gate) changeSource(ctx context.Context, c api.Caller, in *changeSourceRequest) (*oneBody[SourceView], error) {
	if err := g.people.ChangeSource(ctx, c.Actor, in.ID, in.Body); err != nil {
		return nil, err
	}
	v, err := g.people.Source(ctx, c.Actor, in.ID)
	return &oneBody[SourceView]{sourceView(&v)}, err
}

func (g *Gate) imports(ctx context.Context, c api.Caller, in *importsRequest) (*listBody[ImportView], error) {
	list, err := g.people.Imports(ctx, c.Actor, store.ImportQuery{Source: in.Source, State: store.ImportState(in.State), Before: in.Before, Limit: in.Limit + 1})
	var items []ImportView
	for i := range list[:min(len(list), in.Limit)] {
		items = append(items, importView(&list[i], c.Lang))
	}
	next := ""
	if len(list) > in.Limit {
		next = list[in.Limit-1].ID
	}
	return listOf(items, next), err
}

func (g *Gate) addImport(ctx context.Context, c api.Caller, in *importRequest) (*oneBody[ImportView], error) {
	form := in.RawBody.Data()
	defer func() { _ = in.RawBody.Form.RemoveAll() }() // parts that were too large for memory
	path, err := files.Receive(g.people.Dir, "staff", form.File, g.people.MaxUpload)
	if errors.Is(err, files.ErrTooLarge) {
		return nil, people.TooLarge()
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(path) }()
	id, err := g.people.Receive(ctx, c.Actor, people.Arrival{Source: form.Source, FileName: form.File.Filename, Path: path, Unattended: form.Unattended,
		Options: sheet.Options{Sheet: form.Sheet, HeadingRow: form.HeadingRow, Encoding: form.Encoding, Separator: form.Separator},
		Asked:   c.Asked(in.Key, []any{form.Source, form.File.Filename, form.File.Size, form.Unattended})})
	if err != nil {
		return nil, err
	}
	return g.imported(ctx, c, id)
}

// imported is an import with how its file was read and what it would change.
func (g *Gate) imported(ctx context.Context, c api.Caller, importID string) (*oneBody[ImportView], error) {
	v, err := g.people.Import(ctx, c.Actor, importID)
	if err != nil {
		return nil, err
	}
	out := importView(&v, c.Lang)
	reading, err := people.ReadingOf(&v)
	if err != nil {
		return nil, err
	}
	out.Reading = readingView(reading)
	preview, err := people.PreviewOf(&v)
	if err != nil {
		return nil, err
	}
	if preview != nil {
		out.Preview = previewView(preview)
	}
	return &oneBody[ImportView]{out}, nil
}

func (g *Gate) getImport(ctx context.Context, c api.Caller, in *byID) (*oneBody[ImportView], error) {
	return g.imported(ctx, c, in.ID)
}

func (g *Gate) mapImport(ctx context.Context, c api.Caller, in *mapRequest) (*oneBody[ImportView], error) {
	text, err := in.Body.Mapping.JSON()
	if err != nil {
		return nil, err
	}
	m, err := mapping.Parse(text)
	if err != nil {
		return nil, people.NoMapping(err)
	}
	if err := g.people.Map(ctx, c.Actor, in.ID, m, in.Body.Version); err != nil {
		return nil, err
	}
	return g.imported(ctx, c, in.ID)
}

func (g *Gate) apply(ctx context.Context, c api.Caller, in *applyRequest) (*oneBody[ImportView], error) {
	if err := g.people.Apply(ctx, c.Actor, in.ID, in.Body.Version, in.Body.AcceptLoss); err != nil {
		return nil, err
	}
	return g.imported(ctx, c, in.ID)
}

func (g *Gate) refuse(ctx context.Context, c api.Caller, in *versionRequest) (*oneBody[ImportView], error) {
	if err := g.people.Refuse(ctx, c.Actor, in.ID, in.Body.Version); err != nil {
		return nil, err
	}
	return g.imported(ctx, c, in.ID)
}

func (g *Gate) revisions(ctx context.Context, c api.Caller, in *revisionsRequest) (*listBody[RevisionView], error) {
	list, err := g.people.Revisions(ctx, c.Actor, in.Before, in.Limit+1)
	var items []RevisionView
	for i := range list[:min(len(list), in.Limit)] {
		items = append(items, revisionView(&list[i]))
	}
	next := ""
	if len(list) > in.Limit {
		next = strconv.FormatInt(list[in.Limit-1].Seq, 10)
	}
	return listOf(items, next), err
}

func (g *Gate) undo(ctx context.Context, c api.Caller, in *undoRequest) (*oneBody[JobView], error) {
	id, err := g.people.Undo(ctx, c.Actor, in.Seq)
	return &oneBody[JobView]{JobView{id}}, err
}

func (g *Gate) quality(ctx context.Context, c api.Caller, _ *nothing) (*oneBody[QualityView], error) {
	a, of, err := g.people.Assessed(ctx, c.Actor)
	if err != nil {
		return nil, err
	}
	checks, err := g.checks(ctx, c, a.Quality.Checks)
	return &oneBody[QualityView]{QualityView{Revision: of.Revision, At: of.At, Result: ResultView{Result: a.Quality, Checks: checks}}}, err
}

// checks are checks of which the examples about posts name whose they are: people can be asked for, posts only as theirs.
func (g *Gate) checks(ctx context.Context, c api.Caller, list []quality.Check) ([]CheckView, error) {
	var posts []string
	for i := range list {
		if list[i].About == quality.AboutPost {
			for _, e := range list[i].Examples {
				posts = append(append(posts, e.ID), e.With...)
			}
		}
	}
	r := g.people.DB.Of(c.Actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	rows, err := store.Some[org.Post](ctx, r, head.Current, posts)
	if err != nil {
		return nil, err
	}
	holder := map[string]string{}
	for i := range rows {
		holder[rows[i].ID] = rows[i].Person
	}
	out := make([]CheckView, len(list))
	for i := range list {
		out[i].Check = list[i]
		for _, e := range list[i].Examples {
			v := ExampleView{Example: e}
			if list[i].About == quality.AboutPost {
				v.Person = holder[e.ID]
			}
			out[i].Examples = append(out[i].Examples, v)
		}
	}
	return out, nil
}

func (g *Gate) unit(ctx context.Context, c api.Caller, in *byID) (*oneBody[UnitView], error) {
	u, err := one[org.Unit](ctx, g.people, c.Actor, in.ID)
	return &oneBody[UnitView]{unitView(&u)}, err
}

func (g *Gate) function(ctx context.Context, c api.Caller, in *byID) (*oneBody[FunctionView], error) {
	f, err := one[org.Function](ctx, g.people, c.Actor, in.ID)
	return &oneBody[FunctionView]{functionView(&f)}, err
}

func (g *Gate) person(ctx context.Context, c api.Caller, in *byID) (*oneBody[PersonView], error) {
	p, err := g.people.Person(ctx, c.Actor, in.ID)
	return &oneBody[PersonView]{personView(&p)}, err
}

// one is a unit or function that stands, for who may see them.
func one[T store.Row](ctx context.Context, s *people.Service, actor access.Actor, id string) (v T, err error) {
	if !access.Can(actor, access.ReadPeople, access.Resource{Tenant: actor.Tenant}) {
		return v, db.ErrNoRow // the gate asked before; a caller that is not let in sees nothing
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return v, err
	}
	return store.One[T](ctx, r, head.Current, id)
}

func (g *Gate) units(ctx context.Context, c api.Caller, in *pageRequest) (*listBody[UnitView], error) {
	list, err := standing[org.Unit](ctx, g.people, c.Actor)
	return page(list, in, func(u *org.Unit) string { return u.ID }, unitView), err
}

func (g *Gate) functions(ctx context.Context, c api.Caller, in *pageRequest) (*listBody[FunctionView], error) {
	list, err := standing[org.Function](ctx, g.people, c.Actor)
	return page(list, in, func(f *org.Function) string { return f.ID }, functionView), err
}

// standing lists the units or functions that stand, for who may see them. There are some thousands at most.
func standing[T store.Row](ctx context.Context, s *people.Service, actor access.Actor) ([]T, error) {
	if !access.Can(actor, access.ReadPeople, access.Resource{Tenant: actor.Tenant}) {
		return nil, db.ErrNoRow // the gate asked before; a caller that is not let in sees nothing
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	return store.AllOf[T](ctx, r, head.Current)
}

// page cuts the part out of a list, in order of id, that was asked for.
func page[T, V any](list []T, in *pageRequest, id func(*T) string, view func(*T) V) *listBody[V] {
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(id(&a), id(&b)) })
	var items []V
	for i := range list {
		if id(&list[i]) <= in.After {
			continue
		}
		if len(items) == in.Limit {
			return listOf(items, id(&list[i-1]))
		}
		items = append(items, view(&list[i]))
	}
	return listOf(items, "")
}

func (g *Gate) list(ctx context.Context, c api.Caller, in *peopleRequest) (*listBody[PersonView], error) {
	q := store.Query{Search: in.Search, Function: in.Function, After: in.After, Limit: in.Limit,
		Service: map[string]store.Service{"in": store.InService, "out": store.OutOfService, "all": store.Everybody}[in.Service]}
	if in.Unit != "" {
		r := g.people.DB.Of(c.Actor.Tenant)
		head, err := store.Head(ctx, r)
		if err != nil {
			return nil, err
		}
		if q.Units, err = store.Within(ctx, r, head.Current, in.Unit); err != nil {
			return nil, err
		}
		if len(q.Units) == 0 {
			return nil, db.ErrNoRow
		}
	}
	found, err := g.people.Search(ctx, c.Actor, q)
	if err != nil {
		return nil, err
	}
	var items []PersonView
	for i := range found.People {
		items = append(items, personView(&found.People[i]))
	}
	return listOf(items, found.Next), nil
}
