package stats

// momTileSize is the number of units whose rows are worked out together: few enough that a tile stays in the
// processor's first cache.
const momTileSize = 128

// momTile holds the vectors of a run of units, one column of x a component.
type momTile struct {
	n      int
	dim    int
	codes  [][]uint16 // by column: the codes of the units
	margin [][]uint16 // by raked margin
	weight []float64
	in     []float64 // 1 for a unit in the domain, else 0; set by fill
	x      []float64 // dim columns of momTileSize: the vector of each unit, 0 outside the domain; set by fill
	work   []float64 // room for fill
}

func newMomTile(dim, columns, margins, work int) *momTile {
	t := &momTile{
		dim: dim, codes: make([][]uint16, columns), margin: make([][]uint16, margins),
		weight: make([]float64, momTileSize), in: make([]float64, momTileSize),
		x: make([]float64, dim*momTileSize), work: make([]float64, work*momTileSize),
	}
	for j := range t.codes {
		t.codes[j] = make([]uint16, momTileSize)
	}
	for j := range t.margin {
		t.margin[j] = make([]uint16, momTileSize)
	}
	return t
}

// column returns component m of the units.
func (t *momTile) column(m int) []float64 { return t.x[m*momTileSize:][:t.n] }

// room returns working column j.
func (t *momTile) room(j int) []float64 { return t.work[j*momTileSize:][:t.n] }

// load reads codes, margins and weights of positions lo..hi-1.
func (t *momTile) load(d *Design, l *momLayout, columns []Codes, lo, hi int) {
	t.n = hi - lo
	for j, c := range columns {
		momGather(t.codes[j], c, l.order, lo, hi)
	}
	for j := range t.margin {
		momGather(t.margin[j], d.Raked[j], l.order, lo, hi)
	}
	w := t.weight[:t.n]
	switch {
	case d.Weights == nil:
		one := d.Weight(0)
		for i := range w {
			w[i] = one
		}
	case l.order == nil:
		copy(w, d.Weights[lo:hi])
	default:
		for i, u := range l.order[lo:hi] {
			w[i] = d.Weights[u]
		}
	}
}

// momGather copies the codes at positions lo..hi-1 of an order.
func momGather(into []uint16, c Codes, order []uint32, lo, hi int) {
	into = into[:hi-lo]
	switch {
	case order == nil && c.U8 != nil:
		for i, v := range c.U8[lo:hi] {
			into[i] = uint16(v)
		}
	case order == nil:
		copy(into, c.U16[lo:hi])
	case c.U8 != nil:
		for i, u := range order[lo:hi] {
			into[i] = uint16(c.U8[u])
		}
	default:
		for i, u := range order[lo:hi] {
			into[i] = c.U16[u]
		}
	}
}

// momPass visits the units by tiles in the order of the rows, reading one tile in stride, and merges what the blocks
// give in their order.
type momPass[A any] struct {
	d         *Design
	columns   []Codes
	margins   int // of the tiles, with dim and work
	dim, work int
	stride    int
	fresh     func() A
	clear     func(A)
	visit     func(A, *momTile)
	merge     func(A)
}

func (p *momPass[A]) run() {
	type partial struct {
		tile *momTile
		acc  A
	}
	rows := &momLayout{n: p.d.N}
	momOrdered((p.d.N+momBlock-1)/momBlock,
		func() *partial {
			return &partial{newMomTile(p.dim, len(p.columns), p.margins, p.work), p.fresh()}
		},
		func(part *partial, b int) {
			p.clear(part.acc)
			end := min((b+1)*momBlock, p.d.N)
			for at := b * momBlock; at < end; at += momTileSize {
				if at/momTileSize%p.stride == 0 {
					part.tile.load(p.d, rows, p.columns, at, min(at+momTileSize, end))
					p.visit(part.acc, part.tile)
				}
			}
		},
		func(part *partial) { p.merge(part.acc) })
}

// weigh multiplies each vector by its weight.
func (t *momTile) weigh() {
	w := t.weight[:t.n]
	for m := range t.dim {
		x := t.column(m)
		for i, v := range w {
			x[i] *= v
		}
	}
}

// momCrossProduct adds the crossproducts of the first n rows of dim columns of momTileSize to the lower triangle of
// cross (dim x dim, by row).
func momCrossProduct(cross, x []float64, dim, n int) {
	col := func(m int) []float64 { return x[m*momTileSize:][:n] }
	for i := 0; i < dim; i += 2 {
		two := i+1 < dim
		a0, a1 := col(i), col(i)
		if two {
			a1 = col(i + 1)
		}
		row0 := cross[i*dim : (i+1)*dim]
		row1 := row0
		if two {
			row1 = cross[(i+1)*dim : (i+2)*dim]
		}
		j := 0
		for ; j+4 <= dim && j <= i+1; j += 4 {
			s := momDot2x4(a0, a1, col(j), col(j+1), col(j+2), col(j+3))
			for k := range 4 {
				row0[j+k] += s[k]
				if two {
					row1[j+k] += s[4+k]
				}
			}
		}
		for ; j <= i+1 && j < dim; j++ {
			s0, s1 := momDot2(a0, a1, col(j))
			row0[j] += s0
			if two {
				row1[j] += s1
			}
		}
	}
	// The blocks above wrote a little beyond the diagonal; what stands there is the mirror image and is set by momMirror.
}

// momMirror copies the lower triangle of a square matrix to the upper.
func momMirror(a []float64, dim int) {
	for i := range dim {
		for j := range i {
			a[j*dim+i] = a[i*dim+j]
		}
	}
}

// momDot2x4 returns the eight inner products of two columns with four, in registers.
func momDot2x4(a0, a1, b0, b1, b2, b3 []float64) [8]float64 {
	n := len(a0)
	a1, b0, b1, b2, b3 = a1[:n], b0[:n], b1[:n], b2[:n], b3[:n]
	var s00, s01, s02, s03, s10, s11, s12, s13 float64
	for i, x := range a0 {
		y := a1[i]
		p, q, r, s := b0[i], b1[i], b2[i], b3[i]
		s00 += x * p
		s01 += x * q
		s02 += x * r
		s03 += x * s
		s10 += y * p
		s11 += y * q
		s12 += y * r
		s13 += y * s
	}
	return [8]float64{s00, s01, s02, s03, s10, s11, s12, s13}
}

// momDot2 returns the inner products of two columns with one.
func momDot2(a0, a1, b []float64) (s0, s1 float64) {
	a1, b = a1[:len(a0)], b[:len(a0)]
	for i, x := range a0 {
		s0 += x * b[i]
		s1 += a1[i] * b[i]
	}
	return s0, s1
}
