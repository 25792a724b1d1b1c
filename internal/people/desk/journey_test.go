package desk

import (
	"net/url"
	"strings"
	"testing"

	"tekentafel/internal/people/store"
)

const heads = "Personeelsnummer;Voornaam;Familienaam;E-mail;Dienst;Functie;VTE\n"

const firstFile = heads + "0001;An;Peeters;an@stad.example;Groen;Arbeider;1\n0002;Bo;Janssens;bo@stad.example;Groen;Arbeider;0,8\n" +
	"0003;Cas;Maes;cas@stad.example;Financiën;Boekhouder;1\n"

func TestAFileIsBroughtInLookedAtTakenOverAndUndone(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("hr", "/staff").wants(200, "Nog geen personeelsgegevens", "In drie stappen", "Download een voorbeeld").one("a", "class", "next-step", "href", importsAt+"/new")
		s.get("hr", importsAt).wants(200, "Nog geen bestand", "Er is nog geen bron")
		s.get("hr", revisionsAt).wants(200, "Nog geen wijzigingen")

		// Nothing that is wrong with the form is lost, and each fault stands at its field.
		page := s.get("hr", importsAt+"/new").wants(200, "Wie staat er in een bestand van deze bron?")
		form := page.form(importsAt)
		if form.Get("source") != "new" || form.Get("_once") == "" {
			t.Fatalf("%v", form)
		}
		page = s.upload("hr", form, "").wants(422, "Geef de bron een naam.", "Kies een bestand.")
		page.one("a", "href", "#f-file")
		form.Set("name", "Loonsysteem")
		form.Set("heading", "derde")
		page = s.upload("hr", form, firstFile).wants(422, "Vul het nummer van een rij in")
		if got := page.form(importsAt).Get("name"); got != "Loonsysteem" {
			t.Errorf("the name came back as %q", got)
		}
		form.Set("heading", "")
		page = s.upload("hr", form, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").wants(422, "oud Excel-bestand", "Loonsysteem")
		form = page.form(importsAt)
		if form.Get("source") == "new" || form.Get("source") == "" {
			t.Fatalf("the source that was made is not chosen: %v", form)
		}
		at := s.upload("hr", form, firstFile).leads(importsAt + "/")
		if again := s.upload("hr", form, firstFile).leads(importsAt + "/"); again != at {
			t.Errorf("sent twice there is another import: %s", again)
		}

		// The columns, with what they probably are and why.
		page = s.get("hr", at).wants(200, "Kolommen van export.csv", "We lazen 3 rijen en 7 kolommen", "De titel zegt ‘personeelsnummer’", "An · Bo · Cas", "Vrij zeker.")
		for column, want := range map[string]string{"column-0": "number", "column-4": "unit-name", "column-5": "function-name", "column-6": "fte"} {
			if got := chosen(page.one("select", "name", column)); got != want {
				t.Errorf("%s is proposed as %q, not %q", column, got, want)
			}
		}
		if n := len(page.all("optgroup", "label", "Leidinggevende")); n != 7 {
			t.Errorf("%d lists have their fields in groups", n)
		}
		form = page.form(at + "/columns")
		wrong := url.Values{}
		for name := range form {
			wrong.Set(name, form.Get(name))
		}
		wrong.Set("column-3", "number")
		page = s.post("hr", at+"/columns", wrong).wants(422, "Deze betekenis heeft al een andere kolom")
		if attr(page.one("select", "name", "column-3"), "aria-invalid") != "true" {
			t.Error("the column that is to blame does not say so")
		}
		wrong.Set("column-0", "")
		wrong.Set("column-3", "")
		s.post("hr", at+"/columns", wrong).wants(422, "Geen kolom is het personeelsnummer").one("a", "href", "#f-columns")
		wrong.Set("width", "veel")
		s.post("hr", at+"/columns", wrong).wants(422, "Vul een aantal cijfers in").one("a", "href", "#f-width")
		s.post("hr", at+"/columns", form).leads(at)
		s.post("hr", at+"/columns", form).leads(at)
		s.people.Settle()
		s.post("hr", at+"/columns", form).leads(at)
		form.Set("column-6", "")
		s.post("hr", at+"/columns", form).wants(422, "Iemand anders heeft dit intussen gewijzigd")

		// What it would change; nothing has so far.
		page = s.get("hr", at).wants(200, "Mensen in dienst: nu 0, daarna 3 (3 nieuw).", "3 mensen zijn nieuw", "2 eenheden zijn nieuw", "An Peeters", "Neem je dit over?")
		s.get("hr", "/staff").wants(200, "Kijk na wat export.csv verandert")
		s.get("hr", revisionsAt).wants(200, "Nog geen wijzigingen")
		s.get("hr", at+"/columns").wants(200, "Kolommen van export.csv")
		form = page.form(at + "/apply")
		s.post("hr", at+"/apply", form).leads(at)
		s.post("hr", at+"/apply", form).leads(at)
		s.people.Settle()
		s.post("hr", at+"/apply", form).leads(at)

		page = s.get("hr", at).wants(200, "export.csv is overgenomen", "Mensen in dienst: voordien 0, nu 3 (3 nieuw).", "Naam van hr", "Kijk hoe goed de gegevens zijn")
		page.one("a", "href", "/staff/revisions/1/undo")
		s.get("hr", "/staff").wants(200, "Medewerkers", "Laatst overgenomen op", "van het personeel is bruikbaar voor").one("a", "href", qualityAt)
		s.get("hr", importsAt).wants(200, "overgenomen", "Loonsysteem", "3 nieuw")

		// Undone, the change says so, and cannot be undone again.
		s.get("hr", revisionsAt).wants(200, "Overgenomen uit export.csv", "Naam van hr").one("a", "href", "/staff/revisions/1/undo")
		s.get("hr", "/staff/revisions/1").wants(200, "Wijziging 1", "Rijen nieuw of gewijzigd")
		s.get("hr", "/staff/revisions/1/undo").wants(200, "Deze wijziging terugdraaien?", "Alles komt terug zoals het ervoor was")
		s.post("hr", "/staff/revisions/1/undo", nil).leads("/jobs/")
		s.people.Settle()
		s.post("hr", "/staff/revisions/1/undo", nil).leads(revisionsAt)
		s.get("hr", at).wants(200, "export.csv is teruggedraaid")
		s.get("hr", revisionsAt).wants(200, "Wijziging 1 teruggedraaid", "teruggedraaid")
		s.get("hr", "/staff/revisions/99").wants(404)
		s.get("hr", "/staff/revisions/x").wants(404)
	})
}

