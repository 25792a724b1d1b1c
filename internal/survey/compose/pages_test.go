package compose

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"tekentafel/instruments"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/survey/wave/wavetest"
)

var departments = frames{"Dienst": {"Financiën", "Groen", "Ateliers"}, "campus": {"Noord", "Zuid"}}

func onEach(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newSite(t, d, "", departments)) })
}

// single is the form of an own question with one answer.
func (s *site) single(question string) url.Values {
	return s.form("kind", "single", "question-nl", question, "question-fr", question+" (fr)", "options-nl", "ja\nnee\nsoms", "options-fr", "oui\nnon\nparfois", "after", "use_work")
}

func TestPartsAreLeftOutAndTakenBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		s.wants("overview", s.get("hr", s.at("")), http.StatusOK, "Je vertrekt van ‘GenAI-monitor’", "Zonder dit deel: Geen vergelijking met het Vlaamse onderzoek", "Dit deel kan niet weg.", "minuten", "Je hebt nog geen eigen vragen", "3 keuzes")
		s.leads("leave out", s.post("hr", s.at("/parts"), s.form("module", "skills", "module", "rules", "background", "age", "background", "department")), s.at(""))
		r := s.recipe()
		if !slices.Equal(r.Off, []string{"systems_and_tasks", "why_not", "leisure", "opinions", "drivers", "support"}) || !slices.Equal(r.Skip, []string{"function_family", "workplace", "education", "leads"}) {
			t.Errorf("off %v, skipped %v", r.Off, r.Skip)
		}
		text, problems, err := s.Compose(t.Context(), s.DB.Of(dbtest.Ours), &[]wave.Wave{s.world.Get(s.wave)}[0])
		if err != nil || len(problems) > 0 {
			t.Fatalf("%v %v", problems, err)
		}
		in, err := instrument.Parse("t", text)
		if err != nil || in.Item("use_leisure") != nil || in.Item("skill_technical") == nil || in.Item("leads") != nil {
			t.Errorf("%v", err)
		}
	})
}

func TestAnOwnQuestionIsAddedChangedMovedRemovedAndPutBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		s.wants("kinds", s.get("hr", s.at("/new")), http.StatusOK, "Eén antwoord", "kind=matrix")
		for _, k := range Kinds() {
			s.wants(string(k), s.get("hr", s.at("/new?kind="+string(k))), http.StatusOK, "question-fr", `lang="fr"`)
		}
		first, second := s.single("Werk je thuis?"), s.single("Werk je buiten?")
		s.leads("add", s.post("hr", s.at("/new"), first), s.at("/own/own1"))
		second.Set("version", s.form().Get("version"))
		s.leads("add", s.post("hr", s.at("/new"), second), s.at("/own/own2"))
		s.wants("own", s.get("hr", s.at("/own/own1")), http.StatusOK, "Werk je thuis?", "Iedereen krijgt deze vraag", `class="phone" lang="fr"`, "parfois")
		s.wants("overview", s.get("hr", s.at("")), http.StatusOK, "Werk je buiten?", "Eén antwoord · Na ‘Gebruik op het werk’ · Iedereen krijgt deze vraag")

		order := func() string {
			var ids []string
			for _, o := range s.recipe().Own {
				ids = append(ids, o.ID+" after "+o.After)
			}
			return strings.Join(ids, ", ")
		}
		for _, step := range []struct{ own, to, want string }{
			{"own2", "up", "own2 after use_work, own1 after use_work"},
			{"own2", "up", "own2 after welcome, own1 after use_work"},
			{"own2", "up", "own2 after ^, own1 after use_work"},
			{"own2", "up", "own2 after ^, own1 after use_work"},
			{"own1", "down", "own2 after ^, own1 after systems_work"},
		} {
			s.leads("move", s.post("hr", s.at("/own/"+step.own+"/move"), s.form("to", step.to)), s.at("#own"))
			if got := order(); got != step.want {
				t.Errorf("%s %s: %s, want %s", step.own, step.to, got, step.want)
			}
		}

		changed := s.single("Werk je vaak thuis?")
		changed.Set("options-nl", "soms\nja\nnooit")
		changed.Set("options-fr", "parfois\noui\njamais")
		s.leads("change", s.post("hr", s.at("/own/own1"), changed), s.at("/own/own1"))
		o := s.recipe().Own[s.recipeOwn("own1")]
		if o.Question["nl"] != "Werk je vaak thuis?" || o.Options[0].ID != "soms" || o.Options[1].ID != "ja" || o.Options[2].ID != "nooit" {
			t.Errorf("%+v", o)
		}

		s.leads("remove", s.post("hr", s.at("/own/own1/remove"), s.form()), s.at("#own"))
		if r := s.recipe(); len(r.Own) != 1 || len(r.Removed) != 1 {
			t.Errorf("%+v", r)
		}
		s.wants("overview", s.get("hr", s.at("")), http.StatusOK, "Weggehaald (aantal: 1)", "Terugzetten")
		s.leads("put back", s.post("hr", s.at("/own/own1/restore"), s.form()), s.at("#own"))
		if r := s.recipe(); len(r.Own) != 2 || len(r.Removed) != 0 {
			t.Errorf("%+v", r)
		}
		s.wants("gone", s.post("hr", s.at("/own/own9/remove"), s.form()), http.StatusNotFound)
		s.leads("a third", s.post("hr", s.at("/new"), s.single("Derde")), s.at("/own/own3"))
	})
}

