package desk

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/id"
	"tekentafel/internal/problem"
	"tekentafel/internal/shadow"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/tenant"
)

// fewestDays is how many days of a week must have lines for the week to be counted, unless somebody wants it as it is: a week is counted once.
const fewestDays = 5

// mostReadings bounds how many readings run at once in this program: each may hold some hundreds of MB.
const mostReadings = 2

// How is how logs are to be read.
type How struct {
	Format  logs.Format // "" recognises it
	Columns logs.Columns
	People  bool // departments come from the personnel data, unless a table is given
	Thin    bool // also weeks of which few days are in the logs
	Asked   asked.Request
}

// Part is a log, or the table of departments, as it comes in.
type Part struct {
	Departments bool
	io.Reader
}

// Parts gives one part after another, io.EOF at the end. A part ends when the next is asked for. Where one stands the options of How are known.
type Parts interface {
	Next() (Part, How, error)
}

// job is a reading that runs.
type job struct {
	account string
	began   time.Time
	stop    context.CancelCauseFunc
	reading *shadow.Reading
}

// errStopped is why a reading ends that somebody stopped.
var errStopped = errors.New("somebody stopped it")

// reading is what one Count is doing.
type reading struct {
	d         *Desk
	actor     access.Actor
	k         int
	catalogue *catalogue
	units     tally.Units
	how       How
	facts     Facts
	r         *shadow.Reading
	job       *job
}

// Count reads logs to their end, keeps what may be shown of the weeks that were not shown before, and returns the count. Nothing of the logs is written anywhere, and a reading that
// fails or is stopped leaves nothing.
func (d *Desk) Count(ctx context.Context, actor access.Actor, parts Parts) (Count, error) {
	if err := allow(actor, counts); err != nil {
		return Count{}, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	x := &reading{d: d, actor: actor, job: &job{account: actor.Owner, began: d.Now(), stop: stop}}
	if err := d.begin(actor.Tenant, x.job); err != nil {
		return Count{}, err
	}
	defer d.end(actor.Tenant)
	c, err := x.count(ctx, parts)
	if x.r != nil {
		x.r.Discard()
	}
	if errors.Is(context.Cause(ctx), errStopped) {
		return Count{}, refuse(problem.Conflict, "error.stopped", nil)
	}
	return c, err
}

func (x *reading) count(ctx context.Context, parts Parts) (Count, error) {
	reader := x.d.DB.Of(x.actor.Tenant)
	var err error
	if x.k, err = x.d.groupSize(ctx, x.actor.Tenant); err != nil {
		return Count{}, err
	}
	if x.catalogue, err = x.d.catalogue(ctx, reader); err != nil {
		return Count{}, err
	}
	for {
		var part Part
		var how How
		part, how, err = parts.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			x.how = how
			err = x.take(ctx, part)
		}
		if err != nil {
			return Count{}, err
		}
	}
	if x.r == nil {
		return Count{}, wrong("log", "error.no-log", nil)
	}
	shown, err := shownWeeks(ctx, reader)
	if err != nil {
		return Count{}, err
	}
	skip := x.skips(shown)
	outcome, err := x.r.Close(func(week string) bool { return skip[week] })
	if err != nil {
		return Count{}, explain(err)
	}
	x.facts.Logs, x.facts.K, x.facts.Compiled, x.facts.Own = outcome.Logs, outcome.Result.K, outcome.Result.Compiled, x.catalogue.own
	return x.keep(ctx, outcome.Result.Weeks)
}

// take reads a part.
func (x *reading) take(ctx context.Context, part Part) error {
	if part.Departments {
		return x.takeDepartments(part)
	}
	if x.r == nil {
		if err := x.open(ctx); err != nil {
			return err
		}
	}
	src, err := known(part)
	if err != nil {
		return err
	}
	_, err = x.r.Add(ctx, src, x.how.Format, x.how.Columns)
	if err != nil && context.Cause(ctx) != nil {
		return context.Cause(ctx)
	}
	return explain(err)
}

func (x *reading) takeDepartments(part Part) error {
	if x.r != nil {
		return wrong("departments", "error.departments-late", nil)
	}
	m, err := tally.ParseMapping(part)
	if err != nil {
		if errors.Is(err, tally.ErrMapping) {
			return wrong("departments", "error.departments", nil)
		}
		return explain(err)
	}
	x.units, x.facts.Units, x.facts.Unread = m, "file", m.Bad
	return nil
}

// open begins the reading, once it is known who belongs where.
func (x *reading) open(ctx context.Context) error {
	d := x.d
	if x.units == nil && x.how.People && d.Departments != nil {
		units, err := d.Departments.Units(ctx, x.actor.Tenant)
		if err != nil {
			return err
		}
		if units != nil {
			x.units, x.facts.Units = units, "people"
		}
	}
	before, err := weeksUntil(ctx, d.DB.Of(x.actor.Tenant), "", trendWeeks)
	if err != nil {
		return err
	}
	r, err := shadow.Begin(shadow.Options{Services: services.NewMatcher(x.catalogue.List), Units: x.units, Zone: d.Zone, Now: d.Now(), K: x.k, Last: lastOf(before)})
	if err != nil {
		return err
	}
	d.mu.Lock()
	x.r, x.job.reading = r, r
	d.mu.Unlock()
	return nil
}

