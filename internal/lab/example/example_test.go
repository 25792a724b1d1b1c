package example

import (
	"context"
	"net/http"
	"strings"
	"testing"

	content "tekentafel/content/lab"
	"tekentafel/internal/audit"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/shelf/shelftest"
	"tekentafel/internal/lab/task"
	"tekentafel/internal/web"
)

// site is the pages behind a server.
type site struct {
	*shelftest.Site
	*Service
}

type places struct{}

func (places) Places(context.Context, db.Reader) ([]Place, []string, error) {
	return []Place{{"d-burgers", "Burgerzaken"}, {"d-groen", "Groen"}}, []string{"Administratie", "Groenwerk"}, nil
}

func (places) Of(context.Context, db.Reader, string) (string, string, error) {
	return "d-groen", "Groenwerk", nil
}

type accounts struct{}

func (accounts) Name(_ context.Context, _ db.Reader, account string) (string, error) {
	return "Naam van " + strings.TrimPrefix(account, "account-of-"), nil
}

// tasks are the entries by task that come with the product.
type tasks []task.Task

func (l tasks) Tasks(lang instrument.Lang) []Place {
	var out []Place
	for i := range l {
		out = append(out, Place{l[i].ID, l[i].Title.In(lang)})
	}
	return out
}

func builtIn(t testing.TB) []MadeUp {
	t.Helper()
	list, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func newSite(t testing.TB, d *db.DB) *site {
	t.Helper()
	entries, err := task.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Site: shelftest.New(t)}
	s.Service = New(Dependencies{DB: d, Audit: audit.New(d, s.Now), Now: s.Now, MadeUp: builtIn(t), Places: places{}, Accounts: accounts{}, Tasks: tasks(entries)})
	s.Add(s.AddTo)
	return s
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d)) })
}

// form is a sound example, with changes as pairs of a name and a value.
func form(changes ...string) []string {
	fields := map[string]string{"title": "Hagen snoeien plannen", "did": "Ik liet een planning voor de hagen maken.", "prompt": "Maak een planning voor [straten].", "result": "Een planning per dag.", "watch": "De feestdagen stonden er niet in.",
		"tags": "planning, snoeien", "task": "meeting", "family": "Groenwerk", "department": "d-groen", "lang": "nl"}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	var out []string
	for name, value := range fields {
		out = append(out, name, value)
	}
	return out
}

// only returns the id of the one example of our organisation.
func (s *site) only() string {
	s.T.Helper()
	var id string
	if err := s.DB.Of(dbtest.Ours).Row(s.T.Context(), `SELECT id FROM lab_examples WHERE tenant_id = $1`, nil, &id); err != nil {
		s.T.Fatal(err)
	}
	return id
}

func (s *site) count(table string) (n int) {
	s.T.Helper()
	if err := s.DB.Of(dbtest.Ours).Row(s.T.Context(), `SELECT COUNT(*) FROM `+table+` WHERE tenant_id = $1`, nil, &n); err != nil {
		s.T.Fatal(err)
	}
	return n
}

// decides lets who decide on an example that it looks at.
func (s *site) decides(who, id, to, message string) *shelftest.Answer {
	s.T.Helper()
	version := s.Get(who, at(id)).Wants(http.StatusOK).Value("version")
	return s.Post(who, at(id)+"/decide", "version", version, "to", to, "message", message)
}

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestMadeUpExamplesFillTheLibrary(t *testing.T) {
	t.Parallel()
	entries, err := task.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	work := map[string]int{}
	for _, x := range builtIn(t) {
		work[x.Work]++
		if nameOf(tasks(entries).Tasks(instrument.NL), x.Task) == "" {
			t.Errorf("%s: there is no task %q", x.ID, x.Task)
		}
	}
	if len(builtIn(t)) < 8 || work["field"] < 3 {
		t.Errorf("%v", work)
	}
	s := New(Dependencies{MadeUp: builtIn(t)})
	for _, x := range builtIn(t) {
		for _, lang := range instrument.Languages() {
			e := x.in(lang)
			for _, f := range s.Find(&e.Content) {
				if !f.Stays {
					t.Errorf("%s, %s: the guard finds %q (%s) in %s", x.ID, lang, f.Text, f.Type, f.Field)
				}
			}
		}
	}
}

