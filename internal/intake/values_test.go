package intake

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
)

// readColumn reads cells under the ID of the instrument's only item.
func readColumn(t testing.TB, item instrument.Item, cells ...string) *Result {
	t.Helper()
	g := grid{headings: []string{item.ID, "anchor"}}
	for _, c := range cells {
		g.rows = append(g.rows, []string{c, "1"})
	}
	in := &instrument.Instrument{ID: "one", Items: []instrument.Item{item, likert("anchor")}}
	res, err := readText(t, g.csv(t, ','), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestOptions(t *testing.T) {
	t.Parallel()
	item := instrument.Item{ID: "q", Kind: instrument.Single, Options: []instrument.Option{
		{ID: "dk", Label: instrument.Text{instrument.NL: "Weet ik niet", instrument.FR: "Je ne sais pas"}, Missing: instrument.MissingDontKnow},
		{ID: "a", Label: instrument.Text{instrument.NL: "Één keer per week", instrument.DE: "Einmal die Straße"}, Value: number(1)},
		{ID: "b", Values: []string{"B2", "010"}, Label: text("Vaak"), Value: number(2)},
		{ID: "c", Label: text("vaak, heel vaak"), Value: number(4)},
		{ID: "na", Label: text("n.v.t."), Missing: instrument.MissingNotApplicable},
		{ID: "3", Label: text("NA")},
		{ID: "x1", Label: text("Soms")}, {ID: "x2", Label: text("soms")}, {ID: "y1", Label: text("Ooit")}, {ID: "y2", Label: text("Ooit")},
	}}
	const a, b, c, three = instrument.FirstOption, instrument.FirstOption + 1, instrument.FirstOption + 2, instrument.FirstOption + 3
	for _, test := range []struct {
		cell string
		code uint8
	}{
		{"", instrument.NoAnswer}, {"  ", instrument.NoAnswer}, {"N/A", instrument.NoAnswer}, {"#N/A", instrument.NoAnswer},
		{"-", instrument.NoAnswer}, {".", instrument.NoAnswer}, {"\u00a0", instrument.NoAnswer},
		{"dk", instrument.DontKnow}, {"je NE sais pas ", instrument.DontKnow}, {"N.V.T.", instrument.NotApplicable},
		{"a", a}, {"A", a}, {" één keer  per week", a}, {"E\u0301e\u0301n keer per week", a}, {"EINMAL DIE STRASSE", a}, {"1", a}, {"1.0", a}, {"1,00", a},
		{"b", b}, {"b2", b}, {"10", b}, {"vaak", b}, {"2", b}, {"4,0", c}, {"Vaak, heel  vaak", c},
		{"3", three}, {"3.0", three}, {"NA", three}, // an option before a missing spelling
		{"Soms", instrument.FirstOption + 4}, {"soms", instrument.FirstOption + 5}, // to the letter before without case
		{"SOMS", instrument.Invalid}, {"Ooit", instrument.Invalid}, {"5", instrument.Invalid}, {"een keer per week", instrument.Invalid},
	} {
		res := readColumn(t, item, test.cell)
		if got := res.Answers.Columns[0].Narrow[0]; got != test.code {
			t.Errorf("%q: code %d, want %d", test.cell, got, test.code)
		}
		if got := test.code == instrument.Invalid; got != (len(res.Issues) == 1) || got != (res.Quality.UnknownByItem["q"] == 1) {
			t.Errorf("%q: issues %v", test.cell, res.Issues)
		}
	}
	if k := readColumn(t, item, "a").Answers.Columns[0].K; k != instrument.FirstOption+8 {
		t.Error("K", k)
	}
	for cell, want := range map[string]string{"een keer per week": "Één keer per week", "vaka": "Vaak", "weet niet": "Weet ik niet", "qqqqqq": ""} {
		if got := readColumn(t, item, cell).Issues[0].Suggestion; got != want {
			t.Errorf("%q: suggestion %q, want %q", cell, got, want)
		}
	}
}

func TestCodesAreThoseOfTheInstrument(t *testing.T) {
	t.Parallel()
	for _, v := range mixed().Variables() {
		if v.Option != nil || len(v.Item.Options) == 0 {
			continue
		}
		codes, k := optionCodes(v.Item.Options)
		if k != v.K() {
			t.Errorf("%s: %d codes, want %d", v.ID, k, v.K())
		}
		for i, o := range v.Item.Options {
			if code, ok := v.CodeOf(o.ID); !ok || int(codes[i]) != code {
				t.Errorf("%s.%s: code %d, want %d", v.ID, o.ID, codes[i], code)
			}
		}
	}
}

func TestMultiple(t *testing.T) {
	t.Parallel()
	in := &instrument.Instrument{ID: "m", Items: []instrument.Item{mixed().Items[3], likert("anchor")}}
	const no, yes, na, dk, bad = instrument.FirstOption, instrument.FirstOption + 1, instrument.NoAnswer, instrument.DontKnow, instrument.Invalid
	for _, c := range []struct {
		heading, row string
		want         []uint8 // copilot, chatgpt, none
		issues       int
	}{
		{"systems.copilot,systems.chatgpt,systems.none", "1,,", []uint8{yes, no, no}, 0},
		{"systems.copilot,systems.chatgpt,systems.none", "ja,nee,", []uint8{yes, no, no}, 0},
		{"systems.copilot,systems.chatgpt,systems.none", ",,", []uint8{na, na, na}, 0},
		{"systems.copilot,systems.chatgpt,systems.none", "0,0,0", []uint8{no, no, no}, 0},
		{"systems.copilot,systems.chatgpt,systems.none", "Copilot,TRUE,false", []uint8{yes, yes, no}, 0},
		{"systems.copilot,systems.chatgpt,systems.none", "misschien,,", []uint8{bad, no, no}, 1},
		{"systems.copilot,systems.chatgpt,systems.none", "1,,x", []uint8{bad, bad, bad}, 1},
		{"systems.copilot,systems.chatgpt,systems.none,systems.dk", ",,,1", []uint8{dk, dk, dk}, 0},
		{"systems.copilot,systems.chatgpt,systems.none,systems.dk", "1,,,1", []uint8{bad, bad, bad}, 1},
		{"systems.copilot,systems.chatgpt,systems.none,systems.dk", "1,,,0", []uint8{yes, no, no}, 0},
		{"systems", "copilot", []uint8{yes, no, no}, 0},
		{"systems", "Copilot; ChatGPT", []uint8{yes, yes, no}, 0},
		{"systems", "chatgpt|copilot|chatgpt", []uint8{yes, yes, no}, 0},
		{"systems", `"chatgpt, copilot"`, []uint8{yes, yes, no}, 0},
		{"systems", "Geen", []uint8{no, no, yes}, 0},
		{"systems", "Geen;copilot", []uint8{bad, bad, bad}, 1},
		{"systems", "dk", []uint8{dk, dk, dk}, 0},
		{"systems", "dk;copilot", []uint8{bad, bad, bad}, 1},
		{"systems", "", []uint8{na, na, na}, 0},
		{"systems", "NA", []uint8{na, na, na}, 0},
		{"systems", ";", []uint8{bad, bad, bad}, 1},
		{"systems", "copilot;gemini", []uint8{bad, bad, bad}, 1},
		{"Systems[copilot],SYSTEMS_chatgpt,Geen", "1,,", []uint8{yes, no, no}, 0},
	} {
		res, err := readText(t, c.heading+",anchor\n"+c.row+",1\n", in, Options{Mapping: &Mapping{Delimiter: ","}})
		if err != nil {
			t.Fatal(c.row, err)
		}
		var got []uint8
		for _, column := range res.Answers.Columns[:3] {
			if column.K != instrument.FirstOption+2 {
				t.Error("K", column.K)
			}
			got = append(got, column.Narrow[0])
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(res.Issues) != c.issues || res.Quality.Unknown != c.issues {
			t.Errorf("%s / %s: %s %v", c.heading, c.row, diff, res.Issues)
		}
		if len(res.Quality.Unread) != 0 {
			t.Error(res.Quality.Unread)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	item := instrument.Item{ID: "n", Kind: instrument.Number, Min: number(0), Max: number(100),
		Options: []instrument.Option{{ID: "dk", Label: text("weet niet"), Missing: instrument.MissingDontKnow}}}
	res := readColumn(t, item, "10", "2,5", "2.50", " 10.0 ", "-0", "", "weet niet", "-1", "101", "tien", "1.234,5", "0x1", "inf", "1e1")
	c := res.Answers.Columns[0]
	if diff := cmp.Diff([]float64{0, 2.5, 10}, c.Numbers); diff != "" || math.Signbit(c.Numbers[0]) || c.K != 8 {
		t.Error(diff, c.K)
	}
	if diff := cmp.Diff([]uint8{7, 6, 6, 7, 5, 1, 2, 4, 4, 4, 4, 4, 4, 7}, c.Narrow); diff != "" {
		t.Error(diff)
	}
	if res.Issues[0].Message != "is below 0, the least that the item allows" || res.Issues[0].Row != 9 || res.Quality.Unknown != 6 {
		t.Errorf("%+v", res.Issues)
	}
	var b strings.Builder
	for i := range 300 {
		b.WriteString(numberText(float64(i)) + "\n")
	}
	in := &instrument.Instrument{ID: "i", Items: []instrument.Item{{ID: "n", Kind: instrument.Number}}}
	res, err := readText(t, "n\n"+b.String(), in, Options{})
	if err != nil || res.Answers.Columns[0].Narrow != nil || res.Answers.Columns[0].K != 305 || res.Answers.Columns[0].At(299) != 304 {
		t.Error(err)
	}
	b.Reset()
	for i := range MaxNumbers + 1 {
		b.WriteString(numberText(float64(i)) + "\n")
	}
	_, err = readText(t, "n\n"+b.String(), in, Options{})
	wantKind(t, err, KindLimit, "60001 different numbers")
}

func TestNumberText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		v := rapid.Float64().Filter(func(v float64) bool { return !math.IsInf(v, 0) && !math.IsNaN(v) }).Draw(rt, "v")
		if got, ok := parseNumber(numberText(v)); !ok || got != v {
			rt.Fatalf("%v is written %s and read %v", v, numberText(v), got)
		}
	})
}

func TestMerges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		levels []string // the first occurs most
		want   []string // from > into: why
	}{
		{[]string{"Santiago", "Santiago "}, []string{"Santiago > Santiago: white space"}},
		{[]string{"de la Salud", "de La Salud", "de  la salud"}, []string{"de La Salud > de la Salud: capitals", "de  la salud > de la Salud: capitals"}},
		{[]string{"Één", "Een"}, []string{"Een > Één: accents"}},
		{[]string{"IT-dienst", "IT dienst", "ITdienst."}, []string{"IT dienst > IT-dienst: punctuation", "ITdienst. > IT-dienst: punctuation"}},
		{[]string{"Burgerzaken", "Bugerzaken", "Burgerzkaen"}, []string{"Bugerzaken > Burgerzaken: one letter", "Burgerzkaen > Burgerzaken: one letter"}},
		{[]string{"Universidad A", "Universidad B"}, nil},
		{[]string{"Dienst 10", "Dienst 11", "district1", "district2"}, nil},
		{[]string{"Noord", "Noort", "man", "men"}, nil},
		{[]string{"Groendienst", "Groen dienst"}, []string{"Groen dienst > Groendienst: punctuation"}},
		{[]string{"?", "!"}, nil},
	} {
		counts := make([]int, len(c.levels))
		for i := range counts {
			counts[i] = 100 - i
		}
		var got []string
		for _, m := range merges(c.levels, counts, nil) {
			got = append(got, strings.TrimSpace(m.From)+" > "+m.Into+": "+m.Why)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(c.levels, diff)
		}
	}
}

