package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/disclosure/attack"
)

const k = 10

// town is a made-up month of people with their days.
type town struct {
	days map[place][]int // of each person
	raw  *raw
}

func drawTown(t *rapid.T) *town {
	departments, families := rapid.IntRange(2, 4).Draw(t, "departments"), rapid.IntRange(1, 3).Draw(t, "families")
	w := &town{days: map[place][]int{}, raw: &raw{groups: map[place]int{}, days: map[place]int{}}}
	for d := range departments {
		w.raw.departments = append(w.raw.departments, Part{ID: fmt.Sprint("d", d), Name: fmt.Sprint("Afdeling ", d), Heads: 200})
	}
	for f := range families {
		w.raw.families = append(w.raw.families, Part{ID: fmt.Sprint("f", f), Name: fmt.Sprint("Familie ", f), Heads: 200})
	}
	nowhere := rapid.SampledFrom([]int{0, 0, 1, 3, 12}).Draw(t, "nowhere")
	add := func(where place, n int) {
		for range n {
			days := rapid.IntRange(1, 31).Draw(t, "days")
			w.days[where] = append(w.days[where], days)
			w.raw.groups[where]++
			w.raw.days[where] += days
			w.raw.all++
		}
	}
	for d := range departments {
		for f := range families {
			add(place{fmt.Sprint("d", d), fmt.Sprint("f", f)}, rapid.SampledFrom([]int{0, 0, 1, 4, 9, 12, 25}).Draw(t, "people"))
		}
	}
	add(place{}, nowhere)
	w.raw.tried, w.raw.heads = w.raw.all, 1000
	return w
}

// shown tells which groups are shown.
type shown map[string]bool

func (f *Figures) shownGroups() shown {
	out := shown{}
	for kind, groups := range map[string][]Group{"d": f.Departments, "f": f.Families} {
		for _, g := range groups {
			out[kind+":"+g.ID] = !g.Hidden
		}
	}
	return out
}

// breaches attacks what is shown with a linear program. The attacker has the figures unrounded, knows which departments and families have anybody in common, and
// knows that each person used a model on 1 to 31 days. What they want is how much a few people used.
func (w *town) breaches(ctx context.Context, s shown) ([]string, error) {
	groups, _ := placed(w.raw, k)
	people, days := attack.NewSystem(), attack.NewSystem()
	var cells []place
	for where := range w.days {
		cells = append(cells, where)
	}
	slices.SortFunc(cells, func(a, b place) int { return strings.Compare(a.department+bar+a.family, b.department+bar+b.family) })
	name := func(p place) string { return p.department + bar + p.family }
	tell := func(holds func(place) bool) {
		p, d, n, sum := attack.Terms{}, attack.Terms{}, 0, 0
		for _, c := range cells {
			if groups[c] > 0 && holds(c) {
				p[name(c)], d[name(c)] = 1, 1
				n += w.raw.groups[c]
				sum += w.raw.days[c]
			}
		}
		people.Equal(p, float64(n))
		days.Equal(d, float64(sum))
	}
	tell(func(p place) bool { return groups[p] > 0 })
	for group, is := range s {
		if is {
			tell(func(p place) bool { return group == "d:"+p.department || group == "f:"+p.family })
		}
	}
	var out []string
	try := func(what string, holds func(place) bool) error {
		d, n, largest, second, sum := attack.Terms{}, 0, 0, 0, 0
		for _, c := range cells {
			if !holds(c) {
				continue
			}
			d[name(c)] = 1
			n += w.raw.groups[c]
			for _, x := range w.days[c] {
				sum += x
				if x > largest {
					largest, second = x, largest
				} else {
					second = max(second, x)
				}
			}
		}
		if n == 0 {
			return nil
		}
		follows, err := days.Follows(ctx, d)
		if err != nil || !follows {
			return err
		}
		if n < k {
			out = append(out, fmt.Sprintf("%s: the days of %d people follow", what, n))
		}
		if float64(sum-largest-second) < rest*float64(largest) {
			out = append(out, fmt.Sprintf("%s: who used second most (%d) learns what the largest used (%d) of %d", what, second, largest, sum))
		}
		return nil
	}
	// Every set of people that the two kinds of group can tell apart, and every union of two of them.
	for i, a := range cells {
		for _, b := range cells[i:] {
			if err := try(name(a)+" and "+name(b), func(p place) bool { return p == a || p == b }); err != nil {
				return nil, err
			}
		}
	}
	for group := range s {
		in := func(p place) bool { return group == "d:"+p.department || group == "f:"+p.family }
		if err := try(group, in); err != nil {
			return nil, err
		}
		if err := try("all but "+group, func(p place) bool { return groups[p] > 0 && !in(p) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func TestNobodyIsReadOutOfWhatIsShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawTown(t)
		f, err := protect(context.Background(), w.raw, k)
		if err != nil {
			t.Fatal(err)
		}
		if f.Few {
			return
		}
		found, err := w.breaches(context.Background(), f.shownGroups())
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			t.Fatalf("%s\n%+v\n%+v", strings.Join(found, "\n"), w.raw.groups, f.shownGroups())
		}
	})
}

