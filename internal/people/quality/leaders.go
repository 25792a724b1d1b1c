package quality

// leaders looks at who leads whom. Somebody is led by their manager, or by the head of their unit or of the one above, in service
// and another than they are. Nobody leads the head of the top, or the one person without a manager who is the manager of most.
func (r *roll) leaders() {
	n := len(r.rows)
	manager, why := make([]int32, n), make([]Kind, n)
	reports := map[int32]int32{}
	for i := range r.rows {
		manager[i], why[i] = r.manager(int32(i))
		if manager[i] >= 0 && r.rows[i].bits&removes == 0 {
			reports[manager[i]]++
		}
	}
	r.circles(manager, why)
	heads := r.heads()
	var chief pick
	for i := range r.rows {
		x := &r.rows[i]
		if why[i] == kindCount || r.head(int32(i), heads) {
			continue
		}
		if why[i] == ManagerNone && x.bits&removes == 0 {
			chief.offer(int32(i), reports[int32(i)])
		}
		x.bits |= why[i].bit()
	}
	if top := r.chiefs(heads, why); !top {
		if c := chief.of(-1); c >= 0 {
			r.rows[c].bits &^= ManagerNone.bit()
		}
	}
	for i := range r.rows {
		if has(r.rows[i].bits, ManagerNone) {
			r.hit(ManagerNone, 1, r.id(int32(i)))
		}
	}
}

// manager returns who is named as the manager of a row; -1 and why not when that leads nowhere, and kindCount for a manager who stands.
func (r *roll) manager(i int32) (int32, Kind) {
	p := &r.o.People[r.rows[i].who]
	if p.Manager == "" {
		return -1, ManagerNone
	}
	who, ok := r.person[p.Manager]
	switch {
	case !ok:
		r.hit(ManagerGone, 1, p.ID)
		return -1, ManagerGone
	case r.at[who] < 0:
		r.hit(ManagerOut, 1, p.ID)
		return -1, ManagerOut
	}
	m := r.canon[r.at[who]]
	switch {
	case m == r.canon[i]:
		r.hit(ManagerSelf, 1, p.ID)
		return -1, ManagerSelf
	case has(r.rows[m].bits, EndPast):
		r.hit(ManagerOut, 1, p.ID)
		return -1, ManagerOut
	}
	return m, kindCount
}

// circles finds people who manage each other.
func (r *roll) circles(manager []int32, why []Kind) {
	state := make([]int32, len(manager)) // 0 unseen, else the walk that saw it
	var way []int32
	for i := range manager {
		walk := int32(i + 1)
		way = way[:0]
		u := int32(i)
		for u >= 0 && state[u] == 0 {
			state[u] = walk
			way = append(way, u)
			u = manager[u]
		}
		if u < 0 || state[u] != walk {
			continue
		}
		first := u
		var round []int32
		for k := len(way) - 1; ; k-- {
			round = append(round, way[k])
			first = min(first, way[k])
			if way[k] == u {
				break
			}
		}
		var with []string
		for _, w := range round {
			why[w] = ManagerCycle
			if w != first && len(with) < 20 {
				with = append(with, r.id(w))
			}
		}
		r.hit(ManagerCycle, len(round), r.id(first), with...)
	}
}

// heads returns the row that leads each unit, -1 none, and counts heads who lead nothing.
func (r *roll) heads() []int32 {
	heads := make([]int32, len(r.tree.ids))
	for i := range heads {
		heads[i] = -1
		if !r.tree.there(int32(i)) || r.tree.units[i].Head == "" {
			continue
		}
		n := int(r.tree.people[i])
		who, ok := r.person[r.tree.units[i].Head]
		switch {
		case !ok:
			r.hit(HeadGone, n, r.tree.ids[i])
		case r.at[who] < 0 || has(r.rows[r.canon[r.at[who]]].bits, EndPast):
			r.hit(HeadOut, n, r.tree.ids[i])
		default:
			heads[i] = r.canon[r.at[who]]
		}
	}
	return heads
}

// head tells whether the head of the unit or of the one above is there and somebody else.
func (r *roll) head(i int32, heads []int32) bool {
	u := r.rows[i].unit
	for range 2 {
		if u < 0 {
			return false
		}
		if h := heads[u]; h >= 0 && h != r.canon[i] {
			return true
		}
		u = r.tree.parent[u]
	}
	return false
}

// chiefs takes back that nobody leads those who lead a unit with none above it, and tells whether there is such a head.
func (r *roll) chiefs(heads []int32, why []Kind) bool {
	found := false
	for u, h := range heads {
		if h < 0 || r.tree.parent[u] >= 0 {
			continue
		}
		found = true
		if why[h] == ManagerNone {
			r.rows[h].bits &^= ManagerNone.bit()
		}
	}
	return found
}
