package roster

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const proposalsOnPage = 20

// titlesView is the proposals of titles that are probably one, and what was decided.
type titlesView struct {
	proposals ui.Table
	open      int
	pager     ui.Pager
	work      *ui.Work
	decided   ui.Table
	apart     ui.Table
	later     putOff
	assessed  bool
	words
}

// known lists what was decided, as pairs of keys.
func known(list []store.Decision) map[[2]string]store.Verdict {
	out := map[[2]string]store.Verdict{}
	for i := range list {
		d := &list[i]
		out[[2]string{d.A, d.B}], out[[2]string{d.B, d.A}] = d.Verdict, d.Verdict
	}
	return out
}

// openTitles are the proposals on which nobody decided since, of functions that stand.
func (b *board) openTitles(a *people.Assessment, decided map[[2]string]store.Verdict) []people.SameTitles {
	var out []people.SameTitles
	for _, set := range a.Titles {
		set.Functions = slices.DeleteFunc(slices.Clone(set.Functions), func(id string) bool {
			i, ok := b.function[id]
			return !ok || !b.functions[i].On(b.day)
		})
		if len(set.Functions) < 2 || b.allApart(set.Functions, decided) {
			continue
		}
		if !slices.Contains(set.Functions, set.Into) {
			set.Into = set.Functions[0]
		}
		slices.SortStableFunc(set.Functions, func(x, y string) int { // the one that could stay first, then by people
			return cmp.Or(cmp.Compare(rank(x == set.Into), rank(y == set.Into)), of(b.has, y).people-of(b.has, x).people)
		})
		out = append(out, set)
	}
	return out
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// allApart tells whether each two of these functions are different as somebody decided.
func (b *board) allApart(ids []string, decided map[[2]string]store.Verdict) bool {
	for i, x := range ids {
		for _, y := range ids[i+1:] {
			if decided[[2]string{b.functionKey(x), b.functionKey(y)}] != store.Different {
				return false
			}
		}
	}
	return true
}

func (b *board) functionKey(id string) string { return draft.FunctionKey(b.functionName(id)) }

func (x *Roster) titles(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	say := in(r)
	v := titlesView{words: say}
	a, _, err := x.Assessed(r.Context(), r.Actor)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	v.assessed = err == nil
	if v.work, err = x.workOf(r); err != nil {
		return err
	}
	list, err := x.Decisions(r.Context(), r.Actor, store.Title)
	if err != nil {
		return err
	}
	if v.assessed {
		open := b.openTitles(a, known(list))
		if v.later, err = x.putOff(r, store.Title); err != nil {
			return err
		}
		behind(&v.later, open, func(set *people.SameTitles) []string { return set.Functions })
		v.open = len(open)
		v.proposals, v.pager = v.proposalsTable(b, open, r.URL.Query())
	}
	if v.decided, err = x.decidedTable(r, say, list, "", nil); err != nil {
		return err
	}
	v.apart = b.contradictions(say)
	p := page(r, say.say("titles.title"), say.link("functions.title", "/staff/functions"))
	p.Lead, p.Live = say.say("titles.lead"), v.work != nil
	if p.Notices, err = x.told(r, say); err != nil {
		return err
	}
	return r.Show(w, p, titlesPage(v))
}

func (v titlesView) proposalsTable(b *board, open []people.SameTitles, q url.Values) (ui.Table, ui.Pager) {
	t := ui.Table{Caption: v.say("titles.proposals"), HideCaption: true, Columns: []ui.Column{{Label: v.say("titles.names"), Long: true}, {Label: v.say("column.people"), Numeric: true}, {Label: v.say("column.sure")}}}
	from, to, pager := v.part("/staff/titles", len(open), q)
	for i := range open[from:to] {
		set := &open[from+i]
		var names []string
		for _, id := range set.Functions {
			names = append(names, b.functionLabel(id))
		}
		link := mergeLink(set.Into, set.Functions)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: strings.Join(names, " · "), Href: link}, {Text: v.Int(set.People)}, v.sureOr(set.Lowest, v.later.note(v.words, set.Functions...))},
			Actions: []ui.Action{{Label: v.say("titles.look"), Href: link}}})
	}
	return t, pager
}

// sureOr says how sure a proposal is, and when it was put off.
func (w words) sureOr(p float64, later string) ui.Cell {
	if later == "" {
		return ui.Cell{Text: w.sure(p)}
	}
	return ui.Cell{Content: lines([]string{w.sure(p), later})}
}

