package needs

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// readView is the framework as staff read it.
type readView struct {
	words
	f       *framework.Framework
	skill   *framework.Skill // on the page of one
	changes bool
	reads   bool
}

func (s *Service) read(w http.ResponseWriter, r *web.Request) error {
	f, err := s.Framework(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	v := readView{words: wordsOf(r), f: f, changes: r.Can(access.ChangeNeeds), reads: r.Can(access.ReadNeeds)}
	p := page(r, v.of(f.Title))
	p.Lead = v.say("framework.lead")
	if v.reads {
		p = below(r, v.of(f.Title))
		p.Lead = v.say("framework.lead")
	}
	if v.changes {
		p.Actions = []ui.Action{{Label: v.say("framework.edit"), Href: frameworkAt + "/edit", Kind: ui.Quiet}}
	}
	return r.Show(w, p, readPage(v))
}

func (s *Service) readSkill(w http.ResponseWriter, r *web.Request) error {
	f, err := s.Framework(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	v := readView{words: wordsOf(r), f: f, skill: f.Skill(r.PathValue("skill"))}
	if v.skill == nil {
		return db.ErrNoRow
	}
	p := page(r, v.of(v.skill.Name), ui.Link{Label: v.of(f.Title), Href: frameworkAt})
	p.Lead = v.of(v.skill.Summary)
	return r.Show(w, p, skillPage(v))
}

// asked is the level of a skill that is asked of everyone.
func (v readView) asked(skill string) (int, string) {
	for _, a := range v.f.Everyone {
		if a.Skill == skill {
			return a.Level, v.of(a.Reason)
		}
	}
	return 0, ""
}

func (v readView) everyoneTable() ui.Table {
	t := ui.Table{Caption: v.say("framework.everyone"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.skill")}, {Label: v.say("what.level")}, {Label: v.say("what.why"), Long: true}}}
	for i := range v.f.Skills {
		n, why := v.asked(v.f.Skills[i].ID)
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(v.of(v.f.Skills[i].Name), v.level(v.f, n), why)})
	}
	return t
}

func (v readView) ruleTable() ui.Table {
	t := ui.Table{Caption: v.say("framework.rules"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.question"), Long: true}, {Label: v.say("what.examples"), Long: true}, {Label: v.say("framework.asks"), Long: true}}}
	for i := range v.f.Rules {
		rule := &v.f.Rules[i]
		var said []string
		for _, a := range rule.Asks {
			said = append(said, v.T("framework.ask", i18n.Args{"skill": v.words.skill(v.f, a.Skill), "level": v.level(v.f, a.Level), "why": v.of(a.Reason)}))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.of(rule.Question)}, {Text: v.of(rule.Help)}, {Content: lines(said)}}})
	}
	return t
}

// version says which framework this is.
func (v readView) version() string {
	if v.f.AdaptedFrom == nil {
		return v.T("framework.version", i18n.Args{"version": v.f.Version})
	}
	return v.T("framework.version-own", i18n.Args{"version": v.f.Version, "base": v.f.AdaptedFrom.Version})
}

func (v readView) digcomp() string {
	var out []string
	for _, code := range v.skill.DigComp {
		for i := range v.f.DigComp {
			if v.f.DigComp[i].Code == code {
				out = append(out, code+" "+v.of(v.f.DigComp[i].Title))
			}
		}
	}
	return v.Series(out)
}

// differencesView is how two versions differ.
type differencesView struct {
	words
	a, b    string
	options []ui.Option
	table   ui.Table
}

// draftInAddress stands in an address for what is not published.
const draftInAddress = "draft"

// whole returns the framework that an address names.
func (s *Service) whole(r *web.Request, name string) (*framework.Framework, error) {
	if name == draftInAddress && r.Can(access.ChangeNeeds) {
		d, err := s.Draft(r.Context(), r.Actor)
		if err != nil {
			return nil, err
		}
		f, err := s.Written(d)
		if err != nil {
			return nil, errNotWritten(err)
		}
		return f, nil
	}
	n := numberOf(name)
	if n < 0 {
		return nil, db.ErrNoRow
	}
	return s.VersionText(r.Context(), s.reader(r), n)
}

func (s *Service) differences(w http.ResponseWriter, r *web.Request) error {
	v := differencesView{words: wordsOf(r), a: r.URL.Query().Get("a"), b: r.URL.Query().Get("b")}
	list, now, err := s.Versions(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	if v.a == "" {
		v.a = "0"
	}
	if v.b == "" {
		v.b = strconv.FormatInt(now, 10)
	}
	a, err := s.whole(r, v.a)
	if err != nil {
		return err
	}
	b, err := s.whole(r, v.b)
	if err != nil {
		return err
	}
	v.options = []ui.Option{{Value: "0", Label: v.T("framework.base", i18n.Args{"version": s.Base.Version})}}
	for i := range list {
		v.options = append(v.options, ui.Option{Value: strconv.FormatInt(list[i].Number, 10), Label: list[i].Name})
	}
	if r.Can(access.ChangeNeeds) {
		v.options = append(v.options, ui.Option{Value: draftInAddress, Label: v.say("framework.draft")})
	}
	v.table = v.differences(a, b)
	p := below(r, v.say("differences.title"), v.link("framework.tab", frameworkAt), v.link("versions.title", frameworkAt+"/versions"))
	p.Lead = v.n("differences.count", len(v.table.Rows))
	return r.Show(w, p, differencesPage(v))
}

func (v differencesView) choice(name string) ui.Choice {
	chosen := v.a
	if name == "b" {
		chosen = v.b
	}
	return ui.Choice{Field: ui.Field{Name: name, Label: v.say("differences." + name)}, Chosen: []string{chosen}, Options: v.options}
}

// differences is where b differs from a, as a table.
func (w words) differences(a, b *framework.Framework) ui.Table {
	t := ui.Table{Caption: w.say("differences.title"), HideCaption: true, Columns: []ui.Column{{Label: w.say("what.place"), Long: true}, {Label: w.say("differences.before"), Long: true}, {Label: w.say("differences.after"), Long: true}}}
	for _, d := range framework.Diff(a, b) {
		last := d.Key[strings.LastIndexByte(d.Key, '.')+1:]
		if d.Key == "version" || strings.HasPrefix(d.Key, "adapted_from.") || last == "id" || last == "skill" { // said by another line, or of no use to a reader
			continue
		}
		before, after := d.Before, d.After
		if last == "level" {
			before, after = w.level(a, levelOf(demand.Value{Value: d.Before})), w.level(b, levelOf(demand.Value{Value: d.After}))
		}
		if before == "" {
			before = "–"
		}
		if after == "" {
			after = "–"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(w.placeIn(b, a, d.Key), before, after)})
	}
	return t
}

// versionsView is what was published.
type versionsView struct {
	words
	table   ui.Table
	now     string
	newer   bool // the product has another framework than the version that holds was made from
	changes bool
}

func (s *Service) versions(w http.ResponseWriter, r *web.Request) error {
	list, now, err := s.Versions(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := versionsView{words: wordsOf(r), changes: r.Can(access.ChangeNeeds), now: s.Base.Version}
	names := s.who(r)
	v.table = ui.Table{Caption: v.say("versions.title"), HideCaption: true, Columns: []ui.Column{{Label: v.say("what.version")}, {Label: v.say("what.when")}, {Label: v.say("what.who")}, {Label: v.say("what.note"), Long: true}, {Label: v.say("what.state")}}}
	row := func(number int64, name, when, who, note string) {
		state := ui.Cell{Text: "–"}
		if number == now {
			state = ui.Cell{Content: ui.Tag(ui.Success, v.say("versions.holds"))}
			v.now = name
		}
		line := ui.Row{Cells: []ui.Cell{{Text: name}, {Text: when}, {Text: who}, {Text: note}, state}}
		id := strconv.FormatInt(number, 10)
		if number != now {
			line.Actions = append(line.Actions, ui.Action{Label: v.say("versions.compare"), Href: frameworkAt + "/differences?" + url.Values{"a": {strconv.FormatInt(now, 10)}, "b": {id}}.Encode()})
			if v.changes {
				line.Actions = append(line.Actions, ui.Action{Label: v.say("versions.hold"), Href: frameworkAt + "/versions/" + id + "/hold"})
			}
		}
		v.table.Rows = append(v.table.Rows, line)
	}
	for i := range list {
		x := &list[i]
		name, err := names.name(x.Account)
		if err != nil {
			return err
		}
		row(x.Number, x.Name, v.moment(x.At), name, x.Note)
		v.newer = v.newer || x.Number == now && x.Digest != s.Base.Digest()
	}
	row(0, s.Base.Version, "–", "–", v.say("versions.base"))
	p := below(r, v.say("versions.title"), v.link("framework.tab", frameworkAt))
	p.Lead = v.T("versions.lead", i18n.Args{"version": v.now})
	return r.Show(w, p, versionsPage(v))
}

// holdView is the form that goes back to a version.
type holdView struct {
	words
	number string
	form   *ui.FormState
}

func (s *Service) askHold(w http.ResponseWriter, r *web.Request) error {
	return s.holdForm(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) holdForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	number := numberOf(r.PathValue("number"))
	name := s.Base.Version
	if number != 0 {
		x, err := versionOf(r.Context(), s.reader(r), number)
		if err != nil {
			return err
		}
		name = x.Name
	}
	v := holdView{words: wordsOf(r), number: strconv.FormatInt(number, 10), form: form}
	p := below(r, v.T("hold.title", i18n.Args{"version": name}), v.link("framework.tab", frameworkAt), v.link("versions.title", frameworkAt+"/versions"))
	p.Lead, p.Status, p.Invalid = v.say("hold.lead"), status, !form.OK()
	return r.Show(w, p, holdPage(v))
}

func (s *Service) hold(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	number := numberOf(r.PathValue("number"))
	if number < 0 {
		return db.ErrNoRow
	}
	if _, err := s.Hold(r.Context(), r.Actor, number, form.Get("note")); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.holdForm(w, r, status, state) })
	}
	return r.Redirect(w, frameworkAt+"/versions", notice(r, "held"))
}

