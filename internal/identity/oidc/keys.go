package oidc

import (
	"context"
	"errors"
	"net/http"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/time/rate"

	"tekentafel/internal/clock"
)

// seldom lets requests through no more often than its limit, so that tokens with made-up keys cannot make us ask a
// provider for its keys without end.
type seldom struct {
	next  http.RoundTripper
	limit *rate.Limiter
	now   clock.Clock
}

var errTooOften = errors.New("the keys of the provider were asked for a moment ago")

// RoundTrip implements http.RoundTripper.
func (s *seldom) RoundTrip(r *http.Request) (*http.Response, error) {
	if !s.limit.AllowN(s.now(), 1) {
		return nil, errTooOften
	}
	next := s.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(r)
}

// telling is a set of keys that tells, to whoever listens, why a signature could not be checked: the verifier around it
// keeps the text of that error alone.
type telling struct{ gooidc.KeySet }

type listenKey struct{}

// listen returns a context to verify with, and where the error of the keys is found afterwards.
func listen(ctx context.Context) (context.Context, *error) {
	var why error
	return context.WithValue(ctx, listenKey{}, &why), &why
}

// VerifySignature implements oidc.KeySet.
func (t telling) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := t.KeySet.VerifySignature(ctx, token)
	if why, ok := ctx.Value(listenKey{}).(*error); ok {
		*why = err
	}
	return payload, err
}
