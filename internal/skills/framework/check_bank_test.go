package framework

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestItemProblems(t *testing.T) {
	t.Parallel()
	sound := bankHead + item(1)
	if b, err := ParseItems("t.yaml", strings.NewReader(sound)); err != nil || b.Items[0].In(true).Best() != 1 {
		t.Fatalf("a sound bank is refused: %v", err)
	}
	choice := strings.NewReplacer("kind: graded", "kind: choice", "b: [-1, 0.5]", "b: [0.5], c: 0.2", "credit: 1", "credit: 0", "credit: 2", "credit: 1").Replace(sound)
	if _, err := ParseItems("t.yaml", strings.NewReader(choice)); err != nil {
		t.Fatalf("a sound choice item is refused: %v", err)
	}
	for _, c := range []struct{ name, src, old, with, want string }{
		{"version", sound, "version: 1", "version: 0", "version 0;"},
		{"id of another skill", sound, "cri-verify-01", "com-verify-01", `the id "com-verify-01" does not say what the item is about; write the first three letters of the skill, the area and two digits, such as cri-verify-01`},
		{"id of another area", sound, "cri-verify-01", "cri-trust-01", `the id "cri-trust-01" does not say`},
		{"kind", sound, "kind: graded", "kind: open", `unknown kind "open"; use one of: graded, choice`},
		{"code", sound, "digcomp: 1.2", "digcomp: x", `the code "x" is none of DigComp`},
		{"flat", sound, "a: 1.2", "a: 0.6", "the slope is 0.6; write 0.7 to 2.2"},
		{"steep", sound, "a: 1.2", "a: 2.3", "the slope is 2.3"},
		{"one threshold", sound, "b: [-1, 0.5]", "b: [-1]", "a graded item has 1 thresholds here; write 2"},
		{"falling thresholds", sound, "b: [-1, 0.5]", "b: [0.5, -1]", "the thresholds do not rise; write the lower one first"},
		{"far threshold", sound, "b: [-1, 0.5]", "b: [-1, 3.5]", "the threshold is 3.5; write -3 to 3"},
		{"floor of a graded item", sound, "b: [-1, 0.5]", "b: [-1, 0.5], c: 0.2", "a graded item has no floor; remove c"},
		{"no floor", choice, ", c: 0.2", "", "the floor is 0; write 0.15 to 0.25"},
		{"two thresholds of a choice", choice, "b: [0.5]", "b: [0, 0.5]", "a choice item has 2 thresholds here; write 1"},
		{"two best", choice, "{credit: 0", "{credit: 1", "2 options have credit 1; give credit 1 to the best one and 0 to the others"},
		{"credit of a choice", choice, "credit: 1", "credit: 2", "credit 2 does not exist in a choice item"},
		{"credit", sound, "credit: 2", "credit: 3", "credit 3 does not exist in a graded item"},
		{"no half right", sound, "credit: 1", "credit: 0", "1 options have credit 2, 0 credit 1 and 3 credit 0;"},
		{"no question", sound, `?", fr`, `.", fr`, "this text does not end in a question"},
		{"same option", sound, "{nl: xd", "{nl: xa", "this option says the same as another"},
		{"missing translation", sound, "de: xa, ", "", `the translation in "de" is missing`},
		{"long option", sound, "{nl: xa", "{nl: " + strings.Repeat("a ", 31), "this text has 31 words; keep it within 30"},
		{"short rationale", sound, "rationale: {nl: x ", "rationale: {nl: ", "this text has 29 words; write at least 30"},
		{"two options", sound, ", {credit: 1, text: " + say("xc") + "}, {credit: 0, text: " + say("xd") + "}", "", "there are 2 options; write 3 or 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			src := strings.Replace(c.src, c.old, c.with, 1)
			if src == c.src {
				t.Fatalf("nothing to change: %q", c.old)
			}
			_, err := ParseItems("t.yaml", strings.NewReader(src))
			if !strings.Contains(messages(err), c.want) {
				t.Errorf("got\n%v\nwant %s", err, c.want)
			}
		})
	}
}

// bank makes a sound bank of n items whose thresholds spread from -2 to 2 and whose best options stand in all places.
func bank(t *testing.T, n int) *Bank {
	t.Helper()
	var src strings.Builder
	src.WriteString(bankHead)
	for i := range n {
		src.WriteString(item(i + 1))
	}
	b := &Bank{}
	if parsed, err := ParseItems("t.yaml", strings.NewReader(bankHead+item(1))); err != nil {
		t.Fatal(err)
	} else {
		b.Skill, b.Version = parsed.Skill, parsed.Version
		for i := range n {
			x := parsed.Items[0]
			x.ID = fmt.Sprintf("cri-verify-%02d", i+1)
			from := -2.0 + 2*float64(i)/float64(n-1)
			x.Parameters.B = []float64{from, from + 2}
			x.Office, x.Field = turned(x.Office, i), turned(x.Field, i+1)
			b.Items = append(b.Items, x)
		}
	}
	return b
}

