package people

import (
	"strings"
	"testing"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/privacy/held"
	"tekentafel/internal/privacy/heldtest"
	"tekentafel/internal/problem"
)

const withYears = "Personeelsnummer;Voornaam;Familienaam;E-mail;Geboortejaar;Dienst;Functie\n" +
	"0001;An;Peeters;an@stad.example;1980;Groen;Tuinman\n0002;Bo;Janssens;bo@stad.example;1990;Groen;Tuinman\n"

// sectionsOf is what is held about an account, as text by section.
func (w *world) sectionsOf(account string) map[string]string {
	w.t.Helper()
	sections, err := w.Held(w.t.Context(), dbtest.Ours, account)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range sections {
		var b strings.Builder
		for _, r := range s.Rows {
			b.WriteString(strings.Join([]string{r.Label.In(instrument.NL), r.Value, r.Words.In(instrument.NL)}, " | ") + "\n")
		}
		out[s.Name] = b.String()
	}
	return out
}

func TestAPersonSeesAllThatIsKeptAndWhoLooked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		w.taken(w.mapped(w.bring(source, withYears, false)), false)
		w.bring(source, strings.ReplaceAll(withYears, "An;Peeters", "Anna;Peeters"), true)
		w.accounts["bo"] = [2]string{"", "2"}
		w.accounts["an"] = [2]string{"an@stad.example", "0001"}
		page, err := w.Search(t.Context(), hr(), store.Query{Limit: 10, Search: "peeters"})
		if err != nil || len(page.People) != 1 {
			t.Fatal(page, err)
		}
		if _, err := w.File(t.Context(), hr(), page.People[0].ID, "Attest voor de arbeidsgeneesheer"); err != nil {
			t.Fatal(err)
		}
		got := w.sectionsOf("an")
		for name, texts := range map[string][]string{
			"personnel":       {"Anna Peeters", "Personeelsnummer | 0001", "1980", "an@stad.example", "Groen · Tuinman", "Wat er eerder stond | An Peeters"},
			"personnel-reads": {"Naam van hr, voor HR. Doel: Attest voor de arbeidsgeneesheer", "Je fiche, met geboortejaar", "Naam en plaats in een lijst"},
		} {
			for _, text := range texts {
				if !strings.Contains(got[name], text) {
					t.Errorf("%s does not say %q:\n%s", name, text, got[name])
				}
			}
		}
		if strings.Contains(got["personnel"], "Janssens") {
			t.Error("somebody else is shown")
		}
		sections, err := w.Held(t.Context(), dbtest.Ours, "an")
		if err != nil {
			t.Fatal(err)
		}
		none := map[string]string{"people_imports": "previews of files, gone after days", "people_quality": "names rows by their ids and says nothing of them"}
		if missed := heldtest.Uncovered(heldtest.Mentions(t, w.DB, dbtest.Ours, "an@stad.example", page.People[0].ID), sections, "an", none); len(missed) > 0 {
			t.Errorf("not shown: %v", missed)
		}
		if got := w.sectionsOf("hr"); !strings.Contains(got["personnel-work"], "Bestanden die je aanleverde | 2") || got["personnel"] != "" {
			t.Errorf("HR is told %v", got)
		}
	})
}

func TestAMailboxOfSeveralShowsNobodyTheOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.taken(w.mapped(w.bring(w.source("Payroll"), strings.ReplaceAll(withYears, "bo@stad.example", "an@stad.example"), false)), false)
		w.accounts["an"] = [2]string{"an@stad.example", ""}
		if got := w.sectionsOf("an"); len(got) != 0 {
			t.Errorf("%v", got)
		}
	})
}

