package wire

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type heard struct{ Name, ID, Data string }

// listen reads all events; err is what ended the stream, nil for its end.
func listen(r io.Reader, most int) (all []heard, err error) {
	reader := NewReader(r, most)
	for {
		e, err := reader.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return all, err
		}
		if !e.Empty() {
			all = append(all, heard{e.Name, e.ID, string(e.Data)})
		}
	}
}

func TestReaderReadsAsTheStandardSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		want []heard
		err  error
	}{
		"line feeds":         {"data: a\n\ndata:b\n\n", []heard{{Data: "a"}, {Data: "b"}}, nil},
		"both":               {"event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n", []heard{{Name: "x", Data: "a"}, {Data: "b"}}, nil},
		"carriage returns":   {"data: a\r\rdata: b\r\r", []heard{{Data: "a"}, {Data: "b"}}, nil},
		"mixed":              {"data: a\r\n\rdata: b\n\r\n", []heard{{Data: "a"}, {Data: "b"}}, nil},
		"lines of data":      {"data: a\ndata\ndata:  c\n\n", []heard{{Data: "a\n\n c"}}, nil},
		"comments":           {": ping\n\n:\ndata: a\n: x\n\n", []heard{{Data: "a"}}, nil},
		"empty data":         {"data:\n\n", []heard{{Data: ""}}, nil},
		"only a name":        {"event: ping\n\n", nil, nil},
		"identifier":         {"id: 7\nretry: 10\nother: y\ndata: a\n\n", []heard{{ID: "7", Data: "a"}}, nil},
		"mark of order":      {"\xef\xbb\xbfdata: a\n\n", []heard{{Data: "a"}}, nil},
		"empty lines":        {"\n\n\r\n\rdata: a\n\n\n\n", []heard{{Data: "a"}}, nil},
		"done":               {"data: a\n\ndata: [DONE]\n\n", []heard{{Data: "a"}, {Data: "[DONE]"}}, nil},
		"done, line unended": {"data: a\n\ndata: [DONE]", []heard{{Data: "a"}, {Data: "[DONE]"}}, nil},
		"done, no empty":     {"data: a\n\ndata: [DONE]\n", []heard{{Data: "a"}, {Data: "[DONE]"}}, nil},
		"cut in data":        {"data: a\n\ndata: {\"b", []heard{{Data: "a"}}, io.ErrUnexpectedEOF},
		"cut after a line":   {"data: a\n\ndata: b\n", []heard{{Data: "a"}}, io.ErrUnexpectedEOF},
		"too long":           {"data: " + strings.Repeat("x", 70_000) + "\n\n", nil, ErrEventTooLong},
		"too many lines":     {strings.Repeat("data: x\n", 10_000) + "\n", nil, ErrEventTooLong},
		"long":               {"data: " + strings.Repeat("x", 30_000) + "\n\ndata: b\n\n", []heard{{Data: strings.Repeat("x", 30_000)}, {Data: "b"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in)),
				iotest.DataErrReader(strings.NewReader(c.in)), iotest.HalfReader(strings.NewReader(c.in))} {
				got, err := listen(r, 60_000)
				if diff := cmp.Diff(c.want, got); diff != "" || !errors.Is(err, c.err) {
					t.Errorf("%v\n%s", err, diff)
				}
			}
		})
	}
}

// pieces gives its bytes in the lengths that were drawn.
type pieces struct {
	rest []byte
	cuts []int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := len(p.rest)
	if len(p.cuts) > 0 {
		n, p.cuts = min(n, p.cuts[0]), p.cuts[1:]
	}
	n = copy(b, p.rest[:n])
	p.rest = p.rest[n:]
	return n, nil
}

func TestSplitsMakeNoDifferenceToTheReader(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"data: a", "data:é", "data", "event: x", ":c", "id: 1",
			"\n", "\r", "\r\n", "\n\n", "data: [DONE]", "\xef\xbb\xbf"})).Draw(t, "in"), "")
		want, wantErr := listen(strings.NewReader(in), 0)
		cuts := rapid.SliceOf(rapid.IntRange(0, 7)).Draw(t, "cuts")
		got, err := listen(&pieces{[]byte(in), cuts}, 0)
		if diff := cmp.Diff(want, got); diff != "" || !errors.Is(err, wantErr) {
			t.Fatalf("%q: %v, whole %v\n%s", in, err, wantErr, diff)
		}
	})
}

func TestWrittenEventsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ending := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "ending")
		var in []byte
		var want []heard
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			h := heard{rapid.SampledFrom([]string{"", "x"}).Draw(t, "name"), rapid.SampledFrom([]string{"", "1"}).Draw(t, "id"),
				rapid.StringMatching(`[a-zé \n:{}]{0,20}`).Draw(t, "data")}
			want = append(want, h)
			in = AppendEvent(in, Event{Name: h.Name, ID: h.ID, Data: []byte(h.Data)})
		}
		in = bytes.ReplaceAll(in, []byte("\n"), []byte(ending))
		var again []byte
		r := NewReader(bytes.NewReader(in), 0)
		for e, err := r.Next(); err == nil; e, err = r.Next() {
			again = AppendEvent(again, e)
		}
		got, err := listen(bytes.NewReader(again), 0)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
		if ending == "\n" && !bytes.Equal(in, again) {
			t.Fatalf("%q went on as %q", in, again)
		}
	})
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("data: a\r\n\r\ndata: [DONE]"), uint8(3))
	f.Add([]byte("\xef\xbb\xbfdata: a\ndata: b\n\n: x\n\n"), uint8(1))
	f.Fuzz(func(t *testing.T, in []byte, step uint8) {
		want, wantErr := listen(bytes.NewReader(in), 0)
		cuts := make([]int, len(in))
		for i := range cuts {
			cuts[i] = int(step%8) + 1
		}
		got, err := listen(&pieces{in, cuts}, 0)
		if diff := cmp.Diff(want, got); diff != "" || !errors.Is(err, wantErr) {
			t.Fatalf("%v, whole %v\n%s", err, wantErr, diff)
		}
	})
}
