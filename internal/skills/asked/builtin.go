package asked

import (
	"bytes"

	"tekentafel/content/skills"
	"tekentafel/internal/skills/framework"
)

// BuiltIn makes the part from the framework, the banks and the words that come with the product.
func BuiltIn() (*Part, error) {
	src, err := skills.Framework()
	if err != nil {
		return nil, err
	}
	f, err := framework.Parse("framework.yaml", bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	banks, err := Banks()
	if err != nil {
		return nil, err
	}
	if src, err = skills.MonitorWords(); err != nil {
		return nil, err
	}
	w, err := ReadWords(src)
	if err != nil {
		return nil, err
	}
	return NewPart(f, banks, w)
}

// Banks reads the banks that come with the product.
func Banks() ([]*framework.Bank, error) {
	var out []*framework.Bank
	for _, skill := range skills.Banks() {
		src, err := skills.Items(skill)
		if err != nil {
			return nil, err
		}
		b, err := framework.ParseItems(skill+".yaml", bytes.NewReader(src))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
