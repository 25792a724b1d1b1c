package answering

import (
	"net/http"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/record"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/web"
)

// Dependencies is what the pages need of the rest. Lists, Reports and Afterwards may be nil.
type Dependencies struct {
	Waves      Waves
	People     People
	Urn        Urn
	Drafts     Drafts
	Lists      Lists
	Reports    Reports
	Afterwards Afterwards
	Box        *seal.Box
	Clock      clock.Clock
	Zone       *time.Location // in which people read when a wave closes; nil for that of the time itself
}

// Pages are the pages and operations below /w/{code}.
type Pages struct {
	Dependencies
	guesses *guesses
	assets  map[string]asset
	secure  bool // cookies go over HTTPS alone
	idle    idle
}

// New returns the pages.
func New(d Dependencies) *Pages {
	return &Pages{Dependencies: d, guesses: newGuesses(d.Clock), assets: assets(), idle: idle{After: 90, Warn: 30}}
}

// What requests may bring, in bytes.
const (
	drawBody = 4 << 10
	handBody = record.MaxBytes + drawBody
	formBody = 64 << 10
)

// AddTo makes the routes known to a server.
func (p *Pages) AddTo(server *web.Server) error {
	p.secure = server.Secure()
	routes := []web.Route{
		{Pattern: "GET /w/{code}", Handle: p.entry},
		{Pattern: "POST /w/{code}/ballots", Body: drawBody, Handle: asJSON(p.draw)},
		{Pattern: "POST /w/{code}/answers", Body: handBody, Untraced: true, Handle: asJSON(p.handIn)},
		{Pattern: "GET /w/{code}/questions", Untraced: true, Handle: p.questions},
		{Pattern: "POST /w/{code}/decline", Body: drawBody, Handle: p.decline},
		{Pattern: "GET /w/{code}/declined", Handle: p.declined},
		{Pattern: "GET /w/{code}/privacy", Handle: p.privacy},
		{Pattern: "GET /w/{code}/kiosk", Handle: p.kiosk},
		{Pattern: "GET /w/{code}/keys.json", Untraced: true, Handle: p.keys},
		{Pattern: "GET /w/{code}/list", Untraced: true, Slow: true, Handle: p.list},

		{Pattern: "POST /w/{code}/start", Body: drawBody, Handle: p.start},
		{Pattern: "GET /w/{code}/q/{item}", Untraced: true, Handle: p.question},
		{Pattern: "POST /w/{code}/q/{item}", Body: formBody, Untraced: true, Handle: p.answer},
		{Pattern: "GET /w/{code}/review", Untraced: true, Handle: p.review},
		{Pattern: "POST /w/{code}/review", Body: drawBody, Untraced: true, Handle: p.send},
		{Pattern: "GET /w/{code}/thanks", Untraced: true, Handle: p.thanks},

		{Pattern: "GET /w/sw.js", Untraced: true, Handle: p.worker},
		{Pattern: "GET /assets/survey/{file}", Untraced: true, Handle: p.asset},
	}
	for i := range routes {
		routes[i].Public, routes[i].Crowd, routes[i].Handle = true, true, reticent(routes[i].Handle)
	}
	return server.Add(routes...)
}

// find returns the survey of the address, and makes the request one of its organisation, in a language of the wave.
func (p *Pages) find(r *web.Request) (*Survey, error) {
	s, err := p.Waves.ByCode(r.Context(), r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	if !s.Wave.State.Launched() {
		return nil, refuse(problem.NotFound, "error.unknown")
	}
	r.Org = s.Org
	r.Lang = speak(s, r)
	forgetLanguage(r)
	return s, nil
}

// forgetLanguage takes the language out of the address to which a choice of another language leads back.
func forgetLanguage(r *web.Request) {
	q := r.URL.Query()
	if !q.Has("lang") {
		return
	}
	q.Del("lang")
	u := *r.URL
	u.RawQuery = q.Encode()
	r.URL = &u
}

// speak chooses a language of the wave: the one of the address, the visitor's, the first.
func speak(s *Survey, r *web.Request) instrument.Lang {
	for _, l := range []instrument.Lang{instrument.Lang(r.URL.Query().Get("lang")), r.Lang} {
		if slices.Contains(s.Wave.Languages, l) {
			return l
		}
	}
	return s.Wave.Languages[0]
}

// open says why a wave takes no answers now; nil when it does.
func (p *Pages) open(s *Survey) error {
	now := p.Clock()
	switch {
	case s.Wave.Takes(now):
		return nil
	case s.ended():
		return refuse(problem.Gone, "error.closed") // the device may let go of what it holds
	case s.closed(now):
		return refuse(problem.Conflict, "error.closed")
	default:
		return refuse(problem.Conflict, "error.not-yet")
	}
}

// person returns who of the frame sends a request: by PIN, otherwise by the account that is signed in.
func (p *Pages) person(r *web.Request, s *Survey, pin string) (Person, error) {
	if pin == "" {
		return p.signedIn(r, s)
	}
	if wait := p.guesses.wait(s.Wave.Code, r.Address()); wait > 0 {
		return Person{}, refuse(problem.TooMany, "error.too-many-pins").After(int(wait/time.Second) + 1)
	}
	who, err := p.People.Find(r.Context(), &s.Wave, pin)
	if isNobody(err) {
		p.guesses.wrong(s.Wave.Code, r.Address())
		return Person{}, wrongPIN("error.pin")
	}
	return who, err
}

// signedIn returns the person of the frame whose account is signed in.
func (p *Pages) signedIn(r *web.Request, s *Survey) (Person, error) {
	if r.Actor.Kind != access.Person || r.Actor.Tenant != s.Wave.Tenant || s.Wave.Mode == wave.OpenLink {
		return Person{}, wrongPIN("error.pin-missing")
	}
	who, err := p.People.BySession(r.Context(), &s.Wave, r.Actor.ID)
	if isNobody(err) {
		return Person{}, wrongPIN("error.pin-missing")
	}
	return who, err
}

// wrongPIN says what is wrong with the field of the PIN.
func wrongPIN(key string) error {
	f := problem.Form{Bundle: locale()}
	f.Wrong("pin", key, nil)
	return f.Err()
}

// day is today where the organisation is.
func (p *Pages) day(r *web.Request) string { return r.Local(p.Clock()).Format(time.DateOnly) }

// base is the address below which everything of a survey stands.
func (s *Survey) base() string { return "/w/" + s.Wave.Code }

// link is the address of a page of the survey in a language.
func (s *Survey) link(path string, lang instrument.Lang) string {
	return s.base() + path + "?lang=" + string(lang)
}

// sendOn leads to another page of the survey.
func sendOn(w http.ResponseWriter, r *web.Request, s *Survey, to string) error {
	return r.Redirect(w, s.link(to, r.Lang), nil)
}
