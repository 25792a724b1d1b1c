package needs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// Subject is what rules are answered for: a function, or a whole family.
type Subject struct {
	Function string // id; "" for a family
	Family   string // name; that of the function where there is one
	Name     string
}

// Where returns what a fact about the subject is about.
func (x Subject) Where() framework.Where {
	if x.Function != "" {
		return framework.Where{Function: x.Function}
	}
	return framework.Where{Family: x.Family}
}

// FamilyKey names a family in an address: its name may hold anything.
func FamilyKey(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:8])
}

// functionOf returns a function as a subject; db.ErrNoRow when there is none.
func functionOf(m *demand.Map, id string) (Subject, error) {
	r := m.Function(id)
	if r == nil {
		return Subject{}, db.ErrNoRow
	}
	return Subject{Function: id, Family: r.Family, Name: r.Name}, nil
}

// familyOf returns a family as a subject, by FamilyKey; db.ErrNoRow when no function has it.
func familyOf(m *demand.Map, key string) (Subject, error) {
	for i := range m.Families {
		if name := m.Families[i].Name; name != "" && FamilyKey(name) == key {
			return Subject{Family: name, Name: name}, nil
		}
	}
	return Subject{}, db.ErrNoRow
}

// answersOf returns the answers to the rules about a subject.
func answersOf(m *demand.Map, x Subject) []demand.Answered {
	if x.Function != "" {
		return m.Answers(x.Function)
	}
	return m.FamilyAnswers(x.Family)
}

// known refuses places that do not stand: a function, family or unit that is gone, a role that was taken away.
func (s *Service) known(ctx context.Context, r db.Reader, w framework.Where) (*demand.Map, error) {
	m, err := s.mapOf(ctx, r)
	if err != nil {
		return nil, err
	}
	form := problem.Form{Bundle: locale()}
	if w.Function != "" && m.Function(w.Function) == nil {
		form.Wrong("function", "field.gone", nil)
	}
	if w.Family != "" && m.Family(w.Family) == nil {
		form.Wrong("family", "field.gone", nil)
	}
	if w.Department != "" && m.Unit(w.Department) == nil {
		form.Wrong("unit", "field.gone", nil)
	}
	if w.Role != "" && !slices.ContainsFunc(rolesOf(m.State), func(x RoleOf) bool { return x.ID == w.Role }) {
		form.Wrong("role", "field.gone", nil)
	}
	return m, form.Err()
}
