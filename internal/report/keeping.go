package report

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"sync"

	"tekentafel/internal/db"
	"tekentafel/internal/files"
	"tekentafel/internal/report/findings"
)

// findingsType is the media type under which Findings are kept.
const findingsType = "application/x-tekentafel-findings"

// registerValues tells gob which values stand in the data of a caveat.
var registerValues = sync.OnceFunc(func() {
	for _, v := range []any{"", 0, 0.0, false, []string{}} {
		gob.Register(v)
	}
})

// pack writes Findings as they are kept: gob, gzip. JSON, which is for others, has no number that is not finite; gob gives
// back exactly the Findings that went in.
func pack(f *findings.Findings) ([]byte, error) {
	registerValues()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := gob.NewEncoder(z).Encode(f); err != nil {
		return nil, fmt.Errorf("keep the findings: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack is the reverse of pack. What is damaged, cut off or followed by something is an error.
func unpack(packed []byte) (*findings.Findings, error) {
	registerValues()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read the findings: %w", err)
	}
	f := &findings.Findings{}
	content := bufio.NewReader(z)
	if err := gob.NewDecoder(content).Decode(f); err != nil {
		return nil, fmt.Errorf("read the findings: %w", err)
	}
	// The checksum stands at the end, which gob does not read up to.
	if more, err := io.Copy(io.Discard, content); err != nil {
		return nil, fmt.Errorf("read the findings: %w", err)
	} else if more > 0 {
		return nil, fmt.Errorf("read the findings: %d bytes follow them that do not belong there", more)
	}
	return f, z.Close()
}

// load reads the Findings of a report from the store.
func load(ctx context.Context, r db.Reader, fileID string) (*findings.Findings, error) {
	var b bytes.Buffer
	if err := files.Copy(ctx, r, fileID, &b); err != nil {
		return nil, err
	}
	return unpack(b.Bytes())
}
