package limesurvey_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/intake"
	"tekentafel/internal/intake/limesurvey"
	"tekentafel/internal/report/analysis"
)

// small is a survey with the types of questions that are used most.
func small() *lss {
	l := newLSS(true, "nl")
	dep := l.q("L", "dep", w("Dienst"), "other", "Y")
	l.answer(dep, "A1", 0, "Burgerzaken")
	l.answer(dep, "A2", 0, "Sport")
	use := l.q("L", "use", w("<b>Gebruik</b> je AI?"))
	for i, word := range []string{"nooit", "soms", "vaak"} {
		l.answer(use, fmt.Sprint(i+1), 0, word)
	}
	tools := l.q("M", "tools", w("Welke?"), "relevance", `use.NAOK > 1`, "other", "Y")
	l.sub(tools, "SQ001", "Copilot")
	l.sub(tools, "SQ002", "ChatGPT")
	grid := l.q("F", "grid", w("Hoe goed?"))
	l.sub(grid, "a", "prompts")
	l.sub(grid, "b", "nakijken")
	for i, word := range []string{"slecht", "redelijk", "goed"} {
		l.answer(grid, fmt.Sprintf("A%d", i+1), 0, word)
	}
	l.q("Y", "lead", w("Leiding?"))
	l.q("N", "years", w("Jaren"))
	l.q("T", "say", w("Iets kwijt?"))
	return l
}

const head = "id,submitdate,lastpage,startlanguage,seed,token,startdate,datestamp,ipaddr,refurl,dep,dep[other],use,tools[SQ001],tools[SQ002],tools[other],grid[a],grid[b],lead,years,say,interviewtime,groupTime1\n"

// export is an export of five people, of whom one sent nothing in.
const export = head +
	`1,"2026-01-01 10:00:00",3,nl,77,tok1,"2026-01-01 09:50:00","2026-01-01 10:00:00",10.0.0.1,http://x,A1,,1,N/A,N/A,,A1,A3,Y,4,"Jan zei iets",60,30
2,"2026-01-01 10:01:00",3,nl,78,tok2,x,x,10.0.0.2,,-oth-,"Brandweer van Kees",2,Y,N,"Eigen ding van Kees",A2,,N,7.5,,61,31
3,,1,nl,79,tok3,x,x,10.0.0.3,,A2,,3,Y,,,,,,,,62,32
4,"1980-01-01 00:00:00",3,nl,80,tok4,x,x,10.0.0.4,,A2,,3,,Y,,A3,A3,,,"=cmd()",63,33
5,"2026-01-01 10:05:00",3,nl,81,tok5,x,x,10.0.0.5,,A1,,2,,,,A1,A1,Y,12,,64,34
`

