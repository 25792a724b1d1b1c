package config

import "testing"

func TestOnlyADatabaseOnThisMachineIsReachedWithoutTLS(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"tekentafel.db":                                        false,
		"postgres://u:p@127.0.0.1:5432/d":                      false,
		"postgres://u:p@[::1]/d":                               false,
		"postgres://localhost/d?sslmode=disable":               false,
		"postgres:///d?host=/run/postgresql":                   false,
		"postgresql://u:p@h/d?sslmode=verify-full":             false,
		"postgres://u:p@h/d?sslmode=verify-ca":                 false,
		"postgres://u:p@h/d":                                   true,
		"postgresql://u:p@10.0.0.3/d?sslmode=disable":          true,
		"postgres://u:p@h/d?sslmode=require":                   true,
		"postgres:///d?host=/run/postgresql,h":                 true,
		"postgres://u:p@h/d?sslmode=allow&sslmode=verify-full": true,
	} {
		if got := readable(address); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}
