package people

import (
	"context"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/privacy/held"
)

// Kept says how long personnel data stays: people who left, what earlier states looked like, who looked at whose data, and the rows of
// files that were brought.
func (s *Service) Kept() []held.Kept {
	return []held.Kept{
		{
			Name: "people-left", Label: say("kept.left", nil), Basis: say("kept.left-why", nil), Default: 730, Minimum: 30, Maximum: 3650,
			Count: func(ctx context.Context, r db.Reader, before time.Time) (int, time.Time, error) {
				return store.Leavers(ctx, r, s.dayOf(before), before)
			},
			Held: func(ctx context.Context, r db.Reader) (int, error) {
				head, err := store.Head(ctx, r)
				if err != nil {
					return 0, err
				}
				c, err := store.Count(ctx, r, head.Current)
				return int(c.People), err
			},
			Delete: s.deleteLeavers,
		},
		{
			Name: "people-undo", Label: say("kept.undo", nil), Basis: say("kept.undo-why", nil), Default: 400, Minimum: 30, Maximum: 3650,
			Count: store.OldVersions, Held: store.EndedVersions, Delete: store.PruneSome,
		},
		s.keptReads(),
		{
			Name: "people-previews", Label: say("kept.previews", nil), Basis: say("kept.previews-why", nil), Default: 30, Minimum: 7, Maximum: 365,
			Count: store.OldPreviews, Held: store.Previews, Delete: s.deletePreviews,
		},
	}
}

func (s *Service) dayOf(t time.Time) org.Date { return org.DateOf(t.In(s.Zone)) }

func (s *Service) keptReads() held.Kept {
	k := held.Fill(held.Kept{Name: "people-reads", Label: say("kept.reads", nil), Basis: say("kept.reads-why", nil), Default: 730, Minimum: 180, Maximum: 3650},
		held.Table{Name: "people_reads", Key: "person_id", At: "at"})
	k.Delete = store.ForgetSomeReads
	return k
}

// deleteLeavers deletes people who are out of service for long, in all versions, with the decisions on them.
func (s *Service) deleteLeavers(ctx context.Context, tx *db.Scope, before time.Time, limit int) (int, error) {
	return store.PurgeSome(ctx, tx, s.Now(), s.dayOf(before), before, limit, func(ids []string) error {
		keys, err := store.PersonKeys(ctx, tx.Reader, ids)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if _, err := store.ForgetDecisions(ctx, tx, store.Duplicate, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// deletePreviews takes the rows of people out of imports that are over, or that nobody decided on.
func (s *Service) deletePreviews(ctx context.Context, tx *db.Scope, before time.Time, limit int) (int, error) {
	n, held, err := store.ForgetPreviews(ctx, tx, s.Now(), before, limit)
	if err != nil {
		return 0, err
	}
	for _, file := range held {
		if err := files.Delete(ctx, tx, file); err != nil {
			return 0, err
		}
	}
	return n, nil
}
