package files

import (
	"errors"
	"io"
	"os"
)

// ErrTooLarge says that more came in than is taken.
var ErrTooLarge = errors.New("files: more came in than is taken")

// Receive writes r to a new file in a folder, whose name begins with prefix, of at most limit bytes, and returns its path, which
// is the caller's to remove. When it fails no file stays; the error is ErrTooLarge when r holds more.
func Receive(dir, prefix string, r io.Reader, limit int64) (path string, err error) {
	f, err := os.CreateTemp(dir, prefix+"-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	n, err := io.Copy(f, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = ErrTooLarge
	}
	return f.Name(), err
}
