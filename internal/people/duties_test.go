package people

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
)

func TestDutiesCountEverybodyOnceAndNameNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		v := w.taken(w.mapped(w.bring(w.source("Payroll"), framed, false)), false)
		if v.State != store.Applied {
			t.Fatalf("%s %s", v.State, v.Counts)
		}
		r := w.DB.Of(hr().Tenant)
		d, err := w.Duties(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if now, err := w.DutiesRevision(t.Context(), r); err != nil || now != d.Revision {
			t.Errorf("the revision is %d and %d, %v", d.Revision, now, err)
		}
		unit, function := map[string]string{}, map[string]string{}
		for i := range d.Units {
			unit[d.Units[i].ID] = d.Units[i].Name
		}
		for i := range d.Functions {
			function[d.Functions[i].ID] = d.Functions[i].Name
		}
		said := func(list []store.Tally) (out []string) {
			for _, x := range list {
				out = append(out, fmt.Sprint(unit[x.Unit], " ", function[x.Function], " ", x.People))
			}
			slices.Sort(out)
			return out
		}
		// Eva, who is out of service, does not count.
		want := []string{"Financiën Boekhouder 1", "Groen Tuinman 1", "Secretariaat Klerk 1", "Secretariaat Klerk 1"}
		if got := said(d.Tallies); !slices.Equal(got, want) {
			t.Errorf("%q, not %q", got, want)
		}
		// Who leads Groen sees what is done there and below, and who is nobody sees nothing.
		w.accounts["an"], w.accounts["dia"], w.accounts["guest"] = [2]string{"an@stad.example", ""}, [2]string{"", "0004"}, [2]string{"x@elsewhere.example", ""}
		var groen string
		for id, name := range unit {
			if name == "Groen" {
				groen = id
			}
		}
		u, err := store.One[org.Unit](t.Context(), r, headOf(t, w), groen)
		if err != nil {
			t.Fatal(err)
		}
		page, err := w.Search(t.Context(), hr(), store.Query{Limit: 10, Search: "peeters"})
		if err != nil || len(page.People) != 1 {
			t.Fatal(page, err)
		}
		u.Head = page.People[0].ID
		if _, err := w.PutUnit(t.Context(), hr(), u, headOf(t, w)); err != nil {
			t.Fatal(err)
		}
		led, err := w.LedDuties(t.Context(), as("an", access.Manager))
		if err != nil {
			t.Fatal(err)
		}
		if got := said(led); !slices.Equal(got, []string{"Groen Tuinman 1", "Secretariaat Klerk 1"}) {
			t.Errorf("led: %q", got)
		}
		for _, account := range []string{"dia", "guest"} {
			if led, err := w.LedDuties(t.Context(), as(account, access.Manager)); err != nil || len(led) > 0 {
				t.Errorf("%s leads %q, %v", account, said(led), err)
			}
		}
		own, err := w.OwnDuties(t.Context(), r, "dia")
		if err != nil || len(own.Functions) != 1 || own.Functions[0].Name != "Boekhouder" || own.Unit.Name != "Financiën" {
			t.Errorf("Dia does %+v, %v", own, err)
		}
		if own, err := w.OwnDuties(t.Context(), r, "guest"); err != nil || len(own.Functions) > 0 || own.Unit.ID != "" {
			t.Errorf("somebody from elsewhere does %+v, %v", own, err)
		}
		if text := fmt.Sprintf("%+v", d); strings.Contains(text, "Peeters") || strings.Contains(text, "0001") {
			t.Error("somebody is named")
		}
	})
}

func headOf(t *testing.T, w *world) int64 {
	t.Helper()
	head, err := store.Head(t.Context(), w.DB.Of(hr().Tenant))
	if err != nil {
		t.Fatal(err)
	}
	return head.Current
}
