package identity

import (
	"context"
	"errors"
	"slices"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
)

// SetRoles gives an account exactly these roles beside employee; those that the sign-in provider gave stay. Whoever gains a role
// is signed out everywhere, so that the new role starts with a new proof of who they are; the actor's own session stays.
// The last administrator keeps that role.
func (s *Service) SetRoles(ctx context.Context, actor access.Actor, account string, roles []access.Role, version int64) (AccountView, error) {
	if err := allowIn(actor, access.ChangeAccount); err != nil {
		return AccountView{}, err
	}
	if unknownRole(roles) {
		return AccountView{}, wrong("roles", "roles-form", nil)
	}
	return s.changeRoles(ctx, actor, account, version, sourceLocal, roles)
}

// SetProviderRoles gives an account the roles that its groups at the sign-in provider stand for, instead of those that they
// stood for before. The last administrator keeps that role even so.
func (s *Service) SetProviderRoles(ctx context.Context, actor access.Actor, account string, roles []access.Role) (AccountView, error) {
	if actor.Kind != access.System {
		return AccountView{}, say(problem.Forbidden, "forbidden")
	}
	roles = slices.DeleteFunc(slices.Clone(roles), func(r access.Role) bool { return !slices.Contains(access.Roles(), r) })
	a, err := s.changeRoles(ctx, actor, account, 0, sourceOIDC, roles)
	if errors.Is(err, errLastAdministrator) {
		return s.changeRoles(ctx, actor, account, 0, sourceOIDC, append(roles, access.Administrator))
	}
	return a, err
}

func (s *Service) changeRoles(ctx context.Context, actor access.Actor, account string, version int64, source string, roles []access.Role) (AccountView, error) {
	var out AccountView
	err := s.db.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		was, err := s.standing(ctx, sc, account, version)
		if err != nil {
			return err
		}
		out, err = s.settleRoles(ctx, sc, actor, was, source, roles)
		return err
	})
	return out, err
}

// settleRoles makes the roles that a source gave an account exactly these.
func (s *Service) settleRoles(ctx context.Context, sc *db.Scope, actor access.Actor, was AccountView, source string, roles []access.Role) (AccountView, error) {
	had := map[string][]access.Role{sourceLocal: was.Roles, sourceOIDC: was.ProviderRoles, sourceSCIM: was.DirectoryRoles}[source]
	changed := false
	for _, r := range access.Roles() {
		has, wanted := slices.Contains(had, r), slices.Contains(roles, r) && r != access.Employee
		if has == wanted {
			continue
		}
		changed = true
		if err := s.changeRole(ctx, sc, actor, was.ID, r, source, wanted); err != nil {
			return was, err
		}
	}
	if slices.Contains(was.AllRoles(), access.Administrator) { // whoever was none cannot be the last
		if err := keepsAdministrator(ctx, sc); err != nil {
			return was, err
		}
	}
	if changed {
		if err := touchAccount(ctx, sc, was.ID); err != nil {
			return was, err
		}
	}
	out, err := accountBy(ctx, sc.Reader, "id", was.ID)
	if err != nil {
		return was, err
	}
	gained := slices.ContainsFunc(out.AllRoles(), func(r access.Role) bool { return !slices.Contains(was.AllRoles(), r) })
	if gained && actor.Owner != was.ID {
		return out, dropSessions(ctx, sc, was.ID, "")
	}
	return out, nil
}

func (s *Service) changeRole(ctx context.Context, sc *db.Scope, actor access.Actor, account string, r access.Role, source string, give bool) error {
	change, action := takeRole, "account.role-taken"
	if give {
		change, action = giveRole, "account.role-given"
	}
	if err := change(ctx, sc, account, r, source); err != nil {
		return err
	}
	return s.recordRole(ctx, sc, actor, action, account, r)
}

func (s *Service) recordRole(ctx context.Context, sc *db.Scope, actor access.Actor, action, account string, r access.Role) error {
	return s.audit.Record(ctx, sc, actor, audit.Entry{
		Action: action, Subject: account, Account: account, Detail: map[string]string{"role": string(r)},
	})
}

// errLastAdministrator marks the refusal of a change after which an organisation would have no administrator.
var errLastAdministrator = errors.New("the organisation would be left without an administrator")

// keepsAdministrator refuses a change after which nobody could administer the organisation. The change is in the
// transaction already; two that each leave the other conflict.
func keepsAdministrator(ctx context.Context, sc *db.Scope) error {
	n, err := administrators(ctx, sc.Reader)
	if err != nil {
		return err
	}
	if n == 0 {
		return say(problem.Conflict, "last-administrator").Because(errLastAdministrator)
	}
	return nil
}
