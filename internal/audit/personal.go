package audit

import (
	"context"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: what stands in the log about an account, and what it did.
func (l *Log) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	entries, err := about(ctx, l.db.Of(t), account)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	section := held.Section{Name: "audit", Title: say("held.title")}
	for _, e := range entries {
		label := "held.about"
		if e.ActorID == account {
			label = "held.did"
		}
		row := held.Row{Source: "audit_log/" + e.ID, Label: say(label), Value: e.Action, When: e.At}
		if m, ok := l.message(e.Action); ok {
			row.Words = m
		}
		section.Rows = append(section.Rows, row)
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser: the log keeps a number, which names nobody once the account is gone.
func (l *Log) Effects() held.Effects {
	return held.Effects{Stays: []held.Stays{{What: say("erasure.stays"), Why: say("erasure.why")}}}
}

// Erase implements held.Eraser: entries are never changed.
func (l *Log) Erase(context.Context, *db.Scope, string) error { return nil }

// Kept returns how long entries stay: two years.
func Kept() held.Kept {
	return held.Fill(held.Kept{
		Name: "audit", Label: say("kept.label"), Basis: say("kept.basis"), Default: 730, Minimum: 180, Maximum: 3650,
	}, held.Table{Name: "audit_log", Key: "id", At: "at"})
}

func say(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }
