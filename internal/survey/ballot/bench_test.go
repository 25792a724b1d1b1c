package ballot

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/cloudflare/circl/blindsign/blindrsa"
)

// BenchmarkSign signs the same blinded messages with this package and with circl, by turns, so that both see the same machine;
// x-circl is how many times faster this package is.
func BenchmarkSign(b *testing.B) {
	key := newTestKey(b)
	other := blindrsa.NewSigner(key.private(b))
	request, err := Blind(key.Public(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	var ours, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := key.Sign(request.Blinded()); err != nil {
			b.Fatal(err)
		}
		between := time.Now()
		if _, err := other.BlindSign(request.Blinded()); err != nil {
			b.Fatal(err)
		}
		ours, theirs = ours+between.Sub(start), theirs+time.Since(between)
	}
	b.ReportMetric(float64(b.N)/ours.Seconds(), "signed/s")
	b.ReportMetric(float64(b.N)/theirs.Seconds(), "circl/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x-circl")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkVerify checks the same ballot with this package and with circl, by turns.
func BenchmarkVerify(b *testing.B) {
	key := newTestKey(b)
	ballot := newBallot(b, key)
	other, err := blindrsa.NewVerifier(blindrsa.SHA384PSSRandomized, key.Public().rsa)
	if err != nil {
		b.Fatal(err)
	}
	var ours, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		if err := key.Public().Verify(ballot); err != nil {
			b.Fatal(err)
		}
		between := time.Now()
		if err := other.Verify(ballot.Message[:], ballot.Signature[:]); err != nil {
			b.Fatal(err)
		}
		ours, theirs = ours+between.Sub(start), theirs+time.Since(between)
	}
	b.ReportMetric(float64(b.N)/ours.Seconds(), "verified/s")
	b.ReportMetric(float64(b.N)/theirs.Seconds(), "circl/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x-circl")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCheckList checks a list as long as a wave of a large organisation, on all cores: TEKENTAFEL_BALLOTS=1000000 makes it
// one of a million. Signing so many takes ten minutes, so the lines repeat a thousand ballots: the work is that of a true list.
func BenchmarkCheckList(b *testing.B) {
	lines := 20_000
	if s := os.Getenv("TEKENTAFEL_BALLOTS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		lines = n
	}
	key := newTestKey(b)
	h := Header{Code: "BENCH", Mode: "anonymous", Opened: "2026-11-02", Closed: "2026-11-20", GroupSize: 10, People: 1 << 30, Issued: 1 << 30,
		Keys: []ListKey{{Public: key.Public().Bytes(), People: 1 << 30, Issued: 1 << 30}}}
	header, err := write(h, nil)
	if err != nil {
		b.Fatal(err)
	}
	var some bytes.Buffer
	made := min(lines, 1000)
	for range made {
		some.WriteString(newBallot(b, key).String() + " 1\n")
	}
	for b.Loop() {
		start := time.Now()
		src := io.MultiReader(bytes.NewReader(header), &repeated{text: some.Bytes(), left: lines / made})
		v, err := CheckList(b.Context(), src, Expect{})
		if err != nil {
			b.Fatal(err)
		}
		if v.Signed[0] != v.Lines || v.Lines != int64(lines/made*made) {
			b.Fatalf("%d of %d lines are signed", v.Signed[0], v.Lines)
		}
		b.ReportMetric(float64(v.Lines)/time.Since(start).Seconds(), "ballots/s")
	}
}

// repeated reads a text many times.
type repeated struct {
	text []byte
	at   int
	left int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.text[r.at:])
	if r.at += n; r.at == len(r.text) {
		r.at, r.left = 0, r.left-1
	}
	return n, nil
}
