package national

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/national/nationaltest"
)

func key(b []byte) []byte {
	h := hmac.New(sha256.New, []byte("a key for tests"))
	h.Write(b)
	return h.Sum(nil)
}

func random(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
}

func TestEveryNumberIsRecognisedInEverySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		kind, n := Rijksregister, nationaltest.Belgian(r)
		if rapid.Bool().Draw(t, "bis") {
			kind, n = BIS, nationaltest.BIS(r)
		}
		var hash string
		for _, s := range nationaltest.Spellings(n) {
			m, ok := Recognise(s)
			if !ok || m.Number.Kind() != kind || m.Number.Digits() != n || m.Spelling == Short {
				t.Fatalf("%q was taken for %v, %v", s, m, ok)
			}
			if h := m.Number.Hash(key); hash != "" && h != hash {
				t.Fatalf("%q has another hash than the spelling before it", s)
			} else if hash = h; !IsHash(h) || !IsHash(strings.ToUpper(h)) {
				t.Fatalf("%q is not taken for a hash", h)
			}
		}
	})
}

func TestANumberThatLostItsZerosIsRecognised(t *testing.T) {
	t.Parallel()
	for year := 2000; year <= 2009; year++ {
		for month := 1; month <= 12; month++ {
			n := nationaltest.Born(year, month, 7, 901)
			short := strings.TrimLeft(n, "0")
			for _, s := range []string{short, short + ".0", short + ",00"} {
				m, ok := RecogniseBelgian(s)
				if !ok || m.Number.Digits() != n || m.Spelling != Short {
					t.Errorf("%q was taken for %v, %v; want %q", s, m, ok, n)
				}
			}
		}
	}
}

func TestNumbersFollowTheDecrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why                      string
		year, month, day, serial int
		want                     bool
	}{
		{"a day", 1985, 7, 30, 933, true},
		{"the first serial number", 1985, 7, 30, 1, true},
		{"the last serial number", 1985, 7, 30, 998, true},
		{"no serial number", 1985, 7, 30, 0, false},
		{"one serial number too many", 1985, 7, 30, 999, false},
		{"day unknown", 1985, 7, 0, 933, true},
		{"day and month unknown", 1985, 0, 0, 933, true},
		{"day and month unknown, the day counts on", 1985, 0, 1, 933, true},
		{"31 April", 1985, 4, 31, 933, false},
		{"29 February of a year without", 1985, 2, 29, 933, false},
		{"29 February 1900", 1900, 2, 29, 933, false},
		{"29 February 2000", 2000, 2, 29, 933, true},
		{"month 13", 1985, 13, 1, 933, false},
		{"month 19", 1985, 19, 1, 933, false},
		{"BIS, sex unknown", 1985, 27, 30, 933, true},
		{"BIS, sex known", 1985, 47, 30, 933, true},
		{"BIS, month unknown", 1985, 40, 0, 933, true},
		{"BIS, month unknown, sex unknown", 2001, 20, 0, 933, true},
		{"BIS, 31 April", 1985, 44, 31, 933, false},
		{"month 33", 1985, 33, 1, 933, false},
		{"month 53", 1985, 53, 1, 933, false},
		{"month 60", 1985, 60, 1, 933, false},
	} {
		if _, ok := Recognise(nationaltest.Born(c.year, c.month, c.day, c.serial)); ok != c.want {
			t.Errorf("%s: %v, want %v", c.why, ok, c.want)
		}
	}
}

func TestOneWrongDigitIsNoticed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		for _, n := range []string{nationaltest.Belgian(r), nationaltest.BSN(r)} {
			b := []byte(n)
			i := rapid.IntRange(0, len(b)-1).Draw(t, "place")
			b[i] = '0' + (b[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "more")))%10
			m, ok := Recognise(string(b))
			// A slip in a number of one century can give one of the other; as one of its own century it never passes.
			if ok && (m.Number.Kind() == BSN || born2000(string(b)) == born2000(n)) {
				t.Fatalf("a wrong digit at %d passed", i)
			}
		}
	})
}