func TestAnErasedAccountLeavesThePersonnelFileAndNoName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.taken(w.mapped(w.bring(w.source("Payroll"), withYears, false)), false)
		w.accounts["an"] = [2]string{"an@stad.example", ""}
		if _, err := w.Search(t.Context(), hr(), store.Query{Limit: 10}); err != nil {
			t.Fatal(err)
		}
		if err := w.DB.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return w.Erase(t.Context(), s, "hr") }); err != nil {
			t.Fatal(err)
		}
		for _, f := range heldtest.Mentions(t, w.DB, dbtest.Ours, "hr") {
			if strings.HasPrefix(f.Table, "people_reads") && strings.Contains(f.Key, "/hr/") {
				t.Errorf("the account is still in %s/%s", f.Table, f.Key)
			}
		}
		done, err := store.DoneBy(t.Context(), w.DB.Of(dbtest.Ours), "hr")
		if err != nil || len(done) != 0 {
			t.Errorf("%v, %v", done, err)
		}
		if got := w.sectionsOf("an"); !strings.Contains(got["personnel"], "Peeters") || !strings.Contains(got["personnel-reads"], "iemand van HR van wie de account weg is") {
			t.Errorf("%v", got)
		}
	})
}

// keptOf returns a kind of data by its name.
func (w *world) keptOf(name string) held.Kept {
	w.t.Helper()
	for _, k := range w.Kept() {
		if k.Name == name {
			return k
		}
	}
	w.t.Fatalf("there is no kind %s", name)
	return held.Kept{}
}

// forget deletes all of a kind that is older than a moment, and fails unless as many go as were counted.
func (w *world) forget(name string, before time.Time) int {
	w.t.Helper()
	k, n := w.keptOf(name), 0
	want, oldest, err := k.Count(w.t.Context(), w.DB.Of(dbtest.Ours), before)
	if err != nil {
		w.t.Fatal(err)
	}
	if want > 0 && (oldest.IsZero() || oldest.After(w.Now().AddDate(0, 0, 1))) {
		w.t.Errorf("%s: the oldest of %d is of %v", name, want, oldest)
	}
	for {
		some := 0
		if err := w.DB.Write(w.t.Context(), dbtest.Ours, func(s *db.Scope) (err error) {
			some, err = k.Delete(w.t.Context(), s, before, 2)
			return err
		}); err != nil {
			w.t.Fatal(err)
		}
		if n += some; some < 2 {
			break
		}
	}
	if n != want {
		w.t.Errorf("%s: %d were counted and %d deleted", name, want, n)
	}
	return n
}

func TestWhatIsKeptLongEnoughGoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		var all strings.Builder
		all.WriteString(withYears)
		for _, n := range []string{"Cas", "Dia", "Els"} {
			all.WriteString("1" + n + ";" + n + ";Maes;" + n + "@stad.example;1970;Groen;Tuinman\n")
		}
		w.taken(w.mapped(w.bring(source, all.String(), false)), false)
		if v := w.bring(source, strings.ReplaceAll(withYears, "An;", "Anna;"), true); v.State != store.Applied {
			w.taken(v, true)
		}
		page, err := w.Search(t.Context(), hr(), store.Query{Limit: 10, Service: store.OutOfService})
		if err != nil || len(page.People) != 3 {
			t.Fatalf("%d are out: %v", len(page.People), err)
		}
		gone := page.People[0].ID
		if n := w.forget("people-left", w.Now().AddDate(0, 0, -2)); n != 0 {
			t.Errorf("%d went who left today", n)
		}
		if n := w.forget("people-left", w.Now().AddDate(0, 0, 2)); n != 3 {
			t.Errorf("%d of 3 went", n)
		}
		for _, f := range heldtest.Mentions(t, w.DB, dbtest.Ours, gone) {
			if f.Table != "audit_log" && f.Table != "people_imports" && f.Table != "people_quality" { // the last by its id alone
				t.Errorf("who was deleted is still in %s/%s", f.Table, f.Key)
			}
		}
		if n := w.forget("people-reads", w.Now().AddDate(0, 0, 2)); n != 0 {
			t.Errorf("%d reads of who was deleted were left", n)
		}
		if n := w.forget("people-undo", w.Now().AddDate(0, 0, 2)); n == 0 {
			t.Error("no version went")
		}
		if n, err := w.keptOf("people-undo").Held(t.Context(), w.DB.Of(dbtest.Ours)); n != 0 || err != nil {
			t.Errorf("%d versions are left, %v", n, err)
		}
		if got := w.names(); got != "Bo Janssens, Anna Peeters" {
			t.Errorf("those who stay are %s", got)
		}
	})
}

