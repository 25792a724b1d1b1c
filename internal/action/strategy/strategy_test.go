package strategy

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	content "tekentafel/content/action"
	"tekentafel/internal/access"
	"tekentafel/internal/action"
	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/asked"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/pdf"
	"tekentafel/internal/problem"
	"tekentafel/internal/report/findings"
	"tekentafel/internal/web"
)

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestTheSkeletonHasEveryPartOnce(t *testing.T) {
	t.Parallel()
	s, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	var have []Part
	for i := range s.Chapters {
		have = append(have, s.Chapters[i].Parts...)
	}
	for _, p := range Parts() {
		if !slices.Contains(have, p) {
			t.Errorf("no chapter has the part %s", p)
		}
		for _, l := range instrument.Languages() {
			if in(l).say("part."+string(p)) == "" {
				t.Errorf("%s: the part %s has no name", l, p)
			}
		}
	}
	for i := range s.Chapters {
		for _, l := range instrument.Languages() {
			if found := typed(s.Chapters[i].Draft.In(l)); len(found) > 0 {
				t.Errorf("%s: the draft of %s has figures: %v", l, s.Chapters[i].ID, found)
			}
		}
	}
}

func TestWhatIsWrongWithASkeletonIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	good := string(content.Strategy())
	for change, want := range map[[2]string]string{
		{"parts: [law]", "parts: [laws]"}:                    `chapter why has the part "laws"`,
		{"parts: [goals]", "parts: [law]"}:                   `the part "law" of chapter goals stands elsewhere`,
		{"- id: stand", "- id: why"}:                         "chapter why is there twice",
		{"- id: stand", "- id: Stand 2"}:                     `is called "Stand 2"`,
		{`de: "Wo wir stehen"`, `de: ""`}:                    "title of chapter stand has no text in de",
		{"chapters:", "chapter:"}:                            "field chapter not found",
		{"subtitle:\n  nl:", "subtitle:\n  xx: \"\"\n  nl:"}: "",
	} {
		src := strings.Replace(good, change[0], change[1], 1)
		if src == good {
			t.Fatalf("%q is not in the file", change[0])
		}
		_, err := Parse("strategy.yaml", []byte(src))
		if want == "" {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "strategy.yaml") {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// TestComparingLosesNoWord holds for any two texts: what is not new is the older, what is not gone is the newer.
func TestComparingLosesNoWord(t *testing.T) {
	t.Parallel()
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"een", "twee", "drie", " ", "\n", "  ", "é", "-"}), 0, 30).Draw(t, "words"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		older, newer := text.Draw(t, "older"), text.Draw(t, "newer")
		var a, b strings.Builder
		for _, p := range Compare(older, newer) {
			if p.Gone && p.New || p.Text == "" {
				t.Fatalf("%+v", p)
			}
			if !p.New {
				a.WriteString(p.Text)
			}
			if !p.Gone {
				b.WriteString(p.Text)
			}
		}
		if a.String() != older || b.String() != newer {
			t.Fatalf("%q and %q became %q and %q", older, newer, a.String(), b.String())
		}
		for _, p := range Compare(older, older) {
			if p.Gone || p.New {
				t.Fatalf("a text differs from itself: %+v", p)
			}
		}
	})
	got := Compare("we doen veel voor iedereen", "we doen meer voor iedereen hier")
	if want := []Piece{{Text: "we doen "}, {Text: "veel", Gone: true}, {Text: "meer", New: true}, {Text: " voor iedereen"}, {Text: " hier", New: true}}; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestEveryTextStaysAsAVersion keeps, compares and puts back, and holds what others did meanwhile.
