package framework

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 4 << 20

// Parse reads a framework from YAML and checks all of it. The name of the file stands in the messages only. The error is
// that of reading, or a *Problems that lists everything wrong with line, column and mend. JSON Schema: content/skills.
func Parse(file string, src io.Reader) (*Framework, error) {
	return parse(file, src, (*Framework).Check)
}

// ParseItems reads the items of one skill from YAML and checks them as Bank.Check does. The name of the file stands in the
// messages only. The error is as that of Parse.
func ParseItems(file string, src io.Reader) (*Bank, error) {
	return parse(file, src, (*Bank).Check)
}

func parse[T any](file string, src io.Reader, check func(*T) []Problem) (*T, error) {
	content, err := io.ReadAll(io.LimitReader(src, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	problems := &Problems{}
	root, wrong := document(content)
	if wrong != nil {
		wrong.File = file
		problems.add(*wrong)
		return nil, problems.err()
	}
	value := new(T)
	d := &decoder{file: file, problems: problems, where: map[string]place{}, broken: map[string]bool{}}
	d.decode(root, reflect.ValueOf(value).Elem(), "")
	if d.broken[""] {
		return nil, problems.err()
	}
	for _, p := range check(value) {
		d.at(p.Path, p.Message, p.Mend)
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	return value, nil
}

// document returns the one document in src, or what is wrong with the file as a whole.
func document(src []byte) (*yaml.Node, *Problem) {
	if len(src) > MaxBytes {
		return nil, &Problem{Message: "the file is larger than 4 MB", Mend: "this is a text file of some hundreds of kB: check that it is the right one"}
	}
	if !utf8.Valid(src) {
		before := bytes.ToValidUTF8(src, []byte("\xff"))
		before = before[:bytes.IndexByte(before, 0xff)]
		start := bytes.LastIndexByte(before, '\n') + 1
		return nil, &Problem{Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(before[start:]) + 1,
			Message: "the file is not valid UTF-8 here", Mend: "save it as UTF-8"}
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var root, second yaml.Node
	if err := dec.Decode(&root); errors.Is(err, io.EOF) {
		return nil, &Problem{Message: "the file is empty", Mend: "start from the file that comes with the product"}
	} else if err != nil {
		return nil, notYAML(err)
	}
	switch err := dec.Decode(&second); {
	case errors.Is(err, io.EOF):
		return root.Content[0], nil
	case err != nil:
		return nil, notYAML(err)
	default:
		return nil, &Problem{Line: second.Line, Column: 1, Message: "the file goes on after the first document", Mend: "keep one in a file and remove the line ---"}
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
