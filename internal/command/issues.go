package command

import (
	"fmt"
	"io"

	"tekentafel/internal/intake"
	"tekentafel/internal/report/findings"
)

// shownIssues is how many cells and merges are spelt out on the terminal; all are counted in the report.
const shownIssues = 20

// explainIssues says on w which cells were not understood and which spellings look alike.
func explainIssues(w io.Writer, r *intake.Result) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	for i, is := range r.Issues {
		if i == shownIssues {
			break
		}
		line := fmt.Sprintf("row %d, column %q: %q %s", is.Row, is.Column, is.Value, is.Message)
		if is.Suggestion != "" {
			line += fmt.Sprintf("; did you mean %q?", is.Suggestion)
		}
		say("%s", line)
	}
	if n := len(r.Issues) + r.MoreIssues - shownIssues; n > 0 {
		say("... and %d more cells that were not understood; propose-mapping lists every value", n)
	}
	for i, m := range r.Proposals {
		if i == shownIssues {
			say("... and %d more", len(r.Proposals)-shownIssues)
			break
		}
		say("column %q: %q (%d) and %q (%d) differ in %s only and are kept apart; to merge them, save a mapping with propose-mapping and accept the merge",
			m.Column, m.From, m.CountFrom, m.Into, m.CountInto, m.Why)
	}
	for _, c := range r.Quality.Missing {
		say("question %s has no column in the data", c)
	}
	for _, c := range r.Quality.Unread {
		say("column %q fits no question and was not read", c)
	}
}

// dataQuality tells the report what was read, set aside and not understood.
func dataQuality(r *intake.Result) findings.DataQuality {
	q := r.Quality
	d := findings.DataQuality{
		Rows: q.Rows, Empty: q.Empty, Unknown: q.Unknown, Merged: q.Merged,
		Unread: q.Unread, Missing: q.Missing, ByItem: q.UnknownByItem,
	}
	for _, e := range q.Excluded {
		d.Excluded = append(d.Excluded, findings.Excluded{Reason: e.Reason, N: e.N})
	}
	return d
}