// part is which part of a list of n a page shows, with the way to the others.
func (w words) part(path string, n int, q url.Values) (from, to int, pager ui.Pager) {
	from = min(max(0, int(at(q.Get("from")))), n)
	to = min(from+proposalsOnPage, n)
	if from > 0 || to < n {
		pager.Text = w.T("range", i18n.Args{"from": w.Int(from + 1), "to": w.Int(to), "all": w.Int(n)})
	}
	if from > 0 {
		pager.Newer = path + "?from=" + itoa(max(0, from-proposalsOnPage))
	}
	if to < n {
		pager.Older = path + "?from=" + itoa(to)
	}
	return from, to, pager
}

// mostDecided is how many decisions a page shows.
const mostDecided = 100

// decidedTable is what was decided, the newest first. A merge is undone as the change that it was; that two are different is taken
// back. called says who is meant by a key; nil shows the keys.
func (x *Roster) decidedTable(r *web.Request, say words, list []store.Decision, what string, called map[string]string) (ui.Table, error) {
	t := ui.Table{Caption: say.say("decided.title"), HideCaption: true, Columns: []ui.Column{{Label: say.say("decided.what"), Long: true}, {Label: say.say("history.who")}, {Label: say.say("history.when")}}}
	made := map[string]int64{}
	revisions, err := x.Revisions(r.Context(), r.Actor, 0, 200)
	if err != nil {
		return t, err
	}
	for i := range revisions {
		if v := &revisions[i]; v.Kind == store.ByMerge && v.UndoneBy == 0 {
			for _, d := range people.NoteOf(v).Decisions {
				made[d] = v.Seq
			}
		}
	}
	names := map[string]string{}
	for i := len(list) - 1; i >= 0 && len(t.Rows) < mostDecided; i-- {
		d := &list[i]
		who, known := names[d.Account]
		if !known && d.Account != "" {
			if who, err = x.Accounts.Name(r.Context(), x.read(r), d.Account); err != nil {
				return t, err
			}
			names[d.Account] = who
		}
		other := d.A
		if other == d.Into {
			other = d.B
		}
		call := func(key string) string {
			if called == nil {
				return key
			}
			return cmp.Or(called[key], say.say("nobody-known"))
		}
		text := say.T("decided."+what+"different", i18n.Args{"a": call(d.A), "b": call(d.B)})
		if d.Verdict == store.Same {
			text = say.T("decided."+what+"same", i18n.Args{"a": call(other), "b": call(d.Into)})
		}
		row := ui.Row{Cells: []ui.Cell{{Text: text}, {Text: who}, {Text: say.moment(d.At)}}}
		switch seq := made[d.ID]; {
		case !r.Can(access.ChangePeople):
		case d.Verdict == store.Different:
			row.Actions = []ui.Action{{Label: say.say("decided.withdraw"), Href: "/staff/decisions/" + d.ID + "/withdraw"}}
		case seq != 0:
			row.Actions = []ui.Action{{Label: say.say("undo.do"), Href: undoPath(seq, r.URL.Path)}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// mostApart is how many names with several functions a page explains.
const mostApart = 50

// contradictions are functions that share a name and differ in level or in kind of work: they are kept apart.
func (b *board) contradictions(w words) ui.Table {
	t := ui.Table{Caption: w.say("titles.apart"), HideCaption: true, Columns: []ui.Column{{Label: w.say("what.function")}, {Label: w.say("titles.why-apart"), Long: true}, {Label: w.say("column.people"), Numeric: true}}}
	by := map[string][]int{}
	var order []string
	for i := range b.functions {
		if !b.functions[i].On(b.day) {
			continue
		}
		key := draft.FunctionKey(b.functions[i].Name)
		if by[key] == nil {
			order = append(order, key)
		}
		by[key] = append(by[key], i)
	}
	for _, key := range order {
		list := by[key]
		if len(list) < 2 || len(t.Rows) >= mostApart {
			continue
		}
		levels, works, n := map[string]bool{}, map[string]bool{}, 0
		for _, i := range list {
			f := &b.functions[i]
			levels[string(f.Level)], works[string(f.Work)] = true, true
			n += of(b.has, f.ID).people
		}
		delete(levels, "")
		delete(works, "")
		var why []string
		if len(levels) > 1 {
			why = append(why, w.T("titles.levels", i18n.Args{"levels": w.And(sorted(levels))}))
		}
		if len(works) > 1 {
			var names []string
			for _, k := range sorted(works) {
				names = append(names, w.work(org.Work(k)))
			}
			why = append(why, w.T("titles.works", i18n.Args{"works": w.And(names)}))
		}
		if len(why) > 0 {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: b.functions[list[0]].Name, Href: "/staff/functions?q=" + url.QueryEscape(b.functions[list[0]].Name)}, {Text: strings.Join(why, " ")}, {Text: w.Int(n)}}})
		}
	}
	return t
}

