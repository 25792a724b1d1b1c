package quality

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/people/madeup"
	"tekentafel/internal/people/org"
)

func assess(t testing.TB, o *org.Organisation, in Input) *Result {
	t.Helper()
	if in.Day == 0 {
		in.Day = 20260915
	}
	r, err := Assess(context.Background(), o, in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func counts(r *Result) map[string]int {
	m := map[string]int{}
	for _, c := range r.Checks {
		if c.Count > 0 {
			m[c.Kind.String()] = c.Count
		}
	}
	return m
}

func TestAnOrganisationWithoutFaultsScoresAllButItsSmallGroups(t *testing.T) {
	t.Parallel()
	for _, n := range []int{60, 500, 5000} {
		r := assess(t, madeup.Make(madeup.Recipe{Seed: 1, People: n}).Organisation, Input{})
		if len(counts(r)) > 0 {
			t.Errorf("%d people: found %v", n, counts(r))
		}
		for _, s := range r.Scores {
			if s.Usable != r.Staff || len(s.Gains) > 0 {
				t.Errorf("%d people, %s: %+v", n, s.Name, s)
			}
			for _, l := range s.Losses {
				if l.Kind != GroupSmall {
					t.Errorf("%d people, %s: lost %+v", n, s.Name, l)
				}
			}
		}
	}
}

func TestEachFaultIsFoundAsOftenAsItWasPlanted(t *testing.T) {
	t.Parallel()
	kinds := map[madeup.Fault]Kind{
		madeup.Twice: SameName, madeup.TwiceNumber: SameNumber, madeup.TwiceMail: SameMail, madeup.NoPost: NoPost, madeup.NoUnit: NoUnit,
		madeup.NoFunction: NoFunction, madeup.NoEither: NoEither, madeup.BirthUnknown: BirthUnknown,
		madeup.BirthRange: BirthRange, madeup.StartEarly: StartEarly, madeup.EndPast: EndPast, madeup.SpanTurned: SpanTurned,
		madeup.NoLanguage: NoLanguage, madeup.NoNumber: NoNumber, madeup.NoMail: NoMail, madeup.MailBad: MailBad, madeup.PostTurned: PostTurned,
		madeup.PostAfter: PostAfter, madeup.PostOfOut: PostOfOut, madeup.Overlap: Overlap, madeup.TwoMain: TwoMain, madeup.NoMain: NoMain,
		madeup.FTEZero: FTEZero, madeup.FTEHigh: FTEHigh, madeup.FTEUnknown: FTEUnknown, madeup.ManagerSelf: ManagerSelf,
		madeup.ManagerOut: ManagerOut, madeup.ManagerGone: ManagerGone, madeup.PostOfNobody: PostOfNobody,
		madeup.ManagerAbsent: ManagerNone, madeup.UnitOrphan: UnitOrphan, madeup.UnitCycle: UnitCycle, madeup.UnitRoot: UnitRoots,
		madeup.UnitEmpty: UnitEmpty, madeup.UnitSingle: UnitSingle, madeup.NoLevel: NoLevel, madeup.NoWork: NoWork,
	}
	people := map[madeup.Fault]Kind{ // what counts by case, and touches as many people as were planted
		madeup.UnitGone: UnitGone, madeup.FunctionGone: FunctionGone, madeup.MailShared: MailShared, madeup.ManagerCycle: ManagerCycle,
	}
	test := func(f madeup.Fault, k Kind, got func(c Check) int) {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			made := madeup.Make(madeup.Recipe{Seed: 7, People: 3000, Faults: madeup.Rates{f: 0.02}})
			r := assess(t, made.Organisation, Input{})
			if want := len(made.Planted[f]); want == 0 || got(r.Checks[k]) != want {
				t.Errorf("%v: %+v, planted %d", k, r.Checks[k], want)
			}
			// Some faults are one of another kind too.
			also := map[Kind][]Kind{SpanTurned: {EndPast}, UnitSingle: {}, ManagerOut: {}, FTEHigh: {Overlap}, UnitCycle: {}}
			for _, c := range r.Checks {
				if c.Count > 0 && c.Kind != k && !slices.Contains(also[k], c.Kind) {
					t.Errorf("%v found too: %+v", c.Kind, c)
				}
			}
		})
	}
	for f, k := range kinds {
		test(f, k, func(c Check) int { return c.Count })
	}
	for f, k := range people {
		test(f, k, func(c Check) int { return c.People })
	}
}

