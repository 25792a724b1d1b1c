package roster

import (
	"encoding/csv"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/i18n"
	"tekentafel/internal/people"
	"tekentafel/internal/spreadsheet"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// exportView is the form that asks for what a list is needed.
type exportView struct {
	filter filter
	facts  []ui.Fact
	form   *ui.FormState
	words
}

func (x *Roster) askExport(w http.ResponseWriter, r *web.Request) error {
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	return x.exportForm(w, r, http.StatusOK, b, b.filterOf(r, r.URL.Query()), web.NewForm())
}

func (x *Roster) exportForm(w http.ResponseWriter, r *web.Request, status int, b *board, f filter, form *ui.FormState) error {
	say := in(r)
	v := exportView{filter: f, form: form, words: say}
	service := serviceText(f.service)
	if service == "" {
		service = "in"
	}
	v.facts = []ui.Fact{{Term: say.say("list.service"), Text: say.say("list.service-" + service)}}
	for _, more := range []ui.Fact{{Term: say.say("what.unit"), Text: b.unitLabel(f.unit)}, {Term: say.say("what.function"), Text: b.functionLabel(f.function)}, {Term: say.say("list.search"), Text: f.search}} {
		if more.Text != "" {
			v.facts = append(v.facts, more)
		}
	}
	p := page(r, say.say("export.title"), ui.Link{Label: say.say("list.title"), Href: f.link("/staff/list")})
	p.Lead, p.Status, p.Invalid = say.say("export.lead"), status, !form.OK()
	return r.Show(w, p, exportPage(v))
}

func (v exportView) hidden() []ui.NameValue {
	var out []ui.NameValue
	for _, key := range []string{"q", "unit", "function", "service"} {
		if text := v.filter.values().Get(key); text != "" {
			out = append(out, ui.NameValue{Name: key, Value: text})
		}
	}
	return out
}

func (v exportView) formats() ui.Choice {
	return ui.Choice{Field: ui.Field{Name: "format", Label: v.say("export.format")}, Chosen: []string{"xlsx"},
		Options: []ui.Option{{Value: "xlsx", Label: v.say("export.xlsx")}, {Value: "csv", Label: v.say("export.csv")}}}
}

// sheet takes rows of text.
type sheet interface {
	row(cells []string) error
	end() error
}

// csvSheet writes CSV (RFC 4180), with the byte order mark by which spreadsheets know UTF-8.
type csvSheet struct{ out *csv.Writer }

func newCSV(w io.Writer) (*csvSheet, error) {
	_, err := io.WriteString(w, "\ufeff")
	s := &csvSheet{csv.NewWriter(w)}
	s.out.UseCRLF = true
	return s, err
}

func (s *csvSheet) row(cells []string) error { return s.out.Write(cells) }

func (s *csvSheet) end() error {
	s.out.Flush()
	return s.out.Error()
}

// bookSheet writes a workbook with one sheet.
type bookSheet struct {
	file *excelize.File
	out  *excelize.StreamWriter
	to   io.Writer
	n    int
}

func newBook(w io.Writer, name string) (*bookSheet, error) {
	s := &bookSheet{file: excelize.NewFile(), to: w}
	if err := s.file.SetSheetName(s.file.GetSheetName(0), name); err != nil {
		return nil, err
	}
	var err error
	if s.out, err = s.file.NewStreamWriter(name); err != nil {
		return nil, err
	}
	for i, width := range []float64{26, 26, 32, 10, 30, 30, 12, 18, 24, 14, 14} {
		if err := s.out.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	return s, s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (s *bookSheet) row(cells []string) error {
	s.n++
	values := make([]any, len(cells))
	for i, text := range cells {
		values[i] = text
	}
	return s.out.SetRow("A"+strconv.Itoa(s.n), values)
}

func (s *bookSheet) end() error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.file.Write(s.to)
}

// exportColumns are the keys of the headings.
func exportColumns() []string {
	return []string{"what.given", "what.family-name", "what.mail", "what.language", "what.unit", "what.function", "what.fte", "what.statute", "what.manager", "what.site", "what.from"}
}

// export sends the list as a file. It is made whole on disk first, so that nobody is noted as exported who is not in a file.
func (x *Roster) export(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	b, err := x.board(r.Context(), r.Actor.Tenant)
	if err != nil {
		return err
	}
	f := b.filterOf(r, form)
	if !f.wrong.OK() {
		return x.exportForm(w, r, http.StatusUnprocessableEntity, b, f, f.wrong)
	}
	file, err := os.CreateTemp(x.Dir, "staff-*")
	if err != nil {
		return err
	}
	defer func() {
		_ = file.Close() // only read from by now
		_ = os.Remove(file.Name())
	}()
	say := in(r)
	kind, mediaType := "csv", "text/csv; charset=utf-8"
	var out sheet
	if form.Get("format") == "xlsx" {
		kind, mediaType = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		out, err = newBook(file, say.say("export.sheet"))
	} else {
		out, err = newCSV(file)
	}
	if err != nil {
		return err
	}
	if err := x.writeList(r, b, f, form.Get("purpose"), out); err != nil {
		return again(r, form, err, func(status int, state *ui.FormState) error { return x.exportForm(w, r, status, b, f, state) })
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": say.T("export.file", i18n.Args{"day": b.day.String()}) + "." + kind}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	_, err = io.Copy(w, file)
	if err != nil && r.Context().Err() != nil {
		return nil //nolint:nilerr // the browser went away; nobody is left to tell
	}
	return err
}

// writeList writes the people of a filter, without birth year and number.
func (x *Roster) writeList(r *web.Request, b *board, f filter, purpose string, out sheet) error {
	say := in(r)
	head := make([]string, len(exportColumns()))
	for i, key := range exportColumns() {
		head[i] = say.say(key)
	}
	if r.Org.Synthetic {
		head[0] += " (" + say.say("export.synthetic") + ")"
	}
	if err := out.row(head); err != nil {
		return err
	}
	_, err := x.Export(r.Context(), r.Actor, f.query(b), purpose, func(some []people.Person) error {
		var ids []string
		for i := range some {
			ids = append(ids, some[i].Manager)
		}
		managers, err := x.names(r.Context(), x.read(r), b.at, ids...)
		if err != nil {
			return err
		}
		for i := range some {
			p := &some[i]
			row := []string{p.Given, p.Family, p.Mail, p.Language, "", "", "", "", managers[p.Manager], p.Site, p.From.String()}
			if len(p.Posts) > 0 {
				m := &p.Posts[0]
				row[4], row[5], row[7] = strings.Join(b.path(m.Unit), " / "), b.functionName(m.Function), m.Statute
				if m.FTE >= 0 {
					row[6] = say.Decimal(float64(m.FTE)/1000, 2)
				}
			}
			for j := range row {
				row[j] = spreadsheet.Guard(row[j])
			}
			if err := out.row(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.end()
}
