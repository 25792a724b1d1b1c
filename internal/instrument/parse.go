package instrument

import "tekentafel/internal/yamlfile"

// Limits of an instrument. They are far above any questionnaire that people fill in, and bound what a hostile file
// can cost.
const (
	MaxBytes     = 4 << 20 // size of the file
	MaxItems     = 2000
	MaxOptions   = 250 // of an item, so that a variable's codes fit in a byte
	MaxVariables = 5000
	maxChoices   = 50_000 // options of all items together
	maxList      = 5000   // elements of any list
)

// MinGroupSize is the smallest group_size that is accepted: a group of fewer people is never shown.
const MinGroupSize = 5

// Parse reads an instrument from YAML and checks all of it. The name of the file stands in the messages only.
//
// The error is a *Problems that lists everything wrong. Docs: docs/instruments.md; JSON Schema: instruments.
func Parse(file string, src []byte) (*Instrument, error) {
	problems, in := &Problems{}, &Instrument{}
	read := yamlfile.Read(file, src, in, form(), problems)
	if read == nil {
		return nil, problems.Err()
	}
	c := &checker{Reader: read, in: in}
	c.check()
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return in, nil
}

// same is the key of a text that reads alike in every language, such as an item code.
const same = "same"

func form() yamlfile.Form {
	f := yamlfile.Form{MaxBytes: MaxBytes, MaxList: maxList, Words: []string{same},
		Large: "an instrument is a short text file: check that this is the right one",
		Empty: "start from an instrument that works, such as genai-monitor.yaml",
		Alias: "write the text out, or put shared options under scales and name them with options_from"}
	for _, l := range Languages() {
		f.Words = append(f.Words, string(l))
	}
	return f
}
