package pool

import (
	"cmp"
	"slices"
)

// Term is a random intercept.
type Term int

// The terms, in the order in which arrays by term hold them.
const (
	FunctionTerm Term = iota
	DepartmentTerm
	CellTerm
	FamilyTerm
)

const terms = 4

// String names the term as it is called in the data.
func (t Term) String() string {
	return [...]string{"function", "department", "cell", "family"}[t]
}

// layout is the data in the order in which it is eliminated: records (one set of covariates in one cell) by cell, cells by
// function, then department.
type layout struct {
	p                                int // fixed coefficients with the intercept
	functions, departments, families int
	family                           []int32 // of each function; all 0 without families

	x        []float64 // p of each record
	n        []float64
	weight   []float64
	mean     []float64 // weighted mean of y less centre
	within   float64   // weighted squares about the records' means
	centre   float64   // weighted mean of all
	people   int
	sumW     float64
	logW     float64
	cellOf   []int32 // of each record
	records  []int32 // first record of each cell, and the end
	dept     []int32 // of each cell
	funcOf   []int32 // of each cell
	cells    []int32 // first cell of each function, and the end
	peopleOf [terms][]int32
	dummies  []int // column of each family as fixed effect, 0 for the reference; nil without
}

// newLayout sorts and merges; families only when the model has them.
func newLayout(d *Data, m Model) *layout {
	l := &layout{p: 1 + d.Covariates, functions: d.Functions, departments: d.Departments, families: 1, family: make([]int32, d.Functions)}
	if m.Family != FamilyNone {
		l.families = 0
		for f, g := range d.Families {
			l.family[f] = int32(g)
			l.families = max(l.families, g+1)
		}
	}
	order := make([]int32, 0, len(d.Cells))
	for i := range d.Cells {
		if d.Cells[i].N > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		a, b := &d.Cells[i], &d.Cells[j]
		return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Department, b.Department), slices.Compare(a.X, b.X))
	})
	if m.Family == FamilyFixed {
		l.asFixed(d, order)
	}
	l.gather(d, order)
	return l
}

// asFixed gives families with respondents a column each but the first; the family as such leaves the layout.
func (l *layout) asFixed(d *Data, order []int32) {
	l.dummies = make([]int, l.families)
	seen := make([]bool, l.families)
	for _, i := range order {
		seen[l.family[d.Cells[i].Function]] = true
	}
	first := true
	for g, s := range seen {
		switch {
		case s && first:
			first = false
		case s:
			l.dummies[g] = l.p
			l.p++
		}
	}
}

// columns writes the fixed row of covariates x of a function.
func (l *layout) columns(row, x []float64, function int) {
	clear(row)
	row[0] = 1
	copy(row[1:], x)
	if l.dummies != nil {
		if j := l.dummies[l.family[function]]; j > 0 {
			row[j] = 1
		}
	}
}

func (l *layout) gather(d *Data, order []int32) {
	l.cells = make([]int32, l.functions+1)
	for t, k := range []int{l.functions, l.departments, 0, l.families} {
		l.peopleOf[t] = make([]int32, k)
	}
	var tallies []Tally
	var previous *Cell
	for _, i := range order {
		c := &d.Cells[i]
		fresh := previous == nil || previous.Function != c.Function || previous.Department != c.Department
		if fresh {
			l.records = append(l.records, int32(len(tallies)))
			l.dept = append(l.dept, int32(c.Department))
			l.funcOf = append(l.funcOf, int32(c.Function))
			l.peopleOf[CellTerm] = append(l.peopleOf[CellTerm], 0)
			l.cells[c.Function+1]++
		}
		if fresh || !slices.Equal(previous.X, c.X) {
			tallies = append(tallies, Tally{})
			l.cellOf = append(l.cellOf, int32(len(l.dept)-1))
			l.x = append(l.x, make([]float64, l.p)...)
			l.columns(l.x[len(l.x)-l.p:], c.X, c.Function)
		}
		tallies[len(tallies)-1].Merge(c.Tally)
		n := int32(c.N)
		l.peopleOf[FunctionTerm][c.Function] += n
		l.peopleOf[DepartmentTerm][c.Department] += n
		l.peopleOf[CellTerm][len(l.dept)-1] += n
		l.peopleOf[FamilyTerm][l.family[c.Function]] += n
		previous = c
	}
	l.records = append(l.records, int32(len(tallies)))
	for f := range l.functions {
		l.cells[f+1] += l.cells[f]
	}
	l.sums(tallies)
}

// sums centres the scores, so that no digit is lost to their distance from zero.
func (l *layout) sums(tallies []Tally) {
	total := Tally{}
	for _, t := range tallies {
		total.Merge(t)
	}
	l.people, l.sumW, l.logW = total.N, total.Weight, total.LogWeight
	if total.Weight > 0 {
		l.centre = total.WeightedSum / total.Weight
	}
	k := len(tallies)
	l.n, l.weight, l.mean = make([]float64, k), make([]float64, k), make([]float64, k)
	for r, t := range tallies {
		m := t.WeightedSum / t.Weight
		l.n[r], l.weight[r], l.mean[r] = float64(t.N), t.Weight, m-l.centre
		l.within += max(0, t.WeightedSquares-m*t.WeightedSum)
	}
}

// levels returns how many levels of a term have respondents.
func (l *layout) levels(t Term) int {
	k := 0
	for _, n := range l.peopleOf[t] {
		if n > 0 {
			k++
		}
	}
	return k
}

// level returns the level of a term that a cell belongs to.
func (l *layout) level(t Term, cell int) int {
	switch t {
	case FunctionTerm:
		return int(l.funcOf[cell])
	case DepartmentTerm:
		return int(l.dept[cell])
	case FamilyTerm:
		return int(l.family[l.funcOf[cell]])
	default:
		return cell
	}
}

// cell returns the cell of a function and a department, or -1 when nobody answered there.
func (l *layout) cell(function, department int) int {
	lo, hi := l.cells[function], l.cells[function+1]
	if i, found := slices.BinarySearch(l.dept[lo:hi], int32(department)); found {
		return int(lo) + i
	}
	return -1
}
