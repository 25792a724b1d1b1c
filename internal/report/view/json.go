package view

import (
	"fmt"
	"io"

	"tekentafel/internal/report/findings"
)

// JSON writes the findings as one object with a line for each figure. The same findings give the same bytes.
func JSON(w io.Writer, f *findings.Findings) error {
	lines, err := f.Lines()
	if err != nil {
		return err
	}
	if _, err := w.Write(lines); err != nil {
		return fmt.Errorf("write the findings as JSON: %w", err)
	}
	return nil
}
