package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/testkit/taken"
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
	freshPerSecond       = 4000 // ballots made for a second of handing in
)

// load measures a server under load.
func (g *ground) load(ctx context.Context, p plan, dir string, target float64) error {
	fresh, err := g.fresh(p.runs * p.seconds * freshPerSecond)
	if err != nil {
		return err
	}
	s, err := g.start(ctx)
	if err != nil {
		return err
	}
	return errors.Join(g.beside(ctx, p, s, dir, target, fresh), s.end())
}

// beside starts the plain server and measures both.
func (g *ground) beside(ctx context.Context, p plan, s *process, dir string, target float64, fresh []string) error {
	page, err := g.page(ctx, s.address)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "page")
	if err := os.WriteFile(file, page, 0o600); err != nil { //nolint:gosec // a folder of our own
		return err
	}
	peer, err := begin(ctx, "/", self("peer", file))
	if err != nil {
		return err
	}
	return errors.Join(g.phases(ctx, p, s, peer, target, fresh), peer.end())
}

func (g *ground) phases(ctx context.Context, p plan, s, peer *process, target float64, fresh []string) error {
	for _, phase := range []struct {
		name string
		run  func() error
	}{
		{"drawing", func() error { return g.draws(ctx, p, s) }},
		{"handing in", func() error { return g.handIns(ctx, p, s, peer, target, fresh) }},
		{"handing in again", func() error { return g.again(ctx, p, s, fresh) }},
		{"pages", func() error { return g.pages(ctx, p, s, peer) }},
		{"all at once", func() error { return g.crowd(ctx, p, s) }},
	} {
		if err := phase.run(); err != nil {
			return fmt.Errorf("%s: %w", phase.name, err)
		}
		most, err := s.peak()
		if err != nil {
			return err
		}
		fmt.Printf("%-44s %8.1f   %s\n", "resident at the most until here, MB", float64(most)/(1<<20), verdict(most < memoryTarget, "below 300 MB"))
	}
	return nil
}

func (g *ground) pagePath() string { return "/w/" + g.wave.Code + "/questions" }

// page returns the page of questions, packed as it came.
func (g *ground) page(ctx context.Context, address string) (page []byte, err error) {
	err = browse(ctx, address, func(b *browser) error {
		page, err = b.ask(get(address, g.pagePath()), true)
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
	header("ballots issued, each durable")
	var runs []times
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
			func(i int) []byte { return g.drawOf(s.address, pins[i], requests[i].Blinded()) },
			func(i int, body []byte) { signatures[i] = body })
		if err != nil {
			return err
		}
		line(fmt.Sprintf("  run %d, %d connections", run+1, drawConnections), t, s.cpu()-before)
		runs = append(runs, t)
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
	rate := median(runs, times.rate)
	fmt.Printf("%-44s %8.0f   %s\n", "median", rate, verdict(rate >= drawTarget, fmt.Sprintf("at least %d/s", drawTarget)))
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

func (g *ground) drawOf(address, pin string, blinded []byte) []byte {
	return post(address, "/w/"+g.wave.Code+"/ballots", fmt.Appendf(nil, `{"pin":%q,"blinded":%q}`, pin, base64.RawURLEncoding.EncodeToString(blinded)))
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
	return post(address, "/w/"+g.wave.Code+"/answers", fmt.Appendf(nil, `{"ballot":%q,"answers":%s}`, ballot, g.answers[i%len(g.answers)]))
}

// handIns measures how many answers are taken, each under a ballot of its own, beside a server that looks at nothing.
func (g *ground) handIns(ctx context.Context, p plan, s, peer *process, target float64, fresh []string) error {
	header("answers taken, each new and durable")
	ours, theirs, sent := []times{}, []times{}, 0
	for run := range p.runs {
		mine := fresh[run*len(fresh)/p.runs : (run+1)*len(fresh)/p.runs]
		t, err := g.handIn(ctx, p, s, fmt.Sprintf("  run %d tekentafel", run+1), len(mine), func(i int) string { return mine[i] })
		if err != nil {
			return err
		}
		ours, sent = append(ours, t), sent+t.n
		t, err = g.handIn(ctx, p, peer, fmt.Sprintf("  run %d plain net/http, appends, fsync", run+1), 1<<30, func(i int) string { return mine[i%len(mine)] })
		if err != nil {
			return err
		}
		theirs = append(theirs, t)
	}
	rate, plain, p99 := median(ours, times.rate), median(theirs, times.rate), median(ours, ninetyNine)
	fmt.Printf("%-44s %8.0f   %s; plain %.0f, ratio %.2f\n", "median", rate, verdict(rate >= target, fmt.Sprintf("at least %.0f/s", target)), plain, rate/plain)
	fmt.Printf("%-44s %8.1f   %s; plain %.1f\n", "p99, ms, median", p99, verdict(p99 < ms(handInPatience), "below 150 ms"), median(theirs, ninetyNine))
	kept, err := g.count(ctx)
	if err != nil {
		return err
	}
	if kept != int64(sent) {
		return fmt.Errorf("%d answers were acknowledged under different ballots and %d are kept", sent, kept)
	}
	fmt.Printf("%-44s %8d   of %d acknowledged: none missing, none twice\n", "answers kept", kept, sent)
	return nil
}

// again measures how many answers are taken that replace earlier ones.
func (g *ground) again(ctx context.Context, p plan, s *process, fresh []string) error {
	header("answers taken, most in the place of others")
	var runs []times
	for run := range p.runs {
		t, err := g.handIn(ctx, p, s, fmt.Sprintf("  run %d tekentafel", run+1), 1<<30, func(i int) string { return fresh[i%len(fresh)] })
		if err != nil {
			return err
		}
		runs = append(runs, t)
	}
	fmt.Printf("%-44s %8.0f   p99 %.1f ms\n", "median", median(runs, times.rate), median(runs, ninetyNine))
	return nil
}

// handIn hands in for a while, or until there are no more ballots.
func (g *ground) handIn(ctx context.Context, p plan, at *process, name string, most int, ballot func(i int) string) (times, error) {
	before := at.cpu()
	t, err := flatOut(ctx, at.address, handInConnections, time.Duration(p.seconds)*time.Second, most,
		func(i int) []byte { return g.handInOf(at.address, ballot(i), i) }, nil)
	if err != nil {
		return t, fmt.Errorf("%s: %w", name, err)
	}
	line(name, t, at.cpu()-before)
	return t, nil
}

// fresh makes ballots as if people had drawn them: what a signature is made of, without the blinding.
func (g *ground) fresh(n int) ([]string, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(g.private)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the key of the ballots is no RSA key")
	}
	out, errs := make([]string, n), make([]error, runtime.NumCPU())
	var workers sync.WaitGroup
	for w := range errs {
		workers.Go(func() {
			for i := w; i < n && errs[w] == nil; i += len(errs) {
				b := ballot.Ballot{Message: [64]byte(randomBytes(64))}
				sum := sha512.Sum384(b.Message[:])
				signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA384, sum[:], &rsa.PSSOptions{SaltLength: 48})
				if err != nil {
					errs[w] = err
					return
				}
				b.Signature = [256]byte(signature)
				out[i] = b.String()
			}
		})
	}
	workers.Wait()
	return out, errors.Join(errs...)
}

