package analysis

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Margin is what is known of the population for one variable: how many people per value.
type Margin struct {
	Variable string // variable ID
	Values   []string
	Counts   []float64 // people, >= 0; or proportions that sum to 1
	Lines    []int     // line of each value in the file, for messages
}

// Total returns the sum of the counts.
func (m Margin) Total() float64 {
	var t float64
	for _, c := range m.Counts {
		t += c
	}
	return t
}

// MarginsError says what is wrong in a file of margins.
type MarginsError struct {
	File    string
	Line    int
	Message string
	Mend    string
}

func (e *MarginsError) Error() string {
	return fmt.Sprintf("%s:%d: %s; %s", e.File, e.Line, e.Message, e.Mend)
}

// maxMargins bounds the size of a file of margins in bytes; a frame of a whole region has a few thousand lines.
const maxMargins = 8 << 20

// ParseMargins reads population margins: a CSV with the headings variable, value and count, separated by commas,
// semicolons or tabs. Variables keep the order in which they first stand there.
func ParseMargins(file string, r io.Reader) ([]Margin, error) {
	src, err := io.ReadAll(io.LimitReader(r, maxMargins+1))
	if err != nil {
		return nil, fmt.Errorf("%s: the margins could not be read: %w", file, err)
	}
	refuse := func(line int, mend, format string, args ...any) error {
		return &MarginsError{File: file, Line: line, Message: fmt.Sprintf(format, args...), Mend: mend}
	}
	if len(src) > maxMargins {
		return nil, refuse(1, "give one line per value of each variable", "the file is larger than 8 MB")
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, refuse(1, "write a heading line variable,value,count and a line per value", "the file is empty")
	}
	if bytes.IndexByte(src, 0) >= 0 {
		return nil, refuse(1, "save it as CSV in UTF-8", "the file is not text")
	}
	rows := csv.NewReader(bytes.NewReader(src))
	rows.Comma = delimiterOf(src)
	rows.TrimLeadingSpace = true
	head, err := rows.Read()
	if err != nil {
		return nil, refuse(1, "mend the quotes", "the heading line cannot be read: %v", err)
	}
	cols := [3]int{-1, -1, -1}
	for i, h := range head {
		if k := slices.Index([]string{"variable", "value", "count"}, strings.ToLower(strings.TrimSpace(h))); k >= 0 {
			cols[k] = i
		}
	}
	if slices.Contains(cols[:], -1) {
		return nil, refuse(1, "name the columns variable, value and count", "the headings are %q", head)
	}
	var margins []Margin
	at := map[string]int{}
	seen := map[[2]string]bool{}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return nil, refuse(bad.Line, "give every line as many cells as the heading", "%v", bad.Err)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: the margins could not be read: %w", file, err)
		}
		line, _ := rows.FieldPos(0)
		variable, value := strings.TrimSpace(row[cols[0]]), row[cols[1]]
		count, err := strconv.ParseFloat(strings.TrimSpace(row[cols[2]]), 64)
		if err != nil || math.IsNaN(count) || math.IsInf(count, 0) || count < 0 {
			return nil, refuse(line, "write a number of people, 0 or more, with a point for decimals", "%q is not a count", row[cols[2]])
		}
		i, known := at[variable]
		if !known {
			i = len(margins)
			at[variable] = i
			margins = append(margins, Margin{Variable: variable})
		}
		m := &margins[i]
		if seen[[2]string{variable, value}] {
			return nil, refuse(line, "keep one line per value", "%s has the value %q twice", variable, value)
		}
		seen[[2]string{variable, value}] = true
		m.Values, m.Counts, m.Lines = append(m.Values, value), append(m.Counts, count), append(m.Lines, line)
	}
	if len(margins) == 0 {
		return nil, refuse(1, "add a line per value, such as department,Burgerzaken,148", "there is no line under the heading")
	}
	return margins, nil
}

// delimiterOf picks the separator that stands most often in the heading line.
func delimiterOf(src []byte) rune {
	line, _, _ := bytes.Cut(src, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, d := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(d))); n > most {
			best, most = d, n
		}
	}
	return best
}
