package needs

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// noticeBundle is the name under which notices of this package are known.
const noticeBundle = "needs"

// Where the pages are.
const (
	door        = "/learn"
	home        = "/learn/needs"
	matrixAt    = home + "/matrix"
	functionsAt = home + "/functions/"
	familiesAt  = home + "/families/"
	rolesAt     = home + "/roles"
	frameworkAt = home + "/framework"
	historyAt   = home + "/history"
	changesAt   = home + "/changes/"
	proposalsAt = home + "/proposals"
	importAt    = home + "/import"
	exportAt    = home + "/export"
)

// AddTo makes the routes and the notices known to a server.
func (s *Service) AddTo(server *web.Server) error {
	server.AddNotices(noticeBundle, locale())
	route := func(action access.Action, pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: action, Handle: h}
	}
	large := func(r web.Route, body int64) web.Route {
		r.Slow, r.Body = true, body
		return r
	}
	const everyone, reads, changes, proposes = access.UseInterface, access.ReadNeeds, access.ChangeNeeds, access.ProposeNeeds
	var (
		takes    = way{do: (*Service).take, done: "taken"}
		takesAll = way{do: (*Service).takeAll, from: "/take-all", done: "taken-all"}
		answers  = way{do: (*Service).putAnswers, show: (*Service).answersForm, done: "kept"}
		level    = way{do: (*Service).putLevel, show: (*Service).levelForm, done: "kept"}
		factors  = way{do: (*Service).putFactors, show: (*Service).factorsForm, done: "kept"}
	)
	list := []web.Route{
		route(reads, "GET /learn/needs", s.overview),
		route(reads, "GET /learn/needs/matrix", s.matrix),

		route(reads, "GET /learn/needs/roles", s.roles),
		route(changes, "GET /learn/needs/roles/new", s.askRole),
		route(changes, "POST /learn/needs/roles", s.putRole),
		route(changes, "GET /learn/needs/roles/{id}", s.askRole),
		route(changes, "POST /learn/needs/roles/{id}", s.putRole),
		route(changes, "GET /learn/needs/roles/{id}/drop", s.askDropRole),
		route(changes, "POST /learn/needs/roles/{id}/drop", s.dropRole),

		route(reads, "GET /learn/needs/history", s.history),
		route(reads, "GET /learn/needs/changes/{seq}", s.change),
		route(changes, "GET /learn/needs/changes/{seq}/undo", s.askUndo),
		route(changes, "POST /learn/needs/changes/{seq}/undo", s.undo),

		web.Route{Pattern: "GET /learn/needs/proposals", Any: true, Handle: s.proposals},
		web.Route{Pattern: "GET /learn/needs/proposals/{id}", Any: true, Handle: s.proposal},
		route(changes, "POST /learn/needs/proposals/{id}/accept", s.accept),
		route(changes, "POST /learn/needs/proposals/{id}/refuse", s.refuse),
		route(proposes, "POST /learn/needs/proposals/{id}/withdraw", s.withdraw),
		route(proposes, "GET /learn/needs/functions/{key}/propose", s.askPropose),
		route(proposes, "POST /learn/needs/functions/{key}/propose", s.propose),

		large(route(reads, "GET /learn/needs/export", s.download), 0),
		route(changes, "GET /learn/needs/import", s.askBring),
		large(route(changes, "POST /learn/needs/import", s.bring), s.MaxUpload+1<<16),
		route(changes, "GET /learn/needs/import/{id}", s.preview),
		route(changes, "POST /learn/needs/import/{id}/apply", s.apply),
		route(changes, "POST /learn/needs/import/{id}/drop", s.drop),

		route(everyone, "GET /learn/needs/framework", s.read),
		route(everyone, "GET /learn/needs/framework/{skill}", s.readSkill),
		route(changes, "GET /learn/needs/framework/edit", s.parts),
		route(changes, "GET /learn/needs/framework/edit/{part}", s.askPart),
		large(route(changes, "POST /learn/needs/framework/edit/{part}", s.putPart), 1<<20),
		route(changes, "POST /learn/needs/framework/edit/{part}/restore", s.restorePart),
		route(changes, "GET /learn/needs/framework/publish", s.askPublish),
		route(changes, "POST /learn/needs/framework/publish", s.publish),
		route(changes, "GET /learn/needs/framework/throw-away", s.askThrowAway),
		route(changes, "POST /learn/needs/framework/throw-away", s.throwAway),
		route(reads, "GET /learn/needs/framework/differences", s.differences),
		route(reads, "GET /learn/needs/framework/versions", s.versions),
		route(changes, "GET /learn/needs/framework/versions/{number}/hold", s.askHold),
		route(changes, "POST /learn/needs/framework/versions/{number}/hold", s.hold),
	}
	for _, kind := range []string{"functions", "families"} {
		at := "/learn/needs/" + kind + "/{key}"
		list = append(list,
			route(reads, "GET "+at, s.subject),
			route(changes, "GET "+at+"/answers", s.ask(answers)),
			route(changes, "POST "+at+"/answers", s.put(answers)),
			route(changes, "GET "+at+"/level", s.ask(level)),
			route(changes, "POST "+at+"/level", s.put(level)),
			route(changes, "GET "+at+"/factors", s.ask(factors)),
			route(changes, "POST "+at+"/factors", s.put(factors)))
	}
	list = append(list,
		route(changes, "POST /learn/needs/functions/{key}/take", s.put(takes)),
		route(changes, "GET /learn/needs/families/{key}/take-all", s.askTakeAll),
		route(changes, "POST /learn/needs/families/{key}/take-all", s.put(takesAll)))
	return server.Add(list...)
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

