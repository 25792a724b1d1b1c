package kept

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/access"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
)

func TestWhatIsKeptComesBackAsItWas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := conversation("de bewoner")
		name, version := w.keep(c)
		got, err := w.Open(t.Context(), anna, name)
		if err != nil || !reflect.DeepEqual(got.Conversation, c) || got.Version != version || got.Title != c.Title || got.Until != "2027-01-02" {
			t.Fatalf("%+v %+v %v", got.Item, got.Conversation, err)
		}
		c.Messages, c.Leaf = append(c.Messages, lab.Message{ID: "q3", Parent: "a2", Role: lab.User, Text: "En nu?"}), "q3"
		if _, version, err = w.Keep(t.Context(), anna, name, version, c, "2026-12-10"); err != nil || version != 2 {
			t.Fatalf("version %d, %v", version, err)
		}
		if got, err = w.Open(t.Context(), anna, name); err != nil || got.Conversation.Leaf != "q3" || got.Until != "2026-12-10" {
			t.Fatalf("%+v %v", got.Item, err)
		}
		if list, err := w.List(t.Context(), anna, ""); err != nil || len(list) != 1 || list[0].Version != 2 {
			t.Fatalf("%+v %v", list, err)
		}
	})
}

func TestNobodyElseOpensWhatIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		name, version := w.keep(conversation("x"))
		others := []access.Actor{actor(dbtest.Theirs, "anna"), {}, {Kind: access.Visitor, Tenant: dbtest.Ours}, actor(dbtest.Ours, "key anna")}
		for _, who := range []string{"hr", "dpo", "administrator", "manager", "researcher", "bert"} {
			others = append(others, actor(dbtest.Ours, who))
		}
		for _, who := range others {
			if _, err := w.Open(t.Context(), who, name); !problem.Is(err, problem.NotFound) && !problem.Is(err, problem.Forbidden) {
				t.Errorf("%+v opens it: %v", who, err)
			}
			if list, _ := w.List(t.Context(), who, ""); len(list) > 0 {
				t.Errorf("%+v lists %+v", who, list)
			}
			if err := w.Delete(t.Context(), who, name); err == nil {
				t.Errorf("%+v deletes it", who)
			}
			if _, _, err := w.Keep(t.Context(), who, name, version, conversation("y"), ""); err == nil {
				t.Errorf("%+v writes over it", who)
			}
			if _, _, err := w.Keep(t.Context(), who, name, 0, conversation("y"), ""); err == nil && who.Tenant == dbtest.Ours {
				t.Errorf("%+v takes its name", who)
			}
			if _, err := w.Share(t.Context(), who, name, version, "", Choice{}, "", "", "nl"); err == nil && who.Tenant == dbtest.Ours {
				t.Errorf("%+v shares it", who)
			}
		}
		if got, err := w.Open(t.Context(), anna, name); err != nil || got.Conversation.Messages[0].Text != "Schrijf eenvoudig." {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestTwoTabsDoNotOverwriteEachOther(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		name, version := w.keep(conversation("een"))
		if _, _, err := w.Keep(t.Context(), anna, name, version, conversation("twee"), ""); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.Keep(t.Context(), anna, name, version, conversation("drie"), "")
		wants(t, "the version before", err, problem.Conflict)
		if _, err := w.Change(t.Context(), anna, name, version, "Andere titel", ""); !problem.Is(err, problem.Conflict) {
			t.Errorf("a change of the version before: %v", err)
		}
		if got, _ := w.Open(t.Context(), anna, name); got.Title != "Brief aan twee" || got.Version != 2 {
			t.Errorf("%+v", got.Item)
		}
		if err := w.Delete(t.Context(), anna, name); err != nil {
			t.Fatal(err)
		}
		_, _, err = w.Keep(t.Context(), anna, name, 2, conversation("vier"), "")
		wants(t, "one that was deleted", err, problem.NotFound)
	})
}

