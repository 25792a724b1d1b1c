package evidence

import (
	"time"

	"tekentafel/internal/action"
	"tekentafel/internal/instrument"
)

// Schema is the form of the JSON. It goes up when a field changes its meaning.
const Schema = "tekentafel-evidence/1"

// Evidence is all of it, at a moment.
type Evidence struct {
	Schema       string     `json:"schema"`
	Organisation string     `json:"organisation"`
	Made         time.Time  `json:"made"`
	Synthetic    bool       `json:"synthetic"` // some of it rests on made-up answers
	GroupSize    int        `json:"group_size"`
	Law          Law        `json:"law"`
	Audiences    []Audience `json:"audiences"`
	Baselines    []Baseline `json:"baselines"`
	Goals        []Goal     `json:"goals"`
	Measures     []Measure  `json:"measures"`
	Trying       *Trying    `json:"trying,omitempty"` // nil where the organisation has nothing to try
	Effects      []Effect   `json:"effects"`
	Reviews      []Review   `json:"reviews"`
	Missing      []Missing  `json:"missing"`
}

// Law is what the evidence is about.
type Law struct {
	Reference instrument.Text `json:"reference"`
	Asks      instrument.Text `json:"asks"`
	Since     string          `json:"since"`
	Checked   string          `json:"checked"`
}

// Count is a number of people. Of fewer than the smallest group only that is said.
type Count struct {
	People int  `json:"people"`
	Few    bool `json:"few,omitempty"`  // there are some, and fewer than the smallest group; People is 0
	Held   bool `json:"held,omitempty"` // it is not told, as it would tell how many the few are; People is 0
}

// count hides a number of people that is too small.
func count(n, k int) Count {
	if n > 0 && n < k {
		return Count{Few: true}
	}
	return Count{People: max(0, n)}
}

// guard holds back the smallest families that are told until those that are not told, together, are no small group: the whole less the
// others would tell it.
func guard(list []Audience, whole, k int) {
	few, rest := false, whole
	for i := range list {
		if list[i].Kind == Family {
			few, rest = few || list[i].Few, rest-list[i].People
		}
	}
	for few && rest < k {
		least := -1
		for i := range list {
			if a := &list[i]; a.Kind == Family && a.People > 0 && (least < 0 || a.People < list[least].People) {
				least = i
			}
		}
		if least < 0 {
			return
		}
		rest += list[least].People
		list[least].Count = Count{Held: true}
	}
}

// AudienceKind is what sort of audience it is.
type AudienceKind string

// The kinds of audiences.
const (
	Staff  AudienceKind = "staff"  // everyone in service
	Family AudienceKind = "family" // of functions
)

// Audience is for whom measures are taken.
type Audience struct {
	Kind AudienceKind `json:"kind"`
	Name string       `json:"name,omitempty"` // of a family
	Count
	Levels  []Level           `json:"levels,omitempty"`  // what its functions ask
	Factors []instrument.Text `json:"factors,omitempty"` // circumstances of article 4 that somebody recorded for it
}

// Level is what functions ask of a skill.
type Level struct {
	Skill   string          `json:"skill"`
	Name    instrument.Text `json:"name"`
	Lowest  int             `json:"lowest"`  // from 1
	Highest int             `json:"highest"` //
	Decided bool            `json:"decided"` // a person decided on all of it; otherwise some is a proposal of rules
}

// Baseline is a measurement, without what it found.
type Baseline struct {
	Report      string              `json:"report"` // its title
	Wave        string              `json:"wave"`
	Made        time.Time           `json:"made"`
	Respondents int                 `json:"respondents"`
	Population  int                 `json:"population,omitempty"` // people who were asked; 0 where unknown
	Rate        float64             `json:"rate,omitempty"`       // 0 to 1
	Instrument  instrument.Text     `json:"instrument"`
	Version     string              `json:"version"` // of the questionnaire
	GroupSize   int                 `json:"group_size"`
	Weighting   string              `json:"weighting"` // none, column, raking
	Follows     string              `json:"follows,omitempty"`
	Synthetic   bool                `json:"synthetic,omitempty"`
	Skills      bool                `json:"skills"` // it asked about skills
	Caveats     map[string][]string `json:"caveats"`
}

// Goal is a figure that an action should move, with the risk behind it.
type Goal struct {
	Action    string           `json:"action"`
	Risk      string           `json:"risk,omitempty"`
	Figure    *action.Figure   `json:"figure,omitempty"` // as it was
	Direction action.Direction `json:"direction,omitempty"`
	Goal      *float64         `json:"goal,omitempty"`
	By        action.Day       `json:"by,omitempty"`
}

