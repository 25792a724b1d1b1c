// Package skills holds the framework of five skills and the items that test them, as data.
package skills

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed framework.yaml framework.schema.json items.schema.json items monitor.yaml
var files embed.FS

// Framework returns the YAML of the framework that comes with the product.
func Framework() ([]byte, error) { return files.ReadFile("framework.yaml") }

// FrameworkSchema returns the JSON Schema (2020-12) of a framework, for editors and other programs.
func FrameworkSchema() ([]byte, error) { return files.ReadFile("framework.schema.json") }

// ItemsSchema returns the JSON Schema (2020-12) of a bank of items.
func ItemsSchema() ([]byte, error) { return files.ReadFile("items.schema.json") }

// MonitorWords returns the YAML of the words around the situations that a wave can ask.
func MonitorWords() ([]byte, error) { return files.ReadFile("monitor.yaml") }

// Banks lists the skills that have a bank of items, sorted.
func Banks() []string {
	entries, err := files.ReadDir("items")
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

// Items returns the YAML of the bank of a skill.
func Items(skill string) ([]byte, error) {
	if !slices.Contains(Banks(), skill) {
		return nil, fmt.Errorf("there is no built-in bank of items %q; use one of: %s", skill, strings.Join(Banks(), ", "))
	}
	return files.ReadFile("items/" + skill + ".yaml")
}
