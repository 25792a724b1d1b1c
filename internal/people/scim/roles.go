package scim

import (
	"context"
	"errors"
	"maps"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
)

// By is by what a group is recognised.
type By string

// The ways to recognise a group. Whoever may name groups in a directory chooses a display name; an external id they do not choose.
const (
	ByDisplayName By = "displayName"
	ByExternalID  By = "externalId"
)

// GroupRole says that the members of a group play a role.
type GroupRole struct {
	By    By          `json:"by" enum:"displayName,externalId"`
	Group string      `json:"group" doc:"What the group is called, or its external id"`
	Role  access.Role `json:"role"`
}

// ErrGroupRole says that a line of the table cannot be used: an empty group, an unknown way to recognise it, or a role that is not
// given (every member is an employee already).
var ErrGroupRole = errors.New("a group needs a name or external id and a role other than employee")

func mayMap(actor access.Actor) error {
	if !access.Can(actor, access.ChangeAccount, access.Resource{Tenant: actor.Tenant}) {
		return wrongCaller()
	}
	return nil
}

// GroupRoles lists which roles groups give, in order. It needs access.ChangeAccount.
func (g *Registry) GroupRoles(ctx context.Context, actor access.Actor) ([]GroupRole, error) {
	if err := mayMap(actor); err != nil {
		return nil, err
	}
	return groupRoles(ctx, g.DB.Of(actor.Tenant))
}

func groupRoles(ctx context.Context, r db.Reader) ([]GroupRole, error) {
	var list []GroupRole
	err := r.Rows(ctx, `SELECT matches, shown, role FROM scim_group_roles WHERE tenant_id = $1 ORDER BY matches, value, role`, func(scan func(...any) error) error {
		var x GroupRole
		err := scan(&x.By, &x.Group, &x.Role)
		list = append(list, x)
		return err
	})
	return list, err
}

// key returns what of a group the line is compared with.
func (x GroupRole) key() string {
	if x.By == ByDisplayName {
		return fold(contact.Line(x.Group))
	}
	return contact.Line(x.Group)
}

// SetGroupRoles replaces which roles groups give, and gives the members of all groups that this is about their roles, in one
// transaction. It needs access.ChangeAccount. ErrGroupRole says that a line cannot be used.
func (g *Registry) SetGroupRoles(ctx context.Context, actor access.Actor, list []GroupRole) error {
	return g.EditGroupRoles(ctx, actor, func([]GroupRole) []GroupRole { return list })
}

// EditGroupRoles is SetGroupRoles with a list that follows from the one that stands. Edit may run more than once.
func (g *Registry) EditGroupRoles(ctx context.Context, actor access.Actor, edit func([]GroupRole) []GroupRole) error {
	if err := mayMap(actor); err != nil {
		return err
	}
	return g.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		stood, err := groupRoles(ctx, sc.Reader)
		if err != nil {
			return err
		}
		list := edit(slices.Clone(stood))
		for _, x := range list {
			if !x.usable() {
				return ErrGroupRole
			}
		}
		before, err := mapped(ctx, sc.Reader)
		if err != nil {
			return err
		}
		if _, err := sc.Exec(ctx, `DELETE FROM scim_group_roles WHERE tenant_id = $1`); err != nil {
			return err
		}
		for _, x := range list {
			if _, err := sc.Exec(ctx, `INSERT INTO scim_group_roles (tenant_id, matches, value, shown, role) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, matches, value, role) DO NOTHING`, string(x.By), x.key(), contact.Line(x.Group), string(x.Role)); err != nil {
				return err
			}
		}
		after, err := mapped(ctx, sc.Reader)
		if err != nil {
			return err
		}
		if err := g.giveRoles(ctx, sc, actor, append(before, after...)); err != nil {
			return err
		}
		return g.Log.Record(ctx, sc, actor, audit.Entry{Action: RolesMapped})
	})
}

// Same tells whether two lines say the same of the same group.
func (x GroupRole) Same(y GroupRole) bool {
	return x.By == y.By && x.Role == y.Role && x.key() == y.key()
}

func (x GroupRole) usable() bool {
	return (x.By == ByDisplayName || x.By == ByExternalID) && x.key() != "" && x.Role != access.Employee && slices.Contains(access.Roles(), x.Role)
}

// mapped returns the users who are in a group that gives a role.
func mapped(ctx context.Context, r db.Reader) ([]string, error) {
	return column(ctx, r, `SELECT DISTINCT m.user_id FROM scim_members m JOIN scim_groups g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
JOIN scim_group_roles x ON x.tenant_id = g.tenant_id AND (x.matches = 'displayName' AND x.value = g.display_key OR x.matches = 'externalId' AND x.value = g.external_id)
WHERE m.tenant_id = $1`)
}

// giveRoles gives the accounts of users the roles that their groups stand for, and no more.
func (g *Registry) giveRoles(ctx context.Context, sc *db.Scope, by access.Actor, users []string) error {
	accounts, err := accountsOf(ctx, sc.Reader, users)
	if err != nil {
		return err
	}
	for _, user := range slices.Sorted(maps.Keys(accounts)) {
		roles, err := rolesOf(ctx, sc.Reader, user)
		if err != nil {
			return err
		}
		if err := g.Roles.Set(ctx, sc, by, accounts[user], roles); err != nil && !errors.Is(err, ErrGone) {
			return err
		}
	}
	return nil
}
