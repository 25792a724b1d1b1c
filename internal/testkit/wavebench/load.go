package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/survey/ballot"
)

// Targets of the product.
const (
	handInTarget         = 3000 // a second, SQLite
	handInTargetPostgres = 1500
	handInPatience       = 150 * time.Millisecond // p99
	drawTarget           = 500                    // a second
	pageTarget           = 5 * time.Millisecond   // p99 at pageRate
	pageRate             = 1000
	memoryTarget         = 300 << 20
	handInConnections    = 256
	drawConnections      = 64
)

// load measures a server under load.
func (g *ground) load(ctx context.Context, p plan, s *process, dir string, target float64) error {
	page, err := g.page(ctx, s.address)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "page")
	if err := os.WriteFile(file, page, 0o600); err != nil { //nolint:gosec // a folder of our own
		return err
	}
	peer, err := begin(ctx, "/", "peer", file)
	if err != nil {
		return err
	}
	err = g.phases(ctx, p, s, peer, target)
	if err := errors.Join(err, peer.end()); err != nil {
		return err
	}
	now, err := s.memory("VmRSS")
	if err != nil {
		return err
	}
	most, err := s.memory("VmHWM")
	fmt.Printf("%-44s %8.1f MB, %.1f MB at the most   %s\n", "resident after all of it", float64(now)/(1<<20), float64(most)/(1<<20), verdict(most < memoryTarget, "below 300 MB"))
	return err
}

func (g *ground) phases(ctx context.Context, p plan, s, peer *process, target float64) error {
	if err := g.draws(ctx, p, s); err != nil {
		return fmt.Errorf("drawing: %w", err)
	}
	if err := g.handIns(ctx, p, s, peer, target); err != nil {
		return fmt.Errorf("handing in: %w", err)
	}
	if err := g.pages(ctx, p, s, peer); err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	if err := g.crowd(ctx, p, s); err != nil {
		return fmt.Errorf("all at once: %w", err)
	}
	return nil
}

const pagePath = "/w/" + code + "/questions"

// page returns the page of questions, packed as it came.
func (g *ground) page(ctx context.Context, address string) (page []byte, err error) {
	err = browse(ctx, address, func(b *browser) error {
		page, err = b.ask(get(address, pagePath), true)
		return err
	})
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(page))
	if err != nil {
		return nil, fmt.Errorf("the page of questions is not packed: %w", err)
	}
	plain, err := io.ReadAll(z)
	fmt.Printf("page of questions: %.1f kB, %.1f kB packed\n", float64(len(plain))/1000, float64(len(page))/1000)
	return page, err
}

// draws measures how many ballots are issued.
func (g *ground) draws(ctx context.Context, p plan, s *process) error {
	fmt.Printf("%-44s %8s %8s %8s %8s %8s\n", "ballots issued, each durable", "1/s", "p50 ms", "p90", "p99", "max")
	var best times
	for run := range p.runs {
		n := min(p.seconds*drawsPerSecond, len(g.pins)-p.crowd-g.drawn)
		pins := g.pins[g.drawn : g.drawn+n]
		requests, err := blinded(g.public, n)
		if err != nil {
			return err
		}
		signatures := make([][]byte, n)
		before := s.cpu()
		t, err := flatOut(ctx, s.address, drawConnections, time.Duration(p.seconds)*time.Second, n,
			func(i int) []byte { return drawOf(s.address, pins[i], requests[i].Blinded()) },
			func(i int, body []byte) { signatures[i] = body })
		if err != nil {
			return err
		}
		line(fmt.Sprintf("  run %d, %d connections", run+1, drawConnections), t, s.cpu()-before)
		if t.rate() > best.rate() || best.n == 0 {
			best = t
		}
		for i, body := range signatures {
			if body == nil {
				continue
			}
			b, err := finished(requests[i], body)
			if err != nil {
				return err
			}
			g.ballots = append(g.ballots, b.String())
		}
		g.drawn += n
	}
	fmt.Printf("%-44s %8.0f   %s\n", "best run", best.rate(), verdict(best.rate() >= drawTarget, fmt.Sprintf("at least %d/s", drawTarget)))
	return nil
}

// blinded makes n messages for the server to sign.
func blinded(public *ballot.PublicKey, n int) ([]*ballot.Request, error) {
	out, errs := make([]*ballot.Request, n), make([]error, runtime.NumCPU())
	var workers sync.WaitGroup
	for w := range errs {
		workers.Go(func() {
			for i := w; i < n && errs[w] == nil; i += len(errs) {
				out[i], errs[w] = ballot.Blind(public, rand.Reader)
			}
		})
	}
	workers.Wait()
	return out, errors.Join(errs...)
}

func drawOf(address, pin string, blinded []byte) []byte {
	return post(address, "/w/"+code+"/ballots", fmt.Appendf(nil, `{"pin":%q,"blinded":%q}`, pin, base64.RawURLEncoding.EncodeToString(blinded)))
}

