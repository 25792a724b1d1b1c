package analysis_test

import (
	"encoding/csv"
	"io"
	"path/filepath"
	"strconv"
	"testing"

	"tekentafel/internal/disclosure/attack"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
)

// routed is a questionnaire of which parts are put to a part of the people: because of what they answered to a sensitive question,
// because of where they work, and because of what they answered to an ordinary question.
const routed = `
id: routed
version: "1"
title: {nl: Gericht}
languages: [nl]
group_size: 10
items:
  - {id: department, kind: category, topic: background, group: true, label: {nl: Dienst}, question: {nl: "In welke dienst werk je?"}}
  - {id: place, kind: single, topic: background, group: true, label: {nl: Werkplek}, question: {nl: "Waar werk je?"},
     options: [{id: desk, label: {nl: bureau}}, {id: field, label: {nl: buiten}}]}
  - {id: secret, kind: single, topic: use, sensitive: true, label: {nl: Stil}, question: {nl: "Gebruik je het stil?"}, required: true,
     options: [{id: "yes", label: {nl: ja}}, {id: "no", label: {nl: nee}}]}
  - {id: tool, kind: single, topic: use, label: {nl: Wat}, question: {nl: "Wat gebruik je dan?"}, visible: 'secret == "yes"',
     options: [{id: a, label: {nl: A}}, {id: b, label: {nl: B}}, {id: c, label: {nl: C}}]}
  - {id: again, kind: single, topic: use, label: {nl: Opnieuw}, question: {nl: "En daarna?"}, visible: 'tool == "a"',
     options: [{id: a, label: {nl: A}}, {id: b, label: {nl: B}}]}
  - {id: outside, kind: single, topic: use, label: {nl: Buiten}, question: {nl: "Hoe doe je dat buiten?"}, visible: 'place != "desk"',
     options: [{id: a, label: {nl: A}}, {id: b, label: {nl: B}}, {id: c, label: {nl: C}}]}
  - {id: tried, kind: single, topic: use, label: {nl: Geprobeerd}, question: {nl: "Heb je het geprobeerd?"},
     options: [{id: never, label: {nl: nooit}}, {id: once, label: {nl: een keer}}, {id: often, label: {nl: vaak}}]}
  - {id: liked, kind: single, topic: use, label: {nl: Bevallen}, question: {nl: "Beviel het?"}, visible: 'tried in ["once", "often"]',
     options: [{id: "no", label: {nl: nee}}, {id: some, label: {nl: wat}}, {id: much, label: {nl: veel}}]}
indicators:
  - {id: liked_much, topic: use, label: {nl: Beviel goed}, claim: {nl: vond het heel goed}, item: liked, options: [much]}
`

// routedWave writes a wave of that questionnaire: five departments, in one of which few people are.
func routedWave(t *testing.T) (*instrument.Instrument, string) {
	t.Helper()
	in, err := instrument.Parse("routed.yaml", []byte(routed))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "answers.csv")
	create(t, path, func(w io.Writer) error {
		rows := [][]string{{"department", "place", "secret", "tool", "again", "outside", "tried", "liked"}}
		for d, n := range []int{60, 45, 30, 14, 8, 26} {
			for i := range n {
				row := make([]string, 8)
				row[0] = "d" + strconv.Itoa(d)
				row[1], row[5] = "field", string(rune('a'+i%3))
				if i < 4+d || i%2 == 0 && d < 2 {
					row[1], row[5] = "desk", ""
				}
				row[2] = "no"
				if i%4 != 3 {
					row[2], row[3] = "yes", string(rune('a'+i%3))
					if row[3] == "a" {
						row[4] = string(rune('a' + i/3%2))
					}
				}
				row[6] = "never"
				if i%3 != 0 || d == 0 {
					row[6] = []string{"once", "often"}[i%2]
					row[7] = []string{"no", "some"}[i/2%2]
					if d < 3 && i%5 == 1 {
						row[7] = "much" // nobody in the small department or the ones after it
					}
				}
				rows = append(rows, row)
			}
		}
		return csv.NewWriter(w).WriteAll(rows)
	})
	return in, path
}

// Of a question that was put to a part of the people, no figure by group tells who belongs to that part: not by a sensitive question
// of which no figure by group is shown, not by a background variable of which none is either, and not by the answers of the few in a hidden group.
func TestQuestionsOfAPartUnderAttack(t *testing.T) {
	t.Parallel()
	in, path := routedWave(t)
	f := analyse(t, read(t, path, in, intake.Options{}), analysis.Options{})
	src := toJSON(t, f)
	attackFindings(t, in, src)
	p := readPublication(t, src)
	system := attack.Constraints(p.facts(t))
	for _, g := range p.Groups {
		for _, v := range g.Values {
			i, err := system.Bounds(t.Context(), attack.NameCount("secret", "yes", g.Variable, v.Value))
			if err != nil {
				t.Fatal(err)
			}
			if i.Low > 0.5 {
				t.Errorf("at least %.0f people in %s %q answer yes to the sensitive question", i.Low, g.Variable, v.Value)
			}
		}
	}
	size, shown := map[string]int{}, 0
	for _, g := range p.Groups {
		for _, v := range g.Values {
			if g.Variable == "department" && v.N != nil {
				size[v.Value] = *v.N
			}
		}
	}
	for _, s := range p.Shares {
		if s.Item != "outside" || s.Option != "a" || s.Group == nil || s.Suppressed {
			continue
		}
		shown++
		if n := size[s.Group.Value] - *s.Base; s.Group.Variable == "department" && n > 0 && n < p.Disclosure.K {
			t.Errorf("%d people of department %s do not work in the field", n, s.Group.Value)
		}
	}
	if shown < 2 {
		t.Errorf("%d groups are shown of a question of one workplace: more is hidden than must be", shown)
	}
}
