package app

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/people"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/store"
	lifecycle "tekentafel/internal/survey/wave"
)

// imported brings a file with personnel data into the made-up city, to its end.
func (h *house) imported(t *testing.T, hr access.Actor, content string) {
	t.Helper()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	source := must(h.Staff.AddSource(ctx, hr, people.SourceInput{Name: "Proefbron"}))(t)
	id := must(h.Staff.Receive(ctx, hr, people.Arrival{Source: source.ID, FileName: "export.csv", Path: path}))(t)
	until := func(state store.ImportState) store.Import {
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
			v := must(h.Staff.Import(ctx, hr, id))(t)
			if v.State == state {
				return v
			}
			if v.State == store.Failed || time.Now().After(deadline) {
				t.Fatalf("the import is %s, not %s: %s", v.State, state, v.Counts)
			}
		}
	}
	v := until(store.Received)
	reading := must(people.ReadingOf(&v))(t)
	if err := h.Staff.Map(ctx, hr, id, must(mapping.Parse(reading.Mapping))(t), v.Version); err != nil {
		t.Fatal(err)
	}
	if err := h.Staff.Apply(ctx, hr, id, until(store.Previewed).Version, false); err != nil {
		t.Fatal(err)
	}
	until(store.Applied)
}

// TestAnOrganisationBecomesTheFrameOfAWaveThatIsLaunched goes from a file with personnel data to a wave that is launched for a part of it.
func TestAnOrganisationBecomesTheFrameOfAWaveThatIsLaunched(t *testing.T) {
	t.Parallel()
	h := open(t, filepath.Join(t.TempDir(), "tekentafel.db"))
	hr, c := h.actor(t, access.HR), h.as(t, access.HR)
	var file strings.Builder
	file.WriteString("Personeelsnummer;Voornaam;Familienaam;E-mail;Geboortejaar;Pad;Functie\n")
	for i := range 48 {
		mail := fmt.Sprintf("collega%d@voorbeeld.example", i)
		if i%6 == 5 {
			mail = ""
		}
		fmt.Fprintf(&file, "Q%04d;Collega;Nummer%02d;%s;%d;Proefstad > %s;Medewerker\n", i, i, mail, 1970+i%20, []string{"Financiën", "Groen", "Elders"}[i%3])
	}
	h.imported(t, hr, file.String())

	w := h.wave(t, hr, "Uit Personeel", lifecycle.Anonymous, 0, 0)
	at := "/waves/" + w.ID + "/people"
	page := h.get(t, c, at)
	if !strings.Contains(page.body, at+"/staff") {
		t.Fatal("the personnel data is not offered")
	}
	page = h.get(t, c, at+"/staff")
	form := url.Values{"whom": {"units"}, "variables": {"department", "age"}}
	for _, m := range regexp.MustCompile(`name="units" value="([^"]+)"[\s\S]*?<label[^>]*>([^<]+)<`).FindAllStringSubmatch(page.body, -1) {
		if strings.HasSuffix(m[2], "Financiën") || strings.HasSuffix(m[2], "Groen") {
			form.Add("units", m[1])
		}
	}
	if len(form["units"]) < 2 {
		t.Fatalf("%d %v: the departments are not offered\n%s", page.StatusCode, form, page.body)
	}
	made := h.post(t, c, at+"/staff", form)
	frame := made.Header.Get("Location")
	if made.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", made.StatusCode, made.body)
	}
	plan := url.Values{"stratum": {"-1"}}
	page = h.get(t, c, pathOf(t, frame))
	for _, m := range regexp.MustCompile(`<select[^>]* name="(c\d+)"[\s\S]*?<option value="([^"]*)" selected`).FindAllStringSubmatch(page.body, -1) {
		plan.Set(m[1], m[2])
	}
	if page = h.get(t, c, pathOf(t, frame)+"/check?"+plan.Encode()); page.StatusCode != http.StatusOK || !strings.Contains(page.body, "Financiën") {
		t.Fatalf("%d %s", page.StatusCode, page.body)
	}
	if taken := h.post(t, c, pathOf(t, frame), plan); taken.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d %s", taken.StatusCode, taken.body)
	}

	now := h.Now()
	w = must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t)
	if err := h.Survey.Waves.SetPlan(t.Context(), hr, w.ID, w.Version, lifecycle.Plan{Contact: "Hilde Roels, 09 123 45 67",
		Moments: lifecycle.Moments{Opens: now.Add(time.Hour), Closes: now.AddDate(0, 0, 14), Reminders: []time.Time{now.AddDate(0, 0, 7)}}}); err != nil {
		t.Fatal(err)
	}
	w = h.launch(t, hr, must(h.Survey.Waves.Wave(t.Context(), hr, w.ID))(t))
	sum, _, err := h.Survey.Invite.Summary(t.Context(), hr, w.ID)
	if err != nil || !w.State.Launched() || sum.People < 32 || len(sum.Variables) != 2 {
		t.Fatalf("%s: %+v, %v", w.State, sum, err)
	}
	// Those on the list can read it, and nobody else; no number came along that nobody needs.
	var listed, others, numbers int
	r := h.DB.Of(hr.Tenant)
	if err := r.Row(t.Context(), `SELECT COUNT(DISTINCT person_id) FROM people_reads WHERE tenant_id = $1 AND what = 'export' AND purpose LIKE '%Uit Personeel%'`, nil, &listed); err != nil {
		t.Fatal(err)
	}
	if err := r.Row(t.Context(), `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND groups LIKE '%Elders%'`, []any{w.ID}, &others); err != nil {
		t.Fatal(err)
	}
	if err := r.Row(t.Context(), `SELECT COUNT(*) FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND reference <> '' AND mail <> ''`, []any{w.ID}, &numbers); err != nil {
		t.Fatal(err)
	}
	if listed != sum.People || others != 0 || numbers != 0 {
		t.Errorf("%d of %d people can read it; %d are of elsewhere; %d have a number without need", listed, sum.People, others, numbers)
	}
}
