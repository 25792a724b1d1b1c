package gap

import (
	"context"
	"math"
	"sync"

	"tekentafel/internal/disclosure"
	"tekentafel/internal/stats/irt"
)

// Compute does the whole analysis. It takes time proportional to respondents, and to draws times the cells of the staff list. The
// result has the same bits for any number of workers and any order of respondents. The error is an *InputError, ErrNobody, one of
// disclosure control, or that of the context.
func Compute(ctx context.Context, in *Input, o Options) (*Gap, error) {
	w, measured, err := analyse(ctx, in, o)
	if err != nil {
		return nil, err
	}
	w.result = &Gap{Version: Version, Wave: in.Wave, Synthetic: in.Synthetic, K: w.k, Cuts: in.Cuts, Draws: w.o.Draws, Staffed: in.Staff != nil}
	if w.sh.whole {
		w.describe(measured)
		w.fill()
		w.rank()
		w.result.Reach = w.reach()
	} else {
		for s := range in.Skills {
			w.result.Skills = append(w.result.Skills, Measured{ID: in.Skills[s].ID, Basis: measured[s].basis})
		}
	}
	w.result.Limits = in.Readiness.limits()
	if in.Earlier != nil {
		w.result.Changes = Compare(in.Earlier, w.result)
	}
	return w.result, nil
}

// analyse does all but the writing of the result.
func analyse(ctx context.Context, in *Input, o Options) (*rows, []*scored, error) {
	if err := in.check(); err != nil {
		return nil, nil, err
	}
	o = o.filled()
	w := &rows{in: in, p: newPlaces(in), o: &o, k: in.K}
	if w.k == 0 {
		w.k = disclosure.DefaultK
	}
	if o.Draws == 0 {
		o.Draws = usualDraws
		if len(w.p.function) >= manyCells {
			o.Draws = usualDraws / 2
		}
	}
	if o.Blur > 0 && len(o.Secret) < leastSecret {
		return nil, nil, wrong("the secret of the wave has %d bytes; give at least %d, and the same ones each time", len(o.Secret), leastSecret)
	}
	if o.Draws < 2 || o.Draws%2 > 0 {
		return nil, nil, wrong("%d draws; give an even number", o.Draws)
	}
	measured, err := w.measure(ctx)
	if err != nil {
		return nil, nil, err
	}
	if w.sh, err = protect(ctx, w.p, w.k, w.c); err != nil {
		return nil, nil, err
	}
	m, err := w.model(ctx)
	if err != nil {
		return nil, nil, err
	}
	w.d, err = m.draw(ctx, newSlots(w.p, w.sh), &o)
	return w, measured, err
}

// usualDraws are halved where there are many cells: what is said there rests on so many people that draws hardly matter.
const (
	usualDraws = 400
	manyCells  = 50_000
)

func (o Options) filled() Options {
	if o.Top == 0 {
		o.Top = 10
	}
	if o.CalibrateFrom == 0 {
		o.CalibrateFrom = 300
	}
	if o.Blur == 0 {
		o.Blur = usualBlur
	}
	if o.Rule == (Rule{}) {
		o.Rule = DefaultRule()
	}
	return o
}

