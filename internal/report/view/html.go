package view

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"

	"tekentafel/internal/chart"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/report/story"
	"tekentafel/internal/ui"
)

const product = ui.Product

// HTML writes the report as one file that needs no other: style sheet, typeface and charts are inside, and its content
// security policy allows no script and no request.
func HTML(w io.Writer, s *story.Story, f *findings.Findings) error {
	if err := writeFile(w, s, s.Title, reportBody(s, f, nil), ui.CSS(ui.Base, ui.Charts, ui.Report)); err != nil {
		return fmt.Errorf("write the report as HTML: %w", err)
	}
	return nil
}

// writeFile renders a body and puts it in a document with its style sheet and typeface.
func writeFile(w io.Writer, s *story.Story, title string, body templ.Component, style string) error {
	ctx := context.Background()
	var b strings.Builder
	if err := body.Render(ctx, &b); err != nil {
		return err
	}
	style = ui.Faces(b.String()) + style
	page := document(string(s.Lang), title, policy(style), style)
	return page.Render(templ.WithChildren(ctx, templ.Raw(b.String())), w)
}

// policy allows the style sheet with exactly these bytes, fonts and images inside the file, and nothing else.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
}

// drawn renders a chart in both layouts.
func drawn(f chart.Frame, c chart.Chart) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return chart.Draw(w, f, c) })
}

// anchor makes an identifier of a story fit for an id attribute and the links and labels that name it.
func anchor(id string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, id)
}

// figureAnchor is the anchor of a figure, which may be named like the chapter that it stands in.
func figureAnchor(id string) string { return "figure-" + anchor(id) }

func headOf(t story.Table, i int) string {
	if i < len(t.Head) {
		return t.Head[i]
	}
	return ""
}

// link leads to a part of the page.
type link struct{ id, words string }

// contentLinks lists the parts of the report; on paper its tables are one of them.
func contentLinks(s *story.Story, p *paper) []link {
	var out []link
	for _, c := range s.Chapters {
		words := c.Short
		if words == "" {
			words = c.Headline
		}
		out = append(out, link{anchor(c.ID), words})
	}
	for _, part := range []struct {
		id, word string
		filled   bool
	}{
		{"actions", story.WordActions, len(s.Actions) > 0},
		{"caveats", story.WordCaveats, len(s.Caveats) > 0},
		{"method", story.WordMethod, len(s.Method) > 0},
		{"data", story.WordData, len(s.Data) > 0},
	} {
		if part.filled {
			out = append(out, link{part.id, s.Words[part.word]})
		}
	}
	if p != nil && len(p.tables) > 0 {
		out = append(out, link{"tables", p.title})
	}
	return out
}

// evidence lists the chapters that an action rests on; an unknown one is left out.
func evidence(a story.Action, s *story.Story) []link {
	var out []link
	for _, id := range a.Evidence {
		for _, c := range s.Chapters {
			if c.ID == id {
				out = append(out, link{anchor(c.ID), c.Short})
			}
		}
	}
	return out
}

// footer says with what the report was made.
func footer(s *story.Story, f *findings.Findings) []string {
	var out []string
	if f.Instrument.ID != "" {
		line := s.Words[story.WordInstrument] + ": " + f.Instrument.ID
		if f.Instrument.Version != "" {
			line += ", " + s.Words[story.WordVersion] + " " + f.Instrument.Version
		}
		out = append(out, line)
	}
	if f.Schema != "" {
		out = append(out, f.Schema)
	}
	if s.Synthetic != "" {
		out = append(out, s.Synthetic)
	}
	return out
}

// onlyRemark returns the words of a row that has no figures but dashes and one remark, such as why it is hidden; "" for others.
func onlyRemark(row []string) string {
	why, dashes := "", 0
	for i, cell := range row {
		switch {
		case i == 0:
		case cell == "–":
			dashes++
		case why != "":
			return ""
		default:
			why = cell
		}
	}
	if dashes < 2 || dashes != len(row)-2 {
		return ""
	}
	return why
}

// wordJoiner forbids a line break where it stands; nobody sees it.
const wordJoiner = "\u2060"

// unbroken keeps compounds with a percentage, such as "95 %-interval" or "95-%-Intervall", on one line.
func unbroken(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "-%", "-"+wordJoiner+"%"), "%-", "%-"+wordJoiner)
}
