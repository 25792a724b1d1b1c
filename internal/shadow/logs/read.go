package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ErrWrongFormat is returned when the first ten thousand bad lines come without a single record.
var ErrWrongFormat = errors.New("the log is not of this format: choose another, or the columns of a table by hand")

// ErrNested is returned for an archive within an archive.
var ErrNested = errors.New("the log is packed twice: unpack it once")

const (
	headSize   = 64 << 10
	hopeless   = 10_000
	defaultMax = 64 << 30
)

// parser reads one line into a record. The reason is fine for a record.
type parser func(line []byte, rec *Record) Reason

// Read reads a log from its beginning and calls take for each record, in the order of the lines; an error of take ends it and is returned. It stops when the context ends. The
// report is right up to where it stopped. Gzip and UTF-16 are recognised. Memory does not grow with the log.
func Read(ctx context.Context, src io.Reader, o Options, take func(*Record) error) (Report, error) {
	var report Report
	if o.MaxLine == 0 {
		o.MaxLine = 64 << 10
	}
	o.MaxLine = min(max(o.MaxLine, 1<<10), 1<<20)
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMax
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	plain, packed, err := unpack(src)
	report.Packed = packed
	if err != nil {
		return report, err
	}
	head, err := plain.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return report, fmt.Errorf("read the beginning of the log: %w", err)
	} // an error further on comes again when what stands before it was read
	if o.Format == "" {
		if o.Format = Detect(head); o.Format == "" {
			return report, ErrUnknown
		}
	}
	report.Format = o.Format
	parse, headed, err := newParser(head, &o)
	if err != nil {
		return report, err
	}
	err = each(newLines(ctx, plain, o.MaxLine, o.MaxBytes), headed, parse, take, &report)
	return report, err
}

func each(l *lines, headed bool, parse parser, take func(*Record) error, report *Report) error {
	var rec Record
	for {
		line, long, err := l.next()
		report.Bytes = l.total
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		report.Lines++
		switch {
		case long:
			report.bad(Long)
			continue
		case len(bytes.TrimSpace(line)) == 0:
			report.Blank++
			continue
		case headed:
			headed = false
			report.Other++
			continue
		}
		rec = Record{}
		switch reason := parse(line, &rec); reason {
		case fine:
			report.Records++
			if rec.Time != 0 {
				if report.First == 0 || rec.Time < report.First {
					report.First = rec.Time
				}
				report.Last = max(report.Last, rec.Time)
			}
			if err := take(&rec); err != nil {
				return err
			}
		case other:
			report.Other++
		default:
			report.bad(reason)
			if report.Records == 0 && report.Bad >= hopeless {
				return ErrWrongFormat
			}
		}
	}
}

// unpack takes gzip and UTF-16 off, and the mark that some programs write before UTF-8.
func unpack(src io.Reader) (*bufio.Reader, bool, error) {
	r := bufio.NewReaderSize(&sticky{src: src}, headSize)
	packed := isGzip(r)
	if packed {
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, true, fmt.Errorf("the log begins as gzip and is none: %w", err)
		}
		r = bufio.NewReaderSize(z, headSize)
		if isGzip(r) {
			return nil, true, ErrNested
		}
	}
	switch start, _ := r.Peek(3); {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		decode := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		r = bufio.NewReaderSize(transform.NewReader(r, decode), headSize)
	case bytes.Equal(start, []byte{0xef, 0xbb, 0xbf}):
		if _, err := r.Discard(3); err != nil {
			return nil, packed, fmt.Errorf("read the beginning of the log: %w", err)
		}
	}
	return r, packed, nil
}

func isGzip(r *bufio.Reader) bool {
	start, _ := r.Peek(2) // a shorter log is none
	return bytes.Equal(start, []byte{0x1f, 0x8b})
}

// sticky gives the error of a reader again and again; looking ahead would swallow it.
type sticky struct {
	src io.Reader
	err error
}

// Read reads until the first error, and returns that from then on.
func (s *sticky) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.src.Read(p)
	s.err = err
	return n, err
}