// parallel runs a number of tasks on workers, and returns the error of the first task that has one.
func parallel(n, workers int, task func(i int) error) error {
	errs := make([]error, n)
	var group sync.WaitGroup
	next := make(chan int)
	for range min(n, processors(workers)) {
		group.Go(func() {
			for i := range next {
				errs[i] = task(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// measure scores everybody and sums over cells.
func (w *rows) measure(ctx context.Context) ([]*scored, error) {
	skills := len(w.in.Skills)
	measured := make([]*scored, skills)
	w.c = &counts{n: w.p.answered, skills: make([]*tallies, skills)}
	err := parallel(skills, w.o.Workers, func(s int) error {
		m, err := measureSkill(ctx, w.in, s, w.o)
		if err != nil {
			return err
		}
		measured[s] = m
		var b *blur
		if w.o.Blur > 0 {
			b = &blur{w.o.Blur, w.o.Secret, w.p, w.in, w.in.Skills[s].ID}
		}
		t := tally(w.p, w.in.People.Weight, len(w.in.Cuts)+1, b, func(r int32) (answer, bool) {
			i := m.pattern[r]
			if i < 0 {
				return answer{}, false
			}
			return answer{m.score[i], m.variance[i], m.level[i]}, true
		})
		if t.people >= w.k {
			w.c.skills[s] = t
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	tried := w.in.People.Tried
	for _, t := range tried {
		if t == 0 {
			w.c.tried = tally(w.p, w.in.People.Weight, 2, nil, func(r int32) (answer, bool) {
				return answer{float64(tried[r]), 0, 1 - tried[r]}, tried[r] >= 0
			})
			break
		}
	}
	if w.c.tried != nil && w.c.tried.people < w.k {
		w.c.tried = nil
	}
	return measured, nil
}

// Work that the variances may cost, in sums and products, and the most values of the variances that are drawn.
const (
	nodeWork  = 2e8
	mostNodes = 32
)

// model fits all models and readies what is drawn from.
func (w *rows) model(ctx context.Context) (*model, error) {
	skills := len(w.in.Skills)
	w.fits = make([]*fitted, skills+1)
	list := append(append([]*tallies(nil), w.c.skills...), w.c.tried)
	m := &model{p: w.p, cuts: w.in.Cuts, skills: make([][]*field, skills), nodes: w.nodes()}
	err := parallel(skills+1, w.o.Workers, func(s int) error {
		if list[s] == nil {
			return nil
		}
		var err error
		if w.fits[s], err = fitModel(ctx, w.p, list[s], w.o); err != nil || w.fits[s] == nil {
			return err
		}
		fields := make([]*field, m.nodes)
		for i := range fields {
			f, r := w.fits[s], stream(w.o.Seed, 1<<40+i, s)
			variance, residual, within := f.variance, f.residual, f.within
			if i > 0 {
				variance, residual, within = f.drawn(r.NormFloat64)
			}
			fields[i] = newField(w.p, list[s], variance, residual, within)
		}
		if s < skills {
			m.skills[s] = fields
		} else {
			m.tried = fields
		}
		return nil
	})
	return m, err
}

// nodes is how many values of the variances are drawn: fewer where each costs much, which is where they are known well.
func (w *rows) nodes() int {
	if w.o.plugIn {
		return 1
	}
	n := float64(w.p.departments + w.p.families)
	work := n * n * n / 3
	for f := range w.p.functions {
		c := float64(w.p.start[f+1] - w.p.start[f])
		work += c * c / 2
	}
	return int(math.Max(1, math.Min(math.Min(mostNodes, float64(w.o.Draws/2)), nodeWork/work)))
}

func (u *ItemUsed) item() irt.Item { return irt.Item{A: u.A, B: u.B, C: u.C} }

// describe writes how skills were measured, and the caveats.
func (w *rows) describe(measured []*scored) {
	for s, m := range measured {
		w.result.Skills = append(w.result.Skills, w.describeSkill(s, m))
	}
	w.note(SameSpread, "", 0)
	if w.in.Staff == nil {
		w.note(NoStaffList, "", 0)
	}
	n, functions, departments := 0, 0, 0
	for c, x := range w.c.n {
		n += x
		if int(w.p.function[c]) == w.p.functions-1 {
			functions += x
		}
		if int(w.p.department[c]) == w.p.departments-1 {
			departments += x
		}
	}
	if t := w.c.tried; t != nil {
		never := 0
		for c := range t.levels {
			if t.levels[c] != nil {
				never += t.levels[c][1]
			}
		}
		w.note(OnlyUsers, "", digits(float64(never)/float64(t.people), 2))
	}
	if functions > 0 {
		w.note(UnknownFunction, "", digits(float64(functions)/float64(n), 2))
	}
	if departments > 0 {
		w.note(UnknownDepartment, "", digits(float64(departments)/float64(n), 2))
	}
	empty, total := 0.0, 0.0
	for c, size := range w.p.size {
		total += size
		if w.c.n[c] == 0 {
			empty += size
		}
	}
	if empty > 0 {
		w.note(Extrapolated, "", digits(empty/total, 2))
	}
}

func (w *rows) note(kind NoteKind, skill string, number float64) {
	w.result.Caveats = append(w.result.Caveats, Note{kind, skill, number})
}

func (w *rows) describeSkill(s int, m *scored) Measured {
	sk := &w.in.Skills[s]
	out := Measured{ID: sk.ID, Basis: m.basis}
	items := func(ids func(i int) string, list []irt.Item) {
		for i, it := range list {
			out.Items = append(out.Items, ItemUsed{ID: ids(i), A: it.A, B: it.B, C: it.C})
		}
	}
	t, f := w.c.skills[s], w.fits[s]
	if m.basis == Self {
		out.Origin = m.scale.origin
		items(func(i int) string { return sk.Self[i].ID }, m.scale.items)
		w.note(SelfReport, sk.ID, 0)
		if out.Origin == Assumed {
			w.note(AssumedScale, sk.ID, 0)
		}
	} else {
		var list []irt.Item
		for i := range sk.Test {
			list = append(list, sk.Test[i].Parameters)
		}
		items(func(i int) string { return sk.Test[i].ID }, list)
	}
	if m.basis == Both {
		r := digits(m.correlation, 1)
		out.Correlation = &r
		w.note(PartlySelf, sk.ID, r)
	}
	if t == nil || f == nil {
		w.note(NotModelled, sk.ID, 0)
		return out
	}
	out.Spread = digits(math.Sqrt(f.within), 1)
	if blur := max(0, w.o.Blur) * max(0, w.o.Blur); t.total > blur { // of the scores before blur.go
		out.Reliability = digits(max(0, 1-(t.error-blur)/(t.total-blur)), 2)
	}
	if out.Reliability < 0.5 {
		w.note(LowReliability, sk.ID, out.Reliability)
	}
	if f.atFloor {
		w.note(SpreadAtFloor, sk.ID, 0)
	}
	if f.few[0] {
		w.note(FewFunctions, sk.ID, 0)
	}
	if f.few[1] {
		w.note(FewDepartments, sk.ID, 0)
	}
	if u := digits(m.unscored, 2); u > 0 {
		w.note(Unscored, sk.ID, u)
	}
	if t.deff > 1.005 {
		w.note(Weighted, sk.ID, digits(t.deff, 2))
	}
	return out
}
