package identity

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/identity/oidc"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// spareRows is how many empty lines the table of groups has at its end.
const spareRows = 3

// mostRows is how many lines of the table of groups are read.
const mostRows = 400

// providerPage is the page on which a sign-in provider is set up.
type providerPage struct {
	words
	roles words // of the package around it, which names the roles
	ProviderView
	state *ui.FormState
	langs []instrument.Lang
	rows  []groupRow
	stays bool // a secret is stored, and stays when none is given
}

// groupRow is a line of the table of groups.
type groupRow struct{ group, role string }

func (p *Providers) show(w http.ResponseWriter, r *web.Request) error {
	v, err := p.Provider(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return p.showProvider(w, r, v, web.NewForm(), http.StatusOK, rowsOf(v.GroupRoles))
}

func (p *Providers) showProvider(w http.ResponseWriter, r *web.Request, v ProviderView, state *ui.FormState, status int, rows []groupRow) error {
	say := inOIDC(r.Lang)
	pg := back(page(say.say("page.title")), say.say("page.organisation"), "/organisation")
	pg.Lead = say.say("page.lead")
	for range spareRows {
		rows = append(rows, groupRow{})
	}
	body := providerPage{words: say, roles: in(r.Lang), ProviderView: v, state: state, langs: r.Org.Languages, rows: rows, stays: v.HasSecret}
	return r.Show(w, shaped(pg, state, status), providerBody(body))
}

// rowsOf writes groups as lines, in order of their names.
func rowsOf(groups map[string][]access.Role) []groupRow {
	var names []string
	for g := range groups {
		names = append(names, g)
	}
	slices.Sort(names)
	var out []groupRow
	for _, g := range names {
		for _, role := range groups[g] {
			out = append(out, groupRow{g, string(role)})
		}
	}
	return out
}

// readRows reads the lines of a form; those without a group are left out.
func readRows(form url.Values) []groupRow {
	var out []groupRow
	for i := range mostRows {
		n := strconv.Itoa(i)
		if !form.Has("group." + n) {
			break
		}
		if g := form.Get("group." + n); g != "" {
			out = append(out, groupRow{g, form.Get("role." + n)})
		}
	}
	return out
}

// readProvider reads the form. Lines of the same group come together.
func readProvider(form url.Values, rows []groupRow) ProviderInput {
	in := ProviderInput{
		Issuer: form.Get("issuer"), ClientID: form.Get("client"), Secret: form.Get("secret"), Enabled: form.Get("enabled") == "yes",
		Settings: oidc.Settings{
			Label: map[instrument.Lang]string{}, Scopes: strings.Fields(form.Get("scopes")), GroupsClaim: form.Get("claim"),
			GroupRoles: map[string][]access.Role{}, DefaultDeny: form.Get("deny") == "yes",
			CreateAccounts: form.Get("create") == "yes", LinkByMail: form.Get("link") == "yes",
		},
	}
	for _, lang := range instrument.Languages() {
		if text := form.Get("label." + string(lang)); text != "" {
			in.Label[lang] = text
		}
	}
	for _, row := range rows {
		if role := access.Role(row.role); !slices.Contains(in.GroupRoles[row.group], role) {
			in.GroupRoles[row.group] = append(in.GroupRoles[row.group], role)
		}
	}
	return in
}

func (p *Providers) save(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	rows := readRows(form)
	input := readProvider(form, rows)
	if _, err = p.SetProvider(r.Context(), r.Actor, input, r.Asked(form, input)); err == nil {
		return r.Redirect(w, "/organisation/sign-in", &web.Notice{Bundle: oidcNotices, Key: "notice.saved"})
	}
	v, readErr := p.Provider(r.Context(), r.Actor)
	if readErr != nil {
		return readErr
	}
	state, status, err := again(w, r, compact(form, rows), err)
	if err != nil {
		return err
	}
	return p.showProvider(w, r, v, state, status, rows)
}

// compact numbers the lines of a form anew, without the empty ones between them.
func compact(form url.Values, rows []groupRow) url.Values {
	out := url.Values{}
	for name, values := range form {
		if !strings.HasPrefix(name, "group.") && !strings.HasPrefix(name, "role.") {
			out[name] = values
		}
	}
	for i, row := range rows {
		out.Set("group."+strconv.Itoa(i), row.group)
		out.Set("role."+strconv.Itoa(i), row.role)
	}
	return out
}

func (p *Providers) try(w http.ResponseWriter, r *web.Request) error {
	say := inOIDC(r.Lang)
	pg := back(page(say.say("page.try-title")), say.say("page.title"), "/organisation/sign-in")
	found, err := p.TryProvider(r.Context(), r.Actor)
	q, ok := problem.Of(err)
	if err != nil && !ok {
		return err
	}
	var list []ui.Notice
	if q != nil {
		list = append(list, ui.Notice{Tone: ui.Failure, Title: say.say("page.found-wrong"), Text: q.Message.In(r.Lang)})
	}
	for _, f := range found {
		tone, title := ui.Warning, "page.found-look"
		if f.OK {
			tone, title = ui.Success, "page.found-ok"
		}
		list = append(list, ui.Notice{Tone: tone, Title: say.say(title), Text: f.In(r.Lang)})
	}
	return r.Show(w, pg, triedBody(say, list))
}

func (p *Providers) askRemove(w http.ResponseWriter, r *web.Request) error {
	if _, err := p.stored(r.Context(), r.Actor.Tenant); err != nil {
		return err
	}
	say := inOIDC(r.Lang)
	pg := back(page(say.say("page.remove-title")), say.say("page.title"), "/organisation/sign-in")
	return r.Show(w, pg, ui.ConfirmForm(ui.Confirm{
		Text: say.say("page.remove-text"), Form: ui.FormSpec{Action: "/organisation/sign-in/remove"},
		Do: ui.Action{Label: say.say("page.remove"), Kind: ui.Danger}, Cancel: "/organisation/sign-in",
	}))
}

func (p *Providers) remove(w http.ResponseWriter, r *web.Request) error {
	if err := p.RemoveProvider(r.Context(), r.Actor); err != nil {
		say := inOIDC(r.Lang)
		return cannot(w, r, say.say("page.remove-title"), ui.Action{Label: say.say("page.title"), Href: "/organisation/sign-in"}, err)
	}
	return r.Redirect(w, "/organisation/sign-in", &web.Notice{Bundle: oidcNotices, Key: "notice.removed"})
}

// cannot says why something was not done because of how things stand, with the way back. Any other error comes back.
func cannot(w http.ResponseWriter, r *web.Request, title string, to ui.Action, err error) error {
	q, ok := problem.Of(err)
	if !ok || q.Kind != problem.Conflict {
		return err
	}
	pg := page(title)
	pg.Lead, pg.Status = q.Message.In(r.Lang), web.Status(q.Kind)
	return r.Show(w, pg, ui.Buttons(to))
}

// tableOfGroups is the table in which groups are given roles.
func (v providerPage) tableOfGroups() ui.Table {
	t := ui.Table{
		Caption: v.say("page.groups"), HideCaption: true,
		Columns: []ui.Column{{Label: v.say("page.group")}, {Label: v.say("page.role")}},
	}
	var options []ui.Option
	for _, role := range access.Roles() {
		options = append(options, ui.Option{Value: string(role), Label: v.roles.say("role." + string(role))})
	}
	for i, row := range v.rows {
		n := strconv.Itoa(i)
		about := " " + strconv.Itoa(i+1)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Content: ui.TextField(v.state, ui.Field{Name: "group." + n, Label: v.say("page.group") + about, HideLabel: true, Value: row.group, MaxLength: 250, Autocomplete: "off"})},
			{Content: ui.Select(v.state, ui.Choice{
				Field: ui.Field{Name: "role." + n, Label: v.say("page.role") + about, HideLabel: true}, Options: options, Chosen: []string{row.role},
			})},
		}})
	}
	return t
}

// ticked is the value of a checkbox before a form was sent.
func ticked(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// providerTitle is what the page is called, for links to it.
func providerTitle(lang instrument.Lang) string { return inOIDC(lang).say("page.title") }

func (v providerPage) secretHint() string {
	if v.stays {
		return v.say("page.secret-stays")
	}
	return v.say("page.secret-hint")
}
