package limesurvey

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/intake"
)

// How a cell of an export is taken over.
type taking int

const (
	takeCell   taking = iota // as it stands
	takeFilled               // that it holds something: the field beside "other" of a multiple choice
	takeText                 // that something was typed, never what
)

// source is where the answers to a variable stand.
type source struct {
	variable string // id; ITEM.OPTION for an option
	take     taking
	code     string // canonical
	counted  string // the other spelling of a scale of a dual array, which counts from 0
	texts    []string
}

// source notes where the answers to a variable stand: in the column of the question, or of one of its parts.
func (c *converter) source(variable string, take taking, q *question, sub string, parts ...string) *source {
	s := source{variable: variable, take: take, code: canonical(append([]string{q.code}, parts...)...)}
	// Exports with whole questions as headings: "Question", or "Question [Part]".
	for _, lang := range c.survey.codes {
		question, _ := plain(q.texts[lang])
		if sub == "" && len(parts) == 0 {
			s.texts = append(s.texts, caseless(question))
			continue
		}
		for _, r := range q.rows {
			if r.code == sub && len(parts) == 1 {
				part, _ := plain(r.texts[lang])
				s.texts = append(s.texts, caseless(question+" ["+part+"]"))
			}
		}
	}
	c.sources = append(c.sources, s)
	return &c.sources[len(c.sources)-1]
}

// canonical writes the heading of a column in one way: Q1[SQ001], Q1_SQ001 and Q1.SQ001 are q1_sq001.
func canonical(parts ...string) string {
	s := strings.Join(parts, "_")
	if code, _, found := strings.Cut(s, ". "); found { // "Q1[SQ001]. The question"
		s = code
	}
	s = strings.NewReplacer("][", "_", "[", "_", "]", "", ".", "_").Replace(strings.TrimSpace(s))
	return strings.ToLower(s)
}

func caseless(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// Responses is what became of an export.
type Responses struct {
	Mapping    *intake.Mapping
	Rows       int      // responses in the export
	Incomplete int      // of these, left out because nobody sent them in
	Unknown    bool     // no column says which responses were sent in, so all count
	Personal   []string // columns about the person or the computer, not taken over
	Left       []string // other columns that were not taken over
	Missing    []string // variables that the export has no column for
}

// ResponseOptions say how to read an export.
type ResponseOptions struct {
	Incomplete bool  // take incomplete responses too
	MaxBytes   int64 // of the export; 0 for 1 GiB
}

// personal are the columns that LimeSurvey puts beside the answers, in the spelling of canonical and as whole headings.
var personal = []string{"id", "response id", "submitdate", "date submitted", "lastpage", "last page", "startlanguage", "start language", "seed", "token", "access code",
	"startdate", "date started", "datestamp", "date last action", "ipaddr", "ip address", "refurl", "referrer url", "firstname", "first name", "lastname", "last name",
	"email", "email address", "interviewtime", "total time", "participant_id"}

// submitted are the headings of the moment of submission.
var submitted = []string{"submitdate", "date submitted", "datum ingestuurd", "datum ingediend", "datum verzonden", "date de soumission", "datum abgeschickt"}

// timing are the columns that tell how long people took.
var timing = regexp.MustCompile(`^(group|question)( time\b.*|time[0-9]*)$`)

func isPersonal(heading string) bool {
	key := caseless(heading)
	return slices.Contains(personal, key) || slices.Contains(submitted, key) || strings.HasPrefix(key, "attribute_") || timing.MatchString(key)
}

// Convert reads an export of responses as CSV (comma, semicolon or tab; codes or full answers; headings with codes, or with whole
// questions) and writes the columns of questions that were taken over, so that nothing else is ever kept. The error is a *Problem
// when the export cannot be read.
func (s *Survey) Convert(ctx context.Context, file string, r io.Reader, w io.Writer, opt ResponseOptions) (*Responses, error) {
	if opt.MaxBytes == 0 {
		opt.MaxBytes = 1 << 30
	}
	in := &counted{r: r, left: opt.MaxBytes}
	rows, head, err := openCSV(file, in)
	if err != nil {
		return nil, err
	}
	p := s.plan(head)
	if len(p.columns) == 0 {
		return nil, &Problem{file, "no column belongs to a question of the survey", "check that it is the export of this survey, with question codes as headings"}
	}
	out := csv.NewWriter(w)
	line := make([]string, len(p.columns))
	for k, c := range p.columns {
		line[k] = head[c.at]
	}
	if err := out.Write(line); err != nil {
		return nil, err
	}
	for {
		if p.result.Rows%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadable(file, err)
		}
		p.result.Rows++
		if p.submit >= 0 && strings.TrimSpace(row[p.submit]) == "" {
			p.result.Incomplete++
			if !opt.Incomplete {
				continue
			}
		}
		for k, c := range p.columns {
			line[k] = c.cell(row[c.at])
		}
		if err := out.Write(line); err != nil {
			return nil, err
		}
	}
	if opt.Incomplete {
		p.result.Incomplete = 0
	}
	out.Flush()
	return p.result, out.Error()
}