func TestTheSameTitlesInOtherLettersAreOneSetAndOtherLevelsAreNot(t *testing.T) {
	t.Parallel()
	o := small(12, func(i int) string { return "f" + string(rune('a'+i%4)) })
	o.Functions = []org.Function{
		{ID: "fa", Name: "Redder", Level: "D", Work: org.Field}, {ID: "fb", Name: "REDDER ", Level: "D", Work: org.Field},
		{ID: "fc", Name: "Rédder.", Work: org.Field}, {ID: "fd", Name: "redder", Level: "C", Work: org.Field},
	}
	r := assess(t, o, Input{K: 5})
	want := []Example{{ID: "fa", With: []string{"fb", "fc"}, People: 9}}
	if d := cmp.Diff(want, r.Checks[FunctionSame].Examples); d != "" {
		t.Error(d)
	}
	by := scoreOf(r, "gap by function")
	if by.Shown.People != 0 || len(by.Gains) == 0 {
		t.Fatalf("%+v", by)
	}
	g := by.Gains[0]
	if g.Mend != MergeFunctions || g.Into != "fa" || g.Points != 75 || g.Count != 3 || g.After.Shown.People != 9 || g.Assumed {
		t.Errorf("%+v", g)
	}
	r = assess(t, o, Input{K: 5, DifferentFunctions: [][2]string{{"fa", "fb"}, {"fb", "fc"}}})
	if got := r.Checks[FunctionSame].Examples[0]; got.ID != "fa" || !slices.Equal(got.With, []string{"fc"}) {
		t.Errorf("after a decision: %+v", got)
	}
}

// small makes a root and two departments with people by turns, each with a function.
func small(n int, function func(i int) string) *org.Organisation {
	o := &org.Organisation{Units: []org.Unit{{ID: "ua", Name: "Stad"}, {ID: "ub", Name: "Een", Parent: "ua"}, {ID: "uc", Name: "Twee", Parent: "ua"}}}
	for i := range n {
		id := "p" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		o.People = append(o.People, org.Person{ID: id, Number: "N" + id, Family: "Naam " + id, Mail: id + "@stad.example", Language: "nl", BirthYear: 1970 + i%30})
		o.Posts = append(o.Posts, org.Post{ID: "t" + id, Person: id, Unit: []string{"ub", "uc"}[i%2], Function: function(i), FTE: 1000, Main: true})
	}
	return o
}

func scoreOf(r *Result, name string) *Score {
	for i := range r.Scores {
		if r.Scores[i].Name == name {
			return &r.Scores[i]
		}
	}
	return nil
}

func TestAUnitWithoutParentDropsOutUntilItIsPlaced(t *testing.T) {
	t.Parallel()
	o := small(40, func(int) string { return "fa" })
	o.Functions = []org.Function{{ID: "fa", Name: "Redder", Level: "D", Work: org.Field}}
	o.Units[0].Head, o.Units[2].Parent = "paa", "gone"
	o.Posts[0].Unit = "ua" // the head stands at the top
	s := scoreOf(assess(t, o, Input{}), "response by department")
	if s.Points() != 47.5 || len(s.Losses) != 2 || s.Losses[0].Kind != UnitOrphan || s.Losses[0].Points != 50 || s.Losses[1].Kind != GroupSmall {
		t.Fatalf("%+v", s)
	}
	if g := s.Gains[0]; g.Mend != RestoreUnit || g.Check != UnitOrphan || g.IDs[0] != "gone" || g.Points != 50 {
		t.Errorf("%+v", g)
	}
}

