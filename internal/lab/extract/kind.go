package extract

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// kindOf tells by the content what a file is. What is not read is refused with how to mend it.
func kindOf(name string, data []byte) (Kind, error) {
	head := data[:min(len(data), 1024)]
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return "", refuse("error.nothing")
	case bytes.Contains(head, []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return kindOfZip(data)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return "", refuse(kindOfCompound(data))
	case bytes.HasPrefix(bytes.TrimLeft(head, " \r\n\t\xEF\xBB\xBF"), []byte(`{\rtf`)):
		return "", refuse("error.rtf")
	case picture(head):
		return "", refuse("error.image")
	}
	text, ok := decode(data[:min(len(data), 64<<10)])
	switch ext := strings.ToLower(path.Ext(name)); {
	case !ok:
		return "", refuse("error.unknown")
	case ext == ".md" || ext == ".markdown":
		return Markdown, nil
	case looksLikeCSV(text):
		return CSV, nil
	}
	return Plain, nil
}

func picture(head []byte) bool {
	for _, sign := range []string{"\x89PNG\r\n", "\xFF\xD8\xFF", "GIF87a", "GIF89a", "BM", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(head, []byte(sign)) && (sign != "BM" || len(head) > 14 && bytes.Equal(head[6:10], []byte{0, 0, 0, 0})) {
			return true
		}
	}
	return len(head) > 12 && (string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" || string(head[4:8]) == "ftyp")
}

// kindOfCompound tells which of the containers of older Office is one: what is protected with a password is put in such a one too.
func kindOfCompound(data []byte) string {
	wide := func(s string) []byte {
		var b []byte
		for _, c := range []byte(s) {
			b = append(b, c, 0)
		}
		return b
	}
	switch {
	case bytes.Contains(data, wide("EncryptedPackage")) || bytes.Contains(data, wide("EncryptionInfo")):
		return "error.password"
	case bytes.Contains(data, wide("WordDocument")):
		return "error.doc"
	case bytes.Contains(data, wide("Workbook")) || bytes.Contains(data, wide("Book")):
		return "error.xls"
	}
	return "error.old"
}

// kindOfZip looks at which parts there are.
func kindOfZip(data []byte) (Kind, error) {
	z, err := openZip(data)
	if err != nil {
		return "", err
	}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		switch {
		case name == "mimetype":
			return kindOfODF(f)
		case name == "xl/workbook.xml" || name == "xl/workbook2.xml":
			return XLSX, nil
		case name == "xl/workbook.bin":
			return "", refuse("error.xls")
		case name == "word/document.xml" || strings.HasPrefix(name, "word/document") && strings.HasSuffix(name, ".xml"):
			return DOCX, nil
		case strings.HasPrefix(name, "ppt/presentation"):
			return "", refuse("error.slides")
		}
	}
	return "", refuse("error.zip")
}

func kindOfODF(f *zip.File) (Kind, error) {
	r, err := f.Open()
	if err != nil {
		return "", damaged(err)
	}
	defer r.Close() //nolint:errcheck // only read from
	b, err := io.ReadAll(io.LimitReader(r, 200))
	if err != nil {
		return "", damaged(err)
	}
	switch kind := strings.TrimSpace(string(b)); {
	case strings.HasPrefix(kind, "application/vnd.oasis.opendocument.text"):
		return ODT, nil
	case strings.HasPrefix(kind, "application/vnd.oasis.opendocument.spreadsheet"):
		return "", refuse("error.ods")
	case strings.HasPrefix(kind, "application/vnd.oasis.opendocument.presentation"):
		return "", refuse("error.slides")
	}
	return "", refuse("error.zip")
}

// looksLikeCSV tells whether the first lines have the same separator equally often.
func looksLikeCSV(text string) bool {
	lines := strings.Split(text, "\n")
	lines = lines[:min(len(lines), 12)]
	for _, sep := range []string{";", "\t", ","} {
		first, rows := -1, 0
		for _, line := range lines {
			if strings.TrimSpace(line) == "" {
				continue
			}
			n := strings.Count(line, sep)
			if first < 0 {
				first = n
			}
			if n != first || n == 0 {
				rows = -1
				break
			}
			rows++
		}
		if rows >= 2 && (rows > 2 || first > 1 || sep != ",") { // two sentences may have a comma each
			return true
		}
	}
	return false
}