// TestSlipsAreThoseOfAllPairs compares the look-up by deletions with comparing all pairs.
func TestSlipsAreThoseOfAllPairs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		levels := rapid.SliceOfNDistinct(rapid.StringMatching("[ab]{6,8}( [ab]{6})?"), 0, 12, rapid.ID).Draw(rt, "levels")
		heads := make([]int, len(levels))
		var want []slip
		into := map[int]bool{}
		for i := range levels {
			heads[i] = i
			for j := range i {
				if !into[j] && oneLetter(levels[i], levels[j]) {
					want = append(want, slip{i, j})
					into[i] = true
					break
				}
			}
		}
		if diff := cmp.Diff(want, slips(levels, heads), cmp.AllowUnexported(slip{})); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		d    int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "xbc", 1}, {"kitten", "sitting", 3}, {"a", "abcdef", 4}} {
		if d := distance(c.a, c.b, 3); d != c.d {
			t.Errorf("%s %s: %d", c.a, c.b, d)
		}
	}
}

func TestWeightsStrataAndClusters(t *testing.T) {
	t.Parallel()
	in := wide(1)
	src := "q00,w,s,c\n1,1.5,noord,a\n2,,zuid,b\n3,-1,zuid,a\n4,x,noord,a\n5,inf,noord,b\n1,0,zuid,b\n,1,,\n"
	res, err := readText(t, src, in, Options{Weight: "w", Strata: "s", Cluster: "C", Extra: []string{"q00"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{1.5, 0}, res.Answers.Weights); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]*instrument.Factor{
		"s": {Codes: []uint32{0, 1}, Levels: []string{"noord", "zuid"}}, "C": {Codes: []uint32{0, 1}, Levels: []string{"a", "b"}},
		"q00": {Codes: []uint32{0, 0}, Levels: []string{"1"}},
	}, res.Answers.Extra); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint8{5, 5}, res.Answers.Columns[0].Narrow); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Excluded{{ExcludedEmpty, 1}, {ExcludedNoWeight, 4}}, res.Quality.Excluded); diff != "" || res.Quality.Rows != 7 || res.Quality.Empty != 1 {
		t.Error(diff)
	}
	if len(res.Issues) != 3 || res.Issues[0].Row != 4 || res.Issues[2].Value != "inf" || res.Quality.Unknown != 0 {
		t.Errorf("%+v", res.Issues)
	}
	_, err = readText(t, src, in, Options{Strata: "s"})
	if err != nil {
		t.Error("the row without a stratum has no answer either:", err)
	}
	_, err = readText(t, "q00,s\n1,a\n2,\n3,NA\n", in, Options{Strata: "s"})
	wantKind(t, err, KindDesign, "is empty in 2 rows: 3, 4")
	_, err = readText(t, src, in, Options{Weight: "weigth"})
	wantKind(t, err, KindColumns, `has no column "weigth" for the weights`)
	_, err = readText(t, "q00,w\n1,\n", in, Options{Weight: "w"})
	wantKind(t, err, KindEmpty, "no row is left: 1 no-weight")
}

// wantKind checks that an error is ours, of a kind, says something and how to mend it.
func wantKind(t testing.TB, err error, kind Kind, says string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("error %v, want one of kind %s that says %s", err, kind, says)
		return
	}
	if e.Kind != kind || !strings.Contains(err.Error(), says) || e.Mend == "" || e.File == "" {
		t.Errorf("error %q of kind %s in %q, want kind %s that says %s", err, e.Kind, e.File, kind, says)
	}
}
