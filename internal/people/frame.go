package people

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tekentafel/internal/access"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
)

// FrameUnit is a unit from which people can be asked.
type FrameUnit struct {
	ID, Name string
	Depth    int // 0 for what stands at the top
	People   int // in service, in it and below
}

// FrameQuery says whom a frame is of, and what is told of them.
type FrameQuery struct {
	Units     []string // with those below them; none: everybody
	Variables []string // of FrameVariables
	Purpose   string   // as the people can read it
	Most      int      // people; of more none is read
}

// FramePerson is somebody in service, with what a frame asks for.
type FramePerson struct {
	Name, Mail, Number, Language string
	Values                       []string // one for each variable; "" when it is not known
}

// FrameVariables lists what may be told of people in a frame: the unit right below the top, the unit itself, function and its family, level and
// kind of work (desk, field, both), statute, place of work, and age in bands of ten years.
func FrameVariables() []string {
	return []string{"department", "unit", "function", "family", "level", "work", "statute", "site", "age"}
}

// FrameUnits lists the units that stand, each behind the one above it, in order of name.
func (s *Service) FrameUnits(ctx context.Context, actor access.Actor) ([]FrameUnit, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return nil, err
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	tree, err := s.frameTree(ctx, r, head.Current)
	if err != nil {
		return nil, err
	}
	counted, err := s.headcount(ctx, r, head.Current, s.today())
	if err != nil {
		return nil, err
	}
	for unit, n := range counted {
		if at, there := tree.at[unit]; there {
			tree.people[at] = n
		}
	}
	return tree.list(), nil
}

// frameTree is the units that stand on the day. What stands below nothing that stands, or below itself, counts as the top.
type frameTree struct {
	units  []org.Unit
	at     map[string]int
	parent []int // -1 at the top
	below  [][]int
	tops   []int
	people []int // in the unit itself
}

func (s *Service) frameTree(ctx context.Context, r db.Reader, at int64) (*frameTree, error) {
	all, err := store.AllOf[org.Unit](ctx, r, at)
	if err != nil {
		return nil, err
	}
	day := s.today()
	return treeOf(slices.DeleteFunc(all, func(u org.Unit) bool { return !u.On(day) })), nil
}

