package evidence

import (
	"strings"
	"time"

	"tekentafel/internal/action"
	"tekentafel/internal/action/wording"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

// words write in one language: those of this package, and those about actions.
type words struct {
	*i18n.Printer
	lang   instrument.Lang
	action wording.Words
	zone   *time.Location
}

func (s *Service) in(lang instrument.Lang) words {
	return words{locale().Printer(lang), lang, wording.In(lang), s.Zone}
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

// day writes a moment as the day that it is at the organisation.
func (w words) day(t time.Time) string { return w.Date(t.In(w.zone)) }

// date writes a day of content.
func (w words) date(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return w.Date(t)
}

// people writes a number of people: "1.214", "minder dan 10".
func (w words) people(c Count, k int) string {
	if c.Held {
		return w.say("held-back")
	}
	if c.Few {
		return w.with("below-k", "k", w.Int(k))
	}
	return w.Int(c.People)
}

// missing says what is missing.
func (w words) missing(m *Missing) string {
	text := w.say("lack." + string(m.Lack))
	if m.What == "" {
		return text
	}
	return w.with("lack-of", "what", m.What, "lack", text)
}

// levels says what functions ask: "Kritisch 2, Ethisch 2–3 (voorstel)".
func (w words) levels(list []Level) string {
	var out []string
	for i := range list {
		l := &list[i]
		span := w.Int(l.Lowest)
		if l.Highest > l.Lowest {
			span += "–" + w.Int(l.Highest)
		}
		text := l.Name.In(w.lang) + " " + span
		if !l.Decided {
			text = w.with("audience.proposed", "level", text)
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// audience names an audience.
func (w words) audience(a *Audience) string {
	switch {
	case a.Kind == Staff:
		return w.say("audience.staff")
	case a.Name == "":
		return w.say("audience.without")
	default:
		return a.Name
	}
}

// reach says how many took part: "412 van 480".
func (w words) reach(r *Reach, k int) string {
	n := w.people(r.Count, k)
	if r.Of > 0 {
		return w.with("reach.of", "n", n, "of", w.Int(r.Of))
	}
	return n
}

// material says which version: "Basisles AI, versie 1.2".
func (w words) material(m *Material) string {
	if m.Version == "" {
		return w.with("material.none", "name", m.Name)
	}
	return w.with("material.version", "name", m.Name, "version", m.Version)
}

// figure writes a figure with its interval, "" for none.
func (w words) figure(f *action.Figure) string {
	if f == nil {
		return ""
	}
	return w.action.Figure(f)
}
