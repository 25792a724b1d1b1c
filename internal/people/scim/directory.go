package scim

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/people/scim/filter"
	"tekentafel/internal/tenant"
)

// Caller is who asks: a key of the interface, and so an organisation.
type Caller struct {
	Actor access.Actor
	Base  string // address of the interface, without a slash at the end: "https://…/scim/v2"
}

// Record is a resource with what the server sets.
type Record struct {
	Kind             Kind
	ID               string
	Resource         Resource
	Members          []Member // of a group, where they were asked for
	Version          int64
	Created, Changed time.Time
}

// Member is a user in a group.
type Member struct {
	ID   string
	Name string // as others see it
}

// Query says which resources are asked for.
type Query struct {
	Filter     filter.Expr  // nil for all
	SortBy     *filter.Path // nil for the order in which they came
	Descending bool
	Start      int  // of the first, counted from 1
	Count      int  // most; 0 for the number alone
	Members    bool // with the members of groups
}

// Page is a part of what was found.
type Page struct {
	Total   int
	Records []Record
}

// Change is what becomes of a resource: another one in its place, or a patch.
type Change struct {
	Replace map[string]any // body of a PUT; nil for a patch
	Patch   []Operation
	Match   Match
	Members bool // whether the record that comes back has its members
}

// Match says on which version a change stands; nil stands on any.
type Match func(version int64) bool

// Directory keeps resources. Errors that a client may see are an *Error, db.ErrNoRow (404), db.ErrExists (409), or a problem of
// package problem.
type Directory interface {
	// Find returns a page of what a query asks for.
	Find(ctx context.Context, c Caller, k Kind, q Query) (Page, error)
	// Get returns a resource.
	Get(ctx context.Context, c Caller, k Kind, id string, members bool) (Record, error)
	// Create adds a resource. A user who was out comes back, as themselves.
	Create(ctx context.Context, c Caller, k Kind, body map[string]any) (Record, error)
	// Change changes a resource, in one transaction with what follows from it.
	Change(ctx context.Context, c Caller, k Kind, id string, ch Change) (Record, error)
	// Delete takes a resource away. A user who is deleted is out: their sessions end at once.
	Delete(ctx context.Context, c Caller, k Kind, id string, match Match) error
}

// Account is what a directory says about somebody who may sign in.
type Account struct {
	UserName string // at the directory
	Name     string // never empty
	Mail     string // in the form of contact.Mail, or ""
	Number   string // staff number in the form of contact.Number, or ""
	Language string // nl, fr, de, en, or ""
}

// Accounts keeps the accounts that users sign in with. Each call works in the transaction of tx, which may run anew, and names in by
// who asks. ErrTaken says that a mail address or number belongs to another account, ErrGone that the account was erased.
type Accounts interface {
	// Provision makes an account that can be signed in with, or takes over the one with this mail address or number that nobody took
	// over yet, and returns its id; "" for who has neither, and so no way to sign in. It is asked again when the user changes.
	Provision(ctx context.Context, tx *db.Scope, by access.Actor, a Account) (account string, err error)
	// Change brings name, mail address, number and language up to date; what is "" stays.
	Change(ctx context.Context, tx *db.Scope, by access.Actor, account string, a Account) error
	// Block ends all sessions and links of an account at once, and lets nobody sign in. Passwords, passkeys and keys of the interface are
	// kept: they work for nobody meanwhile, and again after Unblock. What is blocked stays so, what was erased too. Out says that the
	// directory deleted its owner: the mail address and number are free for somebody else, and come back with Change.
	Block(ctx context.Context, tx *db.Scope, by access.Actor, account string, out bool) error
	// Unblock lets its owner sign in again, with what they signed in with before.
	Unblock(ctx context.Context, tx *db.Scope, by access.Actor, account string) error
}

// Person is what a directory says about somebody's place in the organisation. What is "" is not said.
type Person struct {
	ID           string // "" for somebody new, or whom the personnel file knows already by number or mail
	Number       string // in the form of contact.Number
	Given        string
	Family       string // the whole name where the directory does not tell the two apart
	Mail         string // in the form of contact.Mail
	Language     string // nl, fr, de, en, or ""
	Title        string // function
	Department   string // unit
	Division     string
	Organisation string
	CostCentre   string
	Manager      string // id of the person who leads them
	// Active tells whether they may sign in. Whether somebody who may not is out of service is for the personnel file to say: people
	// on long leave are often switched off too.
	Active bool
}

