package backend

import (
	"context"
	"net/http"
	"time"

	"tekentafel/internal/gateway/wire"
)

const statusOverloaded = 529 // of Anthropic

// failed makes an error in our own words. What a server says of a key or of itself is not for whoever asked.
func (b *upstream) failed(reason Reason, maybe bool) *Error {
	e := &Error{Reason: reason, Maybe: maybe, Backend: b.Name, Fault: &wire.Fault{Status: http.StatusBadGateway}}
	f := e.Fault
	switch reason {
	case Credentials:
		f.Code, f.Message = "upstream_credentials", "the model's server does not accept the key of this gateway; whoever runs the gateway has to mend that"
	case Busy:
		f.Status, f.Code, f.Message = http.StatusServiceUnavailable, "upstream_busy", "the model's server has no room now; ask again a little later"
	case Unreachable:
		f.Status, f.Code, f.Message = http.StatusServiceUnavailable, "upstream_unreachable", "the model's server cannot be reached; ask again later"
	case Slow:
		f.Status, f.Code, f.Message = http.StatusGatewayTimeout, "upstream_slow", "the model's server did not answer in time; ask again, or ask for less"
	case Severed:
		f.Code, f.Message = "upstream_cut", "the answer of the model broke off; ask again"
	case Gone:
		f.Status, f.Code, f.Message = statusGone, "client_gone", "the request was ended by whoever asked"
	default:
		f.Code, f.Message = "upstream_broken", "the model's server failed, or answered in a form that is not right; ask again later"
	}
	return e
}

// statusGone is what others write in logs of a client that went away; nobody receives it.
const statusGone = 499

func (b *upstream) gone(ctx context.Context, maybe bool) *Error {
	e := b.failed(Gone, maybe)
	e.ended = ctx.Err()
	return e
}

func unknownModel() *Error {
	return &Error{Reason: Unknown, Fault: &wire.Fault{Status: http.StatusNotFound, Code: "model_not_found", Field: "model", Message: "no such model is offered; ask for the list of models"}}
}

func unfit(backend string, f *wire.Fault) *Error {
	return &Error{Reason: Unfit, Backend: backend, Fault: f}
}

// more says whether a request may be tried again.
type more uint8

const (
	never more = iota
	elsewhere
	anywhere
)

// status tells what an answer with an error means.
func (b *upstream) status(code int, header http.Header, body []byte, now time.Time) (*Error, more) {
	switch {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable || code == statusOverloaded:
		e := b.failed(Busy, false)
		if code == http.StatusTooManyRequests {
			e.Fault.Status = code
		}
		e.Retry = retryAfter(header, now)
		return e, anywhere
	case code == http.StatusUnauthorized || code == http.StatusPaymentRequired || code == http.StatusForbidden || code == http.StatusProxyAuthRequired:
		return b.failed(Credentials, false), elsewhere
	case code == http.StatusExpectationFailed: // it will not be asked again, see manners
		return b.failed(Broken, false), anywhere
	case code == http.StatusNotFound:
		e := b.failed(Broken, false)
		e.Fault.Code, e.Fault.Message = "upstream_model", "the model's server does not have this model; whoever runs the gateway has to mend that"
		return e, elsewhere
	case code < http.StatusBadRequest:
		return b.failed(Broken, false), elsewhere
	case code < http.StatusInternalServerError:
		e := b.failed(Refusal, false)
		e.Fault = wire.ReadFault(code, body)
		return e, never
	default:
		return b.failed(Broken, true), never
	}
}

// within tells what an error within a stream means.
func (b *upstream) within(data []byte) *Error {
	f := wire.ReadFault(0, data)
	var e *Error
	switch f.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		e = b.failed(Busy, true)
	case http.StatusUnauthorized, http.StatusForbidden:
		return b.failed(Credentials, true)
	case http.StatusGatewayTimeout:
		e = b.failed(Slow, true)
	case http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge:
		e = b.failed(Refusal, true)
	default:
		e = b.failed(Broken, true)
	}
	e.Fault = f
	return e
}

// mostRetry bounds how long a server can ask to be left alone.
const mostRetry = time.Hour

// retryAfter reads how long a server wants to be left alone; 0 when it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, ok := wire.Retry(h.Get("Retry-After-Ms")); ok { // of OpenAI and Azure, finer than seconds
		return min(time.Duration(min(ms, int(mostRetry/time.Millisecond)))*time.Millisecond, mostRetry)
	}
	text := h.Get("Retry-After")
	if s, ok := wire.Retry(text); ok {
		return time.Duration(min(s, int(mostRetry/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, min(at.Sub(now), mostRetry))
	}
	return 0
}
