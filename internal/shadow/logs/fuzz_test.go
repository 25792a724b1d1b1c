package logs

import (
	"bytes"
	"context"
	"testing"
	"testing/iotest"
	"time"
)

// read reads a log twice, whole and a byte at a time, and holds what must be true of any.
func fuzzRead(t *testing.T, log []byte, o Options) {
	var first Report
	for i, src := range []*bytes.Reader{bytes.NewReader(log), bytes.NewReader(log)} {
		var n int64
		reader := iotest.DataErrReader(src)
		if i == 1 {
			reader = iotest.OneByteReader(src)
		}
		r, err := Read(context.Background(), reader, o, func(r *Record) error {
			n++
			if r.Sent < 0 || r.Received < 0 || r.People < 0 || len(r.Host) > maxHost || len(r.User) > maxUser || bytes.ContainsAny(r.Host, "/?#@: ") {
				t.Fatalf("%q gives %+v", log, r)
			}
			if r.People == 0 && len(r.User) == 0 && !r.Addr.IsValid() || len(r.Host) == 0 && len(r.App) == 0 && bytes.IndexByte(log, ':') < 0 {
				t.Fatalf("%q gives a record of nobody or nowhere: %+v", log, r)
			}
			return nil
		})
		if r.Records != n || r.Lines != r.Records+r.Other+r.Bad+r.Blank || int64(len(r.Places)) != min(r.Bad, mostPlaces) {
			t.Fatalf("%q: the report does not add up: %+v (%d), %v", log, r, n, err)
		}
		if i == 0 {
			first = r
		} else if first.Lines != r.Lines || first.Records != r.Records || first.Bad != r.Bad {
			t.Fatalf("%q: whole %+v, in pieces %+v", log, first, r)
		}
	}
}

func fuzzFormat(f *testing.F, format Format, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	o := Options{Format: format, Now: time.Unix(1795946400, 0), MaxLine: 1 << 10}
	if format == Generic {
		o.Columns = Columns{Time: "#1", User: "#2", Address: "#3", Host: "#4", Sent: "#5"}
	}
	f.Fuzz(func(t *testing.T, log []byte) { fuzzRead(t, log, o) })
}

func FuzzSquid(f *testing.F)         { fuzzFormat(f, Squid, squidLog) }
func FuzzSquidCombined(f *testing.F) { fuzzFormat(f, SquidCombined, combinedLog) }
func FuzzDnsmasq(f *testing.F)       { fuzzFormat(f, Dnsmasq, dnsmasqLog) }
func FuzzZscaler(f *testing.F)       { fuzzFormat(f, Zscaler, zscalerLog, zscalerHeaded) }
func FuzzPANOS(f *testing.F)         { fuzzFormat(f, PANOS, panosSyslog, panosPage) }
func FuzzDefender(f *testing.F)      { fuzzFormat(f, Defender, defenderLog) }
func FuzzGeneric(f *testing.F) {
	fuzzFormat(f, Generic, "t,u,a,h,s\n2026-11-29,jan,10.0.0.1,claude.ai,5\n\"1795946400\",\"a\"\"b\",,poe.com,1 MB\n")
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{squidLog, combinedLog, dnsmasqLog, zscalerLog, panosSyslog, panosPage, defenderLog} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, head []byte) { fuzzRead(t, head, Options{Now: time.Unix(1795946400, 0)}) })
}
