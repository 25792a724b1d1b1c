package people

import (
	"context"
	"errors"

	"tekentafel/internal/db"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/store"
)

// Carried is a decision on two people as it was before the staff numbers of a source changed.
type Carried struct {
	ID   string `json:"id"`
	A    string `json:"a"`
	B    string `json:"b"`
	Into string `json:"into,omitempty"`
}

// carried lists the decisions on people that name somebody by a staff number from before the prefix of a source changed, as they were and as
// they are to be. A number is that of the source where it alone named whoever had that number last: who is on another list too keeps it.
func carried(ctx context.Context, r db.Reader, source *store.Source) (was, now []store.Decision, err error) {
	former := FormerPrefixes(source)
	if !source.Complete || len(former) == 0 {
		return nil, nil, nil
	}
	list, err := store.Decisions(ctx, r, store.Duplicate)
	if err != nil {
		return nil, nil, err
	}
	renamed := map[string]string{}
	rename := func(key string) (string, error) {
		if to, known := renamed[key]; known || key == "" {
			return to, nil
		}
		to := draft.Renumbered(source.Prefix, former, key)
		if to != key {
			sources, err := store.LastSources(ctx, r, key)
			if err != nil {
				return "", err
			}
			if sources != source.ID {
				to = key
			}
		}
		renamed[key] = to
		return to, nil
	}
	for _, d := range list {
		to := d
		for _, key := range []*string{&to.A, &to.B, &to.Into} {
			if *key, err = rename(*key); err != nil {
				return nil, nil, err
			}
		}
		if to != d && to.A != to.B {
			was, now = append(was, d), append(now, to)
		}
	}
	return was, now, nil
}

// carry keeps decisions on people under the numbers that an import of the source gave them, and notes with the revision how they were.
func (s *Service) carry(ctx context.Context, tx *db.Scope, source *store.Source, revision int64) error {
	was, now, err := carried(ctx, tx.Reader, source)
	if err != nil || len(now) == 0 {
		return err
	}
	var note Note
	for i := range now {
		if err := store.Rename(ctx, tx, now[i], s.Now()); err != nil {
			return err
		}
		note.Carried = append(note.Carried, Carried{was[i].ID, was[i].A, was[i].B, was[i].Into})
	}
	if revision == 0 {
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE people_revisions SET note = $3 WHERE tenant_id = $1 AND seq = $2`, revision, note.text())
	return err
}

// carryBack gives decisions the keys back that they had before a revision that is undone.
func (s *Service) carryBack(ctx context.Context, tx *db.Scope, list []Carried) error {
	for _, c := range list {
		d, err := store.DecisionOf(ctx, tx.Reader, c.ID)
		if errors.Is(err, db.ErrNoRow) { // whom it was about was erased
			continue
		}
		if err != nil {
			return err
		}
		if !d.Undone.IsZero() {
			continue
		}
		d.A, d.B, d.Into = c.A, c.B, c.Into
		if err := store.Rename(ctx, tx, d, s.Now()); err != nil {
			return err
		}
	}
	return nil
}

// renamedIn puts the decisions that are to be named anew into those by which an import is laid on the organisation.
func renamedIn(to map[string]string, was, now []store.Decision) {
	for i := range now {
		if now[i].Verdict != store.Same || now[i].Into == "" {
			continue
		}
		delete(to, goes(&was[i]))
		to[goes(&now[i])] = now[i].Into
	}
}

// goes is which of the two of a decision stands for the other.
func goes(d *store.Decision) string {
	if d.A == d.Into {
		return d.B
	}
	return d.A
}
