// Command gatebench measures what the gateway adds to a model's server, beside that server alone, a plain proxy that parses and encodes again, and the reverse
// proxy of the standard library: all in one run, each in a process of its own, with the guard on and a question of 4 kB of Dutch prose. The ratios hold, the absolute
// figures are those of the machine.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tekentafel/internal/clock"
)

func now() time.Time { return clock.Deadline(0) }

func wait(ctx context.Context, d time.Duration) error { return clock.Wait(ctx, max(0, d)) }

func main() {
	what := flag.String("serve", "", "part of the benchmark that this process serves; for its own use")
	upstream := flag.String("upstream", "", "address that it passes requests to")
	folder := flag.String("folder", "", "where it keeps its store")
	seconds := flag.Float64("seconds", 4, "how long each load takes")
	rounds := flag.Int("rounds", 3, "how often each is measured; the best counts, for other work on the machine only adds")
	streams := flag.Int("streams", 2000, "streams that are open at once")
	posts := flag.Int("posts", 100_000, "streamed requests while the model's server closes idle connections")
	only := flag.String("only", "", "parts to measure: delay, load, first, memory, lost; all when empty")
	profile := flag.String("profile", "", "file to write a CPU profile of the gateway to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *what != "" {
		err = profiled(*profile, func() error { return serve(ctx, *what, *upstream, *folder) })
	} else {
		b := &bench{seconds: *seconds, rounds: *rounds, streams: *streams, posts: *posts, only: *only, profile: *profile}
		err = errors.Join(b.run(ctx), b.close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gatebench:", err)
		os.Exit(1)
	}
}

// profiled writes a CPU profile of f to a file, unless its name is empty.
func profiled(name string, f func() error) error {
	if name == "" {
		return f()
	}
	to, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(to); err != nil {
		return errors.Join(err, to.Close())
	}
	err = f()
	pprof.StopCPUProfile()
	return errors.Join(err, to.Close())
}

type bench struct {
	seconds        float64
	rounds         int
	streams, posts int
	only, profile  string
	children       []*child
	folders        []string
}

// child is a process that serves.
type child struct {
	name, url string
	cmd       *exec.Cmd
	in        io.Closer
}

func (b *bench) start(ctx context.Context, name, upstream string) (*child, error) {
	folder, err := os.MkdirTemp("", "gatebench")
	if err != nil {
		return nil, err
	}
	b.folders = append(b.folders, folder)
	args := []string{"-serve", name, "-upstream", upstream, "-folder", folder}
	if name == theGateway && b.profile != "" {
		args, b.profile = append(args, "-profile", b.profile), ""
	}
	cmd := exec.CommandContext(ctx, os.Args[0], args...) //nolint:gosec // this program
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{name: name, cmd: cmd, in: in}
	b.children = append(b.children, c)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.url = strings.TrimSpace(line)
	return c, nil
}

func (b *bench) close() error {
	var all error
	for _, c := range b.children {
		_ = c.in.Close()
		all = errors.Join(all, c.cmd.Wait())
	}
	for _, f := range b.folders {
		all = errors.Join(all, os.RemoveAll(f))
	}
	return all
}

// memory returns what a process holds, in bytes.
func (c *child) memory() (int64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb * 1024, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// cpu returns the processor time that a process took, of all its threads. It does not grow by other work on the machine.
func (c *child) cpu() (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	if len(fields) < 13 {
		return 0, errors.New("no times in /proc/pid/stat")
	}
	const tick = 10 * time.Millisecond // sysconf(_SC_CLK_TCK) is 100 on Linux
	var sum time.Duration
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// slowModel streams a piece every second, so that all streams are open at once; slowThere is what the model's server calls it.
const (
	slowModel = "slow"
	slowThere = "mock;between=1s"
)

func (b *bench) run(ctx context.Context) error {
	upstream, err := b.start(ctx, theMock, "")
	if err != nil {
		return err
	}
	targets := []*child{upstream}
	for _, name := range []string{thePlain, theReverse, theGateway, theLimited} {
		c, err := b.start(ctx, name, upstream.url)
		if err != nil {
			return err
		}
		targets = append(targets, c)
	}
	for _, part := range []struct {
		name string
		run  func(context.Context, []*child) error
	}{{"delay", b.delay}, {"load", b.load}, {"first", b.first}, {"memory", b.open}, {"lost", b.lost}} {
		if b.only == "" || strings.Contains(b.only, part.name) {
			if err := part.run(ctx, targets); err != nil {
				return err
			}
		}
	}
	return nil
}

func quantile(d []time.Duration, q float64) time.Duration {
	slices.Sort(d)
	return d[min(len(d)-1, int(q*float64(len(d))))]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.3f ms", float64(d)/1e6) }

// delay measures at 200 a second how much longer an answer takes than from the model's server alone. Rounds take turns, so that other work on the machine meets all.
func (b *bench) delay(ctx context.Context, targets []*child) error {
	req := request("mock", prose(4096), false)
	half, most := make([]time.Duration, len(targets)), make([]time.Duration, len(targets))
	for round := range b.rounds + 1 {
		for i, c := range targets {
			n := int(200 * b.seconds)
			if round == 0 { // to warm up
				n = 100
			}
			took, err := paced(ctx, c.url, req, 5*time.Millisecond, n)
			if err != nil {
				return err
			}
			if round == 1 || round > 0 && quantile(took, 0.5) < half[i] {
				half[i], most[i] = quantile(took, 0.5), quantile(took, 0.99)
			}
		}
	}
	fmt.Println("\nat 200 a second (whole answers):\n\tp50\tp99\tadded p50\tof plain's")
	for i, c := range targets {
		ratio := "-"
		if i > 1 {
			ratio = fmt.Sprintf("%.2f", float64(half[i]-half[0])/float64(half[1]-half[0]))
		}
		fmt.Printf("%s\t%s\t%s\t%s\t%s\n", c.name, ms(half[i]), ms(most[i]), ms(half[i]-half[0]), ratio)
	}
	return nil
}

// load measures how many requests go through 32 connections.
func (b *bench) load(ctx context.Context, targets []*child) error {
	req := request("mock", prose(4096), false)
	best, least := make([]float64, len(targets)), make([]time.Duration, len(targets))
	for round := range b.rounds {
		for i, c := range targets {
			before, err := c.cpu()
			if err != nil {
				return err
			}
			n, err := flat(ctx, c.url, req, 32, time.Duration(b.seconds*float64(time.Second)))
			if err != nil {
				return err
			}
			after, err := c.cpu()
			if err != nil {
				return err
			}
			each := time.Duration(float64(after-before) / (n * b.seconds))
			if round == 0 || each < least[i] {
				least[i] = each
			}
			best[i] = max(best[i], n)
		}
	}
	fmt.Println("\n32 connections:\trequests/s\tof plain's\tprocessor time each")
	for i, c := range targets {
		fmt.Printf("%s\t%.0f\t%.2f\t%.0f us\n", c.name, best[i], best[i]/best[1], float64(least[i])/1e3)
	}
	return nil
}

// first measures how much later the first word of a stream comes.
func (b *bench) first(ctx context.Context, targets []*child) error {
	req := request("mock", prose(4096), true)
	best := make([]time.Duration, len(targets))
	for round := range b.rounds {
		for i, c := range targets {
			address, err := addressOf(c.url)
			if err != nil {
				return err
			}
			one := &client{address: address}
			var took []time.Duration
			for range int(100 * b.seconds) {
				a, err := one.send(ctx, req, nil)
				switch {
				case err == nil && one.right(a, true):
					took = append(took, a.first)
				case c.name != theReverse: // it loses some
					return fmt.Errorf("%s: %d %w: %.200s", c.name, a.status, errors.Join(err), one.body)
				}
				if err := wait(ctx, 2*time.Millisecond); err != nil {
					return err
				}
			}
			one.close()
			if m := quantile(took, 0.5); round == 0 || m < best[i] {
				best[i] = m
			}
		}
	}
	fmt.Println("\nfirst word of a stream:\tp50\tadded")
	for i, c := range targets {
		fmt.Printf("%s\t%s\t%s\n", c.name, ms(best[i]), ms(best[i]-best[0]))
	}
	return nil
}

// open measures what a process holds while many streams are open.
func (b *bench) open(ctx context.Context, targets []*child) error {
	fmt.Printf("\n%d streams open at once:\tMB\tbefore\n", b.streams)
	for _, c := range targets[1:] {
		before, err := c.memory()
		if err != nil {
			return err
		}
		address, err := addressOf(c.url)
		if err != nil {
			return err
		}
		name := slowThere
		if c.name == theGateway || c.name == theLimited {
			name = slowModel
		}
		req := request(name, prose(4096), true)
		var begun, wrong atomic.Int64
		var wg sync.WaitGroup
		for range b.streams {
			wg.Go(func() {
				one := &client{address: address}
				defer one.close()
				a, err := one.send(ctx, req, func() { begun.Add(1) })
				if err != nil || !one.right(a, true) {
					wrong.Add(1)
				}
			})
		}
		var peak int64
		finished := make(chan struct{})
		go func() { wg.Wait(); close(finished) }()
		all := false
		for running := true; running; {
			select {
			case <-finished:
				running = false
			case <-ctx.Done():
				return ctx.Err()
			default:
				m, err := c.memory()
				if err != nil {
					return err
				}
				peak = max(peak, m)
				all = all || begun.Load() == int64(b.streams)
				if err := wait(ctx, 50*time.Millisecond); err != nil {
					return err
				}
			}
		}
		note := ""
		if !all || wrong.Load() > 0 {
			note = fmt.Sprintf("\t(%d began, %d were not right)", begun.Load(), wrong.Load())
		}
		fmt.Printf("%s\t%d\t%d%s\n", c.name, peak>>20, before>>20, note)
	}
	return nil
}

// lost counts streamed requests that got no whole answer, while the model's server closes connections that were idle for some milliseconds.
func (b *bench) lost(ctx context.Context, _ []*child) error {
	faulty, err := b.start(ctx, theFaulty, "")
	if err != nil {
		return err
	}
	fmt.Printf("\n%d streamed requests before a server that closes connections after %v:\tlost\n", b.posts, hasty)
	for _, name := range []string{thePlain, theReverse, theGateway} {
		c, err := b.start(ctx, name, faulty.url)
		if err != nil {
			return err
		}
		address, err := addressOf(c.url)
		if err != nil {
			return err
		}
		req := request("mock", prose(4096), true)
		var left, lost atomic.Int64
		left.Store(int64(b.posts))
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				one := &client{address: address}
				defer one.close()
				for j := 0; left.Add(-1) >= 0 && ctx.Err() == nil; j++ {
					a, err := one.send(ctx, req, nil)
					if err != nil || !one.right(a, true) {
						lost.Add(1)
					}
					// The pauses lie around the time after which connections are closed.
					if wait(ctx, time.Duration((i*7+j*13)%20)*hasty/10) != nil {
						return
					}
				}
			})
		}
		wg.Wait()
		fmt.Printf("%s\t%d\n", name, lost.Load())
	}
	return ctx.Err()
}

// prose returns n bytes of a Dutch text of a city about its work, with some numbers and names in it.
func prose(n int) string {
	const text = `Beste collega's, vorige week zaten we samen over de nieuwe aanpak van de dienstverlening. Iedereen was het erover eens dat de wachttijd aan het loket korter moet. ` +
		`De dienst Burgerzaken stelt voor om vanaf 1 maart te werken op afspraak, met twee vrije momenten per week voor wie geen afspraak kan maken. Wie vragen heeft, belt naar 09 234 56 78 of ` +
		`stuurt een mail naar onthaal@voorbeeld.be. De kosten voor de aanpassing van de wachtzaal worden geraamd op 12.500 euro. Daarvoor is in het budget van 2025 plaats gemaakt. ` +
		`Mevrouw Peeters vroeg of ook de bibliotheek kan meedoen. Dat wordt bekeken zodra de werken in de Kerkstraat achter de rug zijn. Volgens de planning is dat in het najaar. ` +
		`Het college besliste bovendien om de openingsuren op woensdag te verlengen, omdat veel ouders alleen dan tijd hebben. Tot slot kwam de vraag hoe we mensen bereiken die geen computer hebben. ` +
		`We maken een folder in eenvoudige taal, die ook in het wijkcentrum ligt. De volgende vergadering is op donderdag om half tien in de raadzaal. `
	return strings.Repeat(text, n/len(text)+1)[:n]
}
