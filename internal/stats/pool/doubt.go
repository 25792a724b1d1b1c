package pool

import "strings"

// Doubt says why a figure is not enough to go by; several reasons may hold at once. 0 is none.
type Doubt uint16

// The reasons for "not enough data". The first four are of a figure, the others of a term of the model.
const (
	FewInFunction   Doubt = 1 << iota // fewer respondents of this function than the rule asks
	FewInDepartment                   // fewer respondents of this department than the rule asks
	FewInGroup                        // fewer respondents in all cells of an aggregate than the rule asks
	WideInterval                      // the interval is wider than the rule allows
	OneLevel                          // a term has respondents in one level only: its variance cannot be estimated
	FewLevels                         // a term has respondents in fewer levels than the rule asks: its variance is hardly known
	AsAnother                         // the levels of a term are those of another term, of covariates or of people: the two cannot be told apart
)

var doubtNames = []string{"few respondents in the function", "few respondents in the department", "few respondents in the group", "wide interval",
	"one level only", "few levels", "levels as those of another term"}

// String lists the reasons in English, for logs and tests.
func (d Doubt) String() string {
	var out []string
	for i, name := range doubtNames {
		if d&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// Rule says when data is enough. The zero value asks for nothing.
type Rule struct {
	MinFunction   int     // respondents of the function, over all departments
	MinDepartment int     // respondents of the department, over all functions
	MinGroup      int     // respondents in an aggregate
	MaxWidth      float64 // of the interval, in points of the score or as a share from 0 to 1; 0 for any
	MinLevels     int     // functions, and departments, with respondents
}

// The rules that are recommended: margins of ten, so that an intercept is told from noise; five levels, below which a
// variance is hardly estimated (Gelman & Hill 2007, section 12.9); and an interval that tells neighbouring levels of a
// four-level scale apart, or a share to within twenty points either way.
var (
	LevelRule = Rule{MinFunction: 10, MinDepartment: 10, MinGroup: 10, MaxWidth: 1, MinLevels: 5}
	ShareRule = Rule{MinFunction: 10, MinDepartment: 10, MinGroup: 10, MaxWidth: 0.4, MinLevels: 5}
)

// model is what is doubtful of every figure of a fit.
func (r Rule) model(f *Fit) Doubt {
	var d Doubt
	for _, c := range f.Components {
		if c.Term != FunctionTerm && c.Term != DepartmentTerm {
			continue
		}
		d |= c.Doubt
		if c.Doubt == 0 && c.Levels < r.MinLevels {
			d |= FewLevels
		}
	}
	return d
}

// width is what is doubtful of an interval.
func (r Rule) width(p *Prediction) Doubt {
	if r.MaxWidth > 0 && !(p.High-p.Low <= r.MaxWidth) {
		return WideInterval
	}
	return 0
}
