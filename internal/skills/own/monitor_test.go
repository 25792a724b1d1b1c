package own

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/instruments"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/instrument"
	"tekentafel/internal/skills/check"
)

// monitorAsks is the questionnaire of the monitor, as a wave without a choice of its own asks it.
func monitorAsks(t testing.TB) *instrument.Instrument {
	t.Helper()
	text, err := instruments.Open(check.Monitor)
	if err != nil {
		t.Fatal(err)
	}
	in, err := instrument.Parse(check.Monitor, text)
	if err != nil {
		t.Fatal(err)
	}
	return in.Asking()
}

// offer is what people of our organisation are offered after the monitor.
func (s *site) offer() *Handover {
	s.t.Helper()
	h, err := s.pages.AfterMonitor(dbtest.Ours, monitorAsks(s.t), instrument.NL)
	if err != nil || h == nil {
		s.t.Fatalf("no offer: %v", err)
	}
	return h
}

// sent are the fields of the form of somebody who chose an option for each statement.
func (h *Handover) sent(given func(variable string) string) []string {
	var out []string
	for _, f := range h.Fixed {
		out = append(out, f.Name, f.Value)
	}
	for _, s := range slices.Concat(h.Steps, h.Extra) {
		if step := s.Step(given); step > 0 {
			out = append(out, s.Name, fmt.Sprint(step))
		}
	}
	return out
}

// agreeing answers every statement with an option, and says where one works.
func (s *site) agreeing(value int, work string) func(string) string {
	m := s.pages.Material
	return func(variable string) string {
		if variable == workQuestion {
			return work
		}
		at := slices.IndexFunc(m.Statements, func(x check.Statement) bool { return x.ID == variable })
		if at < 0 {
			return ""
		}
		if m.Statements[at].Reversed {
			return m.Agreement[5-value].ID
		}
		return m.Agreement[value-1].ID
	}
}

