package invite

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// people shows the frame: the list to who runs waves, counts to who may read them.
func (p pages) people(w http.ResponseWriter, r *web.Request) error {
	wv, err := p.wave(r.Context(), r.Actor, access.ReadWave, r.PathValue("id"))
	if err != nil {
		return err
	}
	sum, hidden, err := p.Summary(r.Context(), r.Actor, wv.ID)
	if err != nil {
		return err
	}
	words := in(r.Lang)
	v := peopleView{w: words, wave: wv, sum: sum, hidden: hidden, runs: r.Can(access.RunWave), draft: !wv.State.Launched(), staff: p.Staff != nil && r.Can(access.ReadPeople)}
	pg := page(r, &wv, words.say("people.title"))
	pg.Lead = words.say("people.lead")
	if wv.Mode == wave.OpenLink {
		pg.Lead = ""
		return r.Show(w, pg, openPage(words, wv, v.runs, false))
	}
	if v.runs && sum.People > 0 {
		if v.draft {
			pg.Actions = []ui.Action{{Label: words.say("people.replace"), Href: peopleAt(wv.ID) + "/upload", Kind: ui.Quiet},
				{Label: words.say("people.add"), Href: peopleAt(wv.ID) + "/new", Kind: ui.Quiet}}
			if v.staff {
				pg.Actions = append(pg.Actions, ui.Action{Label: words.say("people.staff"), Href: peopleAt(wv.ID) + "/staff", Kind: ui.Quiet})
			}
		}
		q := r.URL.Query()
		v.search, v.after = strings.TrimSpace(q.Get("q")), q.Get("after")
		after, name := v.after, ""
		if after != "" {
			m, err := oneMember(r.Context(), p.DB.Of(r.Actor.Tenant), wv.ID, after)
			if err != nil {
				return err
			}
			name = m.Name
		}
		if v.list, v.more, err = p.List(r.Context(), r.Actor, wv.ID, v.search, name, after); err != nil {
			return err
		}
	}
	return r.Show(w, pg, peoplePage(v))
}

type peopleView struct {
	w           words
	wave        wave.Wave
	sum         Summary
	hidden      map[string]int
	runs, draft bool
	staff       bool // the personnel data can be taken from
	list        []Member
	more        bool
	search      string
	after       string
}

func (v peopleView) facts() []ui.Fact {
	facts := []ui.Fact{{Term: v.w.say("people.count"), Text: v.w.Int(v.sum.People)},
		{Term: v.w.say("people.with-mail"), Text: v.w.Int(v.sum.WithMail)}, {Term: v.w.say("people.letters"), Text: v.w.Int(v.sum.People - v.sum.WithMail)}}
	for _, g := range v.sum.Variables {
		term := g.Heading
		if g.Stratum {
			term += " (" + v.w.say("people.stratum") + ")"
		}
		facts = append(facts, ui.Fact{Term: term, Text: v.values(g.Heading, g.Values)})
	}
	return facts
}

// shownValues is how many values of a variable are written out.
const shownValues = 12

func (v peopleView) values(heading string, values []groupCount) string {
	var parts []string
	for i, c := range values {
		if i == shownValues && len(values) > shownValues+1 {
			parts = append(parts, v.w.n("people.more-values", len(values)-i))
			break
		}
		name := c.Value
		if name == "" {
			name = v.w.say("people.no-value")
		}
		parts = append(parts, name+" "+v.w.Int(c.N))
	}
	if n := v.hidden[heading]; n > 0 {
		parts = append(parts, v.w.N("people.hidden-values", n, i18n.Args{"n": v.w.Int(n), "k": v.w.Int(v.wave.GroupSize)}))
	}
	return v.w.Series(parts)
}

