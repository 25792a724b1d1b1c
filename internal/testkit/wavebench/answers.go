package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	random "math/rand/v2"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
)

// answersTo makes up what 200 people answer.
func answersTo(in *instrument.Instrument) (*record.Codec, [][]byte, error) {
	codec, err := record.New(in)
	if err != nil {
		return nil, nil, err
	}
	var answers [][]byte
	for i := range 200 {
		raw, err := json.Marshal(answered(in, random.New(random.NewPCG(1, uint64(i)))))
		if err != nil {
			return nil, nil, err
		}
		if _, err := codec.Read(raw); err != nil {
			return nil, nil, err
		}
		answers = append(answers, raw)
	}
	return codec, answers, nil
}

// answered is what somebody might answer.
func answered(in *instrument.Instrument, dice *random.Rand) map[string]any {
	out := map[string]any{}
	for i := range in.Items {
		it := &in.Items[i]
		switch it.Kind {
		case instrument.Single, instrument.Scale:
			out[it.ID] = it.Options[dice.IntN(len(it.Options))].ID
		case instrument.Category:
			if len(it.Options) > 0 {
				out[it.ID] = it.Options[dice.IntN(len(it.Options))].ID
			}
		case instrument.Matrix:
			for _, row := range it.Rows {
				out[row.ID] = it.Options[dice.IntN(len(it.Options))].ID
			}
		case instrument.Multiple:
			out[it.ID] = []string{it.Options[dice.IntN(len(it.Options))].ID}
		case instrument.Number, instrument.OpenText, instrument.Info:
		}
	}
	return out
}

// fillLarge puts answers in the store as the urn would seal them, many in a transaction and in the order of their keys.
func (g *ground) fillLarge(ctx context.Context, n int) error {
	key, err := wave.AnswersKey(ctx, g.db.Of(organisation), g.box, g.large.ID)
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
	for i := 0; i < n; i = min(n, i+inTransaction) {
		err := g.db.Write(ctx, organisation, func(s *db.Scope) error {
			for at := i; at < min(n, i+inTransaction); {
				args := []any{g.large.ID}
				var rows strings.Builder
				for ; at < n && len(args) < 1+3*inOne; at++ {
					if len(args) > 1 {
						rows.WriteString(", ")
					}
					fmt.Fprintf(&rows, "($1, $2, $%d, $%d, $%d)", len(args)+2, len(args)+3, len(args)+4)
					key := randomBytes(32)
					binary.BigEndian.PutUint64(key, uint64(at)*step)
					bound := append([]byte("wave-answer/"+g.large.ID+"/"), key...)
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
	}
	return nil
}
