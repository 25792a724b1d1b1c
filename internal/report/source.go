package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
)

// Source is uploaded answers.
type Source struct {
	ID          string
	Name        string
	Instrument  string // id of the questionnaire
	Version     string
	FileName    string
	Size        int64 // bytes
	Respondents int
	Synthetic   bool
	Mapped      bool // a mapping says how its columns fit
	Weighted    bool // population margins are there to weight to
	Quality     Quality
	CreatedBy   string
	Created     time.Time

	fileID string
}

// Quality is what became of the file when it was read.
type Quality struct {
	Data      findings.DataQuality `json:"data"`
	Issues    []Issue              `json:"issues"` // the first of them
	More      int                  `json:"more"`   // issues that are not listed
	Proposals int                  `json:"proposals"`
	Notes     []string             `json:"notes,omitempty" doc:"What became of a survey that was taken over, in the language of who uploaded it."`
}

// Issue is a cell that was not understood.
type Issue struct {
	Row        int    `json:"row"`
	Column     string `json:"column"`
	Value      string `json:"value"`
	Suggestion string `json:"suggestion,omitempty"`
}

// shownIssues is how many cells that were not understood are listed; all are counted.
const shownIssues = 20

// DataQuality counts what was read, set aside and not understood, for the report.
func DataQuality(r *intake.Result) findings.DataQuality {
	q := r.Quality
	d := findings.DataQuality{
		Rows: q.Rows, Empty: q.Empty, Unknown: q.Unknown, Merged: q.Merged,
		Unread: q.Unread, Missing: q.Missing, ByItem: q.UnknownByItem,
	}
	for _, e := range q.Excluded {
		d.Excluded = append(d.Excluded, findings.Excluded{Reason: e.Reason, N: e.N})
	}
	return d
}

// SourceInput is what one gives to add answers.
type SourceInput struct {
	Name       string
	Instrument string // the name of a built-in questionnaire, or "" when Questionnaire is given
	// Questionnaire, Mapping and Margins are the contents of files, nil when there are none.
	Questionnaire, Mapping, Margins []byte
	LimeSurvey                      LimeSurvey
	FileName                        string
	File                            string // path of the uploaded file, which stays the caller's
	Asked                           asked.Request
}

// maxName is the longest name or title, in characters.
const maxName = 120

// AddSource reads a file with answers, keeps it, and returns it with what was and was not understood. A file that cannot be
// read is a problem that names the field, the place in the file and the mend, and nothing is kept.
func (s *Service) AddSource(ctx context.Context, actor access.Actor, in SourceInput) (added Source, err error) {
	if err := allow(actor, access.AddSource); err != nil {
		return Source{}, err
	}
	in, notes, remove, err := s.fromLimeSurvey(ctx, in)
	defer remove()
	if err != nil {
		return Source{}, err
	}
	read, err := s.inTurn(ctx, in)
	if err != nil {
		return Source{}, err
	}
	f, err := os.Open(filepath.Clean(in.File))
	if err != nil {
		return Source{}, err
	}
	defer f.Close() //nolint:errcheck // only read from
	ask, err := in.asks(f)
	if err != nil {
		return Source{}, err
	}
	src := Source{
		Name: strings.TrimSpace(in.Name), Instrument: read.instrument.ID, Version: read.instrument.Version, FileName: files.BaseName(in.FileName, "answers"),
		Respondents: read.result.Answers.N, Synthetic: read.result.Answers.Synthetic, Mapped: len(in.Mapping) > 0, Weighted: len(in.Margins) > 0,
		Quality: qualityOf(read.result), CreatedBy: actor.Owner,
	}
	src.Quality.Notes = notes
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		// The id alone is kept with the request: cells of the file must not outlive the answers.
		sourceID, err := asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			file, err := files.Add(ctx, tx, s.Now, src.FileName, "application/octet-stream", f)
			if err != nil {
				return "", err
			}
			made := src
			made.ID, made.Created, made.fileID = id.New(s.Now()), s.Now(), file.ID
			if err := insertSource(ctx, tx, &made, read.yaml, in.Mapping, in.Margins); err != nil {
				return "", err
			}
			return made.ID, s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "answers.added", Subject: made.ID,
				Detail: map[string]string{"respondents": fmt.Sprint(made.Respondents), "instrument": made.Instrument}})
		})
		if err != nil {
			return err
		}
		added, err = oneSource(ctx, tx.Reader, sourceID)
		return err
	})
	return added, err
}

