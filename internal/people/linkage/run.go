package linkage

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"
)

// comparer knows the rows of one task.
type comparer interface {
	designs() []design
	passes() []pass
	// compare gives the level of each field; false where the pair cannot be one thing, whatever the fields say.
	compare(a, b int) (pattern, bool)
	// apart tells of a pattern that it is so little alike that learning takes it as two things.
	apart(p pattern) bool
	// rarity is what the frequency of the values adds to the weight of each field, in bits.
	rarity(a, b int, p pattern, f *fit) [mostFields]float64
	// describe adds values and differences to the evidence of a pair.
	describe(a, b int, p pattern, evidence []Evidence)
	// better tells whether row a is a better spelling to keep than row b.
	better(a, b int) bool
}

// mostSampled is how many random pairs say what pairs look like that are two things.
const mostSampled = 400_000

// impossible marks a pair that cannot be one thing.
var impossible = pattern{-2}

type run struct {
	comparer
	o          *Options
	keys       []string
	candidates candidates
	patterns   []pattern
	counts     map[pattern]float64 // of candidates
	fit        *fit
	prior      float64
	out        *Proposals
}

func link(ctx context.Context, keys []string, c comparer, o *Options) (*Proposals, error) {
	n := len(keys)
	if n >= mostRows {
		return nil, fmt.Errorf("%d rows to link; the most is %d: split them, by department for example", n, mostRows-1)
	}
	r := &run{comparer: c, o: o, keys: keys, out: &Proposals{Recall: 1, Possible: float64(n) * float64(n-1) / 2}}
	if n < 2 {
		r.out.Possible = 0
		r.out.Notes = append(r.out.Notes, Note{Kind: NoteTooFewRows})
		return r.out, nil
	}
	r.out.Model.Designed = true
	known := r.known()
	var err error
	var notes []Note
	if r.candidates, r.out.Passes, notes, err = block(ctx, n, c.passes(), func(done, total int) { o.Progress(StageBlock, done, total) }); err != nil {
		return nil, err
	}
	r.out.Notes = append(r.out.Notes, notes...)
	r.out.Compared = r.candidates.len()
	if err = r.compareAll(ctx); err != nil {
		return nil, err
	}
	if err = r.learn(ctx); err != nil {
		return nil, err
	}
	if err = r.propose(ctx, known); err != nil {
		return nil, err
	}
	return r.out, nil
}

// compareAll compares the candidates, a stretch at a time.
func (r *run) compareAll(ctx context.Context) error {
	r.patterns = make([]pattern, r.candidates.len())
	const stretch = 1 << 16
	for from := 0; from < r.candidates.len(); from += stretch * r.o.Workers {
		r.o.Progress(StageCompare, from, r.candidates.len())
		g, ctx := errgroup.WithContext(ctx)
		for w := range r.o.Workers {
			lo := min(from+w*stretch, r.candidates.len())
			hi := min(lo+stretch, r.candidates.len())
			g.Go(func() error {
				for i := lo; i < hi; i++ {
					r.patterns[i] = r.pattern(r.candidates.pair(i))
				}
				return ctx.Err()
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	r.o.Progress(StageCompare, r.candidates.len(), r.candidates.len())
	return ctx.Err()
}

func (r *run) pattern(a, b int) pattern {
	p, possible := r.compare(a, b)
	if !possible {
		return impossible
	}
	return p
}

// learn tallies candidates and random pairs, and learns from them.
func (r *run) learn(ctx context.Context) error {
	r.o.Progress(StageLearn, 0, 1)
	r.counts = map[pattern]float64{}
	for _, p := range r.patterns {
		r.counts[p]++
	}
	tallies := make([]tally, 0, len(r.counts))
	add := func(counts map[pattern]float64, outside bool) {
		for p, n := range counts {
			if p != impossible {
				tallies = append(tallies, tally{p, n, outside || r.apart(p)})
			}
		}
	}
	add(r.counts, false)
	// What no pass finds is taken as two things: one such pair of the sample stands for thousands, and would lead the matches astray.
	outside, sampled := r.sample()
	add(outside, true)
	slices.SortFunc(tallies, func(a, b tally) int {
		return cmp.Or(slices.Compare(a.pattern[:], b.pattern[:]), cmp.Compare(a.count, b.count))
	})
	share := min(0.1, 0.05*float64(len(r.keys))/r.out.Possible)
	var notes []Note
	var err error
	if r.fit, r.out.Model, notes, err = learn(ctx, r.designs(), tallies, share, sampled); err != nil {
		return err
	}
	r.out.Notes = append(r.out.Notes, notes...)
	r.prior = logOdds(r.out.Model.Share)
	r.o.Progress(StageLearn, 1, 1)
	return nil
}

// sample counts pairs that are no candidates: all where they are few, else random ones that stand for all. It returns with them
// for how many pairs one of the sample stands.
func (r *run) sample() (counts map[pattern]float64, each float64) {
	n := len(r.keys)
	outside := r.out.Possible - float64(r.candidates.len())
	found := map[pattern]int{}
	drawn := 0
	take := func(a, b int) {
		if !r.candidates.has(a, b) {
			drawn++
			found[r.pattern(a, b)]++
		}
	}
	if r.out.Possible <= mostSampled {
		for a := range n {
			for b := a + 1; b < n; b++ {
				take(a, b)
			}
		}
	} else {
		rnd := rand.New(rand.NewPCG(r.o.Seed, 0x6c696e6b616765))
		for range mostSampled {
			if a, b := rnd.IntN(n), rnd.IntN(n); a != b {
				take(min(a, b), max(a, b))
			}
		}
	}
	counts = make(map[pattern]float64, len(found))
	if drawn == 0 {
		return counts, 1
	}
	each = outside / float64(drawn)
	for p, k := range found {
		counts[p] = float64(k) * each
	}
	return counts, each
}

// known reads the decisions.
func (r *run) known() *knowledge {
	at := make(map[string]int, len(r.keys))
	for i, k := range r.keys {
		if _, twice := at[k]; twice {
			r.out.Notes = append(r.out.Notes, Note{Kind: NoteDuplicateKey, Args: []string{k}})
			continue
		}
		at[k] = i
	}
	k := newKnowledge(len(r.keys))
	unknown := 0
	for _, d := range r.o.Known {
		a, inA := at[d.A]
		b, inB := at[d.B]
		switch {
		case !inA || !inB:
			unknown++
		case a == b:
		case !k.take(a, b, d.Same):
			r.out.Notes = append(r.out.Notes, Note{Kind: NoteContradiction, Args: []string{d.A, d.B}})
		}
	}
	if unknown > 0 {
		r.out.Notes = append(r.out.Notes, Note{Kind: NoteUnknownDecided, Args: []string{strconv.Itoa(unknown)}})
	}
	return k
}
