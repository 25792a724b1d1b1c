package budget

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tekentafel/internal/clock"
	"tekentafel/internal/tenant"
)

// Errors that callers tell apart.
var (
	// ErrUnknown says that no call of this name was reserved, or that it ended so long ago that its name is gone.
	ErrUnknown = errors.New("no call of this name is reserved")
	// ErrEnded says that the call ended already in another way; nothing was changed.
	ErrEnded = errors.New("this call has ended already")
)

// Call is a call before it goes to a model.
type Call struct {
	ID     string   // unique in the organisation, such as id.New gives; never used again
	Person string   // account; "" for a program that acts for nobody
	Key    string   // of the gateway; "" for the chat
	Teams  []string // units that the person or the key belongs to
	Group  string   // of the model; "" for none
	Most   Amount   // no more than this is used: tokens of the question counted, and the most of the answer
	Within time.Duration
	// Within is after how long the call lapses when it did not end: longer than the gateway lets a call run.
}

// counters returns what the call counts for, each once.
func (c *Call) counters() []string {
	out := []string{counter(Organisation, "")}
	if c.Person != "" {
		out = append(out, counter(Person, c.Person))
	}
	if c.Key != "" {
		out = append(out, counter(Key, c.Key))
	}
	for _, t := range c.Teams {
		if name := counter(Team, t); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// check refuses what the store cannot keep, so that one call cannot spoil the transaction that it shares with others.
func (c *Call) check() error {
	for _, name := range append([]string{c.ID, c.Person, c.Key, c.Group}, c.Teams...) {
		if len(name) > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
			return fmt.Errorf("budget: %.50q cannot name a call, person, key, team or group; use at most 200 bytes without control characters", name)
		}
	}
	switch {
	case c.ID == "":
		return errors.New("budget: the call has no name; give each call one of its own")
	case c.Most.Euro < 0 || c.Most.Tokens < 0 || c.Most.Euro > mostEuro || c.Most.Tokens > mostTokens:
		return fmt.Errorf("budget: a call cannot use at most %v euro and %d tokens; use 0 to a million euro and 0 to 10^12 tokens", c.Most.Euro, c.Most.Tokens)
	case c.Within <= 0:
		return errors.New("budget: the call has no time within which it ends; give one longer than it may run")
	}
	return nil
}

// No call is larger, so that no sum of calls overflows.
const (
	mostEuro   = 1e15 // nano-euro
	mostTokens = 1e12
)

// Terms are the limits that hold for a call, and the zone in whose days they count.
type Terms struct {
	Zone   *time.Location // nil for that of Brussels
	Limits []Limit
}

// of returns the terms with the limits that count the call alone. Without a zone it is that of an organisation that has set none.
func (t Terms) of(c *Call) Terms {
	out := Terms{Zone: t.Zone}
	if out.Zone == nil {
		out.Zone = clock.Brussels()
	}
	for i := range t.Limits {
		l := &t.Limits[i]
		named := l.Kind == Organisation || l.Kind == Person && l.Subject == c.Person || l.Kind == Key && l.Subject == c.Key ||
			l.Kind == Team && slices.Contains(c.Teams, l.Subject)
		if named && (l.Kind == Organisation) == (l.Subject == "") && (l.Group == "" || l.Group == c.Group) {
			out.Limits = append(out.Limits, *l)
		}
	}
	return out
}

// Rules says which limits hold; who keeps the limits and their versions answers it.
type Rules interface {
	// Terms returns the limits that may hold for the call: those of its person, key, teams and organisation.
	Terms(ctx context.Context, t tenant.ID, c *Call) (Terms, error)
}

// Receipt is what Reserve answers when the call may go.
type Receipt struct {
	// Warn holds the limits of which at least 80 % was used before this call.
	Warn []State
}
