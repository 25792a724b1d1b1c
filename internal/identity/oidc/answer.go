package oidc

import (
	"errors"
	"fmt"
	"net/url"

	"tekentafel/internal/problem"
)

// Answer is what a provider sends along when it sends a browser back (RFC 6749, section 4.1.2; RFC 9207).
type Answer struct {
	State  string
	Code   string
	Issuer string // "" when the provider does not say
	Error  string // its code for why it did not work, or ""
}

// longestParameter bounds each parameter, in bytes.
const longestParameter = 4096

// ParseAnswer reads the query of the callback. Every parameter may stand there once (RFC 6749, section 3.1).
func ParseAnswer(q url.Values) (Answer, error) {
	var a Answer
	for name, into := range map[string]*string{"state": &a.State, "code": &a.Code, "iss": &a.Issuer, "error": &a.Error} {
		values := q[name]
		if len(values) > 1 {
			return Answer{}, wrongAnswer(fmt.Errorf("the parameter %q is there %d times", name, len(values)))
		}
		if len(values) == 1 {
			*into = values[0]
		}
		if len(*into) > longestParameter {
			return Answer{}, wrongAnswer(fmt.Errorf("the parameter %q is %d bytes long", name, len(*into)))
		}
	}
	if a.State == "" || (a.Code == "") == (a.Error == "") {
		return Answer{}, wrongAnswer(errors.New("an answer has a state, and either a code or an error"))
	}
	return a, nil
}

// failed turns the error of an answer into a problem; nil when it has none.
func (a Answer) failed() error {
	switch a.Error {
	case "":
		return nil
	case "access_denied":
		return say(problem.Forbidden, "provider-refused")
	case "login_required", "interaction_required", "consent_required", "account_selection_required":
		return say(problem.Forbidden, "provider-asks")
	case "temporarily_unavailable", "server_error":
		return say(problem.Unavailable, "provider-down").After(retryAfter)
	default:
		return say(problem.Unavailable, "provider-settings").Because(fmt.Errorf("the provider answered with the error %q", shown(a.Error)))
	}
}

type errText string

func (e errText) Error() string { return string(e) }
