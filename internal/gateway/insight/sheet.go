package insight

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/problem"
	"tekentafel/internal/spreadsheet"
)

func refuseMonth() error { return problem.New(problem.NotFound, locale(), "error.month", nil) }

// rows are the figures as a table, with the heads of its columns first.
func (v *view) rows() [][]any {
	out := [][]any{{v.say("sheet.month"), v.say("sheet.about"), v.say("sheet.name"), v.say("column.people"), v.say("sheet.least"), v.say("sheet.heads"), v.say("column.days"), v.say("sheet.note")}}
	add := func(about, name string, p any, least bool, heads, days any, note string) {
		yes := ""
		if least {
			yes = v.say("sheet.yes")
		}
		out = append(out, []any{string(v.month), about, name, p, yes, heads, days, note})
	}
	if v.Few {
		add(v.say("sheet.all"), "", nil, false, nil, nil, v.with("hide", "k", v.Int(v.K)))
		return out
	}
	known := func(n int) any {
		if n == 0 {
			return nil
		}
		return n
	}
	add(v.say("sheet.all"), "", v.People.N, v.People.AtLeast, known(v.Heads), v.Days, "")
	v.addGroups("department", v.Departments, add, known)
	v.addGroups("family", v.Families, add, known)
	for _, kind := range kinds() {
		for _, item := range v.items(kind) {
			add(v.say(kind+".single"), v.names[kind+item.ID], item.People.N, item.People.AtLeast, nil, nil, "")
		}
	}
	return out
}

func (v *view) addGroups(kind string, groups []Group, add func(about, name string, p any, least bool, heads, days any, note string), known func(int) any) {
	for i := range groups {
		g := &groups[i]
		if g.Hidden {
			add(v.say(kind+".single"), v.groupName(kind, g), nil, false, nil, nil, v.with("hide", "k", v.Int(v.K)))
			continue
		}
		add(v.say(kind+".single"), v.groupName(kind, g), g.People.N, g.People.AtLeast, known(g.Heads), g.Days, "")
	}
}

// notes are what one must know to read the table.
func (v *view) notes(synthetic bool) []string {
	out := []string{v.with("rounded", "k", v.Int(v.K))}
	if synthetic {
		out = append(out, v.say("synthetic"))
	}
	for _, key := range []string{"who", "text", "calls", "programs", "outside"} {
		out = append(out, v.say("not."+key))
	}
	return out
}

func (v *view) csv(w io.Writer, synthetic bool) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma = ';'
	rows := v.rows()
	if synthetic {
		rows = append(rows, []any{v.say("synthetic")})
	}
	for _, row := range rows {
		line := make([]string, len(row))
		for i, cell := range row {
			switch x := cell.(type) {
			case string:
				line[i] = spreadsheet.Guard(x)
			case int:
				line[i] = strconv.Itoa(x)
			}
		}
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func (v *view) xlsx(w io.Writer, synthetic bool) error {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // in memory
	name := v.say("sheet.figures")
	if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
		return err
	}
	for i, row := range v.rows() {
		for j, cell := range row {
			if s, is := cell.(string); is {
				row[j] = spreadsheet.Guard(s)
			}
		}
		if err := f.SetSheetRow(name, "A"+strconv.Itoa(i+1), &row); err != nil {
			return err
		}
	}
	help := v.say("sheet.help")
	if _, err := f.NewSheet(help); err != nil {
		return fmt.Errorf("a second sheet: %w", err)
	}
	for i, text := range v.notes(synthetic) {
		if err := f.SetCellStr(help, "A"+strconv.Itoa(i+1), text); err != nil {
			return err
		}
	}
	for sheet, width := range map[string]float64{name: 24, help: 110} {
		if err := f.SetColWidth(sheet, "A", "C", width); err != nil {
			return err
		}
	}
	return f.Write(w)
}
