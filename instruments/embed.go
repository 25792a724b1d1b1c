// Package instruments holds the questionnaires that come with the product, as data.
package instruments

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed *.yaml instrument.schema.json
var files embed.FS

// Schema is the JSON Schema (2020-12) of an instrument, for editors and other programs.
func Schema() ([]byte, error) { return files.ReadFile("instrument.schema.json") }

// Names lists the instruments, sorted, without extension.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".yaml"); ok {
			out = append(out, name)
		}
	}
	return out
}

// Open returns the YAML of an instrument by its name, with or without the extension .yaml.
func Open(name string) ([]byte, error) {
	src, err := files.ReadFile(strings.TrimSuffix(name, ".yaml") + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no built-in instrument %q; use one of: %s", name, strings.Join(Names(), ", "))
	}
	return src, nil
}
