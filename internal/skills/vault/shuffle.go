package vault

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

const (
	together = 200                   // rows that one transaction writes anew, or up to twice as many at the end: 26 MB at most, mostly less than 2 MB
	pause    = 20 * time.Millisecond // lets others at the store between two of them
)

// row is a row as it stands, still sealed.
type row struct {
	name          string
	sealed        []byte
	version, used int64
}

// Shuffle writes everything that an organisation keeps anew in a random order, so that where a row lies in the store, and on PostgreSQL
// which transaction wrote it, no longer tells when it was kept or changed. Rows go together by their names, which are random:
// who came in since the last time lie among the others afterwards. Content, versions and months stay as they are. To be done
// now and then, such as once a day; doing it twice at once is harmless.
func Shuffle(ctx context.Context, d *db.DB, t tenant.ID) error {
	after := ""
	for more := true; more; {
		var err error
		if after, more, err = shuffleSome(ctx, d, t, after); err != nil {
			return err
		}
		if !more {
			break
		}
		if err := clock.Wait(ctx, pause); err != nil {
			return err
		}
	}
	if after == "" {
		return nil
	}
	return d.Vacuum(ctx, "skill_vaults")
}

// shuffleSome writes the rows anew whose names come after one, and returns the last name of these (after itself when there are
// none), and whether more follow.
func shuffleSome(ctx context.Context, d *db.DB, t tenant.ID, after string) (last string, more bool, err error) {
	err = d.Write(ctx, t, func(s *db.Scope) error {
		if last, more, err = lastOf(ctx, s, after); err != nil || last == after {
			return err
		}
		rows, err := between(ctx, s, after, last)
		if err != nil {
			return err
		}
		if _, err := s.Exec(ctx, `DELETE FROM skill_vaults WHERE tenant_id = $1 AND name > $2 AND name <= $3`, after, last); err != nil {
			return err
		}
		inRandomOrder(rows)
		anew := db.Bulk{Table: "skill_vaults", Columns: []string{"name", "sealed", "version", "used_at"}}
		return s.InsertAll(ctx, &anew, len(rows), func(i int, to []any) []any {
			return append(to, rows[i].name, rows[i].sealed, rows[i].version, rows[i].used)
		})
	})
	return last, more, err
}

// lastOf returns the last name of those that go together, after itself when there are none. What would be left alone goes along: a row by
// itself would stay in its place.
func lastOf(ctx context.Context, s *db.Scope, after string) (last string, more bool, err error) {
	var names []string
	err = s.Rows(ctx, `SELECT name FROM skill_vaults WHERE tenant_id = $1 AND name > $2 ORDER BY name LIMIT $3`, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		names = append(names, name)
		return err
	}, after, 2*together)
	switch {
	case err != nil || len(names) == 0:
		return after, false, err
	case len(names) < 2*together:
		return names[len(names)-1], false, nil
	}
	return names[together-1], true, nil
}

func between(ctx context.Context, s *db.Scope, after, last string) ([]row, error) {
	var out []row
	err := s.Rows(ctx, `SELECT name, sealed, version, used_at FROM skill_vaults WHERE tenant_id = $1 AND name > $2 AND name <= $3`, func(scan func(...any) error) error {
		var r row
		err := scan(&r.name, &r.sealed, &r.version, &r.used)
		out = append(out, r)
		return err
	}, after, last)
	return out, err
}

// inRandomOrder puts rows in an order that nobody can work out: by the hash of their name with a random salt that is forgotten.
func inRandomOrder(rows []row) {
	var salt [32]byte
	_, _ = rand.Read(salt[:]) // never fails (crypto/rand)
	key := func(r row) [32]byte { return sha256.Sum256(append(salt[:], r.name...)) }
	slices.SortFunc(rows, func(a, b row) int {
		x, y := key(a), key(b)
		return slices.Compare(x[:], y[:])
	})
}
