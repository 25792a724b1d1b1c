package serving

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a certificate in files, read anew when they change.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	stamp   stamp // of the files when they were last read, whether or not they fitted
	current *tls.Certificate
}

type stamp struct {
	cert, key         time.Time
	certSize, keySize int64
}

// loadCertificate reads the files; the error says which and how to mend it.
func loadCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log}
	var err error
	if c.stamp, err = c.look(); err != nil {
		return nil, err
	}
	c.current, err = c.read()
	return c, err
}

func (c *certificate) look() (s stamp, err error) {
	cert, err := os.Stat(c.certFile)
	if err != nil {
		return s, fmt.Errorf("the certificate cannot be read: %w; check tls-cert", err)
	}
	key, err := os.Stat(c.keyFile)
	if err != nil {
		return s, fmt.Errorf("the key of the certificate cannot be read: %w; check tls-key", err)
	}
	return stamp{cert.ModTime(), key.ModTime(), cert.Size(), key.Size()}, nil
}

func (c *certificate) read() (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return nil, fmt.Errorf("the certificate %s and the key %s cannot be used: %w; they are PEM, belong together and may be read by this program", c.certFile, c.keyFile, err)
	}
	return &pair, nil
}

// get returns the certificate for a handshake. New files that do not fit leave the old one in use, and are logged once.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, err := c.look()
	if now == c.stamp {
		return c.current, nil
	}
	c.stamp = now
	var fresh *tls.Certificate
	if err == nil {
		fresh, err = c.read()
	}
	if err != nil {
		c.log.Error("a new certificate is not used; the one before stays", "error", err.Error())
		return c.current, nil
	}
	c.current = fresh
	c.log.Info("a new certificate is in use", "until", fresh.Leaf.NotAfter)
	return c.current, nil
}

// suites are those of TLS 1.2 with forward secrecy and authenticated encryption (RFC 9325, section 4.2); TLS 1.3 has no
// others.
func suites() []uint16 {
	return []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	}
}
