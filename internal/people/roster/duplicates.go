package roster

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// duplicatesView is the pairs of records that are probably one person, and what was decided.
type duplicatesView struct {
	proposals ui.Table
	open      int
	pager     ui.Pager
	work      *ui.Work
	decided   ui.Table
	later     putOff
	assessed  bool
	unlinked  bool // too many people to look for them
	words
}

// openPairs are the proposals on which nobody decided since, of people who stand.
func (x *Roster) openPairs(r *web.Request, at int64, a *people.Assessment, decided map[[2]string]store.Verdict) ([]people.SamePeople, error) {
	var ids []string
	for _, p := range a.People {
		ids = append(ids, p.A, p.B)
	}
	rows, err := store.Some[org.Person](r.Context(), x.read(r), at, ids)
	if err != nil {
		return nil, err
	}
	keys := map[string]string{}
	for i := range rows {
		keys[rows[i].ID] = people.PersonKey(&rows[i])
	}
	return slices.DeleteFunc(slices.Clone(a.People), func(p people.SamePeople) bool {
		one, there := keys[p.A]
		other, too := keys[p.B]
		return !there || !too || decided[[2]string{one, other}] == store.Different
	}), nil
}

func (x *Roster) duplicates(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	say := in(r)
	v := duplicatesView{words: say}
	a, _, err := x.Assessed(r.Context(), r.Actor)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	v.assessed = err == nil
	if v.work, err = x.workOf(r); err != nil {
		return err
	}
	list, err := x.Decisions(r.Context(), r.Actor, store.Duplicate)
	if err != nil {
		return err
	}
	if v.assessed {
		open, err := x.openPairs(r, b.at, a, known(list))
		if err != nil {
			return err
		}
		if v.later, err = x.putOff(r, store.Duplicate); err != nil {
			return err
		}
		behind(&v.later, open, func(p *people.SamePeople) []string { return []string{p.A, p.B} })
		v.open = len(open)
		from, to, pager := say.part("/staff/duplicates", len(open), r.URL.Query())
		v.pager = pager
		if v.proposals, err = x.pairsTable(r, b, say, open[from:to], &v.later); err != nil {
			return err
		}
	}
	list = list[max(0, len(list)-mostDecidedPeople):]
	called, err := x.called(r, b.at, list)
	if err != nil {
		return err
	}
	if v.decided, err = x.decidedTable(r, say, list, "person-", called); err != nil {
		return err
	}
	p := page(r, say.say("duplicates.title"), say.link("list.title", "/staff/list"))
	p.Lead, p.Live = say.say("duplicates.lead"), v.work != nil
	if p.Notices, err = x.told(r, say); err != nil {
		return err
	}
	if v.assessed && a.Unlinked > 0 {
		v.unlinked = true
		p.Notices = append(p.Notices, ui.Notice{Tone: ui.Info, Title: say.say("duplicates.unlinked"), Text: say.T("duplicates.unlinked-text", i18n.Args{"n": say.Int(a.Unlinked), "most": say.Int(people.MostLinked)}),
			Actions: []ui.Action{{Label: say.say("quality.title"), Href: "/staff/quality", Kind: ui.Quiet}}})
	}
	return r.Show(w, p, duplicatesPage(v))
}

func (x *Roster) pairsTable(r *web.Request, b *board, say words, list []people.SamePeople, later *putOff) (ui.Table, error) {
	t := ui.Table{Caption: say.say("duplicates.proposals"), HideCaption: true, Columns: []ui.Column{{Label: say.say("duplicates.first")}, {Label: say.say("duplicates.second")}, {Label: say.say("column.sure")}}}
	var ids []string
	for _, p := range list {
		ids = append(ids, p.A, p.B)
	}
	found, err := x.Some(r.Context(), r.Actor, ids)
	if err != nil {
		return t, err
	}
	text := map[string]string{}
	for i := range found {
		p := &found[i]
		text[p.ID] = p.Name()
		if len(p.Posts) > 0 {
			if where := b.unitName(p.Posts[0].Unit); where != "" {
				text[p.ID] += ", " + where
			}
		}
	}
	for _, p := range list {
		link := pairPath(p.A, p.B)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: text[p.A], Href: link}, {Text: text[p.B]}, say.sureOr(p.Probability, later.note(say, p.A, p.B))}, Actions: []ui.Action{{Label: say.say("duplicates.look"), Href: link}}})
	}
	return t, nil
}

