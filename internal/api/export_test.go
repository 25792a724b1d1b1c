package api

import "tekentafel/internal/i18n"

// Messages are the messages of this package, for the tests outside it.
func Messages() *i18n.Bundle { return locale() }
