package intake

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tekentafel/internal/instrument"
	"tekentafel/internal/testkit"
)

func written(t testing.TB, m *Mapping) string {
	t.Helper()
	var b bytes.Buffer
	n, err := m.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatal(n, err)
	}
	return b.String()
}

func TestMappingComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"NO", "1.0", "~", "null", "", " a ", "a: b", "# x", "é\u00a0", "\"", "\\", "\n", "\t", strings.Repeat("k", 2000), "<<", "&a", "*a", "[",
		}))
		texts = rapid.Map(texts, func(s string) string { return strings.ToValidUTF8(s, "?") })
		m := &Mapping{
			Columns: map[string]string{}, Values: map[string]map[string]string{},
			Ignore:  rapid.SliceOfN(texts, 0, 3).Draw(rt, "ignore"),
			Missing: rapid.SliceOfN(texts, 0, 3).Draw(rt, "missing"),
			Sheet:   rapid.SampledFrom([]string{"", "Blad 1"}).Draw(rt, "sheet"), Delimiter: rapid.SampledFrom([]string{"", ",", ";", "\t", "|"}).Draw(rt, "delimiter"),
			Encoding: rapid.SampledFrom(append(encodings(), "")).Draw(rt, "encoding"),
		}
		for _, id := range rapid.SliceOfNDistinct(rapid.StringMatching("[a-z]{1,8}"), 0, 4, rapid.ID).Draw(rt, "ids") {
			m.Columns[id] = "column " + id
		}
		for _, h := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zé:#" ]{1,8}`), 0, 3, rapid.ID).Draw(rt, "headings") {
			m.Values[h] = rapid.MapOfN(texts, texts, 1, 4).Draw(rt, "values")
		}
		if rapid.Bool().Draw(rt, "consent") {
			m.Consent = &Consent{Column: "ok?", Yes: []string{"ja", "SI"}}
		}
		m.notes = notes{
			file: "a.csv\n#", merges: []Merge{{Column: "X", From: "a\nb", Into: "#"}}, values: []Issue{{Column: "Y", Value: "*"}},
			near: []nearColumn{{"v", "w: #\n"}}, unread: []string{"u\n"}, missing: []string{"v", "z"},
		}
		src := written(t, m)
		got, err := ParseMapping("m.yaml", []byte(src))
		if err != nil {
			rt.Fatalf("%v\n%s", err, src)
		}
		delete(got.Values, "X") // headings with proposals only
		delete(got.Values, "Y")
		if diff := cmp.Diff(m, got, cmpopts.IgnoreUnexported(Mapping{}), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("%s\n%s", diff, src)
		}
	})
}

func TestMappingProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ src, want string }{
		{"colums: {a: b}", `m.yaml:1:1: unknown key "colums"; did you mean "columns"?`},
		{"columns:\n  a: b\n  a: c", `m.yaml:3:3: "a" stands twice in columns; keep one of the two lines`},
		{"columns:\n  a: x\n  b: x", `m.yaml:3:6: "a" and "b" are read from the same column "x"; give each question a column of its own`},
		{"columns:\n  a:", `m.yaml:2:5: columns.a is empty; write a heading, or "" for nothing`},
		{"columns: [a]", `m.yaml:1:10: columns is not a list of lines like "name: value"; write each entry on a line of its own, indented`},
		{"values:\n  sede: Santiago", `m.yaml:2:9: values.sede is not a list of lines`},
		{"encoding: latin9", `m.yaml:1:11: encoding "latin9" is not known; use one of "utf-8"`},
		{"delimiter: ab", `m.yaml:1:12: delimiter "ab" is not known`},
		{"consent: {column: x}", `m.yaml:1:10: consent says not which column, or not which cells mean yes`},
		{"consent: {colum: x, yes: [ja]}", `unknown key "colum"; did you mean "column"?`},
		{"ignore: x", `m.yaml:1:9: ignore is no list of headings`},
		{"columns: &a {x: y}\nvalues: *a", `m.yaml:2:9: values is not a list of lines`},
		{"a: b: c", `m.yaml:1:1: mapping values are not allowed`},
		{"- a", `m.yaml:1:1: the mapping is not a list of lines`},
	} {
		_, err := ParseMapping("m.yaml", []byte(c.src))
		var problems *instrument.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.src, err, c.want)
		}
	}
	for _, src := range []string{"", "# nothing", "columns:\nvalues:\n  a:\n", "missing: []"} {
		if _, err := ParseMapping("m.yaml", []byte(src)); err != nil {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func TestMappingIsUsed(t *testing.T) {
	t.Parallel()
	in := mixed()
	m, err := ParseMapping("m.yaml", []byte(`
columns: {use: Gebruik, department: Dienst, tasks: taken}
values:
  Gebruik: {soms: weekly, geen idee: ""}
  Dienst: {"burgerzaken ": Burgerzaken, Groenn: Groenn}
ignore: [naam]
missing: ["?"]
consent: {column: ok, yes: [Ja]}
delimiter: ";"
`))
	if err != nil {
		t.Fatal(err)
	}
	res, err := readText(t, "naam;ok;Gebruik;Dienst;taken\na;ja;soms;Burgerzaken;write\nb;JA;geen idee;burgerzaken ;search|write\nc;nee;daily;Groen;\nd;ja;?;Groen;\ne;ja;daily;Groenn;zoeken\n",
		in, Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	a, q := res.Answers, res.Quality
	if diff := cmp.Diff([]Excluded{{ExcludedNoConsent, 1}}, q.Excluded); diff != "" || a.N != 4 || q.Rows != 5 {
		t.Error(diff, a.N, q.Rows)
	}
	if diff := cmp.Diff([]uint8{6, 1, 1, 5}, a.Columns[0].Narrow); diff != "" {
		t.Error(diff)
	}
	at := map[string]*instrument.Column{}
	for i, v := range a.Variables {
		at[v.ID] = a.Columns[i]
	}
	if diff := cmp.Diff([]string{"Burgerzaken", "Groen", "Groenn"}, at["department"].Levels); diff != "" || q.Merged != 1 || len(res.Proposals) != 0 {
		t.Error(diff, q.Merged, res.Proposals)
	}
	if diff := cmp.Diff([]uint8{6, 6, 1, 5}, at["tasks.write"].Narrow); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"naam"}, q.Ignored); diff != "" || len(q.Unread) != 0 || len(res.Issues) != 0 {
		t.Error(diff, q.Unread, res.Issues)
	}
}

func TestMappingOfAnotherFile(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"values: {Deinst: {a: b}}":        `column "Deinst": the mapping translates cells of a column that the file does not have`,
		"columns: {department: Afdeling}": `the mapping reads department from a column that the file does not have`,
		"columns: {departmnt: Dienst}":    `did you mean "department"?`,
		"consent: {column: ok, yes: [x]}": `the file has no column "ok" for consent`,
	} {
		m, err := ParseMapping("m.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		_, err = readText(t, "Dienst,use\nGroen,daily\n", mixed(), Options{Mapping: m})
		wantKind(t, err, KindColumns, want)
	}
	m := &Mapping{Values: map[string]map[string]string{"DIENST": {}, "gone": {}, "USE": {"soms": "weekly"}}}
	res, err := readText(t, "Dienst,use\nGroen,soms\n", mixed(), Options{Mapping: m})
	if err != nil || res.Answers.Columns[0].At(0) != instrument.FirstOption+1 {
		t.Error(err)
	}
}

func TestProposeOnRealAnswers(t *testing.T) {
	t.Parallel()
	path := testkit.NeedRealAnswers(t)
	in := &instrument.Instrument{ID: "real", Items: []instrument.Item{
		{ID: "sede", Kind: instrument.Category}, {ID: "disciplina_OCDE", Kind: instrument.Category}, likert("CT1"), likert("CT_2"),
		{ID: "sexo", Kind: instrument.Single, Options: []instrument.Option{{ID: "Masculino"}, {ID: "Femenino"}}},
	}}
	m, res, err := Propose(t.Context(), path, in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	src := written(t, m)
	for _, want := range []string{
		`"Santiago ": "Santiago"   # 1 and 412 answers, differ in white space`,
		`# "Medicina y Ciencias de la Salud": "Medicina y Ciencias de La Salud"`,
		`# "CT_2": "CT2"`, `# "Preferiría no contestar": ""   # sexo: fits no option (Masculino, Femenino)`,
		`  "sede": "sede"`,
	} {
		if !strings.Contains(src, want) {
			t.Errorf("%s\nlacks %s", src, want)
		}
	}
	if res.Answers.N != 703 || len(res.Proposals) != 2 {
		t.Error(res.Answers.N, res.Proposals)
	}
	accepted := strings.ReplaceAll(src, "    # \"Santiago", "    \"Santiago")
	m2, err := ParseMapping("m.yaml", []byte(accepted))
	if err != nil {
		t.Fatal(err)
	}
	res, err = Read(t.Context(), path, in, Options{Mapping: m2})
	if err != nil {
		t.Fatal(err)
	}
	if res.Quality.Merged != 1 || len(res.Proposals) != 1 {
		t.Error(res.Quality.Merged, res.Proposals)
	}
}
