package dataset

import (
	"encoding/json"
	"io"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/findings"
)

// recipe tells reproduce.R what the figures of the Findings are made from. It holds no answer and no figure.
type recipe struct {
	Respondents int                `json:"respondents"`
	Weight      string             `json:"weight"`
	Method      string             `json:"method"` // none, column, raking
	Raked       []string           `json:"raked"`  // names of columns
	Population  []float64          `json:"population"`
	Stratum     string             `json:"stratum,omitempty"`
	Strata      []string           `json:"strata"` // levels, in the order of Population
	Cluster     string             `json:"cluster,omitempty"`
	NotAsked    string             `json:"not_asked"`
	Variables   []recipeVariable   `json:"variables"`
	Questions   []recipeQuestion   `json:"questions"`
	Tests       []recipeTest       `json:"tests"` // as findings.comparisons
	Models      []recipeModel      `json:"models"`
	LeftOut     []string           `json:"left_out"` // background variables that are not in the package
	Codes       map[string]codeMap `json:"codes"`    // of answers.sav, by column
}

// codeMap gives the code in answers.sav of each cell in answers.csv.
type codeMap map[string]float64

type recipeVariable struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Guarded map[string]string `json:"guarded,omitempty"` // cells that stand for another text
}

// recipeQuestion is a question, one option of a multiple choice, an indicator, a number or a construct.
type recipeQuestion struct {
	Kind     string       `json:"kind"`
	Item     string       `json:"item"`
	Option   string       `json:"option,omitempty"`
	Variable string       `json:"variable,omitempty"` // id
	Options  []string     `json:"options,omitempty"`
	Yes      []string     `json:"yes,omitempty"`
	All      bool         `json:"all,omitempty"`
	Items    []recipeItem `json:"items,omitempty"`
	Low      float64      `json:"low"`
	High     float64      `json:"high"`
	Minimum  int          `json:"minimum,omitempty"`
	By       []string     `json:"by"`
	Here     bool         `json:"here"` // its variables are in the package
}

type recipeItem struct {
	ID      string             `json:"id"`
	Scores  map[string]float64 `json:"scores"`
	Reverse bool               `json:"reverse,omitempty"`
}

type recipeTest struct {
	Question int      `json:"question"` // from 1, as R counts; 0 when it is not in the package
	By       string   `json:"by"`
	Groups   []string `json:"groups"`
}

type recipeModel struct {
	ID         string   `json:"id"`
	Outcome    string   `json:"outcome"`
	Predictors []string `json:"predictors"`
}

// writeRecipe writes recipe.json.
func (t *table) writeRecipe(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(t.recipe())
}

func (t *table) recipe() *recipe {
	f, in := t.in.Findings, t.in.Answers.Instrument
	r := &recipe{
		Respondents: t.in.Answers.N, Weight: weightName, Method: t.in.Weights.Method, Raked: []string{}, Population: t.in.Weights.Population,
		Stratum: t.stratum, Strata: []string{}, Cluster: t.cluster, NotAsked: token(instrument.NotAsked),
		Questions: []recipeQuestion{}, Tests: []recipeTest{}, Models: []recipeModel{}, LeftOut: append([]string{}, t.leftOut...), Codes: map[string]codeMap{},
	}
	for _, id := range t.in.Weights.Raked {
		r.Raked = append(r.Raked, t.nameOf(id))
	}
	if t.stratum != "" {
		r.Strata = t.in.Answers.Extra[t.opt.Strata].Levels
	}
	for _, c := range t.columns {
		if c.id != "" {
			r.Variables = append(r.Variables, recipeVariable{ID: c.id, Name: c.name, Guarded: c.guarded})
		}
		if c.numbers == nil {
			codes := codeMap{}
			for code, cell := range c.cells {
				if _, known := codes[cell]; !known {
					codes[cell] = c.values[code]
				}
			}
			r.Codes[c.name] = codes
		}
	}
	by, shown := brokenDown(f)
	for i := range f.Questions {
		for _, q := range t.questions(in, &f.Questions[i]) {
			q.By = append([]string{}, by[q.Item]...)
			r.Questions = append(r.Questions, q)
		}
	}
	for _, c := range f.Comparisons {
		at := slices.IndexFunc(r.Questions, func(q recipeQuestion) bool { return q.Item == c.Target && (c.Option == "" || q.Option == c.Option) })
		if at >= 0 && !r.Questions[at].Here {
			at = -1
		}
		r.Tests = append(r.Tests, recipeTest{Question: at + 1, By: c.By, Groups: append([]string{}, shown[[2]string{c.Target, c.By}]...)})
	}
	for _, fit := range f.Models {
		for i := range in.Models {
			if m := &in.Models[i]; m.ID == fit.ID {
				r.Models = append(r.Models, recipeModel{ID: m.ID, Outcome: m.Outcome, Predictors: m.Predictors})
			}
		}
	}
	return r
}

