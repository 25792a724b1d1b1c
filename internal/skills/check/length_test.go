package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTheLengthOfAProfileFollowsFromHowManyChecksItHas writes profiles of people who did as well as can be done and of others who stopped as
// soon as they could: with as many checks they are as long, so that the length of what is sealed says nothing of a level.
func TestTheLengthOfAProfileFollowsFromHowManyChecksItHas(t *testing.T) {
	t.Parallel()
	m, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(m.Items))
	for i := range m.Items {
		ids[i] = m.Items[i].ID
	}
	slices.SortFunc(ids, func(a, b string) int { return len(b) - len(a) })
	full := Kept{ID: "0123456789ab", Day: "2026-11-29", Plan: All, Work: Office, Framework: m.Framework.Version, Bank: m.BankVersions(),
		Self: map[string]uint8{}, Places: map[string]uint8{}, Shown: map[string]Shown{}}
	few := full
	few.Self, few.Places, few.Shown = nil, nil, map[string]Shown{}
	for i := range m.Statements {
		full.Self[m.Statements[i].ID] = 5
	}
	for _, skill := range m.Skills() {
		full.Places[skill], full.Shown[skill] = 4, Shown{ByTest, 4, 0.99}
	}
	for _, id := range ids[:All.MostQuestions()] {
		full.Test = append(full.Test, KeptAnswer{id, 3, 2})
	}
	if b, err := json.Marshal(full); err != nil || len(b) > roomOfCheck {
		t.Errorf("a check takes up to %d bytes, %v", len(b), err)
	}
	function, unit := Ref{strings.Repeat("0", 26), strings.Repeat("x", maxName)}, Ref{strings.Repeat("0", 26), strings.Repeat("y", maxName)}
	for n := range MostChecks + 1 {
		well, badly := Profile{Version: profileVersion, Work: Office}, Profile{Version: profileVersion, Work: Field}
		well.As(function, unit)
		for i := range n {
			full.ID, few.ID = fmt.Sprintf("%012d", i), fmt.Sprintf("%012d", i)
			well.Checks, badly.Checks = append(well.Checks, full), append(badly.Checks, few)
		}
		a, errA := well.Bytes()
		b, errB := badly.Bytes()
		if errA != nil || errB != nil || len(a) != len(b) || len(a) != roomOfHead+n*roomOfCheck {
			t.Errorf("%d checks take %d and %d bytes, %v %v", n, len(a), len(b), errA, errB)
		}
		for _, text := range [][]byte{a, b} {
			if back, err := ReadProfile(text); err != nil || len(back.Checks) != n {
				t.Errorf("%d checks do not read back: %v", n, err)
			}
		}
	}
}
