package command

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/shadow"
	"tekentafel/internal/shadow/desk"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/services"
	"tekentafel/internal/shadow/tally"
)

// shadowCommand gathers what concerns AI services outside the offer.
type shadowCommand struct {
	Count shadowCountCommand `cmd:"" help:"Count which AI services people asked for in logs of a proxy, firewall or name server, by groups of at least k people, as JSON."`
}

// shadowCountCommand reads logs and prints numbers of groups. It needs no installation and keeps nothing.
type shadowCountCommand struct {
	Logs        []string `arg:"" help:"Logs that are counted together, also packed with gzip; - reads standard input. Give whole weeks at once."`
	Departments string   `placeholder:"FILE" help:"Table of two columns: a user, an address or a range of addresses, and the department."`
	Format      string   `placeholder:"NAME" help:"squid, squid-combined, dnsmasq, zscaler, panos or defender; recognised when not given."`
	Zone        string   `default:"Europe/Brussels" help:"Time zone in which days and weeks begin, and of times that name none."`
	K           int      `name:"k" default:"10" help:"People of the smallest group that is shown; at least 5."`
	Services    string   `placeholder:"FILE" help:"List of services instead of the one that comes with the product."`
}

// Help says what one must not do with what comes out.
func (*shadowCountCommand) Help() string {
	return "Do not publish two counts of the same week: a line more or less would give somebody away. The server watches over that; this command keeps nothing and cannot."
}

// Run reads the logs and prints what may be shown.
func (c *shadowCountCommand) Run(ctx context.Context, s *Streams) error {
	o, list, err := c.options()
	if err != nil {
		return err
	}
	reading, err := shadow.Begin(o)
	if err != nil {
		return err
	}
	defer reading.Discard()
	p := newProgress(s.Err)
	defer p.clear()
	for _, name := range c.Logs {
		p.step(fmt.Sprintf("%s, after %d MB", name, reading.Progress().Bytes/1_000_000), 0, 0)
		if err := c.add(ctx, s, reading, name); err != nil {
			return err
		}
	}
	p.clear()
	out, err := reading.Close(nil)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(desk.View(out, list), "", "  ")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.Out, "%s\n", text); err != nil {
		return notWritten(err)
	}
	return nil
}

// options are those of the reading.
func (c *shadowCountCommand) options() (shadow.Options, *services.List, error) {
	o := shadow.Options{Now: clock.System()(), K: c.K}
	if c.K < tally.LeastK {
		return o, nil, usage("--k must be at least %d, not %d", tally.LeastK, c.K)
	}
	if c.Format != "" && (!slices.Contains(logs.Formats(), logs.Format(c.Format)) || logs.Format(c.Format) == logs.Generic) {
		return o, nil, usage("--format %q is not known; choose squid, squid-combined, dnsmasq, zscaler, panos or defender", c.Format)
	}
	var err error
	if o.Zone, err = time.LoadLocation(c.Zone); err != nil {
		return o, nil, usage("--zone %q is no time zone; write it as Europe/Brussels", c.Zone)
	}
	list, err := services.BuiltIn()
	if c.Services != "" {
		var src []byte
		if src, err = os.ReadFile(c.Services); err != nil {
			return o, nil, usage("--services: %w", err)
		}
		list, err = services.Parse(c.Services, src)
	}
	if err != nil {
		return o, nil, refused(err)
	}
	o.Services = services.NewMatcher(list)
	if c.Departments == "" {
		return o, list, nil
	}
	f, err := os.Open(c.Departments)
	if err != nil {
		return o, nil, usage("--departments: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	units, err := tally.ParseMapping(f)
	if err != nil {
		return o, nil, refused(fmt.Errorf("%s: %w", c.Departments, err))
	}
	o.Units = units
	return o, list, nil
}

func (c *shadowCountCommand) add(ctx context.Context, s *Streams, reading *shadow.Reading, name string) error {
	src := s.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return usage("%w", err)
		}
		defer f.Close() //nolint:errcheck // only read from
		src = f
	}
	report, err := reading.Add(ctx, src, logs.Format(c.Format), logs.Columns{})
	if err != nil {
		return refused(fmt.Errorf("%s: %w", name, err))
	}
	if report.Bad > 0 {
		_, _ = fmt.Fprintf(s.Err, "%s: %d of %d lines were not understood, the first is line %d (%s)\n", name, report.Bad, report.Lines, report.Places[0].Line, report.Places[0].Reason)
	}
	return nil
}
