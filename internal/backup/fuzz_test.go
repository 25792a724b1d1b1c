package backup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"tekentafel/internal/seal"
)

// wrap makes a backup that is not encrypted from records, as one could who wants to do harm.
func wrap(t testing.TB, box *seal.Box, records []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	frames, err := newFrameWriter(&out, box, true)
	if err != nil {
		t.Fatal(err)
	}
	zip := gzip.NewWriter(frames)
	if _, err := zip.Write(records); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if err := frames.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func FuzzAnyFileIsReadOrRefused(f *testing.F) {
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(magic))
	f.Add([]byte(magic + `{"format":1,"cipher":"none","key":"","salt":""}` + "\n"))
	f.Add(wrap(f, box, []byte("H\x02{}Z\x02{}")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := Verify(t.Context(), box, bytes.NewReader(data)); err == nil {
			t.Error("bytes that no backup wrote are taken as one")
		}
	})
}

func FuzzAnyRecordsAreReadOrRefused(f *testing.F) {
	for _, seed := range []string{
		"H\x02{}Z\x02{}", "H\x02{}T\x29{\"name\":\"a\",\"columns\":[\"x\"],\"kinds\":[\"TEXT\"]}", "R\xff\xff\xff\xff\x0f", "T\x02{}", "Z\x00",
		"H\x02{}T\x30{\"name\":\"a\",\"columns\":[\"x\"],\"kinds\":[\"BIGINT\"]}R\x02\x03\x04E\x02{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &reader{r: bufio.NewReader(bytes.NewReader(data)), to: nowhere{}}
		m, err := in.all()
		if err == nil && len(m.Tables) != len(in.found) {
			t.Errorf("%+v", m)
		}
	})
}

func FuzzRowComesBackOrIsRefused(f *testing.F) {
	f.Add([]byte{null, yes, number, 4, text, 1, 'a', blob, 0})
	kinds := []string{kindText, kindBoolean, kindBigint, kindText, kindBytea}
	f.Fuzz(func(t *testing.T, body []byte) {
		values, err := readRow(nil, body, kinds)
		if err != nil {
			return
		}
		var again []byte
		for i, v := range values {
			if again, err = appendValue(again, kinds[i], v); err != nil {
				t.Fatal(err)
			}
		}
		if twice, err := readRow(nil, again, kinds); err != nil || len(twice) != len(values) {
			t.Error(err)
		}
	})
}

func TestValueOfAnotherKindThanItsColumnIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind string
		v    any
	}{{kindText, int64(1)}, {kindBigint, "1"}, {kindBoolean, int64(2)}, {kindBoolean, "t"}, {kindBytea, true}, {"REAL", 1.5}, {kindBigint, 1.5}} {
		if out, err := appendValue(nil, c.kind, c.v); err == nil {
			t.Errorf("%s takes %T: %x", c.kind, c.v, out)
		}
	}
}

func TestFramesComeBackWhateverTheirLength(t *testing.T) {
	t.Parallel()
	box, err := seal.Parse(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []bool{true, false} {
		for _, n := range []int{0, 1, frameSize - 1, frameSize, frameSize + 1, 3 * frameSize} {
			content := bytes.Repeat([]byte("x"), n)
			var out bytes.Buffer
			w, err := newFrameWriter(&out, box, plain)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(content); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			r, _, err := newFrameReader(t.Context(), &out, box)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes: %d came back, %v", n, len(got), err)
			}
		}
	}
}
