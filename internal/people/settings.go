package people

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/national"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

// Settings are what an organisation chose for its personnel data.
type Settings struct {
	National national.Policy // what becomes of national numbers in a file
	Basis    string          // on what legal basis they are kept; only for national.Keep
	BasisBy  string          // account
	BasisAt  time.Time
	Version  int64 // 0 while nobody chose anything
}

const (
	leastBasis = 20 // characters: a law and an article
	mostBasis  = 2000
)

// Settings returns what the organisation chose; without a choice national numbers are hashed.
func (s *Service) Settings(ctx context.Context, r db.Reader) (Settings, error) {
	v := Settings{National: national.Hash}
	var at int64
	err := r.Row(ctx, `SELECT national, basis, basis_by, basis_at, version FROM people_settings WHERE tenant_id = $1`, nil, &v.National, &v.Basis, &v.BasisBy, &at, &v.Version)
	if errors.Is(err, db.ErrNoRow) {
		return v, nil
	}
	v.BasisAt = clock.Time(at)
	return v, err
}

// SetNational chooses what becomes of national numbers in files that come in from now on. Keeping them needs a legal basis in words. Version
// is that of the settings as they were read.
func (s *Service) SetNational(ctx context.Context, actor access.Actor, policy national.Policy, basis string, version int64) error {
	if err := allow(actor, access.SetNational); err != nil {
		return err
	}
	basis = strings.TrimSpace(basis)
	form := problem.Form{Bundle: locale()}
	switch policy {
	case national.Refuse, national.Hash:
		basis = ""
	case national.Keep:
		if n := utf8.RuneCountInString(basis); n < leastBasis || n > mostBasis {
			form.Wrong("basis", "field.basis", i18n.Args{"least": itoa(leastBasis), "most": itoa(mostBasis)})
		}
	default:
		form.Wrong("national", "field.choice", nil)
	}
	if err := form.Err(); err != nil {
		return err
	}
	v := Settings{National: policy, Basis: basis}
	if basis != "" {
		v.BasisBy, v.BasisAt = actor.Owner, s.Now()
	}
	return said(s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		n, err := tx.Exec(ctx, `INSERT INTO people_settings (tenant_id, national, basis, basis_by, basis_at, version) VALUES ($1, $2, $3, $4, $5, 1)
ON CONFLICT (tenant_id) DO UPDATE SET national = excluded.national, basis = excluded.basis, basis_by = excluded.basis_by, basis_at = excluded.basis_at,
version = people_settings.version + 1 WHERE people_settings.version = $6`, string(v.National), v.Basis, v.BasisBy, clock.Micros(v.BasisAt), version)
		if err != nil {
			return err
		}
		if n != 1 {
			return store.ErrChanged
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.national-set", Detail: map[string]string{"policy": string(policy), "basis": v.Basis}})
	}))
}
