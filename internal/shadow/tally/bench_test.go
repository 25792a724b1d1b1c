//go:build unix

package tally

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"tekentafel/internal/shadow/logs"
)

// BenchmarkReading is a whole reading of a Squid log of 8 MB in which one line in a hundred is a visit to an AI service, in megabytes for each second of a processor.
func BenchmarkReading(b *testing.B) {
	var log bytes.Buffer
	for i := 0; log.Len() < 8<<20; i++ {
		host := fmt.Sprintf("assets%d.portal.example.org", i%997)
		if i%100 == 0 {
			host = "chatgpt.com"
		}
		fmt.Fprintf(&log, "%d.%03d %6d 10.%d.%d.%d TCP_TUNNEL/200 %d CONNECT %s:443 user%d HIER_DIRECT/93.184.216.34 -\n", start.Unix()+int64(i/25), i%1000, i%900, i%7, i%211, i%251, i%90000, host, i/100%3000)
	}
	used := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
	}
	b.SetBytes(int64(log.Len()))
	m, from := matcher(b), used()
	for b.Loop() {
		t, err := New(Options{Matcher: m, Units: prefix{}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := logs.Read(context.Background(), bytes.NewReader(log.Bytes()), logs.Options{}, t.Add); err != nil {
			b.Fatal(err)
		}
		if r, err := t.Close(nil); err != nil || len(r.Weeks) == 0 || !r.Weeks[0].Any.Total.Shown() {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(float64(log.Len())*float64(b.N)/1e6/(used()-from), "MB/cpu-s")
}

// BenchmarkManyPeople is 350,000 people who each use three services in a week: time of counting and closing, and the memory that is held before closing.
func BenchmarkManyPeople(b *testing.B) {
	m := matcher(b)
	hosts := [][]byte{[]byte("chatgpt.com"), []byte("claude.ai"), []byte("www.deepl.com")}
	var before, held runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		t, err := New(Options{Matcher: m, Units: prefix{}})
		if err != nil {
			b.Fatal(err)
		}
		user := make([]byte, 0, 32)
		for i := range 350_000 {
			user = fmt.Appendf(user[:0], "%c%d", 'a'+i%24, i)
			for _, h := range hosts {
				if err := t.Add(&logs.Record{Time: start.Add(time.Duration(i) * time.Second / 2).Unix(), User: user, Host: h}); err != nil {
					b.Fatal(err)
				}
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&held)
		if _, err := t.Close(nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(held.HeapAlloc-before.HeapAlloc)/1e6, "MB-held")
}
