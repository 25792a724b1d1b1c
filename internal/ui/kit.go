package ui

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/chart"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
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
	Attrs        templ.Attributes
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

// State is how far a piece of work is.
type State int

// The states of a piece of work.
const (
	Queued State = iota
	Running
	Done
	Failed
)

// Work is a piece of work that takes a while.
type Work struct {
	ID      string // of the panel, for what replaces it
	Title   string
	State   State
	Stage   string // what it is doing now, or what came out
	Share   float64
	Known   bool // Share says how far it is, 0 to 1
	Elapsed time.Duration
	Mend    string           // what to do when it failed
	Refresh string           // address of this page, for those without scripts
	Poll    templ.Attributes // such as hx-get, hx-trigger="every 2s", hx-swap="outerHTML"
	Actions []Action
}

func (w Work) busy() bool { return w.State == Queued || w.State == Running }

func (w Work) tone() Tone {
	switch w.State {
	case Done:
		return Success
	case Failed:
		return Failure
	case Queued:
		return Muted
	default:
		return Info
	}
}

func (w Work) word() Word {
	switch w.State {
	case Done:
		return WordWorkDone
	case Failed:
		return WordWorkFailed
	case Queued:
		return WordWorkQueued
	default:
		return WordWorkRunning
	}
}

// share writes how far the work is: "42 %".
func (w Work) share(lang instrument.Lang) string {
	return messages().Printer(lang).Percent(float64(percent(w.Share)) / 100)
}

// pollAttrs are those of the panel while it waits for more.
func (w Work) pollAttrs() templ.Attributes {
	if w.busy() {
		return w.Poll
	}
	return nil
}

// time says how long the work takes or took; "" below a second.
func (w Work) time(lang instrument.Lang) string {
	if w.Elapsed < time.Second {
		return ""
	}
	word := WordWorkElapsed
	if !w.busy() {
		word = WordWorkTook
	}
	return word.Fill(lang, i18n.Args{"time": Duration(w.Elapsed)})
}

// Duration writes a duration in the signs that all languages share: "45 s", "2 min 5 s", "1 h 10 min".
func Duration(d time.Duration) string {
	const gap = "\u00a0"
	s := int64(d / time.Second)
	switch {
	case s < 60:
		return strconv.FormatInt(s, 10) + gap + "s"
	case s < 600:
		return strconv.FormatInt(s/60, 10) + gap + "min " + strconv.FormatInt(s%60, 10) + gap + "s"
	case s < 3600:
		return strconv.FormatInt(s/60, 10) + gap + "min"
	default:
		return strconv.FormatInt(s/3600, 10) + gap + "h " + strconv.FormatInt(s%3600/60, 10) + gap + "min"
	}
}

// Steps is how far somebody is in a form of several pages.
type Steps struct {
	Labels []string
	Links  []string // where the steps that are done lead back to; "" or short for no link
	At     int      // the current step, from 0
}

func (s Steps) link(i int) string {
	if i < len(s.Links) && i < s.At {
		return s.Links[i]
	}
	return ""
}

func (s Steps) label() string {
	if s.At >= 0 && s.At < len(s.Labels) {
		return s.Labels[s.At]
	}
	return ""
}

func (s Steps) position(lang instrument.Lang) string {
	return WordStepsAt.Fill(lang, i18n.Args{"n": strconv.Itoa(s.At + 1), "total": strconv.Itoa(len(s.Labels))})
}

// Figure is a chart with its title, its caption (n, base, interval, wording) and its figures as a table.
type Figure struct {
	ID, Title, Description string
	Chart                  chart.Chart
	Caption                string
	Table                  *Table
	Downloads              []Action
}
