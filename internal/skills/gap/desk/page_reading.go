package desk

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/gap/desk/placing"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// readingView is the form in which HR says where respondents are.
type readingView struct {
	*board
	form    *ui.FormState
	choose  *ui.FormState // of the form with the questions
	reading placing.Reading
	axes    []axisView
	family  []ui.Choice // by family of the staff list, which answer its people give
	fixed   []fixedView // what was said, once it was
	// unstaffed tells that there is no staff list yet.
	unstaffed bool
}

// fixedView is what was said of the answers to one question.
type fixedView struct {
	title string
	table ui.Table
}

// axisView is the answers of a question with their counterparts.
type axisView struct {
	key     string // department, function
	list    string // id of the list of names
	names   []placing.Named
	unknown []ui.Field // answers without a counterpart
	known   []ui.Field
}

// axisKeys are the names of the axes in forms and addresses.
func axisKeys() [3]string { return [3]string{"department", "function", "family"} }

func (s *Service) askReading(w http.ResponseWriter, r *web.Request) error {
	return s.readingForm(w, r, http.StatusOK, web.NewForm())
}

// readable says why one cannot say where respondents are.
func (b *board) readable() error {
	switch {
	case b.facts == nil:
		return refuse(problem.NotFound, "error.nothing-yet", nil)
	case b.report.Source == "":
		return refuse(problem.Gone, "error.gone", nil)
	}
	return nil
}

// columnsOf returns the reading with the questions that were chosen, each with what is proposed for its answers.
func (b *board) columnsOf(values url.Values, o *demand.Organisation) placing.Reading {
	said := b.facts.Proposed
	for i, axis := range [3]*placing.Axis{&said.Department, &said.Function, &said.Family} {
		if list, given := values[axisKeys()[i]]; given && list[0] != axis.Column && (list[0] == "" || placing.Find(b.facts.Columns, list[0]) != nil) {
			*axis = placing.Axis{Column: list[0]}
		}
	}
	return placing.Propose(b.facts.Columns, nil, o, &said)
}

func (s *Service) readingForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	b, err := s.open(r)
	if err == nil {
		err = b.readable()
	}
	if err != nil {
		return err
	}
	m, err := s.Needs.Map(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	if b.said != nil {
		return s.readingSaid(w, r, b, m.Org)
	}
	values := r.URL.Query()
	if form.Values != nil {
		values = form.Values
	}
	v := readingView{board: b, form: form, reading: b.columnsOf(values, m.Org), unstaffed: len(m.Org.Tallies) == 0}
	v.choose = &ui.FormState{ID: "choose", Values: url.Values{"department": {v.reading.Department.Column}, "function": {v.reading.Function.Column}, "family": {v.reading.Family.Column}}}
	v.axes = []axisView{v.axis("department", &v.reading.Department, placing.Units(m.Org)), v.axis("function", &v.reading.Function, placing.Functions(m.Org))}
	v.families(m.Org)
	p := b.page(r, b.say("reading.title"))
	p.Lead, p.Status, p.Invalid, p.Notices = b.say("reading.lead"), status, !form.OK(), nil
	return r.Show(w, p, readingPage(v))
}

// readingSaid shows what was said, which does not change any more.
func (s *Service) readingSaid(w http.ResponseWriter, r *web.Request, b *board, o *demand.Organisation) error {
	v := readingView{board: b, form: web.NewForm()}
	add := func(key string, axis *placing.Axis, names []placing.Named) {
		c := placing.Find(b.facts.Columns, axis.Column)
		if c == nil {
			return
		}
		t := ui.Table{Caption: b.say("axis." + key), HideCaption: true, Columns: []ui.Column{{Label: b.say("reading.answer")}, {Label: b.say("reading.stands-for")}}}
		for i := range c.Answers {
			to := placing.NameOf(names, axis.Pairs[c.Answers[i].ID])
			if to == "" && axis.Pairs[c.Answers[i].ID] != "" { // a group of its own, or a unit that is not there any more
				to = c.Answers[i].Label.In(b.Lang)
			}
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Answers[i].Label.In(b.Lang)}, {Text: cmp.Or(to, b.say("reading.unknown")), Quiet: to == ""}}})
		}
		v.fixed = append(v.fixed, fixedView{b.say("axis." + key), t})
	}
	add("department", &b.said.Department, placing.Units(o))
	add("function", &b.said.Function, placing.Functions(o))
	if c := placing.Find(b.facts.Columns, b.said.Family.Column); c != nil {
		t := ui.Table{Caption: b.say("axis.family"), HideCaption: true, Columns: []ui.Column{{Label: b.say("reading.family")}, {Label: b.say("reading.answer")}}}
		for _, family := range slices.Sorted(maps.Keys(b.said.Family.Pairs)) {
			answer := ""
			for i := range c.Answers {
				if c.Answers[i].ID == b.said.Family.Pairs[family] {
					answer = c.Answers[i].Label.In(b.Lang)
				}
			}
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: family}, {Text: cmp.Or(answer, b.say("reading.unknown")), Quiet: answer == ""}}})
		}
		v.fixed = append(v.fixed, fixedView{b.say("axis.family"), t})
	}
	p := b.page(r, b.say("reading.title"))
	p.Lead, p.Notices = b.say("reading.fixed"), nil
	return r.Show(w, p, fixedPage(v))
}

