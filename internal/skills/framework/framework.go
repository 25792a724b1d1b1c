package framework

import "slices"

// MostLevels is the number of levels of every skill. Level numbers run from 1 to MostLevels.
const MostLevels = 4

// Framework is what an organisation expects of its people, as texts and rules. The order of every list is that of
// presentation.
type Framework struct {
	ID          string       `yaml:"id" json:"id"`
	Version     string       `yaml:"version" json:"version"`
	Title       Text         `yaml:"title" json:"title"`
	Source      Text         `yaml:"source" json:"source"`                                 // where it comes from, how it was reasoned and what is not certain
	AdaptedFrom *Origin      `yaml:"adapted_from,omitempty" json:"adapted_from,omitempty"` // nil: as it comes with the product
	Levels      []Rank       `yaml:"levels" json:"levels"`                                 // lowest first; every skill has these
	DigComp     []Competence `yaml:"digcomp" json:"digcomp"`                               // the European competences that skills and items point to
	Skills      []Skill      `yaml:"skills" json:"skills"`                                 //
	Everyone    []Ask        `yaml:"everyone" json:"everyone"`                             // what is asked of everyone, one for each skill
	Rules       []Rule       `yaml:"rules" json:"rules"`                                   // what is asked besides, by function
	Factors     []Factor     `yaml:"factors" json:"factors"`                               // what article 4 of the AI Act wants taken into account
}

// Origin names the framework that another was made from.
type Origin struct {
	ID      string `yaml:"id" json:"id"`
	Version string `yaml:"version" json:"version"`
	Digest  string `yaml:"digest" json:"digest"` // Framework.Digest of the base
}

// Rank is a level as all skills share it. Its number is its position, from 1.
type Rank struct {
	ID          string   `yaml:"id" json:"id"`
	Name        Text     `yaml:"name" json:"name"`
	Description Text     `yaml:"description" json:"description"`
	From        *float64 `yaml:"from,omitempty" json:"from,omitempty"` // lowest latent skill of the level (reference population: mean 0, sd 1); nil for the first
}

// Competence is one of DigComp 3.0 (European Commission, Joint Research Centre, 2025).
type Competence struct {
	Code  string `yaml:"code" json:"code"`   // such as 1.2
	Title Text   `yaml:"title" json:"title"` // English as published, the other languages translated here
}

// Skill is one of the skills.
type Skill struct {
	ID      string   `yaml:"id" json:"id"`
	Name    Text     `yaml:"name" json:"name"`
	Summary Text     `yaml:"summary" json:"summary"` // what the skill is, one sentence
	DigComp []string `yaml:"digcomp" json:"digcomp"` // codes
	Areas   []Area   `yaml:"areas" json:"areas"`     // parts that a test samples in balance
	Levels  []Level  `yaml:"levels" json:"levels"`   // as Framework.Levels
}

// Area is a part of a skill that items belong to.
type Area struct {
	ID   string `yaml:"id" json:"id"`
	Name Text   `yaml:"name" json:"name"`
}

// Level is what a level means for one skill. It describes behaviour, never worth.
type Level struct {
	ID         string   `yaml:"id" json:"id"`                               // as in Framework.Levels, in the same order
	Summary    Text     `yaml:"summary" json:"summary"`                     // one sentence
	Behaviours []Text   `yaml:"behaviours" json:"behaviours"`               // what one can see somebody do
	DigComp    []string `yaml:"digcomp,omitempty" json:"digcomp,omitempty"` // codes, where the level points to one of its own
	Meaning    Text     `yaml:"meaning" json:"meaning"`                     // what the person reads about oneself
	Next       Next     `yaml:"next" json:"next"`
}

// Next is one next step, for desk work and for work in the field.
type Next struct {
	Office Step `yaml:"office" json:"office"`
	Field  Step `yaml:"field" json:"field"`
}

// Step is something that one can do this week.
type Step struct {
	Text    Text  `yaml:"text" json:"text"`
	Minutes int   `yaml:"minutes" json:"minutes"`                 // 5 to 60
	Place   Place `yaml:"place,omitempty" json:"place,omitempty"` // where in the product it leads, or ""
}

// Place is where in the product a step leads.
type Place string

// The places of steps.
const (
	Lab       Place = "lab"       // the place to try things safely
	RulesPage Place = "rules"     // what the organisation agreed
	Training  Place = "training"  // what there is to learn
	Colleague Place = "colleague" // somebody to do it with
)

// Places lists the places of steps.
func Places() []Place { return []Place{Lab, RulesPage, Training, Colleague} }

// Ask is a level that is asked of a skill, with the reason.
type Ask struct {
	Skill  string `yaml:"skill" json:"skill"`
	Level  int    `yaml:"level" json:"level"` // 1 to MostLevels
	Reason Text   `yaml:"reason" json:"reason"`
}

// Rule is a question about a function, answered with yes or no, and what a yes asks at least.
type Rule struct {
	ID       string            `yaml:"id" json:"id"`
	Name     Text              `yaml:"name" json:"name"` // a few words, for a heading
	Question Text              `yaml:"question" json:"question"`
	Help     Text              `yaml:"help,omitempty" json:"help,omitempty"`   // examples
	Words    map[Lang][]string `yaml:"words,omitempty" json:"words,omitempty"` // words in titles that suggest a yes: loket*, *wacht, ploegbaas
	Asks     []Ask             `yaml:"asks" json:"asks"`
}

// Factor is one of the circumstances of article 4 of the AI Act.
type Factor struct {
	ID       string `yaml:"id" json:"id"`
	Name     Text   `yaml:"name" json:"name"`
	Question Text   `yaml:"question" json:"question"` // what is recorded about it
}

// Skill returns the skill with an id, or nil.
func (f *Framework) Skill(id string) *Skill {
	i := slices.IndexFunc(f.Skills, func(s Skill) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &f.Skills[i]
}

// Level returns a level of the skill by its number (1 to MostLevels), or nil.
func (s *Skill) Level(number int) *Level {
	if number < 1 || number > len(s.Levels) {
		return nil
	}
	return &s.Levels[number-1]
}

// At returns the number of the level, from 1, that a latent skill theta falls in.
func (f *Framework) At(theta float64) int {
	level := 1
	for i, r := range f.Levels {
		if r.From != nil && theta >= *r.From {
			level = i + 1
		}
	}
	return level
}

func (f *Framework) hasCode(code string) bool {
	return slices.ContainsFunc(f.DigComp, func(c Competence) bool { return c.Code == code })
}
