package identity

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// What links are for, and how long they work.
const (
	linkFirst           = "first-administrator"
	linkInvitation      = "invitation"
	linkRecovery        = "recovery"
	linkFirstLives      = 48 * time.Hour
	linkInvitationLives = 7 * 24 * time.Hour
	linkRecoveryLives   = time.Hour
)

// linkRow is a link as it is stored, without its secret.
type linkRow struct {
	Tenant  tenant.ID // "" for the first administrator of the first organisation
	Account string    // "" for a first administrator
	Purpose string
	Lives   time.Duration
	Ends    time.Time
}

// makeLink makes a link and returns its secret; earlier links for the same account and purpose stop working.
func (s *Service) makeLink(ctx context.Context, sys *db.System, l linkRow) (string, error) {
	if _, err := sys.Exec(ctx, `DELETE FROM links WHERE COALESCE(tenant_id, '') = $1 AND COALESCE(account_id, '') = $2 AND purpose = $3`,
		string(l.Tenant), l.Account, l.Purpose); err != nil {
		return "", err
	}
	now := s.now()
	token := id.Token()
	_, err := sys.Exec(ctx, `INSERT INTO links (token_hash, tenant_id, account_id, purpose, created_at, expires_at)
VALUES ($1, NULLIF($2, ''), NULLIF($3, ''), $4, $5, $6)`,
		id.Hash(token), string(l.Tenant), l.Account, l.Purpose, clock.Micros(now), clock.Micros(now.Add(l.Lives)))
	return token, err
}

// welcome returns the address of a link.
func (s *Service) welcome(t tenant.ID, token string) string { return s.public(t) + "/welcome/" + token }

// findLink returns the link of a secret. One that was used, replaced or has ended is gone, all the same.
func findLink(ctx context.Context, sys *db.System, token string, now time.Time) (linkRow, error) {
	var l linkRow
	var ends int64
	err := sys.Row(ctx, `SELECT COALESCE(tenant_id, ''), COALESCE(account_id, ''), purpose, expires_at FROM links WHERE token_hash = $1`,
		[]any{id.Hash(token)}, &l.Tenant, &l.Account, &l.Purpose, &ends)
	if errors.Is(err, db.ErrNoRow) || err == nil && clock.Micros(now) >= ends {
		return l, say(problem.Gone, "link-gone")
	}
	l.Ends = clock.Time(ends)
	return l, err
}

// useLink takes a link away; of two that use it at once, one finds it gone.
func useLink(ctx context.Context, sys *db.System, token string) error {
	n, err := sys.Exec(ctx, `DELETE FROM links WHERE token_hash = $1`, id.Hash(token))
	if err == nil && n == 0 {
		return say(problem.Gone, "link-gone")
	}
	return err
}

func dropLinks(ctx context.Context, sc *db.Scope, account string) error {
	_, err := sc.Exec(ctx, `DELETE FROM links WHERE tenant_id = $1 AND account_id = $2`, account)
	return err
}

// Bootstrap makes the link at which the first administrator names the organisation and makes an account, valid for 48
// hours; "" when there is an organisation already. A link made earlier stops working.
func (s *Service) Bootstrap(ctx context.Context) (link string, err error) {
	var token string
	err = s.db.System().Write(ctx, func(sys *db.System) error {
		token = ""
		n, err := countOrganisations(ctx, sys)
		if err != nil || n > 0 {
			return err
		}
		token, err = s.makeLink(ctx, sys, linkRow{Purpose: linkFirst, Lives: linkFirstLives})
		return err
	})
	if err != nil || token == "" {
		return "", err
	}
	return s.welcome("", token), nil
}

// Invitation is what came of inviting somebody.
type Invitation struct {
	Mailed bool      `json:"mailed" doc:"It goes out by mail"`
	Link   string    `json:"link,omitempty" doc:"When no mail is sent: works once; hand it over in person"`
	Ends   time.Time `json:"ends"`
}

// Invite makes a link at which somebody chooses a password, or a PIN when they have no mail address. It is mailed where that
// is possible, otherwise it is returned. An earlier invitation stops working.
func (s *Service) Invite(ctx context.Context, actor access.Actor, account string) (Invitation, error) {
	if err := allowIn(actor, access.ChangeAccount); err != nil {
		return Invitation{}, err
	}
	var out Invitation
	err := s.db.System().Write(ctx, func(sys *db.System) error {
		sc := sys.Scope(actor.Tenant)
		a, err := s.standing(ctx, sc, account, 0)
		if err != nil {
			return err
		}
		if a.State != Active {
			return say(problem.Conflict, "account-blocked")
		}
		token, err := s.makeLink(ctx, sys, linkRow{Tenant: actor.Tenant, Account: account, Purpose: linkInvitation, Lives: linkInvitationLives})
		if err != nil {
			return err
		}
		out = Invitation{Ends: s.now().Add(linkInvitationLives)}
		link := s.welcome(actor.Tenant, token)
		if out.Mailed, err = s.letter(ctx, sc, a, Mail{Kind: "invitation", Link: link, Ends: out.Ends}); err != nil {
			return err
		}
		if !out.Mailed {
			out.Link = link
		}
		return s.audit.Record(ctx, sc, actor, audit.Entry{
			Action: "account.invited", Subject: account, Account: account, Detail: map[string]string{"mailed": yesNo(out.Mailed)},
		})
	})
	return out, err
}

// letter hands a letter to the mail feature, if there is one and the account has an address.
func (s *Service) letter(ctx context.Context, sc *db.Scope, a AccountView, m Mail) (bool, error) {
	if s.mail == nil || a.Mail == "" {
		return false, nil
	}
	m.Account, m.To, m.Name, m.Lang = a.ID, a.Mail, a.Name, string(a.Language)
	return true, s.mail.Queue(ctx, sc, m)
}
