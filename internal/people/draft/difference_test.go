package draft

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/people/org"
)

// staff returns an organisation with n people in service, ten in each unit.
func staff(n int) *org.Organisation {
	o := &org.Organisation{}
	for i := range n {
		unit := fmt.Sprintf("u%03d", i/10)
		if i%10 == 0 {
			o.Units = append(o.Units, org.Unit{ID: unit, Name: "Dienst " + unit})
		}
		id := fmt.Sprintf("p%05d", i)
		o.People = append(o.People, org.Person{ID: id, Number: id, Family: "Naam", Mail: id + "@stad.example", BirthYear: 1980, Span: org.Span{From: 20000101}})
		o.Posts = append(o.Posts, org.Post{ID: "x" + id, Person: id, Unit: unit, FTE: 1000, Main: true})
	}
	return o
}

func copied(o *org.Organisation) *org.Organisation {
	return &org.Organisation{Units: append([]org.Unit(nil), o.Units...), Functions: append([]org.Function(nil), o.Functions...), People: append([]org.Person(nil), o.People...), Posts: append([]org.Post(nil), o.Posts...)}
}

func TestASuddenLossStops(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		people int
		limits Limits
		change func(o *org.Organisation)
		want   []Loss
	}{
		"nothing":        {200, DefaultLimits(), func(*org.Organisation) {}, nil},
		"one in twenty":  {200, DefaultLimits(), func(o *org.Organisation) { out(o, 0, 200, 20) }, nil},
		"more than that": {200, DefaultLimits(), func(o *org.Organisation) { out(o, 0, 200, 10); out(o, 1, 2, 1) }, []Loss{{Kind: ManyPeople, N: 21, Of: 200}}},
		"few of few":     {20, DefaultLimits(), func(o *org.Organisation) { out(o, 0, 18, 2) }, nil},
		"a number":       {200, Limits{People: 3}, func(o *org.Organisation) { out(o, 0, 4, 1) }, []Loss{{Kind: ManyPeople, N: 4, Of: 200}}},
		"removed rows":   {30, Limits{People: 3}, func(o *org.Organisation) { o.People = o.People[:20] }, []Loss{{Kind: ManyPeople, N: 10, Of: 30}}},
		"a unit whole":   {400, DefaultLimits(), func(o *org.Organisation) { out(o, 10, 20, 1) }, []Loss{{Kind: WholeUnit, N: 10, Of: 10, ID: "u001", Name: "Dienst u001"}}},
		"a unit but one": {400, DefaultLimits(), func(o *org.Organisation) { out(o, 10, 19, 1) }, nil},
		"a unit that moved": {400, DefaultLimits(), func(o *org.Organisation) {
			for i := 10; i < 20; i++ {
				o.Posts[i].Unit = "u002"
			}
		}, nil},
		"mail of everybody": {200, DefaultLimits(), func(o *org.Organisation) {
			for i := range o.People {
				o.People[i].Mail = ""
			}
		}, []Loss{{Kind: EmptiedField, N: 200, Of: 200, Field: "mail"}}},
		"units of half": {200, DefaultLimits(), func(o *org.Organisation) {
			for i := range 100 {
				o.Posts[i].Unit = ""
			}
		}, []Loss{{Kind: EmptiedField, N: 100, Of: 200, Field: "unit"}}},
		"part of full time and start": {200, DefaultLimits(), func(o *org.Organisation) {
			for i := range o.People {
				o.Posts[i].FTE, o.People[i].From = -1, 0
			}
		}, []Loss{{Kind: EmptiedField, N: 200, Of: 200, Field: "fte"}, {Kind: EmptiedField, N: 200, Of: 200, Field: "from"}}},
		"no limits": {200, Limits{}, func(o *org.Organisation) { out(o, 0, 200, 1) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			current := staff(c.people)
			next := copied(current)
			c.change(next)
			d := Diff(current, next, day, c.limits)
			if diff := cmp.Diff(c.want, d.Losses); diff != "" {
				t.Error(diff)
			}
			if d.Stops() != (len(c.want) > 0) || d.Before != c.people {
				t.Errorf("stops %v with %d people before", d.Stops(), d.Before)
			}
		})
	}
}

