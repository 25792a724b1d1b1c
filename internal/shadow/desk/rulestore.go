package desk

import (
	"context"
	"encoding/json"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/shadow/services"
)

// Rule is what the organisation says about a service.
type Rule struct {
	Service  string
	Version  int64 // 0 for none
	Standing services.Standing
	Offer    string // what it offers instead; "" for what the list says
	Account  string // who wrote it; "" for somebody who was erased
	At       time.Time
}

// Own is a service that the organisation added to the list.
type Own struct {
	ID      string    `json:"-"`
	Version int64     `json:"-"`
	Gone    bool      `json:"-"` // it was taken away
	Account string    `json:"-"`
	At      time.Time `json:"-"`
	Name    string    `json:"name"`
	Maker   string    `json:"maker"`
	Country string    `json:"country"`
	Kind    string    `json:"kind"`
	Mixed   bool      `json:"mixed"`
	Domains []string  `json:"domains"`
	Why     string    `json:"why"` // where that comes from, in words
}

func (o *Own) service() services.Service {
	return services.Service{ID: o.ID, Name: o.Name, Maker: o.Maker, Country: o.Country, Kind: o.Kind, Mixed: o.Mixed, Domains: o.Domains, Source: services.OwnSource}
}

// rulesOf reads rules: those that hold, or with a service every version of its, the newest first.
func rulesOf(ctx context.Context, r db.Reader, service string) ([]Rule, error) {
	query, args := `SELECT service_id, version, standing, offer, account_id, at FROM shadow_rules WHERE tenant_id = $1 AND superseded_at = 0 ORDER BY service_id`, []any(nil)
	if service != "" {
		query, args = `SELECT service_id, version, standing, offer, account_id, at FROM shadow_rules WHERE tenant_id = $1 AND service_id = $2 ORDER BY version DESC`, []any{service}
	}
	var out []Rule
	err := r.Rows(ctx, query, func(scan func(...any) error) error {
		var x Rule
		var standing string
		var at int64
		err := scan(&x.Service, &x.Version, &standing, &x.Offer, &x.Account, &at)
		x.Standing, x.At = services.Standing(standing), clock.Time(at)
		out = append(out, x)
		return err
	}, args...)
	return out, err
}

// putRule writes the next version of a rule, when the one before is the last. It tells whether it was.
func putRule(ctx context.Context, s *db.Scope, x *Rule) (bool, error) {
	ok, err := supersede(ctx, s, "shadow_rules", x.Service, x.Version, x.At)
	if err != nil || !ok {
		return false, err
	}
	_, err = s.Exec(ctx, `INSERT INTO shadow_rules (tenant_id, service_id, version, standing, offer, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		x.Service, x.Version, string(x.Standing), x.Offer, x.Account, clock.Micros(x.At))
	return err == nil, err
}

// supersede ends the version before the one that is to be written. It tells whether that was the last.
func supersede(ctx context.Context, s *db.Scope, table, service string, next int64, at time.Time) (bool, error) {
	var last int64
	if err := s.Row(ctx, `SELECT COALESCE(MAX(version), 0) FROM `+table+` WHERE tenant_id = $1 AND service_id = $2`, []any{service}, &last); err != nil || last != next-1 {
		return false, err
	}
	_, err := s.Exec(ctx, `UPDATE `+table+` SET superseded_at = $4 WHERE tenant_id = $1 AND service_id = $2 AND version = $3`, service, last, clock.Micros(at))
	return err == nil, err
}

// ownServices reads the services that were added, in the order of their ids; those that were taken away too, as they were last.
func ownServices(ctx context.Context, r db.Reader) ([]Own, error) {
	var out []Own
	err := r.Rows(ctx, `SELECT service_id, version, content, account_id, at FROM shadow_services WHERE tenant_id = $1 ORDER BY service_id, version`, func(scan func(...any) error) error {
		var x Own
		var content string
		var at int64
		if err := scan(&x.ID, &x.Version, &content, &x.Account, &at); err != nil {
			return err
		}
		if content != "" {
			if err := json.Unmarshal([]byte(content), &x); err != nil {
				return err
			}
		} else if n := len(out); n > 0 && out[n-1].ID == x.ID {
			was := out[n-1]
			was.Version, was.Account, was.Gone = x.Version, x.Account, true
			x = was
		}
		x.At = clock.Time(at)
		if n := len(out); n > 0 && out[n-1].ID == x.ID {
			out = out[:n-1]
		}
		out = append(out, x)
		return nil
	})
	return out, err
}

// putOwn writes the next version of an own service, when the one before is the last. It tells whether it was.
func putOwn(ctx context.Context, s *db.Scope, x *Own) (bool, error) {
	content := []byte{}
	if !x.Gone {
		var err error
		if content, err = json.Marshal(x); err != nil {
			return false, err
		}
	}
	ok, err := supersede(ctx, s, "shadow_services", x.ID, x.Version, x.At)
	if err != nil || !ok {
		return false, err
	}
	_, err = s.Exec(ctx, `INSERT INTO shadow_services (tenant_id, service_id, version, content, account_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		x.ID, x.Version, string(content), x.Account, clock.Micros(x.At))
	return err == nil, err
}
