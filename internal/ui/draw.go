package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"tekentafel/internal/chart"
	"tekentafel/internal/instrument"
)

// drawing renders a chart in its layouts.
func drawing(f Figure, lang instrument.Lang) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return chart.Draw(w, chart.Frame{ID: ident(f.ID), Title: f.Title, Description: f.Description, Lang: string(lang)}, f.Chart)
	})
}

// rowAction is an action in a line of a list: it looks like a link and says what it is about.
func rowAction(a Action, about string) Action {
	if a.Kind == Ink {
		a.Kind = Plain
	}
	if a.About == "" {
		a.About = about
	}
	return a
}

func rowName(r Row) string {
	if len(r.Cells) == 0 {
		return ""
	}
	return r.Cells[0].Text
}

// asInline sets a form between words and buttons.
func asInline(f FormSpec) FormSpec {
	f.Class = "inline-form " + f.Class
	return f
}

// asFilters makes a form one that asks, in a line.
func asFilters(f FormSpec) FormSpec {
	f.Method, f.Class = "get", "filters "+f.Class
	return f
}
