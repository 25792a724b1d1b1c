package stats

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// randomColumns draws a weighted design of n units with items of k codes and a group column.
func randomColumns(n, items, k, groups int) (*Design, []Codes, Codes) {
	r := rand.New(rand.NewPCG(uint64(n), uint64(k)))
	d := &Design{N: n, Weights: make([]float64, n)}
	group := Codes{U16: make([]uint16, n), K: groups}
	for i := range n {
		d.Weights[i] = 0.5 + r.Float64()
		group.U16[i] = uint16(r.IntN(groups))
	}
	columns := make([]Codes, items)
	for j := range columns {
		columns[j] = Codes{U8: make([]uint8, n), K: k}
		for i := range n {
			columns[j].U8[i] = uint8(r.IntN(k))
		}
	}
	return d, columns, group
}

func tallyOf(t *testing.T, d *Design, items []Codes, group *Codes, workers int) []*Table {
	t.Helper()
	tables, err := Tally(context.Background(), d, items, group, workers)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

func TestTallyHasTheSameBitsWhateverTheWorkers(t *testing.T) {
	t.Parallel()
	d, items, group := randomColumns(40_000, 19, 6, 30)
	want := tallyOf(t, d, items, &group, 1)
	for _, workers := range []int{2, 3, 7, 40, 0} {
		if got := tallyOf(t, d, items, &group, workers); !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers give other sums than one", workers)
		}
	}
}

func TestTallyReadsEveryWidth(t *testing.T) {
	t.Parallel()
	d, items, group := randomColumns(20_000, 1, 6, 30)
	wide := Codes{U16: make([]uint16, d.N), K: 6}
	narrow := Codes{U8: make([]uint8, d.N), K: 30}
	for i := range d.N {
		wide.U16[i], narrow.U8[i] = uint16(items[0].U8[i]), uint8(group.U16[i])
	}
	want := tallyOf(t, d, items, &group, 1)[0]
	for _, g := range []*Codes{&group, &narrow} {
		for _, it := range []Codes{items[0], wide} {
			if got := tallyOf(t, d, []Codes{it}, g, 1)[0]; !reflect.DeepEqual(got, want) {
				t.Error("another width gives another tally")
			}
		}
	}
	overall := tallyOf(t, d, items, nil, 1)[0]
	total := want.Total()
	for k := range overall.Cells {
		a, b := overall.Cells[k], total.Cells[k]
		if a.N != b.N || !almost(a.W, b.W, 1e-12) || !almost(a.W2, b.W2, 1e-12) {
			t.Errorf("code %d: %+v overall, %+v as the sum of groups", k, a, b)
		}
	}
}

func almost(a, b, tolerance float64) bool { return a-b <= tolerance*(1+b) && b-a <= tolerance*(1+b) }

func TestTallyRecodesAndRegroups(t *testing.T) {
	t.Parallel()
	d := &Design{N: 6, Weights: []float64{1, 2, 3, 4, 0, 6}}
	item, group := Codes{U8: []uint8{0, 1, 2, 1, 2, 1}, K: 3}, Codes{U8: []uint8{0, 0, 1, 1, 2, 2}, K: 3}
	table := tallyOf(t, d, []Codes{item}, &group, 1)[0]
	got := table.Recode([]int{-1, 0, 0}, 1).Regroup([]int{0, 0, -1}, 1)
	if want := (Cell{N: 3, W: 9, W2: 29}); got.At(0, 0) != want {
		t.Errorf("got %+v, want %+v", got.At(0, 0), want)
	}
	all := table.Total().Recode([]int{0, 0, 0}, 1)
	if all.positive(0) != 5 || all.At(0, 0).N != 6 {
		t.Errorf("%d of %d have a weight, want 5 of 6", all.positive(0), all.At(0, 0).N)
	}
}

func TestTallySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	d := &Design{N: 3}
	good := Codes{U8: []uint8{0, 1, 1}, K: 2}
	for name, c := range map[string]struct {
		d     *Design
		item  Codes
		group *Codes
		says  string
	}{
		"code":         {d, Codes{U8: []uint8{0, 1, 2}, K: 2}, nil, "unit 2 has code 2"},
		"code by":      {d, Codes{U16: []uint16{0, 7, 1}, K: 2}, &good, "unit 1 has code 7"},
		"group":        {d, good, &Codes{U8: []uint8{0, 3, 0}, K: 2}, "unit 1 has code 3"},
		"length":       {d, Codes{U8: []uint8{0}, K: 2}, nil, "has 1 units"},
		"group length": {d, good, &Codes{U8: []uint8{0}, K: 2}, "has 1 units"},
		"both":         {d, Codes{U8: []uint8{0}, U16: []uint16{0}, K: 2}, nil, "exactly one"},
		"weight":       {&Design{N: 3, Weights: []float64{1, -1, 1}}, good, nil, "unit 1 is -1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Tally(context.Background(), c.d, []Codes{c.item}, c.group, 1)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one that says %q", err, c.says)
			}
		})
	}
	if err := NewTable(2, 3).Merge(NewTable(3, 3)); err == nil {
		t.Error("tallies of other codes merged")
	}
}

func TestTallyStopsWhenTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d, items, group := randomColumns(100, 2, 3, 4)
	if _, err := Tally(ctx, d, items, &group, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	d.Strata, d.NStrata = make([]uint32, d.N), 1
	e, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	table := tallyOf(t, d, items[:1], &group, 1)[0]
	if _, err := e.Shares(ctx, Cross{Item: items[0], Group: &group, Table: table}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