// A server that is killed after it kept something and before it answered is asked again.
func TestWhoAsksAgainAfterNoAnswerKeepsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		name := w.NewID()
		for range 3 {
			got, version, err := w.Keep(t.Context(), anna, name, 0, conversation("een"), "")
			if err != nil || got != name || version != 1 {
				t.Fatalf("%s %d %v", got, version, err)
			}
		}
		for range 3 {
			if _, version, err := w.Keep(t.Context(), anna, name, 1, conversation("twee"), ""); err != nil || version != 2 {
				t.Fatalf("%d %v", version, err)
			}
		}
		if list, err := w.List(t.Context(), anna, ""); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
		nameless, _ := w.keep(conversation("drie"))
		if again, version := w.keep(conversation("drie")); again != nameless || version != 1 {
			t.Errorf("a conversation without a name is kept at %s and %s", nameless, again)
		}
		if _, _, err := w.Keep(t.Context(), anna, nameless, 1, conversation("vier"), ""); err != nil {
			t.Fatal(err)
		}
		if anew, version := w.keep(conversation("drie")); anew == nameless || version != 1 {
			t.Error("a conversation that went on since is written over")
		}
		var shares []string
		for range 3 {
			s, err := w.Share(t.Context(), anna, name, 2, "", Choice{}, "", "once", "nl")
			if err != nil {
				t.Fatal(err)
			}
			shares = append(shares, s)
		}
		if list, err := w.Shares(t.Context(), anna); err != nil || len(list) != 1 || shares[0] != shares[2] {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestWhatCannotBeKeptSaysWhy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		broken := func(change func(c *lab.Conversation)) *lab.Conversation {
			c := conversation("x")
			change(c)
			return c
		}
		for what, x := range map[string]struct {
			c    *lab.Conversation
			kind problem.Kind
		}{
			"nothing":               {&lab.Conversation{}, problem.Invalid},
			"no conversation":       {nil, problem.Invalid},
			"no such leaf":          {broken(func(c *lab.Conversation) { c.Leaf = "z" }), problem.Invalid},
			"a child before":        {broken(func(c *lab.Conversation) { c.Messages[0].Parent = "a2" }), problem.Invalid},
			"an id twice":           {broken(func(c *lab.Conversation) { c.Messages[1].ID = "s" }), problem.Invalid},
			"another role":          {broken(func(c *lab.Conversation) { c.Messages[1].Role = "root" }), problem.Invalid},
			"a long id":             {broken(func(c *lab.Conversation) { c.Messages[4].ID = strings.Repeat("a", 65) }), problem.Invalid},
			"an image that is huge": {broken(func(c *lab.Conversation) { c.Messages[1].Files[0].Data = make([]byte, mostBytes) }), problem.TooLarge},
			"many messages": {broken(func(c *lab.Conversation) {
				for i := range mostMessages {
					c.Messages = append(c.Messages, lab.Message{ID: name(i), Parent: "a2", Role: lab.User})
				}
			}), problem.TooLarge},
		} {
			_, _, err := w.Keep(t.Context(), anna, "", 0, x.c, "")
			wants(t, what, err, x.kind)
			if p, ok := problem.Of(err); ok && p.Message.In("nl") == "" {
				t.Errorf("%s: no sentence", what)
			}
		}
		for _, day := range []Day{"2026-12-02", "2027-01-03", "morgen", "2026-13-01"} {
			_, _, err := w.Keep(t.Context(), anna, "", 0, conversation("x"), day)
			wants(t, "until "+string(day), err, problem.Invalid)
		}
		for _, id := range []string{"x", "../../../../../../../../aaa", strings.Repeat("A", 26)} {
			_, _, err := w.Keep(t.Context(), anna, id, 0, conversation("x"), "")
			wants(t, "the name "+id, err, problem.NotFound)
		}
		if list, _ := w.List(t.Context(), anna, ""); len(list) != 0 {
			t.Errorf("%+v is kept", list)
		}
	})
}

func TestANumberOfConversationsIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range mostConversations {
			if _, _, err := w.Keep(t.Context(), anna, "", 0, conversation(name(i)), "2026-12-05"); err != nil {
				t.Fatal(err)
			}
		}
		_, _, err := w.Keep(t.Context(), anna, "", 0, conversation("one more"), "")
		wants(t, "one more", err, problem.Full)
		w.later(3)
		w.keep(conversation("y"))
		if list, err := w.List(t.Context(), anna, ""); err != nil || len(list) != 1 {
			t.Errorf("%d are kept, %v", len(list), err)
		}
	})
}

