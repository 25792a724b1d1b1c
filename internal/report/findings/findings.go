// Package findings defines Findings: everything that the report says, as one plain, serialisable value.
//
// HTML, PDF, fact sheet, spreadsheet and JSON are views of the same Findings, so they cannot disagree. What disclosure
// control hides is absent here (Suppressed is true and the figures are zero and not serialised), so no view can leak it.
package findings

import "tekentafel/internal/instrument"

// Findings is the result of analysing one wave.
type Findings struct {
	Schema      string      `json:"schema"` // "tekentafel-findings/1"
	Instrument  About       `json:"instrument"`
	Wave        Wave        `json:"wave"`
	Respondents int         `json:"respondents"`
	Questions   []Question  `json:"questions"`
	Groups      []Grouping  `json:"groups"`
	Shares      []Share     `json:"shares"`
	Means       []Mean      `json:"means"`
	Reliability []Reliab    `json:"reliability"`
	Comparisons []Compare   `json:"comparisons"`
	Drivers     []Driver    `json:"drivers"`
	Models      []ModelFit  `json:"models"`
	Benchmarks  []Benchmark `json:"benchmarks"`
	Earlier     *Earlier    `json:"earlier"` // the wave that changes are measured against; nil for none
	Changes     []Change    `json:"changes"` // against it
	Pooled      []Pooled    `json:"pooled"`  // small cells by partial pooling; empty until that is built
	Weights     Weights     `json:"weights"`
	Design      Design      `json:"design"`
	Data        DataQuality `json:"data"`
	Disclosure  Disclosure  `json:"disclosure"`
	Caveats     []Caveat    `json:"caveats"`
}

// About names the instrument.
type About struct {
	ID      string          `json:"id"`
	Version string          `json:"version"`
	Title   instrument.Text `json:"title"`
	Pilot   instrument.Text `json:"pilot,omitempty"`
	Source  string          `json:"source,omitempty"`
}

// Wave says which answers these are.
type Wave struct {
	Organisation string  `json:"organisation,omitempty"`
	Label        string  `json:"label,omitempty"`
	Synthetic    bool    `json:"synthetic"`
	Population   float64 `json:"population,omitempty"`    // people in the frame; 0 when unknown
	ResponseRate float64 `json:"response_rate,omitempty"` // respondents / population, 0..1; 0 when unknown
}

// Question is the wording behind figures: a variable that people answered, an indicator or a construct.
type Question struct {
	ID        string             `json:"id"` // as item in shares, construct in means
	Kind      string             `json:"kind"`
	Topic     instrument.Topic   `json:"topic"`
	Context   instrument.Context `json:"context,omitempty"`
	Parent    string             `json:"parent,omitempty"` // the matrix a row stands in; the item of an indicator
	Label     instrument.Text    `json:"label"`            // short
	Wording   instrument.Text    `json:"wording"`          // as asked
	Claim     instrument.Text    `json:"claim,omitempty"`  // indicator: completes "54 % ..."
	Options   []Option           `json:"options,omitempty"`
	Low       float64            `json:"low,omitempty"` // construct: end points of the scale
	High      float64            `json:"high,omitempty"`
	Items     []string           `json:"items,omitempty"`   // construct
	Reverse   []string           `json:"reverse,omitempty"` // construct: those of Items whose scale runs the other way
	Rule      string             `json:"rule,omitempty"`    // how an indicator or a construct follows from the answers
	Asked     int                `json:"asked"`             // respondents by what became of the question; the five add up with the base to Respondents
	NotAsked  int                `json:"not_asked"`
	NoAnswer  int                `json:"no_answer"`
	DontKnow  int                `json:"dont_know"`
	NA        int                `json:"not_applicable"`
	Invalid   int                `json:"invalid"`
	Sensitive bool               `json:"sensitive,omitempty"`
	Condition string             `json:"condition,omitempty"` // who was asked
}

// Option is an answer one could choose.
type Option struct {
	ID      string          `json:"id"`
	Label   instrument.Text `json:"label"`
	Value   *float64        `json:"value,omitempty"`
	Missing string          `json:"missing,omitempty"` // dont-know, not-applicable
	None    bool            `json:"none,omitempty"`    // exclusive option ("none of these")
}

// Grouping is a background variable by which figures are broken down.
type Grouping struct {
	Variable string          `json:"variable"`
	Label    instrument.Text `json:"label"`
	Values   []GroupValue    `json:"values"`
}

