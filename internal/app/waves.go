package app

import (
	"context"
	"errors"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/mail"
	"tekentafel/internal/report"
	"tekentafel/internal/survey/closing"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// faces tells waves what they must know of an organisation, also how it presents itself.
type faces struct {
	organisations
	app *App
}

// Organisation implements survey.Organisations.
func (f faces) Organisation(ctx context.Context, t tenant.ID) (web.Organisation, error) {
	o, err := f.app.Identity.Organisation(ctx, access.Actor{Kind: access.System, Tenant: t}, t)
	return o.Web(), err
}

// staff tells which accounts people of a frame have.
type staff struct{}

// Each implements invite.Accounts.
func (staff) Each(ctx context.Context, r db.Reader, each func(account, mail, number string) error) error {
	return r.Rows(ctx, `SELECT id, COALESCE(mail, ''), COALESCE(staff_number, '') FROM accounts WHERE tenant_id = $1 AND state = 'active'`,
		func(scan func(...any) error) error {
			var account, mail, number string
			if err := scan(&account, &mail, &number); err != nil {
				return err
			}
			return each(account, mail, number)
		})
}

// Of implements invite.Accounts.
func (staff) Of(ctx context.Context, r db.Reader, account string) (mail, number string, err error) {
	err = r.Row(ctx, `SELECT COALESCE(mail, ''), COALESCE(staff_number, '') FROM accounts WHERE tenant_id = $1 AND id = $2`, []any{account}, &mail, &number)
	return mail, number, err
}

// invitations puts the letters of waves in the outbox.
type invitations struct{ *mail.Outbox }

// Address implements invite.Mailer.
func (invitations) Address(s string) (string, error) { return mail.Address(s) }

// Post implements invite.Mailer.
func (i invitations) Post(ctx context.Context, s *db.Scope, l invite.Letter) (string, error) {
	return i.Outbox.Post(ctx, s, mail.Message{Kind: l.Kind, To: l.To, Name: l.Name, Lang: l.Lang, Organisation: l.Organisation, Args: l.Args, Note: l.Note,
		Until: l.Until, Forget: true})
}

// Undelivered implements invite.Mailer.
func (i invitations) Undelivered(ctx context.Context, r db.Reader, kind string) ([]invite.Undelivered, error) {
	mails, err := i.Outbox.Undelivered(ctx, r, kind)
	var out []invite.Undelivered
	for _, m := range mails {
		out = append(out, invite.Undelivered{ID: m.ID, Unsure: m.State == mail.Unsure, Reason: m.Reason, Reply: m.Reply})
	}
	return out, err
}

// reportsOfWaves is the feature of reports as waves want it.
type reportsOfWaves struct{ *report.Service }

// AddWave implements closing.Reports.
func (r reportsOfWaves) AddWave(ctx context.Context, tx *db.Scope, h closing.Handover) (sourceID, reportID string, err error) {
	return r.Service.AddWave(ctx, tx, report.WaveInput(h))
}

// Published implements survey.Reports.
func (r reportsOfWaves) Published(ctx context.Context, t tenant.ID, reportID string) (bool, error) {
	rep, err := r.Report(ctx, access.Actor{Kind: access.System, Tenant: t}, reportID)
	return err == nil && !rep.Published.IsZero(), ignoreMissing(err)
}

// ignoreMissing takes a row that is not there for no error.
func ignoreMissing(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return nil
	}
	return err
}
