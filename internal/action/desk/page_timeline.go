package desk

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"tekentafel/internal/action"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// event is something on a day.
type event struct {
	day  action.Day
	kind string // starts, due, ended, review, report
	text string
	href string
	late bool
}

// month is what happens in a month.
type month struct {
	id, title string
	now       bool // today is in it
	events    []event
}

// timelineView is the actions and reports by time.
type timelineView struct {
	words
	tabs   []ui.Link
	months []month
}

func (d *Desk) timeline(w http.ResponseWriter, r *web.Request) error {
	v := timelineView{words: in(r), tabs: d.Tabs(r, timelineAt)}
	list, err := d.Actions.List(r.Context(), r.Actor, action.Query{})
	if err != nil {
		return err
	}
	reports, err := d.reports(r)
	if err != nil {
		return err
	}
	today := d.Actions.Today()
	var events []event
	for i := range list {
		events = append(events, eventsOf(&list[i], today)...)
	}
	for i := range reports {
		events = append(events, event{day: action.DayOf(r.Local(reports[i].Made)), kind: "report", text: reports[i].Title, href: "/reports/" + reports[i].ID})
	}
	v.months = v.byMonth(events, today)
	p := below(r, v.say("timeline.title"))
	p.Lead = v.say("timeline.lead")
	return r.Show(w, p, timelinePage(v))
}

// eventsOf are the days of an action. What ended has no day by which it should have.
func eventsOf(a *action.Action, today action.Day) []event {
	var out []event
	add := func(day action.Day, kind string, late bool) {
		if day != "" {
			out = append(out, event{day: day, kind: kind, text: a.Title, href: itemAt(a.ID), late: late})
		}
	}
	add(a.Starts, "starts", false)
	if a.State.Ended() {
		add(a.Ended, "ended-"+string(a.State), false)
	} else {
		add(a.Due, "due", a.Overdue(today))
	}
	add(a.Review, "review", a.ToReview(today))
	return out
}

// byMonth sorts events and puts them under their months.
func (v *timelineView) byMonth(events []event, today action.Day) []month {
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(strings.Compare(string(a.day), string(b.day)), strings.Compare(a.kind, b.kind), strings.Compare(a.text, b.text))
	})
	var out []month
	for _, e := range events {
		id := string(e.day)[:len("2026-11")]
		if len(out) == 0 || out[len(out)-1].id != id {
			_, name, _ := strings.Cut(v.Date(e.day.Time()), " ") // without the day
			out = append(out, month{id: id, title: v.Opening(name), now: strings.HasPrefix(string(today), id)})
		}
		last := &out[len(out)-1]
		last.events = append(last.events, e)
	}
	return out
}

// heading names a month, and says that it is this one.
func (v *timelineView) heading(m month) string {
	if m.now {
		return v.with("timeline.now", "month", m.title)
	}
	return m.title
}

func (v *timelineView) table(m month) ui.Table {
	t := ui.Table{Caption: m.title, HideCaption: true, Columns: []ui.Column{{Label: v.say("timeline.day")}, {Label: v.say("timeline.what")}, {Label: v.say("column.action")}}}
	for _, e := range m.events {
		what := v.say("timeline." + e.kind)
		if e.late {
			what += " (" + v.say("list.overdue") + ")"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.day(e.day)}, {Text: what}, {Text: e.text, Href: e.href}}})
	}
	return t
}
