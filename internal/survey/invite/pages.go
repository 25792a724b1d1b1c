package invite

import (
	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// doorMeasure is the key of the door behind which waves are.
const doorMeasure = "measure"

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "invite"

// maxPart is the largest field of an upload beside its file, in bytes.
const maxPart = 4 << 10

type pages struct{ *Service }

// AddTo makes the pages and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	p := pages{s}
	read := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: access.ReadWave, Handle: h}
	}
	run := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: access.RunWave, Handle: h}
	}
	slow := func(r web.Route) web.Route {
		r.Slow = true
		return r
	}
	upload := slow(run("POST /waves/{id}/people/upload", p.upload))
	upload.Body = s.MaxUpload + 4*maxPart
	if s.Staff != nil {
		if err := server.Add(slow(run("GET /waves/{id}/people/staff", p.staffForm)), slow(run("POST /waves/{id}/people/staff", p.takeStaff))); err != nil {
			return err
		}
	}
	return server.Add(
		read("GET /waves/{id}/people", p.people),
		run("POST /waves/{id}/people", p.add),
		run("GET /waves/{id}/people/new", p.newPerson),
		run("GET /waves/{id}/people/upload", p.uploadForm),
		upload,
		slow(run("GET /waves/{id}/frames/{file}", p.mapping)),
		slow(run("GET /waves/{id}/frames/{file}/check", p.check)),
		slow(run("POST /waves/{id}/frames/{file}", p.take)),
		run("POST /waves/{id}/frames/{file}/discard", p.discard),
		run("GET /waves/{id}/people/{person}", p.person),
		run("POST /waves/{id}/people/{person}", p.correct),
		run("GET /waves/{id}/people/{person}/remove", p.askRemove),
		run("POST /waves/{id}/people/{person}/remove", p.remove),
		run("POST /waves/{id}/people/{person}/invite", p.inviteOne),

		read("GET /waves/{id}/invitations", p.invitations),
		run("POST /waves/{id}/invitations", p.send),
		run("POST /waves/{id}/invitations/paper", p.paper),
		run("GET /waves/{id}/invitations/pages", p.paperPages),
		slow(run("GET /waves/{id}/invitations/page", p.paperPage)),
		run("POST /waves/{id}/invitations/printed", p.notePrinted),
		slow(run("GET /waves/{id}/invitations/files/{file}", p.paperFile)),
		run("GET /waves/{id}/invitations/poster", p.poster),

		web.Route{Pattern: "GET /no/{code}", Public: true, Crowd: true, Handle: p.refuseForm},
		web.Route{Pattern: "POST /no/{code}", Public: true, Handle: p.refuse},
	)
}

// peopleAt and the others are where the pages of a wave are.
func peopleAt(waveID string) string { return "/waves/" + waveID + "/people" }

func invitationsAt(waveID string) string { return "/waves/" + waveID + "/invitations" }

func frameAt(waveID, file string) string { return "/waves/" + waveID + "/frames/" + file }

// words writes in one language.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// page is a page about a wave, below the given pages.
func page(r *web.Request, w *wave.Wave, title string, above ...ui.Link) web.Page {
	p := web.Page{Door: doorMeasure}
	p.Heading, p.Title = title, title+": "+w.Title
	p.Crumbs = append([]ui.Link{{Label: in(r.Lang).say("waves"), Href: "/waves"}, {Label: w.Title, Href: "/waves/" + w.ID}}, above...)
	return p
}

func peopleCrumb(r *web.Request, w *wave.Wave) ui.Link {
	return ui.Link{Label: in(r.Lang).say("people.title"), Href: peopleAt(w.ID)}
}

func invitationsCrumb(r *web.Request, w *wave.Wave) ui.Link {
	return ui.Link{Label: in(r.Lang).say("invitations.title"), Href: invitationsAt(w.ID)}
}
