package compose

import (
	"os"
	"regexp"
	"testing"

	"tekentafel/internal/instrument"
)

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestEveryIssueLossAndHintHasItsWords(t *testing.T) {
	t.Parallel()
	p := locale().Printer(instrument.NL)
	var keys []string
	for _, file := range []string{"draft.go", "levels.go", "own.go", "condition.go", "texts.go"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`m\.issue\("([a-z-]+)"|Issue\{Key: "([a-z-]+)"`).FindAllStringSubmatch(string(src), -1) {
			keys = append(keys, "issue."+m[1]+m[2], "ready."+m[1]+m[2])
		}
	}
	if len(keys) < 16 {
		t.Errorf("only %d issues were found in the source", len(keys)/2)
	}
	for _, k := range []LossKind{LostBenchmark, LostModel, LostConstruct, LostItems, LostIndicator, LostItem} {
		keys = append(keys, "loss."+string(k))
	}
	for _, h := range []Hint{HintDouble, HintNegative, HintLong, HintWord} {
		keys = append(keys, "hint."+string(h))
	}
	for _, k := range Kinds() {
		keys = append(keys, "kind."+string(k), "kind-text."+string(k))
	}
	for _, k := range keys {
		if !p.Has(k) {
			t.Errorf("%s has no words", k)
		}
	}
}

func TestTheBuiltInScalesAreWholeInEveryLanguage(t *testing.T) {
	t.Parallel()
	list, err := readScales(scaleFile)
	if err != nil || len(list) < 5 {
		t.Fatalf("%d scales, %v", len(list), err)
	}
	for _, s := range list {
		texts := []instrument.Text{s.Name}
		for _, p := range s.Points {
			texts = append(texts, p.Label)
		}
		for _, text := range texts {
			for _, l := range instrument.Languages() {
				if text[l] == "" {
					t.Errorf("%s: a text lacks %s: %v", s.ID, l, text)
				}
			}
		}
		if len(s.Points) < minPoints || len(s.Points) > maxPoints {
			t.Errorf("%s has %d points", s.ID, len(s.Points))
		}
	}
}
