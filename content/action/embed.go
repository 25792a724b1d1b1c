// Package action holds the skeleton of the strategy and the law that the evidence is about, as data.
package action

import _ "embed"

//go:embed strategy.yaml
var strategy []byte

//go:embed law.yaml
var law []byte

// Strategy returns the YAML of the chapters of the strategy with the texts to begin from.
func Strategy() []byte { return append([]byte(nil), strategy...) }

// Law returns the YAML of what article 4 of the AI Act asks.
func Law() []byte { return append([]byte(nil), law...) }
