package gap

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// Version is the version of Gap. It goes up when the meaning of a figure changes, so that waves are not compared over it.
const Version = 1

// Gap is the result: all that may be shown, and nothing else. What is hidden is in no field. Lists of groups are in the order
// of the input.
type Gap struct {
	Version   int     `json:"version"`
	Wave      string  `json:"wave"`
	Synthetic bool    `json:"synthetic,omitempty"`
	K         int     `json:"k"`
	Cuts      []Exact `json:"cuts"`
	Draws     int     `json:"draws"`
	// Staffed tells that groups are weighted to the staff list; else to the respondents.
	Staffed     bool       `json:"staffed"`
	Skills      []Measured `json:"skills"`
	Caveats     []Note     `json:"caveats"`
	Whole       *Row       `json:"whole,omitempty"` // nil: fewer than k people answered
	Functions   []Row      `json:"functions,omitempty"`
	Departments []Row      `json:"departments,omitempty"`
	Families    []Row      `json:"families,omitempty"`
	Cells       []Row      `json:"cells,omitempty"`
	Hidden      Hidden     `json:"hidden"`
	Rankings    []Ranking  `json:"rankings,omitempty"`
	Changes     *Changes   `json:"changes,omitempty"`
	Reach       []Reach    `json:"reach,omitempty"`
	Limits      []Limit    `json:"limits,omitempty"`
}

// Exact is a number that is written in full.
type Exact = float64

// Measured is how a skill was measured.
type Measured struct {
	ID    string `json:"id"`
	Basis Basis  `json:"basis"` // it goes with every figure of the skill
	// Origin is where the parameters of statements come from.
	Origin Origin `json:"origin,omitempty"`
	// Items are the parameters that scores rest on, rounded before use; hold the next wave to them to compare.
	Items []ItemUsed `json:"items,omitempty"`
	// Reliability is the share of the variance of scores that is not error of measurement, to two digits.
	Reliability float64 `json:"reliability,omitempty"`
	// Spread is the standard deviation of theta within a function in a department, to one digit.
	Spread float64 `json:"spread,omitempty"`
	// Correlation of self-report and test in the reference population, to one digit; only where the basis is Both.
	Correlation *float64 `json:"correlation,omitempty"`
}

// Origin is where parameters come from.
type Origin string

// The origins.
const (
	Assumed    Origin = "assumed"    // agreement as the framework's levels: 3 begins level 2, 4 begins level 3, 5 begins level 4
	Calibrated Origin = "calibrated" // from this wave, held to the assumed ones on average
	Held       Origin = "held"       // those of an earlier wave
)

// ItemUsed is an item with its parameters.
type ItemUsed struct {
	ID string    `json:"id"`
	A  float64   `json:"a"`
	B  []float64 `json:"b"`
	C  float64   `json:"c,omitempty"`
}

// Row is a group.
type Row struct {
	Function   string `json:"function,omitempty"` // codes; the whole has none, a cell has two
	Department string `json:"department,omitempty"`
	Family     string `json:"family,omitempty"` // of a function too
	Name       string `json:"name,omitempty"`   // of a function, department or family
	N          int    `json:"n"`                // respondents
	Staff      int    `json:"staff,omitempty"`  // on the staff list
	// Untried is the share of the staff that never used GenAI, and is in no figure of a skill; nil where everyone counts as
	// having tried, or it cannot be told.
	Untried *Figure    `json:"untried,omitempty"`
	Skills  []Standing `json:"skills"` // as Gap.Skills
}

// Standing is a skill in a group.
type Standing struct {
	Base    int     `json:"base"` // respondents that figures rest on, beside what cells borrow from others
	Verdict Verdict `json:"verdict"`
	Why     []Why   `json:"why,omitempty"`
	// RequiredLow and RequiredHigh are the lowest and the highest level that cells of the group ask; 0 where nothing is.
	RequiredLow  int8 `json:"requiredLow,omitempty"`
	RequiredHigh int8 `json:"requiredHigh,omitempty"`
	// Figures are nil where the verdict is TooFew, and those on the requirement where it is NoRequirement.
	Level     *Figure `json:"level,omitempty"`     // mean level, from 1
	Below     *Figure `json:"below,omitempty"`     // share below the required level, of those who tried and of whom a level is required
	Shortfall *Figure `json:"shortfall,omitempty"` // mean levels short, of those below
	Distance  *Figure `json:"distance,omitempty"`  // mean levels short, over everyone of whom a level is required (0 for who is not below)
	People    *Figure `json:"people,omitempty"`    // number of staff below the required level; of respondents when there is no staff list
}

// Figure is a number with its 95 % interval, rounded to steps of Grain.
type Figure struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Grain float64 `json:"grain"`
}

// Verdict says whether figures are enough to go by.
type Verdict string

// The verdicts.
const (
	Enough        Verdict = "enough"
	TooFew        Verdict = "too-few"        // not enough data
	TooUncertain  Verdict = "too-uncertain"  // figures are there, with wide intervals: not enough to go by
	NoRequirement Verdict = "no-requirement" // the level is known; nothing, or the lowest level, is required
)