func born2000(n string) bool {
	first, _ := strconv.Atoi(n[:9])
	check, _ := strconv.Atoi(n[9:])
	return 97-first%97 != check
}

// possible counts the Belgian numbers there can be, by the calendar of package time.
func possible() float64 {
	days := 0
	for _, century := range []int{1900, 2000} {
		for year := century; year < century+100; year++ {
			days += 32 // month unknown
			for month := time.January; month <= time.December; month++ {
				days += 1 + time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day() // or day unknown
			}
		}
	}
	return 3 * float64(days) * 998 // as such, BIS with and without a known sex
}

func TestRandomDigitsPassAsOftenAsThereAreNumbers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const n = 2_000_000
	passed, dutch := 0, 0
	for range n {
		if _, ok := RecogniseBelgian(fmt.Sprintf("%011d", r.Int64N(1e11))); ok {
			passed++
		}
		if _, ok := RecogniseDutch(fmt.Sprintf("%09d", r.Int64N(1e9))); ok {
			dutch++
		}
	}
	for _, c := range []struct {
		got   int
		share float64
	}{{passed, possible() / 1e11}, {dutch, 1.0 / 11}} {
		if sd := math.Sqrt(n * c.share * (1 - c.share)); math.Abs(float64(c.got)-n*c.share) > 4*sd {
			t.Errorf("%d of %d passed, want about %.0f", c.got, n, n*c.share)
		}
	}
}

func TestTheDutchCheckIsTheElfproef(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := nationaltest.BSN(random(t))
		for _, s := range []string{n, n[:3] + " " + n[3:6] + " " + n[6:], n[:4] + "." + n[4:6] + "." + n[6:], n + ".0"} {
			if m, ok := Recognise(s); !ok || m.Number.Kind() != BSN || m.Number.Digits() != n {
				t.Fatalf("%q was taken for %v, %v", s, m, ok)
			}
		}
	})
	for s, want := range map[string]bool{"000000000": false, "123456782": true, "123456789": false, "12345672": true, "012345672": true, "1234567": false} {
		if _, ok := RecogniseDutch(s); ok != want {
			t.Errorf("%s: %v, want %v", s, ok, want)
		}
	}
}

func TestANumberPrintsAsItsKind(t *testing.T) {
	t.Parallel()
	n := nationaltest.Belgian(rand.New(rand.NewPCG(1, 2)))
	m, _ := Recognise(n)
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("m", "number", m.Number, "match", m)
	marshalled, err := json.Marshal(map[string]any{"n": m.Number, "m": m, "p": &m})
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.TrimLeft(n, "0")
	for _, s := range []string{
		fmt.Sprint(m, m.Number, &m), fmt.Sprintf("%v %+v %#v %d %x %s %q", m, m, m, m, m.Number, m.Number, m.Number), logged.String(), string(marshalled),
		fmt.Errorf("%v", m).Error(),
	} {
		if strings.Contains(s, plain) || strings.Contains(s, fmt.Sprintf("%x", m.Number.digits)) {
			t.Errorf("the number shows in %q", strings.ReplaceAll(s, plain, "NUMBER"))
		}
		if !strings.Contains(s, string(Rijksregister)) {
			t.Errorf("%q does not name the kind", s)
		}
	}
}

func FuzzRecogniseAgreesWithItself(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range nationaltest.Spellings(nationaltest.Belgian(r)) {
		f.Add(s)
	}
	for _, s := range []string{"", "1.", "1.E5", "8.5E10", "0.0", "12345,0", "\u00a0", "1--2", "99999999999999999999", "1e99999999999", "1.2e-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, recognise := range []func(string) (Match, bool){Recognise, RecogniseBelgian, RecogniseDutch} {
			m, ok := recognise(s)
			if !ok {
				continue
			}
			again, ok := recognise(m.Number.Digits())
			if !ok || again.Number.Digits() != m.Number.Digits() {
				t.Fatalf("%q became %q, which is %v, %v", s, m.Number.Digits(), again, ok)
			}
		}
	})
}
