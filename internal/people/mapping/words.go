package mapping

import (
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed words.yaml
var wordsFile []byte

// notUsed stands for what personnel files hold and the organisation's model does not: it is recognised so that it is left out.
const notUsed Field = "not-used"

// words is what is known of headings; words.yaml says what each part is.
type words struct {
	Headings []struct {
		Field  Field    `yaml:"field"`
		Weight float64  `yaml:"weight"`
		Words  []string `yaml:"words"`
	} `yaml:"headings"`
	Levels       []string `yaml:"levels"`
	Numbered     []string `yaml:"numbered"`
	Managers     []string `yaml:"managers"`
	Descriptions []string `yaml:"descriptions"`
	Codes        []string `yaml:"codes"`
}

// vocabulary reads words.yaml once. The file is part of the program, and a test reads it: it cannot be wrong.
var vocabulary = sync.OnceValue(func() *lexicon {
	var w words
	if err := yaml.Unmarshal(wordsFile, &w); err != nil {
		panic(fmt.Sprintf("words.yaml: %v", err))
	}
	return newLexicon(&w)
})
