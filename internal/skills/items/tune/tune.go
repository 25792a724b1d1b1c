package tune

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tekentafel/internal/stats/irt"
)

// Bounds of a calibration.
const (
	LeastAnswers = 200  // an item with fewer keeps the parameters that it has
	LeastAnchors = 6    // calibrated items that link a skill to the guesses
	MostMoved    = 3.0  // standard deviations of its prior that an item may lie from its guess
	LeastAgree   = 0.5  // consistency of gifts below which they are left out
	gifted       = 2000 // people that gifts count as together at most, where waves have fewer
	ownGroup     = 100  // people of one source and version who are a group of their own
	dividing     = 3.0  // answers a person on average from which the spread of a group can be told
)

// Kind is what sort of source it is.
type Kind string

// The kinds of sources.
const (
	Wave  Kind = "wave"
	Gifts Kind = "gifts"
)

// Source is where answers come from.
type Source struct {
	Kind  Kind   `json:"kind"`
	ID    string `json:"id,omitempty"` // of a wave
	Title string `json:"title,omitempty"`
}

// Item is an item with its parameters.
type Item struct {
	ID    string
	Mark  string // of what its parameters hang on
	Guess irt.Item
	Now   irt.Item // in use
}

// Answer is one person's answer to an item of the skill, by its index.
type Answer struct{ Item, Category int }

// Person is the answers of one person to the items of one skill, in the order of asking.
type Person struct {
	Source  int
	Field   bool // answered the versions for the field
	Answers []Answer
}

// Skill is the items of one skill and who answered them.
type Skill struct {
	ID     string
	Items  []Item
	People []Person
}

// Input is what is calibrated.
type Input struct {
	Sources []Source
	People  []int // of each source; nil where everybody answered something of the same skill
	Skills  []Skill
	Cuts    []float64 // between the levels, rising
}

// Verdict is what becomes of an item.
type Verdict string

// The verdicts.
const (
	Calibrated  Verdict = "calibrated"  // the answers give its parameters
	TooFew      Verdict = "too-few"     // fewer than LeastAnswers
	Contradicts Verdict = "contradicts" // more than MostMoved from its guess, or at the end of its range: somebody looks at it first
)

// Verdicts lists the verdicts.
func Verdicts() []Verdict { return []Verdict{Calibrated, TooFew, Contradicts} }

// ItemResult is what the answers say of one item. Parameters are on the scale of the levels.
type ItemResult struct {
	ID       string    `json:"id"`
	Skill    string    `json:"skill"`
	Mark     string    `json:"mark"`
	Verdict  Verdict   `json:"verdict"`
	N        int       `json:"n"`      // answers; 0 for fewer than may be told
	Office   int       `json:"office"` // and Field: 0 for both where one of them may not be told
	Field    int       `json:"field"`
	BySource []int     `json:"bySource"` // in the order of Result.Sources; nil where one of them may not be told
	Guess    irt.Item  `json:"guess"`
	Was      irt.Item  `json:"was"` // in use before
	New      irt.Item  `json:"new"` // of TooFew what is in use
	SlopeSE  float64   `json:"slopeSE"`
	SE       []float64 `json:"thresholdSE"`
	Moved    float64   `json:"moved"` // from the guess, in standard deviations of the prior
	Infit    float64   `json:"infit"`
	Outfit   float64   `json:"outfit"`
	Misfit   float64   `json:"misfit"` // largest difference of observed and expected mean, as a share of the highest category
	FitP     float64   `json:"fitP"`   // probability of a misfit like this where the model holds; 1 where it can't be told
	DIF      *DIF      `json:"dif"`    // nil where too few answered one of the versions
}

// DIF is how the version for the field differs from that for desk work, for people with the same skill.
type DIF struct {
	P       float64 `json:"p"`
	Signed  float64 `json:"signed"` // mean difference of the expected category, as a share of the highest; above 0 the version for the field is easier
	Size    float64 `json:"size"`   // of the absolute difference
	Matters bool    `json:"matters"`
}

