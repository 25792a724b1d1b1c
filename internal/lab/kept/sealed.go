package kept

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

// least is the smallest size to which contents are padded, in bytes.
const least = 4 << 10

// titleSize is the size to which all titles are padded: 120 characters of at most 4 bytes, and their length.
const titleSize = 512

// padding returns the size to which n bytes are padded: at least least, and then four steps for each doubling, so that a length tells its order of magnitude and
// costs at most a quarter more.
func padding(n int) int {
	if n <= least {
		return least
	}
	step := 1 << (bits.Len(uint(n-1)) - 3)
	return (n + step - 1) / step * step
}

// pad puts the length before a text and zeros behind it.
func pad(plain []byte, size int) []byte {
	out := make([]byte, max(size, len(plain)+4))
	binary.BigEndian.PutUint32(out, uint32(len(plain))) //nolint:gosec // bounded by mostBytes
	copy(out[4:], plain)
	return out
}

var errPadding = errors.New("kept: a sealed value is shorter than it says")

func unpad(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, errPadding
	}
	n := binary.BigEndian.Uint32(b)
	if int64(n) > int64(len(b)-4) {
		return nil, errPadding
	}
	return b[4 : 4+n], nil
}

// place is where something sealed stands. It opens nowhere else.
type place struct {
	table   string // kept or shared
	tenant  tenant.ID
	account string
	id      string
}

func (p place) purpose(part string) string {
	return "lab/" + p.table + "/" + part + "/" + string(p.tenant) + "/" + p.account + "/" + p.id
}

// sealIn seals a title and a content for a place.
func sealIn(box *seal.Box, p place, title string, content []byte) (sealedTitle, sealedContent []byte, err error) {
	if sealedTitle, err = box.Seal(p.purpose("title"), pad([]byte(title), titleSize)); err != nil {
		return nil, nil, err
	}
	sealedContent, err = box.Seal(p.purpose("content"), pad(content, padding(len(content)+4)))
	return sealedTitle, sealedContent, err
}

// openAt opens a part.
func openAt(box *seal.Box, p place, part string, sealed []byte) ([]byte, error) {
	b, err := box.Open(p.purpose(part), sealed)
	if err != nil {
		return nil, err
	}
	return unpad(b)
}
