package command

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tekentafel/internal/people"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/store"
)

// shownLines is how many rows, losses and names of a kind are listed; all are counted.
const shownLines = 20

// showColumns lists the columns of a file that is not known yet.
func showColumns(out io.Writer, r *people.Reading) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "column\tprobably\tsure")
	for i := range r.Proposals {
		p := &r.Proposals[i]
		field := string(p.Field)
		if field == "" {
			field = "-"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%.0f %%\n", p.Heading, field, 100*p.Confidence)
	}
	for _, c := range r.Vanished {
		_, _ = fmt.Fprintf(table, "%s\tgone; it was %s\t\n", c.Heading, c.Field)
	}
	return table.Flush()
}

// showPreview says what an import would change. Without names nobody can be recognised in it.
func showPreview(out io.Writer, p *people.Preview, r *people.Reading, names bool) error {
	d := p.Difference
	var b strings.Builder
	fmt.Fprintf(&b, "Rows: %d in the file, %d taken. In service: %d before, %d after.\n\n", p.Rows, p.Taken, d.Before, d.After)
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "\tnew\tchanged\tgone\tback")
	parts := []struct {
		name string
		*draft.Part
	}{{"people", &d.People}, {"units", &d.Units}, {"functions", &d.Functions}, {"posts", &d.Posts}}
	for _, part := range parts {
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\n", part.name, part.Added, part.Changed, part.Gone, part.Back)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if d.Same() {
		b.WriteString("\nNothing changes.\n")
	}
	showLosses(&b, d.Losses)
	heading := func(column int) string {
		if column < 0 || column >= len(r.Columns) {
			return ""
		}
		return fmt.Sprintf(", column %q", r.Columns[column].Heading)
	}
	if n := p.Rows - p.Taken; n > 0 {
		fmt.Fprintf(&b, "\nNot taken, %d rows:\n", n)
		for _, x := range p.Rejected[:min(len(p.Rejected), shownLines)] {
			fmt.Fprintf(&b, "  row %d: %s%s\n", x.Row, rejection(x.Kind), heading(x.Column))
		}
		more(&b, n, min(len(p.Rejected), shownLines))
	}
	if len(p.Doubts) > 0 {
		b.WriteString("\nTaken, with a doubt:\n")
		for i := range p.Doubts {
			fmt.Fprintf(&b, "  %d rows: %s%s\n", p.Doubts[i].Count, rejection(p.Doubts[i].Kind), heading(p.Doubts[i].Column))
		}
	}
	if len(p.Renames) > 0 {
		fmt.Fprintf(&b, "\n%d units that go are probably new ones under another name; say so in the pages before this is applied.\n", len(p.Renames))
	}
	for _, c := range r.New {
		fmt.Fprintf(&b, "\nNew column: %q\n", r.Columns[c].Heading)
	}
	if names {
		for _, part := range parts {
			showNames(&b, part.name, part.Part, p.Names)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func showLosses(b *strings.Builder, list []draft.Loss) {
	if len(list) == 0 {
		return
	}
	b.WriteString("\nMore goes than the limits of the source allow:\n")
	for _, l := range list[:min(len(list), shownLines)] {
		switch l.Kind {
		case draft.ManyPeople:
			fmt.Fprintf(b, "  %d of %d people in service go\n", l.N, l.Of)
		case draft.WholeUnit:
			fmt.Fprintf(b, "  all %d people of the unit %s go\n", l.N, l.Name)
		case draft.EmptiedField:
			fmt.Fprintf(b, "  %d of %d people who had a value in %q have none any more\n", l.N, l.Of, l.Field)
		case draft.OtherPeople:
			fmt.Fprintf(b, "  %d of %d staff numbers that another source has too are there of somebody of another name; give the source a prefix in the pages\n", l.N, l.Of)
			for _, x := range l.First {
				fmt.Fprintf(b, "    %s: %s there, %s in the file\n", x.Number, x.Stands, x.Comes)
			}
		}
	}
	more(b, len(list), min(len(list), shownLines))
}

func showNames(b *strings.Builder, name string, p *draft.Part, names map[string]string) {
	of := func(e *draft.Entry) string {
		if known := names[e.Name]; known != "" { // of a post the name of its person
			return known
		}
		return e.Name
	}
	value := func(id string) string {
		if known := names[id]; known != "" {
			return known
		}
		if id == "" {
			return "nothing"
		}
		return id
	}
	lists := []struct {
		sign    string
		entries []draft.Entry
		n       int
	}{{"+", p.FirstAdded, p.Added}, {"~", p.FirstChanged, p.Changed}, {"-", p.FirstGone, p.Gone}, {"<", p.FirstBack, p.Back}}
	for _, l := range lists {
		if len(l.entries) == 0 {
			continue
		}
		fmt.Fprintf(b, "\n%s (%s)\n", name, map[string]string{"+": "new", "~": "changed", "-": "gone", "<": "back"}[l.sign])
		shown := min(len(l.entries), shownLines)
		for i := range l.entries[:shown] {
			e := &l.entries[i]
			fmt.Fprintf(b, "  %s %s", l.sign, of(e))
			for _, f := range e.Fields {
				if f.Field == "birthYear" || f.Field == "number" || f.Field == "hidden" { // nobody needs to see it here
					fmt.Fprintf(b, "; %s", f.Field)
					continue
				}
				fmt.Fprintf(b, "; %s: %s -> %s", f.Field, value(f.From), value(f.To))
			}
			b.WriteByte('\n')
		}
		more(b, l.n, shown)
	}
}

func more(b *strings.Builder, n, shown int) {
	if n > shown {
		fmt.Fprintf(b, "  ... and %d more\n", n-shown)
	}
}

// rejection says why a row was not taken, or what is doubtful.
func rejection(k draft.Kind) string {
	text, known := map[draft.Kind]string{
		draft.EmptyRow: "nothing stands in it", draft.TotalRow: "a total", draft.RepeatedHeading: "the headings again",
		draft.NoKey: "nothing says who it is", draft.BadKey: "what says who it is cannot be read", draft.NoName: "no name",
		draft.SameRow: "the same as another row", draft.TwoPeople: "several people have what this one is recognised by",
		draft.BadValue: "a value that is not understood", draft.TwoValues: "rows contradict each other", draft.UnknownParent: "the unit above is not known",
		draft.AmbiguousParent: "several units could be the one above", draft.UnknownManager: "the manager is not known",
		draft.AmbiguousManager: "several people could be the manager", draft.NumberTaken: "another person has this staff number",
	}[k]
	if !known {
		return string(k)
	}
	return text
}

// showApplied says what an import did.
func showApplied(out io.Writer, v *store.Import) error {
	c := people.CountsOf(v)
	if c == nil {
		_, err := fmt.Fprintf(out, "The import %s is %s.\n", v.ID, v.State)
		return err
	}
	if v.Revision == 0 {
		_, err := fmt.Fprintln(out, "Nothing changed.")
		return err
	}
	_, err := fmt.Fprintf(out, "\nApplied as change %d: %d people new, %d changed, %d gone, %d back; %d in service. Undo it with: tekentafel people undo %d\n",
		v.Revision, c.People.Added, c.People.Changed, c.People.Gone, c.People.Back, c.After, v.Revision)
	return err
}
