package stats

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ReliabilityNote says why a figure of a Reliability is missing or to be read with care.
type ReliabilityNote string

// The notes. Those marked with items name them.
const (
	NoteTooFewItems     ReliabilityNote = "too-few-items"     // fewer than two items vary: no figure at all
	NoteTooFewCases     ReliabilityNote = "too-few-cases"     // fewer than three complete cases: no figure at all
	NoteFewCases        ReliabilityNote = "few-cases"         // fewer than two complete cases an item
	NoteConstantItem    ReliabilityNote = "constant-item"     // items: left out
	NoteNoTotalVariance ReliabilityNote = "no-total-variance" // the items cancel out: no alpha
	NoteNegativeAlpha   ReliabilityNote = "negative-alpha"    // the items don't hang together, or some must be reversed
	NoteNegativeItem    ReliabilityNote = "negative-item"     // items: load negatively; reversed for omega only
	NoteTwoItems        ReliabilityNote = "two-items"         // no alpha without an item; omega with equal loadings
	NoteHeywood         ReliabilityNote = "heywood"           // items: (nearly) all variance is common; omega is doubtful
	NoteNoConvergence   ReliabilityNote = "no-convergence"    // the one-factor model was not found: no omega
)

// ReliabilityRemark is a note with the items (positions) that it is about.
type ReliabilityRemark struct {
	Note  ReliabilityNote
	Items []int
}

// Reliability tells how well items measure one thing, on the units that have a value on all of them.
type Reliability struct {
	N        int  // complete cases (with a positive weight when Weighted)
	Weighted bool // from the weighted covariance; else each case counts once, as in psych

	HasAlpha  bool
	Alpha     float64 // Cronbach's alpha of the raw scores (psych: raw_alpha); can be negative
	AlphaLow  float64 // 95 % interval of Feldt (1965), as psych::alpha.ci
	AlphaHigh float64

	HasOmega bool
	Omega    float64 // omega total of a one-factor minres model (psych: omega.tot)

	// By item, 0 for an item that was left out.
	ItemRest []float64 // correlation with the sum of the other items (psych: r.drop)
	Dropped  []float64 // alpha without the item; nil with two items
	Loadings []float64 // on the one factor; nil without omega

	Remarks []ReliabilityRemark
}

// ReliabilityOptions change what counts as a case.
type ReliabilityOptions struct {
	// Weights of the units, for the variant on the weighted covariance. Its interval takes Kish's effective number of
	// cases for their number, an approximation. Nil: unweighted, as psych.
	Weights []float64
}

// ReliabilityOf computes alpha, omega and item statistics of a scale. Reversed items come with reversed Values.
//
// Cases are counted by pattern of answers in one parallel pass, so that the result is the same to the last bit whatever
// the order of the rows. Problems with the data become Remarks, never NaN or infinite figures; an error means that the
// columns don't fit together, or that an item has more than 256 values.
func ReliabilityOf(items []Scored, opt ReliabilityOptions) (*Reliability, error) {
	if len(items) == 0 {
		return nil, errors.New("a scale needs items")
	}
	codes, err := momScored(items)
	if err != nil {
		return nil, err
	}
	d := &Design{N: codes[0].Len(), Weights: opt.Weights}
	if d.N == 0 {
		return nil, errors.New("the items have no units")
	}
	if err := momCheck(d, codes); err != nil {
		return nil, fmt.Errorf("items of a scale: %w", err)
	}
	c, err := relGather(items, opt.Weights)
	if err != nil {
		return nil, err
	}
	k := len(items)
	r := &Reliability{N: c.n, Weighted: opt.Weights != nil, ItemRest: make([]float64, k)}
	if c.n < 3 {
		r.remark(NoteTooFewCases)
		return r, nil
	}
	kept := r.leaveOutConstant(c, k)
	if len(kept) < 2 {
		r.remark(NoteTooFewItems)
		return r, nil
	}
	cov := relSelect(c.covariance, k, kept)
	r.alpha(cov, kept, c.effective)
	r.omega(cov, kept)
	if c.n < 2*k {
		r.remark(NoteFewCases)
	}
	return r, nil
}

func (r *Reliability) remark(n ReliabilityNote, items ...int) {
	r.Remarks = append(r.Remarks, ReliabilityRemark{n, items})
}

// leaveOutConstant returns the items that vary.
func (r *Reliability) leaveOutConstant(c *relCounts, k int) []int {
	var kept, constant []int
	for i := range k {
		if c.covariance[i*k+i] > 0 {
			kept = append(kept, i)
		} else {
			constant = append(constant, i)
		}
	}
	if constant != nil {
		r.remark(NoteConstantItem, constant...)
	}
	return kept
}

// relSelect returns the rows and columns of a square matrix.
func relSelect(a []float64, k int, kept []int) []float64 {
	out := make([]float64, 0, len(kept)*len(kept))
	for _, i := range kept {
		for _, j := range kept {
			out = append(out, a[i*k+j])
		}
	}
	return out
}

// relAlpha is Cronbach's alpha of a covariance matrix; false when the items' sum does not vary.
func relAlpha(cov []float64, k int) (alpha float64, ok bool) {
	trace, sum := 0.0, 0.0
	for i := range k {
		trace += cov[i*k+i]
		for j := range k {
			sum += cov[i*k+j]
		}
	}
	if !(sum > 1e-12*trace) {
		return 0, false
	}
	return (1 - trace/sum) * float64(k) / float64(k-1), true
}

// alpha sets alpha with its interval, alpha without each item, and item-rest correlations.
func (r *Reliability) alpha(cov []float64, kept []int, cases float64) {
	k := len(kept)
	if r.Alpha, r.HasAlpha = relAlpha(cov, k); r.HasAlpha {
		df1 := cases - 1
		f := distuv.F{D1: df1, D2: df1 * float64(k-1)}
		r.AlphaLow = 1 - (1-r.Alpha)*f.Quantile(0.975)
		r.AlphaHigh = 1 - (1-r.Alpha)*f.Quantile(0.025)
		if r.Alpha < 0 {
			r.remark(NoteNegativeAlpha)
		}
	} else {
		r.remark(NoteNoTotalVariance)
	}
	if k == 2 {
		r.remark(NoteTwoItems)
	} else {
		r.Dropped = make([]float64, len(r.ItemRest))
	}
	for i, item := range kept {
		var others []int
		for j := range k {
			if j != i {
				others = append(others, j)
			}
		}
		rest := relSelect(cov, k, others)
		if k > 2 {
			r.Dropped[item], _ = relAlpha(rest, k-1)
		}
		with, variance, scale := 0.0, 0.0, 0.0
		for _, j := range others {
			with += cov[i*k+j]
			scale += cov[j*k+j]
		}
		for _, v := range rest {
			variance += v
		}
		if variance > 1e-12*scale {
			r.ItemRest[item] = with / math.Sqrt(cov[i*k+i]*variance)
		}
	}
}

// omega fits the one-factor model.
func (r *Reliability) omega(cov []float64, kept []int) {
	k := len(kept)
	correlation := make([]float64, k*k)
	for i := range k {
		for j := range k {
			correlation[i*k+j] = cov[i*k+j] / math.Sqrt(cov[i*k+i]*cov[j*k+j])
		}
		correlation[i*k+i] = 1
	}
	f := fitOneFactor(correlation, k)
	if !f.converged {
		r.remark(NoteNoConvergence)
		return
	}
	r.HasOmega, r.Omega = true, f.omega(correlation)
	r.Loadings = make([]float64, len(r.ItemRest))
	var negative, heywood []int
	for i, item := range kept {
		r.Loadings[item] = f.loadings[i]
		if f.loadings[i] < 0 {
			negative = append(negative, item)
		}
	}
	for _, i := range f.heywood {
		heywood = append(heywood, kept[i])
	}
	if negative != nil {
		r.remark(NoteNegativeItem, negative...)
	}
	if heywood != nil {
		r.remark(NoteHeywood, heywood...)
	}
}