func sorted(set map[string]bool) []string {
	var out []string
	for k := range set {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// mergeView asks whether functions are one.
type mergeView struct {
	b         *board
	functions []string
	into      string
	why       evidence
	pair      [2]string // that the evidence is about
	sure      string
	later     putOff
	form      *ui.FormState
	words
}

func (x *Roster) askMerge(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	form, status := web.NewForm(), http.StatusOK
	ids := append(slices.Clone(q["into"]), q["f"]...)
	if text := strings.TrimSpace(q.Get("with")); text != "" {
		wrong := problem.Form{Bundle: locale()}
		ids = append(ids, b.pickFunction(text, "", &wrong))
		if p, is := problem.Of(wrong.Err()); is {
			for _, f := range p.Fields {
				form.Fail("", f.In(r.Lang))
			}
			status = http.StatusUnprocessableEntity
		}
	}
	return x.mergeForm(w, r, status, b, ids, q.Get("into"), form)
}

// mostMembers is how many functions one page asks about.
const mostMembers = 100

func (x *Roster) mergeForm(w http.ResponseWriter, r *web.Request, status int, b *board, ids []string, into string, form *ui.FormState) error {
	say := in(r)
	v := mergeView{b: b, into: into, form: form, words: say}
	for _, id := range ids {
		if i, ok := b.function[id]; ok && b.functions[i].On(b.day) && !slices.Contains(v.functions, id) && len(v.functions) < mostMembers {
			v.functions = append(v.functions, id)
		}
	}
	if len(v.functions) == 0 {
		return db.ErrNoRow
	}
	if !slices.Contains(v.functions, v.into) {
		v.into = v.functions[0]
	}
	a, _, err := x.Assessed(r.Context(), r.Actor)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return err
	}
	if err == nil {
		for i := range a.Titles {
			if set := &a.Titles[i]; set.A != "" && slices.Contains(v.functions, set.A) && slices.Contains(v.functions, set.B) {
				v.why, v.sure, v.pair = say.evidenceOf("title", set.Evidence), say.sure(set.Lowest), [2]string{b.functionName(set.A), b.functionName(set.B)}
			}
		}
	}
	if v.later, err = x.putOff(r, store.Title); err != nil {
		return err
	}
	p := page(r, say.say("merge.title"), say.link("functions.title", "/staff/functions"), say.link("titles.title", "/staff/titles"))
	p.Lead, p.Status, p.Invalid = say.say("merge.lead"), status, !form.OK()
	return r.Show(w, p, mergePage(v))
}

// about is what is known of a function, in a line.
func (v mergeView) about(id string) string {
	f := &v.b.functions[v.b.function[id]]
	parts := []string{v.people(of(v.b.has, id))}
	if f.Level != "" {
		parts = append(parts, v.T("merge.level", i18n.Args{"level": string(f.Level)}))
	}
	for _, text := range []string{f.Family, f.Code} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	if f.Work != "" {
		parts = append(parts, v.work(f.Work))
	}
	return strings.Join(parts, " · ")
}

func (v mergeView) members() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "f", Label: v.say("merge.members"), Hint: v.say("merge.members-hint")}, Chosen: v.functions}
	for _, id := range v.functions {
		c.Options = append(c.Options, ui.Option{Value: id, Label: v.b.functionLabel(id), Hint: v.about(id)})
	}
	return c
}

func (v mergeView) names() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "into", Label: v.say("merge.into"), Hint: v.say("merge.into-hint")}, Chosen: []string{v.into}}
	for _, id := range v.functions {
		c.Options = append(c.Options, ui.Option{Value: id, Label: v.b.functionLabel(id)})
	}
	return c
}

func (v mergeView) hidden() []ui.NameValue {
	var out []ui.NameValue
	for _, id := range v.functions {
		out = append(out, ui.NameValue{Name: "all", Value: id})
	}
	return out
}