func (v *readingView) axis(key string, axis *placing.Axis, names []placing.Named) axisView {
	x := axisView{key: key, list: "list-" + key, names: names}
	c := placing.Find(v.facts.Columns, axis.Column)
	if c == nil || len(names) == 0 {
		return x
	}
	for i := range c.Answers {
		f := ui.Field{Name: key + "-" + strconv.Itoa(i), Label: c.Answers[i].Label.In(v.Lang), Value: placing.NameOf(names, axis.Pairs[c.Answers[i].ID]), Attrs: templ.Attributes{"list": x.list, "autocomplete": "off"}}
		if f.Value == "" {
			x.unknown = append(x.unknown, f)
		} else {
			x.known = append(x.known, f)
		}
	}
	return x
}

func (v *readingView) families(o *demand.Organisation) {
	c := placing.Find(v.facts.Columns, v.reading.Family.Column)
	if c == nil || len(o.Tallies) == 0 {
		return
	}
	for i, name := range placing.Families(o) {
		choice := ui.Choice{Field: ui.Field{Name: "family-" + strconv.Itoa(i), Label: name}, Options: []ui.Option{{Label: v.say("reading.no-answer")}}, Chosen: []string{v.reading.Family.Pairs[name]}}
		for k := range c.Answers {
			choice.Options = append(choice.Options, ui.Option{Value: c.Answers[k].ID, Label: c.Answers[k].Label.In(v.Lang)})
		}
		v.family = append(v.family, choice)
	}
}

// question is the choice of the question that tells an axis.
func (v *readingView) question(key string) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: key, Label: v.say("axis." + key)}, Options: []ui.Option{{Label: v.say("reading.none")}}}
	for i := range v.facts.Columns {
		col := &v.facts.Columns[i]
		c.Options = append(c.Options, ui.Option{Value: col.ID, Label: col.Name.In(v.Lang)})
	}
	return c
}

// carried are the fields that the form carries unseen.
func (v *readingView) carried() []ui.NameValue {
	return []ui.NameValue{{Name: "version", Value: strconv.FormatInt(v.row.version, 10)}, {Name: "department", Value: v.reading.Department.Column}, {Name: "function", Value: v.reading.Function.Column}, {Name: "family", Value: v.reading.Family.Column}}
}

func (s *Service) putReading(w http.ResponseWriter, r *web.Request) error {
	values, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, err := s.open(r)
	if err == nil {
		err = b.readable()
	}
	if err != nil {
		return err
	}
	m, err := s.Needs.Map(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	reading, err := b.readingOf(values, m.Org)
	if err == nil {
		version, _ := strconv.ParseInt(values.Get("version"), 10, 64) // anything else is no version
		err = s.Say(r.Context(), r.Actor, b.report.ID, version, reading, r.Asked(values, values.Encode()))
	}
	if err != nil {
		return again(r, values, err, func(status int, form *ui.FormState) error { return s.readingForm(w, r, status, form) })
	}
	return r.Redirect(w, b.at(""), notice(r, "read"))
}

// readingOf reads the form.
func (b *board) readingOf(values url.Values, o *demand.Organisation) (placing.Reading, error) {
	reading := b.columnsOf(values, o)
	form := &problem.Form{Bundle: locale()}
	for _, axis := range []struct {
		key   string
		to    *placing.Axis
		names []placing.Named
	}{{"department", &reading.Department, placing.Units(o)}, {"function", &reading.Function, placing.Functions(o)}} {
		c := placing.Find(b.facts.Columns, axis.to.Column)
		if c == nil || len(axis.names) == 0 {
			continue
		}
		at := make(map[string]string, len(axis.names))
		for _, n := range axis.names {
			at[value.Fold(n.Name)] = n.ID
		}
		for i := range c.Answers {
			name := axis.key + "-" + strconv.Itoa(i)
			typed, given := values[name]
			if !given {
				continue
			}
			id, known := at[value.Fold(typed[0])]
			if typed[0] != "" && !known {
				form.Wrong(name, "field.no-"+axis.key, i18n.Args{"name": c.Answers[i].Label.In(b.Lang)})
				continue
			}
			if typed[0] == "" {
				id = ""
			}
			axis.to.Pairs[c.Answers[i].ID] = id
		}
	}
	if c := placing.Find(b.facts.Columns, reading.Family.Column); c != nil && len(o.Tallies) > 0 {
		for i, family := range placing.Families(o) {
			name := "family-" + strconv.Itoa(i)
			chosen, given := values[name]
			if !given {
				continue
			}
			if chosen[0] != "" && !has(c, chosen[0]) {
				form.Wrong(name, "field.no-answer", i18n.Args{"name": family})
				continue
			}
			reading.Family.Pairs[family] = chosen[0]
		}
	}
	return reading, form.Err()
}

func has(c *placing.Column, answer string) bool {
	for i := range c.Answers {
		if c.Answers[i].ID == answer {
			return true
		}
	}
	return false
}
