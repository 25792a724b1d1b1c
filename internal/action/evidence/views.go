package evidence

import (
	"strings"

	"tekentafel/internal/action"
	"tekentafel/internal/action/paper"
	"tekentafel/internal/docx"
)

// section is a part as a table, with what stands above it.
type section struct {
	part  Part
	lead  string
	none  string // said where there are no rows
	head  []column
	rows  [][]string
	lists []list // below the table
}

type column struct {
	label   string
	numeric bool
	width   int
}

type list struct {
	title string
	items []string
}

// sections are the parts as tables, of which every view is made.
func (w words) sections(e *Evidence) []section {
	out := []section{w.systems(), w.audiences(e), w.baselines(e), w.goals(e), w.measures(e)}
	if e.Trying != nil {
		out = append(out, w.challenges(e.Trying), w.use(e.Trying), w.agreements(&e.Trying.Agreements))
	}
	return append(out, w.effects(e), w.reviews(e))
}

func (w words) columns(keys ...string) []column {
	out := make([]column, len(keys))
	for i, k := range keys {
		key, numeric := strings.CutSuffix(k, "#")
		key, wide := strings.CutSuffix(key, "+")
		out[i] = column{label: w.say("column." + key), numeric: numeric, width: 3}
		if wide {
			out[i].width = 6
		}
		if numeric {
			out[i].width = 2
		}
	}
	return out
}

func (w words) systems() section {
	return section{part: Systems, lead: w.say("systems.lead")}
}

func (w words) audiences(e *Evidence) section {
	s := section{part: Audiences, lead: w.say("audiences.lead"), none: w.say("audiences.none"), head: w.columns("audience", "people#", "levels+", "factors+")}
	for i := range e.Audiences {
		a := &e.Audiences[i]
		var factors []string
		for _, f := range a.Factors {
			factors = append(factors, f.In(w.lang))
		}
		s.rows = append(s.rows, []string{w.audience(a), w.people(a.Count, e.GroupSize), w.levels(a.Levels), strings.Join(factors, "; ")})
	}
	return s
}

func (w words) baselines(e *Evidence) section {
	s := section{part: Baselines, lead: w.with("baseline.lead", "k", w.Int(e.GroupSize)), none: w.say("baseline.none"), head: w.columns("report+", "day", "answers#", "asked#", "rate#", "instrument+", "weighting")}
	for i := range e.Baselines {
		b := &e.Baselines[i]
		asked, rate := w.say("unknown"), w.say("unknown")
		if b.Population > 0 {
			asked, rate = w.Int(b.Population), w.Percent(b.Rate)
		}
		title := b.Report
		if b.Synthetic {
			title = w.with("baseline.synthetic", "title", title)
		}
		s.rows = append(s.rows, []string{title, w.day(b.Made), w.Int(b.Respondents), asked, rate, w.instrument(b), w.weighting(b.Weighting)})
		s.lists = append(s.lists, list{w.with("baseline.caveats", "title", b.Report), b.Caveats[string(w.lang)]})
	}
	return s
}

// instrument names the questionnaire with its version.
func (w words) instrument(b *Baseline) string {
	name := b.Instrument.In(w.lang)
	switch {
	case name == "":
		return w.say("unknown")
	case b.Version == "":
		return name
	default:
		return w.with("baseline.instrument", "name", name, "version", b.Version)
	}
}

func (w words) weighting(method string) string {
	if key := "weighting." + method; w.Has(key) {
		return w.say(key)
	}
	return w.say("weighting.none")
}

func (w words) goals(e *Evidence) section {
	s := section{part: Goals, lead: w.say("goals.lead"), none: w.say("goals.none"), head: w.columns("action+", "risk+", "figure+", "then", "goal", "by")}
	for i := range e.Goals {
		g := &e.Goals[i]
		what, goal := "", ""
		if g.Figure != nil {
			what, goal = w.action.What(g.Figure), w.action.Goal(&action.Measure{Figure: *g.Figure, Direction: g.Direction, Goal: g.Goal})
		}
		s.rows = append(s.rows, []string{g.Action, g.Risk, what, w.figure(g.Figure), goal, w.action.Day(g.By)})
	}
	return s
}

func (w words) measures(e *Evidence) section {
	s := section{part: Measures, lead: w.say("measures.lead"), none: w.say("measures.none"), head: w.columns("action+", "for", "owner", "period", "state", "material+", "reach+")}
	for i := range e.Measures {
		m := &e.Measures[i]
		var materials, reached []string
		for j := range m.Materials {
			materials = append(materials, w.material(&m.Materials[j]))
		}
		for j := range m.Reach {
			r := &m.Reach[j]
			reached = append(reached, w.with("reach.line", "day", w.action.Day(r.Day), "what", r.What, "audience", w.action.Target(r.Audience), "people", w.reach(r, e.GroupSize)))
		}
		owner := m.Owner
		if owner == "" {
			owner = w.say("nobody")
		}
		state := w.action.State(m.State)
		if m.Reason != "" {
			state += ": " + m.Reason
		}
		s.rows = append(s.rows, []string{m.Title, w.action.Target(m.Audience), owner, w.period(m), state, orNone(w, materials), orNone(w, reached)})
	}
	return s
}

