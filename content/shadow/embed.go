// Package shadow holds the list of AI services and the hosts by which logs show them, as data.
package shadow

import _ "embed"

//go:embed services.yaml
var services []byte

// Services returns the YAML of the services that come with the product.
func Services() []byte { return append([]byte(nil), services...) }