func (v peopleView) table() ui.Table {
	t := ui.Table{Caption: v.w.say("people.caption"), HideCaption: true, Columns: []ui.Column{
		{Label: v.w.say("person.name")}, {Label: v.w.say("person.mail"), Long: true}, {Label: v.w.say("person.number")}, {Label: v.w.say("person.groups"), Long: true}, {Label: v.w.say("person.invited")}}}
	for i := range v.list {
		m := &v.list[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: nameOf(v.w, m), Href: peopleAt(v.wave.ID) + "/" + m.ID}, {Text: m.Mail}, {Text: m.Number}, {Text: groupsOf(m)},
			{Content: ui.Tag(toneOf(m.Invitation), v.w.say("state."+string(m.Invitation)))}}})
	}
	return t
}

func nameOf(w words, m *Member) string {
	for _, s := range []string{m.Name, m.Number, m.Mail} {
		if s != "" {
			return s
		}
	}
	return w.say("person.nameless")
}

func groupsOf(m *Member) string {
	var parts []string
	for _, h := range headingsOf(m.Groups) {
		if v := m.Groups[h]; v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " · ")
}

func toneOf(i Invitation) ui.Tone {
	switch i {
	case Mailed, Printed:
		return ui.Success
	case Bounced:
		return ui.Warning
	default:
		return ui.Muted
	}
}

func (v peopleView) pager() ui.Pager {
	at := peopleAt(v.wave.ID)
	p := ui.Pager{Sorted: true}
	if v.after != "" {
		p.Newer = at + "?" + url.Values{"q": {v.search}}.Encode()
	}
	if v.more {
		p.Older = at + "?" + url.Values{"q": {v.search}, "after": {v.list[len(v.list)-1].ID}}.Encode()
	}
	return p
}

func (v peopleView) searchForm() *ui.FormState {
	f := ui.NewFormState(url.Values{"q": {v.search}})
	f.ID = "search"
	return f
}

func (v peopleView) empty() ui.Empty {
	e := ui.Empty{Title: v.w.say("people.empty"), Text: v.w.say("people.empty-text")}
	if v.runs && v.draft {
		e.Action = &ui.Action{Label: v.w.say("people.upload"), Href: peopleAt(v.wave.ID) + "/upload", Kind: ui.Next}
	}
	return e
}

// personView is the form about one person.
type personView struct {
	w         words
	wave      wave.Wave
	member    Member
	variables []string
	options   map[string][]groupCount
	stratum   string // the heading of the variable that is the stratum, or ""
	form      *ui.FormState
	draft     bool
	mailOn    bool
	open      bool
}

func (p pages) newPerson(w http.ResponseWriter, r *web.Request) error {
	return p.personForm(w, r, http.StatusOK, "", web.NewForm())
}

func (p pages) person(w http.ResponseWriter, r *web.Request) error {
	return p.personForm(w, r, http.StatusOK, r.PathValue("person"), web.NewForm())
}

func (p pages) personForm(w http.ResponseWriter, r *web.Request, status int, personID string, form *ui.FormState) error {
	wv, err := p.wave(r.Context(), r.Actor, access.RunWave, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := personView{w: in(r.Lang), wave: wv, form: form, draft: !wv.State.Launched(), mailOn: p.Mail.On(), open: wv.State == wave.Open, options: map[string][]groupCount{}}
	title := v.w.say("person.new")
	if personID != "" {
		if v.member, err = p.Member(r.Context(), r.Actor, wv.ID, personID); err != nil {
			return err
		}
		title = nameOf(v.w, &v.member)
	} else if err := drafted(&wv); err != nil {
		return err
	}
	sum, _, err := p.Summary(r.Context(), r.Actor, wv.ID)
	if err != nil {
		return err
	}
	for _, g := range sum.Variables {
		v.variables = append(v.variables, g.Heading)
		v.options[g.Heading] = g.Values
		if g.Stratum {
			v.stratum = g.Heading
		}
	}
	pg := page(r, &wv, title, peopleCrumb(r, &wv))
	pg.Status, pg.Invalid = status, !form.OK()
	return r.Show(w, pg, personPage(v))
}

func (v personView) action() string {
	if v.member.ID == "" {
		return peopleAt(v.wave.ID)
	}
	return peopleAt(v.wave.ID) + "/" + v.member.ID
}

func (v personView) languages() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "language", Label: v.w.say("person.language")}, Chosen: []string{string(v.member.Language)}}
	for _, l := range v.wave.Languages {
		c.Options = append(c.Options, ui.Option{Value: string(l), Label: ui.LanguageName(l)})
	}
	return c
}

