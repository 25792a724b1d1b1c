package policy

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Fresh is how long a policy that was read is believed: a change on another node counts here after that time.
const Fresh = 5 * time.Second

// The bounds of a reason, in characters.
const (
	leastReason = 5
	MostReason  = 300
)

// Choices lists what may become of a type, from nothing to the strictest.
func Choices(t guard.Type) []guard.Action {
	switch {
	case t == guard.Secret || t == guard.Password:
		return []guard.Action{guard.Block}
	case t.Category():
		return []guard.Action{guard.Ignore, guard.Warn, guard.Block}
	}
	return []guard.Action{guard.Ignore, guard.Warn, guard.Mask, guard.Block}
}

// Version is a policy as somebody set it. Version 0 is the one that comes with the product.
type Version struct {
	Version int64
	Policy  guard.Policy
	Reason  string
	By      string // account; "" for somebody who was erased
	At      time.Time
}

// Dependencies is what the policies need of the rest.
type Dependencies struct {
	DB    *db.DB
	Audit *audit.Log
	Now   clock.Clock
}

// Service is the policies of all organisations. It implements door.Policies and is safe for concurrent use.
type Service struct {
	Dependencies
	mu   sync.Mutex
	last map[tenant.ID]remembered
}

type remembered struct {
	policy guard.Policy
	until  time.Time
}

// New returns the policies.
func New(d Dependencies) *Service {
	return &Service{Dependencies: d, last: map[tenant.ID]remembered{}}
}

func refuse(kind problem.Kind, key string) error { return problem.New(kind, locale(), key, nil) }

func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden")
	}
	return nil
}

