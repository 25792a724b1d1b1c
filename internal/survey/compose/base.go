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
		return instrument.Parse(b.Name, []byte(b.YAML))
	}
	src, err := instruments.Open(b.Name)
	if err != nil {
		return nil, err
	}
	return instrument.Parse(b.Name, src)
}

// ReadBase reads an own questionnaire: an XLSForm (.xlsx) or an instrument (YAML). Notes say what of an XLSForm could not be
// carried over. The error is a list of problems for whoever made the file: *instrument.Problems or *xlsform.Problem.
func ReadBase(file string, src []byte) (Base, []xlsform.Note, error) {
	if strings.HasSuffix(strings.ToLower(file), ".xlsx") {
		form, err := xlsform.Read(file, src)
		if err != nil {
			return Base{}, nil, err
		}
		return Base{Name: file, YAML: string(form.YAML)}, form.Notes, nil
	}
	if _, err := instrument.Parse(file, src); err != nil {
		return Base{}, nil, err
	}
	return Base{Name: file, YAML: string(src)}, nil, nil
}