// Why is a reason for a verdict.
type Why string

// The reasons.
const (
	FewPeople    Why = "few-people"     // fewer respondents in the base than the rule asks
	NotFitted    Why = "not-fitted"     // the answers of the whole wave are too few, or all the same
	NotStaffed   Why = "not-staffed"    // the staff list has nobody in the group
	WideLevel    Why = "wide-level"     // the interval of the level is wider than the rule allows
	WideShare    Why = "wide-share"     // the interval of the share is wider than the rule allows
	NothingAsked Why = "nothing-asked"  // no level is required
	LowestAsked  Why = "lowest-asked"   // only the lowest level is required, and nobody is below that
	SomeNotAsked Why = "some-not-asked" // of part of the group no level is required; it is left out of the figures on the requirement
	Borrowed     Why = "borrowed"       // most of the staff is in cells where nobody answered: what is said of them is borrowed
)

// Note is a caveat: a kind, with the skill it is about and a number where there is one. It holds no sentence.
type Note struct {
	Kind   NoteKind `json:"kind"`
	Skill  string   `json:"skill,omitempty"`
	Number float64  `json:"number,omitempty"`
}

// NoteKind is a kind of caveat.
type NoteKind string

// The kinds of caveats.
const (
	SelfReport        NoteKind = "self-report"        // how people see themselves, not what they can do; Skill
	PartlySelf        NoteKind = "partly-self"        // test and self-report; Skill
	AssumedScale      NoteKind = "assumed-scale"      // parameters of statements are assumed; Skill
	NoStaffList       NoteKind = "no-staff-list"      // weighted to who answered, not to the staff
	OnlyUsers         NoteKind = "only-users"         // of those who ever used GenAI; Number: share of respondents who never did, to two digits
	UnknownFunction   NoteKind = "unknown-function"   // Number: share of respondents without a known function, to two digits
	UnknownDepartment NoteKind = "unknown-department" // Number: the same for the department
	FewFunctions      NoteKind = "few-functions"      // the spread between functions is hardly known; Skill
	FewDepartments    NoteKind = "few-departments"    // the same between departments; Skill
	SpreadAtFloor     NoteKind = "spread-at-floor"    // scores vary no more than their error: the spread within cells is taken at its floor; Skill
	LowReliability    NoteKind = "low-reliability"    // less than half of what scores vary by is skill; Skill, Number: reliability
	Unscored          NoteKind = "unscored"           // Number: share of those who answered that could not be scored, to two digits; Skill
	SameSpread        NoteKind = "same-spread"        // people within a cell are taken to spread alike everywhere, and normally
	Extrapolated      NoteKind = "extrapolated"       // Number: share of the staff in cells where nobody answered, to two digits
	Weighted          NoteKind = "weighted"           // Number: design effect of the weights within cells, to two digits
	NotModelled       NoteKind = "not-modelled"       // no model could be fitted; Skill
)

// Hidden counts the groups with respondents that are not shown.
type Hidden struct {
	Functions   int `json:"functions"`
	Departments int `json:"departments"`
	Families    int `json:"families"`
	Cells       int `json:"cells"`
}

// ErrVersion says that a stored result is of another version.
var ErrVersion = errors.New("gap: the result is of another version; compute it again")

// maxSize bounds a stored result.
const maxSize = 256 << 20

// Read reads a result that was written as JSON. A result of another version is ErrVersion; anything that no computation
// could have given is an error too.
func Read(r io.Reader) (*Gap, error) {
	var g Gap
	d := json.NewDecoder(io.LimitReader(r, maxSize))
	d.DisallowUnknownFields()
	if err := d.Decode(&g); err != nil {
		return nil, fmt.Errorf("gap: stored result: %w", err)
	}
	if g.Version != Version {
		return nil, ErrVersion
	}
	return &g, g.check()
}

func (g *Gap) check() error {
	if g.K < 1 || len(g.Skills) == 0 {
		return wrong("the stored result has no group size or no skills")
	}
	rows := [][]Row{g.Functions, g.Departments, g.Families, g.Cells}
	if g.Whole != nil {
		rows = append(rows, []Row{*g.Whole})
	}
	for _, list := range rows {
		for i := range list {
			if err := list[i].check(g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Row) check(g *Gap) error {
	if r.N < g.K || len(r.Skills) != len(g.Skills) {
		return wrong("the stored result shows %d respondents and %d skills in %s/%s", r.N, len(r.Skills), r.Function, r.Department)
	}
	figures := []*Figure{r.Untried}
	for i := range r.Skills {
		s := &r.Skills[i]
		figures = append(figures, s.Level, s.Below, s.Shortfall, s.Distance, s.People)
	}
	for _, f := range figures {
		if f != nil && !(f.Low <= f.Value && f.Value <= f.High && f.Grain > 0 && !math.IsInf(f.High-f.Low, 0)) {
			return wrong("the stored result has %v between %v and %v in %s/%s", f.Value, f.Low, f.High, r.Function, r.Department)
		}
	}
	return nil
}
