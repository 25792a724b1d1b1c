package framework

import (
	"fmt"
	"maps"
	"slices"

	"tekentafel/internal/yamlfile"
)

// Bounds of a framework.
const (
	maxSkills     = 12
	maxRules      = 60
	minBehaviours = 2
	maxBehaviours = 6
	minMinutes    = 5
	maxMinutes    = 60
)

// Check returns everything wrong with the framework, with the path and how to mend it; none when it is sound.
func (f *Framework) Check() []Problem {
	c := &checker{}
	c.id(ids{}, "id", f.ID)
	c.version("version", f.Version)
	c.text("title", f.Title, aSentence)
	c.text("source", f.Source, aNote)
	if o := f.AdaptedFrom; o != nil && (o.ID == "" || o.Version == "" || o.Digest == "") {
		c.at("adapted_from", "it does not say from what it was adapted", "give id, version and digest, or remove it")
	}
	c.ranks(f.Levels)
	codes := ids{}
	for i, d := range f.DigComp {
		path := fmt.Sprintf("digcomp[%d]", i)
		if !codeGrammar.MatchString(d.Code) || codes[d.Code] {
			c.at(path+".code", "the code "+yamlfile.Quote(d.Code)+" is not one of its own", "write area and number, such as 1.2, each once")
		}
		codes[d.Code] = true
		c.text(path+".title", d.Title, aName)
	}
	if len(f.Skills) == 0 || len(f.Skills) > maxSkills {
		c.at("skills", fmt.Sprintf("there are %d skills", len(f.Skills)), fmt.Sprintf("write 1 to %d", maxSkills))
	}
	seen := ids{}
	for i := range f.Skills {
		path := fmt.Sprintf("skills[%d]", i)
		c.id(seen, path+".id", f.Skills[i].ID)
		c.skill(path, f, &f.Skills[i])
	}
	c.asks("everyone", f, f.Everyone)
	for i := range f.Skills {
		if id := f.Skills[i].ID; !slices.ContainsFunc(f.Everyone, func(a Ask) bool { return a.Skill == id }) {
			c.at("everyone", "it does not say what is asked of everyone for "+yamlfile.Quote(id), "add the skill with a level, 1 when nothing more is asked")
		}
	}
	c.rules(f)
	seen = ids{}
	if len(f.Factors) == 0 {
		c.at("factors", "there are no factors", "write what article 4 of the AI Act wants taken into account")
	}
	for i, x := range f.Factors {
		path := fmt.Sprintf("factors[%d]", i)
		c.id(seen, path+".id", x.ID)
		c.text(path+".name", x.Name, aName)
		c.text(path+".question", x.Question, aSentence)
	}
	return c.list
}

// ranks checks the levels that all skills share.
func (c *checker) ranks(ranks []Rank) {
	if len(ranks) != MostLevels {
		c.at("levels", fmt.Sprintf("there are %d levels", len(ranks)), fmt.Sprintf("write %d, lowest first", MostLevels))
	}
	seen := ids{}
	var last *float64
	for i, r := range ranks {
		path := fmt.Sprintf("levels[%d]", i)
		c.id(seen, path+".id", r.ID)
		c.text(path+".name", r.Name, aName)
		c.text(path+".description", r.Description, aSentence)
		switch {
		case i == 0 && r.From != nil:
			c.at(path+".from", "the lowest level starts somewhere", "remove from: it has no lower end")
		case i > 0 && r.From == nil:
			c.at(path+".from", "it does not say where the level starts", "add from: with a number above that of the level before")
		case i > 0 && (*r.From < -4 || *r.From > 4 || last != nil && *r.From <= *last):
			c.at(path+".from", "the levels do not rise here", "write a number from -4 to 4, above that of the level before")
		}
		last = r.From
	}
}

// codes checks references to European competences.
func (c *checker) codes(path string, f *Framework, codes []string) {
	seen := ids{}
	for i, code := range codes {
		inner := fmt.Sprintf("%s[%d]", path, i)
		if !f.hasCode(code) {
			c.at(inner, "there is no competence "+yamlfile.Quote(code), "name one of the codes under digcomp")
		}
		if seen[code] {
			c.at(inner, "the competence "+yamlfile.Quote(code)+" stands here twice", "keep it once")
		}
		seen[code] = true
	}
}

