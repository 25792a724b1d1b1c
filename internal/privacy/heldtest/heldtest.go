// Package heldtest lets a test prove that what a person is shown about themselves is all that the store holds about them.
// It reads the store as a stranger would: every table, every column, whatever a feature says about it.
package heldtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/db"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/tenant"
)

// Found is a row of the store that mentions a person.
type Found struct {
	Table string
	Key   string // values of the primary key behind tenant_id, joined by "/"
	ID    string // value of the column id, if there is one
}

// Mentions returns the rows of an organisation that hold one of words in any column, whole or as a part.
func Mentions(t testing.TB, d *db.DB, in tenant.ID, words ...string) []Found {
	t.Helper()
	var out []Found
	all := tables(t, d)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[name].mentions(t, d, in, words)...)
	}
	return out
}

// Uncovered returns the rows that mention a person and are in no section, "table/key" each. A row of a section covers the row
// that its Source names by key or by id, or all rows of a table when it names the account itself. Exceptions are tables with
// the reason why a person is not shown what is in them.
func Uncovered(found []Found, sections []held.Section, account string, exceptions map[string]string) []string {
	shown := map[string]bool{}
	for _, s := range sections {
		for _, r := range s.Rows {
			shown[r.Source] = true
		}
	}
	var out []string
	for _, f := range found {
		_, excepted := exceptions[f.Table]
		if excepted || shown[f.Table+"/"+f.Key] || f.ID != "" && shown[f.Table+"/"+f.ID] || shown[f.Table+"/"+account] {
			continue
		}
		out = append(out, f.Table+"/"+f.Key)
	}
	return out
}

// Personal lists the tables that have a column for a person. A test that claims to cover them all compares with this.
func Personal(t testing.TB, d *db.DB) []string {
	t.Helper()
	var out []string
	for name, table := range tables(t, d) {
		if slices.ContainsFunc(table.columns, func(c string) bool {
			return slices.Contains([]string{"account_id", "account", "actor_id", "created_by", "recipient", "mail"}, c)
		}) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

type table struct {
	name    string
	columns []string
	key     []string // columns of the primary key
}

func (x table) mentions(t testing.TB, d *db.DB, in tenant.ID, words []string) []Found {
	t.Helper()
	if !slices.Contains(x.columns, "tenant_id") {
		return nil
	}
	var out []Found
	err := d.System().Rows(t.Context(), `SELECT `+strings.Join(x.columns, ", ")+` FROM `+x.name+` WHERE tenant_id = $1`, func(scan func(...any) error) error {
		row, into := make([]any, len(x.columns)), make([]any, len(x.columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := scan(into...); err != nil {
			return err
		}
		f, hit := Found{Table: x.name}, false
		var key []string
		for i, c := range x.columns {
			value := written(row[i])
			hit = hit || slices.ContainsFunc(words, func(w string) bool { return strings.Contains(value, w) })
			if c == "id" {
				f.ID = value
			}
			if c != "tenant_id" && slices.Contains(x.key, c) {
				key = append(key, value)
			}
		}
		if f.Key = strings.Join(key, "/"); hit {
			out = append(out, f)
		}
		return nil
	}, string(in))
	if err != nil {
		t.Fatalf("read %s: %v", x.name, err)
	}
	return out
}

func written(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

const sqliteColumns = `SELECT m.name, c.name, c.pk FROM sqlite_master AS m, pragma_table_info(m.name) AS c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`

const postgresColumns = `SELECT c.table_name, c.column_name, COALESCE(k.ordinal_position, 0)
FROM information_schema.columns AS c
LEFT JOIN information_schema.table_constraints AS p ON p.table_schema = c.table_schema AND p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY'
LEFT JOIN information_schema.key_column_usage AS k ON k.constraint_schema = p.constraint_schema AND k.constraint_name = p.constraint_name
  AND k.table_name = c.table_name AND k.column_name = c.column_name
WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position`

// tables reads how the store is built.
func tables(t testing.TB, d *db.DB) map[string]table {
	t.Helper()
	query := sqliteColumns
	if d.Engine == db.PostgreSQL {
		query = postgresColumns
	}
	out := map[string]table{}
	err := d.System().Rows(t.Context(), query, func(scan func(...any) error) error {
		var name, column string
		var key int
		if err := scan(&name, &column, &key); err != nil {
			return err
		}
		x := out[name]
		x.name, x.columns = name, append(x.columns, column)
		if key > 0 {
			x.key = append(x.key, column)
		}
		out[name] = x
		return nil
	})
	if err != nil {
		t.Fatalf("read how the store is built: %v", err)
	}
	delete(out, "goose_db_version")
	return out
}
