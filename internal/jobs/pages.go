package jobs

import (
	"net/http"
	"time"

	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "jobs"

// Pages show jobs to who asked for them, and all of them to who runs the organisation.
type Pages struct{ q *Queue }

// Pages returns the pages of the queue.
func (q *Queue) Pages() *Pages { return &Pages{q} }

// AddTo makes the routes, the line in the menu and the notices known to a server.
func (p *Pages) AddTo(server *web.Server) error {
	server.AddMenu(web.MenuItem{Href: "/jobs", Label: problem.Message{Bundle: locale(), Key: "title"}})
	server.AddNotices(noticeBundle, locale())
	return server.Add(
		web.Route{Pattern: "GET /jobs", Any: true, Handle: p.list},
		web.Route{Pattern: "GET /jobs/{id}", Any: true, Handle: p.show},
		web.Route{Pattern: "GET /jobs/{id}/progress", Any: true, Handle: p.progress},
		web.Route{Pattern: "GET /jobs/{id}/stop", Any: true, Handle: p.askStop},
		web.Route{Pattern: "POST /jobs/{id}/stop", Any: true, Handle: p.stop},
	)
}

// perPage is how many jobs stand on a page.
const perPage = 50

func text(lang instrument.Lang, key string) string { return locale().Printer(lang).T(key, nil) }

func (p *Pages) list(w http.ResponseWriter, r *web.Request) error {
	jobs, err := p.q.List(r.Context(), r.Actor, r.URL.Query().Get("before"), perPage+1)
	if err != nil {
		return err
	}
	page := web.Page{}
	page.Title, page.Lead = text(r.Lang, "title"), text(r.Lang, "lead")
	pager := ui.Pager{}
	if len(jobs) > perPage {
		jobs = jobs[:perPage]
		pager.Older = "/jobs?before=" + jobs[perPage-1].ID
	}
	if r.URL.Query().Get("before") != "" {
		pager.Newer = "/jobs"
	}
	return r.Show(w, page, listPage(p.table(r, jobs), pager, text(r.Lang, "empty")))
}

func (p *Pages) table(r *web.Request, jobs []Job) ui.Table {
	lang := r.Lang
	print := locale().Printer(lang)
	t := ui.Table{Caption: text(lang, "title"), HideCaption: true, Columns: []ui.Column{
		{Label: text(lang, "head.what")}, {Label: text(lang, "head.asked")}, {Label: text(lang, "head.took")}, {Label: text(lang, "head.state")}}}
	for i := range jobs {
		j := &jobs[i]
		took := "–"
		if !j.Finished.IsZero() && !j.Started.IsZero() {
			took = ui.Duration(j.Finished.Sub(j.Started))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: p.q.Title(j).In(lang), Href: "/jobs/" + j.ID}, {Text: print.Date(r.Local(j.Created)) + " " + r.Local(j.Created).Format("15:04")},
			{Text: took}, {Content: ui.Tag(toneOf(j.State), text(lang, "state."+string(j.State)))}}})
	}
	return t
}

func toneOf(s State) ui.Tone {
	switch s {
	case Done:
		return ui.Success
	case Failed:
		return ui.Failure
	case Running:
		return ui.Info
	default:
		return ui.Muted
	}
}

func (p *Pages) show(w http.ResponseWriter, r *web.Request) error {
	j, err := p.q.Get(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := web.Page{}
	page.Title, page.Live = p.q.Title(j).In(r.Lang), !j.State.Ended()
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "title"), Href: "/jobs"}}
	return r.Show(w, page, ui.WorkPanel(p.work(r, j)))
}

// progress is the panel that renews itself.
func (p *Pages) progress(w http.ResponseWriter, r *web.Request) error {
	j, err := p.q.Get(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return r.Part(w, ui.WorkPanel(p.work(r, j)))
}

// work is how far a job is.
func (p *Pages) work(r *web.Request, j *Job) ui.Work {
	lang := r.Lang
	here := "/jobs/" + j.ID
	v := ui.Work{ID: "work", Title: p.q.Title(j).In(lang), Stage: p.q.StageTitle(j).In(lang), Refresh: here,
		Poll: map[string]any{"hx-get": here + "/progress", "hx-trigger": "every 1s", "hx-swap": "outerHTML"}}
	end := j.Finished
	switch j.State {
	case Waiting:
		v.State = ui.Queued
		if len(j.Trouble) > 0 {
			v.Stage = j.Trouble.In(lang) + " " + locale().Printer(lang).T("again", i18n.Args{"when": r.Local(j.RunAt).Format("15:04:05")})
		}
	case Running:
		v.State, end = ui.Running, p.q.now()
		if j.Total > 0 {
			v.Known, v.Share = true, float64(j.Done)/float64(j.Total)
		}
	case Done:
		v.State, v.Stage = ui.Done, ""
	case Failed:
		v.State, v.Stage = ui.Failed, j.Trouble.In(lang)
	case Cancelled:
		v.State, v.Stage = ui.Failed, text(lang, "cancelled")
	}
	if !j.Started.IsZero() && !end.IsZero() {
		v.Elapsed = max(0, end.Sub(j.Started).Round(time.Second))
	}
	if link := p.q.Link(r.Actor, j); link != "" && j.State == Done {
		v.Actions = append(v.Actions, ui.Action{Label: text(lang, "show"), Href: link, Kind: ui.Next})
	}
	if !j.State.Ended() {
		v.Actions = append(v.Actions, ui.Action{Label: text(lang, "stop"), Href: here + "/stop", Kind: ui.Quiet})
	}
	return v
}

func (p *Pages) askStop(w http.ResponseWriter, r *web.Request) error {
	j, err := p.q.Get(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := web.Page{}
	page.Title = text(r.Lang, "stop") + ": " + p.q.Title(j).In(r.Lang)
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "title"), Href: "/jobs"}}
	return r.Show(w, page, ui.ConfirmForm(ui.Confirm{Text: text(r.Lang, "stop-sure"), Form: ui.FormSpec{Action: "/jobs/" + j.ID + "/stop"},
		Do: ui.Action{Label: text(r.Lang, "stop"), Kind: ui.Danger}, Cancel: "/jobs/" + j.ID}))
}

func (p *Pages) stop(w http.ResponseWriter, r *web.Request) error {
	if err := p.q.Stop(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, "/jobs", r.Notice(noticeBundle, "notice.stopped"))
}
