package guard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// places tells where values stand in a text, as type and text.
func places(m *MaskedValues, text string, loose bool) []string {
	var out []string
	for _, f := range m.Find(nil, text, loose) {
		out = append(out, string(f.Type)+" "+text[f.Start:f.End])
	}
	return out
}

func TestWhatWasMaskedIsFoundInEveryLaterText(t *testing.T) {
	t.Parallel()
	var m MaskedValues
	for _, v := range []struct {
		kind  Type
		value string
	}{{Person, "An Peeters"}, {Person, "Anna"}, {Person, "Bo"}, {BSN, "111222333"}, {NationalNumber, "85.07.30-033.28"}, {Phone, "+32 470 12 34 56"}, {Plate, "1-ABC-234"}, {CaseNumber, "2024/12"}, {Address, "Kaai 1"}, {BSN, "５５５.６６６.７７７"}} {
		m.Add(v.kind, v.value)
	}
	m.Add(Company, "Anna") // the first type stays
	for _, c := range []struct {
		text  string
		loose bool
		want  []string
	}{
		{"Zegt Anna iets?", false, []string{"person Anna"}},
		{"Annas fiets, Anna's fiets", false, []string{"person Anna", "person Anna"}},
		{"Annalise, Joanna, Anna1, Annabel", false, nil},
		{"éAnna Annaé", false, []string{"person Anna"}},
		{"Joanna", true, nil},
		{"nummer 111222333.", false, []string{"bsn 111222333"}},
		{"a111222333 1112223334 111222333b", false, nil},
		{"a111222333b", true, []string{"bsn 111222333"}},
		{"85073003328 en 85.07.30-033.28", false, []string{"national 85073003328", "national 85.07.30-033.28"}},
		{"470123456", false, []string{"phone 470123456"}},
		{"555666777", false, []string{"bsn 555666777"}},
		{"202412 of 1ABC234", false, []string{"casenumber 202412"}},
		{"Kaai 12, Kaai 1", false, []string{"address Kaai 1"}},
		{"Bo", false, nil},
		{"An Peeters en An Peeter", false, []string{"person An Peeters"}},
		{"", false, nil},
	} {
		if got := places(&m, c.text, c.loose); !slices.Equal(got, c.want) {
			t.Errorf("%q (loose %t): %q, want %q", c.text, c.loose, got, c.want)
		}
	}
	for value, want := range map[string]bool{"Anna": true, "Ann": false, "Annas": false, "85073003328": true, "": false, "Bo": false} {
		if m.Has(value) != want {
			t.Errorf("Has(%q) is %t", value, !want)
		}
	}
	if got := (&MaskedValues{}).Find(nil, "Anna", false); got != nil {
		t.Errorf("nothing was masked, yet %v", got)
	}
}

// plainly is the rule of Find without a tree: at each place, the longest value that fits.
func plainly(values map[string]Type, findings []Finding, text string, loose bool) []Finding {
	out := slices.Clone(findings)
	for i := 0; i < len(text); {
		if k := slices.IndexFunc(findings, func(f Finding) bool { return f.Start <= i && i < f.End }); k >= 0 {
			i = findings[k].End
			continue
		}
		best := Finding{}
		for v, kind := range values {
			end := i + len(v)
			if len(v) < headBytes || !strings.HasPrefix(text[i:], v) || len(v) <= best.End-best.Start || slices.ContainsFunc(findings, func(f Finding) bool { return f.Start >= i && f.Start < end }) {
				continue
			}
			if loose && kind != Person && kind != Address || (i == 0 || !wordy(text[i-1]) || !wordy(text[i])) && endsApart(text, end) {
				best = Finding{Type: kind, Start: i, End: end, Confidence: Medium}
			}
		}
		if best.End > 0 {
			out = append(out, best)
			i = best.End
			continue
		}
		i++
	}
	slices.SortFunc(out, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

func TestTheTreeOfValuesFindsWhatThePlainRuleFinds(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{"a", "an", "ann", "b", "é", "1", "12", " ", ".", "-", "Ann"})
	text := func(t *rapid.T, name string, most int) string {
		return strings.Join(rapid.SliceOfN(piece, 0, most).Draw(t, name), "")
	}
	rapid.Check(t, func(t *rapid.T) {
		var m MaskedValues
		values := map[string]Type{}
		for i := range rapid.IntRange(0, 12).Draw(t, "values") {
			v := text(t, fmt.Sprint("value ", i), 6)
			kind := rapid.SampledFrom([]Type{Person, BSN, Mail}).Draw(t, "kind")
			m.put(kind, v)
			if _, ok := values[v]; !ok {
				values[v] = kind
			}
		}
		s := text(t, "text", 40)
		var given []Finding
		for at := 0; rapid.Bool().Draw(t, "more"); {
			start := rapid.IntRange(at, len(s)).Draw(t, "start")
			at = rapid.IntRange(start, len(s)).Draw(t, "end")
			if at > start {
				given = append(given, Finding{Type: Plate, Start: start, End: at})
			}
		}
		loose := rapid.Bool().Draw(t, "loose")
		want := plainly(values, given, s, loose)
		if got := m.Find(slices.Clone(given), s, loose); !slices.Equal(got, want) {
			t.Fatalf("%q with %v of %v (loose %t):\n%v, want\n%v", s, given, values, loose, got, want)
		}
		for v := range values {
			if m.Has(v) != (len(v) >= headBytes) {
				t.Fatalf("Has(%q) is wrong", v)
			}
		}
	})
}

// TestFindingMaskedValuesTakesTimeByTheText holds for values that begin alike in many lengths, in a text in which all of them begin at every place.
func TestFindingMaskedValuesTakesTimeByTheText(t *testing.T) {
	t.Parallel()
	start := time.Now()
	var m MaskedValues
	for n := range 300 {
		m.Add(Mail, strings.Repeat("a", n+1)+"@voorbeeld.example")
		m.Add(Mail, strings.Repeat("a.", n+1)+"b@voorbeeld.example")
	}
	for _, part := range []string{"a", "a.", "@", "a@"} {
		text := strings.Repeat(part, 100_000/len(part))
		for _, loose := range []bool{false, true} {
			if got := m.Find(nil, text, loose); len(got) > 0 {
				t.Errorf("%q again and again holds %d values", part, len(got))
			}
		}
	}
	if d := time.Since(start); d > 10*time.Second { // half a second when the machine is idle
		t.Errorf("%s for 800 kB", d)
	}
}
