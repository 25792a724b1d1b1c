package compose

import (
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"

	"tekentafel/internal/instrument"
)

//go:embed scales.yaml
var scaleFile []byte

// BuiltInScale is a scale that own questions can use.
type BuiltInScale struct {
	ID     string          `yaml:"id"`
	Name   instrument.Text `yaml:"name"`
	Points []Level         `yaml:"points"` // lowest first
}

// builtInScales are read once; the test of this package reads them too, so that what is wrong in the file never ships.
var builtInScales = sync.OnceValue(func() []BuiltInScale {
	list, err := readScales(scaleFile)
	if err != nil {
		return nil
	}
	return list
})

func readScales(src []byte) ([]BuiltInScale, error) {
	var list []BuiltInScale
	if err := yaml.Unmarshal(src, &list); err != nil {
		return nil, fmt.Errorf("the built-in scales cannot be read: %w", err)
	}
	return list, nil
}

// Scales lists the built-in scales.
func Scales() []BuiltInScale { return builtInScales() }

func scaleOf(id string) *BuiltInScale {
	list := builtInScales()
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}
