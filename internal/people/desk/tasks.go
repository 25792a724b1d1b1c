package desk

import (
	"context"
	"slices"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Ranks of tasks, as web.Task has them.
const (
	rankFailed = 12
	rankWaits  = 22
)

// mostWaiting is how many imports that wait are told of.
const mostWaiting = 5

// Tasks says what waits for a person here: files to map, to approve, or that came to nothing.
func (d *Desk) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(access.ImportPeople) {
		return nil, nil
	}
	waiting, err := d.waiting(ctx, r)
	if err != nil {
		return nil, err
	}
	w := in(r.Lang)
	var out []web.Task
	for _, x := range waiting {
		args := i18n.Args{"file": x.v.FileName}
		t := web.Task{Title: w.T("task."+x.key, args), Text: w.say("task." + x.key + "-text"), Href: importAt(x.v.ID), Label: w.say("task." + x.key + "-do"), Tag: w.say("title"), Rank: rankWaits, Tone: ui.Warning}
		if x.key == "failed" {
			t.Rank, t.Tone = rankFailed, ui.Failure
		}
		out = append(out, t)
	}
	return out, nil
}

// waits is an import that waits for a person, and for what.
type waits struct {
	v   store.Import
	key string // columns, look, failed
}

// waiting lists the newest imports that wait for a person.
func (d *Desk) waiting(ctx context.Context, r *web.Request) ([]waits, error) {
	var out []waits
	for state, key := range map[store.ImportState]string{store.Received: "columns", store.Previewed: "look", store.Failed: "failed"} {
		list, err := d.People.Imports(ctx, r.Actor, store.ImportQuery{State: state, Limit: mostWaiting})
		if err != nil {
			return nil, err
		}
		for i := range list {
			v := list[i]
			if state == store.Failed && v.File == "" {
				continue
			}
			if state == store.Received {
				if v, err = d.People.Import(ctx, r.Actor, v.ID); err != nil {
					return nil, err
				}
				reading, err := people.ReadingOf(&v)
				if err != nil {
					return nil, err
				}
				if busy(&v, reading) {
					continue
				}
			}
			out = append(out, waits{v, key})
		}
	}
	slices.SortFunc(out, func(a, b waits) int { return strings.Compare(b.v.ID, a.v.ID) })
	return out[:min(len(out), mostWaiting)], nil
}

// Offers says what a person can do here at any time.
func (d *Desk) Offers(r *web.Request) []ui.Tile {
	w := in(r.Lang)
	switch {
	case r.Can(access.ReadQuality):
		return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("task.offer")}}
	case r.Can(access.SetNational):
		return []ui.Tile{{Title: w.say("settings.title"), Href: settingsAt, Text: w.say("task.offer-settings")}}
	}
	return nil
}
