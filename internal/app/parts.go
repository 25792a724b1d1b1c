package app

import (
	"context"
	"net/http"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/identity"
	"tekentafel/internal/instrument"
	"tekentafel/internal/mail"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// organisations tells the reports what they must know of an organisation.
type organisations struct{ db *db.DB }

// About implements report.Organisations.
func (o organisations) About(ctx context.Context, t tenant.ID) (name string, groupSize int, synthetic bool, err error) {
	return o.of(ctx, o.db.Of(t))
}

func (organisations) of(ctx context.Context, r db.Reader) (name string, groupSize int, synthetic bool, err error) {
	err = r.Row(ctx, `SELECT name, group_size, synthetic FROM organisations WHERE tenant_id = $1`, nil, &name, &groupSize, &synthetic)
	return name, groupSize, synthetic, err
}

// mailbox returns the address of an account, "" when it has none.
func (a *App) mailbox(ctx context.Context, t tenant.ID, account string) (string, error) {
	var address string
	err := a.DB.Of(t).Row(ctx, `SELECT COALESCE((SELECT mail FROM accounts WHERE tenant_id = $1 AND id = $2), '')`, []any{account}, &address)
	return address, err
}

// publicURL returns the address of an organisation without a slash at its end: its own host name, or that of the installation.
func (a *App) publicURL(tenant.ID) string { return a.PublicURL.String() }

// letters puts the letters of identity in the outbox.
type letters struct{ outbox *mail.Outbox }

// Queue implements identity.Mailer.
func (l letters) Queue(ctx context.Context, s *db.Scope, m identity.Mail) error {
	name, _, _, err := organisations{}.of(ctx, s.Reader)
	if err != nil {
		return err
	}
	_, err = l.outbox.Post(ctx, s, mail.Message{
		Kind: m.Kind, To: m.To, Name: m.Name, Account: m.Account, Lang: instrument.Lang(m.Lang), Organisation: name,
		Args: i18n.Args{"link": m.Link}, Until: m.Ends,
	})
	return err
}

// mailer is nil where the installation sends no mail, so that links are shown instead.
func (a *App) mailer() identity.Mailer {
	if !a.Mail.On() {
		return nil
	}
	return letters{a.Mail}
}

// forgetCookie takes the session cookie from a browser whose account is gone.
func (a *App) forgetCookie(w http.ResponseWriter, _ *web.Request) {
	a.Web.SetCookie(w, identity.SessionCookie, "", 0)
}

// farewell mails somebody who is erased that it is done; the address is forgotten once the mail is sent.
type farewell struct{ app *App }

// Effects implements held.Eraser: the mail says it.
func (farewell) Effects() held.Effects { return held.Effects{} }

// Erase implements held.Eraser.
func (f farewell) Erase(ctx context.Context, s *db.Scope, account string) error {
	var to, name, lang string
	err := s.Row(ctx, `SELECT COALESCE(mail, ''), name, language FROM accounts WHERE tenant_id = $1 AND id = $2`, []any{account}, &to, &name, &lang)
	if err != nil || to == "" || !f.app.Mail.On() {
		return err
	}
	organisation, _, _, err := organisations{}.of(ctx, s.Reader)
	if err != nil {
		return err
	}
	_, err = f.app.Mail.Post(ctx, s, mail.Message{Kind: mail.AccountErased, To: to, Name: name, Lang: instrument.Lang(lang), Organisation: organisation, Forget: true})
	return err
}
