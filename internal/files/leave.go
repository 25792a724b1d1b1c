package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Leave moves the file at a path, from which a file in the store was just made, to where the next Spool in a folder takes it
// instead of copying a large file out of the store. Whoever leaves a file sees to it that Drop is called some day.
func Leave(dir, fileID, path string) error { return os.Rename(path, left(dir, fileID)) }

// Drop removes what was left of a file and never taken. It is no error when there is nothing.
func Drop(dir, fileID string) error {
	err := os.Remove(left(dir, fileID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// left is where a file is left.
func left(dir, fileID string) string { return filepath.Join(dir, "left-"+filepath.Base(fileID)) }