// Policy implements door.Policies. It is not to be changed.
func (s *Service) Policy(ctx context.Context, t tenant.ID) (guard.Policy, error) {
	now := s.Now()
	s.mu.Lock()
	known, ok := s.last[t]
	s.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.policy, nil
	}
	v, err := newest(ctx, s.DB.Of(t))
	if err != nil {
		return nil, fmt.Errorf("read what the guard is to do: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[t] = remembered{v.Policy, now.Add(Fresh)}
	return v.Policy, nil
}

// Current returns the policy that holds, with its version.
func (s *Service) Current(ctx context.Context, actor access.Actor) (Version, error) {
	if err := allow(actor, access.ReadGuard); err != nil {
		return Version{}, err
	}
	return newest(ctx, s.DB.Of(actor.Tenant))
}

// History lists the versions, the newest first.
func (s *Service) History(ctx context.Context, actor access.Actor) ([]Version, error) {
	if err := allow(actor, access.ReadGuard); err != nil {
		return nil, err
	}
	return all(ctx, s.DB.Of(actor.Tenant))
}

// Check says what is wrong with a policy that somebody is about to set; the error names each type as field.
func (s *Service) Check(actor access.Actor, p guard.Policy) error {
	if err := allow(actor, access.SetGuard); err != nil {
		return err
	}
	f := problem.Form{Bundle: locale()}
	for _, t := range guard.Types() {
		if !slices.Contains(Choices(t), p[t]) {
			f.Wrong(string(t), "field.choice", nil)
		}
	}
	return f.Err()
}

// Set sets the policy; version is that which was read. A problem of kind Conflict when somebody else changed it since.
func (s *Service) Set(ctx context.Context, actor access.Actor, p guard.Policy, version int64, reason string) error {
	if err := s.Check(actor, p); err != nil {
		return err
	}
	reason = contact.Line(reason)
	if n := utf8.RuneCountInString(reason); n < leastReason || n > MostReason {
		f := problem.Form{Bundle: locale()}
		f.Wrong("reason", "field.reason", i18n.Args{"least": strconv.Itoa(leastReason), "most": strconv.Itoa(MostReason)})
		return f.Err()
	}
	whole := guard.Policy{}
	for _, t := range guard.Types() {
		whole[t] = p[t]
	}
	err := s.DB.Write(ctx, actor.Tenant, func(sc *db.Scope) error {
		was, err := newest(ctx, sc.Reader)
		if err != nil {
			return err
		}
		if was.Version != version {
			return refuse(problem.Conflict, "error.changed")
		}
		detail := map[string]string{}
		for t, a := range whole {
			if was.Policy[t] != a {
				detail[string(t)] = was.Policy[t].String() + " -> " + a.String()
			}
		}
		if err := insert(ctx, sc, &Version{version + 1, whole, reason, actor.Owner, s.Now()}); err != nil {
			return err
		}
		return s.Audit.Record(ctx, sc, actor, audit.Entry{Action: "gateway-guard.set", Subject: strconv.FormatInt(version+1, 10), Detail: detail})
	})
	if errors.Is(err, db.ErrExists) {
		err = refuse(problem.Conflict, "error.changed")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.last, actor.Tenant)
	return err
}

// Changes lists the types of which two policies make something else, in the order in which types are shown.
func Changes(a, b guard.Policy) []guard.Type {
	return slices.DeleteFunc(guard.Types(), func(t guard.Type) bool { return a[t] == b[t] })
}

// decode reads a policy that was kept. A type that it does not know, because it was kept before there was one, gets what the product ships; nothing is weaker than it may be.
func decode(raw string) (guard.Policy, error) {
	words := map[guard.Type]string{}
	if err := json.Unmarshal([]byte(raw), &words); err != nil {
		return nil, err
	}
	p := guard.DefaultPolicy()
	for _, t := range guard.Types() {
		for _, a := range Choices(t) {
			if words[t] == a.String() {
				p[t] = a
			}
		}
	}
	return p, nil
}

func encode(p guard.Policy) (string, error) {
	words := map[guard.Type]string{}
	for t, a := range maps.All(p) {
		words[t] = a.String()
	}
	raw, err := json.Marshal(words)
	return string(raw), err
}

const columns = `SELECT version, content, reason, account_id, at FROM gateway_policies WHERE tenant_id = $1 ORDER BY version DESC`

func read(ctx context.Context, r db.Reader, query string) (out []Version, err error) {
	err = r.Rows(ctx, query, func(scan func(...any) error) error {
		var v Version
		var raw string
		var at int64
		if err := scan(&v.Version, &raw, &v.Reason, &v.By, &at); err != nil {
			return err
		}
		v.At = clock.Time(at)
		v.Policy, err = decode(raw)
		out = append(out, v)
		return err
	})
	return out, err
}

func all(ctx context.Context, r db.Reader) ([]Version, error) { return read(ctx, r, columns) }

func newest(ctx context.Context, r db.Reader) (Version, error) {
	list, err := read(ctx, r, columns+` LIMIT 1`)
	if err != nil || len(list) == 0 {
		return Version{Policy: guard.DefaultPolicy()}, err
	}
	return list[0], nil
}

func insert(ctx context.Context, s *db.Scope, v *Version) error {
	raw, err := encode(v.Policy)
	if err != nil {
		return err
	}
	_, err = s.Exec(ctx, `INSERT INTO gateway_policies (tenant_id, version, content, reason, account_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		v.Version, raw, v.Reason, v.By, clock.Micros(v.At))
	return err
}

func say(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }

// Held implements held.Holder: the versions that the account set.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	list, err := all(ctx, s.DB.Of(t))
	if err != nil {
		return nil, err
	}
	section := held.Section{Name: "gateway-guard", Title: say("held.title")}
	for _, v := range list {
		if v.By == account {
			n := strconv.FormatInt(v.Version, 10)
			section.Rows = append(section.Rows, held.Row{Source: "gateway_policies/" + n, Label: say("held.set"), Value: v.Reason, When: v.At})
		}
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes")}, Stays: []held.Stays{{What: say("held.stays"), Why: say("held.stays-why")}}}
}

// Erase implements held.Eraser: versions stay, without who set them.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	_, err := tx.Exec(ctx, `UPDATE gateway_policies SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`, account)
	return err
}
