package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tekentafel/internal/db"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/tenant"
)

// trendWeeks is how many weeks a trend shows at most.
const trendWeeks = 26

// demandWeeks is of how many weeks, the newest first, demand is taken.
const demandWeeks = 8

// guarded returns a week as it may be shown with today's smallest group. Where that is larger than when the week was counted, departments and the rest go altogether, and every number
// that could be of fewer people: services need not add up to anything, so nothing can be taken from them.
func (w *Week) guarded(k int) tally.Week {
	out := w.Week
	if w.K >= k {
		return out
	}
	plain := func(u tally.Use) tally.Use {
		if u.Total.Low < k {
			return tally.Use{Service: u.Service}
		}
		u.Units, u.Rest = nil, tally.Count{}
		return u
	}
	out.Any, out.Used = plain(out.Any), nil
	for _, u := range w.Week.Used {
		if u = plain(u); u.Total.Shown() {
			out.Used = append(out.Used, u)
		}
	}
	if out.Other.Low < k {
		out.Other = tally.Count{}
	}
	return out
}

// shownOf reads weeks as they may be shown, the newest first.
func (d *Desk) shownOf(ctx context.Context, r db.Reader, until string, limit, k int) ([]tally.Week, error) {
	list, err := weeksUntil(ctx, r, until, limit)
	if err != nil {
		return nil, err
	}
	out := make([]tally.Week, len(list))
	for i := range list {
		out[i] = list[i].guarded(k)
	}
	return out, nil
}

// Demand is how many people of a department asked for AI services outside the offer, in the newest week in which the department is shown.
type Demand struct {
	Unit     string // as it is called in the personnel data or the table given with the log; "" for everyone
	Week     string // 2026-W48
	Any      tally.Count
	Services []ServiceDemand // most first
}

// ServiceDemand is the same for a service.
type ServiceDemand struct {
	ID, Name, Kind string
	Standing       services.Standing
	Count          tally.Count
}

// Demand returns the demand of everyone and of each department that is shown in one of the last weeks that were counted, most first. It is what the page shows, in another order, so
// that training and tasks can begin where a safe alternative is lacking.
func (d *Desk) Demand(ctx context.Context, t tenant.ID) ([]Demand, error) {
	r := d.DB.Of(t)
	k, err := d.groupSize(ctx, t)
	if err != nil {
		return nil, err
	}
	c, err := d.catalogue(ctx, r)
	if err != nil {
		return nil, err
	}
	weeks, err := d.shownOf(ctx, r, "", demandWeeks, k)
	if err != nil {
		return nil, err
	}
	var out []Demand
	seen := map[string]bool{}
	for i := range weeks {
		w := &weeks[i]
		add := func(unit string, any tally.Count) {
			if !any.Shown() || seen[unit] {
				return
			}
			seen[unit] = true
			x := Demand{Unit: unit, Week: w.Week, Any: any}
			for j := range w.Used {
				u := &w.Used[j]
				count := u.Total
				if unit != "" {
					count = ofUnit(u, unit)
				}
				if count.Shown() {
					s, _ := c.service(u.Service)
					x.Services = append(x.Services, ServiceDemand{u.Service, s.Name, s.Kind, c.standing(u.Service), count})
				}
			}
			slices.SortStableFunc(x.Services, func(a, b ServiceDemand) int { return cmp.Compare(b.Count.About, a.Count.About) })
			out = append(out, x)
		}
		add("", w.Any.Total)
		for _, u := range w.Any.Units {
			add(u.Unit, u.Count)
		}
	}
	slices.SortStableFunc(out, func(a, b Demand) int {
		if a.Unit == "" || b.Unit == "" {
			return cmp.Compare(a.Unit, b.Unit)
		}
		return cmp.Or(cmp.Compare(b.Any.About, a.Any.About), cmp.Compare(a.Unit, b.Unit))
	})
	return out, nil
}

// Weeks lists the weeks of which AI services outside the offer were counted and are shown, the newest first. How many people they hold, it does not tell.
func (d *Desk) Weeks(ctx context.Context, t tenant.ID) ([]string, error) {
	return weekNames(ctx, d.DB.Of(t))
}

// ofUnit is the part of a use that is of a department.
func ofUnit(u *tally.Use, unit string) tally.Count {
	for i := range u.Units {
		if u.Units[i].Unit == unit {
			return u.Units[i].Count
		}
	}
	return tally.Count{}
}

// weekOf names the week of a day as ISO 8601 does.
func weekOf(t time.Time) string {
	y, w := t.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}

// mondayOf returns the first day of a week, in UTC; ok is false for what is no week.
func mondayOf(week string) (time.Time, bool) {
	y, errY := strconv.Atoi(week[:min(4, len(week))])
	n, errN := strconv.Atoi(week[min(6, len(week)):])
	if len(week) != 8 || week[4:6] != "-W" || errY != nil || errN != nil || n < 1 || n > 53 {
		return time.Time{}, false
	}
	fourth := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC) // always in the first week
	first := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	return first.AddDate(0, 0, 7*(n-1)), true
}

func itoa(n int) string { return strconv.Itoa(n) }

// join writes weeks and the like in one line.
func join(list []string) string { return strings.Join(list, ", ") }

// logFormats names the formats of logs, each once.
func logFormats(list []logs.Report) string {
	var out []string
	for i := range list {
		if f := string(list[i].Format); !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return join(out)
}
