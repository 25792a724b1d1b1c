package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"tekentafel/internal/audit"
	"tekentafel/internal/clock"
	"tekentafel/internal/config"
	"tekentafel/internal/identity"
	"tekentafel/internal/tenant"
)

// rescueCommand lets the only administrator in again.
type rescueCommand struct {
	config.Store
	PublicURL    string `name:"public-url" env:"TEKENTAFEL_PUBLIC_URL" default:"http://127.0.0.1:8080" help:"Address that people type. Default: http://127.0.0.1:8080."`
	Organisation string `required:"" placeholder:"SLUG" help:"Short name of the organisation, as in its addresses."`
	Mail         string `required:"" placeholder:"ADDRESS" help:"Mail address with which the administrator signs in."`
}

// Run prints a link at which the administrator chooses another password.
func (c *rescueCommand) Run(ctx context.Context, s *Streams) error {
	store, box, err := openStore(ctx, &c.Store)
	if err != nil {
		return err
	}
	now := clock.System()
	service := identity.New(identity.Dependencies{DB: store, Audit: audit.New(store, now), Box: box, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		PublicURL: func(tenant.ID) string { return strings.TrimRight(c.PublicURL, "/") }})
	link, err := service.Rescue(ctx, c.Organisation, c.Mail)
	if err = errors.Join(err, store.Close()); err != nil {
		return refused(err)
	}
	_, err = fmt.Fprintf(s.Out, "Give this link to the administrator; it works once:\n\n  %s\n", link)
	return err
}
