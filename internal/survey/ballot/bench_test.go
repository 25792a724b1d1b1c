package ballot

import (
	"crypto/rand"
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
