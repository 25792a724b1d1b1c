//go:build unix

package logs

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sample makes a log of about 8 MB of one format; one line in a hundred is a visit to an AI service.
func sample(format Format) []byte {
	var b bytes.Buffer
	switch format { //nolint:exhaustive // the others have no headings
	case Defender:
		b.WriteString("App,Category,Score,Traffic,Upload,Transactions,Users,IP addresses,Last seen\n")
	case Generic:
		b.WriteString("time,user,ip,host,sent\n")
	}
	for i := 0; b.Len() < 8<<20; i++ {
		host := fmt.Sprintf("assets%d.portal.example.org", i%997)
		if i%100 == 0 {
			host = "chatgpt.com"
		}
		at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * 40 * time.Millisecond)
		user, ip := fmt.Sprintf("user%d", i%3000), fmt.Sprintf("10.%d.%d.%d", i%7, i%211, i%251)
		switch format {
		case Squid:
			fmt.Fprintf(&b, "%d.%03d %6d %s TCP_TUNNEL/200 %d CONNECT %s:443 %s HIER_DIRECT/93.184.216.34 -\n", at.Unix(), i%1000, i%900, ip, i%90000, host, user)
		case SquidCombined:
			fmt.Fprintf(&b, "%s - %s [%s] \"CONNECT %s:443 HTTP/1.1\" 200 %d \"-\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36\" TCP_TUNNEL:HIER_DIRECT\n", ip, user, at.Format("02/Jan/2006:15:04:05 -0700"), host, i%90000)
		case Dnsmasq:
			fmt.Fprintf(&b, "%s dnsmasq[812]: query[A] %s from %s\n%s dnsmasq[812]: reply %s is 93.184.216.34\n", at.Format(time.Stamp), host, ip, at.Format(time.Stamp), host)
		case Zscaler:
			fmt.Fprintf(&b, "\"%s\",\"%s@city.example\",\"HTTPS\",\"%s/path/of/a/page?x=1\",\"Allowed\",\"General Browsing\",\"General Browsing\",\"%d\",\"%d\",\"0\",\"0\",\"Business\",\"Internet\",\"Web\",\"None\",\"None\",\"0\",\"None\",\"None\",\"HQ\",\"D\",\"%s\",\"93.184.216.34\",\"GET\",\"200\",\"Mozilla/5.0\",\"None\",\"None\",\"None\",\"Other\",\"None\",\"NA\",\"NA\",\"N/A\"\n", at.Format(time.ANSIC), user, host, i%900, i%90000, ip)
		case PANOS:
			fmt.Fprintf(&b, "<14>Nov 23 08:00:00 fw 1,%[1]s,0123,THREAT,url,2049,%[1]s,%[2]s,93.184.216.34,,,allow-web,city\\%[3]s,,ssl,vsys1,trust,untrust,ae1,ae2,log,%[1]s,1,1,5000,443,0,0,0x0,tcp,alert,\"%[4]s/\",(9999),computer-and-internet-info,informational\n", at.Format("2006/01/02 15:04:05"), ip, user, host)
		case Defender:
			fmt.Fprintf(&b, "App %d,Collaboration,7,%d,%d,8000,%d,40,2026-11-28\n", i%5000, i%1000000, i%90000, i%400+1)
		case Generic:
			fmt.Fprintf(&b, "%s,%s,%s,%s,%d\n", at.Format("2006-01-02 15:04:05"), user, ip, host, i%900)
		}
	}
	return b.Bytes()
}

// measure reports megabytes for each second of a processor, which on a shared machine says more than the time on the clock.
func measure(b *testing.B, n int) func() {
	used := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	start := used()
	return func() { b.ReportMetric(float64(n)*float64(b.N)/1e6/(used()-start), "MB/cpu-s") }
}

// BenchmarkRead is each reader, in megabytes a second; bare counts the lines of the same log with bufio.Scanner and does nothing else.
func BenchmarkRead(b *testing.B) {
	for _, f := range Formats() {
		log := sample(f)
		o := Options{Format: f, Now: time.Unix(1795946400, 0)}
		if f == Generic {
			o.Columns = Columns{Time: "time", User: "user", Address: "ip", Host: "host", Sent: "sent"}
		}
		b.Run(string(f), func(b *testing.B) {
			defer measure(b, len(log))()
			for b.Loop() {
				r, err := Read(context.Background(), bytes.NewReader(log), o, func(*Record) error { return nil })
				if err != nil || r.Bad > 0 || r.Records == 0 {
					b.Fatal(r, err)
				}
			}
		})
		b.Run(strings.ReplaceAll(string(f), "-", "_")+"/bare", func(b *testing.B) {
			defer measure(b, len(log))()
			for b.Loop() {
				n := 0
				for s := bufio.NewScanner(bytes.NewReader(log)); s.Scan(); {
					n++
				}
				if n == 0 {
					b.Fatal("no line")
				}
			}
		})
	}
}
