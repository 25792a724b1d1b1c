package oidc

import (
	"embed"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/oauth2"

	"tekentafel/internal/i18n"
	"tekentafel/internal/outbound"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

// Locale returns the messages of this package.
var Locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// say makes a problem with a message of this package.
func say(kind problem.Kind, key string) *problem.Problem {
	return problem.New(kind, Locale(), key, nil)
}

// longestCause is how much of a cause goes to the log, in bytes: answers of providers stand in some of them.
const longestCause = 300

// wrongAnswer is the problem of an answer that does not hold. Visitors learn no more than that; the cause is for the log.
func wrongAnswer(cause error) *problem.Problem {
	return say(problem.Forbidden, "answer-wrong").Because(short(cause))
}

// short keeps the kind of an error and cuts its text.
func short(err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return fmt.Errorf("the token endpoint said %q", answer.ErrorCode) // the rest of its answer may hold anything
	}
	if err == nil || len(err.Error()) <= longestCause {
		return err
	}
	return &cut{err}
}

type cut struct{ error }

func (c *cut) Error() string { return c.error.Error()[:longestCause] + "…" }
func (c *cut) Unwrap() error { return c.error }

// unreachable explains why a provider could not be asked.
func unreachable(err error) *problem.Problem {
	key := "provider-down"
	switch outbound.WhyOf(err) {
	case outbound.NotHTTPS:
		key = "provider-scheme"
	case outbound.InnerAddress, outbound.OtherPort:
		key = "provider-inner"
	case outbound.Elsewhere:
		key = "provider-redirect"
	case outbound.NoHost, outbound.Credentials:
		key = "provider-address"
	}
	if errors.Is(err, outbound.ErrTooLarge) {
		key = "provider-no-discovery"
	}
	return say(problem.Unavailable, key).Because(short(err)).After(retryAfter)
}

const retryAfter = 30 // seconds
