package limits

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

// Warning is that a limit is nearly reached, or reached. It holds no figure.
type Warning struct {
	Limit   string // id
	Kind    budget.Kind
	Subject string // unit or key; "" for a person and for the organisation
	Account string // whose limit it is; "" for a team, a key and the organisation
	Level   budget.Level
	Period  budget.Period
	Own     bool
	Until   time.Time // when the limit starts anew; zero for never
	At      time.Time
}

// Shared tells whether the warning is for whoever sets budgets rather than for one person.
func (w *Warning) Shared() bool { return w.Account == "" }

// Kinds of mails. For each the bundle of this package has texts under its key: name, subject and body, with {limit}, {state} and {link}.
const (
	MailOwn    = "gateway-limit-own"    // to the person whose limit it is; key "mail.own"
	MailShared = "gateway-limit-shared" // to whoever sets budgets; key "mail.shared". It says nothing of a person
)

// Mail is a mail that is to be posted.
type Mail struct {
	Kind    string
	Account string                               // to whom
	Args    func(lang instrument.Lang) i18n.Args // {limit} and {state}; {link} is the whole address of Path
	Path    string                               // of the page that says more
	Until   time.Time                            // of no use afterwards; zero for never
}

// toldKey is a warning that was given, so that the store need not be asked at each call.
type toldKey struct {
	t                       tenant.ID
	limit, subject, account string
	level                   budget.Level
	until                   time.Time
}

const mostTold = 50_000

// Notice takes note of how limits stood when a call was reserved or refused, and warns of those of which at least 80 % was used: each once a period. It costs nothing
// where that was done before. The gateway calls it with Receipt.Warn, and with the State of a Refused (Watched does).
func (s *Service) Notice(ctx context.Context, t tenant.ID, states ...budget.State) error {
	for i := range states {
		st := &states[i]
		if st.Level < budget.Near {
			continue
		}
		w := Warning{Limit: st.ID, Kind: st.Kind, Level: st.Level, Period: st.Period, Own: st.Own, Until: st.Resets, At: s.Now()}
		if st.Kind == budget.Person {
			w.Account = st.Subject
		} else {
			w.Subject = st.Subject
		}
		key := toldKey{t, w.Limit, w.Subject, w.Account, w.Level, w.Until}
		if !s.news(key) {
			continue
		}
		if err := s.DB.Write(ctx, t, func(sc *db.Scope) error { return s.warn(ctx, sc, &w) }); err != nil {
			s.again(key)
			return err
		}
	}
	return nil
}

// news tells whether a warning was not given by this node yet.
func (s *Service) news(key toldKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told[key] {
		return false
	}
	if len(s.told) >= mostTold {
		clear(s.told)
	}
	s.told[key] = true
	return true
}

// again has a warning tried again that could not be kept.
func (s *Service) again(key toldKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.told, key)
}

func (s *Service) warn(ctx context.Context, sc *db.Scope, w *Warning) error {
	added, err := insertWarning(ctx, sc, w)
	if err != nil || !added || s.Mails == nil {
		return err
	}
	to, kind, path := []string{w.Account}, MailOwn, "/gateway/use"
	if w.Shared() {
		kind, path = MailShared, "/gateway/limits"
		if to, err = s.Mails.Setters(ctx, sc.Reader); err != nil {
			return err
		}
	}
	name, err := s.name(ctx, sc.Tenant(), w)
	if err != nil {
		return err
	}
	for _, account := range to {
		m := &Mail{Kind: kind, Account: account, Path: path, Until: w.Until, Args: func(lang instrument.Lang) i18n.Args {
			return i18n.Args{"limit": Called(lang, w.Kind, w.Period, w.Own, name), "state": locale().Printer(lang).T(levelKey(w.Level), nil)}
		}}
		if err := s.Mails.Post(ctx, sc, m); err != nil {
			return err
		}
	}
	return nil
}

// name returns how the unit of a warning is called; "" where it is about no unit.
func (s *Service) name(ctx context.Context, t tenant.ID, w *Warning) (string, error) {
	if w.Kind != budget.Team || s.Teams == nil {
		return "", nil
	}
	units, err := s.Teams.Units(ctx, t)
	for _, u := range units {
		if u.ID == w.Subject {
			return u.Name, err
		}
	}
	return "", err
}

// Unseen lists the warnings that hold and that the actor has not seen: of their own limits, or those that are for whoever sets budgets.
func (s *Service) Unseen(ctx context.Context, actor access.Actor, shared bool) ([]Warning, error) {
	if err := allow(actor, access.ReadOwn, actor.Owner); err != nil {
		return nil, err
	}
	if shared {
		if err := allow(actor, access.SetBudgets, ""); err != nil {
			return nil, err
		}
	}
	return unseen(ctx, s.DB.Of(actor.Tenant), actor.Owner, shared, s.Now())
}

// Seen notes that the actor has seen the warnings.
func (s *Service) Seen(ctx context.Context, actor access.Actor, shared bool) error {
	if err := allow(actor, access.ChangeOwn, actor.Owner); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error { return markSeen(ctx, sc, actor.Owner, shared, s.Now()) })
}

// Watched is the book that also has Notice told how limits stood at each reservation. It is what the gateway reserves with.
type Watched struct {
	*budget.Book
	s *Service
}

// Watched returns the book of the service, watched.
func (s *Service) Watched() *Watched { return &Watched{s.Book, s} }

// Reserve is Book.Reserve.
func (w *Watched) Reserve(ctx context.Context, t tenant.ID, c *budget.Call) (budget.Receipt, error) {
	r, err := w.Book.Reserve(ctx, t, c)
	w.notice(ctx, t, r, err)
	return r, err
}

// ReserveLimited is Book.ReserveLimited.
func (w *Watched) ReserveLimited(ctx context.Context, t tenant.ID, c *budget.Call) (budget.Receipt, bool, error) {
	r, limited, err := w.Book.ReserveLimited(ctx, t, c)
	w.notice(ctx, t, r, err)
	return r, limited, err
}

// noticeTime bounds how long a call waits for its warning, which is once a period.
const noticeTime = 5 * time.Second

// notice warns. A call does not fail by it: the next one tries again.
func (w *Watched) notice(ctx context.Context, t tenant.ID, r budget.Receipt, err error) {
	states := r.Warn
	if refused := (*budget.Refused)(nil); errors.As(err, &refused) {
		states = []budget.State{refused.State}
	}
	if len(states) == 0 {
		return
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), noticeTime)
	defer stop()
	if err := w.s.Notice(ctx, t, states...); err != nil {
		w.s.Log.WarnContext(ctx, "a warning of a limit cannot be kept; the next call tries again", "error", err.Error())
	}
}
