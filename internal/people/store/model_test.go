package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/tenant"
)

// snapshot is what stands at a revision, in memory.
type snapshot struct {
	units     map[string]org.Unit
	functions map[string]org.Function
	people    map[string]org.Person
	posts     map[string]org.Post
}

func blank() snapshot {
	return snapshot{map[string]org.Unit{}, map[string]org.Function{}, map[string]org.Person{}, map[string]org.Post{}}
}

func (s snapshot) clone() snapshot {
	return snapshot{maps.Clone(s.units), maps.Clone(s.functions), maps.Clone(s.people), maps.Clone(s.posts)}
}

func (s snapshot) put(o *org.Organisation) {
	for _, x := range o.Units {
		s.units[x.ID] = x
	}
	for _, x := range o.Functions {
		s.functions[x.ID] = x
	}
	for _, x := range o.People {
		s.people[x.ID] = x
	}
	for _, x := range o.Posts {
		s.posts[x.ID] = x
	}
}

func (s snapshot) end(kind Kind, ids []string) {
	for _, id := range ids {
		switch kind {
		case Units:
			delete(s.units, id)
		case Functions:
			delete(s.functions, id)
		case People:
			delete(s.people, id)
		case Posts:
			delete(s.posts, id)
		}
	}
}

func (s snapshot) organisation() *org.Organisation {
	o := &org.Organisation{
		Units: slices.Collect(maps.Values(s.units)), Functions: slices.Collect(maps.Values(s.functions)),
		People: slices.Collect(maps.Values(s.people)), Posts: slices.Collect(maps.Values(s.posts)),
	}
	o.Sort()
	return o
}

// erase takes a person out as Erase does.
func (s snapshot) erase(id string) {
	delete(s.people, id)
	for k, p := range s.people {
		if p.Manager == id {
			p.Manager = ""
			s.people[k] = p
		}
	}
	for k, u := range s.units {
		if u.Head == id {
			u.Head = ""
			s.units[k] = u
		}
	}
	for k, p := range s.posts {
		if p.Person == id {
			delete(s.posts, k)
		}
	}
}

// back says of the rows of a kind which a revision's undo puts back and which it takes away; conflicts are counted.
func back[T Row](before, after, now map[string]T, conflicts map[string]Why) (put map[string]T, remove map[string]bool) {
	put, remove = map[string]T{}, map[string]bool{}
	all := maps.Clone(before)
	maps.Copy(all, after)
	for id := range all {
		b, isB := before[id]
		a, isA := after[id]
		n, isN := now[id]
		switch {
		case isB == isA && b == a, isB == isN && b == n:
		case isA != isN || a != n:
			conflicts[id] = Changed
		case isB:
			put[id] = b
		default:
			remove[id] = true
		}
	}
	return put, remove
}

// undone returns what stands after the undo of a revision, and the conflicts by id.
func undone(before, after, now snapshot) (snapshot, map[string]Why, int) {
	conflicts := map[string]Why{}
	out := now.clone()
	units, noUnits := back(before.units, after.units, now.units, conflicts)
	functions, noFunctions := back(before.functions, after.functions, now.functions, conflicts)
	persons, noPersons := back(before.people, after.people, now.people, conflicts)
	posts, noPosts := back(before.posts, after.posts, now.posts, conflicts)
	for again := true; again; {
		again = false
		for id, u := range units {
			_, stood := before.units[u.Parent]
			_, stands := now.units[u.Parent]
			_, comes := units[u.Parent]
			if stood && !stands && !comes {
				delete(units, id)
				conflicts[id] = Missing
				again = true
			}
		}
	}
	maps.Copy(out.units, units)
	maps.Copy(out.functions, functions)
	maps.Copy(out.people, persons)
	for id, p := range posts {
		_, personStood := before.people[p.Person]
		_, personStands := out.people[p.Person]
		_, unitStood := before.units[p.Unit]
		_, unitStands := out.units[p.Unit]
		_, functionStood := before.functions[p.Function]
		_, functionStands := out.functions[p.Function]
		if personStood && !personStands || unitStood && !unitStands || functionStood && !functionStands {
			delete(posts, id)
			conflicts[id] = Missing
		}
	}
	maps.Copy(out.posts, posts)
	for id := range noPosts {
		delete(out.posts, id)
	}
	for _, p := range out.posts {
		for _, x := range []struct {
			set map[string]bool
			id  string
		}{{noPersons, p.Person}, {noUnits, p.Unit}, {noFunctions, p.Function}} {
			if x.set[x.id] {
				delete(x.set, x.id)
				conflicts[x.id] = Used
			}
		}
	}
	for again := true; again; {
		again = false
		for id, u := range out.units {
			if noUnits[u.Parent] && !noUnits[id] {
				delete(noUnits, u.Parent)
				conflicts[u.Parent] = Used
				again = true
			}
		}
	}
	for id := range noUnits {
		delete(out.units, id)
	}
	for id := range noFunctions {
		delete(out.functions, id)
	}
	for id := range noPersons {
		delete(out.people, id)
	}
	return out, conflicts, len(units) + len(functions) + len(persons) + len(posts) + len(noUnits) + len(noFunctions) + len(noPersons) + len(noPosts)
}

