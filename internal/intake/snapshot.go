package intake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"

	"tekentafel/internal/instrument"
)

// A snapshot is Answers on disk: what a file says once it has been understood. All numbers are little-endian.
//
//	bytes 0-7    magic "TKTSNAP1"
//	bytes 8-11   length of the header
//	bytes 12-15  CRC-32C of the header
//	then         the header, JSON (snapshotHeader)
//	then         the columns, each at its offset, a multiple of 64
//
// A column is one byte or two a respondent, a weight eight, a factor four, a link sixteen.
const (
	snapshotMagic  = "TKTSNAP1"
	snapshotPrefix = 16
	snapshotAlign  = 64
	snapshotHeads  = 256 << 20 // bytes of the largest header: levels and numbers stand in it
)

// snapshotHeader describes what follows it.
type snapshotHeader struct {
	Instrument string                    `json:"instrument"`
	Version    string                    `json:"version"`
	Variables  string                    `json:"variables"` // variablesHash
	N          int                       `json:"n"`
	Synthetic  bool                      `json:"synthetic"`
	Columns    []snapshotColumn          `json:"columns"`
	Weights    *snapshotPiece            `json:"weights,omitempty"`
	Extra      map[string]snapshotFactor `json:"extra,omitempty"`
	Texts      map[string]int            `json:"texts,omitempty"`
	Links      *snapshotPiece            `json:"links,omitempty"`
	Source     *snapshotSource           `json:"source,omitempty"`
}

// snapshotSource is what is known of the file that the answers were read from.
type snapshotSource struct {
	Weight     string // heading of the weights
	Quality    Quality
	Issues     []Issue
	MoreIssues int
	Proposals  []Merge
}

// snapshotPiece says where bytes stand, and their CRC-32C. Offsets count from the end of the header.
type snapshotPiece struct {
	Offset int64  `json:"offset"`
	Bytes  int64  `json:"bytes"`
	CRC    uint32 `json:"crc"`
}

type snapshotColumn struct {
	Variable string `json:"variable"`
	Wide     bool   `json:"wide,omitempty"`
	K        int    `json:"k"`
	snapshotPiece
	Levels  []string  `json:"levels,omitempty"`
	Numbers []float64 `json:"numbers,omitempty"`
}

type snapshotFactor struct {
	snapshotPiece
	Levels []string `json:"levels"`
}

// castagnoli is the polynomial that processors compute themselves.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// variablesHash identifies what codes mean: the variables and, for each, its options in order with what they stand for.
func variablesHash(in *instrument.Instrument) string {
	var h []byte
	for _, v := range in.Variables() {
		h = fmt.Appendf(h, "%q %q", v.ID, v.Item.Kind)
		for _, o := range v.Item.Options {
			h = fmt.Appendf(h, " %q %q", o.ID, o.Missing)
		}
		h = append(h, '\n')
	}
	sum := sha256.Sum256(h)
	return hex.EncodeToString(sum[:])
}

// check tells whether the codes of the snapshot mean what the instrument says.
func (h *snapshotHeader) check(file string, in *instrument.Instrument) error {
	if h.Instrument == in.ID && h.Variables == variablesHash(in) {
		return nil
	}
	return &Error{
		Kind: KindInstrument, File: file,
		Message: fmt.Sprintf("the snapshot was made with the questionnaire %s version %s, whose questions or options differ from %s version %s",
			quoted(h.Instrument), quoted(h.Version), quoted(in.ID), quoted(in.Version)),
		Mend: "read the original answers anew with this questionnaire, or analyse the snapshot with the one it was made with",
	}
}

func (h *snapshotHeader) encode() ([]byte, error) {
	body, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	head := make([]byte, snapshotPrefix, snapshotPrefix+len(body)+snapshotAlign)
	copy(head, snapshotMagic)
	binary.LittleEndian.PutUint32(head[8:], uint32(len(body)))
	binary.LittleEndian.PutUint32(head[12:], crc32.Checksum(body, castagnoli()))
	head = append(head, body...)
	return append(head, make([]byte, padding(int64(len(head))))...), nil
}

// padding returns the bytes from n to the next multiple of snapshotAlign.
func padding(n int64) int64 { return (snapshotAlign - n%snapshotAlign) % snapshotAlign }
