package guard

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func found(text string, list []Finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, string(f.Type)+" "+text[f.Start:f.End])
	}
	return out
}

func TestEveryTypeIsFound(t *testing.T) {
	t.Parallel()
	s := New()
	seen := map[Type]bool{}
	for _, e := range examples() {
		list := s.Scan(e.text)
		if got := found(e.text, list); !slices.Equal(got, e.want) {
			t.Errorf("%q:\n got %q\nwant %q", e.text, got, e.want)
		}
		for _, f := range list {
			seen[f.Type] = true
		}
	}
	for _, ty := range Types() {
		if !seen[ty] {
			t.Errorf("no example has a %s", ty)
		}
	}
}

// streamed returns the findings of a text that comes in pieces, and fails when a piece or finding is not as promised.
func streamed(t interface{ Fatalf(string, ...any) }, s *Scanner, pieces ...string) []Finding {
	st := s.Stream()
	var list []Finding
	var text strings.Builder
	take := func(p Piece) {
		if p.Start != text.Len() {
			t.Fatalf("a piece begins at %d, the one before ended at %d", p.Start, text.Len())
		}
		text.WriteString(p.Text)
		for _, f := range p.Findings {
			if f.Start < p.Start || f.End > text.Len() {
				t.Fatalf("finding %+v stands outside its piece, %d to %d", f, p.Start, text.Len())
			}
		}
		list = append(list, p.Findings...)
	}
	for _, p := range pieces {
		take(st.Write(p))
	}
	take(st.Close())
	if whole := strings.Join(pieces, ""); text.String() != whole {
		t.Fatalf("the pieces give %q, not %q", text.String(), whole)
	}
	return list
}

func TestEverySplitFindsTheSame(t *testing.T) {
	t.Parallel()
	s := New()
	for _, e := range examples() {
		text := "Beste collega, " + e.text + " en verder niets.\n" + e.text
		want := s.Scan(text)
		for i := range len(text) + 1 {
			if got := streamed(t, s, text[:i], text[i:]); !slices.Equal(got, want) {
				t.Fatalf("%q split at %d:\n got %q\nwant %q", text, i, found(text, got), found(text, want))
			}
		}
		if got := streamed(t, s, strings.Split(text, "")...); !slices.Equal(got, want) {
			t.Errorf("%q rune by rune: got %q, want %q", text, found(text, got), found(text, want))
		}
		bytes := make([]string, len(text))
		for i := range bytes {
			bytes[i] = text[i : i+1]
		}
		if got := streamed(t, s, bytes...); !slices.Equal(got, want) {
			t.Errorf("%q byte by byte: got %q, want %q", text, found(text, got), found(text, want))
		}
	}
}

// anyText draws a text of pieces that come near to what is found.
func anyText(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(0, 12).Draw(t, "parts") {
		switch rapid.IntRange(0, 4).Draw(t, "sort") {
		case 0:
			list := examples()
			b.WriteString(list[rapid.IntRange(0, len(list)-1).Draw(t, "example")].text)
		case 1:
			b.WriteString(rapid.StringMatching(`[0-9 ./()+-]{0,24}`).Draw(t, "digits"))
		case 2:
			b.WriteString(rapid.SampledFrom([]string{"Jan ", "Peeters ", "mevrouw ", "Naam: ", "van ", "De ", "J. ", "rue ", "Kerkstraat ", "12 ", ", ", "9000 Gent", "\n", "BSN ", "tel. ", "geboren ",
				"wachtwoord: ", "[PERSOON-1]", "[persoon-2b]", "PERSOON-1", "**", "\\", "[", "]", "@", "(at)", "BE68", "eyJ", "-----BEGIN ", "-----END ", "| ", "\t", "é", "e\u0301", "\u200b", "‑", "d'", "&nbsp;", "&#12;", "°", "groeten,\n"}).Draw(t, "word"))
		case 3:
			b.WriteString(rapid.String().Draw(t, "any"))
		default:
			b.WriteString(string(rapid.SliceOfN(rapid.Byte(), 0, 6).Draw(t, "bytes")))
		}
	}
	return b.String()
}

