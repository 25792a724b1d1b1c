package desk

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/people"
	"tekentafel/internal/people/draft"
	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/quality"
	"tekentafel/internal/people/sheet"
	"tekentafel/internal/people/store"
	"tekentafel/internal/web"
)

func TestEveryRouteAsksWhoComes(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	source := s.source("Loonsysteem")
	at := s.bring(source, firstFile)
	s.maps(at)
	s.takes(at)
	waits := s.bring(source, strings.Replace(firstFile, "An;", "Anna;", 1))
	id := strings.TrimPrefix(waits, importsAt+"/")
	for _, route := range s.server.Routes() {
		method, pattern, _ := strings.Cut(route.Pattern, " ")
		of := id
		if strings.Contains(pattern, "/sources/") {
			of = source
		}
		target := strings.NewReplacer("{id}", of, "{seq}", "1").Replace(pattern)
		form := func(who string) *answer {
			return s.send(method, target, strings.NewReader(""), "X-Test-Who", who, "Content-Type", "application/x-www-form-urlencoded")
		}
		form("").leads("/sign-in")
		form("employee").wants(403)
		form("manager").wants(403)
		form("researcher").wants(403)
		if strings.Contains(pattern, "{") {
			if w := form("theirs hr"); w.Code != http.StatusNotFound {
				t.Errorf("%s: somebody elsewhere gets %d", route.Pattern, w.Code)
			}
		}
		dpo, admin := 403, 403
		switch route.Pattern {
		case "GET /staff":
			dpo = 200
		case "GET /staff/settings":
			dpo, admin = 200, 200
		case "POST /staff/settings":
			admin = 422
		}
		form("dpo").wants(dpo).silent("Peeters", "Janssens")
		form("administrator").wants(admin).silent("Peeters", "Janssens")
	}
	if v, err := s.people.Import(t.Context(), hr(), id); err != nil || v.State != store.Previewed {
		t.Errorf("something changed: %+v, %v", v, err)
	}
}

func TestTheDPOSeesNumbersAndNoWayToWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.get("dpo", "/staff").wants(200, "Als HR een bestand binnenbrengt").silent("Breng je eerste bestand binnen")
	at := s.bring(s.source("Loonsysteem"), firstFile)
	s.maps(at)
	s.takes(at)
	page := s.get("dpo", "/staff").wants(200, "Medewerkers", "3", "van het personeel is bruikbaar voor")
	for _, href := range []string{listAt, unitsAt, importsAt, revisionsAt, titlesAt} {
		if len(page.all("a", "href", href)) > 0 {
			t.Errorf("the page leads to %s", href)
		}
	}
	page.one("a", "href", qualityAt)
}

func TestASourceIsMadeChangedAndDeletedAfterAQuestion(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		form := s.get("hr", sourcesAt+"/new").wants(200, "Nieuwe bron", "Meestal 5 %").form(sourcesAt)
		if form.Get("share") != "5" || form.Get("least") != "10" || form.Get("emptied") != "50" || form.Get("complete") != "yes" || form.Get("people") != "" {
			t.Fatalf("%v", form)
		}
		form.Set("share", "honderd")
		s.post("hr", sourcesAt, form).wants(422, "Vul een getal in van 0 tot 100", "Geef de bron een naam.").one("a", "href", "#f-share")
		form.Set("share", "2,5 %")
		form.Set("name", "Loonsysteem")
		form.Set("folder", "../elders")
		s.post("hr", sourcesAt, form).wants(422, "de naam van één map").one("a", "href", "#f-folder")
		form.Set("folder", "loon")
		to := s.post("hr", sourcesAt, form).leads(importsAt + "/new?source=")
		if again := s.post("hr", sourcesAt, form).leads(importsAt + "/new?source="); again != to {
			t.Errorf("sent twice there is another source: %s", again)
		}
		form.Set("_once", "another")
		form.Set("folder", "")
		s.post("hr", sourcesAt, form).wants(422, "Er is al een bron met deze naam.")
		at := sourcesAt + "/" + strings.TrimPrefix(to, importsAt+"/new?source=")
		form = s.get("hr", at).wants(200, "Loonsysteem").form(at)
		if form.Get("share") != "2,5" || form.Get("folder") != "loon" {
			t.Fatalf("%v", form)
		}
		form.Set("complete", "no")
		form.Set("unit", "")
		s.post("hr", at, form).leads(importsAt)
		s.post("hr", at, form).leads(importsAt)
		form.Set("name", "Iets anders")
		s.post("hr", at, form).wants(422, "Iemand anders heeft dit intussen gewijzigd")
		v, err := s.people.Source(t.Context(), hr(), strings.TrimPrefix(at, sourcesAt+"/"))
		if err != nil || v.Complete || people.LimitsOf(&v) != (draft.Limits{Share: 0.025, Least: 10, Emptied: 0.5}) {
			t.Fatalf("%+v, %v", v, err)
		}
		s.get("hr", importsAt).wants(200, "Een deel: wie er niet in staat, blijft", "loon").one("a", "href", at)
		s.bring(v.ID, firstFile)
		s.get("hr", at+"/delete").wants(200, "De bron Loonsysteem verwijderen?")
		s.post("hr", at+"/delete", url.Values{"_once": {"x"}}).wants(422, "Uit deze bron kwamen al bestanden.")
		empty := sourcesAt + "/" + s.source("Leeg")
		s.post("hr", empty+"/delete", nil).leads(importsAt)
		s.get("hr", empty).wants(404)
	})
}

