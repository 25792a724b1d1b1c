package privacy

import (
	"context"
	"net/http"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Surroundings is what the pages of this package need of the rest of the house.
type Surroundings struct {
	// Zone is the time zone of an organisation; nil means that of Brussels for all.
	Zone func(context.Context, tenant.ID) *time.Location
	// SignOut takes the session cookie from a browser whose account is gone.
	SignOut func(w http.ResponseWriter, r *web.Request)
}

// Pages shows people what is held about them, and officers how long what is kept.
type Pages struct {
	people    *People
	retention *Retention
	around    Surroundings
}

// NewPages returns the pages.
func NewPages(people *People, retention *Retention, around Surroundings) *Pages {
	return &Pages{people: people, retention: retention, around: around}
}

// Mount makes the pages, their lines in the menu and their notices known to a server.
func (p *Pages) Mount(s *web.Server) error {
	s.AddMenu(
		web.MenuItem{Href: "/me/data", Label: say("page.menu-mine")},
		web.MenuItem{Href: "/retention", Label: say("page.menu-retention"), Action: access.ReadRetention},
	)
	s.AddNotices("privacy", locale())
	return s.Add(
		web.Route{Pattern: "GET /me/data", Action: access.ReadOwn, Handle: p.mine},
		web.Route{Pattern: "GET /me/data/export.json", Action: access.ReadOwn, Handle: p.export},
		web.Route{Pattern: "GET /me/data/erase", Action: access.EraseOwn, Fresh: true, Handle: p.askErase},
		web.Route{Pattern: "POST /me/data/erase", Action: access.EraseOwn, Fresh: true, Handle: p.erase},
		web.Route{Pattern: "GET /me/erased", Public: true, Handle: p.erased},
		web.Route{Pattern: "GET /retention", Action: access.ReadRetention, Handle: p.periods},
		web.Route{Pattern: "POST /retention", Action: access.ChangeRetention, Handle: p.setPeriods},
		web.Route{Pattern: "GET /retention/apply", Action: access.ChangeRetention, Handle: p.askApply},
		web.Route{Pattern: "POST /retention/apply", Action: access.ChangeRetention, Handle: p.apply},
	)
}

func (p *Pages) zone(ctx context.Context, t tenant.ID) *time.Location {
	if p.around.Zone != nil {
		if z := p.around.Zone(ctx, t); z != nil {
			return z
		}
	}
	return clock.Brussels()
}

func text(lang instrument.Lang, key string, args i18n.Args) string {
	return locale().Printer(lang).T(key, args)
}

func (p *Pages) mine(w http.ResponseWriter, r *web.Request) error {
	sections, err := p.people.Held(r.Context(), r.Actor.Tenant, r.Actor, r.Actor.ID)
	if err != nil {
		return err
	}
	return r.Show(w, web.Page{Page: ui.Page{
		Title: text(r.Lang, "mine.title", nil), Lead: text(r.Lang, "mine.lead", i18n.Args{"organisation": r.Org.Name}),
		Actions: []ui.Action{
			{Label: text(r.Lang, "mine.export", nil), Href: "/me/data/export.json", Kind: ui.Quiet, Download: true},
			{Label: text(r.Lang, "mine.erase", nil), Href: "/me/data/erase", Kind: ui.Plain},
		},
	}}, mineBody(r.Lang, p.zone(r.Context(), r.Actor.Tenant), sections))
}

func (p *Pages) export(w http.ResponseWriter, r *web.Request) error {
	raw, err := p.people.Export(r.Context(), r.Actor.Tenant, r.Actor, r.Actor.ID, r.Org.Name, r.Lang)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+text(r.Lang, "mine.file", nil)+`.json"`)
	return r.Send(w, http.StatusOK, "application/json; charset=utf-8", raw)
}

// erasePage shows what erasure does and asks to confirm it.
func (p *Pages) erasePage(w http.ResponseWriter, r *web.Request, form *ui.FormState, status int) error {
	return r.Show(w, web.Page{Page: ui.Page{
		Title: text(r.Lang, "erase.title", nil), Lead: text(r.Lang, "erase.lead", nil), Invalid: !form.OK(),
		Back: &ui.Link{Label: text(r.Lang, "mine.title", nil), Href: "/me/data"},
	}, Status: status}, eraseBody(r.Lang, p.people.Effects(), form))
}

func (p *Pages) askErase(w http.ResponseWriter, r *web.Request) error {
	return p.erasePage(w, r, nil, http.StatusOK)
}

func (p *Pages) erase(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if form.Get("sure") != "yes" {
		state := ui.NewFormState(form)
		state.Fail("sure", text(r.Lang, "erase.unsure", nil))
		return p.erasePage(w, r, state, http.StatusUnprocessableEntity)
	}
	if err := p.people.Erase(r.Context(), r.Actor.Tenant, r.Actor, r.Actor.ID); err != nil {
		return err
	}
	if p.around.SignOut != nil {
		p.around.SignOut(w, r)
	}
	return r.Redirect(w, "/me/erased", nil)
}

func (p *Pages) erased(w http.ResponseWriter, r *web.Request) error {
	return r.Show(w, web.Page{Bare: true, Page: ui.Page{
		Title: text(r.Lang, "erased.title", nil), Lead: text(r.Lang, "erased.lead", nil),
	}}, nothing())
}

func more(lang instrument.Lang, n int) string {
	print := locale().Printer(lang)
	return print.N("mine.more", n, i18n.Args{"n": print.Int(n)})
}

// shownRows is how many rows of a section show at once. A page on which each time that somebody signed in has its line is one that
// nobody reads to the end; what goes on is behind the first, and on paper.
const shownRows = 8

// rowsTable shows a section as a table.
func rowsTable(lang instrument.Lang, zone *time.Location, s held.Section) ui.Table {
	print := locale().Printer(lang)
	t := ui.Table{Caption: s.Title.In(lang), HideCaption: true}
	for _, key := range []string{"mine.what", "mine.value", "mine.when"} {
		t.Columns = append(t.Columns, ui.Column{Label: text(lang, key, nil)})
	}
	for _, r := range s.Rows {
		value, when := ui.Cell{Text: r.Value}, ui.Cell{Text: "–", Quiet: true}
		if words := r.Words.In(lang); words != "" {
			value.Text = words
		}
		if value.Text == "" {
			value = when
		}
		if !r.When.IsZero() {
			when = ui.Cell{Text: print.Moment(r.When.In(zone))}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Label.In(lang)}, value, when}})
	}
	return t
}

func eraseConfirm(lang instrument.Lang, form *ui.FormState) ui.Confirm {
	return ui.Confirm{
		ID: "erase", Form: ui.FormSpec{State: form, Action: "/me/data/erase"}, Cancel: "/me/data",
		Do: ui.Action{Label: text(lang, "erase.do", nil), Kind: ui.Danger}, Content: sure(lang, form),
	}
}
