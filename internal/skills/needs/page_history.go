package needs

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

const (
	changesOnPage = 40
	factsShown    = 4   // of a change, in a list
	factsOnPage   = 200 // of a change, on its own page
)

// historyView is what was changed.
type historyView struct {
	words
	m       *demand.Map
	q       ChangeQuery
	table   ui.Table
	pager   ui.Pager
	authors []ui.Option
}

func (s *Service) history(w http.ResponseWriter, r *web.Request) error {
	ctx := r.Context()
	m, err := s.mapOf(ctx, s.reader(r))
	if err != nil {
		return err
	}
	v := historyView{words: wordsOf(r), m: m}
	q := r.URL.Query()
	v.q = ChangeQuery{Account: q.Get("who"), About: framework.Where{Function: q.Get("function"), Family: q.Get("family")}, Before: max(0, numberOf(q.Get("before"))), Limit: changesOnPage + 1}
	if kind := ChangeKind(q.Get("kind")); slices.Contains(ChangeKinds(), kind) {
		v.q.Kind = kind
	}
	list, err := changes(ctx, s.reader(r), v.q)
	if err != nil {
		return err
	}
	if len(list) > changesOnPage {
		list = list[:changesOnPage]
		q.Set("before", strconv.FormatInt(list[len(list)-1].Seq, 10))
		v.pager.Older = historyAt + "?" + q.Encode()
	}
	if v.q.Before > 0 {
		q.Del("before")
		v.pager.Newer = historyAt + "?" + q.Encode()
	}
	v.pager.Sorted = true // walked by keys, its beginning is what one can go back to
	names := s.who(r)
	if v.table, err = s.changeTable(r, m, list, names); err != nil {
		return err
	}
	accounts, err := authors(ctx, s.reader(r))
	if err != nil {
		return err
	}
	for _, a := range accounts {
		name, err := names.name(a)
		if err != nil {
			return err
		}
		v.authors = append(v.authors, ui.Option{Value: a, Label: name})
	}
	i18n.Collate(v.Printer, v.authors, func(o ui.Option) string { return o.Label })
	p := below(r, v.say("history.title"))
	p.Lead = v.say("history.lead")
	return r.Show(w, p, historyPage(v))
}

func (v historyView) who() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "who", Label: v.say("what.who")}, Chosen: []string{v.q.Account}, Options: append([]ui.Option{{Label: v.say("any.who")}}, v.authors...)}
}

func (v historyView) kinds() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "kind", Label: v.say("what.kind")}, Chosen: []string{string(v.q.Kind)}, Options: []ui.Option{{Label: v.say("any.kind")}}}
	for _, k := range ChangeKinds() {
		c.Options = append(c.Options, ui.Option{Value: string(k), Label: v.say("kind." + string(k))})
	}
	return c
}

// about keeps what the list is about while one filters it.
func (v historyView) about() []ui.NameValue {
	var out []ui.NameValue
	for _, x := range []ui.NameValue{{Name: "function", Value: v.q.About.Function}, {Name: "family", Value: v.q.About.Family}} {
		if x.Value != "" {
			out = append(out, x)
		}
	}
	return out
}

