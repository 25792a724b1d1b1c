package desk

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/shadow/logs"
	"tekentafel/internal/shadow/tally"
)

// kinds are files that people take for a log, by how they begin.
var kinds = []struct{ start, key string }{
	{"PK\x03\x04", "error.file-zip"}, {"%PDF", "error.file-pdf"}, {"7z\xbc\xaf", "error.file-archive"}, {"Rar!", "error.file-archive"}, {"\xfd7zXZ", "error.file-archive"},
	{"BZh", "error.file-archive"}, {"\x28\xb5\x2f\xfd", "error.file-archive"}, {"ElfFile", "error.file-windows"}, {"SQLite format 3", "error.file-binary"},
	{"\x89PNG", "error.file-binary"}, {"\xff\xd8\xff", "error.file-binary"}, {"\xd4\xc3\xb2\xa1", "error.file-capture"}, {"\x0a\x0d\x0d\x0a", "error.file-capture"},
}

// known returns a log from its beginning, or what is wrong with a file that is none.
func known(src io.Reader) (io.Reader, error) {
	r := bufio.NewReaderSize(src, 4<<10)
	head, err := r.Peek(16)
	if len(head) == 0 {
		if errors.Is(err, io.EOF) {
			return nil, wrong("log", "error.empty", nil)
		}
		return nil, explain(err)
	}
	for _, k := range kinds {
		if bytes.HasPrefix(head, []byte(k.start)) {
			return nil, wrong("log", k.key, nil)
		}
	}
	return r, nil
}

// explain says why a reading failed, with nothing of what was read.
func explain(err error) error {
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	if _, is := problem.Of(err); is {
		return err
	}
	for _, x := range []struct {
		err   error
		field string
		key   string
	}{
		{logs.ErrUnknown, "format", "error.unknown"}, {logs.ErrWrongFormat, "format", "error.wrong-format"}, {logs.ErrColumns, "time", "error.columns"},
		{logs.ErrNested, "log", "error.nested"}, {logs.ErrTooLarge, "log", "error.too-large"}, {tally.ErrTooMany, "log", "error.too-many"},
		{gzip.ErrHeader, "log", "error.packed"}, {gzip.ErrChecksum, "log", "error.packed"},
	} {
		if errors.Is(err, x.err) {
			return wrong(x.field, x.key, nil)
		}
	}
	// What is left is that the sender went away, or that the file breaks off. The cause may name bytes, never what they hold.
	return refuse(problem.Invalid, "error.broken", nil)
}

// args makes the arguments of a message of pairs of a name and a text.
func args(pairs ...string) i18n.Args {
	a := i18n.Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a[pairs[i]] = pairs[i+1]
	}
	return a
}
