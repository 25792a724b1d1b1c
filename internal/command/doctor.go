package command

import (
	"context"
	"errors"

	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/doctor"
	"tekentafel/internal/mail"
)

// doctorCommand checks an installation.
type doctorCommand struct {
	config.Settings
	Quick bool `help:"Only what must hold at each moment, for a health check."`
	JSON  bool `name:"json" help:"Write the report as JSON."`
}

// Run says what is well, what is not, and how to mend it.
func (c *doctorCommand) Run(ctx context.Context, s *Streams) error {
	opt := doctor.Options{Settings: &c.Settings, Now: clock.System(), Quick: c.Quick}
	if checked, err := c.Check(); err == nil && c.MailAddress() != "" {
		serve := serveCommand{Settings: c.Settings}
		if outbox, err := mail.New(serve.mail(checked), mail.Parts{Now: clock.System()}); err == nil {
			opt.Mail = outbox
		}
	}
	report := doctor.Run(ctx, opt)
	write := report.Text
	if c.JSON {
		write = report.JSON
	}
	if err := write(s.Out); err != nil {
		return notWritten(err)
	}
	if code := report.ExitCode(); code != ExitOK {
		return &failure{code: code, err: errors.New("not everything is well; the report says how to mend it")}
	}
	return nil
}
