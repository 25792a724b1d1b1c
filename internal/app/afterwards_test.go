package app

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/compose"
	lifecycle "tekentafel/internal/survey/wave"
	"tekentafel/internal/ui/browsertest"
)

// profiled launches a wave of a mode that asks how people use AI, about their skills and where they work.
func (h *house) profiled(t *testing.T, mode lifecycle.Mode) (w lifecycle.Wave, pins []string) {
	t.Helper()
	hr := h.actor(t, access.HR)
	people := 20
	if mode == lifecycle.OpenLink {
		people = 0
	}
	w = h.wave(t, hr, "Vaardigheden", mode, people, -time.Hour)
	if people == 0 {
		plan := lifecycle.Plan{Contact: "Hilde Roels, 09 123 45 67", Moments: lifecycle.Moments{Opens: h.Now().Add(-time.Hour), Closes: h.Now().AddDate(0, 0, 14)}}
		if err := h.Survey.Waves.SetPlan(t.Context(), hr, w.ID, w.Version, plan); err != nil {
			t.Fatal(err)
		}
		w = must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t)
	}
	r := compose.NewRecipe(compose.DefaultBase)
	r.Off = []string{"systems_and_tasks", "why_not", "leisure", "opinions", "drivers", "rules", "support"}
	r.Skip = []string{"function_family", "department", "age", "education", "leads"}
	r.Texts = map[string]instrument.Text{}
	raw := must(r.JSON())(t)
	if err := h.DB.Write(t.Context(), hr.Tenant, func(s *db.Scope) error { return lifecycle.SaveRecipe(t.Context(), s, w.ID, w.Version, raw) }); err != nil {
		t.Fatal(err)
	}
	w = h.launch(t, hr, must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t))
	if people > 0 {
		pins = slices.Sorted(maps.Values(must(h.Survey.Invite.PINs(t.Context(), &w))(t)))
	}
	return w, pins
}

// stored is what the store has of waves and profiles.
func (h *house) stored(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := h.DB.Snapshot(t.Context(), func(snap *db.Snapshot) error {
		tables, err := snap.Tables(t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			if !strings.HasPrefix(table.Name, "wave") && !strings.HasPrefix(table.Name, "skill") && table.Name != "audit_entries" {
				continue
			}
			if err := snap.Each(t.Context(), table, func(values []any) error {
				out[table.Name] = append(out[table.Name], fmt.Sprint(values))
				return nil
			}); err != nil {
				return err
			}
			slices.Sort(out[table.Name])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWhoHandedInSeesTheOwnProfile answers a wave in every mode, with scripts and without, and goes on to the own profile.
func TestWhoHandedInSeesTheOwnProfile(t *testing.T) {
	t.Parallel()
	h := open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	b, l := browsertest.Start(t), &looks{}
	for _, mode := range lifecycle.Modes() {
		w, pins := h.profiled(t, mode)
		for _, bare := range []bool{false, true} {
			if bare && mode == lifecycle.Anonymous {
				continue // needs scripts
			}
			v := onPhone
			v.NoJS = bare
			r := h.reader(t, b, l, fmt.Sprintf("%s bare %t", mode, bare), v)
			r.knows = true
			given := map[string]any{"use_work": "weekly", "workplace": "field"}
			for _, s := range h.Skills.Material().Statements {
				given[s.ID] = "agree"
				if s.Reversed {
					given[s.ID] = "disagree"
				}
			}
			r.Goto(h.url + "/w/" + w.Code + "?lang=nl")
			if mode != lifecycle.OpenLink {
				r.Fill("[data-pin]", pins[0])
				pins = pins[1:]
			}
			r.Click("form.form .next-step")
			if bare {
				for !strings.HasSuffix(browsertest.Eval[string](r.Page, `location.pathname`), "/review") {
					r.answer(given)
					r.Click(`.ask .buttons .button`)
				}
				r.Click("form .next-step")
			} else {
				r.Wait("#s-welcome")
				r.toReview(given)
				r.Click("[data-send]")
			}
			r.Wait(".after-box")
			r.knows = false
			r.look("offered")
			fields := browsertest.Eval[[]string](r.Page, `[...document.querySelectorAll('.after-box input')].map(i => i.name === 'from' ? 'from' : i.name + i.value)`)
			if want := []string{"from", "langnl", "communicative3", "critical3", "ethical3", "creative3", "technical3", "work2"}; !slices.Equal(fields, want) {
				t.Errorf("%s: what goes along is %v", r.name, fields)
			}
			before := h.stored(t)
			r.Click(".after-box .button")
			r.says("Waar je nu staat")
			r.look("own profile")
			r.says("Zelfstandig")
			if after := h.stored(t); !reflect.DeepEqual(before, after) {
				t.Errorf("%s: the store changed", r.name)
			}
			if from := browsertest.Eval[string](r.Page, `document.referrer`); strings.Contains(from, w.Code) {
				t.Errorf("%s: the page knows that one came from %s", r.name, from)
			}
		}
	}
}