func TestTheAttackFindsWhatAWeakerProtectionLeaves(t *testing.T) {
	t.Parallel()
	caught := 0
	for seed := range 60 {
		w := rapid.Custom(drawTown).Example(seed)
		s := shown{}
		for where := range w.raw.groups { // each group on its own: k or more people are shown
			for group, of := range map[string]func(place) bool{"d:" + where.department: func(p place) bool { return p.department == where.department }, "f:" + where.family: func(p place) bool { return p.family == where.family }} {
				n := 0
				for c, x := range w.raw.groups {
					if of(c) {
						n += x
					}
				}
				s[group] = n >= k
			}
		}
		if w.raw.all < k {
			continue
		}
		found, err := w.breaches(context.Background(), s)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			caught++
		}
	}
	if caught == 0 {
		t.Error("the attack found nothing in what hides by the table alone")
	}
	t.Logf("caught %d of 60", caught)
}

// TestAHeavyUserWeighsNoMoreThanTheDaysOfAMonth holds why days are counted and calls are not: in each set that may be shown, the least that the others
// can be is beyond what the second largest must not learn.
func TestAHeavyUserWeighsNoMoreThanTheDaysOfAMonth(t *testing.T) {
	t.Parallel()
	if others, largest := float64(k-2), 31.0; others < rest*largest {
		t.Errorf("%v days of others beside %v of the largest", others, largest)
	}
}

func TestANumberOfPeopleNeverTellsHowFewDidNot(t *testing.T) {
	t.Parallel()
	for whole := k; whole < 300; whole++ {
		told := map[People]bool{}
		for n := max(k, whole-k+1); n <= whole; n++ {
			told[people(n, whole, k)] = true
		}
		if len(told) > 2 {
			t.Errorf("of %d, that 0 to %d did not is told apart: %v", whole, k-1, told)
		}
		for p := range told {
			if !p.AtLeast || p.N > whole {
				t.Errorf("of %d: %+v", whole, p)
			}
		}
	}
	if p := people(23, 200, k); p != (People{N: 25}) {
		t.Errorf("23 of 200 is shown as %+v", p)
	}
	if p := people(12, 0, k); p != (People{N: 10}) {
		t.Errorf("12 where it is not known of how many: %+v", p)
	}
}

func TestWhatFewerThanKPeopleDidIsNotNamed(t *testing.T) {
	t.Parallel()
	r := &raw{all: 40, tried: 44, heads: 300, groups: map[place]int{{}: 40}, days: map[place]int{{}: 333},
		models: map[string]int{"groot": 38, "geheim": 9}, tasks: map[string]int{"brief": 12, "ruzie-met-chef": 1}, outcomes: map[string]int{"answered": 40, "blocked": 3}, found: map[string]int{"health": 2, "phone": 31}}
	f, err := protect(t.Context(), r, k)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"geheim", "ruzie", "blocked", "health"} {
		if strings.Contains(string(text), never) {
			t.Errorf("%s is named: %s", never, text)
		}
	}
	if f.Hidden["model"] != 1 || f.Hidden["found"] != 1 || f.Days != 330 || f.People.N != 40 || f.Departments != nil {
		t.Errorf("%s", text)
	}
	if few, err := protect(t.Context(), &raw{all: 9, models: map[string]int{"x": 9}}, k); err != nil || !few.Few || few.Models != nil || few.People.N != 0 {
		t.Errorf("of 9 people: %+v %v", few, err)
	}
}

func TestAmountsAreNotShownWhenOneUserWeighsTooMuch(t *testing.T) {
	t.Parallel()
	even := Weight{Total: 1000, First: 100, Second: 90}
	for name, c := range map[string]struct {
		w    *Weights
		want string
	}{
		"spread":             {&Weights{Users: 12, Tokens: even, Nano: even}, ""},
		"free models":        {&Weights{Users: 12, Tokens: even}, ""},
		"one heavy user":     {&Weights{Users: 12, Tokens: Weight{Total: 1000, First: 900, Second: 10}, Nano: even}, "heavy"},
		"two of them":        {&Weights{Users: 12, Tokens: Weight{Total: 1000, First: 500, Second: 480}, Nano: even}, "heavy"},
		"heavy in the money": {&Weights{Users: 12, Tokens: even, Nano: Weight{Total: 1000, First: 950, Second: 30}}, "heavy"},
		"few":                {&Weights{Users: 9, Tokens: even, Nano: even}, "few"},
		"not known":          {nil, "unknown"},
	} {
		a, why := amounts(&raw{weights: c.w, amounts: map[string]int64{amountTokens: 123456, amountNano: 12_345_678_901}}, k)
		if why != c.want || (a != nil) != (why == "") {
			t.Errorf("%s: %q %+v", name, why, a)
		}
		if a != nil && (a.Tokens != 120_000 || a.Cents != 1200) {
			t.Errorf("%s: %+v", name, a)
		}
	}
}
