package closing

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/spreadsheet"
	"tekentafel/internal/survey/wave"
)

// Question is an open question with how many texts there are to read.
type Question struct {
	ID      string
	Wording instrument.Text
	Texts   int // 0 where fewer than k people wrote, or nobody
	Hidden  int
}

// Text is one open answer.
type Text struct {
	ID       string
	Text     string
	Hidden   bool
	Redacted bool // words were taken out
	Marks    []Mark
}

// open returns a wave whose open answers actor may read, once nothing links them to anybody.
func (s *Service) open(ctx context.Context, actor access.Actor, waveID string) (wave.Wave, error) {
	if err := allow(actor, access.ReadTexts); err != nil {
		return wave.Wave{}, err
	}
	r := s.DB.Of(actor.Tenant)
	w, err := wave.One(ctx, r, waveID)
	if err != nil {
		return wave.Wave{}, err
	}
	if w.State != wave.Closed && w.State != wave.Published {
		return wave.Wave{}, refuse(problem.Conflict, "error.not-closed", nil)
	}
	there, err := sealedYet(ctx, r, waveID)
	if err == nil && there {
		err = refuse(problem.Conflict, "error.not-closed", nil)
	}
	return w, err
}

// Questions lists the open questions of a wave.
func (s *Service) Questions(ctx context.Context, actor access.Actor, waveID string) (wave.Wave, []Question, error) {
	w, err := s.open(ctx, actor, waveID)
	if err != nil {
		return w, nil, err
	}
	r := s.DB.Of(actor.Tenant)
	_, in, err := s.questionnaire(ctx, r, &w)
	if err != nil {
		return w, nil, err
	}
	all, hidden, err := countTexts(ctx, r, waveID)
	if err != nil {
		return w, nil, err
	}
	var list []Question
	for i := range in.Items {
		if it := &in.Items[i]; it.Kind == instrument.OpenText {
			list = append(list, Question{ID: it.ID, Wording: it.Question, Texts: all[it.ID], Hidden: hidden[it.ID]})
		}
	}
	return w, list, nil
}

// Search says which texts one looks for.
type Search struct {
	Words  string // all of them stand in the text; capitals do not count
	Hidden bool   // those that were hidden, instead of those that are shown
	Marked bool   // only those with a mark
}

// Texts lists the texts of a question in an order that says nothing: that of their random ids.
func (s *Service) Texts(ctx context.Context, actor access.Actor, waveID, item string, search Search) (wave.Wave, Question, []Text, error) {
	w, questions, err := s.Questions(ctx, actor, waveID)
	if err != nil {
		return w, Question{}, nil, err
	}
	i := slices.IndexFunc(questions, func(q Question) bool { return q.ID == item })
	if i < 0 {
		return w, Question{}, nil, db.ErrNoRow
	}
	rows, err := textsOf(ctx, s.DB.Of(actor.Tenant), waveID, item)
	if err != nil {
		return w, questions[i], nil, err
	}
	words := strings.Fields(strings.ToLower(search.Words))
	var list []Text
	for _, row := range rows {
		if row.hidden != search.Hidden || !holds(row.text, words) {
			continue
		}
		t := textOf(row)
		if search.Marked && len(t.Marks) == 0 {
			continue
		}
		list = append(list, t)
	}
	return w, questions[i], list, nil
}

func holds(text string, words []string) bool {
	text = strings.ToLower(text)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

func textOf(row textRow) Text {
	return Text{ID: row.id, Text: row.text, Hidden: row.hidden, Redacted: row.redacted, Marks: Marks(row.text)}
}

// Text returns one text.
func (s *Service) Text(ctx context.Context, actor access.Actor, waveID, item, textID string) (Text, error) {
	if _, err := s.open(ctx, actor, waveID); err != nil {
		return Text{}, err
	}
	row, err := oneText(ctx, s.DB.Of(actor.Tenant), waveID, item, textID)
	return textOf(row), err
}

// Hide takes a text out of what is shown and exported, or puts it back. Doing it again changes nothing.
func (s *Service) Hide(ctx context.Context, actor access.Actor, waveID, item, textID string, hide bool) error {
	entry := "text.shown"
	if hide {
		entry = "text.hidden"
	}
	return s.change(ctx, actor, waveID, item, textID, entry, func(tx *db.Scope, row textRow) (bool, error) {
		return setHidden(ctx, tx, waveID, item, textID, hide)
	})
}

// Redact puts a text in the place of one that was read as was, with words taken out: only stretches that are replaced by
// "[…]" or another placeholder. What stood there is overwritten.
func (s *Service) Redact(ctx context.Context, actor access.Actor, waveID, item, textID, was, becomes string) error {
	becomes = strings.ReplaceAll(becomes, "\r\n", "\n")
	return s.change(ctx, actor, waveID, item, textID, "text.redacted", func(tx *db.Scope, row textRow) (bool, error) {
		if was != "" && row.text != was {
			return false, refuse(problem.Conflict, "error.changed", nil)
		}
		if row.text == becomes {
			return false, nil
		}
		if !onlyTakesOut(row.text, becomes) {
			form := problem.Form{Bundle: locale()}
			form.Wrong("text", "error.only-out", nil)
			return false, form.Err()
		}
		return setText(ctx, tx, waveID, item, textID, row.text, becomes)
	})
}

// RedactMarks takes every marked stretch out of a text.
func (s *Service) RedactMarks(ctx context.Context, actor access.Actor, waveID, item, textID string) error {
	t, err := s.Text(ctx, actor, waveID, item, textID)
	if err != nil || len(t.Marks) == 0 {
		return err
	}
	return s.Redact(ctx, actor, waveID, item, textID, t.Text, withoutMarks(t.Text))
}

// change makes a change to one text. The log tells of it without the text.
func (s *Service) change(ctx context.Context, actor access.Actor, waveID, item, textID, entry string, do func(*db.Scope, textRow) (bool, error)) error {
	if _, err := s.open(ctx, actor, waveID); err != nil {
		return err
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		row, err := oneText(ctx, tx.Reader, waveID, item, textID)
		if err != nil {
			return err
		}
		changed, err := do(tx, row)
		if err != nil || !changed {
			return err
		}
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: entry, Subject: waveID, Detail: map[string]string{"question": item, "text": textID}})
	})
}

// Export writes the texts of a question that are shown, one a line, as CSV that no spreadsheet reads a formula in.
func (s *Service) Export(ctx context.Context, actor access.Actor, waveID, item string, lang instrument.Lang, w io.Writer) error {
	_, q, list, err := s.Texts(ctx, actor, waveID, item, Search{})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	rows := [][]string{{spreadsheet.Guard(q.Wording.In(lang))}}
	for _, t := range list {
		rows = append(rows, []string{spreadsheet.Guard(t.Text)})
	}
	if err := errors.Join(out.WriteAll(rows), out.Error()); err != nil {
		return fmt.Errorf("write the open answers: %w", err)
	}
	return nil
}
