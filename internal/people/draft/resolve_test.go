package draft

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tab, m := drawn(t)
		complete := rapid.Bool().Draw(t, "complete")
		before := imported(t, varied(t, tab), m, &org.Organisation{}, How{Complete: true})
		first := imported(t, tab, m, before.Organisation, How{Complete: complete})
		again := imported(t, tab, m, first.Organisation, How{Complete: complete})
		if d := Diff(first.Organisation, again.Organisation, day, DefaultLimits()); !d.Same() {
			t.Fatalf("the same file again changes %s", differs(d))
		}
	})
	tab, m := city(800, 3)
	first := imported(t, tab, m, &org.Organisation{}, How{Complete: true})
	again := imported(t, tab, m, first.Organisation, How{Complete: true, Day: 20270301})
	if d := Diff(first.Organisation, again.Organisation, 20270301, DefaultLimits()); !d.Same() {
		t.Fatalf("the same file months later changes %+v", d)
	}
}

// steady tells whether the meaning of a row depends on the rows above it.
func steady(m *mapping.Mapping, headings []string) bool {
	f := m.Fit(headings)
	return !f.Has(mapping.UnitIndent) && (!m.Values.Outline || !f.Has(mapping.UnitLevel))
}

func TestTheOrderOfTheRowsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tab, m := drawn(t)
		if !steady(m, tab.headings) {
			t.Skip("rows hang on those above them")
		}
		current := imported(t, varied(t, tab), m, &org.Organisation{}, How{Complete: true}).Organisation
		how := How{Complete: rapid.Bool().Draw(t, "complete")}
		one := imported(t, tab, m, current, how)
		other := &table{headings: tab.headings, rows: rapid.Permutation(tab.rows).Draw(t, "rows")}
		two := imported(t, other, m, current, how)
		if diff := cmp.Diff(one.Organisation, two.Organisation); diff != "" {
			t.Fatalf("another order gives another organisation:\n%s", diff)
		}
	})
	tab, m := city(500, 4)
	one := imported(t, tab, m, &org.Organisation{}, How{Complete: true})
	shuffled := &table{headings: tab.headings, rows: slices.Clone(tab.rows)}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(tab.rows), func(i, j int) { shuffled.rows[i], shuffled.rows[j] = shuffled.rows[j], shuffled.rows[i] })
	if diff := cmp.Diff(one.Organisation, imported(t, shuffled, m, &org.Organisation{}, How{Complete: true}).Organisation); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsWrittenForADifferenceGivesTheNextOrganisation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		current := &org.Organisation{}
		var tab *table
		var m *mapping.Mapping
		for range rapid.IntRange(1, 4).Draw(t, "imports") {
			if tab == nil || rapid.Bool().Draw(t, "other") {
				tab, m = drawn(t)
			} else {
				tab = varied(t, tab)
			}
			n := imported(t, tab, m, current, How{Complete: rapid.Bool().Draw(t, "complete"), Day: day + org.Date(rapid.IntRange(0, 1).Draw(t, "later"))})
			kept := &org.Organisation{Units: slices.Clone(current.Units), Functions: slices.Clone(current.Functions), People: slices.Clone(current.People), Posts: slices.Clone(current.Posts)}
			d := Diff(current, n.Organisation, day, DefaultLimits())
			if diff := cmp.Diff(n.Organisation, apply(current, d), emptyIsNil); diff != "" {
				t.Fatalf("applied it gives another organisation:\n%s", diff)
			}
			if diff := cmp.Diff(kept, current, emptyIsNil); diff != "" {
				t.Fatalf("the organisation that stood was changed:\n%s", diff)
			}
			if !Diff(n.Organisation, n.Organisation, day, DefaultLimits()).Same() {
				t.Fatal("an organisation differs from itself")
			}
			current = n.Organisation
		}
	})
}

var emptyIsNil = cmp.Comparer(func(a, b org.Organisation) bool {
	return slices.Equal(a.Units, b.Units) && slices.Equal(a.Functions, b.Functions) && slices.Equal(a.People, b.People) && slices.Equal(a.Posts, b.Posts)
})

func TestWhoIsNotInACompleteFileHasGone(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Family, mapping.UnitName, mapping.FunctionName}
	tab, m := file(mapping.Number, fields, []string{"1", "A", "Wegen", "Klerk"}, []string{"2", "B", "Groen", "Tuinier"}, []string{"3", "", "Sport", "Redder"})
	all, _ := file(mapping.Number, fields, []string{"1", "A", "Wegen", "Klerk"}, []string{"2", "B", "Groen", "Tuinier"}, []string{"3", "C", "Sport", "Redder"})
	current := imported(t, all, m, &org.Organisation{}, How{Complete: true}).Organisation
	tab.rows = slices.Delete(tab.rows, 1, 2)

	for _, complete := range []bool{true, false} {
		n := imported(t, tab, m, current, How{Complete: complete})
		p := find(t, n.Organisation, "2")
		post := org.NewIndex(n.Organisation).PostsOf(p.ID)[0]
		if p.Out != complete || complete && (p.To != day || post.To != day) || !complete && (p.To != 0 || post.To != 0) {
			t.Errorf("complete %v: %+v %+v", complete, p, post)
		}
		if c := find(t, n.Organisation, "3"); c.Out || c.Family != "C" {
			t.Errorf("somebody whose row was not taken has changed: %+v", c)
		}
		for _, u := range n.Organisation.Units {
			if ended := u.To == day; ended != (complete && u.Name == "Groen") {
				t.Errorf("complete %v: unit %s ends %v", complete, u.Name, u.To)
			}
		}
		for _, f := range n.Organisation.Functions {
			if ended := f.To == day; ended != (complete && f.Name == "Tuinier") {
				t.Errorf("complete %v: function %s ends %v", complete, f.Name, f.To)
			}
		}
		if !complete {
			continue
		}
		later := imported(t, tab, m, n.Organisation, How{Complete: true, Day: day + 1})
		if !Diff(n.Organisation, later.Organisation, day+1, DefaultLimits()).Same() {
			t.Error("who has gone has gone again a day later")
		}
		back := imported(t, all, m, later.Organisation, How{Complete: true, Day: day + 1})
		if diff := cmp.Diff(everybody(current), everybody(back.Organisation)); diff != "" {
			t.Errorf("somebody who is back is not as before:\n%s", diff)
		}
		d := Diff(later.Organisation, back.Organisation, day+1, DefaultLimits())
		if d.People.Back != 1 || d.People.Added != 0 || d.Units.Back != 1 || d.Units.Added != 0 || d.Posts.Added != 0 {
			t.Errorf("%+v", d)
		}
	}
}

func TestDaysAndWordsSayWhoIsInService(t *testing.T) {
	t.Parallel()
	tab, m := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Family, mapping.UnitName, mapping.Start, mapping.End},
		[]string{"1", "A", "Wegen", "1/1/2000", "28/11/2026"}, []string{"2", "B", "Wegen", "1/1/2000", "29/11/2026"}, []string{"3", "C", "Wegen", "1/1/2027", ""}, []string{"4", "D", "Wegen", "?", "morgen"})
	n := imported(t, tab, m, &org.Organisation{}, How{Complete: true})
	for number, want := range map[string]org.Person{"1": {Out: true, Span: org.Span{From: 20000101, To: 20261129}}, "2": {Span: org.Span{From: 20000101, To: 20261130}}, "3": {Span: org.Span{From: 20270101}}, "4": {}} {
		p := find(t, n.Organisation, number)
		if p.Out != want.Out || p.Span != want.Span {
			t.Errorf("%+v; want %+v", p, want)
		}
	}
	tab, m = file(mapping.Number, []mapping.Field{mapping.Number, mapping.Family, mapping.Service}, []string{"1", "A", "Ja"}, []string{"2", "B", "Gepensioneerd"}, []string{"3", "C", "?"})
	next := imported(t, tab, m, n.Organisation, How{Day: 20270201})
	for number, out := range map[string]bool{"1": false, "2": true, "3": false, "4": false} {
		if p := find(t, next.Organisation, number); p.Out != out || number == "1" && p.To != 0 || number == "2" && p.To != 20261130 {
			t.Errorf("%+v; want out %v", p, out)
		}
	}
}

