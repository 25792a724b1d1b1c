package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"tekentafel/instruments"
	"tekentafel/internal/files"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/analysis"
)

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
	if r.instrument, err = parseInstrument(r.yaml); err != nil {
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
	return shortened(firstLines(bad.WithoutPlace()), longestDetail)
}

// longestDetail is how much of what a reader of files says a person gets to see, in bytes: the words of the interface before
// it say what to do.
const longestDetail = 240

// errNoText says of a file of text that it cannot be kept as such. The readers of YAML take UTF-16 too, the store does not.
var errNoText = errors.New("the file is not text in UTF-8; save it with the encoding UTF-8")

func isText(src []byte) bool { return utf8.Valid(src) && bytes.IndexByte(src, 0) < 0 }

func parseInstrument(src []byte) (*instrument.Instrument, error) {
	if !isText(src) {
		return nil, errNoText
	}
	return instrument.Parse("questionnaire.yaml", src)
}

func parseMapping(src []byte) (*intake.Mapping, error) {
	if len(src) == 0 {
		return nil, nil
	}
	if !isText(src) {
		return nil, errNoText
	}
	return intake.ParseMapping("mapping.yaml", src)
}

func parseMargins(src []byte) ([]analysis.Margin, error) {
	if len(src) == 0 {
		return nil, nil
	}
	if !isText(src) {
		return nil, errNoText
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
	return shortened(text, bytes)
}

// shortened cuts a text off after so many bytes, between characters.
func shortened(text string, bytes int) string {
	if len(text) > bytes {
		return strings.ToValidUTF8(text[:bytes], "") + "…"
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
	case strings.ContainsFunc(name, files.Hidden) || !strings.ContainsFunc(name, unicode.IsGraphic):
		form.Wrong(field, "error.name-control", nil)
	}
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
