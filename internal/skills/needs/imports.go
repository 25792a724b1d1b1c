package needs

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/needs/book"
	"tekentafel/internal/skills/needs/demand"
)

// ImportState is what became of a sheet.
type ImportState string

// The states of a sheet.
const (
	ToDecide ImportState = "staged"
	Applied  ImportState = "applied"
	Dropped  ImportState = "dropped"
)

// Import is a sheet that was brought.
type Import struct {
	ID       string
	Account  string
	At       time.Time
	FileName string
	Reason   string
	Base     int64 // the last change when the sheet was compared
	State    ImportState
	Seq      int64   // the change that it became; 0: none
	Staged   *Staged // nil once it is decided
}

// stagedFor is how long a sheet waits that nobody decides on.
const stagedFor = 30 * 24 * time.Hour

// Export writes the map of needs as a workbook, in a language.
func (s *Service) Export(ctx context.Context, actor access.Actor, w io.Writer, lang instrument.Lang, synthetic bool) error {
	if err := allow(actor, access.ReadNeeds); err != nil {
		return err
	}
	m, err := s.mapOf(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return err
	}
	return export(w, m, lang, synthetic)
}

// Bring reads a workbook and keeps what it would change, until somebody takes it over or puts it aside. The reason is that of every
// level without one of its own.
func (s *Service) Bring(ctx context.Context, actor access.Actor, file, name, reason string, ask asked.Request) (string, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return "", err
	}
	form := problem.Form{Bundle: locale()}
	reason = reasonOf(&form, "reason", reason)
	if file == "" {
		form.Wrong("file", "field.file", nil)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	tables, err := book.Read(ctx, file)
	switch {
	case errors.Is(err, book.ErrTooLarge):
		form.Wrong("file", "field.file-large", nil)
		return "", form.Err()
	case errors.Is(err, book.ErrNoBook):
		form.Wrong("file", "field.file-kind", nil)
		return "", form.Err()
	case err != nil:
		return "", err
	}
	m, err := s.mapOf(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return "", err
	}
	staged, err := json.Marshal(compare(m, tables, reason))
	if err != nil {
		return "", err
	}
	name = files.BaseName(name, "?")
	var made string
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		made, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			if _, err := tx.Exec(ctx, `UPDATE skill_need_imports SET state = 'dropped', staged = '' WHERE tenant_id = $1 AND state = 'staged' AND at < $2`, clock.Micros(s.Now().Add(-stagedFor))); err != nil {
				return "", err
			}
			importID := id.New(s.Now())
			_, err := tx.Exec(ctx, `INSERT INTO skill_need_imports (tenant_id, id, account_id, at, file_name, reason, base_seq, staged, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'staged')`,
				importID, actor.Owner, clock.Micros(s.Now()), name, reason, m.State.Seq, string(staged))
			return importID, err
		})
		return err
	})
	return made, err
}

// Import returns a sheet that was brought.
func (s *Service) Import(ctx context.Context, actor access.Actor, importID string) (Import, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return Import{}, err
	}
	return importOf(ctx, s.DB.Of(actor.Tenant), importID)
}

// Apply makes everything hold that a sheet would change, as one change. A problem of kind Conflict when the sheet was decided on, or
// others changed any of it since it was compared.
func (s *Service) Apply(ctx context.Context, actor access.Actor, importID string) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	var seq int64
	err := s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		v, err := toDecide(ctx, tx.Reader, importID)
		if err != nil {
			return err
		}
		wishes := make([]demand.Wish, len(v.Staged.Cells))
		for i := range v.Staged.Cells {
			wishes[i] = v.Staged.Cells[i].Wish
		}
		seq, err = s.writeIn(ctx, tx, actor, &edit{kind: ByImport, note: v.FileName, at: v.Base, wishes: wishes})
		if err != nil {
			return err
		}
		return decideImport(ctx, tx, importID, Applied, seq)
	})
	return seq, err
}

// Drop puts a sheet aside. Nothing changes.
func (s *Service) Drop(ctx context.Context, actor access.Actor, importID string) error {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if _, err := toDecide(ctx, tx.Reader, importID); err != nil {
			return err
		}
		if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "skills.needs-dropped", Subject: importID}); err != nil {
			return err
		}
		return decideImport(ctx, tx, importID, Dropped, 0)
	})
}

func toDecide(ctx context.Context, r db.Reader, importID string) (Import, error) {
	v, err := importOf(ctx, r, importID)
	if err == nil && v.State != ToDecide {
		err = refuse(problem.Conflict, "error.import-decided", nil)
	}
	return v, err
}

func importOf(ctx context.Context, r db.Reader, importID string) (Import, error) {
	v := Import{ID: importID}
	var at int64
	var staged string
	if err := r.Row(ctx, `SELECT account_id, at, file_name, reason, base_seq, staged, state, seq FROM skill_need_imports WHERE tenant_id = $1 AND id = $2`, []any{importID},
		&v.Account, &at, &v.FileName, &v.Reason, &v.Base, &staged, &v.State, &v.Seq); err != nil {
		return v, err
	}
	v.At = clock.Time(at)
	if staged == "" {
		return v, nil
	}
	v.Staged = &Staged{}
	return v, json.Unmarshal([]byte(staged), v.Staged)
}

func decideImport(ctx context.Context, tx *db.Scope, importID string, state ImportState, seq int64) error {
	_, err := tx.Exec(ctx, `UPDATE skill_need_imports SET state = $3, seq = $4, staged = '' WHERE tenant_id = $1 AND id = $2`, importID, string(state), seq)
	return err
}

// waitingImports lists the sheets that nobody decided on, the newest first.
func waitingImports(ctx context.Context, r db.Reader) (out []Import, err error) {
	err = r.Rows(ctx, `SELECT id, account_id, at, file_name FROM skill_need_imports WHERE tenant_id = $1 AND state = 'staged' ORDER BY id DESC LIMIT 20`, func(scan func(...any) error) error {
		v := Import{State: ToDecide}
		var at int64
		err := scan(&v.ID, &v.Account, &at, &v.FileName)
		v.At = clock.Time(at)
		out = append(out, v)
		return err
	})
	return out, err
}
