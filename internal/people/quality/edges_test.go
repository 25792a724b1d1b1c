package quality

import (
	"strings"
	"testing"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/org"
)

const today = 20260915

func TestKindsHaveANameEachAndSayWhatToDo(t *testing.T) {
	t.Parallel()
	if kindCount >= 63 {
		t.Fatal("kinds no longer fit in a set")
	}
	names := map[string]bool{}
	for _, d := range Definitions() {
		if d.Name == "" || d.Severity == "" || d.About == "" || names[d.Name] || (d.Mend == NoMend) != (d.Kind == GroupSmall) {
			t.Errorf("%+v", d)
		}
		names[d.Name] = true
		var k Kind
		if err := k.UnmarshalText([]byte(d.Name)); err != nil || k != d.Kind || k.String() != d.Name {
			t.Errorf("%s is read as %v: %v", d.Name, k, err)
		}
	}
	if Define(kindCount).Name != "" {
		t.Error("a kind that there is not")
	}
}

func TestAPersonIsJudgedByTheDay(t *testing.T) {
	t.Parallel()
	span := func(from, to org.Date) org.Span { return org.Span{From: from, To: to} }
	for name, c := range map[string]struct {
		person org.Person
		posts  []org.Post
		want   string
	}{
		"the last day is tomorrow":   {person: org.Person{Span: span(0, today+1)}, posts: []org.Post{{Main: true, FTE: 1000}}},
		"the last day was yesterday": {person: org.Person{Span: span(0, today)}, posts: []org.Post{{Main: true, FTE: 1000}}, want: "person.end_past"},
		"somebody to come":           {person: org.Person{Span: span(today+1, 0), BirthYear: 1800}},
		"born in 1929":               {person: org.Person{BirthYear: 1929}, posts: []org.Post{{Main: true, FTE: 1000}}, want: "person.birth_range"},
		"born in 1930":               {person: org.Person{BirthYear: 1930}, posts: []org.Post{{Main: true, FTE: 1000}}},
		"13 years old":               {person: org.Person{BirthYear: 2013}, posts: []org.Post{{Main: true, FTE: 1000}}, want: "person.birth_range"},
		"14 years old":               {person: org.Person{BirthYear: 2012}, posts: []org.Post{{Main: true, FTE: 1000}}},
		"at work with 13":            {person: org.Person{BirthYear: 1980, Span: span(19931231, 0)}, posts: []org.Post{{Main: true, FTE: 1000}}, want: "person.start_early"},
		"at work with 14":            {person: org.Person{BirthYear: 1980, Span: span(19940101, 0)}, posts: []org.Post{{Main: true, FTE: 1000}}},
		"the post is over":           {posts: []org.Post{{Main: true, FTE: 1000, Span: span(20200101, today)}}, want: "person.no_post"},
		"the post is to come":        {posts: []org.Post{{Main: true, FTE: 1000, Span: span(today+1, 0)}}, want: "person.no_post"},
		"the main post is over":      {posts: []org.Post{{Main: true, FTE: 0, Span: span(0, 20200101)}, {FTE: 1000}}},
		"1.2 of full time":           {posts: []org.Post{{Main: true, FTE: 700}, {FTE: 500}}},
		"1.201 of full time":         {posts: []org.Post{{Main: true, FTE: 701}, {FTE: 500}}, want: "post.overlap"},
		"too much in 2020": {
			posts: []org.Post{{Main: true, FTE: 1000}, {FTE: 1000, Span: span(20200101, 20200201)}}, want: "post.overlap",
		},
		"one after the other": {
			posts: []org.Post{{Main: true, FTE: 1000, Span: span(20200201, 0)}, {FTE: 1000, Span: span(20200101, 20200201)}},
		},
		"two main posts":           {posts: []org.Post{{Main: true, FTE: 500}, {Main: true, FTE: 500}}, want: "post.two_main"},
		"1.5 in one post":          {posts: []org.Post{{Main: true, FTE: 1500}}},
		"1.501 in one post":        {posts: []org.Post{{Main: true, FTE: 1501}}, want: "post.fte_high"},
		"a post after the service": {person: org.Person{Span: span(0, today+1)}, posts: []org.Post{{Main: true, FTE: 1000, Span: span(0, today+2)}}, want: "post.after_service"},
		"a mail in capitals":       {person: org.Person{Mail: "A.B@Stad.Example"}, posts: []org.Post{{Main: true, FTE: 1000}}},
		"no mail address":          {person: org.Person{Mail: "a.b@stad"}, posts: []org.Post{{Main: true, FTE: 1000}}, want: "person.mail_bad"},
		"Latin":                    {person: org.Person{Language: "la"}, posts: []org.Post{{Main: true, FTE: 1000}}, want: "person.no_language"},
	} {
		p := c.person
		p.ID, p.Number, p.Family = "p", "1", "An"
		if p.BirthYear == 0 {
			p.BirthYear = 1980
		}
		if p.Language == "" {
			p.Language = "nl"
		}
		if p.Mail == "" {
			p.Mail = "an@stad.example"
		}
		o := &org.Organisation{Units: []org.Unit{{ID: "u"}}, Functions: []org.Function{{ID: "f", Name: "F", Level: "A", Work: org.Desk}}, People: []org.Person{p}}
		for i, post := range c.posts {
			post.ID, post.Person, post.Unit, post.Function = string(rune('a'+i)), "p", "u", "f"
			o.Posts = append(o.Posts, post)
		}
		got := counts(assess(t, o, Input{}))
		delete(got, "unit.single")
		delete(got, "unit.empty")
		delete(got, "manager.none") // nobody leads who is alone
		if len(got) > 1 || (c.want == "") != (len(got) == 0) || c.want != "" && got[c.want] != 1 {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
}

func TestDecisionsOnPeopleHold(t *testing.T) {
	t.Parallel()
	o := small(12, func(int) string { return "fa" })
	o.Functions = []org.Function{{ID: "fa", Name: "Redder", Level: "D", Work: org.Field}}
	for _, i := range []int{0, 2, 4} { // three in one unit, with one name and year
		o.People[i].Given, o.People[i].Family, o.People[i].BirthYear = "An", "Peeters", 1980
	}
	o.People[2].Given, o.People[2].Family = "Peeters", "Án"
	a, b, c := o.People[0].ID, o.People[2].ID, o.People[4].ID
	if r := assess(t, o, Input{}); r.Checks[SameName].Count != 2 || len(r.Checks[SameName].Examples) != 1 {
		t.Errorf("%+v", r.Checks[SameName])
	}
	r := assess(t, o, Input{DifferentPeople: [][2]string{{a, b}, {b, c}}})
	if x := r.Checks[SameName]; x.Count != 1 || x.Examples[0].ID != a || x.Examples[0].With[0] != c {
		t.Errorf("%+v", x)
	}
	r = assess(t, o, Input{DifferentPeople: [][2]string{{a, b}, {b, c}, {c, a}}, Same: [][]string{{o.People[6].ID, o.People[7].ID, "nobody"}}})
	if r.Checks[SameName].Count != 0 || r.Checks[SameLinked].Count != 1 {
		t.Errorf("%+v", counts(r))
	}
}

func TestAMailOfSeveralIsOneOfOnePersonTwiceOrOfATeam(t *testing.T) {
	t.Parallel()
	o := small(12, func(int) string { return "fa" })
	o.Functions = []org.Function{{ID: "fa", Name: "Redder", Level: "D", Work: org.Field}}
	for i := range 4 {
		o.People[i].Mail = "Zwembad@stad.example"
	}
	o.People[3].Family = o.People[0].Family
	o.People[2].To = 20200101
	r := assess(t, o, Input{})
	if r.Checks[SameMail].Count != 1 || r.Checks[MailShared].Count != 1 || r.Checks[MailShared].People != 2 || r.Checks[EndPast].Count != 1 {
		t.Errorf("%+v", counts(r))
	}
}

func TestATopThatCannotBeIsFoundAgain(t *testing.T) {
	t.Parallel()
	o := small(40, func(int) string { return "fa" })
	o.Units = append(o.Units, org.Unit{ID: "ud", Parent: "ue"}, org.Unit{ID: "ue", Parent: "ud"})
	for _, top := range []string{"ub", "ud", "nothing"} {
		if r := assess(t, o, Input{Top: top}); r.Top != "ua" || r.Departments != 2 || r.Checks[UnitCycle].Count != 1 {
			t.Errorf("%s: %+v", top, r)
		}
	}
	if r := assess(t, o, Input{Forest: true}); r.Top != "" || r.Departments != 1 {
		t.Errorf("%+v", r)
	}
}

func FuzzWhatIsFoldedStaysAsItIs(f *testing.F) {
	for _, s := range []string{"Adm. mdw. (m/v/x)", "ÉÈ  ß ﬁ", "00012", "İ", "a\u0301b", "0-0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := string(fold(nil, s))
		if again := string(fold(nil, once)); again != once || strings.Contains(once, "  ") || strings.TrimSpace(once) != once {
			t.Fatalf("%q became %q and then %q", s, once, again)
		}
		n := string(foldNumber(nil, s))
		if string(foldNumber(nil, n)) != n || string(foldNumber(nil, "00 "+s)) != n {
			t.Fatalf("%q became the number %q", s, n)
		}
	})
}

func FuzzAPlainMailIsAMail(f *testing.F) {
	for _, s := range []string{"a@b.c", ".a@b.c", "a.@b.c", "a@b..c", "a@.c", "a@b.", "-a@b-.c", "a@b@c.d", "a_b@c_d.e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, ok := contact.Mail(s); plainMail(s) && (!ok || m != s) {
			t.Fatalf("%q is taken for a mail", s)
		}
	})
}