// part is what another feature sets.
type part struct{}

func (part) Setting(r *web.Request) (templ.Component, error) {
	if r.Actor.Owner != "administrator" {
		return nil, nil //nolint:nilnil // it has nothing for others
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<section id="elsewhere">Uit een directory</section>`)
		return err
	}), nil
}

func TestTheAdministratorChoosesWhatBecomesOfNationalNumbers(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), part{})
	s.get("hr", settingsAt).wants(200, "Onherkenbaar maken", "De beheerder kiest dit.").silent("Bewaar de keuze", "Uit een directory")
	form := s.get("administrator", settingsAt).wants(200, "Bewaar de keuze", "Uit een directory").form(settingsAt)
	if form.Get("national") != "hash" {
		t.Fatalf("%v", form)
	}
	form.Set("national", "keep")
	form.Set("basis", "zomaar")
	s.post("administrator", settingsAt, form).wants(422, "Schrijf de wettelijke grondslag op").one("a", "href", "#f-basis")
	const law = "Artikel 8 van de wet van 8 augustus 1983, voor de aangifte"
	form.Set("basis", law)
	s.post("administrator", settingsAt, form).leads(settingsAt)
	s.post("administrator", settingsAt, form).leads(settingsAt)
	for _, who := range []string{"hr", "dpo", "administrator"} {
		s.get(who, settingsAt).wants(200, law, "Naam van administrator")
	}
	form.Set("national", "refuse")
	s.post("administrator", settingsAt, form).wants(422, "Iemand anders heeft dit intussen gewijzigd")
}

func TestHomeLeadsHRToWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		asked := 0
		tasks := func(who string) string {
			t.Helper()
			var out []string
			asked++
			probe := web.Route{Pattern: fmt.Sprintf("GET /tasks/%d", asked), Any: true, Handle: func(_ http.ResponseWriter, r *web.Request) error {
				list, err := s.desk.Tasks(r.Context(), r)
				for _, x := range list {
					out = append(out, x.Title+" -> "+x.Href)
				}
				for _, tile := range s.desk.Offers(r) {
					out = append(out, "tile "+tile.Href)
				}
				return err
			}}
			if err := s.server.Add(probe); err != nil {
				t.Fatal(err)
			}
			s.get(who, strings.TrimPrefix(probe.Pattern, "GET ")).wants(200)
			return strings.Join(out, "; ")
		}
		wants := func(who, want string) {
			t.Helper()
			if got := tasks(who); got != want {
				t.Errorf("%s: %q, want %q", who, got, want)
			}
		}
		wants("hr", "tile /staff")
		wants("employee", "")
		wants("administrator", "tile /staff/settings")
		at := s.bring(s.source("Loonsysteem"), firstFile)
		wants("hr", "Zeg wat de kolommen van export.csv zijn -> "+at+"; tile /staff")
		s.maps(at)
		wants("hr", "Kijk na wat export.csv verandert -> "+at+"; tile /staff")
		wants("dpo", "tile /staff")
		s.takes(at)
		wants("hr", "tile /staff")
	})
}

func TestTheExampleComesInWithoutADoubtInEachLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for _, lang := range instrument.Languages() {
		w := s.get("hr", exampleAt, "Accept-Language", string(lang))
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d, %v", lang, w.Code, w.Header())
		}
		at := s.bring(s.source("Bron "+string(lang)), w.Body.String())
		form := s.get("hr", at).form(at + "/columns")
		for i, want := range []mapping.Field{mapping.Number, mapping.Given, mapping.Family, mapping.Mail, mapping.Language, mapping.Birth, mapping.Start, mapping.UnitName, mapping.FunctionName,
			mapping.FunctionLevel, mapping.FTE, mapping.ManagerNumber} {
			if got := form.Get(columnField(i)); got != string(want) {
				t.Errorf("%s: column %d is proposed as %q, not %q", lang, i, got, want)
			}
		}
		s.maps(at)
		v, err := s.people.Import(t.Context(), hr(), strings.TrimPrefix(at, importsAt+"/"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := people.PreviewOf(&v)
		if err != nil || p == nil || p.Taken != 12 || len(p.Rejected)+len(p.Doubts) > 0 || p.Difference.People.Added != 12 {
			t.Errorf("%s: %+v, %v", lang, p, err)
		}
	}
}

func TestEverythingThatCanBeSaidHasWords(t *testing.T) {
	t.Parallel()
	w := in(instrument.NL)
	var keys []string
	add := func(prefix string, names ...string) {
		for _, n := range names {
			keys = append(keys, prefix+n)
		}
	}
	offered := map[mapping.Field]bool{}
	for _, g := range groups() {
		add("group.", g.key)
		for _, f := range g.fields {
			offered[f] = true
		}
	}
	for _, f := range mapping.Fields() {
		add("column.", string(f))
		if !offered[f] {
			t.Errorf("%s is not offered", f)
		}
	}
	for _, k := range mapping.Keys() {
		add("key.", string(k))
	}
	for _, k := range []mapping.ReasonKind{mapping.ByHeading, mapping.LikeHeading, mapping.ByCells, mapping.HeadingCells, mapping.ByParents, mapping.ByLevels, mapping.Describes, mapping.ByKnown,
		mapping.BySaved, mapping.NotInModel, mapping.OtherColumn, mapping.NotRecognised} {
		add("reason.", string(k))
	}
	for _, k := range []draft.Kind{draft.EmptyRow, draft.TotalRow, draft.RepeatedHeading, draft.NoKey, draft.BadKey, draft.NoName, draft.SameRow, draft.TwoPeople} {
		add("rejected.", string(k), string(k)+"-mend")
		add("csv.why-", string(k))
	}
	for _, k := range []draft.Kind{draft.BadValue, draft.TwoValues, draft.UnknownParent, draft.AmbiguousParent, draft.UnknownManager, draft.AmbiguousManager, draft.NumberTaken} {
		add("doubt.", string(k), string(k)+"-mend")
	}
	for _, k := range []store.Why{store.Changed, store.Used, store.Missing} {
		add("conflict.", string(k))
	}
	for _, k := range store.Kinds() {
		add("conflict.", string(k))
		for _, how := range []string{"added", "changed", "gone", "back"} {
			add("first."+string(k)+"-", how)
		}
	}
	for _, c := range quality.Conclusions() {
		add("conclusion.", strings.ReplaceAll(c.Name, " ", "-"))
	}
	add("encoding.", encodings()...)
	add("separator.", separators()...)
	for _, key := range keys {
		if !w.Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
	for _, n := range everyNote() {
		if text := w.note(&n); text == "" || strings.ContainsAny(text, "{}") {
			t.Errorf("the note %s is %q", n.Kind, text)
		}
	}
	if err := w.Err(); err != nil {
		t.Error(err)
	}
}

// everyNote is a note of each kind with what it holds.
func everyNote() []sheet.Note {
	args := func(pairs ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	with := map[sheet.NoteKind]map[string]string{
		sheet.NoteText: args("encoding", sheet.Windows1252, "separator", "tab", "guessed", "yes"), sheet.NoteWorkbook: args("sheet", "Blad1"),
		sheet.NoteSheetSkipped: args("sheet", "Blad2", "rows", "12", "hidden", "yes"), sheet.NoteSheetAlike: args("sheet", "Blad2", "rows", "1"), sheet.NotePreamble: args("text", "Titel"),
		sheet.NoteHeadings: args("count", "2"), sheet.NoteTotal: args("text", "Totaal", "by", "word"), sheet.NoteFooter: args("text", "Einde"), sheet.NoteEmptyColumn: args("letter", "C"),
		sheet.NoteUnnamed: args("letter", "D"), sheet.NoteDoubleHeading: args("heading", "Naam", "first", "1"), sheet.NoteDateSerials: args("from", "45292", "to", "01/01/2024"),
		sheet.NoteLostZeros: args("width", "6"), sheet.NoteNationalHashed: args("country", "be", "named", "yes"), sheet.NoteNationalEmptied: args("country", "nl"),
		sheet.NoteNationalCut: args("country", "be"), sheet.NoteNationalFaulty: args("country", "be"), sheet.NoteNationalKept: args("country", "nl"),
	}
	var out []sheet.Note
	for _, k := range []sheet.NoteKind{sheet.NoteText, sheet.NoteMixedEncoding, sheet.NoteNUL, sheet.NoteWorkbook, sheet.NoteSheetSkipped, sheet.NoteSheetAlike, sheet.NotePreamble, sheet.NoteHeadings,
		sheet.NoteBlankRows, sheet.NoteRepeatedHeading, sheet.NoteTotal, sheet.NoteFooter, sheet.NoteShortRows, sheet.NoteWideRows, sheet.NoteOpenQuote, sheet.NoteStrayQuote, sheet.NoteLineBreaks,
		sheet.NoteHiddenRows, sheet.NoteNoHeadings, sheet.NoteEmptyColumn, sheet.NoteUnnamed, sheet.NoteDoubleHeading, sheet.NoteJoinedHeading, sheet.NoteHiddenColumn, sheet.NoteMergedFilled,
		sheet.NoteFaults, sheet.NoteIndented, sheet.NoteZerosShown, sheet.NoteDateSerials, sheet.NoteScientific, sheet.NoteLostZeros, sheet.NoteNationalHashed, sheet.NoteNationalEmptied,
		sheet.NoteNationalCut, sheet.NoteNationalFaulty, sheet.NoteNationalKept, sheet.NoteNationalHeadings} {
		for _, count := range []int{1, 7} {
			out = append(out, sheet.Note{Kind: k, Heading: "Kolom", Rows: []sheet.Span{{From: 3, To: 3}, {From: 5, To: 8}}, Count: count, Args: with[k]})
		}
	}
	return out
}

func TestValuesOfAChangeAreInWords(t *testing.T) {
	t.Parallel()
	x := importView{w: in(instrument.NL), shown: &people.Preview{Names: map[string]string{"u1": "Groen", "u2": "Sport"}}}
	for _, c := range []struct {
		subject draft.Subject
		change  draft.Change
		want    string
	}{
		{draft.OfPosts, draft.Change{Field: "unit", From: "u1", To: "u2"}, "eenheid: van ‘Groen’ naar ‘Sport’"},
		{draft.OfPosts, draft.Change{Field: "fte", From: "1000", To: "625"}, "VTE: van 100\u00a0% naar 62,5\u00a0%"},
		{draft.OfPosts, draft.Change{Field: "fte", From: "-1", To: "500"}, "VTE: nu 50\u00a0%"},
		{draft.OfPeople, draft.Change{Field: "mail", From: "a@b.example"}, "mailadres: was ‘a@b.example’, nu leeg"},
		{draft.OfPeople, draft.Change{Field: "out", From: "false", To: "true"}, "dienst: van in dienst naar uit dienst"},
		{draft.OfPeople, draft.Change{Field: "to", To: "2026-11-29"}, "einde: nu 29 november 2026"},
		{draft.OfPeople, draft.Change{Field: "family", From: "A", To: "B"}, "familienaam: van ‘A’ naar ‘B’"},
		{draft.OfFunctions, draft.Change{Field: "family", From: "A", To: "B"}, "functiefamilie: van ‘A’ naar ‘B’"},
		{draft.OfFunctions, draft.Change{Field: "work", From: "desk", To: "both"}, "bureau of terrein: van bureau naar bureau en terrein"},
		{draft.OfPeople, draft.Change{Field: "birthYear", From: "1980", To: "1981"}, "geboortejaar: gewijzigd"},
		{draft.OfPeople, draft.Change{Field: "hidden"}, "onherkenbaar gemaakt nummer: gewijzigd"},
		{draft.OfPeople, draft.Change{Field: "language", From: "nl", To: "fr"}, "taal: van Nederlands naar Frans"},
	} {
		if got := x.change(c.subject, &c.change); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if err := x.w.Err(); err != nil {
		t.Error(err)
	}
}

func TestEveryFieldThatCanChangeHasAName(t *testing.T) {
	t.Parallel()
	w := in(instrument.NL)
	for s, fields := range map[draft.Subject]string{
		draft.OfUnits: "code name parent kind head from to", draft.OfFunctions: "code name family level work isco from to",
		draft.OfPeople: "number given family mail language birthYear out manager site shift hidden from to", draft.OfPosts: "person unit function fte statute main from to",
	} {
		for _, f := range strings.Fields(fields) {
			if w.changed(s, f) == "" {
				t.Errorf("%s of %s", f, s)
			}
		}
	}
	if err := w.Err(); err != nil {
		t.Error(err)
	}
}
