package framework

// Bank is the items of one skill.
type Bank struct {
	Skill   string `yaml:"skill" json:"skill"`
	Version int    `yaml:"version" json:"version"` // rises when an item changes
	Items   []Item `yaml:"items" json:"items"`
}

// ItemKind says how the options of an item count.
type ItemKind string

// The kinds of items.
const (
	Graded ItemKind = "graded" // credits 0, 1 and 2, one option has 2
	Choice ItemKind = "choice" // one option has credit 1, the others 0
)

// Item is one question of the test. Its two versions measure the same and share the parameters.
type Item struct {
	ID         string     `yaml:"id" json:"id"`           // first three letters of the skill, area, number: cri-verify-01
	Area       string     `yaml:"area" json:"area"`       // one of the areas of the skill
	DigComp    string     `yaml:"digcomp" json:"digcomp"` // code
	Kind       ItemKind   `yaml:"kind" json:"kind"`
	Parameters Parameters `yaml:"parameters" json:"parameters"`
	Office     Version    `yaml:"office" json:"office"`
	Field      Version    `yaml:"field" json:"field"`
}

// Parameters are an expert's guess, until enough people answered: slope and thresholds of the graded response model
// (Samejima 1969) in its logistic form with D = 1; a choice item is the two-parameter logistic model with a lower asymptote.
type Parameters struct {
	A float64   `yaml:"a" json:"a"`                     // slope, 0.7 to 2.2
	B []float64 `yaml:"b" json:"b"`                     // thresholds on the scale of the latent skill, rising: two of a graded item, one of a choice item
	C float64   `yaml:"c,omitempty" json:"c,omitempty"` // lower asymptote of a choice item, 0.15 to 0.25; 0 of a graded one
}

// Version is an item as people see it.
type Version struct {
	Stem      Text     `yaml:"stem" json:"stem"` // a situation, then one question
	Options   []Option `yaml:"options" json:"options"`
	Rationale Text     `yaml:"rationale" json:"rationale"` // shown afterwards: why the best one is best
}

// Option is one of the answers to choose from.
type Option struct {
	Credit int  `yaml:"credit" json:"credit"`
	Text   Text `yaml:"text" json:"text"`
}

// In returns the version for work in the field, or the one for desk work.
func (i *Item) In(field bool) *Version {
	if field {
		return &i.Field
	}
	return &i.Office
}

// Best returns the position of the option with the most credit, -1 when there are no options.
func (v *Version) Best() int {
	best := -1
	for i, o := range v.Options {
		if best < 0 || o.Credit > v.Options[best].Credit {
			best = i
		}
	}
	return best
}
