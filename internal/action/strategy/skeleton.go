package strategy

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	content "tekentafel/content/action"
	"tekentafel/internal/instrument"
)

// Skeleton is the content: chapters with their drafts.
type Skeleton struct {
	Version  string          `yaml:"version"`
	Title    instrument.Text `yaml:"title"`
	Subtitle instrument.Text `yaml:"subtitle"`
	Chapters []Chapter       `yaml:"chapters"`
}

// Chapter is a part of the document.
type Chapter struct {
	ID    string          `yaml:"id"`
	Title instrument.Text `yaml:"title"`
	Hint  instrument.Text `yaml:"hint"`  // what to write in it
	Draft instrument.Text `yaml:"draft"` // to begin from
	Parts []Part          `yaml:"parts"`
}

// Part is what the program adds to a chapter.
type Part string

// The parts.
const (
	PartLaw      Part = "law"      // what article 4 asks
	PartResponse Part = "response" // who answered, and which report it is
	PartUse      Part = "use"
	PartSkills   Part = "skills" // as people see them, and below what is asked
	PartChanges  Part = "changes"
	PartGroups   Part = "groups" // below the whole beyond doubt
	PartNonUse   Part = "nonuse"
	PartSupport  Part = "support"
	PartHelps    Part = "helps" // what may help with the reasons that people gave
	PartGoals    Part = "goals"
	PartMeasures Part = "measures"
	PartRules    Part = "rules"
	PartEffects  Part = "effects"
	PartReviews  Part = "reviews"
	PartCaveats  Part = "caveats"
)

// Parts lists them all.
func Parts() []Part {
	return []Part{PartLaw, PartResponse, PartUse, PartSkills, PartChanges, PartGroups, PartNonUse, PartSupport, PartHelps, PartGoals, PartMeasures, PartRules, PartEffects, PartReviews, PartCaveats}
}

// Figured tells whether a part shows figures of a report.
func (p Part) Figured() bool {
	return slices.Contains([]Part{PartResponse, PartUse, PartSkills, PartChanges, PartGroups, PartNonUse, PartSupport, PartHelps, PartRules, PartCaveats}, p)
}

// BuiltIn returns the skeleton that comes with the product.
var BuiltIn = sync.OnceValues(func() (*Skeleton, error) { return Parse("strategy.yaml", content.Strategy()) })

func read(file string, src []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w; write each part as `key: value`, with the keys of the built-in file", file, err)
	}
	return nil
}

// lacks lists the languages in which a text is missing.
func lacks(file, place string, t instrument.Text) error {
	var out []string
	for _, l := range instrument.Languages() {
		if strings.TrimSpace(t[l]) == "" {
			out = append(out, string(l))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s has no text in %s; write it in every language", file, place, strings.Join(out, ", "))
}

// Parse reads a skeleton from YAML. An error lists everything that is wrong, each with its place.
func Parse(file string, src []byte) (*Skeleton, error) {
	s := &Skeleton{}
	if err := read(file, src, s); err != nil {
		return nil, err
	}
	wrong := []error{lacks(file, "title", s.Title), lacks(file, "subtitle", s.Subtitle)}
	if len(s.Chapters) == 0 {
		wrong = append(wrong, fmt.Errorf("%s: there are no chapters; write at least one", file))
	}
	chapters, parts := map[string]bool{}, map[Part]bool{}
	for i := range s.Chapters {
		c := &s.Chapters[i]
		place := "chapter " + c.ID
		if c.ID == "" || strings.Trim(c.ID, "abcdefghijklmnopqrstuvwxyz-") != "" {
			wrong = append(wrong, fmt.Errorf("%s: chapter %d is called %q; use small letters", file, i+1, c.ID))
		}
		if chapters[c.ID] {
			wrong = append(wrong, fmt.Errorf("%s: %s is there twice; give one another id", file, place))
		}
		chapters[c.ID] = true
		wrong = append(wrong, lacks(file, "title of "+place, c.Title), lacks(file, "hint of "+place, c.Hint), lacks(file, "draft of "+place, c.Draft))
		for _, p := range c.Parts {
			if !slices.Contains(Parts(), p) {
				wrong = append(wrong, fmt.Errorf("%s: %s has the part %q, which nobody knows; use one of: %v", file, place, p, Parts()))
			}
			if parts[p] {
				wrong = append(wrong, fmt.Errorf("%s: the part %q of %s stands elsewhere too; keep it once", file, p, place))
			}
			parts[p] = true
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return s, nil
}

// Chapter returns the chapter with an id, nil when there is none.
func (s *Skeleton) Chapter(id string) *Chapter {
	for i := range s.Chapters {
		if s.Chapters[i].ID == id {
			return &s.Chapters[i]
		}
	}
	return nil
}
