package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
)

// maxText bounds instruments and mappings, in bytes.
const maxText = 4 << 20

// openInstrument reads and checks the instrument at path, or the built-in one of that name.
func openInstrument(path string) (*instrument.Instrument, error) {
	src, err := readText(path)
	if errors.Is(err, os.ErrNotExist) && !strings.ContainsRune(path, filepath.Separator) {
		if builtIn, berr := instruments.Open(path); berr == nil {
			src, err = builtIn, nil
		}
	}
	if err != nil {
		return nil, refused(fmt.Errorf("the instrument could not be read: %w; give a YAML file, or one of the built-in names %s",
			err, strings.Join(builtInNames(), ", ")))
	}
	in, err := instrument.Parse(path, src)
	return in, refused(err)
}

func builtInNames() []string {
	names := instruments.Names()
	slices.Sort(names)
	return names
}

// openMapping reads a mapping; an empty path gives none.
func openMapping(path string) (*intake.Mapping, error) {
	if path == "" {
		return nil, nil
	}
	src, err := readText(path)
	if err != nil {
		return nil, refused(fmt.Errorf("the mapping could not be read: %w", err))
	}
	m, err := intake.ParseMapping(path, src)
	return m, refused(err)
}

// openMargins reads population margins; an empty path gives none.
func openMargins(path string) ([]analysis.Margin, error) {
	if path == "" {
		return nil, nil
	}
	src, err := readText(path)
	if err != nil {
		return nil, refused(fmt.Errorf("the margins could not be read: %w", err))
	}
	m, err := analysis.ParseMargins(path, bytes.NewReader(src))
	return m, refused(err)
}

// maxFindings bounds Findings as JSON, in bytes.
const maxFindings = 512 << 20

// readText reads a small text file and refuses one that is too large to be what it should be.
func readText(path string) ([]byte, error) { return readBounded(path, maxText) }

// readBounded reads a file of at most so many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	src, err := io.ReadAll(io.LimitReader(f, most+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if int64(len(src)) > most {
		return nil, fmt.Errorf("%s is larger than %d MB", path, most>>20)
	}
	return src, nil
}

// readAnswers reads the file with answers and shows how far it is.
func readAnswers(ctx context.Context, path string, in *instrument.Instrument, opt intake.Options, p *progress) (*intake.Result, error) {
	opt.Progress = func(done, total int64) { p.step("reading answers", done, total) }
	res, err := intake.Read(ctx, path, in, opt)
	p.clear()
	return res, refused(err)
}
