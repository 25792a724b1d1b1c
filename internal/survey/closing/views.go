package closing

import (
	"net/url"
	"strconv"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
)

// questionsView is the list of open questions of a wave.
type questionsView struct {
	wave string
	k    int
	list []Question
	lang instrument.Lang
}

func (v questionsView) table() ui.Table {
	w := in(v.lang)
	t := ui.Table{Caption: w.say("texts.caption"), Columns: []ui.Column{{Label: w.say("texts.question")}, {Label: w.say("texts.count"), Numeric: true}, {Label: w.say("texts.hidden-count"), Numeric: true}}}
	for _, q := range v.list {
		first := ui.Cell{Text: q.Wording.In(v.lang), Href: base(v.wave) + "/texts/" + url.PathEscape(q.ID)}
		if q.Texts == 0 {
			first.Href = ""
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{first, {Text: w.T("texts.too-few", i18n.Args{"k": w.Int(v.k)})}, {Text: "–"}}})
			continue
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{first, {Text: w.Int(q.Texts)}, {Text: w.Int(q.Hidden)}}})
	}
	return t
}

// textsView is the texts of one question.
type textsView struct {
	base     string
	question Question
	k        int
	found    int
	page     int
	form     *ui.FormState
	query    url.Values
	list     []Text
	lang     instrument.Lang
}

func (v textsView) pager() ui.Pager {
	w := in(v.lang)
	p := ui.Pager{}
	if v.found > 0 {
		p.Text = w.T("texts.range", i18n.Args{"from": w.Int(v.page*perPage + 1), "to": w.Int(v.page*perPage + len(v.list)), "all": w.Int(v.found)})
	}
	if v.page > 0 {
		p.Newer = v.at(v.page - 1)
	}
	if (v.page+1)*perPage < v.found {
		p.Older = v.at(v.page + 1)
	}
	return p
}

// at is the address of another page of what is looked for.
func (v textsView) at(page int) string { return v.base + "?" + v.looking(page).Encode() }

func (v textsView) looking(page int) url.Values {
	out := url.Values{}
	for _, name := range []string{"q", "which"} {
		if value := v.query.Get(name); value != "" {
			out.Set(name, value)
		}
	}
	if page > 0 {
		out.Set("page", strconv.Itoa(page))
	}
	return out
}

func (v textsView) which() ui.Choice {
	w := in(v.lang)
	return ui.Choice{Field: ui.Field{Name: "which", Label: w.say("texts.which")}, Options: []ui.Option{
		{Value: "", Label: w.say("texts.which-shown")}, {Value: "marked", Label: w.say("texts.which-marked")}, {Value: "hidden", Label: w.say("texts.which-hidden")}}}
}

// form is a button that does something to a text and comes back to this part of the list.
func (v textsView) post(t *Text, what string) ui.FormSpec {
	return ui.FormSpec{Action: v.base + "/" + url.PathEscape(t.ID) + "/" + what, Hidden: []ui.NameValue{{Name: "back", Value: v.looking(v.page).Encode()}}}
}

// about tells texts apart for who hears the buttons: their number in the list.
func (v textsView) about(i int) string {
	w := in(v.lang)
	return w.T("texts.number", i18n.Args{"n": w.Int(v.page*perPage + i + 1)})
}

// stretch is a part of a text, marked or not.
type stretch struct {
	text string
	kind MarkKind // "" where it is not marked
}

// stretches cuts a text at its marks.
func (t *Text) stretches() []stretch {
	var out []stretch
	at := 0
	for _, m := range t.Marks {
		if m.From > at {
			out = append(out, stretch{t.Text[at:m.From], ""})
		}
		out = append(out, stretch{t.Text[m.From:m.To], m.Kind})
		at = m.To
	}
	if at < len(t.Text) {
		out = append(out, stretch{t.Text[at:], ""})
	}
	return out
}

// editView is one text with the form that takes words out.
type editView struct {
	text Text
	form *ui.FormState
	list string
	lang instrument.Lang
}
