package nonuse

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// Held implements held.Holder: whether somebody is on the list of invitations, by their mail address; and what cannot be shown, as
// nothing says whose it is.
func (s *Service) Held(ctx context.Context, t tenant.ID, account string) ([]held.Section, error) {
	r := s.DB.Of(t)
	own, err := s.invited(ctx, r, account)
	if err != nil {
		return nil, err
	}
	section := held.Section{Name: "skill-interviews", Title: say("held.title", nil)}
	for i := range own {
		section.Rows = append(section.Rows, held.Row{Source: "skill_interview_invitations/" + own[i].ID, Label: say("held.invitation", nil), Value: own[i].Name + ", " + own[i].Contact, When: own[i].On})
	}
	var n int
	if err := r.Row(ctx, `SELECT COUNT(*) FROM skill_interview_codes WHERE tenant_id = $1`, nil, &n); err != nil {
		return nil, err
	}
	if n > 0 {
		section.Rows = append(section.Rows, held.Row{Source: "skill_interview_notes/-", Label: say("held.notes", nil), Words: say("held.notes-text", nil)})
	}
	if len(section.Rows) == 0 {
		return nil, nil
	}
	return []held.Section{section}, nil
}

// invited lists the invitations that are to be sent to the mail address of an account.
func (s *Service) invited(ctx context.Context, r db.Reader, account string) ([]Invitation, error) {
	mail, err := s.Accounts.Mail(ctx, r, account)
	if errors.Is(err, db.ErrNoRow) || err == nil && mail == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := invitations(ctx, r)
	var own []Invitation
	for i := range list {
		if slices.ContainsFunc(strings.FieldsFunc(list[i].Contact, apart), func(word string) bool { return strings.EqualFold(word, mail) }) {
			own = append(own, list[i])
		}
	}
	return own, err
}

// apart tells whether a sign stands between the ways to reach somebody.
func apart(r rune) bool { return strings.ContainsRune(" ,;()<>[]/", r) }

// Effects implements held.Eraser.
func (s *Service) Effects() held.Effects {
	return held.Effects{Goes: []problem.Message{say("held.goes", nil)}, Stays: []held.Stays{{What: say("held.notes", nil), Why: say("held.notes-text", nil)}}}
}

// Erase implements held.Eraser: invitations to the mail address of the account go.
func (s *Service) Erase(ctx context.Context, tx *db.Scope, account string) error {
	own, err := s.invited(ctx, tx.Reader, account)
	if err != nil {
		return err
	}
	for i := range own {
		if _, err := deleteInvitation(ctx, tx, own[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// Kept says how long interviews and invitations stay.
func (s *Service) Kept() []held.Kept {
	notes := held.Fill(held.Kept{Name: "skill-interviews", Label: say("kept.notes", nil), Basis: say("kept.notes-why", nil), Default: 730, Minimum: 60, Maximum: 1825},
		held.Table{Name: "skill_interview_codes", Key: "id", At: "month"}, held.Table{Name: "skill_interview_notes", Key: "id", At: "month"})
	invitations := held.Fill(held.Kept{Name: "skill-interview-invitations", Label: say("kept.invitations", nil), Basis: say("kept.invitations-why", nil), Default: 90, Minimum: 7, Maximum: 365},
		held.Table{Name: "skill_interview_invitations", Key: "id", At: "asked_on"})
	return []held.Kept{notes, invitations}
}
