package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/survey/urn"
	"tekentafel/internal/survey/wave"
)

const largeID = "large"

// closing measures what it takes to open all answers of a large wave and make columns of them.
func (g *ground) closing(ctx context.Context, p plan) error {
	now := clock.System()
	began := now()
	if err := g.fillAnswers(ctx, p.answers); err != nil {
		return err
	}
	fmt.Printf("%-44s %8.1f s\n", fmt.Sprintf("filling a wave with %d answers", p.answers), now().Sub(began).Seconds())
	began = now()
	u := urn.New(urn.Dependencies{DB: g.db, Box: g.box, Now: now})
	w := &wave.Wave{Tenant: organisation, ID: largeID}
	collector := g.codec.Collector(p.answers)
	if err := u.Each(ctx, w, func(e urn.Entry) error { return collector.Add(e.Record) }); err != nil {
		return err
	}
	read := now().Sub(began)
	a := collector.Answers()
	took := now().Sub(began)
	if a.N != p.answers {
		return fmt.Errorf("%d answers were put in and %d come out", p.answers, a.N)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	most, _, _ := strings.Cut(rest, "\n")
	fmt.Printf("%-44s %8.1f s   %.2f µs each; columns in random order %.1f s; %s at the most, with the load generator\n", "opening and collecting them", took.Seconds(),
		float64(read.Microseconds())/float64(p.answers), (took - read).Seconds(), strings.TrimSpace(most))
	return nil
}

// fillAnswers puts answers in the store as the urn would seal them, many in a transaction and in the order of their keys.
func (g *ground) fillAnswers(ctx context.Context, n int) error {
	err := g.db.Write(ctx, organisation, func(s *db.Scope) error { return insertWave(ctx, s, g.box, largeID, "benchlrg", []byte("large"), n) })
	if err != nil {
		return err
	}
	key, err := wave.AnswersKey(ctx, g.db.Of(organisation), g.box, largeID)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return err
	}
	var records [][]byte
	for _, raw := range g.answers {
		r, err := g.codec.Read(raw)
		if err != nil {
			return err
		}
		records = append(records, r.Bytes())
	}
	const inOne, inTransaction = 100, 20_000
	step := uint64(math.MaxUint64) / uint64(n)
	for i := 0; i < n; {
		err := g.db.Write(ctx, organisation, func(s *db.Scope) error {
			for at := i; at < min(n, i+inTransaction); {
				args := []any{largeID}
				var rows strings.Builder
				for ; at < n && len(args) < 1+3*inOne; at++ {
					if len(args) > 1 {
						rows.WriteString(", ")
					}
					fmt.Fprintf(&rows, "($1, $2, $%d, $%d, $%d)", len(args)+2, len(args)+3, len(args)+4)
					key := randomBytes(32)
					binary.BigEndian.PutUint64(key, uint64(at)*step)
					bound := append([]byte("wave-answer/"+largeID+"/"), key...)
					sealed := aead.Seal(nil, nil, records[at%len(records)], bound) //nolint:gosec // this cipher draws a random nonce itself and puts it in front
					args = append(args, key, randomBytes(320), sealed)
				}
				if _, err := s.Exec(ctx, `INSERT INTO wave_answers (tenant_id, wave_id, key, ballot, sealed) VALUES `+rows.String(), args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		i = min(n, i+inTransaction)
	}
	return nil
}
