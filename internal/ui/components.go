package ui

import (
	"context"
	"embed"
	"io"
	"net/url"
	"sync"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

//go:embed samples
var samples embed.FS

// sampleTexts reads the texts of the page of components once.
var sampleTexts = sync.OnceValue(func() *i18n.Bundle { return i18n.New(samples, "samples") })

// here is the address of the page of components; what its samples link to stays on it.
const here = "/components"

// gallery makes the samples of the page of components in one language.
type gallery struct {
	lang instrument.Lang
	say  func(key string) string
}

// ComponentsPage shows every component in its states: to choose from, and to test in a browser. It has a small script-free
// life of its own: its links and forms lead back to /components.
func ComponentsPage(lang instrument.Lang) templ.Component {
	p := sampleTexts().Printer(lang)
	g := gallery{lang: p.Lang, say: func(key string) string { return p.T(key, nil) }}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return Shell(g.page()).Render(templ.WithChildren(ctx, g.everything()), w)
	})
}

func (g gallery) page() Page {
	link := func(key string) Link { return Link{Label: g.say(key), Href: here} }
	page := Page{
		Live: true,
		Lang: g.lang, Title: g.say("title"), Kicker: g.say("kicker"), Lead: g.say("lead"), Cover: true,
		Actions:      []Action{{Label: g.say("next-step"), Href: "#buttons", Kind: Next}, {Label: g.say("print-cards"), Href: "#fields", Kind: Plain}},
		Organisation: g.say("organisation"), Who: g.say("who"), Account: []Link{link("profile"), link("sessions")}, SignOut: here,
		Synthetic: true, Crumbs: []Link{link("organisation"), link("help")}, Home: here,
		Footer: []Link{link("help"), link("accessibility"), link("privacy")}, Version: "1.0.0",
	}
	for i, key := range []string{"measure", "learn", "try", "agree", "plan"} {
		page.Doors = append(page.Doors, Door{Key: key, Href: here, Label: g.say("door-" + key), Current: i == 0})
	}
	for _, lang := range instrument.Languages() {
		page.Languages = append(page.Languages, Language{Lang: lang, Href: here + "?lang=" + string(lang), Current: lang == g.lang})
	}
	return page
}

// clean and search are forms before anything was sent; wrong is one that came back.
func (g gallery) clean() *FormState { return &FormState{ID: "clean", Once: "0123456789abcdef"} }

func (g gallery) search() *FormState { return &FormState{ID: "search"} }

func (g gallery) wrong() *FormState {
	s := &FormState{ID: "wrong", Values: url.Values{"email": {"naam@"}, "headcount": {"twaalf"}, "how-often": {"weekly"}}}
	s.Fail("email", g.say("email-error"))
	s.Fail("headcount", g.say("headcount-error"))
	s.Fail("languages", g.say("languages-error"))
	return s
}

func (g gallery) field(key string) Field { return Field{Name: key, Label: g.say(key)} }

func (g gallery) hinted(key string) Field {
	f := g.field(key)
	f.Hint = g.say(key + "-hint")
	return f
}

func (g gallery) departments() Choice {
	return Choice{Field: g.field("department"), Options: []Option{
		{Value: "", Label: WordChoose.In(g.lang)}, {Value: "citizens", Label: g.say("dept-citizens")},
		{Value: "green", Label: g.say("dept-green")}, {Value: "planning", Label: g.say("dept-long")},
	}}
}

func (g gallery) howOften(tiles bool) Choice {
	return Choice{Field: g.hinted("how-often"), Tiles: tiles, Chosen: []string{"weekly"}, Options: []Option{
		{Value: "daily", Label: g.say("daily")}, {Value: "weekly", Label: g.say("weekly")}, {Value: "never", Label: g.say("never")},
		{Value: "rather-not", Label: g.say("rather-not"), Apart: true},
	}}
}

func (g gallery) languageBoxes() Choice {
	c := Choice{Field: g.field("languages"), Chosen: []string{"nl"}}
	for i, lang := range instrument.Languages() {
		o := Option{Value: string(lang), Label: LanguageName(lang)}
		if i == 0 {
			o.Hint = g.say("nl-hint")
		}
		o.Disabled = i == 3
		c.Options = append(c.Options, o)
	}
	return c
}

func (g gallery) yesNo() Choice {
	return Choice{Field: g.field("remind"), Inline: true, Options: YesNo(g.lang)}
}

func (g gallery) tasks() []Task {
	return []Task{
		{Title: g.say("task-1"), Href: here, Text: g.say("task-1-text"), Tag: g.say("tag-wait"), Tone: Warning},
		{Title: g.say("task-2"), Href: here, Text: g.say("task-2-text"), Tag: g.say("tag-ready"), Tone: Success},
	}
}

