package desk

import (
	"context"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/survey/monitor"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// Ranks of tasks, as web.Task has them.
const (
	rankMissed  = 10
	rankInvited = 15
	rankRead    = 18 // before the report's own task to publish it
	rankLow     = 20
	rankFailed  = 25
	rankLaunch  = 30
	rankFirst   = 34
)

const (
	soon    = 4 * 24 * time.Hour // before its end, a wave with few people is worth a look
	lowRate = 0.5                // of those on the list
)

// Tasks says what waits for a person here.
func (d *Desk) Tasks(ctx context.Context, r *web.Request) ([]web.Task, error) {
	w := in(r.Lang)
	out, err := d.invited(ctx, r, w)
	if err != nil || !r.Can(access.RunWave) {
		return out, err
	}
	waves, err := d.Waves.Waves(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	if len(waves) == 0 {
		return append(out, web.Task{Title: w.say("task.first"), Text: w.say("task.first-text"), Href: "/waves/new", Label: w.say("list.new"), Tag: w.say("task.tag"),
			Rank: rankFirst, Tone: ui.Info}), nil
	}
	for i := range waves {
		t, is, err := d.taskOf(ctx, r, &waves[i], w)
		if err != nil {
			return nil, err
		}
		if is {
			t.Tag = w.say("task.tag")
			out = append(out, t)
		}
	}
	return out, nil
}

// invited are the open waves that a person is asked to take part in and has not.
func (d *Desk) invited(ctx context.Context, r *web.Request, w words) ([]web.Task, error) {
	var out []web.Task
	err := invitations(ctx, d.DB.Of(r.Actor.Tenant), r.Actor.Owner, func(v *wave.Wave) {
		if v.Takes(d.Now()) {
			out = append(out, web.Task{Title: w.T("task.invited", i18n.Args{"title": v.Title}), Text: w.T("task.invited-text", i18n.Args{"closes": w.Date(r.Local(v.Closes))}),
				Href: "/w/" + v.Code, Label: w.say("task.invited-do"), Tag: w.say("task.tag"), Rank: rankInvited, Tone: ui.Warning})
		}
	})
	return out, err
}

// invitations calls each for the open waves of which an account is in the frame and has not taken part.
func invitations(ctx context.Context, r db.Reader, account string, each func(*wave.Wave)) error {
	var ids []string
	err := r.Rows(ctx, `SELECT p.wave_id FROM wave_people p JOIN waves w ON w.tenant_id = p.tenant_id AND w.id = p.wave_id
WHERE p.tenant_id = $1 AND p.account_id = $2 AND p.account_id <> '' AND NOT p.taken AND w.state = 'open' AND p.invitation <> 'refused' ORDER BY w.closes_at`,
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			ids = append(ids, id)
			return err
		}, account)
	if err != nil {
		return err
	}
	for _, id := range ids {
		w, err := wave.One(ctx, r, id)
		if err != nil {
			return err
		}
		each(&w)
	}
	return nil
}

// taskOf is what waits in one wave for who runs it.
func (d *Desk) taskOf(ctx context.Context, r *web.Request, v *wave.Wave, w words) (web.Task, bool, error) {
	args := i18n.Args{"title": v.Title, "closes": w.Date(r.Local(v.Closes))}
	task := func(key, href string, rank int, tone ui.Tone) web.Task {
		return web.Task{Title: w.T("task."+key, args), Text: w.T("task."+key+"-text", args), Href: href, Label: w.say("task." + key + "-do"), Rank: rank, Tone: tone}
	}
	base := "/waves/" + v.ID
	switch v.State {
	case wave.Draft:
		ready, err := d.Waves.Ready(ctx, r.Actor, v.ID)
		if err != nil {
			return web.Task{}, false, err
		}
		if n := len(wave.Blocking(ready)); n > 0 {
			args["n"] = w.Int(n)
			return task("draft", base, rankLaunch+1, ui.Info), true, nil
		}
		return task("launch", base+"/launch", rankLaunch, ui.Warning), true, nil
	case wave.Scheduled:
		return task("missed", base+"/extend", rankMissed, ui.Failure), !d.Now().Before(v.Closes), nil
	case wave.Open:
		return d.low(ctx, r, v, w, args, func() web.Task { return task("low", base, rankLow, ui.Warning) })
	case wave.Closed:
		if v.Report == "" {
			l, err := wave.LaunchOf(ctx, d.DB.Of(r.Actor.Tenant), v.ID)
			return task("failed", base, rankFailed, ui.Info), err == nil && !l.Spent, err
		}
		t := task("read", base, rankRead, ui.Warning)
		t.About = "/reports/" + v.Report
		return t, true, nil
	case wave.Published:
	}
	return web.Task{}, false, nil
}

// low tells whether a wave closes soon with few people.
func (d *Desk) low(ctx context.Context, r *web.Request, v *wave.Wave, w words, args i18n.Args, task func() web.Task) (web.Task, bool, error) {
	if v.Mode == wave.OpenLink || v.Closes.Sub(d.Now()) > soon {
		return web.Task{}, false, nil
	}
	releases, err := monitor.Releases(ctx, d.DB.Of(r.Actor.Tenant), v.ID)
	if err != nil || len(releases) == 0 {
		return web.Task{}, false, err
	}
	last := releases[len(releases)-1]
	args["range"], args["n"] = w.span(last.Taken), w.Int(last.People)
	return task(), last.Taken.Middle() < lowRate*float64(last.People), nil
}

// Offers says what a person can do here at any time.
func (d *Desk) Offers(r *web.Request) []ui.Tile {
	if !r.Can(access.ReadWave) {
		return nil
	}
	w := in(r.Lang)
	return []ui.Tile{{Title: w.say("waves"), Href: "/waves", Text: w.say("task.offer")}}
}