// merge makes functions one, or keeps that they differ.
func (x *Roster) merge(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	into, members := form.Get("into"), form["f"]
	back := func(err error) error {
		return again(r, form, err, func(status int, state *ui.FormState) error {
			return x.mergeForm(w, r, status, b, form["all"], into, state)
		})
	}
	if form.Get("do") == "later" {
		return x.laterTitles(w, r, b, form["all"])
	}
	if form.Get("do") == "part" {
		if err := x.PartTitles(r.Context(), r.Actor, members); err != nil {
			return back(err)
		}
		return r.Redirect(w, "/staff/titles", r.Notice(noticeBundle, "notice.parted"))
	}
	if !slices.Contains(members, into) && into != "" {
		members = append(members, into)
	}
	seq, err := x.MergeTitles(r.Context(), r.Actor, into, members)
	if conflict(err) { // the same form sent twice is no conflict
		if before := x.mergeBefore(r.Context(), r, store.Functions, into, members); before != 0 {
			seq, err = before, nil
		}
	}
	if err != nil {
		return back(err)
	}
	return r.Redirect(w, "/staff/titles?merged="+strconv.FormatInt(seq, 10), nil)
}

// laterTitles puts off the proposals that some of these functions are of.
func (x *Roster) laterTitles(w http.ResponseWriter, r *web.Request, b *board, functions []string) error {
	a, _, err := x.Assessed(r.Context(), r.Actor)
	if errors.Is(err, db.ErrNoRow) {
		return r.Redirect(w, "/staff/titles", nil)
	}
	if err != nil {
		return err
	}
	list, err := x.Decisions(r.Context(), r.Actor, store.Title)
	if err != nil {
		return err
	}
	var proposals []string
	for _, set := range b.openTitles(a, known(list)) {
		n := 0
		for _, id := range set.Functions {
			if slices.Contains(functions, id) {
				n++
			}
		}
		if n > 1 {
			proposals = append(proposals, people.Proposal(set.Functions...))
		}
	}
	if len(proposals) == 0 { // nobody proposed these
		return r.Redirect(w, "/staff/titles", nil)
	}
	if err := x.PutOff(r.Context(), r.Actor, store.Title, proposals...); err != nil {
		return err
	}
	return r.Redirect(w, "/staff/titles", r.Notice(noticeBundle, "notice.put-off"))
}

// mergeBefore returns the revision in which who asks made these one; 0 when it is not among the last ones.
func (x *Roster) mergeBefore(ctx context.Context, r *web.Request, kind store.Kind, into string, others []string) int64 {
	list, err := x.Revisions(ctx, r.Actor, 0, 10)
	if err != nil {
		return 0
	}
	for i := range list {
		v := &list[i]
		note := people.NoteOf(v)
		if v.Kind == store.ByMerge && v.Account == r.Actor.Owner && v.UndoneBy == 0 && note.Subject == into && note.What == string(kind) && x.noneStands(ctx, r, kind, v.Seq, into, others) {
			return v.Seq
		}
	}
	return 0
}

// noneStands tells whether a revision ended all of these but one.
func (x *Roster) noneStands(ctx context.Context, r *web.Request, kind store.Kind, seq int64, but string, ids []string) bool {
	for _, id := range ids {
		if id == but {
			continue
		}
		var err error
		switch kind {
		case store.People:
			_, err = store.One[org.Person](ctx, x.read(r), seq, id)
		case store.Units:
			_, err = store.One[org.Unit](ctx, x.read(r), seq, id)
		case store.Functions:
			_, err = store.One[org.Function](ctx, x.read(r), seq, id)
		case store.Posts:
			_, err = store.One[org.Post](ctx, x.read(r), seq, id)
		}
		if !errors.Is(err, db.ErrNoRow) {
			return false
		}
	}
	return true
}

// told are the notices of a page on which something was made one or put back.
func (x *Roster) told(r *web.Request, say words) ([]ui.Notice, error) {
	back, err := x.undone(r, say)
	return append(x.merged(r, say), back...), err
}

// merged tells that something was made one, with the way back.
func (x *Roster) merged(r *web.Request, say words) []ui.Notice {
	seq := at(r.URL.Query().Get("merged"))
	if seq < 1 {
		return nil
	}
	v, err := store.RevisionOf(r.Context(), x.read(r), seq)
	if err != nil || v.Kind != store.ByMerge || v.UndoneBy != 0 {
		return nil
	}
	return []ui.Notice{{Tone: ui.Success, Title: say.say("merge.done-title"), Text: say.say("merge.done"), Actions: []ui.Action{{Label: say.say("undo.do"), Href: undoPath(seq, r.URL.Path), Kind: ui.Quiet}}}}
}
