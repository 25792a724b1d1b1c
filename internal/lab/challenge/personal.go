package challenge

import (
	"context"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// Held implements held.Holder: the challenges that somebody said they did.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	of := map[string]*Challenge{}
	for i := range s.Challenges {
		of[s.mark(t, account, s.Challenges[i].ID)] = &s.Challenges[i]
	}
	found, err := marksOf(ctx, s.DB.Of(t), of)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	section := held.Section{Name: "lab-challenges", Title: say("held.title", nil)}
	for i := range s.Challenges {
		x := &s.Challenges[i]
		m := s.mark(t, account, x.ID)
		if month, is := found[m]; is {
			section.Rows = append(section.Rows, held.Row{Source: "lab_challenge_marks/" + m, Label: say("held.done", nil), Value: x.Title.In("nl"), When: clock.Time(month)})
		}
	}
	return []held.Section{section}, nil
}

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.stays", nil), Why: say("held.stays-why", nil)}}}
}

// Erase implements held.Eraser.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	var list []string
	for i := range s.Challenges {
		list = append(list, s.mark(tx.Tenant(), account, s.Challenges[i].ID))
	}
	return deleteMarks(ctx, tx, list...)
}

// Kept says how long it stays that somebody did a challenge, and how many did.
func (s *Service) Kept() []held.Kept {
	return []held.Kept{
		held.Fill(held.Kept{Name: "lab-challenges", Label: say("kept.marks", nil), Basis: say("kept.marks-why", nil), Default: 730, Minimum: 60, Maximum: 1825},
			held.Table{Name: "lab_challenge_marks", Key: "mark", At: "month"}),
		held.Fill(held.Kept{Name: "lab-challenge-reach", Label: say("kept.reach", nil), Basis: say("kept.reach-why", nil), Default: 1825, Minimum: 365, Maximum: 3650},
			held.Table{Name: "lab_challenge_reach", Key: "challenge || '/' || department || '/' || CAST(month AS TEXT) || '/' || CAST(told AS TEXT)", At: "month"}),
	}
}
