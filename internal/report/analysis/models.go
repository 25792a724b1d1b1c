package analysis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/stats"
)

// bootstrapSeed makes the intervals of importance the same at every run.
const bootstrapSeed = 1

// collinearVIF is the variance inflation above which the parts of predictors are hard to tell apart.
const collinearVIF = 5

// maxOrdinal bounds the levels of an outcome for the proportional-odds regression; a finer score is nearly continuous.
const maxOrdinal = 60

// reliability returns alpha, omega and item statistics of every construct on the people who answered all its items.
func (s *sheet) reliability(k int) ([]findings.Reliab, error) {
	out := []findings.Reliab{}
	for _, q := range s.questions {
		if q.construct == nil {
			continue
		}
		r, err := s.reliabilityOf(q.construct, k)
		if err != nil {
			return nil, fmt.Errorf("reliability of %s: %w", q.about.ID, err)
		}
		out = append(out, r)
	}
	return out, nil
}

func (s *sheet) reliabilityOf(c *instrument.Construct, k int) (findings.Reliab, error) {
	out := findings.Reliab{Construct: c.ID, Items: c.Items}
	var items []stats.Scored
	for _, id := range c.Items {
		item, ok := s.scoredItem(c, id)
		if !ok {
			out.Suppressed, out.Note = true, "missing-item"
			return out, nil
		}
		items = append(items, item)
	}
	r, err := stats.ReliabilityOf(items, stats.ReliabilityOptions{})
	if err != nil {
		return out, err
	}
	if r.N < k {
		out.Suppressed = true
		return out, nil
	}
	out.N, out.ItemRest, out.AlphaDrop, out.Loadings = r.N, r.ItemRest, r.Dropped, r.Loadings
	if r.HasAlpha {
		out.Alpha, out.AlphaLow, out.AlphaHigh = r.Alpha, r.AlphaLow, r.AlphaHigh
	}
	if r.HasOmega {
		out.Omega = r.Omega
	}
	var notes []string
	for _, remark := range r.Remarks {
		notes = append(notes, string(remark.Note))
	}
	out.Note = strings.Join(notes, ", ")
	return out, nil
}

// scoredItem returns an item of a construct as scores, reversed where the construct says so.
func (s *sheet) scoredItem(c *instrument.Construct, id string) (stats.Scored, bool) {
	at, ok := s.columnOf[id]
	if !ok {
		return stats.Scored{}, false
	}
	v, _ := s.in.Variable(id)
	values := v.Scores()
	for _, reversed := range c.Reverse {
		if reversed == id {
			low, high := scaleEnds(s.byID[id].about.Options)
			for code := range values {
				values[code] = low + high - values[code]
			}
		}
	}
	return stats.Scored{Codes: s.columns[at], Values: values}, true
}

// drivers explains the outcome of each model of the instrument by its predictors.
func (s *sheet) drivers(ctx context.Context, d *stats.Design, k int) ([]findings.Driver, []findings.ModelFit, error) {
	drivers, fits := []findings.Driver{}, []findings.ModelFit{}
	for i := range s.in.Models {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		m := &s.in.Models[i]
		columns, ok := s.modelColumns(m)
		if !ok {
			continue
		}
		fit, found, err := explain(d, m, columns, k)
		if err != nil {
			return nil, nil, fmt.Errorf("model %s: %w", m.ID, err)
		}
		fits, drivers = append(fits, fit), append(drivers, found...)
	}
	return drivers, fits, nil
}

// modelColumns returns the scores of the predictors and, last, of the outcome.
func (s *sheet) modelColumns(m *instrument.Model) ([]stats.Scored, bool) {
	var columns []stats.Scored
	for _, id := range append(append([]string{}, m.Predictors...), m.Outcome) {
		q := s.byID[id]
		if q == nil || q.values == nil {
			return nil, false
		}
		columns = append(columns, stats.Scored{Codes: s.columns[q.parts[0].column], Values: q.values})
	}
	return columns, true
}

// explain fits one model. What the data cannot carry is a note, not an error.
func explain(d *stats.Design, m *instrument.Model, columns []stats.Scored, k int) (findings.ModelFit, []findings.Driver, error) {
	fit := findings.ModelFit{ID: m.ID, Outcome: m.Outcome}
	unfit := func(err error) (findings.ModelFit, []findings.Driver, error) {
		fit.Suppressed, fit.Note = true, err.Error()
		return fit, nil, nil
	}
	moments, err := stats.GatherMoments(d, columns)
	if err != nil {
		if errors.Is(err, stats.ErrNoCases) {
			return unfit(err)
		}
		return fit, nil, err
	}
	if moments.N < k {
		fit.Suppressed = true
		return fit, nil, nil
	}
	outcome := len(m.Predictors)
	predictors := make([]int, outcome)
	for i := range predictors {
		predictors[i] = i
	}
	linear, err := moments.Regress(outcome, predictors)
	if err != nil {
		return unfit(err)
	}
	importance, err := moments.Importance(outcome, predictors, stats.ImportanceOptions{Seed: bootstrapSeed})
	if err != nil {
		return unfit(err)
	}
	fit.N, fit.R2, fit.R2Low, fit.R2High, fit.DF = linear.N, linear.R2, importance.R2.Low, importance.R2.High, linear.DF
	drivers := make([]findings.Driver, len(predictors))
	for i, b := range linear.Slopes {
		part := importance.Shares[i]
		drivers[i] = findings.Driver{
			Outcome: m.Outcome, Predictor: m.Predictors[i],
			Estimate: b.Estimate, SE: b.SE, Low: b.Low, High: b.High, P: b.P, Standard: b.Standard, StandardSE: b.StandardSE,
			Importance: part.Estimate, ImportanceLow: part.Low, ImportanceHigh: part.High, VIF: b.VIF,
		}
		fit.Collinear = fit.Collinear || b.VIF > collinearVIF
	}
	addOdds(d, columns, drivers, &fit)
	return fit, drivers, nil
}

// addOdds adds the proportional-odds coefficients, where the outcome has few enough levels and they can be estimated.
func addOdds(d *stats.Design, columns []stats.Scored, drivers []findings.Driver, fit *findings.ModelFit) {
	outcome := columns[len(columns)-1]
	if outcome.Codes.K > maxOrdinal {
		return
	}
	odds, err := stats.OrdinalRegression(d, outcome, columns[:len(columns)-1])
	if err != nil || !odds.Converged {
		fit.Note = "no-odds"
		return
	}
	for i, b := range odds.Slopes {
		drivers[i].OddsLog, drivers[i].OddsSE = b.Estimate, b.SE
	}
}