func TestEveryTextStaysAsAVersion(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx, hr := t.Context(), actiontest.Actor("hr")
		keep := func(text string, after int64) (int64, error) {
			return s.Keep(ctx, hr, "why", instrument.NL, text, after, asked.Request{})
		}
		first, err := keep("Eerste.\r\n\r\n\r\nTweede alinea.  ", 0)
		if err != nil || first != 1 {
			t.Fatal(first, err)
		}
		if same, err := keep("Eerste.\n\nTweede alinea.", 1); err != nil || same != 1 {
			t.Errorf("the same text made version %d, %v", same, err)
		}
		if _, err := keep("Een andere.", 0); !problem.Is(err, problem.Conflict) || !strings.Contains(say1Of(err), "Hanne Rogiers") {
			t.Errorf("a text written after an older version: %v", err)
		}
		if n, err := keep("Een andere.", 1); err != nil || n != 2 {
			t.Fatal(n, err)
		}
		if n, err := s.Restore(ctx, hr, "why", instrument.NL, 1, 2); err != nil || n != 3 {
			t.Fatal(n, err)
		}
		if n, err := s.Restore(ctx, hr, "why", instrument.NL, 0, 3); err != nil || n != 4 {
			t.Fatal(n, err)
		}
		list, err := versionsOf(ctx, s.DB.Of(dbtest.Ours), "why", instrument.NL, 10)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []TextKind
		for i := range list {
			kinds = append(kinds, list[i].Kind)
		}
		if !slices.Equal(kinds, []TextKind{ByDraft, Restored, Written, Written}) || list[1].Restored != 1 || list[1].Text != list[3].Text || !list[0].Untouched() {
			t.Errorf("%+v", list)
		}
		if x, err := s.Version(ctx, hr, "why", instrument.FR, 0); err != nil || !strings.Contains(x.Text, "Nous") {
			t.Errorf("the French draft: %q %v", x.Text, err)
		}
		if _, err := s.Version(ctx, hr, "why", instrument.NL, 9); err == nil {
			t.Error("a version that is not there")
		}
		if _, err := s.Keep(ctx, hr, "no", instrument.NL, "x", 0, asked.Request{}); err == nil {
			t.Error("a chapter that is not there")
		}
		if _, err := keep(strings.Repeat("é", MostText+1), 4); !problem.Is(err, problem.Invalid) {
			t.Errorf("a text without end: %v", err)
		}
		// The other organisation has its own.
		if x, err := s.Version(ctx, actiontest.ActorOf(dbtest.Theirs, "hr"), "why", instrument.NL, 1); err == nil {
			t.Errorf("another organisation reads %q", x.Text)
		}
		for _, who := range []string{"employee", "manager", "researcher", "administrator"} {
			if _, err := s.Keep(ctx, actiontest.Actor(who), "why", instrument.NL, "x", 4, asked.Request{}); !problem.Is(err, problem.Forbidden) {
				t.Errorf("%s writes: %v", who, err)
			}
		}
		if err := s.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) error { return s.Erase(ctx, tx, "hr") }); err != nil {
			t.Fatal(err)
		}
		if held, err := s.Held(ctx, dbtest.Ours, "hr"); err != nil || held != nil {
			t.Errorf("%+v %v", held, err)
		}
		if _, err := keep("Nog een.", 0); !problem.Is(err, problem.Conflict) || strings.Contains(say1Of(err), "Hanne") {
			t.Errorf("somebody who was erased is named: %v", err)
		}
	})
}

func say1Of(err error) string {
	p, _ := problem.Of(err)
	return p.Message.In(instrument.NL)
}

