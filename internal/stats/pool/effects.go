package pool

// Effect is a predicted random intercept.
type Effect struct {
	Function, Department int     // of a cell; else the level stands in the place of the slice and these are -1
	Value                float64 // BLUP or conditional mode (lme4: ranef)
	Conditional          float64 // variance of the error, fixed effects and variances as if known (lme4: attr(, "postVar"))
	Variance             float64 // the same with fixed effects estimated
}

// Effects returns the random intercepts of a term: of every function, department and family, those without respondents too,
// and of every cell with respondents, by function, then department.
func (f *Fit) Effects(t Term) []Effect {
	alone := f.point.s.invert(false)
	conditional, variance := alone.levels(t), f.point.levels(t)
	out := make([]Effect, len(conditional))
	for i := range out {
		out[i] = Effect{-1, -1, f.values.of(f.l, t)[i], f.Residual * conditional[i], f.Residual * variance[i]}
		if t == CellTerm {
			out[i].Function, out[i].Department = int(f.l.funcOf[i]), int(f.l.dept[i])
		}
	}
	return out
}

// levels returns the error variance of each level of a term.
func (v *inverse) levels(t Term) []float64 {
	s := v.s
	l, p := s.l, s.l.p
	if t == FamilyTerm {
		return v.famC
	}
	if t == DepartmentTerm {
		out := make([]float64, l.departments)
		for i := range out {
			out[i] = v.t[i*s.n+i]
		}
		return out
	}
	u, x, scratch := make([]float64, s.n), make([]float64, p), make([]float64, p)
	byFunction, byCell := make([]float64, l.functions), make([]float64, len(l.dept))
	for f := range l.functions {
		family, quad := v.around(f, u)
		phi := s.gamma[FunctionTerm] * s.funcK[f]
		byFunction[f] = phi + phi*phi*quad
		if t == FunctionTerm {
			continue
		}
		for c := int(l.cells[f]); c < int(l.cells[f+1]); c++ {
			m := v.margin(f, int(l.dept[c]), u, family, quad, x)
			_, q := v.cellVariance(m, x, s.cellW[c], s.cellX[c*p:(c+1)*p], scratch)
			phi := s.gamma[CellTerm] * s.cellK[c]
			byCell[c] = phi + phi*phi*q
		}
	}
	if t == FunctionTerm {
		return byFunction
	}
	return byCell
}
