package quality

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tekentafel/internal/people/org"
)

// Assess says how good the data of an organisation is, and for which conclusion. It changes nothing; an organisation that is not
// in order (Sort) is copied. It fails on an input that cannot be, and when ctx ends.
func Assess(ctx context.Context, o *org.Organisation, in Input) (*Result, error) {
	in, err := in.complete()
	if err != nil {
		return nil, err
	}
	r, err := newRoll(ctx, o, in)
	if err != nil {
		return nil, err
	}
	res := &Result{
		Version: Version, Day: in.Day, K: in.K, Units: r.tree.stands, Functions: r.cat.stands, People: len(o.People), Posts: len(o.Posts),
		Checks: r.checks(),
	}
	for i := range r.rows {
		res.Staff.add(Amount{1, int64(r.rows[i].fte)})
	}
	for i := range res.Checks {
		res.Checks[i].Share = points(res.Checks[i].People, res.Staff.People) / 100
	}
	if top := r.tree.top; top >= 0 {
		res.Top, res.TopGone = r.tree.ids[top], !r.tree.there(top)
	}
	res.Departments = r.departments()
	all := r.tally()
	for i := range in.Conclusions {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		res.Scores = append(res.Scores, r.score(&in.Conclusions[i], all))
	}
	return res, nil
}

// departments counts the units that people are grouped by when they are grouped by department, as the tree stands.
func (r *roll) departments() int {
	seen := map[int32]bool{}
	for i := range r.rows {
		if x := &r.rows[i]; x.dept >= 0 && x.bits&breaks(FieldDepartment) == 0 {
			seen[x.dept] = true
		}
	}
	return len(seen)
}

// checks brings what was found in the form of the result: all kinds, also those of which there is nothing.
func (r *roll) checks() []Check {
	out := make([]Check, 0, kindCount)
	for k := range GroupSmall {
		f, d := &r.found[k], definitions[k]
		if d.About == AboutUnit || d.About == AboutFunction {
			slices.SortStableFunc(f.examples, func(a, b Example) int {
				return cmp.Or(cmp.Compare(b.People, a.People), strings.Compare(a.ID, b.ID))
			})
			f.examples = f.examples[:min(len(f.examples), r.in.Examples)]
		}
		out = append(out, Check{
			Kind: k, Severity: d.Severity, About: d.About, Mend: d.Mend, Count: f.count, People: f.people,
			Examples: f.examples,
		})
	}
	return out
}
