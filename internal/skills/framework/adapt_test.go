package framework

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func four(s string) Text { return Text{NL: s, FR: s, DE: s, EN: s} }

func TestAdaptChangesWhatItNamesAndNothingElse(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	untouched := builtIn(t)
	change := &Change{
		Version:    "1.0-town",
		Texts:      map[string]Text{"levels.guide.name": four("Trekker"), "skills.critical.areas.verify.name": four("Nakijken")},
		Behaviours: map[string][]Text{"critical.basis": {four("Je belt even."), four("Je kijkt in de map.")}},
		Steps:      map[string]Step{"critical.basis.field": {Text: four("Ga naar het depot."), Minutes: 15, Place: Colleague}},
		Rules:      slices.Clone(base.Rules[1:]),
	}
	change.Rules[0].Asks = []Ask{{Skill: "technical", Level: 3, Reason: four("Zo is het bij ons.")}}
	got, err := Adapt(base, change)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(untouched, base); diff != "" {
		t.Errorf("the base changed:\n%s", diff)
	}
	if want := (Origin{base.ID, base.Version, base.Digest()}); got.AdaptedFrom == nil || *got.AdaptedFrom != want || got.ID != base.ID || got.Version != "1.0-town" {
		t.Errorf("it is %s %s made from %v, want %v", got.ID, got.Version, got.AdaptedFrom, want)
	}
	allowed := []string{"version", "adapted_from.", "levels.guide.name.", "skills.critical.areas.verify.name.", "skills.critical.levels.basis.behaviours.",
		"skills.critical.levels.basis.next.field.", "rules.citizens.", "rules.personal-data.asks."}
	seen := map[string]bool{}
	for _, d := range Diff(base, got) {
		i := slices.IndexFunc(allowed, func(prefix string) bool { return strings.HasPrefix(d.Key, prefix) })
		if i < 0 {
			t.Errorf("it changed %s besides", d.Key)
			continue
		}
		seen[allowed[i]] = true
	}
	if len(seen) != len(allowed) {
		t.Errorf("it changed %v, want all of %v", seen, allowed)
	}
	change.Texts["levels.guide.name"][NL] = "later"
	change.Rules[0].Asks[0].Reason[NL] = "later"
	if got.Levels[3].Name[NL] != "Trekker" || got.Rules[0].Asks[0].Reason[NL] != "Zo is het bij ons." {
		t.Error("a change that is used again later changes what it made before")
	}
}

func TestAdaptKeepsWhatResultsDependOn(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	change := &Change{Version: "2", Texts: map[string]Text{}}
	for _, key := range base.Texts() {
		change.Texts[key] = four("een twee drie")
	}
	got, err := Adapt(base, change)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(base.Texts()); n != 2+4*2+5*2+17+5*4*2+5*2 || n != len(change.Texts) {
		t.Errorf("%d texts may change", n)
	}
	if n := len(Diff(base, got)); n != 1+3+4*len(change.Texts) { // the version, the origin, every language
		t.Errorf("%d differences, want those of %d texts", n, len(change.Texts))
	}
	if !reflect.DeepEqual(skeleton(base), skeleton(got)) {
		t.Error("an id, an area, a level or where it starts changed")
	}
}

// skeleton is what a test result refers to.
func skeleton(f *Framework) []any {
	out := []any{f.ID}
	for _, l := range f.Levels {
		out = append(out, l.ID, l.From)
	}
	for _, s := range f.Skills {
		out = append(out, s.ID)
		for _, a := range s.Areas {
			out = append(out, a.ID)
		}
		for _, l := range s.Levels {
			out = append(out, l.ID)
		}
	}
	return out
}

func TestAdaptRefusesAllAtOnce(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	_, err := Adapt(base, &Change{
		Version:    base.Version,
		Texts:      map[string]Text{"skills.critical.id": four("a b c"), "rules.citizens.question": four("a b c"), "title": {NL: "alleen het Nederlands"}},
		Behaviours: map[string][]Text{"critical.expert": nil, "critical.basis": {four("maar een ding")}},
		Steps:      map[string]Step{"critical.basis": {}, "critical.basis.home": {}},
		Everyone:   base.Everyone[1:],
		Rules:      []Rule{{ID: "x", Asks: []Ask{{Skill: "critical", Level: 9}}}},
	})
	var problems *Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems.List {
		got = append(got, p.Path)
	}
	for _, want := range []string{"version", "texts.skills.critical.id", "texts.rules.citizens.question", "title", "behaviours.critical.expert", "skills[1].levels[1].behaviours",
		"steps.critical.basis", "steps.critical.basis.home", "everyone", "rules[0].question", "rules[0].asks[0].level"} {
		if !slices.Contains(got, want) {
			t.Errorf("nothing is said of %s in\n%v", want, err)
		}
	}
}

func TestJSONHoldsEverything(t *testing.T) {
	t.Parallel()
	base := builtIn(t)
	adapted, err := Adapt(base, &Change{Version: "2", Texts: map[string]Text{"title": four("een twee drie")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*Framework{base, adapted} {
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		again := &Framework{}
		if err := json.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(f, again); diff != "" || again.Digest() != f.Digest() {
			t.Errorf("version %s reads back as something else:\n%s", f.Version, diff)
		}
	}
	if base.Digest() == adapted.Digest() {
		t.Error("two versions have one digest")
	}
}

func TestDiffSaysWhatChangedWhere(t *testing.T) {
	t.Parallel()
	a, b := builtIn(t), builtIn(t)
	if d := Diff(a, b); len(d) != 0 {
		t.Fatalf("a framework differs from itself: %v", d)
	}
	slices.Reverse(b.Factors)
	if d := Diff(a, b); len(d) != 0 {
		t.Errorf("another order differs: %v", d)
	}
	*b.Levels[2].From = 0.25
	b.Skills[1].Levels[0].Summary[FR] = "Vous savez."
	b.Rules[0].Words[NL] = []string{"loket*"}
	b.Rules[0].Asks[1].Level = 4
	b.Rules[0].Asks = b.Rules[0].Asks[:2]
	b.Skills[0].Levels[0].Next.Office.Place = ""
	got := map[string]Difference{}
	for _, d := range Diff(a, b) {
		got[d.Key] = d
	}
	for _, want := range []Difference{
		{"levels.independent.from", Changed, "0", "0.25"},
		{"skills.critical.levels.start.summary.fr", Changed, a.Skills[1].Levels[0].Summary[FR], "Vous savez."},
		{"rules.citizens.words.nl", Changed, strings.Join(a.Rules[0].Words[NL], ", "), "loket*"},
		{"rules.citizens.asks.critical.level", Changed, "3", "4"},
		{"rules.citizens.asks.ethical.level", Removed, "3", ""},
		{"skills.communicative.levels.start.next.office.place", Removed, "lab", ""},
	} {
		if got[want.Key] != want {
			t.Errorf("got %+v, want %+v", got[want.Key], want)
		}
	}
	if len(got) != 6+5 { // the ask that went has a skill and a reason in four languages besides its level
		t.Errorf("%d differences: %v", len(got), got)
	}
	for _, d := range Diff(b, a) {
		back := map[DifferenceKind]DifferenceKind{Added: Removed, Removed: Added, Changed: Changed}
		if x := got[d.Key]; x.Kind != back[d.Kind] || x.Before != d.After || x.After != d.Before {
			t.Errorf("the other way round %s is %+v, was %+v", d.Key, d, x)
		}
	}
}
