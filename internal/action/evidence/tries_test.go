package evidence

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/action/actiontest"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/instrument"
)

// TestTheEvidenceTellsWhatPeopleTried reads the page, the paper, the workbook and the JSON.
func TestTheEvidenceTellsWhatPeopleTried(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Tries = s.everyonesTries()
		says := []string{"Vind de fout in de brief Openbaar domein 34 oktober 2026", "Vind de fout in de brief Verschillende afdelingen samen 11 september 2026", "Wie schreef dit? Een vroegere afdeling 16 augustus 2026",
			"oktober 2026 ongeveer 240 van 1.214 ongeveer 910", "september 2026 minstens 30 van 45 ongeveer 120", "augustus 2026 minder dan 20",
			"Tegenhouden: sleutel of geheime code. Vervangen: naam van een persoon, mailadres. Waarschuwen: woord over gezondheid. Doorlaten: nummerplaat.", "1 december 2026, door: DPO",
			"Er zijn limieten voor de hele organisatie en elke persoon.", "12 weken geteld, van week 36 van 2026 tot en met week 47 van 2026.", "7 voorbeelden van collega’s zijn te zien voor iedereen."}
		leads := []string{"het zegt niet dat iemand iets leerde", "het zegt niet dat iemand er goed mee leerde werken", "De controle van teksten vindt veel, maar niet alles."}
		s.get("hr", home).wants(http.StatusOK, slices.Concat(says, leads)...).silent("leerde bij", "Er is nog geen maand afgesloten")
		s.get("hr", paperAt).wants(http.StatusOK, slices.Concat(says, leads)...)
		book := strings.Join(strings.Fields(sheets(t, s.get("hr", filesAt+"xlsx").wants(http.StatusOK).Body.Bytes())), " ")
		for _, want := range says {
			if !strings.Contains(book, want) {
				t.Errorf("the workbook does not say %q", want)
			}
		}
		var e Evidence
		if err := json.Unmarshal(s.get("hr", filesAt+"json").wants(http.StatusOK).Body.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if x := e.Trying; x == nil || len(x.Challenges) != 3 || len(x.Use) != 3 || len(x.Agreements.Guard.Types) != 5 || x.Agreements.Shadow.Weeks != 12 {
			t.Errorf("%+v", e.Trying)
		}
		s.get("theirs hr", home).wants(http.StatusOK, "Er zijn geen limieten ingesteld.", "meegeleverd, nog niet gewijzigd").silent("Vind de fout", "ongeveer 240")
	})
}

// TestWithoutAPlaceToTryNothingIsSaidOfIt leaves the sections out.
func TestWithoutAPlaceToTryNothingIsSaidOfIt(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.get("hr", home).wants(http.StatusOK).silent("Uitdagingen", "Gebruik van modellen", "Afspraken en vangnet")
	if raw := s.get("hr", filesAt+"json").Body.String(); strings.Contains(raw, `"trying"`) || strings.Contains(raw, string(NoTried)) {
		t.Errorf("the JSON speaks of it: %s", raw)
	}
}

// TestWhatNobodyTriedYetIsMissing says so, and does not count limits or shadow AI that are not there as missing.
func TestWhatNobodyTriedYetIsMissing(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.Tries = &tried{agreements: Agreements{Guard: Guarding{By: []instrument.Text{}, Types: []Guarded{}}, Limits: []string{}}}
	e, err := s.Evidence(t.Context(), actiontest.Actor("dpo"), "Stad")
	if err != nil {
		t.Fatal(err)
	}
	var got []Lack
	for _, m := range e.Missing {
		if slices.Contains([]Part{Challenges, Use, Agreed}, m.Part) {
			got = append(got, m.Lack)
		}
	}
	if !slices.Equal(got, []Lack{NoTried, NoUse}) {
		t.Errorf("missing: %q", got)
	}
	s.get("dpo", home).wants(http.StatusOK, "Een uitdaging die genoeg mensen deden", "een voorbije maand waarin mensen een model gebruikten", "Er zijn geen limieten ingesteld.", "Dit is nog niet geteld.",
		"Er staan nog geen voorbeelden van collega’s.", "meegeleverd, nog niet gewijzigd")
	raw, err := json.Marshal(e)
	if err != nil || strings.Contains(string(raw), "null") {
		t.Errorf("the JSON has null: %s %v", raw, err)
	}
}