func TestASuddenLossIsAClearStop(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		source := s.source("Loonsysteem")
		rows := strings.Builder{}
		rows.WriteString("Personeelsnummer;Familienaam;Dienst\n")
		for i := range 40 {
			rows.WriteString("1" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + ";Naam;" + []string{"Groen", "Sport"}[i/20] + "\n")
		}
		at := s.bring(source, rows.String())
		s.maps(at)
		s.takes(at)
		half := strings.Join(strings.SplitAfter(rows.String(), "\n")[:21], "")
		at = s.bring(source, half)
		page := s.get("hr", at).wants(200, "Er verdwijnt veel", "20 van de 40 mensen in dienst gaan uit dienst.", "Alle 20 mensen van ‘Sport’ gaan uit dienst.", "Ja, dit klopt: 20 mensen gaan uit dienst.")
		form := page.form(at + "/apply")
		page = s.post("hr", at+"/apply", form).wants(422, "Zeg eerst dat dit verlies klopt.")
		page.one("a", "href", "#f-loss")
		form.Set("loss", "yes")
		s.post("hr", at+"/apply", form).leads(at)
		s.people.Settle()
		s.get("hr", at).wants(200, "Mensen in dienst: voordien 40, nu 20 (20 uit dienst).")
	})
}

func TestWhatIsNotTakenIsSaidAndCanBeHad(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var b strings.Builder
		b.WriteString(heads)
		for i := range 15 {
			b.WriteString(";Jan;Nummerloos" + string(rune('a'+i)) + ";;Groen;Arbeider;1\n")
		}
		b.WriteString("0009;Dia;Claes;dia@stad.example;Groen;Arbeider;veel\n0009;Dia;Claes;dia@stad.example;Groen;Arbeider;veel\n")
		at := s.bring(s.source("Loonsysteem"), b.String())
		s.maps(at)
		s.get("hr", at).wants(200, "15 rijen zeggen niet over wie ze gaan", "Vul het in de bron in.", "rij 2", "en nog 5 andere", "1 rij staat er twee keer in",
			"‘VTE’: 2 waarden begrijpen we niet", "rij 17: ‘veel’")
		w := s.get("hr", at+"/rows.csv")
		lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(w.Body.String(), "\uFEFF")), "\n")
		if w.Code != 200 || len(lines) != 17 || !strings.HasPrefix(lines[0], "rij;reden;kolom;waarde") || !strings.HasPrefix(lines[1], "2;zegt niet over wie het gaat;") ||
			!strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("%d, %v:\n%s", w.Code, w.Header(), w.Body)
		}
		s.takes(at)
		s.get("hr", at).wants(200, "Rijen die niet overgenomen zijn 16")
		s.get("hr", at+"/rows.csv").wants(410)
	})
}

