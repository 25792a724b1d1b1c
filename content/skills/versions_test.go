package skills

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/skills/framework"
)

var record = flag.Bool("record", false, "record the items of banks whose version rose")

// recorded is the list of items as they were in the version of each bank, a line each: skill, version, item, hash.
const recorded = "testdata/items.txt"

// TestAChangedItemRaisesTheVersionOfItsBank compares the items with the recorded list. Whoever changes, adds or takes away an item raises the
// version of its bank and records the list anew: go test ./content/skills -run Version -record
func TestAChangedItemRaisesTheVersionOfItsBank(t *testing.T) {
	t.Parallel()
	old, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	before := map[string][]string{} // by skill
	for line := range strings.Lines(string(old)) {
		skill, _, _ := strings.Cut(line, " ")
		before[skill] = append(before[skill], strings.TrimSpace(line))
	}
	var list []string
	for _, skill := range Banks() {
		now, version := linesOf(t, skill)
		switch risen, changed := changes(before[skill], now, version); {
		case changed == nil || risen && *record:
			list = append(list, now...)
			continue
		case risen:
			t.Errorf("%s: version %d is not recorded yet (%s); run go test ./content/skills -run Version -record", skill, version, strings.Join(changed, ", "))
		default:
			t.Errorf("%s: %s changed since version %d; raise the version in content/skills/items/%s.yaml, and run go test ./content/skills -run Version -record",
				skill, strings.Join(changed, ", "), version, skill)
		}
		list = append(list, before[skill]...)
	}
	if *record {
		if err := os.WriteFile(recorded, []byte(strings.Join(list, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// linesOf returns the lines of a bank as it is, and its version.
func linesOf(t *testing.T, skill string) (lines []string, version int) {
	t.Helper()
	src, err := Items(skill)
	if err != nil {
		t.Fatal(err)
	}
	b, err := framework.ParseItems(skill+".yaml", bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Items {
		text, err := json.Marshal(b.Items[i])
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		lines = append(lines, fmt.Sprintf("%s %d %s %s", skill, b.Version, b.Items[i].ID, hex.EncodeToString(sum[:12])))
	}
	return lines, b.Version
}

// changes tells whether the version of a bank is later than the recorded one, and names the items that differ; none when nothing does.
func changes(before, now []string, version int) (risen bool, items []string) {
	if len(before) == 0 {
		return true, []string{"the bank is new"}
	}
	was := 0
	if _, err := fmt.Sscanf(before[0], "%s %d", new(string), &was); err != nil {
		return false, []string{err.Error()}
	}
	risen = version > was
	for _, line := range now {
		if item := strings.Fields(line)[2]; !slices.Contains(before, line) {
			items = append(items, item)
		}
	}
	if len(items) == 0 && len(before) != len(now) {
		items = []string{fmt.Sprintf("there are %d items instead of %d", len(now), len(before))}
	}
	return risen, items
}

func TestAChangeIsNoticed(t *testing.T) {
	t.Parallel()
	before := []string{"critical 2 a 01", "critical 2 b 02"}
	for name, c := range map[string]struct {
		now     []string
		version int
		risen   bool
		items   int
	}{
		"nothing":            {before, 2, false, 0},
		"an item":            {[]string{"critical 2 a 03", "critical 2 b 02"}, 2, false, 1},
		"an item taken away": {[]string{"critical 2 a 01"}, 2, false, 1},
		"an item more":       {append(slices.Clone(before), "critical 2 c 04"), 2, false, 1},
		"with a version":     {[]string{"critical 3 a 03", "critical 3 b 02"}, 3, true, 2},
		"one that fell":      {[]string{"critical 1 a 01", "critical 1 b 02"}, 1, false, 2},
	} {
		if risen, items := changes(before, c.now, c.version); risen != c.risen || len(items) != c.items {
			t.Errorf("%s: %v %v", name, risen, items)
		}
	}
	if risen, items := changes(nil, before, 2); !risen || len(items) != 1 {
		t.Error("a new bank is not noticed")
	}
}
