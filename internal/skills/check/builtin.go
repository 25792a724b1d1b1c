package check

import (
	"bytes"
	"fmt"

	"tekentafel/content/skills"
	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
)

// Monitor is the instrument whose statements a check asks.
const Monitor = "genai-monitor"

// Builtin reads the material that comes with the product.
func Builtin() (*Material, error) {
	text, err := skills.Framework()
	if err != nil {
		return nil, err
	}
	f, err := framework.Parse("framework.yaml", bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var banks []*framework.Bank
	for _, name := range skills.Banks() {
		if text, err = skills.Items(name); err != nil {
			return nil, err
		}
		b, err := framework.ParseItems(name+".yaml", bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		banks = append(banks, b)
	}
	if text, err = instruments.Open(Monitor); err != nil {
		return nil, err
	}
	in, err := instrument.Parse(Monitor+".yaml", text)
	if err != nil {
		return nil, fmt.Errorf("read the statements: %w", err)
	}
	return New(f, banks, in)
}
