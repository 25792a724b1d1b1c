package story

import (
	"embed"
	"slices"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

//go:embed locale/*.yaml
var locale embed.FS

// messages are the texts of the story; a language is read when it is first told in.
var messages = i18n.New(locale, "locale")

// Option changes what the findings alone cannot decide.
type Option func(*teller)

// Contact sets whom staff can turn to, on the fact sheet: a full sentence.
func Contact(sentence string) Option { return func(t *teller) { t.contact = sentence } }

// Tell writes the story of f in lang. It is pure: the same findings give the same story.
//
// The rules look at Topic, Context and Kind of the questions, never at their identifiers, so that any instrument can be
// told. Three conventions go a step further, see the file conventions.go.
func Tell(f *findings.Findings, lang instrument.Lang, opts ...Option) Story {
	s, _ := tell(f, lang, opts...)
	return s
}

// teller holds what every rule needs.
type teller struct {
	f       *findings.Findings
	p       *i18n.Printer
	x       *index
	contact string
	warned  map[string]bool // caveats of benchmarks already told
	study   string          // the published study that the chapter last named
}

// args are the placeholders of a message.
type args = i18n.Args

// tell also returns what could not be said: a missing message or placeholder, which is a fault of this package.
func tell(f *findings.Findings, lang instrument.Lang, opts ...Option) (Story, error) {
	t := &teller{f: f, p: messages.Printer(lang), x: indexOf(f), warned: map[string]bool{}}
	for _, o := range opts {
		o(t)
	}
	s := Story{
		Lang:    t.p.Lang,
		Kicker:  t.kicker(),
		Pilot:   t.own(f.Instrument.Pilot),
		Title:   t.title(),
		Lead:    t.lead(),
		Caveats: t.caveats(),
		Method:  t.method(),
		Data:    t.data(),
		Words:   t.words(),
	}
	if f.Wave.Synthetic {
		s.Synthetic = t.say("word.synthetic", nil)
	}
	told := t.chapters()
	for _, c := range told {
		s.Chapters = append(s.Chapters, c.Chapter)
	}
	for _, c := range foremost(told, maxSummary, func(c chapter) bool { return c.summary != "" }) {
		s.Summary = append(s.Summary, c.summary)
	}
	var deeds []deed
	s.Actions, deeds = t.actions()
	s.Sheet = t.sheet(told, deeds)
	return s, t.p.Err()
}

// chapter is a Chapter with what the summary and the fact sheet take from it.
type chapter struct {
	Chapter
	summary string  // its finding in one sentence; "" when there is too little to say
	heard   []Heard // its figures for the fact sheet
	asked   string  // what was asked, for the fact sheet
}

// chapters tells the topics in the order of the report; a topic that was not asked has no chapter.
func (t *teller) chapters() []chapter {
	var list []chapter
	for _, build := range []func() (chapter, bool){
		t.changesChapter, t.useChapter, t.systemsChapter, t.tasksChapter, t.nonUseChapter, t.viewsChapter, t.skillsChapter, t.driversChapter,
		t.supportChapter, t.rulesChapter, t.shadowChapter, t.groupsChapter,
	} {
		if c, any := build(); any {
			list = append(list, c)
		}
	}
	return list
}

// maxSummary bounds the sentences at the head of the report.
const maxSummary = 6

// foremost keeps the most telling chapters of those that fit, in the order of the report.
func foremost(told []chapter, most int, fits func(chapter) bool) []chapter {
	kept := map[string]bool{}
	for _, id := range []string{"changes", "use", "nonuse", "skills", "drivers", "support", "shadow", "tasks", "views", "groups", "rules", "systems"} {
		for _, c := range told {
			if c.ID == id && fits(c) && len(kept) < most {
				kept[id] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(told), func(c chapter) bool { return !kept[c.ID] })
}

// say returns a message.
func (t *teller) say(key string, a args) string { return t.p.T(key, a) }

// own returns a text of the instrument in the language of the story.
func (t *teller) own(text instrument.Text) string { return strings.TrimSpace(text.In(t.p.Lang)) }

// kicker names the instrument, the wave and the organisation.
func (t *teller) kicker() string {
	parts := []string{t.own(t.f.Instrument.Title), strings.TrimSpace(t.f.Wave.Label), strings.TrimSpace(t.f.Wave.Organisation)}
	return strings.Join(filled(parts), " · ")
}

// title says how many people spoke.
func (t *teller) title() string {
	n := t.f.Respondents
	switch a := (args{"n": t.p.Int(n)}); {
	case n == 0:
		return t.say("top.title-none", nil)
	case t.f.Wave.Organisation != "" || t.f.Wave.Population > 0:
		return t.p.N("top.title-colleagues", n, a)
	default:
		return t.p.N("top.title-people", n, a)
	}
}

// lead tells response, weighting and group size.
func (t *teller) lead() string {
	w := t.f.Wave
	if t.f.Respondents == 0 {
		return t.say("not-enough", nil)
	}
	var parts []string
	if w.Population > 0 && w.ResponseRate > 0 {
		parts = append(parts, t.say("top.response", args{"rate": t.p.Percent(w.ResponseRate), "population": t.p.Int(int(w.Population + 0.5))}))
	} else {
		parts = append(parts, t.p.N("top.respondents", t.f.Respondents, args{"n": t.p.Int(t.f.Respondents)}))
	}
	parts = append(parts, t.weighting())
	if k := t.f.Disclosure.K; k > 0 && len(t.f.Groups) > 0 {
		parts = append(parts, t.say("top.group-size", args{"k": t.p.Int(k)}))
	}
	return t.prose(parts...)
}

// weighting says how the answers were weighted.
func (t *teller) weighting() string {
	switch w := t.f.Weights; {
	case w.Method == "raking" && len(w.Margins) > 0:
		return t.say("top.raked", args{"margins": t.p.And(t.insideLabels(w.Margins))})
	case t.weighted():
		return t.say("top.weighted", nil)
	default:
		return t.say("top.unweighted", nil)
	}
}

func (t *teller) weighted() bool {
	return t.f.Weights.Method == "raking" || t.f.Weights.Method == "column"
}

// words fills the fixed words of the page.
func (t *teller) words() map[string]string {
	words := make(map[string]string, len(WordKeys()))
	for _, key := range WordKeys() {
		words[key] = t.say("word."+key, nil)
	}
	return words
}
