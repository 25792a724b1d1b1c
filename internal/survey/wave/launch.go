package wave

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
)

// Launched is what a launch locked, for who asked for it.
type Launched struct {
	Hash         string // of the questionnaire
	People       int
	Fingerprints []string // of the keys, in the order of the names of their strata; none without ballots
	State        State
}

// Launch locks the terms of a draft and lets it open at its moment, or at once when that has come. Version is the one that
// was looked at: when the wave changed since, it is a Conflict. What stands in the way is a problem of kind Invalid that
// names all of it.
//
// Questionnaire, keys and terms are kept in one transaction. Keys take a while, so they are made before it.
func (s *Service) Launch(ctx context.Context, actor access.Actor, waveID string, version int64, request asked.Request) (Launched, error) {
	if err := allow(actor, access.RunWave); err != nil {
		return Launched{}, err
	}
	r := s.DB.Of(actor.Tenant)
	w, err := One(ctx, r, waveID)
	if err != nil {
		return Launched{}, err
	}
	var keys *ballotKeys
	if !w.State.Launched() { // a launch asked for twice needs no keys
		_, problems, frame, err := s.ready(ctx, r, &w)
		if err == nil {
			err = standing(problems)
		}
		if err != nil {
			return Launched{}, err
		}
		if keys, err = s.makeKeys(&w, frame); err != nil {
			return Launched{}, err
		}
	}
	var out Launched
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) (err error) {
		out, err = asked.Once(ctx, tx, s.Now, request, func() (Launched, error) { return s.lock(ctx, tx, actor, waveID, version, keys) })
		return err
	})
	return out, err
}

// standing is the error that says what stands in the way, nil when nothing does.
func standing(problems []Problem) error {
	blocking := Blocking(problems)
	if len(blocking) == 0 {
		return nil
	}
	p := refuse(problem.Invalid, "error.not-ready", nil)
	for _, b := range blocking {
		p.Fields = append(p.Fields, problem.Field{Name: b.Key, Message: b.Message})
	}
	return p
}

// ballotKeys are the keys made for a launch, sealed.
type ballotKeys struct {
	byStratum map[string]Stratum
	prints    map[string]string
	answers   []byte
}

func (s *Service) makeKeys(w *Wave, frame Frame) (*ballotKeys, error) {
	k := &ballotKeys{byStratum: map[string]Stratum{}, prints: map[string]string{}}
	var secret [answersKeySize]byte
	_, _ = rand.Read(secret[:]) // never fails (crypto/rand)
	var err error
	if k.answers, err = s.Box.Seal(purposeAnswers+w.ID, secret[:]); err != nil {
		return nil, err
	}
	if w.Mode != Anonymous {
		return k, nil
	}
	for _, st := range frame.Strata {
		key, err := s.NewKey()
		if err != nil {
			return nil, fmt.Errorf("make a key for the ballots: %w", err)
		}
		sealed, err := sealBallotKey(s.Box, w.ID, st.Name, key.Private)
		if err != nil {
			return nil, err
		}
		k.byStratum[st.Name] = Stratum{Name: st.Name, Public: key.Public, Private: sealed}
		k.prints[st.Name] = key.Fingerprint
	}
	return k, nil
}

// lock does what a launch does, in its transaction.
func (s *Service) lock(ctx context.Context, tx *db.Scope, actor access.Actor, waveID string, version int64, keys *ballotKeys) (Launched, error) {
	w, err := One(ctx, tx.Reader, waveID)
	if err != nil {
		return Launched{}, err
	}
	if w.State.Launched() || keys == nil {
		return Launched{}, refuse(problem.Conflict, "error.launched", nil)
	}
	if w.Version != version {
		return Launched{}, refuse(problem.Conflict, "error.changed", nil)
	}
	yaml, problems, frame, err := s.ready(ctx, tx.Reader, &w)
	if err == nil {
		err = standing(problems)
	}
	if err != nil {
		return Launched{}, err
	}
	out := Launched{Hash: HashOf(yaml), People: frame.People, State: Scheduled}
	w.InstrumentHash, w.State = out.Hash, Scheduled
	if w.Mode == OpenLink {
		out.People = 0
	}
	if err := setLaunched(ctx, tx, &w); err != nil {
		return Launched{}, err
	}
	if err := insertLaunch(ctx, tx, &w, yaml, out.People, keys.answers, s.Now()); err != nil {
		return Launched{}, err
	}
	if w.Linked {
		if err := insertStudy(ctx, tx, s.Box, &w); err != nil {
			return Launched{}, err
		}
	}
	if w.Mode == Anonymous {
		if out.Fingerprints, err = insertKeys(ctx, tx, w.ID, frame, keys); err != nil {
			return Launched{}, err
		}
	}
	err = s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "wave.launched", Subject: w.ID, Detail: out.detail(w.Mode)})
	if err == nil && !w.Opens.After(s.Now()) {
		out.State = Open
		err = s.open(ctx, tx, actor, &w, s.Now())
	}
	return out, err
}

// detail is what the log says of a launch: of keys only where there are any.
func (l *Launched) detail(m Mode) map[string]string {
	d := map[string]string{"mode": string(m), "questionnaire": l.Hash, "people": fmt.Sprint(l.People)}
	if len(l.Fingerprints) > 0 {
		d["keys"] = strings.Join(l.Fingerprints, ", ")
	}
	return d
}

// insertKeys keeps the keys of all strata of the frame. People whose stratum has no key came in between: look again.
func insertKeys(ctx context.Context, tx *db.Scope, waveID string, frame Frame, keys *ballotKeys) ([]string, error) {
	var prints []string
	for _, st := range frame.Strata {
		key, known := keys.byStratum[st.Name]
		if !known {
			return nil, refuse(problem.Conflict, "error.changed", nil)
		}
		key.People = st.People
		if err := insertKey(ctx, tx, waveID, &key); err != nil {
			return nil, err
		}
		prints = append(prints, keys.prints[st.Name])
	}
	if len(frame.Strata) != len(keys.byStratum) {
		return nil, refuse(problem.Conflict, "error.changed", nil)
	}
	return prints, nil
}

// Frame is what the terms of a wave must know of its people.
type Frame struct {
	People int
	Mails  int // people with a mail address
	Strata []StratumSize
}

// StratumSize is the number of people of a stratum.
type StratumSize struct {
	Name   string
	People int
}

// FrameOf counts the people of a wave.
func FrameOf(ctx context.Context, r db.Reader, waveID string) (Frame, error) {
	sizes := map[string]int{}
	var f Frame
	err := r.Rows(ctx, `SELECT stratum, COUNT(*), COUNT(*) FILTER (WHERE mail <> '') FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 GROUP BY stratum`,
		func(scan func(...any) error) error {
			var name string
			var n, mails int
			err := scan(&name, &n, &mails)
			sizes[name] = n
			f.People, f.Mails = f.People+n, f.Mails+mails
			return err
		}, waveID)
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		f.Strata = append(f.Strata, StratumSize{name, sizes[name]})
	}
	return f, err
}
