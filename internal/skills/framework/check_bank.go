package framework

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tekentafel/internal/yamlfile"
)

// Bounds of an item.
const (
	minOptions = 3
	maxOptions = 4
	maxItems   = 400
	minSlope   = 0.7
	maxSlope   = 2.2
	maxThresh  = 3.0 // either way
	minFloor   = 0.15
	maxFloor   = 0.25
)

var (
	aStem      = length{8, 95} // a situation of at most 70 words, and a question
	anOption   = length{1, 30}
	aRationale = length{30, 80}
)

var itemGrammar = regexp.MustCompile(`^([a-z]{3})-([a-z]+)-[0-9]{2}$`)

// Check returns everything wrong with the bank that shows without the framework: texts, parameters, credits, and whether
// the items together measure every level and give no hint by the length or the place of the best option.
func (b *Bank) Check() []Problem {
	c := &checker{}
	c.id(ids{}, "skill", b.Skill)
	if b.Version < 1 {
		c.at("version", fmt.Sprintf("version %d", b.Version), "write a whole number from 1, and raise it when an item changes")
	}
	if len(b.Items) == 0 || len(b.Items) > maxItems {
		c.at("items", fmt.Sprintf("there are %d items", len(b.Items)), fmt.Sprintf("write 1 to %d", maxItems))
		return c.list
	}
	seen := ids{}
	for i := range b.Items {
		c.item(fmt.Sprintf("items[%d]", i), b.Skill, &b.Items[i], seen)
	}
	c.longest(b)
	c.positions(b)
	c.thresholds(b)
	return c.list
}

func (c *checker) item(path, skill string, i *Item, seen ids) {
	c.id(seen, path+".id", i.ID)
	parts := itemGrammar.FindStringSubmatch(i.ID)
	if i.ID != "" && (parts == nil || !strings.HasPrefix(skill, parts[1]) || parts[2] != i.Area) {
		c.at(path+".id", "the id "+yamlfile.Quote(i.ID)+" does not say what the item is about",
			fmt.Sprintf("write the first three letters of the skill, the area and two digits, such as %.3s-%s-01", skill, i.Area))
	}
	if !codeGrammar.MatchString(i.DigComp) {
		c.at(path+".digcomp", "the code "+yamlfile.Quote(i.DigComp)+" is none of DigComp", "write area and number, such as 1.2")
	}
	if i.Kind != Graded && i.Kind != Choice {
		c.at(path+".kind", "unknown kind "+yamlfile.Quote(string(i.Kind)), yamlfile.OneOf([]ItemKind{Graded, Choice}))
		return
	}
	c.parameters(path+".parameters", i.Kind, &i.Parameters)
	c.worded(path+".office", i.Kind, &i.Office)
	c.worded(path+".field", i.Kind, &i.Field)
}

func (c *checker) parameters(path string, kind ItemKind, p *Parameters) {
	if p.A < minSlope || p.A > maxSlope {
		c.at(path+".a", fmt.Sprintf("the slope is %g", p.A), fmt.Sprintf("write %g to %g", minSlope, maxSlope))
	}
	want := map[ItemKind]int{Graded: 2, Choice: 1}[kind]
	if len(p.B) != want {
		c.at(path+".b", fmt.Sprintf("a %s item has %d thresholds here", kind, len(p.B)), fmt.Sprintf("write %d", want))
	}
	for i, t := range p.B {
		inner := fmt.Sprintf("%s.b[%d]", path, i)
		if t < -maxThresh || t > maxThresh {
			c.at(inner, fmt.Sprintf("the threshold is %g", t), fmt.Sprintf("write %g to %g", -maxThresh, maxThresh))
		}
		if i > 0 && t <= p.B[i-1] {
			c.at(inner, "the thresholds do not rise", "write the lower one first")
		}
	}
	switch {
	case kind == Graded && p.C != 0:
		c.at(path+".c", "a graded item has no floor", "remove c")
	case kind == Choice && (p.C < minFloor || p.C > maxFloor):
		c.at(path+".c", fmt.Sprintf("the floor is %g", p.C), fmt.Sprintf("write %g to %g: what somebody who guesses gets right", minFloor, maxFloor))
	}
}

