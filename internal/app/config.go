package app

import (
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/mail"
	"tekentafel/internal/seal"
)

// Config is what the server is built from.
type Config struct {
	Database string // address for db.Open
	Dir      string // folder for files while they are worked on
	// StaffFolder is where personnel systems leave their files; "" for nowhere.
	StaffFolder string
	Box         *seal.Box
	PublicURL   *url.URL
	Version     string

	TrustedProxies []netip.Prefix
	AllowPrivate   []netip.Prefix // networks that are not public and may be reached all the same
	AllowHTTP      bool           // of what is reached there; for tests
	RatePerMinute  int
	SignInAttempts int
	MaxUpload      int64
	Workers        int
	Mail           mail.Config
	Zone           *time.Location

	// Models are the models that are offered and where they run; nil for the practice model alone.
	Models *backend.Settings

	// Demo shows on the sign-in page how to come in as each role. Only for made-up data on this machine.
	Demo bool

	// Release lets go of what was held for the server; called once it is closed. May be nil.
	Release func() error

	Now clock.Clock
	Log *slog.Logger
}
