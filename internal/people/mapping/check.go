package mapping

import "slices"

// ProblemKind is why a mapping cannot work on a file.
type ProblemKind string

// The kinds of problems.
const (
	NoField     ProblemKind = "nothing"      // no column has a field
	NoKey       ProblemKind = "no-key"       // no column of Field, by which people should be recognised
	NoName      ProblemKind = "no-name"      // people, units or functions (Field says of what) without a name
	TwiceField  ProblemKind = "twice"        // two columns of Field
	TwoTrees    ProblemKind = "two-trees"    // the tree of units is given in two ways, of which Field is the second
	NoCode      ProblemKind = "no-code"      // units above are named, but the units themselves have no code or name
	NoSeparator ProblemKind = "no-separator" // paths without what stands between their units
	SameLevel   ProblemKind = "same-level"   // two columns of one level of units
)

// Problem is something that must change before the file can be taken.
type Problem struct {
	Kind    ProblemKind
	Field   Field
	Columns []int // of the file
}

// Check returns why the mapping cannot work on a file with these headings; none when it can.
func (m *Mapping) Check(headings []string) []Problem {
	f := m.Fit(headings)
	var list []Problem
	add := func(k ProblemKind, field Field, columns ...int) {
		list = append(list, Problem{Kind: k, Field: field, Columns: columns})
	}
	where := map[Field][]int{}
	for i, field := range f.Fields {
		if field != Ignore {
			where[field] = append(where[field], i)
		}
	}
	for _, field := range fields {
		if field != UnitLevel && len(where[field]) > 1 {
			add(TwiceField, field, where[field]...)
		}
	}
	levels := map[int]int{}
	for _, i := range where[UnitLevel] {
		if other, taken := levels[f.Levels[i]]; taken {
			add(SameLevel, UnitLevel, other, i)
		}
		levels[f.Levels[i]] = i
	}
	switch f.Content() {
	case Nothing:
		add(NoField, Ignore)
	case People:
		if key := m.Key; !slices.Contains(Keys(), key) {
			add(NoKey, Number)
		} else if len(where[key]) == 0 {
			add(NoKey, key)
		}
		if len(where[Name]) == 0 && len(where[Family]) == 0 {
			add(NoName, Name)
		}
	case Units:
		if len(where[UnitName])+len(where[UnitPath])+len(where[UnitLevel])+len(where[UnitIndent]) == 0 {
			add(NoName, UnitName)
		}
	case Functions:
		if len(where[FunctionName]) == 0 {
			add(NoName, FunctionName)
		}
	}
	f.trees(where, add)
	if len(where[UnitPath]) > 0 && m.Values.Separator == "" {
		add(NoSeparator, UnitPath, where[UnitPath]...)
	}
	return list
}

// trees checks that the tree of units is given in one way.
func (f *Fit) trees(where map[Field][]int, add func(ProblemKind, Field, ...int)) {
	given := 0
	for _, tree := range []Field{UnitPath, UnitLevel, UnitIndent, UnitParent} {
		if len(where[tree]) == 0 {
			continue
		}
		if given++; given > 1 {
			add(TwoTrees, tree, where[tree]...)
		}
	}
	if len(where[UnitParent]) > 0 && len(where[UnitCode])+len(where[UnitName]) == 0 {
		add(NoCode, UnitParent, where[UnitParent]...)
	}
}
