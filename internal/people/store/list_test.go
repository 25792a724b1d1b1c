package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
)

// expected returns the ids of the people whom a query means, in the order of the list, by looking at each.
func expected(o *org.Organisation, q Query) []string {
	x := org.NewIndex(o)
	var found []org.Person
	for _, p := range o.People {
		posts := x.PostsOf(p.ID)
		in := func(units []string) bool {
			return slices.ContainsFunc(posts, func(q org.Post) bool { return slices.Contains(units, q.Unit) })
		}
		ok := q.Service == Everybody || p.Out == (q.Service == OutOfService)
		ok = ok && (q.Units == nil || in(q.Units))
		ok = ok && (q.Function == "" || slices.ContainsFunc(posts, func(v org.Post) bool { return v.Function == q.Function }))
		ok = ok && (q.Sight == nil || in(q.Sight.Units) || slices.Contains(q.Sight.People, p.ID))
		for _, word := range strings.Fields(fold(q.Search)) {
			ok = ok && strings.Contains(searchText(&p), " "+word)
		}
		if ok {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b org.Person) int {
		return compare(searchText(&a), a.ID, searchText(&b), b.ID)
	})
	var ids []string
	for _, p := range found {
		ids = append(ids, p.ID)
	}
	return ids
}

func TestListsHoldWhomTheyMeanInOrderPageByPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := city(fewPeople + 800)
		for i := range o.People {
			o.People[i].Out = i%17 == 0
			if i%500 == 0 {
				o.People[i].Family = "100%_\\"
			}
		}
		o.Sort()
		// A large part of all is in one unit, so that a list of it is walked in its order.
		for i := range o.Posts {
			if i%40 != 0 {
				o.Posts[i].Unit = o.Units[0].ID
			}
		}
		c := w.begin()
		w.ok(c.Put(ctx, o))
		w.ok(c.Apply(ctx, nil))
		// What came before and is not any more, and what is being written, is in no list.
		w.edit(people(org.Person{ID: "was", Family: "Aaa was"}), "")
		w.edit(&org.Organisation{}, People, "was")
		c = w.begin()
		w.ok(c.Put(ctx, people(org.Person{ID: "will", Family: "Aaa will"})))
		at := w.head().Current

		big, small := o.Units[0].ID, o.Units[3].ID
		for _, q := range []Query{
			{}, {Service: OutOfService}, {Service: Everybody}, {Search: "peeters"}, {Search: "PEET jan"}, {Search: "celik", Service: Everybody},
			{Search: "d'hondt"}, {Search: "berghe"}, {Search: "sofie an"}, {Search: "p77@"}, {Search: "0000123"}, {Search: "100%"}, {Search: `\`}, {Search: "zzz"},
			{Search: "hond"}, {Search: " aaa "},
			{Units: []string{big}}, {Units: []string{small}}, {Units: []string{small, big}, Search: "maes"}, {Units: []string{}}, {Units: []string{"nowhere"}},
			{Function: o.Functions[1].ID}, {Function: o.Functions[1].ID, Units: []string{big}, Service: Everybody},
			{Sight: &Sight{}}, {Sight: &Sight{Units: []string{small}}}, {Sight: &Sight{People: []string{o.People[1].ID, o.People[900].ID, "nobody"}}},
			{Sight: &Sight{Units: []string{small}, People: []string{o.People[1].ID}}, Search: "p"}, {Sight: &Sight{Units: []string{big}, People: []string{o.People[40].ID}}, Search: "maes"},
			{Sight: &Sight{Units: []string{big}}, Units: []string{small}}, {Sight: &Sight{Units: []string{small}}, Units: []string{big}},
		} {
			name := fmt.Sprintf("%+v", q)
			if q.Sight != nil {
				name += fmt.Sprintf(" %+v", *q.Sight)
			}
			want := expected(o, q)
			q.Limit = 700
			if len(want) < 100 {
				q.Limit = 7
			}
			var got []string
			for {
				page, err := Search(ctx, w.r(), at, q)
				w.ok(err, name)
				for _, p := range page.People {
					got = append(got, p.ID)
				}
				if page.Next == "" {
					break
				}
				if len(page.People) != q.Limit {
					t.Fatalf("%s: a page that is not the last holds %d", name, len(page.People))
				}
				if last := page.People[len(page.People)-1].ID; page.Next != last {
					t.Fatalf("%s: the next page begins at %q, which says more than %q", name, page.Next, last)
				}
				q.After = page.Next
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d people, not %d", name, len(got), len(want))
			}
		}
		counts, err := Count(ctx, w.r(), at)
		w.ok(err)
		if want := (Counts{int64(len(o.Units)), int64(len(o.Functions)), int64(len(o.People)), int64(len(expected(o, Query{}))), int64(len(o.Posts))}); counts != want {
			t.Errorf("counted %+v, not %+v", counts, want)
		}
		for _, q := range []Query{{Limit: 0}, {Limit: mostOnPage + 1}} {
			if _, err := Search(ctx, w.r(), at, q); err == nil {
				t.Errorf("a page of %d", q.Limit)
			}
		}
		for _, after := range []string{"x", "!!", "AAAA"} {
			if _, err := Search(ctx, w.r(), at, Query{Limit: 1, After: after}); !errors.Is(err, ErrPlace) {
				t.Errorf("from %q on: %v", after, err)
			}
		}
	})
}

func TestOneRowAndWhatPointsToItAreFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		span := org.Span{From: 20200101, To: 20301231}
		o := &org.Organisation{
			Units: []org.Unit{
				{ID: "u1", Code: "A", Name: "Stad", Kind: "stad", Head: "p1", Span: span}, {ID: "u2", Name: "Zorg", Parent: "u1"}, {ID: "u3", Name: "Bouw", Parent: "u1"},
				{ID: "u4", Name: "Kring", Parent: "u5"}, {ID: "u5", Name: "Kring", Parent: "u4"},
			},
			Functions: []org.Function{{ID: "f1", Code: "X", Name: "Metser", Family: "Techniek", Level: "D", Work: org.Both, ISCO: "7112", Span: span}},
			People: []org.Person{
				{ID: "p1", Number: "1", Given: "Jan", Family: "Maes", Mail: "j@stad.example", Language: "nl", BirthYear: 1970, Site: "s", Shift: "n", Hidden: "rn:x", Manager: "p4", Span: span},
				{ID: "p2", Number: "2", Family: "Peeters", Mail: "j@stad.example", Manager: "p1", Out: true}, {ID: "p3", Family: "Diep", Manager: "p2"}, {ID: "p4", Family: "Kring", Manager: "p3"},
			},
			Posts: []org.Post{
				{ID: "q2", Person: "p1", Unit: "u2", Function: "f1", FTE: 500, Statute: "vast", Main: true, Span: span}, {ID: "q1", Person: "p1", Unit: "u3", FTE: -1},
				{ID: "q3", Person: "p3", Unit: "u3"},
			},
		}
		at := w.edit(o, "")
		o.Sort()
		equal(t, "every field comes back", w.load(at), o)
		w.edit(&org.Organisation{Posts: []org.Post{{ID: "q1", Person: "p3"}}}, Units, "u2")

		p, err := One[org.Person](ctx, w.r(), at, "p1")
		w.ok(err)
		if p != o.People[0] {
			t.Errorf("%+v", p)
		}
		if _, err := One[org.Unit](ctx, w.r(), at+1, "u2"); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a unit that was ended: %v", err)
		}
		names := func(units []org.Unit, err error) (out []string) {
			w.ok(err)
			for _, u := range units {
				out = append(out, u.ID)
			}
			return out
		}
		persons := func(list []org.Person, err error) (out []string) {
			w.ok(err)
			for _, p := range list {
				out = append(out, p.ID)
			}
			return out
		}
		posts := func(list []org.Post, err error) (out []string) {
			w.ok(err)
			for _, p := range list {
				out = append(out, p.ID)
			}
			return out
		}
		ids := func(list []string, err error) []string { w.ok(err); return list }
		ofAll, err := PostsOfAll(ctx, w.r(), at, []string{"p1", "p3", "p4"})
		w.ok(err)
		for what, c := range map[string][2][]string{
			"below the top":         {names(UnitsBelow(ctx, w.r(), at, "u1")), {"u3", "u2"}},
			"below the top later":   {names(UnitsBelow(ctx, w.r(), at+1, "u1")), {"u3"}},
			"the roots":             {names(UnitsBelow(ctx, w.r(), at, "")), {"u1"}},
			"led by":                {names(UnitsLedBy(ctx, w.r(), at, "p1")), {"u1"}},
			"led by nobody":         {names(UnitsLedBy(ctx, w.r(), at, "")), nil},
			"within":                {ids(Within(ctx, w.r(), at, "u1")), {"u1", "u2", "u3"}},
			"within a circle":       {ids(Within(ctx, w.r(), at, "u4", "u2")), {"u2", "u4", "u5"}},
			"within nothing":        {ids(Within(ctx, w.r(), at)), nil},
			"below a manager":       {ids(Below(ctx, w.r(), at, "p1")), {"p2", "p3", "p4"}},
			"below nobody":          {ids(Below(ctx, w.r(), at, "")), nil},
			"by number":             {persons(ByNumber(ctx, w.r(), at, "2")), {"p2"}},
			"by no number":          {persons(ByNumber(ctx, w.r(), at, "")), nil},
			"by mail":               {persons(ByMail(ctx, w.r(), at, "j@stad.example")), {"p1", "p2"}},
			"some":                  {persons(Some[org.Person](ctx, w.r(), at, []string{"p3", "p1", "p3", "no"})), {"p1", "p3"}},
			"posts, the main first": {posts(PostsOf(ctx, w.r(), at, "p1")), {"q2", "q1"}},
			"posts later":           {posts(PostsOf(ctx, w.r(), at+1, "p1")), {"q2"}},
			"posts of some":         {posts(ofAll["p1"], nil), {"q2", "q1"}},
			"posts of another":      {posts(ofAll["p3"], nil), {"q3"}},
			"posts ever":            {ids(PostsEver(ctx, w.r(), "p1")), {"q1", "q2"}},
			"all of a kind":         {names(AllOf[org.Unit](ctx, w.r(), at+1)), {"u1", "u3", "u4", "u5"}},
		} {
			slices.Sort(c[0][:len(c[0])*boolInt(what == "all of a kind")])
			if !slices.Equal(c[0], c[1]) {
				t.Errorf("%s: %v, not %v", what, c[0], c[1])
			}
		}
		history, err := History[org.Post](ctx, w.r(), "q1")
		w.ok(err)
		if len(history) != 2 || history[0].Row.Person != "p3" || history[0].Until != nil || history[1].Until == nil || history[1].Until.Seq != at+1 || history[1].Since.Kind != ByEdit {
			t.Errorf("%+v", history)
		}
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestFoldKeepsLettersAndOneSpaceBetweenWords(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Van den  Bérghe": "van den berghe", "D'Hondt": "d hondt", "Peeters-Maes": "peeters maes", "ÇELİK": "celik", "Müller, José": "muller jose",
		"a.b@stad.be": "a.b@stad.be", "\x00": "", "": "", "ﬁ": "fi", "Łukasz": "łukasz",
	} {
		if got := fold(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}

func FuzzFoldIsDoneOnce(f *testing.F) {
	for _, s := range []string{"Van den Bérghe", "D'Hondt", "ÇELİK", "ﬁ ǅ ẞ", "\xff", "e\u0301\u200b", "\u0345Σ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := fold(s)
		if !utf8.ValidString(once) || strings.Contains(once, "  ") || strings.TrimSpace(once) != once || strings.ContainsRune(once, 0) {
			t.Fatalf("%q became %q", s, once)
		}
		if again := fold(once); again != once {
			t.Fatalf("%q became %q and then %q", s, once, again)
		}
	})
}
