package privacy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/i18n"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/problem"
	"tekentafel/internal/tenant"
)

// batch is how many rows one transaction deletes: few enough that pages stay fast meanwhile.
const batch = 500

// pause lets others at the store between two batches.
const pause = 20 * time.Millisecond

// Retention knows the kinds of data and how long an organisation keeps each.
type Retention struct {
	db    *db.DB
	log   *audit.Log
	now   clock.Clock
	kinds []held.Kept
}

// NewRetention returns the retention of a store with the kinds that belong to no feature. Register brings the others.
func NewRetention(d *db.DB, log *audit.Log, now clock.Clock) *Retention {
	return &Retention{db: d, log: log, now: now, kinds: ownKinds()}
}

// Register makes kinds known, before anything else is done. A kind whose periods contradict each other, or whose name is
// taken, is a mistake in the program.
func (p *Retention) Register(kinds ...held.Kept) error {
	for _, k := range kinds {
		if k.Minimum < 0 || k.Minimum > k.Default || k.Default > k.Maximum {
			return fmt.Errorf("retention: %q stays %d days by default, which is not between %d and %d", k.Name, k.Default, k.Minimum, k.Maximum)
		}
		if _, taken := p.kind(k.Name); taken {
			return fmt.Errorf("retention: the kind %q is registered twice", k.Name)
		}
		p.kinds = append(p.kinds, k)
	}
	return nil
}

// Kinds lists the kinds, in the order in which they were registered.
func (p *Retention) Kinds() []held.Kept { return slices.Clone(p.kinds) }

func (p *Retention) kind(name string) (held.Kept, bool) {
	i := slices.IndexFunc(p.kinds, func(k held.Kept) bool { return k.Name == name })
	if i < 0 {
		return held.Kept{}, false
	}
	return p.kinds[i], true
}

// Days returns how many days an organisation keeps a kind, for a feature that tells people until when something is there.
func (p *Retention) Days(ctx context.Context, t tenant.ID, kind string) (int, error) {
	k, known := p.kind(kind)
	if !known {
		return 0, fmt.Errorf("retention: there is no kind %q", kind)
	}
	periods, err := readPeriods(ctx, p.db.Of(t))
	if err != nil {
		return 0, err
	}
	if d, set := periods[kind]; set {
		return within(k, d), nil
	}
	return k.Default, nil
}

// Forecast is what an organisation holds of a kind, and what would be deleted now: the dry run.
type Forecast struct {
	held.Kept
	Days   int       // the period of the organisation
	Own    bool      // it is not the usual one
	Rows   int       // in all
	Goes   int       // past the period
	Oldest time.Time // of the oldest row that ages; zero when there is none
}

// DryRun returns, for each kind, what Apply would delete if it ran now. It deletes nothing.
func (p *Retention) DryRun(ctx context.Context, t tenant.ID, actor access.Actor) ([]Forecast, error) {
	if err := allowed(actor, access.ReadRetention, t); err != nil {
		return nil, err
	}
	r := p.db.Of(t)
	periods, err := readPeriods(ctx, r)
	if err != nil {
		return nil, err
	}
	now := p.now()
	var list []Forecast
	for _, k := range p.kinds {
		f := Forecast{Kept: k, Days: k.Default}
		if days, set := periods[k.Name]; set {
			f.Days, f.Own = within(k, days), true
		}
		if f.Goes, f.Oldest, err = k.Count(ctx, r, before(now, f.Days)); err != nil {
			return nil, fmt.Errorf("retention: count %s: %w", k.Name, err)
		}
		if f.Rows, err = k.Held(ctx, r); err != nil {
			return nil, fmt.Errorf("retention: count %s: %w", k.Name, err)
		}
		list = append(list, f)
	}
	return list, nil
}

// before is the moment since which rows stay.
func before(now time.Time, days int) time.Time { return now.AddDate(0, 0, -days) }

