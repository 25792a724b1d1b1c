package urn

import (
	"context"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

// Dependencies of an urn.
type Dependencies struct {
	DB  *db.DB
	Box *seal.Box
	Now clock.Clock
}

// Urn keeps draws and answers of all waves. It is safe for concurrent use.
type Urn struct {
	Dependencies
	draws   queue[draw]
	answers queue[answer]
	sealers sealers
}

// New returns the urn of a store.
func New(d Dependencies) *Urn {
	u := &Urn{Dependencies: d}
	u.draws.commit, u.answers.commit = u.commitDraws, u.commitAnswers
	u.sealers.dependencies = d
	return u
}

// waveID names a wave of whichever organisation.
type waveID struct {
	tenant tenant.ID
	id     string
}

func idOf(w *wave.Wave) waveID { return waveID{w.Tenant, w.ID} }

// Draw notes that a person drew a ballot, with the hash of the blinded message, and that somebody did so on a day
// (2026-11-29). It returns when that is durable. The same hash again is no error and changes nothing; another is ErrDrawn.
// Other errors are ErrClosed, ErrNobody, ErrBusy, those of the store and that of ctx; after the last three one may draw
// again with the same hash.
func (u *Urn) Draw(ctx context.Context, w *wave.Wave, person, blinded, day string) error {
	return u.draws.do(ctx, draw{wave: idOf(w), person: person, blinded: blinded, day: day})
}

// Take notes that a person handed in where nobody draws; again it changes nothing. Errors are those of Draw but for ErrDrawn.
func (u *Urn) Take(ctx context.Context, w *wave.Wave, person, day string) error {
	return u.draws.do(ctx, draw{wave: idOf(w), person: person, day: day, take: true})
}

// Entry is what is handed in. It says nothing of who, when or from where.
type Entry struct {
	Key     [32]byte // the hash of the ballot, or what stands for it
	Stratum string   // "" where the wave has one key, or none
	Ballot  []byte   // message and signature; empty where the wave has no ballots
	Record  []byte   // packed answers
}

// Put keeps answers, in the place of those under the same key, and returns when that is durable. Errors are ErrClosed,
// ErrStratum, ErrBusy, those of the store and that of ctx; after the last three one may put the same again. Of several under
// one key the last that came to a node counts there; of two that are under way on two nodes, either.
func (u *Urn) Put(ctx context.Context, w *wave.Wave, e Entry) error {
	id := idOf(w)
	s, err := u.sealers.of(ctx, id)
	if err != nil {
		return err
	}
	sealed := s.Seal(nil, nil, e.Record, bound(id, e.Key[:])) //nolint:gosec // this cipher draws a random nonce itself and puts it in front
	return u.answers.do(ctx, answer{wave: id, key: e.Key, stratum: e.Stratum, ballot: e.Ballot, sealed: sealed})
}
