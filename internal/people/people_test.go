package people

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/national"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/store"
	"tekentafel/internal/problem"
)

const firstFile = "Personeelsnummer;Voornaam;Familienaam;E-mail;Dienst;Functie;VTE\n" +
	"0001;An;Peeters;an@stad.example;Groen;Arbeider;1\n" +
	"0002;Bo;Janssens;bo@stad.example;Groen;Arbeider;0,8\n" +
	"0003;Cas;Maes;cas@stad.example;Financiën;Boekhouder;1\n"

func TestAFileGoesFromItsArrivalToTheOrganisationAndBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		v := w.bring(source, firstFile, false)
		if v.State != store.Received || v.FileName != "export.csv" {
			t.Fatalf("a file of a new source is %s, called %q", v.State, v.FileName)
		}
		if v = w.mapped(v); v.State != store.Previewed {
			t.Fatalf("after its columns are known it is %s: %s", v.State, v.Counts)
		}
		shown, err := PreviewOf(&v)
		if err != nil || shown.Difference.People.Added != 3 || shown.Difference.Units.Added != 2 || shown.Taken != 3 {
			t.Fatalf("%+v, %v", shown, err)
		}
		if got := w.names(); got != "" {
			t.Fatalf("a preview changed something: %s", got)
		}
		if v = w.taken(v, false); v.State != store.Applied || v.File != "" || v.Preview != "" {
			t.Fatalf("%+v", v)
		}
		if got, want := w.names(), "Bo Janssens, Cas Maes, An Peeters"; got != want {
			t.Fatalf("there are %s, not %s", got, want)
		}
		first := v.Revision

		// The next file of the source needs nobody: its columns are known. One goes, one comes, one moves.
		next := w.bring(source, "Personeelsnummer;Voornaam;Familienaam;E-mail;Dienst;Functie;VTE\n"+
			"0001;An;Peeters;an@stad.example;Financiën;Boekhouder;1\n0002;Bo;Janssens;bo@stad.example;Groen;Arbeider;0,8\n0004;Dia;Claes;dia@stad.example;Groen;Arbeider;1\n", true)
		counts := CountsOf(&next)
		if next.State != store.Applied || counts == nil || counts.People.Added != 1 || counts.People.Gone != 1 {
			t.Fatalf("%+v %+v", next, counts)
		}
		if got, want := w.names(), "Dia Claes, Bo Janssens, An Peeters"; got != want {
			t.Fatalf("there are %s, not %s", got, want)
		}

		// The same again changes nothing and makes no revision.
		same := w.bring(source, "Personeelsnummer;Voornaam;Familienaam;E-mail;Dienst;Functie;VTE\n"+
			"0001;An;Peeters;an@stad.example;Financiën;Boekhouder;1\n0002;Bo;Janssens;bo@stad.example;Groen;Arbeider;0,8\n0004;Dia;Claes;dia@stad.example;Groen;Arbeider;1\n", true)
		if same.State != store.Applied || same.Revision != 0 {
			t.Fatalf("%+v", same)
		}

		for _, undo := range []struct {
			seq  int64
			want string
		}{{next.Revision, "Bo Janssens, Cas Maes, An Peeters"}, {first, ""}} {
			if _, err := w.Undo(t.Context(), hr(), undo.seq); err != nil {
				t.Fatal(err)
			}
			w.settle()
			if got := w.names(); got != undo.want {
				t.Errorf("after undoing %d there are %s, not %s", undo.seq, got, undo.want)
			}
		}
		if got := w.imported(next.ID); got.State != store.WasUndone {
			t.Errorf("an import that was undone says %s", got.State)
		}
		if _, err := w.Undo(t.Context(), hr(), first); !problem.Is(err, problem.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestASuddenLossStopsAndAsks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		var all strings.Builder
		all.WriteString("Personeelsnummer;Familienaam;Dienst\n")
		for i := range 60 {
			fmt.Fprintf(&all, "%04d;Naam%d;Groen\n", i, i)
		}
		w.taken(w.mapped(w.bring(source, all.String(), false)), false)
		half := strings.Join(strings.SplitAfter(all.String(), "\n")[:31], "")
		v := w.bring(source, half, true)
		if v.State != store.Previewed {
			t.Fatalf("half of the people went, and the import is %s", v.State)
		}
		if err := w.Apply(t.Context(), hr(), v.ID, v.Version, false); !problem.Is(err, problem.Invalid) {
			t.Fatalf("applied without a word about the loss: %v", err)
		}
		if v = w.taken(v, true); v.State != store.Applied || CountsOf(&v).People.Gone != 30 {
			t.Fatalf("%+v", v)
		}
	})
}

