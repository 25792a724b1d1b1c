package limits

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/tenant"
)

// deed is a change as the naive model remembers it.
type deed struct {
	place Place
	own   string // account, of an own limit
	most  int64  // negative: it was taken away
}

// naive says what holds for a call by looking through everything that was ever changed.
func naive(log []deed, c *budget.Call) (out []string) {
	last := map[string]int64{}
	name := func(kind, subject, group string, p budget.Period, u budget.Unit) string {
		return strings.Join([]string{kind, subject, group, string(p), string(u)}, "|")
	}
	for _, d := range log {
		if d.own != "" {
			last[name("own", d.own, "", d.place.Period, d.place.Unit)] = d.most
		} else {
			last[name(string(d.place.Kind), d.place.Subject, d.place.Group, d.place.Period, d.place.Unit)] = d.most
		}
	}
	for _, p := range Periods() {
		for _, u := range []budget.Unit{budget.Euros, budget.Tokens} {
			for _, g := range []string{"", "large"} {
				if g != "" && g != c.Group {
					continue
				}
				holds := func(kind, subject, as string) bool {
					most, known := last[name(kind, subject, g, p, u)]
					if known && most >= 0 {
						out = append(out, fmt.Sprint(name(kind, as, g, p, u), "=", most))
					}
					return known && most >= 0
				}
				holds("organisation", "", "")
				if c.Person != "" {
					_ = holds("person", c.Person, c.Person) || holds("person", "", c.Person)
					holds("own", c.Person, c.Person)
				}
				if c.Key != "" {
					_ = holds("key", c.Key, c.Key) || holds("key", "", c.Key)
				}
				for i, t := range c.Teams {
					if !holds("team", t, t) && i == 0 {
						holds("team", "", t)
					}
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// told writes terms as the model does.
func told(terms budget.Terms) (out []string) {
	for _, l := range terms.Limits {
		kind := string(l.Kind)
		if l.Own {
			kind = "own"
		}
		out = append(out, fmt.Sprint(strings.Join([]string{kind, l.Subject, l.Group, string(l.Period), string(l.Unit)}, "|"), "=", l.Most))
	}
	slices.Sort(out)
	return out
}

// TestWhatHoldsForACallIsWhatANaiveLookThroughAllVersionsSays changes limits at random, on two nodes that share a store.
func TestWhatHoldsForACallIsWhatANaiveLookThroughAllVersionsSays(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	a, b := newWorld(t, d), newWorld(t, d)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		in := tenant.ID(fmt.Sprint("org", n))
		if err := d.System().Write(t.Context(), func(s *db.System) error {
			_, err := s.Exec(t.Context(), `INSERT INTO organisations (tenant_id, slug, name, languages, group_size, created_at) VALUES ($1, $1, $1, 'nl', 10, 0)`, string(in))
			return err
		}); err != nil {
			rt.Fatal(err)
		}
		setter := person(access.CoreTeam)
		setter.Tenant = in
		var log []deed
		for range rapid.IntRange(1, 12).Draw(rt, "changes") {
			p := Place{Kind: rapid.SampledFrom(Kinds()).Draw(rt, "kind"), Group: rapid.SampledFrom([]string{"", "large"}).Draw(rt, "group"),
				Period: rapid.SampledFrom(Periods()[:3]).Draw(rt, "period"), Unit: rapid.SampledFrom([]budget.Unit{budget.Euros, budget.Tokens}).Draw(rt, "unit")}
			if p.Kind != budget.Organisation {
				p.Subject = rapid.SampledFrom([]string{"", "x", "y"}).Draw(rt, "subject")
			}
			most := int64(rapid.IntRange(0, 100).Draw(rt, "most"))
			was, known, err := at(t.Context(), d.Of(in), &p)
			if err != nil {
				rt.Fatal(err)
			}
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0: // an own limit
				me := named(rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "who"))
				me.Tenant = in
				if err := a.SetOwn(t.Context(), me, Own{Period: p.Period, Unit: p.Unit, Most: most}); err != nil {
					rt.Fatal(err)
				}
				log = append(log, deed{own: me.Owner, place: p, most: most})
			case 1:
				if known && was.Holds {
					if err := b.Remove(t.Context(), setter, was.ID, was.Version, "Niet meer nodig."); err != nil {
						rt.Fatal(err)
					}
					log = append(log, deed{place: p, most: -1})
				}
			default:
				if _, err := a.Set(t.Context(), setter, Input{Place: p, Most: most, Reason: "Zoals afgesproken.", Version: was.Version}); err != nil {
					rt.Fatal(err)
				}
				log = append(log, deed{place: p, most: most})
			}
		}
		a.pass(Fresh)
		b.pass(Fresh)
		for _, node := range []*world{a, b} {
			c := budget.Call{Person: rapid.SampledFrom([]string{"", "x", "y", "z"}).Draw(rt, "person"), Key: rapid.SampledFrom([]string{"", "x", "z"}).Draw(rt, "key"),
				Teams: rapid.SampledFrom([][]string{nil, {"x"}, {"z", "x"}, {"y", "x"}, {"z"}}).Draw(rt, "teams"), Group: rapid.SampledFrom([]string{"", "large", "small"}).Draw(rt, "model")}
			terms, err := node.Terms(t.Context(), in, &c)
			if err != nil {
				rt.Fatal(err)
			}
			if got, want := told(terms), naive(log, &c); !slices.Equal(got, want) {
				rt.Fatalf("for %+v\n%v\nwant\n%v", c, got, want)
			}
		}
	})
}

func TestAChangeCountsAtOnceHereAndAfterSecondsElsewhere(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	a, b := newWorld(t, d), newWorld(t, d)
	count := func(w *world) int {
		terms, err := w.Terms(t.Context(), dbtest.Ours, &budget.Call{Person: "an"})
		if err != nil {
			t.Fatal(err)
		}
		return len(terms.Limits)
	}
	if count(a)+count(b) != 0 {
		t.Fatal("a new organisation has limits")
	}
	a.set(monthly(budget.Person, "", "5"))
	if count(a) != 1 || count(b) != 0 {
		t.Error(count(a), count(b))
	}
	b.pass(Fresh - time.Millisecond)
	if count(b) != 0 {
		t.Error("it was read anew before its time")
	}
	b.pass(time.Millisecond)
	if count(b) != 1 {
		t.Error("a change on another node does not count")
	}
}

func BenchmarkTerms(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b))
	w.set(monthly(budget.Organisation, "", "100"))
	w.set(monthly(budget.Person, "", "5"))
	for i := range 500 {
		w.set(monthly(budget.Person, fmt.Sprint("p", i), "10"))
	}
	c := budget.Call{Person: "p7", Teams: []string{"a", "b", "c"}}
	for b.Loop() {
		if terms, err := w.Terms(b.Context(), dbtest.Ours, &c); err != nil || len(terms.Limits) != 2 {
			b.Fatal(terms, err)
		}
	}
}