var (
	unitIDs     = []string{"u0", "u1", "u2", "u3"}
	functionIDs = []string{"f0", "f1"}
	personIDs   = []string{"p0", "p1", "p2", "p3"}
	postIDs     = []string{"q0", "q1", "q2", "q3", "q4"}
)

func maybe(ids []string) []string { return append([]string{""}, ids...) }

// drawRows makes rows of every kind, some of which point to things that are not there.
func drawRows(t *rapid.T) *org.Organisation {
	o := &org.Organisation{}
	pick := func(label string, from []string) string { return rapid.SampledFrom(from).Draw(t, label) }
	text := func(label string) string { return rapid.SampledFrom([]string{"", "x", "Ö'y", "%_\\"}).Draw(t, label) }
	span := org.Span{From: org.Date(rapid.SampledFrom([]int32{0, 20200101}).Draw(t, "from"))}
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(unitIDs), 0, 2, rapid.ID[string]).Draw(t, "units") {
		o.Units = append(o.Units, org.Unit{ID: id, Name: text("name"), Parent: pick("parent", maybe(unitIDs)), Head: pick("head", maybe(personIDs)), Span: span})
	}
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(functionIDs), 0, 1, rapid.ID[string]).Draw(t, "functions") {
		o.Functions = append(o.Functions, org.Function{ID: id, Name: text("name"), Level: "A", Work: org.Field})
	}
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(personIDs), 0, 2, rapid.ID[string]).Draw(t, "people") {
		o.People = append(o.People, org.Person{ID: id, Family: text("family"), Number: text("number"), Manager: pick("manager", maybe(personIDs)),
			Out: rapid.Bool().Draw(t, "out"), BirthYear: 1980, Span: span})
	}
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(postIDs), 0, 2, rapid.ID[string]).Draw(t, "posts") {
		o.Posts = append(o.Posts, org.Post{ID: id, Person: pick("person", personIDs), Unit: pick("unit", maybe(unitIDs)), Function: pick("function", maybe(functionIDs)),
			FTE: rapid.SampledFrom([]int{-1, 500, 1000}).Draw(t, "fte"), Main: rapid.Bool().Draw(t, "main")})
	}
	return o
}

func drawEnd(t *rapid.T) (Kind, []string) {
	kind := rapid.SampledFrom(Kinds()).Draw(t, "kind")
	ids := map[Kind][]string{Units: unitIDs, Functions: functionIDs, People: personIDs, Posts: postIDs}[kind]
	return kind, rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 0, 3, rapid.ID[string]).Draw(t, "ends")
}

// machine is a store beside what it should hold.
type machine struct {
	d         *db.DB
	tenant    tenant.ID
	at        time.Time
	snapshots []snapshot // by number
	revisions []Revision // by number; the first is none
	oldest    int64

	change  *Change // that is under way
	written snapshot
	put     int64
	ended   int64 // at least
	lease   time.Time
	lost    []*Change // that were left behind
}

