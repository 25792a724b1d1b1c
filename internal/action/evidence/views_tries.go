package evidence

import (
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
)

func (w words) challenges(t *Trying) section {
	s := section{part: Challenges, lead: w.say("challenges.lead"), none: w.say("challenges.none"), head: w.columns("challenge+", "department+", "people#", "until")}
	for i := range t.Challenges {
		x := &t.Challenges[i]
		where := x.Department
		switch {
		case x.Together:
			where = w.say("challenges.together")
		case where == "":
			where = w.say("challenges.former")
		}
		s.rows = append(s.rows, []string{x.Challenge.In(w.lang), where, w.Int(x.People), w.month(x.Until)})
	}
	return s
}

func (w words) use(t *Trying) section {
	s := section{part: Use, lead: w.say("use.lead"), none: w.say("use.none"), head: w.columns("month", "people+", "days")}
	for i := range t.Use {
		u := &t.Use[i]
		people, days := w.people(u.Count, u.GroupSize), ""
		if !u.Few && !u.Held {
			key := "use.about"
			if u.AtLeast {
				key = "use.least"
			}
			people, days = w.with(key, "n", people), w.with("use.about", "n", w.Int(u.Days))
			if u.Of > 0 {
				people = w.with("reach.of", "n", people, "of", w.Int(u.Of))
			}
		}
		s.rows = append(s.rows, []string{w.month(u.Month), people, days})
	}
	return s
}

func (w words) agreements(a *Agreements) section {
	s := section{part: Agreed, lead: w.say("agreements.lead"), head: w.columns("subject", "how+", "since")}
	since := w.say("agreements.shipped")
	if a.Guard.Since != nil {
		since = w.day(*a.Guard.Since)
		if len(a.Guard.By) > 0 {
			since = w.with("agreements.set", "day", since, "who", w.roles(a.Guard.By))
		}
	}
	limits := w.say("agreements.no-limits")
	if len(a.Limits) > 0 {
		var of []string
		for _, kind := range a.Limits {
			of = append(of, w.say("limit."+kind))
		}
		limits = w.with("agreements.limits", "whom", w.And(of))
	}
	shadow := w.say("agreements.no-shadow")
	if n := a.Shadow.Weeks; n > 0 {
		shadow = w.N("agreements.shadow", n, i18n.Args{"n": w.Int(n), "first": w.week(a.Shadow.First), "last": w.week(a.Shadow.Last)})
	}
	examples := w.say("agreements.no-examples")
	if n := a.Examples; n > 0 {
		examples = w.N("agreements.examples", n, i18n.Args{"n": w.Int(n)})
	}
	s.rows = [][]string{{w.say("about.guard"), w.guarding(a.Guard.Types), since}, {w.say("about.limits"), limits, ""}, {w.say("about.shadow"), shadow, ""}, {w.say("about.examples"), examples, ""}}
	return s
}

// guarding says what becomes of which types, a line for each of what can become of them.
func (w words) guarding(types []Guarded) string {
	var lines []string
	for _, does := range everyDoes() {
		var names []string
		for i := range types {
			if types[i].Does == does {
				names = append(names, w.Inside(types[i].Name.In(w.lang)))
			}
		}
		if len(names) > 0 {
			lines = append(lines, w.with("does."+string(does), "types", strings.Join(names, ", ")))
		}
	}
	return strings.Join(lines, "\n")
}

// roles names the roles of who decided.
func (w words) roles(list []instrument.Text) string {
	var out []string
	for _, r := range list {
		out = append(out, r.In(w.lang))
	}
	return w.And(out)
}

// month writes a month: "oktober 2026".
func (w words) month(m string) string {
	t, err := time.Parse("2006-01", m)
	if err != nil {
		return m
	}
	_, name, _ := strings.Cut(w.Date(t), " ") // without the day
	return name
}

// week writes a week: "week 48 van 2026".
func (w words) week(iso string) string {
	year, number, ok := strings.Cut(iso, "-W")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return iso
	}
	return w.with("week", "n", w.Int(n), "year", year)
}
