package own

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/seal"
	"tekentafel/internal/skills/check"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/tenant"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Organisations tells what a page must know of an organisation, for pages that know no person.
type Organisations interface {
	// Organisation returns an organisation; db.ErrNoRow when there is none.
	Organisation(ctx context.Context, t tenant.ID) (web.Organisation, error)
}

// Post is what an account does in the organisation, as far as that is known.
type Post struct {
	Functions []check.Ref // the main one first
	Unit      check.Ref
	Field     bool // work in the field, not at a desk
	Known     bool // Field is known
}

// Posts knows what people do.
type Posts interface {
	// Post returns what the person of an account does; the zero Post when that is not known.
	Post(ctx context.Context, t tenant.ID, account string) (Post, error)
}

// Functions knows the functions of an organisation.
type Functions interface {
	// Search returns at most 20 functions whose name fits a text, the best first.
	Search(ctx context.Context, t tenant.ID, text string) ([]check.Ref, error)
}

// Need is what a function requires of a skill.
type Need struct {
	Level   int
	Reasons []framework.Text // why, the weightiest first; may be empty
}

// Needs knows what functions require.
type Needs interface {
	// Required returns what a function requires, in a unit that may be "", by skill; ok is false where nobody decided yet.
	Required(ctx context.Context, t tenant.ID, function, unit string) (needs map[string]Need, ok bool, err error)
}

// Frameworks knows the frameworks that organisations adapted.
type Frameworks interface {
	// Framework returns the framework of an organisation; nil for the one that comes with the product.
	Framework(ctx context.Context, t tenant.ID) (*framework.Framework, error)
}

// Materials knows the parameters of items that organisations use.
type Materials interface {
	// MaterialOf returns what checks of an organisation ask: the material of the product with the parameters in use.
	MaterialOf(ctx context.Context, t tenant.ID) (*check.Material, error)
}

// Gifts takes answers to the test that people give to improve its questions.
type Gifts interface {
	// Give takes a gift of check.Material.Gift. mark is the same for every gift of one check; from is for limits alone and is kept nowhere.
	// taken is false when it is not needed, or the check gave before.
	Give(ctx context.Context, t tenant.ID, mark [32]byte, from netip.Addr, gift []byte) (taken bool, err error)
}

// Offers adds to the door what else somebody can do there, such as the map of needs for HR.
type Offers interface {
	// Offers returns tiles for who sends r; none when there is nothing for them.
	Offers(r *web.Request) []ui.Tile
}

// Dependencies is what the pages need of the rest. Posts, Functions, Needs, Frameworks, Materials, Gifts, Offers, Places, KeptDays and Print may be nil.
type Dependencies struct {
	DB            *db.DB
	Box           *seal.Box
	Clock         clock.Clock
	Audit         *audit.Log
	Material      *check.Material
	Organisations Organisations
	Posts         Posts
	Functions     Functions
	Needs         Needs
	Frameworks    Frameworks
	Materials     Materials
	Gifts         Gifts
	Offers        []Offers
	// Places says where in the product a step leads, "" for nowhere yet.
	Places func(framework.Place) string
	// KeptDays is how many days an organisation keeps a profile that nobody opens.
	KeptDays func(ctx context.Context, t tenant.ID) (int, error)
	// Print turns a document into a PDF; the error is a *pdf.NotInstalledError without Chromium. Nil means pdf.Print.
	Print func(ctx context.Context, document []byte, o pdf.Options) ([]byte, error)
}

// Pages are the pages of one's own skills.
type Pages struct {
	Dependencies
	guesses  *guesses
	assets   map[string]asset
	server   *web.Server
	printing chan struct{} // as many as may print at a time
	idle     idle
}

// idle says when a kiosk is wiped, in seconds: how long nobody touches it, and how long it then warns.
type idle struct{ After, Warn int }

// Kiosk cookies live so long after the last page, for browsers without scripts.
const kioskLives = 15 * time.Minute

// mostPrints is how many profiles are printed at a time; each takes a browser.
const mostPrints = 2

// New returns the pages.
func New(d Dependencies) *Pages {
	if d.Print == nil {
		d.Print = pdf.Print
	}
	return &Pages{Dependencies: d, guesses: newGuesses(d.Clock), assets: assets(), printing: make(chan struct{}, mostPrints), idle: idle{After: 90, Warn: 30}}
}

// Where the pages are.
const (
	doorAt       = "/learn"
	startAt      = "/learn/start"
	linksAt      = "/learn/links"
	posterAt     = "/learn/links/poster"
	linkAt       = "/l/"
	checkAt      = "/check"
	functionAt   = "/check/function"
	statementsAt = "/check/statements/"
	questionAt   = "/check/question"
	stopAt       = "/check/stop"
	onAt         = "/check/on"
	resultAt     = "/check/result"
	answersAt    = "/check/answers"
	keepAt       = "/check/keep"
	addAt        = "/check/add"
	discardAt    = "/check/discard"
	giveAt       = "/check/give"
	openAt       = "/check/open"
	codeAt       = "/check/code"
	profileAt    = "/check/profile"
	againAt      = "/check/again"
	jsonAt       = "/check/profile.json"
	pdfAt        = "/check/profile.pdf"
	eraseAt      = "/check/erase"
	closeAt      = "/check/close"
	aboutAt      = "/check/about"
	monitorAt    = "/check/from-monitor"
	closedAt     = "/check/closed"
)

