package extract

import "strings"

// flow writes paragraphs and tables as text. A row of a table is a line, with " | " between its cells; a table within a cell is part of the cell.
type flow struct {
	out   *output
	rows  int      // rows within rows that are open
	cells []string // of the outermost row
	cell  strings.Builder
	line  strings.Builder // of the paragraph
	size  int             // of what waits in cells
}

func (f *flow) say(s string) error {
	if f.line.Len()+f.cell.Len()+f.size+len(s) > f.out.limits.Text+1024 {
		return f.flush()
	}
	f.line.WriteString(s)
	return nil
}

// flush gives what is there when there is no more room for what comes.
func (f *flow) flush() error {
	if err := f.paragraph(); err != nil {
		return err
	}
	line := strings.Join(append(f.cells, f.cell.String()), " | ")
	if err := f.out.add(line); err != nil {
		return err
	}
	return errCut
}

// paragraph ends a paragraph.
func (f *flow) paragraph() error {
	line := f.line.String()
	f.line.Reset()
	if f.rows == 0 {
		return f.out.add(line + "\n")
	}
	line = strings.TrimSpace(strings.ReplaceAll(line, "\n", " "))
	if line != "" {
		if f.cell.Len() > 0 {
			f.cell.WriteByte(' ')
		}
		f.cell.WriteString(line)
	}
	return nil
}

func (f *flow) startRow() error {
	if f.rows == 0 && f.line.Len() > 0 {
		if err := f.paragraph(); err != nil {
			return err
		}
	}
	f.rows++
	return nil
}

// endCell ends a cell.
func (f *flow) endCell() error {
	if f.rows != 1 {
		return nil
	}
	if f.line.Len() > 0 {
		if err := f.paragraph(); err != nil {
			return err
		}
	}
	f.cells, f.size = append(f.cells, f.cell.String()), f.size+f.cell.Len()+3
	f.cell.Reset()
	return nil
}

func (f *flow) endRow() error {
	if f.rows == 0 {
		return nil
	}
	if f.rows > 1 {
		f.rows--
		return nil
	}
	f.rows = 0
	if f.cell.Len() > 0 {
		f.cells = append(f.cells, f.cell.String())
		f.cell.Reset()
	}
	line := strings.Join(f.cells, " | ")
	f.cells, f.size = f.cells[:0], 0
	return f.out.add(line + "\n")
}

// finish ends what is still open.
func (f *flow) finish() error {
	for f.rows > 0 {
		if err := f.endCell(); err != nil {
			return err
		}
		if err := f.endRow(); err != nil {
			return err
		}
	}
	if f.line.Len() > 0 {
		return f.paragraph()
	}
	return nil
}