func TestAConversationWithoutTitleIsCalledAfterItsFirstQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := conversation("x")
		c.Title, c.Messages[1].Text = " \n ", "Een lange vraag "+strings.Repeat("met woorden ", 40)
		name, _ := w.keep(c)
		got, err := w.Open(t.Context(), anna, name)
		if err != nil || !strings.HasPrefix(got.Title, "Een lange vraag met woorden") || !strings.HasSuffix(got.Title, "…") || len([]rune(got.Title)) > mostTitle {
			t.Errorf("%q %v", got.Title, err)
		}
		if list, _ := w.List(t.Context(), anna, "LANGE vraag"); len(list) != 1 {
			t.Errorf("a search finds %+v", list)
		}
		if list, _ := w.List(t.Context(), anna, "lange fiets"); len(list) != 0 {
			t.Errorf("a search finds %+v", list)
		}
	})
}

func TestSealedSizesTellLittle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, mostBytes).Draw(t, "n")
		size := padding(n)
		if size < n || size < least || n > least && size > n+n/4+4 {
			t.Fatalf("%d bytes are padded to %d", n, size)
		}
		if n <= 3000 && padding(n) != padding(0) {
			t.Fatal("short ones differ")
		}
		if got, err := unpad(pad(make([]byte, n%5000), padding(n%5000))); err != nil || len(got) != n%5000 {
			t.Fatalf("%d, %v", len(got), err)
		}
	})
	sizes := map[int]bool{}
	for n := range mostBytes / 64 {
		sizes[padding(n*64)] = true
	}
	if len(sizes) > 60 {
		t.Errorf("%d sizes", len(sizes))
	}
}

// tree draws a conversation.
func tree(t *rapid.T) *lab.Conversation {
	c := &lab.Conversation{Title: rapid.StringMatching(`[a-z ]{0,30}`).Draw(t, "title")}
	for i := range rapid.IntRange(1, 25).Draw(t, "messages") {
		m := lab.Message{ID: name(i), Role: rapid.SampledFrom([]lab.Role{lab.System, lab.User, lab.Assistant}).Draw(t, "role"), Text: rapid.String().Draw(t, "text"), At: time.Unix(int64(i), 0).UTC()}
		if i > 0 && rapid.IntRange(0, 9).Draw(t, "root") > 0 {
			m.Parent = name(rapid.IntRange(0, i-1).Draw(t, "parent"))
		}
		if rapid.Bool().Draw(t, "seen") {
			m.Seen = []lab.Seen{{Type: guard.Phone, Value: "1", Placeholder: "[T]"}}
		}
		c.Messages = append(c.Messages, m)
	}
	c.Leaf = name(rapid.IntRange(0, len(c.Messages)-1).Draw(t, "leaf"))
	return c
}

func TestEveryMessageOfATreeCanBeReached(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := tree(t)
		if err := check(c); err != nil {
			t.Fatal(err)
		}
		w := words{locale().Printer("nl"), "nl", func(t time.Time) time.Time { return t }}
		reached := map[string]bool{}
		leaves, seen := []string{c.Leaf}, map[string]bool{}
		for len(leaves) > 0 {
			leaf := leaves[0]
			leaves = leaves[1:]
			if seen[leaf] {
				continue
			}
			seen[leaf] = true
			branch := c.Branch(leaf)
			shown := w.read(c, leaf, func(s string) string { return s })
			if len(shown.list) != len(branch) {
				t.Fatal("a branch is not shown whole")
			}
			for i, m := range branch {
				reached[m.ID] = true
				if x := shown.list[i].turn; x != nil {
					for _, to := range []string{x.back, x.next} {
						if to != "" {
							leaves = append(leaves, to)
						}
					}
					if x.at < 1 || x.at > x.of || x.of < 2 || (x.back == "") != (x.at == 1) || (x.next == "") != (x.at == x.of) {
						t.Fatalf("%+v", x)
					}
				}
			}
		}
		// From a message that is no leaf the page shows the branch up to it; what is below is reached from the turns above, or by going on.
		roots := map[string]bool{}
		for _, m := range c.Messages {
			roots[c.Branch(m.ID)[0].ID] = true
		}
		if len(roots) > 1 && len(reached) == 0 {
			t.Fatal("nothing is reached")
		}
		for r := range roots {
			if !reached[r] {
				t.Fatalf("the root %s cannot be reached", r)
			}
		}
	})
}
