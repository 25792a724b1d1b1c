package mail

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Resend puts a mail that was refused, or of which nobody knows whether it arrived, back among those that wait. A problem
// of kind Conflict when it is in another state or its use has ended.
func (o *Outbox) Resend(ctx context.Context, t tenant.ID, actor access.Actor, name string, r asked.Request) error {
	if err := allowed(actor, access.ResendMail, t); err != nil {
		return err
	}
	return o.DB.Write(ctx, t, func(s *db.Scope) error {
		_, err := asked.Once(ctx, s, o.Now, r, func() (bool, error) {
			m, err := find(ctx, s.Reader, name)
			if err != nil {
				return false, err
			}
			if why := o.notAgain(m); why != "" {
				return false, problem.New(problem.Conflict, locale(), why, nil)
			}
			if done, err := again(ctx, s, name, o.Now()); err != nil || !done {
				return done, err
			}
			return true, o.Audit.Record(ctx, s, actor, audit.Entry{
				Action: "mail.resent", Subject: name, Account: m.Account, Detail: map[string]string{"kind": m.Kind, "was": string(m.State)},
			})
		})
		return err
	})
}

// notAgain says why a mail cannot be resent, as a key of a message; "" when it can.
func (o *Outbox) notAgain(m Mail) string {
	switch {
	case m.State != Unsure && m.State != Refused:
		return "problem.state"
	case m.Recipient == "":
		return "problem.forgotten"
	case !m.Until.IsZero() && o.Now().After(m.Until):
		return "problem.ended"
	}
	return ""
}

// SendTest posts a mail that says nothing but that mail works.
func (o *Outbox) SendTest(ctx context.Context, t tenant.ID, actor access.Actor, to, organisation string, lang instrument.Lang, r asked.Request) error {
	if err := allowed(actor, access.ResendMail, t); err != nil {
		return err
	}
	if !o.On() {
		return problem.New(problem.Conflict, locale(), "problem.off", nil)
	}
	return o.DB.Write(ctx, t, func(s *db.Scope) error {
		_, err := asked.Once(ctx, s, o.Now, r, func() (string, error) {
			name, err := o.Post(ctx, s, Message{Kind: Test, To: to, Lang: lang, Organisation: organisation})
			if err != nil {
				return "", err
			}
			return name, o.Audit.Record(ctx, s, actor, audit.Entry{Action: "mail.tested", Subject: name})
		})
		return err
	})
}

// Page is a part of the list of mails.
type Page struct {
	Mails        []Mail
	Counts       map[State]int
	Newer, Older bool // there are more on that side
}

// PageSize is how many mails a page lists.
const PageSize = 50

// List returns mails of an organisation, the newest first: of one state or of all (""), before a mail (older) or after one
// (newer), or the newest.
func (o *Outbox) List(ctx context.Context, t tenant.ID, actor access.Actor, state State, before, after string) (Page, error) {
	var p Page
	if err := allowed(actor, access.ReadMail, t); err != nil {
		return p, err
	}
	r := o.DB.Of(t)
	var err error
	if p.Counts, err = counts(ctx, r, o.apart()); err != nil {
		return p, err
	}
	if p.Mails, err = list(ctx, r, o.apart(), state, before, after, PageSize+1); err != nil {
		return p, err
	}
	more := len(p.Mails) > PageSize
	switch {
	case after != "":
		p.Newer, p.Older = more, true
		if more {
			p.Mails = p.Mails[1:]
		}
	default:
		p.Newer, p.Older = before != "", more
		if more {
			p.Mails = p.Mails[:PageSize]
		}
	}
	return p, nil
}

// Find returns one mail of an organisation.
func (o *Outbox) Find(ctx context.Context, t tenant.ID, actor access.Actor, name string) (Mail, error) {
	if err := allowed(actor, access.ReadMail, t); err != nil {
		return Mail{}, err
	}
	return find(ctx, o.DB.Of(t), name)
}

func allowed(actor access.Actor, action access.Action, t tenant.ID) error {
	if access.Can(actor, action, access.Resource{Tenant: t}) {
		return nil
	}
	return problem.New(problem.Forbidden, locale(), "problem.forbidden", nil)
}
