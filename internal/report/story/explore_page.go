package story

import (
	"tekentafel/internal/report/findings"
)

// Keys of Exploration.Words: the fixed words around an exploration.
const (
	WordExploreVariable = "variable" // label of the filter by background variable
	WordExploreGroup    = "group"    // label of the filter by group
	WordExploreTopic    = "topic"    // label of the filter by topic
	WordExploreQuestion = "question" // label of the filter by question
	WordExploreShow     = "show"     // button of the filters
	WordExploreFilters  = "filters"  // name of the form
	WordExploreGroups   = "groups"   // heading of the list of groups
	WordExploreNotes    = "notes"    // heading of Exploration.Notes
)

// exploreWords fills the fixed words around an exploration, with those that it shares with the report.
func (t *teller) exploreWords() map[string]string {
	words := map[string]string{
		WordExploreVariable: t.say("explore.variable", nil), WordExploreGroup: t.say("explore.group", nil),
		WordExploreTopic: t.say("explore.topic", nil), WordExploreQuestion: t.say("explore.question", nil),
		WordExploreShow: t.say("explore.show", nil), WordExploreFilters: t.say("explore.filters", nil),
		WordExploreGroups: t.say("explore.groups", nil), WordExploreNotes: t.say("explore.notes", nil),
	}
	for _, key := range []string{WordShowAsTable, WordContents, WordSummary} {
		words[key] = t.say("word."+key, nil)
	}
	return words
}

// filters lists what can be chosen instead.
func (v *visit) filters(e *Exploration) {
	for _, g := range v.f.Groups {
		e.Variables = append(e.Variables, Choice{ID: g.Variable, Label: v.variable(g.Variable), Chosen: g.Variable == v.sel.By})
	}
	e.Groups = []Choice{{Label: v.say("explore.all-groups", nil), Chosen: v.group == nil}}
	for i := range v.grouping.Values {
		g := &v.grouping.Values[i]
		c := Choice{ID: g.Value, Label: v.groupName(g), Hidden: g.Suppressed, Chosen: g == v.group}
		if g.Suppressed {
			c.Note = v.tooFew()
		} else {
			c.Note = v.p.N("explore.size", g.N, args{"n": v.p.Int(g.N)})
		}
		e.Groups = append(e.Groups, c)
	}
	e.Topics = []Choice{{Label: v.say("explore.all-topics", nil), Chosen: v.topic == nil}}
	for _, tp := range v.x.topics() {
		chosen := v.topic != nil && v.topic.id == tp.id
		if chosen || tp.id == testTopic || len(v.brokenDown(&tp, true)) > 0 {
			e.Topics = append(e.Topics, Choice{ID: tp.id, Label: v.say(tp.id+".short", nil), Chosen: chosen})
		}
	}
	if v.topic == nil {
		return
	}
	e.Questions = []Choice{{Label: v.say("explore.all-questions", nil), Chosen: v.sel.Question == ""}}
	for _, q := range v.brokenDown(v.topic, true) {
		e.Questions = append(e.Questions, Choice{ID: q.ID, Label: v.label(q), Chosen: q.ID == v.sel.Question})
	}
}

// heading says what is to be seen.
func (v *visit) heading() (title, lead string) {
	if v.group == nil {
		return v.say("explore.title-by", args{"by": v.by}), v.prose(v.say("explore.lead-by", args{"by": v.by}), v.weighting(), v.groupSize())
	}
	title = v.say("explore.title-one", args{"group": v.p.Quote(v.name)})
	a := args{"group": v.p.Quote(v.name), "n": v.p.Int(v.group.N), "all": v.p.Int(v.f.Respondents)}
	if v.group.Suppressed {
		return title, v.groupSize()
	}
	return title, v.prose(v.p.N("explore.lead-one", v.group.N, a), v.weighting())
}

// groupSize says from how many people on a group is shown.
func (v *visit) groupSize() string {
	if k := v.f.Disclosure.K; k > 0 {
		return v.say("top.group-size", args{"k": v.p.Int(k)})
	}
	return ""
}

// notes tells how to read the figures.
func (v *visit) notes() []string {
	var notes []string
	if v.group != nil {
		notes = append(notes, v.say("explore.note-part", nil), v.say("explore.note-claim", nil))
	} else {
		notes = append(notes, v.say("explore.note-test", nil))
	}
	notes = append(notes, v.say("explore.note-untested", nil), v.say("groups.association", nil))
	if v.anySuppressed() {
		notes = append(notes, v.say("explore.note-hidden", args{"remark": v.p.Quote(v.tooFew())}))
	}
	return notes
}

// anySuppressed tells whether some figure by the chosen variable is hidden.
func (v *visit) anySuppressed() bool {
	for i := range v.f.Shares {
		if s := &v.f.Shares[i]; s.Suppressed && s.Group != nil && s.Group.Variable == v.sel.By {
			return true
		}
	}
	for i := range v.f.Means {
		if m := &v.f.Means[i]; m.Suppressed && m.Group != nil && m.Group.Variable == v.sel.By {
			return true
		}
	}
	return false
}

// nothing says why a selection has no figures.
func (v *visit) nothing() string {
	if v.topic == nil {
		return v.say("explore.empty-variable", args{"by": v.by})
	}
	sensitive := true
	for _, q := range v.topic.questions(v.x, true) {
		sensitive = sensitive && q.Sensitive
	}
	if sensitive {
		return v.say("explore.empty-sensitive", nil)
	}
	return v.say("explore.empty-topic", args{"by": v.by})
}

// sections tells the topics of the selection, each that has figures. Situations of the test are drawn only
// where they are asked for.
func (v *visit) sections() []Section {
	var list []Section
	for _, tp := range v.x.topics() {
		if v.topic != nil && v.topic.id != tp.id {
			continue
		}
		s := Section{ID: tp.id, Title: v.say(tp.id+".short", nil)}
		if tp.id == testTopic {
			s.Lead = v.say("test.lead", nil)
			if v.topic == nil && v.group == nil { // by group they are as many charts as all other topics together
				s.Lead = v.prose(s.Lead, v.say("test.choose", args{"topic": v.p.Quote(s.Title)}))
				list = append(list, s)
				continue
			}
			if v.group == nil && v.sel.Question == "" {
				s.Panels = v.bestOfEveryone(&tp)
			}
		}
		if v.group != nil {
			s.Panels = v.besideEveryone(&tp)
		} else {
			s.Panels = append(s.Panels, v.besideEachOther(&tp)...)
		}
		if len(s.Panels) > 0 {
			list = append(list, s)
		}
	}
	return list
}

// wanted keeps the questions that the selection asks for.
func (v *visit) wanted(list []*findings.Question) []*findings.Question {
	if v.sel.Question == "" {
		return list
	}
	for _, q := range list {
		if q.ID == v.sel.Question {
			return []*findings.Question{q}
		}
	}
	return nil
}