// GroupValue is one group. N is absent (0) when suppressed.
type GroupValue struct {
	Value      string          `json:"value"`
	Label      instrument.Text `json:"label"`
	N          int             `json:"n,omitempty"`
	Suppressed bool            `json:"suppressed,omitempty"`
}

// Group points at one value of a background variable.
type Group struct {
	Variable string `json:"variable"`
	Value    string `json:"value"`
}

// Share is the weighted share of a base that gave an answer, with its 95 % interval.
//
// N and Base are unweighted numbers of respondents: N chose the option, Base answered (N <= Base). Share, SE, Low and
// High are proportions 0..1. When Suppressed, all figures are null in JSON.
type Share struct {
	Item       string  `json:"item"`
	Option     string  `json:"option"`
	Group      *Group  `json:"group"`
	N          int     `json:"n"`
	Base       int     `json:"base"`
	Share      float64 `json:"share"`
	SE         float64 `json:"se"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Method     string  `json:"method,omitempty"` // logit or beta (Korn-Graubard)
	DF         float64 `json:"df"`               // degrees of freedom of the base
	Effective  float64 `json:"effective_n"`      // simple random respondents that would know the share as well; null without sampling variance
	Suppressed bool    `json:"suppressed"`
}

// Mean is the weighted mean of a construct (or numeric item) with its 95 % interval, in scale units.
type Mean struct {
	Construct  string  `json:"construct"`
	Group      *Group  `json:"group"`
	Base       int     `json:"base"` // respondents with a score, unweighted
	Mean       float64 `json:"mean"`
	SD         float64 `json:"sd"` // of the respondents' scores, weighted
	SE         float64 `json:"se"` // of the mean
	DF         float64 `json:"df"` // degrees of freedom of the base
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Suppressed bool    `json:"suppressed"`
}

// Reliab is the reliability of a construct on respondents with all items answered.
type Reliab struct {
	Construct  string    `json:"construct"`
	Items      []string  `json:"items"`
	N          int       `json:"n"`
	Alpha      float64   `json:"alpha"`
	AlphaLow   float64   `json:"alpha_low"`
	AlphaHigh  float64   `json:"alpha_high"`
	Omega      float64   `json:"omega"` // omega total, one factor
	ItemRest   []float64 `json:"item_rest"`
	AlphaDrop  []float64 `json:"alpha_without"` // alpha when the item is left out
	Loadings   []float64 `json:"loadings"`
	Suppressed bool      `json:"suppressed"`
	Note       string    `json:"note,omitempty"` // why a figure is missing
}

// lowAlpha is the reliability below which a score is rough (Nunnally 1978).
const lowAlpha = 0.7

// Weak tells whether the items are known to hang together too weakly for more than a rough score.
func (r *Reliab) Weak() bool { return !r.Suppressed && r.Note == "" && r.Alpha < lowAlpha }

// Compare is a test whether groups differ, with an effect size.
type Compare struct {
	Target     string  `json:"target"`           // item, indicator or construct
	Option     string  `json:"option,omitempty"` // of a multiple choice
	By         string  `json:"by"`               // grouping variable
	Test       string  `json:"test"`             // rao-scott-f, wald-f
	Statistic  float64 `json:"statistic"`
	DF1        float64 `json:"df1"`
	DF2        float64 `json:"df2"`
	P          float64 `json:"p"`
	PAdjusted  float64 `json:"p_adjusted"` // Holm over all comparisons of these Findings
	Effect     float64 `json:"effect"`
	EffectLow  float64 `json:"effect_low"`
	EffectHigh float64 `json:"effect_high"`
	EffectName string  `json:"effect_name"` // cramers-v, eta-squared
	Groups     int     `json:"groups"`      // number of groups compared
}

// Driver is the part of one predictor in explaining an outcome.
type Driver struct {
	Outcome        string  `json:"outcome"`
	Predictor      string  `json:"predictor"`
	Estimate       float64 `json:"estimate"` // coefficient of the linear regression: scale points of the outcome a scale point
	SE             float64 `json:"se"`       // design-based
	Low            float64 `json:"low"`
	High           float64 `json:"high"`
	P              float64 `json:"p"`
	Standard       float64 `json:"standard"` // the same in standard deviations
	StandardSE     float64 `json:"standard_se"`
	OddsLog        float64 `json:"log_odds"` // proportional-odds coefficient, log odds a scale point
	OddsSE         float64 `json:"log_odds_se"`
	Importance     float64 `json:"importance"` // share of the explained variance (LMG), 0..1; sums to 1 over predictors
	ImportanceLow  float64 `json:"importance_low"`
	ImportanceHigh float64 `json:"importance_high"`
	VIF            float64 `json:"vif"`
}

// ModelFit describes a driver model as a whole.
type ModelFit struct {
	ID         string  `json:"id"`
	Outcome    string  `json:"outcome"`
	N          int     `json:"n"`
	R2         float64 `json:"r2"`
	R2Low      float64 `json:"r2_low"`
	R2High     float64 `json:"r2_high"`
	DF         float64 `json:"df"`
	Collinear  bool    `json:"collinear"` // some VIF above 5
	Suppressed bool    `json:"suppressed"`
	Note       string  `json:"note,omitempty"`
}

// Benchmark sets our share beside a published one.
type Benchmark struct {
	ID        string          `json:"id"`
	Item      string          `json:"item"`
	Option    string          `json:"option"`
	Ours      float64         `json:"ours"`
	OursLow   float64         `json:"ours_low"`
	OursHigh  float64         `json:"ours_high"`
	Published float64         `json:"published"`
	N         int             `json:"n"`
	Low       float64         `json:"low"` // Wilson interval of the published share
	High      float64         `json:"high"`
	Diff      float64         `json:"diff"` // ours - published
	DiffLow   float64         `json:"diff_low"`
	DiffHigh  float64         `json:"diff_high"`
	P         float64         `json:"p"`
	Name      instrument.Text `json:"name"`
	Caveat    instrument.Text `json:"caveat"`
	Source    string          `json:"source"`
	URL       string          `json:"url,omitempty"`
	Year      int             `json:"year,omitempty"`
}

// Pooled is the estimate of a small cell from partial pooling.
type Pooled struct {
	Target string  `json:"target"`
	Cell   []Group `json:"cell"`
	Mean   float64 `json:"mean"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Enough bool    `json:"enough"` // false: "not enough data"
}

