package monitor

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/disclosure/attack"
)

// frameOf draws a frame of three variables: departments, the directorates that they lie in, and a status apart from both, or
// one that nearly follows a department.
func frameOf(t *rapid.T) []Person {
	n := rapid.IntRange(20, 200).Draw(t, "people")
	departments := rapid.IntRange(2, 6).Draw(t, "departments")
	follows := rapid.Bool().Draw(t, "status follows a department")
	var frame []Person
	for i := range n {
		d := rapid.IntRange(0, departments).Draw(t, "department")
		p := Person{Groups: map[string]string{"status": "contract"}, Mail: i%2 == 0}
		if rare := rapid.IntRange(0, 19).Draw(t, "status"); follows && (d == 1) != (rare == 0) || !follows && rare < 8 {
			p.Groups["status"] = "statute"
		}
		if d < departments {
			p.Groups["department"] = fmt.Sprint("d", d)
			p.Groups["directorate"] = fmt.Sprint("D", d%3)
		}
		frame = append(frame, p)
	}
	share := rapid.IntRange(0, 100).Draw(t, "percent")
	for i := range frame {
		frame[i].Taken = rapid.IntRange(0, 99).Draw(t, "taken") < share
	}
	return frame
}

// pages is what an attacker keeps: what each day showed. The frame is known, so the unknown numbers are how many of each
// kind of people took part by each day; they never fall.
func pages(frame []Person, releases []Release) (*attack.System, map[string]map[string]attack.Terms) {
	s := attack.NewSystem()
	kinds := map[string]int{}
	sets := map[string]map[string]attack.Terms{} // by day, by the name of a set
	of := func(p Person) string { return p.Groups["department"] + "/" + p.Groups["status"] }
	for _, p := range frame {
		kinds[of(p)]++
	}
	for i, r := range releases {
		sets[r.Day] = map[string]attack.Terms{}
		for kind, n := range kinds {
			s.AtMost(attack.Terms{r.Day + kind: 1}, float64(n))
			if i > 0 {
				s.AtMost(attack.Terms{releases[i-1].Day + kind: 1, r.Day + kind: -1}, 0)
			}
		}
		within := func(name string, x Range, in func(Person) bool) {
			terms, minus := attack.Terms{}, attack.Terms{}
			for _, p := range frame {
				if in(p) {
					terms[r.Day+of(p)], minus[r.Day+of(p)] = 1, -1
				}
			}
			s.AtMost(terms, float64(x.High))
			s.AtMost(minus, -float64(x.Low))
			sets[r.Day][name] = terms
		}
		within("all", r.Taken, func(Person) bool { return true })
		for _, v := range r.Variables {
			alone := map[string]bool{}
			for _, g := range v.Groups {
				if g.Merged == 0 {
					alone[g.Value] = true
				}
			}
			for _, g := range v.Groups {
				within(v.Name+" "+fmt.Sprint(g.Value, g.Merged), g.Taken, func(p Person) bool {
					if g.Merged > 0 {
						return !alone[p.Groups[v.Name]]
					}
					return p.Groups[v.Name] == g.Value
				})
			}
		}
	}
	return s, sets
}

// fewest is how many numbers a count may be, at the least, for whoever holds everything of a day against each other.
const fewest = 2

// TestNoCountCanBeToldFromWhatIsShown plays an attacker with a linear program, who holds all that a day shows against each
// other and knows the frame: no count is known exactly.
func TestNoCountCanBeToldFromWhatIsShown(t *testing.T) {
	t.Parallel()
	said := 0
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(5, 12).Draw(t, "k")
		frame := frameOf(t)
		r := release("2026-11-01", k, frame, 0)
		s, sets := pages(frame, []Release{r})
		for name, set := range sets[r.Day] {
			x, err := s.BoundsOf(t.Context(), set)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if people := size(frame, r.Day, set); x.High-x.Low+1 < float64(min(fewest, people+1))-0.01 {
				t.Fatalf("%s, %d people: between %g and %g\n%+v", name, people, x.Low, x.High, r)
			}
		}
		for _, v := range r.Variables {
			for _, g := range v.Groups {
				if g.Taken.Says(g.People) {
					said++
				}
			}
		}
	})
	if said == 0 {
		t.Error("nothing is ever said, so nothing was tried")
	}
}

