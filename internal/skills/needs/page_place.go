package needs

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/skills/framework"
)

// refused puts what is wrong with a framework beside the fields that it comes from. What comes from no field of the form is the
// error as it is.
func (p *partWriter) refused(_ *framework.Framework, err error) error {
	list := (*framework.Problems)(nil)
	if err == nil {
		return nil
	}
	if !errors.As(err, &list) {
		return err
	}
	for _, x := range list.List {
		field := p.field(x.Path)
		if _, sent := p.values[field]; !sent {
			return errNotWritten(err)
		}
		p.form.Wrong(field, "field.text-wrong", nil)
	}
	return p.form.Err()
}

var positions = regexp.MustCompile(`\[(\d+)\]`)

// field is the name of the field that a place in a framework is written in, "" for none: skills[1].levels[0].summary.nl is
// text:skills.critical.levels.start.summary.nl.
func (p *partWriter) field(path string) string {
	segments := strings.Split(positions.ReplaceAllString(path, ".$1"), ".")
	lang := "." + segments[len(segments)-1]
	if !slices.Contains(framework.Languages(), framework.Lang(lang[1:])) {
		lang = ""
	}
	rules := p.f.Rules
	if p.change.Rules != nil {
		rules = p.change.Rules
	}
	skill := &framework.Skill{}
	var named []string
	for i, s := range segments {
		n, err := strconv.Atoi(s)
		if err != nil || i == 0 {
			named = append(named, s)
			continue
		}
		switch list := segments[i-1]; {
		case list == "skills" && n < len(p.f.Skills):
			skill = &p.f.Skills[n]
			s = skill.ID
		case list == "levels" && n < len(p.f.Levels):
			s = p.f.Levels[n].ID
		case list == "areas" && n < len(skill.Areas):
			s = skill.Areas[n].ID
		case list == "factors" && n < len(p.f.Factors):
			s = p.f.Factors[n].ID
		case list == "everyone" && n < len(p.change.Everyone):
			s = p.change.Everyone[n].Skill
		case list == "asks" && len(segments) > 1:
			if at, err := strconv.Atoi(segments[1]); err == nil && at < len(rules) && n < len(rules[at].Asks) {
				s = rules[at].Asks[n].Skill
			}
		}
		named = append(named, s)
	}
	at := func(i int) string {
		if i < len(named) {
			return named[i]
		}
		return ""
	}
	switch {
	case named[0] == "everyone":
		return askField(at(1), at(2), lang)
	case named[0] == "rules" && at(2) == "asks":
		return askField(at(3), at(4), lang)
	case named[0] == "rules" && at(2) == "words":
		return "words." + at(3)
	case named[0] == "rules":
		return at(2) + lang
	case at(4) == "behaviours":
		return "behaviours" + lang
	case at(4) == "next" && at(6) == "minutes":
		return "minutes." + at(5)
	case at(4) == "next":
		return "step." + at(5) + lang
	default:
		return "text:" + strings.Join(named, ".")
	}
}

func askField(skill, what, lang string) string {
	if what == "level" {
		return "ask." + skill
	}
	return "why." + skill + lang
}
