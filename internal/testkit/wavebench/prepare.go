package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	random "math/rand/v2"
	"strings"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

const organisation tenant.ID = "bench"

const (
	waveID         = "wave"
	code           = "benchwav"
	questionnaire  = "genai-monitor"
	drawsPerSecond = 1200 // for how many a run has people
)

// ground is a store with an open wave, and what its people know.
type ground struct {
	db      *db.DB
	boxKey  string
	box     *seal.Box
	wave    wave.Wave
	public  *ballot.PublicKey
	codec   *record.Codec
	pins    []string
	answers [][]byte // JSON of what people answer
	ballots []string
	drawn   int // pins of which a ballot was drawn
}

func (g *ground) close() error { return g.db.Close() }

// prepare makes a store with an anonymous wave that asks the built-in monitor.
func prepare(ctx context.Context, p plan, database string) (*ground, error) {
	d, err := db.Open(ctx, database)
	if err != nil {
		return nil, err
	}
	g := &ground{db: d, boxKey: seal.NewKey()}
	if err := errors.Join(d.Migrate(ctx), g.fill(ctx, p, database)); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return g, nil
}

func (g *ground) fill(ctx context.Context, p plan, database string) error {
	var err error
	if g.box, err = seal.Parse(g.boxKey); err != nil {
		return err
	}
	yaml, err := instruments.Open(questionnaire)
	if err != nil {
		return err
	}
	in, err := instrument.Parse(questionnaire, yaml)
	if err != nil {
		return err
	}
	if g.codec, err = record.New(in); err != nil {
		return err
	}
	for i := range 200 {
		raw, err := json.Marshal(answered(in, random.New(random.NewPCG(1, uint64(i)))))
		if err != nil {
			return err
		}
		if _, err := g.codec.Read(raw); err != nil {
			return err
		}
		g.answers = append(g.answers, raw)
	}
	key, err := ballot.NewKey()
	if err != nil {
		return err
	}
	g.public = key.Public()
	n := p.crowd + p.runs*p.seconds*drawsPerSecond
	err = g.db.Write(ctx, organisation, func(s *db.Scope) error {
		if _, err := s.Exec(ctx, `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, synthetic, created_at)
VALUES ($1, 'bench', 'Bench', 'nl,fr,de,en', 10, TRUE, 0)`); err != nil {
			return err
		}
		if err := insertWave(ctx, s, g.box, waveID, code, yaml, n); err != nil {
			return err
		}
		private, err := g.box.Seal("wave-ballot/"+waveID+"/", key.Bytes())
		if err != nil {
			return err
		}
		_, err = s.Exec(ctx, `INSERT INTO wave_keys (tenant_id, wave_id, stratum, public, private, people) VALUES ($1, $2, '', $3, $4, $5)`,
			waveID, g.public.Bytes(), private, n)
		return err
	})
	if err != nil {
		return err
	}
	if g.wave, err = wave.One(ctx, g.db.Of(organisation), waveID); err != nil {
		return err
	}
	if err := g.invite(ctx, n); err != nil {
		return err
	}
	return g.analyse(ctx, database)
}

// analyse lets PostgreSQL look at its tables, as it does by itself within a minute or so after a frame was read.
func (g *ground) analyse(ctx context.Context, address string) error {
	if g.db.Engine != db.PostgreSQL {
		return nil
	}
	d, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	_, err = d.ExecContext(ctx, "ANALYZE")
	return errors.Join(err, d.Close())
}

// insertWave puts a wave in the store that is open now.
func insertWave(ctx context.Context, s *db.Scope, box *seal.Box, id, code string, yaml []byte, people int) error {
	secret, err := box.Seal("wave-secret/"+id, randomBytes(32))
	if err != nil {
		return err
	}
	answers, err := box.Seal("wave-answers/"+id, randomBytes(32))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(yaml)
	hash, now := hex.EncodeToString(sum[:]), clock.System()()
	for _, one := range []struct {
		statement string
		args      []any
	}{
		{`INSERT INTO waves (tenant_id, id, code, title, state, mode, recipe, instrument_hash, group_size, retention_days, languages, opens_at, closes_at, secret, created_by, created_at)
VALUES ($1, $2, $3, 'Bench', 'open', 'anonymous', '{}', $4, 10, 365, 'nl,fr,de,en', $5, $6, $7, 'bench', 0)`,
			[]any{id, code, hash, clock.Micros(now.Add(-time.Hour)), clock.Micros(now.AddDate(0, 0, 7)), secret}},
		{`INSERT INTO wave_launches (tenant_id, wave_id, mode, instrument_hash, group_size, retention_days, linked, people, launched_at, answers_key)
VALUES ($1, $2, 'anonymous', $3, 10, 365, FALSE, $4, 0, $5)`, []any{id, hash, people, answers}},
		{`INSERT INTO wave_questionnaires (tenant_id, wave_id, yaml) VALUES ($1, $2, $3)`, []any{id, string(yaml)}},
	} {
		if _, err := s.Exec(ctx, one.statement, one.args...); err != nil {
			return err
		}
	}
	return nil
}

// invite puts people with PINs in the frame.
func (g *ground) invite(ctx context.Context, n int) error {
	secret, err := g.wave.Secret(g.box)
	if err != nil {
		return err
	}
	const alphabet, together = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 500
	for len(g.pins) < n {
		args := []any{waveID}
		var rows strings.Builder
		for i := range min(together, n-len(g.pins)) {
			pin := randomBytes(10)
			for j := range pin {
				pin[j] = alphabet[pin[j]&31]
			}
			g.pins = append(g.pins, string(pin))
			if i > 0 {
				rows.WriteString(", ")
			}
			fmt.Fprintf(&rows, "($1, $2, $%d, 'nl', $%d)", len(args)+2, len(args)+3)
			args = append(args, strings.ToLower(rand.Text()), hex.EncodeToString(secret.Derive("pin-hash", pin)))
		}
		err := g.db.Write(ctx, organisation, func(s *db.Scope) error {
			_, err := s.Exec(ctx, `INSERT INTO wave_people (tenant_id, wave_id, id, language, pin_hash) VALUES `+rows.String(), args...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}

// answered is what somebody might answer.
func answered(in *instrument.Instrument, dice *random.Rand) map[string]any {
	out := map[string]any{}
	for i := range in.Items {
		it := &in.Items[i]
		switch it.Kind {
		case instrument.Single, instrument.Scale:
			out[it.ID] = it.Options[dice.IntN(len(it.Options))].ID
		case instrument.Matrix:
			for _, row := range it.Rows {
				out[row.ID] = it.Options[dice.IntN(len(it.Options))].ID
			}
		case instrument.Multiple:
			out[it.ID] = []string{it.Options[dice.IntN(len(it.Options))].ID}
		case instrument.Number, instrument.OpenText, instrument.Info, instrument.Category:
		}
	}
	return out
}
