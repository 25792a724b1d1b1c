package draft

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/mapping/value"
	"tekentafel/internal/people/org"
)

func TestValuesAreReadByTheirRules(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{
		mapping.Number, mapping.Name, mapping.Mail, mapping.Birth, mapping.Language, mapping.UnitCode, mapping.FunctionName, mapping.FunctionLevel, mapping.FTE, mapping.Start, mapping.End, mapping.Service, mapping.ManagerNumber,
	}
	tab, m := file(mapping.Number, fields,
		[]string{" ab 12", "Peeters, Jan", "Jan.Peeters@Stad.Example", "3/4/1980", "N", "D1", "Deskundige", "B1-B3", "80 %", "1/9/2010", "31/12/2025", "Ja", "77"},
		[]string{"34", "DE SMET An", "mailto:an@stad.example", "1975", "Français", "D1", "Klerk", "niv. C", "38/38", "2010-09-01", "31/12/9999", "Nee", ""},
		[]string{"35", "Jos Maes", "geen", "gisteren", "Turks", "", "", "", "80", "13/13/2020", "-", "misschien", ""},
	)
	m.Values.Width, m.Values.Scale = 4, value.One
	d := made(t, tab, m)
	want := []Row{
		{Number: 2, Key: "AB12", Staff: "AB12", Given: "Jan", Family: "Peeters", Mail: "jan.peeters@stad.example", Language: "nl", BirthYear: 1980, FTE: 800, Start: 20100901, End: 20260101, Service: value.Yes, ManagerNumber: "0077", Function: 0},
		{Number: 3, Key: "0034", Staff: "0034", Given: "An", Family: "DE SMET", Mail: "an@stad.example", Language: "fr", BirthYear: 1975, FTE: 1000, Start: 20100901, Service: value.No, Function: 1},
		{Number: 4, Key: "0035", Staff: "0035", Family: "Jos Maes", FTE: -1, Unit: -1, Function: -1},
	}
	for _, f := range []mapping.Field{mapping.Mail, mapping.Birth, mapping.Language, mapping.FTE, mapping.Start, mapping.Service} {
		want[2].Unread |= bit(f)
	}
	if diff := cmp.Diff(want, d.Rows); diff != "" {
		t.Error(diff)
	}
	if len(d.Functions) != 2 || d.Functions[0].Level != "B" || d.Functions[1].Level != "C" || len(d.Doubts) != 6 || d.Doubts[0].Column != 2 || d.Doubts[0].First[0] != (Cell{Row: 4, Value: "geen"}) {
		t.Errorf("functions %+v, doubts %+v", d.Functions, d.Doubts)
	}
}

func TestLevelsOfBeforeTheReformAreReadOnlyWhereOneIsTwoPlus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cells, want []string
		doubts      int
	}{
		{[]string{"1", "2+", "2", "3", "4"}, []string{"A", "B", "C", "D", "D"}, 0},
		{[]string{"1", "2", "3", "4", "2"}, []string{"", "", "", "", ""}, 5}, // a pay scale, or a ladder from the bottom
		{[]string{"A", "2+", "2", "C1-C3", "rang 42"}, []string{"A", "", "", "C", "D"}, 2},
	} {
		var rows [][]string
		for i, cell := range c.cells {
			rows = append(rows, []string{string(rune('1' + i)), "Peeters", "Functie " + string(rune('a'+i)), cell})
		}
		tab, m := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Family, mapping.FunctionName, mapping.FunctionLevel}, rows...)
		d := made(t, tab, m)
		var got []string
		for i := range d.Functions {
			got = append(got, string(d.Functions[i].Level))
		}
		n := 0
		for _, x := range d.Doubts {
			n += x.Count
		}
		if !slices.Equal(got, c.want) || n != c.doubts {
			t.Errorf("%v: %v with %d doubts", c.cells, got, n)
		}
	}
}

