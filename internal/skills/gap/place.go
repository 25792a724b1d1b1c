package gap

import "slices"

// places are the cells where people are or answered, in the order of function, then department. People without a known function or
// department are in one more of each, which is never shown.
type places struct {
	functions, departments int // with the one that is not known
	families               int // with the one of functions that have none
	family                 []int32
	function, department   []int32   // of each cell
	start                  []int32   // first cell of each function, and the end
	size                   []float64 // staff, or respondents by weight
	staff                  []int     // on the staff list
	answered               []int     // respondents
	cell                   []int32   // of each respondent
	order                  []int32   // respondents by cell
	first                  []int32   // first in order of each cell, and the end
	required               [][]int8  // by skill and cell
}

func newPlaces(in *Input) *places {
	p := &places{functions: len(in.Functions) + 1, departments: len(in.Departments) + 1, families: len(in.Families) + 1}
	for _, f := range in.Functions {
		if f.Family < 0 {
			f.Family = len(in.Families)
		}
		p.family = append(p.family, int32(f.Family))
	}
	p.family = append(p.family, int32(len(in.Families)))
	key := func(function, department int) int {
		if function < 0 {
			function = p.functions - 1
		}
		if department < 0 {
			department = p.departments - 1
		}
		return function*p.departments + department
	}
	index := make([]int32, p.functions*p.departments)
	n := len(in.People.Function)
	for r := range n {
		index[key(int(in.People.Function[r]), int(in.People.Department[r]))] = 1
	}
	for _, s := range in.Staff {
		if s.N > 0 {
			index[key(s.Function, s.Department)] = 1
		}
	}
	p.start = make([]int32, p.functions+1)
	for k, there := range index {
		if there == 0 {
			continue
		}
		index[k] = int32(len(p.function))
		p.function = append(p.function, int32(k/p.departments))
		p.department = append(p.department, int32(k%p.departments))
		p.start[k/p.departments+1]++
	}
	for f := range p.functions {
		p.start[f+1] += p.start[f]
	}
	p.people(in, index, key)
	p.require(in)
	return p
}

func (p *places) people(in *Input, index []int32, key func(int, int) int) {
	n, cells := len(in.People.Function), len(p.function)
	p.cell, p.order = make([]int32, n), make([]int32, n)
	p.first, p.answered = make([]int32, cells+1), make([]int, cells)
	p.size, p.staff = make([]float64, cells), make([]int, cells)
	for r := range n {
		c := index[key(int(in.People.Function[r]), int(in.People.Department[r]))]
		p.cell[r] = c
		p.first[c+1]++
		p.answered[c]++
	}
	for c := range cells {
		p.first[c+1] += p.first[c]
	}
	next := slices.Clone(p.first)
	for r := range n {
		c := p.cell[r]
		p.order[next[c]] = int32(r)
		next[c]++
	}
	for _, s := range in.Staff {
		if s.N > 0 {
			p.staff[index[key(s.Function, s.Department)]] += s.N
		}
	}
	var weights []float64
	for c := range cells {
		if in.Staff != nil {
			p.size[c] = float64(p.staff[c])
			continue
		}
		if in.People.Weight == nil {
			p.size[c] = float64(p.answered[c])
			continue
		}
		weights = weights[:0]
		for _, r := range p.of(c) {
			weights = append(weights, in.People.Weight[r])
		}
		p.size[c] = sum(weights)
	}
}

// of returns the respondents of a cell.
func (p *places) of(c int) []int32 { return p.order[p.first[c]:p.first[c+1]] }

// sum adds up in ascending order, so that the order of the values changes no bit. It sorts them.
func sum(values []float64) float64 {
	slices.Sort(values)
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

// known tells whether a cell is one of a known function and department.
func (p *places) known(c int) bool {
	return int(p.function[c]) < p.functions-1 && int(p.department[c]) < p.departments-1
}

func (p *places) require(in *Input) {
	p.required = make([][]int8, len(in.Skills))
	for s := range p.required {
		p.required[s] = make([]int8, len(p.function))
	}
	if in.Required == nil {
		return
	}
	top := int8(len(in.Cuts) + 1)
	for c := range p.function {
		f, d := int(p.function[c]), int(p.department[c])
		if f == p.functions-1 {
			continue // what a function asks is not known where the function is not
		}
		if d == p.departments-1 {
			d = -1
		}
		for s, level := range in.Required(f, d) {
			if s < len(p.required) {
				p.required[s][c] = max(0, min(top, level))
			}
		}
	}
}