func TestFieldsThatTheFileDoesNotHaveKeepTheirValue(t *testing.T) {
	t.Parallel()
	tab, m := city(60, 5)
	current := imported(t, tab, m, &org.Organisation{}, How{Complete: true}).Organisation
	rapid.Check(t, func(t *rapid.T) {
		// Any part of the columns, of any part of the rows, says what the whole said.
		var columns []int
		for i, f := range cityFields {
			if f == mapping.Number || f == mapping.Family || f == mapping.Given || f != mapping.UnitParent && f != mapping.UnitCode && f != mapping.UnitName && rapid.Bool().Draw(t, string(f)) {
				columns = append(columns, i)
			}
		}
		if rapid.Bool().Draw(t, "units") {
			columns = append(columns, 6, 7, 8)
		}
		var fields []mapping.Field
		for _, c := range columns {
			fields = append(fields, cityFields[c])
		}
		part, n := file(mapping.Number, fields)
		for _, row := range tab.rows {
			var cells []string
			for _, c := range columns {
				cells = append(cells, row[c])
			}
			part.rows = append(part.rows, cells)
		}
		again := imported(t, part, n, current, How{})
		if diff := cmp.Diff(everybody(current), everybody(again.Organisation)); diff != "" && !has(fields, mapping.UnitCode, mapping.FunctionName, mapping.FTE) {
			t.Fatalf("a file with %v changes people:\n%s", fields, diff)
		}
		for i := range again.Organisation.People {
			if again.Organisation.People[i] != current.People[i] {
				t.Fatalf("a file with %v changes %+v to %+v", fields, current.People[i], again.Organisation.People[i])
			}
		}
	})
}

// has tells whether some but not all of the fields that tell the posts of one person apart are there.
func has(fields []mapping.Field, list ...mapping.Field) bool {
	n := 0
	for _, f := range list {
		if slices.Contains(fields, f) {
			n++
		}
	}
	return n > 0 && n < len(list)
}

func TestAUnitThatIsRenamedKeepsItsPeople(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tab, m := city(60, rapid.Uint64Range(1, 50).Draw(t, "seed"))
		current := imported(t, tab, m, &org.Organisation{}, How{Complete: true}).Organisation
		unit := fmt.Sprint("U", rapid.IntRange(0, 2).Draw(t, "unit"))
		n := 0
		for i := range tab.rows {
			if tab.rows[i][6] == unit {
				tab.rows[i][7] = "Nieuwe naam"
				n++
			}
		}
		next := imported(t, tab, m, current, How{Complete: true}).Organisation
		d := Diff(current, next, day, DefaultLimits())
		if n > 0 && (d.Units.Changed != 1 || d.Units.Fields["name"] != 1) || d.Units.Added+d.Units.Gone > 0 || !cmp.Equal(current.Posts, next.Posts) || !cmp.Equal(current.People, next.People) {
			t.Fatalf("renaming %s changes more than its name: %+v", unit, d)
		}
	})
}

func TestAUnitWithoutACodeThatIsRenamedIsProposed(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Family, mapping.UnitPath}
	tab, m := file(mapping.Number, fields)
	for i := range 8 {
		tab.rows = append(tab.rows, []string{fmt.Sprint(i + 1), "Naam", "Stad > Groendienst"})
	}
	tab.rows = append(tab.rows, []string{"9", "Naam", "Stad > Loket"})
	current := imported(t, tab, m, &org.Organisation{}, How{Complete: true}).Organisation
	for i := range 7 {
		tab.rows[i][2] = "Stad > Parken en tuinen"
	}
	tab.rows[7][2] = "Stad > Loket"
	n := imported(t, tab, m, current, How{Complete: true})
	if len(n.Renames) != 1 || n.Renames[0].From != UnitKey([]string{"Stad", "Groendienst"}) || n.Renames[0].To != UnitKey([]string{"Stad", "Parken en tuinen"}) || n.Renames[0].People != 8 || n.Renames[0].Moved != 7 {
		t.Fatalf("%+v", n.Renames)
	}
	how := How{Complete: true, Decisions: Decisions{Units: map[string]string{n.Renames[0].To: n.Renames[0].From}}}
	kept := imported(t, tab, m, current, how)
	if d := Diff(current, kept.Organisation, day, DefaultLimits()); d.Units.Changed != 1 || d.Units.Added+d.Units.Gone > 0 || d.Posts.Changed != 1 {
		t.Fatalf("%+v", d)
	}
	if again := imported(t, tab, m, kept.Organisation, how); !Diff(kept.Organisation, again.Organisation, day, DefaultLimits()).Same() {
		t.Error("a decision that has had its effect changes something")
	}
}

