package framework

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestProposeTakesTheHighest(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	got, err := f.Propose(map[string]bool{"writes": true, "software": true, "leads": false})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"communicative": "3: writes 3, everyone 1", "critical": "3: software 3, everyone 2", "ethical": "3: software 3, everyone 2",
		"creative": "2: writes 2, everyone 1", "technical": "4: software 4, everyone 1",
	}
	for i, r := range got {
		var reasons []string
		for _, x := range r.Reasons {
			name := x.Rule
			if name == "" {
				name = "everyone"
			}
			if x.Text.In(DE) == "" {
				t.Errorf("%s says no reason", name)
			}
			reasons = append(reasons, fmt.Sprintf("%s %d", name, x.Level))
		}
		if s := fmt.Sprintf("%d: %s", r.Level, strings.Join(reasons, ", ")); r.Skill != f.Skills[i].ID || s != want[r.Skill] || r.Proposed != r.Level || r.Override != nil {
			t.Errorf("%s requires %s, want %s", r.Skill, s, want[r.Skill])
		}
	}
	if _, err := f.Propose(map[string]bool{"flying": false}); err == nil || !strings.Contains(err.Error(), `the rule "flying"`) || !strings.Contains(err.Error(), "leave it out") {
		t.Errorf("an answer to a rule that does not exist: %v", err)
	}
}

// TestAYesNeverLowersALevel holds for every set of answers.
func TestAYesNeverLowersALevel(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	rapid.Check(t, func(t *rapid.T) {
		answers := map[string]bool{}
		for _, r := range f.Rules {
			answers[r.ID] = rapid.Bool().Draw(t, r.ID)
		}
		before, err := f.Propose(answers)
		if err != nil {
			t.Fatal(err)
		}
		answers[rapid.SampledFrom(f.Rules).Draw(t, "yes").ID] = true
		after, err := f.Propose(answers)
		if err != nil {
			t.Fatal(err)
		}
		for i := range before {
			highest := slices.MaxFunc(after[i].Reasons, func(a, b Reason) int { return a.Level - b.Level })
			if after[i].Level < before[i].Level || after[i].Level != highest.Level || after[i].Reasons[0].Level != highest.Level {
				t.Fatalf("%s goes from %d to %d with reasons %v", before[i].Skill, before[i].Level, after[i].Level, after[i].Reasons)
			}
		}
	})
}

func TestTheMostSpecificOverrideWins(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	all := []Override{
		{Where{Family: "clerks"}, "critical", 1},
		{Where{Function: "clerk"}, "critical", 2},
		{Where{Department: "people"}, "critical", 3},
		{Where{Department: "counter"}, "critical", 4},
		{Where{Function: "clerk", Department: "people"}, "critical", 2},
		{Where{Role: "buyer"}, "critical", 3},
		{Where{Role: "chair"}, "critical", 4},
		{Where{Role: "buyer", Department: "counter"}, "critical", 1},
	}
	base, err := f.Propose(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		post Post
		want string
	}{
		{Post{}, "2 by nobody"},
		{Post{Family: "clerks"}, "1 by 0"},
		{Post{Family: "clerks", Function: "clerk"}, "2 by 1"},
		{Post{Function: "gardener", Departments: []string{"parks", "people"}}, "3 by 2"},
		{Post{Function: "gardener", Departments: []string{"counter", "people"}}, "4 by 3"},
		{Post{Family: "clerks", Function: "clerk", Departments: []string{"counter", "people"}}, "2 by 4"},
		{Post{Function: "clerk", Departments: []string{"people"}, Roles: []string{"buyer"}}, "3 by 5"},
		{Post{Roles: []string{"buyer", "chair"}}, "4 by 6"},
		{Post{Departments: []string{"counter"}, Roles: []string{"chair", "buyer"}}, "1 by 7"},
	} {
		o, err := f.Overrides(all)
		if err != nil {
			t.Fatal(err)
		}
		required := o.Apply(base, &c.post)
		got := fmt.Sprintf("%d by nobody", required[1].Level)
		if x := required[1].Override; x != nil {
			got = fmt.Sprintf("%d by %d", required[1].Level, slices.Index(all, *x))
		}
		if got != c.want || required[1].Proposed != 2 {
			t.Errorf("%+v: %s, want %s", c.post, got, c.want)
		}
		if required[0].Override != nil || base[1].Override != nil {
			t.Error("an override reaches another skill, or the proposal itself")
		}
	}
}

