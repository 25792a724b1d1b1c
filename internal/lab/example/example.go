package example

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	content "tekentafel/content/lab"
	"tekentafel/internal/instrument"
	rules "tekentafel/internal/lab/content"
)

// State says where an example stands.
type State string

// The states.
const (
	Offered State = "offered" // waits for somebody who reviews
	Asked   State = "asked"   // the author is asked for a change
	Refused State = "refused"
	Shown   State = "shown" // to everyone
)

// Bounds of an example, in characters.
const (
	MostTitle   = 120
	MostText    = 2000
	MostPrompt  = 6000
	MostTags    = 120
	MostMessage = 1000
)

// Content is what an author writes.
type Content struct {
	Title      string          `json:"title"`
	Did        string          `json:"did"`
	Prompt     string          `json:"prompt"`
	Result     string          `json:"result"`
	Watch      string          `json:"watch"`
	Tags       string          `json:"tags,omitempty"`
	Tools      string          `json:"tools,omitempty"`
	Task       string          `json:"task,omitempty"`       // id of an entry by task
	Family     string          `json:"family,omitempty"`     // of functions
	Department string          `json:"department,omitempty"` // id
	Lang       instrument.Lang `json:"lang"`
	Named      bool            `json:"named,omitempty"`     // the author's name is shown
	Nobody     bool            `json:"nobody,omitempty"`    // the author says that words about health and the like are about nobody
	DeptName   string          `json:"dept_name,omitempty"` // as it was called
}

// Example is what stands in the library, or waits for it.
type Example struct {
	ID      string
	Version int64
	State   State
	Author  string // account
	Made    time.Time
	Changed time.Time
	Content
}

// Line is a version of an example, with what was decided.
type Line struct {
	Version int64
	Kind    string // offered, changed, shown, asked, refused
	Account string // "" for somebody who was erased
	At      time.Time
	Message string
	Content Content
}

// MadeUp is an example that comes with the product.
type MadeUp struct {
	ID         string          `yaml:"id"`
	Work       string          `yaml:"work"` // desk, field
	Task       string          `yaml:"task"`
	Family     instrument.Text `yaml:"family"`
	Department instrument.Text `yaml:"department"`
	Tags       instrument.Text `yaml:"tags"`
	Title      instrument.Text `yaml:"title"`
	Did        instrument.Text `yaml:"did"`
	Prompt     instrument.Text `yaml:"prompt"`
	Result     instrument.Text `yaml:"result"`
	Watch      instrument.Text `yaml:"watch"`
}

// Parse reads a made-up example from YAML. The error is a *yamlfile.Problems that lists everything that is wrong.
func Parse(file string, src []byte) (*MadeUp, error) {
	return rules.Read(file, src, func(x *MadeUp, c *rules.Checker) {
		c.ID("id", x.ID, nil)
		c.ID("task", x.Task, nil)
		rules.Word(c, "work", x.Work, []string{"desk", "field"})
		for _, f := range []struct {
			name string
			text instrument.Text
			most int
		}{{"family", x.Family, 60}, {"department", x.Department, 60}, {"tags", x.Tags, MostTags}, {"title", x.Title, MostTitle}, {"did", x.Did, MostText}, {"result", x.Result, MostText}, {"watch", x.Watch, MostText}} {
			c.Text(f.name, f.text, f.most)
		}
		c.Lines("prompt", x.Prompt, rules.Block)
	})
}

// BuiltIn returns the made-up examples. The error lists everything that is wrong with any of them.
var BuiltIn = sync.OnceValues(func() ([]MadeUp, error) {
	files, err := content.Files(content.Examples)
	if err != nil {
		return nil, err
	}
	var out []MadeUp
	var wrong []error
	for _, f := range files {
		x, err := Parse(f.Name, f.YAML)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if slices.ContainsFunc(out, func(y MadeUp) bool { return y.ID == x.ID }) {
			wrong = append(wrong, fmt.Errorf("%s: the id %q stands twice; give each example an id of its own", f.Name, x.ID))
		}
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b MadeUp) int { return cmp.Compare(a.ID, b.ID) })
	return out, errors.Join(wrong...)
})

// madeUp begins the ids of made-up examples; that of one of a colleague never has a hyphen.
const madeUp = "madeup-"

// in returns a made-up example as it stands in the library, in a language.
func (m *MadeUp) in(lang instrument.Lang) Example {
	return Example{ID: madeUp + m.ID, State: Shown, Content: Content{Title: m.Title.In(lang), Did: m.Did.In(lang), Prompt: m.Prompt.In(lang), Result: m.Result.In(lang), Watch: m.Watch.In(lang),
		Tags: m.Tags.In(lang), Task: m.Task, Family: m.Family.In(lang), Department: m.Department.In(lang), DeptName: m.Department.In(lang), Lang: lang}}
}

// IsMadeUp tells whether the example came with the product.
func (e *Example) IsMadeUp() bool { return strings.HasPrefix(e.ID, madeUp) }

// entryPrefix makes the id of an entry of the chat of the id of an example.
const entryPrefix = "example-"

// Entry returns the id by which the chat knows the example.
func (e *Example) Entry() string { return entryPrefix + e.ID }