func TestExamplesOfOldFilesGoAndWhatNobodyDecidesIsPutAside(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		applied := w.taken(w.mapped(w.bring(source, withYears, false)), false)
		waits := w.mapped(w.bring(w.source("Other"), strings.ReplaceAll(withYears, "000", "100"), false))
		if waits.State != store.Previewed || waits.File == "" {
			t.Fatalf("%+v", waits)
		}
		if n := w.forget("people-previews", w.Now().AddDate(0, 0, -1)); n != 0 {
			t.Errorf("%d of today went", n)
		}
		if n := w.forget("people-previews", w.Now().AddDate(0, 0, 1)); n != 2 {
			t.Errorf("%d of 2 went", n)
		}
		if v := w.imported(applied.ID); v.State != store.Applied || strings.Contains(v.Notes, "Peeters") {
			t.Errorf("%+v", v)
		}
		if v := w.imported(waits.ID); v.State != store.Refused || v.File != "" || v.Preview != "" {
			t.Errorf("%+v", v)
		}
		for _, f := range heldtest.Mentions(t, w.DB, dbtest.Ours, waits.File) {
			if f.Table == "files" || f.Table == "file_parts" {
				t.Errorf("the rows are still in %s/%s", f.Table, f.Key)
			}
		}
	})
}

func TestAListGoesOutWithAPurposeThatThePersonCanRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.taken(w.mapped(w.bring(w.source("Payroll"), withYears, false)), false)
		count := 0
		each := func(some []Person) error {
			for i := range some {
				if p := &some[i]; p.Number != "" || p.BirthYear != 0 || p.Hidden != "" || len(p.Posts) != 1 {
					t.Errorf("%+v", p)
				}
				count++
			}
			return nil
		}
		if _, err := w.Export(t.Context(), hr(), store.Query{}, "kort", each); !problem.Is(err, problem.Invalid) || count != 0 {
			t.Errorf("without a purpose %d came: %v", count, err)
		}
		if _, err := w.Export(t.Context(), as("an", access.Manager), store.Query{}, "Lijst voor de vakbond", each); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a manager: %v", err)
		}
		if n, err := w.Export(t.Context(), hr(), store.Query{}, "Lijst voor de vakbond", each); err != nil || n != 2 || count != 2 {
			t.Fatal(n, count, err)
		}
		w.accounts["an"] = [2]string{"an@stad.example", ""}
		if got := w.sectionsOf("an")["personnel-reads"]; !strings.Contains(got, "Lijst voor de vakbond") {
			t.Error(got)
		}
	})
}

func TestTheSameAskedTwiceAddsOneUnit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ask := asked.Request{Key: "hr:key"}
		first, err := w.AddUnit(t.Context(), hr(), org.Unit{Name: "Groen"}, ask)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.AddUnit(t.Context(), hr(), org.Unit{Name: "Groen"}, ask)
		if err != nil || again != first {
			t.Fatalf("%s and %s, %v", first, again, err)
		}
		head, err := store.Head(t.Context(), w.DB.Of(dbtest.Ours))
		if err != nil || head.Current != 1 {
			t.Errorf("%d changes were made, %v", head.Current, err)
		}
		tallies, err := store.Tallies(t.Context(), w.DB.Of(dbtest.Ours), head.Current, org.DateOf(clock.System()()))
		if err != nil || len(tallies) != 0 {
			t.Errorf("%v, %v", tallies, err)
		}
	})
}
