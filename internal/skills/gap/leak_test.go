package gap_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/disclosure/attack"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/gap/synthetic"
	"tekentafel/internal/stats/irt"
)

// public is what an attacker reads of the JSON; no type of the program is used.
type public struct {
	K     int `json:"k"`
	Whole *struct {
		N      int          `json:"n"`
		Skills []publicBase `json:"skills"`
	} `json:"whole"`
	Functions, Departments, Families, Cells []publicRow
}

type publicBase struct {
	Base int `json:"base"`
}

type publicRow struct {
	Function   string       `json:"function"`
	Department string       `json:"department"`
	Family     string       `json:"family"`
	N          int          `json:"n"`
	Skills     []publicBase `json:"skills"`
}

func published(t testing.TB, g *gap.Gap) *public {
	t.Helper()
	var p public
	if err := json.Unmarshal(encoded(t, g), &p); err != nil {
		t.Fatal(err)
	}
	return &p
}

// crossed is an organisation of a few cells with given numbers of people.
func crossed(n [][]int, tried func(i int) int8) *gap.Input {
	in := &gap.Input{Wave: "w", Cuts: synthetic.Cuts(), K: 5, Skills: []gap.Skill{{ID: "a"}}, People: gap.People{Self: [][][]int8{make([][]int8, 2)}}}
	for i := range 2 {
		it := irt.Item{A: 1.8, B: []float64{-2, -1, 0, 1}}
		in.Skills[0].Self = append(in.Skills[0].Self, gap.SelfItem{ID: fmt.Sprint(i), Parameters: &it})
	}
	for f := range n {
		in.Functions = append(in.Functions, gap.Group{Code: fmt.Sprintf("f%d", f), Family: f % 2})
	}
	in.Families = []gap.Group{{Code: "g0"}, {Code: "g1"}}
	for d := range n[0] {
		in.Departments = append(in.Departments, gap.Group{Code: fmt.Sprintf("d%d", d)})
	}
	in.Required = func(int, int) []int8 { return []int8{3} }
	i := 0
	for f := range n {
		for d := range n[f] {
			for range n[f][d] {
				in.People.Function, in.People.Department = append(in.People.Function, int32(f)), append(in.People.Department, int32(d))
				a := tried(i)
				in.People.Tried = append(in.People.Tried, a)
				for k := range 2 {
					in.People.Self[0][k] = append(in.People.Self[0][k], int8(1+(i*3+k+i/5)%5)*a)
				}
				i++
			}
		}
	}
	return in
}

// attackCounts takes every number of people that is published of one table, and everything of the organisation chart (which
// cells are empty), and looks for sets of one or two cells with fewer than k people of which the number follows.
func attackCounts(t context.Context, p *public, there, n [][]int, of func(n int, skills []publicBase) int) error {
	s := attack.NewSystem()
	name := func(f, d int) string { return fmt.Sprintf("%d/%d", f, d) }
	sum := func(in func(f, d int) bool) attack.Terms {
		t := attack.Terms{}
		for f := range n {
			for d := range n[f] {
				if in(f, d) {
					t[name(f, d)] = 1
				}
			}
		}
		return t
	}
	var cells [][2]int
	for f := range n {
		for d := range n[f] {
			if there[f][d] == 0 {
				s.Equal(attack.Terms{name(f, d): 1}, 0)
			} else {
				cells = append(cells, [2]int{f, d})
			}
		}
	}
	s.Equal(sum(func(int, int) bool { return true }), float64(of(p.Whole.N, p.Whole.Skills)))
	rows := func(list []publicRow, in func(r *publicRow, f, d int) bool) {
		for i := range list {
			s.Equal(sum(func(f, d int) bool { return in(&list[i], f, d) }), float64(of(list[i].N, list[i].Skills)))
		}
	}
	function := func(r *publicRow, f, _ int) bool { return r.Function == fmt.Sprintf("f%d", f) }
	department := func(r *publicRow, _, d int) bool { return r.Department == fmt.Sprintf("d%d", d) }
	rows(p.Functions, function)
	rows(p.Departments, department)
	rows(p.Families, func(r *publicRow, f, _ int) bool { return r.Family == fmt.Sprintf("g%d", f%2) })
	rows(p.Cells, func(r *publicRow, f, d int) bool { return function(r, f, d) && department(r, f, d) })
	for i, a := range cells {
		for _, b := range cells[i:] {
			set, people := attack.Terms{name(a[0], a[1]): 1}, n[a[0]][a[1]]
			if a != b {
				set[name(b[0], b[1])] = 1
				people += n[b[0]][b[1]]
			}
			if people == 0 || people >= p.K {
				continue
			}
			follows, err := s.Follows(t, set)
			if err != nil {
				return err
			}
			if follows {
				return fmt.Errorf("%w: the number of cells %v and %v, %d people, follows", errLeak, a, b, people)
			}
		}
	}
	return nil
}

