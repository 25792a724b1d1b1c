package scim

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// userRow is a user as stored.
type userRow struct {
	ID, External, Name        string // Name without capitals
	Active                    bool
	Resource                  Resource
	Person, Account           string
	Version                   int64
	Created, Changed, Deleted int64
}

func (u userRow) record() Record {
	return Record{Kind: Users, ID: u.ID, Resource: u.Resource, Version: u.Version, Created: clock.Time(u.Created), Changed: clock.Time(u.Changed)}
}

const userColumns = `id, external_id, user_name, active, resource, person_id, account_id, version, created_at, changed_at, deleted_at`

func scanUser(scan func(...any) error) (userRow, error) {
	var u userRow
	var resource string
	err := scan(&u.ID, &u.External, &u.Name, &u.Active, &resource, &u.Person, &u.Account, &u.Version, &u.Created, &u.Changed, &u.Deleted)
	if err != nil {
		return u, err
	}
	if err := json.Unmarshal([]byte(resource), &u.Resource); err != nil {
		return u, fmt.Errorf("read the user %s: %w", u.ID, err)
	}
	return u, nil
}

func usersWhere(ctx context.Context, r db.Reader, where string, args ...any) ([]userRow, error) {
	var list []userRow
	err := r.Rows(ctx, `SELECT `+userColumns+` FROM scim_users WHERE tenant_id = $1 AND `+where, func(scan func(...any) error) error {
		u, err := scanUser(scan)
		list = append(list, u)
		return err
	}, args...)
	return list, err
}

// userBy finds a user whom the directory has.
func userBy(ctx context.Context, r db.Reader, id string) (userRow, error) {
	list, err := usersWhere(ctx, r, `id = $2 AND deleted_at = 0`, id)
	if err == nil && len(list) == 0 {
		err = db.ErrNoRow
	}
	if err != nil {
		return userRow{}, err
	}
	return list[0], nil
}

// namesakes returns the users with a user name or external id, those whom the directory has first, then the latest. It asks twice:
// an engine that knows nothing of the rows yet reads them all for "or".
func namesakes(ctx context.Context, r db.Reader, name, external string) ([]userRow, error) {
	list, err := usersWhere(ctx, r, `user_name = $2`, name)
	if err == nil && external != "" {
		var more []userRow
		more, err = usersWhere(ctx, r, `external_id = $2 AND user_name <> $3`, external, name)
		list = append(list, more...)
	}
	slices.SortFunc(list, func(a, b userRow) int {
		if (a.Deleted == 0) != (b.Deleted == 0) {
			return cmp.Compare(a.Deleted, b.Deleted)
		}
		return cmp.Or(cmp.Compare(b.Deleted, a.Deleted), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

func putUser(ctx context.Context, sc *db.Scope, u userRow) error {
	resource, err := json.Marshal(u.Resource)
	if err != nil {
		return err
	}
	_, err = sc.Exec(ctx, `INSERT INTO scim_users (tenant_id, `+userColumns+`, words) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (tenant_id, id) DO UPDATE SET external_id = $3, user_name = $4, active = $5, resource = $6, person_id = $7, account_id = $8, version = $9,
changed_at = $11, deleted_at = $12, words = $13`,
		u.ID, u.External, u.Name, u.Active, string(resource), u.Person, u.Account, u.Version, u.Created, u.Changed, u.Deleted, words(u.Resource))
	return err
}

// personOf finds the person of a user by what a directory may call a manager: the id here, the external id, or the user name.
func personOf(ctx context.Context, r db.Reader, manager string) (string, error) {
	for _, by := range []struct{ column, value string }{{"id", manager}, {"external_id", manager}, {"user_name", fold(manager)}} {
		list, err := column(ctx, r, `SELECT person_id FROM scim_users WHERE tenant_id = $1 AND deleted_at = 0 AND `+by.column+` = $2`, by.value)
		if err != nil || len(list) > 0 {
			return strings.Join(list, ""), err // one at most
		}
	}
	return "", nil
}

// words returns the texts of a resource without capitals, so that the store can leave out most who do not pass a filter.
func words(v any) string {
	switch v := v.(type) {
	case Resource:
		return words(map[string]any(v))
	case map[string]any:
		var all []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if s := words(v[k]); s != "" {
				all = append(all, s)
			}
		}
		return strings.Join(all, "\n")
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, words(e))
		}
		return strings.Join(all, "\n")
	case string:
		return fold(v)
	default:
		return ""
	}
}

func column(ctx context.Context, r db.Reader, query string, args ...any) ([]string, error) {
	var list []string
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		list = append(list, s)
		return err
	}, args...)
	return list, err
}

// marks writes n placeholders from $first on.
func marks(first, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(out, ", ")
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
