package scim

import (
	"context"
	"encoding/json"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
)

// Overview is what an administrator sees of a directory.
type Overview struct {
	Users, Off, Groups int       // users whom the directory has, of whom so many are switched off
	Without            int       // users who may sign in and have no account: the directory says no mail address and no staff number
	Changed            time.Time // when the directory last changed something; zero when it never did
	Ends               []End     // the newest first
	Refused            []Refused // the newest first
}

// End is that somebody may no longer sign in.
type End struct {
	Account string // "" for who never had one
	At      time.Time
	Out     bool // the directory deleted them; else it switched them off
}

// Refused is that an account was not for the directory.
type Refused struct {
	Account string
	Why     string
	At      time.Time
}

// Group is a group that the directory has.
type Group struct {
	Name, ExternalID string
	Members          int
}

// Overview returns how a directory stands, with at most limit of each list. It needs access.ChangeAccount.
func (g *Registry) Overview(ctx context.Context, actor access.Actor, limit int) (Overview, error) {
	var o Overview
	if err := mayMap(actor); err != nil {
		return o, err
	}
	r := g.DB.Of(actor.Tenant)
	var users, groups int64
	if err := r.Row(ctx, `SELECT COUNT(*) FILTER (WHERE deleted_at = 0), COUNT(*) FILTER (WHERE deleted_at = 0 AND NOT active),
COUNT(*) FILTER (WHERE deleted_at = 0 AND active AND account_id = ''), COALESCE(MAX(changed_at), 0)
FROM scim_users WHERE tenant_id = $1`, nil, &o.Users, &o.Off, &o.Without, &users); err != nil {
		return o, err
	}
	if err := r.Row(ctx, `SELECT COUNT(*), COALESCE(MAX(changed_at), 0) FROM scim_groups WHERE tenant_id = $1`, nil, &o.Groups, &groups); err != nil {
		return o, err
	}
	o.Changed = clock.Time(max(users, groups))
	err := g.events(ctx, r, []string{UserOff, UserOut}, limit, func(action, account string, at time.Time, _ string) {
		o.Ends = append(o.Ends, End{Account: account, At: at, Out: action == UserOut})
	})
	if err != nil {
		return o, err
	}
	return o, g.events(ctx, r, []string{UserRefused}, limit, func(_, account string, at time.Time, why string) {
		o.Refused = append(o.Refused, Refused{Account: account, Why: why, At: at})
	})
}

// events reads some actions from the log.
func (g *Registry) events(ctx context.Context, r db.Reader, actions []string, limit int, each func(action, account string, at time.Time, why string)) error {
	return r.Rows(ctx, `SELECT action, account, at, detail FROM audit_log WHERE tenant_id = $1 AND action IN (`+marks(3, len(actions))+`) ORDER BY id DESC LIMIT $2`,
		func(scan func(...any) error) error {
			var action, account, detail string
			var at int64
			if err := scan(&action, &account, &at, &detail); err != nil {
				return err
			}
			each(action, account, clock.Time(at), whyOf(detail))
			return nil
		}, append([]any{limit}, anys(actions)...)...)
}

// Groups lists the groups that a directory has, by name, at most limit. It needs access.ChangeAccount.
func (g *Registry) Groups(ctx context.Context, actor access.Actor, limit int) ([]Group, error) {
	if err := mayMap(actor); err != nil {
		return nil, err
	}
	var list []Group
	err := g.DB.Of(actor.Tenant).Rows(ctx, `SELECT g.display_name, g.external_id, (SELECT COUNT(*) FROM scim_members m WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id)
FROM scim_groups g WHERE g.tenant_id = $1 ORDER BY g.display_key LIMIT $2`, func(scan func(...any) error) error {
		var x Group
		err := scan(&x.Name, &x.ExternalID, &x.Members)
		list = append(list, x)
		return err
	}, limit)
	return list, err
}

// whyOf reads the reason from what the log keeps beside an entry.
func whyOf(detail string) string {
	var d map[string]string
	_ = json.Unmarshal([]byte(detail), &d) // without a reason it has none
	return d["why"]
}
