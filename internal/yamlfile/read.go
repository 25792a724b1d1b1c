package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Form is what a file may be, and what its messages advise.
type Form struct {
	MaxBytes int    // size of the largest file
	MaxList  int    // length of the longest list
	Large    string // how to mend a file that is larger
	Empty    string // how to mend one that is empty
	Alias    string // how to write what anchors and aliases are used for; "" for writing it out
	// Words are the keys that a mapping may have whose Go type has keys of a named type, such as languages. Any key stands for itself in a
	// mapping with keys of type string.
	Words []string
}

// Read reads the one document of a file into a value, which is a pointer to a struct. Nothing is guessed: unknown keys, keys that stand twice,
// anchors, tags and values of another kind are problems. The reader that it returns knows where everything stood, and takes
// further problems; it is nil when the file as a whole cannot be read, or holds no mapping.
func Read(file string, src []byte, value any, f Form, problems *Problems) *Reader {
	root, wrong := document(src, &f)
	if wrong != nil {
		wrong.File = file
		problems.Add(*wrong)
		return nil
	}
	return read(file, root, value, f, problems)
}

// document returns the one document in src, or what is wrong with the file as a whole.
func document(src []byte, f *Form) (*yaml.Node, *Problem) {
	if len(src) > f.MaxBytes {
		return nil, &Problem{Message: fmt.Sprintf("the file is larger than %d MB", f.MaxBytes>>20), Mend: f.Large}
	}
	if line, column := notUTF8(src); line > 0 {
		return nil, &Problem{Line: line, Column: column, Message: "the file is not valid UTF-8 here", Mend: "save it as UTF-8 (in a spreadsheet or editor: encoding UTF-8)"}
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var root, second yaml.Node
	if err := dec.Decode(&root); errors.Is(err, io.EOF) {
		return nil, &Problem{Message: "the file is empty", Mend: f.Empty}
	} else if err != nil {
		return nil, notYAML(err)
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		line := second.Line
		if err != nil {
			line = notYAML(err).Line
		}
		return nil, &Problem{Line: line, Column: 1, Message: "the file goes on after the first document", Mend: "keep one in a file and remove the line ---"}
	}
	return root.Content[0], nil
}

// notUTF8 returns line and column of the first byte that is not UTF-8, or 0, 0.
func notUTF8(src []byte) (line, column int) {
	if utf8.Valid(src) {
		return 0, 0
	}
	line, column = 1, 1
	for {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size <= 1 {
			return line, column
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
		src = src[size:]
	}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// notYAML reads an error of the YAML library. Its parser, all of whose errors say what it "did not find", counts lines
// from 0 and its scanner from 1.
func notYAML(err error) *Problem {
	text, line := err.Error(), 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = strings.TrimPrefix(text, m[0])
		line, _ = strconv.Atoi(m[1])
		if strings.HasPrefix(text, "did not find expected") {
			line++
		}
	}
	return &Problem{Line: max(1, line), Column: 1, Message: "this is not YAML: " + text,
		Mend: "check the indentation and the colons from this line on, and put a text with : ? # or , between double quotes"}
}
