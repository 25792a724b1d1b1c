package strategy

import (
	"net/http"
	"net/url"

	"tekentafel/internal/docx"
	"tekentafel/internal/instrument"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// editView is the form with the text of a chapter.
type editView struct {
	words
	doc     instrument.Lang
	c       *composer
	chapter *Chapter
	text    Text
	form    *ui.FormState
	parts   []docx.Block
	remarks []ui.Notice
}

func (s *Service) askText(w http.ResponseWriter, r *web.Request) error {
	return s.textForm(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) textForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	doc := s.langOf(r)
	ch, text, err := s.chapter(r.Context(), s.DB.Of(r.Actor.Tenant), r.PathValue("id"), doc)
	if err != nil {
		return err
	}
	v := editView{words: s.in(r.Lang), doc: doc, chapter: ch, text: text, form: form}
	if v.c, err = s.compose(r.Context(), r.Actor, doc); err != nil {
		return err
	}
	v.parts = v.c.parts(ch)
	for _, remark := range v.c.remarks(v.words, form.Value("text", text.Text), text.Untouched() && form.Values == nil) {
		v.remarks = append(v.remarks, ui.Notice{Tone: ui.Warning, Text: remark})
	}
	p := s.under(r, v.with("edit.title", "chapter", ch.Title.In(r.Lang)), doc)
	p.Lead, p.Status, p.Invalid = ch.Hint.In(r.Lang), status, !form.OK()
	p.Actions = []ui.Action{{Label: v.say("edit.versions"), Href: at(chaptersAt+ch.ID+"/versions", doc), Kind: ui.Quiet}}
	return r.Show(w, p, editPage(v))
}

func (v *editView) field() ui.Field {
	return ui.Field{Name: "text", Label: v.say("edit.text"), Hint: v.say("edit.text-hint"), Value: v.text.Text, Rows: 18, MaxLength: MostText, Attrs: map[string]any{"lang": string(v.doc)}}
}

// after is the version that the text was written after: that which stood when the form was first shown.
func (v *editView) after() []ui.NameValue {
	return []ui.NameValue{{Name: "after", Value: v.form.Value("after", itoa(v.text.Version))}}
}

// names lists the figures that a text can call.
func (v *editView) names() ui.Table {
	t := ui.Table{Caption: v.say("edit.names"), HideCaption: true, Columns: []ui.Column{{Label: v.say("edit.name")}, {Label: v.say("edit.what"), Long: true}, {Label: v.say("edit.value")}}}
	for _, n := range v.c.named() {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Texts("[["+n.Name+"]]", n.What.In(v.lang), v.action.Figure(&n.Figure))})
	}
	return t
}

func (s *Service) putText(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	doc, id := s.langOf(r), r.PathValue("id")
	after := number(form.Get("after"))
	if _, err := s.Keep(r.Context(), r.Actor, id, doc, form.Get("text"), after, r.Asked(form, []any{id, doc, after, form.Get("text")})); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.textForm(w, r, status, state) })
	}
	return r.Redirect(w, at(home, doc)+"#chapters", notice(r, "kept"))
}

// edited is where the text of a chapter is written.
func edited(id string, doc instrument.Lang) string { return at(chaptersAt+url.PathEscape(id), doc) }
