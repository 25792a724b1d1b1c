package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"text/tabwriter"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/people"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/store"
)

// peopleUndoCommand puts back what a change changed.
type peopleUndoCommand struct {
	staffPlace
	Revision int64 `arg:"" help:"Number of the change, as the import and the page of changes name it."`
	Yes      bool  `help:"Do it without asking."`
}

// Run puts the change back and lists what changed again since, which is left as it is.
func (c *peopleUndoCommand) Run(ctx context.Context, s *Streams) error {
	return c.work(ctx, s, func(ctx context.Context, w *staffWork) error {
		v, err := store.RevisionOf(ctx, w.store.Of(w.actor.Tenant), c.Revision)
		if errors.Is(err, store.ErrNoRevision) {
			return usage("there is no change %d", c.Revision)
		}
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(s.Err, "Change %d, by %s, of %s: %d rows written, %d ended.\n", v.Seq, v.Kind, v.At.Format("2006-01-02 15:04:05 MST"), v.Put, v.Ended)
		if !c.Yes {
			yes, asked := agreed(s, "Put this back?")
			if !asked {
				return waiting("nobody was asked; give --yes, or undo it at /staff/revisions")
			}
			if !yes {
				return waiting("nothing was put back")
			}
		}
		jobID, err := w.Undo(ctx, w.actor, c.Revision)
		if err != nil {
			return said(err)
		}
		var j *jobs.Job
		if err := w.waits(ctx, func(ctx context.Context) (bool, error) {
			j, err = w.Queue.Get(ctx, w.actor, jobID)
			return err == nil && j.State.Ended(), err
		}); err != nil {
			return err
		}
		if j.State != jobs.Done {
			return errors.New(j.Trouble.In(instrument.EN))
		}
		if v, err = store.RevisionOf(ctx, w.store.Of(w.actor.Tenant), c.Revision); err != nil {
			return err
		}
		back, err := store.RevisionOf(ctx, w.store.Of(w.actor.Tenant), v.UndoneBy)
		if err != nil {
			return err
		}
		left := people.NoteOf(&back).Conflicts
		if _, err := fmt.Fprintf(s.Out, "Put back as change %d: %d rows written, %d ended; %d left as they are because they changed again since.\n",
			back.Seq, back.Put, back.Ended, len(left)); err != nil {
			return err
		}
		return w.settled(ctx)
	})
}

// peopleCheckCommand says how good the data is.
type peopleCheckCommand struct {
	staffPlace
	JSON bool `name:"json" help:"Print everything as JSON. Rows are named by their ids and nobody by name."`
}

// Run prints the newest assessment, which is made first when there is none of what stands now.
func (c *peopleCheckCommand) Run(ctx context.Context, s *Streams) error {
	return c.work(ctx, s, func(ctx context.Context, w *staffWork) error {
		found, err := assessed(ctx, w)
		if err != nil {
			return err
		}
		if c.JSON {
			text, err := json.MarshalIndent(found.Quality, "", "  ")
			if err == nil {
				_, err = s.Out.Write(append(text, '\n'))
			}
			return err
		}
		return showQuality(s, found.Quality)
	})
}

// assessed returns the assessment of what stands now.
func assessed(ctx context.Context, w *staffWork) (*people.Assessment, error) {
	for asked := false; ; asked = true {
		head, err := store.Head(ctx, w.store.Of(w.actor.Tenant))
		if err != nil {
			return nil, err
		}
		found, of, err := w.Assessed(ctx, w.actor)
		switch {
		case err == nil && (of.Revision == head.Current || asked):
			return found, nil
		case err != nil && !errors.Is(err, db.ErrNoRow):
			return nil, err
		case asked:
			return nil, errors.New("the data could not be assessed; the page of jobs says why")
		}
		if err := w.AskAssessment(ctx, access.Actor{Kind: access.System, Tenant: w.actor.Tenant}); err != nil {
			return nil, said(err)
		}
		if err := w.settled(ctx); err != nil {
			return nil, err
		}
	}
}

func showQuality(s *Streams, q *quality.Result) error {
	if _, err := fmt.Fprintf(s.Out, "On %s: %d people in service, %d units, %d functions.\n\n", q.Day, q.Staff.People, q.Units, q.Functions); err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "conclusion\tusable\tafter all mends\tpeople")
	for i := range q.Scores {
		v := &q.Scores[i]
		_, _ = fmt.Fprintf(table, "%s\t%.1f %%\t%.1f %%\t%d of %d\n", v.Name, v.Points(), v.Best.Points(), v.Shown.People, v.Staff.People)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	checks := slices.DeleteFunc(slices.Clone(q.Checks), func(c quality.Check) bool { return c.Count == 0 })
	if len(checks) == 0 {
		_, err := fmt.Fprintln(s.Out, "\nNothing is wrong.")
		return err
	}
	order := map[quality.Severity]int{quality.Blocks: 0, quality.Harms: 1, quality.Notice: 2}
	slices.SortStableFunc(checks, func(a, b quality.Check) int {
		return cmp.Or(order[a.Severity]-order[b.Severity], cmp.Compare(b.People, a.People))
	})
	_, _ = fmt.Fprintln(table, "\nfault\tseverity\tcount\tpeople\tmend")
	for i := range checks {
		v := &checks[i]
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", v.Kind, v.Severity, v.Count, v.People, v.Mend)
	}
	return table.Flush()
}
