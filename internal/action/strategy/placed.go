package strategy

import (
	"slices"
	"strings"
	"time"

	"tekentafel/internal/action"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/skills/gap"
)

// Telling is what a report says in words, in one language.
type Telling struct {
	Lead     string    `json:"lead"` // response and weighting
	Chapters []Subject `json:"chapters"`
	Caveats  []string  `json:"caveats"`
}

// Subject is what a report says of one subject.
type Subject struct {
	ID       string   `json:"id"` // that of the report's chapter: use, skills, nonuse, support, rules, changes
	Headline string   `json:"headline"`
	Text     []string `json:"text"`
	Tables   []Table  `json:"tables"`
}

// Table is a table of texts. Its first column names the rows.
type Table struct {
	Title string     `json:"title"`
	Head  []string   `json:"head"`
	Rows  [][]string `json:"rows"`
}

// Placed is what stands in the document of a report and its gap, as it was when somebody placed it.
type Placed struct {
	Number int64     `json:"-"`
	Report string    `json:"-"` // id; the report may be gone since
	By     string    `json:"-"` // account; "" when erased
	At     time.Time `json:"-"`

	Title       string                      `json:"title"` // of the report
	Wave        string                      `json:"wave"`
	Made        time.Time                   `json:"made"` // of the report
	K           int                         `json:"k"`    // the smallest group that was shown
	Respondents int                         `json:"respondents"`
	Population  int                         `json:"population,omitempty"`
	Synthetic   bool                        `json:"synthetic,omitempty"`
	Told        map[instrument.Lang]Telling `json:"told"`
	Figures     []Named                     `json:"figures"`
	Behind      []action.Figure             `json:"behind"`         // figures of groups that lie below that of everyone beyond doubt
	Wholes      []action.Figure             `json:"wholes"`         // those of everyone, to which groups were held
	Compared    int                         `json:"compared"`       // figures of groups that were looked at
	More        int                         `json:"more,omitempty"` // figures that lie below too, and are not named
	Reasons     []string                    `json:"reasons"`        // why people do not use AI, by id, the most given first
	Gap         *Skilled                    `json:"gap,omitempty"`
}

// Named is a figure with the name by which texts call it.
type Named struct {
	Name string `json:"name"`
	action.Figure
}

// Skilled is what a gap says.
type Skilled struct {
	Whole  []SkillLine `json:"whole"`
	Places []SkillLine `json:"places"` // groups where training would reach most people below what is asked; their order says nothing
}

// SkillLine is a skill, of everyone or in a group.
type SkillLine struct {
	Skill string          `json:"skill"`
	Name  instrument.Text `json:"name"`
	Group string          `json:"group,omitempty"`
	Basis string          `json:"basis"`
	Base  int             `json:"base"`
	Low   int             `json:"low"` // lowest and highest level that is asked
	High  int             `json:"high"`
	Below *gap.Figure     `json:"below,omitempty"` // share below it
}

// told are the subjects of a report that the document shows.
func told() []string { return []string{"use", "skills", "nonuse", "support", "rules", "changes"} }

// of returns what a report says of a subject in a language.
func (p *Placed) of(lang instrument.Lang, id string) (Subject, bool) {
	t := p.Told[lang]
	i := slices.IndexFunc(t.Chapters, func(s Subject) bool { return s.ID == id })
	if i < 0 {
		return Subject{}, false
	}
	return t.Chapters[i], true
}

// figure returns the figure that texts call by a name, nil when there is none.
func (p *Placed) figure(name string) *action.Figure {
	if p == nil {
		return nil
	}
	for i := range p.Figures {
		if p.Figures[i].Name == name {
			return &p.Figures[i].Figure
		}
	}
	return nil
}

// Kinds of questions that no person answers.
const (
	indicator = "indicator"
	construct = "construct"
	yes       = "yes"
)

