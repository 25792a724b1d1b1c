package analysis_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// oracleWave tells R where the answers lie and which questions to ask of them. It holds no count and no figure.
type oracleWave struct {
	Name       string            `json:"name"`
	CSV        string            `json:"csv"`
	Population *float64          `json:"population,omitempty"`
	Margins    string            `json:"margins,omitempty"`
	Weight     string            `json:"weight,omitempty"`
	Strata     string            `json:"strata,omitempty"`
	Cluster    string            `json:"cluster,omitempty"`
	Spot       int               `json:"spot"` // every how many domains svymean itself is asked
	Variables  []oracleVariable  `json:"variables"`
	Questions  []*oracleQuestion `json:"questions"`
	Tests      []oracleTest      `json:"tests"`
	Models     []oracleModel     `json:"models"`
	Published  []oraclePublished `json:"published"`
}

// oracleVariable is a column of the file: what its cells mean and who was asked.
type oracleVariable struct {
	ID        string            `json:"id"`
	Heading   string            `json:"heading"`
	Spellings map[string]string `json:"spellings,omitempty"` // "" stands outside the base
	Condition string            `json:"condition,omitempty"` // an R expression
}

// oracleQuestion is a question, one option of a multiple choice, an indicator, a number or a construct.
type oracleQuestion struct {
	Kind     string       `json:"kind"`
	ID       string       `json:"id"`
	Item     string       `json:"item"`
	Option   string       `json:"option,omitempty"`
	Variable string       `json:"variable,omitempty"`
	Options  []string     `json:"options,omitempty"`
	Yes      []string     `json:"yes,omitempty"`
	All      bool         `json:"all,omitempty"`
	Items    []oracleItem `json:"items,omitempty"`
	Low      float64      `json:"low"`
	High     float64      `json:"high"`
	Minimum  int          `json:"minimum,omitempty"`
	By       []string     `json:"by"`
}

type oracleItem struct {
	ID      string             `json:"id"`
	Scores  map[string]float64 `json:"scores"`
	Reverse bool               `json:"reverse"`
}

type oracleTest struct {
	Question int      `json:"question"` // from 1, as R counts
	By       string   `json:"by"`
	Groups   []string `json:"groups"`
}

type oracleModel struct {
	ID         string   `json:"id"`
	Outcome    string   `json:"outcome"`
	Predictors []string `json:"predictors"`
}

type oraclePublished struct {
	Share float64 `json:"share"`
	N     int     `json:"n"`
}

// ask fills in the questions of a wave: those of the instrument, and which groups the findings show.
func (w *oracleWave) ask(t *testing.T, in *instrument.Instrument, f *findings.Findings) {
	t.Helper()
	for _, v := range in.Variables() {
		w.Variables = append(w.Variables, oracleVariableOf(&v))
	}
	by := brokenDown(f)
	for i := range f.Questions {
		for _, q := range oracleQuestions(t, in, &f.Questions[i]) {
			q.By = by[q.Item]
			w.Questions = append(w.Questions, q)
		}
	}
	shown := shownGroups(f)
	for _, c := range f.Comparisons {
		at := slices.IndexFunc(w.Questions, func(q *oracleQuestion) bool {
			return q.Item == c.Target && (c.Option == "" || q.Option == c.Option)
		})
		w.Tests = append(w.Tests, oracleTest{Question: at + 1, By: c.By, Groups: shown[[2]string{c.Target, c.By}]})
	}
	for _, m := range in.Models {
		w.Models = append(w.Models, oracleModel{ID: m.ID, Outcome: m.Outcome, Predictors: m.Predictors})
	}
	for _, b := range in.Benchmarks {
		w.Published = append(w.Published, oraclePublished{b.Share, b.N})
	}
}

// brokenDown returns the variables by which each item or construct is broken down.
func brokenDown(f *findings.Findings) map[string][]string {
	by := map[string][]string{}
	add := func(id string, g *findings.Group) {
		if g != nil && !slices.Contains(by[id], g.Variable) {
			by[id] = append(by[id], g.Variable)
		}
	}
	for _, s := range f.Shares {
		add(s.Item, s.Group)
	}
	for _, m := range f.Means {
		add(m.Construct, m.Group)
	}
	return by
}

