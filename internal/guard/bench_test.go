//go:build unix

package guard

import (
	"regexp"
	"strings"
	"syscall"
	"testing"

	"tekentafel/internal/guard/corpus"
)

// cpu returns the processor time of this process so far, in seconds. On a shared machine it says more than the time on the clock.
func cpu(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// measure runs what scans a text of n bytes, and reports megabytes for each second of a processor.
func measure(b *testing.B, n int, scan func()) {
	b.SetBytes(int64(n))
	start := cpu(b)
	for b.Loop() {
		scan()
	}
	b.ReportMetric(float64(n)*float64(b.N)/1e6/(cpu(b)-start), "MB/cpu-s")
}

func BenchmarkScan(b *testing.B) {
	s := New()
	text := prose(4096)
	list := make([]Finding, 0, 64)
	measure(b, len(text), func() { list = s.Append(list[:0], text) })
}

// BenchmarkBareScan is the floor: a look at each byte by a table.
func BenchmarkBareScan(b *testing.B) {
	text := prose(4096)
	fold := letters()
	n := 0
	measure(b, len(text), func() {
		for i := range len(text) {
			if fold[text[i]] == 0 {
				n++
			}
		}
	})
	if n == 0 {
		b.Fatal("no sign was seen")
	}
}

// BenchmarkRegexp is one expression for numbers and mail addresses alone, without checks and names.
func BenchmarkRegexp(b *testing.B) {
	re := regexp.MustCompile(`\b\d{2}[.\s]?\d{2}[.\s]?\d{2}[-\s]?\d{3}[.\s]?\d{2}\b|\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}\b|(?:\+|00)\d{2}[\s./-]?(?:\d[\s./-]?){8,9}|\b0\d{1,3}[\s./-]?(?:\d[\s./-]?){6,7}\b|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}|\b\d{9}\b`)
	text := prose(4096)
	measure(b, len(text), func() { re.FindAllStringIndex(text, -1) })
}

// BenchmarkStream is a text of which a token comes at a time.
func BenchmarkStream(b *testing.B) {
	s := New()
	text := prose(4096)
	measure(b, len(text), func() {
		st := s.Stream()
		for i := 0; i < len(text); i += 5 {
			st.Write(text[i:min(i+5, len(text))])
		}
		st.Close()
	})
}

// BenchmarkDense is letters, mails, minutes, tables and forms in four languages, in which every second line holds something sensitive.
func BenchmarkDense(b *testing.B) {
	s := New()
	var all strings.Builder
	for _, t := range corpus.Development().Make(1, 2000) {
		all.WriteString(t.Text)
		all.WriteString("\n\n")
	}
	text := all.String()
	list := make([]Finding, 0, 1024)
	at := 0
	measure(b, 4096, func() {
		if at+4096 > len(text) {
			at = 0
		}
		list = s.Append(list[:0], text[at:at+4096])
		at += 4096
	})
}

// BenchmarkMask scans a text, masks it and restores it.
func BenchmarkMask(b *testing.B) {
	s, policy, labels := New(), DefaultPolicy(), LabelsOf("nl")
	text := prose(4096)
	measure(b, len(text), func() {
		p := NewPseudonyms(labels)
		if p.Restore(p.Mask(text, s.Scan(text), policy)) != text {
			b.Fatal("the text does not come back")
		}
	})
}
