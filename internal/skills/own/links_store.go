package own

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// linkKind says what a link is for.
type linkKind string

const (
	poster linkKind = "poster" // people scan it with a device of their own
	tablet linkKind = "kiosk"  // a device that many people use after one another
)

// link brings people without an account to the check.
type link struct {
	tenant tenant.ID
	kind   linkKind
	key    string
	since  time.Time
}

// newLinkKey returns a random key of 10 signs (50 bits), which people can type.
func newLinkKey() string {
	const signs = "23456789abcdefghjkmnpqrstuvwxyz" // 31, without those that look alike
	out := make([]byte, 0, 10)
	for len(out) < cap(out) {
		var b [1]byte
		_, _ = rand.Read(b[:]) // never fails (crypto/rand)
		if b[0] < 8*byte(len(signs)) {
			out = append(out, signs[int(b[0])%len(signs)])
		}
	}
	return string(out)
}

// linkBy finds the link with a key; a problem that says so when there is none, or it was closed.
func (p *Pages) linkBy(ctx context.Context, key string) (link, error) {
	l := link{key: key}
	var since int64
	err := p.DB.System().Row(ctx, `SELECT tenant_id, kind, made_at FROM skill_links WHERE key = $1`, []any{key}, &l.tenant, &l.kind, &since) //nolint:forbidigo // the key of a link says whose it is
	if errors.Is(err, db.ErrNoRow) || errors.Is(err, db.ErrText) {
		return l, refuse(problem.NotFound, "error.link")
	}
	l.since = clock.Time(since)
	return l, err
}

// linksOf lists the links of an organisation, by kind.
func (p *Pages) linksOf(ctx context.Context, t tenant.ID) (map[linkKind]link, error) {
	out := map[linkKind]link{}
	err := p.DB.Of(t).Rows(ctx, `SELECT kind, key, made_at FROM skill_links WHERE tenant_id = $1`, func(scan func(...any) error) error {
		l := link{tenant: t}
		var since int64
		if err := scan(&l.kind, &l.key, &since); err != nil {
			return err
		}
		l.since = clock.Time(since)
		out[l.kind] = l
		return nil
	})
	return out, err
}

// openLink makes the link of a kind, unless there is one.
func (p *Pages) openLink(ctx context.Context, actor access.Actor, kind linkKind) error {
	return p.DB.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		n, err := s.Exec(ctx, `INSERT INTO skill_links (tenant_id, kind, key, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, kind) DO NOTHING`,
			string(kind), newLinkKey(), clock.Micros(p.Clock()))
		if err != nil || n == 0 {
			return err
		}
		return p.Audit.Record(ctx, s, actor, audit.Entry{Action: "skills.link-opened", Subject: string(kind)})
	})
}

// closeLink withdraws the link of a kind. Who opens it from then on is told so.
func (p *Pages) closeLink(ctx context.Context, actor access.Actor, kind linkKind) error {
	return p.DB.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		n, err := s.Exec(ctx, `DELETE FROM skill_links WHERE tenant_id = $1 AND kind = $2`, string(kind))
		if err != nil || n == 0 {
			return err
		}
		return p.Audit.Record(ctx, s, actor, audit.Entry{Action: "skills.link-closed", Subject: string(kind)})
	})
}
