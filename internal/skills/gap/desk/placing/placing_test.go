package placing

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	content "tekentafel/content/skills"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/gap"
	"tekentafel/internal/skills/needs/demand"
)

var base = sync.OnceValues(func() (*framework.Framework, error) {
	text, err := content.Framework()
	if err != nil {
		return nil, err
	}
	return framework.Parse("framework.yaml", bytes.NewReader(text))
})

// failing is a test of any kind.
type failing interface{ Fatal(args ...any) }

func mapOf(t failing, o *demand.Organisation) *demand.Map {
	f, err := base()
	if err != nil {
		t.Fatal(err)
	}
	return demand.Make(demand.Empty(), f, o)
}

func town() *demand.Organisation {
	return &demand.Organisation{
		Functions: []demand.Function{{ID: "clerk", Code: "F1", Name: "Loketmedewerker", Family: "Administratie"}, {ID: "head", Code: "F2", Name: "Diensthoofd", Family: "Leiding"}, {ID: "garden", Code: "F3", Name: "Tuinman", Family: "Uitvoering"}},
		Units: []demand.Unit{{ID: "town", Code: "S", Name: "Stad"}, {ID: "green", Code: "G", Name: "Departement Groen", Parent: "town"}, {ID: "parks", Code: "P", Name: "Dienst Parken", Parent: "green"}, {ID: "team", Name: "Team Noord", Parent: "parks"},
			{ID: "people", Code: "B", Name: "Departement Burgers", Parent: "town"}, {ID: "team2", Name: "Team Noord", Parent: "people"}, {ID: "harbour", Name: "Haven", Parent: "town"}},
		Tallies: []demand.Tally{{Function: "clerk", Unit: "team2", People: 40}, {Function: "head", Unit: "people", People: 2}, {Function: "garden", Unit: "team", People: 30}, {Function: "head", Unit: "green", People: 1}, {Function: "clerk", Unit: "harbour", People: 5}, {Unit: "town", People: 3}},
	}
}

func column(id string, answers ...string) Column {
	c := Column{ID: id, Name: everywhere(id)}
	for _, a := range answers {
		id, label, both := strings.Cut(a, "=")
		if !both {
			label = id
		}
		c.Answers = append(c.Answers, Answer{id, everywhere(label)})
	}
	return c
}

func TestAnswersFindTheirCounterpart(t *testing.T) {
	t.Parallel()
	o := town()
	units := newNames(newTree(o.Units).targets())
	functions := newNames(functionTargets(o))
	for answer, want := range map[string]string{
		"Departement Groen": "green", "departement groen": "green", "Groen": "green", "groen=x": "green", "G": "green", "Dienst Groen": "green", "dienst_parken=?": "parks", "PARKEN": "parks",
		"Team Noord": "", "Team Noord (Departement Burgers)": "team2", "Noord": "team2", "Haven": "harbour", "Zwembad": "", "Dienst": "", "": "",
	} {
		c := column("department", answer)
		if got := units.find(&c.Answers[0]); got != want {
			t.Errorf("%q means %q, not %q", answer, got, want)
		}
	}
	for answer, want := range map[string]string{"Loketmedewerker": "clerk", "loketmedewerker": "clerk", "F3": "garden", "clerk=?": "clerk", "Piloot": ""} {
		c := column("function", answer)
		if got := functions.find(&c.Answers[0]); got != want {
			t.Errorf("%q means %q, not %q", answer, got, want)
		}
	}
}

func TestFamiliesFindTheAnswerOfTheMonitor(t *testing.T) {
	t.Parallel()
	c := column("function_family", "policy=beleid", "administration=administratie", "public_contact=loket of onthaal", "technical=wegen, groen, gebouwen", "care=zorg, welzijn, onderwijs", "culture=cultuur, sport, jeugd", "safety=toezicht of veiligheid", "it_data=IT of data", "other=iets anders")
	for family, want := range map[string]string{"Administratie": "administration", "Zorg en welzijn": "care", "Onderwijs": "care", "Kinderopvang": "care", "Sport en jeugd": "culture", "Veiligheid": "safety", "Informatica": "it_data", "Uitvoering": "technical", "Techniek": "technical", "Beleid": "policy", "Leiding": "", "": ""} {
		if got := familyOf(family, c.Answers); got != want {
			t.Errorf("%s answers %q, not %q", family, got, want)
		}
	}
	v := vocabularyOf()
	if len(v.Units) < 10 || len(v.Small) < 10 || len(v.Kin) != 8 {
		t.Errorf("%+v", v)
	}
}

