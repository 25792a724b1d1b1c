// Package law reads what article 4 of the AI Act asks: content in four languages, with the day on which it was compared with the law.
package law

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	content "tekentafel/content/action"
	"tekentafel/internal/instrument"
)

// Law is what article 4 asks.
type Law struct {
	Reference instrument.Text `yaml:"reference"`
	Since     string          `yaml:"since"`   // in force: 2026-07-27
	Checked   string          `yaml:"checked"` // day on which the summary was last written or looked at
	Asks      instrument.Text `yaml:"asks"`
}

// BuiltIn returns what comes with the product.
var BuiltIn = sync.OnceValues(func() (*Law, error) { return Parse("law.yaml", content.Law()) })

// Days returns the day from which the article is in force, and that on which its text was compared with the law.
func (l *Law) Days() (since, checked time.Time) {
	since, _ = time.Parse(time.DateOnly, l.Since)     // both were checked when it was read
	checked, _ = time.Parse(time.DateOnly, l.Checked) //
	return since, checked
}

// Parse reads the content from YAML. An error lists everything that is wrong, each with its place.
func Parse(file string, src []byte) (*Law, error) {
	l := &Law{}
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(l); err != nil {
		return nil, fmt.Errorf("%s: %w; write reference, since, checked and asks", file, err)
	}
	var wrong []error
	for place, day := range map[string]string{"since": l.Since, "checked": l.Checked} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %s is %q; write a day as 2026-11-29", file, place, day))
		}
	}
	for place, text := range map[string]instrument.Text{"reference": l.Reference, "asks": l.Asks} {
		for _, lang := range instrument.Languages() {
			if strings.TrimSpace(text[lang]) == "" {
				wrong = append(wrong, fmt.Errorf("%s: %s has no text in %s; write it in every language", file, place, lang))
			}
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return l, nil
}
