package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/testkit/taken"
)

const (
	closeTarget  = time.Minute // for ten million answers, with the report
	probesPerSec = 50
	closePatient = 20 * time.Minute
)

// closing measures what it takes to close a large wave and to make its report, while people load a page of another wave.
func (g *ground) closing(ctx context.Context, p plan) (err error) {
	now := clock.System()
	began := now()
	if err := g.fillLarge(ctx, p.answers); err != nil {
		return err
	}
	fmt.Printf("%-44s %8.1f s   load %s\n", fmt.Sprintf("filling a wave with %d answers", p.answers), now().Sub(began).Seconds(), taken.Load())
	s, err := g.start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end()) }()
	pages := g.probe(ctx, s.address)
	if err := clock.Wait(ctx, time.Duration(p.seconds)*time.Second); err != nil {
		return errors.Join(err, pages.stop())
	}
	quiet := pages.next()
	began = now()
	err = g.db.Write(ctx, organisation, func(s *db.Scope) error { // its moment comes
		_, err := s.Exec(ctx, `UPDATE waves SET closes_at = $3 WHERE tenant_id = $1 AND id = $2`, g.large.ID, clock.Micros(began))
		return err
	})
	if err != nil {
		return errors.Join(err, pages.stop())
	}
	stages, err := g.followed(ctx, s, began)
	took := now().Sub(began)
	busy := pages.next()
	if err == nil {
		err = clock.Wait(ctx, time.Duration(p.seconds)*time.Second)
	}
	swept := pages.next()
	if err := errors.Join(err, pages.stop()); err != nil {
		return err
	}
	most, err := s.peak()
	for _, one := range stages {
		fmt.Printf("  %-42s %8.1f s\n", one.name, one.at.Seconds())
	}
	fmt.Printf("%-44s %8.1f s   %s; resident %.0f MB at the most; %.0f s of processor; load %s\n", "from its moment until the report is there", took.Seconds(),
		verdict(took < closeTarget, "within 60 s"), float64(most)/(1<<20), s.cpu().Seconds(), taken.Load())
	for _, one := range []struct {
		when string
		took []time.Duration
	}{{"before", quiet}, {"meanwhile", busy}, {"while the rows are swept", swept}} {
		if len(one.took) == 0 {
			continue
		}
		t := timesOf(one.took, time.Second)
		fmt.Printf("  %-42s p50 %.1f ms, p99 %.1f ms, max %.1f ms\n", fmt.Sprintf("%d pages a second, %s", probesPerSec, one.when), ms(t.p50), ms(t.p99), ms(t.max))
	}
	return err
}

// moment is when something was first seen.
type moment struct {
	name string
	at   time.Duration
}

// followed waits for the report of the large wave and returns when each stage of the jobs for it began.
func (g *ground) followed(ctx context.Context, s *process, began time.Time) (stages []moment, err error) {
	now, r := clock.System(), g.db.Of(organisation)
	for now().Sub(began) < closePatient {
		select {
		case <-s.ended:
			return stages, errors.New("the server ended")
		default:
		}
		var state string
		var respondents int
		err := r.Row(ctx, `SELECT r.state, r.respondents FROM waves w JOIN reports r ON r.tenant_id = w.tenant_id AND r.id = w.report_id WHERE w.tenant_id = $1 AND w.id = $2`,
			[]any{g.large.ID}, &state, &respondents)
		switch {
		case err != nil && !errors.Is(err, db.ErrNoRow):
			return stages, err
		case state == "ready":
			return stages, nil
		case state == "failed":
			return stages, errors.New("the report failed")
		}
		err = r.Rows(ctx, `SELECT kind, stage FROM jobs WHERE tenant_id = $1 AND state = 'running' AND kind <> 'wave-sweep'`, func(scan func(...any) error) error {
			var kind, stage string
			if err := scan(&kind, &stage); err != nil {
				return err
			}
			name := kind + ", " + stage
			if !slices.ContainsFunc(stages, func(m moment) bool { return m.name == name }) {
				stages = append(stages, moment{name, now().Sub(began)})
			}
			return nil
		})
		if err != nil {
			return stages, err
		}
		if err := clock.Wait(ctx, 100*time.Millisecond); err != nil {
			return stages, err
		}
	}
	return stages, errors.New("there is no report")
}

// prober loads a page at a steady rate until it is stopped.
type prober struct {
	mu    sync.Mutex
	took  []time.Duration
	err   error
	quit  context.CancelFunc
	ended chan struct{}
}

func (g *ground) probe(ctx context.Context, address string) *prober {
	ctx, quit := context.WithCancel(ctx)
	p := &prober{quit: quit, ended: make(chan struct{})}
	due := make(chan time.Time, 1<<16)
	now := clock.System()
	var browsers sync.WaitGroup
	for range 8 {
		browsers.Go(func() {
			err := browse(context.WithoutCancel(ctx), address, func(b *browser) error {
				for at := range due {
					_, err := b.ask(get(address, g.pagePath()), false)
					if err != nil {
						return err
					}
					p.mu.Lock()
					p.took = append(p.took, now().Sub(at))
					p.mu.Unlock()
				}
				return nil
			})
			p.mu.Lock()
			p.err = errors.Join(p.err, err)
			p.mu.Unlock()
		})
	}
	go func() {
		defer close(p.ended)
		began := now()
		for k := 0; ; k++ {
			at := began.Add(time.Duration(k) * time.Second / probesPerSec)
			if clock.Wait(ctx, at.Sub(now())) != nil {
				break
			}
			due <- at
		}
		close(due)
		browsers.Wait()
	}()
	return p
}

// next returns how long the pages since the last call took, each from when it was due.
func (p *prober) next() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	took := p.took
	p.took = nil
	return took
}

func (p *prober) stop() error {
	p.quit()
	<-p.ended
	return p.err
}