// finished makes the ballot of an answer to drawOf.
func finished(r *ballot.Request, body []byte) (ballot.Ballot, error) {
	var answer struct {
		Signature string `json:"signature"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return ballot.Ballot{}, err
	}
	signature, err := base64.RawURLEncoding.DecodeString(answer.Signature)
	if err != nil {
		return ballot.Ballot{}, err
	}
	return r.Finish(signature)
}

func (g *ground) handInOf(address, ballot string, i int) []byte {
	return post(address, "/w/"+code+"/answers", fmt.Appendf(nil, `{"ballot":%q,"answers":%s}`, ballot, g.answers[i%len(g.answers)]))
}

// handIns measures how many answers are taken, beside a server that looks at nothing.
func (g *ground) handIns(ctx context.Context, p plan, s, peer *process, target float64) error {
	fmt.Printf("%-44s %8s %8s %8s %8s %8s\n", "answers taken, each durable", "1/s", "p50 ms", "p90", "p99", "max")
	var ours, theirs times
	sent := 0
	for run := range p.runs {
		from := sent
		for _, one := range []struct {
			name string
			at   *process
			best *times
		}{{"tekentafel", s, &ours}, {"plain net/http, appends, fsync", peer, &theirs}} {
			before := one.at.cpu()
			t, err := flatOut(ctx, one.at.address, handInConnections, time.Duration(p.seconds)*time.Second, 1<<30, func(i int) []byte {
				return g.handInOf(one.at.address, g.ballots[(from+i)%len(g.ballots)], from+i)
			}, nil)
			if err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
			line(fmt.Sprintf("  run %d %s", run+1, one.name), t, one.at.cpu()-before)
			if t.rate() > one.best.rate() || one.best.n == 0 {
				*one.best = t
			}
			if one.at == s {
				sent += t.n
			}
		}
	}
	fmt.Printf("%-44s %8.0f   %s; plain %.0f, ratio %.2f\n", "best run", ours.rate(), verdict(ours.rate() >= target, fmt.Sprintf("at least %.0f/s", target)), theirs.rate(), ours.rate()/theirs.rate())
	fmt.Printf("%-44s %8.1f   %s; plain %.1f\n", "p99 of that run, ms", ms(ours.p99), verdict(ours.p99 < handInPatience, "below 150 ms"), ms(theirs.p99))
	kept, err := g.count(ctx)
	if err != nil {
		return err
	}
	if want := int64(min(sent, len(g.ballots))); kept != want {
		return fmt.Errorf("%d answers were acknowledged under different ballots and %d are kept", want, kept)
	}
	fmt.Printf("%-44s %8d   of %d acknowledged, under %d ballots: none missing, none twice\n", "answers kept", kept, sent, len(g.ballots))
	return nil
}

func (g *ground) count(ctx context.Context) (n int64, err error) {
	err = g.db.Of(organisation).Row(ctx, `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, []any{waveID}, &n)
	return n, err
}

// pages measures the page of questions at a steady rate.
func (g *ground) pages(ctx context.Context, p plan, s, peer *process) error {
	fmt.Printf("%-44s %8s %8s %8s %8s %8s\n", fmt.Sprintf("page of questions at %d/s, by when due", pageRate), "1/s", "p50 ms", "p90", "p99", "max")
	var ours, theirs times
	for run := range p.runs {
		for _, one := range []struct {
			name string
			at   *process
			best *times
		}{{"tekentafel", s, &ours}, {"plain net/http, the same bytes", peer, &theirs}} {
			before := one.at.cpu()
			t, err := steady(ctx, one.at.address, pageRate, time.Duration(p.seconds)*time.Second, get(one.at.address, pagePath))
			if err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
			line(fmt.Sprintf("  run %d %s", run+1, one.name), t, one.at.cpu()-before)
			if one.best.n == 0 || t.p99 < one.best.p99 {
				*one.best = t
			}
		}
	}
	fmt.Printf("%-44s %8.2f   %s; plain %.2f, ratio %.1f\n", "p99, best run, ms", ms(ours.p99), verdict(ours.p99 < pageTarget, "below 5 ms"), ms(theirs.p99), float64(ours.p99)/float64(theirs.p99))
	return nil
}

// crowd lets many people come at the same moment: each opens a connection of their own, reads the page, draws and hands in.
func (g *ground) crowd(ctx context.Context, p plan, s *process) error {
	n := min(p.crowd, len(g.pins)-g.drawn)
	pins := g.pins[g.drawn : g.drawn+n]
	requests, err := blinded(g.public, n)
	if err != nil {
		return err
	}
	before, err := g.count(ctx)
	if err != nil {
		return err
	}
	now := clock.System()
	took, failed := make([]time.Duration, n), make([]error, n)
	var everyone sync.WaitGroup
	start := make(chan struct{})
	cpu := s.cpu()
	var began time.Time
	for i := range n {
		everyone.Go(func() {
			<-start
			failed[i] = browse(ctx, s.address, func(b *browser) error {
				if _, err := b.ask(get(s.address, pagePath), false); err != nil {
					return err
				}
				body, err := b.ask(drawOf(s.address, pins[i], requests[i].Blinded()), true)
				if err != nil {
					return err
				}
				mine, err := finished(requests[i], body)
				if err != nil {
					return err
				}
				_, err = b.ask(g.handInOf(s.address, mine.String(), i), false)
				return err
			})
			took[i] = now().Sub(began)
		})
	}
	began = now()
	close(start)
	everyone.Wait()
	t := timesOf(took, now().Sub(began))
	g.drawn += n
	bad := 0
	for _, err := range failed {
		if err != nil {
			bad++
		}
	}
	kept, err := g.count(ctx)
	if err != nil {
		return err
	}
	line(fmt.Sprintf("%d people at once, from start to thanks", n), t, s.cpu()-cpu)
	fmt.Printf("%-44s %8d   %s\n", "of whom could not hand in", bad, verdict(bad == 0, "nobody"))
	if bad > 0 {
		fmt.Println("    the first said:", first(failed))
	}
	if more := kept - before - int64(n-bad); more < 0 || more > int64(bad) { // who was not told may be kept
		return fmt.Errorf("%d people were thanked and %d answers are kept", n-bad, kept-before)
	}
	return nil
}

func first(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func line(name string, t times, cpu time.Duration) {
	fmt.Printf("%-44s %8.0f %8.1f %8.1f %8.1f %8.1f   %4.0f µs of processor each\n", name, t.rate(), ms(t.p50), ms(t.p90), ms(t.p99), ms(t.max), float64(cpu.Microseconds())/float64(t.n))
}