// publishView is the form that publishes what was written.
type publishView struct {
	words
	form    *ui.FormState
	version int64
	table   ui.Table
	name    string
}

func (s *Service) askPublish(w http.ResponseWriter, r *web.Request) error {
	return s.publishForm(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) publishForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	d, err := s.Draft(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	if d.Version == 0 {
		return r.Redirect(w, frameworkAt+"/edit", &web.Notice{Bundle: noticeBundle, Key: "notice.no-draft", Bad: true})
	}
	written, err := s.Written(d)
	if err != nil {
		return errNotWritten(err)
	}
	now, err := s.Framework(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	list, _, err := s.Versions(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := publishView{words: wordsOf(r), form: form, version: d.Version}
	v.table = v.differences(now, written)
	v.name = s.Base.Version + "-" + itoa(len(list)+1)
	p := below(r, v.say("publish.title"), v.link("framework.tab", frameworkAt), v.link("framework.edit", frameworkAt+"/edit"))
	p.Lead, p.Status, p.Invalid = v.say("publish.lead"), status, !form.OK()
	return r.Show(w, p, publishPage(v))
}

func (s *Service) publish(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if _, err := s.Publish(r.Context(), r.Actor, form.Get("version"), form.Get("note"), numberOf(form.Get("draft"))); err != nil {
		if conflict(err) {
			return r.Redirect(w, frameworkAt+"/publish", &web.Notice{Bundle: noticeBundle, Key: "notice.changed", Bad: true})
		}
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.publishForm(w, r, status, state) })
	}
	return r.Redirect(w, frameworkAt+"/versions", notice(r, "published"))
}

func (s *Service) askThrowAway(w http.ResponseWriter, r *web.Request) error {
	d, err := s.Draft(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	say := wordsOf(r)
	p := below(r, say.say("throw-away.title"), say.link("framework.tab", frameworkAt), say.link("framework.edit", frameworkAt+"/edit"))
	c := ui.Confirm{ID: "throw-away", Title: say.say("throw-away.title"), Text: say.say("throw-away.text"), Cancel: frameworkAt + "/edit",
		Form: ui.FormSpec{State: web.NewForm(), Action: frameworkAt + "/throw-away", Hidden: hidden(d.Version)}, Do: ui.Action{Label: say.say("throw-away.do"), Kind: ui.Danger}}
	return r.Show(w, p, ui.ConfirmForm(c))
}

func (s *Service) throwAway(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	if err := s.DropDraft(r.Context(), r.Actor, numberOf(form.Get("at"))); err != nil {
		if conflict(err) { // the page asks about what stands now
			return r.Redirect(w, frameworkAt+"/throw-away", &web.Notice{Bundle: noticeBundle, Key: "notice.changed", Bad: true})
		}
		return err
	}
	return r.Redirect(w, frameworkAt+"/edit", notice(r, "thrown-away"))
}
