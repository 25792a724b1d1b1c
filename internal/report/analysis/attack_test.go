package analysis_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"tekentafel/internal/disclosure/attack"
	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/synth"
	"tekentafel/internal/testkit"
)

// attackFindings takes the whole JSON and fails the test with everything that it gives away of fewer than k people.
func attackFindings(t *testing.T, in *instrument.Instrument, src []byte) {
	t.Helper()
	p := readPublication(t, src)
	p.silent(t)
	found, err := attack.Check(t.Context(), p.facts(t), p.Disclosure.K)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range found[:min(len(found), 10)] {
		t.Error(b)
	}
	for _, b := range sizesGivenAway(t, p, in) {
		t.Error(b)
	}
}

// sizesGivenAway lists the hidden groups of which the size follows within less than k.
func sizesGivenAway(t *testing.T, p *publication, in *instrument.Instrument) []string {
	t.Helper()
	var out []string
	k := float64(p.Disclosure.K)
	for _, g := range p.Groups {
		if !p.isQuestion(g.Variable) {
			continue
		}
		bounds := p.groupSizes(t, indicatorsOf(in, g.Variable), g.Variable)
		for _, v := range g.Values {
			i := bounds[v.Value]
			if v.Suppressed && i.High > 0.5 && (i.High < k-1e-6 || i.Width() < k-1e-6) {
				out = append(out, g.Variable+" "+strconv.Quote(v.Value)+" has between "+
					strconv.FormatFloat(i.Low, 'f', 1, 64)+" and "+strconv.FormatFloat(i.High, 'f', 1, 64)+" people")
			}
		}
	}
	return out
}

// indicatorsOf returns which options each indicator of an item counts.
func indicatorsOf(in *instrument.Instrument, item string) map[string]map[string][]string {
	out := map[string]map[string][]string{}
	for _, ind := range in.Indicators {
		if ind.Item == item {
			out[ind.ID] = map[string][]string{"yes": ind.Options}
		}
	}
	return out
}

var attackedGroupings = []string{"department", "age", "workplace", "function_family"}

// Nothing in the JSON of a wave of any size, alone or together, tells of a group of fewer than k people.
func TestSyntheticWavesUnderAttack(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	for i, size := range []int{120, 240, 400, 600} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			f := analyseSynthetic(t, size, uint64(100+i), analysis.Options{By: attackedGroupings})
			if f.Disclosure.Primary == 0 || f.Disclosure.Complementary == 0 {
				t.Fatalf("nothing to protect: %+v", f.Disclosure)
			}
			attackFindings(t, in, toJSON(t, f))
		})
	}
}

// Weighted shares and means are about the same people.
func TestRakedWaveUnderAttack(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	answers, margins := generated(t, synth.Options{Instrument: in, Size: 300, Seed: 31})
	f := analyse(t, read(t, answers, in, intake.Options{}), analysis.Options{Margins: marginsFrom(t, margins), By: attackedGroupings})
	attackFindings(t, in, toJSON(t, f))
}

func TestStudentsUnderAttack(t *testing.T) {
	t.Parallel()
	path := testkit.NeedRealAnswers(t)
	in := builtIn(t, "chatgpt-literacy-cl")
	attackFindings(t, in, toJSON(t, analyse(t, read(t, path, in, intake.Options{}), analysis.Options{})))
}

// A question by which others are broken down is counted itself: by other groups, and in the indicators on it. Where that
// would give away the size of a group that must stay hidden, nothing is broken down by it, and the report says so.
func TestSmallGroupsOfAQuestionUnderAttack(t *testing.T) {
	t.Parallel()
	path := testkit.NeedRealAnswers(t)
	in := builtIn(t, "chatgpt-literacy-cl")
	for _, few := range []int{1, 7} {
		t.Run(strconv.Itoa(few), func(t *testing.T) {
			t.Parallel()
			cut := rewritten(t, path, func(rows [][]string) [][]string { return keepFew(rows, "frecuencia_uso_ChatGPT", 'E', few) })
			f := analyse(t, read(t, cut, in, intake.Options{}), analysis.Options{})
			attackFindings(t, in, toJSON(t, f))
			if last := f.Caveats[len(f.Caveats)-1]; last.Key != "grouping-left-out" {
				t.Errorf("the caveats do not say that a breakdown is left out, but %q", last.Key)
			}
			_, err := analysis.Analyse(t.Context(), read(t, cut, in, intake.Options{}), analysis.Options{By: []string{"frecuencia_uso_ChatGPT"}})
			var refused *analysis.GroupError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), "fewer than 10") || !strings.Contains(err.Error(), "mapping") {
				t.Errorf("asked for by name: %v", err)
			}
		})
	}
}

// keepFew keeps only few of the rows in which a cell starts with a letter.
func keepFew(rows [][]string, heading string, letter byte, few int) [][]string {
	at := -1
	for i, h := range rows[0] {
		if h == heading {
			at = i
		}
	}
	var out [][]string
	for i, row := range rows {
		if i > 0 && row[at][0] == letter {
			if few--; few < 0 {
				continue
			}
		}
		out = append(out, row)
	}
	return out
}

