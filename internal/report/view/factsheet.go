package view

import (
	"fmt"
	"io"

	"tekentafel/internal/chart"
	"tekentafel/internal/report/story"
	"tekentafel/internal/ui"
)

// FactSheet writes the sheet for staff as one file that needs no other: two A4 pages when printed, a page to scroll on a
// screen. It has room for six questions, five figures and five steps; more are left out. On paper long texts make the
// type smaller and, when that is not enough, the last figures fall away.
func FactSheet(w io.Writer, s *story.Story) error {
	front, back := frontLeaf(s), backLeaf(s)
	style := ui.CSS(ui.Base, ui.Charts, ui.Poster) + posterType(s, front, back)
	if err := writeFile(w, s, s.Sheet.Title, sheetBody(s, front, back), style); err != nil {
		return fmt.Errorf("write the fact sheet as HTML: %w", err)
	}
	return nil
}

func first(texts []string, n int) []string { return texts[:min(n, len(texts))] }

// rest returns the figures for the second page.
func rest(h []story.Heard) []story.Heard {
	if len(h) < 2 {
		return nil
	}
	return h[1:min(maxFigures+1, len(h))]
}

// heardFrame names the chart of the n-th figure.
func heardFrame(h story.Heard, n int, s *story.Story) chart.Frame {
	return chart.Frame{ID: fmt.Sprintf("heard-%d", n), Title: h.Label, Description: h.Text, Lang: string(s.Lang)}
}