func TestADepartmentWithoutACodeThatIsRenamedIsProposed(t *testing.T) {
	t.Parallel()
	tab, m := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Family, mapping.UnitPath})
	for i := range 8 {
		tab.rows = append(tab.rows, []string{fmt.Sprint(i + 1), "Naam", []string{"Stad > Techniek > Wegen", "Stad > Techniek > Groen"}[i%2]})
	}
	current := imported(t, tab, m, &org.Organisation{}, How{Complete: true}).Organisation
	for i := range tab.rows {
		tab.rows[i][2] = strings.Replace(tab.rows[i][2], "Techniek", "Technische dienst", 1)
	}
	n := imported(t, tab, m, current, How{Complete: true})
	if len(n.Renames) != 3 || n.Renames[0].From != UnitKey([]string{"Stad", "Techniek"}) || n.Renames[0].People != 8 {
		t.Fatalf("%+v", n.Renames)
	}
	how := How{Complete: true, Decisions: Decisions{Units: map[string]string{n.Renames[0].To: n.Renames[0].From}}}
	if d := Diff(current, imported(t, tab, m, current, how).Organisation, day, DefaultLimits()); d.Units.Changed != 1 || d.Units.Added+d.Units.Gone+d.Posts.Changed > 0 {
		t.Fatalf("one decision keeps the units below: %s", differs(d))
	}
}

func TestDecisionsOnTitlesAreUsedAgain(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Family, mapping.FunctionName, mapping.FunctionLevel}
	tab, m := file(mapping.Number, fields, []string{"1", "A", "Administratief medewerker", "C"}, []string{"2", "B", "Adm. mdw.", "D"}, []string{"3", "C", "ADMINISTRATIEF MEDEWERKER", "C"}, []string{"4", "D", "adm mdw (m/v/x)", ""})
	how := How{Complete: true, Decisions: Decisions{Functions: map[string]string{
		FunctionKey("Adm. mdw."): FunctionKey("Administratief medewerker"), FunctionKey("adm mdw (m/v/x)"): FunctionKey("adm mdw"),
	}}}
	n := imported(t, tab, m, &org.Organisation{}, how)
	if len(n.Organisation.Functions) != 1 || n.Organisation.Functions[0].Level != "C" {
		t.Fatalf("%+v", n.Organisation.Functions)
	}
	if again := imported(t, tab, m, n.Organisation, how); !Diff(n.Organisation, again.Organisation, day, DefaultLimits()).Same() {
		t.Error("the same decisions again change something")
	}
	circle := How{Decisions: Decisions{Functions: map[string]string{"a": "b", "b": "a"}, Units: map[string]string{"a": "b", "b": "a"}, People: map[string]string{"1": "2", "2": "1"}}}
	imported(t, tab, m, &org.Organisation{}, circle)
}

