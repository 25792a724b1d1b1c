package view

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"
)

// zipParts writes the parts of a workbook in the order of their names, so that the same tables give the same bytes. (Excelize
// writes its sheets in any order.)
type zipParts struct {
	out   *zip.Writer
	parts map[string]*bytes.Buffer
}

func newZipParts(w io.Writer) excelize.ZipWriter {
	return &zipParts{out: zip.NewWriter(w), parts: map[string]*bytes.Buffer{}}
}

// Create returns where a part is to be written.
func (z *zipParts) Create(name string) (io.Writer, error) {
	z.parts[name] = &bytes.Buffer{}
	return z.parts[name], nil
}

// AddFS is not used for workbooks.
func (z *zipParts) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes all parts.
func (z *zipParts) Close() error {
	for _, name := range slices.Sorted(maps.Keys(z.parts)) {
		part, err := z.out.Create(name)
		if err == nil {
			_, err = z.parts[name].WriteTo(part)
		}
		if err != nil {
			return errors.Join(err, z.out.Close())
		}
	}
	return z.out.Close()
}
