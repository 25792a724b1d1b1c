package app

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/action/evidence"
	"tekentafel/internal/db"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
)

// TestTheEvidenceSaysOfTryingWhatItsSourcesSay compares the evidence of the made-up city with the pages where its figures are, before and after the city did
// something.
func TestTheEvidenceSaysOfTryingWhatItsSourcesSay(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	ctx, dpo := t.Context(), h.actor(t, access.DPO)
	gather := func() *evidence.Trying {
		t.Helper()
		e := must(h.evidence.Evidence(ctx, dpo, "Stad Voorbeeld"))(t)
		if e.Trying == nil {
			t.Fatal("the evidence leaves out what people tried")
		}
		return e.Trying
	}

	x := gather()
	if len(x.Challenges) > 0 || len(x.Use) > 0 || len(x.Agreements.Limits) > 0 || x.Agreements.Shadow.Weeks > 0 || x.Agreements.Examples != 0 || x.Agreements.Guard.Since != nil {
		t.Errorf("before anybody did anything: %+v", x)
	}
	one := limits.Input{Place: limits.Place{Kind: budget.Person, Subject: h.actor(t, access.Employee).Owner, Period: budget.Day, Unit: budget.Tokens}, Most: 10, Reason: "Na een gesprek"}
	single := must(h.models.limits.Set(ctx, h.actor(t, access.CoreTeam), one))(t)
	if x := gather(); len(x.Agreements.Limits) > 0 {
		t.Errorf("the limit of one person is told: %v", x.Agreements.Limits)
	}
	if err := h.models.limits.Remove(ctx, h.actor(t, access.CoreTeam), single.ID, single.Version, "Niet meer nodig"); err != nil {
		t.Fatal(err)
	}

	if err := h.FillDemoStaff(ctx); err != nil {
		t.Fatal(err)
	}
	if err := h.FillDemoModels(ctx); err != nil {
		t.Fatal(err)
	}
	x = gather()
	reach := must(h.lab.challenges.Reach(ctx, dpo.Tenant))(t)
	if len(reach) == 0 || len(x.Challenges) != len(reach) {
		t.Fatalf("%d rows of challenges beside %d", len(x.Challenges), len(reach))
	}
	for i, r := range reach {
		got := x.Challenges[i]
		if got.People != r.People || got.Together != (r.Department == "") || r.Department != "" && got.Department == "" || got.Challenge.In(instrument.FR) != h.lab.challenges.Find(r.Challenge).Title.In(instrument.FR) {
			t.Errorf("%+v beside %+v", got, r)
		}
	}
	months := must(h.models.insight.Reach(ctx, dpo.Tenant, mostMonthsOfUse))(t)
	if len(months) == 0 || len(x.Use) != len(months) {
		t.Fatalf("%d months beside %d", len(x.Use), len(months))
	}
	for i, m := range months {
		if got := x.Use[i]; got.Month != string(m.Month) || got.People != m.People.N || got.AtLeast != m.People.AtLeast || got.Of != m.Heads || got.Days != m.Days {
			t.Errorf("%+v beside %+v", got, m)
		}
	}
	a := x.Agreements
	weeks := must(h.shadow.Weeks(ctx, dpo.Tenant))(t)
	if !slices.Equal(a.Limits, []string{"organisation", "team", "person"}) || a.Shadow.Weeks != len(weeks) || len(weeks) == 0 || a.Shadow.First != slices.Min(weeks) || a.Shadow.Last != slices.Max(weeks) || a.Examples != 1 {
		t.Errorf("%+v, with the weeks %v", a, weeks)
	}
	if len(a.Guard.Types) != len(guard.Types()) || a.Guard.Since == nil || len(a.Guard.By) != 1 || a.Guard.By[0].In(instrument.NL) != "DPO" {
		t.Errorf("%+v", a.Guard)
	}
	for _, g := range a.Guard.Types {
		want := guard.DefaultPolicy()[guard.Type(g.Type)].String()
		if guard.Type(g.Type) == guard.Company { // the city changed it
			want = guard.Ignore.String()
		}
		if string(g.Does) != want || g.Name.In(instrument.DE) == "" {
			t.Errorf("%+v, want %s", g, want)
		}
	}

	page := h.get(t, h.as(t, access.HR), "/actions/evidence")
	file := h.get(t, h.as(t, access.DPO), "/actions/evidence/file/json")
	for _, body := range []string{page.body, file.body} {
		if page.StatusCode != http.StatusOK || file.StatusCode != http.StatusOK || !strings.Contains(body, x.Challenges[0].Challenge.In(instrument.NL)) {
			t.Errorf("status %d and %d, without the challenge %q", page.StatusCode, file.StatusCode, x.Challenges[0].Challenge.In(instrument.NL))
		}
		for _, name := range []string{"Dirk Wouters", "Karima Benali", "Adam Vermeulen", "Luc Janssens", one.Subject} {
			if strings.Contains(body, name) {
				t.Errorf("it names %s", name)
			}
		}
	}
	if err := h.DB.Write(ctx, dpo.Tenant, func(tx *db.Scope) error { return h.models.policy.Erase(ctx, tx, dpo.Owner) }); err != nil {
		t.Fatal(err)
	}
	if g := gather().Agreements.Guard; len(g.By) != 0 || g.Since == nil {
		t.Errorf("of somebody who was erased: %+v", g)
	}
}