// Weights describes how respondents were weighted.
type Weights struct {
	Method     string   `json:"method"`    // none, column, raking
	KishDeff   float64  `json:"kish_deff"` // n * sum w^2 / (sum w)^2
	Effective  float64  `json:"effective_n"`
	Min        float64  `json:"min"` // relative to a mean of 1
	Max        float64  `json:"max"`
	Iterations int      `json:"iterations"`
	Converged  bool     `json:"converged"`
	Trimmed    int      `json:"trimmed"`
	Margins    []string `json:"margins,omitempty"`
}

// Design describes the sampling design behind the standard errors.
type Design struct {
	Strata   int     `json:"strata"`
	Clusters int     `json:"clusters"`
	DF       float64 `json:"df"`
	FPC      bool    `json:"fpc"`
	Lonely   int     `json:"lonely_psu"` // strata with one sampling unit, centred at the grand mean
}

// DataQuality counts what was read, kept, merged and not understood: nothing is dropped without being counted.
type DataQuality struct {
	Rows       int            `json:"rows"`  // data rows in the file
	Empty      int            `json:"empty"` // rows without a single answer
	Excluded   []Excluded     `json:"excluded"`
	Unknown    int            `json:"unknown_values"`
	Merged     int            `json:"merged_values"`
	Unread     []string       `json:"unread_columns"`
	Missing    []string       `json:"missing_columns"`
	Violations int            `json:"routing_violations"` // answers to questions that were not to be asked; set aside
	ByItem     map[string]int `json:"unknown_by_item,omitempty"`
}

// Excluded says how many rows were left out, and why.
type Excluded struct {
	Reason string `json:"reason"` // no-weight, zero-weight, no-consent, ...
	N      int    `json:"n"`
}

// ReasonEmpty is the reason of rows without a single answer; they are told apart from rows left out for another reason.
const ReasonEmpty = "empty"

// LeftOut returns the number of rows with answers that were left out.
func (d *DataQuality) LeftOut() int {
	n := 0
	for _, e := range d.Excluded {
		if e.Reason != ReasonEmpty {
			n += e.N
		}
	}
	return n
}

// Disclosure says what was hidden.
type Disclosure struct {
	K             int `json:"k"`
	Primary       int `json:"primary"`       // cells below k
	Complementary int `json:"complementary"` // hidden so that the first cannot be computed
}

// Caveat is a warning that belongs to the figures, as a message key with its data, so that each view translates it.
type Caveat struct {
	Key  string         `json:"key"`
	Text string         `json:"text"` // in English
	Data map[string]any `json:"data,omitempty"`
}
