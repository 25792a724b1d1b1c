package report

import (
	"slices"
	"sync"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/view"
	"tekentafel/internal/ui"
)

// words writes in one language.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

func (w words) n(key string, n int) string { return w.T(key, i18n.Args{"n": w.Int(n)}) }

// The steps from answers to a report.
const (
	stepUpload = iota
	stepCheck
	stepReport
)

// steps says how far somebody is on the way from answers to a report.
func (w words) steps(at int) ui.Steps {
	return ui.Steps{Labels: []string{w.say("steps.upload"), w.say("steps.check"), w.say("steps.report")}, At: at}
}

// listView is the list of reports.
type listView struct {
	reports []Report
	makes   bool // may upload answers and make reports
	sources bool // may see which answers are stored
	lang    instrument.Lang
	local   func(time.Time) time.Time
}

func (v listView) actions() []ui.Action {
	w := in(v.lang)
	var out []ui.Action
	if v.makes && len(v.reports) > 0 {
		out = append(out, ui.Action{Label: w.say("list.new"), Href: "/answers/new"})
	}
	if v.sources {
		out = append(out, ui.Action{Label: w.say("list.all-answers"), Href: "/answers", Kind: ui.Quiet})
	}
	return out
}

func (v listView) empty() ui.Empty {
	w := in(v.lang)
	if v.makes {
		return ui.Empty{Title: w.say("list.empty-hr"), Text: w.say("list.empty-hr-text"),
			Action: &ui.Action{Label: w.say("list.new"), Href: "/answers/new", Kind: ui.Next}}
	}
	return ui.Empty{Title: w.say("list.empty-staff"), Text: w.say("list.empty-staff-text")}
}

