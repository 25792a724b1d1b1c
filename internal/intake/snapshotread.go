package intake

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"tekentafel/internal/instrument"
)

// snapshotFile is an open snapshot.
type snapshotFile struct {
	input
	header snapshotHeader
	data   int64 // where the columns start
	read   atomic.Int64
}

// readSnapshot loads a snapshot.
func readSnapshot(ctx context.Context, f input, in *instrument.Instrument, opt Options) (*Result, error) {
	s := &snapshotFile{input: f}
	if err := s.readHeader(); err != nil {
		return nil, err
	}
	h := &s.header
	if err := h.check(f.name, in); err != nil {
		return nil, err
	}
	res := &Result{}
	if h.Source != nil {
		res.Quality, res.Issues, res.MoreIssues, res.Proposals = h.Source.Quality, h.Source.Issues, h.Source.MoreIssues, h.Source.Proposals
	} else {
		res.Quality.Rows = h.N
	}
	res.Quality.Format = "snapshot"
	if err := s.checkAsked(opt); err != nil {
		return nil, err
	}
	a, err := s.answers(ctx, in)
	if err != nil {
		return nil, err
	}
	res.Answers = a
	if h.Source == nil {
		served := map[string]bool{}
		for i, v := range a.Variables {
			served[v.Item.ID] = served[v.Item.ID] || a.Columns[i] != nil
		}
		unasked := notChosen(in, func(item string) bool { return served[item] })
		for i, v := range a.Variables {
			if a.Columns[i] == nil && !unasked[v.Item.ID] && v.Item.Kind != instrument.OpenText {
				res.Quality.Missing = append(res.Quality.Missing, v.ID)
			}
		}
	}
	return res, nil
}

func (s *snapshotFile) readHeader() error {
	prefix := make([]byte, snapshotPrefix)
	if err := s.readAt(prefix, 0); err != nil {
		return err
	}
	length := int64(binary.LittleEndian.Uint32(prefix[8:]))
	if length > snapshotHeads || snapshotPrefix+length > s.size {
		return s.damaged("its header is cut off")
	}
	body := make([]byte, length)
	if err := s.readAt(body, snapshotPrefix); err != nil {
		return err
	}
	if crc32.Checksum(body, castagnoli()) != binary.LittleEndian.Uint32(prefix[12:]) {
		return s.damaged("its header does not match its checksum")
	}
	if err := json.Unmarshal(body, &s.header); err != nil {
		return s.damaged("its header cannot be read")
	}
	s.data = snapshotPrefix + length
	s.data += padding(s.data)
	if s.header.N < 1 || s.header.N > s.limits.Rows {
		return s.damaged(fmt.Sprintf("it says that it has %d respondents", s.header.N))
	}
	return nil
}

// checkAsked refuses a weight, strata, clusters or groups that were not kept in the snapshot.
func (s *snapshotFile) checkAsked(opt Options) error {
	lacks := func(name, role string) error {
		return &Error{
			Kind: KindColumns, File: s.name, Column: name, Message: "the snapshot has no column " + quoted(name) + role,
			Mend: "make the snapshot anew from the original answers with this column",
		}
	}
	if opt.Weight != "" && (s.header.Weights == nil || s.header.Source != nil && s.header.Source.Weight != opt.Weight) {
		return lacks(opt.Weight, " for the weights")
	}
	for _, f := range opt.factors() {
		if _, ok := s.header.Extra[f.name]; !ok {
			return lacks(f.name, f.role)
		}
	}
	return nil
}

// answers loads the pieces side by side.
func (s *snapshotFile) answers(ctx context.Context, in *instrument.Instrument) (*instrument.Answers, error) {
	h := &s.header
	a := &instrument.Answers{
		Instrument: in, N: h.N, Variables: in.Variables(), Texts: h.Texts, Synthetic: h.Synthetic,
		Extra: map[string]*instrument.Factor{},
	}
	if a.Texts == nil {
		a.Texts = map[string]int{}
	}
	a.Columns = make([]*instrument.Column, len(a.Variables))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	load := func(f func() error) {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return f()
		})
	}
	for _, c := range h.Columns {
		i := slices.IndexFunc(a.Variables, func(v instrument.Variable) bool { return v.ID == c.Variable })
		if i < 0 || a.Columns[i] != nil {
			return nil, errors.Join(s.damaged("it has a column too many: "+quoted(c.Variable)), g.Wait())
		}
		column := &instrument.Column{K: c.K, Levels: c.Levels, Numbers: c.Numbers}
		a.Columns[i] = column
		load(func() error { return s.column(c, a.Variables[i], column) })
	}
	if h.Weights != nil {
		load(func() (err error) { a.Weights, err = s.weights(*h.Weights); return err })
	}
	if h.Links != nil {
		load(func() (err error) { a.Links, err = s.links(*h.Links); return err })
	}
	for name, f := range h.Extra {
		factor := &instrument.Factor{Levels: f.Levels}
		a.Extra[name] = factor
		load(func() (err error) { factor.Codes, err = s.factor(f); return err })
	}
	err := g.Wait()
	s.progress(s.read.Load(), s.size)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// piece reads and checks the bytes of a column.
