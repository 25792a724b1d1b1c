package extract

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/problem"
)

// sheet makes a PDF of one page with a content stream.
func sheet(t testing.TB, content []byte, resources string) []byte {
	t.Helper()
	var b, packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b.WriteString("%PDF-1.4\n")
	var places []int
	for _, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>" + resources + ">>>>",
		fmt.Sprintf("<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream", packed.Len(), packed.String()),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 6 0 R>>>>/Length 11>>stream\n/X Do /X Do\nendstream",
	} {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(places), object)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, place := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&b, "trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF", len(places)+1, at)
	return b.Bytes()
}

func letter(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/letter.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestPDFs is one test, because what reads PDFs takes seconds to load.
func TestPDFs(t *testing.T) {
	t.Parallel()
	r := New(Limits{Memory: 64 << 20, Time: 8 * time.Second})
	patient := *r
	patient.limits.Time = time.Minute   // it loads first
	defer r.Close(context.Background()) //nolint:errcheck // of a test
	ctx := context.Background()
	begin := time.Now()
	d, err := patient.Text(ctx, "brief.docx", letter(t))
	if err != nil || d.Kind != PDF || d.Pages != 2 || !strings.HasPrefix(d.Text, "Hoofdstuk 1\n") || !strings.Contains(d.Text, "café") || !strings.Contains(d.Text, "€") {
		t.Fatalf("%v %+v", err, d)
	}
	t.Log("with loading", time.Since(begin))
	begin = time.Now()
	if _, err = r.Text(ctx, "brief.pdf", letter(t)); err != nil {
		t.Fatal(err)
	}
	t.Log("once loaded", time.Since(begin))

	t.Run("a scan says so", func(t *testing.T) {
		if _, err := r.Text(ctx, "scan.pdf", sheet(t, []byte("0 0 m 10 10 l S"), "")); err == nil || !strings.Contains(err.Error(), "error.scanned") {
			t.Error(err)
		}
	})
	t.Run("hostile", func(t *testing.T) {
		shows := bytes.Repeat([]byte("(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj "), 1<<20)
		for name, data := range map[string][]byte{
			"spaces":  sheet(t, bytes.Repeat([]byte(" "), 200<<20), ""),
			"text":    sheet(t, append([]byte("BT /F 1 Tf "), shows...), ""),
			"ring":    sheet(t, []byte("/X Do"), "/XObject<</X 6 0 R>>"),
			"pages":   bytes.Replace(sheet(t, []byte("BT ET"), ""), []byte("/Kids[3 0 R]"), []byte("/Kids[2 0 R]"), 1),
			"many":    bytes.Replace(sheet(t, []byte("BT ET"), ""), []byte("/Count 1"), []byte("/Count 2000000000"), 1),
			"half":    letter(t)[:10_000],
			"nothing": []byte("%PDF-1.7\n"),
		} {
			begin := time.Now()
			d, err := r.Text(ctx, name, data)
			if took := time.Since(begin); took > 12*time.Second {
				t.Errorf("%s took %v", name, took)
			}
			if _, told := problem.Of(err); err != nil && !told {
				t.Errorf("%s: not a sentence that helps: %v", name, err)
			}
			t.Log(name, len(data), time.Since(begin), err, len(d.Text), d.Cut)
		}
	})
	t.Run("time is up", func(t *testing.T) {
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		begin := time.Now()
		_, err := r.Text(short, "lang.pdf", sheet(t, append([]byte("BT /F 1 Tf "), bytes.Repeat([]byte("(aaaa) Tj "), 1<<20)...), ""))
		if took := time.Since(begin); err == nil || took > 5*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		if _, err := r.Text(ctx, "brief.pdf", letter(t)); err != nil {
			t.Errorf("the one after it: %v", err)
		}
	})
	t.Run("damaged", func(t *testing.T) {
		random := rand.New(rand.NewSource(1))
		read, refused := 0, 0
		for i := range 60 {
			data := bytes.Clone(letter(t))
			for range 1 + random.Intn(30) {
				data[random.Intn(len(data))] = byte(random.Intn(256))
			}
			if i%5 == 0 {
				data = data[:random.Intn(len(data))]
			}
			d, err := r.Text(ctx, "a.pdf", data)
			if _, told := problem.Of(err); err != nil && !told {
				t.Fatalf("not a sentence that helps: %v", err)
			} else if err != nil {
				refused++
			} else if read++; strings.ContainsAny(d.Text, "\x00\r\uFFFE") {
				t.Fatalf("not a text: %q", d.Text)
			}
		}
		t.Log("read", read, "refused", refused)
		if read == 0 {
			t.Error("no damaged PDF was read")
		}
	})
	t.Run("pages beyond the most are cut off", func(t *testing.T) {
		few := *r
		few.limits.Pages = 1
		d, err := few.Text(ctx, "a.pdf", letter(t))
		if err != nil || !d.Cut || !slices.Contains(notes(d), "note.pages") {
			t.Errorf("%v %v", err, notes(d))
		}
	})
}

// FuzzPDF tries the reading of damaged PDFs.
func FuzzPDF(f *testing.F) {
	f.Add(letter(f))
	f.Add(sheet(f, []byte("BT /F 12 Tf (een) Tj ET"), ""))
	r := New(Limits{Memory: 64 << 20, Time: 5 * time.Second})
	f.Cleanup(func() { _ = r.Close(context.Background()) })
	patient := *r
	patient.limits.Time = time.Minute
	if _, err := patient.Text(context.Background(), "a.pdf", letter(f)); err != nil { // load it first: that takes seconds
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		begin := time.Now()
		d, err := r.Text(context.Background(), "a.pdf", data)
		if took := time.Since(begin); took > 30*time.Second {
			t.Fatalf("it took %v", took)
		}
		if _, told := problem.Of(err); err != nil && !told {
			t.Fatalf("not a sentence that helps: %v", err)
		}
		if strings.ContainsAny(d.Text, "\x00\r\uFFFE") {
			t.Fatalf("not a text: %q", d.Text)
		}
	})
}
