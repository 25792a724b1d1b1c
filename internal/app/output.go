package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// output is one file of a run, rendered and not yet written.
type output struct {
	name  string
	bytes []byte
}

// writeAll writes every file into dir, or none: each goes to a temporary file first and gets its name when all stand.
// It returns the paths written.
func writeAll(dir string, files []output) (paths []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, notWritten(err)
	}
	temps := make([]string, 0, len(files))
	defer func() {
		for _, t := range temps {
			err = errors.Join(err, ignoreMissing(os.Remove(t)))
		}
	}()
	for _, f := range files {
		t, err := writeTemp(dir, f)
		if t != "" {
			temps = append(temps, t)
		}
		if err != nil {
			return nil, notWritten(err)
		}
	}
	for i, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.Rename(temps[i], path); err != nil {
			return nil, notWritten(err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// writeTemp writes one file under a temporary name and returns that name as soon as it exists.
func writeTemp(dir string, f output) (name string, err error) {
	t, err := os.CreateTemp(dir, ".tekentafel-*")
	if err != nil {
		return "", err
	}
	defer func() {
		if cerr := t.Close(); err == nil {
			err = cerr
		}
	}()
	if err := t.Chmod(0o644); err != nil {
		return t.Name(), err
	}
	if _, err := t.Write(f.bytes); err != nil {
		return t.Name(), err
	}
	return t.Name(), t.Sync()
}

// writeStream writes the only file of a run to a stream.
func writeStream(w io.Writer, f output) error {
	_, err := w.Write(f.bytes)
	return notWritten(err)
}

func notWritten(err error) error {
	if err == nil {
		return nil
	}
	return &failure{code: ExitNotWritten, err: fmt.Errorf("the output could not be written: %w", err)}
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
