package report

import (
	"net/http"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/web"
)

// DoorMeasure is the key of the door behind which reports are.
const DoorMeasure = "measure"

// noticeBundle is the name under which notices of this feature are known.
const noticeBundle = "report"

// Pages are the pages of the feature.
type Pages struct{ s *Service }

// Pages returns the pages.
func (s *Service) Pages() *Pages { return &Pages{s} }

// AddTo makes the routes, the door and the notices known to a server.
func (p *Pages) AddTo(server *web.Server) error {
	server.AddDoors(web.Door{Key: DoorMeasure, Href: "/reports", Label: say("door", nil), Always: true})
	server.AddNotices(noticeBundle, locale())
	upload := p.s.MaxUpload + 4*maxPart
	if err := p.addPackage(server); err != nil {
		return err
	}
	return server.Add(
		web.Route{Pattern: "GET /reports", Any: true, Handle: p.list},
		web.Route{Pattern: "POST /reports", Action: access.MakeReport, Handle: p.make},
		web.Route{Pattern: "GET /reports/{id}", Any: true, Handle: p.show},
		web.Route{Pattern: "GET /reports/{id}/progress", Any: true, Handle: p.progress},
		web.Route{Pattern: "GET /reports/{id}/groups", Any: true, Handle: p.groups},
		web.Route{Pattern: "GET /reports/{id}/download/{format}", Any: true, Slow: true, Handle: p.download},
		web.Route{Pattern: "GET /reports/{id}/manage", Action: access.ChangeReport, Handle: p.manage},
		web.Route{Pattern: "POST /reports/{id}/publish", Action: access.PublishReport, Handle: p.publish},
		web.Route{Pattern: "POST /reports/{id}/withdraw", Action: access.PublishReport, Handle: p.withdraw},
		web.Route{Pattern: "POST /reports/{id}/rename", Action: access.ChangeReport, Handle: p.rename},
		web.Route{Pattern: "GET /reports/{id}/delete", Action: access.ChangeReport, Handle: p.askDelete},
		web.Route{Pattern: "POST /reports/{id}/delete", Action: access.ChangeReport, Handle: p.delete},
		web.Route{Pattern: "POST /reports/{id}/links", Action: access.ShareReport, Handle: p.share},
		web.Route{Pattern: "POST /reports/{id}/links/{link}/revoke", Action: access.ShareReport, Handle: p.revoke},

		web.Route{Pattern: "GET /answers", Action: access.ReadSource, Handle: p.sources},
		web.Route{Pattern: "GET /answers/new", Action: access.AddSource, Handle: p.newSource},
		web.Route{Pattern: "POST /answers", Action: access.AddSource, Body: upload, Slow: true, Handle: p.addSource},
		web.Route{Pattern: "GET /answers/{id}", Action: access.ReadSource, Handle: p.source},
		web.Route{Pattern: "GET /answers/{id}/delete", Action: access.DeleteSource, Handle: p.askDeleteSource},
		web.Route{Pattern: "POST /answers/{id}/delete", Action: access.DeleteSource, Handle: p.deleteSource},

		web.Route{Pattern: "GET /s/{token}", Public: true, Handle: p.shared},
		web.Route{Pattern: "GET /s/{token}/groups", Public: true, Handle: p.sharedGroups},
		web.Route{Pattern: "GET /s/{token}/download/{format}", Public: true, Slow: true, Handle: p.sharedDownload},
	)
}

// text is a message of this feature in a language.
func text(lang instrument.Lang, key string) string { return textWith(lang, key, nil) }

func textWith(lang instrument.Lang, key string, args i18n.Args) string {
	return locale().Printer(lang).T(key, args)
}

// find returns the report that the address names.
func (p *Pages) find(r *web.Request) (Report, error) {
	return p.s.Report(r.Context(), r.Actor, r.PathValue("id"))
}

// list shows the reports: all of them to who makes them, those that were published to staff.
func (p *Pages) list(w http.ResponseWriter, r *web.Request) error {
	reports, err := p.s.Reports(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	page := web.Page{Door: DoorMeasure}
	page.Title = text(r.Lang, "reports")
	v := listView{reports: reports, makes: r.Can(access.MakeReport), sources: r.Can(access.ReadSource), lang: r.Lang, local: r.Local}
	page.Lead = text(r.Lang, "list.lead-staff")
	if v.makes || v.sources {
		page.Lead = text(r.Lang, "list.lead-hr")
	}
	page.Actions = v.actions()
	return r.Show(w, page, listPage(v))
}
