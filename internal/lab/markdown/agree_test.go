package markdown

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	nodejs "tekentafel/internal/testkit/node"
)

// pieces are what texts are made of that try the grammar.
var pieces = []string{
	"a", "woord", " ", " ", "\n", "\n", "\n\n", "*", "**", "***", "_", "__", "~", "~~", "`", "``", "```", "~~~\n", "- ", "* ", "+ ", "1. ", "2) ", "10. ", "> ", ">",
	"# ", "### ", "## x\n", "# y\n", "#### z\n", "#", "---\n", "***\n", "    ", "  ", "   ", "|", "|---|\n", "| a | b |\n|:-|-:|\n", "\\", "\\|", "[", "]", "(", ")", "![", "](", "](https://a.be)",
	"](https://a.be/x \"t\")", "<", ">", "<https://a.be>", "<x@y.be>", "https://a.be/p?q=1", "https://", "&amp;", "&lt;", "&#58;", "&#x3a;", "&", ";", "\"", "'", "!", ".", "é", "“", "€", "😀",
	"[ ] ", "[x] ", "===\n", "javascript:", "<b>", "</b>", "<script>", "\u200b", "\u202e", "www.a.be", "10", ":", "mailto:",
}

// drawn returns what the script makes of texts, with the Dutch words.
func drawn(t *testing.T, p *nodejs.Process, texts ...string) []string {
	t.Helper()
	return nodejs.Do[[]string](p, "draw", map[string]any{"texts": texts, "image": notLoaded("nl")})
}

func TestServerAndBrowserAgreeOnAnyText(t *testing.T) {
	t.Parallel()
	p := nodejs.Run(t, "testdata/serve.mjs")
	rapid.Check(t, func(rt *rapid.T) {
		texts := make([]string, 20)
		for i := range texts {
			texts[i] = strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 60).Draw(rt, "pieces"), "")
		}
		for i, got := range drawn(t, p, texts...) {
			if want := HTML(texts[i], Options{Lang: "nl"}); seen(t, got) != seen(t, want) {
				rt.Fatalf("of %q\nthe server makes  %s\nthe browser makes %s", texts[i], want, got)
			}
		}
	})
}

func TestTextThatArrivesInPiecesIsDrawnAsTheWhole(t *testing.T) {
	t.Parallel()
	p := nodejs.Run(t, "testdata/serve.mjs")
	rapid.Check(t, func(rt *rapid.T) {
		var steps []string
		whole := ""
		for _, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(rt, "pieces") {
			whole += piece
			if rapid.Bool().Draw(rt, "drawn here") {
				steps = append(steps, whole)
			}
		}
		steps = append(steps, whole)
		got := nodejs.Do[string](p, "grow", map[string]any{"steps": steps, "image": notLoaded("nl")})
		if want := drawn(t, p, whole)[0]; got != want {
			rt.Fatalf("of %q\nat once   %s\nin pieces %s", steps, want, got)
		}
	})
}
