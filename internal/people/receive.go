package people

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/jobs"
	"tekentafel/internal/national"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/sheet"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Arrival is a file that came in.
type Arrival struct {
	Source   string
	FileName string // as its sender calls it
	Path     string // on this machine; stays the caller's
	Options  sheet.Options
	// Unattended applies the import by itself when the saved mapping fits and nothing is lost; else it waits for a person.
	Unattended bool
	Asked      asked.Request
	Progress   func(done, total int64)
}

// Reading is what is known of the file of an import, beside its rows. It is kept as JSON in the notes of the import.
type Reading struct {
	Rows       int                `json:"rows"`
	Columns    []sheet.Column     `json:"columns"`
	Notes      []sheet.Note       `json:"notes"`
	Proposals  []mapping.Proposal `json:"proposals"`
	Mapping    json.RawMessage    `json:"mapping"` // that is proposed: what was saved for the source, and what is new beside it
	Saved      bool               `json:"saved"`   // the source had a mapping, and it fits this file
	Vanished   []mapping.Column   `json:"vanished,omitempty"`
	New        []int              `json:"new,omitempty"`
	Unattended bool               `json:"unattended,omitempty"`
}

// ReadingOf returns what is known of the file of an import.
func ReadingOf(v *store.Import) (*Reading, error) {
	r := &Reading{}
	return r, json.Unmarshal([]byte(v.Notes), r)
}

// purposePeople is for what the key of the installation makes hashes of national numbers.
const purposePeople = "national/"

// Receive reads a file, keeps its rows without national numbers, and proposes what its columns are. Where the source has a mapping
// that fits, the preview is started. A file that cannot be taken is a problem that says the place and the mend; nothing of it is
// then kept.
func (s *Service) Receive(ctx context.Context, actor access.Actor, in Arrival) (importID string, err error) {
	if err := allow(actor, access.ImportPeople); err != nil {
		return "", err
	}
	r := s.DB.Of(actor.Tenant)
	source, err := store.SourceOf(ctx, r, in.Source)
	if err != nil {
		return "", err
	}
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	settings, err := s.Settings(ctx, r)
	if err != nil {
		return "", err
	}
	opt := in.Options
	opt.Cleaner, opt.Progress = s.cleaner(actor.Tenant, settings.National), in.Progress
	table, err := sheet.Read(ctx, in.Path, opt)
	if err != nil {
		return "", unreadable(err)
	}
	reading, err := s.propose(ctx, r, &source, table)
	if err != nil {
		return "", err
	}
	reading.Unattended = in.Unattended
	notes, err := json.Marshal(reading)
	if err != nil {
		return "", err
	}
	v := store.Import{ID: id.New(s.Now()), Source: source.ID, State: store.Received, FileName: files.BaseName(in.FileName, "?"), Notes: string(notes), Account: actor.Owner, Created: s.Now(), Version: 1}
	if v.File, err = s.keep(ctx, actor.Tenant, v.ID, table); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		importID, err = asked.Once(ctx, tx, s.Now, in.Asked, func() (string, error) {
			if err := store.AddImport(ctx, tx, v); err != nil {
				return "", err
			}
			if err := s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.file-received", Subject: v.ID,
				Detail: map[string]string{"source": source.Name, "rows": itoa(table.Len())}}); err != nil {
				return "", err
			}
			if !reading.Saved {
				return v.ID, nil
			}
			_, err := s.Queue.Add(ctx, tx, jobs.New{Kind: previewJob, Subject: v.ID, Account: v.Account, Unique: v.ID})
			return v.ID, err
		})
		return err
	})
	if err != nil || importID != v.ID { // nothing refers to what was kept
		err = errors.Join(err, files.Unstage(context.WithoutCancel(ctx), s.DB, actor.Tenant, tableName(v.ID)))
	}
	return importID, err
}

// cleaner takes national numbers out by a policy. The hash is the same for every file of an organisation, and another for each
// organisation.
func (s *Service) cleaner(t tenant.ID, policy national.Policy) *national.Cleaner {
	return &national.Cleaner{Policy: policy, Key: func(b []byte) []byte { return s.Box.Keyed(purposePeople+string(t), b) }}
}

// propose says what the columns of a file are.
func (s *Service) propose(ctx context.Context, r db.Reader, source *store.Source, table *sheet.Table) (*Reading, error) {
	out := &Reading{Rows: table.Len(), Columns: table.Columns, Notes: table.Notes}
	var saved *mapping.Mapping
	var known *mapping.Known // what the organisation knows tells columns that nobody has said anything of
	if source.Mapping != "" {
		var err error
		if saved, err = mapping.Parse([]byte(source.Mapping)); err != nil {
			return nil, err
		}
		fit := saved.Fit(table.Headings())
		out.Vanished, out.New = fit.Vanished, fit.New
	}
	if saved == nil || len(out.New) > 0 {
		current, _, err := s.standing(ctx, r)
		if err != nil {
			return nil, err
		}
		known = mapping.NewKnown(current)
	}
	p := mapping.Propose(table, known, saved)
	out.Proposals = p.Columns
	m := p.Mapping()
	if saved != nil {
		out.Saved = len(out.Vanished) == 0 && len(saved.Check(table.Headings())) == 0
		if out.Saved {
			m = saved
		}
	}
	var err error
	out.Mapping, err = m.JSON()
	return out, err
}

// tableName is the name of the file with the cleaned table of an import.
func tableName(importID string) string { return "people-import-" + importID }

const tableType = "application/x-tekentafel-sheet"

// keep puts the cleaned table in the store.
func (s *Service) keep(ctx context.Context, t tenant.ID, importID string, table *sheet.Table) (string, error) {
	read, write := io.Pipe()
	go func() { write.CloseWithError(table.Write(write)) }()
	file, err := files.Stage(ctx, s.DB, t, s.Now, tableName(importID), tableType, read)
	_ = read.Close() // ends the writer when the store failed
	if err != nil {
		return "", errors.Join(err, files.Unstage(context.WithoutCancel(ctx), s.DB, t, tableName(importID)))
	}
	return file.ID, nil
}

// table reads the cleaned table of an import.
func (s *Service) table(ctx context.Context, r db.Reader, v *store.Import) (*sheet.Table, error) {
	if v.File == "" {
		return nil, refuse(problem.Gone, "error.file-gone", nil)
	}
	read, write := io.Pipe()
	go func() { write.CloseWithError(files.Copy(ctx, r, v.File, write)) }()
	table, err := sheet.ReadTable(read, sheet.Limits{})
	_ = read.Close()
	return table, err
}

// unreadable says what is wrong with a file.
func unreadable(err error) error {
	var bad *sheet.Error
	if !errors.As(err, &bad) {
		return err
	}
	form := problem.Form{Bundle: locale()}
	args := i18n.Args{"row": itoa(bad.Row)}
	for k, v := range bad.Args {
		args[k] = v
	}
	if bad.Kind == sheet.ErrNational {
		var columns []string
		for _, f := range bad.National {
			columns = append(columns, f.Heading)
		}
		args["columns"] = strings.Join(columns, ", ")
	}
	form.Wrong("file", "file."+string(bad.Kind), args)
	return form.Err()
}

// Signature identifies the headings of a table, in their order.
func Signature(columns []sheet.Column) string {
	var all bytes.Buffer
	for _, c := range columns {
		all.WriteString(c.Heading)
		all.WriteByte(0)
	}
	sum := sha256.Sum256(all.Bytes())
	return hex.EncodeToString(sum[:])
}
