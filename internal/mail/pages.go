package mail

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/id"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Pages shows what was sent.
type Pages struct{ outbox *Outbox }

// NewPages returns the pages of an outbox.
func NewPages(o *Outbox) *Pages { return &Pages{outbox: o} }

// Mount makes the pages, their line in the menu and their notices known to a server.
func (p *Pages) Mount(s *web.Server) error {
	s.AddMenu(web.MenuItem{Href: "/mail", Label: say("page.menu", nil), Action: access.ReadMail})
	s.AddNotices("mail", locale())
	return s.Add(
		web.Route{Pattern: "GET /mail", Action: access.ReadMail, Handle: p.list},
		web.Route{Pattern: "POST /mail/test", Action: access.ResendMail, Handle: p.test},
		web.Route{Pattern: "GET /mail/{id}/resend", Action: access.ResendMail, Handle: p.askResend},
		web.Route{Pattern: "POST /mail/{id}/resend", Action: access.ResendMail, Handle: p.resend},
	)
}

// listView is what the list shows.
type listView struct {
	lang  instrument.Lang
	zone  *time.Location
	on    bool
	may   bool // resend and test
	state State
	page  Page
	form  *ui.FormState // of the test mail
	kinds func(name string) (Kind, bool)
}

func (p *Pages) list(w http.ResponseWriter, r *web.Request) error {
	return p.show(w, r, &ui.FormState{ID: "test", Once: id.Token()}, http.StatusOK)
}

func (p *Pages) show(w http.ResponseWriter, r *web.Request, form *ui.FormState, status int) error {
	q := r.URL.Query()
	v := listView{lang: r.Lang, on: p.outbox.On(), may: r.Can(access.ResendMail), state: State(q.Get("state")), form: form, kinds: p.outbox.kind}
	if !slices.Contains(States(), v.state) {
		v.state = ""
	}
	v.zone = p.outbox.zone(r.Context(), r.Actor.Tenant)
	var err error
	if v.page, err = p.outbox.List(r.Context(), r.Actor.Tenant, r.Actor, v.state, q.Get("before"), q.Get("after")); err != nil {
		return err
	}
	return r.Show(w, web.Page{Page: ui.Page{
		Title: text(r.Lang, "page.title", nil), Lead: text(r.Lang, "page.lead", nil), Invalid: !form.OK(),
	}, Status: status}, listBody(v))
}

