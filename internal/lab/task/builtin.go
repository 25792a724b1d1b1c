package task

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"

	"tekentafel/content/lab"
)

// BuiltIn returns the tasks that come with the product, in their order. The error lists everything that is wrong with any of them.
var BuiltIn = sync.OnceValues(func() ([]Task, error) {
	files, err := lab.Files(lab.Tasks)
	if err != nil {
		return nil, err
	}
	var out []Task
	var wrong []error
	seen := map[string]string{}
	for _, f := range files {
		t, err := Parse(f.Name, f.YAML)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if other, double := seen[t.ID]; double {
			wrong = append(wrong, fmt.Errorf("%s: the id %q is that of %s; give each task an id of its own", f.Name, t.ID, other))
		}
		seen[t.ID] = f.Name
		out = append(out, *t)
	}
	slices.SortStableFunc(out, func(a, b Task) int { return cmp.Compare(a.Order, b.Order) })
	return out, errors.Join(wrong...)
})
