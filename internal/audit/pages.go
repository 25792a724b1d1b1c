package audit

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Names knows how people and keys are called. Identity implements it.
type Names interface {
	// Names returns the names of accounts and keys by id. An account that was erased has none.
	Names(ctx context.Context, t tenant.ID, ids []string) (map[string]string, error)
}

// Pages shows the log.
type Pages struct {
	log   *Log
	names Names
	zone  func(context.Context, tenant.ID) *time.Location
}

// NewPages returns the pages of a log. Zone is the time zone of an organisation; nil means that of Brussels for all.
func NewPages(l *Log, names Names, zone func(context.Context, tenant.ID) *time.Location) *Pages {
	return &Pages{log: l, names: names, zone: zone}
}

// Mount makes the pages and their line in the menu known to a server.
func (p *Pages) Mount(s *web.Server) error {
	s.AddMenu(web.MenuItem{Href: "/audit", Label: say("page.menu"), Action: access.ReadAudit})
	return s.Add(
		web.Route{Pattern: "GET /audit", Action: access.ReadAudit, Handle: p.list},
		web.Route{Pattern: "GET /audit/log.csv", Action: access.ReadAudit, Slow: true, Handle: p.download},
	)
}

// Offers says what a person can do here at any time.
func (p *Pages) Offers(r *web.Request) []ui.Tile {
	if !r.Can(access.ReadAudit) {
		return nil
	}
	return []ui.Tile{{Title: say("page.menu").In(r.Lang), Href: "/audit", Text: say("page.offer").In(r.Lang)}}
}

const (
	pageSize  = 50
	sheetStep = 500    // entries that are read at a time
	sheetMost = 200000 // entries in one file
)

// view is what the page shows.
type view struct {
	log     *Log
	lang    instrument.Lang
	zone    *time.Location
	query   url.Values // of the filter alone
	form    *ui.FormState
	listed  Listed
	names   people
	actions []string
}

func (p *Pages) list(w http.ResponseWriter, r *web.Request) error {
	v := view{log: p.log, lang: r.Lang, zone: p.zoneOf(r.Context(), r.Actor.Tenant)}
	f := v.filter(r.URL.Query())
	var err error
	if v.form.OK() {
		if v.listed, err = p.log.List(r.Context(), r.Actor.Tenant, f, pageSize); err != nil {
			return err
		}
	}
	if v.names, err = p.namesOf(r.Context(), r.Actor.Tenant, v.listed.Entries, f.Actor, f.Account); err != nil {
		return err
	}
	if v.actions, err = actions(r.Context(), p.log.db.Of(r.Actor.Tenant)); err != nil {
		return err
	}
	status := http.StatusOK
	if !v.form.OK() {
		status = http.StatusUnprocessableEntity
	}
	return r.Show(w, web.Page{Page: ui.Page{Title: v.t("page.title"), Lead: v.t("page.lead"), Invalid: !v.form.OK()}, Status: status}, body(v))
}

func (p *Pages) download(w http.ResponseWriter, r *web.Request) error {
	v := view{log: p.log, lang: r.Lang, zone: p.zoneOf(r.Context(), r.Actor.Tenant)}
	f := v.filter(r.URL.Query())
	f.Before, f.After = "", ""
	part, err := p.log.List(r.Context(), r.Actor.Tenant, f, sheetStep)
	if err != nil {
		return err // before the first byte, so that it becomes a page
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	out, err := p.log.sheet(w, r.Lang, v.zone)
	if err != nil {
		return err
	}
	for n := 0; ; {
		names, err := p.namesOf(r.Context(), r.Actor.Tenant, part.Entries)
		if err != nil {
			return err
		}
		if err := out.add(part.Entries, names); err != nil {
			return err
		}
		if n += len(part.Entries); !part.Older || n >= sheetMost {
			return nil
		}
		f.Before = part.Entries[len(part.Entries)-1].ID
		if part, err = p.log.List(r.Context(), r.Actor.Tenant, f, sheetStep); err != nil {
			return err
		}
	}
}

// filter reads the filter of an address. What is wrong stands in the state of the form.
func (v *view) filter(q url.Values) Filter {
	v.query = url.Values{}
	for _, name := range []string{"actor", "account", "action", "from", "to"} {
		if value := strings.TrimSpace(q.Get(name)); value != "" {
			v.query.Set(name, value)
		}
	}
	v.form = ui.NewFormState(v.query)
	f := Filter{
		Actor: v.query.Get("actor"), Account: v.query.Get("account"), Action: v.query.Get("action"), Before: q.Get("before"), After: q.Get("after"),
	}
	f.From, f.To = v.day("from", 0), v.day("to", 1)
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		v.form.Fail("to", v.t("problem.order"))
	}
	return f
}