func (s *site) recipeOwn(id string) int {
	r := s.recipe()
	return r.own(id)
}

func TestWhatIsWrongWithAQuestionIsToldAtItsField(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), "", departments)
	for _, c := range []struct {
		kind, want string
		fields     []string
	}{
		{"single", "Schrijf de tekst.", []string{"question-nl", ""}},
		{"single", "Geef minstens 2 antwoorden", []string{"options-nl", "ja", "options-fr", "oui"}},
		{"single", "staat er twee keer.", []string{"options-nl", "ja\nJa\nja"}},
		{"single", "Hier staan 2 regels, in een andere taal 3.", []string{"options-fr", "oui\nnon"}},
		{"single", "Schrijf gewone tekst", []string{"question-nl", "<b>Dag</b>"}},
		{"single", "hoogstens 500 tekens", []string{"question-nl", strings.Repeat("a", 501)}},
		{"scale", "Kies een schaal uit de lijst.", []string{"scale", "none"}},
		{"scale", "Geef 2 tot 11 punten", []string{"scale", "own", "options-nl", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12", "options-fr", ""}},
		{"matrix", "Geef minstens 1 uitspraak.", []string{"scale", "agreement"}},
		{"number", "Het kleinste getal moet onder het grootste liggen.", []string{"min", "3", "max", "3"}},
		{"number", "Geef een getal.", []string{"min", "drie"}},
	} {
		form := s.single("Vraag")
		form.Set("kind", c.kind)
		if c.kind != "single" {
			form.Del("options-nl")
			form.Del("options-fr")
		}
		for i := 0; i < len(c.fields); i += 2 {
			form.Set(c.fields[i], c.fields[i+1])
		}
		if c.fields[0] == "question-nl" && c.fields[1] == "" {
			form.Set("question-fr", "")
		}
		s.wants(c.want, s.post("hr", s.at("/new"), form), http.StatusUnprocessableEntity, c.want, "field-error")
	}
	if n := len(s.recipe().Own); n != 0 {
		t.Errorf("%d questions were kept", n)
	}
	s.wants("no kind", s.post("hr", s.at("/new"), s.form("kind", "slider")), http.StatusNotFound)
}

func TestAConditionIsBuiltFromAnEarlierQuestion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		s.leads("add", s.post("hr", s.at("/new"), s.single("Waarmee?")), s.at("/own/own1"))
		s.wants("choose", s.get("hr", s.at("/own/own1/condition")), http.StatusOK, "Hangt af van deze vraag", `value="use_work"`)
		if body := s.get("hr", s.at("/own/own1/condition")).Body.String(); strings.Contains(body, `value="use_leisure"`) {
			t.Error("a later question can be chosen")
		}
		s.wants("answers", s.get("hr", s.at("/own/own1/condition?item=use_work")), http.StatusOK, `value="weekly"`, "elke week")
		s.wants("no answer", s.post("hr", s.at("/own/own1/condition"), s.form("item", "use_work")), http.StatusUnprocessableEntity, "Kies minstens één antwoord.")
		s.wants("later", s.post("hr", s.at("/own/own1/condition"), s.form("item", "use_leisure", "option", "never")), http.StatusUnprocessableEntity, "Kies een vraag uit de lijst.")
		s.leads("keep", s.post("hr", s.at("/own/own1/condition"), s.form("item", "use_work", "option", "weekly", "option", "daily", "not", "no")), s.at("/own/own1"))
		s.wants("overview", s.get("hr", s.at("")), http.StatusOK, "Alleen wie bij ‘Gebruik op het werk’ een van deze antwoorden koos: ‘elke week’, ‘elke dag’")
		set, err := s.Open(t.Context(), wavetest.HR(), s.wave)
		if err != nil || set.Instrument.Item("own1").Visible != `use_work in ["weekly", "daily"]` {
			t.Errorf("%v", err)
		}
		s.leads("everyone", s.post("hr", s.at("/own/own1/condition"), s.form("everyone", "yes")), s.at("/own/own1"))
		if c := s.recipe().Own[0].Condition; c != nil {
			t.Errorf("%+v", c)
		}
	})
}