// out takes every step-th of some people out of service.
func out(o *org.Organisation, from, to, step int) {
	for i := from; i < to; i += step {
		o.People[i].Out, o.People[i].To = true, day
	}
}

func TestADifferenceCountsAllAndListsTheFirst(t *testing.T) {
	t.Parallel()
	current := staff(300)
	next := copied(current)
	out(next, 0, 80, 1)
	for i := 100; i < 170; i++ {
		next.People[i].Mail, next.People[i].BirthYear = "nieuw@stad.example", 1981
	}
	next.Posts[0].To = day + 1 // not over yet
	next.Posts[1].To = day
	next.Units[0].Name = "Andere naam"
	next.People = append(next.People, org.Person{ID: "q", Family: "Nieuw"})
	d := Diff(current, next, day, Limits{})
	if d.People.Gone != 80 || len(d.People.FirstGone) != Shown || d.People.Changed != 70 || len(d.People.FirstChanged) != Shown || d.People.Added != 1 || d.Before != 300 || d.After != 221 {
		t.Errorf("%+v", d.People)
	}
	if diff := cmp.Diff(map[string]int{"mail": 70, "birthYear": 70}, d.People.Fields); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Entry{"p00100", "Naam", []Change{{"mail", "p00100@stad.example", "nieuw@stad.example"}, {"birthYear", "1980", "1981"}}}, d.People.FirstChanged[0]); diff != "" {
		t.Error(diff)
	}
	if d.Posts.Changed != 1 || d.Posts.Gone != 1 || d.Units.Changed != 1 || len(d.Puts.People) != 151 || len(d.Puts.Posts) != 2 || d.Same() {
		t.Errorf("%+v %+v", d.Posts, d.Units)
	}
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var again Difference
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	again.Puts, again.Ends = d.Puts, d.Ends
	if diff := cmp.Diff(d, &again); diff != "" {
		t.Error(diff)
	}
}

// TestEveryFieldOfAThingIsCompared sets one field of each kind of thing after the other, also fields that are added to package org later.
func TestEveryFieldOfAThingIsCompared(t *testing.T) {
	t.Parallel()
	each(t, func(a, b *org.Unit) int { return len(unitChanges(a, b)) })
	each(t, func(a, b *org.Function) int { return len(functionChanges(a, b)) })
	each(t, func(a, b *org.Person) int { return len(personChanges(a, b)) })
	each(t, func(a, b *org.Post) int { return len(postChanges(a, b)) })
}

func each[T any](t *testing.T, changes func(a, b *T) int) {
	t.Helper()
	var zero T
	for _, f := range reflect.VisibleFields(reflect.TypeOf(zero)) {
		if f.Anonymous || f.Name == "ID" {
			continue
		}
		var x T
		switch v := reflect.ValueOf(&x).Elem().FieldByIndex(f.Index); v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Int, reflect.Int32:
			v.SetInt(20260101)
		case reflect.Bool:
			v.SetBool(true)
		default:
			t.Fatalf("%s is a %s", f.Name, v.Kind())
		}
		if changes(&zero, &x) != 1 {
			t.Errorf("%T.%s is not compared", zero, f.Name)
		}
	}
}

func TestTheHashOfANationalNumberIsNotShown(t *testing.T) {
	t.Parallel()
	c := personChanges(&org.Person{Hidden: "rn:a"}, &org.Person{Hidden: "rn:b"})
	if len(c) != 1 || c[0] != (Change{Field: "hidden"}) {
		t.Errorf("%+v", c)
	}
}

