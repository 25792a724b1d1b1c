package command

import (
	"fmt"

	"tekentafel/internal/instrument"
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
	routing, err := instrument.CompileRouting(in)
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
	return err
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