func TestFunctionsAreRecognisedByCodeThenName(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.FunctionCode, mapping.FunctionName, mapping.FunctionGroup, mapping.FunctionISCO}
	tab, m := file("", fields, []string{"F1", "Klerk", "Administratie", "4110"}, []string{"F2", "Ingenieur", "Techniek", "2142"})
	current := imported(t, tab, m, &org.Organisation{}, How{Complete: true}).Organisation
	renamed, _ := file("", fields, []string{"f1", "Administratief medewerker", "", ""}, []string{"F9", "Ingenieur", "", "2142"}, []string{"F3", "Redder", "", "5419"})
	n := imported(t, renamed, m, current, How{Complete: true})
	got := map[string]org.Function{}
	for _, f := range n.Organisation.Functions {
		id := f.ID
		f.ID = ""
		got[id] = f
	}
	want := map[string]org.Function{
		current.Functions[0].ID: {Code: "f1", Name: "Administratief medewerker", Family: "Administratie", ISCO: "4110"}, // the name is new, the code is known
		current.Functions[1].ID: {Code: "F9", Name: "Ingenieur", Family: "Techniek", ISCO: "2142"},                      // the code is new, and the old one is gone
	}
	for id, f := range want {
		if diff := cmp.Diff(f, got[id]); diff != "" {
			t.Error(diff)
		}
	}
	if len(got) != 3 {
		t.Errorf("%+v", got)
	}
}

func TestSeveralRowsOfOnePersonAreSeveralPosts(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Family, mapping.UnitName, mapping.FunctionName, mapping.FTE, mapping.PostStart}
	tab, m := file(mapping.Number, fields,
		[]string{"1", "A", "Wegen", "Klerk", "0,5", "1/1/2020"}, []string{"1", "A", "Groen", "Tuinier", "0,5", "1/1/2010"}, []string{"1", "A", "Sport", "Redder", "0,2", "1/1/2000"}, []string{"2", "B", "Sport", "Redder", "1", ""}, []string{"2", "B", "", "", "", ""})
	current := imported(t, tab, m, &org.Organisation{}, How{Complete: true}).Organisation
	x := org.NewIndex(current)
	posts := x.PostsOf(find(t, current, "1").ID)
	if len(posts) != 3 || x.Path(posts[0].Unit)[0] != "Groen" || !posts[0].Main || len(x.PostsOf(find(t, current, "2").ID)) != 1 {
		t.Fatalf("%+v", posts)
	}
	// The main post moves to another unit, one goes, one grows: what stays keeps its id.
	tab.rows = [][]string{{"1", "A", "Sport", "Redder", "0,8", "1/1/2000"}, {"1", "A", "Burger", "Tuinier", "0,5", "1/1/2010"}, tab.rows[3]}
	for complete, want := range map[bool]int{true: 2, false: 3} {
		n := imported(t, tab, m, current, How{Complete: complete})
		after := org.NewIndex(n.Organisation)
		list := after.PostsOf(find(t, n.Organisation, "1").ID)
		if len(list) != want || after.Path(list[0].Unit)[0] != "Sport" || list[0].FTE != 800 {
			t.Fatalf("complete %v: %+v", complete, list)
		}
		d := Diff(current, n.Organisation, day, DefaultLimits())
		if d.Posts.Added != 0 || d.Posts.Changed != 2 || d.Posts.Gone != 3-want || len(d.Ends[OfPosts]) != 3-want {
			t.Errorf("complete %v: %+v", complete, d.Posts)
		}
	}
}

func TestManagersAreFoundByNumberMailOrName(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Given, mapping.Family, mapping.Mail, mapping.ManagerNumber, mapping.ManagerMail, mapping.ManagerName}
	tab, m := file(mapping.Number, fields,
		[]string{"1", "An", "Maes", "an@stad.example", "", "", ""}, []string{"2", "Jan", "Peeters", "", "1", "", ""}, []string{"3", "Jan", "Peeters", "", "", "AN@stad.example", ""}, []string{"4", "Jo", "Claes", "", "", "", "MAES, An"},
		[]string{"5", "Bo", "Smet", "", "", "", "Peeters Jan"}, []string{"6", "Li", "Wout", "", "99", "", ""}, []string{"7", "El", "Bos", "", "99", "", "an maes"})
	n := imported(t, tab, m, &org.Organisation{}, How{Complete: true})
	an := find(t, n.Organisation, "1").ID
	for number, want := range map[string]string{"1": "", "2": an, "3": an, "4": an, "5": "", "6": "", "7": an} {
		if p := find(t, n.Organisation, number); p.Manager != want {
			t.Errorf("manager of %s is %q; want %q", number, p.Manager, want)
		}
	}
	kinds := map[Kind]int{}
	for _, d := range n.Doubts {
		kinds[d.Kind] = d.First[0].Row
	}
	if diff := cmp.Diff(map[Kind]int{AmbiguousManager: 6, UnknownManager: 7}, kinds); diff != "" {
		t.Error(diff)
	}
	// Of two with one name the one in service is meant; a manager who is not found stays.
	tab.rows[2] = []string{"3", "Jan", "Peeters", "", "", "", "wie?"}
	tab.rows = slices.Delete(tab.rows, 1, 2)
	next := imported(t, tab, m, n.Organisation, How{Complete: true})
	if p := find(t, next.Organisation, "5"); p.Manager != find(t, next.Organisation, "3").ID {
		t.Errorf("%+v", p)
	}
	if p := find(t, next.Organisation, "3"); p.Manager != an {
		t.Errorf("%+v", p)
	}
}