// withNational is a file in which a column holds valid made-up rijksregisternummers.
func withNational() (text string, numbers []string) {
	var b strings.Builder
	b.WriteString("Rijksregisternummer;Familienaam;Opmerking;Dienst\n")
	for i := range 40 {
		n := int64(850101000 + i*3 + 100)
		number := fmt.Sprintf("%09d%02d", n, 97-n%97)
		numbers = append(numbers, number)
		fmt.Fprintf(&b, "%s;Naam%d;;Groen\n", number, i)
	}
	return b.String(), numbers
}

func TestNationalNumbersNeverComeIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		text, numbers := withNational()
		source := w.source("Payroll")
		v := w.taken(w.mapped(w.bring(source, text, false)), false)
		if v.State != store.Applied {
			t.Fatalf("%+v", v)
		}
		head, err := store.Head(t.Context(), w.DB.Of(hr().Tenant))
		if err != nil {
			t.Fatal(err)
		}
		o, err := store.Load(t.Context(), w.DB.Of(hr().Tenant), head.Current)
		if err != nil || len(o.People) != 40 || o.People[0].Hidden == "" {
			t.Fatalf("%d people, %v", len(o.People), err)
		}
		for _, table := range []string{"people_imports", "people_staff", "people_sources", "audit_log", "jobs", "people_revisions", "asked"} {
			w.holdsNone(table, numbers)
		}
		if err := w.SetNational(t.Context(), as("admin", access.Administrator), national.Keep, "omdat het kan", 0); !problem.Is(err, problem.Invalid) {
			t.Errorf("kept without a legal basis: %v", err)
		}
		if err := w.SetNational(t.Context(), as("admin", access.Administrator), national.Refuse, "", 0); err != nil {
			t.Fatal(err)
		}
		_, err = w.Receive(t.Context(), hr(), Arrival{Source: source, FileName: "x.csv", Path: w.file(text), Asked: asked.Request{Key: "again"}})
		p, ok := problem.Of(err)
		if !ok || p.Kind != problem.Invalid || strings.Contains(err.Error(), numbers[0]) {
			t.Errorf("a file with national numbers: %v", err)
		}
		if err := w.SetNational(t.Context(), as("admin", access.Administrator), national.Hash, "", 0); !problem.Is(err, problem.Conflict) {
			t.Errorf("a choice that was read before another: %v", err)
		}
	})
}

// holdsNone complains when a table of the store, or the pieces of a file, hold one of the texts.
func (w *world) holdsNone(table string, texts []string) {
	w.t.Helper()
	columns := map[string]string{"people_imports": "notes || counts || preview", "people_staff": "number || hidden || family", "people_sources": "mapping || signature",
		"audit_log": "detail", "jobs": "args || problem", "people_revisions": "note", "asked": "result || digest"}[table]
	err := w.DB.System().Rows(w.t.Context(), `SELECT `+columns+` FROM `+table, func(scan func(...any) error) error {
		var row string
		if err := scan(&row); err != nil {
			return err
		}
		for _, text := range texts {
			if strings.Contains(row, text) {
				return errors.New(table + " holds a national number")
			}
		}
		return nil
	})
	if err != nil {
		w.t.Error(err)
	}
}

func TestTitlesThatAreOneAreMergedRememberedAndParted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		file := func(titles ...string) string {
			var b strings.Builder
			b.WriteString("Personeelsnummer;Familienaam;Dienst;Functie\n")
			for i, title := range titles {
				fmt.Fprintf(&b, "%04d;Naam%d;Groen;%s\n", i, i, title)
			}
			return b.String()
		}
		w.taken(w.mapped(w.bring(source, file("Tuinman", "Tuinman", "Hovenier", "Boekhouder"), false)), false)
		ids := w.functions()
		seq, err := w.MergeTitles(t.Context(), hr(), ids["Tuinman"], []string{ids["Hovenier"]})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.functions(); len(got) != 2 || got["Tuinman"] == "" {
			t.Fatalf("after the merge there are %v", got)
		}
		// At the next import the old title stands for the one that stayed.
		w.bring(source, file("Tuinman", "Hovenier", "Hovenier", "Boekhouder"), true)
		if got := w.functions(); len(got) != 2 {
			t.Errorf("the next import brought %v", got)
		}
		w.settle()
		if _, err := w.Undo(t.Context(), hr(), seq); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if got := w.functions(); got["Hovenier"] == "" {
			t.Errorf("undone, there are %v", got)
		}
		if list, err := w.Decisions(t.Context(), hr(), store.Title); err != nil || len(list) != 0 {
			t.Errorf("decisions of a merge that was undone: %v, %v", list, err)
		}
		ids = w.functions()
		if err := w.PartTitles(t.Context(), hr(), []string{ids["Hovenier"], ids["Tuinman"]}); err != nil {
			t.Fatal(err)
		}
		list, err := w.Decisions(t.Context(), hr(), store.Title)
		if err != nil || len(list) != 1 || list[0].Verdict != store.Different {
			t.Errorf("%v, %v", list, err)
		}
		if err := w.Withdraw(t.Context(), hr(), list[0].ID); err != nil {
			t.Error(err)
		}
	})
}

