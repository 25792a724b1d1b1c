package view

import (
	"fmt"
	"io"
	"unicode/utf8"

	"tekentafel/internal/chart"
	"tekentafel/internal/report/story"
	"tekentafel/internal/ui"
)

// FactSheet writes the sheet for staff as one file that needs no other: two A4 pages when printed, a page to scroll on a
// screen. It has room for six questions, five figures and five steps; more are left out.
func FactSheet(w io.Writer, s *story.Story) error {
	if err := writeFile(w, s, s.Sheet.Title, sheetBody(s), ui.Base, ui.Charts, ui.Poster); err != nil {
		return fmt.Errorf("write the fact sheet as HTML: %w", err)
	}
	return nil
}

// front names how tightly the first page must be set, by its letters; large type counts twice.
func front(s story.Sheet) string {
	n := 2 * utf8.RuneCountInString(s.Title)
	for _, question := range first(s.Asked, 6) {
		n += utf8.RuneCountInString(question)
	}
	if len(s.Heard) > 0 {
		n += 2 * utf8.RuneCountInString(s.Heard[0].Text)
	}
	return "front-" + tightness(n, 450, 650)
}

// back names how tightly the second page must be set.
func back(s story.Sheet) string {
	n := utf8.RuneCountInString(s.Privacy) + utf8.RuneCountInString(s.Contact)
	for _, h := range rest(s.Heard) {
		n += utf8.RuneCountInString(h.Text) + 40
	}
	for _, step := range first(s.Doing, 5) {
		n += utf8.RuneCountInString(step) + 30
	}
	return "back-" + tightness(n, 850, 1250)
}

func tightness(letters, some, many int) string {
	switch {
	case letters > many:
		return "2"
	case letters > some:
		return "1"
	}
	return "0"
}

func first(texts []string, n int) []string { return texts[:min(n, len(texts))] }

// rest returns the figures for the second page.
func rest(h []story.Heard) []story.Heard {
	if len(h) < 2 {
		return nil
	}
	return h[1:min(5, len(h))]
}

// heardFrame names the chart of the n-th figure.
func heardFrame(h story.Heard, n int, s *story.Story) chart.Frame {
	return chart.Frame{ID: fmt.Sprintf("heard-%d", n), Title: h.Label, Description: h.Text, Lang: string(s.Lang)}
}
