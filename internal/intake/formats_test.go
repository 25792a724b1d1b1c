package intake

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
)

func text(s string) instrument.Text { return instrument.Text{instrument.NL: s} }

func number(v float64) *float64 { return &v }

// mixed is an instrument with an item of each kind.
func mixed() *instrument.Instrument {
	return &instrument.Instrument{ID: "mixed", Version: "1", GroupSize: 5, Items: []instrument.Item{
		{ID: "use", Kind: instrument.Single, Options: []instrument.Option{
			{ID: "daily", Label: instrument.Text{instrument.NL: "Elke dag", instrument.FR: "Chaque jour"}},
			{ID: "weekly", Label: text("Elke week"), Values: []string{"W"}},
			{ID: "never", Label: text("Nooit")},
			{ID: "dk", Label: text("Weet ik niet"), Missing: instrument.MissingDontKnow},
			{ID: "na", Label: text("Niet van toepassing"), Missing: instrument.MissingNotApplicable},
		}},
		likert("skill"),
		{ID: "matrix", Kind: instrument.Matrix, Rows: []instrument.Row{{ID: "m1", Text: text("Eerste")}, {ID: "m2", Text: text("Tweede")}},
			Options: []instrument.Option{{ID: "no", Label: text("oneens")}, {ID: "yes", Label: text("eens")}}},
		{ID: "systems", Kind: instrument.Multiple, Options: []instrument.Option{
			{ID: "copilot", Label: text("Copilot")}, {ID: "chatgpt", Label: text("ChatGPT")},
			{ID: "none", Label: text("Geen"), Exclusive: true},
			{ID: "dk", Label: text("Weet ik niet"), Missing: instrument.MissingDontKnow},
		}},
		{ID: "tasks", Kind: instrument.Multiple, Options: []instrument.Option{{ID: "write", Label: text("Schrijven")}, {ID: "search", Label: text("Zoeken")}}},
		{ID: "age", Kind: instrument.Number, Min: number(16), Max: number(99)},
		{ID: "department", Kind: instrument.Category, Group: true},
		{ID: "why", Kind: instrument.OpenText},
		{ID: "info", Kind: instrument.Info},
	}}
}

// mixedGrid draws answers to mixed, some of them wrong.
func mixedGrid(t *rapid.T) (g grid) {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	g = grid{headings: []string{
		"use", "skill", "m1", "m2", "systems.copilot", "systems.chatgpt", "systems.none", "systems.dk", "tasks", "age", "department", "why", "w", "other",
	}}
	defer g.sort()
	for range rapid.IntRange(1, 30).Draw(t, "rows") {
		g.rows = append(g.rows, []string{
			pick("use", "", "daily", "Elke dag", "CHAQUE JOUR", "w", "nooit", "Weet ik niet", "na", "NA", "dayly"),
			pick("skill", "", "1", "2.0", "3,0", "5", "6"),
			pick("m1", "", "eens", "oneens", "x"), pick("m2", "eens"),
			pick("copilot", "", "1", "0", "ja"), pick("chatgpt", "", "1", "nee"), pick("none", "", "0", "1"), pick("dk", "", "0", "0", "x"),
			pick("tasks", "", "write", "Schrijven; zoeken", "search|write", "write, search", "write;fly"),
			pick("age", "", "45", "45.0", "16", "101", "old"),
			pick("department", "", "Burgerzaken", "burgerzaken ", "Groen", "Één", "N/A"),
			pick("why", "", "omdat", "\"zo\"\nen ; , zo"),
			pick("w", "1", "0.5", "2,5", "", "x", "-1"), pick("other", "", "a", "b"),
		})
	}
	return g
}

// comparable is a result without what tells formats apart.
func comparable(r *Result) any {
	q := r.Quality
	q.Format, q.Encoding, q.Delimiter, q.Sheet, q.Short, q.Blank = "", "", "", "", 0, 0
	a := *r.Answers
	a.Instrument, a.Variables = nil, nil
	return []any{a, q, r.Issues, r.MoreIssues, r.Proposals}
}

func TestFormatsReadAlike(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := mixed()
	rapid.Check(t, func(rt *rapid.T) {
		g := mixedGrid(rt)
		opt := Options{Weight: "w", Extra: []string{"other"}}
		if rapid.Bool().Draw(rt, "unweighted") {
			opt.Weight = ""
		}
		xlsx, dict, plain := filepath.Join(dir, "a.xlsx"), filepath.Join(dir, "a.parquet"), filepath.Join(dir, "b.parquet")
		g.xlsx(t, xlsx)
		g.parquet(t, dict, true, rapid.IntRange(1, 40).Draw(rt, "rows per group"))
		g.parquet(t, plain, false, 1000)
		src := g.csv(t, ',')
		want, wantErr := read(t.Context(), "a.csv", strings.NewReader(src), int64(len(src)), in, Options{
			Weight: opt.Weight, Extra: opt.Extra, Limits: DefaultLimits(),
		})
		for _, path := range []string{xlsx, dict, plain} {
			got, err := Read(t.Context(), path, in, opt)
			if (err == nil) != (wantErr == nil) {
				rt.Fatalf("%s: %v, CSV: %v", path, err, wantErr)
			}
			if err != nil {
				continue
			}
			if diff := cmp.Diff(comparable(want), comparable(got)); diff != "" {
				rt.Fatalf("%s differs from CSV (-csv +other):\n%s\n%s", path, diff, src)
			}
		}
	})
}