// Measure is an action that was decided on.
type Measure struct {
	Title     string        `json:"title"`
	Why       string        `json:"why,omitempty"`
	State     action.State  `json:"state"`
	Reason    string        `json:"reason,omitempty"` // why it was stopped
	Audience  action.Target `json:"audience"`
	Owner     string        `json:"owner,omitempty"`
	Starts    action.Day    `json:"starts,omitempty"`
	Due       action.Day    `json:"due,omitempty"`
	Ended     action.Day    `json:"ended,omitempty"`
	Materials []Material    `json:"materials"`
	Reach     []Reach       `json:"reach"`
}

// Material is what was used.
type Material struct {
	Name    string     `json:"name"`
	Version string     `json:"version,omitempty"`
	Link    string     `json:"link,omitempty"`
	Since   action.Day `json:"since,omitempty"`
}

// Reach is how many people of which audience took part.
type Reach struct {
	Day      action.Day    `json:"day"`
	What     string        `json:"what"`
	Audience action.Target `json:"audience"`
	Count
	Of       int    `json:"of,omitempty"` // 0 where unknown, or where it would tell how many few did not
	Material string `json:"material,omitempty"`
}

// Effect is whether a figure moved. It never says that the action did it.
type Effect struct {
	Action  string         `json:"action"`
	Verdict action.Verdict `json:"verdict"`
	Because action.Because `json:"because,omitempty"`
	Report  string         `json:"report,omitempty"` // the later one
	Before  *action.Figure `json:"before,omitempty"`
	Now     *action.Figure `json:"now,omitempty"`
	Change  *Difference    `json:"change,omitempty"`
	Goal    action.Goal    `json:"goal,omitempty"`
	full    action.Effect
}

// Difference is later less earlier, with its 95 % interval.
type Difference struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Review is a look at an action: one that was held, or one that is planned.
type Review struct {
	Action  string     `json:"action"`
	Day     action.Day `json:"day"`
	By      string     `json:"by,omitempty"`
	Found   string     `json:"found,omitempty"`
	Planned bool       `json:"planned,omitempty"`
}

// Part is a part of the evidence.
type Part string

// The parts.
const (
	Systems    Part = "systems" // the AI systems in use
	Audiences  Part = "audiences"
	Baselines  Part = "baseline"
	Goals      Part = "goals"
	Measures   Part = "measures"
	Challenges Part = "challenges"
	Use        Part = "use" // of models
	Agreed     Part = "agreements"
	Effects    Part = "effects"
	Reviews    Part = "reviews"
)

// Parts lists them all, in the order of the export.
func Parts() []Part {
	return []Part{Systems, Audiences, Baselines, Goals, Measures, Challenges, Use, Agreed, Effects, Reviews}
}

// Lack is what may be missing.
type Lack string

// The lacks.
const (
	NoSystems   Lack = "no-systems"  // Tekentafel keeps no list of them
	NoStaff     Lack = "no-staff"    // there is no staff list
	NotDecided  Lack = "not-decided" // what functions ask is a proposal only
	NoBaseline  Lack = "no-baseline"
	NoSkills    Lack = "no-skills" // no measurement asked about skills
	NoMeasures  Lack = "no-measures"
	NoRisk      Lack = "no-risk"     // of an action, as those below
	NoFigure    Lack = "no-figure"   // that it should move
	NoOwner     Lack = "no-owner"    //
	NoDate      Lack = "no-date"     //
	NoMaterial  Lack = "no-material" // of one that runs or is done
	NoVersion   Lack = "no-version"  // of a material
	NoReach     Lack = "no-reach"    // of one that runs or is done
	NoReview    Lack = "no-review"   //
	NoEffect    Lack = "no-effect"   // no later measurement says anything yet
	NoTried     Lack = "no-tried"    // no challenge of which enough people say that they did it
	NoUse       Lack = "no-use"      // no closed month of the use of models
	HiddenCount Lack = "hidden"      // a figure that may not be shown any more
)

// Lacks lists them all.
func Lacks() []Lack {
	return []Lack{NoSystems, NoStaff, NotDecided, NoBaseline, NoSkills, NoMeasures, NoRisk, NoFigure, NoOwner, NoDate, NoMaterial, NoVersion, NoReach, NoReview, NoEffect, NoTried, NoUse, HiddenCount}
}

// Missing is something that an auditor may ask for and that is not there.
type Missing struct {
	Part Part   `json:"part"`
	Lack Lack   `json:"lack"`
	What string `json:"what,omitempty"` // the action, material or family that it is about
	Link string `json:"link,omitempty"` // of the page where it can be mended
}