// A cell that is not understood leaves one option of a multiple choice with a base of its own. Each option is then safe by
// itself, whoever is counted in it.
func TestOptionsWithBasesOfTheirOwnUnderAttack(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	answers, _ := generated(t, synth.Options{Instrument: in, Size: 260, Seed: 41})
	spoilt := rewritten(t, answers, func(rows [][]string) [][]string {
		for c, h := range rows[0] {
			option, found := strings.CutPrefix(h, "drawbacks.")
			for i, row := range rows[1:] {
				switch {
				case !found || row[c] == "":
				case option == "wrong" && i%3 == 0, option == "energy" && i%50 == 7:
					row[c] = "illegible"
				case option == "privacy":
					row[c] = "1" // more choose it than answer about "wrong"
				}
			}
		}
		return rows
	})
	f := analyse(t, read(t, spoilt, in, intake.Options{}), analysis.Options{By: attackedGroupings})
	p := readPublication(t, toJSON(t, f))
	p.silent(t)
	type breakdown struct{ item, option, variable string }
	left, hides := map[breakdown]int{}, map[breakdown]bool{}
	total := map[[2]string]int{}
	for _, s := range p.Shares {
		if s.Group == nil && !s.Suppressed {
			total[[2]string{s.Item, s.Option}] = *s.Base
		}
	}
	if total[[2]string{"drawbacks", "wrong"}] >= total[[2]string{"drawbacks", "energy"}] {
		t.Fatal("the options do not differ in their bases")
	}
	for _, s := range p.Shares {
		if s.Group == nil {
			continue
		}
		b := breakdown{s.Item, s.Option, s.Group.Variable}
		if _, known := left[b]; !known {
			left[b] = total[[2]string{s.Item, s.Option}]
		}
		if s.Suppressed {
			hides[b] = true
			continue
		}
		left[b] -= *s.Base
		if *s.Base < p.Disclosure.K {
			t.Errorf("%v: a base of %d is shown", b, *s.Base)
		}
	}
	for b := range hides {
		if n := left[b]; n > 0 && n < p.Disclosure.K {
			t.Errorf("%v: what is hidden adds up to %d people", b, n)
		}
	}
}

// The attack finds what disclosure control hides: as soon as one group that is hidden for the sake of others is shown
// again, it sees the others.
func TestAttackSeesThroughHalfAProtection(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	for _, seed := range []uint64{1, 2, 3, 4, 5, 6} {
		const size = 170
		w, err := synth.New(synth.Options{Instrument: in, Size: size, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		a, err := w.Answers(t.Context(), 0, size)
		if err != nil {
			t.Fatal(err)
		}
		p := readPublication(t, toJSON(t, analyse(t, a, analysis.Options{By: []string{"function_family"}})))
		if found, err := attack.Check(t.Context(), p.facts(t), p.Disclosure.K); err != nil || len(found) > 0 {
			t.Fatalf("%v %v", found, err)
		}
		shown := p.unhide(a, p.Disclosure.K)
		if shown == "" {
			continue // no group is hidden for the sake of others
		}
		found, err := attack.Check(t.Context(), p.facts(t), p.Disclosure.K)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%s was hidden to protect others; shown again, the attack still finds nothing", shown)
		}
		return
	}
	t.Fatal("no group is hidden for the sake of others in any wave; choose another size")
}

// unhide shows one hidden group of at least k people again, in its number and in every share, and returns its name.
func (p *publication) unhide(a *instrument.Answers, k int) string {
	column := func(id string) *instrument.Column {
		for i := range a.Variables {
			if a.Variables[i].ID == id {
				return a.Columns[i]
			}
		}
		return nil
	}
	for _, g := range p.Groups {
		v, _ := a.Instrument.Variable(g.Variable)
		own := column(g.Variable)
		for _, value := range g.Values {
			code, _ := v.CodeOf(value.Value)
			n := 0
			for i := range a.N {
				if own.At(i) == code {
					n++
				}
			}
			if !value.Suppressed || n < k {
				continue
			}
			value.Suppressed, value.N = false, &n
			for _, s := range p.Shares {
				if s.Group == nil || s.Group.Variable != g.Variable || s.Group.Value != value.Value {
					continue
				}
				c, yes := column(s.Item+"."+s.Option), instrument.FirstOption+1
				if c == nil {
					if c = column(s.Item); c == nil {
						continue // an indicator stays hidden
					}
					q, _ := a.Instrument.Variable(s.Item)
					yes, _ = q.CodeOf(s.Option)
				}
				count, base := 0, 0
				for i := range a.N {
					if own.At(i) == code && c.At(i) >= instrument.FirstOption {
						base++
						if c.At(i) == yes {
							count++
						}
					}
				}
				s.Suppressed, s.N, s.Base = false, &count, &base
			}
			return g.Variable + " " + value.Value
		}
	}
	return ""
}