func pairPath(a, b string) string { return "/staff/duplicates/" + a + "/" + b }

// pairView is two records beside each other.
type pairView struct {
	a, b    people.Person
	table   ui.Table
	why     evidence
	sure    string
	stays   string
	later   putOff
	form    *ui.FormState
	changes bool
	words
}

func (x *Roster) pair(w http.ResponseWriter, r *web.Request) error {
	return x.pairForm(w, r, http.StatusOK, web.NewForm())
}

func (x *Roster) pairForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	say := in(r)
	v := pairView{form: form, changes: r.Can(access.ChangePeople), words: say}
	ids := []string{r.PathValue("a"), r.PathValue("b")}
	if ids[0] == ids[1] {
		return db.ErrNoRow
	}
	if v.a, err = x.Person(r.Context(), r.Actor, ids[0]); err != nil {
		return err
	}
	if v.b, err = x.Person(r.Context(), r.Actor, ids[1]); err != nil {
		return err
	}
	rows, err := store.Some[org.Person](r.Context(), x.read(r), b.at, ids)
	if err != nil || len(rows) != 2 {
		return errors.Join(err, missing(len(rows) != 2))
	}
	managers, err := x.names(r.Context(), x.read(r), b.at, v.a.Manager, v.b.Manager)
	if err != nil {
		return err
	}
	v.table = v.tableOf(b, managers, &rows[0], &rows[1])
	v.stays = v.a.ID
	if len(v.b.Posts) > len(v.a.Posts) || v.a.Out && !v.b.Out {
		v.stays = v.b.ID
	}
	a, _, err := x.Assessed(r.Context(), r.Actor)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if err == nil {
		for _, p := range a.People {
			if slices.Contains(ids, p.A) && slices.Contains(ids, p.B) {
				v.why, v.sure = say.evidenceOf("person", p.Evidence), say.sure(p.Probability)
			}
		}
	}
	if v.later, err = x.putOff(r, store.Duplicate); err != nil {
		return err
	}
	p := page(r, say.say("pair.title"), say.link("list.title", "/staff/list"), say.link("duplicates.title", "/staff/duplicates"))
	p.Lead, p.Status, p.Invalid = say.say("pair.lead"), status, !form.OK()
	return r.Show(w, p, pairPage(v))
}

func missing(is bool) error {
	if is {
		return db.ErrNoRow
	}
	return nil
}

// tableOf lays two records beside each other. Of birth year and number it says only whether they agree.
func (v pairView) tableOf(b *board, managers map[string]string, x, y *org.Person) ui.Table {
	t := ui.Table{Caption: v.say("pair.beside"), HideCaption: true, Columns: []ui.Column{{Label: v.say("pair.what")}, {Label: v.say("duplicates.first")}, {Label: v.say("duplicates.second")}, {Label: v.say("pair.agree")}}}
	add := func(key, one, other string) {
		if one == "" && other == "" {
			return
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.say("what." + key)}, v.known(one, one), v.known(other, other), v.agrees(one == other, one != "" && other != "")}})
	}
	place := func(p *people.Person) (unit, function, fte string) {
		if len(p.Posts) == 0 {
			return "", "", ""
		}
		return strings.Join(b.path(p.Posts[0].Unit), step), b.functionName(p.Posts[0].Function), v.share(p.Posts[0].FTE)
	}
	service := func(p *people.Person) string {
		if p.Out {
			return v.say("list.out")
		}
		return v.say("list.service-in")
	}
	unitA, functionA, fteA := place(&v.a)
	unitB, functionB, fteB := place(&v.b)
	for _, f := range [][3]string{{"given", v.a.Given, v.b.Given}, {"family-name", v.a.Family, v.b.Family}, {"mail", v.a.Mail, v.b.Mail}, {"service", service(&v.a), service(&v.b)}, {"span", v.span(v.a.Span), v.span(v.b.Span)},
		{"unit", unitA, unitB}, {"function", functionA, functionB}, {"fte", fteA, fteB}, {"manager", managers[v.a.Manager], managers[v.b.Manager]}, {"site", v.a.Site, v.b.Site}} {
		add(f[0], f[1], f[2])
	}
	if x.ID != v.a.ID {
		x, y = y, x
	}
	hidden := func(key, one, other string) {
		if one == "" && other == "" {
			return
		}
		there := func(s string) ui.Cell {
			if s == "" {
				return v.known("", "")
			}
			return ui.Cell{Text: v.say("pair.hidden"), Quiet: true}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.say("what." + key)}, there(one), there(other), v.agrees(one == other, one != "" && other != "")}})
	}
	year := func(p *org.Person) string {
		if p.BirthYear == 0 {
			return ""
		}
		return itoa(p.BirthYear)
	}
	// Zeros before a number are often lost on the way; they make no other number.
	hidden("number", strings.TrimLeft(x.Number, "0"), strings.TrimLeft(y.Number, "0"))
	hidden("birth", year(x), year(y))
	hidden("national", x.Hidden, y.Hidden)
	return t
}

