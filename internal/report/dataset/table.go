package dataset

import (
	"fmt"
	"slices"
	"strings"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/dataset/sav"
)

// table is the data of a package, laid out once for all its files.
type table struct {
	in      *Input
	opt     Options
	words   *i18n.Printer
	columns []*column
	sets    []set
	order   []int32  // rows of the files, as respondents of Answers
	leftOut []string // background variables that are not here, by id

	stratum, cluster string // names of columns, "" for none
}

// set is a multiple choice: the columns of its options.
type set struct {
	item    *instrument.Item
	name    string
	columns []*column
}

// Names of columns that the questionnaire does not know.
const (
	weightName  = "weight"
	stratumName = "stratum"
	clusterName = "cluster"
)

// newTable lays out the answers.
func newTable(in *Input, opt Options) (*table, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	t := &table{in: in, opt: opt, words: locale().Printer(opt.Lang)}
	names := newNames(weightName, stratumName, clusterName, intake.SyntheticColumn)
	t.addVariables(names)
	if err := t.addDesign(); err != nil {
		return nil, err
	}
	t.addExtras(names)
	t.columns = append(t.columns, &column{name: weightName, kind: weight, label: t.words.T("weight.label", nil), numbers: in.Weights.Weights, measure: sav.Scale})
	if in.Answers.Synthetic || in.Findings.Wave.Synthetic {
		t.columns = append(t.columns, &column{name: intake.SyntheticColumn, kind: synthetic, label: t.words.T("synthetic.label", nil), measure: sav.Nominal,
			cells: []string{"1"}, values: []float64{1}, texts: []string{t.words.T("synthetic.value", nil)}, at: func(int) int { return 0 }})
	}
	t.order = orderOf(t.columns, in.Answers.N, opt.Seed)
	return t, nil
}

// addVariables adds what people answered.
func (t *table) addVariables(names *names) {
	a := t.in.Answers
	keep := t.keeps()
	bySet := map[string]int{}
	for i := range a.Variables {
		v := &a.Variables[i]
		if a.Columns[i] == nil {
			continue
		}
		if !keep(v) {
			if id := v.Item.ID; !slices.Contains(t.leftOut, id) {
				t.leftOut = append(t.leftOut, id)
			}
			continue
		}
		c := newColumn(v, a.Columns[i], t.words, t.opt.Lang)
		c.name = names.name(v.ID)
		if v.Option == nil {
			t.columns = append(t.columns, c)
			continue
		}
		at, known := bySet[v.Item.ID]
		if !known {
			at = len(t.sets)
			bySet[v.Item.ID] = at
			t.sets = append(t.sets, set{item: v.Item, name: names.name(v.Item.ID + "_set")})
			t.columns = append(t.columns, t.opinions(v, a.Columns[i], names)...)
		}
		t.sets[at].columns = append(t.sets[at].columns, c)
		t.columns = append(t.columns, c)
	}
}

// opinions adds a column for each "don't know" and "not applicable" of a multiple choice: without it, a reader of the file
// could not tell them from a question that was left open.
func (t *table) opinions(v *instrument.Variable, c *instrument.Column, names *names) []*column {
	var out []*column
	_, missing := v.Choices()
	seen := map[int]bool{}
	for _, m := range missing {
		if seen[m.Code] {
			continue
		}
		seen[m.Code] = true
		own := instrument.Variable{ID: v.Item.ID + "." + m.Option.ID, Item: v.Item, Option: m.Option}
		col := &column{id: own.ID, target: own.ID, variable: &own, label: labelOf(&own, t.opt.Lang)}
		col.dichotomy(t.words)
		col.absences(nil, t.words, t.opt.Lang)
		col.at = func(i int) int {
			switch code := c.At(i); {
			case code == m.Code:
				return instrument.FirstOption + 1
			case valid(code) || code == instrument.DontKnow || code == instrument.NotApplicable:
				return instrument.FirstOption
			default:
				return code
			}
		}
		col.name = names.name(own.ID)
		out = append(out, col)
	}
	return out
}

// keeps tells which variables belong in the package: all but the background variables that the report does not use.
func (t *table) keeps() func(*instrument.Variable) bool {
	used := map[string]bool{}
	for _, g := range t.in.Findings.Groups {
		used[g.Variable] = true
	}
	for _, id := range t.in.Weights.Raked {
		used[id] = true
	}
	return func(v *instrument.Variable) bool {
		return v.Item.Topic != instrument.TopicBackground || t.opt.Background || used[v.ID]
	}
}

// addDesign adds strata and clusters.
func (t *table) addDesign() error {
	for _, d := range []struct {
		heading, name string
		to            *string
	}{{t.opt.Strata, stratumName, &t.stratum}, {t.opt.Cluster, clusterName, &t.cluster}} {
		if d.heading == "" {
			continue
		}
		f := t.in.Answers.Extra[d.heading]
		if f == nil {
			return fmt.Errorf("the answers hold no column %q of the design; read them with it", d.heading)
		}
		*d.to = d.name
		t.columns = append(t.columns, t.factor(d.name, d.heading, f))
	}
	return nil
}

// addExtras adds the columns outside the questionnaire by which the report breaks down.
func (t *table) addExtras(names *names) {
	for _, g := range t.in.Findings.Groups {
		f := t.in.Answers.Extra[g.Variable]
		if _, known := t.in.Answers.Instrument.Variable(g.Variable); known || f == nil {
			continue
		}
		c := t.factor(names.name(g.Variable), g.Variable, f)
		c.id = g.Variable
		t.columns = append(t.columns, c)
	}
}

// factor lays out a column that the questionnaire does not know. The empty level is no answer.
func (t *table) factor(name, label string, f *instrument.Factor) *column {
	c := &column{name: name, label: label, at: func(i int) int {
		if f.Levels[f.Codes[i]] == "" {
			return instrument.NoAnswer
		}
		return instrument.FirstOption + int(f.Codes[i])
	}}
	c.levels(f.Levels)
	c.absences(nil, t.words, t.opt.Lang)
	return c
}

// nameOf returns the name of the column of a variable, "" when it is not here.
func (t *table) nameOf(id string) string {
	for _, c := range t.columns {
		if c.id == id && id != "" {
			return c.name
		}
	}
	return ""
}

// names gives each variable a name that SPSS, R and Parquet take alike.
type names struct{ taken map[string]bool }

func newNames(taken ...string) *names {
	n := &names{map[string]bool{}}
	for _, t := range taken {
		n.taken[strings.ToLower(t)] = true
	}
	return n
}

// name makes a name of an id: letters, digits and _, at most 64 bytes, unique without regard to case.
func (n *names) name(id string) string {
	const most = 58 // leaves room for a number
	base := strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_') {
			return r
		}
		return '_'
	}, id)
	base = base[:min(len(base), most)]
	if base == "" || base[0] >= '0' && base[0] <= '9' || base[0] == '_' || sav.Reserved(base) {
		base = "v_" + base
	}
	name := base
	for i := 2; n.taken[strings.ToLower(name)]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	n.taken[strings.ToLower(name)] = true
	return name
}
