package strategy

import (
	"context"
	"net/http"
	"strings"

	"tekentafel/internal/action"
	"tekentafel/internal/action/paper"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// overviewView is the first page: which figures stand in the document, and how far its texts are.
type overviewView struct {
	words
	doc       instrument.Lang
	tabs      []ui.Link
	languages []ui.Link
	c         *composer
	reports   []action.Report
	form      *ui.FormState
	writes    bool
	facts     []ui.Fact
	chapters  ui.Table
	remarks   []ui.Notice
}

func (s *Service) overview(w http.ResponseWriter, r *web.Request) error {
	return s.showOverview(w, r, http.StatusOK, web.NewForm())
}

func (s *Service) showOverview(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	ctx := r.Context()
	v := overviewView{words: s.in(r.Lang), doc: s.langOf(r), form: form, writes: r.Can(writes)}
	v.languages = s.languages(r, home, v.doc)
	if s.Tabs != nil {
		v.tabs = s.Tabs(r, home)
	}
	var err error
	if v.c, err = s.compose(ctx, r.Actor, v.doc); err != nil {
		return err
	}
	if v.writes {
		if v.reports, err = s.choices(ctx, r.Actor); err != nil {
			return err
		}
	}
	if v.facts, err = v.placedFacts(ctx, s, r); err != nil {
		return err
	}
	if v.chapters, err = v.table(ctx, s, r); err != nil {
		return err
	}
	p := s.page(r, v.say("title"))
	p.Lead, p.Status, p.Invalid = v.say("overview.lead"), status, !form.OK()
	p.Synthetic = v.c.placed != nil && v.c.placed.Synthetic
	p.Actions = []ui.Action{{Label: v.say("overview.read"), Href: at(readAt, v.doc), Kind: ui.Next}}
	return r.Show(w, p, overviewPage(v))
}

// placedFacts say which figures stand in the document.
func (v *overviewView) placedFacts(ctx context.Context, s *Service, r *web.Request) ([]ui.Fact, error) {
	x := v.c.placed
	if x == nil {
		return nil, nil
	}
	name, err := s.nameOf(ctx, s.DB.Of(r.Actor.Tenant), x.By)
	if err != nil {
		return nil, err
	}
	on := v.with("overview.figures-by", "day", v.day(x.At), "who", name)
	if name == "" {
		on = v.with("overview.figures-by-nobody", "day", v.day(x.At))
	}
	return []ui.Fact{{Term: v.say("overview.figures-of"), Text: x.Title}, {Term: v.say("overview.figures-answers"), Text: v.Int(x.Respondents)}, {Term: v.say("overview.figures-on"), Text: on}}, nil
}

// table lists the chapters with how far their texts are.
func (v *overviewView) table(ctx context.Context, s *Service, r *web.Request) (ui.Table, error) {
	t := ui.Table{Caption: v.say("overview.chapters"), HideCaption: true, Columns: []ui.Column{{Label: v.say("overview.chapter")}, {Label: v.say("overview.state")}, {Label: v.say("overview.adds"), Long: true}}}
	for i := range s.Skeleton.Chapters {
		ch := &s.Skeleton.Chapters[i]
		x := v.c.texts[ch.ID]
		state := v.say("state.draft")
		if !x.Untouched() {
			name, err := s.nameOf(ctx, s.DB.Of(r.Actor.Tenant), x.By)
			if err != nil {
				return t, err
			}
			state = v.with("state.by", "who", name, "day", v.day(x.At))
			if name == "" {
				state = v.with("state.by-nobody", "day", v.day(x.At))
			}
		}
		for _, remark := range v.remarksOf(&x) {
			v.remarks = append(v.remarks, ui.Notice{Tone: ui.Warning, Title: ch.Title.In(v.lang), Text: remark})
		}
		var adds []string
		for _, p := range ch.Parts {
			adds = append(adds, v.say("part."+string(p)))
		}
		line := ui.Row{Cells: []ui.Cell{{Text: ch.Title.In(v.lang)}, {Text: state, Quiet: x.Untouched()}, {Text: v.Opening(strings.Join(adds, ", "))}}}
		if v.writes {
			line.Actions = []ui.Action{{Label: v.say("overview.write"), Href: at(chaptersAt+ch.ID, v.doc)}}
		}
		t.Rows = append(t.Rows, line)
	}
	return t, nil
}

// remarksOf say what somebody should look at in a text: typed figures, and names of figures that the report does not have.
func (v *overviewView) remarksOf(t *Text) []string {
	return v.c.remarks(v.words, t.Text, t.Untouched())
}

// remarks say the same of any text, in the words of w.
func (c *composer) remarks(w words, text string, untouched bool) []string {
	var out []string
	if list := typed(text); len(list) > 0 && !untouched {
		out = append(out, w.with("state.typed", "list", strings.Join(list, ", ")))
	}
	var lost []string
	for _, name := range paper.Names(text) {
		if c.placed != nil && c.placed.figure(name) == nil {
			lost = append(lost, name)
		}
	}
	if len(lost) > 0 {
		out = append(out, w.with("state.lost", "list", strings.Join(lost, ", ")))
	}
	return out
}

// choice is the report of which figures are placed.
func (v *overviewView) choice() ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: "report", Label: v.say("overview.choose")}}
	for i := range v.reports {
		c.Options = append(c.Options, ui.Option{Value: v.reports[i].ID, Label: v.reports[i].Title})
	}
	switch {
	case v.c.newer != nil:
		c.Chosen = []string{v.c.newer.ID}
	case v.c.placed != nil:
		c.Chosen = []string{v.c.placed.Report}
	}
	return c
}

// after is the number of what stands, for the form.
func (v *overviewView) after() []ui.NameValue {
	n := int64(0)
	if v.c.placed != nil {
		n = v.c.placed.Number
	}
	return []ui.NameValue{{Name: "after", Value: itoa(n)}}
}

// notices say what must be known before reading on.
func (v *overviewView) notices() []ui.Notice {
	var out []ui.Notice
	if v.c.hidden {
		out = append(out, ui.Notice{Tone: ui.Warning, Text: v.say("overview.raised")})
	}
	if v.c.newer != nil {
		out = append(out, ui.Notice{Tone: ui.Info, Text: v.with("overview.newer", "title", v.c.newer.Title)})
	}
	return out
}

func (v *overviewView) place() string {
	if v.c.placed != nil && v.c.newer == nil {
		return v.say("overview.again")
	}
	return v.say("overview.place")
}

func (v *overviewView) files() []ui.Action {
	return []ui.Action{{Label: v.say("preview.docx"), Href: at(filesAt+"docx", v.doc), Kind: ui.Quiet, Download: true}, {Label: v.say("preview.pdf"), Href: at(filesAt+"pdf", v.doc), Kind: ui.Quiet, Download: true},
		{Label: v.say("history.all"), Href: at(versionsAt, v.doc), Kind: ui.Quiet}}
}

// putFigures places the figures of a report.
func (s *Service) putFigures(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	_, err = s.Place(r.Context(), r.Actor, form.Get("report"), number(form.Get("after")))
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		return again(r, form, err, func(status int, state *ui.FormState) error { return s.showOverview(w, r, status, state) })
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, at(home, s.langOf(r)), notice(r, "placed"))
}