func TestMissingTranslationsAreMarkedAndStandInTheWay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		form := s.single("Werk je thuis?")
		form.Del("question-fr")
		form.Del("options-fr")
		s.leads("add", s.post("hr", s.at("/new"), form), s.at("/own/own1"))
		s.wants("overview", s.get("hr", s.at("")), http.StatusOK, "Bij ‘Werk je thuis?’ ontbreekt de tekst in deze taal: Frans.", s.at("/translations"))
		s.wants("translations", s.get("hr", s.at("/translations")), http.StatusOK, "Frans (ontbreekt)", "own1/option/ja-fr")
		w := s.world.Get(s.wave)
		_, problems, err := s.Compose(t.Context(), s.DB.Of(dbtest.Ours), &w)
		if err != nil || len(problems) != 1 || problems[0].Key != "questions.words-missing" || problems[0].Href != s.at("") {
			t.Errorf("%+v, %v", problems, err)
		}
		words := s.form()
		for key, text := range map[string]string{"question": "Travaillez-vous à la maison ?", "option/ja": "oui", "option/nee": "non", "option/soms": "parfois"} {
			words.Set("own1/"+key+"-fr", text)
			words.Set("own1/"+key+"-nl", "nl "+text)
		}
		s.leads("translate", s.post("hr", s.at("/translations"), words), s.at("/translations"))
		if _, problems, err = s.Compose(t.Context(), s.DB.Of(dbtest.Ours), &[]wave.Wave{s.world.Get(s.wave)}[0]); err != nil || len(problems) > 0 {
			t.Errorf("%+v, %v", problems, err)
		}
		if o := s.recipe().Own[0]; o.Question["fr"] != "Travaillez-vous à la maison ?" || o.Options[2].Label["nl"] != "nl parfois" {
			t.Errorf("%+v", o)
		}
	})
}

func TestLevelsComeFromTheFrameOrAreTyped(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		s.wants("levels", s.get("hr", s.at("/levels/department")), http.StatusOK, "Uit de lijst met medewerkers: Dienst (3)", "Financiën, Groen, Ateliers", "Ik typ ze zelf")
		s.wants("no category", s.get("hr", s.at("/levels/age")), http.StatusNotFound)
		s.leads("another variable", s.post("hr", s.at("/levels/department"), s.form("variable", "campus")), s.at("#lists"))
		s.wants("overview", s.get("hr", s.at("")), http.StatusOK, "2 keuzes")
		s.wants("unknown variable", s.post("hr", s.at("/levels/department"), s.form("variable", "x")), http.StatusUnprocessableEntity, "Kies een lijst")
		s.wants("one level", s.post("hr", s.at("/levels/department"), s.form("variable", "-", "levels-nl", "A")), http.StatusUnprocessableEntity, "Geef minstens 2 keuzes")
		s.leads("typed", s.post("hr", s.at("/levels/department"), s.form("variable", "-", "levels-nl", "Zorg\nGroen", "levels-fr", "Soins\nVert")), s.at("#lists"))
		if l := s.recipe().Levels["department"].Typed; len(l) != 2 || l[0].ID != "zorg" || l[1].Label["fr"] != "Vert" {
			t.Errorf("%+v", l)
		}
		s.leads("one more", s.post("hr", s.at("/levels/department"), s.form("variable", "-", "levels-nl", "Sport\nZorgen\nGroen", "levels-fr", "Sport\nSoins\nVert")), s.at("#lists"))
		if l := s.recipe().Levels["department"].Typed; len(l) != 3 || l[0].ID != "sport" || l[1].ID != "zorg" || l[2].ID != "groen" {
			t.Errorf("%+v", l)
		}
	})
}

