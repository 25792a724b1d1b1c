package linkage

// knowledge is what decisions say, with what follows from them: A is B and B is not C, so A is not C.
type knowledge struct {
	parent []int32
	other  map[int]map[int]bool // between roots: known to be two things
}

func newKnowledge(rows int) *knowledge {
	k := &knowledge{parent: make([]int32, rows), other: map[int]map[int]bool{}}
	for i := range k.parent {
		k.parent[i] = int32(i)
	}
	return k
}

func (k *knowledge) root(i int) int {
	for int(k.parent[i]) != i {
		k.parent[i] = k.parent[k.parent[i]]
		i = int(k.parent[i])
	}
	return i
}

// take adds a decision; false where earlier ones say the contrary, and then it changes nothing.
func (k *knowledge) take(a, b int, same bool) bool {
	a, b = k.root(a), k.root(b)
	if same && k.other[a][b] || !same && a == b {
		return false
	}
	switch {
	case !same:
		k.differ(a, b)
	case a != b:
		a, b = min(a, b), max(a, b)
		k.parent[b] = int32(a)
		for c := range k.other[b] {
			delete(k.other[c], b)
			k.differ(a, c)
		}
		delete(k.other, b)
	}
	return true
}

func (k *knowledge) differ(a, b int) {
	for _, p := range [][2]int{{a, b}, {b, a}} {
		if k.other[p[0]] == nil {
			k.other[p[0]] = map[int]bool{}
		}
		k.other[p[0]][p[1]] = true
	}
}

// decided tells whether decisions say anything of two rows.
func (k *knowledge) decided(a, b int) bool {
	a, b = k.root(a), k.root(b)
	return a == b || k.other[a][b]
}
