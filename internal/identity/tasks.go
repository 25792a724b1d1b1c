package identity

import (
	"context"

	"tekentafel/internal/access"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// rankInvite is where inviting people stands among the tasks: a next step, as web.Task has it.
const rankInvite = 30

// Tasks tells whoever may add people that the organisation has but one account.
func (s *Service) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	if !r.Can(access.ChangeAccount) {
		return nil, nil
	}
	var others bool
	err := s.db.Of(r.Actor.Tenant).Row(ctx, `SELECT EXISTS (SELECT 1 FROM accounts WHERE tenant_id = $1 AND id <> $2 AND state <> 'erased')`,
		[]any{r.Actor.Owner}, &others)
	if err != nil || others {
		return nil, err
	}
	w := in(r.Lang)
	return []web.Task{{Title: w.say("task.invite"), Text: w.say("task.invite-text"), Href: "/people/new", Label: w.say("people.new"),
		Tag: w.say("menu.people"), Rank: rankInvite, Tone: ui.Warning}}, nil
}

// Offers says what who manages people and the organisation can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	w := in(r.Lang)
	var out []ui.Tile
	if r.Can(access.ReadAccounts) {
		people := ui.Tile{Title: w.say("menu.people"), Href: "/people", Text: w.say("task.offer-people")}
		if r.Can(access.ChangeAccount) {
			people.Text = w.say("task.offer-people-all")
		}
		out = append(out, people)
	}
	if r.Can(access.ChangeOrganisation) {
		out = append(out, ui.Tile{Title: w.say("menu.organisation"), Href: "/organisation", Text: w.say("task.offer-organisation")})
	}
	return out
}

// OwnOffers says what everyone can do at any time about the own account.
type OwnOffers struct{}

// Offers says what a person can do here at any time.
func (OwnOffers) Offers(r *web.Request) []ui.Tile {
	w := in(r.Lang)
	return []ui.Tile{{Title: w.say("menu.security"), Href: "/me/security", Text: w.say("task.offer-security")}}
}

// RoleWords implements web.RoleWriter.
func (s *Service) RoleWords(r *web.Request) string { return roleWords(in(r.Lang), r.Actor.Roles) }
