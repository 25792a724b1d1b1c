package people

import (
	"strings"
	"testing"

	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/store"
)

// idOf returns the id of somebody in service by staff number.
func (w *world) idOf(number string) string {
	w.t.Helper()
	o, _, err := w.standing(w.t.Context(), w.DB.Of(hr().Tenant))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range o.People {
		if p := &o.People[i]; p.Number == number && !p.Out {
			return p.ID
		}
	}
	w.t.Fatalf("nobody in service has the number %s", number)
	return ""
}

// decided lists the decisions on people that count, as "a b verdict into".
func (w *world) decided() string {
	w.t.Helper()
	list, err := w.Decisions(w.t.Context(), hr(), store.Duplicate)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, d := range list {
		out = append(out, strings.TrimSpace(d.A+" "+d.B+" "+string(d.Verdict)+" "+d.Into))
	}
	return strings.Join(out, ", ")
}

// What was decided on two records of a source holds when its numbers get a prefix: those who are one stay one, those who are two are not proposed
// again, and undoing all of it leads back.
func TestDecisionsOnPeopleFollowTheNumbersOfTheirSource(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		city, welfare := w.source("Stad"), w.source("OCMW")
		w.taken(w.mapped(w.bring(welfare, roll(12, "Els", "Maes"), false)), false)
		// The city numbers its people otherwise, and has one who is on both lists with two numbers.
		theirs := strings.ReplaceAll(roll(9, "Jan", "Peeters"), "\n000", "\n100")
		w.taken(w.mapped(w.bring(city, theirs, false)), false)

		merged, err := w.MergePeople(t.Context(), hr(), w.idOf("0003"), w.idOf("0004")) // both of the one list
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.MergePeople(t.Context(), hr(), w.idOf("1005"), w.idOf("0005")); err != nil { // one of each
			t.Fatal(err)
		}
		for _, two := range [][2]string{{"0006", "0007"}, {"0008", "1008"}, {"1006", "1007"}} {
			if err := w.PartPeople(t.Context(), hr(), w.idOf(two[0]), w.idOf(two[1])); err != nil {
				t.Fatal(err)
			}
		}
		w.settle()
		before := w.decided()
		w.taken(w.bring(welfare, roll(12, "Els", "Maes"), false), true)
		if names, _ := w.numbers(); len(names) != 19 || names["0004"] != "" || names["0005"] != "" {
			t.Fatalf("before the prefix: %v", names)
		}

		if err := w.prefix(welfare, "OCMW", true); err != nil {
			t.Fatal(err)
		}
		v := w.taken(w.bring(welfare, roll(12, "Els", "Maes"), false), true)
		names, _ := w.numbers()
		if len(names) != 19 || names["OCMW-0004"] != "" || names["OCMW-0005"] != "" || names["OCMW-0003"] == "" || names["1005"] == "" {
			t.Errorf("who was decided to be one is two again: %v", names)
		}
		after := "OCMW-0003 OCMW-0004 same OCMW-0003, 1005 OCMW-0005 same 1005, OCMW-0006 OCMW-0007 different, 1008 OCMW-0008 different, 1006 1007 different"
		if got := w.decided(); got != after {
			t.Errorf("decisions: %s", got)
		}
		// The next file changes nothing more.
		if next := w.bring(welfare, roll(12, "Els", "Maes"), true); next.State != store.Applied || next.Revision != 0 || w.decided() != after {
			t.Errorf("%+v %s", next, w.decided())
		}
		undo := func(seq int64) {
			t.Helper()
			if _, err := w.Undo(t.Context(), hr(), seq); err != nil {
				t.Fatal(err)
			}
			w.settle()
		}
		undo(v.Revision)
		if got := w.decided(); got != before {
			t.Errorf("undone, the decisions are %s, not %s", got, before)
		}
		// A merge that is undone after its decision was named anew is undone all the same.
		again := w.taken(w.bring(welfare, roll(12, "Els", "Maes"), false), true)
		undo(merged)
		if got := w.decided(); strings.Contains(got, "OCMW-0004") || !strings.Contains(got, "OCMW-0005") {
			t.Errorf("the merge was undone, and its decision counts: %s", got)
		}
		undo(again.Revision)
		if got := w.decided(); strings.Contains(got, "0004") || !strings.Contains(got, "0005 1005 same 1005") {
			t.Errorf("then the import: %s", got)
		}
	})
}

func TestANumberIsNamedAnewByThePrefixThatItHas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		prefix string
		former []string
		number string
		want   string
	}{
		{"OCMW", []string{""}, "0012", "OCMW-0012"},
		{"OCMW", []string{""}, "OCMW-0012", "OCMW-0012"},
		{"WZ", []string{"", "OCMW"}, "OCMW-0012", "WZ-0012"},
		{"WZ", []string{"OCMW", ""}, "OCMW-0012", "WZ-0012"},
		{"WZ", []string{"OCMW", ""}, "0012", "WZ-0012"},
		{"", []string{"OCMW"}, "OCMW-0012", "0012"},
		{"", []string{"OCMW"}, "OCMW0012", "OCMW0012"},
		{"WZ", []string{"OCMW"}, "0012", "0012"},
		{"WZ", nil, "0012", "0012"},
	} {
		if got := draft.Renumbered(c.prefix, c.former, c.number); got != c.want {
			t.Errorf("%s under %q before %q: %s, want %s", c.number, c.prefix, c.former, got, c.want)
		}
	}
}
