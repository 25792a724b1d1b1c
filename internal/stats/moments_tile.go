package stats

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
)

// momTileSize is the number of units whose rows are worked out together: few enough that a tile stays in the
// processor's nearest caches.
const momTileSize = 256

// momTile holds the vectors of a run of units, one column of x a component.
type momTile struct {
	n      int
	dim    int
	codes  [][]uint16 // by column: the codes of the units
	joint  [][]uint16 // by group of raked margins: the cell of the units
	groups []momJoint
	help   []uint16
	weight []float64
	in     []float64 // 1 for a unit in the domain, else 0; set by fill
	x      []float64 // dim columns of momTileSize: the vector of each unit, 0 outside the domain; set by fill
	work   []float64 // room for fill
}

func newMomTile(dim, columns, work int, groups []momJoint) *momTile {
	t := &momTile{
		dim: dim, codes: make([][]uint16, columns), joint: make([][]uint16, len(groups)), groups: groups,
		help:   make([]uint16, momTileSize),
		weight: make([]float64, momTileSize), in: make([]float64, momTileSize),
		x: make([]float64, dim*momTileSize), work: make([]float64, work*momTileSize),
	}
	for j := range t.codes {
		t.codes[j] = make([]uint16, momTileSize)
	}
	for g := range t.joint {
		t.joint[g] = make([]uint16, momTileSize)
	}
	return t
}

// column returns component m of the units.
func (t *momTile) column(m int) []float64 { return t.x[m*momTileSize:][:t.n] }

// room returns working column j.
func (t *momTile) room(j int) []float64 { return t.work[j*momTileSize:][:t.n] }

// load reads codes, cells of margins and weights of positions lo..hi-1.
func (t *momTile) load(d *Design, l *momLayout, columns []Codes, lo, hi int) {
	t.n = hi - lo
	for j, c := range columns {
		momGather(t.codes[j], c, l.order, lo, hi)
	}
	for g, group := range t.groups {
		cell := t.joint[g][:t.n]
		clear(cell)
		for at, margin := range group.margins {
			momGather(t.help, d.Raked[margin], l.order, lo, hi)
			stride := uint16(group.stride[at])
			for i, c := range t.help[:t.n] {
				cell[i] += c * stride
			}
		}
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
	dim, work int // of the tiles, with groups
	groups    []momJoint
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
			return &partial{newMomTile(p.dim, len(p.columns), p.work, p.groups), p.fresh()}
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

// totals adds the weighted totals of the vectors.
func (t *momTile) totals(into []float64) {
	for m := range t.dim {
		into[m] += floats.Dot(t.weight[:t.n], t.column(m))
	}
}

// momCrossProduct adds the crossproducts of the first n rows of dim columns of momTileSize to the lower triangle of
// cross (dim x dim, by row).
func momCrossProduct(cross, x []float64, dim, n int) {
	if n == 0 {
		return
	}
	blas64.Syrk(blas.NoTrans, 1, blas64.General{Rows: dim, Cols: n, Stride: momTileSize, Data: x},
		1, blas64.Symmetric{N: dim, Stride: dim, Data: cross, Uplo: blas.Lower})
}

// momMirror copies the lower triangle of a square matrix to the upper.
func momMirror(a []float64, dim int) {
	for i := range dim {
		for j := range i {
			a[j*dim+i] = a[i*dim+j]
		}
	}
}
