package wording

import (
	"strings"
	"testing"

	"tekentafel/internal/action"
	"tekentafel/internal/instrument"
)

func TestEveryLanguageSaysTheSame(t *testing.T) {
	t.Parallel()
	if err := Locale().Check(); err != nil {
		t.Error(err)
	}
}

// TestEverythingHasItsWords goes through all that an action can be.
func TestEverythingHasItsWords(t *testing.T) {
	t.Parallel()
	goal := .6
	f := action.Figure{Key: action.Key{Source: action.FromReport, Item: "use", Option: "yes"}, Unit: action.Share, Value: .531, Low: .49, High: .57, Base: 400, What: instrument.Text{instrument.NL: "Gebruik"}}
	for _, l := range instrument.Languages() {
		w := In(l)
		var said []string
		for _, a := range action.Audiences() {
			said = append(said, w.Target(action.Target{Kind: a}))
		}
		for _, s := range action.States() {
			said = append(said, w.State(s))
		}
		for _, d := range []action.Direction{action.Up, action.Down} {
			said = append(said, w.Goal(&action.Measure{Figure: f, Direction: d}), w.Goal(&action.Measure{Figure: f, Direction: d, Goal: &goal}))
		}
		for _, v := range []action.Verdict{action.Waiting, action.Shifted, action.NotShown, action.CannotSay} {
			for _, because := range []action.Because{action.TooFew, action.NotComparable, action.Unread} {
				for _, g := range []action.Goal{action.NoGoal, action.GoalReached, action.GoalMissed, action.GoalUnclear} {
					said = append(said, w.Effect(&action.Effect{Verdict: v, Because: because, Before: f, Now: f, Goal: g, Picked: true}))
				}
			}
		}
		said = append(said, w.Owner(action.Owner{}, ""), w.What(&f), w.Figure(&f), w.Figure(&action.Figure{Unit: action.Scale, Value: 3.4, Low: 3.2, High: 3.6, To: 5}))
		for i, s := range said {
			if strings.TrimSpace(s) == "" || strings.Contains(s, "{") {
				t.Errorf("%s, %d: %q", l, i, s)
			}
		}
		if err := w.Err(); err != nil {
			t.Errorf("%s: %v", l, err)
		}
	}
}

func TestAFigureIsNeverSaidWithoutHowSureItIs(t *testing.T) {
	t.Parallel()
	w := In(instrument.NL)
	f := action.Figure{Key: action.Key{Item: "use", Option: "yes"}, Unit: action.Share, Value: .531, Low: .49, High: .57}
	for want, got := range map[string]string{
		"53\u00a0% (tussen 49 en 57\u00a0%)":    w.Figure(&f),
		"3,4 op 5 (tussen 3,2 en 3,6)":          w.Figure(&action.Figure{Unit: action.Scale, Value: 3.4, Low: 3.2, High: 3.6, To: 5}),
		"2,1 (tussen 1,9 en 2,3)":               w.Figure(&action.Figure{Unit: action.Level, Value: 2.1, Low: 1.9, High: 2.3}),
		"minstens 60\u00a0%":                    w.Goal(&action.Measure{Figure: f, Direction: action.Up, Goal: new(.6)}),
		"+4 procentpunten":                      w.difference(action.Share, .04),
		"−1 procentpunt":                        w.difference(action.Share, -.01),
		"Niet te zeggen: te weinig antwoorden.": w.Effect(&action.Effect{Verdict: action.CannotSay, Because: action.TooFew}),
		"Groen":                                 w.Target(action.Target{Kind: action.Department, Name: instrument.Text{instrument.NL: "Groen"}}),
		"HR, team leren":                        w.Owner(action.Owner{Account: "a", Role: "HR, team leren"}, "Hanne"),
		"Hanne":                                 w.Owner(action.Owner{Account: "a"}, "Hanne"),
		"Alle medewerkers":                      w.Target(action.Target{Kind: action.Everyone, Name: instrument.Text{instrument.NL: "x"}}),
		"15 april 2027":                         w.Day("2027-04-15"),
		"":                                      w.Day(""),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if strings.Contains(w.Effect(&action.Effect{Verdict: action.Shifted, Before: f, Now: f, Wanted: true}), "dankzij") {
		t.Error("an effect is given a cause")
	}
}
