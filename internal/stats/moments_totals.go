package stats

// momKeepStrata is the number of strata up to which the scatter of each is kept, so that parts can be merged.
const momKeepStrata = 256

// momProblem asks for the totals over a design of a vector that is computed from the codes of a unit, with the design
// covariance of these totals.
type momProblem struct {
	d       *Design
	columns []Codes
	dim     int
	work    int            // columns of room that fill needs
	fill    func(*momTile) // sets in and x; called from several goroutines, each with its own tile
	keep    bool           // keep the scatter of each stratum
}

// momTotals are totals and their covariance.
type momTotals struct {
	n      int       // units in the domain with a positive weight
	w2     float64   // their sum of squared weights
	total  []float64 // weighted totals
	cov    []float64 // dim x dim
	psus   int       // primary sampling units with such a unit
	strata int       // strata with such a unit
	lonely int       // strata of the sample with one primary sampling unit
	kept   []momStratum
	err    error // a population smaller than its sample
}

// momStratum is the scatter of the totals of the primary sampling units in one stratum.
type momStratum struct {
	stratum int
	psus    int // in the sample
	inside  int // with a unit in the domain
	sum     []float64
	cross   []float64 // lower triangle
}

func newMomStratum(stratum, dim int) momStratum {
	return momStratum{stratum: stratum, sum: make([]float64, dim), cross: make([]float64, dim*dim)}
}

func (s *momStratum) add(o *momStratum) {
	s.psus += o.psus
	s.inside += o.inside
	momAdd(s.sum, o.sum)
	momAdd(s.cross, o.cross)
}

func momAdd(into, from []float64) {
	from = from[:len(into)]
	for i, v := range from {
		into[i] += v
	}
}

// close adds the stratum's part to the covariance of the totals: with n sampling units of N, (1-n/N) n/(n-1) times the
// scatter about their mean. A stratum with one unit is centred at 0, as survey does with
// options(survey.lonely.psu = "adjust").
func (t *momTotals) close(d *Design, s *momStratum) {
	f, err := finite(d, s.stratum, s.psus)
	if err != nil {
		t.err = err
		return
	}
	scale, centre := f*spread(s.psus), 0.0
	if s.psus > 1 {
		centre = 1 / float64(s.psus)
	} else {
		t.lonely++
	}
	if s.inside > 0 {
		t.psus += s.inside
		t.strata++
	}
	for i := range s.sum {
		row, from := t.cov[i*len(s.sum):], s.cross[i*len(s.sum):]
		si := s.sum[i] * centre
		for j := range i + 1 {
			row[j] += scale * (from[j] - si*s.sum[j])
		}
	}
}

// momPartial is what one block contributes: strata that lie inside it are closed, the first and last stay open.
type momPartial struct {
	momTotals
	open []momStratum
	tile *momTile
	psu  []float64 // totals of sampling units, dim columns of momTileSize
	row  []float64 // total of the sampling unit at hand
}

// gather works out the totals in one pass (two for a raked design).
func (p *momProblem) gather() (*momTotals, error) {
	if err := momCheck(p.d, p.columns); err != nil {
		return nil, err
	}
	l := newMomLayout(p.d)
	var fit momRaking
	if len(p.d.Raked) > 0 {
		fit = p.rakingFit()
	}
	keep := p.keep && len(l.starts)-1 <= momKeepStrata
	out := &momTotals{total: make([]float64, p.dim), cov: make([]float64, p.dim*p.dim)}
	var open *momStratum
	closeOpen := func() {
		if open == nil {
			return
		}
		out.close(p.d, open)
		if keep {
			out.kept = append(out.kept, *open)
		}
		open = nil
	}
	blocks := (p.d.N + momBlock - 1) / momBlock
	momOrdered(blocks,
		func() *momPartial {
			return &momPartial{
				momTotals: momTotals{total: make([]float64, p.dim), cov: make([]float64, p.dim*p.dim)},
				tile:      newMomTile(p.dim, len(p.columns), p.work, fit.groups),
				psu:       make([]float64, p.dim*momTileSize), row: make([]float64, p.dim),
			}
		},
		func(acc *momPartial, b int) {
			p.block(acc, l, fit, l.cut(b*momBlock), l.cut((b+1)*momBlock), keep)
		},
		func(acc *momPartial) {
			if out.err == nil {
				out.err = acc.err
			}
			out.n += acc.n
			out.w2 += acc.w2
			out.psus += acc.psus
			out.strata += acc.strata
			out.lonely += acc.lonely
			momAdd(out.total, acc.total)
			momAdd(out.cov, acc.cov)
			for i := range acc.open {
				s := &acc.open[i]
				if open != nil && open.stratum == s.stratum {
					open.add(s)
					continue
				}
				closeOpen()
				open = s
			}
			acc.open = nil
		})
	closeOpen()
	if out.err != nil {
		return nil, out.err
	}
	momMirror(out.cov, p.dim)
	return out, nil
}

