package findings

import (
	"fmt"
	"reflect"
)

// MarshalJSON writes Findings so that a reader of any language can rely on its shape: lists are never null, a figure that
// is not finite is null, and where Suppressed is true every figure beside it is null whatever it holds. The same Findings
// give the same bytes.
func (f Findings) MarshalJSON() ([]byte, error) { return marshal(f) }

// MarshalJSON writes a suppressed share with null for each figure.
func (s Share) MarshalJSON() ([]byte, error) { return marshal(s) }

// MarshalJSON writes a suppressed mean with null for each figure.
func (m Mean) MarshalJSON() ([]byte, error) { return marshal(m) }

// MarshalJSON writes a suppressed reliability with null for each figure and empty lists.
func (r Reliab) MarshalJSON() ([]byte, error) { return marshal(r) }

// MarshalJSON writes a suppressed model with null for each figure.
func (m ModelFit) MarshalJSON() ([]byte, error) { return marshal(m) }

// MarshalJSON leaves out the number of respondents of a suppressed group.
func (g GroupValue) MarshalJSON() ([]byte, error) { return marshal(g) }

// Lines returns the JSON of MarshalJSON with a line for each field and for each element of its lists, so that a person can
// read it and a program can compare it line by line.
func (f *Findings) Lines() ([]byte, error) {
	e := encoder{lines: true}
	if err := e.value(reflect.ValueOf(*f), false); err != nil {
		return nil, fmt.Errorf("write findings as JSON: %w", err)
	}
	return append(e.out, '\n'), nil
}

func marshal(v any) ([]byte, error) {
	e := encoder{}
	if err := e.value(reflect.ValueOf(v), false); err != nil {
		return nil, fmt.Errorf("write findings as JSON: %w", err)
	}
	return e.out, nil
}