// DoorLearn is the door that this feature stands behind.
const DoorLearn = "learn"

const noticeBundle = "own-skills"

// body is the most that a request brings, in bytes.
const body = 16 << 10

// AddTo makes the routes, the door and the notices known to a server.
func (p *Pages) AddTo(server *web.Server) error {
	p.server = server
	server.AddNotices(noticeBundle, locale())
	server.AddDoors(web.Door{Key: DoorLearn, Href: doorAt, Label: message("door.door"), Action: access.UseInterface})
	err := server.Add(
		web.Route{Pattern: "GET " + doorAt, Action: access.UseInterface, Handle: p.door},
		web.Route{Pattern: "POST " + startAt, Action: access.UseInterface, Body: body, Handle: p.start},
		web.Route{Pattern: "GET " + linksAt, Action: access.OpenSkills, Handle: p.links},
		web.Route{Pattern: "POST " + linksAt, Action: access.OpenSkills, Body: body, Handle: p.setLink},
		web.Route{Pattern: "GET " + posterAt, Action: access.OpenSkills, Handle: p.poster},
	)
	if err != nil {
		return err
	}
	routes := []web.Route{
		{Pattern: "GET " + linkAt + "{key}", Handle: p.byLink},
		{Pattern: "GET " + checkAt, Handle: p.open(p.entry)},
		{Pattern: "POST " + checkAt, Handle: p.open(p.begin)},
		{Pattern: "GET " + aboutAt, Handle: p.anyone(p.about)},
		{Pattern: "GET " + openAt, Handle: p.open(p.askCode)},
		{Pattern: "POST " + openAt, Handle: p.open(p.openProfile)},
		{Pattern: "POST " + closeAt, Handle: p.closeAll},
		{Pattern: "GET " + closedAt, Handle: p.tabletClosed},
		{Pattern: "POST " + monitorAt, Handle: p.fromMonitor},
		{Pattern: "GET " + monitorAt, Handle: func(w http.ResponseWriter, r *web.Request) error { return r.Redirect(w, checkAt, nil) }},

		{Pattern: "GET " + functionAt, Handle: p.open(p.functions)},
		{Pattern: "POST " + functionAt, Handle: p.open(p.setFunction)},
		{Pattern: "GET " + statementsAt + "{skill}", Handle: p.under(p.statements)},
		{Pattern: "POST " + statementsAt + "{skill}", Handle: p.under(p.say)},
		{Pattern: "GET " + questionAt, Handle: p.under(p.current)},
		{Pattern: "GET " + questionAt + "/{n}", Handle: p.under(p.question)},
		{Pattern: "POST " + questionAt + "/{n}", Handle: p.under(p.answer)},
		{Pattern: "POST " + stopAt, Handle: p.under(p.stop)},
		{Pattern: "POST " + onAt, Handle: p.under(p.goOn)},
		{Pattern: "GET " + resultAt, Handle: p.under(p.result)},
		{Pattern: "GET " + answersAt, Handle: p.open(p.answers)},
		{Pattern: "POST " + keepAt, Handle: p.under(p.keep)},
		{Pattern: "POST " + addAt, Handle: p.under(p.add)},
		{Pattern: "POST " + discardAt, Handle: p.discard},
		{Pattern: "POST " + giveAt, Handle: p.under(p.give)},

		{Pattern: "GET " + codeAt, Handle: p.own(p.showCode)},
		{Pattern: "POST " + codeAt, Handle: p.own(p.remember)},
		{Pattern: "GET " + profileAt, Handle: p.own(p.profile)},
		{Pattern: "POST " + againAt, Handle: p.own(p.again)},
		{Pattern: "GET " + jsonAt, Handle: p.own(p.asJSON)},
		{Pattern: "GET " + pdfAt, Slow: true, Handle: p.own(p.asPDF)},
		{Pattern: "GET " + eraseAt, Handle: p.own(p.askErase)},
		{Pattern: "POST " + eraseAt, Handle: p.own(p.erase)},

		{Pattern: "GET /assets/skills/{file}", Handle: p.asset},
	}
	for i := range routes {
		routes[i].Public, routes[i].Crowd, routes[i].Untraced, routes[i].Body = true, true, true, body
	}
	return server.Add(routes...)
}

// Forget takes the open profile, the check under way and the pass from a browser: for when its person signs out.
func (p *Pages) Forget(w http.ResponseWriter) {
	for _, name := range []string{passCookie, stateCookie, codeCookie} {
		p.setCookie(w, name, "", -1)
	}
}

// lang of texts of the framework.
func textLang(l instrument.Lang) framework.Lang { return framework.Lang(l) }
