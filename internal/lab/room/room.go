package room

import (
	"context"
	"embed"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/guard"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Start is a way to begin that the empty chat shows.
type Start struct{ Title, Href string }

// Starts knows a few ways to begin.
type Starts interface {
	// Starts lists tasks for who has nothing to ask yet, the most useful first.
	Starts(ctx context.Context, t tenant.ID, lang instrument.Lang) ([]Start, error)
}

// Document is the text of a file.
type Document struct {
	Text  string
	Cut   bool              // only the beginning was taken
	Notes []problem.Message // what a person should know about what was taken, such as a hidden sheet
}

// Extractor reads the text of documents.
type Extractor interface {
	// Text returns the text of a document; the error is a problem that says what is wrong with it.
	Text(ctx context.Context, name string, data []byte) (Document, error)
}

// Stored is a conversation that somebody kept.
type Stored struct {
	Conversation *lab.Conversation
	Version      int64     // grows with each change: what another tab kept since is not overwritten
	Until        time.Time // when it is deleted
}

// Keeper keeps conversations of whoever wants that.
type Keeper interface {
	// Keep keeps a conversation until a time. An empty id makes a new one; otherwise version is that which was read.
	Keep(ctx context.Context, who access.Actor, id string, version int64, c *lab.Conversation, until time.Time) (string, int64, error)
	// Open returns a conversation to its owner.
	Open(ctx context.Context, who access.Actor, id string) (Stored, error)
	// MostDays returns for how many days the organisation lets somebody keep a conversation.
	MostDays(ctx context.Context, t tenant.ID) (int, error)
}

// Dependencies is what the chat needs. Entries, Starts, Extract and Keeper may be nil: then there are no tasks, no documents, and nothing can be kept.
type Dependencies struct {
	Models  lab.Models
	Entries lab.Entries
	Starts  Starts
	Extract Extractor
	Keeper  Keeper
	Now     clock.Clock
}

// Room is the chat. It is safe for concurrent use.
type Room struct {
	Dependencies
	guard  *guard.Scanner
	assets *bundle
	asks   *pace
	looks  *pace
	images chan struct{} // who decodes one now
	trace  func(ctx context.Context, err error)
}

// New returns the chat.
func New(d Dependencies) *Room {
	return &Room{Dependencies: d, guard: guard.New(), assets: newBundle(), asks: newPace(d.Now, asksPerMinute, mostAtOnce), looks: newPace(d.Now, looksPerMinute, mostAtOnce),
		images: make(chan struct{}, mostDecoding), trace: func(context.Context, error) {}}
}

// Where the chat is.
const (
	home     = "/lab/chat"
	startAt  = home + "/start"
	askAt    = home + "/ask"
	checkAt  = home + "/check"
	fileAt   = home + "/file"
	keepAt   = home + "/keep"
	exportAt = home + "/export"
	doorKey  = "try"
	labAt    = "/lab"
	keptAt   = "/lab/kept"
)

// uses is what one must be able to do.
const uses = access.UseModels

// Largest bodies, in bytes. What travels with a question are images too, which base64 makes a third larger.
const (
	mostBody = 16 << 20
	mostFile = 10 << 20

	mostSignedOut = 4 << 20
)

// AddTo makes the routes known to a server.
func (p *Room) AddTo(server *web.Server) error {
	p.trace = server.TraceError
	for _, at := range []string{askAt, checkAt, fileAt, keepAt} {
		server.AnswerErrors(at, answerError)
	}
	slow := func(pattern string, most int64, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: uses, Slow: true, Body: most, Handle: h}
	}
	return server.Add(
		web.Route{Pattern: "GET " + home, Action: uses, Handle: p.open},
		// Who is no longer signed in gets the page back with all that they wrote: these two decide themselves.
		web.Route{Pattern: "POST " + startAt, Public: true, Body: 1 << 20, Handle: p.start},
		web.Route{Pattern: "POST " + home, Public: true, Slow: true, Body: mostBody, Handle: p.plain},
		slow("POST "+askAt, mostBody, p.ask),
		slow("POST "+checkAt, mostBody, p.check),
		slow("POST "+fileAt, mostFile+1<<16, p.takeFile),
		slow("POST "+keepAt, mostBody, p.keep),
		slow("POST "+exportAt, mostBody, p.export),
		web.Route{Pattern: "GET " + assetPath + "{hash}/{file}", Public: true, Crowd: true, Handle: p.assets.serve},
	)
}

func refuse(kind problem.Kind, key string) error { return problem.New(kind, locale(), key, nil) }

func refuseWith(kind problem.Kind, key string, args i18n.Args) error {
	return problem.New(kind, locale(), key, args)
}