// size returns how many people of the frame are in a set.
func size(frame []Person, day string, set attack.Terms) (n int) {
	for _, p := range frame {
		if set[day+p.Groups["department"]+"/"+p.Groups["status"]] > 0 {
			n++
		}
	}
	return n
}

// TestNoTwoDaysTellHowManyCameInBetween: an attacker who keeps the page of each day never knows how many of a group took
// part since, such as one person.
func TestNoTwoDaysTellHowManyCameInBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(5, 12).Draw(t, "k")
		frame := frameOf(t)
		first := release("2026-11-01", k, frame, 0)
		for range rapid.IntRange(0, 3).Draw(t, "more") {
			frame[rapid.IntRange(0, len(frame)-1).Draw(t, "who")].Taken = true
		}
		second := release("2026-11-02", k, frame, 0)
		s, sets := pages(frame, []Release{first, second})
		for name, now := range sets[second.Day] {
			before, known := sets[first.Day][name]
			if !known {
				t.Fatalf("%s is shown on one day only", name)
			}
			// With a number that stands for the growth of the set: growth + before - now = 0.
			name = "grown " + name
			grown := attack.Terms{name: 1}
			for x := range before {
				grown[x] = 1
			}
			for x := range now {
				grown[x] = -1
			}
			s.Equal(grown, 0)
			x, err := s.Bounds(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			if x.Low > 0.01 && x.High-x.Low < 0.99 {
				t.Fatalf("%s: between %g and %g\n%+v\n%+v", name, x.Low, x.High, first, second)
			}
		}
	})
}

func TestRangesAreStepsOfKThatReachFromNoneToAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, all, k int
		want      Range
	}{
		{0, 60, 10, Range{0, 9}}, {9, 60, 10, Range{0, 9}}, {10, 60, 10, Range{10, 19}}, {49, 60, 10, Range{40, 49}},
		{50, 60, 10, Range{50, 60}}, {60, 60, 10, Range{50, 60}}, {58, 58, 10, Range{40, 58}}, {35, 58, 10, Range{30, 39}},
		{18, 18, 10, Range{0, 18}}, {0, 18, 10, Range{0, 18}}, {19, 19, 10, Range{10, 19}}, {9, 19, 10, Range{0, 9}}, {3, 3, 5, Range{0, 3}}, {0, 0, 5, Range{0, 0}},
	} {
		if got := stepped(c.n, c.all, c.k); got != c.want {
			t.Errorf("%d of %d: %v, want %v", c.n, c.all, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		k, all := rapid.IntRange(5, 40).Draw(t, "k"), rapid.IntRange(0, 500).Draw(t, "all")
		n := rapid.IntRange(0, all).Draw(t, "n")
		r := stepped(n, all, k)
		if n < r.Low || n > r.High || r.High > all || r.High-r.Low+1 < k && r != (Range{0, all}) {
			t.Fatalf("%d of %d: %v", n, all, r)
		}
		if r.Says(all) != (all >= Smallest(k)) {
			t.Fatalf("%v of %d", r, all)
		}
		for m := r.Low; m <= r.High; m++ {
			if stepped(m, all, k) != r {
				t.Fatalf("%d and %d of %d are told apart within %v", n, m, all, r)
			}
		}
	})
}

func TestSmallGroupsAreTakenTogether(t *testing.T) {
	t.Parallel()
	var frame []Person
	add := func(department string, people, taken int) {
		for i := range people {
			frame = append(frame, Person{Groups: map[string]string{"department": department}, Taken: i < taken, Mail: i%4 == 0})
		}
	}
	add("finance", 60, 44)
	add("green", 50, 9)
	add("library", 12, 12)
	add("sport", 9, 0)
	r := release("2026-11-02", 10, frame, 63)
	want := []Group{{Value: "finance", People: 60, WithMail: 15, Taken: Range{40, 49}}, {Value: "green", People: 50, WithMail: 13, Taken: Range{0, 9}},
		{Merged: 2, People: 21, WithMail: 6, Taken: Range{10, 21}}}
	if r.People != 131 || r.Taken != (Range{60, 69}) || r.Answers != (Range{60, 69}) || len(r.Variables) != 1 || len(r.Variables[0].Groups) != 3 {
		t.Fatalf("%+v", r)
	}
	for i, g := range r.Variables[0].Groups {
		if g != want[i] {
			t.Errorf("%+v, want %+v", g, want[i])
		}
	}
}
