package compose

import (
	"strings"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/instrument/xlsform"
)

// Open returns the questionnaire that a recipe starts from.
func (b Base) Open() (*instrument.Instrument, error) {
	if b.Own() {
		own, err := instrument.Parse(b.Name, []byte(b.YAML))
		if err == nil {
			about(own, b.Topics)
		}
		return own, err
	}
	src, err := instruments.Open(b.Name)
	if err != nil {
		return nil, err
	}
	return instrument.Parse(b.Name, src)
}

// mostNotes bounds how much is kept of what a file could not bring.
const mostNotes = 100

// ReadBase reads an own questionnaire: an XLSForm (.xlsx) or an instrument (YAML). The error is a list of problems for whoever made the file: *instrument.Problems or *xlsform.Problem.
func ReadBase(file string, src []byte) (Base, error) {
	if strings.HasSuffix(strings.ToLower(file), ".xlsx") {
		form, err := xlsform.Read(file, src)
		if err != nil {
			return Base{}, err
		}
		b := Base{Name: file, YAML: string(form.YAML)}
		for _, n := range form.Notes[:min(len(form.Notes), mostNotes)] {
			b.Notes = append(b.Notes, n.String())
		}
		return b, nil
	}
	if _, err := instrument.Parse(file, src); err != nil {
		return Base{}, err
	}
	return Base{Name: file, YAML: string(src)}, nil
}