// place reads from a report what the document shows. tell gives its words, g is its gap or nil, names are those of the skills.
func place(r *action.Report, f *findings.Findings, tell func(instrument.Lang) Telling, g *gap.Gap, names map[string]instrument.Text) *Placed {
	p := &Placed{Report: r.ID, Title: r.Title, Wave: r.Wave, Made: r.Made, K: f.Disclosure.K, Respondents: f.Respondents, Population: int(f.Wave.Population + .5),
		Synthetic: f.Wave.Synthetic, Told: map[instrument.Lang]Telling{}, Figures: named(f), Reasons: reasons(f)}
	for _, l := range instrument.Languages() {
		t := tell(l)
		t.Chapters = slices.DeleteFunc(slices.Clone(t.Chapters), func(s Subject) bool { return !slices.Contains(told(), s.ID) })
		p.Told[l] = t
	}
	p.behind(f)
	if g != nil {
		p.K = min(p.K, g.K)
		p.Gap = skilled(g, names)
	}
	return p
}

// named are the figures of everyone that a text can call: indicators, scores, and answers to what people were asked about use, support,
// rules and why not. Sensitive ones are not among them.
func named(f *findings.Findings) []Named {
	var out []Named
	add := func(name string, k action.Key) {
		if x, ok := action.Read(f, k); ok && !x.Sensitive {
			out = append(out, Named{name, x})
		}
	}
	for i := range f.Questions {
		q := &f.Questions[i]
		switch {
		case q.Topic == instrument.TopicTest || q.Topic == instrument.TopicBackground:
		case q.Kind == indicator:
			add(q.ID, action.Key{Source: action.FromReport, Item: q.ID, Option: yes})
		case q.Kind == construct:
			add(q.ID, action.Key{Source: action.FromReport, Item: q.ID})
		case slices.Contains([]instrument.Topic{instrument.TopicUse, instrument.TopicSupport, instrument.TopicRules, instrument.TopicNonUse}, q.Topic):
			for _, o := range q.Options {
				if o.Missing == "" {
					add(q.ID+"."+o.ID, action.Key{Source: action.FromReport, Item: q.ID, Option: o.ID})
				}
			}
		}
	}
	return out
}

// reasons are why people do not use AI for their work, by id, the most given first; where nothing is asked of work, of leisure.
func reasons(f *findings.Findings) []string {
	for _, context := range []instrument.Context{instrument.Work, instrument.Leisure, ""} {
		var list []action.Figure
		for i := range f.Questions {
			q := &f.Questions[i]
			if q.Topic != instrument.TopicNonUse || q.Context != context || q.Kind == indicator || q.Kind == construct {
				continue
			}
			for _, o := range q.Options {
				if x, ok := action.Read(f, action.Key{Source: action.FromReport, Item: q.ID, Option: o.ID}); ok && o.Missing == "" {
					list = append(list, x)
				}
			}
		}
		if len(list) == 0 {
			continue
		}
		slices.SortStableFunc(list, func(a, b action.Figure) int {
			if a.Value > b.Value {
				return -1
			}
			if a.Value < b.Value {
				return 1
			}
			return strings.Compare(a.Key.Option, b.Key.Option)
		})
		out := make([]string, len(list))
		for i := range list {
			out[i] = list[i].Key.Option
		}
		return out
	}
	return nil
}

