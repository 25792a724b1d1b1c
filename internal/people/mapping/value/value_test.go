package value

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tekentafel/internal/people/org"
)

func TestDatesAreReadInBelgianOrder(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"31/12/2025": "2025-12-31", "1/2/2025": "2025-02-01", "01-02-2025": "2025-02-01", "1.2.2025": "2025-02-01",
		"2025-02-01": "2025-02-01", "2025/2/1": "2025-02-01", "20250201": "2025-02-01", "01022025": "2025-02-01",
		"2025-02-01T00:00:00": "2025-02-01", "2025-02-01T00:00:00Z": "2025-02-01", "2025-02-01 00:00:00": "2025-02-01", "01/02/2025 08:30": "2025-02-01",
		"1/2/25": "2025-02-01", "1/2/98": "1998-02-01", "45292": "2024-01-01", "45292.5": "2024-01-01", "36526": "2000-01-01",
		"1 februari 2025": "2025-02-01", "1 feb. 2025": "2025-02-01", "1er février 2025": "2025-02-01", "1. Februar 2025": "2025-02-01", "February 1, 2025": "2025-02-01", "1-mrt-2025": "2025-03-01",
		"31 juillet 2025": "2025-07-31", "30 juin 2025": "2025-06-30", "1 aug 2025": "2025-08-01", "1 août 2025": "2025-08-01",
		"31/12/9999": "", "9999-12-31": "", "99991231": "", "00/00/0000": "", "0": "", "onbepaald": "", "-": "", "31.12.2999": "",
	} {
		d, ok := Date(cell, DayFirst, 2056)
		if !ok || d.String() != want {
			t.Errorf("Date(%q) = %v, %v; want %q", cell, d, ok, want)
		}
	}
	for _, cell := range []string{"12/31/2025", "31/4/2025", "2025-13-01", "gisteren", "1/2", "1/2/3/4", "1/2/202", "1 jui 2025", "2025-02-30", "123", "99999", "1/2/2025 en later", "12:30", "01/02/2025 x"} {
		if d, ok := Date(cell, DayFirst, 2056); ok {
			t.Errorf("Date(%q) = %v; want it not understood", cell, d)
		}
	}
	if d, ok := Date("12/31/2025", MonthFirst, 2056); !ok || d != 20251231 {
		t.Errorf("month first: %v, %v", d, ok)
	}
	if a, b := Orders("13/1/2025"); !a || b {
		t.Error("13/1/2025 is a day in Belgian order alone")
	}
	if a, b := Orders("1/13/2025"); a || !b {
		t.Error("1/13/2025 is a day in American order alone")
	}
	if a, b := Orders("2025-01-13"); a || b {
		t.Error("2025-01-13 says nothing of the order")
	}
}

func TestOfABirthDateOnlyTheYearIsKept(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int{"1980": 1980, "80": 1980, "05": 2005, "3/4/1980": 1980, "1980-04-03": 1980, "29314": 1980, "3/4/80": 1980, "1980.0": 1980} {
		if y, ok := Year(cell, DayFirst, 2012); !ok || y != want {
			t.Errorf("Year(%q) = %d, %v; want %d", cell, y, ok, want)
		}
	}
	for _, cell := range []string{"1880", "2025", "tachtig", "4/1980"} {
		if y, ok := Year(cell, DayFirst, 2012); ok {
			t.Errorf("Year(%q) = %d; want it not understood", cell, y)
		}
	}
}

func TestPartsOfFullTimeAreReadAsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cell  string
		scale Scale
		want  int
	}{
		{"80 %", One, 800}, {"80%", Percent, 800}, {"0,8", One, 800}, {"0.8", One, 800}, {"1.0", One, 1000}, {"1", One, 1000}, {",5", One, 500}, {"38/38", One, 1000}, {"19/38", Percent, 500},
		{"4/5", Hours, 800}, {"4/5de", One, 800}, {"30,4/38", One, 800}, {"80", Percent, 800}, {"100,00", Percent, 1000}, {"0", Percent, 0}, {"30,4", Hours, 800}, {"voltijds", One, 1000}, {"halftijds", Percent, 500},
		{"0,8 VTE", Percent, 800}, {"0", One, 0}, {"66,67 %", One, 667},
	} {
		if got, ok := FTE(c.cell, c.scale, 38); !ok || got != c.want {
			t.Errorf("FTE(%q, %s) = %d, %v; want %d", c.cell, c.scale, got, ok, c.want)
		}
	}
	for cell, scale := range map[string]Scale{"80": One, "0,8": Percent, "1": Percent, "-1": One, "deeltijds": One, "1/0": One, "1.000,00": One, "400 %": One, ".": One, "1e3": One, "NaN": One, "500": Percent} {
		if got, ok := FTE(cell, scale, 38); ok {
			t.Errorf("FTE(%q, %s) = %d; want it not understood", cell, scale, got)
		}
	}
	if ScaleOf(slices.Values([]string{"100", "80", "50", "1"})) != Percent || ScaleOf(slices.Values([]string{"1", "0,8", "80"})) != One || ScaleOf(slices.Values([]string{"80 %", "x"})) != One {
		t.Error("the scale of a column is what most bare numbers are")
	}
}

func TestLevelsAreReadFromGradesAndScales(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]org.Level{"A": "A", "a": "A", "A1a": "A", "A4a-A4b": "A", "niv. C": "C", "Niveau B": "B", "C1-C3": "C", "D1-3": "D", "B4": "B", "Graad E": "E", "C1 tot C3": "C",
		"B1-B3": "B", "niv. D": "D", "rang 13": "A", "Rang 26": "B", "rang 20": "C", "rang 30": "D", "rang 42": "D"} {
		if got, ok := Level(cell); !ok || got != want {
			t.Errorf("Level(%q) = %q, %v; want %q", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"F", "arbeider", "A/B", "C1-B3", "1", "2+", "rang 25", "rang 18", "rang 7", "rang 50", "13", "schaal 4", "", "niveau", "bediende", "directeur", "be"} {
		if got, ok := Level(cell); ok {
			t.Errorf("Level(%q) = %q; want it not understood", cell, got)
		}
	}
}

func TestLevelsOfBeforeTheReformAreReadAsTheDecreesReplacedThem(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]org.Level{"1": "A", " 2+": "B", "niveau 2+": "B", "Niv. 2 +": "B", "2": "C", "niv. 3": "D", "4": "D"} {
		if got, ok := OldLevel(cell); !ok || got != want || PlusLevel(cell) != (want == "B") {
			t.Errorf("OldLevel(%q) = %q, %v; want %q", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"", "+", "3+", "5", "12", "1 2", "A", "schaal", "post 2", "2++", "rang 13"} {
		if got, ok := OldLevel(cell); ok || PlusLevel(cell) {
			t.Errorf("OldLevel(%q) = %q; want it not understood", cell, got)
		}
	}
}

func TestOnlyUnitGroupsOfISCOAreTaken(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{"2422": "2422", "ISCO-08 2422": "2422", "2422 Beleidsmedewerkers": "2422", "110": "0110", "0110": "0110", "2310": "2310", "2422.0": "2422"} {
		if got, ok := ISCO(cell); !ok || got != want {
			t.Errorf("ISCO(%q) = %q, %v; want %q", cell, got, ok, want)
		}
	}
	for _, cell := range []string{"242", "1980", "9000", "24221", "", "geen", "2004", "2401"} {
		if got, ok := ISCO(cell); ok {
			t.Errorf("ISCO(%q) = %q; want it not understood", cell, got)
		}
	}
}

func TestWordsOfFourLanguagesAreUnderstood(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]Answer{"Ja": Yes, "J": Yes, "X": Yes, "1": Yes, "Actief": Yes, "Langdurig ziek": Yes, "oui": Yes, "✓": Yes, "Nee": No, "N": No, "0": No, "Gepensioneerd": No, "hors service": No, "misschien": Unsaid, "": Unsaid} {
		if got, _ := Service(cell); got != want {
			t.Errorf("Service(%q) = %d; want %d", cell, got, want)
		}
	}
	if _, mark := Service("x"); !mark {
		t.Error("X is a mark")
	}
	if _, mark := Service("Ja"); mark {
		t.Error("Ja is an answer, not a mark")
	}
	for cell, want := range map[string]string{"NL": "nl", "Frans": "fr", "français": "fr", "Deutsch": "de", "en-GB": "en"} {
		if got, ok := Language(cell); !ok || got != want {
			t.Errorf("Language(%q) = %q, %v", cell, got, ok)
		}
	}
	if _, ok := Language("Turks"); ok {
		t.Error("Turks is not one of the four")
	}
	for cell, want := range map[string]org.Work{"Bureau": org.Desk, "Terrein": org.Field, "Außendienst": org.Field, "Gemengd": org.Both} {
		if got, ok := Work(cell); !ok || got != want {
			t.Errorf("Work(%q) = %q, %v", cell, got, ok)
		}
	}
	if _, ok := Work("ja"); ok {
		t.Error("yes says nothing of where")
	}
}

func TestFoldMakesSpellingsOfOneWordEqual(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Org.-eenheid": "org eenheid", "ORG  EENHEID ": "org eenheid", "Françoise": "francoise", "Straße": "strasse", "  ": "", "–": "", "cœur": "coeur", "A1a": "a1a", "Ångström": "angstrom", "é": "e"} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q; want %q", in, got, want)
		}
	}
	if NameKey("Jan", "PEETERS") != NameKey("Peeters, Jan") || NameKey("An-Sofie Van de Velde") == NameKey("An Velde") {
		t.Error("names are compared by their words")
	}
	if Squash("Pers. nr") != Squash("PERSNR") {
		t.Error("spaces and points do not make another heading")
	}
}

