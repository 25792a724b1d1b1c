package scim

import (
	"context"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/tenant"
)

// Trace is what the registry keeps about the owner of an account.
type Trace struct {
	Source   string    // "scim_users/<id>"
	At       time.Time // when the directory last said something else
	Resource Resource  // what it says; empty once it deleted the user
	Groups   []string  // names of the groups that the user is in
}

// About returns what the registry keeps about the owner of an account, for whoever may see it.
func (g *Registry) About(ctx context.Context, t tenant.ID, account string) ([]Trace, error) {
	if account == "" {
		return nil, nil
	}
	r := g.DB.Of(t)
	list, err := usersWhere(ctx, r, `account_id = $2 AND account_id <> '' ORDER BY id`, account)
	if err != nil {
		return nil, err
	}
	var out []Trace
	for _, u := range list {
		names, err := column(ctx, r, `SELECT g.display_name FROM scim_members m JOIN scim_groups g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
WHERE m.tenant_id = $1 AND m.user_id = $2 ORDER BY g.display_key`, u.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, Trace{Source: "scim_users/" + u.ID, At: clock.Time(u.Changed), Resource: u.Resource, Groups: names})
	}
	return out, nil
}

// Forget deletes what the registry keeps about the owner of an account, in the transaction of sc. A directory that still has them
// gets the answer that they are not there, and may make them anew.
func (g *Registry) Forget(ctx context.Context, sc *db.Scope, account string) error {
	list, err := usersWhere(ctx, sc.Reader, `account_id = $2 AND account_id <> ''`, account)
	if err != nil {
		return err
	}
	for _, u := range list {
		if err := leaveGroups(ctx, sc, u.ID, g.Now()); err != nil {
			return err
		}
		if _, err := sc.Exec(ctx, `DELETE FROM scim_users WHERE tenant_id = $1 AND id = $2`, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// Outs is the rows of users who are out, which age from the day on which the directory deleted them. A user whose row has gone comes
// back as somebody new.
func Outs() held.Table {
	return held.Table{Name: "scim_users", Key: "id", At: "deleted_at", When: "deleted_at > 0"}
}