func TestEncodingsAndDelimiters(t *testing.T) {
	t.Parallel()
	in := &instrument.Instrument{ID: "e", Items: []instrument.Item{
		{ID: "a", Kind: instrument.Category}, {ID: "b", Kind: instrument.Category}, {ID: "c", Kind: instrument.Number},
	}}
	g := grid{headings: []string{"a", "b", "c"}}
	for i := range 50 {
		g.rows = append(g.rows, []string{"Één, twee; drie\t€", fmt.Sprint("ünï \"", i%7, "\"\nzin"), fmt.Sprint(i, ",5")})
	}
	var want any
	for _, delimiter := range ",;\t|" {
		plain := g.csv(t, delimiter)
		crlf := strings.ReplaceAll(strings.ReplaceAll(plain, "\nzin", "\x01"), "\n", "\r\n")
		crlf = strings.ReplaceAll(crlf, "\x01", "\nzin")
		for _, lines := range []struct{ name, text string }{{"lf", plain}, {"crlf", crlf}, {"no end", strings.TrimSuffix(plain, "\n")}} {
			encode := map[string]func(string) (string, error){
				"utf-8":            func(s string) (string, error) { return s, nil },
				"utf-8 bom":        func(s string) (string, error) { return "\uFEFF" + s, nil },
				"utf-16le bom":     unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
				"utf-16be bom":     unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String,
				"utf-16le":         unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String,
				"utf-16be":         unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String,
				"windows-1252":     charmap.Windows1252.NewEncoder().String,
				"utf-8 sep= line":  func(s string) (string, error) { return "sep=" + string(delimiter) + "\r\n" + s, nil },
				"utf-8 blank line": func(s string) (string, error) { return "\n" + s, nil },
			}
			for name, f := range encode {
				src, err := f(lines.text)
				if err != nil {
					t.Fatal(err)
				}
				t.Run(fmt.Sprintf("%s %q %s", name, delimiter, lines.name), func(t *testing.T) {
					res, err := read(t.Context(), "a.csv", strings.NewReader(src), int64(len(src)), in, Options{Limits: DefaultLimits()})
					if err != nil {
						t.Fatal(err)
					}
					if got := res.Quality.Delimiter; got != string(delimiter) {
						t.Errorf("delimiter %q", got)
					}
					if !strings.HasPrefix(name, res.Quality.Encoding) {
						t.Errorf("encoding %s", res.Quality.Encoding)
					}
					got := comparable(res)
					if want == nil {
						want = got
						if res.Answers.N != 50 || len(res.Answers.Columns[1].Levels) != 7 || res.Answers.Columns[0].Levels[0] != g.rows[0][0] {
							t.Errorf("%d rows, %v", res.Answers.N, res.Answers.Columns[1].Levels)
						}
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Error(diff)
					}
				})
			}
		}
	}
}

func TestOrderOfRows(t *testing.T) {
	t.Parallel()
	in := mixed()
	rapid.Check(t, func(rt *rapid.T) {
		g := mixedGrid(rt)
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range g.rows {
				if !yield(i) {
					return
				}
			}
		})).Draw(rt, "order")
		h := grid{headings: g.headings}
		for _, i := range order {
			h.rows = append(h.rows, g.rows[i])
		}
		a, errA := readText(t, g.csv(t, ','), in, Options{})
		b, errB := readText(t, h.csv(t, ';'), in, Options{})
		if (errA == nil) != (errB == nil) {
			rt.Fatal(errA, errB)
		}
		if errA != nil {
			return
		}
		if a.Answers.N != b.Answers.N {
			rt.Fatalf("N %d and %d", a.Answers.N, b.Answers.N)
		}
		// With every row kept, permuting rows permutes codes.
		if a.Answers.N == len(g.rows) {
			for v, c := range a.Answers.Columns {
				if c == nil {
					continue
				}
				for to, from := range order {
					if b.Answers.Columns[v].At(to) != c.At(from) {
						rt.Fatalf("variable %s row %d", a.Answers.Variables[v].ID, from)
					}
				}
			}
		}
		if diff := cmp.Diff(a.Quality.UnknownByItem, b.Quality.UnknownByItem); diff != "" {
			rt.Fatal(diff)
		}
		if diff := cmp.Diff(a.Proposals, b.Proposals); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func readText(t testing.TB, src string, in *instrument.Instrument, opt Options) (*Result, error) {
	t.Helper()
	opt.Limits = opt.Limits.orDefault()
	return read(t.Context(), "a.csv", strings.NewReader(src), int64(len(src)), in, opt)
}
