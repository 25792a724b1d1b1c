package backup

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// kind of a record.
type kind byte

const (
	head  kind = 'H' // the manifest, without its tables
	begin kind = 'T' // a table starts: its name and columns
	line  kind = 'R' // a row
	end   kind = 'E' // a table ends: its number of rows and their SHA-256
	tail  kind = 'Z' // the manifest, complete
)

// maxRecord bounds a record, in bytes: far above a row with a piece of a file, and what both engines take in a value.
const maxRecord = 512 << 20

// writeRecord writes the kind, the length and the body of a record.
func writeRecord(w io.Writer, k kind, body []byte) error {
	if len(body) > maxRecord {
		return fmt.Errorf("a row of %d bytes is larger than a backup takes (%d)", len(body), maxRecord)
	}
	start := binary.AppendUvarint([]byte{byte(k)}, uint64(len(body)))
	if _, err := w.Write(start); err != nil {
		return err
	}
	_, err := w.Write(body)
	return err
}

func writeJSON(w io.Writer, k kind, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeRecord(w, k, body)
}

// readRecord reads a record; body holds until the next one is read into buf. The error is io.EOF where the records end.
func readRecord(r *bufio.Reader, buf *bytes.Buffer) (k kind, body []byte, err error) {
	b, err := r.ReadByte()
	if err != nil {
		return 0, nil, err
	}
	n, err := binary.ReadUvarint(r)
	if err != nil || n > maxRecord {
		return 0, nil, broken(err)
	}
	buf.Reset()
	if _, err := io.CopyN(buf, r, int64(n)); err != nil { // grows with what is there, whatever the length says
		return 0, nil, broken(err)
	}
	return kind(b), buf.Bytes(), nil
}

// broken marks what does not read as a backup as damage, and leaves other errors as they are.
func broken(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w (a record is cut off)", ErrDamaged)
	}
	return err
}

// Tags of the values in a row.
const (
	null   = 0
	no     = 1
	yes    = 2
	number = 3 // varint, zigzag
	text   = 4 // length and bytes
	blob   = 5 // length and bytes
)

// appendValue adds a value as the column of a kind holds it, whatever the driver made of it.
func appendValue(dst []byte, kind string, v any) ([]byte, error) {
	switch x := v.(type) {
	case nil:
		return append(dst, null), nil
	case bool:
		if kind == kindBoolean {
			return append(dst, truth(x)), nil
		}
	case int64:
		switch kind {
		case kindBoolean:
			if x == 0 || x == 1 {
				return append(dst, truth(x == 1)), nil
			}
		case kindBigint:
			return binary.AppendVarint(append(dst, number), x), nil
		}
	case string:
		switch kind {
		case kindText:
			return append(binary.AppendUvarint(append(dst, text), uint64(len(x))), x...), nil
		case kindBytea:
			return append(binary.AppendUvarint(append(dst, blob), uint64(len(x))), x...), nil
		}
	case []byte:
		switch kind {
		case kindText:
			return append(binary.AppendUvarint(append(dst, text), uint64(len(x))), x...), nil
		case kindBytea:
			return append(binary.AppendUvarint(append(dst, blob), uint64(len(x))), x...), nil
		}
	}
	return nil, fmt.Errorf("a column of kind %s holds a %T", kind, v)
}

func truth(b bool) byte {
	if b {
		return yes
	}
	return no
}

// The kinds of columns that migrations use.
const (
	kindText    = "TEXT"
	kindBigint  = "BIGINT"
	kindBoolean = "BOOLEAN"
	kindBytea   = "BYTEA"
)

// readRow appends the values of a row to dst. They do not refer to body.
func readRow(dst []any, body []byte, kinds []string) ([]any, error) {
	for _, kind := range kinds {
		if len(body) == 0 {
			return nil, fmt.Errorf("%w (a row has too few values)", ErrDamaged)
		}
		tag := body[0]
		body = body[1:]
		switch {
		case tag == null:
			dst = append(dst, nil)
		case (tag == no || tag == yes) && kind == kindBoolean:
			dst = append(dst, tag == yes)
		case tag == number && kind == kindBigint:
			v, n := binary.Varint(body)
			if n <= 0 {
				return nil, fmt.Errorf("%w (a number is cut off)", ErrDamaged)
			}
			dst, body = append(dst, v), body[n:]
		case tag == text && kind == kindText || tag == blob && kind == kindBytea:
			size, n := binary.Uvarint(body)
			if n <= 0 || size > uint64(len(body)-n) {
				return nil, fmt.Errorf("%w (a value is cut off)", ErrDamaged)
			}
			value := body[n : n+int(size)]
			body = body[n+int(size):]
			if tag == text {
				dst = append(dst, string(value))
			} else {
				dst = append(dst, append([]byte{}, value...))
			}
		default:
			return nil, fmt.Errorf("%w (a value of sort %d in a column of kind %s)", ErrDamaged, tag, kind)
		}
	}
	if len(body) > 0 {
		return nil, fmt.Errorf("%w (a row has too many values)", ErrDamaged)
	}
	return dst, nil
}
