package needs

import (
	"context"
	"errors"
	"strconv"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/demand"
)

// headOf returns the number of the last change, 0 before the first.
func headOf(ctx context.Context, r db.Reader) (int64, error) {
	var seq int64
	err := r.Row(ctx, `SELECT COALESCE((SELECT seq FROM skill_need_heads WHERE tenant_id = $1), 0)`, nil, &seq)
	return seq, err
}

// nextSeq takes the next number.
func nextSeq(ctx context.Context, tx *db.Scope) (int64, error) {
	var seq int64
	err := tx.Row(ctx, `INSERT INTO skill_need_heads (tenant_id, seq) VALUES ($1, 1)
ON CONFLICT (tenant_id) DO UPDATE SET seq = skill_need_heads.seq + 1 WHERE skill_need_heads.tenant_id = $1 RETURNING seq`, nil, &seq)
	return seq, err
}

// factsSince returns what holds, of what was written after the change from up to the change to.
func factsSince(ctx context.Context, r db.Reader, from, to int64) (keys []demand.Key, values []demand.Standing, err error) {
	err = r.Rows(ctx, `SELECT f.kind, f.family, f.function_id, f.unit_id, f.role_id, f.item, f.value, f.note, f.how, f.seq, c.account_id, c.at
FROM skill_need_facts AS f JOIN skill_need_changes AS c ON c.tenant_id = f.tenant_id AND c.seq = f.seq
WHERE f.tenant_id = $1 AND f.seq > $2 AND f.seq <= $3 AND NOT EXISTS (SELECT 1 FROM skill_need_facts AS n WHERE n.tenant_id = f.tenant_id AND n.kind = f.kind
AND n.family = f.family AND n.function_id = f.function_id AND n.unit_id = f.unit_id AND n.role_id = f.role_id AND n.item = f.item AND n.seq > f.seq AND n.seq <= $3)`,
		func(scan func(...any) error) error {
			var k demand.Key
			var v demand.Standing
			var at int64
			err := scan(&k.Kind, &k.Family, &k.Function, &k.Department, &k.Role, &k.Item, &v.Value.Value, &v.Note, &v.How, &v.Seq, &v.Account, &at)
			v.At = clock.Time(at)
			keys, values = append(keys, k), append(values, v)
			return err
		}, from, to)
	return keys, values, err
}

// ChangeKind is how a change came to be.
type ChangeKind string

// The kinds of changes.
const (
	ByAnswers   ChangeKind = "answers"   // rules answered
	ByTaking    ChangeKind = "taken"     // proposals taken over
	ByLevel     ChangeKind = "level"     // a level set or taken away
	ByFactors   ChangeKind = "factors"   // circumstances recorded
	ByRole      ChangeKind = "role"      // a role with its levels
	ByProposal  ChangeKind = "proposal"  // what a manager proposed
	ByImport    ChangeKind = "import"    // a sheet
	ByFramework ChangeKind = "framework" // another version of the framework
	ByUndo      ChangeKind = "undo"
)

// ChangeKinds lists the kinds of changes.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{ByAnswers, ByTaking, ByLevel, ByFactors, ByRole, ByProposal, ByImport, ByFramework, ByUndo}
}

// Change is something that somebody changed.
type Change struct {
	Seq      int64
	Kind     ChangeKind
	Account  string
	At       time.Time
	Note     string
	Undoes   int64 // 0: none
	UndoneBy int64 // 0: it was not put back
	Count    int   // of its facts
	Facts    []demand.Fact
}

