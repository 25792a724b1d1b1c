package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// Service says which people a list holds.
type Service int

// The people of a list.
const (
	InService Service = iota
	OutOfService
	Everybody
)

// Sight is whom somebody may see: people with a post in one of the units, and these people.
type Sight struct {
	Units  []string // with those below them, as Within returns them
	People []string // such as Below returns them
}

// Query says which people a list holds.
type Query struct {
	Search   string   // words with which the name, the number or the mail has a word begin; "" for all
	Units    []string // with a post in one of these; nil for any
	Function string   // with a post of this one; "" for any
	Service  Service
	Sight    *Sight // nil for all
	After    string // Next of the page before; "" for the first
	Limit    int    // people on a page, 1 to 1,000
}

// Page is a part of a list of people, in order of family name and first name.
type Page struct {
	People []org.Person
	Next   string // where the next page begins; "" when there is none
}

// ErrPlace says that Query.After is nothing that a page returned.
var ErrPlace = errors.New("this is no place in the list; start at its first page")

const mostOnPage = 1_000

// fewPeople is up to how many people are read by their ids and sorted afterwards; of more the list is walked in its order.
const fewPeople = 4_000

// Search returns a page of the people whom a query means, as they stood at a revision.
func Search(ctx context.Context, r db.Reader, at int64, q Query) (Page, error) {
	if q.Limit < 1 || q.Limit > mostOnPage {
		return Page{}, fmt.Errorf("a page of people holds 1 to %d, not %d", mostOnPage, q.Limit)
	}
	text, err := placeOf(ctx, r, at, q.After)
	if err != nil {
		return Page{}, err
	}
	if q.Units != nil && len(q.Units) == 0 || q.Sight != nil && len(q.Sight.Units)+len(q.Sight.People) == 0 {
		return Page{}, nil
	}
	condition, args := q.where()
	few, isFew, err := q.few(ctx, r, at)
	if err != nil {
		return Page{}, err
	}
	var people []org.Person
	if isFew {
		people, err = amongFew(ctx, r, at, few, condition, args)
		slices.SortFunc(people, func(a, b org.Person) int { return compare(searchText(&a), a.ID, searchText(&b), b.ID) })
		people = slices.DeleteFunc(people, func(p org.Person) bool { return q.After != "" && compare(searchText(&p), p.ID, text, q.After) <= 0 })
		people = people[:min(len(people), q.Limit+1)]
	} else {
		n := 3 + len(args)
		if q.After != "" {
			condition += fmt.Sprintf(` AND (search, id) > ($%d, $%d)`, n, n+1)
			args = append(args, text, q.After)
			n += 2
		}
		people, err = where[org.Person](ctx, r, at, condition+fmt.Sprintf(` ORDER BY search, id LIMIT $%d`, n), append(args, q.Limit+1)...)
	}
	if err != nil || len(people) <= q.Limit {
		return Page{People: people}, err
	}
	people = people[:q.Limit]
	last := &people[q.Limit-1]
	return Page{People: people, Next: last.ID}, nil
}

// compare tells who of two comes first in the list.
func compare(a, aID, b, bID string) int {
	return cmp.Or(strings.Compare(a, b), strings.Compare(aID, bID))
}

// placeOf returns by what the person is sorted after whom a page begins: as they stand, or else as they stood last. The place in a list
// is an id and nothing more, because it goes through addresses and logs.
func placeOf(ctx context.Context, r db.Reader, at int64, after string) (string, error) {
	if after == "" {
		return "", nil
	}
	var text []byte
	err := r.Row(ctx, `SELECT search FROM people_staff WHERE tenant_id = $1 AND id = $3 ORDER BY CASE WHEN `+visible+` THEN 0 ELSE 1 END, since DESC LIMIT 1`,
		[]any{at, after}, &text)
	if errors.Is(err, db.ErrNoRow) {
		return "", ErrPlace
	}
	return string(text), err
}

