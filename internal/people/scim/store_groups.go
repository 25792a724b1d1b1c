package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// groupRow is a group as stored.
type groupRow struct {
	ID, External, Name, Key   string // Key is Name without capitals
	Version, Created, Changed int64
}

func (w groupRow) resource() Resource {
	r := Resource{"displayName": w.Name}
	if w.External != "" {
		r["externalId"] = w.External
	}
	return r
}

const groupColumns = `id, external_id, display_name, display_key, version, created_at, changed_at`

func scanGroup(scan func(...any) error) (w groupRow, err error) {
	err = scan(&w.ID, &w.External, &w.Name, &w.Key, &w.Version, &w.Created, &w.Changed)
	return w, err
}

func groupsWhere(ctx context.Context, r db.Reader, where string, args ...any) ([]groupRow, error) {
	var list []groupRow
	err := r.Rows(ctx, `SELECT `+groupColumns+` FROM scim_groups WHERE tenant_id = $1 AND `+where, func(scan func(...any) error) error {
		w, err := scanGroup(scan)
		list = append(list, w)
		return err
	}, args...)
	return list, err
}

func groupBy(ctx context.Context, r db.Reader, id string) (groupRow, error) {
	list, err := groupsWhere(ctx, r, `id = $2`, id)
	if err == nil && len(list) == 0 {
		err = db.ErrNoRow
	}
	if err != nil {
		return groupRow{}, err
	}
	return list[0], nil
}

func putGroup(ctx context.Context, sc *db.Scope, w groupRow) error {
	_, err := sc.Exec(ctx, `INSERT INTO scim_groups (tenant_id, `+groupColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, id) DO UPDATE SET external_id = $3, display_name = $4, display_key = $5, version = $6, changed_at = $8`,
		w.ID, w.External, w.Name, w.Key, w.Version, w.Created, w.Changed)
	return err
}

func dropGroup(ctx context.Context, sc *db.Scope, id string) error {
	_, err := sc.Exec(ctx, `DELETE FROM scim_groups WHERE tenant_id = $1 AND id = $2`, id)
	return err
}

// membersOf returns the members of a group by id; only those among ids, when there are some.
func membersOf(ctx context.Context, r db.Reader, group string, among []string) ([]Member, error) {
	var list []Member
	query, args := `SELECT m.user_id, u.resource FROM scim_members m JOIN scim_users u ON u.tenant_id = m.tenant_id AND u.id = m.user_id
WHERE m.tenant_id = $1 AND m.group_id = $2`, []any{group}
	if len(among) > 0 {
		query += ` AND m.user_id IN (` + marks(3, len(among)) + `)`
		args = append(args, anys(among)...)
	}
	err := r.Rows(ctx, query+` ORDER BY m.user_id`, func(scan func(...any) error) error {
		var m Member
		var resource string
		if err := scan(&m.ID, &resource); err != nil {
			return err
		}
		var u Resource
		if err := json.Unmarshal([]byte(resource), &u); err != nil {
			return fmt.Errorf("read the user %s: %w", m.ID, err)
		}
		m.Name = u.name()
		list = append(list, m)
		return nil
	}, args...)
	return list, err
}

func memberIDsOf(ctx context.Context, r db.Reader, group string) ([]string, error) {
	return column(ctx, r, `SELECT user_id FROM scim_members WHERE tenant_id = $1 AND group_id = $2 ORDER BY user_id`, group)
}

// known returns those of ids that are users whom the directory has.
func known(ctx context.Context, r db.Reader, ids []string) (map[string]bool, error) {
	out := make(map[string]bool, len(ids))
	for part := range slices.Chunk(ids, batch) {
		list, err := column(ctx, r, `SELECT id FROM scim_users WHERE tenant_id = $1 AND deleted_at = 0 AND id IN (`+marks(2, len(part))+`)`, anys(part)...)
		if err != nil {
			return nil, err
		}
		for _, id := range list {
			out[id] = true
		}
	}
	return out, nil
}

// batch is how many rows one statement works on.
const batch = 200

// addMembers puts users in a group, and returns how many were not in it.
func addMembers(ctx context.Context, sc *db.Scope, group string, users []string) (int64, error) {
	var total int64
	for part := range slices.Chunk(users, batch) {
		var rows []string
		for i := range part {
			rows = append(rows, fmt.Sprintf("($1, $2, $%d)", i+3))
		}
		n, err := sc.Exec(ctx, `INSERT INTO scim_members (tenant_id, group_id, user_id) VALUES `+strings.Join(rows, ", ")+
			` ON CONFLICT (tenant_id, group_id, user_id) DO NOTHING`, append([]any{group}, anys(part)...)...)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// dropMembers takes users out of a group, and returns how many were in it.
func dropMembers(ctx context.Context, sc *db.Scope, group string, users []string) (int64, error) {
	var total int64
	for part := range slices.Chunk(users, batch) {
		n, err := sc.Exec(ctx, `DELETE FROM scim_members WHERE tenant_id = $1 AND group_id = $2 AND user_id IN (`+marks(3, len(part))+`)`,
			append([]any{group}, anys(part)...)...)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// leaveGroups takes a user out of all groups, which get another version.
func leaveGroups(ctx context.Context, sc *db.Scope, user string, now time.Time) error {
	if _, err := sc.Exec(ctx, `UPDATE scim_groups SET version = version + 1, changed_at = $3 WHERE tenant_id = $1
AND id IN (SELECT group_id FROM scim_members WHERE tenant_id = $1 AND user_id = $2)`, user, clock.Micros(now)); err != nil {
		return err
	}
	_, err := sc.Exec(ctx, `DELETE FROM scim_members WHERE tenant_id = $1 AND user_id = $2`, user)
	return err
}

// rolesOf returns the roles that the groups of a user give.
func rolesOf(ctx context.Context, r db.Reader, user string) ([]access.Role, error) {
	list, err := column(ctx, r, `SELECT DISTINCT x.role FROM scim_members m
JOIN scim_groups g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
JOIN scim_group_roles x ON x.tenant_id = g.tenant_id AND (x.matches = 'displayName' AND x.value = g.display_key OR x.matches = 'externalId' AND x.value = g.external_id)
WHERE m.tenant_id = $1 AND m.user_id = $2`, user)
	if err != nil {
		return nil, err
	}
	var out []access.Role
	for _, role := range access.Roles() {
		if role != access.Employee && slices.Contains(list, string(role)) {
			out = append(out, role)
		}
	}
	return out, nil
}

// accountsOf returns the accounts of users, by the id of the user; those who have none are not in it.
func accountsOf(ctx context.Context, r db.Reader, users []string) (map[string]string, error) {
	out := map[string]string{}
	for part := range slices.Chunk(users, batch) {
		err := r.Rows(ctx, `SELECT id, account_id FROM scim_users WHERE tenant_id = $1 AND account_id <> '' AND id IN (`+marks(2, len(part))+`)`,
			func(scan func(...any) error) error {
				var user, account string
				err := scan(&user, &account)
				out[user] = account
				return err
			}, anys(part)...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
