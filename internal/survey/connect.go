package survey

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/survey/answering"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/closing"
	"tekentafel/internal/survey/invite"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
)

// newKey makes a pair of keys for ballots.
func newKey() (wave.Key, error) {
	k, err := ballot.NewKey()
	if err != nil {
		return wave.Key{}, err
	}
	public := k.Public()
	return wave.Key{Private: k.Bytes(), Public: public.Bytes(), Fingerprint: public.Fingerprint()}, nil
}

// inviter is package invite as the lifecycle wants it.
type inviter struct{ *invite.Service }

// Closed implements wave.Inviter.
func (i inviter) Closed(ctx context.Context, s *db.Scope, w *wave.Wave) error {
	return i.Close(ctx, s, w.ID)
}

// Removed implements wave.Inviter.
func (i inviter) Removed(ctx context.Context, s *db.Scope, w *wave.Wave) error {
	return i.Clean(ctx, s, w.ID)
}

// people is package invite as the pages of answering want it.
type people struct{ s *invite.Service }

// Find implements answering.People.
func (p people) Find(ctx context.Context, w *wave.Wave, pin string) (answering.Person, error) {
	who, err := p.s.Find(ctx, w, pin)
	return answering.Person{ID: who.ID, Stratum: who.Stratum, Taken: who.Taken}, err
}

// BySession implements answering.People.
func (p people) BySession(ctx context.Context, w *wave.Wave, account string) (answering.Person, error) {
	who, err := p.s.BySession(ctx, w, account)
	return answering.Person{ID: who.ID, Stratum: who.Stratum, Taken: who.Taken}, err
}

// Refuse implements answering.People.
func (p people) Refuse(ctx context.Context, w *wave.Wave, person string) error {
	return p.s.Refuse(ctx, w, person)
}

// opened is the urn as closing wants it.
type opened struct{ *urn.Urn }

// Each implements closing.Urn.
func (o opened) Each(ctx context.Context, w *wave.Wave, each func(closing.Entry) error) error {
	return o.Urn.Each(ctx, w, func(e urn.Opened) error {
		return each(closing.Entry(e))
	})
}

// lists are the lists of ballots of closed waves.
type lists struct{ db *db.DB }

// Size implements answering.Lists.
func (l lists) Size(ctx context.Context, w *wave.Wave) (int64, error) {
	file, err := closing.ListFile(ctx, l.db.Of(w.Tenant), w.ID)
	return file.Size, err
}

// Copy implements answering.Lists.
func (l lists) Copy(ctx context.Context, w *wave.Wave, out io.Writer) error {
	r := l.db.Of(w.Tenant)
	file, err := closing.ListFile(ctx, r, w.ID)
	if err != nil {
		return err
	}
	return files.Copy(ctx, r, file.ID, out)
}

// published tells where people read the report of a wave.
type published struct {
	reports Reports
	told    Told
}

// Told implements answering.Reports.
func (p published) Told(ctx context.Context, w *wave.Wave) (string, error) {
	if w.Report == "" || p.told == nil {
		return "", nil
	}
	return p.told.ToldAt(ctx, w.Tenant, w.Report)
}

// Published implements answering.Reports.
func (p published) Published(ctx context.Context, w *wave.Wave) (string, error) {
	if w.Report == "" {
		return "", nil
	}
	is, err := p.reports.Published(ctx, w.Tenant, w.Report)
	if err != nil || !is {
		return "", err
	}
	return "/reports/" + w.Report, nil
}

// frames tells the questionnaire what the frame knows.
type frames struct{}

// Levels implements compose.Frames.
func (frames) Levels(ctx context.Context, r db.Reader, waveID string) (map[string][]string, error) {
	seen := map[string]map[string]bool{}
	err := r.Rows(ctx, `SELECT DISTINCT groups FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) error {
		var raw string
		if err := scan(&raw); err != nil {
			return err
		}
		var groups map[string]string
		if err := json.Unmarshal([]byte(raw), &groups); err != nil {
			return err
		}
		for name, value := range groups {
			if seen[name] == nil {
				seen[name] = map[string]bool{}
			}
			if value != "" {
				seen[name][value] = true
			}
		}
		return nil
	}, waveID)
	out := map[string][]string{}
	for name, values := range seen {
		out[name] = slices.Sorted(maps.Keys(values))
	}
	return out, err
}

// listed tells whether the list of ballots of a wave is there.
func listed(ctx context.Context, r db.Reader, waveID string) (bool, error) {
	_, err := closing.ListFile(ctx, r, waveID)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}
