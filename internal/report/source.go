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
	"unicode"
	"unicode/utf8"

	"tekentafel/instruments"
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
	"tekentafel/internal/report/analysis"
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
		Name: strings.TrimSpace(in.Name), Instrument: read.instrument.ID, Version: read.instrument.Version, FileName: baseName(in.FileName),
		Respondents: read.result.Answers.N, Synthetic: read.result.Answers.Synthetic, Mapped: len(in.Mapping) > 0, Weighted: len(in.Margins) > 0,
		Quality: qualityOf(read.result), CreatedBy: actor.Owner,
	}
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

// reading is a file with answers that was understood.
type reading struct {
	instrument *instrument.Instrument
	yaml       []byte
	result     *intake.Result
}

// inTurn reads the answers once those that others sent leave room for it.
func (s *Service) inTurn(ctx context.Context, in SourceInput) (*reading, error) {
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
		return s.read(ctx, in)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// read checks every part of the input and reads the answers.
func (s *Service) read(ctx context.Context, in SourceInput) (*reading, error) {
	form := &problem.Form{Bundle: locale()}
	checkName(form, "name", in.Name)
	r := &reading{yaml: in.Questionnaire}
	if len(in.Questionnaire) == 0 {
		built, err := instruments.Open(in.Instrument)
		if err != nil || in.Instrument == "" {
			form.Wrong("instrument", "error.instrument-unknown", i18n.Args{"known": strings.Join(instruments.Names(), ", ")})
		}
		r.yaml = built
	}
	if err := form.Err(); err != nil {
		return nil, err
	}
	var err error
	if r.instrument, err = instrument.Parse("questionnaire.yaml", r.yaml); err != nil {
		form.Wrong("questionnaire", "error.instrument", i18n.Args{"detail": firstLines(err.Error())})
		return nil, form.Err()
	}
	mapping, err := parseMapping(in.Mapping)
	if err != nil {
		form.Wrong("mapping", "error.mapping", i18n.Args{"detail": firstLines(err.Error())})
	}
	if _, err := parseMargins(in.Margins); err != nil {
		form.Wrong("margins", "error.margins", i18n.Args{"detail": firstLines(err.Error())})
	}
	if err := form.Err(); err != nil {
		return nil, err
	}
	r.result, err = intake.Read(ctx, in.File, r.instrument, intake.Options{Mapping: mapping})
	if err != nil {
		return nil, fileProblem(err)
	}
	if r.result.Answers.N == 0 {
		form.Wrong("file", "error.file-nobody", nil)
		return nil, form.Err()
	}
	return r, nil
}

// fileProblem puts what is wrong with a file into words of the interface, with the exact place and mend.
func fileProblem(err error) error {
	var bad *intake.Error
	if !errors.As(err, &bad) {
		return err
	}
	form := &problem.Form{Bundle: locale()}
	form.Wrong("file", "error.file-"+string(bad.Kind), i18n.Args{"detail": withoutPath(bad)})
	return form.Err()
}

// withoutPath says what is wrong with a file without telling where it stands on this machine.
func withoutPath(bad *intake.Error) string {
	detail := *bad
	detail.File = ""
	text := detail.Error()
	if bad.File != "" {
		text = strings.ReplaceAll(strings.ReplaceAll(text, bad.File, ""), filepath.Base(bad.File), "")
	}
	return firstLines(text)
}

func parseMapping(src []byte) (*intake.Mapping, error) {
	if len(src) == 0 {
		return nil, nil
	}
	return intake.ParseMapping("mapping.yaml", src)
}

func parseMargins(src []byte) ([]analysis.Margin, error) {
	if len(src) == 0 {
		return nil, nil
	}
	return analysis.ParseMargins("margins.csv", strings.NewReader(string(src)))
}

// firstLines keeps the part of a long message that a person can act on.
func firstLines(text string) string {
	const lines, bytes = 5, 900
	parts := strings.SplitN(text, "\n", lines+1)
	if len(parts) > lines {
		parts = append(parts[:lines], "…")
	}
	text = strings.Join(parts, "\n")
	if len(text) > bytes {
		text = strings.ToValidUTF8(text[:bytes], "") + "…"
	}
	return text
}

func checkName(form *problem.Form, field, name string) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		form.Wrong(field, "error.name-empty", nil)
	case utf8.RuneCountInString(name) > maxName:
		form.Wrong(field, "error.name-long", i18n.Args{"max": fmt.Sprint(maxName)})
	case strings.ContainsFunc(name, isHidden) || !strings.ContainsFunc(name, unicode.IsGraphic):
		form.Wrong(field, "error.name-control", nil)
	}
}

// isHidden tells whether a character cannot be seen and changes how others look: controls, marks of direction, spaces
// without width. The two joiners (U+200C, U+200D) belong to the spelling of some languages and to emoji.
func isHidden(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner
}

// baseName is the name of an uploaded file without any path, whatever system it comes from.
func baseName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if isHidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimSpace(name)
	if len(name) > 200 || name == "" || name == "." || name == ".." {
		return "answers"
	}
	return name
}

func qualityOf(r *intake.Result) Quality {
	q := Quality{Data: DataQuality(r), More: r.MoreIssues, Proposals: len(r.Proposals)}
	for i, issue := range r.Issues {
		if i >= shownIssues {
			q.More += len(r.Issues) - shownIssues
			break
		}
		q.Issues = append(q.Issues, Issue{Row: issue.Row, Column: issue.Column, Value: issue.Value, Suggestion: issue.Suggestion})
	}
	return q
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
	return instrument.Parse("questionnaire.yaml", parts.instrument)
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
	f, err := os.CreateTemp(dir, "upload-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	n, err := io.Copy(f, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = refuse(problem.TooLarge, "error.file-size", i18n.Args{"max": fmt.Sprint(limit >> 20)})
	}
	return f.Name(), err
}
