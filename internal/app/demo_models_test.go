package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
)

// demoModelsTime is how long the demonstration may take to make what the city does with models.
const demoModelsTime = 5 * time.Second

// TestTheDemonstrationShowsWhatTheCityDoesWithModels fills the city twice, and looks at each page as somebody who may see it.
func TestTheDemonstrationShowsWhatTheCityDoesWithModels(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	ctx, team := t.Context(), h.actor(t, access.CoreTeam)
	if err := h.FillDemoStaff(ctx); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := h.FillDemoModels(ctx); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	t.Logf("filled in %v", took)
	if took > demoModelsTime {
		t.Errorf("it takes %v, more than %v", took, demoModelsTime)
	}
	before := h.dump(t)
	if err := h.FillDemoModels(ctx); err != nil {
		t.Fatal(err)
	}
	h.same(t, before)

	if set := must(h.models.limits.List(ctx, team))(t); len(set) != 3 {
		t.Errorf("%d limits", len(set))
	}
	months := must(h.models.insight.Reach(ctx, team.Tenant, 12))(t)
	if len(months) != monthsOfUse {
		t.Errorf("%d months of use: %+v", len(months), months)
	}
	told := map[string]bool{}
	for _, r := range must(h.lab.challenges.Reach(ctx, team.Tenant))(t) {
		told[r.Challenge] = true
		if r.People < 10 {
			t.Errorf("%d people are told of", r.People)
		}
	}
	if len(told) != 3 {
		t.Errorf("the reach of %d challenges is told: %v", len(told), told)
	}
	for _, page := range []struct {
		role access.Role
		path string
		says string
	}{
		{access.CoreTeam, "/gateway/limits", "600"}, {access.DPO, "/gateway/guard", "Ondernemingsnummers zijn openbaar"}, {access.Administrator, "/gateway/keys", "Zoeken op de website"},
		{access.Employee, "/gateway/use", h.demoModelTitle()}, {access.Employee, "/gateway/insight", h.demoModelTitle()}, {access.Employee, "/lab/kept", "Verslag van het werkoverleg"},
		{access.Employee, "/lab/examples", "Een agenda voor de ploegvergadering"}, {access.CoreTeam, "/lab/examples/review", "Een moeilijke zin"}, {access.Manager, "/lab/challenges/reach", ""},
		{access.DPO, "/shadow", "ChatGPT"}, {access.Employee, "/shadow", "ChatGPT"},
	} {
		a := h.get(t, h.as(t, page.role), page.path)
		if a.StatusCode != http.StatusOK || !strings.Contains(a.body, page.says) || !strings.Contains(strings.ToLower(a.body), "synthetisch") && !strings.Contains(strings.ToLower(a.body), "verzonnen") {
			t.Errorf("%s answers %d as %s, without %q or without saying that it is made up", page.path, a.StatusCode, page.role, page.says)
		}
	}
}

func (h *house) demoModelTitle() string {
	m, _ := h.models.pool.Model(h.demoModel())
	return m.Title
}
