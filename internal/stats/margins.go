package stats

// margins takes the main effects of the raking margins out of influence values, as survey:::svyrecvar does for a
// design from survey::rake: the residual of the unweighted least-squares fit on the margins' levels, to which R's ten
// sweeps over the margins converge.
type margins struct {
	codes   []Codes
	offset  []int
	levels  int
	inverse []float64 // generalised inverse of the cross-counts of levels, levels*levels
	cov     []float64 // covariance of the weighted totals of levels, levels*levels
	both    []float64 // inverse * cov * inverse
	weight  []float64 // weighted totals of levels
}

func newMargins(d *Design, w *walk) *margins {
	m := &margins{codes: d.Raked}
	for _, c := range d.Raked {
		m.offset = append(m.offset, m.levels)
		m.levels += c.K
	}
	n := m.levels
	m.inverse, m.cov, m.weight = make([]float64, n*n), make([]float64, n*n), make([]float64, n)
	unit, layer := newStick(n), newStick(n)
	for _, s := range w.strata {
		for psu := s.from; psu < s.to; psu++ {
			for _, i := range w.units(psu) {
				m.addUnit(d, int(i), unit)
			}
			m.scatter(unit, s.kappa)
			unit.addTo(layer)
			unit.clear()
		}
		if s.n > 1 {
			m.scatter(layer, -s.kappa/s.n)
		}
		layer.clear()
	}
	invertSymmetric(m.inverse, n)
	m.both = product(product(m.inverse, m.cov, n, n, n), m.inverse, n, n, n)
	return m
}

func (m *margins) level(margin, unit int) int { return m.offset[margin] + m.codes[margin].At(unit) }

func (m *margins) addUnit(d *Design, i int, unit *tallyStick) {
	w := d.Weight(i)
	for a := range m.codes {
		la := m.level(a, i)
		unit.add(int32(la), w)
		m.weight[la] += w
		for b := range m.codes {
			m.inverse[la*m.levels+m.level(b, i)]++
		}
	}
}

func (m *margins) scatter(t *tallyStick, factor float64) {
	for _, i := range t.touched {
		a := factor * t.sum[i]
		row := m.cov[int(i)*m.levels:]
		for _, j := range t.touched {
			row[j] += a * t.sum[j]
		}
	}
}

// variance returns that of an influence after its margin effects are taken out: raw is that before, cov its covariances
// with the level totals, plain its unweighted sums over the levels. Few levels have a sum other than zero in a small
// group, and only those cost.
func (m *margins) variance(raw float64, cov, plain []float64) float64 {
	n := m.levels
	var some []int
	for l, v := range plain {
		if v != 0 {
			some = append(some, l)
		}
	}
	for _, l := range some {
		inverse, both := m.inverse[l*n:(l+1)*n], m.both[l*n:(l+1)*n]
		var fitted, spread float64
		for k, c := range cov {
			fitted += inverse[k] * c
		}
		for _, k := range some {
			spread += both[k] * plain[k]
		}
		raw += plain[l] * (spread - 2*fitted)
	}
	return raw
}

// invertSymmetric replaces a symmetric non-negative matrix by a symmetric generalised inverse with the sweep operator
// (Goodnight 1979): rows that depend on earlier ones get zeros.
func invertSymmetric(a []float64, n int) {
	const tolerance = 1e-10
	scale := make([]float64, n)
	for i := range n {
		scale[i] = a[i*n+i]
	}
	for k := range n {
		d := a[k*n+k]
		if !(d > tolerance*scale[k]) {
			for j := range n {
				a[k*n+j], a[j*n+k] = 0, 0
			}
			continue
		}
		for j := range n {
			a[k*n+j] /= d
		}
		for i := range n {
			if i == k {
				continue
			}
			b := a[i*n+k]
			if b == 0 {
				continue
			}
			for j := range n {
				if j != k {
					a[i*n+j] -= b * a[k*n+j]
				}
			}
			a[i*n+k] = -b / d
		}
		a[k*n+k] = 1 / d
	}
}