// where returns the condition of a query, with its arguments from $3 on.
func (q *Query) where() (string, []any) {
	var b strings.Builder
	var args []any
	b.WriteString(`TRUE`)
	holder := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args)+2)
	}
	list := func(ids []string) string {
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = holder(id)
		}
		return strings.Join(out, ", ")
	}
	// || '' keeps the index on units from being used: of each person the posts are looked at, not all posts of the unit.
	post := func(condition string) string {
		return `EXISTS (SELECT 1 FROM people_posts q WHERE q.tenant_id = $1 AND q.person_id = people_staff.id AND +q.since <= $2 AND q.until > $2 AND ` + condition + `)`
	}
	switch q.Service {
	case InService:
		b.WriteString(` AND is_out = FALSE`)
	case OutOfService:
		b.WriteString(` AND is_out = TRUE`)
	case Everybody:
	}
	for _, word := range strings.Fields(fold(q.Search)) {
		b.WriteString(` AND search LIKE ` + holder(searchPattern(word)) + ` ESCAPE '\'`)
	}
	if len(q.Units) > 0 {
		b.WriteString(` AND ` + post(`q.unit_id || '' IN (`+list(q.Units)+`)`))
	}
	if q.Function != "" {
		b.WriteString(` AND ` + post(`q.function_id || '' = `+holder(q.Function)))
	}
	if q.Sight != nil {
		var either []string
		if len(q.Sight.Units) > 0 {
			either = append(either, post(`q.unit_id || '' IN (`+list(q.Sight.Units)+`)`))
		}
		if len(q.Sight.People) > 0 {
			either = append(either, `id IN (`+list(q.Sight.People)+`)`)
		}
		b.WriteString(` AND (` + strings.Join(either, ` OR `) + `)`)
	}
	return b.String(), args
}

// few returns the ids of people among whom those of the query are, when one of its conditions leaves few.
func (q *Query) few(ctx context.Context, r db.Reader, at int64) ([]string, bool, error) {
	if q.Function != "" {
		if ids, ok, err := inPosts(ctx, r, at, `function_id`, []string{q.Function}); err != nil || ok {
			return ids, ok, err
		}
	}
	if len(q.Units) > 0 {
		if ids, ok, err := inPosts(ctx, r, at, `unit_id`, q.Units); err != nil || ok {
			return ids, ok, err
		}
	}
	if q.Sight == nil || len(q.Sight.People) > fewPeople {
		return nil, false, nil
	}
	ids, ok, err := inPosts(ctx, r, at, `unit_id`, q.Sight.Units)
	if err != nil || !ok {
		return nil, false, err
	}
	ids = append(ids, q.Sight.People...)
	slices.Sort(ids)
	return slices.Compact(ids), true, nil
}

// inPosts returns the ids of the people with a post in which a column is one of ids, and whether they are few.
func inPosts(ctx context.Context, r db.Reader, at int64, column string, ids []string) ([]string, bool, error) {
	found := map[string]bool{}
	for part := range slices.Chunk(ids, idRows) {
		args := []any{at}
		for _, id := range part {
			args = append(args, id)
		}
		args = append(args, fewPeople+1)
		err := r.Rows(ctx, `SELECT person_id FROM people_posts WHERE tenant_id = $1 AND `+visible+` AND `+column+` IN (`+holders(3, len(part))+
			fmt.Sprintf(`) LIMIT $%d`, len(args)+1), func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			found[id] = true
			return err
		}, args...)
		if err != nil || len(found) > fewPeople {
			return nil, false, err
		}
	}
	return sortedKeys(found), true, nil
}

// amongFew reads those of ids for whom a condition holds, in no order.
func amongFew(ctx context.Context, r db.Reader, at int64, ids []string, condition string, args []any) ([]org.Person, error) {
	var people []org.Person
	for part := range slices.Chunk(ids, idRows) {
		all := slices.Clone(args)
		for _, id := range part {
			all = append(all, id)
		}
		some, err := where[org.Person](ctx, r, at, condition+` AND id IN (`+holders(3+len(args), len(part))+`)`, all...)
		if err != nil {
			return nil, err
		}
		people = append(people, some...)
	}
	return people, nil
}

// Counts says how many rows stand at a revision.
type Counts struct {
	Units, Functions, People, InService, Posts int64
}

// Count counts what stands at a revision. It reads every row; what it returns for a revision changes only by Erase.
func Count(ctx context.Context, r db.Reader, at int64) (Counts, error) {
	var c Counts
	for name, to := range map[string]*int64{unitTable.name: &c.Units, functionTable.name: &c.Functions, postTable.name: &c.Posts} {
		if err := r.Row(ctx, `SELECT COUNT(*) FROM `+name+` WHERE tenant_id = $1 AND `+visible, []any{at}, to); err != nil {
			return c, err
		}
	}
	err := r.Row(ctx, `SELECT COUNT(*), COUNT(*) FILTER (WHERE is_out = FALSE) FROM people_staff WHERE tenant_id = $1 AND `+visible, []any{at}, &c.People, &c.InService)
	return c, err
}
