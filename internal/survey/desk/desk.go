package desk

import (
	"context"
	"embed"
	"net/http"
	"sync"
	"time"

	"tekentafel/instruments"
	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/jobs"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

// Jobs tells how far a job is. The queue implements it.
type Jobs interface {
	Get(ctx context.Context, actor access.Actor, jobID string) (*jobs.Job, error)
	StageTitle(j *jobs.Job) problem.Message
}

// Dependencies of the pages.
type Dependencies struct {
	DB    *db.DB
	Waves *wave.Service
	Jobs  Jobs
	Now   clock.Clock
	// Purged is called before a wave is deleted that was kept long enough, and takes away what is kept of it elsewhere; nil for
	// nothing.
	Purged func(ctx context.Context, s *db.Scope, waveID string) error
	// Listed tells whether the list of ballots of a wave is there; nil for never.
	Listed func(ctx context.Context, r db.Reader, waveID string) (bool, error)
}

// Desk is the pages and operations.
type Desk struct{ Dependencies }

// New returns the pages.
func New(d Dependencies) *Desk { return &Desk{d} }

const (
	doorMeasure  = "measure"
	noticeBundle = "waves"
)

// AddTo makes the routes and the notices known to a server.
func (d *Desk) AddTo(server *web.Server) error {
	server.AddDoors(web.Door{Key: doorMeasure, Href: "/waves", Label: say("door"), Action: access.ReadWave})
	server.AddNotices(noticeBundle, locale())
	read, run := access.ReadWave, access.RunWave
	return server.Add(
		web.Route{Pattern: "GET /waves", Action: read, Handle: d.list},
		web.Route{Pattern: "GET /waves/new", Action: run, Handle: d.askNew},
		web.Route{Pattern: "POST /waves", Action: run, Handle: d.create},
		web.Route{Pattern: "GET /waves/{id}", Action: read, Handle: d.show},
		web.Route{Pattern: "GET /waves/{id}/progress", Action: read, Handle: d.progress},
		web.Route{Pattern: "GET /waves/{id}/settings", Action: run, Handle: d.askSettings},
		web.Route{Pattern: "POST /waves/{id}/settings", Action: run, Handle: d.settings},
		web.Route{Pattern: "POST /waves/{id}/title", Action: run, Handle: d.rename},
		web.Route{Pattern: "GET /waves/{id}/plan", Action: run, Handle: d.askPlan},
		web.Route{Pattern: "POST /waves/{id}/plan", Action: run, Handle: d.plan},
		web.Route{Pattern: "GET /waves/{id}/launch", Action: run, Handle: d.askLaunch},
		web.Route{Pattern: "POST /waves/{id}/launch", Action: run, Handle: d.launch},
		web.Route{Pattern: "GET /waves/{id}/open", Action: run, Handle: d.askOpen},
		web.Route{Pattern: "POST /waves/{id}/open", Action: run, Handle: d.open},
		web.Route{Pattern: "GET /waves/{id}/close", Action: run, Handle: d.askClose},
		web.Route{Pattern: "POST /waves/{id}/close", Action: run, Handle: d.close},
		web.Route{Pattern: "GET /waves/{id}/extend", Action: run, Handle: d.askExtend},
		web.Route{Pattern: "POST /waves/{id}/extend", Action: run, Handle: d.extend},
		web.Route{Pattern: "POST /waves/{id}/report", Action: run, Handle: d.report},
		web.Route{Pattern: "GET /waves/{id}/publish", Action: run, Handle: d.askPublish},
		web.Route{Pattern: "POST /waves/{id}/publish", Action: run, Handle: d.publish},
		web.Route{Pattern: "GET /waves/{id}/again", Action: run, Handle: d.askAgain},
		web.Route{Pattern: "POST /waves/{id}/again", Action: run, Handle: d.again},
		web.Route{Pattern: "GET /waves/{id}/delete", Action: run, Handle: d.askDelete},
		web.Route{Pattern: "POST /waves/{id}/delete", Action: run, Handle: d.delete},
	)
}

// words writes in one language.
type words struct{ *i18n.Printer }

func in(lang instrument.Lang) words { return words{locale().Printer(lang)} }

func (w words) say(key string) string { return w.T(key, nil) }

func say(key string) problem.Message { return problem.Message{Bundle: locale(), Key: key} }

// find returns the wave that the address names.
func (d *Desk) find(r *web.Request) (wave.Wave, error) {
	return d.Waves.Wave(r.Context(), r.Actor, r.PathValue("id"))
}

// page is a page about a wave, under it in the crumbs.
func page(r *web.Request, w *wave.Wave, key string) web.Page {
	p := web.Page{Door: doorMeasure}
	p.Title = in(r.Lang).say(key)
	p.Crumbs = []ui.Link{{Label: in(r.Lang).say("waves"), Href: "/waves"}}
	if w != nil {
		p.Crumbs = append(p.Crumbs, ui.Link{Label: w.Title, Href: "/waves/" + w.ID})
	}
	return p
}

// list shows the waves.
func (d *Desk) list(w http.ResponseWriter, r *web.Request) error {
	waves, err := d.Waves.Waves(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	p := page(r, nil, "waves")
	p.Crumbs, p.Lead = nil, say.say("list.lead")
	if r.Can(access.RunWave) && len(waves) > 0 {
		p.Actions = []ui.Action{{Label: say.say("list.new"), Href: "/waves/new", Kind: ui.Next}}
	}
	p.Actions = append(p.Actions, ui.Action{Label: say.say("list.reports"), Href: "/reports", Kind: ui.Quiet})
	return r.Show(w, p, listPage(listView{waves, r.Can(access.RunWave), say, r.Local}))
}

// baseTitles are the titles of the built-in questionnaires by name, read once: they come with the program.
var baseTitles = sync.OnceValue(func() map[string]instrument.Text {
	titles := map[string]instrument.Text{}
	for _, name := range instruments.Names() {
		if src, err := instruments.Open(name); err == nil {
			if q, err := instrument.Parse(name, src); err == nil && len(q.Languages) > 0 {
				titles[name] = q.Title
			}
		}
	}
	return titles
})

// moment reads a day and a time of the day where the organisation is; the zero time when nothing was filled in.
func moment(r *web.Request, now time.Time, day, hour string) (time.Time, bool) {
	if day == "" {
		return time.Time{}, true
	}
	if hour == "" {
		hour = "00:00"
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hour, r.Local(now).Location())
	return at.UTC(), err == nil
}