// worded checks one version of an item.
func (c *checker) worded(path string, kind ItemKind, v *Version) {
	c.text(path+".stem", v.Stem, aStem)
	for _, l := range Languages() {
		if s := strings.TrimSpace(v.Stem[l]); s != "" && !strings.HasSuffix(s, "?") {
			c.at(path+".stem."+string(l), "this text does not end in a question", "end with the one question, and a question mark")
		}
	}
	c.text(path+".rationale", v.Rationale, aRationale)
	if n := len(v.Options); n < minOptions || n > maxOptions {
		c.at(path+".options", fmt.Sprintf("there are %d options", n), fmt.Sprintf("write %d or %d", minOptions, maxOptions))
		return
	}
	count := map[int]int{}
	said := map[string]bool{}
	for i, o := range v.Options {
		inner := fmt.Sprintf("%s.options[%d]", path, i)
		c.text(inner+".text", o.Text, anOption)
		count[o.Credit]++
		if o.Credit < 0 || o.Credit > 2 || kind == Choice && o.Credit == 2 {
			c.at(inner+".credit", fmt.Sprintf("credit %d does not exist in a %s item", o.Credit, kind), "write 0, 1 or, in a graded item, 2")
		}
		for _, l := range Languages() {
			if s := string(l) + strings.ToLower(strings.TrimSpace(o.Text[l])); said[s] && o.Text[l] != "" {
				c.at(inner+".text."+string(l), "this option says the same as another", "write another one")
			} else {
				said[s] = true
			}
		}
	}
	switch {
	case kind == Choice && count[1] != 1:
		c.at(path+".options", fmt.Sprintf("%d options have credit 1", count[1]), "give credit 1 to the best one and 0 to the others")
	case kind == Graded && (count[2] != 1 || count[1] == 0 || count[0] == 0):
		c.at(path+".options", fmt.Sprintf("%d options have credit 2, %d credit 1 and %d credit 0", count[2], count[1], count[0]),
			"give credit 2 to the best one, 1 to at least one that is half right, and 0 to at least one")
	}
}

// CheckItems returns what is wrong with the banks as the items of this framework: one bank for each skill, areas and
// European competences that exist, ids that stand once, and enough items. A path starts with the skill.
func (f *Framework) CheckItems(banks []*Bank) []Problem {
	c := &checker{}
	seen := ids{}
	have := map[string]bool{}
	for _, b := range banks {
		s := f.Skill(b.Skill)
		switch {
		case s == nil:
			c.at(b.Skill, "there is no skill "+yamlfile.Quote(b.Skill), "name one of the skills of the framework")
			continue
		case have[b.Skill]:
			c.at(b.Skill, "the skill has two banks", "put all items of a skill in one")
		}
		have[b.Skill] = true
		c.balance(s, b)
		for i := range b.Items {
			path := fmt.Sprintf("%s.items[%d]", b.Skill, i)
			item := &b.Items[i]
			if !slices.ContainsFunc(s.Areas, func(a Area) bool { return a.ID == item.Area }) {
				c.at(path+".area", "the skill has no area "+yamlfile.Quote(item.Area), "name one of its areas in the framework")
			}
			if !f.hasCode(item.DigComp) {
				c.at(path+".digcomp", "there is no competence "+yamlfile.Quote(item.DigComp), "name one of the codes under digcomp in the framework")
			}
			if seen[item.ID] {
				c.at(path+".id", "the id "+yamlfile.Quote(item.ID)+" stands in two banks", "give it another id")
			}
			seen[item.ID] = true
		}
	}
	for i := range f.Skills {
		if id := f.Skills[i].ID; !have[id] {
			c.at(id, "the skill has no items", "add its bank")
		}
	}
	return c.list
}
