package identity

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Personal is what this feature holds about people, and how it forgets them.
type Personal struct{ s *Service }

// Personal returns the holder and eraser of accounts.
func (s *Service) Personal() Personal { return Personal{s} }

func message(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// kinds of rows that an account has, with the columns of the key behind tenant_id, what is shown of them and when they came.
func heldTables() []struct{ table, key, value, at, label string } {
	return []struct{ table, key, value, at, label string }{
		{"account_roles", "account_id || '/' || role || '/' || source", "role", "0", "held.role"},
		{"passwords", "account_id", "''", "set_at", "held.password"},
		{"totps", "account_id", "''", "confirmed_at", "held.totp"},
		{"pins", "account_id", "''", "set_at", "held.pin"},
		{"passkeys", "id", "name", "created_at", "held.passkey"},
		{"subjects", "issuer || '/' || subject", "subject", "0", "held.subject"},
		{"api_keys", "id", "name", "created_at", "held.key"},
	}
}

// Held implements held.Holder.
func (p Personal) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := p.s.db.Of(t)
	a, err := accountBy(ctx, r, "id", account)
	if err != nil {
		return nil, err
	}
	own := held.Section{Name: "account", Title: message("held.account", nil)}
	add := func(key, value string, when time.Time) {
		if value != "" {
			own.Rows = append(own.Rows, held.Row{Source: "accounts/" + account, Label: message(key, nil), Value: value, When: when})
		}
	}
	add("held.name", a.Name, a.CreatedAt)
	add("held.mail", a.Mail, time.Time{})
	add("held.number", a.StaffNumber, time.Time{})
	add("held.language", string(a.Language), time.Time{})
	own.Rows[len(own.Rows)-1].Words = message("language."+string(a.Language), nil)
	ways := held.Section{Name: "sign-in", Title: message("held.ways", nil)}
	for _, k := range heldTables() {
		err := r.Rows(ctx, `SELECT `+k.key+`, `+k.value+`, `+k.at+` FROM `+k.table+` WHERE tenant_id = $1 AND account_id = $2`,
			func(scan func(...any) error) error {
				var key, value string
				var at int64
				err := scan(&key, &value, &at)
				ways.Rows = append(ways.Rows, held.Row{Source: k.table + "/" + key, Label: message(k.label, nil), Value: value, When: clock.Time(at)})
				return err
			}, account)
		if err != nil {
			return nil, err
		}
	}
	if err := p.codes(ctx, r, account, &ways); err != nil {
		return nil, err
	}
	if err := p.sessions(ctx, r, account, &ways); err != nil {
		return nil, err
	}
	return []held.Section{own, ways}, nil
}

// codes counts the codes for when a telephone is lost; they are kept as hashes alone.
func (p Personal) codes(ctx context.Context, r db.Reader, account string, to *held.Section) error {
	var n int
	if err := r.Row(ctx, `SELECT COUNT(*) FROM recovery_codes WHERE tenant_id = $1 AND account_id = $2`, []any{account}, &n); err != nil || n == 0 {
		return err
	}
	to.Rows = append(to.Rows, held.Row{Source: "recovery_codes/" + account, Label: message("held.codes", nil), Value: number(n)})
	return nil
}

// sessions adds the sessions and the links that wait to be used.
func (p Personal) sessions(ctx context.Context, r db.Reader, account string, to *held.Section) error {
	err := r.Rows(ctx, `SELECT id, device, created_at FROM sessions WHERE tenant_id = $1 AND account_id = $2 ORDER BY id DESC`,
		func(scan func(...any) error) error {
			var id, device string
			var at int64
			err := scan(&id, &device, &at)
			to.Rows = append(to.Rows, held.Row{Source: "sessions/" + id, Label: message("held.session", nil), Value: device, When: clock.Time(at)})
			return err
		}, account)
	if err != nil {
		return err
	}
	return r.Rows(ctx, `SELECT purpose, created_at FROM links WHERE tenant_id = $1 AND account_id = $2`, func(scan func(...any) error) error {
		var purpose string
		var at int64
		err := scan(&purpose, &at)
		to.Rows = append(to.Rows, held.Row{Source: "links/" + account, Label: message("held.link", nil), Value: purpose, When: clock.Time(at)})
		return err
	}, account)
}

// Effects implements held.Eraser.
func (p Personal) Effects() held.Effects {
	return held.Effects{
		Goes: []problem.Message{message("held.goes-account", nil), message("held.goes-ways", nil)},
	}
}

// Erase implements held.Eraser.
func (p Personal) Erase(ctx context.Context, sc *db.Scope, account string) error {
	return p.s.forget(ctx, sc, account)
}

// EraseWith lets other features forget a person with the same change when an administrator erases an account.
func (s *Service) EraseWith(erasers ...held.Eraser) { s.erasers = append(s.erasers, erasers...) }

// mayErase refuses who may not erase an account.
func mayErase(actor access.Actor, account string) error {
	if access.Can(actor, access.EraseOwn, access.Resource{Tenant: actor.Tenant, Owner: account}) {
		return nil
	}
	return allowIn(actor, access.EraseAccount)
}
