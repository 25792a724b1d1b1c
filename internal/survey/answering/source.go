package answering

import (
	"context"
	"errors"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

// Organisations tells how an organisation presents itself.
type Organisations interface {
	Organisation(ctx context.Context, t tenant.ID) (web.Organisation, error)
}

// Source is Waves on the database. It keeps what it read for some seconds, and what it made of it as long as the wave does not
// change: keys are opened once, questionnaires are read once.
type Source struct {
	DB            *db.DB
	Box           *seal.Box
	Clock         clock.Clock
	Organisations Organisations

	mu     sync.Mutex
	byCode map[string]*kept
}

// kept is a survey with when it was last compared with the store.
type kept struct {
	once   sync.Mutex // held while it is read
	survey *Survey
	err    error
	at     time.Time
}

const (
	fresh    = 3 * time.Second
	mostKept = 500 // codes; whoever tries codes of no wave fills no memory
)

// ByCode implements Waves.
func (s *Source) ByCode(ctx context.Context, code string) (*Survey, error) {
	if len(code) > 32 {
		return nil, db.ErrNoRow
	}
	k := s.slot(code)
	k.once.Lock()
	defer k.once.Unlock()
	now := s.Clock()
	if !k.at.IsZero() && now.Sub(k.at).Abs() < fresh {
		return k.survey, k.err
	}
	found, err := s.read(ctx, code, k.survey)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return nil, err
	}
	k.survey, k.err, k.at = found, err, now
	return found, err
}

// slot returns where the survey of a code is kept.
func (s *Source) slot(code string) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byCode == nil || len(s.byCode) >= mostKept && s.byCode[code] == nil {
		s.byCode = map[string]*kept{}
	}
	k := s.byCode[code]
	if k == nil {
		k = &kept{}
		s.byCode[code] = k
	}
	return k
}

// read compares the survey that is kept with the store, and makes it anew when the wave changed.
func (s *Source) read(ctx context.Context, code string, before *Survey) (*Survey, error) {
	w, err := wave.ByCode(ctx, s.DB, code)
	if err != nil {
		return nil, err
	}
	org, err := s.Organisations.Organisation(ctx, w.Tenant)
	if err != nil {
		return nil, err
	}
	if before != nil && before.Wave.ID == w.ID && before.Wave.Version == w.Version && before.Wave.State == w.State && sameFace(before.Org, org) {
		return before, nil
	}
	if !w.State.Launched() {
		return NewSurvey(w, nil, nil, org)
	}
	reader := s.DB.Of(w.Tenant)
	var asked *instrument.Instrument
	if before != nil && before.Wave.ID == w.ID && before.Wave.InstrumentHash == w.InstrumentHash && before.Instrument != nil {
		asked = before.Instrument
	} else if asked, err = wave.Instrument(ctx, reader, w.ID); err != nil {
		return nil, err
	}
	keys, err := s.keys(ctx, reader, &w)
	if err != nil {
		return nil, err
	}
	made, err := NewSurvey(w, asked, keys, org)
	if err != nil {
		return nil, err
	}
	study, err := wave.StudyOf(ctx, reader, w.ID)
	if errors.Is(err, db.ErrNoRow) {
		return made, nil
	}
	if err != nil {
		return nil, err
	}
	return made, made.Link(study.ID)
}

// sameFace tells whether an organisation shows itself as it did.
func sameFace(a, b web.Organisation) bool {
	return a.Name == b.Name && a.Theme == b.Theme && a.Logo == b.Logo && a.Synthetic == b.Synthetic
}

func (s *Source) keys(ctx context.Context, r db.Reader, w *wave.Wave) ([]Key, error) {
	strata, err := wave.Strata(ctx, r, w.ID)
	if err != nil {
		return nil, err
	}
	var out []Key
	for i := range strata {
		k := Key{Stratum: strata[i].Name, People: strata[i].People}
		if k.Public, err = ballot.ParsePublicKey(strata[i].Public); err != nil {
			return nil, err
		}
		if strata[i].Private != nil {
			pkcs8, err := strata[i].PrivateKey(s.Box, w.ID)
			if err != nil {
				return nil, err
			}
			if k.Private, err = ballot.ParseKey(pkcs8); err != nil {
				return nil, err
			}
		}
		out = append(out, k)
	}
	return out, nil
}