// Staff keeps the people of the organisation, in the transaction of tx.
type Staff interface {
	// Put adds a person or brings one up to date, and returns the id.
	Put(ctx context.Context, tx *db.Scope, by access.Actor, p Person) (person string, err error)
	// Out says that the directory deleted somebody.
	Out(ctx context.Context, tx *db.Scope, by access.Actor, person string) error
}

// Roles keeps which roles an account plays because of its groups.
type Roles interface {
	// Set gives an account exactly these roles, in the order of access.Roles, instead of those that groups gave it before. Roles from
	// elsewhere stay.
	Set(ctx context.Context, tx *db.Scope, by access.Actor, account string, roles []access.Role) error
}

// Log notes what was done, in the transaction of the change; *audit.Log is one.
type Log interface {
	Record(ctx context.Context, s *db.Scope, actor access.Actor, e audit.Entry) error
}

// The actions in the log. Details name which attributes changed, never to what.
const (
	UserAdded    = "scim.user-added"
	UserBack     = "scim.user-back" // was out or switched off, and came back
	UserChanged  = "scim.user-changed"
	UserOff      = "scim.user-off" // may not sign in any more
	UserOut      = "scim.user-out"
	GroupAdded   = "scim.group-added"
	GroupChanged = "scim.group-changed"
	GroupOut     = "scim.group-out"
	RolesMapped  = "scim.roles-mapped"
	UserRefused  = "scim.user-refused" // whose account is not for the directory; once a day for each
)

// Dependencies is what a Registry stands on.
type Dependencies struct {
	DB       *db.DB
	Now      clock.Clock
	Accounts Accounts
	Staff    Staff
	Roles    Roles
	Log      Log
	// Again mends what made a change fail, outside its transaction, and tells whether to make it once more. Nil for never.
	Again func(ctx context.Context, t tenant.ID, err error) bool
	// National tells whether a text holds a national number; such a user is refused. Nil lets all pass.
	National func(text string) bool
}

// Registry keeps resources in the store, and accounts, people and roles in step with them.
type Registry struct{ Dependencies }

// NewRegistry returns the registry of a store.
func NewRegistry(d Dependencies) *Registry { return &Registry{d} }

var _ Directory = (*Registry)(nil)

// write makes a change in a transaction.
func (g *Registry) write(ctx context.Context, c Caller, change func(*db.Scope) error) error {
	err := g.DB.Write(ctx, c.Actor.Tenant, change)
	if err != nil && g.Again != nil && g.Again(ctx, c.Actor.Tenant, err) {
		err = g.DB.Write(ctx, c.Actor.Tenant, change)
	}
	return g.refused(ctx, c.Actor, err)
}

// Get implements Directory.
func (g *Registry) Get(ctx context.Context, c Caller, k Kind, id string, members bool) (Record, error) {
	r := g.DB.Of(c.Actor.Tenant)
	if k == Groups {
		row, err := groupBy(ctx, r, id)
		if err != nil {
			return Record{}, err
		}
		return g.groupRecord(ctx, r, row, members)
	}
	row, err := userBy(ctx, r, id)
	return row.record(), err
}

// Create implements Directory.
func (g *Registry) Create(ctx context.Context, c Caller, k Kind, body map[string]any) (Record, error) {
	var out Record
	err := g.write(ctx, c, func(sc *db.Scope) (err error) {
		if k == Groups {
			out, err = g.createGroup(ctx, sc, c.Actor, body)
		} else {
			out, err = g.createUser(ctx, sc, c.Actor, body)
		}
		return err
	})
	return out, err
}

// Change implements Directory.
func (g *Registry) Change(ctx context.Context, c Caller, k Kind, id string, ch Change) (Record, error) {
	var out Record
	err := g.write(ctx, c, func(sc *db.Scope) (err error) {
		if k == Groups {
			out, err = g.changeGroup(ctx, sc, c.Actor, id, ch)
		} else {
			out, err = g.changeUser(ctx, sc, c.Actor, id, ch)
		}
		return err
	})
	return out, err
}

// Delete implements Directory.
func (g *Registry) Delete(ctx context.Context, c Caller, k Kind, id string, match Match) error {
	return g.write(ctx, c, func(sc *db.Scope) error {
		if k == Groups {
			return g.deleteGroup(ctx, sc, c.Actor, id, match)
		}
		return g.deleteUser(ctx, sc, c.Actor, id, match)
	})
}
