package lab_test

import (
	"testing"

	"pgregory.net/rapid"

	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
)

// TestPartsAreTheWhole holds what a person is shown to what leaves.
func TestPartsAreTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := lab.Message{Text: rapid.String().Draw(t, "text")}
		for range rapid.IntRange(0, 3).Draw(t, "files") {
			f := lab.File{Name: rapid.String().Draw(t, "name"), Text: rapid.String().Draw(t, "content")}
			if rapid.Bool().Draw(t, "image") {
				f.Text, f.Media = "", "image/png"
			}
			m.Files = append(m.Files, f)
		}
		whole, parts := m.Whole(), m.Parts()
		documents := 0
		for _, p := range parts {
			if whole[p.Start:p.Start+len(p.Text)] != p.Text {
				t.Fatalf("at %d stands %q, not %q", p.Start, whole[p.Start:], p.Text)
			}
			if p.File >= 0 && m.Files[p.File].Media != "" {
				t.Fatal("an image is told in words")
			}
			if p.File >= 0 && !p.Name {
				documents++
			}
		}
		for _, f := range m.Files {
			if f.Media == "" {
				documents--
			}
		}
		if documents != 0 || parts[0].Text != m.Text {
			t.Fatalf("the parts are %+v", parts)
		}
	})
}

func TestWhatIsLetGoCountsInEverySpellingAndOncePut(t *testing.T) {
	t.Parallel()
	for kind, spellings := range map[guard.Type][2]string{guard.Phone: {"0470 12 34 56", "0470/12.34.56"}, guard.Person: {"An Peeters", "an peeters"}, guard.Account: {"BE68 5390 0754 7034", "be68539007547034"}} {
		kept := []lab.Kept{{Type: kind, Value: spellings[0], Reason: "public"}}
		keeps := lab.Keeps(kept)
		if !keeps(kind, spellings[1]) || !keeps(kind, guard.Canonical(kind, spellings[0])) || keeps(kind, "something else") || keeps(guard.Mail, spellings[0]) {
			t.Errorf("%s: %q does not stand for %q", kind, spellings[0], spellings[1])
		}
		if once := guard.Canonical(kind, spellings[0]); guard.Canonical(kind, once) != once {
			t.Errorf("%s: %q is not in its last form", kind, once)
		}
		_, seen := lab.Decided([]lab.Message{{Kept: kept, Seen: []lab.Seen{{Type: kind, Value: spellings[1]}, {Type: guard.Mail, Value: "a@b.example"}}}})
		if len(seen) != 1 || seen[0].Type != guard.Mail {
			t.Errorf("%s: seen are %+v", kind, seen)
		}
	}
}
