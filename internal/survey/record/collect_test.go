package record

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
)

// answered draws one respondent's answers, some of which are not asked for, as JSON and as the cells of a file.
func answered(t *rapid.T, in *instrument.Instrument) (values map[string]any, cells map[string]string) {
	values, cells = map[string]any{}, map[string]string{}
	one := func(id string, options []instrument.Option, spelt func(*instrument.Option) string) {
		if o := rapid.IntRange(-1, len(options)-1).Draw(t, id); o >= 0 {
			values[id], cells[id] = options[o].ID, spelt(&options[o])
		}
	}
	byID := func(o *instrument.Option) string { return o.ID }
	for i := range in.Items {
		it := &in.Items[i]
		switch it.Kind {
		case instrument.Info:
		case instrument.Single, instrument.Scale:
			one(it.ID, it.Options, byID)
		case instrument.Category:
			// A file has no spelling for "I do not say" of a category: left out here.
			substantive := slices.DeleteFunc(slices.Clone(it.Options), func(o instrument.Option) bool { return o.Missing != instrument.NotMissing })
			one(it.ID, substantive, func(o *instrument.Option) string { return o.Label[instrument.NL] })
		case instrument.Matrix:
			for _, row := range it.Rows {
				one(row.ID, it.Options, byID)
			}
		case instrument.Number:
			if rapid.Bool().Draw(t, it.ID) {
				n := float64(rapid.IntRange(0, 320).Draw(t, it.ID+" value")) / 4
				values[it.ID], cells[it.ID] = n, strconv.FormatFloat(n, 'f', -1, 64)
			}
		case instrument.OpenText:
			if rapid.Bool().Draw(t, it.ID) {
				s := strings.Repeat(rapid.StringMatching(`[a-zé ,.]{1,20}[a-z]`).Draw(t, it.ID+" text"), rapid.IntRange(1, 150).Draw(t, it.ID+" times"))
				values[it.ID], cells[it.ID] = s, s
			}
		case instrument.Multiple:
			var picked []string
			for j := range it.Options {
				o := &it.Options[j]
				if o.Exclusive || o.Missing != instrument.NotMissing {
					continue
				}
				if rapid.Bool().Draw(t, it.ID+"."+o.ID) {
					picked = append(picked, o.ID)
				}
			}
			if len(picked) == 0 {
				if alone := rapid.IntRange(-1, len(it.Options)-1).Draw(t, it.ID+" alone"); alone >= 0 {
					picked = []string{it.Options[alone].ID}
				}
			}
			if picked != nil {
				values[it.ID], cells[it.ID] = picked, strings.Join(picked, ";")
			}
		}
	}
	return values, cells
}

