package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/intake"
	skillsasked "tekentafel/internal/skills/asked"
	"tekentafel/internal/survey/compose"
	lifecycle "tekentafel/internal/survey/wave"
)

// TestAWaveWithSituationsRuns takes a wave that also tests skills from its questions to its report: what people answered reads back
// from the stored answers, and the report splits no situation by group.
func TestAWaveWithSituationsRuns(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		hr, ctx := h.actor(t, access.HR), t.Context()
		w := h.wave(t, hr, "Met situaties", lifecycle.Anonymous, 90, -time.Hour)
		choose := func(set *compose.Set) error { set.Recipe.On = []string{skillsasked.Module}; return nil }
		if err := h.Survey.Compose.Change(ctx, hr, w.ID, compose.Change{What: "parts", Version: w.Version}, choose); err != nil {
			t.Fatal(err)
		}
		w = h.launch(t, hr, must(h.Survey.Waves.Wave(ctx, hr, w.ID))(t))
		in := must(lifecycle.Instrument(ctx, h.DB.Of(w.Tenant), w.ID))(t)
		if m := in.Module("test_intro"); m == nil || !m.Extra {
			t.Fatal("the launched questionnaire has no situations")
		}
		if err := h.demoBallots(ctx, &w); err != nil {
			t.Fatal(err)
		}
		w = h.ended(t, hr, w)
		read := must(intake.Read(ctx, h.sourceFile(t, w), in, intake.Options{}))(t)
		given := 0
		for _, skill := range skillsasked.Read(read.Answers, []string{"communicative", "critical", "ethical", "creative", "technical"}, must(skillsasked.Banks())(t)) {
			if len(skill.Self) != 5 || len(skill.Test) != skillsasked.PerSkill {
				t.Errorf("%s: %d statements and %d situations are read back", skill.ID, len(skill.Self), len(skill.Test))
			}
			for _, s := range skill.Test {
				for _, a := range s.Answers {
					if a > 0 {
						given++
					}
				}
			}
		}
		if most := read.Answers.N * 10; given < most*8/10 || given > most || most < 500 {
			t.Errorf("%d answers to situations of %d people", given, read.Answers.N)
		}
		page := h.get(t, h.as(t, access.HR), "/reports/"+w.Report+"/groups?topic=test")
		if page.StatusCode != http.StatusOK || !strings.Contains(page.body, "Het beste antwoord: iedereen samen") || strings.Contains(page.body, "Beste antwoord: Doorvragen en bijsturen (bureau) naar") {
			t.Errorf("the exploration answers %d, or shows a situation by group", page.StatusCode)
		}
	})
}