func TestAnExampleIsReviewedBeforeOthersSeeIt(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Get("employee", newAt).Wants(http.StatusOK, "Schrijf niets over een persoon")
		s.Post("employee", newAt, form("title", "")...).Wants(http.StatusUnprocessableEntity, "Geef je voorbeeld een titel.")
		s.Post("employee", newAt, form()...).Leads(mineAt)
		id := s.only()
		s.Get("employee", mineAt).Wants(http.StatusOK, "Hagen snoeien plannen", "Wacht op nazicht")
		s.Get("manager", home).Silent("Hagen snoeien")
		s.Get("manager", at(id)).Wants(http.StatusNotFound)
		s.Get("theirs hr", at(id)).Wants(http.StatusNotFound)
		s.Post("manager", at(id)+"/decide", "version", "1", "to", "shown").Wants(http.StatusForbidden)
		s.Get("hr", reviewAt).Wants(http.StatusOK, "Hagen snoeien plannen")
		s.decides("hr", id, "asked", "").Wants(http.StatusUnprocessableEntity, "Schrijf een bericht aan de auteur")
		s.decides("hr", id, "asked", "Zeg welk model je gebruikte.").Leads(reviewAt)
		s.Get("employee", at(id)).Wants(http.StatusOK, "Pas nog iets aan", "Zeg welk model je gebruikte.")
		s.Post("employee", at(id)+"/edit", form("version", "1", "tools", "Oefenmodel")...).Wants(http.StatusUnprocessableEntity, "intussen gewijzigd")
		s.Post("manager", at(id)+"/edit", form("version", "2")...).Wants(http.StatusNotFound)
		s.Post("employee", at(id)+"/edit", form("version", "2", "tools", "Oefenmodel")...).Leads(mineAt)
		s.decides("core-team", id, "shown", "").Leads(reviewAt)
		s.Get("manager", home+"?q=hagen").Wants(http.StatusOK, "Hagen snoeien plannen")
		s.Get("manager", at(id)).Wants(http.StatusOK, "Oefenmodel", "Probeer dit zelf").Silent("Naam van employee")
		s.Get("employee", at(id)).Wants(http.StatusOK, "Wijziging gevraagd", "Te zien voor iedereen")
		if n := s.count("lab_example_changes"); n != 4 {
			t.Errorf("%d versions", n)
		}
		// A change takes it out of sight until somebody looked again.
		s.Post("employee", at(id)+"/edit", form("version", "4", "named", "yes")...).Leads(mineAt)
		s.Get("manager", home+"?q=hagen").Silent("Hagen snoeien")
		s.decides("hr", id, "shown", "").Leads(reviewAt)
		s.Get("manager", at(id)).Wants(http.StatusOK, "Door Naam van employee")
		e, ok, err := s.Entry(t.Context(), dbtest.Ours, "example-"+id, instrument.NL)
		if err != nil || !ok || e.Title != "Hagen snoeien plannen" || e.Look[0] != "De feestdagen stonden er niet in." {
			t.Errorf("%v %v %+v", err, ok, e)
		}
		if _, ok, _ := s.Entry(t.Context(), dbtest.Theirs, "example-"+id, instrument.NL); ok {
			t.Error("another organisation knows it")
		}
		s.Get("employee", at(id)+"/withdraw").Wants(http.StatusOK, "Je kunt dit niet ongedaan maken.")
		s.Post("hr", at(id)+"/withdraw").Wants(http.StatusNotFound)
		s.Post("employee", at(id)+"/withdraw").Leads(mineAt)
		if s.count("lab_examples")+s.count("lab_example_changes") > 0 {
			t.Error("something stays")
		}
		err = s.DB.Of(dbtest.Ours).Rows(t.Context(), `SELECT action, detail FROM audit_log WHERE tenant_id = $1`, func(scan func(...any) error) error {
			var action, detail string
			err := scan(&action, &detail)
			if !strings.HasPrefix(action, "lab-example.") || !Locale().Printer(instrument.NL).Has("audit."+action) || detail != "{}" {
				t.Errorf("%s %s", action, detail)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestNobodyDecidesOnTheirOwnExample(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Post("hr", newAt, form()...).Leads(mineAt)
		s.Get("hr", reviewAt).Wants(http.StatusOK, "Van jezelf")
		s.Post("hr", at(s.only())+"/decide", "version", "1", "to", "shown").Wants(http.StatusForbidden, "alleen iemand anders")
		s.decides("hr-two", s.only(), "refused", "Dit staat al in een ander voorbeeld.").Leads(reviewAt)
		s.Get("hr", at(s.only())).Wants(http.StatusOK, "Dit staat al in een ander voorbeeld.")
	})
}

func TestAFewExamplesOfOneAuthorWaitAtATime(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for range mostUnfinished {
		s.Post("employee", newAt, form()...).Leads(mineAt)
	}
	s.Post("employee", newAt, form()...).Wants(http.StatusUnprocessableEntity, "Er wachten al veel voorbeelden van jou")
	s.Post("manager", newAt, form("lang", "fr", "title", "Tailler les haies")...).Leads(mineAt)
}

func TestNothingOfAPersonStaysInAnExample(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		const number, mail = "85.07.30-033.28", "griet.vermandere@stad.example"
		a := s.Post("employee", newAt, form("did", "Ik hielp mevrouw Griet Vermandere, "+number+".", "prompt", "Schrijf naar "+mail+".")...).
			Wants(http.StatusUnprocessableEntity, "Hier staan gegevens van een persoon", "Rijksregisternummer", "Vervang gegevens")
		if s.count("lab_examples") > 0 {
			t.Fatal("it was kept")
		}
		if strings.Count(a.Body.String(), number) != 2 { // in the list and in its field
			t.Errorf("what was found is not shown to who wrote it")
		}
		a = s.Post("employee", newAt, append(form("did", "Ik hielp mevrouw Griet Vermandere, "+number+".", "prompt", "Schrijf naar "+mail+"."), "do", "replace")...).Wants(http.StatusOK, "De gegevens zijn vervangen")
		did, prompt := a.Value("did"), a.Value("prompt")
		if strings.Contains(did+prompt, "Vermandere") || strings.Contains(did, number) || !strings.Contains(did, "[PERSOON-1]") || !strings.Contains(prompt, "[MAILADRES-1]") {
			t.Errorf("%q %q", did, prompt)
		}
		s.Post("employee", newAt, form("did", did, "prompt", prompt)...).Leads(mineAt)
		// A word about health stays when it is about nobody.
		s.Post("employee", newAt, form("did", "Ik schreef een folder over diabetes.")...).Wants(http.StatusUnprocessableEntity, "Dit gaat over niemand in het bijzonder")
		s.Post("employee", newAt, form("did", "Ik schreef een folder over diabetes.", "nobody", "yes")...).Leads(mineAt)
		if log := s.Log(); strings.Contains(log, number) || strings.Contains(log, mail) || strings.Contains(log, "diabetes") {
			t.Errorf("what was typed stands in the log: %s", log)
		}
	})
}

// Small and fixed: what people type, in four languages, and what they should see first.
func TestSearchFindsWhatPeopleMean(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for question, want := range map[string]string{
		"brief in klare taal": "letter_permit", "weigering": "letter_permit", "lettre": "letter_permit", "klachtenbrief weigeringsbrief": "letter_permit", "plain letter": "letter_permit", "Ablehnungsbrief": "letter_permit",
		"taken uit verslag": "minutes_tasks", "vergaderverslag taken": "minutes_tasks", "Protokoll": "minutes_tasks", "réunion": "minutes_tasks", "reunion taches": "minutes_tasks", "minutes tasks": "minutes_tasks",
		"speeltuin": "playground_voice", "speltuin": "playground_voice", "Spielplätze": "playground_voice", "plaine de jeux": "playground_voice", "dictate phone": "playground_voice",
		"formule excel afval": "waste_table", "Abfallzahlen": "waste_table", "tableau chiffres": "waste_table", "spreadsheet": "waste_table",
		"boos telefoon": "angry_call", "gesprek oefenen": "angry_call", "wütender Anruf": "angry_call", "appel fâché": "angry_call",
		"podcast": "toolbox_podcast", "veiligheid ploeg": "toolbox_podcast",
		"mindmap": "library_mindmap", "jeugdboeken": "library_mindmap", "carte mentale": "library_mindmap",
		"grof vuil": "rule_waste", "Sperrmüll": "rule_waste", "reglement": "rule_waste",
		"zwembad mails": "mail_answer", "Schwimmbad": "mail_answer", "piscine": "mail_answer", "answer residents": "mail_answer",
	} {
		list, err := s.Search(t.Context(), dbtest.Ours, Query{Text: question}, instrument.NL)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || list[0].ID != "madeup-"+want {
			got := []string{}
			for i := range list {
				got = append(got, list[i].ID)
			}
			t.Errorf("%q finds %v, want %s", question, got, want)
		}
	}
	list, err := s.Search(t.Context(), dbtest.Ours, Query{Task: "summarise", Family: "Projektleitung"}, instrument.DE)
	if err != nil || len(list) != 1 || list[0].ID != "madeup-minutes_tasks" {
		t.Errorf("%v %+v", err, list)
	}
	s.Get("employee", home+"?q=zeppelin").Wants(http.StatusOK, "Geen voorbeeld gevonden")
	s.Get("employee", home+"?task=podcast").Wants(http.StatusOK, "1 voorbeeld").Silent("zwembad")
	s.Get("employee", home+"/madeup-rule_waste").Wants(http.StatusOK, "Verzonnen voorbeeld", "Probeer dit zelf")
	s.Get("hr", home+"/madeup-rule_waste").Silent("Jouw beslissing")
}

func TestHomeSaysWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		tasksOf := func(who string) []web.Task {
			r := &web.Request{Lang: instrument.NL}
			r.Actor = shelftest.Actor(dbtest.Ours, who)
			list, err := s.Desk().Tasks(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		s.Post("employee", newAt, form()...).Leads(mineAt)
		if l := tasksOf("hr"); len(l) != 1 || l[0].Title != "Kijk 1 voorbeeld van een collega na" {
			t.Errorf("%+v", l)
		}
		if l := tasksOf("employee"); len(l) != 0 {
			t.Errorf("%+v", l)
		}
		s.decides("hr", s.only(), "asked", "Maak het korter.").Leads(reviewAt)
		if l := tasksOf("employee"); len(l) != 1 || l[0].Href != mineAt {
			t.Errorf("%+v", l)
		}
		if l := tasksOf("hr"); len(l) != 0 {
			t.Errorf("%+v", l)
		}
	})
}

func TestWhoIsErasedTakesTheirExamplesAlong(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Post("employee", newAt, form()...).Leads(mineAt)
		s.decides("hr", s.only(), "shown", "").Leads(reviewAt)
		for who, rows := range map[string]int{"employee": 2, "hr": 1, "manager": 0} {
			sections, err := s.Held(t.Context(), dbtest.Ours, shelftest.Account(who))
			n := 0
			for i := range sections {
				n += len(sections[i].Rows)
			}
			if err != nil || n != rows {
				t.Errorf("%s: %v, %d rows", who, err, n)
			}
		}
		erase := func(who string) {
			if err := s.DB.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error { return s.Erase(t.Context(), tx, shelftest.Account(who)) }); err != nil {
				t.Fatal(err)
			}
		}
		erase("hr")
		if sections, err := s.Held(t.Context(), dbtest.Ours, shelftest.Account("hr")); err != nil || sections != nil {
			t.Errorf("%v %+v", err, sections)
		}
		s.Get("employee", at(s.only())).Wants(http.StatusOK, "wie het nakeek")
		erase("employee")
		s.Get("manager", home+"?q=hagen").Silent("Hagen snoeien")
		if n := s.count("lab_examples") + s.count("lab_example_changes"); n > 0 {
			t.Errorf("%d rows stay", n)
		}
		for _, k := range s.Kept() {
			if _, _, err := k.Count(t.Context(), s.DB.Of(dbtest.Ours), s.Now()); err != nil {
				t.Error(err)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	files, err := content.Files(content.Examples)
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	f.Add(string(files[0].YAML))
	f.Add("title: {nl: a}")
	f.Fuzz(func(t *testing.T, src string) {
		x, err := Parse("f.yaml", []byte(src))
		if err != nil && !strings.HasPrefix(err.Error(), "f.yaml") {
			t.Fatalf("an error without its place: %v", err)
		}
		if err == nil && x.in(instrument.NL).Title == "" {
			t.Fatal("an example without a title")
		}
	})
}