func TestTotalsAndEmptyCellsAreRecognised(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"Totaal", "TOTAAL:", "Subtotaal dienst Wegen", "Total général", "Gesamt", "Aantal: 120", "Sous-total"} {
		if !Total(cell) {
			t.Errorf("%q begins a row of totals", cell)
		}
	}
	for _, cell := range []string{"Totaalinstallateur", "Peeters", "", "Sommers", "Dienst Totaal"} {
		if Total(cell) {
			t.Errorf("%q is no total", cell)
		}
	}
	for _, cell := range []string{"", " ", "-", "#N/B", "n.v.t.", "NULL", "--", "?"} {
		if !Empty(cell) {
			t.Errorf("%q holds nothing", cell)
		}
	}
	for _, cell := range []string{"0", "x", "nul", "Null Jan"} {
		if Empty(cell) {
			t.Errorf("%q holds something", cell)
		}
	}
}

func FuzzReaders(f *testing.F) {
	for _, s := range []string{"31/12/2025", "2025-12-31T10:00", "1er janvier 2025", "80 %", "38/38", "A1a", "niveau 2+", "rang 13", "ISCO 2422", "Ja", "Französisch", "İstanbul ẞ ﬁ", "45292.5", "\xff/\xfe", "1/1/1T", "T", "9999-99-99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, o := range []Order{DayFirst, MonthFirst} {
			if d, ok := Date(s, o, 2056); ok && d != 0 {
				if again, ok := Date(d.String(), o, 2056); !ok || again != d {
					t.Errorf("Date(%q) = %s, which reads as %s", s, d, again)
				}
			}
			if y, ok := Year(s, o, 2012); ok && y != 0 && (y < 1900 || y > 2012) {
				t.Errorf("Year(%q) = %d", s, y)
			}
		}
		for _, scale := range []Scale{One, Percent, Hours} {
			if v, ok := FTE(s, scale, 38); ok && (v < 0 || v > Most) {
				t.Errorf("FTE(%q) = %d", s, v)
			}
		}
		if l, ok := Level(s); ok != slices.Contains(org.Levels(), l) {
			t.Errorf("Level(%q) = %q, %v", s, l, ok)
		}
		if l, ok := OldLevel(s); ok != slices.Contains(org.Levels(), l) {
			t.Errorf("OldLevel(%q) = %q, %v", s, l, ok)
		}
		if c, ok := ISCO(s); ok && (len(c) != 4 || !digits(c)) {
			t.Errorf("ISCO(%q) = %q", s, c)
		}
		Language(s)
		Work(s)
		Service(s)
		Total(s)
		Empty(s)
		Orders(s)
		once := Fold(s)
		if !utf8.ValidString(once) || Fold(once) != once || strings.TrimSpace(once) != once {
			t.Errorf("Fold(%q) = %q, folded again %q", s, once, Fold(once))
		}
	})
}
