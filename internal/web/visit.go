package web

import (
	"context"
	"net/http"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
)

// Organisation is what a page needs to know of an organisation.
type Organisation struct {
	ID        tenant.ID
	Parent    tenant.ID // the federation that holds it, or ""
	Slug      string
	Name      string
	Languages []instrument.Lang // never empty; the first is the default
	GroupSize int
	Synthetic bool   // its data is made up
	Theme     string // address of its own style sheet, or ""
	Logo      string // address of its logo, or ""
}

// Visit is who sends a request.
type Visit struct {
	Actor       access.Actor
	Org         Organisation    // zero when the request is about no organisation
	Name        string          // of the person
	Lang        instrument.Lang // that the person chose, or ""
	Session     string          // id of the session, "" without one
	Shared      bool            // the session is on a device that others use
	ConfirmedAt time.Time       // when the person last proved who they are
}

// Visitors resolves requests. Identity implements it.
type Visitors interface {
	// Visit tells who sends r: the person of the session cookie, the key of the API, or a visitor with the organisation that
	// the host name or the path ("/o/{slug}/...") names. A cookie or key that does not hold is a visitor.
	Visit(ctx context.Context, r *http.Request) (Visit, error)
}

// Request is a request with its visit.
type Request struct {
	*http.Request
	Visit
	Lang   instrument.Lang // the language of the answer; shadows that of the person
	ID     string          // in the log and on pages that say that something went wrong
	server *Server
}

// Can tells whether the visitor may do an action to a resource of the own organisation.
func (r *Request) Can(a access.Action) bool {
	return access.Can(r.Actor, a, access.Resource{Tenant: r.Actor.Tenant})
}

// Handler answers a request, or says why not.
type Handler func(w http.ResponseWriter, r *Request) error

// Route is one address of the product.
type Route struct {
	// Pattern is a method and a path as http.ServeMux takes them: "GET /reports/{id}".
	Pattern string
	// Action is what one must be able to do to get in. Public routes have none.
	Action access.Action
	// Any says that the handler decides on the resource itself: whoever is signed in gets in.
	Any bool
	// Public says that no account is needed.
	Public bool
	// Fresh asks that the person proved who they are in the last FreshFor.
	Fresh bool
	// Body is the largest body taken, in bytes; 0 means 256 kB.
	Body int64
	// Slow lets a request take longer than the others: uploads and downloads.
	Slow bool
	// Strict limits how often one address may call this: ways to sign in.
	Strict bool
	// Crowd says that many people behind one address come here at a time, such as a town hall that fills in a questionnaire:
	// the limit on requests of an address does not count. What it does must be cheap.
	Crowd bool
	// Untraced leaves no trace of a request: no line in the log, no metric, no visit, whatever the answer. For what must not
	// be linked to anybody, not by its time either. That such a request failed in the program is told once a minute, without
	// which or when.
	Untraced bool
	Handle   Handler
}

// FreshFor is how long a proof of who one is counts for what could harm most.
const FreshFor = 15 * time.Minute

// Absolute returns the whole address of a path of this product, as others reach it.
func (r *Request) Absolute(path string) string { return r.server.PublicURL.JoinPath(path).String() }

// Local returns t in the time zone in which times are shown.
func (r *Request) Local(t time.Time) time.Time {
	if r.server.Zone == nil || t.IsZero() {
		return t
	}
	return t.In(r.server.Zone)
}