func TestAFileThatWasReadWronglyComesInAgain(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		source := s.source("Loonsysteem")
		at := s.bring(source, "lijst;van;alles\n"+firstFile)
		again := importsAt + "/new?source=" + source + "&instead=" + strings.TrimPrefix(at, importsAt+"/")
		if links := s.get("hr", at).wants(200, "Ziet dit er niet juist uit?", "Rij 1 overgeslagen: ze staat boven de titels").all("a", "href", again); len(links) != 2 {
			t.Errorf("%d links lead back", len(links))
		}
		page := s.get("hr", again).wants(200, "Meestal vinden we dit zelf")
		form := page.form(importsAt)
		if form.Get("source") != source || form.Get("instead") == "" {
			t.Fatalf("%v", form)
		}
		form.Set("heading", "2")
		form.Set("separator", "semicolon")
		form.Set("encoding", "utf-8")
		next := s.upload("hr", form, "lijst;van;alles\n"+firstFile).leads(importsAt + "/")
		if next == at {
			t.Fatal("it is the same import")
		}
		s.get("hr", next).wants(200, "Personeelsnummer", "We lazen 3 rijen")
		s.get("hr", at).wants(200, "export.csv is aan de kant gezet", "Er is niets van overgenomen")
		form.Set("instead", strings.TrimPrefix(next, importsAt+"/"))
		form.Del("_once")
		form.Set("heading", "0")
		s.upload("hr", form, firstFile).leads(importsAt + "/")
	})
}

func TestColumnsThatVanishedOrAreNewAreMarked(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		source := s.source("Loonsysteem")
		at := s.bring(source, firstFile)
		s.maps(at)
		s.takes(at)
		at = s.bring(source, strings.Replace(firstFile, "VTE", "Kleur", 1))
		page := s.get("hr", at).wants(200, "Kolommen van vorige keer die er nu niet zijn", "‘VTE’ (deel van een voltijdse (VTE))", "Kleur nieuw", "Zoals de vorige keer.")
		if n := len(page.all("span", "class", "tag-info")); n != 1 {
			t.Errorf("%d columns are marked as new", n)
		}
		// With only a new column the file goes on, and says that the column is not used.
		at = s.bring(source, strings.ReplaceAll(strings.ReplaceAll(firstFile, "\n", ";x\n"), "VTE;x", "VTE;Kleur"))
		s.get("hr", at).wants(200, "Dit bestand verandert niets", "1 nieuwe kolom wordt niet gebruikt", "‘Kleur’")
		s.takes(at)
		s.get("hr", at).wants(200, "Er was niets te wijzigen").silent("Toch niet?")
	})
}

func TestNationalNumbersAreToldAndNeverShown(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var b strings.Builder
		b.WriteString("Personeelsnummer;Familienaam;Rijksregisternummer;Dienst\n")
		for i := range 40 {
			n := int64(850101000 + i*3 + 100)
			number := digits(int64(100+i), 3)
			b.WriteString(number + ";Naam;" + digits(n, 9) + digits(97-n%97, 2) + ";Groen\n")
		}
		at := s.bring(s.source("Loonsysteem"), b.String())
		page := s.get("hr", at).wants(200, "stonden 40 nummers (rijksregisternummers). We maakten ze onherkenbaar.")
		if strings.Contains(page.Body.String(), digits(850101100, 9)) {
			t.Error("the page holds a national number")
		}
		if f := page.form(at + "/columns"); f.Get("column-2") != "national" {
			t.Errorf("%v", f)
		}
	})
}

