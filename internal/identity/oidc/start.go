package oidc

import (
	"context"
	"strconv"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tekentafel/internal/clock"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

// Ask is what a sign-in is for.
type Ask struct {
	Callback string          // where the provider sends the browser back to; one per organisation
	Lang     instrument.Lang // in which the provider had better speak
	Again    bool            // the person must prove anew who they are, also when the provider knows
}

// Pending is what must be kept, for this browser alone, until it comes back. It is secret.
type Pending struct {
	Issuer   string `json:"issuer"`
	ClientID string `json:"client"`
	Callback string `json:"callback"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Again    bool   `json:"again,omitempty"`
	At       int64  `json:"at"` // microseconds since 1970
}

// longestAge is how long ago somebody may have proved to the provider who they are. It is long: it is asked so that the
// provider says when that was (OpenID Connect Core, section 3.1.2.1).
const longestAge = 30 * 24 * time.Hour

// Start returns the address at the provider to which the browser is sent, the state that comes back with it, and what to
// keep under that state. It asks the provider what it tells about itself when that is not remembered.
func (p *Party) Start(ctx context.Context, pr Provider, a Ask) (address, state string, pending Pending, err error) {
	m, err := p.discover(ctx, pr.Issuer)
	if err != nil {
		return "", "", Pending{}, err
	}
	state = id.Token()
	pending = Pending{
		Issuer: pr.Issuer, ClientID: pr.ClientID, Callback: a.Callback, Nonce: id.Token(), Verifier: oauth2.GenerateVerifier(),
		Again: a.Again, At: clock.Micros(p.now()),
	}
	options := []oauth2.AuthCodeOption{gooidc.Nonce(pending.Nonce), oauth2.S256ChallengeOption(pending.Verifier)}
	if a.Lang != "" {
		options = append(options, oauth2.SetAuthURLParam("ui_locales", string(a.Lang)))
	}
	age := longestAge
	if a.Again {
		age = 0
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	options = append(options, oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(age/time.Second))))
	return m.config(pr, a.Callback).AuthCodeURL(state, options...), state, pending, nil
}

// provedAt reads auth_time and holds it to the moment at which the person was asked to prove who they are.
func (pending Pending) provedAt(c claims, now time.Time) (time.Time, error) {
	seconds, given := c.number("auth_time")
	if !given {
		if pending.Again {
			return time.Time{}, say(problem.Confirm, "again-unknown")
		}
		return now, nil
	}
	at := time.Unix(int64(seconds), 0).UTC()
	if at.After(now.Add(skew)) {
		return time.Time{}, wrongAnswer(errText("auth_time lies in the future: " + strconv.FormatInt(at.Unix(), 10)))
	}
	if pending.Again && at.Before(clock.Time(pending.At).Add(-skew)) {
		return time.Time{}, say(problem.Confirm, "again-old")
	}
	return at, nil
}
