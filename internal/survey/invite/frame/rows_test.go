package frame

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tekentafel/internal/intake"
)

var someHeadings = []Heading{{"Naam", Name}, {"Mail", Mail}, {"Dienst", Group}, {"Iets", Ignore}}

func TestRowsAreKeptAndReadAgainWithTheirRoles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", " ", "=1+1", `"x"`, "a;b,c", "Ça  va", "a\nb", "a\r\nb", "'"}))
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, len(someHeadings), len(someHeadings)), 0, 20).Draw(rt, "rows")
		f, err := FromRows(someHeadings, rows)
		if err != nil {
			rt.Fatal(err)
		}
		var kept bytes.Buffer
		if err := f.Write(&kept); err != nil {
			rt.Fatal(err)
		}
		again, err := read(t, kept.Bytes())
		if err != nil {
			rt.Fatal(err)
		}
		if !slices.Equal(again.Guess().Roles, []Role{Name, Mail, Group, Ignore}) || again.Len() != len(rows) {
			rt.Fatalf("%v, %d rows", again.Guess(), again.Len())
		}
		if diff := cmp.Diff(f.Check(f.Guess(), rules), again.Check(again.Guess(), rules)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestRowsThatAreNoFrameAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := FromRows(someHeadings, make([][]string, MaxRows+1)); !errors.Is(err, ErrTooMany) {
		t.Errorf("too many: %v", err)
	}
	if _, err := FromRows(someHeadings, [][]string{{"a"}}); err == nil {
		t.Error("a row with too few cells is taken")
	}
	for name, content := range map[string]string{
		"no headings": "", "no JSON": "x\n", "no columns": "[]\n", "a role that is none": `[{"text":"a","role":"king"}]` + "\n",
		"many columns": "[" + strings.TrimSuffix(strings.Repeat(`{"text":"a","role":""},`, maxColumns+1), ",") + "]\n",
		"a short row":  `[{"text":"a","role":""},{"text":"b","role":""}]` + "\nx\n", "an open quote": `[{"text":"a","role":""}]` + "\n\"x\n",
		"a long line": "[" + strings.Repeat(" ", 100_000),
	} {
		var bad *intake.Error
		if _, err := read(t, []byte(rowsMark+content)); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzKeptRowsAreRefusedOrReadTheSameAgain(f *testing.F) {
	for _, seed := range []string{`[{"text":"a","role":"name"}]` + "\nx\n", "[]\n", "", `[{"text":"a","role":""},{"text":"b","role":"mail"}]` + "\n\"x\ny\",z\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		one, err := read(t, []byte(rowsMark+content))
		if err != nil {
			return
		}
		var kept bytes.Buffer
		if err := one.Write(&kept); err != nil {
			t.Fatal(err)
		}
		two, err := read(t, kept.Bytes())
		if err != nil || fmt.Sprint(two.Guess()) != fmt.Sprint(one.Guess()) || len(one.Columns) > 1 && two.Len() != one.Len() {
			t.Errorf("%v", err)
		}
	})
}