// block gathers positions lo..hi-1, which begin and end at the border of a sampling unit.
func (p *momProblem) block(acc *momPartial, l *momLayout, fit momRaking, lo, hi int, keep bool) {
	acc.momTotals = momTotals{total: acc.total, cov: acc.cov}
	clear(acc.total)
	clear(acc.cov)
	h := 0
	for h+1 < len(l.starts) && l.starts[h+1].pos <= lo {
		h++
	}
	for first := true; lo < hi; h++ {
		end := min(hi, l.starts[h+1].pos)
		s := newMomStratum(l.starts[h].stratum, p.dim)
		p.stratum(acc, l, fit, lo, end, &s)
		if fit.groups == nil {
			momAdd(acc.total, s.sum)
		}
		whole := !first && end == l.starts[h+1].pos && end < hi
		if whole && !keep {
			acc.close(p.d, &s)
		} else {
			acc.open = append(acc.open, s)
		}
		lo, first = end, false
	}
}

// stratum gathers positions lo..hi-1, all in one stratum.
func (p *momProblem) stratum(acc *momPartial, l *momLayout, fit momRaking, lo, hi int, s *momStratum) {
	t := acc.tile
	var run momRun
	for at := lo; at < hi; at += momTileSize {
		t.load(p.d, l, p.columns, at, min(at+momTileSize, hi))
		p.fill(t)
		for i, w := range t.weight[:t.n] {
			if t.in[i] != 0 && w > 0 {
				acc.n++
				acc.w2 += w * w
			}
		}
		if fit.groups != nil {
			t.totals(acc.total)
			fit.residuals(t)
		}
		t.weigh()
		if l.psu == nil {
			s.elements(t)
			continue
		}
		run.add(acc, l, s, at)
	}
	run.flush(acc, s)
}

// elements adds units that are their own sampling units.
func (s *momStratum) elements(t *momTile) {
	s.psus += t.n
	for i, w := range t.weight[:t.n] {
		if t.in[i] != 0 && w > 0 {
			s.inside++
		}
	}
	for m := range t.dim {
		sum := 0.0
		for _, x := range t.column(m) {
			sum += x
		}
		s.sum[m] += sum
	}
	momCrossProduct(s.cross, t.x, t.dim, t.n)
}

// momRun adds up units into sampling units, and sampling units into their stratum.
type momRun struct {
	started bool
	inside  bool
	psu     uint32
	rows    int // finished sampling units waiting in psu
}

// add takes the tile at a position of the layout.
func (r *momRun) add(acc *momPartial, l *momLayout, s *momStratum, at int) {
	t := acc.tile
	for i := range t.n {
		c := l.psu[l.order[at+i]]
		if !r.started || c != r.psu {
			r.finish(acc, s)
			r.started, r.psu = true, c
		}
		if t.in[i] != 0 && t.weight[i] > 0 {
			r.inside = true
		}
		for m := range acc.row {
			acc.row[m] += t.x[m*momTileSize+i]
		}
	}
}

// finish closes the sampling unit at hand.
func (r *momRun) finish(acc *momPartial, s *momStratum) {
	if !r.started {
		return
	}
	for m, v := range acc.row {
		acc.psu[m*momTileSize+r.rows] = v
		s.sum[m] += v
	}
	clear(acc.row)
	s.psus++
	if r.inside {
		s.inside++
		r.inside = false
	}
	if r.rows++; r.rows == momTileSize {
		momCrossProduct(s.cross, acc.psu, len(acc.row), r.rows)
		r.rows = 0
	}
}

// flush closes the last sampling unit of a stratum.
func (r *momRun) flush(acc *momPartial, s *momStratum) {
	if !r.started {
		return
	}
	r.finish(acc, s)
	momCrossProduct(s.cross, acc.psu, len(acc.row), r.rows)
	*r = momRun{}
}
