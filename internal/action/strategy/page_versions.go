package strategy

import (
	"net/http"

	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// mostVersions bounds the versions of a text that a page lists.
const mostVersions = 200

// versionsView is what was kept of a chapter, two of them beside each other.
type versionsView struct {
	words
	doc           instrument.Lang
	chapter       *Chapter
	list          []Text // the newest first, and the draft last
	older, newer  Text
	pieces        []Piece
	table         ui.Table
	mayRestore    bool
	nobody, title string
}

func (s *Service) versions(w http.ResponseWriter, r *web.Request) error {
	ctx, doc, q := r.Context(), s.langOf(r), r.URL.Query()
	ch := s.Skeleton.Chapter(r.PathValue("id"))
	if ch == nil {
		return db.ErrNoRow
	}
	list, err := versionsOf(ctx, s.DB.Of(r.Actor.Tenant), ch.ID, doc, mostVersions)
	if err != nil {
		return err
	}
	v := versionsView{words: s.in(r.Lang), doc: doc, chapter: ch, list: append(list, ch.draft(doc))}
	v.newer, v.older = v.list[0], v.list[min(1, len(v.list)-1)]
	if n := number(q.Get("newer")); q.Has("newer") {
		if v.newer, err = s.Version(ctx, r.Actor, ch.ID, doc, n); err != nil {
			return err
		}
	}
	if n := number(q.Get("older")); q.Has("older") {
		if v.older, err = s.Version(ctx, r.Actor, ch.ID, doc, n); err != nil {
			return err
		}
	}
	v.pieces = Compare(v.older.Text, v.newer.Text)
	v.mayRestore = r.Can(writes)
	if v.table, err = s.lines(r, v.words, list, false); err != nil {
		return err
	}
	p := s.under(r, v.with("history.title", "chapter", ch.Title.In(r.Lang)), doc)
	return r.Show(w, p, versionsPage(v))
}

// name says which version it is.
func (w words) name(t *Text) string {
	if t.Version == 0 {
		return w.say("history.version-draft")
	}
	return w.with("history.version", "n", itoa(t.Version))
}

func (v *versionsView) choice(field, key string, now *Text) ui.Choice {
	c := ui.Choice{Field: ui.Field{Name: field, Label: v.say(key)}, Chosen: []string{itoa(now.Version)}}
	for i := range v.list {
		c.Options = append(c.Options, ui.Option{Value: itoa(v.list[i].Version), Label: v.Opening(v.name(&v.list[i]))})
	}
	return c
}

// lines is a table of versions, with the chapter where all is set.
func (s *Service) lines(r *web.Request, v words, list []Text, all bool) (ui.Table, error) {
	t := ui.Table{Caption: v.say("history.all"), HideCaption: true, Columns: []ui.Column{{Label: v.say("history.when")}, {Label: v.say("history.who")}, {Label: v.say("history.what"), Long: true}}}
	if all {
		t.Columns = append(t.Columns, ui.Column{Label: v.say("history.chapter")}, ui.Column{Label: v.say("history.language")})
	}
	names := map[string]string{}
	for i := range list {
		x := &list[i]
		name, known := names[x.By]
		if !known {
			var err error
			if name, err = s.nameOf(r.Context(), s.DB.Of(r.Actor.Tenant), x.By); err != nil {
				return t, err
			}
			if name == "" {
				name = v.say("history.gone")
			}
			names[x.By] = name
		}
		what := v.with("history."+string(x.Kind), "n", itoa(x.Restored))
		line := ui.Row{Cells: ui.Texts(v.moment(x.At), name, v.Opening(v.with("history.line", "version", v.name(x), "what", what)))}
		if all {
			title := x.Chapter
			if ch := s.Skeleton.Chapter(x.Chapter); ch != nil {
				title = ch.Title.In(v.lang)
			}
			line.Cells = append(line.Cells, ui.Cell{Text: title}, ui.Cell{Text: v.say("language." + string(x.Lang))})
		}
		if s.Skeleton.Chapter(x.Chapter) != nil {
			line.Actions = []ui.Action{{Label: v.say("history.compare"), Href: at(chaptersAt+x.Chapter+"/versions", x.Lang, "older", itoa(x.Version-1), "newer", itoa(x.Version))}}
		}
		t.Rows = append(t.Rows, line)
	}
	return t, nil
}

func (s *Service) restore(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	doc, id := s.langOf(r), r.PathValue("id")
	_, err = s.Restore(r.Context(), r.Actor, id, doc, number(form.Get("version")), number(form.Get("after")))
	here := at(chaptersAt+id+"/versions", doc)
	if problem.Is(err, problem.Conflict) {
		return r.Redirect(w, here, &web.Notice{Bundle: noticeBundle, Key: "notice.meanwhile", Bad: true})
	}
	if err != nil {
		return err
	}
	return r.Redirect(w, here, notice(r, "restored"))
}

// historyView is what was changed in all of the document.
type historyView struct {
	words
	texts  ui.Table
	placed ui.Table
	pager  ui.Pager
}

// onPage is how many changes a page lists.
const onPage = 50

func (s *Service) history(w http.ResponseWriter, r *web.Request) error {
	ctx, reader, doc := r.Context(), s.DB.Of(r.Actor.Tenant), s.langOf(r)
	v := historyView{words: s.in(r.Lang)}
	from := int(min(max(0, number(r.URL.Query().Get("from"))), 1_000_000))
	list, err := lately(ctx, reader, from, onPage+1)
	if err != nil {
		return err
	}
	if len(list) > onPage {
		v.pager.Older = at(versionsAt, doc, "from", itoa(int64(from+onPage)))
		list = list[:onPage]
	}
	if from > 0 {
		v.pager.Newer = at(versionsAt, doc, "from", itoa(int64(max(0, from-onPage))))
	}
	if v.texts, err = s.lines(r, v.words, list, true); err != nil {
		return err
	}
	placed, err := placedOf(ctx, reader, onPage)
	if err != nil {
		return err
	}
	v.placed = ui.Table{Caption: v.say("history.figures"), HideCaption: true, Columns: []ui.Column{{Label: v.say("history.when")}, {Label: v.say("history.who")}, {Label: v.say("history.what"), Long: true}}}
	for i := range placed {
		name, err := s.nameOf(ctx, reader, placed[i].By)
		if err != nil {
			return err
		}
		if name == "" {
			name = v.say("history.gone")
		}
		v.placed.Rows = append(v.placed.Rows, ui.Row{Cells: ui.Texts(v.moment(placed[i].At), name, v.Opening(v.with("history.figures-placed", "title", placed[i].Title)))})
	}
	p := s.under(r, v.say("history.all"), doc)
	p.Lead = v.say("history.all-lead")
	return r.Show(w, p, historyPage(v))
}