// insertChange writes a change with its facts.
func insertChange(ctx context.Context, tx *db.Scope, c *Change) error {
	if _, err := tx.Exec(ctx, `INSERT INTO skill_need_changes (tenant_id, seq, kind, account_id, at, note, undoes, facts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.Seq, string(c.Kind), c.Account, clock.Micros(c.At), c.Note, c.Undoes, len(c.Facts)); err != nil {
		return err
	}
	return tx.InsertAll(ctx, &db.Bulk{Table: "skill_need_facts", Columns: []string{"kind", "family", "function_id", "unit_id", "role_id", "item", "seq", "value", "note", "how", "was_value", "was_note", "was_how", "was_seq"}},
		len(c.Facts), func(i int, to []any) []any {
			f := &c.Facts[i]
			return append(to, string(f.Kind), f.Family, f.Function, f.Department, f.Role, f.Item, c.Seq, f.Value.Value, f.Note, f.How, f.Was.Value, f.Was.Note, f.Was.How, f.WasSeq)
		})
}

// ChangeQuery says which changes a list holds.
type ChangeQuery struct {
	Account string          // "" for any
	Kind    ChangeKind      // "" for any
	About   framework.Where // changes with a fact about this function, or about this family itself; zero for any
	Before  int64           // only earlier ones; 0 for all
	Limit   int
}

const changeColumns = `c.seq, c.kind, c.account_id, c.at, c.note, c.undoes, c.facts,
COALESCE((SELECT MAX(u.seq) FROM skill_need_changes AS u WHERE u.tenant_id = c.tenant_id AND u.undoes = c.seq AND u.undoes > 0), 0)`

func scanChange(scan func(...any) error) (Change, error) {
	var c Change
	var at int64
	err := scan(&c.Seq, &c.Kind, &c.Account, &at, &c.Note, &c.Undoes, &c.Count, &c.UndoneBy)
	c.At = clock.Time(at)
	return c, err
}

// changes lists changes, the newest first, without their facts.
func changes(ctx context.Context, r db.Reader, q ChangeQuery) (out []Change, err error) {
	query := `SELECT ` + changeColumns + ` FROM skill_need_changes AS c WHERE c.tenant_id = $1`
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		query += " AND " + condition + strconv.Itoa(1+len(args))
	}
	if q.Account != "" {
		add("c.account_id = $", q.Account)
	}
	if q.Kind != "" {
		add("c.kind = $", string(q.Kind))
	}
	if q.Before > 0 {
		add("c.seq < $", q.Before)
	}
	about := "EXISTS (SELECT 1 FROM skill_need_facts AS f WHERE f.tenant_id = c.tenant_id AND f.seq = c.seq AND "
	switch {
	case q.About.Function != "":
		add(about+"f.function_id <> '' AND f.function_id = $", q.About.Function)
		query += ")"
	case q.About.Family != "":
		add(about+"f.family <> '' AND f.family = $", q.About.Family)
		query += ")"
	case q.About.Role != "":
		add(about+"f.role_id = $", q.About.Role)
		query += ")"
	}
	args = append(args, q.Limit)
	query += " ORDER BY c.seq DESC LIMIT $" + strconv.Itoa(1+len(args))
	err = r.Rows(ctx, query, func(scan func(...any) error) error {
		c, err := scanChange(scan)
		out = append(out, c)
		return err
	}, args...)
	return out, err
}

// changeOf returns a change with its facts; db.ErrNoRow when there is none.
func changeOf(ctx context.Context, r db.Reader, seq int64) (c Change, err error) {
	found := false
	err = r.Rows(ctx, `SELECT `+changeColumns+` FROM skill_need_changes AS c WHERE c.tenant_id = $1 AND c.seq = $2`, func(scan func(...any) error) (err error) {
		found = true
		c, err = scanChange(scan)
		return err
	}, seq)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	if err != nil {
		return c, err
	}
	c.Facts, err = factsOf(ctx, r, seq, c.Count)
	return c, err
}

// factsOf returns the first facts of a change, at most so many.
func factsOf(ctx context.Context, r db.Reader, seq int64, most int) (out []demand.Fact, err error) {
	err = r.Rows(ctx, `SELECT kind, family, function_id, unit_id, role_id, item, value, note, how, was_value, was_note, was_how, was_seq
FROM skill_need_facts WHERE tenant_id = $1 AND seq = $2 ORDER BY kind, family, function_id, unit_id, role_id, item LIMIT $3`, func(scan func(...any) error) error {
		var f demand.Fact
		err := scan(&f.Kind, &f.Family, &f.Function, &f.Department, &f.Role, &f.Item, &f.Value.Value, &f.Note, &f.How, &f.Was.Value, &f.Was.Note, &f.Was.How, &f.WasSeq)
		out = append(out, f)
		return err
	}, seq, most)
	return out, err
}

// authors lists the accounts that changed something.
func authors(ctx context.Context, r db.Reader) (out []string, err error) {
	err = r.Rows(ctx, `SELECT DISTINCT account_id FROM skill_need_changes WHERE tenant_id = $1 AND account_id <> ''`, func(scan func(...any) error) error {
		var a string
		err := scan(&a)
		out = append(out, a)
		return err
	})
	return out, err
}

func itoa(n int) string { return strconv.Itoa(n) }

func missing(err error) bool { return errors.Is(err, db.ErrNoRow) }
