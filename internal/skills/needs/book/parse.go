package book

import (
	"strings"
)

// What a column is. Those of skills and rules stand behind SkillColumn and RuleColumn.
const (
	CodeColumn     = "code"
	FunctionColumn = "function"
	FamilyColumn   = "family"
	ReasonColumn   = "reason"
	Passed         = "passed" // is there to read, and not read back
	SkillColumn    = "skill:"
	RuleColumn     = "rule:"
)

// Words say what the texts of a workbook mean, in every language, folded as Fold does it.
type Words struct {
	Columns map[string]string // what a heading stands for
	Passed  map[string]bool   // names of sheets that only explain
}

// Fold brings headings and answers in the form in which they are compared.
func Fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// Line is a row about a function, or about a family when it names no function.
type Line struct {
	Sheet                  string
	Row                    int
	Code, Function, Family string
	Reason                 string
	Skills, Rules          map[string]string // cells that hold something, by id
	SkillOrder, RuleOrder  []string          // the ids in the order of the columns
}

// Trouble is something that was not understood.
type Trouble struct {
	Sheet string            `json:"sheet"`
	Row   int               `json:"row,omitempty"` // 0: the sheet as a whole
	Key   string            `json:"key"`           // which trouble
	Args  map[string]string `json:"args,omitempty"`
}

// The troubles that Parse finds.
const (
	NoHeadings    = "no-headings"     // a sheet has no row of headings
	OddColumn     = "odd-column"      // a heading that means nothing, above cells that hold something
	DoubleColumn  = "double-column"   // two columns with one meaning; the second is not read
	OddRow        = "odd-row"         // a row names neither a function nor a family
	NothingToRead = "nothing-to-read" // the workbook holds no list at all
)

// headingsWithin is how far down the headings may stand.
const headingsWithin = 20

// Parse finds the lists in a workbook. Every row and column that holds something is in a line, or in the troubles.
func Parse(tables []Table, w Words) (lines []Line, troubles []Trouble) {
	read := false
	for i := range tables {
		t := &tables[i]
		if len(t.Rows) == 0 || w.Passed[Fold(t.Name)] {
			continue
		}
		at, columns := headings(t, w)
		if at < 0 {
			troubles = append(troubles, Trouble{Sheet: t.Name, Key: NoHeadings})
			continue
		}
		read = true
		var more []Trouble
		columns, more = singly(t, at, columns)
		troubles = append(troubles, more...)
		for _, row := range t.Rows[at+1:] {
			if blank(row.Cells) {
				continue
			}
			l := lineOf(t.Name, row, columns)
			if l.Code == "" && l.Function == "" && l.Family == "" {
				troubles = append(troubles, Trouble{Sheet: t.Name, Row: row.Number, Key: OddRow, Args: map[string]string{"text": start(row.Cells)}})
				continue
			}
			lines = append(lines, l)
		}
	}
	if !read && len(troubles) == 0 {
		troubles = append(troubles, Trouble{Key: NothingToRead})
	}
	return lines, troubles
}

// headings finds the row of headings, the first that names a function or a family and something about it.
func headings(t *Table, w Words) (at int, columns []string) {
	for i := range t.Rows[:min(len(t.Rows), headingsWithin)] {
		columns = make([]string, len(t.Rows[i].Cells))
		names, asks := false, false
		for j, c := range t.Rows[i].Cells {
			columns[j] = w.Columns[Fold(c)]
			names = names || columns[j] == FunctionColumn || columns[j] == FamilyColumn || columns[j] == CodeColumn
			asks = asks || strings.HasPrefix(columns[j], SkillColumn) || strings.HasPrefix(columns[j], RuleColumn)
		}
		if names && asks {
			return i, columns
		}
	}
	return -1, nil
}

// singly passes over columns that mean nothing, or what another means already, and says which.
func singly(t *Table, at int, columns []string) ([]string, []Trouble) {
	var troubles []Trouble
	seen := map[string]bool{}
	width := 0
	for _, r := range t.Rows[at:] {
		width = max(width, len(r.Cells))
	}
	for len(columns) < width {
		columns = append(columns, "")
	}
	for j, c := range columns {
		heading := ""
		if j < len(t.Rows[at].Cells) {
			heading = t.Rows[at].Cells[j]
		}
		filled := false
		for _, r := range t.Rows[at+1:] {
			filled = filled || j < len(r.Cells) && r.Cells[j] != ""
		}
		args := map[string]string{"heading": heading, "column": letters(j)}
		switch {
		case c == "" && (filled || heading != ""):
			troubles = append(troubles, Trouble{Sheet: t.Name, Row: t.Rows[at].Number, Key: OddColumn, Args: args})
		case c != "" && c != Passed && seen[c]:
			columns[j] = ""
			troubles = append(troubles, Trouble{Sheet: t.Name, Row: t.Rows[at].Number, Key: DoubleColumn, Args: args})
		}
		seen[c] = true
	}
	return columns, troubles
}

func lineOf(sheet string, row Row, columns []string) Line {
	l := Line{Sheet: sheet, Row: row.Number, Skills: map[string]string{}, Rules: map[string]string{}}
	for j, text := range row.Cells {
		if text == "" || j >= len(columns) {
			continue
		}
		switch columns[j] {
		case CodeColumn:
			l.Code = text
		case FunctionColumn:
			l.Function = text
		case FamilyColumn:
			l.Family = text
		case ReasonColumn:
			l.Reason = text
		default:
			if id, ok := strings.CutPrefix(columns[j], SkillColumn); ok {
				l.Skills[id] = text
				l.SkillOrder = append(l.SkillOrder, id)
			}
			if id, ok := strings.CutPrefix(columns[j], RuleColumn); ok {
				l.Rules[id] = text
				l.RuleOrder = append(l.RuleOrder, id)
			}
		}
	}
	return l
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// start is the first cell that holds something, to recognise a row by.
func start(cells []string) string {
	for _, c := range cells {
		if c != "" {
			if r := []rune(c); len(r) > 60 {
				return string(r[:60]) + "…"
			}
			return c
		}
	}
	return ""
}

// letters is the name of a column as a spreadsheet has it: A, B, ..., AA.
func letters(column int) string {
	out := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		out = string(rune('A'+(n-1)%26)) + out
	}
	return out
}
