package asked

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/content/skills"
	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/stats/irt"
	"tekentafel/internal/synth"
)

const monitorName = "genai-monitor"

func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func monitor(t testing.TB) *instrument.Instrument {
	t.Helper()
	return must(instrument.Parse(monitorName, must(instruments.Open(monitorName))(t)))(t)
}

// ids are the skills of the framework.
func ids() []string { return []string{"communicative", "critical", "ethical", "creative", "technical"} }

func TestTheMonitorHoldsWhatTheBankSays(t *testing.T) {
	t.Parallel()
	before := must(instruments.Open(monitorName))(t)
	after := must(must(BuiltIn())(t).Write(before))(t)
	if !bytes.Equal(before, after) {
		t.Error("the part test of instruments/genai-monitor.yaml is out of date: run go run ./content/skills/monitor and commit what it writes")
	}
	if again := must(must(BuiltIn())(t).Write(after))(t); !bytes.Equal(again, after) {
		t.Error("written twice, it differs")
	}
}

// A person gets two situations a skill, of different areas, with thresholds on both sides of the middle; options stand as in the
// bank, and the best one is the one that is counted.
func TestASituationIsTheItemOfTheBank(t *testing.T) {
	t.Parallel()
	in, banks := monitor(t), must(Banks())(t)
	seen := map[string][]*framework.Item{}
	for i := range in.Items {
		it := &in.Items[i]
		id, inField, ok := ParseID(it.ID)
		if !ok {
			continue
		}
		skill, item := find(banks, id)
		if item == nil || in.Module(it.ID) == nil || in.Module(it.ID).ID != Module || it.Required || it.Topic != instrument.TopicTest {
			t.Fatalf("%s: %+v", it.ID, it)
		}
		v := item.In(inField)
		if it.Question[instrument.NL] != v.Stem[framework.NL] || len(it.Options) != len(v.Options) {
			t.Errorf("%s is not what the bank has", it.ID)
		}
		for o := range it.Options {
			if it.Options[o].Label[instrument.FR] != v.Options[o].Text[framework.FR] || *it.Options[o].Value != float64(v.Options[o].Credit) {
				t.Errorf("%s: option %d is not that of the bank", it.ID, o+1)
			}
		}
		at := slices.IndexFunc(in.Indicators, func(ind instrument.Indicator) bool { return ind.Item == it.ID })
		if at < 0 || !slices.Equal(in.Indicators[at].Options, []string{optionID(v.Best())}) {
			t.Errorf("%s: the best answer is not counted", it.ID)
		}
		if !inField {
			seen[skill] = append(seen[skill], item)
		}
	}
	for _, id := range ids() {
		two := seen[id]
		if len(two) != PerSkill || two[0].Area == two[1].Area {
			t.Errorf("%s: %d situations", id, len(two))
			continue
		}
		for _, it := range two {
			if b := it.Parameters.B; b[0] < -1.2 || b[0] > 0.1 || b[1] < 0.1 || b[1] > 1.3 {
				t.Errorf("%s: thresholds %v", it.ID, b)
			}
		}
	}
}

// Two situations say little of one person and enough of a group: the variance of the expected skill given the answers, in the reference
// population of variance 1, is the reliability, which the gap needs to be .3 at least.
func TestTwoSituationsMeasureEnoughForAGroup(t *testing.T) {
	t.Parallel()
	for _, b := range must(Banks())(t) {
		two := must(Choose(b))(t)
		items := make([]irt.Item, PerSkill)
		for i, it := range two {
			items[i] = irt.Item{A: it.Parameters.A, B: it.Parameters.B}
		}
		var mass, first [9]float64 // by pattern of categories
		for theta := -5.0; theta <= 5; theta += 0.05 {
			density := math.Exp(-theta*theta/2) / math.Sqrt(2*math.Pi) * 0.05
			one, other := items[0].LogProbabilities(nil, theta), items[1].LogProbabilities(nil, theta)
			for i, p := range one {
				for j, q := range other {
					m := density * math.Exp(p+q)
					mass[3*i+j] += m
					first[3*i+j] += m * theta
				}
			}
		}
		reliability := 0.0
		for pattern := range mass {
			reliability += first[pattern] * first[pattern] / mass[pattern]
		}
		if t.Logf("%s: %s and %s, reliability %.2f", b.Skill, two[0].ID, two[1].ID, reliability); reliability < 0.35 || reliability > 0.7 {
			t.Errorf("%s: reliability %.2f", b.Skill, reliability)
		}
	}
}

