package report

import (
	"mime"
	"net/http"
	"net/url"

	"tekentafel/internal/access"
	"tekentafel/internal/jobs"
	"tekentafel/internal/report/view"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// show shows a report, or how far it is.
func (p *Pages) show(w http.ResponseWriter, r *web.Request) error {
	rep, err := p.find(r)
	if err != nil {
		return err
	}
	if rep.State != Ready {
		page := web.Page{Door: DoorMeasure}
		page.Title, page.Live = rep.Title, rep.State == Making
		page.Crumbs = []ui.Link{{Label: text(r.Lang, "reports"), Href: "/reports"}}
		return r.Show(w, page, workPage(r.Lang, p.work(r, &rep)))
	}
	v := readView{report: rep, base: "/reports/" + rep.ID, lang: r.Lang, manages: r.Can(access.ChangeReport), exports: r.Can(access.ExportAnswers)}
	content, err := p.s.page(r.Context(), r.Actor.Tenant, &rep, r.Lang, tools(v))
	if err != nil {
		return err
	}
	return r.Show(w, reportPage(v), content)
}

// reportPage is the page around a report.
func reportPage(v readView) web.Page {
	page := web.Page{Door: DoorMeasure}
	page.Title, page.NoH1, page.Full, page.Report = v.report.Title, true, true, true
	return page
}

// work is how far the making of a report is.
func (p *Pages) work(r *web.Request, rep *Report) ui.Work {
	v := ui.Work{ID: "work", Title: text(r.Lang, "view.making"), State: ui.Queued, Refresh: "/reports/" + rep.ID}
	if rep.State == Failed {
		v.State, v.Title, v.Stage, v.Mend = ui.Failed, text(r.Lang, "view.failed"), rep.Trouble.In(r.Lang), text(r.Lang, "view.failed-mend")
		if rep.Source != "" && r.Can(access.ReadSource) {
			v.Actions = append(v.Actions, ui.Action{Label: text(r.Lang, "view.to-source"), Href: "/answers/" + rep.Source, Kind: ui.Next})
		}
		return v
	}
	v.Poll = map[string]any{"hx-get": "/reports/" + rep.ID + "/progress", "hx-trigger": "every 1s", "hx-swap": "outerHTML"}
	j, err := p.s.Queue.Get(r.Context(), r.Actor, rep.Job)
	if err != nil {
		return v // the report is being made; how far it is matters less
	}
	v.Elapsed = p.s.Now().Sub(j.Created)
	if j.State == jobs.Running {
		v.State, v.Stage = ui.Running, p.s.Queue.StageTitle(j).In(r.Lang)
		if j.Total > 0 {
			v.Known, v.Share = true, float64(j.Done)/float64(j.Total)
		}
	}
	v.Actions = append(v.Actions, ui.Action{Label: text(r.Lang, "view.to-work"), Href: "/jobs/" + j.ID, Kind: ui.Plain})
	return v
}

// progress is the part of the page that renews itself while a report is made; when it is ready the page is loaded anew.
func (p *Pages) progress(w http.ResponseWriter, r *web.Request) error {
	rep, err := p.find(r)
	if err != nil {
		return err
	}
	if rep.State != Making {
		return r.Redirect(w, "/reports/"+rep.ID, nil)
	}
	return r.Part(w, ui.WorkPanel(p.work(r, &rep)))
}

// groups shows a report by group.
func (p *Pages) groups(w http.ResponseWriter, r *web.Request) error {
	rep, err := p.find(r)
	if err != nil {
		return err
	}
	return p.exploration(w, r, r.Actor.Tenant, readView{report: rep, base: "/reports/" + rep.ID, lang: r.Lang})
}

func (p *Pages) exploration(w http.ResponseWriter, r *web.Request, t tenant.ID, v readView) error {
	title, content, err := p.s.explore(r.Context(), t, &v.report, r.Lang, view.ExploreSelection(r.URL.Query()), view.ExploreOptions{
		Action: v.base + "/groups", Back: v.base, Label: text(r.Lang, "view.whole"),
	})
	if err != nil {
		return err
	}
	page := reportPage(v)
	page.Title = title + " – " + v.report.Title
	page.Bare = v.shared
	return r.Show(w, page, content)
}

// filePolicy keeps a file that is opened from here from acting as a page of this site.
const filePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"

// download sends a report as a file.
func (p *Pages) download(w http.ResponseWriter, r *web.Request) error {
	rep, err := p.find(r)
	if err != nil {
		return err
	}
	return p.send(w, r, r.Actor.Tenant, &rep)
}

func (p *Pages) send(w http.ResponseWriter, r *web.Request, t tenant.ID, rep *Report) error {
	f, err := p.s.Download(r.Context(), t, rep, r.PathValue("format"), r.Lang)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	w.Header().Set("Content-Security-Policy", filePolicy)
	return r.Send(w, http.StatusOK, f.MediaType, f.Bytes)
}

// shared shows a report to whoever has a link.
func (p *Pages) shared(w http.ResponseWriter, r *web.Request) error {
	opened, v, err := p.open(w, r)
	if err != nil {
		return err
	}
	content, err := p.s.page(r.Context(), opened.Tenant, &opened.Report, r.Lang, tools(v))
	if err != nil {
		return err
	}
	page := reportPage(v)
	page.Bare = true
	return r.Show(w, page, content)
}

func (p *Pages) sharedGroups(w http.ResponseWriter, r *web.Request) error {
	opened, v, err := p.open(w, r)
	if err != nil {
		return err
	}
	return p.exploration(w, r, opened.Tenant, v)
}

func (p *Pages) sharedDownload(w http.ResponseWriter, r *web.Request) error {
	opened, _, err := p.open(w, r)
	if err != nil {
		return err
	}
	return p.send(w, r, opened.Tenant, &opened.Report)
}

// open finds what a link leads to. Search engines are told to stay away, and the secret leaves with no link.
func (p *Pages) open(w http.ResponseWriter, r *web.Request) (Opened, readView, error) {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	w.Header().Set("Referrer-Policy", "no-referrer")
	token := r.PathValue("token")
	opened, err := p.s.Open(r.Context(), token)
	v := readView{report: opened.Report, base: "/s/" + url.PathEscape(token), lang: r.Lang, shared: true}
	return opened, v, err
}
