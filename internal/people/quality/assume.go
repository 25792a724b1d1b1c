package quality

import "tekentafel/internal/people/org"

// works lists the kinds of work by their position in row.work.
var works = [...]org.Work{org.Desk, org.Field, org.Both}

func workAt(w org.Work) int8 {
	for i := range works {
		if works[i] == w {
			return int8(i)
		}
	}
	return -1
}

// assumeWork says which kind of work a function has, and which one it is taken to have that lacks it: that of the functions that it is to be merged with,
// else the most frequent in its family, else the most frequent.
func (c *catalogue) assumeWork() {
	all := [len(works)]int32{}
	families := map[string]*[len(works)]int32{}
	for i := range c.functions {
		w := workAt(c.functions[i].Work)
		if w < 0 {
			continue
		}
		all[w] += c.people[i]
		f := families[c.functions[i].Family]
		if f == nil {
			f = new([len(works)]int32)
			families[c.functions[i].Family] = f
		}
		f[w] += c.people[i]
	}
	c.work = make([]int8, len(c.ids))
	for i := range c.work {
		like := int32(i)
		if s := c.of[i]; s >= 0 {
			like = c.sets[s].members[0]
			if w := workAt(c.sets[s].work); w >= 0 {
				c.work[i] = w
				continue
			}
		}
		c.work[i] = most(&all)
		if !c.there(like) {
			continue
		}
		f := &c.functions[like]
		if w := workAt(f.Work); w >= 0 {
			c.work[i] = w
		} else if n := families[f.Family]; n != nil && f.Family != "" {
			c.work[i] = most(n)
		}
	}
}

func most(n *[len(works)]int32) int8 {
	best := 0
	for i := range n {
		if n[i] > n[best] {
			best = i
		}
	}
	return int8(best)
}

// assume says where people are taken to be of whom unit, function or age is not known: with the unit of most people with their
// function, the function of most people in their unit, the age of most people with their function; else of most people.
func (r *roll) assume() {
	pairs := map[[2]int32]int32{}
	bands := make([][]int32, len(r.cat.ids)+1)
	for i := range bands {
		bands[i] = make([]int32, len(r.in.Ages)+1)
	}
	for i := range r.rows {
		x := &r.rows[i]
		if x.unit >= 0 && x.fn >= 0 {
			pairs[[2]int32{x.unit, x.fn}]++
		}
		if x.band >= 0 {
			bands[x.fn+1][x.band]++
			bands[0][x.band] += int32(one(x.fn >= 0))
		}
	}
	units, functions := make([]pick, len(r.cat.ids)), make([]pick, len(r.tree.ids))
	sound := func(u int32) bool { return r.tree.there(u) && r.tree.brk[u] < 0 }
	for p, n := range pairs {
		if r.cat.there(p[1]) {
			functions[p[0]].offer(p[1], n)
		}
		if sound(p[0]) {
			units[p[1]].offer(p[0], n)
		}
	}
	var unit, function pick
	for i, n := range r.tree.people {
		if sound(int32(i)) {
			unit.offer(int32(i), n)
		}
	}
	for i, n := range r.cat.people {
		if r.cat.there(int32(i)) {
			function.offer(int32(i), n)
		}
	}
	for i := range r.rows {
		x := &r.rows[i]
		if x.unit < 0 {
			x.unit = unit.of(-1)
			if x.fn >= 0 {
				x.unit = units[x.fn].of(x.unit)
			}
		}
		if x.fn < 0 {
			x.fn = function.of(-1)
			if x.unit >= 0 {
				x.fn = functions[x.unit].of(x.fn)
			}
			if x.fn >= 0 {
				r.lack(i)
			}
		}
		if x.unit >= 0 {
			x.dept = r.tree.dept[x.unit]
		}
		if x.band < 0 {
			x.band = r.usual(bands, x.fn)
		}
	}
}

// usual returns the most frequent band of a function, else of all.
func (r *roll) usual(bands [][]int32, fn int32) int8 {
	for _, n := range [][]int32{bands[fn+1], bands[0]} {
		best := 0
		for i := range n {
			if n[i] > n[best] {
				best = i
			}
		}
		if n[best] > 0 {
			return int8(best)
		}
	}
	return -1
}

// pick is the one with most people; of equals the first.
type pick struct {
	n, i int32
}

func (p *pick) offer(i, n int32) {
	if n > p.n || n == p.n && n > 0 && i < p.i {
		p.n, p.i = n, i
	}
}

func (p *pick) of(otherwise int32) int32 {
	if p.n > 0 {
		return p.i
	}
	return otherwise
}