func TestTheRuleTakesTheNearestPairOfTwoAreas(t *testing.T) {
	t.Parallel()
	item := func(id, area string, a float64, b ...float64) framework.Item {
		kind := framework.Graded
		if len(b) == 1 {
			kind = framework.Choice
		}
		return framework.Item{ID: id, Area: area, Kind: kind, Parameters: framework.Parameters{A: a, B: b}}
	}
	b := &framework.Bank{Skill: "critical", Items: []framework.Item{
		item("perfect", "one", 1.2, lowerAim, upperAim), item("near", "one", 2, lowerAim-0.1, upperAim), item("choice", "two", 2, lowerAim),
		item("flat", "two", 1.1, lowerAim-0.3, upperAim), item("steep", "three", 1.3, lowerAim, upperAim+0.3), item("far", "four", 2, -2, 2)}}
	two := must(Choose(b))(t)
	if two[0].ID != "perfect" || two[1].ID != "steep" {
		t.Errorf("%s and %s are chosen", two[0].ID, two[1].ID)
	}
	b.Items = b.Items[:3]
	if _, err := Choose(b); err == nil {
		t.Error("two situations of one area are chosen")
	}
}

func TestAnIDReadsBackAsItemAndVersion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		item := rapid.StringMatching(`[a-z]{3}-[a-z]+-[0-9]{2}`).Draw(t, "item")
		inField := rapid.Bool().Draw(t, "field")
		if got, version, ok := ParseID(ID(item, inField)); got != item || version != inField || !ok {
			t.Fatalf("%s: %s, %t, %t", ID(item, inField), got, version, ok)
		}
	})
	for _, id := range []string{"test_intro", "use_work", "", "test_", "test__office", "test_office", "tes_com_ask_01_field"} {
		if item, _, ok := ParseID(id); ok {
			t.Errorf("%q is the situation %q", id, item)
		}
	}
}

