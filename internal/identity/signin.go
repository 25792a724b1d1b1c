package identity

import "tekentafel/internal/problem"

// notActive says that an account cannot be used to sign in.
func notActive() error { return say(problem.Forbidden, "account-blocked") }