func TestRowsThatAreNotAboutAPersonAreListed(t *testing.T) {
	t.Parallel()
	tab, m := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Family, mapping.UnitName, mapping.FTE, mapping.Ignore},
		[]string{"1", "Peeters", "Wegen", "1", ""},
		[]string{"", "", "", "", "niet gebruikt"},
		[]string{"", "Maes", "Wegen", "1", ""},
		[]string{"k0 number", "K1 FAMILY", "k2 unit-name", "k3 fte", "k4"},
		[]string{"1", "Peeters", "Wegen", "1", "iets anders"},
		[]string{"3", "", "Wegen", "1", ""},
		[]string{strings.Repeat("9", 41), "Claes", "Wegen", "1", ""},
		[]string{"", "Subtotaal Wegen", "", "12,5", ""},
		[]string{"Totaal", "", "", "12,5", ""},
		[]string{"12", "Totaal", "", "12,5", ""},
		[]string{"Aantal: 12"},
		[]string{"4", "Total", "Wegen", "1", ""},
		[]string{"5", "Sommers"},
	)
	d := made(t, tab, m)
	var got []string
	for _, r := range d.Rejected {
		got = append(got, string(r.Kind))
	}
	want := []string{"empty", "no-key", "repeated-heading", "same-row", "no-name", "bad-key", "total", "total", "total", "total"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d.Taken != 3 || d.People() != 3 || d.In != 13 {
		t.Errorf("taken %d, people %d, in %d", d.Taken, d.People(), d.In)
	}
}

