package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/people/store"
)

// Proposal identifies a proposal by the ids of its functions or people, in any order.
func Proposal(ids ...string) string {
	ids = slices.Sorted(slices.Values(ids))
	sum := sha256.Sum256([]byte(strings.Join(ids, ",")))
	return hex.EncodeToString(sum[:])
}

// longestLater is how long it is kept that a proposal was put off.
const longestLater = 366 * 24 * time.Hour

// PutOff keeps that somebody decides later on proposals of titles or people: for them they stand behind the others. It decides nothing.
func (s *Service) PutOff(ctx context.Context, actor access.Actor, kind store.Subject, proposals ...string) error {
	if err := allow(actor, access.ChangePeople); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if err := store.TakeUpOld(ctx, tx, actor.Owner, s.Now().Add(-longestLater)); err != nil {
			return err
		}
		return store.PutOff(ctx, tx, actor.Owner, kind, proposals, s.Now())
	})
}

// PutOffs returns the proposals that somebody put off, and since when.
func (s *Service) PutOffs(ctx context.Context, actor access.Actor, kind store.Subject) (map[string]time.Time, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return nil, err
	}
	return store.PutOffs(ctx, s.DB.Of(actor.Tenant), actor.Owner, kind)
}

// TakeUp puts a proposal back among the others for somebody who had put it off; all of a kind for "".
func (s *Service) TakeUp(ctx context.Context, actor access.Actor, kind store.Subject, proposal string) error {
	if err := allow(actor, access.ChangePeople); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error { return store.TakeUp(ctx, tx, actor.Owner, kind, proposal) })
}
