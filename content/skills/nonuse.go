package skills

import _ "embed"

//go:embed nonuse.yaml
var nonUse []byte

// NonUse returns the YAML of why people do not use AI, what helps, and the guide for an interview about it.
func NonUse() []byte { return append([]byte(nil), nonUse...) }