func TestRecordsBecomeWhatAFileWithTheSameAnswersBecomes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in := sample(t)
	for i := range in.Items {
		in.Items[i].Required = false
	}
	c := codec(t, in)
	file := *in // a category of a file has no options
	file.Items = slices.Clone(in.Items)
	file.Item("place").Options = nil
	routing, err := instrument.CompileRouting(&file)
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for _, v := range in.Variables() {
		id := v.ID
		if v.Option != nil {
			id = v.Item.ID
		}
		if !slices.Contains(headings, id) {
			headings = append(headings, id)
		}
	}
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		_ = w.Write(append(slices.Clone(headings), "part"))
		parts := []*Collector{c.Collector(n), c.Collector(0)}
		texts := map[string][]string{"why": nil, "wish": nil}
		var records [2][][]byte
		for range n {
			values, cells := answered(t, in)
			if len(values) == 0 { // a file has no row for who answered nothing
				values["use"], cells["use"] = "never", "never"
			}
			raw, err := json.Marshal(values)
			if err != nil {
				t.Fatal(err)
			}
			r, err := c.Read(raw)
			if err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
			part := rapid.IntRange(0, 1).Draw(t, "part")
			records[part] = append(records[part], r.Bytes())
			line := make([]string, len(headings))
			for i, h := range headings {
				line[i] = cells[h]
			}
			_ = w.Write(append(line, strconv.Itoa(part)))
			for id := range texts {
				if s, ok := values[id].(string); ok && strings.TrimSpace(s) != "" && r.Code(id) == instrument.FirstOption {
					texts[id] = append(texts[id], strings.TrimSpace(s))
				}
			}
		}
		for part, list := range records {
			for _, raw := range list {
				if err := parts[part].Add(raw); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := parts[0].Merge(parts[1]); err != nil || parts[0].Len() != n || parts[1].Len() != 0 {
			t.Fatalf("merged to %d of %d, left %d: %v", parts[0].Len(), n, parts[1].Len(), err)
		}
		got := parts[0].Answers()
		w.Flush()
		runs++
		path := filepath.Join(dir, fmt.Sprintf("%d.csv", runs))
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		read, err := intake.Read(t.Context(), path, &file, intake.Options{Extra: []string{"part"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(read.Issues) > 0 {
			t.Fatalf("the file is not understood: %v", read.Issues)
		}
		routing.Apply(read.Answers)
		if d := cmp.Diff(table(read.Answers), table(got)); d != "" {
			t.Fatalf("rows (-file +records):\n%s", d)
		}
		for id := range texts {
			slices.Sort(texts[id])
			if !slices.Equal(texts[id], parts[0].Texts()[id]) || got.Texts[id] != len(texts[id]) {
				t.Fatalf("texts of %s: %q, want %q; counted %d", id, parts[0].Texts()[id], texts[id], got.Texts[id])
			}
		}
		before := table(got)
		if report := routing.Apply(got); report.Total != 0 || !cmp.Equal(before, table(got)) {
			t.Fatalf("the records were not routed: %v", report)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	})
}

// table writes the answers as rows in which codes stand for what they mean, sorted, because rows come in a random order.
func table(a *instrument.Answers) []string {
	rows := make([]string, a.N)
	for i := range rows {
		var row strings.Builder
		for j, column := range a.Columns {
			if column == nil {
				continue
			}
			code := column.At(i)
			fmt.Fprintf(&row, "%s=", a.Variables[j].ID)
			switch found := code - instrument.FirstOption; {
			case found >= 0 && column.Levels != nil:
				row.WriteString(column.Levels[found])
			case found >= 0 && column.Numbers != nil:
				fmt.Fprint(&row, column.Numbers[found])
			default:
				fmt.Fprint(&row, code)
			}
			row.WriteString(" ")
		}
		rows[i] = row.String()
	}
	slices.Sort(rows)
	return rows
}

func TestTheLengthOfARecordSaysOnlyHowMuchTextThereIs(t *testing.T) {
	t.Parallel()
	in := sample(t)
	for i := range in.Items {
		in.Items[i].Required = false
	}
	c := codec(t, in)
	rapid.Check(t, func(t *rapid.T) {
		values, _ := answered(t, in)
		raw, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.Read(raw)
		if err != nil {
			t.Fatal(err)
		}
		written := 0
		for _, s := range r.texts {
			if s != "" {
				written += 2 + len(s)
			}
		}
		if got, want := len(r.Bytes()), c.Size()+(written+1023)/1024*1024; got != want {
			t.Fatalf("%d bytes, want %d, for %d bytes of text", got, want, written)
		}
	})
}

func TestTheOrderOfRowsIsNotThatOfTheRecords(t *testing.T) {
	t.Parallel()
	c := codec(t, sample(t))
	const n = 1000
	collector := c.Collector(n)
	for i := range n {
		r, err := c.Read(fmt.Appendf(nil, `{"use":"weekly","tools":["none"],"hours":%v}`, float64(i)/16))
		if err != nil {
			t.Fatal(err)
		}
		if err := collector.Add(r.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	a := collector.Answers()
	order, moved, seen := collector.Order(), 0, make([]bool, n)
	for row, from := range order {
		seen[from] = true
		if int(from) != row {
			moved++
		}
		hours := a.Columns[slices.IndexFunc(a.Variables, func(v instrument.Variable) bool { return v.ID == "hours" })]
		if got := hours.Numbers[hours.At(row)-instrument.FirstOption]; got != float64(from)/16 {
			t.Fatalf("row %d holds %v and is said to be record %d", row, got, from)
		}
	}
	if slices.Contains(seen, false) || moved < n*9/10 {
		t.Errorf("%d of %d rows moved, all there: %t", moved, n, !slices.Contains(seen, false))
	}
}

func TestRecordsOfAnotherQuestionnaireAreRefused(t *testing.T) {
	t.Parallel()
	c := codec(t, sample(t))
	r, err := c.Read([]byte(`{"use":"never"}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*instrument.Instrument){
		"an option fewer":        func(in *instrument.Instrument) { in.Item("score").Options = in.Item("score").Options[:1] },
		"options in other order": func(in *instrument.Instrument) { slices.Reverse(in.Item("score").Options) },
		"a level renamed":        func(in *instrument.Instrument) { in.Item("place").Options[0].Label[instrument.NL] = "West" },
		"an item renamed":        func(in *instrument.Instrument) { in.Item("score").ID = "mark" },
		"another missing":        func(in *instrument.Instrument) { in.Item("use").Options[2].Missing = instrument.MissingNotApplicable },
	} {
		in := sample(t)
		change(in)
		if err := codec(t, in).Collector(1).Add(r.Bytes()); !errors.Is(err, ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.Collector(1).Add(r.Bytes()); err != nil {
		t.Errorf("its own: %v", err)
	}
}

func TestMoreNumbersThanFitAreRefusedAndNothingElseIsLost(t *testing.T) {
	t.Parallel()
	in := sample(t)
	in.Item("hours").Max = nil
	c := codec(t, in)
	all, other := c.Collector(0), c.Collector(0)
	add := func(to *Collector, n int) error {
		r, err := c.Read(fmt.Appendf(nil, `{"use":"weekly","tools":["none"],"hours":%d}`, n))
		if err != nil {
			t.Fatal(err)
		}
		return to.Add(r.Bytes())
	}
	for i := range MaxNumbers {
		if err := add(all, i); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(all, MaxNumbers); !errors.Is(err, ErrNumbers) || all.Len() != MaxNumbers {
		t.Errorf("%v with %d records", err, all.Len())
	}
	if err := add(all, 7); err != nil {
		t.Errorf("a number that was there before: %v", err)
	}
	if err := add(other, MaxNumbers); err != nil {
		t.Fatal(err)
	}
	if err := all.Merge(other); !errors.Is(err, ErrNumbers) || other.Len() != 1 || all.Len() != MaxNumbers+1 {
		t.Errorf("merged: %v", err)
	}
	a := all.Answers()
	for _, column := range a.Columns {
		if column != nil && column.Len() != MaxNumbers+1 {
			t.Errorf("a column of %d", column.Len())
		}
	}
}

func FuzzRead(f *testing.F) {
	c := codec(f, sample(f))
	for _, s := range []string{
		`{}`, `{"use":"never"}`, `{"use":"weekly","tools":["a","b"],"agree1":"low","agree2":"nvt","hours":1e1,"why":"\ud800","wish":"\u2028x"}`,
		`{"use":null,"use":[]}`, `[[[[`, `{"hours":-0}`, `{"place":"secret"`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := c.Draft(raw)
		if err != nil {
			var problems *Problems
			if !errors.As(err, &problems) || len(problems.List) == 0 || len(problems.List) > MaxProblems {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		packed := r.Bytes()
		if collector := c.Collector(1); collector.Add(packed) != nil {
			t.Fatalf("%s was packed to what is no record: %x", raw, packed)
		}
	})
}

func FuzzAdd(f *testing.F) {
	c := codec(f, sample(f))
	for _, s := range []string{`{"use":"never"}`, `{"use":"weekly","tools":["none"],"hours":12,"why":"druk","wish":"rust"}`} {
		r, err := c.Read([]byte(s))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Bytes())
		f.Add(r.Bytes()[:20])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > headerSize {
			copy(raw, c.header[:])
		}
		collector := c.Collector(1)
		err := collector.Add(raw)
		if (err == nil) != (collector.Len() == 1) {
			t.Fatalf("%v with %d records", err, collector.Len())
		}
		a := collector.Answers()
		for i, column := range a.Columns {
			if column == nil {
				continue
			}
			if column.Len() != a.N {
				t.Fatalf("%s has %d rows of %d", a.Variables[i].ID, column.Len(), a.N)
			}
			for row := range a.N {
				if column.At(row) >= column.K {
					t.Fatalf("%s: code %d of %d", a.Variables[i].ID, column.At(row), column.K)
				}
			}
			for _, v := range column.Numbers {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s: %v", a.Variables[i].ID, v)
				}
			}
		}
	})
}