func TestTheQuestionThatPlacesPeopleIsFound(t *testing.T) {
	t.Parallel()
	o := town()
	family := column("function_family", "administration=administratie", "technical=wegen, groen, gebouwen", "other=iets anders")
	age := column("age", "young=jonger dan 35", "old=ouder")
	campus := column("q7", "a=Groen", "b=Burgers", "c=Elders")
	job := column("job_title", "1=Loketmedewerker", "2=Tuinman", "3=Diensthoofd")
	for name, c := range map[string]struct {
		columns []Column
		want    [3]string
	}{
		"the monitor":               {[]Column{family, column("department", "Groen", "Zwembad"), age}, [3]string{"department", "", "function_family"}},
		"own questions":             {[]Column{age, campus, job}, [3]string{"q7", "job_title", ""}},
		"nothing that places":       {[]Column{age}, [3]string{}},
		"a name with no match":      {[]Column{column("department", "Noordpool"), campus}, [3]string{"q7", "", ""}},
		"the stratum that came too": {[]Column{{ID: "Dienst", Joined: true, Name: everywhere("Dienst"), Answers: values([]string{"Groen", "Burgers"})}}, [3]string{"Dienst", "", ""}},
	} {
		r := Propose(c.columns, nil, o, nil)
		if got := [3]string{r.Department.Column, r.Function.Column, r.Family.Column}; got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
	// What HR said goes first, as long as it can.
	columns := []Column{column("department", "Groen", "Haven", "Zwembad"), campus}
	said := &Reading{Department: Axis{Column: "department", Pairs: map[string]string{"Groen": "", "Zwembad": "people", "Haven": "gone"}}}
	r := Propose(columns, nil, o, said)
	if p := r.Department.Pairs; p["Groen"] != "" || p["Zwembad"] != "people" || p["Haven"] != "harbour" {
		t.Errorf("%v", p)
	}
	said.Department.Column = "dropped"
	if r := Propose(columns, nil, o, said); r.Department.Column != "department" || r.Department.Pairs["Groen"] != "green" {
		t.Errorf("%+v", r)
	}
	said.Department = Axis{}
	if r := Propose(columns, nil, o, said); r.Department.Column != "" {
		t.Error("HR said that no question tells it")
	}
}

// staffOf is how many people there are in a group of the layout.
func staffOf(l *Layout, function, department string) (n int) {
	at := func(list []gap.Group, code string) int {
		return slices.IndexFunc(list, func(g gap.Group) bool { return g.Code == code })
	}
	for _, s := range l.Staff {
		if (function == "*" || s.Function == at(l.Functions, function)) && (department == "*" || s.Department == at(l.Departments, department)) {
			n += s.N
		}
	}
	return n
}

func TestTheStaffListIsLaidOnTheAnswers(t *testing.T) {
	t.Parallel()
	m := mapOf(t, town())
	columns := []Column{column("department", "Groen", "Parken", "Burgers", "Zwembad"), column("function_family", "administration=administratie", "technical=groen", "other=iets anders")}
	r := Propose(columns, nil, m.Org, nil)
	l := Lay(columns, &r, m, nil)
	if l.Detail != ByFamily || !l.Divided || len(l.Functions) != 2 || !slices.Equal(l.Rest, []string{"green"}) {
		t.Fatalf("%+v", l)
	}
	for _, c := range []struct {
		function, department string
		want                 int
	}{
		{"*", "green", 1}, {"*", "parks", 30}, {"*", "people", 42}, {"*", "harbour", 5}, {"administration", "people", 40}, {"technical", "parks", 30}, {"technical", "*", 30}, {"*", "*", 81}, {"administration", "harbour", 5}, {"", "*", 6}, {"*", "", 3},
	} {
		if got := staffOf(l, c.function, c.department); got != c.want {
			t.Errorf("%s in %s: %d people, not %d", c.function, c.department, got, c.want)
		}
	}
	a := &instrument.Answers{N: 5}
	codes := func(list ...uint8) *instrument.Column { return &instrument.Column{Narrow: list} }
	item := instrument.Item{ID: "department", Kind: instrument.Single}
	work := instrument.Item{ID: "function_family", Kind: instrument.Single}
	a.Variables = []instrument.Variable{{ID: "department", Item: &item}, {ID: "function_family", Item: &work}}
	a.Columns = []*instrument.Column{codes(5, 6, 7, 8, 1), codes(5, 6, 7, 1, 5)}
	function, department := l.Place(a)
	name := func(list []gap.Group, i int32) string {
		if i < 0 {
			return "-"
		}
		return list[i].Code
	}
	var got []string
	for i := range function {
		got = append(got, name(l.Functions, function[i])+"/"+name(l.Departments, department[i]))
	}
	if want := []string{"administration/green", "technical/parks", "-/people", "-/-", "administration/-"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	// What is asked is that of the function of the person in the middle; nothing of whom the function is not known.
	grid := m.Grid()
	levels, _ := grid.Find("garden", "team")
	at := slices.IndexFunc(l.Departments, func(g gap.Group) bool { return g.Code == "parks" })
	for s, level := range l.Required(1, at) {
		if level != int8(levels[s]) {
			t.Errorf("skill %d: level %d of %d", s, level, levels[s])
		}
	}
	if l.Required(-1, 0) != nil || len(l.Required(0, -1)) != len(m.Framework.Skills) {
		t.Error("what is asked where the function or the department is not known")
	}
}

func TestByFunctionWhereTheWaveAsksIt(t *testing.T) {
	t.Parallel()
	m := mapOf(t, town())
	columns := []Column{column("function", "1=Loketmedewerker", "2=Tuinman", "3=Diensthoofd", "4=Anders"), column("function_family", "administration=administratie")}
	r := Propose(columns, nil, m.Org, nil)
	l := Lay(columns, &r, m, nil)
	if l.Detail != ByFunction || l.Divided || len(l.Functions) != 3 || len(l.Departments) != 1 || len(l.Families) != 3 || l.Families[l.Functions[0].Family].Name != "Administratie" {
		t.Fatalf("%+v", l)
	}
	if n := staffOf(l, "clerk", "*"); n != 45 {
		t.Errorf("%d clerks", n)
	}
	if l.Mixed != 0 {
		t.Errorf("%.2f are asked another level", l.Mixed)
	}
}

func TestWithoutAQuestionEverybodyIsTogether(t *testing.T) {
	t.Parallel()
	m := mapOf(t, town())
	l := Lay(nil, &Reading{}, m, nil)
	if l.Detail != Undivided || l.Divided || len(l.Functions) != 1 || len(l.Departments) != 1 || staffOf(l, everyone, everyone) != 81 {
		t.Errorf("%+v", l)
	}
	if l.Required(0, 0) != nil {
		t.Error("something is asked of gardeners and clerks alike")
	}
	f, d := l.Place(&instrument.Answers{N: 2})
	if !slices.Equal(f, []int32{0, 0}) || !slices.Equal(d, []int32{0, 0}) {
		t.Errorf("%v %v", f, d)
	}
	if l := Lay(nil, &Reading{}, mapOf(t, &demand.Organisation{}), nil); l.Staff != nil || len(l.Functions) != 1 {
		t.Errorf("%+v", l)
	}
}

// What HR said holds whatever happens to the staff list: a function stays in its family, and a family that comes joins one that is there.
func TestAReadingHoldsWhenTheStaffListChanges(t *testing.T) {
	t.Parallel()
	columns := []Column{column("function", "1=Loketmedewerker", "2=Tuinman", "3=Diensthoofd")}
	o := town()
	o.Functions[0].Family = "Iets nieuws"
	r := Propose(columns, nil, o, nil)
	l := Lay(columns, &r, mapOf(t, o), map[string]string{"clerk": "Administratie", "head": ""})
	if l.Families[l.Functions[0].Family].Name != "Administratie" || l.Functions[1].Family != -1 || l.Families[l.Functions[2].Family].Name != "Uitvoering" {
		t.Errorf("%+v %+v", l.Functions, l.Families)
	}
	// What is not there any more keeps its respondents: its group is there, with nobody of the staff.
	columns = append(columns, column("department", "Groen", "Burgers"))
	r = Propose(columns, nil, town(), nil)
	smaller := town()
	smaller.Functions, smaller.Units = smaller.Functions[1:], append(smaller.Units[:1:1], smaller.Units[4:]...)
	l = Lay(columns, &r, mapOf(t, smaller), map[string]string{"clerk": "Administratie"})
	clerk := slices.IndexFunc(l.Functions, func(g gap.Group) bool { return g.Code == "clerk" })
	if clerk < 0 || l.Families[l.Functions[clerk].Family].Name != "Administratie" || l.Departments[l.department["Groen"]].Code != "green" || staffOf(l, "*", "green") != 0 {
		t.Errorf("%+v %+v", l.Functions, l.Departments)
	}
	columns = []Column{column("function_family", "administration=administratie", "technical=groen", "other=iets anders")}
	r = Propose(columns, nil, town(), nil)
	o.Functions[1].Family = "Secretariaat" // like administration, which others answer
	o.Functions[2].Family = "Anders"
	if p := r.With(columns, o).Family.Pairs; p["Secretariaat"] != "administration" || p["Anders"] != "" || p["Leiding"] != "" || p["Administratie"] != "administration" {
		t.Errorf("%v", p)
	}
}

// Whatever the organisation and the answers, everybody of the staff is counted once, every place is one that is there, and levels are those of
// the framework.
func TestEverybodyIsCountedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := &demand.Organisation{}
		id := func(prefix string, n int) string { return prefix + string(rune('a'+n)) }
		units, functions := rapid.IntRange(0, 8).Draw(t, "units"), rapid.IntRange(0, 6).Draw(t, "functions")
		for i := range units {
			o.Units = append(o.Units, demand.Unit{ID: id("u", i), Name: rapid.SampledFrom([]string{"Groen", "Dienst Groen", "Burgers", "ICT"}).Draw(t, "name"), Parent: rapid.SampledFrom([]string{"", "ua", "ub", "uc", "ud", "ux"}).Draw(t, "parent")})
		}
		for i := range functions {
			o.Functions = append(o.Functions, demand.Function{ID: id("f", i), Name: rapid.SampledFrom([]string{"Klerk", "Tuinman", "Jurist"}).Draw(t, "function"), Family: rapid.SampledFrom([]string{"", "Administratie", "Uitvoering"}).Draw(t, "family")})
		}
		total := 0
		for range rapid.IntRange(0, 12).Draw(t, "tallies") {
			n := rapid.IntRange(1, 50).Draw(t, "people")
			total += n
			o.Tallies = append(o.Tallies, demand.Tally{Function: rapid.SampledFrom([]string{"", "fa", "fb", "fc", "fz"}).Draw(t, "of"), Unit: rapid.SampledFrom([]string{"", "ua", "ub", "uc", "uz"}).Draw(t, "in"), People: n})
		}
		var columns []Column
		for _, c := range []Column{column("department", "Groen", "ICT", "Burgers"), column("function", "Klerk", "Jurist", "Tuinman"), column("function_family", "administration=administratie", "technical=uitvoering")} {
			if rapid.Bool().Draw(t, c.ID) {
				columns = append(columns, c)
			}
		}
		m := mapOf(t, o)
		r := Propose(columns, nil, o, nil)
		l := Lay(columns, &r, m, nil)
		if n := staffOf(l, "*", "*"); n != total {
			t.Fatalf("%d people of %d", n, total)
		}
		for _, s := range l.Staff {
			if s.Function < -1 || s.Function >= len(l.Functions) || s.Department < -1 || s.Department >= len(l.Departments) {
				t.Fatalf("%+v", s)
			}
		}
		for f := range l.Functions {
			for d := -1; d < len(l.Departments); d++ {
				for _, level := range l.Required(f, d) {
					if level < 0 || int(level) > len(m.Framework.Levels) {
						t.Fatalf("level %d", level)
					}
				}
			}
		}
		if again := Lay(columns, &r, m, nil); !slices.Equal(l.Staff, again.Staff) || !slices.Equal(l.Departments, again.Departments) {
			t.Fatal("laid twice, it differs")
		}
	})
}

func TestNamesThatPeopleChooseFromDiffer(t *testing.T) {
	t.Parallel()
	list := Units(town())
	seen := map[string]bool{}
	for _, n := range list {
		if seen[n.Name] {
			t.Errorf("%s stands there twice", n.Name)
		}
		seen[n.Name] = true
		if NameOf(list, n.ID) != n.Name {
			t.Errorf("%s is called %s", n.ID, NameOf(list, n.ID))
		}
	}
	if NameOf(list, "team") != "Team Noord (Dienst Parken)" {
		t.Errorf("%q", NameOf(list, "team"))
	}
	if NameOf(list, "nowhere") != "" {
		t.Error("nowhere has a name")
	}
}
