package app

import (
	"context"
	"embed"
	"net/http"
	"sync"

	"github.com/a-h/templ"

	"tekentafel/internal/i18n"
	"tekentafel/internal/identity"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

func text(lang instrument.Lang, key string) string { return locale().Printer(lang).T(key, nil) }

// demoDoor offers to come in as each role of the made-up city, without a password.
type demoDoor struct{ app *App }

// demoEntry is one person of the made-up city.
type demoEntry struct{ account, name, role string }

// Offer implements identity.SignInOption.
func (d demoDoor) Offer(ctx context.Context, o identity.Offer) (templ.Component, error) {
	if o.Confirm != nil || !o.Org.Synthetic {
		return nil, nil
	}
	entries, err := d.entries(ctx, o.Org.ID, o.Lang)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return demoOffer(o.Lang, entries, o.Next, "/o/"+o.Org.Slug+"/sign-in/pin"), nil
}

// workerHint is what the worker without a mailbox fills in.
func workerHint(lang instrument.Lang) string {
	return locale().Printer(lang).T("demo.worker-hint", i18n.Args{"number": DemoNumber, "pin": DemoPIN})
}

func (d demoDoor) entries(ctx context.Context, t tenant.ID, lang instrument.Lang) ([]demoEntry, error) {
	byMail := map[string]string{}
	err := d.app.DB.Of(t).Rows(ctx, `SELECT id, mail FROM accounts WHERE tenant_id = $1 AND state = 'active' AND mail IS NOT NULL`,
		func(scan func(...any) error) error {
			var id, mail string
			err := scan(&id, &mail)
			byMail[mail] = id
			return err
		})
	var out []demoEntry
	for _, p := range DemoPeople() {
		role := "employee"
		if len(p.Roles) > 0 {
			role = string(p.Roles[0])
		}
		if account := byMail[p.Mail]; account != "" {
			out = append(out, demoEntry{account, p.Name, text(lang, "demo.role-"+role)})
		}
	}
	return out, err
}

// enter signs in as somebody of the made-up city.
func (d demoDoor) enter(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	t, err := d.app.demoTenant(r.Context())
	if err != nil {
		return err
	}
	entries, err := d.entries(r.Context(), t, r.Lang)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.account != form.Get("account") {
			continue
		}
		if err := d.app.Identity.SignIn(r.Context(), w, r.Request, identity.SignedIn{Tenant: t, Account: e.account, Method: identity.ByPassword}); err != nil {
			return err
		}
		return r.Redirect(w, web.Local(form.Get("next"), "/"), nil)
	}
	return problem.New(problem.NotFound, locale(), "demo.nobody", nil)
}
