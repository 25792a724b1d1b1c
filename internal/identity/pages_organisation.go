package identity

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

func (p *pages) organisationRoutes() []web.Route {
	const logoBody = MostLogo + 64<<10
	return []web.Route{
		{Pattern: "GET /organisation", Action: access.ReadOrganisation, Handle: p.own},
		{Pattern: "POST /organisation", Action: access.ChangeOrganisation, Handle: p.changeOwn},
		{Pattern: "GET /organisation/look", Action: access.ChangeOrganisation, Handle: p.look},
		{Pattern: "POST /organisation/theme", Action: access.ChangeOrganisation, Handle: p.setTheme},
		{Pattern: "POST /organisation/logo", Action: access.ChangeOrganisation, Body: logoBody, Slow: true, Handle: p.setLogo},
		{Pattern: "POST /organisation/logo/remove", Action: access.ChangeOrganisation, Handle: p.removeLogo},
		{Pattern: "GET /organisations", Action: access.AddOrganisation, Handle: p.held},
		{Pattern: "GET /organisations/new", Action: access.AddOrganisation, Handle: p.newHeld},
		{Pattern: "POST /organisations", Action: access.AddOrganisation, Fresh: true, Handle: p.addHeld},
		{Pattern: "GET /organisations/{id}", Action: access.AddOrganisation, Handle: p.oneHeld},
		{Pattern: "POST /organisations/{id}", Action: access.AddOrganisation, Handle: p.changeHeld},
		{Pattern: "POST /organisations/{id}/link", Action: access.AddOrganisation, Fresh: true, Handle: p.heldLink},
		{Pattern: "GET /theme/{slug}/{file}", Public: true, Handle: p.themeFile},
		{Pattern: "GET /logo/{slug}/{file}", Public: true, Handle: p.logoFile},
	}
}

// organisationView is the page with what an organisation decides.
type organisationView struct {
	words
	org   OrganisationView
	state *ui.FormState
	path  string
	may   bool // change it
	added bool // it is not there yet
	own   bool // it is that of the reader
	first bool // it waits for its first administrator
}

func (p *pages) own(w http.ResponseWriter, r *web.Request) error {
	return p.showOrganisation(w, r, r.Actor.Tenant, &ui.FormState{}, http.StatusOK)
}

func (p *pages) showOrganisation(w http.ResponseWriter, r *web.Request, t tenant.ID, state *ui.FormState, status int) error {
	o, err := p.Organisation(r.Context(), r.Actor, t)
	if err != nil {
		return err
	}
	v := organisationView{words: in(r.Lang), org: o, state: state, path: "/organisation", own: t == r.Actor.Tenant}
	v.may = access.Can(r.Actor, access.ChangeOrganisation, o.resource())
	pg := page(v.say("organisation.title"))
	pg.Lead = v.say("organisation.lead")
	if !v.own {
		v.path = "/organisations/" + string(t)
		pg = back(page(o.Name), v.say("organisations.title"), "/organisations")
		n, err := administrators(r.Context(), p.db.Of(t))
		if err != nil {
			return err
		}
		v.first = n == 0
	}
	return r.Show(w, shaped(pg, state, status), organisationBody(v))
}

// organisationIn reads the form of an organisation.
func organisationIn(form url.Values) OrganisationInput {
	in := OrganisationInput{
		Slug: form.Get("slug"), Host: form.Get("host"), Name: form.Get("name"), Languages: langsIn(form, "languages"),
		GroupSize: wholeIn(form, "groupSize"), Synthetic: form.Get("synthetic") == "yes", Version: version(form),
		Settings: Settings{
			SessionHours: wholeIn(form, "sessionHours"), IdleMinutes: wholeIn(form, "idleMinutes"),
			SecondFactorOptional: form.Get("secondFactor") != "yes", NoPassword: form.Get("withPassword") != "yes", NoPIN: form.Get("withPin") != "yes",
		},
	}
	if in.Slug == "" {
		in.Slug = SlugOf(in.Name)
	}
	return in
}

// wholeIn reads a whole number; what is none is out of every range, and nothing is 0.
func wholeIn(form url.Values, name string) int {
	s := strings.TrimSpace(form.Get(name))
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n == 0 {
		return -1
	}
	return n
}

func (p *pages) changeOwn(w http.ResponseWriter, r *web.Request) error {
	return p.change(w, r, r.Actor.Tenant, "/organisation")
}

func (p *pages) change(w http.ResponseWriter, r *web.Request, t tenant.ID, to string) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	in := organisationIn(form)
	if err := p.fresh(r, t, in.Settings); err != nil {
		return err
	}
	if _, err := p.ChangeOrganisation(r.Context(), r.Actor, t, in); err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showOrganisation(w, r, t, state, status)
	}
	return r.Redirect(w, to, notice("organisation-changed"))
}