func TestAnEmptyCellSaysNoInAColumnOfMarks(t *testing.T) {
	t.Parallel()
	fields := []mapping.Field{mapping.Number, mapping.Family, mapping.Service}
	answers := func(inverse bool, cells ...string) (list []value.Answer) {
		tab, m := file(mapping.Number, fields)
		m.Values.Inverse = inverse
		m.Values.In, m.Values.Out = []string{"Op proef"}, []string{"Weg"}
		for i, c := range cells {
			tab.rows = append(tab.rows, []string{string(rune('1' + i)), "Naam", c})
		}
		for _, r := range made(t, tab, m).Rows {
			list = append(list, r.Service)
		}
		return list
	}
	for name, c := range map[string]struct {
		inverse bool
		cells   []string
		want    []value.Answer
	}{
		"marks":                {false, []string{"X", "", "x"}, []value.Answer{value.Yes, value.No, value.Yes}},
		"answers":              {false, []string{"Ja", "", "Nee"}, []value.Answer{value.Yes, value.Unsaid, value.No}},
		"marks of out":         {true, []string{"X", "", "x"}, []value.Answer{value.No, value.Yes, value.No}},
		"answers of out":       {true, []string{"J", "", "N"}, []value.Answer{value.No, value.Unsaid, value.Yes}},
		"words of the source":  {false, []string{"op proef", "WEG"}, []value.Answer{value.Yes, value.No}},
		"words, and of out":    {true, []string{"op proef", "WEG"}, []value.Answer{value.Yes, value.No}},
		"mixed marks and said": {false, []string{"X", "", "nee"}, []value.Answer{value.Yes, value.Unsaid, value.No}},
	} {
		if diff := cmp.Diff(c.want, answers(c.inverse, c.cells...)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNationalNumbersAreNeverTakenOver(t *testing.T) {
	t.Parallel()
	tab, m := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Family, mapping.National}, []string{"1", "A", "85.07.30-033.28"}, []string{"2", "B", "rn:abcdefghijklmnopqrstuvwxyz"})
	d := made(t, tab, m)
	if d.Rows[0].Hidden != "" || d.Rows[1].Hidden == "" || d.Doubts[0].First[0].Value != "" {
		t.Errorf("%+v %+v", d.Rows, d.Doubts)
	}
	tab, m = file(mapping.National, []mapping.Field{mapping.Family, mapping.National}, []string{"A", "85.07.30-033.28"}, []string{"B", "rn:abcdefghijklmnopqrstuvwxyz"})
	d = made(t, tab, m)
	if len(d.Rejected) != 1 || d.Rejected[0] != (Rejected{Row: 2, Kind: BadKey, Column: 1}) || d.Rows[0].Hidden != d.Rows[0].Key {
		t.Errorf("%+v %+v", d.Rows, d.Rejected)
	}
}

func TestTheTreeOfUnitsIsReadHoweverItIsGiven(t *testing.T) {
	t.Parallel()
	want := []string{"Stad", "Stad > Burger", "Stad > Burger > Loket", "Stad > Techniek", "Stad > Techniek > Groen", "Stad > Techniek > Wegen"}
	for name, c := range map[string]struct {
		fields []mapping.Field
		values mapping.Values
		rows   [][]string
	}{
		"path":       {[]mapping.Field{mapping.UnitPath}, mapping.Values{Separator: ">"}, [][]string{{"Stad > Techniek > Wegen"}, {"Stad>Techniek>Groen"}, {"Stad > Burger > Loket > "}}},
		"levels":     {[]mapping.Field{mapping.UnitLevel, mapping.UnitLevel, mapping.UnitLevel}, mapping.Values{}, [][]string{{"Stad", "Techniek", "Wegen"}, {"Stad", "Techniek", "Groen"}, {"Stad", "Burger", "Loket"}, {"Stad", "Burger", "Burger"}}},
		"outline":    {[]mapping.Field{mapping.UnitLevel, mapping.UnitLevel, mapping.UnitLevel}, mapping.Values{Outline: true}, [][]string{{"Stad"}, {"", "Techniek"}, {"", "", "Wegen"}, {"", "", "Groen"}, {"", "Burger", "Loket"}}},
		"indented":   {[]mapping.Field{mapping.UnitIndent}, mapping.Values{}, [][]string{{"Stad"}, {"  Techniek"}, {"    Wegen"}, {"    Groen"}, {"  Burger"}, {"      Loket"}}},
		"dotted":     {[]mapping.Field{mapping.UnitIndent}, mapping.Values{}, [][]string{{"Stad"}, {". Techniek"}, {".. Wegen"}, {".. Groen"}, {". Burger"}, {".. Loket"}}},
		"code above": {[]mapping.Field{mapping.UnitCode, mapping.UnitName, mapping.UnitParent}, mapping.Values{}, [][]string{{"111", "Wegen", "11"}, {"112", "Groen", "11"}, {"11", "Techniek", "1"}, {"1", "Stad", "1"}, {"12", "Burger", "1"}, {"121", "Loket", "12"}}},
		"name above": {[]mapping.Field{mapping.UnitName, mapping.UnitParent}, mapping.Values{}, [][]string{{"Wegen", "Techniek"}, {"Groen", "techniek"}, {"Techniek", "Stad"}, {"Loket", "Burger"}, {"Burger", "Stad"}}},
		"level and name": {
			[]mapping.Field{mapping.UnitLevel, mapping.UnitLevel, mapping.UnitName, mapping.UnitCode}, mapping.Values{},
			[][]string{{"Stad", "Techniek", "Wegen", "111"}, {"Stad", "Techniek", "Groen", "112"}, {"Stad", "Burger", "Loket", "121"}, {"Stad", "Techniek", "Techniek", "11"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tab, m := file("", c.fields, c.rows...)
			m.Values = c.values
			n := imported(t, tab, m, &org.Organisation{}, How{Complete: true})
			x := org.NewIndex(n.Organisation)
			var got []string
			for i := range n.Organisation.Units {
				got = append(got, strings.Join(x.Path(n.Organisation.Units[i].ID), " > "))
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			again := imported(t, tab, m, n.Organisation, How{Complete: true, Day: day + 1})
			if d := Diff(n.Organisation, again.Organisation, day+1, DefaultLimits()); !d.Same() {
				t.Errorf("the same file again changes %+v", d)
			}
		})
	}
}

func TestPeopleStandUnderTheUnitsOfAnIndentedList(t *testing.T) {
	t.Parallel()
	tab, m := file(mapping.Number, []mapping.Field{mapping.UnitIndent, mapping.Number, mapping.Family}, []string{"Stad"}, []string{"  Wegen"}, []string{"", "1", "Peeters"}, []string{"", "2", "Maes"}, []string{"  Groen", "", ""}, []string{"", "3", "Claes"})
	n := imported(t, tab, m, &org.Organisation{}, How{Complete: true})
	x := org.NewIndex(n.Organisation)
	for number, want := range map[string]string{"1": "Wegen", "2": "Wegen", "3": "Groen"} {
		posts := x.PostsOf(find(t, n.Organisation, number).ID)
		if path := x.Path(posts[0].Unit); len(path) != 2 || path[1] != want {
			t.Errorf("%s is in %v; want %s", number, path, want)
		}
	}
}

func TestContradictionsBetweenRowsAreListedAndSettledByTheMost(t *testing.T) {
	t.Parallel()
	tab, m := file(mapping.Number, []mapping.Field{mapping.Number, mapping.Family, mapping.UnitCode, mapping.UnitName, mapping.UnitParent, mapping.FunctionName, mapping.FunctionLevel, mapping.Mail},
		[]string{"1", "A", "D1", "Wegen", "X", "Klerk", "C", "a@stad.example"}, []string{"2", "B", "d1", "Dienst Wegen", "Y", "Klerk", "D", ""}, []string{"3", "C", "D1", "Wegen", "X", "Klerk", "C", ""}, []string{"1", "A", "D2", "Groen", "", "Klerk", "C", "b@stad.example"})
	d := made(t, tab, m)
	n := resolved(t, d, &org.Organisation{}, How{})
	x := org.NewIndex(n.Organisation)
	post := x.PostsOf(find(t, n.Organisation, "2").ID)[0]
	if path := x.Path(post.Unit); !slices.Equal(path, []string{"X", "Wegen"}) || n.Organisation.Functions[0].Level != "C" {
		t.Errorf("path %v, function %+v", path, n.Organisation.Functions)
	}
	kinds := map[string]int{}
	for _, x := range slices.Concat(d.Doubts, n.Doubts) {
		kinds[string(x.Kind)+" "+string(x.Field)] += x.Count
	}
	want := map[string]int{"two-values unit-name": 1, "two-values unit-parent": 1, "two-values function-level": 1, "two-values mail": 1, "unknown-parent unit-parent": 2}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestAMappingThatDoesNotFitIsAnError(t *testing.T) {
	t.Parallel()
	tab, m := file(mapping.Mail, []mapping.Field{mapping.Number, mapping.Family})
	if _, err := Make(context.Background(), tab, m, Options{Day: day}); !errors.Is(err, ErrMapping) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	tab, m = city(10, 1)
	if _, err := Make(context.Background(), tab, m, Options{}); !errors.Is(err, ErrDay) {
		t.Errorf("%v", err)
	}
	if _, err := Resolve(context.Background(), made(t, tab, m), &org.Organisation{}, How{}); !errors.Is(err, ErrDay) {
		t.Errorf("%v", err)
	}
	if _, err := Make(ctx, tab, m, Options{Day: day}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// faulty draws a file with all that goes wrong in real ones.
func faulty(t *rapid.T) (*table, *mapping.Mapping) {
	fields := rapid.Permutation(mapping.Fields()).Draw(t, "order")[:rapid.IntRange(1, 14).Draw(t, "columns")]
	for range rapid.IntRange(0, 2).Draw(t, "ignored") {
		fields = append(fields, mapping.Ignore)
	}
	key := rapid.SampledFrom(mapping.Keys()).Draw(t, "key")
	tab, m := file(key, fields)
	m.Values = mapping.Values{
		Separator: ">", Outline: rapid.Bool().Draw(t, "outline"), Inverse: rapid.Bool().Draw(t, "inverse"), Width: rapid.SampledFrom([]int{0, 6}).Draw(t, "width"),
		Scale: rapid.SampledFrom([]value.Scale{value.Auto, value.One, value.Percent, value.Hours}).Draw(t, "scale"), AfterEnd: rapid.Bool().Draw(t, "after"),
	}
	cells := []string{
		"", "", "1", "2", "3", "0004", "Peeters", "PEETERS Jan", "Maes, An", "An Maes", "a@stad.example", "b@stad.example", "geen@", "rn:aaa", "rn:bbb", "85073003328", "1980", "31/12/2020", "1/13/2020", "31/12/9999", "A1a", "0,8", "80 %", "120 %", "Ja", "Nee", "X", "ziek",
		"Stad > Wegen", "Stad", "  Wegen", "\t Groen", "Wegen", "WEGEN", "D1", "d1", "D2", "Totaal", "Subtotaal: 3", "-", "n.v.t.", "2422", "\xff\xfe", "\u200b", "é", strings.Repeat("lang ", 120), ">", "Deskundige", "deskundige",
	}
	for range rapid.IntRange(0, 14).Draw(t, "rows") {
		switch rapid.IntRange(0, 12).Draw(t, "sort of row") {
		case 0:
			tab.rows = append(tab.rows, slices.Clone(tab.headings))
		case 1:
			if len(tab.rows) > 0 {
				tab.rows = append(tab.rows, rapid.SampledFrom(tab.rows).Draw(t, "again"))
			}
		case 2:
			tab.rows = append(tab.rows, []string{"Totaal", "12"}[:min(2, len(fields))])
		default:
			tab.rows = append(tab.rows, rapid.SliceOfN(rapid.SampledFrom(cells), 0, len(fields)).Draw(t, "cells"))
		}
	}
	return tab, m
}

// dense draws a file of few people with many posts, units that contradict each other, and managers who go and come.
func dense(t *rapid.T) (*table, *mapping.Mapping) {
	of := func(cells ...string) *rapid.Generator[string] { return rapid.SampledFrom(cells) }
	bad := of("fte", "start", "end").Draw(t, "not understood")
	not := func(which, cell string) string {
		if which == bad {
			return cell
		}
		return ""
	}
	columns := []struct {
		field mapping.Field
		cells *rapid.Generator[string]
	}{
		{mapping.Number, of("1", "2", "3", "4")}, {mapping.Family, of("A", "A", "A", "a", "B", "")}, {mapping.UnitCode, of("U1", "u1", "U2", "U3", "")}, {mapping.UnitName, of("Wegen", "wegen", "Groen", "Sport", "")}, {mapping.UnitParent, of("", "U2", "U3", "Sport", "X")},
		{mapping.FunctionName, of("Klerk", "klerk", "Redder", "")}, {mapping.FunctionLevel, of("A", "B1", "", "?")}, {mapping.FTE, of("0,5", "0,5", "1", "0,2", "", not("fte", "deels"))}, {mapping.Statute, of("S", "C", "")},
		{mapping.PostStart, of("1/1/2000", "1/1/2010", "", not("start", "?"))}, {mapping.PostEnd, of("", "", "1/1/2020", "1/1/2030")}, {mapping.Start, of("1/1/1990", "1/1/1995", "")}, {mapping.End, of("", "", "", "1/1/2026", "1/1/2030", not("end", "x"))},
		{mapping.Service, of("Ja", "Nee", "", "wie weet")}, {mapping.ManagerNumber, of("1", "2", "9", "")}, {mapping.ManagerName, of("A", "B", "")}, {mapping.Mail, of("a@stad.example", "b@stad.example", "x", "")}, {mapping.National, of("rn:a", "rn:b", "")},
	}
	var fields []mapping.Field
	var cells []*rapid.Generator[string]
	for i, c := range columns {
		if i < 2 || rapid.Bool().Draw(t, string(c.field)) {
			fields, cells = append(fields, c.field), append(cells, c.cells)
		}
	}
	if slices.Contains(fields, mapping.UnitParent) && !slices.Contains(fields, mapping.UnitName) && !slices.Contains(fields, mapping.UnitCode) {
		fields, cells = append(fields, mapping.UnitName), append(cells, columns[3].cells)
	}
	tab, m := file(mapping.Number, fields)
	for range rapid.IntRange(1, 10).Draw(t, "rows") {
		var row []string
		for _, c := range cells {
			row = append(row, c.Draw(t, "cell"))
		}
		tab.rows = append(tab.rows, row)
	}
	return tab, m
}

// varied draws a file that differs from another in some cells and rows.
func varied(t *rapid.T, tab *table) *table {
	v := &table{headings: tab.headings}
	for _, row := range tab.rows {
		row = slices.Clone(row)
		if len(row) > 0 && rapid.Bool().Draw(t, "change") {
			at := rapid.IntRange(0, len(row)-1).Draw(t, "at")
			if other := rapid.SampledFrom(tab.rows).Draw(t, "like"); at < len(other) {
				row[at] = other[at]
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "keep") > 0 {
			v.rows = append(v.rows, row)
		}
	}
	return v
}

// drawn draws a faulty file that its mapping fits.
func drawn(t *rapid.T) (*table, *mapping.Mapping) {
	if rapid.Bool().Draw(t, "dense") {
		return dense(t)
	}
	tab, m := faulty(t)
	if len(m.Check(tab.headings)) > 0 {
		if rapid.Bool().Draw(t, "units") {
			tree := rapid.SampledFrom([][]mapping.Field{{mapping.UnitCode, mapping.UnitName, mapping.UnitParent}, {mapping.UnitPath, mapping.UnitCode, mapping.UnitHead}, {mapping.UnitIndent, mapping.UnitKind}, {mapping.UnitName}}).Draw(t, "tree")
			fit(tab, m, tree...)
		} else {
			tree := rapid.SampledFrom([][]mapping.Field{{mapping.UnitCode, mapping.UnitName, mapping.UnitParent}, {mapping.UnitPath}, {mapping.UnitIndent}, {mapping.UnitName}, {}}).Draw(t, "tree")
			more := rapid.SampledFrom([][]mapping.Field{{mapping.FunctionName, mapping.FTE, mapping.ManagerName}, {mapping.FTE, mapping.Statute, mapping.Start, mapping.End}, {mapping.Service, mapping.ManagerNumber, mapping.FunctionCode}, {mapping.Mail, mapping.End, mapping.Site}}).Draw(t, "more")
			fit(tab, m, slices.Concat([]mapping.Field{m.Key, mapping.Name}, tree, more)...)
		}
	}
	return tab, m
}

// fit gives a file other fields.
func fit(tab *table, m *mapping.Mapping, fields ...mapping.Field) {
	var unique []mapping.Field
	for _, f := range fields {
		if !slices.Contains(unique, f) {
			unique = append(unique, f)
		}
	}
	to, n := file(m.Key, unique)
	for i := range tab.rows {
		tab.rows[i] = tab.rows[i][:min(len(tab.rows[i]), len(unique))]
	}
	tab.headings, n.Values = to.headings, m.Values
	*m = *n
}

func TestEveryRowIsTakenOrListed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tab, m := drawn(t)
		d, err := Make(context.Background(), tab, m, Options{Day: day})
		if errors.Is(err, ErrMapping) {
			t.Fatalf("%v %v", err, tab.headings)
		}
		if d.In != len(tab.rows) || d.In != d.Taken+len(d.Rejected) {
			t.Fatalf("%d rows in, %d taken, %d listed", len(tab.rows), d.Taken, len(d.Rejected))
		}
		seen := map[int]bool{}
		for _, r := range d.Rejected {
			if seen[r.Row] || r.Row < 2 || r.Row >= len(tab.rows)+2 || r.Kind == "" {
				t.Fatalf("row %d is listed twice, or is none", r.Row)
			}
			seen[r.Row] = true
		}
		people := 0
		for i := range d.Rows {
			if seen[d.Rows[i].Number] {
				t.Fatalf("row %d is taken and listed", d.Rows[i].Number)
			}
			people++
		}
		if d.Content == mapping.People && people > d.Taken {
			t.Fatalf("%d rows of people, %d taken", people, d.Taken)
		}
		total := 0
		for _, f := range d.folks {
			total += len(f.rows)
		}
		if total != len(d.Rows) || len(d.byKey) != len(d.folks) {
			t.Fatalf("%d rows of people hold %d", total, len(d.Rows))
		}
	})
}
