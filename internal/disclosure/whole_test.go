package disclosure_test

import (
	"context"
	"encoding/json"
	"testing"

	"tekentafel/instruments"
	"tekentafel/internal/disclosure/attack"
	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/synth"
)

// publicJSON is the part of the findings as JSON that an attacker reads; nothing of the program's own types is used.
type publicJSON struct {
	Respondents int `json:"respondents"`
	Questions   []struct {
		ID        string `json:"id"`
		Condition string `json:"condition"`
		NotAsked  int    `json:"not_asked"`
		NoAnswer  int    `json:"no_answer"`
		DontKnow  int    `json:"dont_know"`
		NA        int    `json:"not_applicable"`
		Invalid   int    `json:"invalid"`
	} `json:"questions"`
	Groups []struct {
		Variable string `json:"variable"`
		Values   []struct {
			Value      string `json:"value"`
			N          *int   `json:"n"`
			Suppressed bool   `json:"suppressed"`
		} `json:"values"`
	} `json:"groups"`
	Shares     []publicShare `json:"shares"`
	Means      []publicMean  `json:"means"`
	Disclosure struct {
		K       int `json:"k"`
		Primary int `json:"primary"`
	} `json:"disclosure"`
}

type publicGroup struct {
	Variable string `json:"variable"`
	Value    string `json:"value"`
}

type publicShare struct {
	Item       string       `json:"item"`
	Option     string       `json:"option"`
	Group      *publicGroup `json:"group"`
	N          *int         `json:"n"`
	Base       *int         `json:"base"`
	Share      *float64     `json:"share"`
	SE         *float64     `json:"se"`
	Low        *float64     `json:"low"`
	High       *float64     `json:"high"`
	Suppressed bool         `json:"suppressed"`
}

type publicMean struct {
	Construct  string       `json:"construct"`
	Group      *publicGroup `json:"group"`
	Base       *int         `json:"base"`
	Mean       *float64     `json:"mean"`
	SD         *float64     `json:"sd"`
	SE         *float64     `json:"se"`
	Suppressed bool         `json:"suppressed"`
}