// strata are the values of the stratum to choose from.
func (v personView) strata(field, heading string) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: field, Label: heading, Hint: v.w.say("person.stratum-hint")}, Chosen: []string{v.member.Groups[heading]}}
	for _, o := range v.options[heading] {
		c.Options = append(c.Options, ui.Option{Value: o.Value, Label: o.Value})
	}
	return c
}

// memberInput reads the form about a person.
func (p pages) memberInput(r *web.Request, form url.Values) (MemberInput, error) {
	in := MemberInput{Name: form.Get("name"), Mail: form.Get("mail"), Number: form.Get("number"), Language: instrument.Lang(form.Get("language")), Groups: map[string]string{}}
	sum, _, err := p.Summary(r.Context(), r.Actor, r.PathValue("id"))
	for i, g := range sum.Variables {
		in.Groups[g.Heading] = form.Get(fmt.Sprintf("group%d", i))
	}
	in.Asked = r.Asked(form, []any{r.PathValue("id"), r.PathValue("person"), in.Name, in.Mail, in.Number, in.Language, in.Groups})
	return in, err
}

func (p pages) add(w http.ResponseWriter, r *web.Request) error { return p.savePerson(w, r, "") }

func (p pages) correct(w http.ResponseWriter, r *web.Request) error {
	return p.savePerson(w, r, r.PathValue("person"))
}

func (p pages) savePerson(w http.ResponseWriter, r *web.Request, personID string) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	in, err := p.memberInput(r, form)
	if err != nil {
		return err
	}
	notice := "notice.person-added"
	if personID == "" {
		_, err = p.Add(r.Context(), r.Actor, r.PathValue("id"), in)
	} else {
		notice, err = "notice.person-changed", p.Correct(r.Context(), r.Actor, r.PathValue("id"), personID, in)
	}
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.personForm(w, r, http.StatusUnprocessableEntity, personID, state)
	}
	to := peopleAt(r.PathValue("id"))
	if personID != "" {
		to += "/" + personID
	}
	return r.Redirect(w, to, r.Notice(noticeBundle, notice))
}

func (p pages) askRemove(w http.ResponseWriter, r *web.Request) error {
	wv, err := p.wave(r.Context(), r.Actor, access.RunWave, r.PathValue("id"))
	if err == nil {
		err = drafted(&wv)
	}
	if err != nil {
		return err
	}
	m, err := p.Member(r.Context(), r.Actor, wv.ID, r.PathValue("person"))
	if err != nil {
		return err
	}
	words := in(r.Lang)
	at := peopleAt(wv.ID) + "/" + m.ID
	pg := page(r, &wv, words.T("person.remove-sure", i18n.Args{"name": nameOf(words, &m)}), peopleCrumb(r, &wv))
	return r.Show(w, pg, ui.ConfirmForm(ui.Confirm{Text: words.say("person.remove-text"), Form: ui.FormSpec{Action: at + "/remove"},
		Do: ui.Action{Label: words.say("person.remove"), Kind: ui.Danger}, Cancel: at}))
}

func (p pages) remove(w http.ResponseWriter, r *web.Request) error {
	if err := p.Remove(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("person")); err != nil {
		return err
	}
	return r.Redirect(w, peopleAt(r.PathValue("id")), r.Notice(noticeBundle, "notice.person-removed"))
}

func (p pages) inviteOne(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := p.InviteOne(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("person"), r.Asked(form, []any{"invite", r.PathValue("id"), r.PathValue("person")})); err != nil {
		return err
	}
	return r.Redirect(w, peopleAt(r.PathValue("id"))+"/"+r.PathValue("person"), r.Notice(noticeBundle, "notice.invited-one"))
}
