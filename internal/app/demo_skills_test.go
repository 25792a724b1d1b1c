package app

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/skills/needs"
	lifecycle "tekentafel/internal/survey/wave"
)

// TestTheDemonstrationShowsSkills fills the city as the demonstration does, twice, and looks at what there is.
func TestTheDemonstrationShowsSkills(t *testing.T) {
	t.Parallel()
	h := open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	ctx, hr := t.Context(), h.actor(t, access.HR)
	if err := h.FillDemoStaff(ctx); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	address := must(h.FillDemoSkills(ctx))(t)
	t.Logf("skills are filled in %v", time.Since(began))
	if again := must(h.FillDemoSkills(ctx))(t); again != address || !strings.HasPrefix(address, h.url+"/l/") {
		t.Errorf("the check is at %s, and then at %s", address, again)
	}
	if page := h.get(t, h.visitor(t), strings.TrimPrefix(address, h.url)); page.StatusCode != http.StatusSeeOther {
		t.Errorf("the link answers %d", page.StatusCode)
	}
	m := must(h.Needs.Map(ctx, hr.Tenant))(t)
	open, decided := 0, 0
	for _, f := range m.Families {
		if open += f.Open; f.Open == 0 {
			decided++
		}
	}
	if open == 0 || decided < 3 {
		t.Errorf("%d functions are open, %d families decided", open, decided)
	}
	if waiting := must(h.Needs.Proposals(ctx, hr, needs.Waiting, "", 10))(t); len(waiting) != 1 {
		t.Errorf("%d proposals of managers", len(waiting))
	}
	talks := must(h.NonUse.Results(ctx, hr.Tenant))(t)
	if talks == nil {
		t.Fatal("nothing of the interviews is shown")
	}
	waves := must(lifecycle.List(ctx, h.DB.Of(hr.Tenant)))(t)
	if len(waves) != 1 || waves[0].State != lifecycle.Published || !waves[0].Closes.Before(h.Now().AddDate(0, 0, -20)) {
		t.Fatalf("%+v", waves)
	}
	if done := must(h.Actions.List(ctx, hr, action.Query{}))(t); len(done) != 2 {
		t.Errorf("%d actions", len(done))
	}
	at := must(h.Actions.ToldAt(ctx, hr.Tenant, waves[0].Report))(t)
	if page := h.get(t, h.visitor(t), "/w/"+waves[0].Code); at == "" || !strings.Contains(page.body, at) {
		t.Errorf("who answered does not find what is done, at %q", at)
	}
	for path, says := range map[string]string{"/learn/gap/" + waves[0].Report: "tien situaties", "/reports/" + waves[0].Report: "tien situaties", "/learn/nonusers": "", "/learn/needs": ""} {
		if page := h.get(t, h.as(t, access.HR), path); page.StatusCode != http.StatusOK || !strings.Contains(page.body, says) || !strings.Contains(strings.ToLower(page.body), "synthetisch") && !strings.Contains(strings.ToLower(page.body), "verzonnen") {
			t.Errorf("%s answers %d", path, page.StatusCode)
		}
	}
}
