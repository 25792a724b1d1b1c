package compose

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tekentafel/instruments"
	"tekentafel/internal/instrument"
	"tekentafel/internal/survey/wave"
)

// beforeTheTest is the monitor as it was before it had an extra part.
func beforeTheTest(t testing.TB) *instrument.Instrument {
	t.Helper()
	src, err := instruments.Open(DefaultBase)
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?s)  # --- \w+ of the part test.*?  # --- end of the \w+\n`).ReplaceAllString(string(src), "")
	if strings.Contains(text, "test_") {
		t.Fatal("the text still has questions of the test")
	}
	in, err := instrument.Parse(DefaultBase, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// A recipe that chooses no extra part makes the same bytes, to the last, and so the same hash, whether the base has such parts or not.
func TestAnExtraPartThatNobodyChoseChangesNoByte(t *testing.T) {
	t.Parallel()
	with, without := monitor(t), beforeTheTest(t)
	rapid.Check(t, func(t *rapid.T) {
		r := NewRecipe(DefaultBase)
		for _, m := range without.Modules {
			if rapid.Bool().Draw(t, m.ID+" off") {
				r.Off = append(r.Off, m.ID)
			}
		}
		if rapid.Bool().Draw(t, "workplace off") {
			r.Skip = []string{"workplace"}
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "own") {
			r.Own = append(r.Own, anOwn(t, "own"+itoa(i+1), without))
		}
		_, old, err := Compose(without, &r, allGiven())
		if err != nil {
			t.Fatal(err)
		}
		_, now, err := Compose(with, &r, allGiven())
		if err != nil || string(old) != string(now) {
			t.Fatalf("the questionnaire is another one (%v)", err)
		}
	})
	r := NewRecipe(DefaultBase)
	if kept, err := r.JSON(); err != nil || string(kept) != `{"format":1,"base":{"name":"genai-monitor"}}` {
		t.Errorf("a new recipe is kept as %s (%v)", kept, err)
	}
	d := NewDraft(with, &r, allGiven())
	for _, l := range d.Losses {
		t.Errorf("without the extra part something is lost: %+v", l)
	}
}

// Whoever works in the field gets the field version of ten situations, everybody else the one for a desk, after all other
// questions; and without a question on the workplace everybody gets the one for a desk.
func TestAChosenExtraPartIsAskedByWorkplace(t *testing.T) {
	t.Parallel()
	r := NewRecipe(DefaultBase)
	r.On = []string{"test", "gone"}
	in, _ := must(t, monitor(t), &r, allGiven())
	if !strings.HasPrefix(in.Version, "0.1+") || in.Module("test_intro") == nil || len(in.Indicators) != len(beforeTheTest(t).Indicators)+20 {
		t.Fatalf("version %s, %d indicators", in.Version, len(in.Indicators))
	}
	first := slices.IndexFunc(in.Items, func(it instrument.Item) bool { return it.ID == "test_intro" })
	if in.Items[first-1].ID != "leads" || first+21 != len(in.Items) {
		t.Errorf("the situations start at item %d of %d, after %s", first+1, len(in.Items), in.Items[first-1].ID)
	}
	asks := func(in *instrument.Instrument, workplace int) (office, field int) {
		routing, err := instrument.CompileRouting(in)
		if err != nil {
			t.Fatal(err)
		}
		route := routing.Route(func(v string) instrument.Given {
			if v == "workplace" && workplace > 0 {
				return instrument.Given{Code: instrument.FirstOption + workplace - 1}
			}
			return instrument.Given{}
		})
		for i, asked := range route {
			if id := in.Items[i].ID; asked && strings.HasSuffix(id, "_office") {
				office++
			} else if asked && strings.HasSuffix(id, "_field") {
				field++
			}
		}
		return office, field
	}
	for workplace, want := range [][2]int{{10, 0}, {10, 0}, {0, 10}, {10, 0}} { // open, desk, field, both
		if office, field := asks(in, workplace); office != want[0] || field != want[1] {
			t.Errorf("workplace %d: %d and %d situations, want %v", workplace, office, field, want)
		}
	}
	r.Skip = []string{"workplace"}
	in, _ = must(t, monitor(t), &r, allGiven())
	if office, field := asks(in, 0); office != 10 || field != 0 {
		t.Errorf("without the workplace: %d and %d situations", office, field)
	}
	if slices.ContainsFunc(in.Items, func(it instrument.Item) bool { return strings.HasSuffix(it.ID, "_field") }) {
		t.Error("a version stays that nobody can be asked")
	}
}

func TestAnExtraPartIsOfferedApartAndTakenOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *site) {
		all := func(more ...string) []string {
			out := []string{}
			for _, m := range monitor(t).Modules {
				if !m.Extra {
					out = append(out, "module", m.ID)
				}
			}
			for _, id := range []string{"function_family", "department", "workplace", "age", "education", "leads"} {
				out = append(out, "background", id)
			}
			return append(out, more...)
		}
		s.wants("offered", s.get("hr", s.at("")), http.StatusOK, "Kan erbij", "Tien situaties", "Maakt de vragenlijst hoogstens 5,8 minuten langer", "Onder de 8 minuten haken weinig mensen af")
		s.leads("choose", s.post("hr", s.at("/parts"), s.form(all("extra", "test")...)), s.at(""))
		if r := s.recipe(); !slices.Equal(r.On, []string{"test"}) || len(r.Off) > 0 || len(r.Skip) > 0 {
			t.Errorf("on %v, off %v, skipped %v", r.On, r.Off, r.Skip)
		}
		s.wants("chosen", s.get("hr", s.at("")), http.StatusOK, "doet er meer dan 8 minuten over", "Een tekst zegt dat antwoorden minder lang duurt")
		text, problems, err := s.Compose(t.Context(), s.DB.Of(s.world.Get(s.wave).Tenant), &[]wave.Wave{s.world.Get(s.wave)}[0])
		if err != nil || !slices.ContainsFunc(problems, func(p wave.Problem) bool { return p.Key == "questions.says-minutes" && p.Warns }) || !strings.Contains(string(text), "test_cri_") {
			t.Errorf("%v %v", problems, err)
		}
		s.leads("take out", s.post("hr", s.at("/parts"), s.form(all()...)), s.at(""))
		if r := s.recipe(); len(r.On) > 0 {
			t.Errorf("on %v", r.On)
		}
		s.leads("another base", s.upload(s.at("/base"), s.form("base", "chatgpt-literacy-cl"), "", nil), s.at(""))
		if w := s.get("hr", s.at("")); strings.Contains(w.Body.String(), "Kan erbij") {
			t.Error("a base without extra parts offers some")
		}
	})
}

func TestWhoSaysAnonymousOrTooFewMinutesIsWarned(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Je antwoordt anoniem.", "C’est anonyme", "Sie antworten anonym.", "It is anonymous", "De anonimiteit"} {
		if !saysAnonymous.MatchString(text) {
			t.Errorf("%q says that it is anonymous", text)
		}
	}
	for text, want := range map[string]bool{"in minder dan 8 minuten": true, "moins de 8\u00a0minutes": true, "9 minuten": true, "in 10 minuten": false, "acht minuten": false, "na 8 maanden": false} {
		if got := promises(text, 10.5); got != want {
			t.Errorf("%q for 10.5 minutes: %t", text, got)
		}
	}
}
