package report

import (
	"context"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Link lets anyone who has it read one report, until it is revoked or ends.
type Link struct {
	ID        string
	Report    string
	Note      string // for whom it is
	CreatedBy string
	Created   time.Time
	Expires   time.Time
	Revoked   time.Time // zero: it was not
}

// Holds tells whether the link opens the report at a time.
func (l Link) Holds(at time.Time) bool { return l.Revoked.IsZero() && at.Before(l.Expires) }

// longestLink is how long a link may hold, in days.
const longestLink = 365

// Share makes a link to a report and returns its secret, which is shown once and not kept.
func (s *Service) Share(ctx context.Context, actor access.Actor, reportID, note string, days int, ask asked.Request) (Link, string, error) {
	form := &problem.Form{Bundle: locale()}
	note = strings.TrimSpace(note)
	if note != "" {
		checkName(form, "note", note)
	}
	if days < 1 || days > longestLink {
		form.Wrong("days", "error.days", nil)
	}
	if err := form.Err(); err != nil {
		return Link{}, "", err
	}
	type result struct {
		Link  Link
		Token string
	}
	var made result
	err := s.change(ctx, actor, access.ShareReport, reportID, "report.shared", func(tx *db.Scope, r *Report) (err error) {
		if r.State != Ready {
			return refuse(problem.Conflict, "error.not-ready", nil)
		}
		// The secret is not kept with the request, so the same form sent twice makes one link and shows its secret the first time only.
		token := id.Token()
		made = result{}
		made.Link, err = asked.Once(ctx, tx, s.Now, ask, func() (Link, error) {
			now := s.Now()
			l := Link{ID: id.New(now), Report: reportID, Note: note, CreatedBy: actor.Owner, Created: now, Expires: now.AddDate(0, 0, days)}
			made.Token = token
			return l, insertLink(ctx, tx, &l, id.Hash(token))
		})
		if err == nil && made.Token == "" {
			err = errUnchanged
		}
		return err
	})
	return made.Link, made.Token, err
}

// Links lists the links to a report, the newest first.
func (s *Service) Links(ctx context.Context, actor access.Actor, reportID string) ([]Link, error) {
	if err := allow(actor, access.ShareReport); err != nil {
		return nil, err
	}
	if _, err := oneReport(ctx, s.DB.Of(actor.Tenant), reportID); err != nil {
		return nil, err
	}
	return listLinks(ctx, s.DB.Of(actor.Tenant), reportID)
}

// Revoke ends a link at once.
func (s *Service) Revoke(ctx context.Context, actor access.Actor, reportID, linkID string) error {
	return s.change(ctx, actor, access.ShareReport, reportID, "report.link-revoked", func(tx *db.Scope, _ *Report) error {
		revoked, err := revokeLink(ctx, tx, reportID, linkID, clock.Micros(s.Now()))
		if err == nil && !revoked {
			err = db.ErrNoRow
		}
		return err
	})
}

// Opened is a report that was reached by a link.
type Opened struct {
	Tenant tenant.ID
	Report Report
	Link   Link
}

// Open returns the report behind the secret of a link. A link that has ended is Gone; a secret that never was is not found.
func (s *Service) Open(ctx context.Context, token string) (Opened, error) {
	owner, l, err := linkByToken(ctx, s.DB.System(), id.Hash(token))
	if err != nil {
		return Opened{}, err
	}
	if !l.Holds(s.Now()) {
		return Opened{}, refuse(problem.Gone, "error.link-ended", nil)
	}
	r, err := oneReport(ctx, s.DB.Of(tenant.ID(owner)), l.Report)
	if err != nil {
		return Opened{}, err
	}
	if r.State != Ready {
		return Opened{}, db.ErrNoRow
	}
	return Opened{Tenant: tenant.ID(owner), Report: r, Link: l}, nil
}