// fresh asks for a new proof of who somebody is when they change how people sign in.
func (p *pages) fresh(r *web.Request, t tenant.ID, next Settings) error {
	if p.now().Sub(r.ConfirmedAt).Abs() <= web.FreshFor {
		return nil
	}
	o, err := p.Organisation(r.Context(), r.Actor, t)
	if err == nil && o.Settings != next {
		err = &problem.Problem{Kind: problem.Confirm}
	}
	return err
}

func (p *pages) held(w http.ResponseWriter, r *web.Request) error {
	list, err := p.Organisations(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	v := in(r.Lang)
	t := ui.Table{Caption: v.say("organisations.title"), HideCaption: true}
	for _, key := range []string{"organisation.name", "organisation.slug", "organisation.languages"} {
		t.Columns = append(t.Columns, ui.Column{Label: v.say(key)})
	}
	for _, o := range list {
		if o.ID == r.Actor.Tenant {
			continue
		}
		var langs []string
		for _, l := range o.Languages {
			langs = append(langs, ui.LanguageName(l))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Name, Href: "/organisations/" + string(o.ID)}, {Text: o.Slug}, {Text: strings.Join(langs, ", ")}}})
	}
	pg := back(page(v.say("organisations.title")), v.say("organisation.title"), "/organisation")
	pg.Lead = v.say("organisations.lead")
	if len(t.Rows) > 0 {
		pg.Actions = []ui.Action{{Label: v.say("organisations.new"), Href: "/organisations/new"}}
	}
	return r.Show(w, pg, organisationsBody(v, t))
}

func (p *pages) newHeld(w http.ResponseWriter, r *web.Request) error {
	return p.showNewHeld(w, r, web.NewForm(), http.StatusOK)
}

func (p *pages) showNewHeld(w http.ResponseWriter, r *web.Request, state *ui.FormState, status int) error {
	v := organisationView{words: in(r.Lang), org: OrganisationView{GroupSize: DefaultGroupSize, Languages: r.Org.Languages}, state: state, path: "/organisations", may: true, added: true}
	pg := back(page(v.say("organisations.new")), v.say("organisations.title"), "/organisations")
	return r.Show(w, shaped(pg, state, status), organisationBody(v))
}

func (p *pages) addHeld(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	in := organisationIn(form)
	added, err := p.AddOrganisation(r.Context(), r.Actor, in, r.Asked(form, in))
	if err != nil {
		state, status, err := again(w, r, form, err)
		if err != nil {
			return err
		}
		return p.showNewHeld(w, r, state, status)
	}
	if added.Link == "" { // the form came twice
		return r.Redirect(w, "/organisations/"+string(added.Organisation.ID), nil)
	}
	return p.toLink(w, r, added.Organisation, added.Link)
}

// toLink leads to the page that shows the link for a first administrator.
func (p *pages) toLink(w http.ResponseWriter, r *web.Request, o OrganisationView, link string) error {
	shown, err := p.showLink(r, Shown{
		Kind: ShownLink, Lines: []string{link}, Note: o.Name, Ends: p.now().Add(linkFirstLives), Next: "/organisations/" + string(o.ID),
	})
	if err != nil {
		return err
	}
	return r.Redirect(w, "/shown/"+shown, nil)
}

// heldID returns the organisation that the address names: one that the reader's federation holds.
func (p *pages) heldID(r *web.Request) (OrganisationView, error) {
	t := tenant.ID(r.PathValue("id"))
	if t == r.Actor.Tenant {
		return OrganisationView{}, db.ErrNoRow
	}
	return p.Organisation(r.Context(), r.Actor, t)
}

func (p *pages) oneHeld(w http.ResponseWriter, r *web.Request) error {
	o, err := p.heldID(r)
	if err != nil {
		return err
	}
	return p.showOrganisation(w, r, o.ID, &ui.FormState{}, http.StatusOK)
}

func (p *pages) changeHeld(w http.ResponseWriter, r *web.Request) error {
	o, err := p.heldID(r)
	if err != nil {
		return err
	}
	return p.change(w, r, o.ID, "/organisations/"+string(o.ID))
}

func (p *pages) heldLink(w http.ResponseWriter, r *web.Request) error {
	o, err := p.heldID(r)
	if err != nil {
		return err
	}
	link, err := p.FirstAdministratorLink(r.Context(), r.Actor, o.ID)
	if err != nil {
		return err
	}
	return p.toLink(w, r, o, link)
}

// lookView is the page about colours and logo.
type lookView struct {
	words
	org     OrganisationView
	theme   *ui.FormState
	logo    *ui.FormState
	values  map[string]string
	clashes []ui.Clash
}

// chosenTokens are the colours that most organisations set; the others are behind a summary.
func chosenTokens() []string { return []string{"blue", "marker", "agreed", "ink", "paper"} }