func (c *checker) skill(path string, f *Framework, s *Skill) {
	c.text(path+".name", s.Name, aName)
	c.text(path+".summary", s.Summary, aSentence)
	c.codes(path+".digcomp", f, s.DigComp)
	if len(s.DigComp) == 0 {
		c.at(path+".digcomp", "the skill points to no competence", "name at least one of the codes under digcomp")
	}
	seen := ids{}
	if len(s.Areas) < 2 {
		c.at(path+".areas", fmt.Sprintf("the skill has %d areas", len(s.Areas)), "name the parts that a test samples, at least 2")
	}
	for i, a := range s.Areas {
		c.id(seen, fmt.Sprintf("%s.areas[%d].id", path, i), a.ID)
		c.text(fmt.Sprintf("%s.areas[%d].name", path, i), a.Name, length{1, 12})
	}
	if len(s.Levels) != len(f.Levels) {
		c.at(path+".levels", fmt.Sprintf("the skill has %d levels", len(s.Levels)), "describe each of the levels of the framework, lowest first")
		return
	}
	for i := range s.Levels {
		inner := fmt.Sprintf("%s.levels[%d]", path, i)
		l := &s.Levels[i]
		if want := f.Levels[i].ID; l.ID != want {
			c.at(inner+".id", "the level is "+yamlfile.Quote(l.ID), "write "+yamlfile.Quote(want)+": the levels of a skill are those of the framework, in the same order")
		}
		c.text(inner+".summary", l.Summary, aSentence)
		if n := len(l.Behaviours); n < minBehaviours || n > maxBehaviours {
			c.at(inner+".behaviours", fmt.Sprintf("there are %d behaviours", n), fmt.Sprintf("write %d to %d things that one can see somebody do", minBehaviours, maxBehaviours))
		}
		for j, b := range l.Behaviours {
			c.text(fmt.Sprintf("%s.behaviours[%d]", inner, j), b, aSentence)
		}
		c.codes(inner+".digcomp", f, l.DigComp)
		c.text(inner+".meaning", l.Meaning, aBlock)
		c.step(inner+".next.office", &l.Next.Office)
		c.step(inner+".next.field", &l.Next.Field)
	}
}

func (c *checker) step(path string, s *Step) {
	c.text(path+".text", s.Text, aBlock)
	if s.Minutes < minMinutes || s.Minutes > maxMinutes {
		c.at(path+".minutes", fmt.Sprintf("a step of %d minutes", s.Minutes), fmt.Sprintf("write %d to %d: it is something to do this week", minMinutes, maxMinutes))
	}
	if s.Place != "" && !slices.Contains(Places(), s.Place) {
		c.at(path+".place", "unknown place "+yamlfile.Quote(string(s.Place)), yamlfile.OneOf(Places()))
	}
}

// asks checks the levels that one rule, or everyone, is asked.
func (c *checker) asks(path string, f *Framework, asks []Ask) {
	seen := ids{}
	for i, a := range asks {
		inner := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case f.Skill(a.Skill) == nil:
			c.at(inner+".skill", "there is no skill "+yamlfile.Quote(a.Skill), "name one of the skills")
		case seen[a.Skill]:
			c.at(inner+".skill", "the skill "+yamlfile.Quote(a.Skill)+" stands here twice", "keep the higher level")
		}
		seen[a.Skill] = true
		c.level(inner+".level", a.Level)
		c.text(inner+".reason", a.Reason, aSentence)
	}
}

func (c *checker) rules(f *Framework) {
	if len(f.Rules) > maxRules {
		c.at("rules", fmt.Sprintf("there are %d rules", len(f.Rules)), fmt.Sprintf("keep at most %d: somebody answers them for every function", maxRules))
		return
	}
	seen := ids{}
	for i := range f.Rules {
		path := fmt.Sprintf("rules[%d]", i)
		r := &f.Rules[i]
		c.id(seen, path+".id", r.ID)
		c.text(path+".name", r.Name, aName)
		c.text(path+".question", r.Question, aSentence)
		c.optional(path+".help", r.Help, aSentence)
		c.words(path+".words", r.Words)
		if len(r.Asks) == 0 {
			c.at(path+".asks", "the rule asks nothing", "name at least one skill with a level, or remove the rule")
		}
		c.asks(path+".asks", f, r.Asks)
	}
}

const maxHints = 200 // words of a rule in one language

func (c *checker) words(path string, words map[Lang][]string) {
	for _, l := range slices.Sorted(maps.Keys(words)) {
		if !slices.Contains(Languages(), l) {
			c.at(path, "unknown language "+yamlfile.Quote(string(l)), yamlfile.OneOf(Languages()))
		}
	}
	for _, l := range Languages() {
		if len(words[l]) > maxHints {
			c.at(path+"."+string(l), fmt.Sprintf("there are %d words", len(words[l])), fmt.Sprintf("keep at most %d", maxHints))
			continue
		}
		for i, w := range words[l] {
			if _, err := readHint(w); err != nil {
				c.at(fmt.Sprintf("%s.%s[%d]", path, l, i), err.Error(), "write one word of letters, with * where anything may precede or follow: loket*, *wacht, ploegbaas")
			}
		}
	}
}