func treeOf(all []org.Unit) *frameTree {
	slices.SortFunc(all, func(a, b org.Unit) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	t := &frameTree{units: all, at: make(map[string]int, len(all)), parent: make([]int, len(all)), below: make([][]int, len(all)), people: make([]int, len(all))}
	for i := range all {
		t.at[all[i].ID] = i
	}
	for i := range all {
		t.parent[i] = -1
		if p, there := t.at[all[i].Parent]; there {
			t.parent[i] = p
		}
	}
	for i := range all {
		if t.circular(i) {
			t.parent[i] = -1
		}
		if p := t.parent[i]; p >= 0 {
			t.below[p] = append(t.below[p], i)
		} else {
			t.tops = append(t.tops, i)
		}
	}
	return t
}

// circular tells whether the way up from a unit comes back to it.
func (t *frameTree) circular(unit int) bool {
	at := t.parent[unit]
	for range len(t.units) {
		if at < 0 {
			return false
		}
		if at == unit {
			return true
		}
		at = t.parent[at]
	}
	return false // a circle above it, which is cut where it is
}

func (t *frameTree) list() []FrameUnit {
	out := make([]FrameUnit, 0, len(t.units))
	var walk func(unit, depth int) int
	walk = func(unit, depth int) int {
		place := len(out)
		out = append(out, FrameUnit{ID: t.units[unit].ID, Name: t.units[unit].Name, Depth: depth})
		n := t.people[unit]
		for _, b := range t.below[unit] {
			n += walk(b, depth+1)
		}
		out[place].People = n
		return n
	}
	for _, top := range t.tops {
		walk(top, 0)
	}
	return out
}

// departments returns for each unit the one right below the top that holds it: below the only top where there is one, else a top.
func (t *frameTree) departments() []int {
	out := make([]int, len(t.units))
	for i := range out {
		at := i
		for t.parent[at] >= 0 && (len(t.tops) != 1 || t.parent[at] != t.tops[0]) {
			at = t.parent[at]
		}
		out[i] = at
	}
	return out
}

// within tells of each unit whether it is one of these or stands below one; nil when all count.
func (t *frameTree) within(chosen []string) []bool {
	if len(chosen) == 0 {
		return nil
	}
	in := make([]bool, len(t.units))
	var mark func(int)
	mark = func(unit int) {
		if in[unit] {
			return
		}
		in[unit] = true
		for _, b := range t.below[unit] {
			mark(b)
		}
	}
	for _, c := range chosen {
		if at, there := t.at[c]; there {
			mark(at)
		}
	}
	return in
}

// names returns how each unit is called so that no two of those that have people are called the same: with the one above it where it must be.
func (t *frameTree) names(used map[int]bool) []string {
	out := make([]string, len(t.units))
	count := map[string]int{}
	for i := range t.units {
		if used[i] {
			count[strings.ToLower(t.units[i].Name)]++
		}
	}
	again := map[string]int{}
	for i := range t.units {
		out[i] = t.units[i].Name
		if !used[i] || count[strings.ToLower(out[i])] < 2 {
			continue
		}
		if p := t.parent[i]; p >= 0 {
			out[i] += " (" + t.units[p].Name + ")"
		} else if t.units[i].Code != "" {
			out[i] += " (" + t.units[i].Code + ")"
		}
		if again[out[i]]++; again[out[i]] > 1 {
			out[i] += " " + strconv.Itoa(again[out[i]])
		}
	}
	return out
}

// framePost is the post by which somebody is counted: the main one, else the first that holds.
type framePost struct {
	unit, function int // positions; -1 for none
	statute        string
}

// Frame returns who is in service in some units, for the people who may take part in something, and how many they are. When those are more than
// Most nobody is read. Otherwise all of them are noted as exported, for a purpose that they can read, before it returns. They are in the
// order of name. The staff number is there for who has no mail address, and otherwise too: the caller leaves out what it does not need.
func (s *Service) Frame(ctx context.Context, actor access.Actor, q FrameQuery) ([]FramePerson, int, error) {
	if err := allow(actor, access.ReadPeople); err != nil {
		return nil, 0, err
	}
	r := s.DB.Of(actor.Tenant)
	head, err := store.Head(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	tree, err := s.frameTree(ctx, r, head.Current)
	if err != nil {
		return nil, 0, err
	}
	day, in := s.today(), tree.within(q.Units)
	if n, err := s.frameSize(ctx, r, head.Current, day, tree, in, q.Most); err != nil || n > q.Most {
		return nil, n, err
	}
	o, err := store.Load(ctx, r, head.Current)
	if err != nil {
		return nil, 0, said(err)
	}
	functions := make(map[string]int, len(o.Functions))
	for i := range o.Functions {
		functions[o.Functions[i].ID] = i
	}
	posts := framePosts(o, tree, functions, day)
	var chosen []int
	used := map[int]bool{}
	for i := range o.People {
		if p := &o.People[i]; p.Out || !p.On(day) || in != nil && (posts[i].unit < 0 || !in[posts[i].unit]) {
			continue
		}
		chosen = append(chosen, i)
		if posts[i].unit >= 0 {
			used[posts[i].unit] = true
		}
	}
	if len(chosen) > q.Most {
		return nil, len(chosen), nil
	}
	slices.SortFunc(chosen, func(a, b int) int {
		x, y := &o.People[a], &o.People[b]
		return cmp.Or(strings.Compare(x.Family, y.Family), strings.Compare(x.Given, y.Given), strings.Compare(x.ID, y.ID))
	})
	v := frameValues{o: o, tree: tree, departments: tree.departments(), year: day.Year()}
	v.names = tree.names(used)
	for i := range v.departments { // a department is called as such wherever it has people itself
		used[v.departments[i]] = true
	}
	v.departmentNames = tree.names(used)
	out, ids := make([]FramePerson, len(chosen)), make([]string, len(chosen))
	for k, i := range chosen {
		p := &o.People[i]
		out[k] = FramePerson{Name: p.Name(), Mail: p.Mail, Number: p.Number, Language: p.Language, Values: make([]string, len(q.Variables))}
		for n, variable := range q.Variables {
			out[k].Values[n] = v.of(variable, p, &posts[i])
		}
		ids[k] = p.ID
	}
	return out, len(out), s.noteFrame(ctx, actor, q.Purpose, ids)
}

// frameSize counts the people of units where there may be more than most, without reading them; 0 where that cannot be. Who has no main post
// on the day is not counted.
func (s *Service) frameSize(ctx context.Context, r db.Reader, at int64, day org.Date, tree *frameTree, in []bool, most int) (n int, err error) {
	counted, err := s.headcount(ctx, r, at, day)
	if err != nil {
		return 0, err
	}
	for id, people := range counted {
		if unit, there := tree.at[id]; in == nil || there && in[unit] {
			n += people
		}
	}
	if n <= most {
		return 0, nil
	}
	all, err := store.Count(ctx, r, at) // who is there with two main posts counts once
	if all.InService <= int64(most) {
		n = 0
	}
	return n, err
}

// framePosts finds the post of each person, in the order of people.
func framePosts(o *org.Organisation, tree *frameTree, functions map[string]int, day org.Date) []framePost {
	posts := make([]framePost, len(o.People))
	j := 0
	for i := range o.People {
		posts[i] = framePost{unit: -1, function: -1}
		found := false
		for j < len(o.Posts) && o.Posts[j].Person < o.People[i].ID {
			j++
		}
		for ; j < len(o.Posts) && o.Posts[j].Person == o.People[i].ID; j++ {
			x := &o.Posts[j]
			if found || !x.On(day) {
				continue
			}
			found, posts[i].statute = true, x.Statute
			if at, there := tree.at[x.Unit]; there {
				posts[i].unit = at
			}
			if at, there := functions[x.Function]; there {
				posts[i].function = at
			}
		}
	}
	return posts
}

// frameValues tells the variables of people.
type frameValues struct {
	o                      *org.Organisation
	tree                   *frameTree
	departments            []int
	names, departmentNames []string
	year                   int
}

func (v *frameValues) of(variable string, p *org.Person, x *framePost) string {
	var f org.Function
	if x.function >= 0 {
		f = v.o.Functions[x.function]
	}
	switch variable {
	case "department":
		if x.unit >= 0 {
			return v.departmentNames[v.departments[x.unit]]
		}
	case "unit":
		if x.unit >= 0 {
			return v.names[x.unit]
		}
	case "function":
		return f.Name
	case "family":
		return f.Family
	case "level":
		return string(f.Level)
	case "work":
		return string(f.Work)
	case "statute":
		return x.statute
	case "site":
		return p.Site
	case "age":
		return ageBand(v.year - p.BirthYear)
	}
	return ""
}

// ageBand returns the band of ten years of an age, open at both ends so that nobody stands out; "" for what is no age of somebody who works.
func ageBand(age int) string {
	switch {
	case age < 14 || age > 99:
		return ""
	case age < 30:
		return "< 30"
	case age >= 60:
		return "60+"
	}
	return fmt.Sprintf("%d-%d", age/10*10, age/10*10+9)
}

// noteFrame keeps that people were read for a frame, a part at a time: a hundred thousand must not hold up who writes meanwhile.
func (s *Service) noteFrame(ctx context.Context, actor access.Actor, purpose string, people []string) error {
	for part := range slices.Chunk(people, 5000) {
		if err := s.note(ctx, actor, access.HR, SawExport, purpose, part...); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, actor.Tenant, func(tx *db.Scope) error {
		return s.Audit.Record(ctx, tx, actor, audit.Entry{Action: "people.exported", Detail: map[string]string{"count": itoa(len(people)), "purpose": purpose}})
	})
}