// SourceResult is what a source brought.
type SourceResult struct {
	Source
	People      int     `json:"people"`
	Answers     int     `json:"answers"`
	Consistency float64 `json:"consistency"`
	Told        bool    `json:"told"`      // Consistency rests on enough answers
	Infit       float64 `json:"infit"`     // under the parameters that were in use
	Outfit      float64 `json:"outfit"`    // under the parameters that were in use
	Flat        float64 `json:"flat"`      // share of people of whose answers all are the best, or all count for nothing
	FlatUsual   float64 `json:"flatUsual"` // the same as the model expects it
	Used        bool    `json:"used"`
	Weight      float64 `json:"weight"` // of one person
}

// SkillResult is what changes for one skill.
type SkillResult struct {
	ID         string      `json:"id"`
	Calibrated int         `json:"calibrated"` // items
	Linked     bool        `json:"linked"`     // to the guesses, by the items that were calibrated
	Link       irt.Link    `json:"link"`
	Converged  bool        `json:"converged"`
	Shift      [][]float64 `json:"shift"` // of people by level before (rows) and after; they add up to 1
}

// Up and Down are the shares of people who come to a higher, or lower, level.
func (s *SkillResult) Up() float64 { return s.off(1) }

// Down is the share of people who come to a lower level.
func (s *SkillResult) Down() float64 { return s.off(-1) }

func (s *SkillResult) off(sign int) float64 {
	sum := 0.0
	for was, row := range s.Shift {
		for now, share := range row {
			if (now-was)*sign > 0 {
				sum += share
			}
		}
	}
	return sum
}

// form is the form of a Result.
const form = 1

// Result is a calibration. It holds nothing of one person.
type Result struct {
	Form    int            `json:"form"`
	Sources []SourceResult `json:"sources"`
	Skills  []SkillResult  `json:"skills"`
	Items   []ItemResult   `json:"items"`
}

// Count is how many items have a verdict.
func (r *Result) Count(v Verdict) int {
	n := 0
	for i := range r.Items {
		if r.Items[i].Verdict == v {
			n++
		}
	}
	return n
}

// Coarsen takes away counts of fewer than k people, and those from which they follow.
func (r *Result) Coarsen(k int) {
	small := func(n int) bool { return n > 0 && n < k }
	for i := range r.Items {
		it := &r.Items[i]
		if small(it.N) {
			it.N = 0
		}
		if it.N == 0 || small(it.Office) || small(it.Field) {
			it.Office, it.Field = 0, 0
		}
		if it.N == 0 || slices.ContainsFunc(it.BySource, small) {
			it.BySource = nil
		}
	}
}

// Run calibrates the items of all skills. step is told which skill is being worked on. It is deterministic. Errors are those of irt.
func Run(ctx context.Context, in *Input, step func(skill int)) (*Result, error) {
	out := &Result{Form: form}
	used, err := screen(in, out)
	if err != nil {
		return nil, err
	}
	for i := range in.Skills {
		step(i)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := calibrate(ctx, in, &in.Skills[i], used, out); err != nil {
			return nil, fmt.Errorf("calibrate the skill %s: %w", in.Skills[i].ID, err)
		}
	}
	for i := range out.Items {
		finite(&out.Items[i])
	}
	return out, nil
}

// finite turns what is no number into what says "not known" in JSON.
func finite(it *ItemResult) {
	for _, p := range []*float64{&it.SlopeSE, &it.Moved, &it.Infit, &it.Outfit, &it.Misfit, &it.FitP} {
		if math.IsNaN(*p) || math.IsInf(*p, 0) {
			*p = 0
		}
	}
	for i, p := range it.SE {
		if math.IsNaN(p) || math.IsInf(p, 0) {
			it.SE[i] = 0
		}
	}
}
