package identity

import (
	"context"
	"encoding/json"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
)

// ShownKind is what sort of secret is shown.
type ShownKind string

// The kinds.
const (
	ShownPIN   ShownKind = "pin"
	ShownCodes ShownKind = "codes"
	ShownLink  ShownKind = "link"
	ShownKey   ShownKind = "key"
)

// Shown is a secret that is shown to whoever made it, for a few minutes, so that the page can be loaded again and printed.
// It is kept sealed.
type Shown struct {
	Kind    ShownKind `json:"kind"`
	Owner   string    `json:"owner"`             // who may see it
	Account string    `json:"account,omitempty"` // whom it is for
	Lines   []string  `json:"lines"`             // the secret itself
	Note    string    `json:"note,omitempty"`    // the name of a key or an organisation
	Ends    time.Time `json:"ends,omitzero"`     // of a link
	Next    string    `json:"next,omitempty"`    // where the page leads on
}

// shownFor is how long a secret is shown.
const shownFor = 10 * time.Minute

const (
	flowShown    = "shown"
	purposeShown = "shown secret"
)

// show keeps a secret for the actor to see and returns the id of its page.
func (s *Service) show(ctx context.Context, sc *db.Scope, actor access.Actor, v Shown) (string, error) {
	v.Owner = actor.Owner
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	sealed, err := s.box.Seal(purposeShown, raw)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(sealed)
	if err != nil {
		return "", err
	}
	token := id.Token()
	return token, addFlow(ctx, sc, token, flowShown, string(data), s.now().Add(shownFor))
}

// Shown returns a secret that was made for the actor in the last ten minutes; for anybody else it is not there.
func (s *Service) Shown(ctx context.Context, actor access.Actor, token string) (Shown, error) {
	var sealed []byte
	t, err := s.readFlow(ctx, token, flowShown, &sealed)
	if err != nil {
		return Shown{}, err
	}
	raw, err := s.box.Open(purposeShown, sealed)
	if err != nil {
		return Shown{}, err
	}
	var v Shown
	if err := json.Unmarshal(raw, &v); err != nil {
		return Shown{}, err
	}
	if t != actor.Tenant || v.Owner != actor.Owner || actor.Kind != access.Person {
		return Shown{}, db.ErrNoRow
	}
	return v, nil
}