// published analyses a synthetic wave and reads its JSON as an outsider would.
func published(t *testing.T, size, departments int, seed uint64) publicJSON {
	t.Helper()
	src, err := instruments.Open("genai-monitor")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("genai-monitor.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	w, err := synth.New(synth.Options{Instrument: in, Size: size, Seed: seed, Departments: departments})
	if err != nil {
		t.Fatal(err)
	}
	answers, err := w.Answers(context.Background(), 0, size)
	if err != nil {
		t.Fatal(err)
	}
	f, err := analysis.Analyse(context.Background(), answers, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var out publicJSON
	if err := json.Unmarshal(file, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// system says what the shares publish, in the attacker's words.
func (p *publicJSON) system(t *testing.T) attack.Published {
	t.Helper()
	out := attack.Published{Respondents: p.Respondents}
	answered, filtered := map[string]int{}, map[string]bool{}
	for _, q := range p.Questions {
		answered[q.ID] = p.Respondents - q.NotAsked - q.NoAnswer - q.DontKnow - q.NA - q.Invalid
		filtered[q.ID] = q.Condition != ""
	}
	for _, g := range p.Groups {
		grouping := attack.Grouping{Variable: g.Variable, Answered: answered[g.Variable]}
		for _, v := range g.Values {
			group := attack.Group{Value: v.Value, Hidden: v.Suppressed}
			if !v.Suppressed {
				group.N = *v.N
			} else if v.N != nil {
				t.Errorf("%s = %q is suppressed, yet says how many: %d", g.Variable, v.Value, *v.N)
			}
			grouping.Groups = append(grouping.Groups, group)
		}
		out.Groupings = append(out.Groupings, grouping)
	}
	at := map[string]int{}
	for _, s := range p.Shares {
		if s.Group != nil || s.Suppressed {
			continue
		}
		i, ok := at[s.Item]
		if !ok {
			i = len(out.Questions)
			at[s.Item] = i
			out.Questions = append(out.Questions, attack.Question{ID: s.Item, Base: *s.Base})
			if filtered[s.Item] {
				// Which options lead here does not matter for what is checked, only that a base may be known.
				out.Questions[i].Filter = &attack.Filter{Question: "asked of a part"}
			}
		}
		out.Questions[i].Options = append(out.Questions[i].Options, attack.Option{ID: s.Option, N: *s.N})
	}
	p.cells(t, &out, at)
	for i := range out.Questions {
		q := &out.Questions[i]
		sum := 0
		for _, o := range q.Options {
			sum += o.N
		}
		q.Partition = sum == q.Base && len(q.Options) > 1
	}
	return out
}

// cells adds the figures by group, and checks that a suppressed one is silent.
func (p *publicJSON) cells(t *testing.T, out *attack.Published, at map[string]int) {
	t.Helper()
	type key struct {
		item  string
		group publicGroup
	}
	index := map[key]int{}
	for _, s := range p.Shares {
		if s.Suppressed && (s.N != nil || s.Base != nil || s.Share != nil || s.SE != nil || s.Low != nil || s.High != nil) {
			t.Errorf("%s.%s is suppressed in %v, yet has figures", s.Item, s.Option, s.Group)
		}
		i, ok := at[s.Item]
		if s.Group == nil || !ok {
			if !ok && !s.Suppressed {
				t.Errorf("%s is hidden as a whole, yet shown in %v", s.Item, s.Group)
			}
			continue
		}
		q := &out.Questions[i]
		k := key{s.Item, *s.Group}
		c, ok := index[k]
		if !ok {
			c = len(q.Cells)
			index[k] = c
			q.Cells = append(q.Cells, attack.Cell{Variable: s.Group.Variable, Value: s.Group.Value, Hidden: s.Suppressed})
		}
		if cell := &q.Cells[c]; cell.Hidden != s.Suppressed {
			t.Errorf("%s in %v is suppressed for some options only", s.Item, s.Group)
		} else if !cell.Hidden {
			cell.Base = *s.Base
			cell.N = append(cell.N, *s.N)
		}
	}
}

// Nothing in the JSON of a whole report, alone or together, tells of fewer than k people.
func TestWholeReportUnderAttack(t *testing.T) {
	t.Parallel()
	for name, wave := range map[string]struct{ size, departments int }{"small organisation": {300, 30}, "city": {1200, 24}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := published(t, wave.size, wave.departments, 11)
			if p.Disclosure.K < 5 || p.Disclosure.Primary == 0 || len(p.Shares) < 1000 {
				t.Fatalf("nothing to attack: %+v, %d shares", p.Disclosure, len(p.Shares))
			}
			s := p.system(t)
			found, err := attack.Check(context.Background(), s, p.Disclosure.K)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range found[:min(len(found), 10)] {
				t.Error(b)
			}
			if weaker, err := attack.Check(context.Background(), s, 3*p.Disclosure.K); err != nil || len(weaker) == 0 {
				t.Errorf("the attack finds nothing against three times k either (%v): it cannot fail", err)
			}
		})
	}
}

// A mean is silent in a group where the items behind it are, because their sums give it away.
func TestMeansAreSilentWithTheirItems(t *testing.T) {
	t.Parallel()
	p := published(t, 400, 30, 12)
	hidden := map[publicGroup]bool{}
	for _, s := range p.Shares {
		if s.Item == "tech1" && s.Group != nil && s.Suppressed {
			hidden[*s.Group] = true
		}
	}
	checked := 0
	for _, m := range p.Means {
		if m.Suppressed && (m.Mean != nil || m.SD != nil || m.SE != nil || m.Base != nil) {
			t.Errorf("%s is suppressed in %v, yet has figures", m.Construct, m.Group)
		}
		if m.Construct == "technical" && m.Group != nil && hidden[*m.Group] {
			checked++
			if !m.Suppressed {
				t.Errorf("technical is shown in %v, where tech1 is hidden", *m.Group)
			}
		}
	}
	if checked == 0 {
		t.Error("no group was hidden")
	}
}