func TestHeadsOfUnitsAreFound(t *testing.T) {
	t.Parallel()
	people, m := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Name, mapping.Mail, mapping.UnitCode}, []string{"7", "Maes, An", "an@stad.example", "D1"}, []string{"8", "Peeters, Jan", "", "D1"})
	current := imported(t, people, m, &org.Organisation{}, How{Complete: true}).Organisation
	tab, mu := file("", []mapping.Field{mapping.UnitCode, mapping.UnitName, mapping.UnitParent, mapping.UnitHead, mapping.UnitKind}, []string{"D1", "Wegen", "D", "7", "dienst"}, []string{"D", "Stad", "", "Jan Peeters", "stad"}, []string{"D2", "Groen", "D", "an@stad.example", "dienst"}, []string{"D3", "Sport", "D", "wie", "dienst"})
	n := imported(t, tab, mu, current, How{Complete: true})
	heads := map[string]string{}
	for _, u := range n.Organisation.Units {
		heads[u.Name] = u.Head
	}
	an, jan := find(t, current, "7").ID, find(t, current, "8").ID
	if diff := cmp.Diff(map[string]string{"Wegen": an, "Stad": jan, "Groen": an, "Sport": ""}, heads); diff != "" {
		t.Error(diff)
	}
	if len(n.Organisation.People) != 2 || n.Organisation.People[0].Out || !slices.Equal(n.Organisation.Posts, current.Posts) {
		t.Error("a file of units changes people")
	}
}

func TestPeopleAreRecognisedWhenTheirKeyIsNew(t *testing.T) {
	t.Parallel()
	byMail, m := file(mapping.Mail, []mapping.Field{mapping.Mail, mapping.Name}, []string{"an@stad.example", "Maes, An"}, []string{"jan@stad.example", "Peeters, Jan"})
	current := imported(t, byMail, m, &org.Organisation{}, How{Complete: true}).Organisation
	byNumber, n := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Name, mapping.Mail, mapping.National}, []string{"1", "Maes, An", "an@stad.example", "rn:a"}, []string{"2", "Peeters, Jan", "jan@stad.example", "rn:b"})
	next := imported(t, byNumber, n, current, How{Complete: true}).Organisation
	if d := Diff(current, next, day, DefaultLimits()); d.People.Added+d.People.Gone != 0 || d.People.Changed != 2 {
		t.Errorf("%+v", d.People)
	}
	// A new number, the same national number; a new address, the same number.
	byNumber.rows[0][0] = "101"
	renumbered := imported(t, byNumber, n, next, How{Complete: true}).Organisation
	if find(t, renumbered, "101").ID != find(t, next, "1").ID {
		t.Error("somebody who was renumbered is taken for somebody new")
	}
	withNumber, k := file(mapping.Mail, []mapping.Field{mapping.Mail, mapping.Name, mapping.Number}, []string{"an.maes@stad.example", "Maes, An", "101"}, []string{"jan@stad.example", "Peeters, Jan", "101"})
	mails := imported(t, withNumber, k, renumbered, How{Complete: true})
	if find(t, mails.Organisation, "101").Mail != "an.maes@stad.example" || find(t, mails.Organisation, "2").Mail != "jan@stad.example" || !slices.ContainsFunc(mails.Doubts, func(d Doubt) bool { return d.Kind == NumberTaken }) {
		t.Errorf("%+v %+v", mails.Organisation.People, mails.Doubts)
	}
}

