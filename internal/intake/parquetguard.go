package intake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const (
	footerBytes = 64 << 20 // of the largest description of a file
	headerBytes = 64 << 10 // of the largest description of a page
)

// guard turns a panic of a library on a hostile file into an error.
func (f input) guard(err *error) {
	if p := recover(); p != nil {
		*err = f.damaged(fmt.Sprint(p))
	}
}

func (f input) damaged(why string) error {
	return &Error{Kind: KindFormat, File: f.name, Message: "the file is damaged: " + why, Mend: "export the answers anew"}
}

// checkFooter looks at the description of a Parquet file before the library trusts it.
func (f input) checkFooter() error {
	const frame = 8 // length and magic behind the description; the magic in front is shorter
	if f.size < frame+4 {
		return f.damaged("it is cut off")
	}
	end := make([]byte, frame)
	if _, err := f.file.ReadAt(end, f.size-frame); err != nil {
		return f.unreadable(err)
	}
	length := int64(binary.LittleEndian.Uint32(end))
	switch {
	case string(end[4:]) == "PARE":
		return &Error{Kind: KindFormat, File: f.name, Message: "the Parquet file is encrypted", Mend: "export it without encryption"}
	case string(end[4:]) != "PAR1" || length > f.size-frame-4:
		return &Error{Kind: KindFormat, File: f.name, Message: "the Parquet file is damaged or incomplete", Mend: "export or copy it anew"}
	case length > footerBytes:
		return f.damaged(fmt.Sprintf("its description takes %d MiB", length>>20))
	}
	footer := make([]byte, length)
	if _, err := f.file.ReadAt(footer, f.size-frame-length); err != nil {
		return f.unreadable(err)
	}
	if _, err := walkThrift(footer); err != nil {
		return f.damaged(err.Error())
	}
	return nil
}

// checkPages looks at the headers of a column's pages in one row group before the library makes room for what they
// announce.
func (s *parquetSource) checkPages(group, column int) error {
	g := s.file.Metadata().RowGroups[group]
	m := g.Columns[column].MetaData
	start := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		start = m.DictionaryPageOffset
	}
	if start < 0 || m.TotalCompressedSize < 0 || start > s.size || m.TotalCompressedSize > s.size-start {
		return s.damaged("a column lies outside it")
	}
	window := make([]byte, headerBytes)
	at, end := start, start+m.TotalCompressedSize
	for rows := int64(0); rows < g.NumRows && at < end; {
		n, err := s.input.file.ReadAt(window[:min(int64(len(window)), end-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return s.unreadable(err)
		}
		length, err := walkThrift(window[:n])
		if err != nil {
			return s.damaged(err.Error())
		}
		var h format.PageHeader
		if err := thrift.Unmarshal(&thrift.CompactProtocol{}, window[:length], &h); err != nil {
			return s.damaged(err.Error())
		}
		at += int64(length)
		values, err := s.checkPage(&h, g.NumRows, end-at)
		if err != nil {
			return err
		}
		rows += values
		at += int64(h.CompressedPageSize)
	}
	return nil
}

// checkPage returns the number of values in a page of data, 0 for another page.
func (s *parquetSource) checkPage(h *format.PageHeader, rows, left int64) (int64, error) {
	packed, unpacked := int64(h.CompressedPageSize), int64(h.UncompressedPageSize)
	if packed < 0 || packed > left || unpacked < 0 || unpacked > int64(s.limits.ColumnBytes) {
		return 0, s.damaged(fmt.Sprintf("a page announces %d bytes, unpacked %d", packed, unpacked))
	}
	values := int64(0)
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		if n := int64(h.DictionaryPageHeader.V.NumValues); n < 0 || n > unpacked+1 {
			return 0, s.damaged(fmt.Sprintf("a dictionary announces %d values in %d bytes", n, unpacked))
		}
		return 0, nil
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		values = int64(h.DataPageHeader.V.NumValues)
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
		values = int64(h.DataPageHeaderV2.V.NumValues)
	}
	if values < 0 || values > rows {
		return 0, s.damaged(fmt.Sprintf("a page announces %d values for %d rows", values, rows))
	}
	return values, nil
}
