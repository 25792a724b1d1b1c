package view

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"tekentafel/internal/report/findings"
)

// JSON writes the findings as one object, indented, with a line end. The same findings give the same bytes.
func JSON(w io.Writer, f *findings.Findings) error {
	raw, err := f.MarshalJSON()
	if err != nil {
		return fmt.Errorf("write the findings as JSON: %w", err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, raw, "", "  "); err != nil {
		return fmt.Errorf("write the findings as JSON: %w", err)
	}
	out := bufio.NewWriter(w)
	_, err = indented.WriteTo(out)
	if err == nil {
		err = out.WriteByte('\n')
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write the findings as JSON: %w", err)
	}
	return nil
}