func TestWordsOfTheBaseAreAdaptedWhereThatIsAllowed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		s.wants("allowed", s.get("hr", s.at("/texts/welcome")), http.StatusOK, "Welkom! Deze vragen gaan over generatieve AI.", "Bienvenue")
		s.wants("not allowed", s.get("hr", s.at("/texts/use_work")), http.StatusNotFound)
		s.wants("not allowed", s.post("hr", s.at("/texts/use_work"), s.form("use_work/question-nl", "x")), http.StatusNotFound)
		s.leads("adapt", s.post("hr", s.at("/texts/welcome"), s.form("welcome/question-nl", "Dag collega!", "welcome/question-fr", "Bonjour !")), s.at("#words"))
		s.wants("preview", s.get("hr", s.at("/preview")), http.StatusOK, "Dag collega!")
		s.wants("preview in French", s.get("hr", s.at("/preview?language=fr")), http.StatusOK, "Bonjour !", "À quelle fréquence")
		s.leads("take back", s.post("hr", s.at("/texts/welcome"), s.form("reset", "yes", "welcome/question-nl", "Dag collega!")), s.at("#words"))
		if r := s.recipe(); len(r.Texts) != 0 {
			t.Errorf("%+v", r.Texts)
		}
	})
}

func TestTwoEditorsDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		mine, theirs := s.single("Mijn vraag"), s.single("Hun vraag")
		s.leads("theirs", s.post("hr", s.at("/new"), theirs), s.at("/own/own1"))
		s.wants("mine", s.post("hr", s.at("/new"), mine), http.StatusUnprocessableEntity, "Iemand anders heeft deze meting intussen gewijzigd.", "Mijn vraag")
		s.leads("parts on an old version", s.post("hr", s.at("/parts"), url.Values{"version": {"1"}}), s.at(""))
		if r := s.recipe(); len(r.Own) != 1 || len(r.Off) != 0 {
			t.Errorf("%+v", r)
		}
		mine.Set("version", s.form().Get("version"))
		s.leads("mine again", s.post("hr", s.at("/new"), mine), s.at("/own/own2"))
	})
}

func TestAFormSentTwiceIsAppliedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), "", departments)
	form := s.single("Vraag")
	form.Set("_once", "abc")
	s.leads("first", s.post("hr", s.at("/new"), form), s.at("/own/own1"))
	s.leads("second", s.post("hr", s.at("/new"), form), s.at(""))
	if n := len(s.recipe().Own); n != 1 {
		t.Errorf("%d questions", n)
	}
}

func TestAfterTheLaunchQuestionsAreOnlyShown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		w := s.world.Get(s.wave)
		if _, err := s.world.Launch(t.Context(), wavetest.HR(), w.ID, w.Version, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		overview := s.get("hr", s.at(""))
		s.wants("overview", overview, http.StatusOK, "Deze meting is gelanceerd.")
		if strings.Contains(overview.Body.String(), s.at("/parts")) {
			t.Error("what is locked can be changed")
		}
		s.wants("preview", s.get("hr", s.at("/preview")), http.StatusOK, "Gebruik") // of what was launched
		for _, path := range []string{"/new", "/base", "/translations", "/levels/department", "/texts/welcome"} {
			s.wants(path, s.get("hr", s.at(path)), http.StatusConflict, "de vragen liggen vast")
		}
		s.leads("parts", s.post("hr", s.at("/parts"), s.form()), s.at(""))
		s.wants("add", s.post("hr", s.at("/new"), s.single("x")), http.StatusConflict)
		if r := s.recipe(); len(r.Own)+len(r.Off) != 0 {
			t.Errorf("%+v", r)
		}
		err := s.d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			return wave.SaveRecipe(t.Context(), tx, w.ID, s.world.Get(w.ID).Version, []byte("{}"))
		})
		if !problem.Is(err, problem.Conflict) {
			t.Errorf("the store took a recipe of a launched wave: %v", err)
		}
	})
}