func TestDepartmentsStandWhenOnlyTheUnitAboveThemAllIsMissing(t *testing.T) {
	t.Parallel()
	o := small(40, func(int) string { return "fa" })
	o.Units = o.Units[1:]
	r := assess(t, o, Input{})
	if s := scoreOf(r, "response by department"); s.Points() != 100 || r.Top != "ua" || !r.TopGone || r.Checks[UnitOrphan].Count != 2 {
		t.Errorf("%+v %+v", r, s)
	}
	o.Units[0].Parent, o.Units[1].Parent = "", ""
	r = assess(t, o, Input{})
	if s := scoreOf(r, "response by department"); s.Points() != 100 || r.Top != "" || r.Departments != 2 {
		t.Errorf("without a top: %+v %+v", r, s)
	}
}

func TestTheResultIsTheSameHoweverTheRowsAreOrdered(t *testing.T) {
	t.Parallel()
	made := madeup.Make(madeup.Recipe{Seed: 3, People: 4000, Faults: madeup.Ugly()})
	in := Input{Day: made.Day, Merges: merges(made), Same: made.Double}
	want := assess(t, made.Organisation, in)
	r := rand.New(rand.NewPCG(1, 2))
	o := made.Organisation
	r.Shuffle(len(o.People), func(i, j int) { o.People[i], o.People[j] = o.People[j], o.People[i] })
	r.Shuffle(len(o.Posts), func(i, j int) { o.Posts[i], o.Posts[j] = o.Posts[j], o.Posts[i] })
	r.Shuffle(len(o.Units), func(i, j int) { o.Units[i], o.Units[j] = o.Units[j], o.Units[i] })
	first := slices.Clone(o.People)
	if d := cmp.Diff(want, assess(t, o, in)); d != "" {
		t.Error(d)
	}
	if !slices.Equal(first, o.People) {
		t.Error("the organisation was put in order")
	}
}

func merges(made *madeup.Made) []Merge {
	var ms []Merge
	for _, s := range made.Same {
		ms = append(ms, Merge{Into: s[0], Functions: s})
	}
	return ms
}

func TestAResultIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	made := madeup.Make(madeup.Recipe{Seed: 5, People: 2000, Faults: madeup.Ugly()})
	r := assess(t, made.Organisation, Input{Merges: merges(made)})
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Result
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, &back); d != "" {
		t.Error(d)
	}
	if err := json.Unmarshal([]byte(`{"checks":[{"kind":"unit.nothing"}]}`), &back); err == nil {
		t.Error("an unknown kind was read")
	}
}

func TestATrendSaysWhatWasWonAndLost(t *testing.T) {
	t.Parallel()
	before := assess(t, madeup.Make(madeup.Recipe{Seed: 5, People: 2000, Faults: madeup.Rates{madeup.NoUnit: 0.1, madeup.NoMail: 0.1}}).Organisation, Input{})
	after := assess(t, madeup.Make(madeup.Recipe{Seed: 5, People: 2000, Faults: madeup.Rates{madeup.NoMail: 0.2}}).Organisation, Input{})
	got := Compare(before, after)
	if len(got.Checks) != 2 || got.Checks[0].Kind != NoUnit || got.Checks[0].After != 0 || got.Checks[0].Before != 200 || got.Checks[1].After != 400 {
		t.Errorf("%+v", got.Checks)
	}
	if len(got.Scores) != len(Conclusions()) || got.Scores[0].Change() < 9 || !got.Comparable {
		t.Errorf("%+v", got.Scores)
	}
	after.K = 5
	if Compare(before, after).Comparable {
		t.Error("groups of another size compare")
	}
}

func TestAnAssessmentRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]Input{
		"no day": {}, "k": {Day: 20260915, K: 4}, "ages": {Day: 20260915, Ages: []int{50, 35}},
		"field":     {Day: 20260915, Conclusions: []Conclusion{{Name: "x", Needs: []Field{"shoe"}}}},
		"dimension": {Day: 20260915, Conclusions: []Conclusion{{Name: "x", Groups: []Dimension{"shoe"}}}},
	} {
		if _, err := Assess(context.Background(), &org.Organisation{}, in); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Assess(ctx, &org.Organisation{}, Input{Day: 20260915}); err == nil {
		t.Error("went on after the end")
	}
	r := assess(t, &org.Organisation{}, Input{})
	if len(counts(r)) > 0 || r.Scores[0].Points() != 0 {
		t.Errorf("nobody: %+v", r)
	}
}