func (m *machine) clock() time.Time { return m.at }
func (m *machine) current() int64   { return int64(len(m.snapshots) - 1) }
func (m *machine) last() snapshot   { return m.snapshots[m.current()] }
func (m *machine) stand(s snapshot, v Revision) {
	v.Seq, v.At = m.current()+1, m.at
	m.snapshots, m.revisions = append(m.snapshots, s), append(m.revisions, v)
	if v.Undoes != 0 {
		m.revisions[v.Undoes].UndoneBy = v.Seq
		if of := m.revisions[v.Undoes].Undoes; of != 0 && m.revisions[of].UndoneBy == v.Undoes {
			m.revisions[of].UndoneBy = 0
		}
	}
}

// busy tells whether a new change must be refused; one of which the lease is over is lost.
func (m *machine) busy() bool {
	if m.change == nil {
		return false
	}
	if m.at.Before(m.lease) {
		return true
	}
	m.lost = append(m.lost, m.change)
	m.change = nil
	return false
}

func (m *machine) alive() { m.lease = m.at.Add(Lease) }

// TestTheStoreHoldsWhatItsRevisionsSay makes random changes of every kind, with writers that die and come back, and compares all
// that can be read of every revision with a model in memory.
func TestTheStoreHoldsWhatItsRevisionsSay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		rapid.Check(t, func(t *rapid.T) {
			id, err := another(ctx, w.d)
			if err != nil {
				t.Fatal(err)
			}
			m := &machine{d: w.d, tenant: id, at: noon, snapshots: []snapshot{blank()}, revisions: []Revision{{}}, oldest: 1}
			r := w.d.Of(id)
			ok := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			refusedWhen := func(busy bool, err error) bool {
				t.Helper()
				if busy != errors.Is(err, ErrBusy) || !busy && err != nil {
					t.Fatalf("busy is %v, and the answer %v", busy, err)
				}
				return busy
			}
			t.Repeat(map[string]func(*rapid.T){
				"edit": func(t *rapid.T) {
					rows := drawRows(t)
					kind, ends := drawEnd(t)
					fails := rapid.IntRange(0, 4).Draw(t, "fails") == 0
					broken := errors.New("the rest of the transaction fails")
					busy := m.busy()
					err := EditNow(ctx, w.d, id, m.clock, Revision{Kind: ByEdit, Account: "a", Note: `{"x":1}`}, func(_ *db.Scope, e *Editor) error {
						if err := errors.Join(e.Put(ctx, rows), e.End(ctx, kind, ends...)); err != nil {
							return err
						}
						if fails {
							return broken
						}
						return nil
					})
					if fails && !busy && errors.Is(err, broken) || refusedWhen(busy, err) {
						return
					}
					s := m.last().clone()
					s.put(rows)
					n := int64(len(s.organisation().Units) + len(s.functions) + len(s.people) + len(s.posts))
					s.end(kind, ends)
					n -= int64(len(s.units) + len(s.functions) + len(s.people) + len(s.posts))
					m.stand(s, Revision{Kind: ByEdit, Account: "a", Note: `{"x":1}`, Put: size(rows), Ended: n})
				},
				"begin": func(t *rapid.T) {
					busy := m.busy()
					c, err := Begin(ctx, w.d, id, m.clock, Revision{Kind: ByImport, Import: "i"})
					if refusedWhen(busy, err) {
						return
					}
					m.change, m.written, m.put, m.ended = c, m.last().clone(), 0, 0
					m.alive()
					if c.Seq() != m.current()+1 || c.Base() != m.current() {
						t.Fatalf("revision %d on %d begins after %d", c.Seq(), c.Base(), m.current())
					}
				},
				"write": func(t *rapid.T) {
					if m.change == nil {
						t.Skip("nothing is under way")
					}
					rows := drawRows(t)
					kind, ends := drawEnd(t)
					ok(m.change.Put(ctx, rows))
					ok(m.change.End(ctx, kind, ends))
					m.written.put(rows)
					m.written.end(kind, ends)
					m.put += size(rows)
					if size(rows)+int64(len(ends)) > 0 {
						m.alive()
					}
				},
				"apply": func(t *rapid.T) {
					if m.change == nil {
						t.Skip("nothing is under way")
					}
					if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
						broken := errors.New("the rest of the transaction fails")
						if err := m.change.Apply(ctx, func(*db.Scope) error { return broken }); !errors.Is(err, broken) {
							t.Fatal(err)
						}
						return
					}
					ok(m.change.Apply(ctx, func(s *db.Scope) error { return PutQuality(ctx, s, Quality{Revision: m.current() + 1, Result: "{}"}) }))
					m.stand(m.written, Revision{Kind: ByImport, Import: "i", Note: "{}", Put: m.put, Ended: m.change.revision.Ended})
					ok(m.change.Abort(ctx))
					m.change = nil
				},
				"abort": func(t *rapid.T) {
					if m.change == nil {
						t.Skip("nothing is under way")
					}
					ok(m.change.Abort(ctx))
					m.change = nil
				},
				"time": func(t *rapid.T) {
					m.at = m.at.Add(rapid.SampledFrom([]time.Duration{time.Second, Lease / 2, Lease}).Draw(t, "passes"))
				},
				"sweep": func(t *rapid.T) {
					was := m.change
					busy := m.busy()
					swept, err := Sweep(ctx, w.d, id, m.clock)
					ok(err)
					if swept != (was != nil && !busy) {
						t.Fatalf("swept is %v", swept)
					}
				},
				"zombie": func(t *rapid.T) {
					if len(m.lost) == 0 {
						t.Skip("nobody is lost")
					}
					c := rapid.SampledFrom(m.lost).Draw(t, "who")
					if c.over {
						t.Skip("it knows")
					}
					// Somebody swept since it was lost, or it would not be.
					if h, err := Head(ctx, r); err != nil || h.owner == c.owner {
						t.Skip("it is not swept yet")
					}
					switch rapid.IntRange(0, 2).Draw(t, "does") {
					case 0:
						if err := c.Put(ctx, people(person("p9", "zombie"))); !errors.Is(err, ErrLost) {
							t.Fatalf("a change that was lost wrote: %v", err)
						}
					case 1:
						if err := c.Apply(ctx, nil); !errors.Is(err, ErrLost) {
							t.Fatalf("a change that was lost applied: %v", err)
						}
					default:
						ok(c.Abort(ctx))
					}
				},
				"undo": func(t *rapid.T) {
					if m.current() == 0 {
						t.Skip("there is nothing")
					}
					seq := int64(rapid.IntRange(1, int(m.current())).Draw(t, "seq"))
					busy := m.busy()
					got, err := Undo(ctx, w.d, id, m.clock, seq, Revision{Account: "b"}, nil)
					if busy {
						refusedWhen(true, err)
						return
					}
					switch {
					case m.revisions[seq].UndoneBy != 0:
						if !errors.Is(err, ErrUndone) {
							t.Fatal(err)
						}
						return
					case seq < m.oldest:
						if !errors.Is(err, ErrPruned) {
							t.Fatal(err)
						}
						return
					}
					ok(err)
					want, conflicts, changed := undone(m.snapshots[seq-1], m.snapshots[seq], m.last())
					found := map[string]Why{}
					for _, c := range got.Conflicts {
						found[c.ID] = c.Why
					}
					if d := cmp.Diff(conflicts, found, cmpopts.EquateEmpty()); d != "" {
						t.Fatalf("conflicts (-want +got):\n%s", d)
					}
					if got.Put+got.Ended != int64(changed) {
						t.Fatalf("%d rows were put back and %d ended, of %d", got.Put, got.Ended, changed)
					}
					if changed == 0 && len(conflicts) > 0 {
						if got.Revision != 0 {
							t.Fatalf("revision %d puts nothing back", got.Revision)
						}
						return
					}
					m.stand(want, Revision{Kind: ByUndo, Account: "b", Note: "{}", Undoes: seq, Put: got.Put, Ended: got.Ended})
				},
				"erase": func(t *rapid.T) {
					who := rapid.SampledFrom(personIDs).Draw(t, "who")
					busy := m.change != nil
					err := w.d.Write(ctx, id, func(s *db.Scope) error {
						_, err := Erase(ctx, s, m.at, who)
						return err
					})
					if refusedWhen(busy, err) {
						return
					}
					for _, s := range m.snapshots {
						s.erase(who)
					}
				},
				"prune": func(t *rapid.T) {
					before := m.at.Add(-rapid.SampledFrom([]time.Duration{0, Lease, 4 * Lease}).Draw(t, "age"))
					_, err := Prune(ctx, w.d, id, before)
					ok(err)
					if m.current() == 0 {
						return
					}
					oldest := m.current() + 1
					for seq := m.current(); seq > 0 && !m.revisions[seq].At.Before(before); seq-- {
						oldest = seq
					}
					m.oldest = max(m.oldest, oldest)
				},
				"": func(t *rapid.T) {
					h, err := Head(ctx, r)
					ok(err)
					if h.Current != m.current() || h.Oldest != m.oldest || (h.Pending != 0) != (m.change != nil) {
						t.Fatalf("the head is %+v, and should stand at %d with %d as the oldest", h, m.current(), m.oldest)
					}
					list, err := Revisions(ctx, r, 0, 1000)
					ok(err)
					slices.Reverse(list)
					if d := cmp.Diff(m.revisions[1:], list, cmpopts.EquateEmpty()); d != "" {
						t.Fatalf("revisions (-want +got):\n%s", d)
					}
					for seq := range m.snapshots {
						got, err := Load(ctx, r, int64(seq))
						if int64(seq) < m.oldest-1 {
							if !errors.Is(err, ErrPruned) {
								t.Fatalf("revision %d was pruned: %v", seq, err)
							}
							continue
						}
						ok(err)
						if d := cmp.Diff(m.snapshots[seq].organisation(), got, cmpopts.EquateEmpty()); d != "" {
							t.Fatalf("revision %d of %d (-want +got):\n%s", seq, m.current(), d)
						}
					}
					checkDifference(ctx, t, m, r)
				},
			})
		})
	})
}

