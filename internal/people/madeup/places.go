package madeup

import "tekentafel/internal/people/org"

// plantUnits plants the faults of units on services of their own.
func (m *maker) plantUnits(rates Rates, main map[string]int) {
	services := append([]int(nil), m.services...)
	m.r.Shuffle(len(services), func(i, j int) { services[i], services[j] = services[j], services[i] })
	each := func(f Fault, do func(s int)) {
		n := int(rates[f]*float64(len(m.services)) + 0.5)
		if rates[f] > 0 {
			n = max(n, 1)
		}
		for ; n > 0 && len(services) > 0; n-- {
			s := services[0]
			services = services[1:]
			do(s)
		}
	}
	note := func(f Fault, unit string) { m.Planted[f] = append(m.Planted[f], unit) }
	each(UnitOrphan, func(s int) { m.Units[s].Parent = name('v', 100+m.r.IntN(3)); note(UnitOrphan, m.Units[s].ID) })
	each(UnitRoot, func(s int) { m.Units[s].Parent = ""; note(UnitRoot, m.Units[s].ID) })
	each(UnitCycle, func(s int) {
		if teams := m.below[s]; len(teams) > 0 {
			m.Units[s].Parent = m.Units[teams[0]].ID
			note(UnitCycle, m.Units[s].ID)
		}
	})
	each(UnitEmpty, func(s int) { note(UnitEmpty, m.Units[m.unit(s, m.department[s], "team", "Team Opgeheven")].ID) })
	each(UnitSingle, func(s int) {
		u := m.unit(s, m.department[s], "team", "Team Alleen")
		m.person(u, 1)
		p := &m.People[len(m.People)-1]
		p.Manager = m.Units[s].Head
		m.leads[p.ID] = true // spared from other faults
		for i := len(m.Posts) - 1; i >= 0 && m.Posts[i].Person == p.ID; i-- {
			if m.Posts[i].Main {
				main[p.ID] = i
			}
		}
		note(UnitSingle, m.Units[u].ID)
	})
	each(ManagerAbsent, m.unled(main))
}

// unled returns what takes away the leaders of a service: of itself and of its teams, and the managers of the people in the teams.
func (m *maker) unled(main map[string]int) func(s int) {
	var of map[string][]int
	return func(s int) {
		if of == nil {
			of = make(map[string][]int, len(m.Units))
			for i := range m.People {
				if x, ok := main[m.People[i].ID]; ok && !m.People[i].Out {
					of[m.Posts[x].Unit] = append(of[m.Posts[x].Unit], i)
				}
			}
		}
		m.Units[s].Head = ""
		for _, t := range m.below[s] {
			m.Units[t].Head = ""
			for _, i := range of[m.Units[t].ID] {
				p := &m.People[i]
				p.Manager = ""
				m.leads[p.ID] = true // spared from other faults
				m.Planted[ManagerAbsent] = append(m.Planted[ManagerAbsent], p.ID)
			}
		}
	}
}

// plantFunctions plants the faults of functions on functions that people have.
func (m *maker) plantFunctions(rates Rates) {
	posts := map[string][]int{}
	for i := range m.Posts {
		posts[m.Posts[i].Function] = append(posts[m.Posts[i].Function], i)
	}
	var used []int
	for i := range m.Functions {
		if len(posts[m.Functions[i].ID]) > 0 {
			used = append(used, i)
		}
	}
	all := len(used)
	m.r.Shuffle(len(used), func(i, j int) { used[i], used[j] = used[j], used[i] })
	each := func(f Fault, do func(x *org.Function)) {
		n := int(rates[f]*float64(all) + 0.5)
		for ; n > 0 && len(used) > 0; n-- {
			do(&m.Functions[used[0]])
			used = used[1:]
		}
	}
	each(NoLevel, func(x *org.Function) { x.Level = ""; m.Planted[NoLevel] = append(m.Planted[NoLevel], x.ID) })
	each(NoWork, func(x *org.Function) { x.Work = ""; m.Planted[NoWork] = append(m.Planted[NoWork], x.ID) })
	var more []org.Function
	each(Spellings, func(x *org.Function) {
		set := []string{x.ID}
		ways := spellings(m.r, x.Name, string(x.Level), 2+m.r.IntN(18))
		for _, way := range ways {
			y := *x
			y.ID, y.Name, y.Code = name('f', 1<<20+len(more)), way, ""
			more = append(more, y)
			set = append(set, y.ID)
		}
		for _, i := range posts[x.ID] {
			m.Posts[i].Function = set[m.r.IntN(len(set))]
		}
		m.Same = append(m.Same, set)
		m.Planted[Spellings] = append(m.Planted[Spellings], set[1:]...)
	})
	m.Functions = append(m.Functions, more...)
}
