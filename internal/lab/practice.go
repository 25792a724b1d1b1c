package lab

import "strings"

// The marks around the answer that the practice model gives in a challenge: what is planted in it is the same for everyone.
const (
	practiceOpen  = "[[practice]]"
	practiceClose = "[[/practice]]"
)

// WithPractice adds a fixed answer of the practice model to what a model is told beforehand: the first one is its first answer, a second one its second. Only that model may get it: CutPractice takes
// it out for any other, and before a person sees the text.
func WithPractice(system, answer string) string {
	if answer == "" {
		return system
	}
	block := practiceOpen + "\n" + strings.ReplaceAll(answer, practiceClose, "") + "\n" + practiceClose
	if system == "" {
		return block
	}
	return system + "\n\n" + block
}

// CutPractice takes the fixed answers of the practice model out of what a model is told beforehand. answer is the first of them, "" when there
// is none.
func CutPractice(system string) (plain, answer string) {
	for first := true; ; first = false {
		before, rest, found := strings.Cut(system, practiceOpen)
		if !found {
			return system, answer
		}
		text, after, _ := strings.Cut(rest, practiceClose)
		if first {
			answer = strings.TrimSpace(text)
		}
		system = strings.TrimSpace(strings.TrimSpace(before) + "\n\n" + strings.TrimSpace(after))
	}
}
