package wire

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestStringsOfArgumentsAreFilteredAsPlainText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type pair struct {
			Key   string
			Value any
		}
		word := rapid.SliceOf(rapid.SampledFrom([]string{"[P-1]", "[P", "é", "😀", "\"", "\\", "x", "\n", "1"}))
		in, want := map[string]any{}, map[string]any{}
		put := func(s string) string { return strings.ReplaceAll(s, "[P-1]", `Jos "é"`) }
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			p := pair{strings.Join(word.Draw(t, "key"), ""), 1.5}
			if rapid.Bool().Draw(t, "text") {
				p.Value = strings.Join(word.Draw(t, "value"), "")
				want[put(p.Key)] = put(p.Value.(string))
			} else {
				want[put(p.Key)] = p.Value
			}
			in[p.Key] = p.Value
		}
		text, _ := json.Marshal(in)
		s := string(text)
		if rapid.Bool().Draw(t, "escapes") {
			s = strings.NewReplacer("é", `\u00e9`, "😀", `\ud83d\uDE00`, "[", `\u005B`).Replace(s)
		}
		f := newArguments(func() Filter { return &replacing{word: "[P-1]", with: `Jos "é"`} })
		var got strings.Builder
		for s != "" {
			n := rapid.IntRange(1, len(s)).Draw(t, "cut")
			got.WriteString(f.Write(s[:n]))
			s = s[n:]
		}
		got.WriteString(f.Close())
		if a, b := mustDecode(t, []byte(got.String())), mustDecode(t, mustMarshal(want)); string(mustMarshal(a)) != string(mustMarshal(b)) {
			t.Fatalf("%s became %s", text, got.String())
		}
	})
}

func mustMarshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func FuzzArguments(f *testing.F) {
	f.Add(`{"a":"x\ud83d\ude00","b\u005b":1}`, uint8(1))
	f.Add(`"\ud83d\n\x`, uint8(2))
	f.Fuzz(func(t *testing.T, s string, step uint8) {
		run := func(n int) string {
			a := newArguments(func() Filter { return &replacing{word: "a", with: `"`} })
			var out strings.Builder
			for rest := s; rest != ""; {
				m := min(n, len(rest))
				out.WriteString(a.Write(rest[:m]))
				rest = rest[m:]
			}
			out.WriteString(a.Close())
			return out.String()
		}
		whole := run(len(s) + 1)
		if in := run(int(step%7) + 1); in != whole {
			t.Fatalf("%q: %q in pieces, %q whole", s, in, whole)
		}
		if json.Valid([]byte(s)) != json.Valid([]byte(whole)) && json.Valid([]byte(s)) {
			t.Fatalf("%q became %q", s, whole)
		}
	})
}
