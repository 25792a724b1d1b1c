package challenge

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	content "tekentafel/content/lab"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	rules "tekentafel/internal/lab/content"
)

// Work is where a challenge plays.
type Work string

// The kinds of work.
const (
	Desk  Work = "desk"
	Field Work = "field"
)

// Skill is the id of one of the five skills, as the framework of skills has it.
type Skill string

// Skills lists the five skills.
func Skills() []Skill {
	return []Skill{"communicative", "critical", "ethical", "creative", "technical"}
}

// Challenge is a short try.
type Challenge struct {
	ID       string            `yaml:"id"`
	Skill    Skill             `yaml:"skill"`
	Work     Work              `yaml:"work"`
	Minutes  int               `yaml:"minutes"`
	Title    instrument.Text   `yaml:"title"`
	About    instrument.Text   `yaml:"about"`
	Steps    []instrument.Text `yaml:"steps"`
	Material []Material        `yaml:"material"`         // made up
	Prompt   instrument.Text   `yaml:"prompt"`           // what is asked first; {material} stands for the first material
	Answer   instrument.Text   `yaml:"answer"`           // of the practice model, with what is planted in it
	Second   instrument.Text   `yaml:"second,omitempty"` // to what is asked next, where the steps ask again
	Rule     instrument.Text   `yaml:"rule"`
	Look     []instrument.Text `yaml:"look"`
	Reveal   []Planted         `yaml:"reveal"`
	Lesson   instrument.Text   `yaml:"lesson"`
}

// Material is a made-up text.
type Material struct {
	Title instrument.Text `yaml:"title"`
	Text  instrument.Text `yaml:"text"`
}

// Planted is something that was hidden in the material or the answer.
type Planted struct {
	What instrument.Text `yaml:"what"`
	Why  instrument.Text `yaml:"why"` // it matters, and how one sees it
}

// materialMark stands in a prompt for the first material.
const materialMark = "{material}"

// prefix makes the id of an entry of the chat of the id of a challenge.
const prefix = "challenge-"

// Entry returns the id by which the chat knows the challenge.
func (c *Challenge) Entry() string { return prefix + c.ID }

// System is what a model is told beforehand, in a language: only the practice model reads it.
func (c *Challenge) System(lang instrument.Lang) string {
	return lab.WithPractice(lab.WithPractice("", c.Answer.In(lang)), c.Second.In(lang))
}

// Parse reads a challenge from YAML. The error is a *yamlfile.Problems that lists everything that is wrong, each with its place and how to
// mend it.
func Parse(file string, src []byte) (*Challenge, error) { return rules.Read(file, src, check) }

func check(x *Challenge, c *rules.Checker) {
	c.ID("id", x.ID, nil)
	rules.Word(c, "skill", x.Skill, Skills())
	rules.Word(c, "work", x.Work, []Work{Desk, Field})
	if x.Minutes < 5 || x.Minutes > 20 {
		c.Wrong("minutes", fmt.Sprintf("%d minutes", x.Minutes), "make a try of 5 to 20 minutes")
	}
	c.Text("title", x.Title, 60)
	c.Text("about", x.About, 200)
	c.Texts("steps", x.Steps, 2, 7)
	if n := len(x.Material); n == 0 || n > 3 {
		c.Wrong("material", fmt.Sprintf("there are %d", n), "give one to three texts")
	}
	for i := range x.Material {
		at := fmt.Sprintf("material[%d]", i)
		c.Text(at+".title", x.Material[i].Title, 80)
		c.Lines(at+".text", x.Material[i].Text, rules.Block)
	}
	c.Lines("prompt", x.Prompt, rules.Block)
	for _, l := range instrument.Languages() {
		if text := x.Prompt[l]; text != "" && !strings.Contains(text, materialMark) {
			c.Wrong("prompt."+string(l), "the prompt does not name {material}", "put {material} where the first material stands")
		}
	}
	c.Lines("answer", x.Answer, rules.Block)
	if len(x.Second) > 0 {
		c.Lines("second", x.Second, rules.Block)
	}
	c.Text("rule", x.Rule, 300)
	c.Texts("look", x.Look, 2, 6)
	if n := len(x.Reveal); n == 0 || n > 6 {
		c.Wrong("reveal", fmt.Sprintf("there are %d", n), "say of one to six things what was planted")
	}
	for i := range x.Reveal {
		at := fmt.Sprintf("reveal[%d]", i)
		c.Text(at+".what", x.Reveal[i].What, 300)
		c.Text(at+".why", x.Reveal[i].Why, rules.Line)
	}
	c.Text("lesson", x.Lesson, rules.Line)
}

// BuiltIn returns the challenges that come with the product, by skill and work. The error lists everything that is wrong with any of them.
var BuiltIn = sync.OnceValues(func() ([]Challenge, error) {
	files, err := content.Files(content.Challenges)
	if err != nil {
		return nil, err
	}
	var out []Challenge
	var wrong []error
	seen := map[string]string{}
	for _, f := range files {
		x, err := Parse(f.Name, f.YAML)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if other, double := seen[x.ID]; double {
			wrong = append(wrong, fmt.Errorf("%s: the id %q is that of %s; give each challenge an id of its own", f.Name, x.ID, other))
		}
		seen[x.ID] = f.Name
		out = append(out, *x)
	}
	slices.SortStableFunc(out, func(a, b Challenge) int {
		return cmp.Or(cmp.Compare(slices.Index(Skills(), a.Skill), slices.Index(Skills(), b.Skill)), cmp.Compare(a.Work, b.Work), cmp.Compare(a.ID, b.ID))
	})
	return out, errors.Join(wrong...)
})

// prompt is what is asked first, with the material in it.
func (c *Challenge) prompt(lang instrument.Lang) string {
	return strings.ReplaceAll(c.Prompt.In(lang), materialMark, c.Material[0].Text.In(lang))
}