func TestWhoMaySeeAndChangeQuestions(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		for who, want := range map[string][2]int{"hr": {200, 303}, "researcher": {200, 403}, "dpo": {200, 403}, "employee": {403, 403}, "": {303, 303}, "theirs hr": {404, 404}} {
			if got := s.get(who, s.at("")).Code; got != want[0] && !(who == "" && got == http.StatusUnauthorized) {
				t.Errorf("%q sees %d, want %d", who, got, want[0])
			}
			w := s.post(who, s.at("/parts"), s.form("module", "skills"))
			if got := w.Code; got != want[1] && !(who == "" && got == http.StatusUnauthorized) {
				t.Errorf("%q changes %d, want %d", who, got, want[1])
			}
		}
		s.wants("a reader", s.get("researcher", s.at("")), http.StatusOK, "GenAI-monitor")
	})
}

func TestAnOwnQuestionnaireIsTheBase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		s.leads("add", s.post("hr", s.at("/new"), s.single("Blijft")), s.at("/own/own1"))
		s.wants("form", s.get("hr", s.at("/base")), http.StatusOK, "GenAI-monitor", "Een eigen vragenlijst", "multipart/form-data")
		s.wants("no file", s.upload(s.at("/base"), s.form("base", "-"), "a.yaml", nil), http.StatusUnprocessableEntity, "Kies een bestand.")
		s.wants("broken", s.upload(s.at("/base"), s.form("base", "-"), "a.yaml", []byte("id: a\n")), http.StatusUnprocessableEntity, "In dit bestand is iets mis", "a.yaml:1:1: the instrument has no version")
		s.wants("no workbook", s.upload(s.at("/base"), s.form("base", "-"), "a.xlsx", []byte("PK")), http.StatusUnprocessableEntity, "this is no workbook")
		s.leads("yaml", s.upload(s.at("/base"), s.form("base", "-"), "small.yaml", []byte(wavetest.Questionnaire)), s.at(""))
		s.wants("overview", s.get("hr", s.at("")), http.StatusOK, "Je vertrekt van ‘Klein’", "Blijft", "Helemaal op het einde")
		s.leads("built in", s.upload(s.at("/base"), s.form("base", "chatgpt-literacy-cl"), "", nil), s.at(""))
		if r := s.recipe(); r.Base.Name != instruments.Names()[0] || r.Base.Own() {
			t.Errorf("%+v", r.Base)
		}
		form := xlsForm(t)
		s.leads("xlsform", s.upload(s.at("/base"), s.form("base", "-"), "mijn.xlsx", form), s.at("/base"))
		s.wants("remarks", s.get("hr", s.at("/base")), http.StatusOK, "Opmerkingen bij het bestand", "survey, row 3, type: the type")
		s.wants("preview", s.get("hr", s.at("/preview")), http.StatusOK, "Hoe oud ben je?", "Blijft")
		s.wants("unknown", s.upload(s.at("/base"), s.form("base", "../x"), "", nil), http.StatusUnprocessableEntity, "Kies een vragenlijst uit de lijst.")
		s.wants("other form", s.post("hr", s.at("/base"), s.form("base", "-")), http.StatusUnsupportedMediaType)
	})
}

func TestScriptsReadAndReplaceTheRecipe(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		call := func(method, path, body string, scopes string) (int, string) {
			w := s.send(method, "/api/v1/waves/"+s.wave+path, strings.NewReader(body), "Authorization", "Bearer "+scopes, "Content-Type", "application/json")
			return w.Code, w.Body.String()
		}
		if code, body := call(http.MethodGet, "/questions", "", "waves.read"); code != http.StatusOK || !strings.Contains(body, `"locked":false`) {
			t.Errorf("%d %s", code, body)
		}
		if code, body := call(http.MethodGet, "/questionnaire", "", "waves.read"); code != http.StatusOK || !strings.Contains(body, `version: "0.1+`) {
			t.Errorf("%d %.300s", code, body)
		}
		version := s.form().Get("version")
		change := `{"version":` + version + `,"recipe":{"off":["skills"]}}`
		if code, body := call(http.MethodPut, "/questions", change, "waves.read"); code != http.StatusForbidden {
			t.Errorf("%d %s", code, body)
		}
		if code, body := call(http.MethodPut, "/questions", change, "waves.run"); code != http.StatusOK || !strings.Contains(body, `"off":["skills"]`) {
			t.Errorf("%d %s", code, body)
		}
		if code, body := call(http.MethodPut, "/questions", change, "waves.run"); code != http.StatusConflict {
			t.Errorf("%d %s", code, body)
		}
		version = s.form().Get("version")
		for _, bad := range []string{`{"own":[{"id":"own1","kind":"slider"}]}`, `{"own":[{"id":"own 1","kind":"text"}]}`, `{"base":{"name":"none"}}`, `{"format":9}`, `{"texts":{"a":{"nl":"<b>"}}}`} {
			if code, body := call(http.MethodPut, "/questions", `{"version":`+version+`,"recipe":`+bad+`}`, "waves.run"); code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d %s", bad, code, body)
			}
		}
	})
}

func TestAdviceIsGivenAndNeverInTheWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang      instrument.Lang
		text      string
		statement bool
		want      []Hint
	}{
		{"nl", "Ik gebruik AI graag.", true, nil},
		{"nl", "Ik gebruik AI graag en vaak.", true, []Hint{HintDouble}},
		{"nl", "Gebruik je AI thuis en op het werk?", false, nil},
		{"nl", "Gebruik je AI thuis en/of op het werk?", false, []Hint{HintDouble}},
		{"nl", "Ik gebruik AI niet.", true, []Hint{HintNegative}},
		{"fr", "Je n’utilise pas l’IA.", true, []Hint{HintNegative}},
		{"de", "Ich nutze KI nicht und mag sie kaum.", true, []Hint{HintDouble, HintNegative}},
		{"en", "I never use it.", true, []Hint{HintNegative}},
		{"nl", strings.Repeat("woord ", 26) + "?", false, []Hint{HintLong}},
		{"nl", strings.Repeat("woord ", 13) + ". " + strings.Repeat("woord ", 13), false, nil},
		{"nl", "Wat vind je van vertegenwoordigingsbevoegdheid?", false, []Hint{HintWord}},
	} {
		if got := Advise(c.lang, c.text, c.statement); !slices.Equal(got, c.want) {
			t.Errorf("%s %q: %v, want %v", c.lang, c.text, got, c.want)
		}
	}
	s := newSite(t, dbtest.SQLite(t), "", departments)
	form := s.form("kind", "matrix", "question-nl", "Hoe is het?", "question-fr", "Comment ?", "rows-nl", "Ik ben niet bang en werk graag", "rows-fr", "Tout va bien", "scale", "agreement")
	s.leads("add", s.post("hr", s.at("/new"), form), s.at("/own/own1"))
	s.wants("own", s.get("hr", s.at("/own/own1")), http.StatusOK, "misschien vraag je twee dingen in één", "met een ontkenning")
}

func TestAConfidentialWaveDoesNotCallItselfAnonymous(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		w := s.world.Get(s.wave)
		w.Mode = wave.Confidential
		_, problems, err := s.Compose(t.Context(), s.DB.Of(dbtest.Ours), &w)
		if err != nil || len(problems) != 1 || !problems[0].Warns || problems[0].Href != s.at("/texts/welcome") {
			t.Errorf("%+v, %v", problems, err)
		}
	})
}

func TestLevelsAreReadFromTheFrameInTheStore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d, "", nil)
		err := d.Write(t.Context(), dbtest.Ours, func(tx *db.Scope) error {
			n := 0
			var ids []string
			if err := tx.Rows(t.Context(), `SELECT id FROM wave_people WHERE tenant_id = $1 AND wave_id = $2`, func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				ids = append(ids, id)
				return err
			}, s.wave); err != nil {
				return err
			}
			for _, id := range ids {
				groups := []string{`{"dienst":"Groen","campus":""}`, `{"dienst":"Zorg"}`}[n%2]
				if _, err := tx.Exec(t.Context(), `UPDATE wave_people SET groups = $3 WHERE tenant_id = $1 AND wave_id = $2 AND id = $4`, s.wave, groups, id); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.wants("group variables", s.get("hr", s.at("/levels/department")), http.StatusOK, "dienst (2)", "Groen, Zorg")
		levels, err := wave.LevelsOf(t.Context(), d.Of(dbtest.Theirs), s.wave)
		if err != nil || len(levels) != 0 {
			t.Errorf("another organisation sees %v, %v", levels, err)
		}
	})
}

