package draft

import (
	"strings"

	"tekentafel/internal/contact"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

// The positions of nobody and of more than one.
const (
	nobody   = -1
	severals = -2
)

// finder finds people by what files call them. It holds only what is asked for.
type finder struct {
	byNumber, byMail, byName map[string]int
}

func (f *finder) ask(m *map[string]int, key string) {
	if key != "" {
		if *m == nil {
			*m = map[string]int{}
		}
		(*m)[key] = nobody
	}
}

// look finds everybody who was asked for. Of people with one name or address the one in service is meant.
func (f *finder) look(people []org.Person) {
	found := func(m map[string]int, key string, i int) {
		at, asked := m[key]
		switch {
		case key == "" || !asked:
		case at == nobody || at >= 0 && people[at].Out && !people[i].Out:
			m[key] = i
		case at >= 0 && people[at].Out != people[i].Out:
		case at == severals && people[i].Out:
		default:
			m[key] = severals
		}
	}
	for i := range people {
		p := &people[i]
		if f.byNumber != nil {
			found(f.byNumber, p.Number, i)
		}
		if f.byMail != nil {
			found(f.byMail, p.Mail, i)
		}
		if f.byName != nil {
			found(f.byName, value.NameKey(p.Given, p.Family), i)
		}
	}
}

// get returns who is meant, by the first that leads to one: number, mail, name.
func (f *finder) get(number, mail, name string) int {
	at := nobody
	for _, x := range []struct {
		m   map[string]int
		key string
	}{{f.byNumber, number}, {f.byMail, mail}, {f.byName, name}} {
		if x.key == "" || x.m == nil {
			continue
		}
		if i, ok := x.m[x.key]; ok && i >= 0 {
			return i
		} else if ok && i == severals {
			at = severals
		}
	}
	return at
}

// leaders finds the managers of people and the heads of units, among everybody who stands after the file.
func (r *resolver) leaders() {
	managers := r.d.Content == mapping.People && r.d.Fields.any(mapping.ManagerNumber, mapping.ManagerMail, mapping.ManagerName)
	heads := r.d.Fields.Has(mapping.UnitHead)
	if !managers && !heads {
		return
	}
	f := &finder{}
	names := map[string]string{}
	nameKey := func(s string) string {
		if s == "" {
			return ""
		}
		key, ok := names[s]
		if !ok {
			key = value.NameKey(s)
			names[s] = key
		}
		return key
	}
	if managers {
		for i := range r.d.Rows {
			row := &r.d.Rows[i]
			f.ask(&f.byNumber, row.ManagerNumber)
			f.ask(&f.byMail, row.ManagerMail)
			f.ask(&f.byName, nameKey(row.ManagerName))
		}
	}
	if heads {
		for i := range r.d.Units {
			number, mail, name := r.d.headOf(r.d.Units[i].Head)
			f.ask(&f.byNumber, number)
			f.ask(&f.byMail, mail)
			f.ask(&f.byName, name)
		}
	}
	f.look(r.next.People)
	if managers {
		r.managers(f, nameKey)
	}
	if heads {
		r.heads(f)
	}
}

func (d *Draft) headOf(s string) (number, address, name string) {
	if s == "" {
		return "", "", ""
	}
	address, _ = mail(s)
	return prefixed(d.prefix, contact.Number(s)), address, value.NameKey(s)
}

// managers gives people their manager. Where the file names one who cannot be found for certain, the manager stays who it was.
func (r *resolver) managers(f *finder, nameKey func(string) string) {
	for i := range r.teams {
		at := r.people[i]
		if at < 0 || r.teams[i].into >= 0 {
			continue
		}
		manager, keep := "", false
		for _, k := range r.teams[i].rows {
			row := &r.d.Rows[k]
			if row.ManagerNumber == "" && row.ManagerMail == "" && row.ManagerName == "" {
				keep = keep || row.Unread.Has(mapping.ManagerMail)
				continue
			}
			m := f.get(row.ManagerNumber, row.ManagerMail, nameKey(row.ManagerName))
			if m >= 0 {
				manager = r.next.People[m].ID
				break
			}
			keep = true
			kind := UnknownManager
			if m == severals {
				kind = AmbiguousManager
			}
			field, said := row.manager()
			r.doubts.add(kind, field, -1, Cell{Row: row.Number, Value: said})
		}
		if manager != "" || !keep {
			r.next.People[at].Manager = manager
		}
	}
}

// manager returns how a row calls the manager.
func (row *Row) manager() (mapping.Field, string) {
	switch {
	case row.ManagerNumber != "":
		return mapping.ManagerNumber, row.ManagerNumber
	case row.ManagerMail != "":
		return mapping.ManagerMail, row.ManagerMail
	}
	return mapping.ManagerName, row.ManagerName
}

func (r *resolver) heads(f *finder) {
	for i := range r.d.Units {
		said := strings.TrimSpace(r.d.Units[i].Head)
		to := &r.next.Units[r.units[i]]
		if said == "" {
			continue
		}
		switch m := f.get(r.d.headOf(said)); m {
		case nobody:
			r.doubts.add(UnknownManager, mapping.UnitHead, -1, Cell{Value: said})
		case severals:
			r.doubts.add(AmbiguousManager, mapping.UnitHead, -1, Cell{Value: said})
		default:
			to.Head = r.next.People[m].ID
		}
	}
}
