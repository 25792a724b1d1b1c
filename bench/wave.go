package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the peer

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
)

// departments is the number of groups of the crosstabs.
const departments = 300

// files are where one made-up wave stands on disk.
type files struct {
	size       int
	dir        string
	instrument string
	parquet    string
	snapshot   string
}

func filesOf(out string, size int) files {
	dir := filepath.Join(out, fmt.Sprint(size))
	return files{
		size: size, dir: dir, instrument: filepath.Join(dir, "instrument.yaml"),
		parquet: filepath.Join(dir, "synthetic-wave.parquet"), snapshot: filepath.Join(dir, "synthetic-wave.snapshot"),
	}
}

// wave is one made-up wave in DuckDB and as columns in memory.
type wave struct {
	files
	db      *sql.DB
	answers *instrument.Answers
	items   []string
}

func openDuck() (*sql.DB, error) {
	db, err := sql.Open("duckdb", "?threads=2")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// prepare makes the wave, or leaves the one made before.
func prepare(ctx context.Context, f files) error {
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(f.instrument, []byte(instrumentYAML()), 0o644); err != nil {
		return err
	}
	if _, err := os.Stat(f.parquet); err != nil {
		items := itemIDs()
		fmt.Fprintf(os.Stderr, "making %d respondents x %d items in %s\n", f.size, len(items), f.dir)
		db, err := openDuck()
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, fmt.Sprintf("COPY (%s) TO '%s.part' (FORMAT parquet)", makeSQL(f.size, items), f.parquet))
		if err := errors.Join(err, db.Close()); err != nil {
			return err
		}
		if err := os.Rename(f.parquet+".part", f.parquet); err != nil {
			return err
		}
	}
	if _, err := os.Stat(f.snapshot); err == nil {
		return nil
	}
	save := exec.CommandContext(ctx, program, "snapshot", "--instrument", f.instrument, "--data", f.parquet, "--weight", "weight", "--out", f.snapshot)
	save.Stdout, save.Stderr = os.Stderr, os.Stderr
	if err := save.Run(); err != nil {
		return fmt.Errorf("the snapshot could not be made: %w", err)
	}
	return nil
}

// openWave reads the wave into both programs.
func openWave(ctx context.Context, f files) (*wave, error) {
	w := &wave{files: f, items: itemIDs()}
	var err error
	if w.db, err = openDuck(); err != nil {
		return nil, err
	}
	if _, err := w.db.ExecContext(ctx, fmt.Sprintf("CREATE TABLE wave AS SELECT * FROM read_parquet('%s')", f.parquet)); err != nil {
		return nil, err
	}
	src, err := os.ReadFile(f.instrument)
	if err != nil {
		return nil, err
	}
	in, err := instrument.Parse(f.instrument, src)
	if err != nil {
		return nil, err
	}
	read, err := intake.Read(ctx, f.snapshot, in, intake.Options{Weight: "weight"})
	if err != nil {
		return nil, err
	}
	w.answers = read.Answers
	return w, nil
}

// Close ends DuckDB.
func (w *wave) Close() error { return w.db.Close() }

// blocks are the scales of the wave: name, number of items, topic.
var blocks = []struct {
	id    string
	n     int
	topic string
}{
	{"technical", 6, "skills"}, {"critical", 6, "skills"}, {"communicative", 5, "skills"}, {"creative", 4, "skills"}, {"ethical", 4, "skills"},
	{"performance", 3, "drivers"}, {"effort", 3, "drivers"}, {"social", 3, "drivers"}, {"conditions", 3, "drivers"}, {"intention", 3, "drivers"},
	{"views", 40, "other"},
}

// itemIDs returns the 80 items of the wave.
func itemIDs() []string {
	var ids []string
	for _, b := range blocks {
		for i := range b.n {
			ids = append(ids, fmt.Sprintf("%s%d", b.id, i+1))
		}
	}
	return ids
}

// makeSQL makes a respondent a row from hashes of the row number: reproducible, with a common factor in all items, 3 %
// of cells empty, departments of very different sizes and weights from 0.4 to 2.5.
func makeSQL(size int, items []string) string {
	var b strings.Builder
	b.WriteString("WITH person AS (SELECT i, (hash(i) % 10007) / 10007.0 AS f FROM range(" + fmt.Sprint(size) + ") t(i)) SELECT ")
	fmt.Fprintf(&b, "'D' || lpad(CAST(CAST(floor(%d * pow((hash(i + 7777777777) %% 10007) / 10007.0, 1.6)) AS INTEGER) AS VARCHAR), 3, '0') AS department, ", departments)
	b.WriteString("0.4 + 2.1 * pow((hash(i + 8888888888) % 10007) / 10007.0, 2) AS weight")
	for j, id := range items {
		fmt.Fprintf(&b, ", CASE WHEN hash(i * 97 + %[1]d) %% 100 < 3 THEN NULL ELSE CAST(greatest(1, least(5, "+
			"round(1 + 2.4 * f + %.2[2]f + 2.4 * (hash(i * 89 + %[1]d) %% 10007) / 10007.0))) AS UTINYINT) END AS %[3]s", j+1, 0.05*float64(j%7), id)
	}
	b.WriteString(" FROM person")
	return b.String()
}

// instrumentYAML describes the wave.
func instrumentYAML() string {
	text := func(s string) string { return fmt.Sprintf("{nl: %[1]s, fr: %[1]s, de: %[1]s, en: %[1]s}", s) }
	var b strings.Builder
	fmt.Fprintf(&b, "id: bench\nversion: \"1\"\ntitle: %s\nlanguages: [nl, fr, de, en]\ngroup_size: 10\n", text("Bench"))
	b.WriteString("scales:\n  agree:\n")
	for i := range 5 {
		fmt.Fprintf(&b, "    - {id: \"%d\", value: %d, label: %s}\n", i+1, i+1, text(fmt.Sprintf("\"%d\"", i+1)))
	}
	fmt.Fprintf(&b, "items:\n  - id: department\n    kind: category\n    topic: background\n    group: true\n    question: %s\n", text("Department"))
	for _, s := range blocks {
		fmt.Fprintf(&b, "  - id: block_%s\n    kind: matrix\n    topic: %s\n    question: %s\n    options_from: agree\n    rows:\n", s.id, s.topic, text(s.id))
		for i := range s.n {
			fmt.Fprintf(&b, "      - {id: %[1]s%[2]d, text: %[3]s}\n", s.id, i+1, text(fmt.Sprintf("%s%d", s.id, i+1)))
		}
	}
	b.WriteString("constructs:\n")
	for _, s := range blocks {
		if s.topic == "other" {
			continue
		}
		var ids []string
		for i := range s.n {
			ids = append(ids, fmt.Sprintf("%s%d", s.id, i+1))
		}
		fmt.Fprintf(&b, "  - {id: %s, topic: %s, label: %s, items: [%s], min_answered: %d}\n", s.id, s.topic, text(s.id), strings.Join(ids, ", "), (s.n+1)/2)
	}
	b.WriteString("models:\n  - {id: willingness, outcome: intention, predictors: [performance, effort, social, conditions]}\n")
	return b.String()
}