// functions returns the ids of the functions that stand, by name.
func (w *world) functions() map[string]string {
	w.t.Helper()
	r := w.DB.Of(hr().Tenant)
	head, err := store.Head(w.t.Context(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	all, err := store.AllOf[org.Function](w.t.Context(), r, head.Current)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for i := range all {
		if all[i].On(w.today()) {
			out[all[i].Name] = all[i].ID
		}
	}
	return out
}

func TestWhoSeesWhomAndThatItIsNoted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		source := w.source("Payroll")
		w.taken(w.mapped(w.bring(source, "Personeelsnummer;Familienaam;E-mail;Geboortejaar;Dienst;Personeelsnummer leidinggevende\n"+
			"0001;Peeters;an@stad.example;1980;Groen;\n0002;Janssens;bo@stad.example;1990;Groen;0001\n0003;Maes;cas@stad.example;1970;Financiën;\n", false)), false)
		w.accounts["an"] = [2]string{"an@stad.example", ""}
		w.accounts["stranger"] = [2]string{"x@elders.example", ""}
		team, err := w.Team(t.Context(), as("an", access.Manager), store.Query{Limit: 10})
		if err != nil || len(team.People) != 1 || team.People[0].Family != "Janssens" || team.People[0].BirthYear != 0 || team.People[0].Number != "" {
			t.Fatalf("%+v, %v", team, err)
		}
		bo := team.People[0].ID
		if none, err := w.Team(t.Context(), as("stranger", access.Manager), store.Query{Limit: 10}); err != nil || len(none.People) != 0 {
			t.Errorf("who leads nobody sees %+v, %v", none, err)
		}
		if _, err := w.Team(t.Context(), as("an"), store.Query{Limit: 10}); !problem.Is(err, problem.Forbidden) {
			t.Errorf("who is no manager: %v", err)
		}
		all, err := w.Search(t.Context(), hr(), store.Query{Limit: 10, Search: "maes"})
		if err != nil || len(all.People) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		if _, err := w.Person(t.Context(), as("an", access.Manager), all.People[0].ID); !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a manager opens somebody of another unit: %v", err)
		}
		if _, err := w.Person(t.Context(), as("an", access.Manager), bo); err != nil {
			t.Error(err)
		}
		if _, err := w.File(t.Context(), hr(), bo, "zomaar"); !problem.Is(err, problem.Invalid) {
			t.Errorf("without a purpose: %v", err)
		}
		file, err := w.File(t.Context(), hr(), bo, "Attest voor de arbeidsgeneesheer")
		if err != nil || file.BirthYear != 1990 || file.Number != "0002" {
			t.Errorf("%+v, %v", file, err)
		}
		reads, err := store.Reads(t.Context(), w.DB.Of(hr().Tenant), bo, w.Now().AddDate(1, 0, 0), 10)
		if err != nil || len(reads) != 3 || reads[0].Purpose == "" || reads[0].Account != "hr" {
			t.Errorf("%+v, %v", reads, err)
		}
	})
}

func TestTheWordsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestTwoSourcesThatHoldEverybodyLeaveEachOthersPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		city, welfare := w.source("Stad"), w.source("OCMW")
		w.taken(w.mapped(w.bring(city, "Personeelsnummer;Familienaam;Dienst\n1;Peeters;Groen\n2;Maes;Groen\n3;Beiden;Groen\n", false)), false)
		w.taken(w.mapped(w.bring(welfare, "Personeelsnummer;Familienaam;Dienst\n3;Beiden;Zorg\n4;Claes;Zorg\n", false)), false)
		if got, want := w.names(), "Beiden, Claes, Maes, Peeters"; got != want {
			t.Fatalf("there are %s, not %s", got, want)
		}
		for _, step := range []struct{ source, file, want string }{
			{city, "1;Peeters;Groen\n2;Maes;Groen\n", "Beiden, Claes, Maes, Peeters"}, // the other source still names Beiden
			{city, "1;Peeters;Groen\n", "Beiden, Claes, Peeters"},
			{welfare, "4;Claes;Zorg\n", "Claes, Peeters"},
			{city, "1;Peeters;Groen\n3;Beiden;Groen\n", "Beiden, Claes, Peeters"}, // came back
		} {
			if v := w.bring(step.source, "Personeelsnummer;Familienaam;Dienst\n"+step.file, true); v.State != store.Applied {
				t.Fatalf("%s: %s", step.file, v.State)
			}
			if got := w.names(); got != step.want {
				t.Errorf("after %q there are %s, not %s", step.file, got, step.want)
			}
		}
	})
}
