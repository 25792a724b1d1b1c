package ownuse

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Model is what somebody used of a model in a month.
type Model struct {
	Name   string           `json:"name"`
	Calls  int64            `json:"calls"`
	Tokens int64            `json:"tokens"`
	Cost   price.Nano       `json:"cost"`
	Energy []price.Estimate `json:"energy,omitempty"` // one a method: those of different methods are never added
	Bare   int64            `json:"bare,omitempty"`   // calls of which nothing is known of the energy
}

// add adds what another count of the same model says.
func (m *Model) add(o *Model) {
	m.Calls += o.Calls
	m.Tokens += o.Tokens
	m.Cost = m.Cost.Plus(o.Cost)
	m.Bare += o.Bare
	for _, e := range o.Energy {
		m.Energy = addEnergy(m.Energy, e)
	}
}

func addEnergy(list []price.Estimate, e price.Estimate) []price.Estimate {
	for i := range list {
		if sum, err := list[i].Add(e); err == nil {
			list[i] = sum
			return list
		}
	}
	return append(list, e)
}

// Energy adds the estimates of models by method.
func Energy(models []Model) (out []price.Estimate) {
	for i := range models {
		for _, e := range models[i].Energy {
			out = addEnergy(out, e)
		}
	}
	return out
}

// whose is a month of a person.
type whose struct {
	tenant  tenant.ID
	account string
	month   int64
}

// mostWaiting bounds what waits to be written where the store does not answer.
const mostWaiting = 20_000

// every is how often what waits is written.
const every = 3 * time.Second

// Dependencies is what the package needs of the rest.
type Dependencies struct {
	DB   *db.DB
	Box  *seal.Box
	Now  clock.Clock
	Log  *slog.Logger
	Zone func(ctx context.Context, t tenant.ID) *time.Location
}

// Service counts and shows. It implements door.Tally and is safe for concurrent use.
type Service struct {
	Dependencies

	mu      sync.Mutex
	waiting map[whose]map[string]*Model
	writing sync.Mutex
}

// New returns a service.
func New(d Dependencies) *Service {
	return &Service{Dependencies: d, waiting: map[whose]map[string]*Model{}}
}

// Count implements door.Tally.
func (s *Service) Count(d *door.Done) {
	if d.Person == "" || d.Outcome == door.Refused || d.Outcome == door.Blocked || d.Used == (price.Usage{}) && d.Cost == 0 {
		return
	}
	m := Model{Name: d.Model, Calls: 1, Tokens: d.Used.Tokens(), Cost: d.Cost}
	if d.Energy == (price.Estimate{}) {
		m.Bare = 1
	} else {
		m.Energy = []price.Estimate{d.Energy}
	}
	s.wait(whose{d.Tenant, d.Person, monthOf(d.At.In(s.Zone(context.Background(), d.Tenant)))}, &m)
}

func (s *Service) wait(w whose, m *Model) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting[w] == nil {
		if len(s.waiting) >= mostWaiting {
			return
		}
		s.waiting[w] = map[string]*Model{}
	}
	if known := s.waiting[w][m.Name]; known != nil {
		known.add(m)
		return
	}
	s.waiting[w][m.Name] = m
}

func monthOf(t time.Time) int64 { return int64(t.Year())*100 + int64(t.Month()) }

// Run writes what waits now and then until ctx ends, and then once more.
func (s *Service) Run(ctx context.Context) {
	for clock.Wait(ctx, every) == nil {
		s.Flush(ctx)
	}
	last, stop := context.WithTimeout(context.WithoutCancel(ctx), every)
	defer stop()
	s.Flush(last)
}

// Flush writes what waits. What cannot be written waits on.
func (s *Service) Flush(ctx context.Context) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	batch := s.waiting
	s.waiting = map[whose]map[string]*Model{}
	s.mu.Unlock()
	for w, models := range batch {
		err := s.DB.Write(ctx, w.tenant, func(sc *db.Scope) error { return s.put(ctx, sc, w, models) })
		if err == nil || errors.Is(err, db.ErrRefers) { // the organisation is gone
			continue
		}
		s.Log.WarnContext(ctx, "what people used by model cannot be written; it is tried again", "error", err.Error())
		for _, m := range models {
			s.wait(w, m)
		}
	}
}

