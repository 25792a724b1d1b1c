package vault

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
)

// ErrAbsent says that nothing lies at a place: the code was never used here, its content was erased, or was too long unused.
var ErrAbsent = errors.New("nothing is kept under this code")

// ErrChanged says that content was changed by another page since it was read.
var ErrChanged = errors.New("the kept content was changed meanwhile")

// month is how fine the store knows time: the first moment of the month, in microseconds.
func month(at time.Time) int64 {
	at = at.UTC()
	return clock.Micros(time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC))
}

// Kept is how long content stays that nobody opens: two years.
func Kept(label, basis problem.Message) held.Kept {
	return held.Fill(held.Kept{Name: "skill-vaults", Label: label, Basis: basis, Default: 730, Minimum: 90, Maximum: 1825}, held.Table{Name: "skill_vaults", Key: "name", At: "used_at"})
}

// Get returns the content at a place and its version; ErrAbsent where there is none.
func Get(ctx context.Context, r db.Reader, p Place) (content []byte, version int64, err error) {
	var sealed []byte
	err = r.Row(ctx, `SELECT sealed, version FROM skill_vaults WHERE tenant_id = $1 AND name = $2`, []any{hex.EncodeToString(p.name[:])}, &sealed, &version)
	if errors.Is(err, db.ErrNoRow) {
		return nil, 0, ErrAbsent
	}
	if err != nil {
		return nil, 0, err
	}
	content, err = p.open(sealed)
	return content, version, err
}

// Put keeps content at a place. version is that of Get, or 0 where there must be nothing yet; ErrChanged when it is another one.
func Put(ctx context.Context, s *db.Scope, p Place, version int64, content []byte, now time.Time) error {
	sealed, err := p.seal(content)
	if err != nil {
		return err
	}
	name, used := hex.EncodeToString(p.name[:]), month(now)
	var n int64
	if version == 0 {
		n, err = s.Exec(ctx, `INSERT INTO skill_vaults (tenant_id, name, sealed, version, used_at) VALUES ($1, $2, $3, 1, $4) ON CONFLICT (tenant_id, name) DO NOTHING`, name, sealed, used)
	} else {
		n, err = s.Exec(ctx, `UPDATE skill_vaults SET sealed = $3, version = version + 1, used_at = $4 WHERE tenant_id = $1 AND name = $2 AND version = $5`, name, sealed, used, version)
	}
	if err == nil && n == 0 {
		return ErrChanged
	}
	return err
}

// Used notes that a place was opened this month, so that it does not count as unused. It writes once a month at most.
func Used(ctx context.Context, s *db.Scope, p Place, now time.Time) error {
	_, err := s.Exec(ctx, `UPDATE skill_vaults SET used_at = $3 WHERE tenant_id = $1 AND name = $2 AND used_at < $3`, hex.EncodeToString(p.name[:]), month(now))
	return err
}

// Erase deletes what lies at a place; ErrAbsent when nothing does.
func Erase(ctx context.Context, s *db.Scope, p Place) error {
	n, err := s.Exec(ctx, `DELETE FROM skill_vaults WHERE tenant_id = $1 AND name = $2`, hex.EncodeToString(p.name[:]))
	if err == nil && n == 0 {
		return ErrAbsent
	}
	return err
}
