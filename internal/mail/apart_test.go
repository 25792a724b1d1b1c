package mail

import (
	"strings"
	"testing"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/testkit/smtptest"
)

func TestKindThatIsApartStandsInNoList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOutbox(t, Config{Address: "127.0.0.1:1", Security: None, From: "a@b.example"}, testParts(t, d, newHand().clock))
		o.Register(Kind{Name: "apart", Bundle: locale(), Key: "kind.test", Apart: true})
		m := invitation("anna@stad.example")
		listed := post(t, o, dbtest.Ours, m)
		m.Kind = "apart"
		hidden := post(t, o, dbtest.Ours, m)
		for _, after := range []string{"", "0"} {
			p, err := o.List(t.Context(), dbtest.Ours, admin(dbtest.Ours), "", "", after)
			if err != nil || len(p.Mails) != 1 || p.Mails[0].ID != listed || p.Counts[Waiting] != 1 {
				t.Errorf("after %q: %+v, %v", after, p, err)
			}
		}
		ids, err := o.Unsent(t.Context(), d.Of(dbtest.Ours), "apart")
		if err != nil || len(ids) != 1 || ids[0] != hidden {
			t.Errorf("%v, %v", ids, err)
		}
	})
}

func TestWithdrawnMailIsNotSentAndKeepsNoAddress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *smtptest.Server, o *Outbox, _ *hand) {
		waiting, back, sent := post(t, o, dbtest.Ours, invitation("waiting@stad.example")), "", ""
		withdraw := func(name string) {
			t.Helper()
			if err := o.DB.Write(t.Context(), dbtest.Ours, func(s *db.Scope) error { return o.Withdraw(t.Context(), s, name) }); err != nil {
				t.Fatal(err)
			}
		}
		withdraw(waiting)
		s.Behave(smtptest.Behaviour{Refuse: []string{"back@stad.example"}})
		back, sent = post(t, o, dbtest.Ours, invitation("back@stad.example")), post(t, o, dbtest.Ours, invitation("sent@stad.example"))
		pass(t, o)
		list, err := o.Undelivered(t.Context(), o.DB.Of(dbtest.Ours), Invitation)
		if err != nil || len(list) != 1 || list[0].ID != back {
			t.Fatalf("%+v, %v", list, err)
		}
		withdraw(back)
		withdraw(sent)
		if got := get(t, o, dbtest.Ours, back); got.Recipient != "" || got.Reply != "" || got.State != Refused {
			t.Errorf("%+v", got)
		}
		if got := get(t, o, dbtest.Ours, sent); got.State != Sent || got.Recipient != "sent@stad.example" {
			t.Errorf("%+v", got)
		}
		for _, m := range s.Messages() {
			if m.To[0] != "sent@stad.example" {
				t.Errorf("sent to %v", m.To)
			}
		}
	})
}

func TestNoteStandsBeforeTheWordsOfTheKind(t *testing.T) {
	t.Parallel()
	m := invitation("anna@stad.example")
	m.Note = "First of all.\r\n\r\n\n  \nSecond,\nand \u202elast."
	k := builtin()[0]
	_, w, err := k.write(m, newHand().now, clock.Brussels())
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(w.Text), " ")
	if !strings.HasPrefix(text, "Dag Anna, First of all. Second, and last. Stad Voorbeeld heeft een account") || !strings.Contains(w.HTML, "<p>Second, and last.</p>") {
		t.Errorf("%s\n%s", text, w.HTML)
	}
}