// everything is all that the store holds, as text.
func (s *site) everything() map[string][]string {
	s.t.Helper()
	out := map[string][]string{}
	err := s.db.Snapshot(s.t.Context(), func(snap *db.Snapshot) error {
		tables, err := snap.Tables(s.t.Context())
		if err != nil {
			return err
		}
		for _, table := range tables {
			if err := snap.Each(s.t.Context(), table, func(values []any) error {
				out[table.Name] = append(out[table.Name], fmt.Sprint(values))
				return nil
			}); err != nil {
				return err
			}
			slices.Sort(out[table.Name])
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func TestAfterTheMonitorSomebodySeesTheOwnProfileAndNothingIsKept(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		before, log, seen := s.everything(), s.log.String(), len(s.seen.patterns)
		p := s.person("")
		p.post(monitorAt, s.offer().sent(s.agreeing(4, "field"))...).leads(resultAt)
		page := p.get(resultAt).wants(http.StatusOK, "volgens wat je in de bevraging zei", "Je volgende stap", "Doe ook de korte toets", "Wil je dit bewaren?", "Kies je functie", "Zelfstandig")
		if c := page.one("input", "name", "work", "value", "field"); !has(c, "checked") {
			t.Error("the work that somebody named is not proposed")
		}
		if n := len(page.all("section", "class", "own-step")); n != 1 {
			t.Errorf("%d next steps", n)
		}
		if st := p.state(); !st.Done || st.Asking || !st.Field || !reflect.DeepEqual(st.Places, []uint8{3, 3, 3, 3, 3}) || slices.Max(st.Self) > 0 || len(st.Given) > 0 {
			t.Errorf("the check under way is %+v", st)
		}
		if after := s.everything(); !reflect.DeepEqual(before, after) {
			t.Error("something was written down")
		}
		if told := strings.TrimPrefix(s.log.String(), log); told != "" || len(s.seen.patterns) != seen {
			t.Errorf("the log says %s, and %v were counted", told, s.seen.patterns[seen:])
		}

		p.post(onAt, "work", "office").leads(questionAt)
		p.answers(20, false)
		p.get(resultAt).wants(http.StatusOK, "Alleen jij ziet dit").silent("Doe ook de korte toets", "in de bevraging")
		if st := p.state(); st.Field || len(st.Given) < 10 {
			t.Errorf("the test is %+v", st)
		}
		p.keeps()
		p.post(codeAt).leads(profileAt)
		if file := p.get(jsonAt).wants(http.StatusOK).Body.String(); !strings.Contains(file, `"places": {`) || strings.Contains(file, `"self": {`) {
			t.Errorf("the profile is %s", file)
		}
	})
}

func TestOnlyAFormOfOursOpensTheWayToAProfile(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		h := s.offer()
		good := h.Fixed[0].Value
		theirs := newSite(t, s.db).offer().Fixed[0].Value // of another installation
		for what, from := range map[string]string{"nothing": "", "points": "..", "a name": "ours", "no sign": "ours.2026-11.", "another organisation": strings.Replace(good, "ours", "theirs", 1),
			"another month": strings.Replace(good, "2026-11", "2026-12", 1), "another installation": theirs, "cut off": good[:len(good)-1], "one that is gone": s.pages.sign("gone", "2026-11")} {
			p := s.person("")
			p.post(monitorAt, "from", from, "critical", "3").wants(http.StatusGone, "Open je uitnodiging opnieuw")
			if len(p.ever) > 0 {
				t.Errorf("%s: cookies %v", what, p.ever)
			}
		}
		p := s.person("")
		p.get(monitorAt).leads(checkAt)
		p.post(monitorAt, "from", good, "critical", "9", "ethical", "x", "creative", "2", "work", "7").leads(resultAt)
		if st := p.state(); !reflect.DeepEqual(st.Places, []uint8{0, 0, 0, 2, 0}) || st.Field {
			t.Errorf("made-up levels became %+v", st)
		}
		s.step(60 * 24 * time.Hour)
		s.person("").post(monitorAt, "from", good, "critical", "3").leads(resultAt)
		s.step(60 * 24 * time.Hour)
		s.person("").post(monitorAt, "from", good, "critical", "3").wants(http.StatusGone)
	})
}

func TestWhoComesFromTheMonitorLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		p := s.person("employee")
		p.starts("all")
		p.agrees("2")
		p.answers(4, true)
		p.post(monitorAt, s.offer().sent(s.agreeing(5, ""))...).leads(resultAt)
		if st := p.state(); len(st.Given) != 4 || st.Places[1] != 4 || st.Function.ID != "f-redder" {
			t.Errorf("a test under way became %+v", st)
		}
		p.get(resultAt).wants(http.StatusOK, "Ga verder met de toets").silent("Doe ook de korte toets")

		q := s.person("employee") // signed in, with a pass that names the function
		q.post(startAt, "to", "check").leads(checkAt)
		q.post(monitorAt, s.offer().sent(s.agreeing(3, "office"))...).leads(resultAt)
		q.get(resultAt).wants(http.StatusOK, "Je functie vraagt", "Terug naar Tekentafel")

		r := s.person("") // a profile is open on this device
		r.post(monitorAt, s.offer().sent(s.agreeing(3, "office"))...).leads(resultAt)
		r.keeps()
		r.post(codeAt).leads(profileAt)
		r.post(monitorAt, s.offer().sent(s.agreeing(4, "office"))...).leads(resultAt)
		r.get(resultAt).wants(http.StatusOK, "Je profiel is open.")
		r.post(addAt).leads(profileAt)
		if n := s.rows("skill_vaults"); n != 1 {
			t.Errorf("%d profiles", n)
		}
	})
}