func TestThePartGoesOnlyBetweenItsMarkers(t *testing.T) {
	t.Parallel()
	part, text := must(BuiltIn())(t), string(must(instruments.Open(monitorName))(t))
	for name, broken := range map[string]string{
		"no markers": "id: a\n", "an end is gone": strings.Replace(text, "  # --- end of the items\n", "", 1), "twice": text + text,
	} {
		if _, err := part.Write([]byte(broken)); !errors.Is(err, ErrMarkers) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadWords([]byte("module: {label: {nl: A}}")); err == nil {
		t.Error("words that are missing are not missed")
	}
	words := must(skills.MonitorWords())(t)
	if _, err := ReadWords(append(words, "more: {nl: A}\n"...)); err == nil {
		t.Error("unknown words are taken")
	}
}

// Whatever people answer, the category that is read is the credit of the option that they chose, in the version that they got.
func TestWhatPeopleAnsweredReadsBack(t *testing.T) {
	t.Parallel()
	in, banks := monitor(t), must(Banks())(t)
	made := must(synth.New(synth.Options{Instrument: in, Size: 400, Seed: 3}))(t)
	a := must(made.Answers(context.Background(), 0, 400))(t)
	all := Read(a, ids(), banks)
	where := map[string]int{}
	for i := range a.Variables {
		where[a.Variables[i].ID] = i
	}
	answered, both := 0, 0
	for s, skill := range all {
		if skill.ID != ids()[s] || len(skill.Self) != 5 || len(skill.Test) != PerSkill {
			t.Fatalf("%s: %d statements, %d situations", skill.ID, len(skill.Self), len(skill.Test))
		}
		for _, self := range skill.Self {
			if want := self.ID == "tech5" || self.ID == "crit5"; self.Reversed != want {
				t.Errorf("%s: reversed %t", self.ID, self.Reversed)
			}
			for i, got := range self.Answers {
				if code := a.Columns[where[self.ID]].At(i); int(got) != max(0, code-instrument.FirstOption+1) {
					t.Fatalf("%s: code %d reads as %d", self.ID, code, got)
				}
			}
		}
		for _, situation := range skill.Test {
			_, item := find(banks, situation.Item)
			for i, got := range situation.Answers {
				want, versions := 0, 0
				for _, inField := range []bool{false, true} {
					if code := a.Columns[where[ID(item.ID, inField)]].At(i); code >= instrument.FirstOption {
						want, versions = item.In(inField).Options[code-instrument.FirstOption].Credit+1, versions+1
					}
				}
				if int(got) != want || versions > 1 {
					t.Fatalf("%s: %d, want %d of %d versions", item.ID, got, want, versions)
				}
				if answered += versions; versions > 0 && a.Columns[where[ID(item.ID, true)]].At(i) >= instrument.FirstOption {
					both++
				}
			}
			if situation.Parameters.A != item.Parameters.A || !slices.Equal(situation.Parameters.B, item.Parameters.B) {
				t.Errorf("%s has other parameters", item.ID)
			}
		}
	}
	if answered < 3000 || both < 200 || both > answered-200 {
		t.Errorf("%d answers, %d of them in the field", answered, both)
	}
}

func TestWhatWasNotAskedIsNotThere(t *testing.T) {
	t.Parallel()
	in, banks := monitor(t), must(Banks())(t)
	plain := in.Asking()
	made := must(synth.New(synth.Options{Instrument: plain, Size: 50, Seed: 3}))(t)
	a := must(made.Answers(context.Background(), 0, 50))(t)
	for _, skill := range Read(a, ids(), banks) {
		if len(skill.Self) != 5 || len(skill.Test) != 0 {
			t.Errorf("%s: %d statements, %d situations", skill.ID, len(skill.Self), len(skill.Test))
		}
	}
	made = must(synth.New(synth.Options{Instrument: in, Size: 50, Seed: 3}))(t)
	a = must(made.Answers(context.Background(), 0, 50))(t)
	if got := Read(a, append(ids(), "cooking"), nil); len(got) != 6 || len(got[0].Test) != 0 || len(got[5].Self) != 0 {
		t.Error("without a bank there are situations")
	}
	changed := *banks[0]
	changed.Items = slices.Clone(changed.Items)
	for i := range changed.Items {
		changed.Items[i].Parameters = framework.Parameters{A: 1, B: []float64{0}, C: 0.2}
	}
	for _, skill := range Read(a, []string{changed.Skill}, []*framework.Bank{&changed}) {
		if len(skill.Test) != 0 {
			t.Error("a situation is read with categories that it did not have")
		}
	}
}

// Made-up people answer the situations by a skill that goes a little with what they say of themselves, and less well in the
// technical skill when they work in the field.
func TestMadeUpAnswersAreSensible(t *testing.T) {
	t.Parallel()
	const n = 6000
	in, banks := monitor(t), must(Banks())(t)
	made := must(synth.New(synth.Options{Instrument: in, Size: n, Seed: 9}))(t)
	a := must(made.Answers(context.Background(), 0, n))(t)
	field := a.Columns[slices.IndexFunc(a.Variables, func(v instrument.Variable) bool { return v.ID == workplace })]
	for _, skill := range Read(a, ids(), banks) {
		var test, self []float64
		var sum, count [2]float64
		for i := range n {
			credit, said, steps, sentences := 0.0, 0.0, 0, 0
			for _, s := range skill.Test {
				if s.Answers[i] > 0 {
					credit, steps = credit+float64(s.Answers[i]-1), steps+1
				}
			}
			for _, s := range skill.Self {
				if v := float64(s.Answers[i]); v > 0 {
					if s.Reversed {
						v = 6 - v
					}
					said, sentences = said+v, sentences+1
				}
			}
			if steps < PerSkill || sentences < 5 {
				continue
			}
			test, self = append(test, credit), append(self, said)
			at := 0
			if field.At(i) == instrument.FirstOption+1 {
				at = 1
			}
			sum[at], count[at] = sum[at]+credit, count[at]+1
		}
		// A latent correlation of .3, weakened by two situations with a reliability of about .4 and statements with about .85.
		if r := correlation(test, self); r < 0.08 || r > 0.3 {
			t.Errorf("%s: what people can goes with what they say by %.2f", skill.ID, r)
		}
		office, outside := sum[0]/count[0], sum[1]/count[1]
		if office < 1.2 || office > 2.8 {
			t.Errorf("%s: %.2f of 4 points at a desk", skill.ID, office)
		}
		if gap := office - outside; skill.ID == "technical" && gap < 0.15 || gap < -0.2 {
			t.Errorf("%s: %.2f points at a desk, %.2f in the field", skill.ID, office, outside)
		}
	}
}

func correlation(x, y []float64) float64 {
	mean := func(v []float64) float64 {
		sum := 0.0
		for _, a := range v {
			sum += a
		}
		return sum / float64(len(v))
	}
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}
