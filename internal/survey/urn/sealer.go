package urn

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"sync"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
)

// How long and how many opened keys of answers are kept. They are short-lived, because a key is destroyed with its wave.
const (
	keepSealer  = time.Minute
	mostSealers = 256
)

// sealers keeps the opened keys of the answers of waves.
type sealers struct {
	dependencies Dependencies
	mu           sync.Mutex
	kept         map[waveID]*sealer
}

// sealer is a key that is opened once, however many ask for it at a time.
type sealer struct {
	since time.Time
	ready chan struct{} // closed when the two below are there
	aead  cipher.AEAD
	err   error
}

// of returns what seals the answers of a wave; ErrClosed when there is no key for it.
func (s *sealers) of(ctx context.Context, w waveID) (cipher.AEAD, error) {
	now := s.dependencies.Now()
	s.mu.Lock()
	one := s.kept[w]
	if one == nil || now.Sub(one.since).Abs() >= keepSealer {
		if s.kept == nil || len(s.kept) >= mostSealers {
			s.kept = map[waveID]*sealer{}
		}
		one = &sealer{since: now, ready: make(chan struct{})}
		s.kept[w] = one
		go s.open(context.WithoutCancel(ctx), w, one) // it serves others too
	}
	s.mu.Unlock()
	select {
	case <-one.ready:
		return one.aead, one.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// open opens a key. One that cannot be opened is forgotten.
func (s *sealers) open(ctx context.Context, w waveID, one *sealer) {
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	one.aead, one.err = newSealer(ctx, s.dependencies.DB.Of(w.tenant), s.dependencies.Box, w)
	close(one.ready)
	if one.err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.kept[w] == one {
			delete(s.kept, w)
		}
	}
}

func newSealer(ctx context.Context, r db.Reader, box *seal.Box, w waveID) (cipher.AEAD, error) {
	key, err := wave.AnswersKey(ctx, r, box, w.id)
	if errors.Is(err, db.ErrNoRow) || errors.Is(err, seal.ErrBroken) {
		return nil, errors.Join(refused(ErrClosed), err)
	}
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// bound is what a sealed answer is bound to: moved to another wave or key, it does not open.
func bound(w waveID, key []byte) []byte {
	return append([]byte("wave-answer/"+w.id+"/"), key...)
}
