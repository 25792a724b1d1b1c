package record

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/instrument"
)

func TestAnswersBecomeTheCodesOfTheInstrument(t *testing.T) {
	t.Parallel()
	c := codec(t, sample(t))
	for name, test := range map[string]struct {
		raw  string
		want map[string]int
	}{
		"all of it": {
			`{"use":"weekly","tools":["a"],"agree1":"low","agree2":"nvt","hours":12.5,"why":"veel werk","wish":" tijd ","score":"s2","place":"north"}`,
			map[string]int{
				"use": 6, "tools.a": 6, "tools.b": 5, "tools.none": 5, "agree1": 5, "agree2": instrument.NotApplicable, "hours": 5, "why": 5, "wish": 5, "score": 6,
				"place": instrument.FirstOption, // Noord comes before Oost and Zuid
			},
		},
		"what was not asked goes": {
			`{"use":"never","tools":["a"],"agree1":"low","agree2":"low","hours":12,"why":"x","score":"s1","place":"secret"}`,
			map[string]int{"use": 5, "wish": instrument.NoAnswer, "score": 5, "place": instrument.NotApplicable},
		},
		"don't know and null": {
			`{"use":"dk","score":null,"wish":"\u0000\u202e \r\n"}`,
			map[string]int{"use": instrument.DontKnow, "wish": instrument.NoAnswer, "score": instrument.NoAnswer, "place": instrument.NoAnswer},
		},
		"an exclusive option alone": {
			`{"use":"weekly","tools":["none"],"agree1":"low"}`,
			map[string]int{
				"use": 6, "tools.a": 5, "tools.b": 5, "tools.none": 6, "hours": instrument.NoAnswer, "wish": instrument.NoAnswer,
				"score": instrument.NoAnswer, "place": instrument.NoAnswer,
			},
		},
		"an answer outside the base for a list": {
			`{"use":"weekly","tools":["na"]}`,
			map[string]int{
				"use": 6, "tools.a": instrument.NotApplicable, "tools.b": instrument.NotApplicable, "tools.none": instrument.NotApplicable,
				"hours": instrument.NoAnswer, "wish": instrument.NoAnswer, "score": instrument.NoAnswer, "place": instrument.NoAnswer,
			},
		},
	} {
		r, err := c.Read([]byte(test.raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := map[string]int{}
		for _, v := range c.Instrument().Variables() {
			if code := r.Code(v.ID); code != instrument.NotAsked {
				got[v.ID] = code
			}
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestWhatDoesNotFitIsRefusedByItsItem(t *testing.T) {
	t.Parallel()
	c := codec(t, sample(t))
	for raw, want := range map[string][]Problem{
		``:                                         {{"", "", Broken}},
		`[]`:                                       {{"", "", Broken}},
		`{"use":"never"} {}`:                       {{"", "", Broken}},
		`{"use":"never"`:                           {{"", "", Broken}},
		`{"use":{"a":1}}`:                          {{"", "", Broken}},
		`{"use":"never","tools":[[]]}`:             {{"", "", Broken}},
		"{\"use\":\"\xff\"}":                       {{"", "", Broken}},
		`{}`:                                       {{"use", "use", Required}},
		`{"use":"sometimes"}`:                      {{"use", "use", NoOption}},
		`{"use":1}`:                                {{"use", "use", WrongKind}},
		`{"use":true}`:                             {{"use", "use", WrongKind}},
		`{"use":["never"]}`:                        {{"use", "use", WrongKind}},
		`{"use":"never","use":"dk"}`:               {{"use", "use", Twice}},
		`{"use":"never","intro":"x"}`:              {{"intro", "intro", Unknown}},
		`{"use":"never","agree":"low"}`:            {{"agree", "agree", Unknown}}, // a matrix is answered by its rows
		`{"use":"never","tools.a":1}`:              {{"tools.a", "tools.a", Unknown}},
		`{"use":"weekly"}`:                         {{"tools", "tools", Required}},
		`{"use":"weekly","tools":[]}`:              {{"tools", "tools", Required}},
		`{"use":"weekly","tools":"a"}`:             {{"tools", "tools", WrongKind}},
		`{"use":"weekly","tools":[1]}`:             {{"tools", "tools", WrongKind}},
		`{"use":"weekly","tools":["c"]}`:           {{"tools", "tools", NoOption}},
		`{"use":"weekly","tools":["none","none"]}`: {{"tools", "tools", Twice}},
		`{"use":"weekly","tools":["a","none"],"agree1":"low","agree2":"low"}`: {{"tools", "tools", Together}},
		`{"use":"weekly","tools":["na","none"]}`:                              {{"tools", "tools", Together}},
		`{"use":"weekly","tools":["a"],"agree2":"low"}`:                       {{"agree", "agree1", Required}},
		`{"use":"weekly","tools":["none"],"hours":81}`:                        {{"hours", "hours", Range}},
		`{"use":"weekly","tools":["none"],"hours":-1}`:                        {{"hours", "hours", Range}},
		`{"use":"weekly","tools":["none"],"hours":1e999}`:                     {{"hours", "hours", Range}},
		`{"use":"weekly","tools":["none"],"hours":"7"}`:                       {{"hours", "hours", WrongKind}},
		`{"use":"never","wish":["x"]}`:                                        {{"wish", "wish", WrongKind}},
		`{"use":"never","wish":"` + strings.Repeat("é", MaxText+1) + `"}`:     {{"wish", "wish", TooLong}},
		`{"use":"never","place":"Noord"}`:                                     {{"place", "place", NoOption}},
		`{"place":"west","zzz":1,"use":"no"}`:                                 {{"use", "use", NoOption}, {"place", "place", NoOption}, {"zzz", "zzz", Unknown}},
		`{"wish":"` + strings.Repeat("x", MaxBytes) + `"}`:                    {{"", "", TooLarge}},
	} {
		_, err := c.Read([]byte(raw))
		var problems *Problems
		if !errors.As(err, &problems) {
			t.Errorf("%.80s: %v", raw, err)
			continue
		}
		if d := cmp.Diff(want, problems.List); d != "" {
			t.Errorf("%.80s (-want +got):\n%s", raw, d)
		}
	}
}

func TestAMessageHoldsNothingThatSomebodyWrote(t *testing.T) {
	t.Parallel()
	c := codec(t, sample(t))
	_, err := c.Read([]byte(`{"use":"marker-1","wish":["marker-2"],"hours":"marker-3"}`))
	if err == nil || strings.Contains(err.Error(), "marker") {
		t.Errorf("%v", err)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	hostile := map[string]int{}
	for i := range 5000 {
		hostile[strings.Repeat("x", i%200)+string(rune('a'+i%26))+strings.Repeat("y", i/200)] = i
	}
	raw, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	_, err = codec(t, sample(t)).Read(raw[:min(len(raw), MaxBytes)])
	var problems *Problems
	if !errors.As(err, &problems) || len(problems.List) > MaxProblems || len(err.Error()) > 200*MaxProblems {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestADraftMayLackWhatIsRequiredButNothingElse(t *testing.T) {
	t.Parallel()
	c := codec(t, sample(t))
	r, err := c.Draft([]byte(`{"use":"weekly"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []bool{true, true, true, false, true, false, true, true, true}
	if d := cmp.Diff(want, r.Asked()); d != "" {
		t.Errorf("asked (-want +got):\n%s", d)
	}
	if _, err := c.Draft([]byte(`{"use":"often"}`)); err == nil {
		t.Error("a draft with an option that is not there was taken")
	}
}

func TestACategoryWithoutOptionsIsAskedNobody(t *testing.T) {
	t.Parallel()
	in := monitor(t)
	in.Item("department").Required = true
	c := codec(t, in)
	full := map[string]any{}
	for i := range in.Items {
		it := &in.Items[i]
		switch it.Kind {
		case instrument.Single, instrument.Scale:
			full[it.ID] = it.Options[0].ID
		case instrument.Matrix:
			for _, row := range it.Rows {
				full[row.ID] = it.Options[0].ID
			}
		case instrument.Multiple:
			full[it.ID] = []string{it.Options[0].ID}
		case instrument.Number, instrument.OpenText, instrument.Info, instrument.Category:
		}
	}
	raw, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	collector := c.Collector(1)
	if err := collector.Add(r.Bytes()); err != nil {
		t.Fatal(err)
	}
	a := collector.Answers()
	for i := range a.Variables {
		if none := a.Columns[i] == nil; none != (a.Variables[i].ID == "department") {
			t.Errorf("%s: column %v", a.Variables[i].ID, a.Columns[i])
		}
	}
}

func FuzzScannerReadsWhatTheLibraryReads(f *testing.F) {
	for _, s := range []string{`{"a":"b"}`, `{"a\"":["x","\u00e9\\"],"n":-1e5 , "z":null}`, ` { } `, `{"a":"\\\\\"","b":[ ]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var want map[string]string
		if !utf8.Valid(raw) || json.Unmarshal(raw, &want) != nil || want == nil || strings.Contains(string(raw), "null") {
			return
		}
		got := map[string]string{}
		s := scanner{raw: raw}
		for s.takes('{'); !s.takes('}'); s.takes(',') {
			s.next()
			id, ok := s.text()
			if !ok || !s.takes(':') || s.next() != '"' {
				t.Fatalf("%q: stopped at %d", raw, s.at)
			}
			if got[id], ok = s.text(); !ok {
				t.Fatalf("%q: stopped at %d", raw, s.at)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%q (-want +got):\n%s", raw, d)
		}
	})
}
