package synth

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"tekentafel/internal/instrument"
)

// Write makes the wave and writes it in the format that the file name ends in: .csv or .parquet.
func (w *Wave) Write(ctx context.Context, out io.Writer, name string) error {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".csv":
		return w.writeCSV(ctx, out)
	case ".parquet":
		return w.writeParquet(ctx, out)
	default:
		return fmt.Errorf("a wave cannot be written as %q; let the file name end in .csv or .parquet", ext)
	}
}

// headed is a column of the file: its heading and the cell of each code.
type headed struct {
	heading string
	column  int // in Answers; -1 for the marker
	cells   []string
}

// columns lays out the file: the marker, then every variable that is answered.
func (w *Wave) columns() []headed {
	out := []headed{{heading: Marker, column: -1, cells: []string{"1"}}}
	for i := range w.variables {
		if w.recipes[i] == nil {
			continue
		}
		v := &w.variables[i]
		out = append(out, headed{heading: v.Heading(), column: i, cells: cells(v, w.recipes[i].column(0))})
	}
	return out
}

// cells returns what stands in the file for each code: option identifiers, 1 and 0 for a multiple choice, levels,
// numbers; nothing for an answer that is absent.
func cells(v *instrument.Variable, c *instrument.Column) []string {
	out := make([]string, c.K)
	substantive, missing := v.Choices()
	for _, ch := range missing {
		out[ch.Code] = ch.Option.ID
	}
	for code := instrument.FirstOption; code < c.K; code++ {
		i := code - instrument.FirstOption
		switch {
		case c.Levels != nil:
			out[code] = c.Levels[i]
		case c.Numbers != nil:
			out[code] = strconv.FormatFloat(c.Numbers[i], 'g', -1, 64)
		case v.Option != nil:
			out[code] = strconv.Itoa(i)
		default:
			out[code] = substantive[i].Option.ID
		}
	}
	return out
}

func (h *headed) code(a *instrument.Answers, i int) int {
	if h.column < 0 {
		return 0
	}
	return a.Columns[h.column].At(i)
}

func (w *Wave) writeCSV(ctx context.Context, out io.Writer) error {
	columns := w.columns()
	c := csv.NewWriter(out)
	row := make([]string, len(columns))
	for k, h := range columns {
		row[k] = h.heading
	}
	if err := c.Write(row); err != nil {
		return err
	}
	err := w.each(ctx, func(a *instrument.Answers) error {
		for i := range a.N {
			for k := range columns {
				row[k] = columns[k].cells[columns[k].code(a, i)]
			}
			if err := c.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

// writeParquet writes dictionary-encoded strings, a row group a chunk.
func (w *Wave) writeParquet(ctx context.Context, out io.Writer) error {
	columns := w.columns()
	group := parquet.Group{}
	for _, h := range columns {
		group[h.heading] = parquet.Compressed(parquet.Encoded(parquet.Optional(parquet.String()), &parquet.RLEDictionary), &parquet.Snappy)
	}
	schema := parquet.NewSchema("synthetic_wave", group)
	// A group orders its columns by name.
	at := map[string]int{}
	for i, path := range schema.Columns() {
		at[path[0]] = i
	}
	values := make([][]parquet.Value, len(columns))
	for k, h := range columns {
		for _, cell := range h.cells {
			v := parquet.NullValue().Level(0, 0, at[h.heading])
			if cell != "" {
				v = parquet.ByteArrayValue([]byte(cell)).Level(0, 1, at[h.heading])
			}
			values[k] = append(values[k], v)
		}
	}
	p := parquet.NewWriter(out, schema, parquet.KeyValueMetadata("synthetic", "true"))
	const batch = 1024
	rows := make([]parquet.Row, batch)
	for i := range rows {
		rows[i] = make(parquet.Row, len(columns))
	}
	err := w.each(ctx, func(a *instrument.Answers) error {
		for from := 0; from < a.N; from += batch {
			n := min(batch, a.N-from)
			for r := range n {
				for k := range columns {
					rows[r][at[columns[k].heading]] = values[k][columns[k].code(a, from+r)]
				}
			}
			if _, err := p.WriteRows(rows[:n]); err != nil {
				return err
			}
		}
		return p.Flush()
	})
	if err != nil {
		return err
	}
	return p.Close()
}

// WriteMargins writes the population of the organisation as a file of margins: variable,value,count. It fails where the
// instrument asks for no background that the organisation knows.
func (w *Wave) WriteMargins(out io.Writer) error {
	c := csv.NewWriter(out)
	if err := c.Write([]string{"variable", "value", "count"}); err != nil {
		return err
	}
	known := false
	if it := w.opt.Instrument.Item(departmentItem); it != nil && it.Kind == instrument.Category {
		known = true
		for _, d := range w.org.departments {
			if err := c.Write([]string{departmentItem, d.name, strconv.Itoa(d.size)}); err != nil {
				return err
			}
		}
	}
	for i := range w.opt.Instrument.Items {
		it := &w.opt.Instrument.Items[i]
		shares, ok := marginTargets[it.ID]
		if !ok || it.Kind != instrument.Single {
			continue
		}
		known = true
		var weights []float64
		for o := range it.Options {
			weights = append(weights, shares[it.Options[o].ID])
		}
		for o, n := range divide(w.opt.Population, weights, nil) {
			if err := c.Write([]string{it.ID, it.Options[o].ID, strconv.Itoa(n)}); err != nil {
				return err
			}
		}
	}
	if !known {
		return fmt.Errorf("the instrument asks for neither %q nor age, so the made-up population has no margins; leave them out", departmentItem)
	}
	c.Flush()
	return c.Error()
}