// TestFiguresAreThoseOfTheReportAndStayWhenItGoes places figures, and looks at what stands when a newer report comes and the old one goes.
func TestFiguresAreThoseOfTheReportAndStayWhenItGoes(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx, hr := t.Context(), actiontest.Actor("hr")
		s.reported("r1")
		if _, err := s.Place(ctx, hr, "other", 0); !problem.Is(err, problem.Invalid) {
			t.Errorf("a report that is not there: %v", err)
		}
		p, err := s.Place(ctx, hr, "r1", 0)
		if err != nil {
			t.Fatal(err)
		}
		if f := p.figure("weekly_use_work"); f == nil || f.Value != .53 {
			t.Errorf("the figure of use: %+v", f)
		}
		if p.figure("undisclosed_use") != nil {
			t.Error("a sensitive figure can be called")
		}
		var behind []string
		for i := range p.Behind {
			behind = append(behind, p.Behind[i].Key.Item+" "+p.Behind[i].Group.In(instrument.NL))
		}
		// 2,2 beside 2,4 with intervals of a tenth: they touch, so nothing is said of it.
		if want := []string{"weekly_use_work Groen en ruimte", "weekly_use_work buiten", "weekly_use_work ouder"}; !slices.Equal(behind, want) || p.Compared != 7 {
			t.Errorf("behind: %q of %d", behind, p.Compared)
		}
		if !slices.Equal(p.Reasons, []string{"other", "skills", "trust", "privacy"}) {
			t.Errorf("reasons: %q", p.Reasons)
		}
		if p.Gap == nil || len(p.Gap.Whole) != 2 || len(p.Gap.Places) != 2 || p.Gap.Places[0].Group != "Groen en ruimte" {
			t.Errorf("the gap: %+v", p.Gap)
		}
		if _, err := s.Place(ctx, hr, "r1", 0); !problem.Is(err, problem.Conflict) {
			t.Errorf("placed twice after the same: %v", err)
		}
		s.world.Step(1)
		s.reported("r2")
		s.get("hr", home).wants(http.StatusOK, "Er is een nieuwer rapport: ‘Monitor r2’", "Monitor r1")
		s.world.Drop("r1")
		s.get("hr", readAt).wants(http.StatusOK, "Cijfers uit het rapport ‘Monitor r1’", "53 % (tussen 49 en 57 %)", "30 % (tussen 26 en 34 %)")
		s.world.Drop("r2")
		s.get("hr", home).wants(http.StatusOK).silent("nieuwer rapport")
		if _, err := s.Place(ctx, actiontest.Actor("core-team"), "r1", 1); !problem.Is(err, problem.Invalid) {
			t.Errorf("the core team places figures of a report that it may not read: %v", err)
		}
	})
}

// TestALargeOrganisationIsNotOneLongList places figures of hundreds of departments.
func TestALargeOrganisationIsNotOneLongList(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	f := actiontest.Monitor()
	for i := range 300 {
		id := "d" + itoa(int64(i))
		f.Groups[0].Values = append(f.Groups[0].Values, findings.GroupValue{Value: id, Label: actiontest.Text("Dienst " + id), N: 20})
		f.Shares = append(f.Shares, actiontest.ShareOf("weekly_use_work", "yes", &findings.Group{Variable: "department", Value: id}, .1+float64(i)/1000))
	}
	s.world.Add(action.Report{ID: "r1", Title: "Monitor", Wave: "Najaar"}, f, nil)
	p, err := s.Place(t.Context(), actiontest.Actor("hr"), "r1", 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Behind) != mostBehind || p.More != 303-mostBehind || p.Behind[0].Group.In(instrument.NL) != "Dienst d0" {
		t.Errorf("%d named and %d more: %+v", len(p.Behind), p.More, p.Behind)
	}
	s.get("hr", readAt).wants(http.StatusOK, "Dienst d4", "Nog 298 cijfers van groepen liggen aantoonbaar lager")
}