var errLeak = errors.New("leak")

func drawTable(t *rapid.T) [][]int {
	f, d := rapid.IntRange(2, 5).Draw(t, "functions"), rapid.IntRange(2, 4).Draw(t, "departments")
	n := make([][]int, f)
	for i := range n {
		for range d {
			n[i] = append(n[i], rapid.SampledFrom([]int{0, 1, 2, 3, 4, 5, 6, 9, 14, 30}).Draw(t, "people"))
		}
	}
	return n
}

// Nobody who adds and subtracts the numbers of people of all groups that are shown learns that of fewer than k people.
func TestNumbersOfPeopleGiveNothingAway(t *testing.T) {
	t.Parallel()
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		n := drawTable(t)
		never := rapid.IntRange(2, 9).Draw(t, "never tried: one in")
		in := crossed(n, func(i int) int8 {
			if i%never == 1 {
				return 0
			}
			return 1
		})
		if len(in.People.Function) < in.K {
			t.Skip("too few people")
		}
		g, err := gap.Compute(context.Background(), in, gap.Options{Secret: secret, Draws: 2})
		if err != nil {
			t.Fatal(err)
		}
		file, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		var p public
		if err := json.Unmarshal(file, &p); err != nil {
			t.Fatal(err)
		}
		if p.Whole == nil {
			return
		}
		shown += len(p.Cells)
		for _, list := range [][]publicRow{p.Functions, p.Departments, p.Families, p.Cells} {
			for _, r := range list {
				if r.N < p.K || r.Skills[0].Base < p.K {
					t.Fatalf("%+v is shown", r)
				}
			}
		}
		if err := attackCounts(context.Background(), &p, n, n, func(n int, _ []publicBase) int { return n }); err != nil {
			t.Fatal(err)
		}
		base, i := make([][]int, len(n)), 0
		for f := range n {
			base[f] = make([]int, len(n[f]))
			for d := range n[f] {
				for range n[f][d] {
					base[f][d] += int(in.People.Tried[i])
					i++
				}
			}
		}
		if p.Whole.Skills[0].Base > 0 {
			if err := attackCounts(context.Background(), &p, n, base, func(_ int, s []publicBase) int { return s[0].Base }); err != nil {
				t.Fatal(err)
			}
		}
	})
	if shown == 0 {
		t.Error("no cell was ever shown")
	}
}

