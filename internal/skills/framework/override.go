package framework

import (
	"fmt"
	"slices"

	"tekentafel/internal/yamlfile"
)

// Where says for whom an override holds: for those who fit all that is set. Keys are the caller's; "" is anyone.
type Where struct {
	Family     string `json:"family,omitempty"` // of functions
	Function   string `json:"function,omitempty"`
	Department string `json:"department,omitempty"` // and all below it
	Role       string `json:"role,omitempty"`       // who buys software, who decides on files ...
}

// Override is a level that a person set in the place of the proposal. Who did so and when is the caller's to keep.
type Override struct {
	Where
	Skill string `json:"skill"`
	Level int    `json:"level"`
}

// Post is the place of somebody in the organisation, by the keys that overrides use.
type Post struct {
	Family      string
	Function    string
	Departments []string // the own one first, then each one around it
	Roles       []string
}

// weight says how specific an override is: a role counts more than a department, a department more than a function and a
// function more than its family, whatever else is set.
func (w Where) weight() int {
	n := 0
	for i, set := range []bool{w.Family != "", w.Function != "", w.Department != "", w.Role != ""} {
		if set {
			n |= 1 << i
		}
	}
	return n
}

// weights is the number of values of Where.weight.
const weights = 1 << 4

// Overrides are overrides, ready to be looked up.
type Overrides struct {
	list  []Override
	index map[overrideKey]int // position in list
	used  [weights]bool
}

type overrideKey struct {
	Where
	skill string
}

// Overrides readies overrides for look-up. The error is a *Problems that lists every one of a skill or level that does not
// exist, for nobody in particular, or for the same skill and place as another; paths are positions in the list.
func (f *Framework) Overrides(list []Override) (*Overrides, error) {
	problems := &Problems{}
	o := &Overrides{list: slices.Clone(list), index: make(map[overrideKey]int, len(list))}
	for i, x := range o.list {
		wrong := func(message, mend string) {
			problems.Add(Problem{Path: fmt.Sprintf("[%d]", i), Message: message, Mend: mend})
		}
		key := overrideKey{x.Where, x.Skill}
		first, twice := o.index[key]
		switch {
		case f.Skill(x.Skill) == nil:
			wrong("there is no skill "+yamlfile.Quote(x.Skill), "name one of the skills of the framework")
		case x.Level < 1 || x.Level > MostLevels:
			wrong(fmt.Sprintf("level %d does not exist", x.Level), fmt.Sprintf("write a level from 1 to %d", MostLevels))
		case x.weight() == 0:
			wrong("it is for nobody in particular", "name a family of functions, a function, a department or a role, or change what is asked of everyone")
		case twice:
			wrong(fmt.Sprintf("it is for the same skill and place as number %d", first), "keep one of the two")
		default:
			o.index[key] = i
			o.used[x.weight()] = true
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return o, nil
}

// Apply returns what is required at a post: for each skill the most specific override that fits, else the proposal.
// Of two that are as specific, that of the nearer department wins, and then that of the higher level (somebody with two
// roles needs what either asks). An override may ask less than the rules.
func (o *Overrides) Apply(required []Required, post *Post) []Required {
	out := slices.Clone(required)
	for i := range out {
		if x := o.find(out[i].Skill, post); x != nil {
			out[i].Level, out[i].Override = x.Level, x
		}
	}
	return out
}

func (o *Overrides) find(skill string, post *Post) *Override {
	anywhere, anyone := []string{""}, []string{""}
	for w := weights - 1; w > 0; w-- {
		if !o.used[w] {
			continue
		}
		key := overrideKey{skill: skill}
		departments, roles := anywhere, anyone
		if w&1 != 0 {
			key.Family = post.Family
		}
		if w&2 != 0 {
			key.Function = post.Function
		}
		if w&4 != 0 {
			departments = post.Departments
		}
		if w&8 != 0 {
			roles = post.Roles
		}
		for _, key.Department = range departments {
			var best *Override
			for _, key.Role = range roles {
				if i, ok := o.index[key]; ok && o.list[i].weight() == w && (best == nil || o.list[i].Level > best.Level) {
					best = &o.list[i]
				}
			}
			if best != nil {
				return best
			}
		}
	}
	return nil
}
