package intake

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// footed is a Parquet file with nothing but a description.
func footed(description []byte) string {
	b := append([]byte("PAR1"), description...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(description)))
	return string(append(b, "PAR1"...))
}

func TestParquetThatAnnouncesTooMuch(t *testing.T) {
	t.Parallel()
	in := wide(1)
	endless := []byte{0x15, 2, 0x19, 0xFC} // version 1; a list of structures,
	endless = binary.AppendUvarint(endless, 1<<31-1)
	deep := bytes.Repeat([]byte{0x1C}, 1000)
	long := binary.AppendUvarint([]byte{0x18}, 1<<30) // a text of a gigabyte
	for name, c := range map[string]struct{ src, says string }{
		"list":      {footed(endless), "announces more than it holds"},
		"depth":     {footed(deep), "nested too deeply"},
		"text":      {footed(long), "announces more than it holds"},
		"kind":      {footed([]byte{0x1F}), "unknown kind"},
		"footer":    {"PAR1\xff\xff\xff\x7fPAR1", "damaged or incomplete"},
		"encrypted": {"PAR1\x00\x00\x00\x00PARE", "encrypted"},
		"short":     {"PAR1PAR1", "cut off"},
	} {
		_, err := readText(t, c.src, in, Options{})
		wantKind(t, err, KindFormat, c.says)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// TestParquetPagesThatAnnounceTooMuch rewrites the header of a page so that it announces far more than there is.
func TestParquetPagesThatAnnounceTooMuch(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	type row struct {
		Q int32 `parquet:"q00,plain"`
	}
	if err := parquet.Write(&b, []row{{1}, {2}, {3}}); err != nil {
		t.Fatal(err)
	}
	src := b.Bytes()
	if _, err := readText(t, string(src), wide(1), Options{}); err != nil {
		t.Fatal(err)
	}
	n, err := walkThrift(src[4:]) // the first page header follows the magic
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := 4; i < 4+n; i++ {
		for _, bits := range []byte{0x02, 0x10, 0x40} {
			broken := bytes.Clone(src)
			broken[i] ^= bits
			if _, err := readText(t, string(broken), wide(1), Options{}); err != nil {
				wantKind(t, err, KindFormat, "")
				refused++
			}
		}
	}
	if refused < n {
		t.Errorf("only %d of %d damaged headers were refused", refused, 3*n)
	}
}
