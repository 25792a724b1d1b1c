package needs

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tekentafel/internal/asked"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
	"tekentafel/internal/skills/framework"
	"tekentafel/internal/skills/needs/book"
	"tekentafel/internal/skills/needs/demand"
)

// brings brings a workbook and returns it with what it would change.
func (w *world) brings(content []byte) Import {
	w.t.Helper()
	id := must(w.Bring(w.t.Context(), hr(), w.file(content), `C:\map\noden.xlsx`, "Overlegd met de diensthoofden", asked.Request{}))(w.t)
	return must(w.Import(w.t.Context(), hr(), id))(w.t)
}

// decided is a map of needs in which much was said already.
func (w *world) decided() {
	w.t.Helper()
	ctx := w.t.Context()
	must(w.TakeOver(ctx, hr(), function("clerk"), 0))(w.t)
	must(w.SetAnswers(ctx, hr(), Subject{Family: "Groen en openbaar domein"}, map[string]string{"leads": demand.No, "writes": demand.Unknown}, w.seq(), asked.Request{}))(w.t)
	must(w.SetLevel(ctx, hr(), framework.Where{Family: "Dienstverlening"}, "creative", 2, "Zo spraken we het af", w.seq(), asked.Request{}))(w.t)
	must(w.SetLevel(ctx, hr(), framework.Where{Function: "permit"}, "technical", 4, "Zo spraken we het af", w.seq(), asked.Request{}))(w.t)
}

// TestASheetThatNobodyChangedChangesNothing brings back what was downloaded, in each language.
func TestASheetThatNobodyChangedChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.decided()
		for _, lang := range instrument.Languages() {
			x := w.brings(w.changed(lang, nil))
			if len(x.Staged.Cells) != 0 || len(x.Staged.Troubles) != 0 {
				t.Errorf("%s: %+v", lang, x.Staged)
			}
		}
	})
}

func TestASheetIsComparedCellByCellAndPutBackAsAWhole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.decided()
		before := w.mapNow()
		// The rows of sheet 0: 2 the family Dienstverlening, 3 permit, 4 clerk, 5 the family Groen, 6 head, 7 garden, 8 Ondersteuning, 9 buyer, 10 usher.
		x := w.brings(w.changed(instrument.FR, map[string]any{"0!H2": 3, "0!I3": 3, "0!H4": "4 Anderen helpen", "0!K4": "Omdat het loket folders maakt", "0!E10": 2, "1!D3": "nein", "1!J7": "non", "1!E7": "oui", "1!D9": "pas encore connu"}))
		want := []string{"family Dienstverlening creative 2>3", "permit technical 4>3", "clerk creative 2>4", "usher communicative 1>2", "permit citizens >no", "garden personal-data >yes", "garden leads no>no", "buyer citizens >unknown"}
		var got []string
		for _, c := range x.Staged.Cells {
			name := c.Wish.Function
			if name == "" {
				name = "family " + c.Wish.Family
			}
			got = append(got, fmt.Sprintf("%s %s %s>%s", name, c.Wish.Item, c.Was, c.Now))
		}
		if !slices.Equal(got, want) || len(x.Staged.Troubles) != 0 {
			t.Errorf("%q, want %q; %+v", got, want, x.Staged.Troubles)
		}
		if x.FileName != "noden.xlsx" {
			t.Errorf("named %q", x.FileName)
		}
		if w.mapNow() != before {
			t.Error("it counts before it is taken over")
		}
		seq := must(w.Apply(ctx, hr(), x.ID))(t)
		for _, c := range []struct {
			function, skill string
			want            int
		}{{"permit", "creative", 3}, {"permit", "technical", 3}, {"clerk", "creative", 4}, {"usher", "communicative", 2}} {
			if got := w.level(c.function, "", c.skill); got != c.want {
				t.Errorf("%s %s: %d, want %d", c.function, c.skill, got, c.want)
			}
		}
		n := w.mapNow().Function("clerk").Needs[3]
		if n.Reason != "Omdat het loket folders maakt" || w.mapNow().Function("permit").Needs[4].Reason != "Overlegd met de diensthoofden" {
			t.Errorf("%+v", n)
		}
		if _, err := w.Apply(ctx, hr(), x.ID); !problem.Is(err, problem.Conflict) {
			t.Errorf("taken over twice: %v", err)
		}
		if c := must(w.Change(ctx, hr(), seq))(t); c.Count != len(want) || c.Kind != ByImport || c.Note != "noden.xlsx" {
			t.Errorf("%+v", c)
		}
		must(w.Undo(ctx, hr(), seq))(t)
		for _, kind := range []demand.Kind{demand.Answer, demand.Level} {
			if !slices.Equal(w.mapNow().State.All(kind), before.State.All(kind)) {
				t.Errorf("not put back as a whole: %s", kind)
			}
		}
	})
}

