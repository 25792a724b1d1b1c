package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tekentafel/internal/app"
	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/mail"
	"tekentafel/internal/metrics"
	"tekentafel/internal/serving"
)

// serveCommand is the server.
type serveCommand struct {
	config.Settings
}

// Run serves until a signal comes.
func (c *serveCommand) Run(ctx context.Context, s *Streams) error {
	checked, err := c.Check()
	if err != nil {
		return usage("%w", err)
	}
	return c.serve(ctx, s, checked, false)
}

// serve starts the server and waits until it has stopped.
func (c *serveCommand) serve(ctx context.Context, s *Streams, checked *config.Checked, demo bool) error {
	log := c.logger(s.Err, checked)
	ctx, hard, done := serving.Signals(ctx)
	defer done()
	built, err := c.build(ctx, s, checked, log, demo)
	if err != nil {
		return err
	}
	at, err := serving.Open(ctx, c.addresses(), log)
	if err != nil {
		return errors.Join(err, built.Close()) //nolint:contextcheck // what is closed outlives every context
	}
	background := built.Run
	if demo {
		background = func(ctx context.Context) {
			go c.showDemo(ctx, s, built)
			built.Run(ctx)
		}
	} else if err := c.welcome(ctx, s, built); err != nil {
		return errors.Join(err, at.Close(), built.Close()) //nolint:contextcheck // what is closed outlives every context
	}
	return at.Serve(ctx, hard, built.Web, metrics.Internal(built.Metrics, built.Ready),
		serving.Work{Closing: built.Web.Closing, Background: background, Close: built.Close})
}

// drainFor is how long a balancer gets to see that this node stops.
const drainFor = 3 * time.Second

func (c *serveCommand) addresses() serving.Config {
	at := serving.Config{Listen: c.Listen, Internal: c.InternalListen, CertFile: c.TLSCert, KeyFile: c.TLSKey, Grace: c.ShutdownGrace}
	if c.BehindProxy {
		at.Drain = drainFor
	}
	return at
}

// showDemo makes the city, and then says how to come in.
func (c *serveCommand) showDemo(ctx context.Context, s *Streams, built *app.App) {
	if err := built.FillDemo(ctx); err != nil {
		if ctx.Err() == nil {
			_, _ = fmt.Fprintf(s.Err, "tekentafel: the made-up city could not be made: %v\n", err)
		}
		return
	}
	invitation, err := built.FillDemoWave(ctx)
	if err != nil && ctx.Err() == nil {
		_, _ = fmt.Fprintf(s.Err, "tekentafel: the wave of the made-up city could not be made: %v\n", err)
	}
	if err := built.FillDemoStaff(ctx); err != nil && ctx.Err() == nil {
		_, _ = fmt.Fprintf(s.Err, "tekentafel: the personnel data of the made-up city could not be made: %v\n", err)
	}
	check, err := built.FillDemoSkills(ctx)
	if err != nil && ctx.Err() == nil {
		_, _ = fmt.Fprintf(s.Err, "tekentafel: the skills of the made-up city could not be made: %v\n", err)
	}
	if err := built.FillDemoModels(ctx); err != nil && ctx.Err() == nil {
		_, _ = fmt.Fprintf(s.Err, "tekentafel: what the made-up city does with models could not be made: %v\n", err)
	}
	tellDemo(s.Out, built.PublicURL.String(), invitation, check)
}