// lastOf tells what was shown last in a place.
func lastOf(weeks []Week) func(tally.Place) (tally.Count, bool) {
	last := map[tally.Place]tally.Count{}
	put := func(p tally.Place, c tally.Count) {
		if _, ok := last[p]; !ok && c.Shown() {
			last[p] = c
		}
	}
	for i := range weeks { // the newest first
		w := &weeks[i].Week
		put(tally.Place{Part: tally.Folded}, w.Other)
		for _, use := range append([]tally.Use{w.Any}, w.Used...) {
			put(tally.Place{Service: use.Service}, use.Total)
			put(tally.Place{Service: use.Service, Part: tally.Rest}, use.Rest)
			for _, u := range use.Units {
				put(tally.Place{Service: use.Service, Part: tally.OfUnit, Unit: u.Unit}, u.Count)
			}
		}
	}
	return func(p tally.Place) (tally.Count, bool) { c, ok := last[p]; return c, ok }
}

// skips returns the weeks that are left out, and notes why. Counts of another product come for the week in which a service was last seen, whatever day that was.
func (x *reading) skips(shown map[string]bool) map[string]bool {
	skip := map[string]bool{}
	today := weekOf(x.d.Now().In(x.d.Zone))
	given := x.r.Given()
	for week, days := range x.r.Weeks() {
		switch {
		case shown[week]:
			x.facts.Before = append(x.facts.Before, week)
		case week >= today && !given:
			x.facts.Running = append(x.facts.Running, week)
		case days < fewestDays && !x.how.Thin && !given:
			x.facts.Thin = append(x.facts.Thin, week)
		default:
			continue
		}
		skip[week] = true
	}
	slices.Sort(x.facts.Before)
	slices.Sort(x.facts.Running)
	slices.Sort(x.facts.Thin)
	return skip
}

// keep writes what is shown. A week that another reading has shown meanwhile is left out.
func (x *reading) keep(ctx context.Context, weeks []tally.Week) (Count, error) {
	d := x.d
	c := Count{ID: id.New(d.Now()), At: d.Now(), Account: x.actor.Owner}
	err := d.DB.Write(ctx, x.actor.Tenant, func(s *db.Scope) error {
		var err error
		c, err = asked.Once(ctx, s, d.Now, x.how.Asked, func() (Count, error) {
			made := c
			made.Facts = x.facts
			made.Weeks, made.Before = nil, slices.Clone(x.facts.Before)
			for i := range weeks {
				mine, err := claimWeek(ctx, s, &Week{Count: made.ID, K: x.facts.K, Week: weeks[i]})
				if err != nil {
					return made, err
				}
				if mine {
					made.Weeks = append(made.Weeks, weeks[i].Week)
				} else {
					made.Before = append(made.Before, weeks[i].Week)
				}
			}
			slices.Sort(made.Before)
			if len(made.Weeks) == 0 {
				return made, nothingNew(&made.Facts)
			}
			if err := insertCount(ctx, s, &made); err != nil {
				return made, err
			}
			return made, d.Audit.Record(ctx, s, x.actor, audit.Entry{Action: "shadow.counted", Subject: made.ID, Detail: map[string]string{"weeks": join(made.Weeks), "logs": logFormats(made.Logs)}})
		})
		return err
	})
	return c, err
}

// nothingNew says why no week is shown.
func nothingNew(f *Facts) error {
	switch {
	case len(f.Before) > 0:
		return wrong("log", "error.weeks-before", args("weeks", join(f.Before)))
	case len(f.Thin) > 0:
		return wrong("log", "error.weeks-thin", args("weeks", join(f.Thin)))
	case len(f.Running) > 0:
		return wrong("log", "error.weeks-running", args("weeks", join(f.Running)))
	default:
		return wrong("log", "error.no-lines", nil)
	}
}

// begin takes the place of a reading.
func (d *Desk) begin(t tenant.ID, j *job) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running[t] != nil || len(d.running) >= mostReadings {
		return refuse(problem.Conflict, "error.busy", nil)
	}
	d.running[t] = j
	return nil
}

func (d *Desk) end(t tenant.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.running, t)
}

// Running is a reading that runs in this program.
type Running struct {
	Account  string
	Began    time.Time
	Progress shadow.Progress
}

// Reading returns the reading of an organisation that runs in this program; ok is false when there is none.
func (d *Desk) Reading(t tenant.ID) (r Running, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.running[t]
	if j == nil {
		return Running{}, false
	}
	r = Running{Account: j.account, Began: j.began}
	if j.reading != nil {
		r.Progress = j.reading.Progress()
	}
	return r, true
}

// Stop stops the reading of an organisation. Nothing of it remains. It tells whether one ran.
func (d *Desk) Stop(actor access.Actor) (bool, error) {
	if err := allow(actor, counts); err != nil {
		return false, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	j := d.running[actor.Tenant]
	if j != nil {
		j.stop(errStopped)
	}
	return j != nil, nil
}

// Delete deletes a count and what it has shown. Its weeks are not counted again.
func (d *Desk) Delete(ctx context.Context, actor access.Actor, count string) error {
	if err := allow(actor, counts); err != nil {
		return err
	}
	return d.DB.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		ok, err := deleteCount(ctx, s, count)
		if err == nil && !ok {
			err = db.ErrNoRow
		}
		if err != nil {
			return err
		}
		return d.Audit.Record(ctx, s, actor, audit.Entry{Action: "shadow.deleted", Subject: count})
	})
}

// Publish shows everything to all staff, or no longer.
func (d *Desk) Publish(ctx context.Context, actor access.Actor, on bool) error {
	if err := allow(actor, counts); err != nil {
		return err
	}
	return d.DB.Write(ctx, actor.Tenant, func(s *db.Scope) error {
		changed, err := setPublished(ctx, s, on, publication{actor.Owner, d.Now()})
		if err != nil || !changed {
			return err
		}
		action := "shadow.published"
		if !on {
			action = "shadow.withdrawn"
		}
		return d.Audit.Record(ctx, s, actor, audit.Entry{Action: action})
	})
}