// changeTable is changes as a table: when, by whom, what, and how to put them back.
func (s *Service) changeTable(r *web.Request, m *demand.Map, list []Change, names *who) (ui.Table, error) {
	w := wordsOf(r)
	t := ui.Table{Caption: w.say("history.title"), HideCaption: true, Columns: []ui.Column{{Label: w.say("what.when")}, {Label: w.say("what.who")}, {Label: w.say("what.change"), Long: true}}}
	for i := range list {
		c := &list[i]
		name, err := names.name(c.Account)
		if err != nil {
			return t, err
		}
		facts, err := factsOf(r.Context(), s.reader(r), c.Seq, factsShown)
		if err != nil {
			return t, err
		}
		said := []string{w.kind(c)}
		for j := range facts {
			said = append(said, w.fact(m, &facts[j]))
		}
		if more := c.Count - len(facts); more > 0 {
			said = append(said, w.n("history.more", more))
		}
		if c.UndoneBy > 0 {
			said = append(said, w.say("history.undone"))
		}
		row := ui.Row{Cells: []ui.Cell{{Text: w.moment(c.At), Href: changesAt + strconv.FormatInt(c.Seq, 10)}, {Text: name}, {Content: lines(said)}}}
		if r.Can(access.ChangeNeeds) && c.UndoneBy == 0 {
			row.Actions = []ui.Action{{Label: w.say("undo.do"), Href: undoAt(c.Seq)}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

func undoAt(seq int64) string { return changesAt + strconv.FormatInt(seq, 10) + "/undo" }

// kind says how a change came to be.
func (w words) kind(c *Change) string {
	text := w.say("kind." + string(c.Kind))
	switch c.Kind {
	case ByImport, ByFramework:
		text += ": " + c.Note
	case ByUndo:
		text += " (" + w.T("history.of", i18n.Args{"seq": strconv.FormatInt(c.Undoes, 10)}) + ")"
	case ByAnswers, ByTaking, ByLevel, ByFactors, ByRole, ByProposal:
	}
	return text
}

// fact says what a change did to one thing.
func (w words) fact(m *demand.Map, f *demand.Fact) string {
	subject := w.where(m, f.Where)
	value := func(v demand.Value) string {
		switch {
		case v == (demand.Value{}):
			return w.say("value.none")
		case f.Kind == demand.Answer:
			return w.say("answer." + v.Value)
		case f.Kind == demand.Level:
			return w.level(m.Framework, levelOf(v))
		case f.Kind == demand.Factor:
			return w.factorText(v, "")
		default:
			return v.Value
		}
	}
	args := i18n.Args{"was": value(f.Was), "now": value(f.Value), "where": subject}
	switch f.Kind {
	case demand.Answer:
		args["item"] = w.rule(m.Framework, f.Item)
	case demand.Level:
		args["item"] = w.skill(m.Framework, f.Item)
		if f.Note != "" {
			args["now"] += " (" + f.Note + ")"
		}
	case demand.Factor:
		args["item"] = w.factor(m.Framework, f.Item)
	case demand.Role:
		return w.T("history.role", i18n.Args{"was": value(f.Was), "now": value(f.Value)})
	case demand.Adapted:
		return w.T("history.version", i18n.Args{"was": value(f.Was), "now": value(f.Value)})
	}
	return w.T("history.fact", args)
}

// changePageView is a change with all that it did.
type changePageView struct {
	words
	c     Change
	facts []ui.Fact
	said  []string
	pager ui.Pager
}

func (s *Service) change(w http.ResponseWriter, r *web.Request) error {
	c, err := s.Change(r.Context(), r.Actor, numberOf(r.PathValue("seq")))
	if err != nil {
		return err
	}
	m, err := s.mapOf(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	v := changePageView{words: wordsOf(r), c: c}
	name, err := s.who(r).name(c.Account)
	if err != nil {
		return err
	}
	v.facts = []ui.Fact{{Term: v.say("what.when"), Text: v.moment(c.At)}, {Term: v.say("what.who"), Text: name}, {Term: v.say("what.kind"), Text: v.kind(&c)}}
	if c.UndoneBy > 0 {
		v.facts = append(v.facts, ui.Fact{Term: v.say("what.undone"), Content: linkTo(changesAt+strconv.FormatInt(c.UndoneBy, 10), v.T("history.of", i18n.Args{"seq": strconv.FormatInt(c.UndoneBy, 10)}))})
	}
	from := min(max(0, int(numberOf(r.URL.Query().Get("from")))), len(c.Facts))
	to := min(from+factsOnPage, len(c.Facts))
	for i := from; i < to; i++ {
		v.said = append(v.said, v.fact(m, &c.Facts[i]))
	}
	at := changesAt + strconv.FormatInt(c.Seq, 10)
	v.pager = v.cut(at, from, to, len(c.Facts), factsOnPage, "from")
	p := below(r, v.T("change.title", i18n.Args{"seq": strconv.FormatInt(c.Seq, 10)}), v.link("history.title", historyAt))
	if r.Can(access.ChangeNeeds) && c.UndoneBy == 0 {
		p.Actions = []ui.Action{{Label: v.say("undo.do"), Href: undoAt(c.Seq), Kind: ui.Quiet}}
	}
	return r.Show(w, p, changePage(v))
}

// cut leads through a list of which a part is shown.
func (w words) cut(at string, from, to, all, size int, field string) ui.Pager {
	p := ui.Pager{Text: w.T("range", i18n.Args{"from": w.Int(from + 1), "to": w.Int(to), "all": w.Int(all)}), Sorted: true}
	if from > 0 {
		p.Newer = at + "?" + url.Values{field: {itoa(max(0, from-size))}}.Encode()
	}
	if to < all {
		p.Older = at + "?" + url.Values{field: {itoa(to)}}.Encode()
	}
	return p
}

func (s *Service) askUndo(w http.ResponseWriter, r *web.Request) error {
	c, err := s.Change(r.Context(), r.Actor, numberOf(r.PathValue("seq")))
	if err != nil {
		return err
	}
	state, err := s.committed(r.Context(), s.reader(r))
	if err != nil {
		return err
	}
	say := wordsOf(r)
	at := changesAt + strconv.FormatInt(c.Seq, 10)
	p := below(r, say.say("undo.title"), say.link("history.title", historyAt))
	if _, changed := state.Undo(c.Facts); len(changed) > 0 { // say so at once, with the reason
		m, err := s.mapOf(r.Context(), s.reader(r))
		if err != nil {
			return err
		}
		return r.Show(w, p, cannotUndo(say.cannot(m, changed), at))
	}
	name, err := s.who(r).name(c.Account)
	if err != nil {
		return err
	}
	confirm := ui.Confirm{ID: "undo", Title: say.say("undo.title"), Text: say.N("undo.text", c.Count, i18n.Args{"n": say.Int(c.Count), "who": name, "when": say.moment(c.At)}), Cancel: at,
		Form: ui.FormSpec{State: web.NewForm(), Action: undoAt(c.Seq)}, Do: ui.Action{Label: say.say("undo.do")}}
	return r.Show(w, p, ui.ConfirmForm(confirm))
}

// cannot says what changed again since.
func (w words) cannot(m *demand.Map, changed []demand.Key) []string {
	out := []string{w.say("undo.since")}
	for _, k := range changed[:min(len(changed), factsShown)] {
		item := k.Item
		switch k.Kind {
		case demand.Answer:
			item = w.rule(m.Framework, k.Item)
		case demand.Level:
			item = w.skill(m.Framework, k.Item)
		case demand.Factor:
			item = w.factor(m.Framework, k.Item)
		case demand.Role, demand.Adapted:
			item = w.say("value." + string(k.Kind))
		}
		out = append(out, strings.TrimPrefix(w.where(m, k.Where)+": "+item, ": "))
	}
	if more := len(changed) - factsShown; more > 0 {
		out = append(out, w.n("history.more", more))
	}
	return out
}

func (s *Service) undo(w http.ResponseWriter, r *web.Request) error {
	seq := numberOf(r.PathValue("seq"))
	if seq < 1 {
		return db.ErrNoRow
	}
	made, err := s.Undo(r.Context(), r.Actor, seq)
	if problem.Is(err, problem.Conflict) { // the page says why
		return r.Redirect(w, undoAt(seq), nil)
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, changesAt+strconv.FormatInt(made, 10), notice(r, "undone"))
}
