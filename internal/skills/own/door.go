package own

import (
	"net/http"

	"tekentafel/internal/access"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// doorView is the page behind the door.
type doorView struct {
	words
	skills []ui.Fact
	offers []ui.Tile
	begin  *ui.FormState
}

// door shows what one can do about the own skills.
func (p *Pages) door(w http.ResponseWriter, r *web.Request) error {
	v := doorView{words: in(r.Lang), begin: web.NewForm()}
	m, err := p.materialOf(r)
	if err != nil {
		return err
	}
	for i := range m.Framework.Skills {
		s := &m.Framework.Skills[i]
		v.skills = append(v.skills, ui.Fact{Term: v.text(s.Name), Text: v.text(s.Summary)})
	}
	for _, o := range p.Offers {
		v.offers = append(v.offers, o.Offers(r)...)
	}
	if r.Can(access.OpenSkills) {
		v.offers = append(v.offers, ui.Tile{Title: v.say("links.title"), Href: linksAt, Text: v.say("links.tile")})
	}
	pg := page(v.say("door.title"))
	pg.Door, pg.Lead = DoorLearn, v.say("door.lead")
	return r.Show(w, pg, doorPage(v))
}

// start gives whoever is signed in a pass, and leads to the check or to the own profile. The pass knows what somebody does, and not who
// that is; nothing of it is written down.
func (p *Pages) start(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x := &pass{Tenant: r.Actor.Tenant, Account: true, Kiosk: r.Shared}
	if p.Posts != nil {
		post, err := p.Posts.Post(r.Context(), r.Actor.Tenant, r.Actor.ID)
		if err != nil {
			return err
		}
		x.Functions, x.Unit, x.Field, x.Known = post.Functions[:min(3, len(post.Functions))], post.Unit, post.Field, post.Known
	}
	if err := p.givePass(w, x); err != nil {
		return err
	}
	r.KeepLanguage(w)
	to := checkAt
	if form.Get("to") == "profile" {
		to = profileAt
	}
	return r.Redirect(w, to, nil)
}