func (g *ground) count(ctx context.Context) (n int64, err error) {
	err = g.db.Of(organisation).Row(ctx, `SELECT COUNT(*) FROM wave_answers WHERE tenant_id = $1 AND wave_id = $2`, []any{g.wave.ID}, &n)
	return n, err
}

// pages measures the page of questions at a steady rate.
func (g *ground) pages(ctx context.Context, p plan, s, peer *process) error {
	header(fmt.Sprintf("page of questions at %d/s, by when due", pageRate))
	var ours, theirs []times
	for run := range p.runs {
		for _, one := range []struct {
			name string
			at   *process
			to   *[]times
		}{{"tekentafel", s, &ours}, {"plain net/http, the same bytes", peer, &theirs}} {
			before := one.at.cpu()
			t, err := steady(ctx, one.at.address, pageRate, time.Duration(p.seconds)*time.Second, get(one.at.address, g.pagePath()))
			if err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
			line(fmt.Sprintf("  run %d %s", run+1, one.name), t, one.at.cpu()-before)
			*one.to = append(*one.to, t)
		}
	}
	p99, plain := median(ours, ninetyNine), median(theirs, ninetyNine)
	fmt.Printf("%-44s %8.2f   %s; plain %.2f, ratio %.1f\n", "p99, median, ms", p99, verdict(p99 < ms(pageTarget), "below 5 ms"), plain, p99/plain)
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
				if _, err := b.ask(get(s.address, g.pagePath()), false); err != nil {
					return err
				}
				body, err := b.ask(g.drawOf(s.address, pins[i], requests[i].Blinded()), true)
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
	fmt.Printf("%-44s %8.0f %8.1f %8.1f %8.1f %8.1f   %4.0f µs of processor each; load %s\n", name, t.rate(), ms(t.p50), ms(t.p90), ms(t.p99), ms(t.max), float64(cpu.Microseconds())/float64(t.n), taken.Load())
}

func header(of string) {
	fmt.Printf("%-44s %8s %8s %8s %8s %8s\n", of, "1/s", "p50 ms", "p90", "p99", "max")
}

// median returns the middle of what runs say.
func median(runs []times, of func(times) float64) float64 {
	list := make([]float64, len(runs))
	for i, t := range runs {
		list[i] = of(t)
	}
	slices.Sort(list)
	return list[len(list)/2]
}

func ninetyNine(t times) float64 { return ms(t.p99) }
