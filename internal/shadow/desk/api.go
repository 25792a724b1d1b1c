package desk

import (
	"context"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tekentafel/internal/access"
	"tekentafel/internal/api"
	"tekentafel/internal/asked"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
)

// NumberView is a number of people as scripts see it: the true one lies from low to high.
type NumberView struct {
	About int `json:"about" doc:"Rounded to a multiple of five."`
	Low   int `json:"low"`
	High  int `json:"high"`
}

// UnitView is a department with its people.
type UnitView struct {
	Unit   string     `json:"unit"`
	People NumberView `json:"people"`
}

// UseView is the use of a service in a week.
type UseView struct {
	Service  string      `json:"service,omitempty" doc:"Its id in the list; absent for any service that is AI alone."`
	Name     string      `json:"name,omitempty"`
	Kind     string      `json:"kind,omitempty"`
	Standing string      `json:"standing,omitempty" enum:"unknown,allowed,refused"`
	People   *NumberView `json:"people,omitempty" doc:"Absent when they are fewer than the smallest group."`
	Units    []UnitView  `json:"units,omitempty" doc:"Departments that are large enough."`
	Rest     *NumberView `json:"rest,omitempty" doc:"Everyone of no department that is shown."`
	Refused  bool        `json:"refused,omitempty" doc:"Most visits were refused by the proxy."`
	Traffic  int         `json:"traffic,omitempty" doc:"Bytes as a power of ten, rounded down."`
}

// WeekView is what is shown of a week.
type WeekView struct {
	Week  string      `json:"week" doc:"ISO 8601: 2026-W48."`
	Days  int         `json:"days" doc:"Of its seven days, those on which the logs have any line."`
	Basis string      `json:"basis" enum:"users,addresses,both,given"`
	Any   UseView     `json:"any"`
	Used  []UseView   `json:"used"`
	Other *NumberView `json:"other,omitempty" doc:"People of the services that are not named."`
}

func numberView(c tally.Count) *NumberView {
	if !c.Shown() {
		return nil
	}
	return &NumberView{c.About, c.Low, c.High}
}

func useView(c *catalogue, u *tally.Use) UseView {
	v := UseView{Service: u.Service, People: numberView(u.Total), Rest: numberView(u.Rest), Refused: u.Refused, Traffic: u.Traffic}
	if u.Service != "" {
		s, _ := c.service(u.Service)
		v.Name, v.Kind, v.Standing = s.Name, s.Kind, string(c.standing(u.Service))
	}
	for _, x := range u.Units {
		v.Units = append(v.Units, UnitView{x.Unit, *numberView(x.Count)})
	}
	return v
}

// weekViews are weeks as scripts and the export see them.
func weekViews(c *catalogue, weeks []tally.Week) []WeekView {
	out := []WeekView{}
	for i := range weeks {
		w := &weeks[i]
		v := WeekView{Week: w.Week, Days: w.Days, Basis: string(w.Basis), Any: useView(c, &w.Any), Used: []UseView{}, Other: numberView(w.Other)}
		for j := range w.Used {
			v.Used = append(v.Used, useView(c, &w.Used[j]))
		}
		out = append(out, v)
	}
	return out
}

// LogView is what became of a log.
type LogView struct {
	Format  string     `json:"format"`
	Bytes   int64      `json:"bytes" doc:"After unpacking."`
	Lines   int64      `json:"lines"`
	Records int64      `json:"records" doc:"Lines that were understood as visits."`
	Bad     int64      `json:"bad" doc:"Lines that were not understood."`
	Places  []BadPlace `json:"places,omitempty" doc:"The first of them, without what they hold."`
}

// BadPlace is where a line was not understood.
type BadPlace struct {
	Line   int64  `json:"line"`
	Reason string `json:"reason" enum:"long,fields,quote,time,address,host"`
}

// CountView is a count as scripts see it.
type CountView struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Account string    `json:"account,omitempty" doc:"Who had it done; absent when they were erased."`
	Weeks   []string  `json:"weeks" doc:"That it has shown."`
	Before  []string  `json:"before,omitempty" doc:"That an earlier count has shown: each week is counted once."`
	Running []string  `json:"running,omitempty" doc:"That were not over yet; they stay open."`
	Thin    []string  `json:"thin,omitempty" doc:"Of which too few days were in the logs; they stay open."`
	Logs    []LogView `json:"logs"`
}

func viewOf(c *Count) CountView {
	v := CountView{ID: c.ID, At: c.At, Account: c.Account, Weeks: c.Weeks, Before: c.Before, Running: c.Running, Thin: c.Thin, Logs: []LogView{}}
	for i := range c.Logs {
		l := &c.Logs[i]
		x := LogView{Format: string(l.Format), Bytes: l.Bytes, Lines: l.Lines, Records: l.Records, Bad: l.Bad}
		for _, p := range l.Places {
			x.Places = append(x.Places, BadPlace{p.Line, string(p.Reason)})
		}
		v.Logs = append(v.Logs, x)
	}
	return v
}

