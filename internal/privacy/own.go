package privacy

import (
	"context"
	"embed"
	"strings"
	"sync"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

// locale holds the messages of this package.
var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

func say(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }

// ownKinds lists the kinds of data that belong to no feature.
func ownKinds() []held.Kept {
	return []held.Kept{
		held.Fill(held.Kept{
			Name: "asked", Label: say("kept.asked"), Basis: say("kept.asked-basis"), Default: 7, Minimum: 1, Maximum: 30,
		}, held.Table{Name: "asked", Key: "key", At: "created_at"}),
		held.Fill(held.Kept{
			Name: "sign-ins", Label: say("kept.sign-ins"), Basis: say("kept.sign-ins-basis"), Default: 1, Minimum: 1, Maximum: 30,
		},
			held.Table{Name: "sessions", Key: "token_hash", At: "CASE WHEN seen_at + idle_micros < expires_at THEN seen_at + idle_micros ELSE expires_at END"},
			held.Table{Name: "flows", Key: "token_hash", At: "expires_at"},
			held.Table{Name: "links", Key: "token_hash", At: "expires_at"},
			held.Table{Name: "lockouts", Key: "subject", At: "CASE WHEN last_at < locked_until THEN locked_until ELSE last_at END"}),
		held.Fill(held.Kept{
			Name: "jobs", Label: say("kept.jobs"), Basis: say("kept.jobs-basis"), Default: 30, Minimum: 1, Maximum: 365,
		}, held.Table{Name: "jobs", Key: "id", At: "finished_at", When: "state IN ('done', 'failed', 'cancelled') AND finished_at > 0"}),
	}
}

// Common holds what belongs to no feature: the keys of forms that were sent, and work in the background.
type Common struct{ db *db.DB }

// NewCommon returns the holder and eraser of what belongs to no feature.
func NewCommon(d *db.DB) *Common { return &Common{db: d} }

// Held implements held.Holder.
func (c *Common) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := c.db.Of(t)
	jobs := held.Section{Name: "jobs", Title: say("held.jobs")}
	err := jobsOf(ctx, r, account, func(id, kind string, at time.Time) {
		jobs.Rows = append(jobs.Rows, held.Row{Source: "jobs/" + id, Label: say("held.job"), Value: kind, When: at})
	})
	if err != nil {
		return nil, err
	}
	forms := held.Section{Name: "forms", Title: say("held.forms")}
	err = keysOf(ctx, r, account, func(key string, at time.Time) {
		forms.Rows = append(forms.Rows, held.Row{
			Source: "asked/" + key, Label: say("held.form"), Value: strings.TrimPrefix(key, account+":"), When: at,
		})
	})
	var out []held.Section
	for _, s := range []held.Section{jobs, forms} {
		if len(s.Rows) > 0 {
			out = append(out, s)
		}
	}
	return out, err
}

// Effects implements held.Eraser.
func (c *Common) Effects() held.Effects {
	return held.Effects{
		Goes:  []problem.Message{say("erasure.forms")},
		Stays: []held.Stays{{What: say("erasure.jobs"), Why: say("erasure.jobs-why")}, {What: say("erasure.reports"), Why: say("erasure.reports-why")}},
	}
}

// Erase implements held.Eraser.
func (c *Common) Erase(ctx context.Context, s *db.Scope, account string) error {
	if err := forgetKeys(ctx, s, account); err != nil {
		return err
	}
	return forgetJobs(ctx, s, account)
}

// Messages returns the messages of this package, in which its actions are explained to the audit log.
func Messages() *i18n.Bundle { return locale() }