// turned moves the options on by some places.
func turned(v Version, by int) Version {
	options := make([]Option, len(v.Options))
	for i, o := range v.Options {
		options[(i+by)%len(options)] = o
	}
	v.Options = options
	return v
}

func TestBalanceOfABank(t *testing.T) {
	t.Parallel()
	if found := bank(t, 14).Check(); len(found) > 0 {
		t.Fatalf("a sound bank is refused: %v", found)
	}
	for _, c := range []struct {
		name   string
		change func(b *Bank)
		want   string
	}{
		{"the longest is best", func(b *Bank) {
			for i := range b.Items {
				v := &b.Items[i].Office
				v.Options[v.Best()].Text = Text{NL: "xaxa", FR: fmt.Sprint("x", i%4), DE: "xe", EN: "xf"}
			}
		}, `items: in "nl" the best option is the longest in 14 of 28 versions; shorten best options or lengthen others until it is so in at most 12`},
		{"always in one place", func(b *Bank) {
			for i := range b.Items {
				v := &b.Items[i].Office
				*v = turned(*v, 4-v.Best())
				v = &b.Items[i].Field
				*v = turned(*v, 4-v.Best()+i%2)
			}
		}, "items: the best option stands in place 1 in 21 of 28 versions; move some of them"},
		{"nothing easy", func(b *Bank) {
			for i := range b.Items {
				b.Items[i].Parameters.B = []float64{-0.9 + float64(i)/10, 1 + float64(i)/10}
			}
		}, "items: 0 items are easy (first threshold at -1 or below); have at least 4, for somebody who never used GenAI"},
		{"a gap", func(b *Bank) {
			for i := range b.Items {
				b.Items[i].Parameters.B = []float64{-2, 2}
			}
		}, "items: no threshold lies between -2 and 2; keep neighbours within 0.8: a level in between is not measured"},
		{"a level without thresholds", func(b *Bank) {
			for i := range b.Items {
				b.Items[i].Parameters.B[1] = min(b.Items[i].Parameters.B[1], 0.9+float64(i)/1000)
			}
		}, "items: 0 thresholds lie in level 4; have at least 3"},
		{"no reach", func(b *Bank) {
			for i := range b.Items {
				p := b.Items[i].Parameters.B
				p[0], p[1] = p[0]/2-0.4, p[1]/2+0.3
			}
		}, "items: the thresholds reach from -1.4 to 1.3; reach at least from -1.5 to 1.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := bank(t, 14)
			c.change(b)
			var got []string
			for _, p := range b.Check() {
				got = append(got, p.String())
			}
			if !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("got\n%s\nwant %s", strings.Join(got, "\n"), c.want)
			}
		})
	}
}

func TestBanksOfAFramework(t *testing.T) {
	t.Parallel()
	f, err := Parse("t.yaml", strings.NewReader(small()))
	if err != nil {
		t.Fatal(err)
	}
	sound := bank(t, 14)
	sound.Items[3].Area, sound.Items[4].Area = "trust", "trust"
	if found := f.CheckItems([]*Bank{sound}); len(found) > 0 {
		t.Fatalf("sound banks are refused: %v", found)
	}
	few := bank(t, 11)
	few.Items[0].Area, few.Items[1].DigComp, few.Items[2].ID = "other", "5.1", few.Items[3].ID
	var got bytes.Buffer
	for _, p := range f.CheckItems([]*Bank{few, few, {Skill: "clever"}}) {
		fmt.Fprintln(&got, p)
	}
	for _, p := range f.CheckItems(nil) {
		fmt.Fprintln(&got, p)
	}
	for _, want := range []string{
		"critical: the skill has 11 items; write at least 12\n", `critical: the area "trust" has 0 items; write at least 2`,
		`critical.items[0].area: the skill has no area "other"`, `critical.items[1].digcomp: there is no competence "5.1"`,
		`critical.items[3].id: the id "cri-verify-04" stands in two banks`, "critical: the skill has two banks", `clever: there is no skill "clever"`,
		"critical: the skill has no items; add its bank",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("missing %q in\n%s", want, got.String())
		}
	}
}