// SetPeriods sets the periods of an organisation, in days by kind. A problem of kind Invalid with the field "days-<kind>"
// when one is outside what its kind allows; none is set then.
func (p *Retention) SetPeriods(ctx context.Context, t tenant.ID, actor access.Actor, days map[string]int) error {
	if err := allowed(actor, access.ChangeRetention, t); err != nil {
		return err
	}
	form := problem.Form{Bundle: locale()}
	for name, d := range days {
		k, known := p.kind(name)
		if !known {
			return problem.New(problem.NotFound, locale(), "problem.kind", nil)
		}
		if d < k.Minimum || d > k.Maximum {
			form.Wrong(periodField(name), "problem.period", i18n.Args{"least": strconv.Itoa(k.Minimum), "most": strconv.Itoa(k.Maximum)})
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	return p.db.Write(ctx, t, func(s *db.Scope) error {
		had, err := readPeriods(ctx, s.Reader)
		if err != nil {
			return err
		}
		for _, k := range p.kinds {
			d, given := days[k.Name]
			was, set := had[k.Name]
			if !set {
				was = k.Default
			}
			if !given || d == was {
				continue
			}
			if err := writePeriod(ctx, s, k.Name, d, p.now()); err != nil {
				return err
			}
			err := p.log.Record(ctx, s, actor, audit.Entry{
				Action: "retention.changed", Subject: k.Name, Detail: map[string]string{"from": strconv.Itoa(was), "to": strconv.Itoa(d)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// periodField names the field of a period in a form.
func periodField(kind string) string { return "days-" + kind }

// Deleted is how many rows of a kind were deleted.
type Deleted struct {
	Kind string
	Rows int
}

// Apply deletes what is past its period in an organisation, kind by kind in small batches, each with its line in the audit
// log. When ctx ends it stops between two batches: what was deleted stays deleted, and the next run does the rest.
func (p *Retention) Apply(ctx context.Context, t tenant.ID, actor access.Actor) ([]Deleted, error) {
	if err := allowed(actor, access.ChangeRetention, t); err != nil {
		return nil, err
	}
	periods, err := readPeriods(ctx, p.db.Of(t))
	if err != nil {
		return nil, err
	}
	now := p.now()
	var list []Deleted
	for _, k := range p.kinds {
		days := k.Default
		if d, set := periods[k.Name]; set {
			days = within(k, d)
		}
		n, err := p.applyKind(ctx, t, actor, k, days, now)
		if n > 0 {
			list = append(list, Deleted{Kind: k.Name, Rows: n})
		}
		if err != nil {
			return list, fmt.Errorf("retention: delete %s: %w", k.Name, err)
		}
	}
	return list, nil
}

func (p *Retention) applyKind(ctx context.Context, t tenant.ID, actor access.Actor, k held.Kept, days int, now time.Time) (total int, err error) {
	for {
		n := 0
		err := p.db.Write(ctx, t, func(s *db.Scope) (err error) {
			if n, err = k.Delete(ctx, s, before(now, days), batch); err != nil || n == 0 {
				return err
			}
			return p.log.Record(ctx, s, actor, audit.Entry{
				Action: "retention.applied", Subject: k.Name, Detail: map[string]string{"rows": strconv.Itoa(n), "days": strconv.Itoa(days)},
			})
		})
		if err != nil {
			return total, err
		}
		total += n
		if n < batch {
			return total, nil
		}
		if err := clock.Wait(ctx, pause); err != nil {
			return total, err
		}
	}
}

// within holds a stored period to what its kind allows now.
func within(k held.Kept, days int) int { return min(max(days, k.Minimum), k.Maximum) }

func allowed(actor access.Actor, action access.Action, t tenant.ID) error {
	if access.Can(actor, action, access.Resource{Tenant: t}) {
		return nil
	}
	return problem.New(problem.Forbidden, locale(), "problem.forbidden", nil)
}
