package report

import (
	"net/http"
	"net/url"
	"strconv"

	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// manage shows how a report is published and shared.
func (p *Pages) manage(w http.ResponseWriter, r *web.Request) error {
	return p.managing(w, r, http.StatusOK, web.NewForm(), web.NewForm(), "")
}

// managing shows the page with the forms as they are, and once the secret of a new link.
func (p *Pages) managing(w http.ResponseWriter, r *web.Request, status int, rename, share *ui.FormState, token string) error {
	rep, err := p.find(r)
	if err != nil {
		return err
	}
	links, err := p.s.Links(r.Context(), r.Actor, rep.ID)
	if err != nil {
		return err
	}
	rename.ID, share.ID = "rename", "share"
	v := manageView{report: rep, links: links, rename: rename, share: share, lang: r.Lang, local: r.Local, now: p.s.Now(), org: r.Org.Name}
	if token != "" {
		v.made = r.Absolute("/s/" + url.PathEscape(token))
	}
	page := web.Page{Door: DoorMeasure, Status: status}
	page.Title = text(r.Lang, "manage.title") + ": " + rep.Title
	page.Heading = text(r.Lang, "manage.title")
	page.Invalid = !rename.OK() || !share.OK()
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "reports"), Href: "/reports"}, {Label: rep.Title, Href: "/reports/" + rep.ID}}
	return r.Show(w, page, managePage(v))
}

func (p *Pages) publish(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("id")
	if err := p.s.Publish(r.Context(), r.Actor, id); err != nil {
		return err
	}
	return r.Redirect(w, "/reports/"+id+"/manage", r.Notice(noticeBundle, "notice.published"))
}

func (p *Pages) withdraw(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("id")
	if err := p.s.Withdraw(r.Context(), r.Actor, id); err != nil {
		return err
	}
	return r.Redirect(w, "/reports/"+id+"/manage", r.Notice(noticeBundle, "notice.withdrawn"))
}

func (p *Pages) rename(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	version, _ := strconv.ParseInt(form.Get("version"), 10, 64) // a version that is no number is an old one
	if err := p.s.Rename(r.Context(), r.Actor, id, form.Get("title"), version); err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.managing(w, r, http.StatusUnprocessableEntity, state, web.NewForm(), "")
	}
	return r.Redirect(w, "/reports/"+id+"/manage", r.Notice(noticeBundle, "notice.renamed"))
}

func (p *Pages) share(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id, note := r.PathValue("id"), form.Get("note")
	days, _ := strconv.Atoi(form.Get("days")) // what is no number is refused as 0
	_, token, err := p.s.Share(r.Context(), r.Actor, id, note, days, r.Asked(form, []any{id, note, days}))
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return p.managing(w, r, http.StatusUnprocessableEntity, web.NewForm(), state, "")
	}
	return p.managing(w, r, http.StatusOK, web.NewForm(), web.NewForm(), token)
}

func (p *Pages) revoke(w http.ResponseWriter, r *web.Request) error {
	id := r.PathValue("id")
	if err := p.s.Revoke(r.Context(), r.Actor, id, r.PathValue("link")); err != nil {
		return err
	}
	return r.Redirect(w, "/reports/"+id+"/manage", r.Notice(noticeBundle, "notice.revoked"))
}

func (p *Pages) askDelete(w http.ResponseWriter, r *web.Request) error {
	rep, err := p.find(r)
	if err != nil {
		return err
	}
	page := web.Page{Door: DoorMeasure}
	page.Title = text(r.Lang, "manage.delete-sure")
	page.Crumbs = []ui.Link{{Label: text(r.Lang, "reports"), Href: "/reports"}, {Label: rep.Title, Href: "/reports/" + rep.ID}}
	return r.Show(w, page, ui.ConfirmForm(deleteReportForm(r.Lang, &rep)))
}

func (p *Pages) delete(w http.ResponseWriter, r *web.Request) error {
	if err := p.s.Delete(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, "/reports", r.Notice(noticeBundle, "notice.deleted"))
}