// openCSV finds the separator and reads the headings.
func openCSV(file string, r io.Reader) (*csv.Reader, []string, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	start, err := b.Peek(1 << 15)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, unreadable(file, err)
	}
	const export = "export the responses in LimeSurvey as CSV with question codes as headings"
	if len(bytes.TrimSpace(start)) == 0 {
		return nil, nil, &Problem{file, "the export is empty", export}
	}
	if bytes.IndexByte(start, 0) >= 0 || bytes.HasPrefix(start, []byte("PK\x03\x04")) {
		return nil, nil, &Problem{file, "the export is no text", export + ", not as Excel"}
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		_, _ = b.Discard(3) // it was peeked at
	}
	line, _, _ := bytes.Cut(bytes.TrimPrefix(start, []byte("\ufeff")), []byte("\n"))
	rows := csv.NewReader(b)
	rows.Comma = separator(line)
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return nil, nil, unreadable(file, err)
	}
	head = slices.Clone(head)
	for i, h := range head {
		if !utf8.ValidString(h) {
			return nil, nil, &Problem{file, "the export is not in UTF-8", export}
		}
		head[i] = strings.TrimSpace(h)
	}
	return rows, head, nil
}

// separator is the sign that stands most often outside quotation marks in the headings.
func separator(line []byte) rune {
	n := map[rune]int{}
	quoted := false
	for _, r := range string(line) {
		if r == '"' {
			quoted = !quoted
		} else if !quoted {
			n[r]++
		}
	}
	best := ','
	for _, r := range []rune{';', '\t'} {
		if n[r] > n[best] {
			best = r
		}
	}
	return best
}

func unreadable(file string, err error) error {
	var bad *csv.ParseError
	var known *Problem
	switch {
	case errors.As(err, &known):
		known.File = file
		return known
	case errors.As(err, &bad):
		return &Problem{file, fmt.Sprintf("line %d of the export cannot be read: %v", bad.Line, bad.Err), "export the responses anew as CSV"}
	}
	return fmt.Errorf("read the responses: %w", err)
}

// counted stops a file that is too large.
type counted struct {
	r    io.Reader
	left int64
}

// Read implements io.Reader.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if c.left -= int64(n); c.left < 0 {
		return 0, &Problem{Message: "the export is larger than may be sent", Mend: "split it, or use the command line"}
	}
	return n, err
}

// planned says what is taken from a row.
type planned struct {
	columns []planColumn
	submit  int // -1 without such a column
	result  *Responses
}

type planColumn struct {
	at   int
	take taking
}

func (c planColumn) cell(s string) string {
	if c.take == takeCell {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	switch s = strings.TrimSpace(s); {
	case s == "" || strings.EqualFold(s, "N/A"):
		return ""
	case c.take == takeFilled:
		return "Y"
	default:
		return "(text)"
	}
}

// plan matches the headings with the variables.
func (s *Survey) plan(head []string) *planned {
	p := &planned{submit: -1, result: &Responses{Mapping: &intake.Mapping{Columns: map[string]string{}, Delimiter: ",", Encoding: "utf-8", Missing: []string{"", "N/A"}}}}
	byCode, byText := map[string]int{}, map[string]int{}
	used := make([]bool, len(head))
	seen := map[string]bool{}
	for i, h := range head {
		if slices.Contains(submitted, caseless(h)) && p.submit < 0 {
			p.submit = i
		}
		if seen[h] || h == "" {
			used[i] = true // a heading that stands twice says nothing
			p.result.Left = append(p.result.Left, h)
			continue
		}
		seen[h] = true
		first(byCode, canonical(h), i)
		first(byText, caseless(h), i)
	}
	zero := s.countsFromZero(byCode)
	for i := range s.sources {
		src := &s.sources[i]
		at := src.find(byCode, byText, zero)
		if at < 0 || used[at] || isPersonal(head[at]) {
			p.result.Missing = append(p.result.Missing, src.variable)
			continue
		}
		used[at] = true
		p.columns = append(p.columns, planColumn{at, src.take})
		p.result.Mapping.Columns[src.variable] = head[at]
	}
	for i, h := range head {
		switch {
		case used[i]:
		case isPersonal(h):
			p.result.Personal = append(p.result.Personal, h)
		default:
			p.result.Left = append(p.result.Left, h)
		}
	}
	p.result.Unknown = p.submit < 0
	return p
}

func first(m map[string]int, key string, i int) {
	if _, taken := m[key]; !taken && key != "" {
		m[key] = i
	}
}

// countsFromZero tells whether the scales of dual arrays are numbered 0 and 1, as in exports with names of expressions, and not
// 1 and 2.
func (s *Survey) countsFromZero(byCode map[string]int) bool {
	return slices.ContainsFunc(s.sources, func(src source) bool {
		_, there := byCode[src.counted]
		return src.counted != "" && strings.HasSuffix(src.counted, "_0") && there
	})
}

// find returns the column of a variable, or -1.
func (src *source) find(byCode, byText map[string]int, zero bool) int {
	code := src.code
	if src.counted != "" && zero {
		code = src.counted
	}
	if at, ok := byCode[code]; ok {
		return at
	}
	for _, t := range src.texts {
		if at, ok := byText[t]; ok && t != "" {
			return at
		}
	}
	return -1
}
