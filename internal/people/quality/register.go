package quality

// register gives units or functions positions: first those that stand on the day, then those that something points to and that are not
// there.
type register struct {
	ids    []string
	index  map[string]int32
	stands int     // the first so many are there
	people []int32 // in service, by the post that counts
}

// newRegister makes room for so many.
func newRegister(most int) register { return register{index: make(map[string]int32, most)} }

// stand adds an id that stands. All of them come before find.
func (r *register) stand(id string) {
	r.add(id)
	r.stands = len(r.ids)
}

// find returns the position of an id, and adds one that does not stand at the end.
func (r *register) find(id string) int32 {
	if i, ok := r.index[id]; ok {
		return i
	}
	return r.add(id)
}

func (r *register) add(id string) int32 {
	i := int32(len(r.ids))
	r.index[id] = i
	r.ids, r.people = append(r.ids, id), append(r.people, 0)
	return i
}

func (r *register) there(i int32) bool { return int(i) < r.stands }
