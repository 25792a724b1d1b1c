package asked

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strings"

	"go.yaml.in/yaml/v3"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
)

// workplace is the question of the monitor that decides on the version, and the answer that asks for the one for the field.
const (
	workplace   = "workplace"
	worksAfield = "field"
)

// Words stand around the situations, in content/skills/monitor.yaml.
type Words struct {
	Module struct {
		Label       instrument.Text `yaml:"label"`
		Description instrument.Text `yaml:"description"`
	} `yaml:"module"`
	Page struct {
		Label    instrument.Text `yaml:"label"`
		Question instrument.Text `yaml:"question"`
		Help     instrument.Text `yaml:"help"`
	} `yaml:"page"`
	Office    instrument.Text `yaml:"office"`
	Field     instrument.Text `yaml:"field"`
	Situation instrument.Text `yaml:"situation"` // label of a question: {area}, {work}
	Best      instrument.Text `yaml:"best"`      // label of the figure on it
	Claim     instrument.Text `yaml:"claim"`     // of the figure
}

// ReadWords reads the words. The error says which is missing, or what cannot be read.
func ReadWords(src []byte) (*Words, error) {
	w := &Words{}
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(w); err != nil {
		return nil, fmt.Errorf("the words around the situations cannot be read: %w", err)
	}
	for name, t := range map[string]instrument.Text{"module.label": w.Module.Label, "module.description": w.Module.Description, "page.label": w.Page.Label,
		"page.question": w.Page.Question, "page.help": w.Page.Help, "office": w.Office, "field": w.Field, "situation": w.Situation, "best": w.Best, "claim": w.Claim} {
		for _, l := range instrument.Languages() {
			if strings.TrimSpace(t[l]) == "" {
				return nil, fmt.Errorf("the words around the situations: %s has no text in %q; write it", name, l)
			}
		}
	}
	return w, nil
}

// Part is what the monitor gets: a module that is asked only when chosen, with its questions and figures.
type Part struct {
	Module     instrument.Module
	Items      []instrument.Item
	Indicators []instrument.Indicator
}

// NewPart makes the part: after a page of information the first situation of every skill, then the second, each in both
// versions, of which a person gets one. Options keep the order of the bank.
func NewPart(f *framework.Framework, banks []*framework.Bank, w *Words) (*Part, error) {
	p := &Part{Module: instrument.Module{ID: Module, Label: w.Module.Label, Description: w.Module.Description, Extra: true}}
	p.add(instrument.Item{ID: prefix + "intro", Kind: instrument.Info, Topic: instrument.TopicTest, Label: w.Page.Label, Question: w.Page.Question, Help: w.Page.Help})
	var chosen [PerSkill][]func()
	for i := range f.Skills {
		s := &f.Skills[i]
		items, err := chooseOf(s.ID, banks)
		if err != nil {
			return nil, err
		}
		for n, it := range items {
			area := areaOf(s, it.Area)
			chosen[n] = append(chosen[n], func() {
				p.situation(it, false, fill(w.Situation, area, w.Office), fill(w.Best, area, w.Office), fill(w.Claim, area, w.Office))
				p.situation(it, true, fill(w.Situation, area, w.Field), fill(w.Best, area, w.Field), fill(w.Claim, area, w.Field))
			})
		}
	}
	for _, round := range chosen {
		for _, add := range round {
			add()
		}
	}
	return p, nil
}

func chooseOf(skill string, banks []*framework.Bank) ([PerSkill]*framework.Item, error) {
	for _, b := range banks {
		if b.Skill == skill {
			return Choose(b)
		}
	}
	return [PerSkill]*framework.Item{}, fmt.Errorf("there is no bank of items for the skill %q", skill)
}

func areaOf(s *framework.Skill, id string) framework.Text {
	for i := range s.Areas {
		if s.Areas[i].ID == id {
			return s.Areas[i].Name
		}
	}
	return nil
}

func (p *Part) add(it instrument.Item) {
	p.Items = append(p.Items, it)
	p.Module.Items = append(p.Module.Items, it.ID)
}

// situation adds one version of an item of the bank, and the share of people who choose its best option. It is sensitive: what
// the few of a small group chose in one situation says little of what they can, and much about them.
func (p *Part) situation(from *framework.Item, inField bool, label, best, claim instrument.Text) {
	v := from.In(inField)
	it := instrument.Item{ID: ID(from.ID, inField), Kind: instrument.Single, Topic: instrument.TopicTest, Label: label, Question: text(v.Stem), Sensitive: true}
	it.Visible = fmt.Sprintf("%s != %q", workplace, worksAfield)
	if inField {
		it.Visible = fmt.Sprintf("%s == %q", workplace, worksAfield)
	}
	for i := range v.Options {
		credit := float64(v.Options[i].Credit)
		it.Options = append(it.Options, instrument.Option{ID: optionID(i), Label: text(v.Options[i].Text), Value: &credit})
	}
	p.add(it)
	p.Indicators = append(p.Indicators, instrument.Indicator{ID: bestOf + it.ID, Topic: instrument.TopicTest, Label: best, Claim: claim,
		Item: it.ID, Options: []string{optionID(v.Best())}})
}

// optionID names an option by its place in the bank, from 1.
func optionID(at int) string { return fmt.Sprintf("%c%d", optionOne, at+1) }

func text(t framework.Text) instrument.Text {
	out := instrument.Text{}
	for _, l := range instrument.Languages() {
		out[l] = t[framework.Lang(l)]
	}
	return out
}

// fill puts an area and a kind of work in the place of their names.
func fill(t instrument.Text, area framework.Text, work instrument.Text) instrument.Text {
	out := maps.Clone(t)
	for l := range out {
		out[l] = strings.NewReplacer("{area}", area[framework.Lang(l)], "{work}", work[l]).Replace(out[l])
	}
	return out
}

// begin and end mark what Write replaces, with the indentation of a list of the monitor.
const (
	begin = "  # --- %s of the part test: made by go run ./content/skills/monitor, do not change by hand\n"
	end   = "  # --- end of the %s\n"
)

// ErrMarkers says that the text has no place for the part.
var ErrMarkers = errors.New("the questionnaire has no markers for the part test, or has them twice")

// Write puts the part between its markers in the text of the monitor.
func (p *Part) Write(monitor []byte) ([]byte, error) {
	whole, err := instrument.Marshal(&instrument.Instrument{Modules: []instrument.Module{p.Module}, Items: p.Items, Indicators: p.Indicators})
	if err != nil {
		return nil, err
	}
	lists := split(string(whole))
	out := string(monitor)
	for _, list := range []struct{ name, key string }{{"module", "modules"}, {"items", "items"}, {"indicators", "indicators"}} {
		from, to := fmt.Sprintf(begin, list.name), fmt.Sprintf(end, list.name)
		before, rest, opened := strings.Cut(out, from)
		_, after, closed := strings.Cut(rest, to)
		if !opened || !closed || strings.Contains(after, from) {
			return nil, fmt.Errorf("%w: %s", ErrMarkers, list.name)
		}
		out = before + from + lists[list.key] + to + after
	}
	return []byte(out), nil
}

// split cuts an instrument that was written into its lists, by their keys.
func split(written string) map[string]string {
	out, key := map[string]string{}, ""
	for line := range strings.Lines(written) {
		if name, isKey := strings.CutSuffix(line, ":\n"); isKey && !strings.HasPrefix(line, " ") {
			key = name
			continue
		}
		if strings.HasPrefix(line, " ") {
			out[key] += line
		}
	}
	return out
}
