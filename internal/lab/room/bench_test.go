package room

import (
	"strings"
	"testing"

	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
)

// BenchmarkReview measures what a question costs before it goes: a letter, and a document of 300 kB that is full of people.
func BenchmarkReview(b *testing.B) {
	s := guard.New()
	for name, text := range map[string]string{"letter": strings.Repeat(letter+" ", 5), "table": table(5000)} {
		messages := []lab.Message{user(text)}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				reviewOf(s, guard.DefaultPolicy(), instrument.NL, messages)
			}
		})
	}
}
