package gap

// HeatRow is a line of a heat map: a group, with a place for each skill in the order of Gap.Skills. It points into the result.
type HeatRow struct {
	Row       *Row
	Standings []Standing
}

// Heat returns the lines of a heat map of one kind of group, in the order of the input. A group that is hidden has no line.
func Heat(g *Gap, by Kind) []HeatRow {
	return heat(g.rows(by), func(*Row) bool { return true })
}

// rows are those of a kind.
func (g *Gap) rows(by Kind) []Row {
	switch by {
	case ByFunction:
		return g.Functions
	case ByDepartment:
		return g.Departments
	case ByFamily:
		return g.Families
	case ByCell:
		return g.Cells
	}
	return one(g.Whole)
}

func heat(list []Row, in func(r *Row) bool) []HeatRow {
	var out []HeatRow
	for i := range list {
		if in(&list[i]) {
			out = append(out, HeatRow{&list[i], list[i].Skills})
		}
	}
	return out
}

// Inside returns the next lines down from a group that is shown: the functions of a family, the cells of a function or of a
// department. What is hidden there has no line, and the others together never give it away.
func Inside(g *Gap, of Kind, code string) []HeatRow {
	switch of {
	case ByFamily:
		return heat(g.Functions, func(r *Row) bool { return r.Family == code })
	case ByFunction:
		return heat(g.Cells, func(r *Row) bool { return r.Function == code })
	case ByDepartment:
		return heat(g.Cells, func(r *Row) bool { return r.Department == code })
	case ByCell:
	}
	return nil
}

// Rank returns the ranking of one kind of group, or nil when there is none.
func Rank(g *Gap, by Kind) *Ranking {
	for i := range g.Rankings {
		if g.Rankings[i].Kind == by {
			return &g.Rankings[i]
		}
	}
	return nil
}
