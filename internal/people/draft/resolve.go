package draft

import (
	"context"
	"slices"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
)

// How says how a draft is laid on the organisation that stands.
type How struct {
	Day       org.Date      // of the import: who has gone is out of service from then
	Complete  bool          // who and what the file does not name has gone
	Source    string        // id of a complete source: who another one names has not gone. "" for none
	Former    []string      // prefixes under which the people of Source may stand, the newest last
	NewID     func() string // for what is new; never the same twice
	Decisions Decisions
	Progress  func(done, total int64) // people; may be nil
}

// Decisions are what a person decided before about what is the same. Keys and values are names in the form of FunctionKey, UnitKey
// and staff numbers in the form of contact.Number. A decision may lead to another.
type Decisions struct {
	Functions map[string]string // a title, and the title or code that it is taken as
	Units     map[string]string // a unit by code or path, and the unit that it is taken as
	People    map[string]string // what a person was recognised by, and what the same person is recognised by now
}

// follow returns where decisions lead from a key, the key itself without one. A circle ends where it began.
func follow(m map[string]string, key string) string {
	for range len(m) {
		next, ok := m[key]
		if !ok || next == key {
			break
		}
		key = next
	}
	return key
}

// Next is the organisation as the file would make it.
type Next struct {
	Organisation *org.Organisation
	Left         []Rejected // rows that Make took and that fit nobody for certain; nothing of theirs is changed
	Doubts       []Doubt
	Renames      []Rename
}

// Rename is a unit without a code that went and another under a new name that most of its people are in: probably the same. The
// decision Units[To] = From keeps the unit, and with it the units below it.
type Rename struct {
	Unit   string // id of the unit that went
	Into   string // id of the new unit
	From   string // key of the old unit, for a decision
	To     string // key of the new unit
	People int    // in service in the old unit, or below it in units that went too
	Moved  int    // of them in the new unit
}

// resolver lays a draft on an organisation.
type resolver struct {
	d         *Draft
	how       How
	now       *org.Organisation // that stands, in order
	next      *org.Organisation
	units     []int      // by draft unit: position in next.Units
	functions []int      // by draft function: position in next.Functions
	teams     []team     // by draft person
	people    []int32    // by draft person: position in next.People; -1 for one that is left out
	held      []bool     // by position in next.People of who stands: not named, and not to be taken as gone
	named     []bool     // by position in next.People: in the file
	newUnits  int        // position of the first new unit
	posts     []span     // by position in next.People of who stands: posts in now.Posts
	stray     []org.Post // of nobody who stands
	left      []Rejected
	doubts    doubts
}

type span struct{ from, to int32 }

// Resolve lays a draft on the organisation that stands, which must be in order (org.Organisation.Sort) and is not changed. The error is
// ErrDay or that of the context.
func Resolve(ctx context.Context, d *Draft, current *org.Organisation, how How) (*Next, error) {
	if how.Day == 0 {
		return nil, ErrDay
	}
	r := &resolver{d: d, how: how, now: current, next: &org.Organisation{
		Units: slices.Clone(current.Units), Functions: slices.Clone(current.Functions),
	}}
	r.next.People = append(make([]org.Person, 0, max(len(current.People), len(d.folks))), current.People...)
	r.resolveUnits()
	r.resolveFunctions()
	if d.Content == mapping.People {
		if err := r.resolvePeople(ctx); err != nil {
			return nil, err
		}
	} else {
		r.next.Posts = slices.Clone(current.Posts)
	}
	r.leaders()
	r.leave()
	n := &Next{Organisation: r.next, Left: r.left, Renames: r.renames()}
	r.next.Sort()
	n.Doubts = r.doubts.done()
	return n, ctx.Err()
}

// heldAt tells whether somebody who stands is not to be taken as gone.
func (r *resolver) heldAt(i int) bool { return i < len(r.held) && r.held[i] }

// leave ends what a complete file no longer names.
func (r *resolver) leave() {
	if !r.how.Complete {
		return
	}
	had, has := map[string]bool{}, map[string]bool{}
	hadRole, hasRole := map[string]bool{}, map[string]bool{}
	for i := range r.now.Posts {
		if p := &r.now.Posts[i]; r.open(p.Span) {
			had[p.Unit], hadRole[p.Function] = true, true
		}
	}
	for i := range r.next.Posts {
		if p := &r.next.Posts[i]; r.open(p.Span) {
			has[p.Unit], hasRole[p.Function] = true, true
		}
	}
	r.leaveUnits(had, has)
	r.leaveFunctions(hadRole, hasRole)
}

// open tells whether a span goes on after the day of the import.
func (r *resolver) open(s org.Span) bool { return s.To == 0 || s.To > r.how.Day }

// leaveUnits ends units that the file does not name, with nobody in them and no unit below them that stays. A file about people ends only
// units that had people, in them or below them.
func (r *resolver) leaveUnits(had, has map[string]bool) {
	if !r.d.Fields.any(mapping.UnitName, mapping.UnitCode, mapping.UnitPath, mapping.UnitLevel, mapping.UnitIndent) {
		return
	}
	at := make(map[string]int, len(r.next.Units))
	for i := range r.next.Units {
		at[r.next.Units[i].ID] = i
	}
	up := func(marks []bool, i int) {
		for ok := true; ok && !marks[i]; i, ok = at[r.next.Units[i].Parent] {
			marks[i] = true
		}
	}
	stay, peopled := make([]bool, len(r.next.Units)), make([]bool, len(r.next.Units))
	for i := range r.next.Units {
		if had[r.next.Units[i].ID] {
			up(peopled, i)
		}
	}
	for _, i := range r.units {
		up(stay, i)
	}
	for i := range r.next.Units {
		u := &r.next.Units[i]
		if has[u.ID] || !r.open(u.Span) || r.d.Content == mapping.People && !peopled[i] {
			up(stay, i)
		}
	}
	for i := range r.next.Units {
		if u := &r.next.Units[i]; !stay[i] {
			u.To = r.how.Day
		}
	}
}

// leaveFunctions ends functions that the file does not name and nobody has. A file about people ends only functions that somebody had.
func (r *resolver) leaveFunctions(had, has map[string]bool) {
	if !r.d.Fields.any(mapping.FunctionName, mapping.FunctionCode) {
		return
	}
	named := make([]bool, len(r.next.Functions))
	for _, i := range r.functions {
		named[i] = true
	}
	for i := range r.next.Functions {
		f := &r.next.Functions[i]
		if !named[i] && !has[f.ID] && r.open(f.Span) && (r.d.Content == mapping.Functions || had[f.ID]) {
			f.To = r.how.Day
		}
	}
}