func TestAnySplitOfAnyTextFindsTheSame(t *testing.T) {
	t.Parallel()
	s := New()
	rapid.Check(t, func(t *rapid.T) {
		text := anyText(t)
		want := s.Scan(text)
		check(t, text, want)
		var pieces []string
		for rest := text; rest != ""; {
			n := min(len(rest), rapid.IntRange(1, 40).Draw(t, "piece"))
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		if got := streamed(t, s, pieces...); !slices.Equal(got, want) {
			t.Fatalf("%q in %q:\n got %q\nwant %q", text, pieces, found(text, got), found(text, want))
		}
	})
}

// check fails when findings overlap, stand out of order or outside the text, or cut a rune.
func check(t interface{ Fatalf(string, ...any) }, text string, list []Finding) {
	end := 0
	for _, f := range list {
		if f.Start < end || f.End <= f.Start || f.End > len(text) {
			t.Fatalf("%+v in %q", f, text)
		}
		if !runeEdge(text, f.Start) || !runeEdge(text, f.End) {
			t.Fatalf("%+v cuts a rune in %q", f, text)
		}
		if f.Why == "" || f.Confidence == 0 || !slices.Contains(Reasons(), f.Why) {
			t.Fatalf("%+v gives no reason", f)
		}
		end = f.End
	}
}

// runeEdge tells whether a place is no continuation of a valid rune.
func runeEdge(text string, i int) bool {
	if i == 0 || i == len(text) || utf8.RuneStart(text[i]) {
		return true
	}
	for k := 1; k < 4 && i-k >= 0; k++ {
		if utf8.RuneStart(text[i-k]) {
			_, n := utf8.DecodeRuneInString(text[i-k:])
			return n <= k
		}
	}
	return true
}

func FuzzScan(f *testing.F) {
	for _, e := range examples() {
		f.Add(e.text, 3)
	}
	s := New()
	f.Fuzz(func(t *testing.T, text string, n int) {
		want := s.Scan(text)
		check(t, text, want)
		if n < 1 || n > len(text) {
			return
		}
		if got := streamed(t, s, text[:n], text[n:]); !slices.Equal(got, want) {
			t.Fatalf("split at %d: got %q, want %q", n, found(text, got), found(text, want))
		}
	})
}

func TestProseIsLetGoAsItComes(t *testing.T) {
	t.Parallel()
	st := New().Stream()
	text := strings.Repeat("De vergadering begint om tien uur en iedereen krijgt vooraf het verslag. ", 20)
	most := 0
	for _, w := range strings.SplitAfter(text, " ") {
		st.Write(w)
		most = max(most, st.Held())
	}
	if most > 40 {
		t.Errorf("%d bytes of plain prose were held back", most)
	}
}

func TestScanAllocatesNothing(t *testing.T) {
	s := New()
	text := prose(4096)
	list := make([]Finding, 0, 64)
	if n := testing.AllocsPerRun(50, func() { list = s.Append(list[:0], text) }); n > 0.1 {
		t.Errorf("%.1f allocations for a text", n)
	}
}

func TestLongWordsAreNotHeldBack(t *testing.T) {
	t.Parallel()
	s := New()
	for _, part := range []string{"a", "Ab", "é", "9", "５", "iVBORw0KGgo", "0x1f", "%20", "\u200b", "1\u200b", "----", "A.", "@@", "[[", "**"} {
		st := s.Stream()
		most := 0
		for range 4000 {
			st.Write(part)
			most = max(most, st.Held())
		}
		if most > 400 {
			t.Errorf("%q again and again: %d bytes were held back", part, most)
		}
	}
}

func TestHostileTextsTakeNoMoreThanTheirLength(t *testing.T) {
	t.Parallel()
	s := New()
	start := time.Now()
	for _, part := range []string{"1 ", "a@", "a@b.", "eyJ-", "eyJ.", "sk-", "token=", "password:", "BE68 ", "A.", "Jan ", "rue ", "(0", "mevr. ", "-----BEGIN PRIVATE KEY-----\n", "1-ABC-", "ik ben ", "Ik ben A. ", "Jan op de ", "mijn naam is Xa ", "groet, ", "PERSOON-", "[PERSOON-1", "\\["} {
		text := strings.Repeat(part, 100_000/len(part))
		list := s.Scan(text)
		check(t, text, list)
		p := NewPseudonyms(LabelsOf("nl"))
		if p.Restore(p.Mask(text, list, allMasked())) != text {
			t.Errorf("%q does not come back", part)
		}
	}
	if d := time.Since(start); d > 30*time.Second { // a tenth of a second each when the machine is idle; minutes when time grows with the square
		t.Errorf("%s for 2 MB of hostile text", d)
	}
}

func TestOneScannerServesMany(t *testing.T) {
	t.Parallel()
	s := New()
	text := prose(4096)
	want := s.Scan(text)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				if got := s.Scan(text); !slices.Equal(got, want) {
					t.Errorf("got %d findings, want %d", len(got), len(want))
					return
				}
			}
		})
	}
	wait.Wait()
}
