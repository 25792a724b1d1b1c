package instrument

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Limits of an instrument. They are far above any questionnaire that people fill in, and bound what a hostile file
// can cost.
const (
	MaxBytes     = 4 << 20 // size of the file
	MaxItems     = 2000
	MaxOptions   = 250 // of an item, so that a variable's codes fit in a byte
	MaxVariables = 5000
	maxChoices   = 50_000 // options of all items together
)

// MinGroupSize is the smallest group_size that is accepted: a group of fewer people is never shown.
const MinGroupSize = 5

// Parse reads an instrument from YAML and checks all of it. The name of the file stands in the messages only.
//
// The error is a *Problems that lists everything wrong. Docs: docs/instruments.md; JSON Schema: instruments.
func Parse(file string, src []byte) (*Instrument, error) {
	problems := &Problems{}
	d := &decoder{file: file, problems: problems, where: map[string]place{}, broken: map[string]bool{}}
	root := readYAML(d, src)
	if err := problems.err(); err != nil {
		return nil, err
	}
	in := &Instrument{}
	d.decode(root, reflect.ValueOf(in).Elem(), "")
	c := &checker{decoder: d, in: in}
	c.check()
	if err := problems.err(); err != nil {
		return nil, err
	}
	return in, nil
}

// readYAML returns the one document in src, or reports why there is none.
func readYAML(d *decoder, src []byte) *yaml.Node {
	whole := func(line, column int, message, mend string) *yaml.Node {
		d.problems.add(Problem{File: d.file, Line: line, Column: column, Message: message, Mend: mend})
		return nil
	}
	if len(src) > MaxBytes {
		return whole(0, 0, "the file is larger than 4 MB", "an instrument is a short text file: check that this is the right one")
	}
	if line, column := invalidUTF8(src); line > 0 {
		return whole(line, column, "the file is not valid UTF-8 here", "save it as UTF-8 (in a spreadsheet or editor: encoding UTF-8)")
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var document yaml.Node
	if err := dec.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return whole(0, 0, "the file is empty", "start from an instrument that works, such as genai-monitor.yaml")
		}
		line, message := yamlError(err)
		return whole(line, 1, "this is not YAML: "+message, mendYAML)
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		line := second.Line
		if err != nil {
			line, _ = yamlError(err)
		}
		return whole(line, 1, "the file goes on after the first document", "keep one instrument in a file and remove the line ---")
	}
	return document.Content[0]
}

const mendYAML = "check the indentation and the colons from this line on, and put a text with : ? # or , between double quotes"

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// yamlError splits an error of the YAML library into its line (1 when it names none) and its words.
//
// The library counts lines from 0 in the errors of its parser, all of which say what it "did not find", and from 1 in
// those of its scanner.
func yamlError(err error) (line int, message string) {
	text := err.Error()
	found := yamlLine.FindStringSubmatch(text)
	if found == nil {
		return 1, text
	}
	message = strings.TrimPrefix(text, found[0])
	line, _ = strconv.Atoi(found[1])
	if strings.HasPrefix(message, "did not find expected") {
		line++
	}
	return max(1, line), message
}

// invalidUTF8 returns line and column of the first byte that is not UTF-8, or 0, 0.
func invalidUTF8(src []byte) (line, column int) {
	if utf8.Valid(src) {
		return 0, 0
	}
	line, column = 1, 1
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			return line, column
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
		src = src[size:]
	}
	return 0, 0
}
