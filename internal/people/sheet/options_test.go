package sheet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatSomebodyChoseIsUsed(t *testing.T) {
	t.Parallel()
	path := file(t, "list.csv", "Lijst;a,b;c\nNr;Naam;x\n1;Jan;y\n2;An;z\n")
	for name, c := range map[string]struct {
		opt  Options
		want []string
	}{
		"row of the headings":  {Options{HeadingRow: 1}, []string{"Lijst|a,b|c", "2 Nr|Naam|x", "3 1|Jan|y", "4 2|An|z"}},
		"rows of the headings": {Options{HeadingRow: 2, HeadingCount: 2}, []string{"Lijst Nr|a,b Naam|c x", "3 1|Jan|y", "4 2|An|z"}},
		"no headings":          {Options{HeadingRow: -1}, []string{"A|B|C", "1 Lijst|a,b|c", "2 Nr|Naam|x", "3 1|Jan|y", "4 2|An|z"}},
		"separator":            {Options{Separator: ",", HeadingRow: 1}, []string{"Lijst;a|b;c", "2 Nr;Naam;x|", "3 1;Jan;y|", "4 2;An;z|"}},
	} {
		if d := cmp.Diff(c.want, shown(read(t, path, c.opt))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestPadAddsTheZerosThatWereLost(t *testing.T) {
	t.Parallel()
	table := read(t, file(t, "list.csv", "Stamnummer;Naam\n10234;Jan\n234;An\n20456;Bo\n;Els\nx1;Tom\n30001;Ria\n30002;Rik\n30003;Rob\n30004;Rie\n"), Options{})
	n := note(table, NoteLostZeros)
	if n.Args["width"] != "5" || n.Count != 1 || n.Rows[0].From != 3 {
		t.Fatalf("%+v", n)
	}
	if changed := table.Pad(n.Column, 5); changed != 1 || table.Cell(1, 0) != "00234" || table.Cell(0, 0) != "10234" || table.Cell(3, 0) != "" || table.Cell(4, 0) != "x1" {
		t.Errorf("%d changed: %v", changed, shown(table))
	}
}

func TestColumnsAreDescribed(t *testing.T) {
	t.Parallel()
	table := read(t, file(t, "list.csv", "Nr;Naam;Mail;Geboren;VTE;%;Actief;Graad;Leeg;Groot\n"+
		"0012;Jan;a@b.be;01/02/1980;1,0;80 %;J;C1;;8,50730E+10\n0013;An;c@b.be;1/12/1981;0,8;100%;N;C1;;8,50730E+10\n0014;Bo;;30.11.1970;0,5;50%;J;B2;;\n"), Options{})
	var got []string
	for _, c := range table.Columns {
		got = append(got, fmt.Sprintf("%s %s %d/%d %v", c.Heading, c.Shape, c.Distinct, c.Filled, c.Examples))
	}
	want := []string{
		"Nr integer 3/3 [0012 0013 0014]", "Naam text 3/3 [Jan An Bo]", "Mail mail 2/2 [a@b.be c@b.be]", "Geboren date 3/3 [01/02/1980 1/12/1981 30.11.1970]",
		"VTE decimal 3/3 [1,0 0,8 0,5]", "% percent 3/3 [80 % 100% 50%]", "Actief flag 2/3 [J N]", "Graad code 2/3 [C1 B2]", "Leeg  0/0 []", "Groot code 1/2 [8,50730E+10]",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if n := note(table, NoteScientific); n.Count != 2 || n.Heading != "Groot" {
		t.Errorf("%+v", n)
	}
}

func TestFilesThatCannotBeReadSayWhy(t *testing.T) {
	t.Parallel()
	for want, text := range map[ErrorKind]string{
		ErrEmpty: "Nr;Naam\n", ErrOldExcel: "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ErrBinary: "%PDF-1.7 ...", ErrDamaged: "PK\x03\x04 and no more", ErrLimit: "a;b\n" + strings.Repeat("1;2\n", 30),
	} {
		_, err := Read(t.Context(), file(t, "list", text), Options{Limits: Limits{Rows: 20}})
		var e *Error
		if !errors.As(err, &e) || e.Kind != want || e.Error() == "" {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, path := range []string{"/nowhere/list.csv", t.TempDir()} {
		var e *Error
		if _, err := Read(t.Context(), path, Options{}); !errors.As(err, &e) || e.Kind != ErrUnreadable {
			t.Error(err)
		}
	}
	wide := strings.Repeat("a;", 600) + "\n" + strings.Repeat("1;", 600) + "\n"
	var e *Error
	if _, err := Read(t.Context(), file(t, "wide.csv", wide), Options{}); !errors.As(err, &e) || e.Kind != ErrLimit || e.Args["what"] != "columns" {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, file(t, "list.csv", "a;b\n1;2\n"), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestProgressGoesForward(t *testing.T) {
	t.Parallel()
	var list []int64
	read(t, file(t, "list.csv", "a;b\n"+strings.Repeat("1;2\n", 20_000)), Options{Progress: func(done, total int64) { list = append(list, done, total) }})
	if len(list) < 6 || !slices.IsSorted([]int64{list[0], list[2], list[4], list[1]}) {
		t.Errorf("%v", list)
	}
}
