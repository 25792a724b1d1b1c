package invite

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/survey/invite/print"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// invitationsView is how a wave is being told.
type invitationsView struct {
	w        words
	wave     wave.Wave
	over     Overview
	runs     bool
	chromium bool
	back     []Back
	files    []PaperFile
	headings []string
	form     *ui.FormState
	r        *web.Request
}

func (p pages) invitations(w http.ResponseWriter, r *web.Request) error {
	return p.invitationsPage(w, r, http.StatusOK, web.NewForm())
}

func (p pages) invitationsPage(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	wv, err := p.wave(r.Context(), r.Actor, access.ReadWave, r.PathValue("id"))
	if err != nil {
		return err
	}
	words := in(r.Lang)
	pg := page(r, &wv, words.say("invitations.title"))
	pg.Status, pg.Invalid = status, !form.OK()
	if wv.Mode == wave.OpenLink {
		return r.Show(w, pg, openPage(words, wv, r.Can(access.RunWave), true))
	}
	v := invitationsView{w: words, wave: wv, runs: r.Can(access.RunWave), form: form, r: r}
	if v.over, err = p.Overview(r.Context(), r.Actor, wv.ID); err != nil {
		return err
	}
	if v.over.People == 0 {
		return r.Show(w, pg, uninvitable(peopleView{w: words, wave: wv, runs: v.runs, draft: !wv.State.Launched()}))
	}
	_, err = pdf.Find()
	v.chromium = err == nil
	if v.runs {
		sum, _, err := p.Summary(r.Context(), r.Actor, wv.ID)
		if err != nil {
			return err
		}
		for _, g := range sum.Variables {
			v.headings = append(v.headings, g.Heading)
		}
		if v.back, err = p.Back(r.Context(), r.Actor, wv.ID); err != nil {
			return err
		}
		if v.files, err = p.PaperFiles(r.Context(), r.Actor, wv.ID); err != nil {
			return err
		}
	}
	pg.Lead = words.say("invitations.lead")
	return r.Show(w, pg, invitationsPage(v))
}

func (v invitationsView) facts() []ui.Fact {
	facts := []ui.Fact{{Term: v.w.say("people.count"), Text: v.w.Int(v.over.People)}, {Term: v.w.say("invitations.mailed"), Text: v.w.Int(v.over.Mailed)},
		{Term: v.w.say("invitations.printed"), Text: v.w.Int(v.over.Printed)}, {Term: v.w.say("invitations.not-yet"), Text: v.w.Int(v.over.NotYet)},
		{Term: v.w.say("invitations.back"), Text: v.w.Int(v.over.Back)}}
	refused := v.w.Int(v.over.Refused)
	if v.over.Refused < 0 {
		refused = v.w.T("invitations.fewer", i18n.Args{"k": v.w.Int(v.wave.GroupSize)})
	}
	return append(facts, ui.Fact{Term: v.w.say("invitations.refused"), Text: refused})
}

// mailState says what can be done about mail now, as a key.
func (v invitationsView) mailState() string {
	switch {
	case !v.over.MailOn:
		return "off"
	case v.wave.State == wave.Draft:
		return "draft"
	case v.wave.State == wave.Scheduled:
		return "scheduled"
	case v.wave.State != wave.Open:
		return "closed"
	case v.over.ToMail == 0:
		return "done"
	}
	return "open"
}

func (v invitationsView) canPrint() bool {
	return v.wave.State == wave.Scheduled || v.wave.State == wave.Open
}

func (v invitationsView) reminders() []string {
	var out []string
	for _, at := range v.wave.Settings.Reminders {
		out = append(out, v.w.Moment(v.r.Local(at)))
	}
	return out
}

// shownBack is how many invitations that came back are listed.
const shownBack = 200

func (v invitationsView) backTable() ui.Table {
	t := ui.Table{Caption: v.w.say("invitations.back-caption"), HideCaption: true, Columns: []ui.Column{{Label: v.w.say("person.name")}, {Label: v.w.say("person.mail"), Long: true}, {Label: v.w.say("invitations.why"), Long: true}}}
	for i := range v.back[:min(len(v.back), shownBack)] {
		b := &v.back[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: nameOf(v.w, &b.Member), Href: peopleAt(v.wave.ID) + "/" + b.Member.ID}, {Text: b.Mail}, {Text: v.why(b)}}})
	}
	return t
}

func (v invitationsView) why(b *Back) string {
	key := "back.unknown"
	switch {
	case b.Unsure:
		key = "back.unsure"
	case b.Reason == "server", b.Reason == "gave-up", b.Reason == "too-late":
		key = "back." + b.Reason
	}
	text := v.w.say(key)
	if b.Reply != "" && !b.Unsure {
		text += " " + v.w.T("back.reply", i18n.Args{"reply": b.Reply})
	}
	return text
}

func (v invitationsView) kinds() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "kind", Label: v.w.say("paper.kind")}, Chosen: []string{string(print.Cards)}}
	for _, k := range print.Kinds() {
		c.Options = append(c.Options, ui.Option{Value: string(k), Label: v.w.say("paper." + string(k)), Hint: v.w.say("paper." + string(k) + "-hint")})
	}
	return c
}

func (v invitationsView) whom() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "whom", Label: v.w.say("paper.whom")}, Chosen: []string{string(WithoutMail)}}
	for _, k := range []Whom{WithoutMail, NotInvited, Everyone} {
		c.Options = append(c.Options, ui.Option{Value: string(k), Label: v.w.say("paper." + string(k))})
	}
	return c
}