// ServiceView is a service that is recognised.
type ServiceView struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Maker    string   `json:"maker"`
	Country  string   `json:"country,omitempty" doc:"Of the maker's seat, where it is sure."`
	Kind     string   `json:"kind"`
	Mixed    bool     `json:"mixed,omitempty" doc:"Its hosts serve more than AI; it does not count in any."`
	Domains  []string `json:"domains"`
	Own      bool     `json:"own,omitempty" doc:"The organisation added it."`
	Standing string   `json:"standing" enum:"unknown,allowed,refused"`
	Offer    string   `json:"offer,omitempty" doc:"What the organisation offers instead."`
	Version  int64    `json:"version" doc:"Of what the organisation says; 0 when it says nothing."`
}

// DemandView is the demand of everyone or of a department.
type DemandView struct {
	Unit     string              `json:"unit,omitempty" doc:"Absent for everyone."`
	Week     string              `json:"week"`
	People   NumberView          `json:"people"`
	Services []ServiceDemandView `json:"services"`
}

// ServiceDemandView is the same for a service.
type ServiceDemandView struct {
	Service  string     `json:"service"`
	Name     string     `json:"name"`
	Kind     string     `json:"kind"`
	Standing string     `json:"standing" enum:"unknown,allowed,refused"`
	People   NumberView `json:"people"`
}

