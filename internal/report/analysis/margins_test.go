package analysis_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/synth"
)

func TestMarginsAreRead(t *testing.T) {
	t.Parallel()
	two := []analysis.Margin{
		{Variable: "age", Values: []string{"young", "old"}, Counts: []float64{10, 20.5}, Lines: []int{2, 4}},
		{Variable: "site", Values: []string{"a, b"}, Counts: []float64{0}, Lines: []int{3}},
	}
	for name, c := range map[string]struct {
		src  string
		want []analysis.Margin
	}{
		"comma":             {"variable,value,count\nage,young,10\nsite,\"a, b\",0\nage,old,20.5\n", two},
		"semicolon":         {"variable;value;count\nage;young;10\nsite;a, b;0\nage;old;20.5", two},
		"tab":               {"variable\tvalue\tcount\nage\tyoung\t10\nsite\ta, b\t0\nage\told\t20.5\n", two},
		"byte order mark":   {"\ufeffvariable,value,count\nage,young,10\nsite,\"a, b\",0\nage,old,20.5\n", two},
		"carriage returns":  {"variable,value,count\r\nage,young,10\r\nsite,\"a, b\",0\r\nage,old,20.5\r\n", two},
		"order of headings": {"Count, VALUE ,Variable\n10,young,age\n0,\"a, b\",site\n20.5,old,age\n", two},
		"further columns":   {"variable,value,note,count\nage,young,x,10\nsite,\"a, b\",,0\nage,old,y, 20.5 \n", two},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := analysis.ParseMargins("m.csv", strings.NewReader(c.src))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A fault in a file of margins is named with its line and how to mend it.
func TestMarginsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		src  string
		line int
		says string
	}{
		"nothing":           {"", 1, "empty"},
		"blank lines":       {"\n \n", 1, "empty"},
		"a heading only":    {"variable,value,count\n", 1, "no line under the heading"},
		"other headings":    {"variable,answer,number\nage,young,1\n", 1, "variable, value and count"},
		"binary":            {"variable,value,count\nage,yo\x00ung,1\n", 1, "not text"},
		"a word":            {"variable,value,count\nage,young,1\nage,old,many\n", 3, `"many"`},
		"below zero":        {"variable,value,count\nage,young,-1\n", 2, "0 or more"},
		"not a number":      {"variable,value,count\nage,young,NaN\n", 2, "NaN"},
		"without end":       {"variable,value,count\nage,young,1e999\n", 2, "1e999"},
		"infinite":          {"variable,value,count\nage,young,+Inf\n", 2, "Inf"},
		"decimal comma":     {"variable;value;count\nage;young;1,5\n", 2, "point"},
		"a value twice":     {"variable,value,count\nage,young,1\nage,old,2\nage,young,3\n", 4, "twice"},
		"too few cells":     {"variable,value,count\nage,young,1\nage,old\n", 3, "as many cells"},
		"too many cells":    {"variable,value,count\nage,young,1,2\n", 2, "as many cells"},
		"an open quotation": {"variable,value,count\nage,\"young,1\n", 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := analysis.ParseMargins("m.csv", strings.NewReader(c.src))
			var fault *analysis.MarginsError
			if !errors.As(err, &fault) {
				t.Fatalf("got %v", err)
			}
			if fault.Line != c.line || fault.File != "m.csv" || fault.Mend == "" || !strings.Contains(err.Error(), c.says) {
				t.Errorf("line %d, want %d with %q: %v", fault.Line, c.line, c.says, err)
			}
		})
	}
}

func TestMarginsTooLargeAreRefused(t *testing.T) {
	t.Parallel()
	_, err := analysis.ParseMargins("m.csv", strings.NewReader("variable,value,count\n"+strings.Repeat("x", 9<<20)))
	if err == nil || !strings.Contains(err.Error(), "8 MB") {
		t.Errorf("got %v", err)
	}
}

func FuzzParseMargins(f *testing.F) {
	for _, seed := range []string{
		"variable,value,count\nage,young,10\nage,old,20\n", "variable;value;count\na;b;1,5\n", "\ufeffvariable\tvalue\tcount\na\t\"b\nc\"\t1\n",
		"", ",,\n,,\n", "variable,value,count\n\"", "count,count,value,variable\n1,2,3,4\n", "variable,value,count\n,,0\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		margins, err := analysis.ParseMargins("m.csv", strings.NewReader(src))
		if err != nil {
			if margins != nil || !strings.Contains(err.Error(), "m.csv") {
				t.Errorf("%v with %v", err, margins)
			}
			return
		}
		for _, m := range margins {
			if len(m.Values) == 0 || len(m.Values) != len(m.Counts) || len(m.Values) != len(m.Lines) {
				t.Errorf("uneven: %+v", m)
			}
			for i, c := range m.Counts {
				if !(c >= 0) || math.IsInf(c, 0) || m.Lines[i] < 2 {
					t.Errorf("count %v on line %d", c, m.Lines[i])
				}
			}
		}
	})
}

