package door

import (
	"context"
	"errors"
	"slices"
	"time"

	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
	"tekentafel/internal/tenant"
)

// Caller is for whom a call counts.
type Caller struct {
	Tenant tenant.ID
	Person string   // account, in the chat; "" for a program
	Key    string   // its id, of a program; "" in the chat
	Teams  []string // units: of the key, or of the person, then those above it; none when they are not known
}

// Key is what lets a program in.
type Key struct {
	Tenant tenant.ID
	ID     string
	Name   string   // as people call it
	Team   string   // unit that it belongs to; "" for the organisation
	Models []string // the only ones that it may ask for; none for all that are offered
}

// May tells whether the key may ask for a model.
func (k *Key) May(model string) bool { return len(k.Models) == 0 || slices.Contains(k.Models, model) }

// ErrKey says that a key is not known, was withdrawn, or holds no longer. It does not say which.
var ErrKey = errors.New("this key is not known or holds no longer")

// Keys knows the keys of programs.
type Keys interface {
	// Find returns the key of which a program sent the secret; ErrKey when there is none.
	Find(ctx context.Context, secret string) (*Key, error)
}

// Policies knows what organisations want of the guard.
type Policies interface {
	// Policy returns the policy of an organisation: guard.DefaultPolicy when it has set none.
	Policy(ctx context.Context, t tenant.ID) (guard.Policy, error)
}

// Outcome is how a call ended.
type Outcome string

// The outcomes.
const (
	Answered Outcome = "answered"
	Stopped  Outcome = "stopped" // whoever asked went away, or stopped it
	Cut      Outcome = "cut"     // the model's server broke off
	Failed   Outcome = "failed"  // the model's server gave no answer
	Refused  Outcome = "refused" // by a limit
	Blocked  Outcome = "blocked" // by the guard
)

// Done is a call that has ended. It holds no text of anyone.
type Done struct {
	Caller
	Shape    wire.Shape
	Task     string // the entry of the chat by which somebody came; "" for none
	Model    string // the name by which it was asked
	Outcome  Outcome
	Used     price.Usage
	Estimate bool // the model did not say what it used
	Cost     price.Nano
	Energy   price.Estimate     // zero where nothing is known
	Found    map[guard.Type]int // what the guard found in the question, by type
	At       time.Time          // when it was asked
	Took     time.Duration
}

// Tally counts calls that have ended.
type Tally interface {
	// Count takes a call into account. It does not wait for a disk and never fails a call.
	Count(d *Done)
}
