package report

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/gob"
	"fmt"
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

// unpack is the reverse of pack.
func unpack(packed []byte) (*findings.Findings, error) {
	registerValues()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read the findings: %w", err)
	}
	f := &findings.Findings{}
	if err := gob.NewDecoder(z).Decode(f); err != nil {
		return nil, fmt.Errorf("read the findings: %w", err)
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
