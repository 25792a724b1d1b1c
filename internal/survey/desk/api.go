package desk

import (
	"context"
	"net/http"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/wave"
)

const tag = "waves"

// WaveView is a wave as scripts see it.
type WaveView struct {
	ID         string            `json:"id"`
	Title      string            `json:"title"`
	State      wave.State        `json:"state" enum:"draft,scheduled,open,closed,published"`
	Mode       wave.Mode         `json:"mode" enum:"anonymous,confidential,open"`
	GroupSize  int               `json:"group_size"`
	Retention  int               `json:"retention_days"`
	Linked     bool              `json:"linked"`
	Languages  []instrument.Lang `json:"languages"`
	Opens      *time.Time        `json:"opens,omitempty"`
	Closes     *time.Time        `json:"closes,omitempty"`
	Reminders  []time.Time       `json:"reminders"`
	Contact    string            `json:"contact"`
	Words      instrument.Text   `json:"words,omitempty"`
	Kiosk      bool              `json:"kiosk"`
	Previous   string            `json:"previous,omitempty"`
	Report     string            `json:"report,omitempty" doc:"Id of the report, once it is made."`
	Job        string            `json:"job,omitempty" doc:"The job that makes the report, once the wave is closed."`
	Hash       string            `json:"questionnaire_hash,omitempty" doc:"SHA-256 of the questionnaire in hex, from the launch on."`
	Address    string            `json:"address" doc:"Where people answer."`
	Version    int64             `json:"version"`
	Created    time.Time         `json:"created"`
	Standing   []StandingView    `json:"in_the_way,omitempty" doc:"Of a draft: what stands in the way of a launch."`
	Launchable bool              `json:"launchable"`
}

// StandingView is what stands in the way of a launch.
type StandingView struct {
	Key    string `json:"key"`
	Text   string `json:"text" doc:"In the language asked for."`
	Blocks bool   `json:"blocks" doc:"False: it is a warning."`
}

// ResponseView is how far a wave is.
type ResponseView struct {
	Releases []monitor.Release `json:"releases" doc:"What was shown of each day, the oldest first: numbers are ranges, so that none tells of one person."`
	Expected *int              `json:"expected,omitempty" doc:"About how many will have taken part at the end, when each week brings half of what the week before did."`
	Risks    []RiskView        `json:"risks"`
}

// RiskView is a group that endangers a conclusion.
type RiskView struct {
	Variable string           `json:"variable"`
	Value    string           `json:"value"`
	Danger   monitor.Danger   `json:"danger" enum:"no-figure,imprecise,behind"`
	Missing  int              `json:"missing" doc:"About how many people more are needed; 0 where that is not known."`
	Advice   []monitor.Advice `json:"advice"`
}

type (
	nothing struct{}
	byID    struct {
		ID string `path:"id"`
	}
	oneBody[T any]  struct{ Body T }
	listBody[T any] struct {
		Body struct {
			Items []T `json:"items"`
		}
	}
	createRequest struct {
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body struct {
			Title     string            `json:"title" maxLength:"120"`
			Mode      wave.Mode         `json:"mode" enum:"anonymous,confidential,open"`
			Languages []instrument.Lang `json:"languages"`
			GroupSize int               `json:"group_size" minimum:"5"`
			Retention int               `json:"retention_days" minimum:"1"`
			Linked    bool              `json:"linked,omitempty"`
			Previous  string            `json:"previous,omitempty" doc:"The wave to compare with."`
			Base      string            `json:"questionnaire" doc:"The name of a built-in questionnaire."`
		}
	}
	planRequest struct {
		ID   string `path:"id"`
		Body struct {
			Version   int64           `json:"version" doc:"The version that the change is made on."`
			Opens     time.Time       `json:"opens"`
			Closes    time.Time       `json:"closes"`
			Reminders []time.Time     `json:"reminders,omitempty"`
			Contact   string          `json:"contact" maxLength:"200"`
			Words     instrument.Text `json:"words,omitempty"`
			Kiosk     bool            `json:"kiosk,omitempty"`
		}
	}
	launchRequest struct {
		ID   string `path:"id"`
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		Body struct {
			Version int64 `json:"version" doc:"The version that was looked at. What it says is locked."`
		}
	}
	launchAnswer struct {
		Hash         string     `json:"questionnaire_hash"`
		People       int        `json:"people"`
		Fingerprints []string   `json:"fingerprints"`
		State        wave.State `json:"state"`
	}
)

