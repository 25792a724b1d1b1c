package quality

import (
	"fmt"
	"slices"

	"tekentafel/internal/people/org"
)

// Merge is a set of functions that are one.
type Merge struct {
	Into      string   // the one that stays; "" leaves it to the count of people
	Functions []string // ids, with or without Into
}

// Input is what an assessment is made with beside the organisation. The zero value of a field is its default.
type Input struct {
	Day         org.Date     // the day as seen from; it must be set
	K           int          // people in the smallest group that is shown: 10, and never below 5
	Depth       int          // levels below the top at which departments stand: 1
	Ages        []int        // the first age of each band but the youngest, ascending, at most 20: 35 and 50
	Conclusions []Conclusion // Conclusions()
	// Merges are sets of functions that record linkage proposes to merge, the best first. A function that comes in two sets
	// counts in the first; one whose level or kind of work contradicts that of the one that stays is left out.
	Merges []Merge
	// Same are sets of records of people that record linkage takes for one person.
	Same [][]string
	// Pairs of ids that somebody decided to be different: such people are no second records, such functions are not merged.
	DifferentPeople, DifferentFunctions [][2]string
	Mends                               int // mends listed for a conclusion: 8; -1 all
	Examples                            int // examples of a check: 20; at most 100
	// Top is the id of the unit that stands above all departments, there or not; "" finds it: the one with more than half of the
	// people below, or the only unit without one above. Forest says that there is none: units without one above are departments.
	Top    string
	Forest bool
}

func (in Input) complete() (Input, error) {
	if in.Day == 0 {
		return in, fmt.Errorf("the day of an assessment is missing; give the day on which the organisation stands as it is")
	}
	if in.K == 0 {
		in.K = 10
	}
	if in.K < 5 {
		return in, fmt.Errorf("groups of %d people are too small to show; take at least 5", in.K)
	}
	in.Depth = max(in.Depth, 1)
	if in.Ages == nil {
		in.Ages = []int{35, 50}
	}
	if len(in.Ages) > 20 || !slices.IsSorted(in.Ages) {
		return in, fmt.Errorf("the bounds of age bands are %v; give at most 20, ascending", in.Ages)
	}
	if in.Conclusions == nil {
		in.Conclusions = Conclusions()
	}
	for _, c := range in.Conclusions {
		for _, f := range c.Needs {
			if breaks(f) == 0 {
				return in, fmt.Errorf("the conclusion %q needs %q, which is no field", c.Name, f)
			}
		}
		for _, d := range c.Groups {
			if fieldOf(d) == "" {
				return in, fmt.Errorf("the conclusion %q groups by %q, which is no dimension", c.Name, d)
			}
		}
	}
	if in.Mends == 0 {
		in.Mends = 8
	}
	if in.Examples == 0 {
		in.Examples = 20
	}
	in.Examples = min(max(in.Examples, 1), 100)
	return in, nil
}