// TestNoFigureIsShownOnceGroupsMustBeLarger raises the smallest group after figures were placed.
func TestNoFigureIsShownOnceGroupsMustBeLarger(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.reported("r1")
		if _, err := s.Place(t.Context(), actiontest.Actor("hr"), "r1", 0); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Keep(t.Context(), actiontest.Actor("hr"), "why", instrument.NL, "Nu [[weekly_use_work]].", 0, asked.Request{}); err != nil {
			t.Fatal(err)
		}
		s.get("hr", readAt).wants(http.StatusOK, "Nu 53 % (tussen 49 en 57 %).")
		s.world.K = 20
		s.get("hr", readAt).wants(http.StatusOK, "Hier stonden cijfers", "Nu [[weekly_use_work]].").silent("53 %", "Groen en ruimte")
		s.get("hr", chaptersAt+"behind").wants(http.StatusOK).silent("53 %", "Groen en ruimte")
		s.get("hr", home).wants(http.StatusOK, "De kleinste groep die je organisatie toont, is intussen groter")
		s.post("hr", figuresAt, "report", "r1", "after", "1").wants(http.StatusUnprocessableEntity, "Dit rapport toont groepen vanaf 10 mensen, je organisatie pas vanaf 20")
	})
}

// TestTheDocumentWritesItself goes the whole way: figures, actions, texts, and the files to keep.
func TestTheDocumentWritesItself(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.get("hr", home).wants(http.StatusOK, "Er is nog geen rapport", "Voorbeeldtekst", "Waarom deze strategie")
		s.get("hr", readAt).wants(http.StatusOK, "Hier komen cijfers zodra iemand een rapport kiest", "Er zijn nog geen acties beslist", "Artikel 4 van de AI-verordening")
		s.reported("r1")
		running := s.acted("r1")
		page := s.get("hr", home).wants(http.StatusOK, "Neem de cijfers over")
		s.post("hr", figuresAt+"?lang=nl", "report", "r1", "after", page.hidden("after")).leads(home)
		edit := s.get("hr", chaptersAt+"goals").wants(http.StatusOK, "[[weekly_use_work]]", "Minstens wekelijks op het werk", "53 % (tussen 49 en 57 %)", "Risico’s die we willen verkleinen")
		s.post("hr", chaptersAt+"goals?lang=nl", "after", edit.hidden("after"), "text", "Van [[weekly_use_work]] naar 60 % in 2028.\n\n- en [[nergens]]").leads(home)
		s.get("hr", home).wants(http.StatusOK, "Hanne Rogiers, 1 december 2026", "Iemand typte percentages in deze tekst (60 %)", "Het gekozen rapport heeft deze cijfers niet: nergens")
		read := s.get("core-team", readAt).wants(http.StatusOK, "Van 53 % (tussen 49 en 57 %) naar 60 % in 2028.", "Korte lessen op de werkplek", "HR, team leren", "31 maart 2027", "Alle medewerkers", "Wie buiten of in ploegen werkt",
			"minstens 60 %", "Fouten in antwoorden aan burgers", "Over 1 voorstel is nog niet beslist.", "Een dag met externe sprekers: Er is geen tijd voor.", "15 april 2027", "Groen en ruimte", "Niet weten hoe", "Niemand wordt beoordeeld")
		read.silent("Een podcast over AI", "dankzij", "undisclosed", "zonder het te zeggen")
		s.get("dpo", readAt).wants(http.StatusOK)
		for _, who := range []string{"employee", "manager", "researcher", "administrator", "theirs employee"} {
			s.get(who, readAt).wants(http.StatusForbidden)
		}
		s.get("dpo", chaptersAt+"goals").wants(http.StatusForbidden)
		s.get("theirs hr", readAt).wants(http.StatusOK).silent("53 %", "Korte lessen")

		// The next wave: whether the figure moved, never why.
		s.world.Step(200)
		later := actiontest.Monitor()
		later.Shares[0] = actiontest.ShareOf("weekly_use_work", "yes", nil, .66)
		s.world.Add(action.Report{ID: "r2", Title: "Monitor r2", Wave: "Voorjaar 2027", Previous: "r1"}, later, nil)
		s.get("hr", readAt).wants(http.StatusOK, running.Title+". Minstens wekelijks op het werk. Verschoven: van 53 % naar 66 %", "Het doel is gehaald.").silent("dankzij")

		for format, begins := range map[string]string{"docx": "PK", "pdf": "%PDF"} {
			a := s.get("hr", filesAt+format+"?lang=fr").wants(http.StatusOK)
			if !strings.HasPrefix(a.Body.String(), begins) || !strings.Contains(a.Header().Get("Content-Disposition"), "strategie-") {
				t.Errorf("%s: %.20q %v", format, a.Body.String(), a.Header())
			}
		}
		s.get("hr", filesAt+"odt").wants(http.StatusNotFound)
		s.get("hr", chaptersAt+"no").wants(http.StatusNotFound)
		s.print = func(context.Context, []byte, pdf.Options) ([]byte, error) { return nil, &pdf.NotInstalledError{} }
		s.get("hr", filesAt+"pdf").wants(http.StatusServiceUnavailable, "geen PDF")
		text := docxText(t, s.get("hr", filesAt+"docx?lang=nl").Body.Bytes())
		for _, want := range []string{"Iedereen mee met AI", "Van 53 % (tussen 49 en 57 %) naar 60 % in 2028.", "Korte lessen op de werkplek", "Groen en ruimte"} {
			if !strings.Contains(text, want) {
				t.Errorf("the document does not say %q", want)
			}
		}
		if strings.Contains(text, "[[weekly") {
			t.Error("a figure was left as its name")
		}
	})
}