// TestOverridesAgreeWithASlowSearch compares the look-up with a plain search through all overrides.
func TestOverridesAgreeWithASlowSearch(t *testing.T) {
	t.Parallel()
	f := builtIn(t)
	base, err := f.Propose(nil)
	if err != nil {
		t.Fatal(err)
	}
	keys := func(prefix string) *rapid.Generator[string] {
		return rapid.SampledFrom([]string{"", prefix + "1", prefix + "2"})
	}
	rapid.Check(t, func(t *rapid.T) {
		var list []Override
		taken := map[Where]bool{{}: true}
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			w := Where{keys("f").Draw(t, "family"), keys("u").Draw(t, "function"), keys("d").Draw(t, "department"), keys("r").Draw(t, "role")}
			if !taken[w] {
				taken[w] = true
				list = append(list, Override{w, "ethical", rapid.IntRange(1, 4).Draw(t, "level")})
			}
		}
		post := Post{keys("f").Draw(t, "in family"), keys("u").Draw(t, "in function"),
			rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"d1", "d2"}), 0, 2, rapid.ID).Draw(t, "departments"),
			rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"r1", "r2"}), 0, 2, rapid.ID).Draw(t, "roles")}
		o, err := f.Overrides(list)
		if err != nil {
			t.Fatal(err)
		}
		want, rank := base[2].Level, [3]int{}
		for _, x := range list {
			fits := (x.Family == "" || x.Family == post.Family) && (x.Function == "" || x.Function == post.Function) &&
				(x.Department == "" || slices.Contains(post.Departments, x.Department)) && (x.Role == "" || slices.Contains(post.Roles, x.Role))
			near := 0
			if x.Department != "" {
				near = 9 - slices.Index(post.Departments, x.Department)
			}
			this := [3]int{x.weight(), near, x.Level}
			if fits && slices.Compare(this[:], rank[:]) > 0 {
				want, rank = x.Level, this
			}
		}
		if got := o.Apply(base, &post)[2]; got.Level != want || (got.Override != nil) != (rank[0] > 0) {
			t.Fatalf("level %d, want %d", got.Level, want)
		}
	})
}

func TestOverridesRefuseAllAtOnce(t *testing.T) {
	t.Parallel()
	somewhere := Where{Department: "d"}
	_, err := builtIn(t).Overrides([]Override{{somewhere, "critical", 2}, {somewhere, "critical", 3}, {Where{}, "critical", 2}, {somewhere, "clever", 2}, {somewhere, "ethical", 0}})
	var problems *Problems
	if !errors.As(err, &problems) || len(problems.List) != 4 {
		t.Fatalf("got %v", err)
	}
	for i, want := range []string{
		"[1]: it is for the same skill and place as number 0; keep one of the two", "[2]: it is for nobody in particular;",
		`[3]: there is no skill "clever"; name one of the skills of the framework`, "[4]: level 0 does not exist; write a level from 1 to 4",
	} {
		if got := problems.List[i].String(); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func BenchmarkOverrides(b *testing.B) {
	f := builtIn(b)
	base, err := f.Propose(map[string]bool{"citizens": true})
	if err != nil {
		b.Fatal(err)
	}
	var list []Override
	for i := range 300 {
		list = append(list, Override{Where{Department: fmt.Sprint("d", i)}, "critical", 3}, Override{Where{Department: fmt.Sprint("d", i), Function: "clerk"}, "ethical", 3})
	}
	o, err := f.Overrides(list)
	if err != nil {
		b.Fatal(err)
	}
	post := &Post{Family: "x", Function: "clerk", Departments: []string{"a", "b", "d7", "d1"}}
	for b.Loop() {
		o.Apply(base, post)
	}
}