// shownGroups returns the groups that are shown, by question and variable.
func shownGroups(f *findings.Findings) map[[2]string][]string {
	shown := map[[2]string][]string{}
	add := func(id string, g *findings.Group, suppressed bool) {
		if g == nil || suppressed {
			return
		}
		k := [2]string{id, g.Variable}
		if !slices.Contains(shown[k], g.Value) {
			shown[k] = append(shown[k], g.Value)
		}
	}
	for _, s := range f.Shares {
		add(s.Item, s.Group, s.Suppressed)
	}
	for _, m := range f.Means {
		add(m.Construct, m.Group, m.Suppressed)
	}
	return shown
}

func oracleVariableOf(v *instrument.Variable) oracleVariable {
	o := oracleVariable{ID: v.ID, Heading: v.Heading(), Condition: inR(v.Item.Visible)}
	if v.Option != nil {
		o.Spellings = map[string]string{"1": "1", "0": "0"}
		return o
	}
	for _, opt := range v.Item.Options {
		if o.Spellings == nil {
			o.Spellings = map[string]string{}
		}
		id := opt.ID
		if opt.Missing != instrument.NotMissing {
			id = ""
		}
		for _, spelling := range append(slices.Collect(maps.Values(opt.Label)), append(opt.Values, opt.ID)...) {
			o.Spellings[spelling] = id
		}
	}
	return o
}

// inR translates a condition of the built-in instruments.
func inR(condition string) string {
	return strings.NewReplacer(" in [", " %in% c(", "]", ")", " or ", " | ", " and ", " & ").Replace(condition)
}

// oracleQuestions describes one question of the findings, a multiple choice by option.
func oracleQuestions(t *testing.T, in *instrument.Instrument, q *findings.Question) []*oracleQuestion {
	t.Helper()
	o := &oracleQuestion{Kind: "options", ID: q.ID, Item: q.ID, Variable: q.ID}
	switch q.Kind {
	case "construct":
		o.Kind = "construct"
		o.construct(t, in, q.ID)
	case "number":
		o.Kind = "number"
	case "indicator":
		for _, ind := range in.Indicators {
			if ind.ID == q.ID {
				o.Kind, o.Option, o.Variable, o.Yes, o.All = "indicator", "yes", ind.Item, ind.Options, ind.All
			}
		}
	case "multiple":
		var all []*oracleQuestion
		for _, opt := range q.Options {
			if opt.Missing == "" {
				all = append(all, &oracleQuestion{Kind: "indicator", ID: q.ID, Item: q.ID, Option: opt.ID, Variable: q.ID + "." + opt.ID, Yes: []string{"1"}})
			}
		}
		return all
	default:
		for _, opt := range q.Options {
			if opt.Missing == "" {
				o.Options = append(o.Options, opt.ID)
			}
		}
	}
	return []*oracleQuestion{o}
}

func (o *oracleQuestion) construct(t *testing.T, in *instrument.Instrument, id string) {
	t.Helper()
	for _, c := range in.Constructs {
		if c.ID != id {
			continue
		}
		o.Minimum = c.MinAnswered
		for _, item := range c.Items {
			v, ok := in.Variable(item)
			if !ok {
				t.Fatalf("construct %s: no variable %s", id, item)
			}
			scores := map[string]float64{}
			for _, opt := range v.Item.Options {
				if opt.Value != nil && opt.Missing == instrument.NotMissing {
					scores[opt.ID] = *opt.Value
				}
			}
			ends := slices.Sorted(maps.Values(scores))
			o.Low, o.High = ends[0], ends[len(ends)-1]
			o.Items = append(o.Items, oracleItem{ID: item, Scores: scores, Reverse: slices.Contains(c.Reverse, item)})
		}
	}
}
