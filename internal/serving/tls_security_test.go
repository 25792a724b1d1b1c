package serving

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"testing"
)

func TestOnlySuitesThatAreRecommendedAreSpoken(t *testing.T) {
	t.Parallel()
	certFile, keyFile, cert := issue(t, t.TempDir(), 1)
	r := start(t, Config{CertFile: certFile, KeyFile: keyFile}, hello, Work{})
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	spoken := 0
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		if !slices.Contains(s.SupportedVersions, tls.VersionTLS12) {
			continue
		}
		c, err := tls.Dial("tcp", r.l.Address().String(), &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{s.ID}})
		if err != nil {
			continue
		}
		spoken++
		if !slices.Contains(suites(), s.ID) {
			t.Errorf("%s is spoken", s.Name)
		}
		_ = c.Close()
	}
	if spoken != 3 { // of a certificate with ECDSA
		t.Errorf("%d suites are spoken", spoken)
	}
	if err := r.end(t); err != nil {
		t.Error(err)
	}
}
