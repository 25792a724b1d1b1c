// Package asked lets a change that is asked for twice be made once: a form sent by a double tap, a request repeated
// because its answer was lost. The key of the request is written in the transaction of the change.
package asked

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"strings"
	"sync"
	"unicode/utf8"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// MaxKey is the longest key taken, in bytes.
const MaxKey = 128

// Request is what was asked.
type Request struct {
	Key  string // chosen by who asks, with who asks in front; "" when each request stands for itself
	What any    // the input; asking for something else with the same key is a mistake
}

// Once makes a change in the transaction of s unless it was made before with the same key; result gets what the change
// returned then or now. The same key with another input is a problem of kind Conflict.
func Once[T any](ctx context.Context, s *db.Scope, now clock.Clock, r Request, change func() (T, error)) (T, error) {
	var zero T
	if r.Key == "" {
		return change()
	}
	if len(r.Key) > MaxKey {
		return zero, problem.New(problem.Invalid, locale(), "key-too-long", nil)
	}
	if !utf8.ValidString(r.Key) || strings.ContainsRune(r.Key, 0) {
		return zero, problem.New(problem.Invalid, locale(), "key-no-text", nil)
	}
	digest, err := digest(r.What)
	if err != nil {
		return zero, err
	}
	added, err := s.Exec(ctx, `INSERT INTO asked (tenant_id, key, digest, result, created_at) VALUES ($1, $2, $3, '', $4)
ON CONFLICT (tenant_id, key) DO NOTHING`, r.Key, digest, clock.Micros(now()))
	if err != nil {
		return zero, err
	}
	if added == 0 {
		return again[T](ctx, s, r.Key, digest)
	}
	made, err := change()
	if err != nil {
		return zero, err
	}
	result, err := json.Marshal(made)
	if err != nil {
		return zero, err
	}
	_, err = s.Exec(ctx, `UPDATE asked SET result = $3 WHERE tenant_id = $1 AND key = $2`, r.Key, string(result))
	return made, err
}

// again returns the result of the first time.
func again[T any](ctx context.Context, s *db.Scope, key, digest string) (T, error) {
	var result T
	var was, raw string
	if err := s.Row(ctx, `SELECT digest, result FROM asked WHERE tenant_id = $1 AND key = $2`, []any{key}, &was, &raw); err != nil {
		return result, err
	}
	if was != digest {
		return result, problem.New(problem.Conflict, locale(), "key-used", nil)
	}
	return result, json.Unmarshal([]byte(raw), &result)
}

func digest(what any) (string, error) {
	raw, err := json.Marshal(what)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}
