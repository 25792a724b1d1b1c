package limits

import (
	"context"
	"strconv"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: limits of one's own and for oneself, warnings, and what was used by day.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := s.DB.Of(t)
	limits := held.Section{Name: "gateway-limits", Title: say("held.limits", nil)}
	own, err := ownOf(ctx, r, account)
	if err != nil {
		return nil, err
	}
	for _, o := range own {
		limits.Rows = append(limits.Rows, held.Row{Source: "gateway_own_limits/" + account + "/" + string(o.Period) + "/" + string(o.Unit), Label: say("held.own", nil), Value: written(o.Unit, o.Most), When: o.Changed})
	}
	versions, err := read(ctx, r, columns+` AND (l.account_id = $2 OR l.kind = 'person' AND l.subject = $2) ORDER BY l.id, l.version`, account)
	if err != nil {
		return nil, err
	}
	for _, l := range versions {
		label := "held.set"
		if l.Kind == budget.Person && l.Subject == account {
			label = "held.for-you"
		}
		limits.Rows = append(limits.Rows, held.Row{Source: "gateway_limits/" + l.ID + "/" + strconv.FormatInt(l.Version, 10), Label: say(label, nil), Value: written(l.Unit, l.Most), When: l.At})
	}
	warnings, err := readWarnings(ctx, r, warningColumns+` AND account_id = $2 ORDER BY at`, account)
	if err != nil {
		return nil, err
	}
	for _, w := range warnings {
		until := int64(0)
		if !w.Until.IsZero() {
			until = w.Until.UnixMicro()
		}
		limits.Rows = append(limits.Rows, held.Row{Source: "gateway_warnings/" + w.Limit + "//" + account + "/" + strconv.Itoa(int(w.Level)) + "/" + strconv.FormatInt(until, 10),
			Label: say("held.warning", nil), Words: say(levelKey(w.Level), nil), When: w.At})
	}
	if err := r.Rows(ctx, `SELECT about, at FROM gateway_warnings_seen WHERE tenant_id = $1 AND account_id = $2 ORDER BY about`, func(scan func(...any) error) error {
		var about string
		var at int64
		if err := scan(&about, &at); err != nil {
			return err
		}
		limits.Rows = append(limits.Rows, held.Row{Source: "gateway_warnings_seen/" + account + "/" + about, Label: say("held.seen", nil), When: time.UnixMicro(at).UTC()})
		return nil
	}, account); err != nil {
		return nil, err
	}
	used, err := s.heldUse(ctx, t, account)
	if err != nil {
		return nil, err
	}
	var out []held.Section
	for _, section := range []held.Section{limits, used} {
		if len(section.Rows) > 0 {
			out = append(out, section)
		}
	}
	return out, nil
}

func (s *Service) heldUse(ctx context.Context, t tenant.ID, account string) (held.Section, error) {
	section := held.Section{Name: "gateway-use", Title: say("held.use", nil)}
	days, err := s.Book.Days(ctx, t, account)
	if err != nil {
		return section, err
	}
	for i := range days {
		d := &days[i]
		section.Rows = append(section.Rows, held.Row{Source: "budget_days/" + d.Key, Label: say("held.day", nil), Value: d.Used.Euro.String() + " euro, " + strconv.FormatInt(d.Used.Tokens, 10) + " tokens", When: d.On})
	}
	running, err := s.Book.Running(ctx, t, account)
	for _, id := range running {
		section.Rows = append(section.Rows, held.Row{Source: "budget_calls/" + id, Label: say("held.running", nil)})
	}
	return section, err
}

// warningKey tells warnings apart.
const warningKey = `limit_id || '/' || subject || '/' || account_id || '/' || CAST(level AS TEXT) || '/' || CAST(until AS TEXT)`

func written(u budget.Unit, most int64) string {
	if u == budget.Euros {
		return price.Nano(most).String() + " euro"
	}
	return strconv.FormatInt(most, 10) + " tokens"
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)},
		Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}, {What: say("held.sums", nil), Why: say("held.sums-why", nil)}}}
}

// Erase implements held.Eraser: own limits, limits for the account, warnings and what was used by day go; limits that the account set for others stay, without who did.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	for _, statement := range []string{
		`DELETE FROM gateway_own_limits WHERE tenant_id = $1 AND account_id = $2`,
		`DELETE FROM gateway_limits WHERE tenant_id = $1 AND kind = 'person' AND subject = $2`,
		`UPDATE gateway_limits SET account_id = '' WHERE tenant_id = $1 AND account_id = $2`,
		`DELETE FROM gateway_warnings WHERE tenant_id = $1 AND account_id = $2`,
		`DELETE FROM gateway_warnings_seen WHERE tenant_id = $1 AND account_id = $2`,
	} {
		if _, err := tx.Exec(ctx, statement, account); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() { s.forget(tx.Tenant()) })
	return s.Book.Erase(ctx, tx, account)
}

// Kept says how long days of people stay, and warnings.
func (s *Service) Kept() []held.Kept {
	days := held.Kept{Name: "gateway-days", Label: say("kept.days", nil), Basis: say("kept.days-why", nil), Default: 62, Minimum: 31, Maximum: 400,
		Count: func(ctx context.Context, r db.Reader, before time.Time) (int, time.Time, error) {
			return s.Book.Foldable(ctx, r, before, s.Zone(ctx, r.Tenant()))
		},
		Held: s.Book.Counted,
		Delete: func(ctx context.Context, tx *db.Scope, before time.Time, _ int) (int, error) {
			n, err := s.Book.ForgetIn(ctx, tx, before, s.Zone(ctx, tx.Tenant()))
			return int(n), err
		}}
	return []held.Kept{days, held.Fill(held.Kept{Name: "gateway-warnings", Label: say("kept.warnings", nil), Basis: say("kept.warnings-why", nil), Default: 62, Minimum: 31, Maximum: 400},
		held.Table{Name: "gateway_warnings", Key: warningKey, At: "at"})}
}