func (w whose) purpose() string {
	return fmt.Sprintf("own-use/%s/%s/%d", w.tenant, w.account, w.month)
}

func (s *Service) put(ctx context.Context, sc *db.Scope, w whose, models map[string]*Model) error {
	list, err := s.get(ctx, sc.Reader, w)
	if err != nil {
		return err
	}
	for _, m := range models {
		if i := slices.IndexFunc(list, func(x Model) bool { return x.Name == m.Name }); i >= 0 {
			list[i].add(m)
		} else {
			copied := *m
			copied.Energy = slices.Clone(m.Energy)
			list = append(list, copied)
		}
	}
	slices.SortFunc(list, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	raw, err := json.Marshal(list)
	if err != nil {
		return err
	}
	sealed, err := s.Box.Seal(w.purpose(), raw)
	if err != nil {
		return err
	}
	_, err = sc.Exec(ctx, `INSERT INTO gateway_own_use (tenant_id, account_id, month, sealed, changed_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, account_id, month) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at`, w.account, w.month, sealed, clock.Micros(s.Now()))
	return err
}

func (s *Service) get(ctx context.Context, r db.Reader, w whose) ([]Model, error) {
	var sealed []byte
	err := r.Row(ctx, `SELECT sealed FROM gateway_own_use WHERE tenant_id = $1 AND account_id = $2 AND month = $3`, []any{w.account, w.month}, &sealed)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	raw, err := s.Box.Open(w.purpose(), sealed)
	if errors.Is(err, seal.ErrBroken) { // the installation has another key: what was sealed before cannot be read by anybody any more
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Model
	return out, json.Unmarshal(raw, &out)
}

// Mine returns what the actor used by model in the month of a time, by name of the model.
func (s *Service) Mine(ctx context.Context, actor access.Actor, month time.Time) ([]Model, error) {
	if !access.Can(actor, access.ReadOwn, access.Resource{Tenant: actor.Tenant, Owner: actor.Owner}) {
		return nil, problem.New(problem.Forbidden, locale(), "error.forbidden", nil)
	}
	s.Flush(ctx)
	return s.get(ctx, s.DB.Of(actor.Tenant), whose{actor.Tenant, actor.Owner, monthOf(month)})
}

func say(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }

// Held implements held.Holder: what is sealed, opened for the person.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	s.Flush(ctx)
	r := s.DB.Of(t)
	var months, changed []int64
	if err := r.Rows(ctx, `SELECT month, changed_at FROM gateway_own_use WHERE tenant_id = $1 AND account_id = $2 ORDER BY month`, func(scan func(...any) error) error {
		var m, at int64
		err := scan(&m, &at)
		months, changed = append(months, m), append(changed, at)
		return err
	}, account); err != nil || len(months) == 0 {
		return nil, err
	}
	section := held.Section{Name: "gateway-own-use", Title: say("held.title")}
	for i, m := range months {
		list, err := s.get(ctx, r, whose{t, account, m})
		if err != nil {
			return nil, err
		}
		var parts []string
		for _, x := range list {
			parts = append(parts, fmt.Sprintf("%s: %d, %d tokens, %s euro", x.Name, x.Calls, x.Tokens, x.Cost))
		}
		section.Rows = append(section.Rows, held.Row{Source: "gateway_own_use/" + account + "/" + strconv.FormatInt(m, 10), Label: say("held.month"), Value: strings.Join(parts, "; "), When: clock.Time(changed[i])})
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes")}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	tx.AfterCommit(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for w := range s.waiting {
			if w.tenant == tx.Tenant() && w.account == account {
				delete(s.waiting, w)
			}
		}
	})
	_, err := tx.Exec(ctx, `DELETE FROM gateway_own_use WHERE tenant_id = $1 AND account_id = $2`, account)
	return err
}

// Kept says how long months stay.
func Kept() []held.Kept {
	return []held.Kept{held.Fill(held.Kept{Name: "gateway-own-use", Label: say("kept.use"), Basis: say("kept.why"), Default: 62, Minimum: 31, Maximum: 400},
		held.Table{Name: "gateway_own_use", Key: `account_id || '/' || CAST(month AS TEXT)`, At: "changed_at"})}
}