// checkDifference compares what a revision changed, and the history of a person, with the model.
func checkDifference(ctx context.Context, t *rapid.T, m *machine, r db.Reader) {
	t.Helper()
	if m.current() < m.oldest {
		return
	}
	seq := int64(rapid.IntRange(int(m.oldest), int(m.current())).Draw(t, "looks at"))
	after, pairs := "", map[string]bool{}
	for {
		page, err := Difference[org.Person](ctx, r, seq, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			before, isBefore := m.snapshots[seq-1].people[p.ID]
			now, isNow := m.snapshots[seq].people[p.ID]
			if isBefore != (p.Before != nil) || isNow != (p.After != nil) || isBefore && *p.Before != before || isNow && *p.After != now {
				t.Fatalf("revision %d changed %s from %+v to %+v", seq, p.ID, p.Before, p.After)
			}
			pairs[p.ID] = true
			after = p.ID
		}
		if len(page) < 2 {
			break
		}
	}
	for _, id := range personIDs {
		before, isBefore := m.snapshots[seq-1].people[id]
		now, isNow := m.snapshots[seq].people[id]
		if (isBefore != isNow || before != now) && !pairs[id] {
			t.Fatalf("revision %d changed %s, and does not say so", seq, id)
		}
		history, err := History[org.Person](ctx, r, id)
		if err != nil {
			t.Fatal(err)
		}
		for at := m.oldest - 1; at <= m.current(); at++ {
			want, stood := m.snapshots[at].people[id]
			i := slices.IndexFunc(history, func(v Version[org.Person]) bool { return v.Since.Seq <= at && (v.Until == nil || at < v.Until.Seq) })
			if stood != (i >= 0) || stood && history[i].Row != want {
				t.Fatalf("the history of %s says another thing of revision %d", id, at)
			}
		}
	}
}