// xlsForm is an XLSForm of a question that can be carried over and one that cannot.
func xlsForm(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	if err := book.SetSheetName("Sheet1", "survey"); err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]string{{"type", "name", "label::nl", "label::fr"}, {"integer", "age", "Hoe oud ben je?", "Quel âge avez-vous ?"}, {"image", "photo", "Foto", "Photo"}} {
		if err := book.SetSheetRow("survey", "A"+itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever is moved and taken out, the own questions stand where the list says, and none is lost.
func TestMovesKeepEveryQuestion(t *testing.T) {
	t.Parallel()
	base := monitor(t)
	rapid.Check(t, func(t *rapid.T) {
		set := &Set{Recipe: NewRecipe(DefaultBase), Base: base, Given: allGiven()}
		known := map[string]bool{}
		for range rapid.IntRange(1, 4).Draw(t, "questions") {
			o := anOwn(t, "x", base)
			o.Condition = nil
			if err := set.add(o); err != nil {
				t.Fatal(err)
			}
			known["own"+itoa(set.Recipe.Next)] = true
		}
		for range rapid.IntRange(0, 12).Draw(t, "steps") {
			id := "own" + itoa(rapid.IntRange(1, 5).Draw(t, "which"))
			var err error
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				err = set.remove(id)
			case 1:
				err = set.restore(id)
			default:
				err = set.move(id, rapid.Bool().Draw(t, "up"))
			}
			if err != nil && !problem.Is(err, problem.NotFound) {
				t.Fatal(err)
			}
		}
		if n := len(set.Recipe.Own) + len(set.Recipe.Removed); n != len(known) {
			t.Fatalf("%d questions of %d are left", n, len(known))
		}
		var asked []string
		d := NewDraft(base, &set.Recipe, set.Given)
		for _, it := range d.Instrument.Items {
			asked = append(asked, it.ID)
		}
		if want := set.order(); !slices.Equal(asked, want) {
			t.Fatalf("asked in the order\n%v\nlisted as\n%v", asked, want)
		}
		at := -1
		for _, o := range set.Recipe.Own {
			if next := slices.Index(asked, o.ID); next <= at {
				t.Fatalf("the list is in another order than the questionnaire: %v", asked)
			} else {
				at = next
			}
		}
	})
}

func TestWordsInALanguageThatTheWaveIsNotHeldInAreKept(t *testing.T) {
	t.Parallel()
	set := &Set{Recipe: Recipe{Own: []Own{{ID: "own1", Kind: instrument.Single, Question: everywhere("a"), Options: []OwnOption{{ID: "o", Label: everywhere("o")}, {ID: "p", Label: everywhere("p")}}}}},
		Base: monitor(t), Given: Given{Languages: []instrument.Lang{instrument.NL}}}
	now := Own{Kind: instrument.Single, Question: instrument.Text{"nl": "b"}, Options: []OwnOption{{ID: "o", Label: instrument.Text{"nl": "q"}}, {Label: instrument.Text{"nl": "p2"}}}}
	if err := set.replace("own1", now); err != nil {
		t.Fatal(err)
	}
	if o := set.Recipe.Own[0]; o.Question["fr"] != "a fr" || o.Question["nl"] != "b" || o.Options[0].Label["de"] != "o de" || len(o.Options[1].Label) != 1 || o.Options[1].ID != "p2" {
		t.Errorf("%+v", o)
	}
}

func TestADraftIsLedOnFromItsQuestions(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), "", nil)
	at := "/waves/" + s.wave
	page := s.get("hr", at+"/questions").Body.String()
	for _, want := range []string{`aria-label="Stap 1 van 5: Wat vraag je?"`, `href="` + at + `/settings"`, "Volgende stap: Hoe anoniem?", "Terug naar de meting"} {
		if !strings.Contains(page, want) {
			t.Errorf("the questions of a draft do not say %q", want)
		}
	}
	if page := s.get("dpo", at+"/questions").Body.String(); strings.Contains(page, "stepper") {
		t.Error("who only reads is led to change")
	}
}