// API registers the operations of this package.
func (d *Desk) API(a *api.API, absolute func(path string) string) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: tag, Action: action}
	}
	view := func(ctx context.Context, c api.Caller, id string) (*oneBody[WaveView], error) {
		return d.apiView(ctx, c, id, absolute)
	}
	api.Get(a, "/waves", about("list-waves", "List the waves, the newest first.", access.ReadWave), func(ctx context.Context, c api.Caller, _ *nothing) (*listBody[WaveView], error) {
		waves, err := d.Waves.Waves(ctx, c.Actor)
		out := &listBody[WaveView]{}
		out.Body.Items = []WaveView{}
		for i := range waves {
			out.Body.Items = append(out.Body.Items, viewOf(&waves[i], absolute))
		}
		return out, err
	})
	api.Get(a, "/waves/{id}", about("get-wave", "Describe a wave and, of a draft, what stands in the way of its launch.", access.ReadWave),
		func(ctx context.Context, c api.Caller, in *byID) (*oneBody[WaveView], error) {
			return view(ctx, c, in.ID)
		})
	add := about("create-wave", "Make the draft of a wave.", access.RunWave)
	add.Status = http.StatusCreated
	api.Post(a, "/waves", add, func(ctx context.Context, c api.Caller, in *createRequest) (*oneBody[WaveView], error) {
		b := in.Body
		w, err := d.Waves.Create(ctx, c.Actor, wave.Input{Base: b.Base, Asked: c.Asked(in.Key, b), Terms: wave.Terms{Title: b.Title, Mode: b.Mode, Languages: b.Languages,
			GroupSize: b.GroupSize, Retention: b.Retention, Linked: b.Linked, Previous: b.Previous}})
		return &oneBody[WaveView]{viewOf(&w, absolute)}, err
	})
	api.Put(a, "/waves/{id}/plan", about("plan-wave", "Set when a wave opens, reminds and closes, and whom people can ask.", access.RunWave),
		func(ctx context.Context, c api.Caller, in *planRequest) (*oneBody[WaveView], error) {
			b := in.Body
			plan := wave.Plan{Moments: wave.Moments{Opens: b.Opens.UTC(), Closes: b.Closes.UTC(), Reminders: b.Reminders}, Contact: b.Contact, Words: b.Words, Kiosk: b.Kiosk}
			if err := d.Waves.SetPlan(ctx, c.Actor, in.ID, b.Version, plan); err != nil {
				return nil, err
			}
			return d.changed(ctx, c, in.ID, absolute)
		})
	api.Post(a, "/waves/{id}/launch", about("launch-wave", "Lock the terms of a wave and let it open at its moment.", access.RunWave),
		func(ctx context.Context, c api.Caller, in *launchRequest) (*oneBody[launchAnswer], error) {
			l, err := d.Waves.Launch(ctx, c.Actor, in.ID, in.Body.Version, c.Asked(in.Key, []any{in.ID, in.Body}))
			return &oneBody[launchAnswer]{launchAnswer{l.Hash, l.People, l.Fingerprints, l.State}}, err
		})
	api.Post(a, "/waves/{id}/close", about("close-wave", "Close an open wave for good and make its report. Closing it again changes nothing.", access.RunWave),
		func(ctx context.Context, c api.Caller, in *byID) (*oneBody[WaveView], error) {
			if err := d.Waves.CloseNow(ctx, c.Actor, in.ID); err != nil {
				return nil, err
			}
			return d.changed(ctx, c, in.ID, absolute)
		})
	api.Get(a, "/waves/{id}/response", about("get-wave-response", "Say how many took part, in ranges of at least k numbers, and which groups endanger a conclusion.", access.ReadWave), d.apiResponse)
}

func viewOf(w *wave.Wave, absolute func(string) string) WaveView {
	v := WaveView{ID: w.ID, Title: w.Title, State: w.State, Mode: w.Mode, GroupSize: w.GroupSize, Retention: w.Retention, Linked: w.Linked, Languages: w.Languages,
		Reminders: w.Settings.Reminders, Contact: w.Settings.Contact, Words: w.Settings.Words, Kiosk: w.Settings.Kiosk, Previous: w.Previous, Report: w.Report,
		Job: w.Settings.Job, Hash: w.InstrumentHash, Address: absolute("/w/" + w.Code), Version: w.Version, Created: w.Created}
	if v.Reminders == nil {
		v.Reminders = []time.Time{}
	}
	if !w.Opens.IsZero() {
		v.Opens = &w.Opens
	}
	if !w.Closes.IsZero() {
		v.Closes = &w.Closes
	}
	return v
}

func (d *Desk) apiView(ctx context.Context, c api.Caller, id string, absolute func(string) string) (*oneBody[WaveView], error) {
	w, err := d.Waves.Wave(ctx, c.Actor, id)
	if err != nil {
		return nil, err
	}
	v := viewOf(&w, absolute)
	if w.State == wave.Draft {
		ready, err := d.Waves.Ready(ctx, c.Actor, id)
		if err != nil {
			return nil, err
		}
		for _, p := range ready {
			v.Standing = append(v.Standing, StandingView{p.Key, p.Message.In(c.Lang), !p.Warns})
		}
		v.Launchable = len(wave.Blocking(ready)) == 0
	}
	return &oneBody[WaveView]{v}, nil
}

// changed returns the wave after a change, also to a key that may change but not read.
func (d *Desk) changed(ctx context.Context, c api.Caller, id string, absolute func(string) string) (*oneBody[WaveView], error) {
	w, err := wave.One(ctx, d.DB.Of(c.Actor.Tenant), id)
	return &oneBody[WaveView]{viewOf(&w, absolute)}, err
}

func (d *Desk) apiResponse(ctx context.Context, c api.Caller, in *byID) (*oneBody[ResponseView], error) {
	w, err := d.Waves.Wave(ctx, c.Actor, in.ID)
	if err != nil {
		return nil, err
	}
	releases, err := monitor.Releases(ctx, d.DB.Of(c.Actor.Tenant), w.ID)
	if err != nil {
		return nil, err
	}
	v := ResponseView{Releases: releases, Risks: []RiskView{}}
	if v.Releases == nil {
		v.Releases = []monitor.Release{}
	}
	if o, known := monitor.Expect(releases, w.Opens, w.Closes); known {
		v.Expected = &o.Expected
	}
	for _, r := range monitor.Risks(releases, w.Opens, w.Closes, w.GroupSize) {
		v.Risks = append(v.Risks, RiskView{r.Variable, r.Group.Value, r.Danger, r.Missing, r.Advice})
	}
	return &oneBody[ResponseView]{v}, nil
}
