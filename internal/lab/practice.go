package lab

import "strings"

// The marks around the answer that the practice model gives in a challenge: what is planted in it is the same for everyone.
const (
	practiceOpen  = "[[practice]]"
	practiceClose = "[[/practice]]"
)

// WithPractice adds the fixed answer of the practice model to what a model is told beforehand. Only that model may get it: CutPractice takes
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

// CutPractice takes the fixed answer of the practice model out of what a model is told beforehand. answer is "" when there is none.
func CutPractice(system string) (plain, answer string) {
	before, rest, found := strings.Cut(system, practiceOpen)
	if !found {
		return system, ""
	}
	answer, after, _ := strings.Cut(rest, practiceClose)
	return strings.TrimSpace(strings.TrimSpace(before) + "\n\n" + strings.TrimSpace(after)), strings.TrimSpace(answer)
}
