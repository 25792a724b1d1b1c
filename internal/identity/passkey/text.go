package passkey

import (
	"embed"
	"sync"

	"tekentafel/internal/i18n"
)

//go:embed locale
var localeFiles embed.FS

// Locale returns the texts about passkeys.
var Locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })
