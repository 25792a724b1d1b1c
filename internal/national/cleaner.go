package national

import "strings"

// Policy says what becomes of national numbers in a file.
type Policy string

// The policies.
const (
	Refuse Policy = "refuse" // a file with them is not taken
	Hash   Policy = "hash"   // a keyed hash in a column of them, nothing elsewhere
	Keep   Policy = "keep"   // they stay; only with a recorded legal basis
)

// Cleaner takes national numbers out of the columns of a file. The zero Cleaner refuses.
type Cleaner struct {
	Policy Policy
	Key    func([]byte) []byte // for Hash: a keyed one-way function, the same for every file of the organisation
}

// Column is a column that can be changed.
type Column interface {
	Len() int
	Cell(i int) string
	Set(i int, cell string)
}

// Rows is how many cells there are of a sort, and the places of the first ones.
type Rows struct {
	Count int
	First []int // indexes in the column, ascending, at most mostFirst
}

const mostFirst = 10

func (r *Rows) add(i int) {
	if r.Count++; len(r.First) < mostFirst {
		r.First = append(r.First, i)
	}
}

// Report is what a column held and what became of it. It holds no number.
type Report struct {
	Verdict Verdict
	Hashed  Rows // cells that now hold a hash
	Emptied Rows // cells that were a number and are now empty
	Cut     Rows // cells with a number among other text, which has "…" in its place
	Faulty  Rows // cells of a Whole column with a number that cannot be right, now empty: a slip leaves most of a number
	Kept    Rows // cells left as they were under Keep, or that made the file refused
}

// Any tells whether something was found.
func (r *Report) Any() bool {
	return r.Hashed.Count+r.Emptied.Count+r.Cut.Count+r.Faulty.Count+r.Kept.Count > 0
}

// Refused tells whether the policy refuses what was found.
func (c *Cleaner) Refused(r *Report) bool { return r.Any() && c.policy() == Refuse }

func (c *Cleaner) policy() Policy {
	if c == nil || c.Policy != Keep && (c.Policy != Hash || c.Key == nil) {
		return Refuse
	}
	return c.Policy
}

// Clean judges a column and changes its cells by the policy: under Refuse and Keep none.
func (c *Cleaner) Clean(heading string, column Column) *Report {
	j := NewJudge(heading)
	for i := range column.Len() {
		j.Add(column.Cell(i))
	}
	r := &Report{Verdict: j.Verdict()}
	if r.Verdict.Level == None {
		return r
	}
	// among other keys, as for staff who have no number of the house yet, a hash can be the key as well
	hashed := r.Verdict.Level == Whole || r.Verdict.Passed >= 3 && 20*r.Verdict.Passed >= r.Verdict.Filled
	for i := range column.Len() {
		c.cell(r, column, i, hashed)
	}
	return r
}

// cell cleans one cell.
func (c *Cleaner) cell(r *Report, column Column, i int, hashed bool) {
	cell := column.Cell(i)
	n := countDigits(cell)
	if n < 4 || IsHash(cell) {
		return
	}
	whole := r.Verdict.Level == Whole
	g := digitsOf(cell)
	m, ok := g.belgian()
	if whole && r.Verdict.Dutch {
		m, ok = g.dutch()
		if be, isBelgian := g.belgian(); isBelgian && be.Spelling != Short {
			m, ok = be, true
		}
	}
	switch {
	case ok && (whole || m.Spelling != Short):
		c.replace(r, column, i, m.Number, hashed)
	case whole && (g.digits >= 9 || g.digits >= 5 && r.Verdict.Named || lostDigits(cell)):
		c.put(&r.Faulty, r, column, i, "")
	case g.groups == 0 && n >= 8:
		if text, n := Mask(cell); n > 0 {
			c.put(&r.Cut, r, column, i, text)
		}
	}
}

func (c *Cleaner) replace(r *Report, column Column, i int, n Number, hashed bool) {
	if hashed && c.policy() == Hash {
		c.put(&r.Hashed, r, column, i, n.Hash(c.Key))
		return
	}
	c.put(&r.Emptied, r, column, i, "")
}

// put changes a cell and counts it, unless the policy leaves it.
func (c *Cleaner) put(rows *Rows, r *Report, column Column, i int, cell string) {
	if c.policy() != Hash {
		r.Kept.add(i)
		return
	}
	rows.add(i)
	column.Set(i, cell)
}

// lostDigits tells whether a cell is a long number of which a spreadsheet left the first digits: 8,50730E+10. They still say
// when somebody was born.
func lostDigits(cell string) bool {
	s := strings.TrimSpace(cell)
	return len(s) >= 5 && strings.Trim(s, "0123456789.,eE+") == "" && strings.ContainsAny(s, "eE") && isDigit(s[0])
}