// digits writes a number with zeros in front.
func digits(n int64, width int) string {
	text := ""
	for range width {
		text = string(rune('0'+n%10)) + text
		n /= 10
	}
	return text
}

func TestZerosThatWereLostAreProposed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var b strings.Builder
		b.WriteString("Personeelsnummer;Familienaam;Dienst\n")
		for i := range 60 {
			number := digits(int64(20000+i), 5)
			if i < 6 {
				number = digits(int64(9100+i), 4)
			}
			b.WriteString(number + ";Naam;Groen\n")
		}
		at := s.bring(s.source("Loonsysteem"), b.String())
		page := s.get("hr", at).wants(200, "hebben 6 getallen minder dan 5 cijfers", "Hieronder staat het juiste aantal cijfers al ingevuld.")
		form := page.form(at + "/columns")
		if form.Get("width") != "5" {
			t.Fatalf("%v", form)
		}
		s.post("hr", at+"/columns", form).leads(at)
		s.people.Settle()
		s.takes(at)
		list, err := store.ByNumber(t.Context(), s.people.DB.Of(hr().Tenant), 1, "09100")
		if err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
	})
}

func TestARenamedUnitIsProposedAndKept(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		source := s.source("Loonsysteem")
		file := func(unit string) string {
			var b strings.Builder
			b.WriteString("Personeelsnummer;Familienaam;Dienst\n")
			for i := range 12 {
				b.WriteString(digits(int64(100+i), 3) + ";Naam;" + unit + "\n")
			}
			b.WriteString("200;Naam;Sport\n")
			return b.String()
		}
		at := s.bring(source, file("Groen"))
		s.maps(at)
		s.takes(at)
		at = s.bring(source, file("Natuur en water"))
		page := s.get("hr", at).wants(200, "Kreeg een eenheid een andere naam?", "‘Groen’ verdwijnt. 12 van de 12 mensen zitten nu in ‘Natuur en water’.", "eenheid: van ‘Groen’ naar ‘Natuur en water’")
		form := page.form(at + "/same")
		s.post("hr", at+"/same", form).leads(at)
		s.post("hr", at+"/same", form).leads(at)
		s.people.Settle()
		s.get("hr", at).wants(200, "naam: van ‘Groen’ naar ‘Natuur en water’").silent("Kreeg een eenheid een andere naam?")
	})
}

func TestAnImportIsPutAsideAfterAQuestion(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.bring(s.source("Loonsysteem"), firstFile)
		form := s.get("hr", at+"/refuse").wants(200, "export.csv aan de kant zetten?", "worden gewist").form(at + "/refuse")
		stale := url.Values{"version": {"77"}}
		s.post("hr", at+"/refuse", stale).wants(422, "Iemand anders heeft dit intussen gewijzigd")
		s.post("hr", at+"/refuse", form).leads(importsAt)
		s.post("hr", at+"/refuse", form).leads(importsAt)
		s.get("hr", at).wants(200, "is aan de kant gezet")
		s.get("hr", at+"/columns").leads(at)
		s.get("hr", at+"/progress").leads(at)
		s.post("hr", at+"/apply", url.Values{"version": {"1"}}).wants(409)
	})
}

func TestSomethingElseThatChangedMeanwhileIsTold(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		source := s.source("Loonsysteem")
		one := s.bring(source, firstFile)
		s.maps(one)
		two := s.bring(source, strings.Replace(firstFile, "An;", "Anna;", 1))
		s.get("hr", two).wants(200, "Wat export.csv verandert").silent("Intussen wijzigde er iets anders")
		s.takes(one)
		s.takes(two)
		s.get("hr", two).wants(200, "Intussen wijzigde er iets anders", "Mensen in dienst: nu 3, daarna 3 (1 gewijzigd).", "voornaam: van ‘An’ naar ‘Anna’")
		s.takes(two)
		s.get("hr", two).wants(200, "export.csv is overgenomen")
	})
}
