package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
)

// FaultOf returns what a program is told of an error of Do, and after how long it may try again: 0 when trying again does not help, or nobody knows when.
func FaultOf(err error, now time.Time) (f *wire.Fault, retry time.Duration) {
	var blocked *Blocked
	var refused *budget.Refused
	var b *backend.Error
	switch {
	case errors.As(err, &blocked):
		return blocked.Fault(), 0
	case errors.As(err, &refused):
		return &wire.Fault{Status: http.StatusTooManyRequests, Code: "budget_exceeded", Message: Says(refused)}, wait(refused, now)
	case errors.As(err, &b):
		if b.Fault != nil {
			return b.Fault, b.Retry
		}
		return ofReason(b.Reason), b.Retry
	case errors.As(err, &f):
		return f, 0
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &wire.Fault{Status: http.StatusGatewayTimeout, Code: "stopped", Message: "the request was stopped before its answer was there"}, 0
	}
	return &wire.Fault{Status: http.StatusServiceUnavailable, Code: "unavailable", Message: "this server cannot take the call now, because of a fault of its own; try again in a moment"}, retryHeld
}

// ofReason is for a backend that gives no words of its own.
func ofReason(r backend.Reason) *wire.Fault {
	f := &wire.Fault{Status: http.StatusBadGateway, Code: "upstream_" + string(r), Message: "the model's server gave no answer; try again later"}
	switch r {
	case backend.Severed:
		return severed()
	case backend.Busy:
		f.Status, f.Message = http.StatusServiceUnavailable, "the model's server has no room now; try again in a moment"
	case backend.Slow:
		f.Status, f.Message = http.StatusGatewayTimeout, "the model's server took too long; try again later, or ask for a shorter answer"
	case backend.Unreachable:
		f.Message = "the model's server cannot be reached; try again later, or ask another model"
	default:
	}
	return f
}

// wait returns when there may be room: soon when what runs now holds it, else when the limit starts anew.
func wait(r *budget.Refused, now time.Time) time.Duration {
	switch {
	case r.Used+r.Asked <= r.Most && r.Held > 0:
		return retryHeld
	case r.Resets.IsZero() || r.Asked > r.Most:
		return 0
	}
	return max(time.Second, r.Resets.Sub(now))
}

// Says tells a program why a limit refused a call: which limit, what is left, when it starts anew and whom to ask. What a team has left is not told: in a small team it
// says what the others used.
func Says(r *budget.Refused) string {
	var b strings.Builder
	fmt.Fprintf(&b, "the limit of %s for %s", whose(r.Kind), period(r.Period))
	if r.Group != "" {
		fmt.Fprintf(&b, " on models of the group %s", r.Group)
	}
	if r.Kind == budget.Team {
		b.WriteString(" has too little left")
	} else {
		fmt.Fprintf(&b, " has %s left", amount(r.Left(), r.Unit))
	}
	fmt.Fprintf(&b, ", and this call may use up to %s", amount(r.Asked, r.Unit))
	switch {
	case r.Asked > r.Most:
		b.WriteString(", more than the whole limit; ask for a shorter answer (max_tokens) or send less")
	case r.Used+r.Asked <= r.Most && r.Held > 0:
		b.WriteString(", while other calls run; try again in a moment")
	case r.Resets.IsZero():
		b.WriteString("; it does not start anew")
	default:
		fmt.Fprintf(&b, "; it starts anew on %s", r.Resets.Format("2006-01-02 at 15:04 MST"))
	}
	if r.Own {
		b.WriteString(". It is the limit that the person set; they can change it")
		return b.String()
	}
	fmt.Fprintf(&b, ". For more, ask %s", cmp.Or(r.Ask, "who sets the limits"))
	return b.String()
}

func whose(k budget.Kind) string {
	switch k {
	case budget.Person:
		return "the person"
	case budget.Team:
		return "the team"
	case budget.Key:
		return "this key"
	case budget.Organisation:
	}
	return "the organisation"
}

func period(p budget.Period) string {
	switch p {
	case budget.Day:
		return "today"
	case budget.Week:
		return "this week"
	case budget.Month:
		return "this month"
	case budget.Ever:
	}
	return "all time"
}

func amount(n int64, u budget.Unit) string {
	if u == budget.Tokens {
		return fmt.Sprintf("%d tokens", n)
	}
	return price.Nano(n).String() + " euro"
}