// ages are margins of the age bands of the monitor.
func ages(counts ...float64) analysis.Margin {
	return analysis.Margin{Variable: "age", Values: []string{"under35", "35to44", "45to54", "55plus"}, Counts: counts, Lines: []int{2, 3, 4, 5}}
}

func workplaces(counts ...float64) analysis.Margin {
	return analysis.Margin{Variable: "workplace", Values: []string{"office", "field", "both"}, Counts: counts, Lines: []int{6, 7, 8}}
}

// marginWave returns answers of 400 people; change is applied to the rows of the file.
func marginWave(t *testing.T, change func(rows [][]string, age int)) *instrument.Answers {
	t.Helper()
	in := builtIn(t, "genai-monitor")
	path, _ := generated(t, synth.Options{Instrument: in, Size: 400, Seed: 51})
	return read(t, rewritten(t, path, func(rows [][]string) [][]string {
		for c, h := range rows[0] {
			if h == "age" {
				change(rows[1:], c)
			}
		}
		return rows
	}), in, intake.Options{})
}

func unchanged([][]string, int) {}

func TestMarginsThatCannotBeMet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		margins []analysis.Margin
		opt     analysis.Options
		says    []string
	}{
		"unknown variable":             {[]analysis.Margin{{Variable: "shoe", Values: []string{"42"}, Counts: []float64{1}, Lines: []int{2}}}, analysis.Options{}, []string{`"shoe"`, "choose from", "age"}},
		"indicator":                    {[]analysis.Margin{{Variable: "any_use_work", Values: []string{"yes"}, Counts: []float64{1}, Lines: []int{2}}}, analysis.Options{}, []string{`"any_use_work"`, "choose from"}},
		"multiple choice":              {[]analysis.Margin{{Variable: "drawbacks", Values: []string{"wrong"}, Counts: []float64{1}, Lines: []int{2}}}, analysis.Options{}, []string{`"drawbacks"`}},
		"construct":                    {[]analysis.Margin{{Variable: "technical", Values: []string{"3"}, Counts: []float64{1}, Lines: []int{2}}}, analysis.Options{}, []string{`"technical"`}},
		"unknown value":                {[]analysis.Margin{{Variable: "age", Values: []string{"young"}, Counts: []float64{1}, Lines: []int{9}}}, analysis.Options{}, []string{"line 9", `"young"`, "under35"}},
		"a level without a line":       {[]analysis.Margin{{Variable: "age", Values: []string{"under35", "35to44", "45to54"}, Counts: []float64{1, 1, 1}, Lines: []int{2, 3, 4}}}, analysis.Options{}, []string{"respondents", `"55plus"`, "add age,55plus,COUNT"}},
		"totals that differ by 2 %":    {[]analysis.Margin{ages(250, 250, 250, 250), workplaces(500, 320, 200)}, analysis.Options{}, []string{"age", "workplace"}},
		"people in a level of nobody":  {[]analysis.Margin{ages(500, 250, 250, 0)}, analysis.Options{}, []string{"age"}},
		"fewer people than answered":   {[]analysis.Margin{ages(250, 250, 250, 250)}, analysis.Options{Population: 399}, []string{"399", "400"}},
		"strata that are not there":    {[]analysis.Margin{ages(250, 250, 250, 250)}, analysis.Options{Strata: "layer"}, []string{`"layer"`}},
		"clusters that are not there":  {nil, analysis.Options{Cluster: "team"}, []string{`"team"`}},
		"groups that are not there":    {nil, analysis.Options{By: []string{"shoe"}}, []string{`"shoe"`, "choose from", "department"}},
		"groups of a multiple choice":  {nil, analysis.Options{By: []string{"drawbacks"}}, []string{`"drawbacks"`, "choice of one answer"}},
		"groups of a sensitive answer": {nil, analysis.Options{By: []string{"shadow_use"}}, []string{"sensitive"}},
		"groups of a scale":            {nil, analysis.Options{By: []string{"technical"}}, []string{`"technical"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.opt.Margins = c.margins
			f, err := analysis.Analyse(t.Context(), marginWave(t, unchanged), c.opt)
			if err == nil || f != nil {
				t.Fatalf("no error, but findings %v", f != nil)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the message does not say %q: %v", part, err)
				}
			}
		})
	}
}

// noteOf returns the caveat with a key, or nil.
func noteOf(f *findings.Findings, key string) *findings.Caveat {
	for i := range f.Caveats {
		if f.Caveats[i].Key == key {
			return &f.Caveats[i]
		}
	}
	return nil
}

// shareOf returns the weighted share of an option over everyone.
func shareOf(t *testing.T, f *findings.Findings, item, option string) findings.Share {
	t.Helper()
	for _, s := range f.Shares {
		if s.Item == item && s.Option == option && s.Group == nil {
			return s
		}
	}
	t.Fatalf("no share %s.%s", item, option)
	return findings.Share{}
}

// The weighted shares are those of the population, and a share that was raked to has no sampling error left.
func TestRakedSharesAreThoseOfThePopulation(t *testing.T) {
	t.Parallel()
	f := analyse(t, marginWave(t, answerAll), analysis.Options{Margins: []analysis.Margin{ages(100, 200, 300, 400)}})
	for i, option := range []string{"under35", "35to44", "45to54", "55plus"} {
		s := shareOf(t, f, "age", option)
		near(t, option, s.Share, float64(i+1)/10, 1e-9)
		if s.SE > 1e-9 || s.Low > s.Share || s.High < s.Share || s.High-s.Low > 1e-6 {
			t.Errorf("%s: a share that is known has error %g and interval %g to %g", option, s.SE, s.Low, s.High)
		}
	}
	if f.Weights.Method != "raking" || !f.Weights.Converged || f.Wave.Population != 1000 || math.Abs(f.Wave.ResponseRate-0.4) > 1e-12 {
		t.Errorf("%+v, %+v", f.Weights, f.Wave)
	}
}

// answerAll fills in the age that somebody left open.
func answerAll(rows [][]string, age int) {
	for _, row := range rows {
		if row[age] == "" {
			row[age] = "45to54"
		}
	}
}

// Totals that differ by less than 1 % are scaled to the first, and that is said.
func TestMarginsThatNearlyAgreeAreScaled(t *testing.T) {
	t.Parallel()
	f := analyse(t, marginWave(t, unchanged), analysis.Options{Margins: []analysis.Margin{ages(250, 250, 250, 250), workplaces(500, 300, 205)}})
	if n := noteOf(f, "margin-scaled"); n == nil || n.Data["variable"] != "workplace" {
		t.Errorf("nothing is said of scaled margins: %+v", f.Caveats)
	}
	if !f.Weights.Converged || len(f.Weights.Margins) != 2 {
		t.Errorf("%+v", f.Weights)
	}
}

// A value of the population that nobody in the wave has is left out, and that is said.
func TestValueThatNobodyHas(t *testing.T) {
	t.Parallel()
	a := marginWave(t, func(rows [][]string, age int) {
		for _, row := range rows {
			if row[age] == "55plus" {
				row[age] = "45to54"
			}
		}
	})
	f := analyse(t, a, analysis.Options{Margins: []analysis.Margin{ages(250, 250, 250, 250)}})
	if n := noteOf(f, "margin-empty"); n == nil || n.Data["values"] != "55plus" {
		t.Errorf("nothing is said of the value: %+v", f.Caveats)
	}
	near(t, "share of the others", shareOf(t, f, "age", "under35").Share, 1.0/3, 1e-6)
}

// People without an answer keep an ordinary weight, and that is said.
func TestPeopleWithoutAnAnswerKeepTheirWeight(t *testing.T) {
	t.Parallel()
	const open = 40
	a := marginWave(t, func(rows [][]string, age int) {
		answerAll(rows, age)
		for i := range open {
			rows[i*7][age] = ""
		}
	})
	f := analyse(t, a, analysis.Options{Margins: []analysis.Margin{ages(100, 200, 300, 400)}})
	if n := noteOf(f, "margin-missing"); n == nil || n.Data["n"] != open {
		t.Errorf("nothing is said of open answers: %+v", f.Caveats)
	}
	near(t, "share of those who answered", shareOf(t, f, "age", "55plus").Share, 0.4, 1e-9)
}

// Bounded weights stay within a thousandth of their bound where the margins leave room, and it is said where they do not.
func TestTrimmedWeightsStayWithinTheirBound(t *testing.T) {
	t.Parallel()
	margins := []analysis.Margin{ages(150, 200, 250, 400), workplaces(300, 300, 400)}
	free := analyse(t, marginWave(t, answerAll), analysis.Options{Margins: margins})
	bound := 0.9 * free.Weights.Max
	bounded := analyse(t, marginWave(t, answerAll), analysis.Options{Margins: margins, Trim: bound})
	if bounded.Weights.Max > bound*1.001 || bounded.Weights.Trimmed == 0 || !bounded.Weights.Converged {
		t.Errorf("free %+v, bounded by %g: %+v", free.Weights, bound, bounded.Weights)
	}
	near(t, "share that was raked to", shareOf(t, bounded, "age", "55plus").Share, 0.4, 1e-8)
	impossible := analyse(t, marginWave(t, answerAll), analysis.Options{Margins: []analysis.Margin{ages(20, 80, 300, 600)}, Trim: 2})
	if impossible.Weights.Converged || noteOf(impossible, "raking-not-converged") == nil {
		t.Errorf("nothing is said of margins that cannot be met within the bound: %+v", impossible.Caveats)
	}
}

// The labels of an option stand for it in margins, in any language.
func TestMarginsByLabel(t *testing.T) {
	t.Parallel()
	in := builtIn(t, "genai-monitor")
	named := workplaces(500, 300, 200)
	for i := range named.Values {
		v, _ := in.Variable("workplace")
		named.Values[i] = v.OptionOf(instrument.FirstOption + i).Label.In(instrument.FR)
	}
	byLabel := analyse(t, marginWave(t, unchanged), analysis.Options{Margins: []analysis.Margin{named}})
	byID := analyse(t, marginWave(t, unchanged), analysis.Options{Margins: []analysis.Margin{workplaces(500, 300, 200)}})
	sameFigures(t, byID, byLabel, 0)
}