func orNone(w words, list []string) string {
	if len(list) == 0 {
		return w.say("nothing")
	}
	return strings.Join(list, "\n")
}

// period says from when to when a measure runs, or ran.
func (w words) period(m *Measure) string {
	end := m.Due
	if m.Ended != "" {
		end = m.Ended
	}
	switch {
	case m.Starts == "" && end == "":
		return w.say("unknown")
	case end == "":
		return w.with("period.from", "day", w.action.Day(m.Starts))
	case m.Starts == "":
		return w.with("period.until", "day", w.action.Day(end))
	default:
		return w.with("period.both", "from", w.action.Day(m.Starts), "until", w.action.Day(end))
	}
}

func (w words) effects(e *Evidence) section {
	s := section{part: Effects, lead: w.say("effects.lead"), none: w.say("effects.none"), head: w.columns("action+", "figure+", "then", "verdict+")}
	for i := range e.Effects {
		x := &e.Effects[i]
		s.rows = append(s.rows, []string{x.Action, w.action.What(x.Before), w.figure(x.Before), w.action.Effect(&x.full)})
	}
	return s
}

func (w words) reviews(e *Evidence) section {
	s := section{part: Reviews, lead: w.say("reviews.lead"), none: w.say("reviews.none"), head: w.columns("day", "action+", "who", "found+")}
	for i := range e.Reviews {
		r := &e.Reviews[i]
		found := r.Found
		if r.Planned {
			found = w.say("reviews.planned")
		}
		by := r.By
		if by == "" {
			by = w.say("nobody")
		}
		s.rows = append(s.rows, []string{w.action.Day(r.Day), r.Action, by, found})
	}
	return s
}

// blocks are the sections as blocks of a document, each with what it lacks as far as told says so.
func (w words) blocks(e *Evidence, told func(m *Missing) bool) []docx.Block {
	var out []docx.Block
	for _, s := range w.sections(e) {
		title := w.say("part." + string(s.part))
		out = append(out, docx.Heading{Level: 1, Text: title}, docx.Paragraph{Text: docx.Plain(s.lead)})
		switch {
		case len(s.rows) > 0:
			t := docx.Table{Caption: title, Titled: true}
			for _, c := range s.head {
				t.Columns = append(t.Columns, docx.Column{Label: c.label, Numeric: c.numeric})
			}
			for _, r := range s.rows {
				cells := make([]docx.Text, len(r))
				for i, text := range r {
					cells[i] = docx.Plain(text)
				}
				t.Rows = append(t.Rows, cells)
			}
			out = append(out, t)
		case s.none != "":
			out = append(out, docx.Paragraph{Text: docx.Plain(s.none)})
		}
		for _, l := range s.lists {
			if len(l.items) > 0 {
				out = append(out, docx.Heading{Level: 2, Text: l.title}, bullets(l.items))
			}
		}
		var lacks []string
		for i := range e.Missing {
			if e.Missing[i].Part == s.part && told(&e.Missing[i]) {
				lacks = append(lacks, w.missing(&e.Missing[i]))
			}
		}
		if len(lacks) > 0 {
			out = append(out, docx.Heading{Level: 2, Text: w.say("missing")}, bullets(lacks))
		}
	}
	return out
}

func bullets(items []string) docx.Block {
	l := docx.List{}
	for _, i := range items {
		l.Items = append(l.Items, docx.Plain(i))
	}
	return l
}

// document is the evidence on paper.
func (w words) document(e *Evidence) *paper.Document {
	d := &paper.Document{Lang: w.lang, Title: w.say("title"), Subject: w.say("subject"), Organisation: e.Organisation, Made: e.Made, Page: w.say("page"), Of: w.say("of")}
	d.Blocks = []docx.Block{docx.Title{Text: w.say("title"), Subtitle: w.with("made", "day", w.day(e.Made))}}
	if e.Synthetic {
		d.Blocks = append(d.Blocks, docx.Paragraph{Mark: true, Text: docx.Plain(w.say("synthetic"))})
	}
	d.Blocks = append(d.Blocks, w.law(e)...)
	d.Blocks = append(d.Blocks, docx.Contents{Title: w.say("contents")})
	d.Blocks = append(d.Blocks, w.blocks(e, func(*Missing) bool { return true })...)
	return d
}

// law says what the evidence is about, and what is not in it.
func (w words) law(e *Evidence) []docx.Block {
	return []docx.Block{docx.Quote{Text: docx.Plain(e.Law.Asks.In(w.lang))},
		docx.Paragraph{Small: true, Text: docx.Plain(w.with("law", "reference", e.Law.Reference.In(w.lang), "since", w.date(e.Law.Since), "checked", w.date(e.Law.Checked)))},
		docx.Paragraph{Text: docx.Plain(w.with("privacy", "k", w.Int(e.GroupSize)))}}
}
