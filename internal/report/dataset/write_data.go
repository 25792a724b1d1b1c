package dataset

import (
	"bufio"
	"context"
	"encoding/csv"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"tekentafel/internal/report/dataset/sav"
)

// batch is how many rows are made between two looks at the context.
const batch = 1024

// eachBatch calls do with the first row and the one after the last of each batch.
func (t *table) eachBatch(ctx context.Context, do func(rows []int32) error) error {
	for from := 0; from < len(t.order); from += batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := do(t.order[from:min(from+batch, len(t.order))]); err != nil {
			return err
		}
	}
	return nil
}

// cell is what stands in the column for respondent i.
func (c *column) cell(i int) string {
	if c.numbers != nil {
		return strconv.FormatFloat(c.numbers[i], 'g', -1, 64)
	}
	return c.cells[c.at(i)]
}

// writeCSV writes answers.csv: UTF-8, commas, a line a respondent.
func (t *table) writeCSV(ctx context.Context, w io.Writer) error {
	out := csv.NewWriter(bufio.NewWriterSize(w, 1<<16))
	row := make([]string, len(t.columns))
	for k, c := range t.columns {
		row[k] = c.name
	}
	if err := out.Write(row); err != nil {
		return err
	}
	err := t.eachBatch(ctx, func(rows []int32) error {
		for _, i := range rows {
			for k, c := range t.columns {
				row[k] = c.cell(int(i))
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// writeSAV writes answers.sav.
func (t *table) writeSAV(ctx context.Context, w io.Writer) error {
	d := sav.Dictionary{Product: "Tekentafel", Label: t.opt.Title, Made: t.opt.Made, Weight: weightName, Cases: len(t.order)}
	if t.isSynthetic() {
		d.Notes = []string{t.words.T("synthetic.note", nil)}
	}
	for _, c := range t.columns {
		v := sav.Variable{Name: c.name, Label: c.label, Measure: c.measure, Values: c.savLabels()}
		switch c.kind {
		case weight:
			v.Width, v.Decimals = 12, 6
		case synthetic:
		case number:
			v.Missing, v.Decimals = c.absent.missing(), decimals(c.values)
		default:
			v.Missing = c.absent.missing()
		}
		d.Variables = append(d.Variables, v)
	}
	for _, s := range t.sets {
		one := sav.Set{Name: s.name, Label: s.item.Name().In(t.opt.Lang), Counted: 1}
		for _, c := range s.columns {
			one.Variables = append(one.Variables, c.name)
		}
		d.Sets = append(d.Sets, one)
	}
	out, err := sav.New(w, d)
	if err != nil {
		return err
	}
	values := make([]float64, len(t.columns))
	err = t.eachBatch(ctx, func(rows []int32) error {
		for _, i := range rows {
			for k, c := range t.columns {
				if c.numbers != nil {
					values[k] = c.numbers[i]
				} else {
					values[k] = c.values[c.at(int(i))]
				}
			}
			if err := out.WriteCase(values); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// decimals is how many decimals a list of numbers is shown with.
func decimals(values []float64) int {
	for _, x := range values {
		if x != float64(int64(x)) {
			return 2
		}
	}
	return 0
}

// writeParquet writes answers.parquet: the cells of answers.csv as dictionary-encoded strings, numbers and weight as
// doubles, in which an absent answer is null.
func (t *table) writeParquet(ctx context.Context, w io.Writer) error {
	group := parquet.Group{}
	for _, c := range t.columns {
		node := parquet.Encoded(parquet.Optional(parquet.String()), &parquet.RLEDictionary)
		if c.isNumeric() {
			node = parquet.Optional(parquet.Leaf(parquet.DoubleType))
		}
		group[c.name] = parquet.Compressed(node, &parquet.Snappy)
	}
	schema := parquet.NewSchema("answers", group)
	at := map[string]int{} // a group orders its columns by name
	for i, path := range schema.Columns() {
		at[path[0]] = i
	}
	meta := []parquet.WriterOption{schema}
	if t.isSynthetic() {
		meta = append(meta, parquet.KeyValueMetadata("synthetic", "true"))
	}
	out := parquet.NewWriter(w, meta...)
	values := make([][]parquet.Value, len(t.columns))
	for k, c := range t.columns {
		values[k] = c.parquetValues(at[c.name])
	}
	rows := make([]parquet.Row, batch)
	for i := range rows {
		rows[i] = make(parquet.Row, len(t.columns))
	}
	done := 0
	err := t.eachBatch(ctx, func(order []int32) error {
		for r, i := range order {
			for k, c := range t.columns {
				to := at[c.name]
				if c.numbers != nil {
					rows[r][to] = parquet.DoubleValue(c.numbers[i]).Level(0, 1, to)
				} else {
					rows[r][to] = values[k][c.at(int(i))]
				}
			}
		}
		if _, err := out.WriteRows(rows[:len(order)]); err != nil {
			return err
		}
		const groupRows = 128 * batch
		if done += len(order); done%groupRows == 0 {
			return out.Flush()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// isNumeric tells whether a column holds numbers in Parquet.
func (c *column) isNumeric() bool { return c.kind == number || c.kind == weight }

// parquetValues returns what stands in Parquet for each code.
func (c *column) parquetValues(at int) []parquet.Value {
	out := make([]parquet.Value, len(c.cells))
	for code, cell := range c.cells {
		switch {
		case c.kind == number && valid(code):
			out[code] = parquet.DoubleValue(c.values[code]).Level(0, 1, at)
		case c.kind == number:
			out[code] = parquet.NullValue().Level(0, 0, at)
		default:
			out[code] = parquet.ByteArrayValue([]byte(cell)).Level(0, 1, at)
		}
	}
	return out
}

func (t *table) isSynthetic() bool { return t.in.Answers.Synthetic || t.in.Findings.Wave.Synthetic }