// otherTokens are the rest, in the order of the themes.
func otherTokens() []string {
	var out []string
	for _, t := range ui.Light() {
		if !strings.Contains(" "+strings.Join(chosenTokens(), " ")+" ", " "+t.Name+" ") {
			out = append(out, t.Name)
		}
	}
	return out
}

func (p *pages) look(w http.ResponseWriter, r *web.Request) error {
	return p.showLook(w, r, &ui.FormState{}, &ui.FormState{}, nil, http.StatusOK)
}

func (p *pages) showLook(w http.ResponseWriter, r *web.Request, theme, logo *ui.FormState, clashes []ui.Clash, status int) error {
	o, err := p.Organisation(r.Context(), r.Actor, r.Actor.Tenant)
	if err != nil {
		return err
	}
	v := lookView{words: in(r.Lang), org: o, theme: theme, logo: logo, clashes: clashes}
	if v.values, err = readTheme(o.theme); err != nil {
		return err
	}
	theme.ID, logo.ID = "theme", "logo"
	pg := back(page(v.say("look.title")), v.say("organisation.title"), "/organisation")
	pg.Lead = v.say("look.lead")
	pg.Invalid, pg.Status = !theme.OK() || !logo.OK(), status
	return r.Show(w, pg, lookBody(v))
}

func (p *pages) setTheme(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	values := map[string]string{}
	for _, t := range ui.Light() {
		for _, scheme := range []string{ui.SchemeLight, ui.SchemeDark} {
			if key := scheme + "." + t.Name; form.Get(key) != "" {
				values[key] = form.Get(key)
			}
		}
	}
	_, err = p.SetTheme(r.Context(), r.Actor, r.Actor.Tenant, values)
	if problem.Is(err, problem.Invalid) {
		state := ui.NewFormState(form)
		malformed, clashes := themeProblems(err)
		for _, m := range malformed {
			state.Fail(m.Key, ui.TokenName(afterPoint(m.Key), r.Lang)+": "+m.Text(r.Lang))
		}
		for _, c := range clashes {
			state.Fail(clashField(c), c.Text(r.Lang))
		}
		return p.showLook(w, r, state, &ui.FormState{}, clashes, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, "/organisation/look", notice("theme-set"))
}

func afterPoint(key string) string {
	_, name, _ := strings.Cut(key, ".")
	return name
}

// clashField names the field with the colour to change. On paper the light colours hold.
func clashField(c ui.Clash) string {
	scheme := c.Scheme
	if scheme == ui.SchemePrint {
		scheme = ui.SchemeLight
	}
	return scheme + "." + c.Pair.Fore
}

func (p *pages) setLogo(w http.ResponseWriter, r *web.Request) error {
	part, err := filePart(r, "logo")
	if err == nil {
		_, err = p.SetLogo(r.Context(), r.Actor, r.Actor.Tenant, part)
	}
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			err = wrong("logo", "logo-size", nil)
		}
		state, status, err := again(w, r, url.Values{}, err)
		if err != nil {
			return err
		}
		return p.showLook(w, r, &ui.FormState{}, state, nil, status)
	}
	return r.Redirect(w, "/organisation/look", notice("logo-set"))
}

// filePart returns the file of a form that was sent as multipart/form-data.
func filePart(r *web.Request, name string) (*multipart.Part, error) {
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, say(problem.Unsupported, "form-files").Because(err)
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, wrong(name, "logo-none", nil)
		}
		if err != nil {
			return nil, say(problem.Invalid, "form-files").Because(err)
		}
		if part.FormName() == name && part.FileName() != "" {
			return part, nil
		}
	}
}

func (p *pages) removeLogo(w http.ResponseWriter, r *web.Request) error {
	if _, err := p.SetLogo(r.Context(), r.Actor, r.Actor.Tenant, nil); err != nil {
		return err
	}
	return r.Redirect(w, "/organisation/look", notice("logo-removed"))
}

func (p *pages) themeFile(w http.ResponseWriter, r *web.Request) error {
	hash, ok := strings.CutSuffix(r.PathValue("file"), ".css")
	if !ok {
		return db.ErrNoRow
	}
	css, present, err := p.themeSheet(r.Context(), r.PathValue("slug"), hash)
	if err != nil {
		return err
	}
	keep(w, present)
	return r.Send(w, http.StatusOK, "text/css; charset=utf-8", css)
}

func (p *pages) logoFile(w http.ResponseWriter, r *web.Request) error {
	hash, ok := strings.CutSuffix(r.PathValue("file"), ".png")
	if !ok {
		return db.ErrNoRow
	}
	logo, present, err := p.logoImage(r.Context(), r.PathValue("slug"), hash)
	if err != nil {
		return err
	}
	keep(w, present)
	return r.Send(w, http.StatusOK, "image/png", logo)
}

// keep lets browsers keep what its address names by its content; an address of before gets the present content for once.
func keep(w http.ResponseWriter, present bool) {
	if present {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
}