func (v invitationsView) sorts() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "sort", Label: v.w.say("paper.sort"), Hint: v.w.say("paper.sort-hint")}}
	for _, h := range v.headings {
		c.Options = append(c.Options, ui.Option{Value: h, Label: h})
	}
	c.Options = append(c.Options, ui.Option{Value: "", Label: v.w.say("paper.sort-name")})
	return c
}

func (v invitationsView) filesTable() ui.Table {
	t := ui.Table{Caption: v.w.say("paper.files"), HideCaption: true, Columns: []ui.Column{{Label: v.w.say("paper.file")}, {Label: v.w.say("paper.made")}}}
	for _, f := range v.files {
		name := v.w.T("paper.file-name", i18n.Args{"kind": v.w.say("paper." + string(f.Kind)), "n": v.w.Int(f.N), "of": v.w.Int(f.Of)})
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name, Href: invitationsAt(v.wave.ID) + "/files/" + f.ID}, {Text: v.w.Moment(v.r.Local(f.Created))}}})
	}
	return t
}

func (p pages) send(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := p.Invite(r.Context(), r.Actor, id, r.Asked(form, []any{"send", id})); err != nil {
		return err
	}
	return r.Redirect(w, invitationsAt(id), r.Notice(noticeBundle, "notice.sending"))
}

// readPaper reads what is to be printed.
func readPaper(v url.Values) Paper {
	return Paper{Kind: print.Kind(v.Get("kind")), Whom: Whom(v.Get("whom")), Names: v.Get("names") == "yes", Sort: v.Get("sort")}
}

func paperQuery(p Paper) url.Values {
	v := url.Values{"kind": {string(p.Kind)}, "whom": {string(p.Whom)}, "sort": {p.Sort}}
	if p.Names {
		v.Set("names", "yes")
	}
	return v
}

func (p pages) paper(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id, paper := r.PathValue("id"), readPaper(form)
	job, err := p.PDF(r.Context(), r.Actor, id, paper, r.Lang, r.Asked(form, []any{"paper", id, paper}))
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.invitationsPage(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, "/jobs/"+job, nil)
}

// sheetsView lists the pages that a browser prints.
type sheetsView struct {
	w              words
	wave           wave.Wave
	paper          Paper
	people, pieces int
	form           *ui.FormState
}

func (v sheetsView) links() []ui.Link {
	var out []ui.Link
	for n := range v.pieces {
		q := paperQuery(v.paper)
		q.Set("n", strconv.Itoa(n+1))
		out = append(out, ui.Link{Label: v.w.T("sheets.piece", i18n.Args{"from": v.w.Int(n*PaperPiece + 1), "to": v.w.Int(min((n+1)*PaperPiece, v.people))}),
			Href: invitationsAt(v.wave.ID) + "/page?" + q.Encode()})
	}
	return out
}

func (v sheetsView) hidden() []ui.NameValue {
	var out []ui.NameValue
	for name, values := range paperQuery(v.paper) {
		out = append(out, ui.NameValue{Name: name, Value: values[0]})
	}
	return out
}

func (p pages) paperPages(w http.ResponseWriter, r *web.Request) error {
	wv, err := p.wave(r.Context(), r.Actor, access.RunWave, r.PathValue("id"))
	if err == nil {
		err = running(&wv)
	}
	if err != nil {
		return err
	}
	v := sheetsView{w: in(r.Lang), wave: wv, paper: readPaper(r.URL.Query()), form: web.NewForm()}
	if v.people, v.pieces, err = p.Pieces(r.Context(), r.Actor, wv.ID, v.paper); err != nil {
		return err
	}
	pg := page(r, &wv, v.w.say("sheets.title"), invitationsCrumb(r, &wv))
	pg.Lead = v.w.say("sheets.lead")
	return r.Show(w, pg, sheetsPage(v))
}

// document sends a page that stands on its own.
func document(w http.ResponseWriter, r *web.Request, content []byte) error {
	w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
	w.Header().Set("Cache-Control", "no-store")
	return r.Send(w, http.StatusOK, "text/html; charset=utf-8", content)
}

func (p pages) paperPage(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	n, err := strconv.Atoi(q.Get("n"))
	if err != nil || n < 1 {
		n = 1
	}
	content, err := p.Page(r.Context(), r.Actor, r.PathValue("id"), readPaper(q), n, r.Lang)
	if err != nil {
		return err
	}
	return document(w, r, content)
}

func (p pages) poster(w http.ResponseWriter, r *web.Request) error {
	lang := r.Lang
	for _, l := range instrument.Languages() {
		if r.URL.Query().Get("lang") == string(l) {
			lang = l
		}
	}
	content, err := p.PosterPage(r.Context(), r.Actor, r.PathValue("id"), lang)
	if err != nil {
		return err
	}
	return document(w, r, content)
}

func (p pages) notePrinted(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := p.NotePrinted(r.Context(), r.Actor, id, readPaper(form)); err != nil {
		return err
	}
	return r.Redirect(w, invitationsAt(id), r.Notice(noticeBundle, "notice.printed"))
}

func (p pages) paperFile(w http.ResponseWriter, r *web.Request) error {
	f, content, err := p.OpenPaper(r.Context(), r.Actor, r.PathValue("id"), r.PathValue("file"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.FileName}))
	w.Header().Set("Cache-Control", "no-store")
	return r.Send(w, http.StatusOK, "application/pdf", content)
}
