package config

import "log/slog"

// hidden stands for a secret wherever it would be shown.
const hidden = "***"

// Secret is a text that shows itself to nobody: printed, logged or encoded it is "***", or "" when it is not set. It is
// kept behind a pointer, so that it stays hidden inside a value that fmt takes apart by reflection.
type Secret struct{ value *string }

// NewSecret hides s.
func NewSecret(s string) Secret { return Secret{value: &s} }

// Reveal returns the text itself, for the one place that needs it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsSet tells whether there is a text, and not an empty one.
func (s Secret) IsSet() bool { return s.Reveal() != "" }

// String implements fmt.Stringer without the secret.
func (s Secret) String() string {
	if !s.IsSet() {
		return ""
	}
	return hidden
}

// GoString implements fmt.GoStringer without the secret.
func (s Secret) GoString() string { return "config.Secret(" + s.String() + ")" }

// MarshalText implements encoding.TextMarshaler, which JSON, YAML and XML use, without the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue implements slog.LogValuer without the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// UnmarshalText implements encoding.TextUnmarshaler; it takes any text, so that no error ever quotes a secret.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