func TestAnyTwoOrganisationsDifferByWhatIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one, two := anyOrganisation(t), anyOrganisation(t)
		d := Diff(one, two, day, DefaultLimits())
		if diff := cmp.Diff(two, apply(one, d), emptyIsNil); diff != "" {
			t.Fatal(diff)
		}
		if d.Same() != cmp.Equal(one, two, emptyIsNil) {
			t.Fatalf("same %v", d.Same())
		}
	})
}

func anyOrganisation(t *rapid.T) *org.Organisation {
	o := &org.Organisation{}
	for _, id := range []string{"a", "b", "c", "d"} {
		n := rapid.IntRange(0, 31).Draw(t, id)
		span := org.Span{To: org.Date(n % 3 / 2 * 20200101)}
		if n&1 > 0 {
			o.Units = append(o.Units, org.Unit{ID: id, Name: fmt.Sprint(n % 2), Span: span})
		}
		if n&2 > 0 {
			o.Functions = append(o.Functions, org.Function{ID: id, Level: "A", Span: span})
		}
		if n&4 > 0 {
			o.People = append(o.People, org.Person{ID: id, Out: n&8 > 0, Family: fmt.Sprint(n % 5)})
		}
		if n&16 > 0 {
			o.Posts = append(o.Posts, org.Post{ID: id, Person: fmt.Sprint(n % 3), Span: span})
		}
	}
	o.Sort()
	return o
}

func TestManyNumbersOfOtherPeopleStopASecondSource(t *testing.T) {
	t.Parallel()
	person := func(i int, given, family, sources string) org.Person {
		return org.Person{ID: fmt.Sprintf("%04d", i), Number: fmt.Sprint(i), Given: given, Family: family, Sources: sources}
	}
	for name, c := range map[string]struct {
		stands, comes [2]string
		sources       string // that name people until now
		n             int
		stops         bool
	}{
		"other people":         {[2]string{"Jan", "De Smet"}, [2]string{"Els", "De Vos"}, "a", 3, true},
		"few":                  {[2]string{"Jan", "Peeters"}, [2]string{"Els", "Maes"}, "a", 2, false},
		"another family name":  {[2]string{"An", "Peeters"}, [2]string{"An", "Maes"}, "a", 9, false},
		"another first name":   {[2]string{"Jan", "Peeters"}, [2]string{"Johan", "Peeters"}, "a", 9, false},
		"turned around":        {[2]string{"Jan", "Peeters"}, [2]string{"Peeters", "Jan"}, "a", 9, false},
		"in one piece":         {[2]string{"Jan", "Peeters"}, [2]string{"", "PEETERS JAN"}, "a", 9, false},
		"in one piece, others": {[2]string{"Jan", "Peeters"}, [2]string{"", "Maes Els"}, "a", 9, true},
		"no name":              {[2]string{"Jan", "Peeters"}, [2]string{"", ""}, "a", 9, false},
		"the same source":      {[2]string{"Jan", "Peeters"}, [2]string{"Els", "Maes"}, "a,b", 9, false},
		"no complete source":   {[2]string{"Jan", "Peeters"}, [2]string{"Els", "Maes"}, "", 9, false},
	} {
		before, after := &org.Organisation{}, &org.Organisation{}
		for i := range 40 {
			same := person(i, "Bo", "Claes", "a")
			before.People = append(before.People, same)
			same.NamedBy("b")
			if i < c.n {
				before.People[i] = person(i, c.stands[0], c.stands[1], c.sources)
				same = person(i, c.comes[0], c.comes[1], c.sources)
				same.NamedBy("b")
			}
			after.People = append(after.People, same)
		}
		if name == "other people" { // beside 25 who are the same
			before.People, after.People = before.People[:28], after.People[:28]
		}
		d := Diff(before, after, day, Limits{})
		if d.Stops() != c.stops {
			t.Errorf("%s: %+v", name, d.Losses)
		}
		if c.stops && (d.Losses[0].N != c.n || len(d.Losses[0].First) != min(c.n, mostShared)) {
			t.Errorf("%s: %+v", name, d.Losses)
		}
	}
}
