package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// ErrOff says that the installation sends no mail. Whoever can do without asks Outbox.On first.
var ErrOff = errors.New("no mail server is configured, so no mail is sent")

// Parts are what an outbox works with.
type Parts struct {
	DB    *db.DB
	Box   *seal.Box
	Audit *audit.Log
	Now   clock.Clock
	Log   *slog.Logger
	// Zone is the time zone of an organisation, for times in a text; nil means that of Brussels for all.
	Zone func(context.Context, tenant.ID) *time.Location
	// Mailbox returns the address of an account, "" when it has none. With it a person sees all mail to their address, also
	// what was sent without naming their account; nil when there are no accounts.
	Mailbox func(ctx context.Context, t tenant.ID, account string) (string, error)
}

// Outbox keeps the mails of all organisations and sends them. It is safe for concurrent use.
type Outbox struct {
	Parts
	server *server
	pace   *rate.Limiter

	mu    sync.RWMutex
	kinds map[string]Kind
}

// New returns the outbox of a store. The error says what is wrong with the configuration and how to mend it.
func New(c Config, parts Parts) (*Outbox, error) {
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	o := &Outbox{Parts: parts, server: s, pace: rate.NewLimiter(rate.Inf, 1), kinds: map[string]Kind{}}
	if c.PerMinute > 0 {
		o.pace = rate.NewLimiter(rate.Limit(float64(c.PerMinute)/60), 1)
	}
	o.Register(builtin()...)
	return o, nil
}

// On tells whether the installation sends mail.
func (o *Outbox) On() bool { return o.server.On() }

// Register makes kinds of mail known; one with a name that is known replaces it.
func (o *Outbox) Register(kinds ...Kind) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, k := range kinds {
		o.kinds[k.Name] = k
	}
}

func (o *Outbox) kind(name string) (Kind, bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	k, known := o.kinds[name]
	return k, known
}

// apart lists the kinds that are in no list, sorted.
func (o *Outbox) apart() []string {
	o.mu.RLock()
	defer o.mu.RUnlock()
	var names []string
	for name, k := range o.kinds {
		if k.Apart {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Unsent lists the ids of mails of a kind that wait, were refused or are unsure: those that hold an address.
func (o *Outbox) Unsent(ctx context.Context, r db.Reader, kind string) ([]string, error) {
	return unsent(ctx, r, kind)
}

// Withdraw takes a mail back that was not sent yet, in the transaction of s. One that is being sent or was sent stays; one
// that was refused, or of which nobody knows, loses its address and its text and cannot be resent.
func (o *Outbox) Withdraw(ctx context.Context, s *db.Scope, name string) error {
	return withdraw(ctx, s, name)
}

// Undelivered lists the mails of a kind that were refused, or of which nobody knows whether they arrived, the oldest first.
func (o *Outbox) Undelivered(ctx context.Context, r db.Reader, kind string) ([]Mail, error) {
	return undelivered(ctx, r, kind)
}

// Post writes a mail in the transaction of s and returns its id. It is sent after the transaction is committed; never when
// it is not. ErrOff when the installation sends no mail; a problem of kind Invalid when To is no address.
func (o *Outbox) Post(ctx context.Context, s *db.Scope, m Message) (string, error) {
	if !o.On() {
		return "", ErrOff
	}
	k, known := o.kind(m.Kind)
	if !known {
		return "", fmt.Errorf("mail: the kind %q is not registered", m.Kind)
	}
	to, err := Address(m.To)
	if err != nil {
		return "", err
	}
	now := o.Now()
	subject, body, err := k.write(m, now, o.zone(ctx, s.Tenant()))
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	name := id.New(now)
	sealed, err := o.Box.Seal(purpose(s.Tenant(), name), plain)
	if err != nil {
		return "", err
	}
	return name, add(ctx, s, name, m, to, subject, sealed, now)
}

func (o *Outbox) zone(ctx context.Context, t tenant.ID) *time.Location {
	if o.Zone != nil {
		if zone := o.Zone(ctx, t); zone != nil {
			return zone
		}
	}
	return clock.Brussels()
}

// purpose ties a sealed body to its row, so that bodies cannot be exchanged.
func purpose(t tenant.ID, name string) string { return "mail " + string(t) + " " + name }

func (o *Outbox) unseal(m *claim) (words, error) {
	var w words
	plain, err := o.Box.Open(purpose(m.tenant, m.id), m.body)
	if err != nil {
		return w, err
	}
	return w, json.Unmarshal(plain, &w)
}

// Messages returns the messages of this package, in which its actions are explained to the audit log.
func Messages() *i18n.Bundle { return locale() }