func (w words) moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return w.Moment(w.local(t))
}

// of writes a text of a framework.
func (w words) of(t framework.Text) string { return t.In(w.lang) }

// level writes a level: its number and its name.
func (w words) level(f *framework.Framework, n int) string {
	if n < 1 || n > len(f.Levels) {
		return "–"
	}
	return w.Int(n) + " " + w.of(f.Levels[n-1].Name)
}

// skill names a skill; one that is not known by its id.
func (w words) skill(f *framework.Framework, id string) string {
	if x := f.Skill(id); x != nil {
		return w.of(x.Name)
	}
	return id
}

// rule names a rule; one that is not known by its id.
func (w words) rule(f *framework.Framework, id string) string {
	for i := range f.Rules {
		if f.Rules[i].ID == id {
			return w.of(f.Rules[i].Name)
		}
	}
	return id
}

// factor names a circumstance; one that is not known by its id.
func (w words) factor(f *framework.Framework, id string) string {
	for i := range f.Factors {
		if f.Factors[i].ID == id {
			return w.of(f.Factors[i].Name)
		}
	}
	return id
}

// link leads to a page of the area by the key of its title.
func (w words) link(key, href string) ui.Link { return ui.Link{Label: w.say(key), Href: href} }

// page is a page of the area, with the pages above it.
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
	out := []ui.Link{w.link("tab.overview", home), w.link("matrix.title", matrixAt), w.link("roles.title", rolesAt), w.link("framework.tab", frameworkAt), w.link("history.title", historyAt)}
	for i := range out {
		out[i].Current = out[i].Href == current
	}
	return out
}

func (s *Service) reader(r *web.Request) db.Reader { return s.DB.Of(r.Actor.Tenant) }

// number reads a whole number of a form or an address; -1 for anything else.
func numberOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// hidden is the field with the change after which a form was made.
func hidden(at int64, more ...ui.NameValue) []ui.NameValue {
	return append([]ui.NameValue{{Name: "at", Value: strconv.FormatInt(at, 10)}}, more...)
}

// again shows a form again with what is wrong with it.
func again(r *web.Request, values url.Values, err error, show func(status int, form *ui.FormState) error) error {
	state, err := r.Refill(values, err)
	if err != nil {
		return err
	}
	return show(http.StatusUnprocessableEntity, state)
}

func notice(r *web.Request, key string) *web.Notice { return r.Notice(noticeBundle, "notice."+key) }

// who names accounts, each asked for once.
type who struct {
	s     *Service
	r     *web.Request
	w     words
	names map[string]string
}

func (s *Service) who(r *web.Request) *who { return &who{s, r, wordsOf(r), map[string]string{}} }

// name returns the name of an account, and words for one that is gone.
func (x *who) name(account string) (string, error) {
	if name, known := x.names[account]; known {
		return name, nil
	}
	name, err := x.s.nameOf(x.r.Context(), x.s.reader(x.r), account)
	if err != nil {
		return "", err
	}
	if name == "" {
		name = x.w.say("who.gone")
	}
	x.names[account] = name
	return name, nil
}

// unitPath writes a unit with those around it, the outermost first.
func unitPath(m *demand.Map, id string) string {
	path := m.Path(id)
	slices.Reverse(path)
	var names []string
	for _, u := range path {
		names = append(names, m.Unit(u).Name)
	}
	return strings.Join(names, " / ")
}

// units are the options of a list of units, in the order of the tree.
func (w words) units(m *demand.Map, none string) []ui.Option {
	out := []ui.Option{}
	for i := range m.Org.Units {
		out = append(out, ui.Option{Value: m.Org.Units[i].ID, Label: unitPath(m, m.Org.Units[i].ID)})
	}
	i18n.Collate(w.Printer, out, func(o ui.Option) string { return o.Label })
	return append([]ui.Option{{Label: none}}, out...)
}

// families are the options of a list of families.
func families(m *demand.Map, none string) []ui.Option {
	out := []ui.Option{{Label: none}}
	for i := range m.Families {
		if name := m.Families[i].Name; name != "" {
			out = append(out, ui.Option{Value: name, Label: name})
		}
	}
	return out
}

// levels are the options of a choice of levels, the first for none.
func (w words) levels(f *framework.Framework, none string) []ui.Option {
	out := []ui.Option{{Value: "0", Label: none}}
	for i := range f.Levels {
		out = append(out, ui.Option{Value: itoa(i + 1), Label: w.level(f, i+1), Hint: w.of(f.Levels[i].Description)})
	}
	return out
}

// bare takes the hints off options, for a list in which they do not show.
func bare(list []ui.Option) []ui.Option {
	for i := range list {
		list[i].Hint = ""
	}
	return list
}

// familyName names a family, and words for none.
func (w words) familyName(name string) string {
	if name == "" {
		return w.say("no-family")
	}
	return name
}

func familyAt(name string) string { return familiesAt + FamilyKey(name) }

func functionAt(id string) string { return functionsAt + url.PathEscape(id) }

// conflict tells whether an error says that something changed since it was read.
func conflict(err error) bool { return problem.Is(err, problem.Conflict) }

// args are the values of a message with one placeholder.
func args(name, value string) i18n.Args { return i18n.Args{name: value} }
