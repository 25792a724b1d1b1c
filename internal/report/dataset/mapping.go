package dataset

import (
	"io"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
)

// mapping says how the columns and cells of the package fit the questionnaire.
func (t *table) mapping() *intake.Mapping {
	m := &intake.Mapping{Columns: map[string]string{}, Values: map[string]map[string]string{}, Missing: nothing(), Delimiter: ",", Encoding: "utf-8"}
	for _, c := range t.columns {
		if c.target == "" {
			if c.kind != synthetic {
				m.Ignore = append(m.Ignore, c.name)
			}
			continue
		}
		m.Columns[c.target] = c.name
		if c.kind != group {
			continue
		}
		values := map[string]string{token(instrument.Invalid): ""}
		for cell, level := range c.guarded {
			values[cell] = level
		}
		m.Values[c.name] = values
	}
	return m
}

// writeMapping writes mapping.yaml, with which the program reads answers.csv and answers.parquet back.
func (t *table) writeMapping(w io.Writer) error {
	_, err := t.mapping().WriteTo(w)
	return err
}
