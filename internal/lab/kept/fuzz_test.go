package kept

import (
	"encoding/json"
	"testing"
	"time"

	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
)

// FuzzAnyConversationIsRefusedOrReadAgain takes what a page may send.
func FuzzAnyConversationIsRefusedOrReadAgain(f *testing.F) {
	for _, c := range []*lab.Conversation{conversation("x"), {}, {Leaf: "a", Messages: []lab.Message{{ID: "a", Parent: "a", Role: lab.User}}}} {
		b, err := json.Marshal(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b), "a1", "0470")
	}
	f.Add(`{"messages":[{"id":"a","role":"user","text":"\ud800 0470 12 34 56 [TELEFOON-1]"}],"leaf":"a"}`, "a", "\x00")
	f.Add(`{"messages":[{"id":"a","role":"user","text":"x"}],"leaf":"a"}`, "", "0\xc5")
	scanner := guard.New()
	f.Fuzz(func(t *testing.T, text, leaf, word string) {
		var c lab.Conversation
		if len(text) > 20_000 || json.Unmarshal([]byte(text), &c) != nil || check(&c) != nil {
			return
		}
		if len(c.Branch(c.Leaf)) == 0 {
			t.Fatal("what is kept has no branch to read")
		}
		if n := len([]rune(titleOf(c.Title, &c))); n > mostTitle {
			t.Fatalf("a title of %d characters", n)
		}
		for _, format := range Formats() {
			if _, _, ok, err := Export(&c, leaf, format, Way{Lang: "nl", Made: time.Unix(0, 0)}); err != nil || ok != (leaf == "" || len(c.Branch(leaf)) > 0) {
				t.Fatalf("%s: %v %v", format, ok, err)
			}
		}
		s := snapshot(&c, c.Leaf)
		policy := guard.DefaultPolicy()
		found := find(scanner, &s, policy)
		hide(scanner, &s, policy, Choice{Keys: usual(found).Keys, Words: []string{word}}, "nl")
		for _, text := range s.texts() {
			for _, left := range scanner.Scan(*text) {
				value := (*text)[left.Start:left.End]
				for i := range found {
					if x := &found[i]; x.Usual && !x.Word && x.Type == left.Type && x.Value == value {
						t.Fatalf("%s %q is shared in %q", x.Type, value, *text)
					}
				}
			}
		}
	})
}
