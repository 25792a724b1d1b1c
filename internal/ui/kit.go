package ui

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"tekentafel/internal/chart"
)

// Kind is how much a button asks for attention.
type Kind int

// The kinds of buttons.
const (
	Ink    Kind = iota // the main action of a form
	Next               // the one next step of a page, in the marker's colour; at most one a page
	Quiet              // any other action
	Danger             // it takes something away for good
	Plain              // a link among buttons
)

// Action is a button. With Href it is a link that looks like one, without Href it submits its form.
type Action struct {
	Label    string
	About    string // read aloud behind the label where several buttons share it: "Verwijderen, Schrijven met AI"
	Href     string
	Kind     Kind
	Download bool
	Name     string // what a submit button sends
	Value    string
	Form     string // the id of the form that a submit button outside it belongs to
	Dialog   string // the id of the ConfirmDialog that opens where scripts run; Href is the page that asks the same
	Disabled bool
	Attrs    templ.Attributes
}

func (a Action) class() string {
	switch a.Kind {
	case Next:
		return "button next-step"
	case Quiet:
		return "button quiet"
	case Danger:
		return "button danger"
	case Plain:
		return "plain"
	default:
		return "button"
	}
}

func (a Action) attrs() templ.Attributes {
	out := templ.Attributes{}
	for _, p := range []NameValue{{"name", a.Name}, {"value", a.Value}, {"form", a.Form}, {"data-dialog", a.Dialog}} {
		if p.Value != "" && (a.Href == "" || p.Name == "data-dialog") {
			out[p.Name] = p.Value
		}
	}
	for name, value := range a.Attrs {
		out[name] = value
	}
	return out
}

// Tone is what a tag or a notice means.
type Tone int

// The tones.
const (
	Info    Tone = iota
	Success      // agreed, done
	Warning      // it waits for somebody, or needs care
	Failure      // it did not work
	Muted        // of little weight now, such as a draft
)

func (t Tone) class() string {
	switch t {
	case Success:
		return "ok"
	case Warning:
		return "wait"
	case Failure:
		return "wrong"
	case Muted:
		return "muted"
	default:
		return "info"
	}
}

func (t Tone) word() Word {
	switch t {
	case Success:
		return WordNoticeSuccess
	case Warning:
		return WordNoticeWarning
	case Failure:
		return WordNoticeError
	default:
		return WordNoticeInfo
	}
}

// role makes a screen reader read a failure at once and the rest when it is idle.
func (t Tone) role() string {
	if t == Failure {
		return "alert"
	}
	return "status"
}

// Notice says what just happened, or what one has to know here.
type Notice struct {
	Tone    Tone
	Title   string // "" for the word of its tone
	Text    string
	Actions []Action
}

// Task is a line of what waits for somebody.
type Task struct {
	Title, Href string
	Text        string // why, or what it brings
	Tag         string
	Tone        Tone // of the tag
}

// Tile is a short figure that leads on, with a bar when it is a part of a whole.
type Tile struct {
	Title, Href string
	Big         string // a large figure, or ""
	Text        string
	Bar         *Bar
}

// Bar is a part of a whole, 0 to 1, with what it stands for.
type Bar struct {
	Share float64
	Label string // read aloud
}

// Percent returns the whole percents of the bar, 0 to 100.
func (b Bar) Percent() string { return strconv.Itoa(percent(b.Share)) }

func percent(share float64) int {
	switch {
	case !(share > 0): // also NaN
		return 0
	case share >= 1:
		return 100
	default:
		return int(100 * share)
	}
}

// Empty is what stands where there is nothing yet: what this place is for, and what to do first.
type Empty struct {
	Title, Text string
	Action      *Action
}

// Fact is a line of a summary: a term with its text or its own content, and what can be done with it.
type Fact struct {
	Term    string
	Text    string
	Content templ.Component // instead of Text
	Actions []Action
}

// Pager leads through a long list by keys. An empty address is an end of the list.
type Pager struct {
	Newer, Older string
	Text         string // such as "1–50 van 1.214"
	Sorted       bool   // the list is not in the order of time but in that of names or of what matters most: the links say so
	Attrs        templ.Attributes
}

// before says where the way back leads. A list of names without a count is walked by keys: it knows its beginning alone.
func (p Pager) before(ctx context.Context) string {
	switch {
	case !p.Sorted:
		return T(ctx, WordNewer)
	case p.Text == "":
		return T(ctx, WordStart)
	}
	return T(ctx, WordPrevious)
}

func (p Pager) next(ctx context.Context) string {
	if p.Sorted {
		return T(ctx, WordNext)
	}
	return T(ctx, WordOlder)
}

// Confirm asks whether somebody means it.
type Confirm struct {
	ID      string // of the dialog
	Title   string
	Text    string
	Form    FormSpec
	Do      Action // the button that does it
	Cancel  string // address of the page to go back to
	Content templ.Component
}

// Figure is a chart with its title, its caption (n, base, interval, wording) and its figures as a table.
type Figure struct {
	ID, Title, Description string
	Chart                  chart.Chart
	Caption                string
	Table                  *Table
	Downloads              []Action
}
