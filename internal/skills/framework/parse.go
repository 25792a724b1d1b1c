package framework

import (
	"fmt"
	"io"

	"tekentafel/internal/yamlfile"
)

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 4 << 20

// maxList bounds the length of any list.
const maxList = 1000

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
	problems, value := &Problems{}, new(T)
	read := yamlfile.Read(file, content, value, form(), problems)
	if read == nil {
		return nil, problems.Err()
	}
	for _, p := range check(value) {
		read.At(p.Path, p.Message, p.Mend)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return value, nil
}

func form() yamlfile.Form {
	f := yamlfile.Form{MaxBytes: MaxBytes, MaxList: maxList,
		Large: "this is a text file of some hundreds of kB: check that it is the right one",
		Empty: "start from the file that comes with the product"}
	for _, l := range Languages() {
		f.Words = append(f.Words, string(l))
	}
	return f
}
