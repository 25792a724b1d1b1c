package sheet

import (
	"tekentafel/internal/national"

	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// finish puts days right that stand as numbers, describes the column, and says what is odd about its numbers. Days is how many of
// its cells the workbook shows as days.
func (t *Table) finish(column, days int) {
	count := t.describe(column)
	c := &t.Columns[column]
	if count.serials > 0 && t.areDays(column, count, days) {
		from, to, n := t.readSerials(column)
		t.note(column, NoteDateSerials, n, nil, "from", from, "to", to)
		count = t.describe(column)
	}
	if count.sci > 0 {
		rows := spans{most: firstRows}
		for i := range t.rows {
			if isScientific(t.Cell(i, column)) {
				rows.add(t.Number(i))
			}
		}
		t.note(column, NoteScientific, count.sci, rows.list)
	}
	if width, short := lostZeros(count, c); short > 0 {
		rows := spans{most: firstRows}
		for i := range t.rows {
			if cell := t.Cell(i, column); len(cell) < width && allDigits(cell) {
				rows.add(t.Number(i))
			}
		}
		t.note(column, NoteLostZeros, short, rows.list, "width", strconv.Itoa(width))
	}
}

func (t *Table) note(column int, kind NoteKind, count int, rows []Span, args ...string) {
	t.Notes = append(t.Notes, Note{Kind: kind, Column: column, Heading: t.Columns[column].Heading, Rows: rows, Count: count, Args: pairs(args)})
}

// areDays tells whether the numbers of a column are days: all of them can be, and the heading or the other cells say so.
func (t *Table) areDays(column int, count tally, days int) bool {
	numbers := count.shapes[ShapeInteger] + count.shapes[ShapeDecimal]
	if count.serials*100 < numbers*95 {
		return false
	}
	if dated := max(days, count.shapes[ShapeDate]); dated > 0 && (dated+count.serials)*10 >= count.filled*9 {
		return true
	}
	return count.serials*10 >= count.filled*9 && saysDay(t.Columns[column].Group+" "+t.Columns[column].Heading)
}

// saysDay tells whether a heading names a day.
func saysDay(heading string) bool {
	f := national.Letters(heading)
	for _, w := range []string{
		"datum", "date", "geboorte", "geboren", "naissance", "birth", "indienst", "uitdienst", "inservice", "entree", "sortie", "eintritt", "austritt",
		"aanvang", "begin", "einde", "start", "debut", "hired", "geburt", "anci", "vanaf", "tot", "dob",
	} {
		if strings.Contains(f, w) {
			return true
		}
	}
	return strings.HasSuffix(f, "eind") || f == "van" || f == "fin" || f == "end" || f == "von" || f == "bis"
}

// readSerials writes the numbers of a column as days, and returns the first one before and after.
func (t *Table) readSerials(column int) (from, to string, n int) {
	c := t.edit(column)
	for i := range t.rows {
		cell := c.Cell(i)
		if !isSerial(cell) {
			continue
		}
		v, ok := number(cell)
		if !ok {
			continue
		}
		at, err := excelize.ExcelDateToTime(v, false)
		if err != nil {
			continue
		}
		day := strings.TrimSuffix(at.Format("2006-01-02 15:04:05"), " 00:00:00")
		c.Set(i, day)
		if n++; n == 1 {
			from, to = cell, day
		}
	}
	c.e.close()
	return from, to, n
}

// lostZeros tells whether some whole numbers of a column have fewer digits than most, as codes that a spreadsheet took for numbers
// do, and how many. Numbers that run on from 1 have that too; so it is a proposal and no more.
func lostZeros(count tally, c *Column) (width, short int) {
	numbers, longest := 0, 0
	for digits, n := range count.digits {
		if numbers += n; n > 0 {
			longest = digits
		}
	}
	width = c.Digits
	if width < 3 || width != longest || numbers*10 < count.filled*8 || count.shapes[ShapeDecimal] > 0 {
		return 0, 0
	}
	if short = numbers - count.digits[width]; short*2 > numbers || count.digits[width] < 2 {
		return 0, 0
	}
	if saysCode(c.Heading) || c.Distinct*10 >= c.Filled*9 && width >= 4 {
		return width, short
	}
	return 0, 0
}

// saysCode tells whether a heading names a code rather than an amount.
func saysCode(heading string) bool {
	f := national.Letters(heading)
	for _, w := range []string{"nummer", "number", "numero", "code", "matric", "stam", "persn", "kostenplaats", "badge", "sleutel"} {
		if strings.Contains(f, w) {
			return true
		}
	}
	return strings.HasSuffix(f, "nr") || strings.HasSuffix(f, "no") || strings.HasSuffix(f, "id")
}
