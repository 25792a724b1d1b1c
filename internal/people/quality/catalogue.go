package quality

import (
	"cmp"
	"slices"
	"strings"

	"tekentafel/internal/people/org"
)

// catalogue is the functions that stand on the day, followed by the ones that posts point to and that are not there.
type catalogue struct {
	register
	functions []org.Function
	work      []int8  // as assumed when unknown
	of        []int32 // set that the function is in, -1 none
	sets      []mergeSet
}

// mergeSet is a set of functions to merge: none contradicts another.
type mergeSet struct {
	members []int32 // the one that stays first
	kind    Kind
	level   org.Level
	work    org.Work
}

func (c *catalogue) open(functions []org.Function, day org.Date) {
	c.register = newRegister(len(functions))
	for i := range functions {
		if functions[i].On(day) {
			c.stand(functions[i].ID)
			c.functions = append(c.functions, functions[i])
		}
	}
}

// more orders functions by people, most first, then by id.
func (c *catalogue) more(a, b int32) int {
	return cmp.Or(cmp.Compare(c.people[b], c.people[a]), strings.Compare(c.ids[a], c.ids[b]))
}

// functions makes the sets to merge, and counts what is wrong with functions.
func (r *roll) functions() {
	c := &r.cat
	c.of = make([]int32, len(c.ids))
	for i := range c.of {
		c.of[i] = -1
	}
	apart := map[[2]int32]bool{}
	for _, p := range r.in.DifferentFunctions {
		a, ok := c.index[p[0]]
		b, also := c.index[p[1]]
		if ok && also {
			apart[[2]int32{a, b}], apart[[2]int32{b, a}] = true, true
		}
	}
	for _, m := range r.in.Merges {
		c.take(FunctionAlike, c.known(m), apart)
	}
	for _, s := range c.same(apart) {
		if !c.widen(s, apart) {
			c.take(FunctionSame, s, apart)
		}
		r.hitSet(FunctionSame, s)
	}
	for i := range c.sets {
		if s := &c.sets[i]; s.kind == FunctionAlike {
			r.hitSet(FunctionAlike, s.members)
		}
	}
	c.assumeWork()
	for i := range r.rows {
		r.lack(i)
	}
	for i, id := range c.ids {
		n := int(c.people[i])
		switch {
		case n == 0:
		case !c.there(int32(i)):
			r.hit(FunctionGone, n, id)
		default:
			if c.functions[i].Level == "" {
				r.hit(NoLevel, n, id)
			}
			if c.functions[i].Work == org.WorkUnknown {
				r.hit(NoWork, n, id)
			}
		}
	}
}

// lack notes on a row what its function lacks.
func (r *roll) lack(i int) {
	x, c := &r.rows[i], &r.cat
	if x.fn < 0 {
		return
	}
	x.work = c.work[x.fn]
	if !c.there(x.fn) {
		x.bits |= FunctionGone.bit()
		return
	}
	f := &c.functions[x.fn]
	if f.Level == "" {
		x.bits |= NoLevel.bit()
	}
	if f.Work == org.WorkUnknown {
		x.bits |= NoWork.bit()
	}
}

func (r *roll) hitSet(k Kind, members []int32) {
	people := 0
	ids := make([]string, len(members))
	for i, f := range members {
		people += int(r.cat.people[f])
		ids[i] = r.cat.ids[f]
	}
	r.hit(k, people, ids[0], ids[1:]...)
}

// known returns the functions of a proposal that stand, the one that stays first, then by people.
func (c *catalogue) known(m Merge) []int32 {
	var fs []int32
	for _, id := range m.Functions {
		if i, ok := c.index[id]; ok && c.there(i) {
			fs = append(fs, i)
		}
	}
	slices.SortFunc(fs, c.more)
	if i, ok := c.index[m.Into]; ok && c.there(i) {
		fs = slices.Insert(fs, 0, i)
	}
	out := fs[:0:0]
	for _, f := range fs {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// same returns sets of functions whose titles are equal after folding and that do not contradict each other, the most people first.
func (c *catalogue) same(apart map[[2]int32]bool) [][]int32 {
	byName := map[string][]int32{}
	var order []string
	for i := range c.functions {
		name := string(fold(nil, c.functions[i].Name))
		if name == "" {
			continue
		}
		if byName[name] == nil {
			order = append(order, name)
		}
		byName[name] = append(byName[name], int32(i))
	}
	var out [][]int32
	for _, name := range order {
		fs := byName[name]
		slices.SortFunc(fs, c.more)
		for len(fs) > 1 {
			s := mergeSet{}
			var rest []int32
			for _, f := range fs {
				if !c.admit(&s, f, apart) {
					rest = append(rest, f)
				}
			}
			if len(s.members) > 1 {
				out = append(out, s.members)
			}
			fs = rest
		}
	}
	return out
}

// admit takes a function into a set, unless it contradicts the set or somebody decided otherwise.
func (c *catalogue) admit(s *mergeSet, f int32, apart map[[2]int32]bool) bool {
	x := &c.functions[f]
	if s.level != "" && x.Level != "" && s.level != x.Level || s.work != "" && x.Work != "" && s.work != x.Work {
		return false
	}
	if len(apart) > 0 {
		for _, m := range s.members {
			if apart[[2]int32{m, f}] {
				return false
			}
		}
	}
	s.level, s.work = cmp.Or(s.level, x.Level), cmp.Or(s.work, x.Work)
	s.members = append(s.members, f)
	return true
}

// take makes a set to merge of the functions that are in none yet.
func (c *catalogue) take(k Kind, fs []int32, apart map[[2]int32]bool) {
	s := mergeSet{kind: k}
	for _, f := range fs {
		if c.of[f] < 0 {
			c.admit(&s, f, apart)
		}
	}
	if len(s.members) < 2 {
		return
	}
	for _, f := range s.members {
		c.of[f] = int32(len(c.sets))
	}
	c.sets = append(c.sets, s)
}

// widen takes functions into the set that one of them is in already; false when none is in one.
func (c *catalogue) widen(fs []int32, apart map[[2]int32]bool) bool {
	in := int32(-1)
	for _, f := range fs {
		if in = c.of[f]; in >= 0 {
			break
		}
	}
	if in < 0 {
		return false
	}
	for _, f := range fs {
		if c.of[f] < 0 && c.admit(&c.sets[in], f, apart) {
			c.of[f] = in
		}
	}
	return true
}
