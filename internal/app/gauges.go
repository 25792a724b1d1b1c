package app

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/metrics"
	"tekentafel/internal/people/folder"
)

// gauges lets the metrics count what waits.
func (a *App) gauges() error {
	err := errors.Join(
		a.Metrics.Gauge("jobs_waiting", "Jobs that wait to be started.", func(ctx context.Context) (float64, error) {
			waiting, _, err := a.Queue.Waiting(ctx)
			return float64(waiting), err
		}),
		a.Metrics.Gauge("jobs_running", "Jobs that a node works on.", func(ctx context.Context) (float64, error) {
			_, running, err := a.Queue.Waiting(ctx)
			return float64(running), err
		}),
		a.Metrics.Gauge("mails_waiting", "Mails that wait to be sent.", func(ctx context.Context) (float64, error) {
			var n int
			err := a.DB.System().Row(ctx, `SELECT COUNT(*) FROM mails WHERE state IN ('waiting', 'sending')`, nil, &n)
			return float64(n), err
		}),
	)
	for name, stats := range a.DB.Pools() {
		err = errors.Join(err, a.Metrics.Pool(name, stats))
	}
	if a.folder != nil {
		err = errors.Join(err, a.folderGauges())
	}
	return err
}

// folderGauges lets the metrics count the personnel files that come by themselves. What came in and was refused is of this node alone.
func (a *App) folderGauges() error {
	of := func(n func(folder.Counts) int) metrics.Count {
		return func(context.Context) (float64, error) { return float64(n(a.folder.Counts())), nil }
	}
	number := func(look func(context.Context) (int, time.Duration, error)) metrics.Count {
		return func(ctx context.Context) (float64, error) {
			n, _, err := look(ctx)
			return float64(n), err
		}
	}
	age := func(look func(context.Context) (int, time.Duration, error)) metrics.Count {
		return func(ctx context.Context) (float64, error) {
			_, d, err := look(ctx)
			return d.Seconds(), err
		}
	}
	return errors.Join(
		a.Metrics.Counter("staff_files_seen_total", "Personnel files that this node saw in a folder.", of(func(c folder.Counts) int { return c.Seen })),
		a.Metrics.Counter("staff_files_taken_total", "Personnel files that this node brought in from a folder.", of(func(c folder.Counts) int { return c.Taken })),
		a.Metrics.Counter("staff_files_refused_total", "Personnel files in a folder that this node could not take.", of(func(c folder.Counts) int { return c.Refused })),
		a.Metrics.Gauge("staff_files_waiting", "Personnel files that lie in a folder and that no node has taken.", number(a.folder.Waiting)),
		a.Metrics.Gauge("staff_files_waiting_oldest_seconds", "Age of the oldest of them.", age(a.folder.Waiting)),
		a.Metrics.Gauge("staff_imports_waiting", "Personnel files from a folder that came in and wait for a person.", number(a.folder.WaitingForPeople)),
		a.Metrics.Gauge("staff_imports_waiting_oldest_seconds", "How long ago the first of them came in.", age(a.folder.WaitingForPeople)),
	)
}