func TestALevelThatTheRulesGiveAnywayIsLeftToThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(w.SetLevel(t.Context(), hr(), framework.Where{Function: "permit"}, "technical", 4, "Zo spraken we het af", 0, asked.Request{}))(t)
		x := w.brings(w.changed(instrument.NL, map[string]any{"0!I3": 2}))
		if len(x.Staged.Cells) != 1 || x.Staged.Cells[0].Wish.Value != (demand.Value{}) {
			t.Fatalf("%+v", x.Staged)
		}
		must(w.Apply(t.Context(), hr(), x.ID))(t)
		if n := w.mapNow().Function("permit").Needs[4]; n.Override != nil || n.Level != 2 {
			t.Errorf("%+v", n)
		}
	})
}

func TestWhatIsNotUnderstoodIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.staff.mu.Lock()
		w.staff.org.Functions = append(w.staff.org.Functions, demand.Function{ID: "t1", Name: "Medewerker", Family: "A"}, demand.Function{ID: "t2", Name: "Medewerker", Family: "B"})
		w.staff.org.Revision++
		w.staff.mu.Unlock()
		f := excelize.NewFile()
		rows := [][]any{
			{"Code", "Functie", "Functiefamilie", "Kritisch", "Contact met burgers", "Reden"},
			{"F99", "Loketmedewerker", "", 4, "", ""}, // a code that nobody has, with a name of which the code is another
			{"F02", "Loketmedewerker", "", 4, "", ""}, // code and name of different functions
			{"", "Bestaat niet", "", 4, "", ""},       // no such function
			{"", "", "Weg", 4, "", ""},                // no such family
			{"", "Medewerker", "", 4, "", ""},         // several
			{"", "MEDEWERKER", "b", 4, "", ""},        // one of these
			{"", "bode", "", "hoog", "misschien", ""}, // no level, no answer
			{"", "Bode", "", 4, "ja (voorstel)", ""},  // the proposal says no
			{"", "Bode", "", 3, "ja", ""},             // another row said something else
			{"", "", "", 3, "", ""},                   // nobody
			{"f01", "", "", 4, "", "x"},               // by code alone; the reason is too short to be one
		}
		for i, r := range rows {
			if err := f.SetSheetRow("Sheet1", "A"+itoa(i+1), &r); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		x := w.brings(b.Bytes())
		var got []string
		for _, y := range x.Staged.Troubles {
			got = append(got, fmt.Sprint(y.Row, " ", y.Key))
		}
		slices.Sort(got)
		want := []string{"10 " + twice, "11 " + book.OddRow, "2 " + codeAndName, "3 " + codeAndName, "4 " + noSuchFunction, "5 " + noSuchFamily, "6 " + severalSuch, "8 " + noAnswer, "8 " + noLevel, "9 " + noAnswer}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		var said []string
		for _, c := range x.Staged.Cells {
			said = append(said, c.Wish.Function+" "+c.Wish.Item+" "+c.Now+" "+c.Wish.Note)
		}
		if !slices.Equal(said, []string{"t2 critical 4 Overlegd met de diensthoofden", "usher critical 4 Overlegd met de diensthoofden", "usher citizens yes ", "clerk critical 4 Overlegd met de diensthoofden"}) {
			t.Errorf("%q", said)
		}
	})
}

