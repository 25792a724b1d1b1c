package draft

import (
	"cmp"

	"tekentafel/internal/people/org"
)

// FunctionKey returns the form in which the name of a function is compared, and in which Decisions.Functions names it.
func FunctionKey(name string) string { return foldName(name) }

// resolveFunctions finds each function of the file among those that stand: by code, by what a person decided, by name. What is found nowhere
// is new.
func (r *resolver) resolveFunctions() {
	byCode, byName := map[string]int{}, map[string]int{}
	for i := range r.next.Functions {
		f := &r.next.Functions[i]
		if f.Code != "" {
			byCode[codeKey(f.Code)] = i
		}
		key := foldName(f.Name)
		if other, taken := byName[key]; !taken || better(f.Span, f.Code, r.next.Functions[other].Span, r.next.Functions[other].Code) {
			byName[key] = i
		}
	}
	r.functions = make([]int, len(r.d.Functions))
	claimed, codes := map[int]bool{}, map[string]bool{}
	for i := range r.d.Functions {
		if c := r.d.Functions[i].Code; c != "" {
			codes[codeKey(c)] = true
		}
	}
	for pass := range 3 {
		for i := range r.d.Functions {
			f := &r.d.Functions[i]
			if pass == 0 {
				r.functions[i] = -1
				if at, ok := byCode[codeKey(f.Code)]; ok && f.Code != "" {
					r.functions[i] = at
					claimed[at] = true
				}
				continue
			}
			if r.functions[i] >= 0 {
				continue
			}
			key := foldName(f.Name)
			if pass == 1 {
				if into := follow(r.how.Decisions.Functions, key); into != key {
					if at, ok := byCode[into]; ok {
						r.functions[i] = at
					} else if at, ok := byName[into]; ok {
						r.functions[i] = at
					}
				}
				continue
			}
			if at, ok := byName[key]; ok && f.Name != "" && r.sameFunction(f, at, claimed, codes) {
				r.functions[i] = at
				claimed[at] = true
				continue
			}
			r.functions[i] = r.newFunction(f, follow(r.how.Decisions.Functions, key), byName)
		}
	}
	for i := range r.d.Functions {
		r.setFunction(&r.d.Functions[i], &r.next.Functions[r.functions[i]])
	}
}

// better tells which of two with one name is meant by it: the one that goes on, then one without a code.
func better(a org.Span, codeA string, b org.Span, codeB string) bool {
	if (a.To == 0) != (b.To == 0) {
		return a.To == 0
	}
	return codeA == "" && codeB != ""
}

// sameFunction tells whether a function that has the name of one that stands is that one: unless their codes differ and the file has
// both.
func (r *resolver) sameFunction(f *Function, at int, claimed map[int]bool, codes map[string]bool) bool {
	return f.Code == "" || !claimed[at] && !codes[codeKey(r.next.Functions[at].Code)]
}

// newFunction adds a function, or returns the one that a decision leads to and that this file brought before.
func (r *resolver) newFunction(f *Function, into string, byName map[string]int) int {
	key := foldName(f.Name)
	if into != key {
		if at, ok := byName[into]; ok {
			return at
		}
		for k := range r.d.Functions { // the one that it is taken as is new too
			if other := &r.d.Functions[k]; foldName(other.Name) == into {
				if r.functions[k] < 0 {
					r.functions[k] = r.newFunction(other, into, byName)
				}
				return r.functions[k]
			}
		}
	}
	name := f.Name
	if name == "" {
		name = f.Code
	}
	at := len(r.next.Functions)
	r.next.Functions = append(r.next.Functions, org.Function{ID: r.how.NewID(), Code: f.Code, Name: name})
	if _, taken := byName[key]; !taken && key != "" {
		byName[key] = at
	}
	return at
}

// setFunction takes over what the file says of a function. A function that was decided to be another changes nothing of that one.
func (r *resolver) setFunction(f *Function, to *org.Function) {
	if !r.open(to.Span) {
		to.To = 0
	}
	own := f.Code != "" && codeKey(f.Code) == codeKey(to.Code) || foldName(f.Name) == foldName(to.Name)
	if !own && !(f.Code != "" && to.Code == "") {
		return
	}
	to.Code, to.Name = cmp.Or(f.Code, to.Code), cmp.Or(f.Name, to.Name)
	to.Family, to.ISCO = cmp.Or(f.Family, to.Family), cmp.Or(f.ISCO, to.ISCO)
	to.Level, to.Work = cmp.Or(f.Level, to.Level), cmp.Or(f.Work, to.Work)
}
