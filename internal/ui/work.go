package ui

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

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