// TestWhatPeopleTriedHasItsWordsInEveryLanguage writes every sort of line.
func TestWhatPeopleTriedHasItsWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	x := s.everyonesTries()
	x.agreements.Limits = nil
	for _, kind := range limits.Kinds() {
		x.agreements.Limits = append(x.agreements.Limits, string(kind))
	}
	months := map[instrument.Lang]string{instrument.NL: "oktober 2026", instrument.FR: "octobre 2026", instrument.DE: "Oktober 2026", instrument.EN: "October 2026"}
	for _, l := range instrument.Languages() {
		w := s.in(l)
		for _, a := range []Agreements{x.agreements, {Shadow: Weeks{1, "2026-W47", "2026-W47"}, Examples: 1}, {}} {
			e := &Evidence{GroupSize: 10, Trying: &Trying{Challenges: x.challenges, Use: x.use, Agreements: a}}
			if n := len(w.sections(e)); n != len(Parts()) {
				t.Errorf("%s: %d sections", l, n)
			}
		}
		if got := w.month("2026-10"); got != months[l] {
			t.Errorf("%s: the month is %q", l, got)
		}
		for _, p := range Parts() {
			if name := w.say("part." + string(p)); short(name) != name || strings.ContainsAny(name, `:\/?*[]`) {
				t.Errorf("%s: %q is no name of a sheet", l, name)
			}
		}
		if err := w.Err(); err != nil {
			t.Errorf("%s: %v", l, err)
		}
	}
}

// TestAMonthToldWithASmallerGroupTellsNoFewNow takes months as their source rounds them, and raises the smallest group afterwards.
func TestAMonthToldWithASmallerGroupTellsNoFewNow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was := rapid.IntRange(5, 20).Draw(t, "k of the month")
		k := rapid.IntRange(was+1, 40).Draw(t, "k")
		n := rapid.IntRange(was, 200).Draw(t, "people")
		of := n + rapid.IntRange(0, 60).Draw(t, "others")
		u := Used{Month: "2026-10", Count: Count{People: (n + 2) / 5 * 5}, Of: of, Days: 2 * n, GroupSize: was}
		got := u.guarded(k)
		if got.Held {
			if got.People != 0 || got.Of != 0 || got.Days != 0 || got.AtLeast {
				t.Fatalf("%+v", got)
			}
			return
		}
		if n < k || of-n < k || got != u {
			t.Fatalf("%d of %d are told with %d: %+v", n, of, k, got)
		}
	})
	if nearly := (Used{Month: "2026-10", Count: Count{People: 300}, AtLeast: true, Of: 400, GroupSize: 5}); !nearly.guarded(10).Held {
		t.Error("of nearly everyone it is told, with a larger group than when it was counted")
	}
	u := Used{Month: "2026-10", Count: Count{People: 10}, Of: 15, GroupSize: 12}
	if u.guarded(12) != u || u.guarded(5) != u {
		t.Error("a month that was protected well enough is changed")
	}
}

// TestChallengesOfFewAreNotTold raises the smallest group above what was told.
func TestChallengesOfFewAreNotTold(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	s.Tries, s.world.K = s.everyonesTries(), 20
	e, err := s.Evidence(t.Context(), actiontest.Actor("hr"), "Stad")
	if err != nil {
		t.Fatal(err)
	}
	if x := e.Trying.Challenges; len(x) != 1 || x[0].People != 34 {
		t.Errorf("%+v", x)
	}
	if x := e.Trying.Use; x[0].People != 240 || !x[1].Held || !x[2].Few {
		t.Errorf("%+v", x)
	}
}
