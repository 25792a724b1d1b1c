package stats

// walk lists the units with a positive weight by stratum and, within it, by primary sampling unit (PSU), so that sums
// over a PSU are taken in one go.
type walk struct {
	strata []stratum
	ends   []uint32 // end of each PSU in order; nil: every unit is a PSU of its own
	order  []uint32 // units

	nStrata, nUnits, lonely int
	sampled, df             float64
}

// stratum is a run of PSUs that hold a unit with a positive weight.
type stratum struct {
	from, to int     // PSUs
	n        float64 // all PSUs of the stratum, those without weight included
	kappa    float64 // finite population factor times n/(n-1)
}

// newWalk sorts the units of a valid design.
func newWalk(d *Design) (*walk, error) {
	w := &walk{}
	strata := max(1, d.NStrata)
	if d.Strata == nil {
		strata = 1
	}
	home, all := psuHomes(d) // stratum of each PSU, and whether it has any unit
	perStratum := make([]int, strata)
	for c, h := range home {
		if all[c] {
			perStratum[h]++
		}
	}
	rank, counts := w.rankPSUs(d, home, strata)
	w.fillOrder(d, rank, counts)
	return w, w.fillStrata(d, home, perStratum)
}

func psuHomes(d *Design) (home []uint32, all []bool) {
	n := d.N
	if d.Clusters != nil {
		n = d.NClusters
	}
	home, all = make([]uint32, n), make([]bool, n)
	for i := range d.N {
		c := psuOf(d, i)
		all[c] = true
		if d.Strata != nil {
			home[c] = d.Strata[i]
		}
	}
	return home, all
}

func psuOf(d *Design, i int) int {
	if d.Clusters != nil {
		return int(d.Clusters[i])
	}
	return i
}

// rankPSUs numbers the PSUs with a weight by stratum; it returns the rank of each PSU and the units under each rank.
func (w *walk) rankPSUs(d *Design, home []uint32, strata int) (rank []uint32, counts []uint32) {
	weighted := make([]uint32, len(home))
	for i := range d.N {
		if d.Weight(i) > 0 {
			weighted[psuOf(d, i)]++
		}
	}
	start := make([]int, strata+1)
	for c, n := range weighted {
		if n > 0 {
			start[home[c]+1]++
		}
	}
	for h := range strata {
		start[h+1] += start[h]
	}
	for h := range strata {
		w.strata = append(w.strata, stratum{from: start[h], to: start[h+1]})
	}
	rank, counts = make([]uint32, len(home)), make([]uint32, start[strata])
	next := start
	for c, n := range weighted {
		if n > 0 {
			r := next[home[c]]
			next[home[c]]++
			rank[c], counts[r] = uint32(r), n
		}
	}
	return rank, counts
}

func (w *walk) fillOrder(d *Design, rank, counts []uint32) {
	ends := make([]uint32, len(counts))
	var sum uint32
	for r, n := range counts {
		ends[r] = sum // the start for now; the fill moves it to the end
		sum += n
	}
	w.order = make([]uint32, sum)
	for i := range d.N {
		if d.Weight(i) > 0 {
			r := rank[psuOf(d, i)]
			w.order[ends[r]] = uint32(i)
			ends[r]++
		}
	}
	if d.Clusters != nil {
		w.ends = ends
	}
}

func (w *walk) fillStrata(d *Design, home []uint32, perStratum []int) error {
	var factors float64
	kept := w.strata[:0]
	for h, s := range w.strata {
		n := perStratum[h]
		if n == 0 {
			continue
		}
		f, err := finite(d, h, n)
		if err != nil {
			return err
		}
		w.nStrata++
		w.nUnits += n
		factors += f * float64(n)
		if n == 1 && f > 0 {
			w.lonely++
		}
		if s.to == s.from {
			continue
		}
		w.df += float64(s.to-s.from) - 1
		s.n, s.kappa = float64(n), f*spread(n)
		kept = append(kept, s)
	}
	w.strata = kept
	w.sampled = factors / float64(w.nUnits)
	return nil
}

// units returns the units of PSU p.
func (w *walk) units(p int) []uint32 {
	if w.ends == nil {
		return w.order[p : p+1]
	}
	from := uint32(0)
	if p > 0 {
		from = w.ends[p-1]
	}
	return w.order[from:w.ends[p]]
}
