package invite

import (
	"context"
	"embed"
	"sync"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/seal"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/tenant"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Organisations tells what an invitation must know of its organisation.
type Organisations interface {
	// About returns the name, the smallest group that may be shown, and whether the organisation is made up.
	About(ctx context.Context, t tenant.ID) (name string, groupSize int, synthetic bool, err error)
}

// Accounts tells which accounts people of a frame have.
type Accounts interface {
	// Each calls each for every account of the organisation of r that may sign in, with its mail and staff number ("" for none).
	Each(ctx context.Context, r db.Reader, each func(account, mail, number string) error) error
	// Of returns mail and staff number of one account, "" for none.
	Of(ctx context.Context, r db.Reader, account string) (mail, number string, err error)
}

// Letter is a mail to one person, not yet in words.
type Letter struct {
	Kind         string // one of Kinds
	To, Name     string
	Lang         instrument.Lang
	Organisation string
	Args         i18n.Args
	Note         string    // words of the organisation, before ours; paragraphs with an empty line between
	Until        time.Time // of no use afterwards
}

// Undelivered is a mail that was not taken, or of which nobody knows.
type Undelivered struct {
	ID     string
	Unsure bool   // it may have arrived
	Reason string // a word of the outbox: "server", "gave-up", "too-late"
	Reply  string // what the mail server said, or ""
}

// Mailer sends mail. The outbox implements it, by an adapter.
type Mailer interface {
	// On tells whether the installation sends mail.
	On() bool
	// Address returns an address as the mail server takes it; an error when it is none.
	Address(s string) (string, error)
	// Post writes a mail in the transaction of s and returns its id, which sorts by time. It is sent once the transaction is
	// committed, at most once, and its address is forgotten then.
	Post(ctx context.Context, s *db.Scope, l Letter) (string, error)
	// Withdraw takes a mail back that was not sent yet; of one that was refused or is unsure it empties the address.
	Withdraw(ctx context.Context, s *db.Scope, mailID string) error
	// Unsent lists the ids of mails of a kind that Withdraw would do something to.
	Unsent(ctx context.Context, r db.Reader, kind string) ([]string, error)
	// Undelivered lists mails of a kind that were refused or are unsure.
	Undelivered(ctx context.Context, r db.Reader, kind string) ([]Undelivered, error)
}

// Dependencies of the package.
type Dependencies struct {
	DB            *db.DB
	Audit         *audit.Log
	Queue         *jobs.Queue
	Box           *seal.Box
	Now           clock.Clock
	Organisations Organisations
	Accounts      Accounts
	Staff         Staff // nil where there is no personnel data to take people from
	Mail          Mailer
	PublicURL     string // without a slash at its end: "https://tekentafel.stad.example"
	Zone          *time.Location
	Dir           string // for files while they are read
	MaxUpload     int64  // bytes
	// Print turns a document into a PDF; the error is a *pdf.NotInstalledError without Chromium. Nil means pdf.Print.
	Print func(ctx context.Context, document []byte) ([]byte, error)
}

// Service is who may take part, and how they are told.
type Service struct {
	Dependencies
	readers chan struct{} // bounds how many files are read at a time; each may take much memory
}

// New returns the service and registers its jobs.
func New(d Dependencies) *Service {
	if d.Print == nil {
		d.Print = printed
	}
	if d.Zone == nil {
		d.Zone = clock.Brussels()
	}
	s := &Service{Dependencies: d, readers: make(chan struct{}, 2)}
	d.Queue.Register(s.takeKind(), s.mailKind(), s.printKind())
	return s
}

// say makes a message of this package.
func say(key string, args i18n.Args) problem.Message {
	return problem.Message{Bundle: locale(), Key: key, Args: args}
}

// refuse makes a problem of this package.
func refuse(kind problem.Kind, key string, args i18n.Args) *problem.Problem {
	return problem.New(kind, locale(), key, args)
}

func allow(actor access.Actor, action access.Action) error {
	if !access.Can(actor, action, access.Resource{Tenant: actor.Tenant}) {
		return refuse(problem.Forbidden, "error.forbidden", nil)
	}
	return nil
}

// wave returns a wave that actor may do something with.
func (s *Service) wave(ctx context.Context, actor access.Actor, action access.Action, waveID string) (wave.Wave, error) {
	if err := allow(actor, action); err != nil {
		return wave.Wave{}, err
	}
	return wave.One(ctx, s.DB.Of(actor.Tenant), waveID)
}

// framed refuses a wave without a frame.
func framed(w *wave.Wave) error {
	if w.Mode == wave.OpenLink {
		return refuse(problem.Conflict, "error.open-link", nil)
	}
	return nil
}

// drafted refuses a change to a frame that is fixed.
func drafted(w *wave.Wave) error {
	if w.State.Launched() {
		return refuse(problem.Conflict, "error.fixed", nil)
	}
	return framed(w)
}

// running refuses invitations to a wave that was not launched, or is closed.
func running(w *wave.Wave) error {
	if w.State == wave.Draft {
		return refuse(problem.Conflict, "error.not-launched", nil)
	}
	if err := unclosed(w); err != nil {
		return err
	}
	return framed(w)
}

// unclosed refuses to tell anybody of a wave that is closed.
func unclosed(w *wave.Wave) error {
	if closed(w) {
		return refuse(problem.Conflict, "error.closed", nil)
	}
	return nil
}

func closed(w *wave.Wave) bool { return w.State == wave.Closed || w.State == wave.Published }
