package quality

import (
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
)

// twice finds second records of people, and mails of several. People whose last day is over are no second records: to end them is enough.
func (r *roll) twice() {
	c := newClusters(len(r.rows))
	for _, p := range r.in.DifferentPeople {
		if a, b := r.rowOf(p[0]), r.rowOf(p[1]); a >= 0 && b >= 0 {
			c.part(a, b)
		}
	}
	seed := maphash.MakeSeed()
	r.eachSame(SameNumber, seed, func(group []int32) { c.join(SameNumber, group) })
	r.eachSame(SameMail, seed, func(group []int32) {
		r.shared = append(r.shared, group)
		named := map[string][]int32{} // people with one mail, by their names
		for _, i := range group {
			name := r.nameWords(i)
			named[name] = append(named[name], i)
			if same := named[name]; name != "" && len(same) > 1 {
				c.join(SameMail, same[len(same)-2:])
			}
		}
	})
	r.eachSame(SameName, seed, func(group []int32) { c.join(SameName, group) })
	for _, ids := range r.in.Same {
		var group []int32
		for _, id := range ids {
			if i := r.rowOf(id); i >= 0 && !has(r.rows[i].bits, EndPast) {
				group = append(group, i)
			}
		}
		c.join(SameLinked, group)
	}
	r.canon = make([]int32, len(r.rows))
	for i := range r.canon {
		r.canon[i] = int32(i)
	}
	for _, group := range c.groups() {
		r.second(group, c)
	}
}

// second chooses the record that stays of a group, and marks the others: the one with the fewest faults of its own (those of its
// unit and function may be mended without it), the first by id of equals.
func (r *roll) second(group []int32, c *clusters) {
	own := ^(broken | titled)
	best := slices.MinFunc(group, func(a, b int32) int {
		x, y := &r.rows[a], &r.rows[b]
		if n := bits.OnesCount64(x.bits&own) - bits.OnesCount64(y.bits&own); n != 0 {
			return n
		}
		return int(a - b)
	})
	for _, k := range []Kind{SameNumber, SameMail, SameName, SameLinked} {
		var with []string
		for _, i := range group {
			if i != best && c.kind[i] == k {
				r.canon[i] = best
				r.rows[i].bits |= k.bit()
				with = append(with, r.id(i))
			}
		}
		if len(with) > 0 {
			r.hit(k, len(with), r.id(best), with...)
			r.found[k].count += len(with) - 1
		}
	}
}

func (r *roll) id(i int32) string { return r.o.People[r.rows[i].who].ID }

// rowOf finds somebody in service; -1 for others.
func (r *roll) rowOf(id string) int32 {
	if i, ok := r.person[id]; ok {
		return r.at[i]
	}
	return -1
}

// eachSame finds groups of rows that have the same of a kind, in the order of their first.
func (r *roll) eachSame(k Kind, seed maphash.Seed, do func(group []int32)) {
	first := make(map[uint64]int32, len(r.rows))
	more := map[int32][]int32{}
	var order []int32
	var buf []byte
	for i := range r.rows {
		h, ok := r.key(k, seed, i, &buf)
		if !ok {
			continue
		}
		for ; ; h++ {
			f, taken := first[h]
			if !taken {
				first[h] = int32(i)
				break
			}
			if !r.equal(k, f, int32(i)) {
				continue
			}
			if more[f] == nil {
				order = append(order, f)
				more[f] = append(more[f], f)
			}
			more[f] = append(more[f], int32(i))
			break
		}
	}
	slices.Sort(order)
	for _, f := range order {
		do(more[f])
	}
}

// key returns a hash of what makes two records one; false when it is not known.
func (r *roll) key(k Kind, seed maphash.Seed, i int, buf *[]byte) (uint64, bool) {
	x := &r.rows[i]
	p := &r.o.People[x.who]
	if has(x.bits, EndPast) {
		return 0, false
	}
	switch k {
	case SameNumber:
		*buf = foldNumber((*buf)[:0], p.Number)
	case SameMail:
		if x.bits&set(NoMail, MailBad) != 0 {
			return 0, false
		}
		return maphash.String(seed, strings.ToLower(p.Mail)), true
	default:
		if x.band < 0 || x.unit < 0 {
			return 0, false
		}
		*buf = fold((*buf)[:0], p.Name())
		if len(*buf) == 0 {
			return 0, false
		}
		return words(seed, *buf) + uint64(p.BirthYear)*0x9e3779b97f4a7c15 + uint64(x.unit)*0xc2b2ae3d27d4eb4f, true
	}
	return maphash.Bytes(seed, *buf), len(*buf) > 0
}

// equal tells whether two records have the same of a kind: hashes may be equal by chance.
func (r *roll) equal(k Kind, a, b int32) bool {
	p, q := &r.o.People[r.rows[a].who], &r.o.People[r.rows[b].who]
	switch k {
	case SameNumber:
		return string(foldNumber(nil, p.Number)) == string(foldNumber(nil, q.Number))
	case SameMail:
		return strings.EqualFold(p.Mail, q.Mail)
	default:
		return p.BirthYear == q.BirthYear && r.rows[a].unit == r.rows[b].unit && r.nameWords(a) == r.nameWords(b)
	}
}

// nameWords returns the words of a name in the order of the alphabet.
func (r *roll) nameWords(i int32) string {
	w := strings.Fields(string(fold(nil, r.o.People[r.rows[i].who].Name())))
	slices.Sort(w)
	return strings.Join(w, " ")
}

// clusters joins rows into groups.
type clusters struct {
	parent  []int32
	kind    []Kind // by which a row was joined first
	members map[int32][]int32
	apart   map[int32][]int32 // by decision
}

func newClusters(n int) *clusters {
	c := &clusters{parent: make([]int32, n), kind: make([]Kind, n), members: map[int32][]int32{}, apart: map[int32][]int32{}}
	for i := range c.parent {
		c.parent[i], c.kind[i] = int32(i), kindCount
	}
	return c
}

func (c *clusters) part(a, b int32) {
	c.apart[a] = append(c.apart[a], b)
	c.apart[b] = append(c.apart[b], a)
}

func (c *clusters) root(i int32) int32 {
	for c.parent[i] != i {
		c.parent[i] = c.parent[c.parent[i]]
		i = c.parent[i]
	}
	return i
}

func (c *clusters) of(root int32) []int32 {
	if m := c.members[root]; m != nil {
		return m
	}
	return []int32{root}
}

// join makes one group of rows, and of the groups that they are in, unless somebody decided that two of them are different: then each row
// joins the first that it may.
func (c *clusters) join(k Kind, group []int32) {
	for n, i := range group {
		for _, j := range group[:n] {
			a, b := c.root(j), c.root(i)
			if a == b {
				break
			}
			if c.differ(a, b) {
				continue
			}
			for _, x := range []int32{i, j} {
				if c.kind[x] == kindCount {
					c.kind[x] = k
				}
			}
			all := append(c.of(a), c.of(b)...)
			delete(c.members, b)
			c.members[a], c.parent[b] = all, a
			break
		}
	}
}

func (c *clusters) differ(a, b int32) bool {
	if len(c.apart) == 0 {
		return false
	}
	for _, x := range c.of(a) {
		for _, y := range c.apart[x] {
			if c.root(y) == b {
				return true
			}
		}
	}
	return false
}

// groups returns the groups of two and more, each in the order of rows, and in the order of their first row.
func (c *clusters) groups() [][]int32 {
	all := make([][]int32, 0, len(c.members))
	for _, m := range c.members {
		slices.Sort(m)
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b []int32) int { return int(a[0] - b[0]) })
	return all
}
