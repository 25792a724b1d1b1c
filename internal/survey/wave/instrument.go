package wave

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
)

// ErrTampered says that the questionnaire in the store is not the one that was locked at the launch.
var ErrTampered = errors.New("the questionnaire of this wave is not the one that was launched: somebody changed it in the database; restore it from a backup")

// HashOf returns the SHA-256 of the text of a questionnaire in hex, as it is locked at the launch.
func HashOf(yaml []byte) string {
	sum := sha256.Sum256(yaml)
	return hex.EncodeToString(sum[:])
}

// Instrument returns the questionnaire of a launched wave as it is asked; db.ErrNoRow before the launch, and ErrTampered
// when the text in the store does not have the hash that was locked.
func Instrument(ctx context.Context, r db.Reader, waveID string) (*instrument.Instrument, error) {
	l, err := LaunchOf(ctx, r, waveID)
	if err != nil {
		return nil, err
	}
	return load(ctx, r, waveID, l.InstrumentHash)
}

func load(ctx context.Context, r db.Reader, waveID, hash string) (*instrument.Instrument, error) {
	yaml, err := Questionnaire(ctx, r, waveID)
	if err != nil {
		return nil, err
	}
	if HashOf(yaml) != hash {
		return nil, ErrTampered
	}
	in, err := instrument.Parse("the questionnaire of the wave", yaml)
	if err != nil {
		return nil, fmt.Errorf("the questionnaire of this wave was launched and cannot be read: %w", err)
	}
	return in, nil
}

// Instruments keeps questionnaires that were read and checked, by their hash. It is safe for concurrent use, and what it
// returns is shared: nobody may change it.
type Instruments struct {
	mu     sync.Mutex
	byHash map[string]*instrument.Instrument
}

// mostInstruments bounds how many questionnaires are kept. An organisation has one or two waves at a time.
const mostInstruments = 32

// NewInstruments returns an empty store of questionnaires.
func NewInstruments() *Instruments {
	return &Instruments{byHash: map[string]*instrument.Instrument{}}
}

// Of is the function Instrument, reading each text once. The hash comes from the launch each time, which the store locks.
func (c *Instruments) Of(ctx context.Context, r db.Reader, waveID string) (*instrument.Instrument, error) {
	l, err := LaunchOf(ctx, r, waveID)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	in, known := c.byHash[l.InstrumentHash]
	c.mu.Unlock()
	if known {
		return in, nil
	}
	if in, err = load(ctx, r, waveID, l.InstrumentHash); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.byHash) >= mostInstruments {
		clear(c.byHash)
	}
	c.byHash[l.InstrumentHash] = in
	return in, nil
}
