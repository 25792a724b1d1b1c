package limesurvey

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxBytes is the largest structure that is read; those of real surveys have a few hundred kilobytes.
const MaxBytes = 16 << 20

// Bounds of what a structure may make the program hold.
const (
	maxRows   = 100_000
	maxFields = 2_000_000
	maxValue  = 64 << 10 // bytes of one value; a longer one is cut off
	maxDepth  = 16
)

// row is a row of a table: its fields by name.
type row map[string]string

// structure is what a .lss holds, as far as it is wanted.
type structure struct {
	kind      string // LimeSurveyDocType
	languages []string
	tables    map[string][]row
}

// wanted are the tables that are read. The file has others, such as themes and mails.
var wanted = map[string]bool{
	"surveys": true, "surveys_languagesettings": true, "groups": true, "group_l10ns": true, "questions": true, "subquestions": true,
	"question_l10ns": true, "question_attributes": true, "answers": true, "answer_l10ns": true,
}

// readStructure reads the tables of a .lss. Document types, and with them entities of one's own, are refused.
func readStructure(file string, src []byte) (*structure, error) {
	refuse := func(message, mend string) error { return &Problem{file, message, mend} }
	const export = "export the survey anew in LimeSurvey: Display/Export, Survey structure (.lss)"
	if len(src) > MaxBytes {
		return nil, refuse("the file is larger than 16 MB", export)
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if !utf8.Valid(src) {
		return nil, refuse("the file is not text in UTF-8", export)
	}
	s := &structure{tables: map[string][]row{}}
	d := xml.NewDecoder(bytes.NewReader(src))
	d.Strict = true
	if err := s.read(d); err != nil {
		var known *Problem
		if errors.As(err, &known) {
			known.File = file
			return nil, known
		}
		return nil, refuse("the file is no XML that can be read: "+shortened(err.Error()), export)
	}
	switch {
	case s.kind == "" && len(s.tables["questions"]) == 0:
		return nil, refuse("the file is no structure of LimeSurvey", export)
	case s.kind != "" && s.kind != "Survey":
		return nil, refuse("the file holds a "+quote(s.kind)+" and not a whole survey", export)
	case len(s.tables["questions"]) == 0:
		return nil, refuse("the survey has no questions", export)
	}
	return s, nil
}

// read walks the document: document > table > rows > row > field.
func (s *structure) read(d *xml.Decoder) error {
	var path []string
	var current row
	var text strings.Builder
	rows, fields := 0, 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(path) > 0 {
				return &Problem{Message: "the file breaks off inside <" + path[len(path)-1] + ">", Mend: "download it again"}
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return &Problem{Message: "the file declares a document type, which no export of LimeSurvey does", Mend: "take the file as LimeSurvey wrote it"}
		case xml.StartElement:
			if len(path) >= maxDepth {
				return &Problem{Message: "the file is nested deeper than any export of LimeSurvey", Mend: "take the file as LimeSurvey wrote it"}
			}
			path = append(path, t.Name.Local)
			text.Reset()
			if len(path) == 4 && path[2] == "rows" && path[3] == "row" && wanted[path[1]] {
				if rows++; rows > maxRows {
					return &Problem{Message: "the file has more than 100,000 rows", Mend: "take the file as LimeSurvey wrote it"}
				}
				current = row{}
			}
		case xml.CharData:
			if text.Len() < maxValue {
				text.Write(t[:min(len(t), maxValue-text.Len())])
			}
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1] != t.Name.Local {
				return &Problem{Message: "</" + shortened(t.Name.Local) + "> closes what is not open", Mend: "download the file again"}
			}
			if len(path) == 5 && current != nil {
				if fields++; fields > maxFields {
					return &Problem{Message: "the file has too many fields", Mend: "take the file as LimeSurvey wrote it"}
				}
			}
			s.close(path, &current, strings.ToValidUTF8(text.String(), ""))
			path = path[:len(path)-1]
			text.Reset()
		}
	}
}

// close takes what an element held.
func (s *structure) close(path []string, current *row, text string) {
	switch {
	case len(path) == 2 && path[1] == "LimeSurveyDocType":
		s.kind = strings.TrimSpace(text)
	case len(path) == 3 && path[1] == "languages" && path[2] == "language":
		if len(s.languages) < 100 {
			s.languages = append(s.languages, strings.TrimSpace(text))
		}
	case len(path) == 5 && *current != nil:
		(*current)[path[4]] = text
	case len(path) == 4 && *current != nil:
		s.tables[path[1]] = append(s.tables[path[1]], *current)
		*current = nil
	}
}

// shortened keeps the beginning of a message of a library.
func shortened(s string) string {
	const most = 120
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