// behind notes in which groups use of AI for work, or a skill, lies below that of everyone beyond doubt: the two intervals do not touch.
// As everyone has the group in it, that is harder to reach than for two groups apart.
func (p *Placed) behind(f *findings.Findings) {
	var keys []action.Key
	for i := range f.Questions {
		q := &f.Questions[i]
		if q.Kind == indicator && q.Topic == instrument.TopicUse && q.Context != instrument.Leisure {
			keys = append(keys, action.Key{Source: action.FromReport, Item: q.ID, Option: yes})
		}
		if q.Kind == construct && q.Topic == instrument.TopicSkills {
			keys = append(keys, action.Key{Source: action.FromReport, Item: q.ID})
		}
	}
	for _, k := range keys {
		whole, ok := action.Read(f, k)
		if !ok || whole.Sensitive {
			continue
		}
		p.Wholes = append(p.Wholes, whole)
		var found []action.Figure
		for i := range f.Groups {
			for j := range f.Groups[i].Values {
				k.Variable, k.Value = f.Groups[i].Variable, f.Groups[i].Values[j].Value
				x, ok := action.Read(f, k)
				if !ok {
					continue
				}
				p.Compared++
				if x.High < whole.Low {
					found = append(found, x)
				}
			}
		}
		named := furthest(found, mostBehind)
		p.Behind, p.More = append(p.Behind, named...), p.More+len(found)-len(named)
	}
}

// mostBehind bounds the groups that are named for one figure.
const mostBehind = 5

// furthest keeps the lowest figures, in the order in which they stand.
func furthest(list []action.Figure, most int) []action.Figure {
	if len(list) <= most {
		return list
	}
	values := make([]float64, len(list))
	for i := range list {
		values[i] = list[i].Value
	}
	slices.Sort(values)
	var out []action.Figure
	for i := range list {
		if list[i].Value <= values[most-1] && len(out) < most {
			out = append(out, list[i])
		}
	}
	return out
}

// whole returns the figure of everyone with which one of a group is compared.
func (p *Placed) whole(k action.Key) *action.Figure {
	for i := range p.Wholes {
		if p.Wholes[i].Key.Item == k.Item && p.Wholes[i].Key.Option == k.Option {
			return &p.Wholes[i]
		}
	}
	return nil
}

// mostPlaces bounds the groups of a gap that the document names.
const mostPlaces = 8

// skilled reads what the document shows of a gap: everyone, and the groups of the first tie in which training would reach most people.
func skilled(g *gap.Gap, names map[string]instrument.Text) *Skilled {
	out := &Skilled{}
	basis := map[string]string{}
	at := map[string]int{}
	for i, m := range g.Skills {
		basis[m.ID], at[m.ID] = string(m.Basis), i
	}
	line := func(skill, group string, s *gap.Standing) SkillLine {
		return SkillLine{Skill: skill, Name: names[skill], Group: group, Basis: basis[skill], Base: s.Base, Low: int(s.RequiredLow), High: int(s.RequiredHigh), Below: s.Below}
	}
	if g.Whole != nil {
		for i, m := range g.Skills {
			if s := &g.Whole.Skills[i]; s.Below != nil {
				out.Whole = append(out.Whole, line(m.ID, "", s))
			}
		}
	}
	for _, kind := range []gap.Kind{gap.ByFamily, gap.ByDepartment, gap.ByFunction} {
		i := slices.IndexFunc(g.Rankings, func(r gap.Ranking) bool { return r.Kind == kind })
		if i < 0 || len(out.Places) > 0 {
			continue
		}
		for _, x := range g.Rankings[i].Places {
			if x.Tie > 1 || len(out.Places) == mostPlaces {
				break
			}
			row, skill := rowOf(g, kind, &x), at[x.Skill]
			if x.Verdict == gap.Enough && row != nil && skill < len(row.Skills) && row.Skills[skill].Below != nil {
				out.Places = append(out.Places, line(x.Skill, row.Name, &row.Skills[skill]))
			}
		}
	}
	if len(out.Whole)+len(out.Places) == 0 {
		return nil
	}
	return out
}

// rowOf returns the group of a place in a ranking, nil when it is not shown.
func rowOf(g *gap.Gap, kind gap.Kind, x *gap.Ranked) *gap.Row {
	for _, h := range gap.Heat(g, kind) {
		if h.Row.Family == x.Family && kind == gap.ByFamily || h.Row.Department == x.Department && kind == gap.ByDepartment || h.Row.Function == x.Function && kind == gap.ByFunction {
			return h.Row
		}
	}
	return nil
}