// docxText is the text of a document, no-break spaces as spaces.
func docxText(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\u00a0", " ")
}

// TestVersionsAreComparedAndPutBackOnPages walks the pages of versions.
func TestVersionsAreComparedAndPutBackOnPages(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := chaptersAt + "why"
		s.get("hr", at+"/versions").wants(http.StatusOK, "Nog niemand wijzigde iets")
		s.post("hr", at+"?lang=nl", "after", "0", "text", "Wij doen veel.").leads(home)
		s.world.Step(1)
		s.post("hr-two", at+"?lang=nl", "after", "1", "text", "Wij doen meer.").leads(home)
		s.post("hr", at+"?lang=nl", "after", "1", "text", "Wij doen alles.").wants(http.StatusUnprocessableEntity, "Chaima El Amrani bewaarde intussen een andere tekst", "Wij doen alles.")
		page := s.get("dpo", at+"/versions?older=1&newer=2").wants(http.StatusOK, "Hanne Rogiers", "Chaima El Amrani", "veel", "meer")
		if !strings.Contains(page.Body.String(), "<del>") || !strings.Contains(page.Body.String(), "<ins>") {
			t.Error("what differs is not marked")
		}
		page.silent("Zet versie")
		s.post("dpo", at+"/versions?lang=nl", "version", "1", "after", "2").wants(http.StatusForbidden)
		back := s.get("hr", at+"/versions?older=1&newer=2").wants(http.StatusOK, "Zet versie 1 terug")
		s.post("hr", at+"/versions?lang=nl", "version", back.hidden("version"), "after", back.hidden("after")).leads(at + "/versions")
		s.get("hr", at).wants(http.StatusOK, "Wij doen veel.")
		s.post("hr", at+"/versions?lang=nl", "version", "1", "after", "2").leads(at + "/versions") // too late, and says so
		s.get("hr", versionsAt).wants(http.StatusOK, "Versie 3: versie 1 teruggezet", "Waarom deze strategie", "Nog niemand nam cijfers over")
		for _, bad := range []string{"?older=x", "?older=99", "?newer=-1"} {
			s.get("hr", at+"/versions"+bad).wants(http.StatusNotFound)
		}
		s.post("hr", at+"/versions?lang=nl", "version", "x", "after", "y").wants(http.StatusNotFound)
		s.post("hr", at+"?lang=xx", "after", "zz", "text", "\x00\xff").wants(http.StatusUnprocessableEntity)
		s.post("hr", figuresAt, "report", "x", "after", "zz").wants(http.StatusUnprocessableEntity, "Kies een rapport")
	})
}

