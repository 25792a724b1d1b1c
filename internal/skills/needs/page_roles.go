package needs

import (
	"net/http"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// rolesView is the list of roles.
type rolesView struct {
	words
	table   ui.Table
	changes bool
}

func (s *Service) roles(w http.ResponseWriter, r *web.Request) error {
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := rolesView{words: wordsOf(r), changes: r.Can(access.ChangeNeeds)}
	v.table = ui.Table{Caption: v.say("roles.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.role")}}}
	v.table.Columns = append(v.table.Columns, ui.Column{Label: v.say("roles.levels"), Long: true}, ui.Column{Label: v.say("what.reason"), Long: true})
	list := rolesOf(m.State)
	i18n.Collate(v.Printer, list, func(x RoleOf) string { return x.Name })
	for _, x := range list {
		cell := ui.Cell{Content: named(x.Name, "", x.Text)}
		if v.changes {
			cell.Content = named(x.Name, rolesAt+"/"+x.ID, x.Text)
		}
		var asks []string
		for i := range m.Framework.Skills {
			if n := x.Levels[m.Framework.Skills[i].ID]; n > 0 {
				asks = append(asks, v.T("roles.asks", i18n.Args{"skill": v.of(m.Framework.Skills[i].Name), "level": v.level(m.Framework, n)}))
			}
		}
		if len(asks) == 0 {
			asks = []string{v.say("roles.no-level")}
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{cell, {Content: lines(asks)}, {Text: x.Reason}}})
	}
	p := below(r, v.say("roles.title"))
	p.Lead = v.say("roles.lead")
	if v.changes {
		p.Actions = []ui.Action{{Label: v.say("roles.new"), Href: rolesAt + "/new", Kind: ui.Quiet}}
	}
	return r.Show(w, p, rolesPage(v))
}

// roleView is the form with a role.
type roleView struct {
	words
	m    *demand.Map
	role RoleOf
	form *ui.FormState
}

func (s *Service) askRole(w http.ResponseWriter, r *web.Request) error {
	return s.roleForm(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) roleForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := roleView{words: wordsOf(r), m: m, form: form}
	title := v.say("roles.new")
	if id := r.PathValue("id"); id != "" {
		if v.role, err = roleOf(m.State, id); err != nil {
			return err
		}
		title = v.role.Name
	}
	p := below(r, title, v.link("roles.title", rolesAt))
	p.Status, p.Invalid = status, !form.OK()
	if v.role.ID != "" {
		p.Actions = []ui.Action{{Label: v.say("roles.drop"), Href: rolesAt + "/" + v.role.ID + "/drop", Kind: ui.Quiet}}
	}
	return r.Show(w, p, rolePage(v))
}

func (v roleView) at() string {
	if v.role.ID == "" {
		return rolesAt
	}
	return rolesAt + "/" + v.role.ID
}

func (v roleView) levelField(i int) ui.Choice {
	skill := &v.m.Framework.Skills[i]
	return ui.Choice{Field: ui.Field{Name: "level-" + skill.ID, Label: v.of(skill.Name)}, Chosen: []string{itoa(v.role.Levels[skill.ID])}, Options: bare(v.levels(v.m.Framework, v.say("roles.no-level")))}
}

func (s *Service) putRole(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	f, err := s.Framework(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	x := RoleOf{ID: r.PathValue("id"), Name: form.Get("name"), Text: form.Get("text"), Reason: form.Get("reason"), Levels: map[string]int{}}
	for i := range f.Skills {
		if n, err := strconv.Atoi(form.Get("level-" + f.Skills[i].ID)); err == nil {
			x.Levels[f.Skills[i].ID] = n
		}
	}
	if _, err := s.PutRole(r.Context(), r.Actor, x, numberOf(form.Get("at")), r.Asked(form, x)); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.roleForm(w, r, status, state) })
	}
	return r.Redirect(w, rolesAt, notice(r, "kept"))
}

func (s *Service) askDropRole(w http.ResponseWriter, r *web.Request) error {
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	x, err := roleOf(m.State, r.PathValue("id"))
	if err != nil {
		return err
	}
	say := wordsOf(r)
	n := 0
	for _, w := range m.State.All(demand.Level) {
		if w.Role == x.ID {
			n++
		}
	}
	at := rolesAt + "/" + x.ID
	p := below(r, say.say("roles.drop"), say.link("roles.title", rolesAt), ui.Link{Label: x.Name, Href: at})
	c := ui.Confirm{ID: "drop", Title: say.say("roles.drop"), Text: say.N("roles.drop-text", n, i18n.Args{"name": x.Name, "n": say.Int(n)}), Cancel: at,
		Form: ui.FormSpec{State: web.NewForm(), Action: at + "/drop", Hidden: hidden(m.State.Seq)}, Do: ui.Action{Label: say.say("roles.drop-do"), Kind: ui.Danger}}
	return r.Show(w, p, ui.ConfirmForm(c))
}

func (s *Service) dropRole(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if _, err := s.DropRole(r.Context(), r.Actor, id, numberOf(form.Get("at"))); err != nil {
		if conflict(err) {
			return r.Redirect(w, rolesAt+"/"+id+"/drop", &web.Notice{Bundle: noticeBundle, Key: "notice.changed", Bad: true})
		}
		return err
	}
	return r.Redirect(w, rolesAt, notice(r, "dropped"))
}