func converted(t testing.TB, s *limesurvey.Survey, export string, opt limesurvey.ResponseOptions) (*limesurvey.Responses, string) {
	t.Helper()
	var out bytes.Buffer
	r, err := s.Convert(context.Background(), "results.csv", strings.NewReader(export), &out, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r, out.String()
}

// answersOf reads what was converted with the questionnaire and the mapping, as files.
func answersOf(t testing.TB, s *limesurvey.Survey, r *limesurvey.Responses, csv string) *intake.Result {
	t.Helper()
	in, err := instrument.Parse("questionnaire.yaml", s.YAML)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := r.Mapping.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	m, err := intake.ParseMapping("mapping.yaml", b.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	path := filepath.Join(t.TempDir(), "answers.csv")
	if err := os.WriteFile(path, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := intake.Read(context.Background(), path, in, intake.Options{Mapping: m})
	if err != nil {
		t.Fatalf("%v\n%s", err, csv)
	}
	return read
}

func codes(a *instrument.Answers, id string) (out []int) {
	for i, v := range a.Variables {
		if v.ID == id {
			for row := range a.N {
				out = append(out, a.Columns[i].At(row))
			}
		}
	}
	return out
}

func TestIntakeReadsAnExportWithTheMapping(t *testing.T) {
	t.Parallel()
	full := strings.NewReplacer("A1,,1,", "Burgerzaken,,nooit,", "-oth-", "Andere", ",2,Y,N,", ",soms,Ja,Nee,", "A2,,3,,Y,", "Sport,,vaak,Nee,Ja,", "A1,,2,,,", "Burgerzaken,,soms,Nee,Nee,",
		"A1,A3,Y", "slecht,goed,Ja", "A2,,N", "redelijk,,Nee", "A3,A3,", "goed,goed,", "A1,A1,Y", "slecht,slecht,Ja")
	headings := map[string]string{
		"codes":       head,
		"expressions": strings.NewReplacer("[", "_", "]", "").Replace(head),
		"R":           strings.NewReplacer("[", ".", "]", "").Replace(head),
		"code and text": strings.NewReplacer("dep,", `"dep. Dienst",`, "dep[other]", `"dep[other]. Dienst [andere]"`, ",use,", `,"use. Gebruik je AI?",`,
			"tools[SQ001]", `"tools[SQ001]. Welke? [Copilot]"`).Replace(head),
		"whole questions": `"Response ID","Date submitted","Last page","Start language",Seed,token,"Date started","Date last action","IP address","Referrer URL",` +
			`Dienst,"Dienst [Andere]","Gebruik je AI?","Welke? [Copilot]","Welke? [ChatGPT]","Welke? [Andere]","Hoe goed? [prompts]","Hoe goed? [nakijken]",Leiding?,Jaren,"Iets kwijt?","Total time","Group time: x"` + "\n",
	}
	s := taken(t, small().bytes(), limesurvey.Options{})
	for name, h := range headings {
		for which, file := range map[string]string{"with codes": export, "in full": full.Replace(export)} {
			for _, separator := range []string{",", ";", "\t"} {
				src := "\ufeff" + strings.Replace(file, head, h, 1)
				if separator != "," {
					src = separated(t, src, separator)
				}
				r, out := converted(t, s, src, limesurvey.ResponseOptions{})
				what := name + " " + which + " between " + separator
				if r.Rows != 5 || r.Incomplete != 1 || r.Unknown {
					t.Errorf("%s: %+v", what, r)
				}
				if name == "whole questions" { // the field beside "other" has no words of the survey
					r.Missing = slices.DeleteFunc(r.Missing, func(id string) bool { return id == "tools.other" })
				}
				if len(r.Missing) != 0 {
					t.Errorf("%s: no column for %v", what, r.Missing)
				}
				read := answersOf(t, s, r, out)
				if read.Quality.Unknown != 0 || read.Answers.N != 4 {
					t.Errorf("%s: %d respondents, not understood: %+v", what, read.Answers.N, read.Issues)
				}
				const none, first = instrument.NoAnswer, instrument.FirstOption
				for id, want := range map[string][]int{"dep": {first, first + 2, first + 1, first}, "use": {first, first + 1, first + 2, first + 1},
					"grid_a": {first, first + 1, first + 2, first}, "grid_b": {first + 2, none, first + 2, first}, "lead": {first, first + 1, none, first}} {
					if got := codes(read.Answers, id); !slices.Equal(got, want) {
						t.Errorf("%s: %s is %v, want %v", what, id, got, want)
					}
				}
				if got := codes(read.Answers, "tools.SQ001"); got[0] != none || got[1] != first+1 {
					t.Errorf("%s: tools is %v", what, got)
				}
			}
		}
	}
}

// separated writes a file with another separator.
func separated(t *testing.T, src, separator string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(src, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Comma = rune(separator[0])
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNothingOfThePersonOrTheComputerComesOver(t *testing.T) {
	t.Parallel()
	s := taken(t, small().bytes(), limesurvey.Options{})
	r, out := converted(t, s, export, limesurvey.ResponseOptions{})
	for _, secret := range []string{"tok1", "10.0.0", "2026-01", "1980-", "http://x", "77", "Kees", "Jan zei", "cmd", "61", "31", ",nl,"} {
		if strings.Contains(out, secret) {
			t.Errorf("%q came over:\n%s", secret, out)
		}
	}
	want := []string{"id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "ipaddr", "refurl", "interviewtime", "groupTime1"}
	if !slices.Equal(r.Personal, want) {
		t.Errorf("left behind and said: %v", r.Personal)
	}
	if !slices.Equal(r.Left, []string{"dep[other]"}) {
		t.Errorf("other columns: %v", r.Left)
	}
	if read := answersOf(t, s, r, out); read.Answers.Texts["say"] != 2 {
		t.Errorf("%d open answers are counted", read.Answers.Texts["say"])
	}
}

func TestIncompleteResponsesCountOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	s := taken(t, small().bytes(), limesurvey.Options{})
	r, out := converted(t, s, export, limesurvey.ResponseOptions{Incomplete: true})
	if r.Incomplete != 0 || strings.Count(out, "\n") != 6 {
		t.Errorf("%+v\n%s", r, out)
	}
	without := strings.NewReplacer("submitdate", "moment").Replace(export)
	if r, _ = converted(t, s, without, limesurvey.ResponseOptions{}); !r.Unknown || r.Incomplete != 0 {
		t.Errorf("without a moment of submission: %+v", r)
	}
}

func TestExportsThatCannotBeReadAreRefused(t *testing.T) {
	t.Parallel()
	s := taken(t, small().bytes(), limesurvey.Options{})
	for name, src := range map[string]string{
		"empty": " \n", "another survey": "a,b\n1,2\n", "a workbook": "PK\x03\x04xxxx", "UTF-16": "\xff\xfed\x00e\x00", "a short row": head + "1,2\n",
		"a quote left open": head + `1,"2`, "Latin-1": "dep,us\xe9\n1,2\n", "too large": export,
	} {
		opt := limesurvey.ResponseOptions{}
		if name == "too large" {
			opt.MaxBytes = 300
		}
		_, err := s.Convert(context.Background(), "results.csv", strings.NewReader(src), &bytes.Buffer{}, opt)
		var p *limesurvey.Problem
		if !errors.As(err, &p) || p.File != "results.csv" || p.Mend == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Convert(ctx, "x", strings.NewReader(export), &bytes.Buffer{}, limesurvey.ResponseOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after it was called off: %v", err)
	}
}

func TestFromLimeSurveyToFindings(t *testing.T) {
	t.Parallel()
	s := taken(t, small().bytes(), limesurvey.Options{Background: []string{"dep"}})
	var b strings.Builder
	b.WriteString(head)
	for i := range 120 {
		use := i%3 + 1
		tool := ",,"
		if use > 1 {
			tool = "Y,N,"
		}
		fmt.Fprintf(&b, "%d,2026-01-01,3,nl,1,t,x,x,10.0.0.1,,A%d,,%d,%s,A%d,A%d,Y,4,,60,30\n", i, i%2+1, use, tool, i%3+1, (i+1)%3+1)
	}
	r, out := converted(t, s, b.String(), limesurvey.ResponseOptions{})
	read := answersOf(t, s, r, out)
	f, err := analysis.Analyse(context.Background(), read.Answers, analysis.Options{Organisation: "Stad Proef"})
	if err != nil {
		t.Fatal(err)
	}
	if f.Respondents != 120 || len(f.Groups) != 1 || f.Groups[0].Variable != "dep" {
		t.Errorf("%d respondents by %+v", f.Respondents, f.Groups)
	}
	shares := map[string]float64{}
	for _, x := range f.Shares {
		if x.Group == nil {
			shares[x.Item+"."+x.Option] = x.Share
		}
	}
	// Who never uses it was not asked which, so 80 of 120 are the base.
	if shares["tools.SQ001"] != 1 || shares["tools.SQ002"] != 0 || shares["use.1"] < 0.333 || shares["use.1"] > 0.334 {
		t.Errorf("%v", shares)
	}
	for _, q := range f.Questions {
		if q.ID == "tools" && (q.NotAsked != 40 || q.Asked != 80) {
			t.Errorf("%d were asked which, %d were not", q.Asked, q.NotAsked)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(export)
	f.Add("dep\n1\n")
	s := taken(f, small().bytes(), limesurvey.Options{})
	f.Fuzz(func(t *testing.T, src string) {
		var out bytes.Buffer
		r, err := s.Convert(context.Background(), "x.csv", strings.NewReader(src), &out, limesurvey.ResponseOptions{})
		if err != nil {
			return
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) > 1+r.Rows-r.Incomplete { // a row of one empty cell is an empty line
			t.Errorf("%d rows of %+v: %v", len(rows), r, err)
		}
		for _, h := range rows[0] {
			if slices.Contains(r.Personal, h) {
				t.Errorf("%q came over", h)
			}
		}
	})
}
