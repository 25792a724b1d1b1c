package desk

import (
	"net/http"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/i18n"
	"tekentafel/internal/jobs"
	"tekentafel/internal/survey/ballot"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// show is the page of a wave: where it stands and the one next step.
func (d *Desk) show(w http.ResponseWriter, r *web.Request) error {
	v, err := d.look(r)
	if err != nil {
		return err
	}
	p := page(r, nil, "waves")
	p.Title, p.Kicker = v.wave.Title, v.say.say("state."+string(v.wave.State))
	p.Lead = v.lead()
	p.Actions = v.actions()
	p.Live = v.work != nil
	return r.Show(w, p, wavePage(v))
}

// progress is how far the report of a closed wave is, for htmx.
func (d *Desk) progress(w http.ResponseWriter, r *web.Request) error {
	v, err := d.look(r)
	if err != nil {
		return err
	}
	if v.work == nil {
		return r.Redirect(w, "/waves/"+v.wave.ID, nil)
	}
	return r.Part(w, ui.WorkPanel(*v.work))
}

// look gathers what the page of a wave shows.
func (d *Desk) look(r *web.Request) (waveView, error) {
	ctx, store := r.Context(), d.DB.Of(r.Actor.Tenant)
	w, err := d.find(r)
	if err != nil {
		return waveView{}, err
	}
	v := waveView{wave: &w, runs: r.Can(access.RunWave), texts: r.Can(access.ReadTexts), reads: w.State == wave.Published || r.Can(access.ReadReport), say: in(r.Lang), local: r.Local, now: d.Now(),
		address: r.Absolute("/w/" + w.Code), kiosk: r.Absolute("/w/" + w.Code + "/kiosk")}
	if v.frame, err = wave.FrameOf(ctx, store, w.ID); err != nil {
		return v, err
	}
	if w.State == wave.Draft {
		v.ready, err = d.Waves.Ready(ctx, r.Actor, w.ID)
		return v, err
	}
	if v.launch, err = wave.LaunchOf(ctx, store, w.ID); err != nil {
		return v, err
	}
	strata, err := wave.Strata(ctx, store, w.ID)
	if err != nil {
		return v, err
	}
	for _, s := range strata {
		key, err := ballot.ParsePublicKey(s.Public)
		if err != nil {
			return v, err
		}
		v.prints = append(v.prints, print{s.Name, key.Fingerprint()})
	}
	if v.releases, err = monitor.Releases(ctx, store, w.ID); err != nil {
		return v, err
	}
	if d.Listed != nil && len(v.prints) > 0 {
		if v.listed, err = d.Listed(ctx, store, w.ID); err != nil {
			return v, err
		}
	}
	if w.State == wave.Closed && w.Report == "" && !v.launch.Spent {
		v.work, err = d.workOf(r, &w, v.say)
	}
	return v, err
}

// workOf is how far the job is that makes the report of a closed wave.
func (d *Desk) workOf(r *web.Request, w *wave.Wave, say words) (*ui.Work, error) {
	panel := &ui.Work{ID: "report-work", Title: say.say("work.title"), State: ui.Queued, Stage: say.say("work.waits"), Refresh: "/waves/" + w.ID,
		Poll: map[string]any{"hx-get": "/waves/" + w.ID + "/progress", "hx-trigger": "every 2s", "hx-swap": "outerHTML"}}
	if !r.Can(access.ReadJob) || w.Settings.Job == "" {
		panel.Poll = nil
		return panel, nil
	}
	j, err := d.Jobs.Get(r.Context(), r.Actor, w.Settings.Job)
	if err != nil {
		return nil, err
	}
	switch j.State {
	case jobs.Running:
		panel.State, panel.Stage = ui.Running, d.Jobs.StageTitle(j).In(r.Lang)
		panel.Known, panel.Share = j.Total > 0, float64(j.Done)/float64(max(1, j.Total))
		panel.Elapsed = d.Now().Sub(j.Started)
	case jobs.Failed, jobs.Cancelled:
		panel.State, panel.Stage, panel.Mend = ui.Failed, j.Trouble.In(r.Lang), say.say("work.mend")
	case jobs.Waiting, jobs.Done:
	}
	return panel, nil
}

// print is the fingerprint of a key of a wave.
type print struct{ stratum, text string }

// lead says in a sentence where the wave stands.
func (v waveView) lead() string {
	w := v.wave
	args := i18n.Args{"opens": v.when(w.Opens), "closes": v.when(w.Closes)}
	key := "lead." + string(w.State)
	switch {
	case w.State == wave.Scheduled && !v.now.Before(w.Closes):
		key = "lead.missed"
	case w.State == wave.Open && !w.Takes(v.now):
		key = "lead.closing"
	case w.State == wave.Closed && w.Report == "" && v.launch.Spent:
		key = "lead.too-few"
	case w.State == wave.Closed && w.Report == "":
		key = "lead.processing"
	case w.State == wave.Draft && len(wave.Blocking(v.ready)) == 0:
		key = "lead.ready"
	}
	return v.say.T(key, args)
}

// actions are the one next step, and what else can be done in this state.
func (v waveView) actions() []ui.Action {
	base, w := "/waves/"+v.wave.ID, v.wave
	next := func(key, place string) ui.Action {
		return ui.Action{Label: v.say.say(key), Href: base + place, Kind: ui.Next}
	}
	quiet := func(key, place string) ui.Action {
		return ui.Action{Label: v.say.say(key), Href: base + place, Kind: ui.Quiet}
	}
	report := ui.Action{Label: v.say.say("do.read"), Href: "/reports/" + w.Report, Kind: ui.Next}
	if !v.runs {
		if w.Report != "" && v.reads {
			return []ui.Action{report}
		}
		return nil
	}
	switch w.State {
	case wave.Draft:
		if blocking := wave.Blocking(v.ready); len(blocking) > 0 {
			return []ui.Action{next("do."+placeOf(blocking[0].Href), "/"+placeOf(blocking[0].Href))}
		}
		return []ui.Action{next("do.launch", "/launch")}
	case wave.Scheduled:
		if !v.now.Before(w.Closes) {
			return []ui.Action{next("do.extend", "/extend")}
		}
		out := []ui.Action{next("do.invitations", "/invitations"), quiet("do.open", "/open")}
		if w.Mode == wave.OpenLink {
			out = []ui.Action{next("do.open", "/open")}
		}
		return out
	case wave.Open:
		if w.Mode == wave.OpenLink {
			return []ui.Action{quiet("do.extend", "/extend"), quiet("do.close", "/close")}
		}
		return []ui.Action{next("do.remind", "/invitations"), quiet("do.extend", "/extend"), quiet("do.close", "/close")}
	case wave.Closed:
		if w.Report == "" && v.launch.Spent {
			return []ui.Action{next("do.again", "/again")}
		}
		if w.Report == "" {
			return nil
		}
		return []ui.Action{report, quiet("do.publish", "/publish"), quiet("do.again", "/again")}
	case wave.Published:
		return []ui.Action{next("do.again", "/again"), {Label: report.Label, Href: report.Href, Kind: ui.Quiet}}
	}
	return nil
}

// placeOf is the part of an address of a wave that says which of its pages it is: "people" of "/waves/x/people?y".
func placeOf(href string) string {
	parts := strings.Split(href, "/")
	if len(parts) < 4 {
		return "launch"
	}
	place, _, _ := strings.Cut(parts[3], "?")
	place, _, _ = strings.Cut(place, "#")
	switch place {
	case "questions", "people", "plan", "settings", "invitations":
		return place
	}
	return "launch"
}
