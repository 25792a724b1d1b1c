package room

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/tenant"
)

// upstream keeps what would go to a model.
type upstream struct{ sent *wire.Conversation }

var errSeen = errors.New("it is seen, and goes no further")

func (*upstream) Models() []backend.Model {
	return []backend.Model{{Name: "m", Context: 100_000, MaxOutput: 1000}}
}

func (u *upstream) Model(string) (backend.Model, bool) { return u.Models()[0], true }

func (u *upstream) Do(_ context.Context, r *wire.Request) (*backend.Reply, error) {
	var err error
	if u.sent, err = wire.ReadConversation(r); err != nil {
		return nil, err
	}
	return nil, &backend.Error{Reason: backend.Busy}
}

func (u *upstream) Policy(context.Context, tenant.ID) (guard.Policy, error) {
	return guard.DefaultPolicy(), nil
}

// book lets every call go.
type book struct{}

func (book) ReserveLimited(context.Context, tenant.ID, *budget.Call) (budget.Receipt, bool, error) {
	return budget.Receipt{}, true, nil
}
func (book) Reserve(context.Context, tenant.ID, *budget.Call) (budget.Receipt, error) {
	return budget.Receipt{}, nil
}
func (book) Settle(context.Context, tenant.ID, string, budget.Amount, bool) error { return nil }
func (book) Release(context.Context, tenant.ID, string) error                     { return nil }
func (book) Lapse(context.Context, tenant.ID) (int, error)                        { return 0, nil }
func (book) Forget(context.Context, tenant.ID, time.Time, *time.Location) (int64, error) {
	return 0, nil
}

// TestWhatIsShownToLeaveIsWhatTheGatewaySends asks the gateway with random conversations, and compares what it sends with what the person saw.
func TestWhatIsShownToLeaveIsWhatTheGatewaySends(t *testing.T) {
	t.Parallel()
	prices, err := price.Parse("prices.yaml", []byte("models:\n  - model: m\n    prices: free\n"))
	if err != nil {
		t.Fatal(err)
	}
	up := &upstream{}
	engine, err := gateway.New(gateway.Dependencies{Upstream: up, Policies: up, Book: book{}, Prices: prices, Now: func() time.Time { return time.Unix(1_800_000_000, 0) }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	scanner := guard.New()
	words := []string{"An Peeters", "Jan Janssens", "Peeters", "An", "Annas", "mevrouw De Smet", "0470 12 34 56", "0470123456", "+32 470 12 34 56", "BSN 111222333", "111222333", "a111222333", "85.07.30-033.28", "85073003328",
		"an.peeters@stad.example", "Dampoortstraat 12, 9000 Gent", "BE68 5390 0754 7034", "ziek", "[PERSOON-1]", "PERSOON-1", "dossier 2024/12345", "2024/12345", "en", "zegt", "met", "aan", "\n", ". ", "😀"}
	rapid.Check(t, func(t *rapid.T) {
		text := func(label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 10).Draw(t, label), " ")
		}
		var messages []lab.Message
		role := lab.User
		for i := range 2*rapid.IntRange(0, 2).Draw(t, "earlier") + 1 {
			m := lab.Message{ID: newID(), Role: role, Text: text("text")}
			if role == lab.User && rapid.Bool().Draw(t, "file") {
				m.Files = []lab.File{{Name: text("name"), Text: text("content")}}
			}
			if i > 0 {
				m.Parent = messages[i-1].ID
			}
			messages = append(messages, m)
			if role = lab.User; m.Role == lab.User {
				role = lab.Assistant
			}
		}
		r := reviewOf(scanner, guard.DefaultPolicy(), instrument.NL, messages)
		last := &messages[len(messages)-1]
		for _, x := range r.Items {
			if x.Action == guard.Mask && rapid.Bool().Draw(t, "keep") {
				last.Kept = append(last.Kept, lab.Kept{Type: x.Type, Value: x.Value, Reason: "r"})
			}
		}
		r = reviewOf(scanner, guard.DefaultPolicy(), instrument.NL, messages)
		c := &wire.Conversation{Model: "m"}
		for _, m := range messages {
			role := wire.RoleUser
			if m.Role == lab.Assistant {
				role = wire.RoleAssistant
			}
			c.Turns = append(c.Turns, wire.Turn{Role: role, Parts: []wire.Part{{Kind: wire.PartText, Text: m.Whole()}}})
		}
		kept, _ := lab.Decided(messages)
		up.sent = nil
		_, err := engine.Ask(context.Background(), door.Caller{Tenant: "t", Person: "p"}, c, gateway.Options{Keep: lab.Keeps(kept), Labels: guard.LabelsOf(instrument.NL)}, nil, func(wire.Step) error { return errSeen })
		if up.sent == nil {
			t.Fatalf("nothing was sent: %v", err)
		}
		parts := up.sent.Turns[len(up.sent.Turns)-1].Parts
		if got := parts[len(parts)-1].Text; got != r.Leaves {
			t.Fatalf("shown is\n%q\nsent is\n%q", r.Leaves, got)
		}
	})
}
