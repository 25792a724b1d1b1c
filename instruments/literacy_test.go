package instruments

import (
	"bytes"
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/testkit"
)

// literacyData returns heading and rows of the data that chatgpt-literacy-cl.yaml describes; it lies outside the
// repository.
func literacyData(t *testing.T) (heading []string, rows [][]string) {
	t.Helper()
	src, err := os.ReadFile(testkit.NeedRealAnswers(t))
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(src, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

// TestLiteracyDescribesItsData holds every column and every distinct value against the instrument.
func TestLiteracyDescribesItsData(t *testing.T) {
	t.Parallel()
	heading, rows := literacyData(t)
	src, err := Open("chatgpt-literacy-cl")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("chatgpt-literacy-cl.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]instrument.Variable{}
	for _, v := range in.Variables() {
		described[v.Heading()] = v
		if !slices.Contains(heading, v.Heading()) {
			t.Errorf("the data has no column %q", v.Heading())
		}
	}
	levels := map[string]map[string]bool{}
	for k, column := range heading {
		v, ok := described[column]
		if !ok {
			if !slices.Contains(in.IgnoreColumns, column) {
				t.Errorf("column %q is neither described nor ignored", column)
			}
			continue
		}
		for i, row := range rows {
			if why := unfit(&v, row[k]); why != "" {
				t.Errorf("row %d, %s: %q %s", i+2, column, row[k], why)
			}
			if levels[column] == nil {
				levels[column] = map[string]bool{}
			}
			levels[column][row[k]] = true
		}
	}
	// The two-way spellings of one campus and one discipline stay apart here: merging them is a decision of people.
	if len(levels["sede"]) != 5 || len(levels["disciplina_OCDE"]) != 7 {
		t.Errorf("%d campuses and %d disciplines, want 5 and 7 spellings", len(levels["sede"]), len(levels["disciplina_OCDE"]))
	}
}

// unfit says why a value does not fit a variable; "" when it does.
func unfit(v *instrument.Variable, value string) string {
	switch v.Item.Kind {
	case instrument.Category:
		return ""
	case instrument.Number:
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || x < *v.Item.Min || x > *v.Item.Max {
			return "is no number within the limits"
		}
		return ""
	default:
		substantive, missing := v.Choices()
		for _, c := range append(substantive, missing...) {
			if c.Option.ID == value || slices.Contains(c.Option.Values, value) {
				return ""
			}
		}
		return "fits no option"
	}
}

// TestLiteracyRouting counts what the filter sets aside: the 51 who do not use ChatGPT rated all 25 statements.
func TestLiteracyRouting(t *testing.T) {
	t.Parallel()
	heading, rows := literacyData(t)
	src, err := Open("chatgpt-literacy-cl")
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse("chatgpt-literacy-cl.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	a := &instrument.Answers{Instrument: in, N: len(rows), Variables: in.Variables()}
	for _, v := range a.Variables {
		if v.Item.Kind == instrument.Category || v.Item.Kind == instrument.Number {
			a.Columns = append(a.Columns, nil)
			continue
		}
		col := &instrument.Column{Narrow: make([]uint8, len(rows)), K: v.K()}
		substantive, _ := v.Choices()
		for i, row := range rows {
			value := row[slices.Index(heading, v.Heading())]
			for _, c := range substantive {
				if c.Option.ID == value || slices.Contains(c.Option.Values, value) {
					col.Narrow[i] = uint8(c.Code)
				}
			}
		}
		a.Columns = append(a.Columns, col)
	}
	r, err := instrument.CompileRouting(in)
	if err != nil {
		t.Fatal(err)
	}
	report := r.Apply(a)
	if report.Total != 51*25 || report.Violations["CT1"] != 51 || len(report.Unjudged) > 0 {
		t.Errorf("%d answers set aside, %d of CT1; want %d and 51", report.Total, report.Violations["CT1"], 51*25)
	}
	score, err := in.Score(a, &in.Constructs[0])
	if err != nil {
		t.Fatal(err)
	}
	scored := 0
	for i := range rows {
		if score.Column.At(i) >= instrument.FirstOption {
			scored++
		}
	}
	if scored != 652 {
		t.Errorf("%d people have a technical score, want the 652 users", scored)
	}
}