// brokenDown returns by which variables each question is broken down, and which groups of each are shown.
func brokenDown(f *findings.Findings) (by map[string][]string, shown map[[2]string][]string) {
	by, shown = map[string][]string{}, map[[2]string][]string{}
	seen := map[[3]string]bool{}
	add := func(id string, g *findings.Group, suppressed bool) {
		if g == nil {
			return
		}
		if !seen[[3]string{id, g.Variable}] {
			seen[[3]string{id, g.Variable}] = true
			by[id] = append(by[id], g.Variable)
		}
		if key := [3]string{id, g.Variable, "=" + g.Value}; !suppressed && !seen[key] {
			seen[key] = true
			k := [2]string{id, g.Variable}
			shown[k] = append(shown[k], g.Value)
		}
	}
	for _, s := range f.Shares {
		add(s.Item, s.Group, s.Suppressed)
	}
	for _, m := range f.Means {
		add(m.Construct, m.Group, m.Suppressed)
	}
	return by, shown
}

// questions describes one question of the findings: a multiple choice by option.
func (t *table) questions(in *instrument.Instrument, q *findings.Question) []recipeQuestion {
	one := recipeQuestion{Kind: "options", Item: q.ID, Variable: q.ID, Here: t.nameOf(q.ID) != ""}
	switch q.Kind {
	case "construct":
		one.Kind, one.Variable = "construct", ""
		t.construct(in, &one)
	case string(instrument.Number):
		one.Kind = "number"
	case "indicator":
		for i := range in.Indicators {
			if ind := &in.Indicators[i]; ind.ID == q.ID {
				one.Kind, one.Option, one.Variable, one.Yes, one.All = "indicator", "yes", ind.Item, ind.Options, ind.All
				one.Here = t.nameOf(ind.Item) != ""
			}
		}
	case string(instrument.Multiple):
		var all []recipeQuestion
		for _, o := range q.Options {
			if id := q.ID + "." + o.ID; o.Missing == "" {
				all = append(all, recipeQuestion{Kind: "indicator", Item: q.ID, Option: o.ID, Variable: id, Yes: []string{"1"}, Here: t.nameOf(id) != ""})
			}
		}
		return all
	default:
		for _, o := range q.Options {
			if o.Missing == "" {
				one.Options = append(one.Options, o.ID)
			}
		}
	}
	return []recipeQuestion{one}
}

func (t *table) construct(in *instrument.Instrument, q *recipeQuestion) {
	at := slices.IndexFunc(in.Constructs, func(c instrument.Construct) bool { return c.ID == q.Item })
	if at < 0 {
		return
	}
	c := &in.Constructs[at]
	q.Minimum, q.Here = max(1, c.MinAnswered), true
	first := true
	for _, id := range c.Items {
		v, _ := in.Variable(id)
		if t.nameOf(id) == "" {
			continue // the data has no such column; a score is made of the others
		}
		item := recipeItem{ID: id, Scores: map[string]float64{}, Reverse: slices.Contains(c.Reverse, id)}
		for _, o := range v.Item.Options {
			if o.Value != nil && o.Missing == instrument.NotMissing {
				item.Scores[o.ID] = *o.Value
				if first || *o.Value < q.Low {
					q.Low = *o.Value
				}
				if first || *o.Value > q.High {
					q.High = *o.Value
				}
				first = false
			}
		}
		q.Items = append(q.Items, item)
	}
	q.Here = len(q.Items) > 0
}