func TestQuestionsOfAFileGetTheTopicsThatTheReportGroupsThemBy(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), "", departments)
	topicOf := func(item string) instrument.Topic {
		t.Helper()
		set, err := s.Open(t.Context(), wavetest.HR(), s.wave)
		if err != nil || set.Instrument.Item(item) == nil {
			t.Fatalf("%s: %v", item, err)
		}
		return set.Instrument.Item(item).Topic
	}
	s.wants("of a built-in questionnaire", s.get("hr", s.at("/topics")), 404)
	if page := s.get("hr", s.at("")).Body.String(); strings.Contains(page, s.at("/topics")) {
		t.Error("a built-in questionnaire lets its topics be chosen")
	}
	if w := s.post("hr", s.at("/topics"), s.form("topic-use_work", "rules")); topicOf("use_work") != instrument.TopicUse {
		t.Errorf("a built-in questionnaire takes topics: %d", w.Code)
	}
	const file = `id: eigen
version: "1"
title: {nl: Eigen, fr: Propre}
languages: [nl, fr]
group_size: 5
items:
  - id: q1
    kind: single
    question: {nl: "Ken je de regels?", fr: "Connaissez-vous les règles ?"}
    options:
      - {id: ja, label: {nl: Ja, fr: Oui}}
      - {id: nee, label: {nl: Nee, fr: Non}}
  - id: q2
    kind: single
    question: {nl: "Waar werk je?", fr: "Où travaillez-vous ?"}
    options:
      - {id: hier, label: {nl: Hier, fr: Ici}}
      - {id: daar, label: {nl: Daar, fr: Là}}
`
	s.leads("a file", s.upload(s.at("/base"), s.form("base", "-"), "eigen.yaml", []byte(file)), s.at(""))
	s.wants("it has no topics", s.get("hr", s.at("")), 200, "Vragen zonder onderwerp: 2", s.at("/topics"))
	s.wants("the form", s.get("hr", s.at("/topics")), 200, "Ken je de regels?", `name="topic-q2"`, "Geen van deze", "Achtergrond van mensen")
	s.wants("who only reads", s.get("dpo", s.at("/topics")), 403)
	s.leads("topics", s.post("hr", s.at("/topics"), s.form("topic-q1", "rules", "topic-q2", "background", "topic-q3", "use", "topic-q4", "nonsense")), s.at(""))
	if topicOf("q1") != instrument.TopicRules || topicOf("q2") != instrument.TopicBackground {
		t.Errorf("the questions are about %s and %s", topicOf("q1"), topicOf("q2"))
	}
	if kept := s.recipe().Base.Topics; len(kept) != 2 {
		t.Errorf("what is kept: %v", kept)
	}
	s.wants("what is kept shows", s.get("hr", s.at("/topics")), 200, `value="rules" selected`, `value="background" selected`)
	s.leads("another questionnaire", s.upload(s.at("/base"), s.form("base", "genai-monitor"), "", nil), s.at(""))
	if kept := s.recipe().Base.Topics; len(kept) != 0 {
		t.Errorf("topics outlive their questionnaire: %v", kept)
	}
}

func TestAnOwnQuestionStandsInThePartOfTheReportThatItIsAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t), "", departments)
	about := func() instrument.Topic {
		t.Helper()
		set, err := s.Open(t.Context(), wavetest.HR(), s.wave)
		if err != nil || set.Instrument.Item("own1") == nil {
			t.Fatal(err)
		}
		return set.Instrument.Item("own1").Topic
	}
	s.post("hr", s.at("/new"), s.single("Ken je de regels?"))
	if about() != instrument.TopicOther {
		t.Errorf("a question without a topic is about %s", about())
	}
	for topic, want := range map[string]instrument.Topic{"rules": instrument.TopicRules, "background": instrument.TopicOther, "nonsense": instrument.TopicOther, "other": instrument.TopicOther} {
		form := s.single("Ken je de regels?")
		form.Set("topic", topic)
		s.leads(topic, s.post("hr", s.at("/own/own1"), form), s.at("/own/own1"))
		if about() != want {
			t.Errorf("with %q it is about %s", topic, about())
		}
	}
	form := s.single("Ken je de regels?")
	form.Set("topic", "skills")
	s.post("hr", s.at("/own/own1"), form)
	s.wants("the form", s.get("hr", s.at("/own/own1")), 200, `value="skills" selected`, "Onderwerp")
}
