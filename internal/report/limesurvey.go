package report

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake/limesurvey"
	"tekentafel/internal/problem"
)

// LimeSurvey is the structure of a survey that was held elsewhere; with it, the file with answers is LimeSurvey's export.
type LimeSurvey struct {
	Structure  []byte          // .lss; nil for none
	Background []string        // codes of questions about people themselves
	Lang       instrument.Lang // of what is said about it
}

// mostNotes is how many remarks on a survey that was taken over are kept.
const mostNotes = 200

// fromLimeSurvey makes questionnaire, mapping and answers of a structure and an export. What is about the person or the computer
// is not even written to the disk a second time. Call remove when the file has been read.
func (s *Service) fromLimeSurvey(ctx context.Context, in SourceInput) (out SourceInput, notes []string, remove func(), err error) {
	out, remove = in, func() {}
	if len(in.LimeSurvey.Structure) == 0 {
		return out, nil, remove, nil
	}
	survey, err := limesurvey.Read("survey.lss", in.LimeSurvey.Structure, limesurvey.Options{Background: in.LimeSurvey.Background})
	if err != nil {
		return in, nil, remove, surveyProblem("limesurvey", "error.limesurvey", err)
	}
	from, err := os.Open(filepath.Clean(in.File))
	if err != nil {
		return in, nil, remove, err
	}
	defer from.Close() //nolint:errcheck // only read from
	to, err := os.CreateTemp(s.Dir, "limesurvey-*")
	if err != nil {
		return in, nil, remove, err
	}
	remove = func() { _ = os.Remove(to.Name()) }
	got, err := survey.Convert(ctx, "responses.csv", from, to, limesurvey.ResponseOptions{MaxBytes: s.MaxUpload})
	if err = errors.Join(err, to.Close()); err != nil {
		return in, nil, remove, surveyProblem("file", "error.limesurvey-file", err)
	}
	var mapping bytes.Buffer
	if _, err := got.Mapping.WriteTo(&mapping); err != nil {
		return in, nil, remove, err
	}
	out.Questionnaire, out.Mapping, out.File = survey.YAML, mapping.Bytes(), to.Name()
	notes = got.Lines(in.LimeSurvey.Lang)
	for _, n := range survey.Notes {
		if len(notes) < mostNotes {
			notes = append(notes, n.In(in.LimeSurvey.Lang))
		}
	}
	return out, notes, remove, nil
}

// surveyProblem puts what is wrong with a file of LimeSurvey into words of the interface.
func surveyProblem(field, key string, err error) error {
	var bad *limesurvey.Problem
	if !errors.As(err, &bad) {
		return err
	}
	form := &problem.Form{Bundle: locale()}
	form.Wrong(field, key, i18n.Args{"detail": shortened(bad.Message+"; "+bad.Mend, longestDetail)})
	return form.Err()
}

// codesIn splits a list of codes as people type it.
func codesIn(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' })
}
