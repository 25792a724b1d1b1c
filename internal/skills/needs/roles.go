package needs

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/contact"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// RoleOf is a role that people have beside their function, such as "who buys software", with the levels that it asks.
type RoleOf struct {
	ID, Name, Text string
	Levels         map[string]int // by skill; one that is absent is not asked
	Reason         string         // of the levels
}

// rolesOf lists the roles that stand, with their levels for everyone who has them.
func rolesOf(state *demand.State) []RoleOf {
	var out []RoleOf
	at := map[string]int{}
	for _, w := range state.All(demand.Role) {
		at[w.Role] = len(out)
		out = append(out, RoleOf{ID: w.Role, Name: w.Value.Value, Text: w.Note, Levels: map[string]int{}})
	}
	for _, w := range state.All(demand.Level) {
		i, known := at[w.Role]
		if !known || w.Where != (framework.Where{Role: w.Role}) {
			continue
		}
		if n, err := strconv.Atoi(w.Value.Value); err == nil {
			out[i].Levels[w.Item], out[i].Reason = n, w.Note
		}
	}
	return out
}

// Roles lists the roles of the organisation, for whoever reads needs.
func (s *Service) Roles(ctx context.Context, actor access.Actor) ([]RoleOf, error) {
	if err := allow(actor, access.ReadNeeds); err != nil {
		return nil, err
	}
	state, err := s.committed(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return nil, err
	}
	return rolesOf(state), nil
}

func roleOf(state *demand.State, roleID string) (RoleOf, error) {
	for _, x := range rolesOf(state) {
		if x.ID == roleID {
			return x, nil
		}
	}
	return RoleOf{}, db.ErrNoRow
}

// PutRole adds a role, for ID "", or changes one with all its levels.
func (s *Service) PutRole(ctx context.Context, actor access.Actor, x RoleOf, at int64, ask asked.Request) (roleID string, err error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return "", err
	}
	m, err := s.mapOf(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return "", err
	}
	form := problem.Form{Bundle: locale()}
	x.Name, x.Text = contact.Line(x.Name), contact.Line(x.Text)
	if n := utf8.RuneCountInString(x.Name); n == 0 || n > mostName {
		form.Wrong("name", "field.name", i18n.Args{"most": itoa(mostName)})
	}
	if utf8.RuneCountInString(x.Text) > mostNote {
		form.Wrong("text", "field.note", i18n.Args{"most": itoa(mostNote)})
	}
	if fresh := x.ID == ""; fresh {
		x.ID = id.New(s.Now())
	} else if _, err := roleOf(m.State, x.ID); err != nil {
		return "", err
	}
	where := framework.Where{Role: x.ID}
	wishes := []demand.Wish{{Key: demand.Key{Kind: demand.Role, Where: where}, Value: demand.Value{Value: x.Name, Note: x.Text}}}
	asks := false
	for i := range m.Framework.Skills {
		skill := m.Framework.Skills[i].ID
		n := x.Levels[skill]
		w := demand.Wish{Key: demand.Key{Kind: demand.Level, Where: where, Item: skill}}
		if n < 0 || n > framework.MostLevels {
			form.Wrong("level-"+skill, "field.choice", nil)
		}
		if n > 0 {
			asks = true
			w.Value = demand.Value{Value: itoa(n), Note: contact.Line(x.Reason)}
		}
		wishes = append(wishes, w)
	}
	if asks {
		reasonOf(&form, "reason", x.Reason)
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	check := func(_ context.Context, _ *db.Scope, state *demand.State) error {
		for _, other := range rolesOf(state) {
			if other.ID != x.ID && strings.EqualFold(other.Name, x.Name) {
				taken := problem.Form{Bundle: locale()}
				taken.Wrong("name", "field.name-taken", nil)
				return taken.Err()
			}
		}
		return nil
	}
	err = s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) (err error) {
		// Who asks twice is told the role of the first time.
		roleID, err = asked.Once(ctx, tx, s.Now, ask, func() (string, error) {
			_, err := s.writeIn(ctx, tx, actor, &edit{kind: ByRole, at: at, wishes: wishes, check: check})
			return x.ID, err
		})
		return err
	})
	return roleID, err
}

// DropRole takes a role away with every level that is set for it. It can be put back as any change.
func (s *Service) DropRole(ctx context.Context, actor access.Actor, roleID string, at int64) (int64, error) {
	if err := allow(actor, access.ChangeNeeds); err != nil {
		return 0, err
	}
	state, err := s.committed(ctx, s.DB.Of(actor.Tenant))
	if err != nil {
		return 0, err
	}
	if _, err := roleOf(state, roleID); err != nil {
		return 0, err
	}
	wishes := []demand.Wish{{Key: demand.Key{Kind: demand.Role, Where: framework.Where{Role: roleID}}}}
	for _, w := range state.All(demand.Level) {
		if w.Role == roleID {
			wishes = append(wishes, demand.Wish{Key: w.Key})
		}
	}
	return s.write(ctx, actor, edit{kind: ByRole, at: at, wishes: wishes})
}
