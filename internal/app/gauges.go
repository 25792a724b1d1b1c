package app

import (
	"context"
	"errors"
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
	return err
}
