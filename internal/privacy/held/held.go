// Package held is what a feature says about the personal data that it keeps: what it holds about a person, what goes when
// the person asks to be erased, and how long each kind of data stays. It holds plain values and no code of any feature, so
// that every feature may speak it.
package held

import (
	"context"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Section is what a feature holds about one person on one subject.
type Section struct {
	Name  string // of the subject in an export, the same in every version: "sessions"
	Title problem.Message
	Rows  []Row
}

// Split returns the first n rows of a section and the rest, each as a section of the same name. A rest of a single row stays with the first.
func (s Section) Split(n int) (first, rest Section) {
	if len(s.Rows) <= n+1 {
		n = len(s.Rows)
	}
	first, rest = s, s
	first.Rows, rest.Rows = s.Rows[:n:n], s.Rows[n:]
	return first, rest
}

// Row is one thing that is held.
type Row struct {
	// Source is the table and the key of the row, "mails/01k…", so that what is shown can be traced to what is stored. The
	// key is what stands in the columns of the table's primary key behind tenant_id, joined by "/"; never a secret.
	Source string
	Label  problem.Message // what it is
	Value  string          // as stored: "anna@stad.example"; "" when Words says it
	Words  problem.Message // the value in words, where that is clearer than Value
	When   time.Time       // when it came to be, or zero
}

// Holder is a feature that holds data about people.
type Holder interface {
	// Held returns all that the feature holds about an account.
	Held(ctx context.Context, t tenant.ID, account string) ([]Section, error)
}

// Stays is what is kept about a person who was erased, and why.
type Stays struct{ What, Why problem.Message }

// Effects says in words what an Eraser does.
type Effects struct {
	Goes  []problem.Message
	Stays []Stays
}

// Eraser is a feature that can forget a person.
type Eraser interface {
	// Effects says what Erase does.
	Effects() Effects
	// Erase takes the account out of what the feature holds, in the transaction of s. A problem of kind Conflict when the
	// person cannot be forgotten now, such as the last administrator; nobody is erased then.
	Erase(ctx context.Context, s *db.Scope, account string) error
}

// Kept is a kind of data with how long it stays.
type Kept struct {
	Name  string          // in the store and in the audit log
	Label problem.Message // what it is
	Basis problem.Message // why it may be kept that long

	Default, Minimum, Maximum int // days

	// Count returns how many rows are older than before, and the time of the oldest row whatever its age (zero when there is
	// none). Held returns how many rows there are in all.
	Count func(ctx context.Context, r db.Reader, before time.Time) (n int, oldest time.Time, err error)
	Held  func(ctx context.Context, r db.Reader) (n int, err error)
	// Delete deletes up to limit rows older than before, the oldest first, and returns how many it deleted.
	Delete func(ctx context.Context, s *db.Scope, before time.Time, limit int) (n int, err error)
}
