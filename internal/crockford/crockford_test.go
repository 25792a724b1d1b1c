package crockford

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func signs(t *rapid.T, n int) string {
	b := rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "signs")
	for i := range b {
		b[i] = Sign(b[i])
	}
	return string(b)
}

func TestSignsAreReadHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := signs(t, rapid.IntRange(1, 20).Draw(t, "length"))
		text := Write(want, rapid.IntRange(1, 6).Draw(t, "group"))
		if rapid.Bool().Draw(t, "small") {
			text = strings.ToLower(text)
		}
		text = strings.ReplaceAll(text, "-", rapid.SampledFrom([]string{"-", " ", "", " - ", "–", "−", "―", ".", "_", "\u00a0", "\r\n", "\t"}).Draw(t, "between"))
		text = strings.ReplaceAll(text, "0", rapid.SampledFrom([]string{"0", "o", "O"}).Draw(t, "nought"))
		text = strings.ReplaceAll(text, "1", rapid.SampledFrom([]string{"1", "i", "L", "l"}).Draw(t, "one"))
		if got, err := Read(" "+text+" ", len(want)); err != nil || got != want {
			t.Fatalf("%q is read as %q, want %q: %v", text, got, want, err)
		}
	})
}

func TestWhatIsNoCodeIsSaid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{"": ErrLength, " - ": ErrLength, "ABC": ErrLength, "ABCDE": ErrLength, "ABCU": ErrSign, "ABCé": ErrSign, "AB\x00C": ErrSign, "AB\xffC": ErrSign,
		"A B C D": nil, strings.Repeat(" ", 1<<20): ErrLength} {
		if _, err := Read(text, 4); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
	}
	if !Blank(" -\u2013\n") || Blank("- 0") {
		t.Error("it does not know what is blank")
	}
}

func TestTheCheckNoticesOneWrongSignAndTwoThatChangedPlaces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sum := rapid.ByteRange(0, 31).Draw(t, "sum")
		code := signs(t, rapid.IntRange(1, 30).Draw(t, "length"))
		code += string(Check(code, sum))
		if Fold(code) != sum {
			t.Fatal("it does not fold to its sum")
		}
		at := rapid.IntRange(0, len(code)-1).Draw(t, "at")
		wrong := Sign(rapid.Byte().Draw(t, "wrong"))
		if other := code[:at] + string(wrong) + code[at+1:]; other != code && Fold(other) == sum {
			t.Fatalf("%s and %s fold alike", code, other)
		}
		if at > 0 && code[at] != code[at-1] && Fold(code[:at-1]+string(code[at])+string(code[at-1])+code[at+1:]) == sum {
			t.Fatalf("%s folds alike when sign %d changes places", code, at)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("oil0-OIL1", 8)
	f.Fuzz(func(t *testing.T, s string, length int) {
		if length < 0 || length > 100 {
			return
		}
		got, err := Read(s, length)
		if err != nil {
			return
		}
		if again, err := Read(Write(got, 4), length); err != nil || again != got || len(got) != length {
			t.Fatalf("%q is read as %q, which is read as %q: %v", s, got, again, err)
		}
	})
}