func TestASheetThatWasOvertakenIsNotWritten(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		content := s.changed(instrument.NL, map[string]any{"0!E10": 3})
		at := s.upload(content, "Overlegd met de diensthoofden").leads(importAt + "/")
		s.get("hr", at).wants(200, "1 wijziging", "Bode", "1 Kennismaken", "3 Zelfstandig", "Niveaus, rij 10")
		other := hr()
		other.Owner = "An"
		must(s.SetLevel(t.Context(), other, framework.Where{Function: "usher"}, "communicative", 2, "Zo spraken we het af", s.seq(), asked.Request{}))(t)
		s.post("hr", at+"/apply", nil).wants(422, "Naam van An wijzigde dit intussen")
		if got := s.level("usher", "", "communicative"); got != 2 {
			t.Errorf("%d", got)
		}
		s.get("hr", importAt).wants(200, "Kijk na wat noden.xlsx verandert")
		s.post("hr", at+"/drop", nil).leads(home)
		s.get("hr", at).wants(200, "Aan de kant gelegd").silent("Neem 1 wijziging over")
	})
}

func TestAnUploadIsCheckedAndShown(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.upload(nil, "Overlegd met iedereen").wants(422, "Kies een Excel-bestand")
		s.upload([]byte("Functie;Kritisch"), "Overlegd met iedereen").wants(422, "kunnen we niet lezen")
		s.upload(s.changed(instrument.NL, nil), "").wants(422, "Schrijf de reden op")
		at := s.upload(s.changed(instrument.NL, nil), "Overlegd met iedereen").leads(importAt + "/")
		s.get("hr", at).wants(200, "Dit bestand zegt hetzelfde").silent("Neem")
		page := s.get("dpo", exportAt)
		if page.Code != 200 || !strings.Contains(page.Header().Get("Content-Disposition"), "wat-functies-vragen-20") || page.Header().Get("Content-Type") != sheetType {
			t.Errorf("%d %v", page.Code, page.Header())
		}
		at = s.upload(s.changed(instrument.NL, map[string]any{"0!E10": 3}), "Overlegd met iedereen").leads(importAt + "/")
		to := s.post("hr", at+"/apply", nil).leads(changesAt)
		s.get("hr", to).wants(200, "Rekenblad overgenomen: noden.xlsx", "Bode – Communicatief")
	})
}

// TestARandomSheetIsAppliedAndReadBackAsItWas changes many cells, takes them over, and finds nothing more to change in the same file.
func TestARandomSheetIsAppliedAndReadBackAsItWas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.decided()
		random := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			cells := map[string]any{}
			for range 20 {
				row := 2 + random.IntN(9)
				if random.IntN(2) == 0 {
					cells[fmt.Sprintf("0!%c%d", 'E'+rune(random.IntN(5)), row)] = 1 + random.IntN(4)
				} else {
					cells[fmt.Sprintf("1!%c%d", 'D'+rune(random.IntN(8)), row)] = []string{"ja", "nee", "weten we nog niet"}[random.IntN(3)]
				}
			}
			content := w.changed(instrument.NL, cells)
			x := w.brings(content)
			if len(x.Staged.Troubles) > 0 {
				t.Fatalf("%+v", x.Staged.Troubles)
			}
			must(w.Apply(t.Context(), hr(), x.ID))(t)
			again := w.brings(content).Staged
			for _, c := range again.Cells {
				if c.Wish.Kind == demand.Answer { // levels that follow from changed answers may differ from the cells of before
					t.Errorf("said again: %+v", c)
				}
			}
		}
	})
}
