package closing

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
)

func item(kind instrument.Kind, options ...string) *instrument.Item {
	it := &instrument.Item{ID: "department", Kind: kind, Topic: instrument.TopicBackground}
	for _, o := range options {
		it.Options = append(it.Options, instrument.Option{ID: o, Label: instrument.Text{instrument.NL: strings.ToUpper(o)}})
	}
	return it
}

func answersTo(it *instrument.Item, codes ...uint8) *instrument.Answers {
	in := &instrument.Instrument{Items: []instrument.Item{*it}}
	k := instrument.FirstOption + len(it.Options)
	column := &instrument.Column{Narrow: codes, K: k}
	if it.Kind == instrument.Category {
		for _, o := range it.Options {
			column.Levels = append(column.Levels, o.ID)
		}
	}
	return &instrument.Answers{Instrument: in, N: len(codes), Variables: in.Variables(), Columns: []*instrument.Column{column}}
}

func TestMarginsCanAlwaysBeMet(t *testing.T) {
	t.Parallel()
	const a, b, c = instrument.FirstOption, instrument.FirstOption + 1, instrument.FirstOption + 2
	for name, test := range map[string]struct {
		item   *instrument.Item
		codes  []uint8
		frame  map[string]int
		people int
		want   string
	}{
		"as they are":                       {item(instrument.Single, "x", "y"), []uint8{a, b, a}, map[string]int{"x": 10, "y": 30}, 40, "department,x,10\ndepartment,y,30\n"},
		"by label":                          {item(instrument.Single, "x", "y"), []uint8{a, b, a}, map[string]int{"X": 10, "y ": 30}, 40, "department,x,10\ndepartment,y,30\n"},
		"who left it open in the frame":     {item(instrument.Single, "x", "y"), []uint8{a, b, a}, map[string]int{"x": 10, "y": 10}, 40, "department,x,20\ndepartment,y,20\n"},
		"a value from which nobody came":    {item(instrument.Single, "x", "y", "z"), []uint8{a, b}, map[string]int{"x": 10, "y": 10, "z": 20}, 40, "department,x,20\ndepartment,y,20\n"},
		"a value that the frame lacks":      {item(instrument.Single, "x", "y", "z"), []uint8{a, b, c}, map[string]int{"x": 10, "y": 30}, 40, ""},
		"a value that the item lacks":       {item(instrument.Single, "x", "y"), []uint8{a, b}, map[string]int{"x": 10, "y": 10, "q": 20}, 40, ""},
		"one value":                         {item(instrument.Single, "x", "y"), []uint8{a, a}, map[string]int{"x": 10, "y": 10}, 20, ""},
		"a category, with one not answered": {item(instrument.Category, "x", "y"), []uint8{a, b}, map[string]int{"x": 10, "y": 10, "z": 20}, 40, "department,x,20\ndepartment,y,20\n"},
	} {
		f := &frame{people: test.people, counts: map[string]map[string]int{"dienst": test.frame}, variables: map[string]string{"department": "dienst"}}
		got, err := f.margins(answersTo(test.item, test.codes...))
		want := test.want
		if want != "" {
			want = "variable,value,count\n" + want
		}
		if err != nil || string(got) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func TestMarginsOfAnyFrameAreReadAgainAndAddUpToItsPeople(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		options := []string{"x", "y", "z"}
		codes := rapid.SliceOfN(rapid.Uint8Range(0, instrument.FirstOption+2), 1, 20).Draw(t, "codes")
		counts := map[string]int{}
		people := rapid.IntRange(0, 9).Draw(t, "unknown")
		for _, o := range options {
			counts[o] = rapid.IntRange(0, 50).Draw(t, o)
			people += counts[o]
		}
		f := &frame{people: people, counts: map[string]map[string]int{"d": counts}, variables: map[string]string{"department": "d"}}
		got, err := f.margins(answersTo(item(instrument.Single, options...), codes...))
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			return
		}
		margins, err := analysis.ParseMargins("m.csv", strings.NewReader(string(got)))
		if err != nil || len(margins) != 1 {
			t.Fatal(err)
		}
		if total := margins[0].Total(); total < float64(people)-1e-6 || total > float64(people)+1e-6 {
			t.Fatalf("%v people of %d", total, people)
		}
	})
}
