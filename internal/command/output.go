package command

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

// staged is a file that stands whole under a temporary name, beside the place where it goes.
type staged struct{ temp, path string }

// writeAll writes every file into dir, or none. It returns the paths written.
func writeAll(dir string, files []output) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, notWritten(err)
	}
	var stages []staged
	for _, f := range files {
		s, err := stage(filepath.Join(dir, f.name), func(w io.Writer) error { _, err := w.Write(f.bytes); return err })
		if err != nil {
			return nil, errors.Join(err, discard(stages))
		}
		stages = append(stages, s)
	}
	if err := place(stages); err != nil {
		return nil, err
	}
	var paths []string
	for _, s := range stages {
		paths = append(paths, s.path)
	}
	return paths, nil
}

// writeFile writes one file, whole or not at all.
func writeFile(path string, write func(io.Writer) error) error {
	s, err := stage(path, write)
	if err != nil {
		return err
	}
	return place([]staged{s})
}

// stage writes a file under a temporary name; on an error nothing is left of it. What write itself finds wrong comes
// back as it is.
func stage(path string, write func(io.Writer) error) (_ staged, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".tekentafel-*")
	if err != nil {
		return staged{}, notWritten(err)
	}
	s := staged{temp: f.Name(), path: path}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(s.temp)
		}
	}()
	if err := f.Chmod(0o644); err != nil {
		return s, notWritten(err)
	}
	w := &watched{w: f}
	if err := write(w); err != nil {
		if w.failed {
			return s, notWritten(err)
		}
		return s, err
	}
	return s, notWritten(errors.Join(f.Sync(), f.Close()))
}

// watched remembers whether writing failed, as on a full disk.
type watched struct {
	w      io.Writer
	failed bool
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	w.failed = w.failed || err != nil
	return n, err
}

// place gives every file its name, or none.
func place(files []staged) error {
	for _, s := range files {
		if info, err := os.Lstat(s.path); err == nil && info.IsDir() {
			err := fmt.Errorf("%s is a folder; move it, or choose another place", s.path)
			return errors.Join(notWritten(err), discard(files))
		}
	}
	for i, s := range files {
		if err := os.Rename(s.temp, s.path); err != nil {
			for _, placed := range files[:i] {
				err = errors.Join(err, os.Remove(placed.path))
			}
			return errors.Join(notWritten(err), discard(files[i:]))
		}
	}
	return nil
}

// discard takes files away that have not got their name.
func discard(files []staged) error {
	var err error
	for _, s := range files {
		err = errors.Join(err, os.Remove(s.temp))
	}
	return err
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
