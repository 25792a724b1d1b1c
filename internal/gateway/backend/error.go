package backend

import (
	"time"

	"tekentafel/internal/gateway/wire"
)

// Reason is why there is no answer, or no whole one.
type Reason string

// The reasons. For each the interface has a sentence that helps.
const (
	Unknown     Reason = "unknown"     // no such model is offered
	Unfit       Reason = "unfit"       // the request asks what no backend of the model can
	Refusal     Reason = "refusal"     // the backend refused the request: too long, not allowed, wrong
	Credentials Reason = "credentials" // the backend does not accept the key in the settings
	Busy        Reason = "busy"        // 429, 503, 529, or as many requests under way as the settings allow
	Unreachable Reason = "unreachable" // no name, no connection
	Slow        Reason = "slow"        // no first byte, or no next one, in time
	Broken      Reason = "broken"      // 500 and the like, or not in the form that was agreed
	Severed     Reason = "severed"     // the answer broke off half way, or the connection before it
	Gone        Reason = "gone"        // whoever asked went away: the context ended, and errors.Is finds its error
)

// Error is why a backend gave no answer, or no whole one.
type Error struct {
	Reason  Reason
	Fault   *wire.Fault   // for the program that asked; never nil in an error of a Pool
	Maybe   bool          // the model may have worked on it, so it may be charged
	Retry   time.Duration // after which it may be tried again, as the backend says; 0 when it does not
	Backend string        // its name in the settings; "" before one was chosen

	ended error // of the context
}

// Error says what went wrong and where, without what anyone wrote and without what the backend said.
func (e *Error) Error() string {
	if e.Backend == "" {
		return "model: " + string(e.Reason)
	}
	return "backend " + e.Backend + ": " + string(e.Reason)
}

// Unwrap returns the error of the context when that ended; nil else.
func (e *Error) Unwrap() error { return e.ended }
