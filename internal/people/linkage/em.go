package linkage

import (
	"context"
	"math"
	"strconv"
)

const (
	mostSteps = 2000
	tolerance = 1e-7 // of the largest change of a probability, relative where it is small
	// fewestMatches is the pseudo-count of matches below which the notes say that designed values lead.
	fewestMatches = 30
	// How much the designed share of confused pairs weighs beside what is learnt: as much as so many times the pairs at the level, and so
	// many pairs besides.
	confusedWeight, confusedPairs = 1.0, 10.0
)

// learn finds m, u and the share of matches by expectation maximisation of the posterior: the likelihood of the tallies under
// conditional independence, with designed values as Dirichlet pseudo-counts (Winkler 1988; Dempster, Laird and Rubin
// 1977 for the penalised form). sampled is how many pairs one random pair stands for: pseudo-counts of u are in random pairs, so that no level
// gets a smaller u than the sample can show.
func learn(ctx context.Context, designs []design, tallies []tally, share, sampled float64) (*fit, Model, []Note, error) {
	f := newFit(designs, share)
	total := 0.0
	for i := range tallies {
		total += tallies[i].count
	}
	if total == 0 {
		return f, Model{Fields: f.model(), Share: share, Designed: true}, []Note{{Kind: NotePriorLeads, Args: []string{"0"}}}, nil
	}
	model := Model{}
	for model.Steps < mostSteps && !model.Converged {
		if err := ctx.Err(); err != nil {
			return nil, Model{}, nil, err
		}
		change, likelihood := f.step(tallies, total, max(sampled, 1), false)
		model.Steps++
		model.Likelihood = likelihood
		model.Converged = change < tolerance
	}
	var notes []Note
	if f.drifted() {
		f = newFit(designs, share)
		for range 200 {
			f.step(tallies, total, max(sampled, 1), true)
		}
		model.Designed = true
		notes = append(notes, Note{Kind: NoteDrifted})
	}
	if !model.Converged {
		notes = append(notes, Note{Kind: NoteNotConverged, Args: []string{strconv.Itoa(model.Steps)}})
	}
	for i := range designs {
		if designs[i].ordered && f.order(i) {
			notes = append(notes, Note{Kind: NoteOrdered, Args: []string{string(designs[i].field)}})
		}
	}
	model.Share = f.share
	model.Matches = f.share * total
	if model.Matches < fewestMatches {
		notes = append(notes, Note{Kind: NotePriorLeads, Args: []string{strconv.FormatFloat(model.Matches, 'f', 1, 64)}})
	}
	model.Fields = f.model()
	return f, model, notes, nil
}

// step is one round: the probability of each pattern, and the m, u and share that follow. It returns the largest change and the
// logarithm of the likelihood before the step. shareOnly leaves m and u.
func (f *fit) step(tallies []tally, total, sampled float64, shareOnly bool) (change, likelihood float64) {
	m := make([][]float64, len(f.designs))
	u := make([][][]float64, len(f.designs))
	for i := range f.designs {
		d := &f.designs[i]
		m[i] = scaled(d.m, d.mStrength)
		for c := range d.u {
			u[i] = append(u[i], scaled(d.u[c], d.behind(c, sampled)))
		}
	}
	matches := 0.0
	logM, logU := f.logarithms()
	for k := range tallies {
		t := &tallies[k]
		lm, lu := 0.0, 0.0
		for i := range f.designs {
			if l := t.pattern[i]; l != missing {
				lm += logM[i][l]
				lu += logU[i][f.designs[i].classOf(t.pattern)][l]
			}
		}
		lm += math.Log(f.share)
		lu += math.Log1p(-f.share)
		top := max(lm, lu)
		sum := math.Exp(lm-top) + math.Exp(lu-top)
		likelihood += t.count * (top + math.Log(sum))
		p := math.Exp(lm-top) / sum
		if t.apart {
			likelihood += t.count * (lu - top - math.Log(sum))
			p = 0
		}
		matches += t.count * p
		for i := range f.designs {
			if l := t.pattern[i]; l != missing {
				m[i][l] += t.count * p
				u[i][f.designs[i].classOf(t.pattern)][l] += t.count * (1 - p)
			}
		}
	}
	if f.designs[0].confused != nil {
		matches = f.confuse(m[0], u[0][0], sampled)
	}
	share := min(max(matches/total, 1e-3/total), 0.9)
	change = math.Abs(share-f.share) / f.share
	f.share = share
	if shareOnly {
		return change, likelihood
	}
	for i := range f.designs {
		m[i] = f.designs[i].hold(normalised(m[i]))
		change = max(change, largest(m[i], f.m[i]))
		for c := range u[i] {
			u[i][c] = normalised(u[i][c])
			change = max(change, largest(u[i][c], f.u[i][c]))
		}
	}
	f.m, f.u = m, u
	return change, likelihood
}

