package practice_test

import (
	"strings"
	"testing"

	"tekentafel/internal/instrument"
	"tekentafel/internal/lab/task"
)

func TestEntriesByTaskAreAnsweredByTheRuleForThem(t *testing.T) {
	t.Parallel()
	list, err := task.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"summarise": "summary.lead", "plain_letter": "letter.lead", "mind_map": "map.lead", "table": "table.look", "conversation": "talk.lead"}
	seen := 0
	for i := range list {
		entry := &list[i]
		key, ok := want[entry.ID]
		if !ok {
			continue
		}
		seen++
		for _, lang := range instrument.Languages() {
			values := map[string]string{}
			for _, f := range entry.Fields {
				if values[f.ID] = f.Desk[lang]; len(f.Options) > 0 {
					values[f.ID] = f.Options[0].ID
				}
			}
			if text := say(t, user(task.Text(task.Build(entry, lang, values)))); !strings.Contains(text, printer(lang).T(key, nil)) {
				t.Errorf("%s in %s: %q", entry.ID, lang, text)
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d entries are there", seen, len(want))
	}
}
