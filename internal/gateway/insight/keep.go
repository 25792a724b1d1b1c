package insight

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/tenant"
)

// Flush writes what was gathered. What could not be written stays gathered. An organisation that is gone loses what was gathered of it.
func (s *Service) Flush(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if n := s.counter.takeLost(); n > 0 {
		s.Log.WarnContext(ctx, "more use of models at once than is gathered; part of it is not counted", "marks", n)
	}
	var faults []error
	for t, g := range s.counter.take() {
		err := s.write(ctx, t, g)
		switch {
		case err == nil, errors.Is(err, db.ErrRefers):
		default:
			s.counter.back(t, g)
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// write keeps what was gathered of one organisation, all of it or nothing. What belongs to a month that is closed is dropped.
func (s *Service) write(ctx context.Context, t tenant.ID, g *gathered) error {
	months := map[Month][]seen{}
	for one := range g.seen {
		months[one.month] = append(months[one.month], one)
	}
	for m := range g.amounts {
		if _, ok := months[m]; !ok {
			months[m] = nil
		}
	}
	placed := map[placeOf]place{}
	err := s.DB.Write(ctx, t, func(tx *db.Scope) error {
		clear(placed)
		for m, list := range months {
			key, open, err := s.key(ctx, tx, m)
			if err != nil {
				return err
			}
			if !open {
				continue
			}
			var cells []string
			var marks [][]byte
			for _, one := range list {
				names := []string{one.cell}
				if one.cell == cellAll || one.cell == cellDay {
					p, err := s.place(ctx, tx, key, one, placed)
					if err != nil {
						return err
					}
					names = p.cells(one)
				}
				for _, name := range names {
					cells, marks = append(cells, name), append(marks, mark(key, name, one.who))
				}
			}
			if err := tx.InsertAll(ctx, &db.Bulk{Table: "use_marks", Columns: []string{"month", "cell", "mark"}, Conflict: "ON CONFLICT (tenant_id, month, cell, mark) DO NOTHING"},
				len(cells), func(i int, to []any) []any { return append(to, string(m), cells[i], marks[i]) }); err != nil {
				return err
			}
			if err := addAmounts(ctx, tx, m, g.amounts[m]); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.remember(placed)
	}
	return err
}

// key returns the key of a month, which it makes when the month is new. open is false for a month that was closed.
func (s *Service) key(ctx context.Context, tx *db.Scope, m Month) (key []byte, open bool, err error) {
	var sealed []byte
	var closed int64
	err = tx.Row(ctx, `SELECT key, closed_at FROM use_months WHERE tenant_id = $1 AND month = $2`, []any{string(m)}, &sealed, &closed)
	switch {
	case errors.Is(err, db.ErrNoRow):
		if m.over(s.Now(), s.Zone) {
			return nil, false, nil // it came too late
		}
		key = make([]byte, 32)
		rand.Read(key) //nolint:errcheck // crypto/rand.Read never fails
		if sealed, err = s.Box.Seal(purpose(tx.Tenant(), m), key); err != nil {
			return nil, false, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO use_months (tenant_id, month, key, figures, closed_at) VALUES ($1, $2, $3, '', 0)`, string(m), sealed)
		return key, true, err
	case err != nil:
		return nil, false, err
	case closed != 0:
		return nil, false, nil
	}
	key, err = s.Box.Open(purpose(tx.Tenant(), m), sealed)
	return key, true, err
}

func purpose(t tenant.ID, m Month) string { return "use of models/" + string(t) + "/" + string(m) }

// mark says that an account is in a cell.
func mark(key []byte, cell, who string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(cell))
	h.Write([]byte{0})
	h.Write([]byte(who))
	return h.Sum(nil)[:16]
}

func addAmounts(ctx context.Context, tx *db.Scope, m Month, amounts map[string]int64) error {
	var names []string
	for name, n := range amounts {
		if n != 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return tx.InsertAll(ctx, &db.Bulk{Table: "use_amounts", Columns: []string{"month", "name", "amount"},
		Conflict: "ON CONFLICT (tenant_id, month, name) DO UPDATE SET amount = use_amounts.amount + excluded.amount"},
		len(names), func(i int, to []any) []any { return append(to, string(m), names[i], amounts[names[i]]) })
}

// place is where somebody counts during a month: where they were when they first used a model in it. So nobody is in two departments of one month.
type place struct{ department, family string }

type placeOf struct {
	tenant tenant.ID
	month  Month
	who    string
}

// Cells of groups.
const (
	cellGroups = "groups:" // department | family
	cellDays   = "day:"    // day | department | family
	bar        = "|"
)

// cells are the cells in which a mark is made, with those of groups.
func (p place) cells(one seen) []string {
	where := p.department + bar + p.family
	if one.cell == cellDay {
		return []string{cellDays + one.day + bar + where}
	}
	return []string{cellAll, cellGroups + where}
}

// place finds where somebody counts: as was decided in this month, on this or another node, or else where they work now.
func (s *Service) place(ctx context.Context, tx *db.Scope, key []byte, one seen, placed map[placeOf]place) (place, error) {
	of := placeOf{tx.Tenant(), one.month, one.who}
	s.placing.Lock()
	known, ok := s.placed[of]
	s.placing.Unlock()
	if ok {
		return known, nil
	}
	if p, ok := placed[of]; ok {
		return p, nil
	}
	var p place
	var err error
	if s.Places != nil {
		if p.department, p.family, err = s.Places.Of(ctx, tx.Reader, one.who); err != nil {
			return place{}, err
		}
		p.department, p.family = strings.ReplaceAll(p.department, bar, " "), strings.ReplaceAll(p.family, bar, " ")
	}
	if p, err = placedBefore(ctx, tx.Reader, key, one, p); err != nil {
		return place{}, err
	}
	placed[of] = p
	return p, nil
}

// placedBefore returns the place at which somebody was marked in this month, and now when they were not. It looks there first: few move.
func placedBefore(ctx context.Context, r db.Reader, key []byte, one seen, now place) (place, error) {
	marked := func(cell string) (bool, error) {
		var n int
		err := r.Row(ctx, `SELECT COUNT(*) FROM use_marks WHERE tenant_id = $1 AND month = $2 AND cell = $3 AND mark = $4`,
			[]any{string(one.month), cell, mark(key, cell, one.who)}, &n)
		return n > 0, err
	}
	if before, err := marked(cellAll); err != nil || !before {
		return now, err
	}
	if there, err := marked(cellGroups + now.department + bar + now.family); err != nil || there {
		return now, err
	}
	cells, err := cellsOf(ctx, r, one.month, cellGroups)
	if err != nil {
		return now, err
	}
	for _, cell := range cells {
		if there, err := marked(cell); err != nil {
			return now, err
		} else if there {
			department, family, _ := strings.Cut(strings.TrimPrefix(cell, cellGroups), bar)
			return place{department, family}, nil
		}
	}
	return now, nil
}

// cellsOf returns the cells of a month that begin with a word.
func cellsOf(ctx context.Context, r db.Reader, m Month, prefix string) ([]string, error) {
	var cells []string
	err := r.Rows(ctx, `SELECT DISTINCT cell FROM use_marks WHERE tenant_id = $1 AND month = $2 AND cell >= $3 AND cell < $4 ORDER BY cell`,
		func(scan func(...any) error) error {
			var cell string
			if err := scan(&cell); err != nil {
				return err
			}
			if strings.HasPrefix(cell, prefix) {
				cells = append(cells, cell)
			}
			return nil
		}, string(m), prefix, prefix+"\U0010FFFF")
	return cells, err
}

// maxPlaced bounds what is remembered of who counts where.
const maxPlaced = 100_000

func (s *Service) remember(placed map[placeOf]place) {
	s.placing.Lock()
	defer s.placing.Unlock()
	if len(s.placed)+len(placed) > maxPlaced {
		clear(s.placed)
	}
	for of, p := range placed {
		s.placed[of] = p
	}
}