// build makes the server in its data folder.
func (c *serveCommand) build(ctx context.Context, s *Streams, checked *config.Checked, log *slog.Logger, demo bool) (*app.App, error) {
	if err := os.MkdirAll(checked.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w; make it and give it to the user of this program, or choose another with --data", err)
	}
	models, err := modelSettings(checked.ModelsFile)
	if err != nil {
		return nil, err
	}
	release, err := lock(checked)
	if err != nil {
		return nil, err
	}
	box, made, err := checked.OpenOrMakeKey()
	if err != nil {
		return nil, errors.Join(err, release())
	}
	if made && !demo {
		_, _ = fmt.Fprintf(s.Err, "A key for this installation was made in %s. Keep a copy apart from the backups: without it sealed secrets cannot be read.\n", checked.KeyFile)
	}
	work := filepath.Join(checked.Data, "work")
	if err := errors.Join(os.RemoveAll(work), os.MkdirAll(work, 0o700)); err != nil {
		return nil, errors.Join(fmt.Errorf("the folder for work cannot be made: %w", err), release())
	}
	if c.Chromium != "" {
		if err := os.Setenv("TEKENTAFEL_CHROMIUM", c.Chromium); err != nil {
			return nil, err
		}
	}
	return app.New(ctx, app.Config{
		Database: checked.Database.Reveal(), Dir: work, Box: box, PublicURL: checked.Public, Version: version(),
		TrustedProxies: checked.Trusted, AllowPrivate: checked.AllowPrivate, RatePerMinute: c.RatePerMinute, SignInAttempts: c.SignInAttempts,
		MaxUpload: int64(c.UploadLimit), Workers: c.Workers, StaffFolder: checked.PeopleFolder, Models: models, Mail: c.mail(checked), Zone: checked.Zone, Demo: demo, Release: release,
		Now: clock.System(), Log: log,
	})
}

func (c *serveCommand) mail(checked *config.Checked) mail.Config {
	return mail.Config{
		Address: c.MailAddress(), Security: mail.Security(c.MailSecurity), Username: c.MailUser, Password: checked.MailPassword.Reveal(),
		CAFile: c.MailCAFile, From: c.MailFrom, ReplyTo: c.MailReplyTo, PerMinute: c.MailPerMinute,
	}
}

func (c *serveCommand) logger(w io.Writer, checked *config.Checked) *slog.Logger {
	options := &slog.HandlerOptions{Level: checked.LogLevel}
	if c.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// welcome says where the server is, and at the first start how to come in.
func (c *serveCommand) welcome(ctx context.Context, s *Streams, built *app.App) error {
	link, err := built.Identity.Bootstrap(ctx)
	if err != nil {
		return err
	}
	if link != "" {
		_, _ = fmt.Fprintf(s.Out, "There is no organisation yet. Make it, and your account as its first administrator, within 48 hours at\n\n  %s\n\n"+
			"The link works once. A new one is printed at each start until it is used.\n", link)
	}
	_, _ = fmt.Fprintf(s.Out, "Tekentafel serves %s\n", built.PublicURL)
	return nil
}

// tellDemo says how to come in as each role, and without an account.
func tellDemo(w io.Writer, address string, invitation app.DemoInvitation, check string) {
	var b strings.Builder
	fmt.Fprintf(&b, "\nTekentafel shows Stad Voorbeeld, a made-up city with synthetic data, at\n\n  %s\n\nThe first page lets you in as each role with one click. The accounts, all with the password %q:\n\n", address, app.DemoPassword)
	for _, p := range app.DemoPeople() {
		role := "employee"
		if len(p.Roles) > 0 {
			role = string(p.Roles[0])
		}
		fmt.Fprintf(&b, "  %-14s %-34s %s\n", role, p.Mail, p.Name)
	}
	fmt.Fprintf(&b, "  %-14s staff number %s, PIN %s\n\n", "worker", app.DemoNumber, app.DemoPIN)
	if invitation.PIN != "" {
		fmt.Fprintf(&b, "A wave of the monitor is open. Answer it as somebody without an account, as if this stood on a card:\n\n  %s   PIN %s\n\n", invitation.Address, invitation.PIN)
	}
	if check != "" {
		fmt.Fprintf(&b, "The check of one's own skills, as a poster leads to it:\n\n  %s\n\n", check)
	}
	b.WriteString("Press Ctrl-C to stop.\n\n")
	_, _ = io.WriteString(w, b.String())
}
