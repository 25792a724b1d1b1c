package linkage

import (
	"cmp"
	"context"
	"slices"
	"strconv"
)

// pass gives each row the keys of the blocks that it is in.
type pass struct {
	name string
	keys func(row int, add func(key string)) // "" is no block
	// order sorts the rows of a block that is too large, so that neighbours are alike.
	order func(row int) string
}

const (
	largestBlock = 60 // rows that are all compared with each other
	window       = 12 // neighbours that are compared in a larger block
	passBits     = 8
	rowBits      = 28
	mostRows     = 1 << rowBits
)

// candidates are pairs of rows, in order, and which passes found each. Millions of them are held at once: 10 bytes a pair.
type candidates struct {
	pairs  []uint64 // the first row, then the second, in mostRows
	passes []uint16 // bits
}

func (c *candidates) len() int { return len(c.pairs) }

func (c *candidates) pair(i int) (a, b int) {
	return int(c.pairs[i] >> rowBits), int(c.pairs[i] & (mostRows - 1))
}

// has tells whether two rows, the smaller first, are a candidate.
func (c *candidates) has(a, b int) bool {
	_, is := slices.BinarySearch(c.pairs, uint64(a)<<rowBits|uint64(b))
	return is
}

// block finds the candidates of all passes.
func block(ctx context.Context, rows int, passes []pass, progress func(done, total int)) (candidates, []Pass, []Note, error) {
	type keyed struct {
		key uint64 // hash; two keys that share one only make more candidates
		row int32
	}
	var found []uint64
	var all []keyed
	var reports []Pass
	var notes []Note
	for n, p := range passes {
		if err := ctx.Err(); err != nil {
			return candidates{}, nil, nil, err
		}
		progress(n, len(passes))
		report := Pass{Name: p.name}
		all = all[:0]
		for row := range rows {
			p.keys(row, func(key string) {
				if key != "" {
					all = append(all, keyed{hash(key), int32(row)})
				}
			})
		}
		slices.SortFunc(all, func(x, y keyed) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.row, y.row)) })
		start := len(found)
		found = slices.Grow(found, pairsOf(len(all), func(i int) uint64 { return all[i].key }))
		add := func(a, b int32) {
			if a != b {
				found = append(found, uint64(min(a, b))<<(rowBits+passBits)|uint64(max(a, b))<<passBits|uint64(n))
			}
		}
		for from := 0; from < len(all); {
			to := from + 1
			for to < len(all) && all[to].key == all[from].key {
				to++
			}
			in := all[from:to]
			reach := reachOf(len(in))
			if reach < len(in) {
				report.Cut++
				type placed struct {
					at  string
					row int32
				}
				sorted := make([]placed, len(in))
				for i, k := range in {
					sorted[i] = placed{p.order(int(k.row)), k.row}
				}
				slices.SortFunc(sorted, func(x, y placed) int { return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.row, y.row)) })
				for i, k := range sorted {
					in[i].row = k.row
				}
			}
			for i := range in {
				for j := i + 1; j < min(len(in), i+1+reach); j++ {
					add(in[i].row, in[j].row)
				}
			}
			from = to
		}
		slices.Sort(found[start:])
		found = append(found[:start], slices.Compact(found[start:])...)
		report.Pairs = len(found) - start
		if report.Cut > 0 {
			notes = append(notes, Note{Kind: NoteBlockCut, Args: []string{p.name, strconv.Itoa(report.Cut)}})
		}
		reports = append(reports, report)
	}
	progress(len(passes), len(passes))
	slices.Sort(found)
	c := candidates{pairs: found[:0], passes: make([]uint16, 0, len(found))} // in their place: what is read is ahead of what is written
	for _, v := range found {
		n := v & (1<<passBits - 1)
		if k := len(c.pairs) - 1; k >= 0 && c.pairs[k] == v>>passBits {
			c.passes[k] |= 1 << n
			continue
		}
		reports[n].New++
		c.pairs, c.passes = append(c.pairs, v>>passBits), append(c.passes, 1<<n)
	}
	return c, reports, notes, nil
}

// reachOf returns with how many rows behind it each row of a block is compared.
func reachOf(rows int) int {
	if rows > largestBlock {
		return window
	}
	return rows
}

// pairsOf returns how many pairs the blocks of rows in order of their key make, so that room for them is made once.
func pairsOf(rows int, key func(int) uint64) (n int) {
	for from := 0; from < rows; {
		to := from + 1
		for to < rows && key(to) == key(from) {
			to++
		}
		block := to - from
		reach := min(reachOf(block), block-1)
		n += reach*block - reach*(reach+1)/2
		from = to
	}
	return n
}

// hash is FNV-1a of 64 bits.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// chao estimates the share of all matches that the passes found, from how many were found by exactly one pass and by exactly two (Chao
// 1987, bias-corrected): what many passes find leaves little that none finds.
func chao(one, two, found float64) float64 {
	if found <= 0 {
		return 1
	}
	unseen := max(0, one*(one-1)/(2*(two+1)))
	return found / (found + unseen)
}
