package command

import (
	"fmt"
	"slices"

	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
)

// checkCommand checks an instrument.
type checkCommand struct {
	File string `arg:"" help:"Instrument (YAML), or the name of a built-in one."`
}

// Run prints what the instrument holds, or fails with every problem in it.
func (c *checkCommand) Run(s *Streams) error {
	in, err := openInstrument(c.File)
	if err != nil {
		return err
	}
	routing, err := instrument.CompileRouting(in.Asking())
	if err != nil {
		return refused(err)
	}
	_, err = fmt.Fprintf(s.Out, "%s is a valid instrument: %s, version %s; %d questions, %d columns of answers, %d scales, k = %d.\n",
		c.File, in.Title.In(instrument.EN), in.Version, questions(in), len(in.Variables()), len(in.Constructs), in.GroupSize)
	for _, l := range in.Languages {
		if err != nil {
			return err
		}
		d := routing.Minutes(l)
		about := ""
		if !d.Exact {
			about = "about "
		}
		_, err = fmt.Fprintf(s.Out, "Time to answer (%s): %s%.1f to %.1f minutes, by route.\n", l, about, d.Shortest, d.Longest)
	}
	if err != nil {
		return err
	}
	if err := extras(s, in); err != nil {
		return err
	}
	return ownCheck(s, in)
}

// ownCheck prints how long the check of the own skills takes, which asks the statements of the monitor.
func ownCheck(s *Streams, in *instrument.Instrument) error {
	if in.ID != check.Monitor {
		return nil
	}
	m, err := check.Builtin()
	if err != nil {
		return err
	}
	for _, l := range framework.Languages() {
		desk, err := m.Minutes(l, false)
		if err != nil {
			return err
		}
		field, err := m.Minutes(l, true)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(s.Out, "The own check of all five skills (%s): statements %.1f minutes, a test of %.0f questions %.1f minutes for desk work and %.1f for the field.\n",
			l, desk.Statements, desk.Questions, desk.Test, field.Test); err != nil {
			return err
		}
	}
	return nil
}

// extras prints what the parts add that are asked only where somebody chose them.
func extras(s *Streams, in *instrument.Instrument) error {
	for i := range in.Modules {
		m := &in.Modules[i]
		if !m.Extra {
			continue
		}
		routing, err := instrument.CompileRouting(in.Asking(m.ID))
		if err != nil {
			return refused(err)
		}
		for _, l := range in.Languages {
			d := routing.PartMinutes(l, func(it *instrument.Item) bool { return slices.Contains(m.Items, it.ID) })
			if _, err := fmt.Fprintf(s.Out, "The extra part %s, when it is chosen, adds at most %.1f minutes (%s).\n", m.ID, d.Longest, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// questions counts the items that ask something.
func questions(in *instrument.Instrument) int {
	n := 0
	for _, it := range in.Items {
		if it.Kind != instrument.Info {
			n++
		}
	}
	return n
}