func (s *snapshotFile) piece(p snapshotPiece, size int) ([]byte, error) {
	if p.Bytes != int64(s.header.N)*int64(size) || p.Offset < 0 || p.Offset > s.size || s.data+p.Offset+p.Bytes > s.size {
		return nil, s.damaged("it is cut off, or a column lies outside it")
	}
	b := make([]byte, p.Bytes)
	if err := s.readAt(b, s.data+p.Offset); err != nil {
		return nil, err
	}
	if crc32.Checksum(b, castagnoli()) != p.CRC {
		return nil, s.damaged("a column does not match its checksum")
	}
	s.read.Add(p.Bytes)
	return b, nil
}

func (s *snapshotFile) readAt(b []byte, at int64) error {
	n, err := s.file.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case errors.Is(err, io.EOF):
		return s.damaged("it is cut off")
	}
	return s.unreadable(err)
}

func (s *snapshotFile) column(c snapshotColumn, v instrument.Variable, to *instrument.Column) error {
	if err := s.checkCodes(c, v); err != nil {
		return err
	}
	size := 1
	if c.Wide {
		size = 2
	}
	b, err := s.piece(c.snapshotPiece, size)
	if err != nil {
		return err
	}
	if !c.Wide {
		to.Narrow = b
		if !below(b, c.K) {
			return s.damaged("variable " + quoted(c.Variable) + " has a code that it cannot have")
		}
		return nil
	}
	to.Wide = make([]uint16, s.header.N)
	for i := range to.Wide {
		code := binary.LittleEndian.Uint16(b[2*i:])
		if to.Wide[i] = code; int(code) >= c.K {
			return s.damaged("variable " + quoted(c.Variable) + " has a code that it cannot have")
		}
	}
	return nil
}

// checkCodes holds a column against its variable.
func (s *snapshotFile) checkCodes(c snapshotColumn, v instrument.Variable) error {
	k := v.K()
	sorted := true
	switch v.Item.Kind {
	case instrument.Category:
		k += len(c.Levels)
		sorted = slices.IsSorted(c.Levels)
	case instrument.Number:
		k += len(c.Numbers)
		sorted = slices.IsSorted(c.Numbers)
	case instrument.OpenText, instrument.Info:
		return s.damaged("it has codes for the text " + quoted(c.Variable))
	default:
	}
	if c.K != k || !sorted || !c.Wide && c.K > 1<<8 || c.K > 1<<16 {
		return s.damaged(fmt.Sprintf("variable %s has %d codes instead of %d", quoted(c.Variable), c.K, k))
	}
	return nil
}

// below tells whether all codes are below k, eight at a time.
func below(codes []uint8, k int) bool {
	const highs, ones = 0x8080808080808080, 0x0101010101010101
	i := 0
	if k <= 128 {
		over := uint64(128-k) * ones // lifts a code of k or more into the high bit
		for ; i+8 <= len(codes); i += 8 {
			w := binary.LittleEndian.Uint64(codes[i:])
			if (w|((w&^highs)+over))&highs != 0 {
				return false
			}
		}
	}
	for ; i < len(codes); i++ {
		if int(codes[i]) >= k {
			return false
		}
	}
	return true
}

func (s *snapshotFile) weights(p snapshotPiece) ([]float64, error) {
	b, err := s.piece(p, 8)
	if err != nil {
		return nil, err
	}
	list := make([]float64, s.header.N)
	for i := range list {
		if list[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:])); !usableWeight(list[i]) {
			return nil, s.damaged("a weight is no number of 0 or more")
		}
	}
	return list, nil
}

func (s *snapshotFile) factor(f snapshotFactor) ([]uint32, error) {
	b, err := s.piece(f.snapshotPiece, 4)
	if err != nil {
		return nil, err
	}
	list := make([]uint32, s.header.N)
	for i := range list {
		if list[i] = binary.LittleEndian.Uint32(b[4*i:]); int(list[i]) >= len(f.Levels) {
			return nil, s.damaged("a group has a code that it cannot have")
		}
	}
	return list, nil
}

func (s *snapshotFile) links(p snapshotPiece) ([]instrument.Link, error) {
	b, err := s.piece(p, len(instrument.Link{}))
	if err != nil {
		return nil, err
	}
	out := make([]instrument.Link, s.header.N)
	for i := range out {
		copy(out[i][:], b[i*len(out[i]):])
	}
	return out, nil
}