// confuse brings the first field in line with the designed share of pairs that look alike and are two things: a Beta prior at each
// level of which the pairs are observed. Without it nothing tells matches from neighbours where only the first field is known. It changes the counts m and
// u, which have their pseudo-counts in them, and returns the matches that follow, for the held levels have a designed share of those.
func (f *fit) confuse(m, u []float64, sampled float64) float64 {
	d := &f.designs[0]
	designedM, designedU := scaled(d.m, d.mStrength), scaled(d.u[0], d.behind(0, sampled))
	alike, held := 0.0, 0.0
	for l := range m {
		if l >= d.held {
			held += designedM[l] / d.mStrength
			continue
		}
		one, two := m[l]-designedM[l], u[l]-designedU[l]
		n := one + two
		two = n * (two + (confusedWeight*n+confusedPairs)*d.confused[l]) / (n + confusedWeight*n + confusedPairs)
		one = n - two
		m[l], u[l] = one+designedM[l], two+designedU[l]
		alike += one
	}
	return alike / (1 - held)
}

// hold puts the levels that are held back at their designed share; the others share the rest as they were learnt.
func (d *design) hold(m []float64) []float64 {
	if d.held == 0 {
		return m
	}
	designed := normalised(d.m)
	free, rest := 0.0, 1.0
	for l := range m {
		if l < d.held {
			free += m[l]
		} else {
			rest -= designed[l]
		}
	}
	for l := range m {
		if l < d.held {
			m[l] *= rest / free
		} else {
			m[l] = designed[l]
		}
	}
	return m
}

// behind returns how many pseudo-pairs stand behind the designed u of a class.
func (d *design) behind(class int, sampled float64) float64 {
	n := d.uStrength * sampled
	if d.firm != nil {
		n += d.firm[class]
	}
	return n
}

func scaled(v []float64, strength float64) []float64 {
	out := normalised(v)
	for i := range out {
		out[i] *= strength
	}
	return out
}

func largest(a, b []float64) float64 {
	d := 0.0
	for i := range a {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// drifted tells whether the class of matches has become something else: the least alike level of the first field, which says most, is
// commoner among matches than the design can bear.
func (f *fit) drifted() bool {
	last := len(f.m[0]) - 1
	return f.m[0][last] > 0.5 && f.m[0][last] > 5*normalised(f.designs[0].m)[last] || f.share >= 0.9
}

// order puts levels whose weight rises from a more to a less alike level at one weight (pool adjacent violators), class by class, by changing u. It tells
// whether it changed one.
func (f *fit) order(field int) bool {
	changed := false
	for _, u := range f.u[field] {
		type pool struct{ m, u float64 }
		var pools []pool
		var sizes []int
		for l, m := range f.m[field] {
			pools, sizes = append(pools, pool{m, u[l]}), append(sizes, 1)
			for n := len(pools); n > 1 && pools[n-1].m/pools[n-1].u > pools[n-2].m/pools[n-2].u*(1+1e-9); n = len(pools) {
				pools[n-2].m += pools[n-1].m
				pools[n-2].u += pools[n-1].u
				sizes[n-2] += sizes[n-1]
				pools, sizes = pools[:n-1], sizes[:n-1]
				changed = true
			}
		}
		l := 0
		for k, p := range pools {
			for range sizes[k] {
				if sizes[k] > 1 {
					u[l] = f.m[field][l] * p.u / p.m
				}
				l++
			}
		}
	}
	return changed
}
