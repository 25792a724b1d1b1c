package answering

import (
	"net/http"

	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// kiosk is the page of a tablet that people share: it takes a PIN, and keeps nothing of anybody.
func (p *Pages) kiosk(w http.ResponseWriter, r *web.Request) error {
	s, err := p.find(r)
	if err != nil {
		return err
	}
	if !s.Wave.Settings.Kiosk || s.Wave.Mode == wave.OpenLink {
		return refuse(problem.NotFound, "error.no-kiosk")
	}
	if err := p.open(s); err != nil {
		return sendOn(w, r, s, "")
	}
	v, err := p.entryView(r, s)
	if err != nil {
		return err
	}
	v.who, v.data.Who = nil, "" // whoever left the tablet signed in is not who stands before it
	page := web.Page{Bare: true}
	page.Title, page.Home = s.Instrument.Title.In(r.Lang), s.base()+"/kiosk"
	page.Kicker = v.with("entry.asks", "organisation", s.Org.Name)
	page.Lead = v.say("kiosk.lead")
	page.Footer = []ui.Link{{Label: v.say("foot.privacy"), Href: s.link("/privacy", r.Lang)}}
	return r.Show(w, page, kioskPage(v))
}
