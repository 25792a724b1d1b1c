package insight

import (
	"context"
	"errors"
	"strings"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// view is a month in full, as everyone may see it, with what things are called.
type view struct {
	words
	month  Month
	closed time.Time
	months []Month // that are closed, the last first
	*Figures
	names map[string]string // of items, by kind and id
	all   []Reached         // the months below each other, on the page
}

// words writes in one language.
type words struct {
	*i18n.Printer
	lang instrument.Lang
	zone *time.Location
}

func (s *Service) words(lang instrument.Lang) words {
	return words{locale().Printer(lang), lang, s.Zone}
}

func (w words) say(key string) string { return w.T(key, nil) }

// with fills in pairs of a name and a text.
func (w words) with(key string, pairs ...string) string {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return w.T(key, a)
}

// monthName writes a month within a sentence: november 2026.
func (w words) monthName(m Month) string {
	_, name, _ := strings.Cut(w.Date(m.start(time.UTC)), " ") // without the day
	if w.lang == instrument.EN {
		name = m.start(time.UTC).Format("January 2006")
	}
	return name
}

// people writes a number of people.
func (w words) people(p People) string {
	if p.AtLeast {
		return w.with("people.least", "n", w.Int(p.N))
	}
	return w.with("people.about", "n", w.Int(p.N))
}

// read returns a closed month; "" is the last one. It is a problem of kind NotFound when there is no such month, and nil without an error when none is closed.
func (s *Service) read(ctx context.Context, t tenant.ID, m Month, lang instrument.Lang) (*view, error) {
	v := &view{words: s.words(lang), month: m}
	var err error
	if v.months, err = s.closedMonths(ctx, t); err != nil {
		return nil, err
	}
	if m == "" {
		if len(v.months) == 0 {
			return v, nil
		}
		v.month = v.months[0]
	}
	v.Figures, v.closed, err = s.figures(ctx, t, v.month)
	if isNone(err) {
		return nil, problem.New(problem.NotFound, locale(), "error.month", nil)
	}
	if err != nil {
		return nil, err
	}
	v.names = map[string]string{}
	for _, kind := range kinds() {
		for _, item := range v.items(kind) {
			v.names[kind+item.ID] = s.nameOf(ctx, t, v.words, kind, item.ID)
		}
	}
	return v, nil
}

func isNone(err error) bool { return errors.Is(err, db.ErrNoRow) }

// kinds are the tables of items, in the order in which they are shown.
func kinds() []string { return []string{"task", "model", "outcome", "found"} }

func (v *view) items(kind string) []Item {
	switch kind {
	case "task":
		return v.Tasks
	case "model":
		return v.Models
	case "outcome":
		return v.Outcomes
	}
	return v.Found
}

// nameOf says what something is called.
func (s *Service) nameOf(ctx context.Context, t tenant.ID, w words, kind, id string) string {
	name := ""
	switch {
	case id == other:
		return w.say("beyond." + kind)
	case kind == "outcome" && w.Has("outcome."+id):
		return w.say("outcome." + id)
	case kind == "found":
		if p := guard.Texts().Printer(w.lang); p.Has("type." + id) {
			return p.T("type."+id, nil)
		}
	case kind == "model" && s.Names != nil:
		name = s.Names.Model(ctx, t, id, w.lang)
	case kind == "task" && s.Names != nil:
		name = s.Names.Task(ctx, t, id, w.lang)
	}
	if name == "" {
		return id
	}
	return name
}

// groupName says what a group is called.
func (v *view) groupName(kind string, g *Group) string {
	switch {
	case g.ID == "":
		return v.say("group.none-" + kind)
	case g.Name == "":
		return v.say("group.gone")
	}
	return g.Name
}