// asks returns the request with everything that is asked for, what the file holds included: another file of the same name
// is something else.
func (in *SourceInput) asks(f io.ReadSeeker) (asked.Request, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return asked.Request{}, err
	}
	return asked.Request{Key: in.Asked.Key, What: []any{in.Asked.What, in.Name, in.Instrument, in.FileName, in.Questionnaire, in.Mapping, in.Margins,
		hex.EncodeToString(sum.Sum(nil))}}, nil
}

// Sources lists the answers that are stored, the newest first.
func (s *Service) Sources(ctx context.Context, actor access.Actor) ([]Source, error) {
	if err := allow(actor, access.ReadSource); err != nil {
		return nil, err
	}
	list, err := listSources(ctx, s.DB.Of(actor.Tenant))
	for i := range list {
		list[i].hideCells(actor)
	}
	return list, err
}

// hideCells leaves out what single people wrote for all but those who upload answers and have the file: others see counts.
func (s *Source) hideCells(actor access.Actor) {
	if !access.Can(actor, access.AddSource, access.Resource{Tenant: actor.Tenant}) {
		s.Quality.More += len(s.Quality.Issues)
		s.Quality.Issues = nil
	}
}

// Source returns stored answers.
func (s *Service) Source(ctx context.Context, actor access.Actor, sourceID string) (Source, error) {
	if err := allow(actor, access.ReadSource); err != nil {
		return Source{}, err
	}
	src, err := oneSource(ctx, s.DB.Of(actor.Tenant), sourceID)
	src.hideCells(actor)
	return src, err
}

// Questionnaire returns the questionnaire of stored answers.
func (s *Service) Questionnaire(ctx context.Context, actor access.Actor, sourceID string) (*instrument.Instrument, error) {
	if err := allow(actor, access.ReadSource); err != nil {
		return nil, err
	}
	parts, err := sourceParts(ctx, s.DB.Of(actor.Tenant), sourceID)
	if err != nil {
		return nil, err
	}
	return parseInstrument(parts.instrument)
}

// DeleteSource takes stored answers away. Reports made from them stay; they can then no longer be made anew.
func (s *Service) DeleteSource(ctx context.Context, actor access.Actor, sourceID string) error {
	if err := allow(actor, access.DeleteSource); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		if err := s.removeSource(ctx, tx, sourceID); err != nil {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "answers.deleted", Subject: sourceID})
	})
}

// removeSource takes the answers away, and with them what was being made from them.
func (s *Service) removeSource(ctx context.Context, tx *db.Scope, sourceID string) error {
	src, err := oneSource(ctx, tx.Reader, sourceID)
	if err != nil {
		return err
	}
	busy, err := beingMade(ctx, tx.Reader, sourceID)
	if err != nil {
		return err
	}
	if busy {
		return refuse(problem.Conflict, "error.source-busy", nil)
	}
	return errors.Join(forgetSource(ctx, tx, sourceID), files.Delete(ctx, tx, src.fileID))
}

// copyTo writes r to a new file in dir, of at most limit bytes, and returns its path.
func copyTo(dir string, r io.Reader, limit int64) (path string, err error) {
	path, err = files.Receive(dir, "upload", r, limit)
	if errors.Is(err, files.ErrTooLarge) {
		err = refuse(problem.TooLarge, "error.file-size", i18n.Args{"max": fmt.Sprint(limit >> 20)})
	}
	return path, err
}
