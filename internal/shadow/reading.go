package shadow

import (
	"context"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
)

// Options say how a reading counts.
type Options struct {
	Services *services.Matcher
	Units    tally.Units                           // nil: nobody belongs to a known department
	Zone     *time.Location                        // in which days and weeks begin, and of times without a zone; UTC when nil
	Now      time.Time                             // for logs without a year
	K        int                                   // people of the smallest group that is shown; tally.DefaultK when 0
	Last     func(tally.Place) (tally.Count, bool) // what an earlier reading has shown last in a place; may be nil
}

// Reading counts one or more logs together. One goroutine adds logs and closes it; Progress may be asked from any.
type Reading struct {
	o      Options
	tally  *tally.Tally
	bytes  atomic.Int64
	lines  atomic.Int64
	report []logs.Report
}

// Progress is how far a reading is. It holds nothing of the logs.
type Progress struct {
	Bytes   int64 // as they came in, before unpacking
	Records int64 // lines that were understood
}

// day in seconds.
const day = 86400

// Outcome is all that remains of a reading. The logs say on which days (UTC) they begin and end, no more precisely.
type Outcome struct {
	Result tally.Result
	Logs   []logs.Report // in the order in which they were added
}

// Begin begins a reading.
func Begin(o Options) (*Reading, error) {
	t, err := tally.New(tally.Options{Matcher: o.Services, Units: o.Units, Zone: o.Zone, K: o.K, Last: o.Last})
	if err != nil {
		return nil, err
	}
	return &Reading{o: o, tally: t}, nil
}

// Add reads a log to its end and counts it. It stops when the context ends. After an error the reading can only be discarded: what was counted of the log so far cannot be told
// from the rest.
func (r *Reading) Add(ctx context.Context, src io.Reader, format logs.Format, columns logs.Columns) (logs.Report, error) {
	o := logs.Options{Format: format, Columns: columns, Zone: r.o.Zone, Now: r.o.Now}
	report, err := logs.Read(ctx, &counted{src: src, n: &r.bytes}, o, func(rec *logs.Record) error {
		r.lines.Add(1)
		return r.tally.Add(rec)
	})
	if err != nil {
		r.tally.Discard()
		return report, err
	}
	report.First -= report.First % day // the second of a line could be that of one person
	report.Last -= report.Last % day
	r.report = append(r.report, report)
	return report, nil
}

// Progress returns how far the reading is.
func (r *Reading) Progress() Progress {
	return Progress{Bytes: r.bytes.Load(), Records: r.lines.Load()}
}

// Weeks returns the weeks of the logs, each with the number of its days on which they have any line.
func (r *Reading) Weeks() map[string]int { return r.tally.Weeks() }

// Given reports whether every log so far has counts that another product made.
func (r *Reading) Given() bool {
	return len(r.report) > 0 && !slices.ContainsFunc(r.report, func(l logs.Report) bool { return l.Format != logs.Defender })
}

// Close ends the reading and returns what remains. Weeks of which before says that an earlier reading has shown them are left out.
func (r *Reading) Close(before func(week string) bool) (Outcome, error) {
	result, err := r.tally.Close(before)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Result: result, Logs: r.report}, nil
}

// Discard ends the reading without a result.
func (r *Reading) Discard() { r.tally.Discard() }

type counted struct {
	src io.Reader
	n   *atomic.Int64
}

// Read counts the bytes that go through.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n.Add(int64(n))
	return n, err
}