func TestASharedTabletForgetsWhoCameFromTheMonitor(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		one := s.person("")
		one.post(monitorAt, s.offer().sent(s.agreeing(3, "office"))...).leads(resultAt)
		one.keeps()
		form := append(s.offer().sent(s.agreeing(2, "field")), "shared", "yes")
		one.post(monitorAt, form...).leads(resultAt) // the next, on the same device
		if one.cookie(codeCookie) != nil {
			t.Error("the profile of one before is still open")
		}
		one.get(resultAt).wants(http.StatusOK, "Gedeeld toestel", "Klaar: wis alles op dit toestel", "Wil je dit bewaren?")
		for _, name := range []string{passCookie, stateCookie} {
			if c := one.cookie(name); c.MaxAge != int(kioskLives/time.Second) {
				t.Errorf("%s lives %d seconds", name, c.MaxAge)
			}
		}
		one.post(closeAt).leads(closedAt)
		if len(one.cookies) != 1 || one.cookies["tt_lang"] == nil && one.cookies["__Host-tt_lang"] == nil {
			t.Errorf("left are %v", one.cookies)
		}
		one.get(closedAt).wants(http.StatusOK, "Alles is gewist")
		one.get(resultAt).wants(http.StatusForbidden, "Hier begint de check")
	})
}

// What comes along is made of five levels, the work and the language: whoever has these alike sends the same, in whichever wave.
func TestTheFormTellsNoMoreThanLevelsWorkAndLanguage(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	asked := monitorAsks(t)
	few := *asked // a wave that asks less
	few.Items = slices.DeleteFunc(slices.Clone(asked.Items), func(it instrument.Item) bool {
		return it.Kind == instrument.OpenText || it.Topic == instrument.TopicTest
	})
	few.Title = instrument.Text{instrument.NL: "Anders"}
	forms := map[string]string{} // by levels, work and language
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom(instrument.Languages()).Draw(t, "language")
		h, err := s.pages.AfterMonitor(dbtest.Ours, rapid.SampledFrom([]*instrument.Instrument{asked, &few}).Draw(t, "wave"), lang)
		if err != nil {
			t.Fatal(err)
		}
		s.step(time.Duration(rapid.IntRange(0, 3600).Draw(t, "later")) * time.Second / 60)
		given := map[string]string{}
		for i := range asked.Items {
			it := &asked.Items[i]
			names := []string{it.ID}
			if it.Kind == instrument.Matrix {
				names = nil
				for _, row := range it.Rows {
					names = append(names, row.ID)
				}
			}
			for _, name := range names {
				if n := len(it.Options); n > 0 {
					given[name] = it.Options[rapid.IntRange(0, n-1).Draw(t, name)].ID
				}
			}
		}
		form := url.Values{}
		key := string(lang)
		pairs := h.sent(func(v string) string { return given[v] })
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
			if pairs[i] != fieldFrom {
				key += " " + pairs[i] + pairs[i+1]
			}
		}
		if got := form.Encode(); forms[key] == "" {
			forms[key] = got
		} else if forms[key] != got {
			t.Fatalf("%s and %s", forms[key], got)
		}
		for name, values := range form {
			if len(values) != 1 || !slices.Contains([]string{fieldFrom, fieldLanguage, fieldWork}, name) && !s.pages.Material.Has(name) {
				t.Fatalf("the form has %s: %v", name, values)
			}
		}
	})
}

func TestWithoutStatementsThereIsNoOffer(t *testing.T) {
	t.Parallel()
	s := newSite(t, dbtest.SQLite(t))
	without := *monitorAsks(t)
	without.Items = slices.DeleteFunc(slices.Clone(without.Items), func(it instrument.Item) bool { return strings.HasPrefix(it.ID, "skill_") })
	if h, err := s.pages.AfterMonitor(dbtest.Ours, &without, instrument.NL); h != nil || err != nil {
		t.Errorf("%+v, %v", h, err)
	}
	h := s.offer()
	if want := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC); !h.Until.Equal(want) || h.Title == "" || len(h.Details) != 4 || h.Address != monitorAt {
		t.Errorf("%+v", h)
	}
	if never := h.sent(func(string) string { return "" }); len(never) != 2*len(h.Fixed) {
		t.Errorf("who never used AI sends %v", never)
	}
}