func (p *Pages) test(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	to := form.Get("to")
	err = p.outbox.SendTest(r.Context(), r.Actor.Tenant, r.Actor, to, r.Org.Name, r.Lang, r.Asked(form, to))
	if wrong, ok := problem.Of(err); ok && wrong.Kind == problem.Invalid && len(wrong.Fields) > 0 {
		state := ui.NewFormState(form)
		state.ID, state.Once = "test", form.Get(web.OnceField)
		for _, f := range wrong.Fields {
			state.Fail(f.Name, f.In(r.Lang))
		}
		return p.show(w, r, state, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, "/mail", r.Notice("mail", "notice.tested"))
}

func (p *Pages) askResend(w http.ResponseWriter, r *web.Request) error {
	m, err := p.outbox.Find(r.Context(), r.Actor.Tenant, r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if why := p.outbox.notAgain(m); why != "" {
		return problem.New(problem.Conflict, locale(), why, nil)
	}
	return r.Show(w, web.Page{Page: ui.Page{
		Title: text(r.Lang, "resend.title-"+string(m.State), nil),
		Back:  &ui.Link{Label: text(r.Lang, "resend.back", nil), Href: "/mail"},
	}}, resendBody(r.Lang, p.outbox.zone(r.Context(), r.Actor.Tenant), m, id.Token()))
}

func (p *Pages) resend(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	name := r.PathValue("id")
	if err := p.outbox.Resend(r.Context(), r.Actor.Tenant, r.Actor, name, r.Asked(form, "resend "+name)); err != nil {
		return err
	}
	return r.Redirect(w, "/mail", r.Notice("mail", "notice.resent"))
}

// tabs lists the states with how many mails are in each.
func (v listView) tabs() []ui.Link {
	all := 0
	for _, n := range v.page.Counts {
		all += n
	}
	print := locale().Printer(v.lang)
	links := []ui.Link{{Label: print.T("page.all", i18n.Args{"n": print.Int(all)}), Href: "/mail", Current: v.state == ""}}
	for _, s := range States() {
		links = append(links, ui.Link{
			Label: print.T("state."+string(s), nil) + " (" + print.Int(v.page.Counts[s]) + ")", Href: "/mail?state=" + string(s), Current: v.state == s,
		})
	}
	return links
}

func (v listView) table() ui.Table {
	print := locale().Printer(v.lang)
	t := ui.Table{Caption: print.T("page.caption", nil), HideCaption: true}
	for _, key := range []string{"subject", "to", "posted", "state", "remark"} {
		t.Columns = append(t.Columns, ui.Column{Label: print.T("page."+key, nil), Long: key == "remark"})
	}
	for _, m := range v.page.Mails {
		to := ui.Cell{Text: m.Recipient}
		if m.Recipient == "" {
			to = ui.Cell{Text: print.T("page.forgotten", nil), Quiet: true}
		}
		row := ui.Row{Cells: []ui.Cell{
			{Text: v.title(m)}, to, {Text: print.Moment(m.Created.In(v.zone))},
			{Content: ui.Tag(m.State.tone(), print.T("state."+string(m.State), nil))}, {Content: remark(explain(v.lang, v.zone, m))},
		}}
		if v.may && (m.State == Unsure || m.State == Refused) && m.Recipient != "" {
			row.Actions = []ui.Action{{Label: print.T("page.resend", nil), Href: "/mail/" + url.PathEscape(m.ID) + "/resend"}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// title names a mail by its kind and subject.
func (v listView) title(m Mail) string {
	if k, known := v.kinds(m.Kind); known {
		if name := k.Bundle.Printer(v.lang).T(k.Key+".name", nil); name != "" {
			return name + ": " + m.Subject
		}
	}
	return m.Subject
}

func (v listView) pager() ui.Pager {
	var p ui.Pager
	if n := len(v.page.Mails); n > 0 {
		at := func(side, id string) string {
			q := url.Values{side: {id}}
			if v.state != "" {
				q.Set("state", string(v.state))
			}
			return "/mail?" + q.Encode()
		}
		if v.page.Newer {
			p.Newer = at("after", v.page.Mails[0].ID)
		}
		if v.page.Older {
			p.Older = at("before", v.page.Mails[n-1].ID)
		}
	}
	return p
}

// explain says why a mail stands as it does, in sentences.
func explain(lang instrument.Lang, zone *time.Location, m Mail) []string {
	print := locale().Printer(lang)
	var out []string
	if m.Reason != whyNone {
		out = append(out, print.T("reason."+m.Reason, nil))
	}
	if m.Reply != "" && m.State != Sent {
		out = append(out, print.T("page.reply", i18n.Args{"reply": m.Reply}))
	}
	if m.State == Waiting && m.Tries > 0 {
		out = append(out, print.T("page.due", i18n.Args{"at": print.Moment(m.Due.In(zone))}))
	}
	if m.State == Sent {
		out = append(out, print.Moment(m.Finished.In(zone)))
	}
	return out
}

func (s State) tone() ui.Tone {
	switch s {
	case Sent:
		return ui.Success
	case Refused:
		return ui.Failure
	case Unsure:
		return ui.Warning
	case Sending:
		return ui.Info
	case Waiting:
	}
	return ui.Muted
}

func resendFacts(lang instrument.Lang, zone *time.Location, m Mail) []ui.Fact {
	print := locale().Printer(lang)
	return []ui.Fact{
		{Term: print.T("resend.to", nil), Text: m.Recipient},
		{Term: print.T("resend.subject", nil), Text: m.Subject},
		{Term: print.T("resend.posted", nil), Text: print.Moment(m.Created.In(zone))},
		{Term: print.T("resend.why", nil), Content: remark(explain(lang, zone, m))},
	}
}

func resendForm(lang instrument.Lang, m Mail, once string) ui.Confirm {
	return ui.Confirm{
		ID: "resend", Text: text(lang, "resend."+string(m.State), nil),
		Form:   ui.FormSpec{State: &ui.FormState{Once: once}, Action: "/mail/" + url.PathEscape(m.ID) + "/resend"},
		Do:     ui.Action{Label: text(lang, "resend.do", nil)},
		Cancel: "/mail",
	}
}

// counted tells whether there is any mail, in whatever state.
func (v listView) counted() bool {
	for _, n := range v.page.Counts {
		if n > 0 {
			return true
		}
	}
	return false
}

func (v listView) t(key string) string { return text(v.lang, key, nil) }
