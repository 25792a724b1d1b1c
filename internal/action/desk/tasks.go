package desk

import (
	"context"

	"tekentafel/internal/action"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Ranks of tasks, as web.Task has them.
const (
	rankLate    = 22
	rankReview  = 26
	rankSoon    = 44
	rankPropose = 33
)

// soon is how many days before its day an action is worth a look.
const soon = 14

// mostTasks bounds how many actions are named one by one.
const mostTasks = 3

// Tasks says what waits for a person here: the actions that they answer for, and for HR those that nobody with an account does, and a new
// report of which nothing was decided yet.
func (d *Desk) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	list, err := d.Actions.List(ctx, r.Actor, action.Query{})
	if err != nil {
		return nil, err
	}
	w, today := in(r), d.Actions.Today()
	var out []web.Task
	others := 0
	for i := range list {
		a := &list[i]
		own := a.Owner.Account == r.Actor.Owner
		if !own && (a.Owner.Account != "" || !r.Can(changes)) {
			continue
		}
		t, is := w.task(a, today)
		switch {
		case !is:
		case own && len(out) < mostTasks:
			out = append(out, t)
		case own || t.Rank == rankLate || t.Rank == rankReview:
			others++
		}
	}
	if others > 0 {
		out = append(out, web.Task{Title: w.n("task.others", others), Text: w.say("task.others-text"), Href: home + "?show=late", Label: w.say("task.others-do"), Tag: w.say("task.tag"), Rank: rankLate, Tone: ui.Info})
	}
	t, is, err := d.undecided(ctx, r, w, list)
	if is {
		out = append(out, t)
	}
	return out, err
}

// task is what waits in one action.
func (w words) task(a *action.Action, today action.Day) (web.Task, bool) {
	task := func(key string, rank int, tone ui.Tone, href string) web.Task {
		return web.Task{Title: w.with("task."+key, "title", a.Title), Text: w.with("task."+key+"-text", "day", w.day(a.Due)), Href: href, Label: w.say("task." + key + "-do"), Tag: w.say("task.tag"), Rank: rank, Tone: tone, About: itemAt(a.ID)}
	}
	switch {
	case a.ToReview(today):
		return task("review", rankReview, ui.Info, itemAt(a.ID)+"/review"), true
	case a.Overdue(today):
		return task("late", rankLate, ui.Info, itemAt(a.ID)), true
	case !a.State.Ended() && a.Due != "" && a.Due <= today.Plus(soon):
		return task("soon", rankSoon, ui.Info, itemAt(a.ID)), true
	}
	return web.Task{}, false
}

// undecided is the newest report when nothing was made of it and nothing put aside.
func (d *Desk) undecided(ctx context.Context, r *web.Request, w words, list []action.Action) (web.Task, bool, error) {
	if !r.Can(changes) {
		return web.Task{}, false, nil
	}
	reports, err := d.reportsOf(ctx, r.Actor)
	if err != nil || len(reports) == 0 {
		return web.Task{}, false, err
	}
	newest := reports[0]
	for i := range list {
		if list[i].From != nil && list[i].From.Report == newest.ID {
			return web.Task{}, false, nil
		}
	}
	asides, err := d.Actions.Asides(ctx, r.Actor, newest.ID)
	if err != nil || len(asides) > 0 {
		return web.Task{}, false, err
	}
	return web.Task{Title: w.with("task.propose", "report", w.Quote(newest.Title)), Text: w.say("task.propose-text"), Href: reportAt(proposalsAt, newest.ID), Label: w.say("task.propose-do"), Tag: w.say("task.tag"),
		Rank: rankPropose, Tone: ui.Info}, true, nil
}
