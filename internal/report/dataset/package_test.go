package dataset_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/report/analysis"
	"tekentafel/internal/report/dataset"
)

func TestLocaleSaysTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := dataset.Locale().Check(); err != nil {
		t.Error(err)
	}
}

func rows(t testing.TB, file []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheSameReportGivesTheSamePackage(t *testing.T) {
	t.Parallel()
	a, margins, yaml := wave(t, 200, 1)
	in := prepared(t, a, yaml, analysis.Options{Margins: margins})
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := dataset.Write(context.Background(), b, in, options()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two packages of one report differ")
	}
}

// Whoever knows the seed, such as the id of a report in an address, must not learn in which order people answered.
func TestTheOrderOfRowsForgetsTheOrderOfAnswers(t *testing.T) {
	t.Parallel()
	a, _, yaml := wave(t, 200, 2)
	before := rows(t, packed(t, prepared(t, a, yaml, analysis.Options{}), options())["answers.csv"])
	for _, c := range a.Columns { // the same people, the other way round
		if c != nil {
			slices.Reverse(c.Narrow)
			slices.Reverse(c.Wide)
		}
	}
	in := prepared(t, a, yaml, analysis.Options{})
	after := rows(t, packed(t, in, options())["answers.csv"])
	if !slices.EqualFunc(before, after, slices.Equal[[]string]) {
		t.Error("the rows tell in which order the answers stood")
	}
	other := options()
	other.Seed = "report-2"
	moved := rows(t, packed(t, in, other)["answers.csv"])
	if slices.EqualFunc(after, moved, slices.Equal[[]string]) {
		t.Error("the seed changes nothing")
	}
}

func TestBackgroundThatTheReportDoesNotUseIsLeftOut(t *testing.T) {
	t.Parallel()
	a, margins, yaml := wave(t, 200, 1)
	in := prepared(t, a, yaml, analysis.Options{Margins: margins, By: []string{"workplace"}})
	head := rows(t, packed(t, in, options())["answers.csv"])[0]
	for name, here := range map[string]bool{"workplace": true, "department": true, "age": true, "education": false, "leads": false, "function_family": false} {
		if slices.Contains(head, name) != here {
			t.Errorf("%s in the package: %v, want %v", name, !here, here)
		}
	}
	all := options()
	all.Background = true
	files := packed(t, in, all)
	if head = rows(t, files["answers.csv"])[0]; !slices.Contains(head, "education") || strings.Contains(string(files["README.txt"]), "education") {
		t.Error("education was asked for and is left out")
	}
}

func TestAReportOfOtherAnswersIsRefused(t *testing.T) {
	t.Parallel()
	a, _, yaml := wave(t, 100, 1)
	in := prepared(t, a, yaml, analysis.Options{})
	in.Findings.Respondents = 99
	if err := dataset.Write(context.Background(), io.Discard, in, options()); err == nil || !strings.Contains(err.Error(), "99 people") {
		t.Errorf("%v", err)
	}
	in.Findings.Respondents = 100
	in.Weights.Weights = in.Weights.Weights[:7]
	if err := dataset.Write(context.Background(), io.Discard, in, options()); err == nil {
		t.Error("7 weights for 100 people were taken")
	}
}

func TestAPackageThatIsNoLongerWantedStops(t *testing.T) {
	t.Parallel()
	a, _, yaml := wave(t, 100, 1)
	in := prepared(t, a, yaml, analysis.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := dataset.Write(ctx, io.Discard, in, options()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// node is an element of a codebook.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

func (n *node) all(name string) (out []*node) {
	for i := range n.Nodes {
		if n.Nodes[i].XMLName.Local == name {
			out = append(out, &n.Nodes[i])
		}
		out = append(out, n.Nodes[i].all(name)...)
	}
	return out
}

func (n *node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestTheCodebookDescribesEveryVariableAndHidesWhatTheReportHides(t *testing.T) {
	t.Parallel()
	a, margins, yaml := wave(t, 300, 1)
	in := prepared(t, a, yaml, analysis.Options{Organisation: "Stad <Proef> & Co", Margins: margins, Population: 2000})
	hidden := 0
	for i := range in.Findings.Shares { // as if disclosure control had hidden this answer
		if s := &in.Findings.Shares[i]; s.Item == "use_work" && s.Option == "weekly" && s.Group == nil {
			s.Suppressed, hidden = true, s.N
		}
	}
	if hidden == 0 {
		t.Fatal("nobody answered weekly, so nothing is tested")
	}
	for _, lang := range instrument.Languages() {
		opt := options()
		opt.Lang = lang
		files := packed(t, in, opt)
		var root node
		if err := xml.Unmarshal(files["codebook.xml"], &root); err != nil {
			t.Fatal(err)
		}
		if root.XMLName.Space != "ddi:codebook:2_5" || root.attr("version") != "2.5" {
			t.Errorf("the root is %v version %q", root.XMLName, root.attr("version"))
		}
		var order []string
		for i := range root.Nodes {
			order = append(order, root.Nodes[i].XMLName.Local)
		}
		if !slices.Equal(slices.Compact(order), []string{"docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"}) {
			t.Errorf("parts stand in the order %v", order)
		}
		head := rows(t, files["answers.csv"])[0]
		ids := map[string]bool{}
		for _, v := range root.all("var") {
			name := v.attr("name")
			if !slices.Contains(head, name) || ids[v.attr("ID")] {
				t.Errorf("variable %q is no column, or twice", name)
			}
			ids[v.attr("ID")] = true
			if len(v.all("labl")) == 0 || v.all("labl")[0].Text == "" {
				t.Errorf("%s has no label", name)
			}
			for _, c := range v.all("catgry") {
				stat := c.all("catStat")
				if missing := c.attr("missing") == "Y"; missing != strings.HasPrefix(c.all("catValu")[0].Text, "-") || missing && len(stat) > 0 {
					t.Errorf("%s: category %q is missing: %v", name, c.all("catValu")[0].Text, missing)
				}
				if name == "use_work" && strings.HasSuffix(c.all("txt")[0].Text, " weekly") == (len(stat) > 0) && c.attr("missing") == "" {
					t.Errorf("%s %s: %d counts", name, c.all("txt")[0].Text, len(stat))
				}
			}
		}
		if len(ids) != len(head) {
			t.Errorf("%d variables for %d columns", len(ids), len(head))
		}
		for _, g := range root.all("varGrp") {
			for _, ref := range strings.Fields(g.attr("var")) {
				if !ids[ref] {
					t.Errorf("group %s names %s, which is no variable", g.attr("name"), ref)
				}
			}
		}
		if len(root.all("universe")) < 2 || len(root.all("weight")) != 1 || len(root.all("respRate")) != 1 {
			t.Error("conditions, weights or response rate are not described")
		}
		html := string(files["codebook.html"])
		if strings.Contains(html, "<Proef>") || !strings.Contains(html, "&lt;Proef&gt;") || strings.Contains(html, "<script") {
			t.Error("the codebook does not escape names")
		}
		if i := strings.Index(html, "<code>weekly</code>"); i < 0 || !strings.Contains(html[i:i+200], `<td class="n"></td>`) {
			t.Error("the codebook counts an answer that the report hides")
		}
	}
}

func TestMadeUpAnswersSaySoInEveryFile(t *testing.T) {
	t.Parallel()
	a, _, yaml := wave(t, 100, 1)
	if !a.Synthetic {
		t.Fatal("the wave is not marked")
	}
	opt := options()
	opt.Lang = instrument.EN
	files := packed(t, prepared(t, a, yaml, analysis.Options{}), opt)
	for name, want := range map[string]string{
		"README.txt": "MADE-UP ANSWERS", "answers.csv": "tekentafel_synthetic", "answers.parquet": "tekentafel_synthetic", "answers.sav": "These are made-up answers",
		"codebook.html": "made-up answers", "codebook.xml": "made-up answers", "findings.json": `"synthetic":true`,
	} {
		if !bytes.Contains(files[name], []byte(want)) {
			t.Errorf("%s does not say that the answers are made up", name)
		}
	}
}

func TestTheRecipeHoldsNoFigure(t *testing.T) {
	t.Parallel()
	a, _, yaml := wave(t, 100, 1)
	in := prepared(t, a, yaml, analysis.Options{})
	before := packed(t, in, options())["recipe.json"]
	for i := range in.Findings.Shares {
		in.Findings.Shares[i].Share, in.Findings.Shares[i].N = 0.123, 0
	}
	for i := range in.Findings.Comparisons {
		in.Findings.Comparisons[i].Statistic = 0.123
	}
	if !bytes.Equal(before, packed(t, in, options())["recipe.json"]) {
		t.Error("the recipe changes with the figures, so that a check with it proves nothing")
	}
}

func TestThePackageNamesItsFiles(t *testing.T) {
	t.Parallel()
	a, margins, yaml := wave(t, 100, 1)
	files := packed(t, prepared(t, a, yaml, analysis.Options{Margins: margins}), options())
	for name := range maps.Keys(files) {
		if !strings.Contains(string(files["README.txt"]), name) {
			t.Errorf("README.txt does not name %s", name)
		}
	}
	if len(files) != 12 {
		t.Errorf("%d files", len(files))
	}
	if plain := packed(t, prepared(t, a, yaml, analysis.Options{}), options()); plain["margins.csv"] != nil {
		t.Error("a package without weighting has margins")
	}
}
