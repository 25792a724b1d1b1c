package intake

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// source opens the file in the format that its first bytes show.
func (f input) source(ctx context.Context) (source, error) {
	magic := make([]byte, 8)
	n, err := f.file.ReadAt(magic, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, f.unreadable(err)
	}
	magic = magic[:n]
	switch {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")), bytes.HasPrefix(magic, []byte("PK\x05\x06")):
		return openWorkbook(ctx, f)
	case bytes.HasPrefix(magic, []byte("\xD0\xCF\x11\xE0")):
		return nil, &Error{
			Kind: KindFormat, File: f.name, Message: "this is an old Excel workbook (.xls), or one with a password",
			Mend: "save it as .xlsx without a password, or as CSV in UTF-8",
		}
	case bytes.HasPrefix(magic, []byte("PAR1")):
		return openParquet(f)
	case bytes.HasPrefix(magic, []byte("PARE")):
		return nil, &Error{Kind: KindFormat, File: f.name, Message: "the Parquet file is encrypted", Mend: "export it without encryption"}
	}
	return openText(f)
}

// isSnapshot tells whether the file is a snapshot.
func (f input) isSnapshot() bool {
	magic := make([]byte, len(snapshotMagic))
	n, _ := f.file.ReadAt(magic, 0) //nolint:errcheck // a file that cannot be read is no snapshot; the next reader says why
	return n == len(magic) && string(magic) == snapshotMagic
}

func (f input) unreadable(err error) error {
	return &Error{Kind: KindUnreadable, File: f.name, Message: "the file cannot be read", Err: err, Mend: "check the disk, or copy the file anew"}
}

// fail puts the name of the file on an error of ours; another error becomes one of the kind format.
func (f input) fail(err error, message string) error {
	var e *Error
	if errors.As(err, &e) {
		if e.File == "" {
			e.File = f.name
		}
		return e
	}
	return &Error{Kind: KindFormat, File: f.name, Message: message, Err: err, Mend: "export the answers anew"}
}