func TestRowsThatFitTwoPeopleAreLeftAlone(t *testing.T) {
	t.Parallel()
	current := &org.Organisation{People: []org.Person{{ID: "a", Family: "A", Mail: "x@stad.example"}, {ID: "b", Family: "B", Mail: "x@stad.example"}, {ID: "c", Family: "C", Mail: "y@stad.example", Out: true}, {ID: "d", Family: "D", Mail: "y@stad.example"}}}
	tab, m := file(mapping.Mail, []mapping.Field{mapping.Mail, mapping.Family}, []string{"x@stad.example", "X"}, []string{"y@stad.example", "Y"})
	n := imported(t, tab, m, current, How{Complete: true})
	want := slices.Clone(current.People)
	want[3].Family = "Y"
	if diff := cmp.Diff(want, n.Organisation.People); diff != "" {
		t.Error(diff)
	}
	if len(n.Left) != 1 || n.Left[0] != (Rejected{Row: 2, Kind: TwoPeople, Column: -1, Value: "x@stad.example"}) {
		t.Errorf("%+v", n.Left)
	}
}

func TestPeopleWhoWereDecidedToBeOneStayOne(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Family, mapping.UnitName, mapping.FTE, mapping.ManagerNumber}
	tab, m := file(mapping.Number, fields, []string{"1", "A", "Wegen", "0,5", ""}, []string{"2", "A", "Groen", "0,4", "3"}, []string{"3", "C", "Groen", "1", "2"}, []string{"9", "Z", "Groen", "1", ""})
	how := How{Complete: true, Decisions: Decisions{People: map[string]string{"2": "1", "9": "8"}}}
	n := imported(t, tab, m, &org.Organisation{}, how)
	one := find(t, n.Organisation, "1")
	if len(n.Organisation.People) != 3 || len(org.NewIndex(n.Organisation).PostsOf(one.ID)) != 2 || find(t, n.Organisation, "8").Family != "Z" {
		t.Fatalf("%+v", everybody(n.Organisation))
	}
	if again := imported(t, tab, m, n.Organisation, how); !Diff(n.Organisation, again.Organisation, day, DefaultLimits()).Same() {
		t.Error("the same decisions again change something")
	}
	slices.Reverse(tab.rows)
	if diff := cmp.Diff(n.Organisation, imported(t, tab, m, &org.Organisation{}, how).Organisation); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyCellsSayThatThereIsNothing(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Family, mapping.Mail, mapping.Site, mapping.Birth}
	tab, m := file(mapping.Number, fields, []string{"1", "A", "a@stad.example", "Depot", "1980"}, []string{"2", "B", "b@stad.example", "Depot", "1980"})
	current := imported(t, tab, m, &org.Organisation{}, How{}).Organisation
	tab.rows = [][]string{{"1", "A", "", "", ""}, {"2", "B", "geen adres", "Depot", "ooit"}}
	n := imported(t, tab, m, current, How{}).Organisation
	if p := find(t, n, "1"); p.Mail != "" || p.Site != "" || p.BirthYear != 0 {
		t.Errorf("an empty cell keeps what stood: %+v", p)
	}
	if p := find(t, n, "2"); p.Mail != "b@stad.example" || p.BirthYear != 1980 {
		t.Errorf("what is not understood takes away what stood: %+v", p)
	}
}

func TestResolveEndsWithItsContext(t *testing.T) {
	t.Parallel()
	tab, m := city(10, 1)
	ctx, cancel := context.WithCancel(context.Background())
	d := made(t, tab, m)
	cancel()
	if _, err := Resolve(ctx, d, &org.Organisation{}, How{Day: day, NewID: ids()}); err == nil {
		t.Error("an ended context is not an error")
	}
}
