package linkage

import "math"

// Model is what was learnt: how each level weighs.
type Model struct {
	Fields     []FieldModel
	Matches    float64 // expected pairs, among all that are possible, that are one thing
	Share      float64 // the same as a share: the prior probability of a pair
	Steps      int
	Converged  bool
	Designed   bool // the designed m and u hold, for the data could not say
	Likelihood float64
}

// FieldModel is a field of a model. U has a row for each class of the other fields on which u depends, one row where it depends on
// none; Classes names them.
type FieldModel struct {
	Field   Field
	Levels  []Level
	M       []float64
	Classes []string
	U       [][]float64
}

// design is a field before anything is learnt: its levels from most to least alike, the m and u that experience expects with their strength
// in pseudo-pairs, and the class of the other fields on which u depends.
type design struct {
	field     Field
	levels    []Level
	m         []float64
	mStrength float64
	u         [][]float64
	uStrength float64
	firm      []float64 // pseudo-pairs of u besides, by class, not scaled: where the data cannot say; nil none
	classes   []string
	class     func(p pattern) int // nil is one class; looks only at fields that have no class themselves
	held      int                 // from this level on m stays as designed, for the data cannot tell half-alike matches from half-alike neighbours; 0 is nowhere
	confused  []float64           // for the levels before held: the share of pairs at the level that are two things all the same, as designed; nil is not known
	ordered   bool                // levels weigh less from first to last
}

func (d *design) classOf(p pattern) int {
	if d.class == nil {
		return 0
	}
	return d.class(p)
}

// most fields that a comparison has.
const mostFields = 8

// missing is the level of a field that one of both rows lacks.
const missing = int8(-1)

// pattern is the level of each field of a pair.
type pattern [mostFields]int8

// tally counts the pairs with a pattern: candidates one by one, others as the sample stands for them.
type tally struct {
	pattern pattern
	count   float64
	apart   bool // so little alike, or found by no pass, that learning takes it as two things; else a class of half-alike pairs can take the place of matches
}

// fit is the state of learning.
type fit struct {
	designs []design
	m       [][]float64
	u       [][][]float64
	share   float64
}

func newFit(designs []design, share float64) *fit {
	f := &fit{designs: designs, share: share}
	for i := range designs {
		f.m = append(f.m, normalised(designs[i].m))
		var u [][]float64
		for _, row := range designs[i].u {
			u = append(u, normalised(row))
		}
		f.u = append(f.u, u)
	}
	return f
}

func normalised(v []float64) []float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = x / sum
	}
	return out
}

// logarithms returns those (base e) of m and u.
func (f *fit) logarithms() (m [][]float64, u [][][]float64) {
	logs := func(v []float64) []float64 {
		out := make([]float64, len(v))
		for i, x := range v {
			out[i] = math.Log(x)
		}
		return out
	}
	for i := range f.designs {
		m = append(m, logs(f.m[i]))
		var rows [][]float64
		for _, row := range f.u[i] {
			rows = append(rows, logs(row))
		}
		u = append(u, rows)
	}
	return m, u
}

// bits is the weight of a level of a field.
func (f *fit) bits(p pattern, field int) float64 {
	l := p[field]
	if l == missing {
		return 0
	}
	return math.Log2(f.m[field][l] / f.u[field][f.designs[field].classOf(p)][l])
}

func (f *fit) weight(p pattern) float64 {
	sum := 0.0
	for i := range f.designs {
		sum += f.bits(p, i)
	}
	return sum
}

func (f *fit) model() []FieldModel {
	var all []FieldModel
	for i := range f.designs {
		d := &f.designs[i]
		all = append(all, FieldModel{Field: d.field, Levels: d.levels, M: f.m[i], Classes: d.classes, U: f.u[i]})
	}
	return all
}
