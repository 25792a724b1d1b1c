package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake/limesurvey"
)

// limesurveyCommand takes a survey over from LimeSurvey: questionnaire, answers and the mapping between them.
type limesurveyCommand struct {
	File       string   `arg:"" help:"Structure of the survey (.lss), as LimeSurvey exports it."`
	Responses  string   `placeholder:"FILE.csv" help:"Export of the responses (CSV). Without it only the questionnaire is made."`
	Background []string `sep:"," placeholder:"CODE,..." help:"Codes of questions about people themselves, such as their department: the report breaks down by them."`
	Incomplete bool     `help:"Take responses too that nobody sent in. Default: they are left out and counted."`
	Lang       string   `default:"en" enum:"nl,fr,de,en" help:"Language of what is said about it: nl, fr, de or en."`
	Out        string   `default:"." placeholder:"DIR" help:"Folder for questionnaire.yaml, answers.csv and mapping.yaml."`
}

// Run writes all files or none, and says everything that could not be taken over.
func (c *limesurveyCommand) Run(ctx context.Context, s *Streams) error {
	src, err := readBounded(c.File, limesurvey.MaxBytes)
	if err != nil {
		return refused(fmt.Errorf("the structure could not be read: %w", err))
	}
	survey, err := limesurvey.Read(c.File, src, limesurvey.Options{Background: c.Background})
	if err != nil {
		return refusedProblem(err)
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return notWritten(err)
	}
	files := []output{{"questionnaire.yaml", survey.YAML}}
	var stages []staged
	var got *limesurvey.Responses
	if c.Responses != "" {
		var answers staged
		if answers, got, err = c.convert(ctx, survey); err != nil {
			return refusedProblem(err)
		}
		stages = append(stages, answers)
		var mapping bytes.Buffer
		if _, err := got.Mapping.WriteTo(&mapping); err != nil {
			return errors.Join(err, discard(stages))
		}
		files = append(files, output{"mapping.yaml", mapping.Bytes()})
	}
	for _, f := range files {
		st, err := stage(filepath.Join(c.Out, f.name), func(w io.Writer) error { _, err := w.Write(f.bytes); return err })
		if err != nil {
			return errors.Join(err, discard(stages))
		}
		stages = append(stages, st)
	}
	if err := place(stages); err != nil {
		return err
	}
	c.tell(s, survey, got)
	for _, st := range stages {
		_, _ = fmt.Fprintln(s.Out, st.path)
	}
	return nil
}

// convert writes the answers under a temporary name.
func (c *limesurveyCommand) convert(ctx context.Context, survey *limesurvey.Survey) (staged, *limesurvey.Responses, error) {
	f, err := os.Open(c.Responses)
	if err != nil {
		return staged{}, nil, refused(fmt.Errorf("the responses could not be read: %w", err))
	}
	defer f.Close() //nolint:errcheck // only read from
	var got *limesurvey.Responses
	st, err := stage(filepath.Join(c.Out, "answers.csv"), func(w io.Writer) (err error) {
		got, err = survey.Convert(ctx, c.Responses, f, w, limesurvey.ResponseOptions{Incomplete: c.Incomplete, MaxBytes: 1 << 40})
		return err
	})
	return st, got, err
}

// tell says what was taken over and what was not.
func (c *limesurveyCommand) tell(s *Streams, survey *limesurvey.Survey, got *limesurvey.Responses) {
	for _, n := range survey.Notes {
		_, _ = fmt.Fprintln(s.Err, n.In(instrument.Lang(c.Lang)))
	}
	if got != nil {
		for _, line := range got.Lines(instrument.Lang(c.Lang)) {
			_, _ = fmt.Fprintln(s.Err, line)
		}
	}
	hint := "tekentafel check-instrument " + filepath.Join(c.Out, "questionnaire.yaml")
	if got != nil {
		hint = strings.Join([]string{"tekentafel analyse --instrument", filepath.Join(c.Out, "questionnaire.yaml"), "--data", filepath.Join(c.Out, "answers.csv"),
			"--mapping", filepath.Join(c.Out, "mapping.yaml")}, " ")
	}
	_, _ = fmt.Fprintf(s.Err, "%d questions, %d remarks. Next: %s\n", questions(survey.Instrument), len(survey.Notes), hint)
}

// refusedProblem makes what is wrong with a file a refusal; other errors stay what they are.
func refusedProblem(err error) error {
	var p *limesurvey.Problem
	if errors.As(err, &p) {
		return refused(err)
	}
	return err
}
