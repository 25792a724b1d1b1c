package monitor

import (
	"maps"
	"slices"
)

// Release is what is shown of one day.
type Release struct {
	Day       string     `json:"day"` // 2026-11-29: counted when it began
	People    int        `json:"people"`
	Taken     Range      `json:"taken"`
	Answers   Range      `json:"answers"` // handed in
	Variables []Variable `json:"variables"`
}

// Variable is a group variable of the frame.
type Variable struct {
	Name   string  `json:"name"`
	Groups []Group `json:"groups"`
}

// Group is a group of the frame, or several small ones together.
type Group struct {
	Value    string `json:"value"`            // "" for those without a value, and for groups together
	Merged   int    `json:"merged,omitempty"` // how many groups these are that are too small alone; 0 for one group
	People   int    `json:"people"`
	WithMail int    `json:"withMail"` // people with a mail address
	Taken    Range  `json:"taken"`
}

// Range says that a number is one of Low to High.
type Range struct {
	Low  int `json:"low"`
	High int `json:"high"`
}

// Middle is the best guess.
func (r Range) Middle() float64 { return float64(r.Low+r.High) / 2 }

// Says tells whether the range says more than that it is between none and all of so many people.
func (r Range) Says(people int) bool { return r.Low > 0 || r.High < people }

// Person is somebody of the frame, without a name.
type Person struct {
	Groups map[string]string
	Mail   bool
	Taken  bool
}

const (
	mostVariables = 12
	mostGroups    = 200
)

// stepped returns the range of a number of people out of all: steps of k from 0 on, of which the last ends at all and has at
// least k numbers too. Out of fewer than 2k - 1 there is one step, which says nothing.
func stepped(n, all, k int) Range {
	last := max(0, (all-k+1)/k*k)
	if low := n / k * k; low < last {
		return Range{low, low + k - 1}
	}
	return Range{last, all}
}

// Smallest returns the fewest people of which a range can say something.
func Smallest(k int) int { return 2*k - 1 }

// cell is a group while it is counted.
type cell struct {
	Group
	taken   int
	members []int // people of the frame, by index
}

// release decides what is shown of a frame on a day.
func release(day string, k int, frame []Person, answers int) Release {
	taken := 0
	for _, p := range frame {
		if p.Taken {
			taken++
		}
	}
	r := Release{Day: day, People: len(frame), Taken: stepped(taken, len(frame), k), Answers: Range{answers / k * k, answers/k*k + k - 1}}
	all := [][]*cell{{{Group: Group{People: len(frame), Taken: r.Taken}, members: everyone(len(frame))}}}
	var shown []string
	for _, name := range names(frame) {
		if cells := cellsOf(frame, name, k); cells != nil {
			shown, all = append(shown, name), append(all, cells)
		}
	}
	keep(all, len(frame), k)
	r.Taken = all[0][0].Taken
	for i, name := range shown {
		v := Variable{Name: name}
		for _, c := range all[i+1] {
			v.Groups = append(v.Groups, c.Group)
		}
		r.Variables = append(r.Variables, v)
	}
	return r
}

func everyone(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// names lists the variables of a frame, not more than anybody reads.
func names(frame []Person) []string {
	seen := map[string]bool{}
	for _, p := range frame {
		for name := range p.Groups {
			seen[name] = true
		}
	}
	list := slices.Sorted(maps.Keys(seen))
	return list[:min(len(list), mostVariables)]
}

// cellsOf counts the frame by a variable. Groups that are too small to say anything of are taken together. A variable with
// more groups than anybody reads is left out: it names people more than it groups them.
func cellsOf(frame []Person, name string, k int) []*cell {
	byValue := map[string]*cell{}
	for i, p := range frame {
		value := p.Groups[name]
		if byValue[value] == nil {
			byValue[value] = &cell{Group: Group{Value: value}}
		}
		byValue[value].add(i, p)
	}
	if len(byValue) > mostGroups {
		return nil
	}
	var out []*cell
	rest := &cell{}
	for _, value := range slices.Sorted(maps.Keys(byValue)) {
		c := byValue[value]
		if c.People >= Smallest(k) {
			out = append(out, c)
			continue
		}
		rest.Merged++
		for _, i := range c.members {
			rest.add(i, frame[i])
		}
	}
	if rest.Merged == 1 {
		rest.Merged, rest.Value = 0, frame[rest.members[0]].Groups[name]
	}
	if rest.People > 0 {
		out = append(out, rest)
	}
	for _, c := range out {
		c.Taken = stepped(c.taken, c.People, k)
	}
	return out
}

func (c *cell) add(i int, p Person) {
	c.members = append(c.members, i)
	c.People++
	if p.Mail {
		c.WithMail++
	}
	if p.Taken {
		c.taken++
	}
}

// keep widens ranges until none is narrowed by another to fewer than k numbers: a whole by its parts, a part by the whole,
// and a group by another that has nearly the same people. Several held against each other may narrow it a little more; a
// test with a linear program says how little. Everyone together is the one cell of the first grouping.
// Widening a range never narrows another, so each pair is looked at once.
func keep(all [][]*cell, people, k int) {
	for wi, wholes := range all {
		for ci, cells := range all {
			if ci == 0 || ci == wi {
				continue
			}
			both := crossed(wholes, cells, people)
			for x, whole := range wholes {
				whole.holds(cells, both[x], k)
				for y, c := range cells {
					whole.beside(c, both[x][y], k)
				}
			}
		}
	}
}

// crossed counts the people of each cell of a (rows) and of b (columns).
func crossed(a, b []*cell, people int) [][]int {
	of := make([]int, people)
	for y, c := range b {
		for _, i := range c.members {
			of[i] = y
		}
	}
	out := make([][]int, len(a))
	for x, c := range a {
		out[x] = make([]int, len(b))
		for _, i := range c.members {
			out[x][of[i]]++
		}
	}
	return out
}

// holds widens a cell that, with the cells that lie within it, would narrow one of these. Its people who are in no such cell
// are a part of which nothing is shown.
func (c *cell) holds(cells []*cell, both []int, k int) {
	low, high, left, within := 0, 0, c.People, 0
	for y, part := range cells {
		if both[y] == part.People {
			low, high, left, within = low+part.Taken.Low, high+part.Taken.High, left-part.People, within+1
		}
	}
	if within > 0 {
		c.span(low, high+left, k)
	}
}

// beside widens a cell that another, with nearly the same people, would narrow: they can differ by no more than those who
// are in one of them alone.
func (c *cell) beside(other *cell, both, k int) {
	if both > 0 {
		c.span(other.Taken.Low-(other.People-both), other.Taken.High+(c.People-both), k)
	}
}

// span widens the range of c in steps until what it shares with low to high has k numbers or more, or all that there are.
func (c *cell) span(low, high, k int) {
	for min(c.Taken.High, high)-max(c.Taken.Low, low)+1 < min(k, c.People+1, high-low+1) {
		if c.Taken.Low > low && c.Taken.Low > 0 {
			c.Taken.Low = max(0, c.Taken.Low-k)
		} else if c.Taken.High < c.People {
			c.Taken.High = min(c.People, c.Taken.High+k)
		} else {
			return
		}
	}
}
