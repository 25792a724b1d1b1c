package items

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "skill-items"

// Where the pages are.
const (
	door           = "/learn"
	home           = "/learn/items"
	questionsAt    = home + "/questions/"
	calibrateAt    = home + "/calibration"
	calibrationsAt = home + "/calibrations/"
	versionsAt     = home + "/versions"
	dropAt         = home + "/gifts/drop"
	csvAt          = home + "/export.csv"
	jsonAt         = home + "/export.json"
)

// AddTo makes the routes and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	return server.Add(
		route(reads, "GET /learn/items", s.bank),
		route(reads, "GET /learn/items/questions/{id}", s.question),
		route(reads, "GET /learn/items/calibration", s.calibration),
		route(reads, "GET /learn/items/calibration/progress", s.progress),
		route(writes, "POST /learn/items/calibration", s.calibrate),
		route(reads, "GET /learn/items/calibrations/{id}", s.proposal),
		route(writes, "POST /learn/items/calibrations/{id}/adopt", s.adopt),
		route(reads, "GET /learn/items/versions", s.versionsPage),
		route(writes, "GET /learn/items/versions/{number}/hold", s.askHold),
		route(writes, "POST /learn/items/versions/{number}/hold", s.hold),
		route(writes, "GET /learn/items/gifts/drop", s.askDrop),
		route(writes, "POST /learn/items/gifts/drop", s.drop),
		route(reads, "GET /learn/items/export.csv", s.exportCSV),
		route(reads, "GET /learn/items/export.json", s.exportJSON),
	)
}

// Offers says what a person can do here at any time.
func (s *Service) Offers(r *web.Request) []ui.Tile {
	if !r.Can(reads) {
		return nil
	}
	w := wordsOf(r)
	return []ui.Tile{{Title: w.say("title"), Href: home, Text: w.say("offer")}}
}

// words writes in one language, with times where the organisation is.
type words struct {
	*i18n.Printer
	lang  framework.Lang
	local func(time.Time) time.Time
}

func wordsOf(r *web.Request) words {
	return words{locale().Printer(r.Lang), framework.Lang(r.Lang), r.Local}
}

func (w words) say(key string) string { return w.T(key, nil) }

// n fills in a number, with the plural that it asks for.
func (w words) n(key string, n int) string { return w.N(key, n, i18n.Args{"n": w.Int(n)}) }

// with fills in pairs of a name and a text.
func (w words) with(key string, pairs ...string) string {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return w.T(key, a)
}

// of writes a text of a framework or an item.
func (w words) of(t framework.Text) string { return t.In(w.lang) }

func (w words) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

// skill names a skill; one that is not known by its id.
func (w words) skill(f *framework.Framework, id string) string {
	if x := f.Skill(id); x != nil {
		return w.of(x.Name)
	}
	return id
}

// area names an area of a skill; one that is not known by its id.
func (w words) area(f *framework.Framework, skill, id string) string {
	if x := f.Skill(skill); x != nil {
		for i := range x.Areas {
			if x.Areas[i].ID == id {
				return w.of(x.Areas[i].Name)
			}
		}
	}
	return id
}

// longest is how many characters of a situation stand for an item in a list.
const longest = 70

// short is the beginning of a situation.
func (w words) short(t framework.Text) string {
	text := w.of(t)
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	cut := string([]rune(text)[:longest])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// page is a page of the area.
func page(r *web.Request, title string, above ...ui.Link) web.Page {
	w := wordsOf(r)
	p := web.Page{Door: "learn"}
	p.Title = title
	p.Crumbs = append([]ui.Link{w.link("door", door)}, above...)
	return p
}

// below is a page below the first of the area.
func below(r *web.Request, title string, above ...ui.Link) web.Page {
	return page(r, title, append([]ui.Link{wordsOf(r).link("title", home)}, above...)...)
}

// tabs are the pages beside each other, with the one that is shown.
func (w words) tabs(current string) []ui.Link {
	out := []ui.Link{w.link("tab.bank", home), w.link("calibration.title", calibrateAt), w.link("versions.title", versionsAt)}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

func notice(r *web.Request, key string) *web.Notice { return r.Notice(noticeBundle, "notice."+key) }

// again shows a form again with what is wrong with it.
func again(r *web.Request, values url.Values, err error, show func(status int, form *ui.FormState) error) error {
	state, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	return show(http.StatusUnprocessableEntity, state)
}

// who names accounts, each read once.
func (s *Service) who(r *web.Request) func(account string) (string, error) {
	known := map[string]string{}
	read := s.DB.Of(r.Actor.Tenant)
	return func(account string) (string, error) {
		if account == "" {
			return wordsOf(r).say("who.gone"), nil
		}
		if name, ok := known[account]; ok {
			return name, nil
		}
		name, err := s.Accounts.Name(r.Context(), read, account)
		if err != nil && !missing(err) {
			return "", err
		}
		if name == "" {
			name = wordsOf(r).say("who.gone")
		}
		known[account] = name
		return name, nil
	}
}

func (s *Service) reader(r *web.Request) db.Reader { return s.DB.Of(r.Actor.Tenant) }
