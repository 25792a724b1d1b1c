package gateway

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people/scim"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const longestGroup = 256 // characters

// rolesView is the table of groups and roles with its form.
type rolesView struct {
	words
	form   *ui.FormState
	list   []scim.GroupRole
	groups []scim.Group
	role   func(access.Role) string
}

func (g *Gateway) roles(w http.ResponseWriter, r *web.Request) error {
	return g.rolesPage(w, r, http.StatusOK, web.NewForm())
}

func (g *Gateway) rolesPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	v := rolesView{words: in(r.Lang), form: form, role: func(x access.Role) string { return g.RoleName(r.Lang, x) }}
	var err error
	if v.list, err = g.Registry.GroupRoles(r.Context(), r.Actor); err != nil {
		return err
	}
	if v.groups, err = g.Registry.Groups(r.Context(), r.Actor, mostGroups); err != nil {
		return err
	}
	p := web.Page{Page: ui.Page{Title: v.say("roles.title"), Lead: v.say("roles.lead"), Invalid: !form.OK(), Crumbs: []ui.Link{{Label: v.say("title"), Href: home}}}, Status: status}
	return r.Show(w, p, rolesPage(v))
}

// addRole lets a group give a role. The same line again changes nothing.
func (g *Gateway) addRole(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x := line(form.Get)
	if err = checked(x); err == nil {
		err = g.Registry.EditGroupRoles(r.Context(), r.Actor, func(list []scim.GroupRole) []scim.GroupRole {
			if slices.ContainsFunc(list, x.Same) {
				return list
			}
			return append(list, x)
		})
	}
	if errors.Is(err, scim.ErrGroupRole) {
		err = wrong("group", "error.group")
	}
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return g.rolesPage(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, home+"/roles", r.Notice(noticeBundle, "notice.role-added"))
}

// checked says what is wrong with a line.
func checked(x scim.GroupRole) error {
	form := problem.Form{Bundle: locale()}
	if x.By != scim.ByDisplayName && x.By != scim.ByExternalID {
		form.Wrong("by", "error.by", nil)
	}
	if n := utf8.RuneCountInString(x.Group); n == 0 || n > longestGroup {
		form.Wrong("group", "error.group-name", i18n.Args{"most": strconv.Itoa(longestGroup)})
	}
	if x.Role == access.Employee || !slices.Contains(access.Roles(), x.Role) {
		form.Wrong("role", "error.role", nil)
	}
	return form.Err()
}

func wrong(field, key string) error {
	form := problem.Form{Bundle: locale()}
	form.Wrong(field, key, nil)
	return form.Err()
}

func (g *Gateway) removeRole(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	x := line(form.Get)
	err = g.Registry.EditGroupRoles(r.Context(), r.Actor, func(list []scim.GroupRole) []scim.GroupRole { return slices.DeleteFunc(list, x.Same) })
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return g.rolesPage(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, home+"/roles", r.Notice(noticeBundle, "notice.role-removed"))
}

func (v rolesView) by() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "by", Label: v.say("roles.by"), Hint: v.say("roles.by-hint")}, Chosen: []string{string(scim.ByExternalID)}}
	for _, by := range []scim.By{scim.ByExternalID, scim.ByDisplayName} {
		c.Options = append(c.Options, ui.Option{Value: string(by), Label: v.say("by." + string(by)), Hint: v.say("by-hint." + string(by))})
	}
	return c
}

func (v rolesView) roleChoice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "role", Label: v.say("roles.role"), Hint: v.say("roles.role-hint")}, Options: []ui.Option{{Label: v.say("roles.choose")}}}
	for _, r := range access.Roles() {
		if r != access.Employee {
			c.Options = append(c.Options, ui.Option{Value: string(r), Label: v.role(r)})
		}
	}
	return c
}

func (v rolesView) known() ui.Table {
	t := ui.Table{Caption: v.say("groups.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("groups.name")}, {Label: v.say("groups.external")}, {Label: v.say("groups.members"), Numeric: true}}}
	for _, x := range v.groups {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(x.Name, x.ExternalID, v.Int(x.Members))})
	}
	return t
}
