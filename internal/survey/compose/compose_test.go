package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/synth"
)

func monitor(t testing.TB) *instrument.Instrument {
	t.Helper()
	in, err := Base{Name: DefaultBase}.Open()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func allGiven() Given {
	return Given{Languages: instrument.Languages(), GroupSize: 12, Levels: map[string][]string{"department": {"Financiën", "Groen & Wegen", "Ateliers"}}}
}

func must(t testing.TB, base *instrument.Instrument, r *Recipe, given Given) (*instrument.Instrument, []byte) {
	t.Helper()
	in, text, err := Compose(base, r, given)
	if err != nil {
		t.Fatal(err)
	}
	return in, text
}

func everywhere(s string) instrument.Text {
	out := instrument.Text{}
	for _, l := range instrument.Languages() {
		out[l] = s + " " + string(l)
	}
	return out
}

func TestAQuestionnaireThatIsAskedAsItIsStaysTheSame(t *testing.T) {
	t.Parallel()
	base, err := Base{YAML: "id: a\nversion: \"2\"\ntitle: {nl: A}\nlanguages: [nl]\ngroup_size: 10\nitems: [{id: a, kind: text, question: {nl: A}}]\n", Name: "a"}.Open()
	if err != nil {
		t.Fatal(err)
	}
	r := NewRecipe("a")
	in, _ := must(t, base, &r, Given{Languages: []instrument.Lang{instrument.NL}, GroupSize: 25})
	if in.Version != "2" || in.GroupSize != 25 || base.GroupSize != 10 {
		t.Errorf("version %s, k %d; base k %d", in.Version, in.GroupSize, base.GroupSize)
	}
}

func TestACategoryBecomesAChoiceAmongItsLevels(t *testing.T) {
	t.Parallel()
	base := monitor(t)
	r := NewRecipe(DefaultBase)
	in, _ := must(t, base, &r, allGiven())
	it := in.Item("department")
	if it.Kind != instrument.Single || !it.Group || it.Topic != instrument.TopicBackground || len(it.Options) != 3 {
		t.Fatalf("%+v", it)
	}
	var ids []string
	for _, o := range it.Options {
		ids = append(ids, o.ID+"="+o.Label.In(instrument.FR))
	}
	if diff := cmp.Diff([]string{"financien=Financiën", "groen_wegen=Groen & Wegen", "ateliers=Ateliers"}, ids); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(in.Version, base.Version+"+") || in.ID != base.ID || in.GroupSize != 12 {
		t.Errorf("%s %s, k %d", in.ID, in.Version, in.GroupSize)
	}
	if base.Item("department").Kind != instrument.Category {
		t.Error("the base was changed")
	}
}

func TestWhatIsInTheWayIsToldAndRefused(t *testing.T) {
	t.Parallel()
	nl := []instrument.Lang{instrument.NL}
	two := []OwnOption{{ID: "a", Label: everywhere("a")}, {ID: "b", Label: everywhere("b")}}
	own := func(change func(*Own)) Recipe {
		o := Own{ID: "own1", Kind: instrument.Single, Question: everywhere("Q"), Options: slices.Clone(two)}
		change(&o)
		return Recipe{Skip: []string{"department"}, Own: []Own{o}}
	}
	many := make([]string, instrument.MaxOptions+1)
	for i := range many {
		many[i] = "d" + itoa(i)
	}
	for _, c := range []struct {
		name, want string
		recipe     Recipe
		given      Given
	}{
		{"no levels", "levels-missing department", Recipe{}, Given{Languages: nl}},
		{"too many levels", "levels-many department", Recipe{}, Given{Languages: nl, Levels: map[string][]string{"Dienst": many}}},
		{"translation of the question", "words-missing own1 fr", own(func(o *Own) { delete(o.Question, instrument.FR) }), Given{Languages: instrument.Languages()}},
		{"translation of an option", "words-missing own1 de", own(func(o *Own) {
			o.Options[1].Label = instrument.Text{instrument.NL: "x", instrument.FR: "y", instrument.EN: "z"}
		}), Given{Languages: instrument.Languages()}},
		{"one option", "options-missing own1", own(func(o *Own) { o.Options = o.Options[:1] }), Given{Languages: nl}},
		{"no rows", "rows-missing own1", own(func(o *Own) { o.Kind = instrument.Matrix }), Given{Languages: nl}},
		{"same label", "same-label own1", own(func(o *Own) { o.Options[1].Label = o.Options[0].Label }), Given{Languages: nl}},
		{"condition on what is off", "condition-gone own1", func() Recipe {
			r := own(func(o *Own) { o.Condition = &Condition{Item: "use_leisure", Options: []string{"never"}} })
			r.Off = []string{"leisure"}
			return r
		}(), Given{Languages: nl}},
		{"condition on what comes later", "condition-gone own1", own(func(o *Own) { o.After, o.Condition = Start, &Condition{Item: "use_work", Options: []string{"never"}} }), Given{Languages: nl}},
		{"condition on no option", "condition-options own1", own(func(o *Own) { o.Condition = &Condition{Item: "use_work", Options: []string{"gone"}} }), Given{Languages: nl}},
		{"same label by other words", "same-label workplace", Recipe{Skip: []string{"department"}, Texts: map[string]instrument.Text{
			textKey("workplace", partOption, monitor(t).Item("workplace").Options[0].ID): {instrument.NL: monitor(t).Item("workplace").Options[1].Label[instrument.NL]}}}, Given{Languages: nl}},
	} {
		_, _, err := Compose(monitor(t), &c.recipe, c.given)
		var issues Issues
		if !errors.As(err, &issues) || issues.Error() != "the questionnaire cannot be asked yet: "+c.want {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if said := issues[0].In(instrument.NL); strings.Contains(said, "{") || said == "" {
			t.Errorf("%s: %q", c.name, said)
		}
	}
	base, err := Base{YAML: "id: a\nversion: \"2\"\ntitle: {nl: A}\nlanguages: [nl]\ngroup_size: 10\nitems: [{id: a, kind: text, question: {nl: A}}]\n", Name: "a"}.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Compose(base, &Recipe{}, Given{Languages: []instrument.Lang{instrument.FR}}); err == nil || !strings.Contains(err.Error(), "base-language  fr") {
		t.Errorf("%v", err)
	}
}

func TestWhatIsLostWithoutAPartIsTold(t *testing.T) {
	t.Parallel()
	base := monitor(t)
	for off, want := range map[string][]string{
		"leisure": {"benchmark het Vlaamse onderzoek bij 576 medewerkers van lokale en Vlaamse overheden: Minstens wekelijks, vrije tijd", "indicator Minstens wekelijks, vrije tijd", "indicator Ooit gebruikt in de vrije tijd", "item Opleiding"},
		"opinions": {"benchmark het Vlaamse onderzoek bij 576 medewerkers van lokale en Vlaamse overheden: " + optionLabel(base.Item("drawbacks"), "energy").In("nl"),
			"benchmark het Vlaamse onderzoek bij 576 medewerkers van lokale en Vlaamse overheden: " + optionLabel(base.Item("drawbacks"), "copyright").In("nl")},
		"why_not": nil,
		"use":     nil, // cannot be left out
		"drivers": {"model Bereidheid om AI te gebruiken", "construct Verwacht nut voor het werk", "construct Gebruiksgemak", "construct Invloed van de omgeving", "construct Middelen en duidelijkheid", "construct Bereidheid om AI te gebruiken", "indicator Weet wat mag met AI"},
		"rules":   {"indicator Weet dat er regels zijn", "indicator Las de regels", "indicator Eigen AI zonder het te zeggen"},
	} {
		d := NewDraft(base, &Recipe{Off: []string{off}}, allGiven())
		var got []string
		for _, l := range d.Losses {
			name := string(l.Kind) + " " + l.Name.In(instrument.NL)
			if len(l.About) > 0 {
				name += ": " + l.About.In(instrument.NL)
			}
			got = append(got, name)
		}
		if len(got) > 0 && off == "leisure" {
			got[len(got)-1] = "item Opleiding" // the name of that question is not what matters here
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("without %s: -want +got\n%s", off, diff)
		}
	}
	d := NewDraft(base, &Recipe{Off: []string{"leisure"}}, allGiven())
	if got := d.Instrument.Item("skill_technical").Visible; got != `use_work in ["tried", "rarely", "monthly", "weekly", "daily"]` {
		t.Errorf("the condition became %s", got)
	}
	if d.Instrument.Item("training") != nil {
		t.Error("a question that nobody can get is asked")
	}
}

func TestAConstructLosesItemsOnlyWhileEnoughAreLeft(t *testing.T) {
	t.Parallel()
	src := "id: a\nversion: \"1\"\ntitle: {nl: A}\nlanguages: [nl]\ngroup_size: 5\nscales:\n  s: [{id: a, label: {nl: a}}, {id: b, label: {nl: b}}]\nmodules:\n" +
		"  - {id: m, label: {nl: M}, items: [q3]}\n  - {id: n, label: {nl: N}, items: [q2]}\nitems:\n"
	for _, q := range []string{"q1", "q2", "q3"} {
		src += "  - {id: " + q + ", kind: scale, question: {nl: Q}, options_from: s}\n"
	}
	src += "constructs:\n  - {id: c, label: {nl: C}, items: [q1, q2, q3], reverse: [q3], min_answered: 2}\n"
	base, err := Base{YAML: src, Name: "a"}.Open()
	if err != nil {
		t.Fatal(err)
	}
	given := Given{Languages: base.Languages}
	in, _ := must(t, base, &Recipe{Off: []string{"m"}}, given)
	if c := in.Constructs[0]; !slices.Equal(c.Items, []string{"q1", "q2"}) || len(c.Reverse) > 0 || c.MinAnswered != 2 {
		t.Errorf("%+v", c)
	}
	in, _ = must(t, base, &Recipe{Off: []string{"m", "n"}}, given)
	if len(in.Constructs) != 0 {
		t.Errorf("%+v", in.Constructs)
	}
}

// anOwn draws an own question.
func anOwn(t *rapid.T, id string, base *instrument.Instrument) Own {
	var after []string
	for i := range base.Items {
		after = append(after, base.Items[i].ID)
	}
	o := Own{ID: id, Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"), After: rapid.SampledFrom(append(after, "", Start)).Draw(t, "after"),
		Question: everywhere("Vraag " + id), Required: rapid.Bool().Draw(t, "required"), DontKnow: rapid.Bool().Draw(t, "dont know")}
	for i := range rapid.IntRange(2, 5).Draw(t, "options") {
		o.Options = append(o.Options, OwnOption{ID: "o" + itoa(i), Label: everywhere("antwoord " + itoa(i)), Exclusive: i == 1})
		o.Rows = append(o.Rows, OwnRow{ID: id + "_" + itoa(i), Text: everywhere("rij " + itoa(i))})
	}
	if rapid.Bool().Draw(t, "scale") {
		o.Scale = rapid.SampledFrom(Scales()).Draw(t, "which").ID
	}
	if rapid.Bool().Draw(t, "help") {
		o.Help = everywhere("uitleg")
	}
	if rapid.Bool().Draw(t, "condition") && o.After != Start {
		o.Condition = &Condition{Item: "use_work", Options: []string{"never", "daily"}, Not: rapid.Bool().Draw(t, "not")}
		if o.After == "welcome" {
			o.After = ""
		}
	}
	return o
}

// Any choice of parts, with own questions beside them, can be asked, and its answers make a report.
func TestAnyChoiceOfPartsCanBeAskedAndAnalysed(t *testing.T) {
	t.Parallel()
	base := monitor(t)
	rapid.Check(t, func(t *rapid.T) {
		r := NewRecipe(DefaultBase)
		for _, m := range base.Modules {
			if rapid.Bool().Draw(t, m.ID+" off") {
				r.Off = append(r.Off, m.ID)
			}
		}
		for _, id := range []string{"function_family", "department", "workplace", "age", "education", "leads"} {
			if rapid.Bool().Draw(t, id+" off") {
				r.Skip = append(r.Skip, id)
			}
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "own") {
			r.Own = append(r.Own, anOwn(t, "own"+itoa(i+1), base))
		}
		given := allGiven()
		given.Languages = rapid.SampledFrom([][]instrument.Lang{{"nl"}, {"nl", "fr"}, {"nl", "fr", "de", "en"}}).Draw(t, "languages")
		in, text, err := Compose(base, &r, given)
		if err != nil {
			t.Fatal(err)
		}
		if in.Item("use_work") == nil {
			t.Fatal("what cannot be left out is left out")
		}
		kept, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(kept)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice, err := Compose(base, &again, given); err != nil || !bytes.Equal(text, twice) {
			t.Fatalf("the same recipe gives something else: %v", err)
		}
		wave, err := synth.New(synth.Options{Instrument: in, Size: 120, Seed: 1, Departments: 3})
		if err != nil {
			t.Fatal(err)
		}
		a, err := wave.Answers(context.Background(), 0, 120)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := analysis.Analyse(context.Background(), a, analysis.Options{Organisation: "Stad", Wave: "Voorjaar"}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestARecipeOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{"": "", "{}": "", `{"format":2}`: "a newer program made it", "[": "cannot be read", `{"own":` + strings.Repeat("[", 3): "cannot be read"} {
		r, err := Read([]byte(src))
		if want == "" && (err != nil || r.Base.Name != DefaultBase) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func FuzzRecipe(f *testing.F) {
	f.Add([]byte(`{"off":["leisure"],"own":[{"id":"own1","kind":"matrix","rows":[{"id":"r"}],"condition":{"item":"use_work","options":["never"]}}],"texts":{"welcome/help":{"nl":"x"}}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := Read(src)
		if err != nil || r.Base.Own() {
			return
		}
		r.Base.Name = DefaultBase
		_, text, err := Compose(monitor(t), &r, allGiven())
		if err == nil {
			if _, err := instrument.Parse("f", text); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := json.Marshal(NewDraft(monitor(t), &r, allGiven()).Instrument); err != nil {
			t.Fatal(err)
		}
	})
}
