package intake

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"tekentafel/internal/instrument"
)

// coder makes Answers of a table.
type coder struct {
	name    string
	plan    *plan
	table   *table
	mapping *Mapping
	missing spellings
	dropped []int // rows that are left out, ascending
	keep    []bool

	mu        sync.Mutex // guards what follows
	issues    issues
	quality   Quality
	proposals []Merge
}

func (c *coder) answers(ctx context.Context, in *instrument.Instrument, opt Options) (*instrument.Answers, error) {
	c.quality.Rows, c.quality.Blank, c.quality.Short = c.table.rows, len(c.table.blank), c.table.short
	c.quality.Unread, c.quality.Ignored, c.quality.Missing = c.plan.unread, c.plan.ignored, c.plan.missing
	c.quality.UnknownByItem = map[string]int{}
	a := &instrument.Answers{
		Instrument: in, Variables: c.plan.variables, Columns: make([]*instrument.Column, len(c.plan.variables)),
		Texts: map[string]int{}, Extra: map[string]*instrument.Factor{}, Synthetic: c.synthetic(),
	}
	weights := c.weights()
	if err := c.drop(weights); err != nil {
		return nil, err
	}
	a.N = c.table.rows - len(c.dropped)
	if weights != nil {
		a.Weights = kept(weights, c.dropped)
	}
	for _, f := range opt.factors() {
		made, err := c.factor(f)
		if err != nil {
			return nil, err
		}
		a.Extra[f.name] = made
	}
	jobs, ctx := errgroup.WithContext(ctx)
	jobs.SetLimit(runtime.GOMAXPROCS(0))
	c.countUses()
	for _, job := range c.jobs(a) {
		jobs.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return job()
		})
	}
	if err := jobs.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(c.proposals, func(x, y Merge) int {
		return cmp.Or(cmp.Compare(slices.Index(c.plan.headings, x.Column), slices.Index(c.plan.headings, y.Column)),
			cmp.Compare(x.Item, y.Item), cmp.Compare(x.From, y.From))
	})
	return a, nil
}

// jobs lists the work of coding: one job for each variable, and one for each multiple choice.
func (c *coder) jobs(a *instrument.Answers) []func() error {
	var list []func() error
	items := map[string]bool{}
	for i, v := range c.plan.variables {
		switch {
		case v.Option != nil:
			if items[v.Item.ID] {
				continue
			}
			items[v.Item.ID] = true
			own := c.optionColumns(v.Item.ID)
			if cell, ok := c.plan.cell[v.Item.ID]; ok {
				list = append(list, func() error { c.oneCell(a, own, cell); return nil })
			} else if slices.ContainsFunc(own, func(i int) bool { return c.plan.column[i] != none }) {
				list = append(list, func() error { c.ownColumns(a, own); return nil })
			}
		case c.plan.column[i] == none:
		case v.Item.Kind == instrument.OpenText:
			a.Texts[v.ID] = c.countTexts(c.plan.column[i])
		default:
			list = append(list, func() error {
				column, err := c.variable(v, c.plan.column[i])
				a.Columns[i] = column
				return err
			})
		}
	}
	return list
}

// optionColumns returns the variables of a multiple choice.
func (c *coder) optionColumns(item string) []int {
	var own []int
	for i, v := range c.plan.variables {
		if v.Option != nil && v.Item.ID == item {
			own = append(own, i)
		}
	}
	return own
}

// countUses tells each column how many variables read it, so that a column with one reader is coded in place.
func (c *coder) countUses() {
	for i, column := range c.plan.column {
		if column != none && c.plan.variables[i].Item.Kind != instrument.OpenText {
			c.table.columns[column].uses++
		}
	}
	for _, column := range c.plan.cell {
		c.table.columns[column].uses += 2 // an option each
	}
}

func (c *coder) synthetic() bool {
	if c.plan.marker == none {
		return false
	}
	for _, cell := range c.table.columns[c.plan.marker].dict.values {
		if key, ok := numberKey(cell); ok && key == "1" || caseless(cell) == "true" {
			return true
		}
	}
	return false
}

// variable codes a variable that has a column of its own.
func (c *coder) variable(v instrument.Variable, column int) (*instrument.Column, error) {
	raw, r := c.table.columns[column], c.reading(column)
	cells := raw.dict.values
	var made *coding
	var err error
	switch v.Item.Kind {
	case instrument.Category:
		used := raw.counts(c.dropped)
		if made, err = codeLevels(cells, r, v.Item, used); err == nil {
			c.propose(raw.heading, v.ID, r, made, cells, used)
		}
	case instrument.Number:
		made, err = codeNumbers(cells, r, v.Item, raw.counts(c.dropped))
	default:
		made = codeOptions(cells, r, v.Item.Options)
	}
	if err != nil {
		return nil, c.located(err, column)
	}
	c.report(column, itemOf(v), made.wrong)
	out := translate(raw, c.table.rows, made.codes, made.k)
	out.Levels, out.Numbers = made.levels, made.numbers
	return c.trim(out), nil
}

// itemOf names the item or matrix row that a variable belongs to.
func itemOf(v instrument.Variable) string {
	if v.Row != nil {
		return v.ID
	}
	return v.Item.ID
}

func (c *coder) located(err error, column int) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // ours, never wrapped
		e.File, e.Column = c.name, c.plan.headings[column]
	}
	return err
}

// report adds an issue for each kept row whose cell was not understood.
func (c *coder) report(column int, item string, bad map[uint32]wrong) {
	if len(bad) == 0 {
		return
	}
	raw := c.table.columns[column]
	mark := make([]bool, raw.dict.len())
	for id := range bad {
		mark[id] = true
	}
	dropped, n := c.dropped, 0
	raw.marked(mark, func(row int, id uint32) {
		for len(dropped) > 0 && dropped[0] < row {
			dropped = dropped[1:]
		}
		if len(dropped) > 0 && dropped[0] == row {
			return
		}
		if n++; n <= c.issues.limit { // rows ascend, so that the rest would not be kept
			c.issue(column, row, raw.dict.values[id], item, bad[id])
		}
	})
	if more := n - c.issues.limit; more > 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.quality.Unknown += more
		c.quality.UnknownByItem[item] += more
		c.issues.total += more
	}
}

func (c *coder) issue(column, row int, value, item string, w wrong) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if item != "" {
		c.quality.Unknown++
		c.quality.UnknownByItem[item]++
	}
	if value == formulaCell {
		value = formulaShown
		w = wrong{"is a formula, not an answer; copy the column and paste it as values", ""}
	}
	c.issues.add(column, Issue{
		Row: c.table.rowNumber(row), Column: c.plan.headings[column], Value: value, Item: item,
		Message: w.message, Suggestion: w.suggestion,
	})
}

// countTexts counts the texts that were given in rows that are kept.
func (c *coder) countTexts(column int) int {
	raw := c.table.columns[column]
	n := 0
	empty := c.emptyIDs(column)
	for id, count := range raw.counts(c.dropped) {
		if !empty[id] {
			n += count
		}
	}
	return n
}