type (
	nothing struct{}
	oneID   struct {
		ID string `path:"id"`
	}
	weeksRequest struct {
		Until string `query:"until" maxLength:"8" doc:"The last week, such as 2026-W48; absent: the newest."`
		Limit int    `query:"limit" minimum:"1" maximum:"520" default:"26"`
	}
	countsRequest struct {
		Before time.Time `query:"before" doc:"Only counts before this moment: the at of the last of the page before."`
		Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	// countRequest is read as it comes in: neither the library nor this program keeps a file of it.
	countRequest struct {
		Key     string `header:"Idempotency-Key" maxLength:"64"`
		Type    string `header:"Content-Type" doc:"multipart/form-data with, in this order, options by the names of the query, a file departments, and files log; anything else is taken as one log."`
		Format  string `query:"format" enum:"squid,squid-combined,dnsmasq,zscaler,panos,defender,generic" doc:"Of a body that is one log; absent: it is recognised."`
		People  bool   `query:"people" doc:"Departments come from the personnel data. Of a body that is one log."`
		Thin    bool   `query:"thin" doc:"Count weeks of which few days are in the log too. Of a body that is one log."`
		Time    string `query:"time" doc:"Column of a table: its heading, or its number as #3."`
		User    string `query:"user"`
		Address string `query:"address"`
		Host    string `query:"host"`
		App     string `query:"app"`
		body    io.Reader
	}
	ruleRequest struct {
		ID   string `path:"id"`
		Body struct {
			Version  int64  `json:"version" minimum:"0" doc:"As it was read with the service: what others changed since is not overwritten."`
			Standing string `json:"standing" enum:"unknown,allowed,refused"`
			Offer    string `json:"offer,omitempty" maxLength:"1000"`
		}
	}
	body[T any]  struct{ Body T }
	items[T any] struct {
		Items []T `json:"items"`
	}
)

// Resolve implements huma.Resolver: it takes the body as it comes in.
func (in *countRequest) Resolve(ctx huma.Context) []error {
	in.body = ctx.BodyReader()
	return nil
}

// API registers the operations.
func (d *Desk) API(a *api.API) {
	about := func(id, summary string, action access.Action) api.About {
		return api.About{ID: id, Summary: summary, Tag: "shadow", Action: action}
	}
	api.Get(a, "/shadow/weeks", about("list-shadow-weeks", "List what AI services were asked for outside the offer, by week, the newest first.", reads), d.apiWeeks)
	api.Get(a, "/shadow/demand", about("list-shadow-demand", "Tell how many people of each department asked for AI services outside the offer.", reads), d.apiDemand)
	api.Get(a, "/shadow/services", about("list-shadow-services", "List the AI services that are recognised, and what the organisation says about them.", reads), d.apiServices)
	api.Put(a, "/shadow/services/{id}/rule", about("set-shadow-rule", "Say where a service stands and what is offered instead.", counts), d.apiRule)
	api.Get(a, "/shadow/counts", about("list-shadow-counts", "List the counts, the newest first.", reads), d.apiCounts)
	api.Get(a, "/shadow/counts/{id}", about("get-shadow-count", "Tell what became of the logs of a count.", reads), d.apiCount)
	count := about("count-shadow-logs", "Read logs as they come in and keep numbers of groups alone. Give the logs of a whole week in one request: a week is counted once.", counts)
	count.Body, count.Slow, count.Status = d.MaxUpload, true, 201
	api.Post(a, "/shadow/counts", count, d.apiAdd)
	api.Delete(a, "/shadow/counts/{id}", about("delete-shadow-count", "Delete a count and what it has shown. Its weeks are not counted again.", counts), d.apiDelete)
}

func (d *Desk) apiWeeks(ctx context.Context, c api.Caller, in *weeksRequest) (*body[items[WeekView]], error) {
	if err := d.mayRead(ctx, c.Actor); err != nil {
		return nil, err
	}
	r := d.DB.Of(c.Actor.Tenant)
	k, err := d.groupSize(ctx, c.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	list, err := d.catalogue(ctx, r)
	if err != nil {
		return nil, err
	}
	weeks, err := d.shownOf(ctx, r, in.Until, in.Limit, k)
	return &body[items[WeekView]]{items[WeekView]{weekViews(list, weeks)}}, err
}

func (d *Desk) apiDemand(ctx context.Context, c api.Caller, _ *nothing) (*body[items[DemandView]], error) {
	if err := d.mayRead(ctx, c.Actor); err != nil {
		return nil, err
	}
	list, err := d.Demand(ctx, c.Actor.Tenant)
	out := []DemandView{}
	for i := range list {
		v := DemandView{Unit: list[i].Unit, Week: list[i].Week, People: *numberView(list[i].Any), Services: []ServiceDemandView{}}
		for _, s := range list[i].Services {
			v.Services = append(v.Services, ServiceDemandView{s.ID, s.Name, s.Kind, string(s.Standing), *numberView(s.Count)})
		}
		out = append(out, v)
	}
	return &body[items[DemandView]]{items[DemandView]{out}}, err
}

func serviceViewOf(c *catalogue, s *services.Service) ServiceView {
	return ServiceView{ID: s.ID, Name: s.Name, Maker: s.Maker, Country: s.Country, Kind: s.Kind, Mixed: s.Mixed, Domains: s.Domains, Own: s.Source == services.OwnSource,
		Standing: string(c.standing(s.ID)), Offer: c.rules[s.ID].Offer, Version: c.rules[s.ID].Version}
}

func (d *Desk) apiServices(ctx context.Context, c api.Caller, _ *nothing) (*body[items[ServiceView]], error) {
	if err := d.mayRead(ctx, c.Actor); err != nil {
		return nil, err
	}
	list, err := d.catalogue(ctx, d.DB.Of(c.Actor.Tenant))
	if err != nil {
		return nil, err
	}
	out := []ServiceView{}
	for i := range list.Services {
		out = append(out, serviceViewOf(list, &list.Services[i]))
	}
	return &body[items[ServiceView]]{items[ServiceView]{out}}, nil
}

func (d *Desk) apiRule(ctx context.Context, c api.Caller, in *ruleRequest) (*body[ServiceView], error) {
	if err := d.SetRule(ctx, c.Actor, in.ID, in.Body.Version, services.Standing(in.Body.Standing), strings.TrimSpace(in.Body.Offer)); err != nil {
		return nil, err
	}
	list, err := d.catalogue(ctx, d.DB.Of(c.Actor.Tenant))
	if err != nil {
		return nil, err
	}
	s, _ := list.service(in.ID)
	return &body[ServiceView]{serviceViewOf(list, &s)}, nil
}

func (d *Desk) apiCounts(ctx context.Context, c api.Caller, in *countsRequest) (*body[items[CountView]], error) {
	if err := d.mayRead(ctx, c.Actor); err != nil {
		return nil, err
	}
	if in.Before.IsZero() {
		in.Before = d.Now().Add(time.Minute)
	}
	list, err := countsBefore(ctx, d.DB.Of(c.Actor.Tenant), in.Before, in.Limit)
	out := []CountView{}
	for i := range list {
		out = append(out, viewOf(&list[i]))
	}
	return &body[items[CountView]]{items[CountView]{out}}, err
}

func (d *Desk) apiCount(ctx context.Context, c api.Caller, in *oneID) (*body[CountView], error) {
	if err := d.mayRead(ctx, c.Actor); err != nil {
		return nil, err
	}
	x, err := countOf(ctx, d.DB.Of(c.Actor.Tenant), in.ID)
	return &body[CountView]{viewOf(&x)}, err
}

func (d *Desk) apiAdd(ctx context.Context, c api.Caller, in *countRequest) (*body[CountView], error) {
	ask := c.Asked(in.Key, "count")
	var parts Parts
	if strings.HasPrefix(strings.ToLower(in.Type), "multipart/") {
		up, err := newUpload(in.body, in.Type, func(url.Values) asked.Request { return ask })
		if err != nil {
			return nil, err
		}
		parts = up
	} else {
		parts = Together(How{Format: logs.Format(in.Format), People: in.People, Thin: in.Thin, Asked: ask,
			Columns: logs.Columns{Time: in.Time, User: in.User, Address: in.Address, Host: in.Host, App: in.App}}, Part{Reader: in.body})
	}
	x, err := d.Count(ctx, c.Actor, parts)
	if err != nil {
		return nil, err
	}
	return &body[CountView]{viewOf(&x)}, nil
}

func (d *Desk) apiDelete(ctx context.Context, c api.Caller, in *oneID) (*struct{}, error) {
	return nil, d.Delete(ctx, c.Actor, in.ID)
}