// TestOnlyReplacedVersionsAge lets time pass: what stands in the document stays, whatever its age.
func TestOnlyReplacedVersionsAge(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx, hr := t.Context(), actiontest.Actor("hr")
		s.reported("r1")
		for i := range int64(3) {
			if _, err := s.Keep(ctx, hr, "why", instrument.NL, "Tekst "+itoa(i), i, asked.Request{}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Place(ctx, hr, "r1", i); err != nil {
				t.Fatal(err)
			}
			s.world.Step(100)
		}
		k, r := s.Kept()[0], s.DB.Of(dbtest.Ours)
		if n, err := k.Held(ctx, r); err != nil || n != 4 {
			t.Errorf("%d replaced, %v", n, err)
		}
		before := s.world.Now().AddDate(0, 0, -150)
		if n, oldest, err := k.Count(ctx, r, before); err != nil || n != 4 || oldest.IsZero() {
			t.Errorf("%d aged since %v, %v", n, oldest, err)
		}
		gone := 0
		for range 3 {
			if err := s.DB.Write(ctx, dbtest.Ours, func(tx *db.Scope) error {
				n, err := k.Delete(ctx, tx, before, 3)
				gone += n
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if gone != 4 {
			t.Errorf("%d went, of 4", gone)
		}
		s.get("hr", chaptersAt+"why").wants(http.StatusOK, "Tekst 2")
		s.get("hr", readAt).wants(http.StatusOK, "Tekst 2", "Cijfers uit het rapport ‘Monitor r1’")
		if n, err := s.Keep(ctx, hr, "why", instrument.NL, "Tekst 3", 3, asked.Request{}); err != nil || n != 4 {
			t.Errorf("version %d after what went, %v", n, err)
		}
	})
}

// TestANewerReportIsWorthALook holds what the first page of HR says of the strategy.
func TestANewerReportIsWorthALook(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	titles := func(who string) (out []string) {
		t.Helper()
		r := &web.Request{Visit: web.Visit{Actor: actiontest.Actor(who)}, Lang: instrument.NL}
		list, err := s.Tasks(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			out = append(out, list[i].Title)
		}
		return out
	}
	s.reported("r1")
	if got := titles("hr"); got != nil {
		t.Errorf("before anything was placed: %q", got)
	}
	if _, err := s.Place(t.Context(), actiontest.Actor("hr"), "r1", 0); err != nil {
		t.Fatal(err)
	}
	if got := titles("hr"); got != nil {
		t.Errorf("with the newest figures: %q", got)
	}
	s.world.Step(1)
	s.reported("r2")
	if got := titles("hr"); !slices.Equal(got, []string{"Zet de cijfers van ‘Monitor r2’ in de strategie"}) || titles("dpo") != nil {
		t.Errorf("with a newer report: %q", got)
	}
	s.world.K = 20
	if got := titles("hr"); !slices.Equal(got, []string{"Neem opnieuw cijfers over in de strategie"}) {
		t.Errorf("once groups must be larger: %q", got)
	}
}

// TestARoleNamesWhatItMayDo keeps the rights of the pages as they were meant.
func TestARoleNamesWhatItMayDo(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	for _, r := range s.server.Routes() {
		if r.Public || r.Any || r.Action != access.ReadStrategy && r.Action != access.ChangeStrategy {
			t.Errorf("%s asks %q", r.Pattern, r.Action)
		}
		if strings.HasPrefix(r.Pattern, "POST") != (r.Action == access.ChangeStrategy) && r.Pattern != "GET /actions/strategy/chapters/{id}" {
			t.Errorf("%s asks %q", r.Pattern, r.Action)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(content.Strategy())
	f.Add([]byte("chapters: [{id: x, parts: [law]}]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("f.yaml", src)
		if (s == nil) != (err != nil) {
			t.Fatalf("%v and %v", s, err)
		}
	})
}