// day returns the start of a day in the zone of the organisation, some days later; zero when none was given.
func (v *view) day(name string, later int) time.Time {
	value := v.query.Get(name)
	if value == "" {
		return time.Time{}
	}
	d, err := time.ParseInLocation(time.DateOnly, value, v.zone)
	if err != nil {
		v.form.Fail(name, v.t("problem.day"))
		return time.Time{}
	}
	return d.AddDate(0, 0, later)
}

func (p *Pages) zoneOf(ctx context.Context, t tenant.ID) *time.Location {
	if p.zone != nil {
		if z := p.zone(ctx, t); z != nil {
			return z
		}
	}
	return clock.Brussels()
}

func (p *Pages) namesOf(ctx context.Context, t tenant.ID, entries []Entry, more ...string) (people, error) {
	seen, ids := map[string]bool{"": true}, []string(nil)
	for _, e := range entries {
		more = append(more, e.ActorID, e.Account)
	}
	for _, id := range more {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return people{}, nil
	}
	return p.names.Names(ctx, t, ids)
}

func (v view) t(key string) string { return locale().Printer(v.lang).T(key, nil) }

func (v view) table() ui.Table {
	t := ui.Table{Caption: v.t("page.caption"), HideCaption: true}
	for _, key := range []string{"page.at", "page.who", "page.what", "page.about", "page.subject", "page.detail"} {
		t.Columns = append(t.Columns, ui.Column{Label: v.t(key), Long: key == "page.detail"})
	}
	for _, e := range v.listed.Entries {
		who := ui.Cell{Text: v.names.who(v.lang, e.Actor, e.ActorID)}
		if e.ActorID != "" {
			who.Href = v.at("actor", e.ActorID)
		}
		about := ui.Cell{Text: v.names.account(v.lang, e.Account)}
		if e.Account != "" {
			about.Href = v.at("account", e.Account)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Content: moment(e.At.Format(time.RFC3339), clock.ISO(e.At, v.zone))}, who, {Text: v.log.Words(v.lang, e.Action)}, about,
			{Text: e.Subject}, {Text: v.log.details(v.lang, e)},
		}})
	}
	return t
}

// at is the address of this page with one more wish in its filter.
func (v view) at(pairs ...string) string {
	q := url.Values{}
	for name, values := range v.query {
		q[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return address("/audit", q)
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (v view) pager() ui.Pager {
	var p ui.Pager
	n := len(v.listed.Entries)
	if n > 0 && v.listed.Newer {
		p.Newer = v.at("after", v.listed.Entries[0].ID)
	}
	if n > 0 && v.listed.Older {
		p.Older = v.at("before", v.listed.Entries[n-1].ID)
	}
	return p
}

// actionOptions lists what can be chosen: all, and each action that stands in the log.
func (v view) actionOptions() []ui.Option {
	list := []ui.Option{{Value: "", Label: v.t("page.all-actions")}}
	var known []ui.Option
	for _, a := range v.actions {
		known = append(known, ui.Option{Value: a, Label: v.log.Words(v.lang, a)})
	}
	i18n.Collate(locale().Printer(v.lang), known, func(o ui.Option) string { return o.Label })
	return append(list, known...)
}

// person names the account or key that the filter wants, for the line that says so.
func (v view) person(name string) string {
	id := v.query.Get(name)
	if id == "" {
		return ""
	}
	return v.names.account(v.lang, id)
}

// without is the address of this page without one wish of its filter.
func (v view) without(name string) string {
	q := url.Values{}
	for other, values := range v.query {
		if other != name {
			q[other] = values
		}
	}
	return address("/audit", q)
}

func (v view) hidden() []ui.NameValue {
	var out []ui.NameValue
	for _, name := range []string{"actor", "account"} {
		if id := v.query.Get(name); id != "" {
			out = append(out, ui.NameValue{Name: name, Value: id})
		}
	}
	return out
}