func (v listView) table() ui.Table {
	w := in(v.lang)
	t := ui.Table{Caption: w.say("list.caption"), HideCaption: true, Columns: []ui.Column{
		{Label: w.say("list.title")}, {Label: w.say("list.wave")}, {Label: w.say("list.people"), Numeric: true}, {Label: w.say("list.made")}}}
	if v.sources {
		t.Columns = append(t.Columns, ui.Column{Label: w.say("list.state")})
	}
	for i := range v.reports {
		r := &v.reports[i]
		cells := []ui.Cell{{Text: r.Title, Href: "/reports/" + r.ID}, {Text: r.Wave}, {Text: w.Int(r.Respondents)}, {Text: w.Date(v.local(r.Created))}}
		if r.State != Ready {
			cells[2] = ui.Cell{Text: "–", Quiet: true}
		}
		if v.sources {
			tone, key := stateOf(r)
			cells = append(cells, ui.Cell{Content: ui.Tag(tone, w.say("state."+key))})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// stateOf is where a report stands, for its readers.
func stateOf(r *Report) (ui.Tone, string) {
	switch {
	case r.State == Making:
		return ui.Info, "making"
	case r.State == Failed:
		return ui.Failure, "failed"
	case r.Published.IsZero():
		return ui.Muted, "draft"
	default:
		return ui.Success, "published"
	}
}

// readView is a report that is read.
type readView struct {
	report  Report
	base    string // address under which it is reached
	lang    instrument.Lang
	manages bool
	exports bool // may take the answers away for research
	shared  bool // by a link, without an account
}

// downloads lists the files that a report can be had as.
func (v readView) downloads() []ui.Link {
	w := in(v.lang)
	var out []ui.Link
	for _, f := range view.Formats() {
		out = append(out, ui.Link{Label: w.say("view.file-" + f.Name), Href: v.base + "/download/" + f.Name})
	}
	return out
}

// manageView is how a report is published and shared.
type manageView struct {
	report        Report
	links         []Link
	rename, share *ui.FormState
	made          string // a new link, shown once
	lang          instrument.Lang
	local         func(time.Time) time.Time
	now           time.Time
	org           string
}

func (v manageView) table() ui.Table {
	w := in(v.lang)
	t := ui.Table{Caption: w.say("manage.caption"), Columns: []ui.Column{
		{Label: w.say("manage.for")}, {Label: w.say("manage.until")}, {Label: w.say("manage.link-state")}}}
	for _, l := range v.links {
		note, tone, key := l.Note, ui.Success, "link-on"
		if note == "" {
			note = "–"
		}
		switch {
		case !l.Revoked.IsZero():
			tone, key = ui.Muted, "link-off"
		case !l.Holds(v.now):
			tone, key = ui.Muted, "link-ended"
		}
		row := ui.Row{Cells: []ui.Cell{{Text: note}, {Text: w.Date(v.local(l.Expires))}, {Content: ui.Tag(tone, w.say("manage."+key))}}}
		if l.Holds(v.now) {
			row.Actions = []ui.Action{{Label: w.say("manage.revoke"), About: note, Kind: ui.Quiet, Form: revokeForm(l.ID)}}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func revokeForm(linkID string) string { return "revoke-" + linkID }

func deleteReportForm(lang instrument.Lang, r *Report) ui.Confirm {
	w := in(lang)
	return ui.Confirm{Text: w.say("manage.delete-text"), Form: ui.FormSpec{Action: "/reports/" + r.ID + "/delete"},
		Do: ui.Action{Label: w.say("manage.delete"), Kind: ui.Danger}, Cancel: "/reports/" + r.ID + "/manage"}
}

func deleteSourceForm(lang instrument.Lang, s *Source) ui.Confirm {
	w := in(lang)
	return ui.Confirm{Text: w.say("source.delete-text"), Form: ui.FormSpec{Action: "/answers/" + s.ID + "/delete"},
		Do: ui.Action{Label: w.say("source.delete"), Kind: ui.Danger}, Cancel: "/answers/" + s.ID}
}

// sourceView is stored answers with the form to make a report from them.
type sourceView struct {
	source         Source
	questionnaire  *instrument.Instrument
	form           *ui.FormState
	lang           instrument.Lang
	local          func(time.Time) time.Time
	groupSize      int
	makes, deletes bool
}

func (v sourceView) facts() []ui.Fact {
	w := in(v.lang)
	d := v.source.Quality.Data
	facts := []ui.Fact{
		{Term: w.say("source.respondents"), Text: w.Int(v.source.Respondents)},
		{Term: w.say("source.instrument"), Text: v.questionnaire.Title.In(v.lang) + ", " + v.source.Version},
		{Term: w.say("source.size"), Text: v.source.FileName + ", " + ui.Size(v.source.Size, v.lang)},
		{Term: w.say("source.added"), Text: w.Date(v.local(v.source.Created))},
		{Term: w.say("source.weighted"), Text: w.say("source.weighted-no")},
		{Term: w.say("source.rows"), Text: w.Int(d.Rows)},
	}
	if v.source.Weighted {
		facts[4].Text = w.say("source.weighted-yes")
	}
	if n := d.Rows - v.source.Respondents; n > 0 {
		facts = append(facts, ui.Fact{Term: w.say("source.left-out"), Text: w.Int(n)})
	}
	if d.Unknown > 0 {
		facts = append(facts, ui.Fact{Term: w.say("source.unknown"), Text: w.Int(d.Unknown)})
	}
	for _, list := range []struct {
		key   string
		names []string
	}{{"source.missing", d.Missing}, {"source.unread", d.Unread}} {
		if len(list.names) > 0 {
			facts = append(facts, ui.Fact{Term: w.say(list.key), Text: w.And(list.names)})
		}
	}
	return facts
}

func (v sourceView) issues() ui.Table {
	w := in(v.lang)
	t := ui.Table{Caption: w.say("source.issues"), Columns: []ui.Column{{Label: w.say("source.issue-row"), Numeric: true},
		{Label: w.say("source.issue-column")}, {Label: w.say("source.issue-value")}, {Label: w.say("source.issue-suggestion")}}}
	for _, i := range v.source.Quality.Issues {
		suggestion := i.Suggestion
		if suggestion == "" {
			suggestion = "–"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts(w.Int(i.Row), i.Column, i.Value, suggestion)})
	}
	return t
}

// by is the question by which background variables to break down.
func (v sourceView) by() ui.Choice {
	w := in(v.lang)
	c := ui.Choice{Field: ui.Field{Name: "by", Label: w.say("make.by"), Hint: w.T("make.by-hint", i18n.Args{"k": w.Int(v.groupSize)})}}
	for _, it := range Breakdowns(v.questionnaire) {
		if slices.Contains(v.source.Quality.Data.Missing, it.ID) {
			continue
		}
		label := it.Label.In(v.lang)
		if label == "" {
			label = it.Question.In(v.lang)
		}
		c.Options = append(c.Options, ui.Option{Value: it.ID, Label: w.Opening(label)})
		if it.Group {
			c.Chosen = append(c.Chosen, it.ID)
		}
	}
	return c
}

// instrumentChoice lists the built-in questionnaires and a file of one's own.
func instrumentChoice(lang instrument.Lang) ui.Choice {
	w := in(lang)
	c := ui.Choice{Field: ui.Field{Name: "instrument", Label: w.say("source.instrument")}, Chosen: []string{"genai-monitor"}}
	for _, name := range instruments.Names() {
		c.Options = append(c.Options, ui.Option{Value: name, Label: builtInTitle(name, lang)})
	}
	c.Options = append(c.Options, ui.Option{Value: "", Label: w.say("source.instrument-other"), Apart: true})
	return c
}

// builtInTitles are the titles of the built-in questionnaires by name, read once: they come with the program.
var builtInTitles = sync.OnceValue(func() map[string]instrument.Text {
	titles := map[string]instrument.Text{}
	for _, name := range instruments.Names() {
		src, err := instruments.Open(name)
		if err != nil {
			continue
		}
		if q, err := instrument.Parse(name, src); err == nil {
			titles[name] = q.Title
		}
	}
	return titles
})

// builtInTitle is the title of a built-in questionnaire, or its name.
func builtInTitle(name string, lang instrument.Lang) string {
	title, known := builtInTitles()[name]
	if !known {
		return name
	}
	return title.In(lang)
}

func sourcesTable(list []Source, lang instrument.Lang, local func(time.Time) time.Time) ui.Table {
	w := in(lang)
	t := ui.Table{Caption: w.say("source.caption"), HideCaption: true, Columns: []ui.Column{{Label: w.say("source.name")}, {Label: w.say("source.respondents"), Numeric: true},
		{Label: w.say("source.size")}, {Label: w.say("source.added")}}}
	for _, s := range list {
		name := ui.Cell{Text: s.Name, Href: "/answers/" + s.ID}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, {Text: w.Int(s.Respondents)}, {Text: s.FileName + ", " + ui.Size(s.Size, lang)}, {Text: w.Date(local(s.Created))}}})
	}
	return t
}
