package desk

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/i18n"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/spreadsheet"
)

// sheet is a sheet to be written.
type sheet struct {
	name   string
	widths []float64
	head   []string // nil for none
	rows   [][]any  // texts and numbers
}

// workbook writes everything that the pages show.
func (b *board) workbook(w io.Writer) (err error) {
	file := excelize.NewFile()
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	wrap, err := file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	for i, s := range b.sheets() {
		if i == 0 {
			err = file.SetSheetName(file.GetSheetName(0), s.name)
		} else {
			_, err = file.NewSheet(s.name)
		}
		if err == nil {
			err = s.write(file, bold, wrap)
		}
		if err != nil {
			return fmt.Errorf("write the sheet %q: %w", s.name, err)
		}
	}
	return file.Write(w)
}

func (s *sheet) write(file *excelize.File, bold, wrap int) error {
	out, err := file.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	for i, width := range s.widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	row := 0
	put := func(cells []any, style int) error {
		row++
		values := make([]any, len(cells))
		for i, c := range cells {
			if text, ok := c.(string); ok {
				c = spreadsheet.Guard(text)
			}
			if values[i] = c; style != 0 {
				values[i] = excelize.Cell{StyleID: style, Value: c}
			}
		}
		return out.SetRow("A"+strconv.Itoa(row), values)
	}
	if s.head != nil {
		if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
			return err
		}
		head := make([]any, len(s.head))
		for i := range s.head {
			head[i] = s.head[i]
		}
		if err := put(head, bold); err != nil {
			return err
		}
	}
	style := 0
	if s.head == nil {
		style = wrap
	}
	for _, cells := range s.rows {
		if err := put(cells, style); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (b *board) sheets() []*sheet {
	out := []*sheet{b.readMe(), b.readySheet()}
	for _, k := range b.kinds() {
		out = append(out, b.rowSheet(k))
	}
	for i := range b.x.Rankings {
		if k := b.x.Rankings[i].Kind; b.rankSheetFor(k) {
			out = append(out, b.rankSheet(&b.x.Rankings[i]))
		}
	}
	if b.x.Changes != nil {
		out = append(out, b.changeSheet())
	}
	return out
}

// rankSheetFor tells whether a kind of group is one that the pages show.
func (b *board) rankSheetFor(k gap.Kind) bool {
	for _, has := range b.kinds() {
		if has == k {
			return true
		}
	}
	return false
}

// readMe says how to read the others.
func (b *board) readMe() *sheet {
	s := &sheet{name: b.say("sheet.read"), widths: []float64{34, 100}}
	line := func(a, c string) { s.rows = append(s.rows, []any{a, c}) }
	line(b.say("board.title"), b.report.Title)
	if b.x.Synthetic {
		line(b.say("sheet.synthetic"), b.say("sheet.synthetic-text"))
	}
	for _, t := range b.rests(b.Date(b.row.made)) {
		line("", t)
	}
	line("", "")
	for _, t := range b.caveats() {
		line(b.say("method.read"), t)
	}
	line("", "")
	for _, key := range []string{"level", "below", "distance", "people"} {
		line(b.say("figure."+key), b.say("word."+key))
	}
	line(b.say("word.interval"), b.say("word.interval-text"))
	return s
}

// readySheet is what limits which conclusion.
func (b *board) readySheet() *sheet {
	s := &sheet{name: b.say("sheet.ready"), widths: []float64{34, 18, 18, 18, 18, 18}}
	t := b.reachTable()
	for _, c := range t.Columns {
		s.head = append(s.head, c.Label)
	}
	for _, r := range t.Rows {
		var cells []any
		for _, c := range r.Cells {
			cells = append(cells, c.Text)
		}
		s.rows = append(s.rows, cells)
	}
	s.rows = append(s.rows, []any{""})
	for _, text := range b.readiness() {
		s.rows = append(s.rows, []any{text})
	}
	for _, l := range b.limits() {
		s.rows = append(s.rows, []any{l.title, l.text, l.mend})
	}
	return s
}

// figures are the columns of a figure: value, low, high; empty where there is none.
func figures(f *gap.Figure) []any {
	if f == nil {
		return []any{"", "", ""}
	}
	return []any{f.Value, f.Low, f.High}
}

func (b *board) rowSheet(k gap.Kind) *sheet {
	s := &sheet{name: b.say("sheet." + b.kindKey(k)), widths: []float64{40, 12, 12, 22, 10, 20}, head: []string{b.say("group"), b.say("about.answered"), b.say("about.staff"), b.say("skill"), b.say("sheet.base"), b.say("figure.required")}}
	for _, key := range []string{"level", "below", "distance", "shortfall", "people"} {
		name := b.say("figure." + key)
		s.head = append(s.head, name, b.T("sheet.low", i18n.Args{"figure": name}), b.T("sheet.high", i18n.Args{"figure": name}))
	}
	s.head = append(s.head, b.say("figure.verdict"), b.say("sheet.why"))
	list := gap.Heat(b.x.Gap, k)
	if k == b.kinds()[0] && b.x.Whole != nil {
		list = append([]gap.HeatRow{{Row: b.x.Whole, Standings: b.x.Whole.Skills}}, list...)
	}
	for _, h := range list {
		for i := range h.Standings {
			st := &h.Standings[i]
			cells := []any{b.name(h.Row), h.Row.N, h.Row.Staff, b.skillName(b.x.Skills[i].ID), st.Base, b.requiredOf(st)}
			for _, f := range []*gap.Figure{st.Level, st.Below, st.Distance, st.Shortfall, st.People} {
				cells = append(cells, figures(f)...)
			}
			why := ""
			for n, text := range b.whys(st) {
				if n > 0 {
					why += " "
				}
				why += text
			}
			s.rows = append(s.rows, append(cells, b.verdictText(st.Verdict), why))
		}
	}
	return s
}

func (b *board) rankSheet(ranking *gap.Ranking) *sheet {
	s := &sheet{name: b.say("sheet.rank-" + b.kindKey(ranking.Kind)), widths: []float64{12, 40, 22}, head: []string{b.say("sheet.tie"), b.say("group"), b.say("skill")}}
	for _, key := range []string{"people", "below", "distance"} {
		name := b.say("figure." + key)
		s.head = append(s.head, name, b.T("sheet.low", i18n.Args{"figure": name}), b.T("sheet.high", i18n.Args{"figure": name}))
	}
	s.head = append(s.head, b.T("where.sure", i18n.Args{"n": b.Int(ranking.Top)}), b.say("figure.verdict"))
	for i := range ranking.Places {
		x := &ranking.Places[i]
		cells := []any{x.Tie, b.rankedName(x), b.skillName(x.Skill)}
		for _, f := range []*gap.Figure{&x.People, &x.Below, &x.Distance} {
			cells = append(cells, figures(f)...)
		}
		s.rows = append(s.rows, append(cells, x.Sure, b.say("verdict."+string(x.Verdict))))
	}
	return s
}

func (b *board) changeSheet() *sheet {
	s := &sheet{name: b.say("sheet.change"), widths: []float64{40, 22}, head: []string{b.say("group"), b.say("skill")}}
	for _, key := range []string{"change.level", "change.below"} {
		name := b.say(key)
		s.head = append(s.head, name, b.T("sheet.low", i18n.Args{"figure": name}), b.T("sheet.high", i18n.Args{"figure": name}))
	}
	s.head = append(s.head, b.say("change.says"))
	for i := range b.x.Changes.Rows {
		c := &b.x.Changes.Rows[i]
		row := b.find(c.Function, c.Department, c.Family)
		if row == nil {
			continue
		}
		for k := range c.Skills {
			m := &c.Skills[k]
			cells := []any{b.name(row), b.skillName(b.x.Skills[k].ID)}
			for _, d := range []*gap.Difference{m.Level, m.Below} {
				if d == nil {
					cells = append(cells, "", "", "")
				} else {
					cells = append(cells, d.Value, d.Low, d.High)
				}
			}
			s.rows = append(s.rows, append(cells, b.verdictOf(m)))
		}
	}
	return s
}
