package desk

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/db"
	"tekentafel/internal/shadow/tally"
	"tekentafel/internal/spreadsheet"
	"tekentafel/internal/web"
)

// mostExport is how many weeks an export holds at most.
const mostExport = 520

// line is a number as an export has it.
type line struct {
	week, id, service, kind, standing, unit string
	count                                   tally.Count
	traffic                                 string
	refused                                 bool
}

// lines are all numbers of some weeks.
func (w words) lines(c *catalogue, weeks []tally.Week) []line {
	var out []line
	for i := range weeks {
		week := &weeks[i]
		for _, u := range append([]tally.Use{week.Any}, week.Used...) {
			if !u.Total.Shown() {
				continue
			}
			x := line{week: week.Week, id: u.Service, service: w.say("export.any"), unit: w.say("unit.all"), count: u.Total, refused: u.Refused}
			if u.Service != "" {
				s, _ := c.service(u.Service)
				k, _ := c.Kind(s.Kind)
				x.service, x.kind, x.standing = s.Name, k.Label.In(w.lang), w.standing(c.standing(u.Service))
			}
			if u.Traffic > 0 {
				x.traffic = "10^" + strconv.Itoa(u.Traffic)
			}
			out = append(out, x)
			x.traffic, x.refused = "", false
			for _, part := range u.Units {
				x.unit, x.count = part.Unit, part.Count
				out = append(out, x)
			}
			if u.Rest.Shown() {
				x.unit, x.count = w.say("unit.rest"), u.Rest
				out = append(out, x)
			}
		}
		if week.Other.Shown() {
			out = append(out, line{week: week.Week, service: w.say("export.folded"), unit: w.say("unit.all"), count: week.Other})
		}
	}
	return out
}

func (w words) heads() []string {
	var out []string
	for _, key := range []string{"column.week", "column.service", "column.kind", "column.standing", "column.unit", "export.about", "export.low", "export.high", "export.traffic", "use.refused"} {
		out = append(out, w.say(key))
	}
	return out
}

func (x *line) texts(w words) []string {
	refused := ""
	if x.refused {
		refused = w.say("export.yes")
	}
	return []string{x.week, x.service, x.kind, x.standing, x.unit, strconv.Itoa(x.count.About), strconv.Itoa(x.count.Low), strconv.Itoa(x.count.High), x.traffic, refused}
}

// export gives all weeks as a file: the same numbers as the pages.
func (d *Desk) export(w http.ResponseWriter, r *web.Request) error {
	ctx, reader, t := r.Context(), d.DB.Of(r.Actor.Tenant), in(r)
	k, err := d.groupSize(ctx, r.Actor.Tenant)
	if err != nil {
		return err
	}
	c, err := d.catalogue(ctx, reader)
	if err != nil {
		return err
	}
	weeks, err := d.shownOf(ctx, reader, "", mostExport, k)
	if err != nil {
		return err
	}
	var body []byte
	media := ""
	switch r.PathValue("form") {
	case "csv":
		media = "text/csv; charset=utf-8"
		body, err = t.csv(c, weeks)
	case "xlsx":
		media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		body, err = t.xlsx(c, weeks)
	case "json":
		media = "application/json"
		body, err = json.MarshalIndent(weekViews(c, weeks), "", " ")
	default:
		return db.ErrNoRow
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="shadow-ai.`+r.PathValue("form")+`"`)
	return r.Send(w, http.StatusOK, media, body)
}

func (w words) csv(c *catalogue, weeks []tally.Week) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	if err := out.Write(w.heads()); err != nil {
		return nil, err
	}
	for _, x := range w.lines(c, weeks) {
		texts := x.texts(w)
		for i := range texts {
			texts[i] = spreadsheet.Guard(texts[i])
		}
		if err := out.Write(texts); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}

func (w words) xlsx(c *catalogue, weeks []tally.Week) (_ []byte, err error) {
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	numbers, notes := w.say("export.sheet"), w.say("export.notes")
	if err := file.SetSheetName(file.GetSheetName(0), numbers); err != nil {
		return nil, err
	}
	if _, err := file.NewSheet(notes); err != nil {
		return nil, err
	}
	row := func(sheet string, n int, values []any) error {
		return file.SetSheetRow(sheet, "A"+strconv.Itoa(n), &values)
	}
	head := []any{}
	for _, h := range w.heads() {
		head = append(head, h)
	}
	if err := row(numbers, 1, head); err != nil {
		return nil, err
	}
	for i, x := range w.lines(c, weeks) {
		values := []any{}
		for j, text := range x.texts(w) {
			if n, err := strconv.Atoi(text); err == nil && j >= 5 && j <= 7 {
				values = append(values, n)
			} else {
				values = append(values, spreadsheet.Guard(text))
			}
		}
		if err := row(numbers, i+2, values); err != nil {
			return nil, err
		}
	}
	for i, text := range []string{w.log("floor"), w.say("figure.caption"), w.say("how-counted.once-text"), w.log("blind.prompt"), w.log("blind.mobile"), w.log("blind.inside"), w.log("blind.unlisted"), w.log("blind.opened")} {
		if err := row(notes, i+1, []any{spreadsheet.Guard(text)}); err != nil {
			return nil, err
		}
	}
	for i, width := range []float64{11, 28, 22, 18, 28, 12, 12, 12, 14, 16} {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err == nil {
			err = file.SetColWidth(numbers, name, name, width)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := file.SetColWidth(notes, "A", "A", 120); err != nil {
		return nil, err
	}
	b, err := file.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
