package app

import (
	"context"
	"errors"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
)

const (
	upkeepEvery = time.Hour
	clockEvery  = 10 * time.Second
	clockLeast  = 2 * time.Second
)

// nightly lets what has been kept long enough go, a little at a time, once an hour: whatever was missed is caught up with.
func (a *App) nightly(ctx context.Context) {
	for clock.Wait(ctx, upkeepEvery) == nil {
		if err := a.upkeep(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "retention could not be applied; it is tried again in an hour", "error", err.Error())
		}
	}
}

func (a *App) upkeep(ctx context.Context) error {
	if err := a.Identity.Clean(ctx); err != nil {
		return err
	}
	tenants, err := a.tenants(ctx)
	if err != nil {
		return err
	}
	for _, t := range tenants {
		if _, err := a.Privacy.Apply(ctx, t, access.Actor{Kind: access.System, Tenant: t}); err != nil {
			return err
		}
		if err := errors.Join(a.Skills.Upkeep(ctx, t), a.lab.challenges.Close(ctx, t)); err != nil {
			return err
		}
	}
	return nil
}

// watchClock says when somebody or something set the clock of this machine: sessions and codes depend on it.
func (a *App) watchClock(ctx context.Context) {
	clock.Watch(ctx, clockEvery, clockLeast, func(j clock.Jump) {
		a.Log.WarnContext(ctx, "the clock of this machine jumped; sessions, codes and leases follow the new time. Let it be kept by NTP (tekentafel doctor checks it)",
			"by", j.By.String())
	})
}