func (g gallery) tiles() []Tile {
	percent := messages().Printer(g.lang).Percent
	return []Tile{
		{Title: g.say("door-measure"), Href: here, Big: percent(.41), Text: g.say("tile-measure"), Bar: &Bar{Share: .41, Label: g.say("tile-measure")}},
		{Title: g.say("door-learn"), Href: here, Big: percent(.46), Text: g.say("tile-learn"), Bar: &Bar{Share: .46, Label: g.say("tile-learn")}},
		{Title: g.say("door-try"), Href: here, Big: "612", Text: g.say("tile-try"), Bar: &Bar{Share: .21, Label: g.say("tile-try")}},
	}
}

func (g gallery) table() Table {
	remind := []Action{{Label: g.say("remind-do"), Href: here}}
	percent := messages().Printer(g.lang).Percent
	return Table{
		Caption: g.say("table"),
		Columns: []Column{
			{Label: g.say("department"), Sort: here + "?sort=department"}, {Label: g.say("answers"), Numeric: true, Sort: here + "?sort=answers", Sorted: Descending},
			{Label: g.say("rate"), Numeric: true}, {Label: g.say("updated")},
		},
		Rows: []Row{
			{Cells: []Cell{{Text: g.say("dept-citizens"), Href: here}, {Text: "148"}, {Text: percent(.62)}, {Text: "12.05.2026"}}, Actions: remind},
			{Cells: []Cell{{Text: g.say("dept-long"), Href: here}, {Text: "31"}, {Text: percent(.44)}, {Text: "11.05.2026"}}, Actions: remind},
			{Cells: []Cell{{Text: g.say("archive"), Href: here}, {Text: WordTooFew.In(g.lang), Quiet: true}, {Text: "–"}, {Text: "11.05.2026"}}, Actions: remind},
		},
	}
}

func (g gallery) figure() Figure {
	percent := messages().Printer(g.lang).Percent
	row := func(key string, value, low, high float64) chart.Interval {
		return chart.Interval{Label: g.say(key), Value: value, Low: low, High: high, Text: percent(value)}
	}
	return Figure{
		ID: "use", Title: g.say("chart"), Description: g.say("chart-about"), Caption: g.say("chart-caption"),
		Chart: chart.Intervals{Max: 1, Percent: true, Rows: []chart.Interval{
			row("dept-citizens", .62, .55, .69), row("dept-green", .16, .11, .22), {Label: g.say("archive"), Hidden: WordTooFew.In(g.lang) + " (< 10)"},
		}},
		Table: &Table{
			Caption: g.say("chart"), HideCaption: true, Columns: []Column{{Label: g.say("department")}, {Label: g.say("share"), Numeric: true}},
			Rows: []Row{{Cells: Texts(g.say("dept-citizens"), percent(.62))}, {Cells: Texts(g.say("dept-green"), percent(.16))}},
		},
		Downloads: []Action{{Label: WordDownload.In(g.lang), About: g.say("chart"), Href: here, Kind: Quiet}},
	}
}

func (g gallery) works() []Work {
	title := g.say("work-title")
	return []Work{
		{ID: "work-queued", Title: title, State: Queued, Stage: g.say("work-queued"), Refresh: here},
		{ID: "work-running", Title: title, State: Running, Stage: g.say("work-stage"), Share: .42, Known: true, Elapsed: 125 * time.Second, Refresh: here,
			Actions: []Action{{Label: WordCancel.In(g.lang), Href: here, Kind: Quiet}}},
		{ID: "work-unknown", Title: title, State: Running, Stage: g.say("work-stage"), Elapsed: 9 * time.Second},
		{ID: "work-done", Title: title, State: Done, Stage: g.say("work-done"), Elapsed: 190 * time.Second, Actions: []Action{{Label: g.say("work-open"), Href: here}}},
		{ID: "work-failed", Title: title, State: Failed, Stage: g.say("work-failed"), Mend: g.say("work-mend"), Actions: []Action{{Label: g.say("work-again"), Href: here, Kind: Quiet}}},
	}
}

func (g gallery) confirm() Confirm {
	return Confirm{
		ID: "delete-draft", Title: g.say("confirm"), Text: g.say("confirm-text"), Form: g.form(nil),
		Do: Action{Label: WordDelete.In(g.lang), Kind: Danger}, Cancel: here,
	}
}

// form is a form that leads back to the page.
func (g gallery) form(s *FormState) FormSpec { return FormSpec{State: s, Method: "get", Action: here} }