// agrees says whether two values agree; nothing where one is missing.
func (v pairView) agrees(same, both bool) ui.Cell {
	switch {
	case !both:
		return ui.Cell{}
	case same:
		return ui.Cell{Text: v.say("pair.same")}
	default:
		return ui.Cell{Content: ui.Tag(ui.Warning, v.say("pair.differs"))}
	}
}

func (v pairView) choice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "into", Label: v.say("pair.stays"), Hint: v.say("pair.stays-hint")}, Chosen: []string{v.stays}}
	for i, p := range []*people.Person{&v.a, &v.b} {
		key := "duplicates.first"
		if i == 1 {
			key = "duplicates.second"
		}
		c.Options = append(c.Options, ui.Option{Value: p.ID, Label: v.say(key) + ": " + p.Name(), Hint: p.Mail})
	}
	return c
}

// decide makes two records one person, or keeps that they are two.
func (x *Roster) decide(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	one, other := r.PathValue("a"), r.PathValue("b")
	back := func(err error) error {
		return again(r, form, err, func(status int, state *ui.FormState) error { return x.pairForm(w, r, status, state) })
	}
	if form.Get("do") == "later" {
		if err := x.PutOff(r.Context(), r.Actor, store.Duplicate, people.Proposal(one, other)); err != nil {
			return err
		}
		return r.Redirect(w, "/staff/duplicates", r.Notice(noticeBundle, "notice.put-off"))
	}
	if form.Get("do") == "part" {
		if err := x.PartPeople(r.Context(), r.Actor, one, other); err != nil {
			return back(err)
		}
		return r.Redirect(w, "/staff/duplicates", r.Notice(noticeBundle, "notice.parted-people"))
	}
	into := form.Get("into")
	switch into {
	case one:
	case other:
		other = one
	default:
		return db.ErrNoRow
	}
	seq, err := x.MergePeople(r.Context(), r.Actor, into, other)
	if conflict(err) || errors.Is(err, db.ErrNoRow) { // the same form sent twice is no conflict
		if before := x.mergeBefore(r.Context(), r, store.People, into, []string{other}); before != 0 {
			seq, err = before, nil
		}
	}
	if err != nil {
		return back(err)
	}
	return r.Redirect(w, "/staff/duplicates?merged="+strconv.FormatInt(seq, 10), nil)
}

// mostDecidedPeople is how many decisions on people a page shows.
const mostDecidedPeople = 30

// called is who is meant by the keys of decisions, by name: keys are numbers and addresses, which are not shown here.
func (x *Roster) called(r *web.Request, at int64, list []store.Decision) (map[string]string, error) {
	ids, by := []string{}, map[string]string{}
	for i := range list {
		for _, key := range []string{list[i].A, list[i].B} {
			found, err := store.ByNumber(r.Context(), x.read(r), at, key)
			if err == nil && len(found) == 0 {
				found, err = store.ByMail(r.Context(), x.read(r), at, key)
			}
			if err != nil {
				return nil, err
			}
			if len(found) == 1 {
				by[key] = found[0].ID
				ids = append(ids, found[0].ID)
			}
		}
	}
	people, err := x.Some(r.Context(), r.Actor, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for key, id := range by {
		for i := range people {
			if people[i].ID == id {
				out[key] = people[i].Name()
			}
		}
	}
	return out, nil
}