// The attack can fail: against three times the group size it finds something.
func TestAttackOnNumbersCanFail(t *testing.T) {
	t.Parallel()
	for seed := range 50 {
		n := rapid.Custom(drawTable).Example(seed)
		in := crossed(n, func(int) int8 { return 1 })
		if len(in.People.Function) < in.K {
			continue
		}
		p := published(t, compute(t, in, gap.Options{Secret: secret, Draws: 2}))
		if p.Whole == nil {
			continue
		}
		p.K *= 3
		err := attackCounts(t.Context(), p, n, n, func(n int, _ []publicBase) int { return n })
		if errors.Is(err, errLeak) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Error("nothing was found")
}

// A group that is not shown is in no field: not its code, and not its name.
func TestHiddenGroupsAreNowhere(t *testing.T) {
	t.Parallel()
	rec := synthetic.Usual(3, 3000, 60, 15)
	rec.Families, rec.Skills, rec.Untried, rec.Response = 4, 2, 0.2, 0.5
	w := synthetic.Make(rec)
	for i := range w.Input.Functions {
		w.Input.Functions[i].Code, w.Input.Functions[i].Name = fmt.Sprintf("FCODE%d.", i), fmt.Sprintf("FNAME%d.", i)
	}
	for i := range w.Input.Departments {
		w.Input.Departments[i].Code, w.Input.Departments[i].Name = fmt.Sprintf("DCODE%d.", i), fmt.Sprintf("DNAME%d.", i)
	}
	g := compute(t, &w.Input, gap.Options{Secret: secret, Draws: 40})
	file := string(encoded(t, g))
	people := map[string]int{}
	for i, f := range w.Input.People.Function {
		people[w.Input.Functions[f].Code]++
		people[w.Input.Departments[w.Input.People.Department[i]].Code]++
	}
	small := 0
	for code, n := range people {
		if n < g.K {
			small++
			if strings.Contains(file, code) || strings.Contains(file, strings.Replace(code, "CODE", "NAME", 1)) {
				t.Errorf("%s of %d people stands in the result", code, n)
			}
		}
	}
	if small == 0 || g.Hidden.Cells == 0 || g.Hidden.Functions < small-15 || len(g.Cells) == 0 {
		t.Errorf("%d small groups, hidden %+v, %d cells shown: the test shows nothing", small, g.Hidden, len(g.Cells))
	}
	cells := map[[2]string]int{}
	for i, f := range w.Input.People.Function {
		cells[[2]string{w.Input.Functions[f].Code, w.Input.Departments[w.Input.People.Department[i]].Code}]++
	}
	for _, r := range g.Cells {
		if n := cells[[2]string{r.Function, r.Department}]; n < g.K || n != r.N {
			t.Errorf("cell %s/%s of %d people is shown with %d", r.Function, r.Department, n, r.N)
		}
	}
}

// numbers lists all numbers in a result by where they stand.
func numbers(v any, at string, into map[string]float64) {
	switch v := v.(type) {
	case float64:
		into[at] = v
	case []any:
		for i, x := range v {
			numbers(x, fmt.Sprintf("%s/%d", at, i), into)
		}
	case map[string]any:
		for k, x := range v {
			numbers(x, at+"/"+k, into)
		}
	}
}

// Somebody who knows all that is published, every answer but those of one person, the method and the seed, but not the secret, guesses
// between two answers of that person no better than the secret error allows, with all figures together.
func TestTheLastPersonIsNotReconstructed(t *testing.T) {
	t.Parallel()
	rec := synthetic.Usual(6, 70, 4, 3)
	rec.Families, rec.Skills, rec.Statements = 0, 1, 3
	w := synthetic.Make(rec)
	w.Input.K = 5
	const victim = 7
	answers := [2][3]int8{{3, 3, 3}, {4, 4, 4}}
	var score [2]float64
	results := func(blur float64, guesses int) (of [2][]map[string]float64) {
		for which, a := range answers {
			for i, x := range a {
				w.Input.People.Self[0][i][victim] = x
			}
			scores, _, err := gap.ScoresOf(t.Context(), &w.Input, 0)
			if err != nil {
				t.Fatal(err)
			}
			score[which] = scores[victim]
			for k := range guesses {
				g := compute(t, &w.Input, gap.Options{Secret: fmt.Appendf(nil, "secret number %6d", 2*k+which), Blur: blur, Draws: 20, Seed: 4, Rule: gap.Rule{MinPeople: 1, LevelWidth: 9, ShareWidth: 9}})
				var v any
				if err := json.Unmarshal(encoded(t, g), &v); err != nil {
					t.Fatal(err)
				}
				list := map[string]float64{}
				numbers(v, "", list)
				of[which] = append(of[which], list)
			}
		}
		return of
	}
	const guesses = 500
	right := guessed(t, results(0.5, guesses))
	apart := math.Abs(score[1] - score[0])
	bound := math.Erfc(-apart/0.5/2/math.Sqrt2) / 2
	t.Logf("scores %.2f apart: guessed right %.3f of the time, the bound is %.3f", apart, right, bound)
	if right > bound+3*0.5/math.Sqrt(guesses) {
		t.Errorf("guessed right %.3f of the time, with a bound of %.3f", right, bound)
	}
	if plain := guessed(t, results(-1, 4)); plain < 0.99 {
		t.Errorf("without the error it is guessed right %.3f of the time: the attack is weak", plain)
	}
}

// guessed learns from the first half of the results how each number differs, and guesses the second half from all numbers.
func guessed(t *testing.T, of [2][]map[string]float64) float64 {
	t.Helper()
	half, all := len(of[0])/2, map[string]bool{}
	for _, list := range of {
		for _, x := range list[:half] {
			for at := range x {
				all[at] = true
			}
		}
	}
	weight, middle := map[string]float64{}, 0.0
	for at := range all {
		var mean, square [2]float64
		for which, list := range of {
			for _, x := range list[:half] {
				mean[which] += x[at] / float64(half)
			}
			for _, x := range list[:half] {
				square[which] += (x[at] - mean[which]) * (x[at] - mean[which]) / float64(half)
			}
		}
		weight[at] = (mean[1] - mean[0]) / (square[0] + square[1] + 1e-12)
		middle += weight[at] * (mean[0] + mean[1]) / 2
	}
	right := 0.0
	for which, list := range of {
		for _, x := range list[half:] {
			sum := -middle
			for at, w := range weight {
				sum += w * x[at]
			}
			if (sum > 0) == (which == 1) {
				right++
			}
		}
	}
	return right / float64(2*(len(of[0])-half))
}
