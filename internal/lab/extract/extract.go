package extract

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
)

// Kind is what a file turned out to be.
type Kind string

// The kinds that are read.
const (
	PDF      Kind = "pdf"
	DOCX     Kind = "docx"
	XLSX     Kind = "xlsx"
	ODT      Kind = "odt"
	CSV      Kind = "csv"
	Markdown Kind = "markdown"
	Plain    Kind = "text"
)

// Limits bound what is read of one file. What is 0 is that of DefaultLimits.
type Limits struct {
	Bytes    int           // of the file
	Text     int           // bytes of text that are given; the rest is cut off
	Unpacked int64         // bytes that the parts of a DOCX, XLSX or ODT may unpack to together
	Pages    int           // of a PDF that are read; the rest is cut off
	Rows     int           // of a sheet that are read; the rest is cut off
	Memory   int           // bytes that reading a PDF may use; multiple of 64 KiB
	Time     time.Duration // that reading a file may take, beside the end of its context
}

// DefaultLimits are those of a file that somebody gives along in the chat.
func DefaultLimits() Limits {
	return Limits{Bytes: 20 << 20, Text: 400_000, Unpacked: 100 << 20, Pages: 500, Rows: 20_000, Memory: 128 << 20, Time: 20 * time.Second}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Bytes: cmp.Or(l.Bytes, d.Bytes), Text: cmp.Or(l.Text, d.Text), Unpacked: cmp.Or(l.Unpacked, d.Unpacked), Pages: cmp.Or(l.Pages, d.Pages),
		Rows: cmp.Or(l.Rows, d.Rows), Memory: cmp.Or(l.Memory, d.Memory), Time: cmp.Or(l.Time, d.Time),
	}
}

// Document is the text of a file.
type Document struct {
	Name   string
	Kind   Kind
	Text   string            // UTF-8; lines end with \n, rows of tables are lines with " | " between cells
	Pages  int               // of a PDF, all of them
	Sheets int               // of a workbook
	Cut    bool              // only the beginning was taken
	Notes  []problem.Message // what a person should know about what was taken and what was not
}

// Reader reads files. It is safe for concurrent use. Close it when no more files come.
type Reader struct {
	limits Limits
	pdf    pdfReader
}

// pdfReader reads PDFs, and lets go of what it holds.
type pdfReader interface {
	read(ctx context.Context, data []byte, out *output) error
	close(ctx context.Context) error
}

// New returns a reader. It loads what reads PDFs only when the first one comes.
func New(l Limits) *Reader {
	l = l.orDefault()
	return &Reader{limits: l, pdf: newPDFReader(l)}
}

// Close lets go of what reads PDFs.
func (r *Reader) Close(ctx context.Context) error { return r.pdf.close(ctx) }

// Extract is Text as the chat takes it.
func (r *Reader) Extract(ctx context.Context, name string, data []byte) (lab.File, error) {
	d, err := r.Text(ctx, name, data)
	if err != nil {
		return lab.File{}, err
	}
	return lab.File{Name: d.Name, Text: d.Text, Cut: d.Cut}, nil
}

// Text returns the text of a file. The error is a *problem.Problem that says what is wrong and how to mend it, or that of the context.
func (r *Reader) Text(ctx context.Context, name string, data []byte) (Document, error) {
	if len(data) > r.limits.Bytes {
		return Document{}, tooLarge("error.large", r.limits.Bytes)
	}
	kind, err := kindOf(name, data)
	if err != nil {
		return Document{}, err
	}
	within, cancel := context.WithTimeout(ctx, r.limits.Time)
	defer cancel()
	out := &output{ctx: within, limits: r.limits}
	switch kind {
	case PDF:
		err = r.pdf.read(within, data, out)
	case DOCX:
		err = readDOCX(data, out)
	case ODT:
		err = readODT(data, out)
	case XLSX:
		err = readXLSX(within, name, data, out)
	default:
		err = readPlain(data, out)
	}
	switch {
	case ctx.Err() != nil:
		return Document{}, ctx.Err()
	case within.Err() != nil:
		return Document{}, refuseFor("error.slow", err)
	case errors.Is(err, errCut):
		out.cut = true
	case err != nil:
		return Document{}, err
	}
	text := strings.TrimRight(out.text.String(), " \t\n")
	if strings.TrimSpace(text) == "" {
		return Document{}, refuse("error.empty")
	}
	if out.cut {
		out.note("note.cut", nil)
	}
	return Document{Name: name, Kind: kind, Text: text, Pages: out.pages, Sheets: out.sheets, Cut: out.cut, Notes: out.notes}, nil
}

// errCut ends the reading when there is as much text as is given.
var errCut = errors.New("as much text as is given")

// output gathers the text of a document.
type output struct {
	ctx           context.Context //nolint:containedctx // of the one call in which the output lives
	limits        Limits
	text          strings.Builder
	steps         int
	pages, sheets int
	cut           bool
	notes         []problem.Message
}

// step must be called now and then: it tells when time is up.
func (o *output) step() error {
	if o.steps++; o.steps%256 == 0 {
		return o.ctx.Err()
	}
	return nil
}

// add takes text, without characters that nobody can read. It returns errCut when there is no more room.
func (o *output) add(s string) error {
	room := o.limits.Text - o.text.Len()
	s = readable(s)
	if len(s) <= room {
		o.text.WriteString(s)
		return nil
	}
	for room > 0 && !utf8.RuneStart(s[room]) {
		room--
	}
	o.text.WriteString(s[:max(room, 0)])
	return errCut
}

// readable takes control characters out, but for line breaks and tabs, and marks of byte order.
func readable(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexFunc(s, unreadable) < 0 {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\f' || r == '\v' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case unreadable(r):
			return -1
		}
		return r
	}, s)
}

func unreadable(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7F && r < 0xA0 || r == '\uFEFF' || r == '\uFFFE' || r == '\uFFFF' || r == '\u2028' || r == '\u2029'
}
