package stats

// momRakingSweeps is the number of times that residuals are taken over all margins, as survey:::svyrecvar does.
const momRakingSweeps = 10

// momJointCells is the number of cells up to which margins are looked up together.
const momJointCells = 1 << 12

// momJoint is a group of raked margins whose codes together number a cell.
type momJoint struct {
	margins []int
	stride  []int
	cells   int
}

func newMomJoints(raked []Codes) (groups []momJoint) {
	for margin, c := range raked {
		last := len(groups) - 1
		if last < 0 || groups[last].cells*c.K > momJointCells {
			groups = append(groups, momJoint{cells: 1})
			last++
		}
		g := &groups[last]
		g.margins, g.stride = append(g.margins, margin), append(g.stride, g.cells)
		g.cells *= c.K
	}
	return groups
}

// momRaking holds the main effects of the raked margins on the components of a vector. A raked design fixes the
// margins' totals, so only what they leave unexplained varies from sample to sample.
type momRaking struct {
	dim    int
	k      []int       // codes of each margin
	effect [][]float64 // by margin: dim rows of k
	groups []momJoint
	joint  [][]float64 // by group: dim rows of the effects of its margins together
}

// residuals takes the main effects away from each vector of a tile.
func (r momRaking) residuals(t *momTile) {
	for g, effect := range r.joint {
		cells := r.groups[g].cells
		for m := range t.dim {
			row := effect[m*cells : (m+1)*cells]
			x := t.column(m)
			for i, c := range t.joint[g][:t.n] {
				x[i] -= row[c]
			}
		}
	}
}

// rakingFit regresses the vectors on the margins' main effects, unweighted over all units with a positive weight, by
// the sweeps of survey:::svyrecvar, worked out on tables instead of on units.
func (p *momProblem) rakingFit() momRaking {
	r := momRaking{dim: p.dim, groups: newMomJoints(p.d.Raked)}
	for _, c := range p.d.Raked {
		r.k = append(r.k, c.K)
		r.effect = append(r.effect, make([]float64, p.dim*c.K))
	}
	sums := r.sums(p)
	pairs := r.pairs(p.d)
	for range momRakingSweeps {
		for g := range r.k {
			for m := range p.dim {
				r.sweep(g, m, sums[g][m*r.k[g]:(m+1)*r.k[g]], pairs[g])
			}
		}
	}
	for _, g := range r.groups {
		joint := make([]float64, p.dim*g.cells)
		for at, margin := range g.margins {
			for m := range p.dim {
				for c := range g.cells {
					joint[m*g.cells+c] += r.effect[margin][m*r.k[margin]+c/g.stride[at]%r.k[margin]]
				}
			}
		}
		r.joint = append(r.joint, joint)
	}
	return r
}

// sweep brings the mean residual of component m to 0 in each cell of margin g. pairs holds, by other margin, the number
// of units by code of g and code of the other.
func (r momRaking) sweep(g, m int, sums []float64, pairs [][]float64) {
	mine := r.effect[g][m*r.k[g] : (m+1)*r.k[g]]
	for c := range mine {
		n := pairs[g][c*r.k[g]+c]
		if n == 0 {
			continue
		}
		explained := 0.0
		for o, table := range pairs {
			if o == g {
				continue
			}
			theirs := r.effect[o][m*r.k[o] : (m+1)*r.k[o]]
			for b, count := range table[c*r.k[o] : (c+1)*r.k[o]] {
				explained += count * theirs[b]
			}
		}
		mine[c] = (sums[c] - explained) / n
	}
}

// sums totals the vectors, unweighted, by margin, component and code.
func (r momRaking) sums(p *momProblem) [][]float64 {
	fresh := func() [][]float64 {
		s := make([][]float64, len(r.groups))
		for g, group := range r.groups {
			s[g] = make([]float64, p.dim*group.cells)
		}
		return s
	}
	joint := fresh()
	pass := momPass[[][]float64]{
		d: p.d, columns: p.columns, groups: r.groups, dim: p.dim, work: p.work, stride: 1, fresh: fresh,
		clear: func(acc [][]float64) {
			for g := range acc {
				clear(acc[g])
			}
		},
		visit: func(acc [][]float64, t *momTile) {
			p.fill(t)
			t.dropWeightless()
			for g, group := range r.groups {
				for m := range p.dim {
					row := acc[g][m*group.cells : (m+1)*group.cells]
					for i, c := range t.joint[g][:t.n] {
						row[c] += t.x[m*momTileSize+i]
					}
				}
			}
		},
		merge: func(acc [][]float64) {
			for g := range joint {
				momAdd(joint[g], acc[g])
			}
		},
	}
	pass.run()
	out := make([][]float64, len(r.k))
	for g, group := range r.groups {
		for at, margin := range group.margins {
			k := r.k[margin]
			out[margin] = make([]float64, p.dim*k)
			for i, v := range joint[g] {
				m, c := i/group.cells, i%group.cells
				out[margin][m*k+c/group.stride[at]%k] += v
			}
		}
	}
	return out
}

// dropWeightless sets the vectors of units without a weight to 0.
func (t *momTile) dropWeightless() {
	for i, w := range t.weight[:t.n] {
		if w == 0 {
			for m := range t.dim {
				t.x[m*momTileSize+i] = 0
			}
		}
	}
}

// pairs counts units with a positive weight by the codes of each two margins; a margin with itself has its counts on
// the diagonal.
func (r momRaking) pairs(d *Design) [][][]float64 {
	out := make([][][]float64, len(r.k))
	for g := range out {
		out[g] = make([][]float64, len(r.k))
	}
	for g, k := range r.k {
		for o := g; o < len(r.k); o++ {
			table := momCrossTable(d, d.Raked[g], d.Raked[o])
			out[g][o] = table
			if o == g {
				continue
			}
			mirror := make([]float64, len(table))
			for a := range k {
				for b := range r.k[o] {
					mirror[b*k+a] = table[a*r.k[o]+b]
				}
			}
			out[o][g] = mirror
		}
	}
	return out
}

// momCrossTable counts units with a positive weight by two columns.
func momCrossTable(d *Design, a, b Codes) []float64 {
	table := make([]float64, a.K*b.K)
	momOrdered((d.N+momBlock-1)/momBlock,
		func() []uint32 { return make([]uint32, a.K*b.K) },
		func(acc []uint32, block int) {
			clear(acc)
			for i := block * momBlock; i < min((block+1)*momBlock, d.N); i++ {
				if d.Weights == nil || d.Weights[i] > 0 {
					acc[a.At(i)*b.K+b.At(i)]++
				}
			}
		},
		func(acc []uint32) {
			for i, n := range acc {
				table[i] += float64(n)
			}
		})
	return table
}
