package madeup

import (
	"reflect"
	"testing"

	"tekentafel/internal/people/org"
)

func TestEqualRecipesMakeEqualOrganisations(t *testing.T) {
	t.Parallel()
	r := Recipe{Seed: 9, People: 2000, Faults: Ugly()}
	if !reflect.DeepEqual(Make(r), Make(r)) {
		t.Error("they differ")
	}
	a := Make(r)
	r.Seed++
	if reflect.DeepEqual(a.People, Make(r).People) {
		t.Error("another seed makes the same")
	}
}

func TestAnOrganisationWithoutFaultsHangsTogether(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 60, 100, 777, 20000} {
		m := Make(Recipe{Seed: 2, People: n})
		x := org.NewIndex(m.Organisation)
		if len(m.People) != max(n, 60) || len(x.Person) != len(m.People) || len(x.Below[""]) != 1 {
			t.Fatalf("%d people asked, %d made, %d roots", n, len(m.People), len(x.Below[""]))
		}
		ids, mails, numbers := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for i := range m.People {
			p := &m.People[i]
			if mails[p.Mail] || numbers[p.Number] {
				t.Fatalf("twice: %+v", p)
			}
			mails[p.Mail], numbers[p.Number] = true, true
			posts := x.PostsOf(p.ID)
			if len(posts) == 0 || !posts[0].Main {
				t.Fatalf("%+v has %+v", p, posts)
			}
			for _, post := range posts {
				if ids[post.ID] {
					t.Fatalf("two posts %s", post.ID)
				}
				ids[post.ID] = true
				if _, ok := x.Unit[post.Unit]; !ok {
					t.Fatalf("%+v", post)
				}
				if _, ok := x.Function[post.Function]; !ok {
					t.Fatalf("%+v", post)
				}
			}
		}
	}
}

func TestFaultsArePlantedAtTheirRateAndOnceAPerson(t *testing.T) {
	t.Parallel()
	m := Make(Recipe{Seed: 4, People: 20000, Faults: Ugly()})
	of := map[string]Fault{}
	for f, ids := range m.Planted {
		if len(ids) == 0 {
			t.Errorf("%s: none", f)
		}
		for _, id := range ids {
			if other, ok := of[id]; ok && other != f {
				t.Errorf("%s has %q and %q", id, f, other)
			}
			of[id] = f
		}
	}
	for f, rate := range Ugly() {
		if len(m.Planted[f]) == 0 {
			t.Errorf("%s: none planted", f)
		}
		if f == NoUnit && len(m.Planted[f]) != int(rate*20000) {
			t.Errorf("%s: %d planted", f, len(m.Planted[f]))
		}
	}
	ids := map[string]bool{}
	for i := range m.Posts {
		if ids[m.Posts[i].ID] {
			t.Fatalf("two posts %s", m.Posts[i].ID)
		}
		ids[m.Posts[i].ID] = true
	}
	if len(m.Same) == 0 || len(m.Double) == 0 || len(m.Same[0]) < 3 {
		t.Errorf("%d sets of titles, %d people twice", len(m.Same), len(m.Double))
	}
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		Make(Recipe{Seed: 1, People: 100000, Faults: Ugly()})
	}
}
