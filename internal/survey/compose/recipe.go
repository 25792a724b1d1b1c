package compose

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tekentafel/internal/instrument"
)

// format is the version of the form in which recipes are kept.
const format = 1

// DefaultBase is the questionnaire of a wave of which nothing is decided.
const DefaultBase = "genai-monitor"

// The bounds of a recipe, far above any questionnaire that people fill in.
const (
	MaxRecipe  = 5 << 20 // bytes of JSON
	maxOwn     = 60      // own questions
	maxRemoved = 10      // own questions that can be put back
)

// Recipe makes the questionnaire of a wave out of its base. The zero value asks DefaultBase as it is.
type Recipe struct {
	Format  int                        `json:"format"`
	Base    Base                       `json:"base"`
	Off     []string                   `json:"off,omitempty"`     // modules that are left out
	On      []string                   `json:"on,omitempty"`      // extra modules that are asked; those of a new recipe are not
	Skip    []string                   `json:"skip,omitempty"`    // items about background that are left out
	Texts   map[string]instrument.Text `json:"texts,omitempty"`   // other words, by textKey
	Levels  map[string]Levels          `json:"levels,omitempty"`  // by item of kind category
	Own     []Own                      `json:"own,omitempty"`     // in their order
	Removed []Own                      `json:"removed,omitempty"` // own questions taken out, the last first
	Next    int                        `json:"next,omitempty"`    // the highest number ever given to an own question
}

// Base is the questionnaire that a wave starts from.
type Base struct {
	Name string `json:"name"`           // of a built-in questionnaire; of the file of an own one
	YAML string `json:"yaml,omitempty"` // of an own one
	// Notes say, in English and with the row, what of an XLSForm could not be carried over.
	Notes []string `json:"notes,omitempty"`
	// Topics say what the questions of an own one are about, by the id of the item, where the file does not.
	Topics map[string]instrument.Topic `json:"topics,omitempty"`
}

// Own tells whether the questionnaire is the organisation's own.
func (b Base) Own() bool { return b.YAML != "" }

// Levels say what one can choose from in a question of kind category.
type Levels struct {
	Variable string  `json:"variable,omitempty"` // of the frame, which then gives the levels; "" when they are typed
	Typed    []Level `json:"typed,omitempty"`
}

// Level is one of the departments, campuses or the like.
type Level struct {
	ID    string          `json:"id"`
	Label instrument.Text `json:"label"`
}

// Own is a question that the organisation asks beside those of the base.
type Own struct {
	ID        string           `json:"id"`
	Kind      instrument.Kind  `json:"kind"`
	After     string           `json:"after"` // the item of the base that it follows; "" after everything, Start before everything
	Question  instrument.Text  `json:"question"`
	Help      instrument.Text  `json:"help,omitempty"`
	Scale     string           `json:"scale,omitempty"` // a built-in scale that stands for Options
	Options   []OwnOption      `json:"options,omitempty"`
	Rows      []OwnRow         `json:"rows,omitempty"`
	DontKnow  bool             `json:"dont_know,omitempty"` // "don't know" can be chosen
	Min       *float64         `json:"min,omitempty"`
	Max       *float64         `json:"max,omitempty"`
	Unit      instrument.Text  `json:"unit,omitempty"`
	Required  bool             `json:"required,omitempty"`
	Sensitive bool             `json:"sensitive,omitempty"` // never broken down by group
	Topic     instrument.Topic `json:"topic,omitempty"`     // where the report tells of it; "" for none
	Condition *Condition       `json:"condition,omitempty"` // nil: everyone is asked
}

// Start is the place before all items of the base.
const Start = "^"

// OwnOption is an answer to an own question.
type OwnOption struct {
	ID        string          `json:"id"`
	Label     instrument.Text `json:"label"`
	Exclusive bool            `json:"exclusive,omitempty"`
}

// OwnRow is a statement of an own matrix.
type OwnRow struct {
	ID   string          `json:"id"`
	Text instrument.Text `json:"text"`
}

// Condition says who is asked an own question: whoever chose, or did not choose, one of some answers to another.
type Condition struct {
	Item    string   `json:"item"` // an item or a row of a matrix
	Options []string `json:"options"`
	Not     bool     `json:"not,omitempty"`
}

// NewRecipe returns the recipe that asks a built-in questionnaire as it is.
func NewRecipe(base string) Recipe { return Recipe{Format: format, Base: Base{Name: base}} }

// Read reads a recipe. Nothing, or an empty object, is the recipe of DefaultBase.
func Read(src []byte) (Recipe, error) {
	if len(src) > MaxRecipe {
		return Recipe{}, fmt.Errorf("the recipe has %d bytes; at most %d are taken", len(src), MaxRecipe)
	}
	r := Recipe{}
	if len(src) > 0 {
		if err := json.Unmarshal(src, &r); err != nil {
			return Recipe{}, fmt.Errorf("the recipe cannot be read: %w", err)
		}
	}
	if r.Format == 0 {
		r.Format = format
	}
	if r.Format != format {
		return Recipe{}, fmt.Errorf("the recipe has the form %d, and this program knows %d: a newer program made it", r.Format, format)
	}
	if r.Base.Name == "" {
		r.Base.Name = DefaultBase
	}
	if len(r.Own) > maxOwn || len(r.Removed) > maxRemoved {
		return Recipe{}, errors.New("the recipe has more own questions than are taken")
	}
	return r, nil
}

// JSON returns the recipe as it is kept.
func (r *Recipe) JSON() ([]byte, error) { return json.Marshal(r) }

// own returns the place of an own question in the recipe, or -1.
func (r *Recipe) own(id string) int {
	return slices.IndexFunc(r.Own, func(o Own) bool { return o.ID == id })
}
