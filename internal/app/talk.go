package app

import (
	"context"
	"encoding/base64"
	"errors"

	"tekentafel/internal/access"
	"tekentafel/internal/gateway"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/budget"
	"tekentafel/internal/gateway/door"
	"tekentafel/internal/gateway/limits"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/tenant"
)

// talk is the gateway as the chat wants it.
type talk struct {
	upstream backend.Upstream
	engine   *gateway.Engine
	policies door.Policies
	limits   *limits.Service
	places   *places
}

// Offered implements lab.Models.
func (k talk) Offered(context.Context, tenant.ID, string, instrument.Lang) ([]lab.Model, error) {
	var out []lab.Model
	for _, m := range k.upstream.Models() {
		if !m.Embeds {
			out = append(out, lab.Model{Name: m.Name, Title: m.Title, Where: m.Where, Images: m.Images, Practice: m.Practice, Context: m.Context})
		}
	}
	return out, nil
}

// Policy implements lab.Models.
func (k talk) Policy(ctx context.Context, t tenant.ID) (guard.Policy, error) {
	return k.policies.Policy(ctx, t)
}

// Ask implements lab.Models.
func (k talk) Ask(ctx context.Context, t tenant.ID, q *lab.Question, emit func(lab.Piece) error) (lab.Outcome, error) {
	m, ok := k.upstream.Model(q.Model)
	if !ok || m.Embeds {
		return lab.Outcome{}, &lab.Failure{Trouble: lab.NoModel}
	}
	c, err := conversation(q, &m)
	if err != nil {
		return lab.Outcome{}, err
	}
	at, err := k.places.Of(ctx, t, q.Account)
	if err != nil {
		return lab.Outcome{}, err
	}
	done, err := k.engine.Ask(ctx, door.Caller{Tenant: t, Person: q.Account, Teams: at.Units}, c, gateway.Options{Task: q.Task, Keep: lab.Keeps(q.Kept), Labels: guard.LabelsOf(q.Lang)}, nil, func(step wire.Step) error {
		if step.Text == "" || step.Kind != wire.StepText && step.Kind != wire.StepThought {
			return nil
		}
		return emit(lab.Piece{Text: step.Text, Thinking: step.Kind == wire.StepThought})
	})
	out := lab.Outcome{Stopped: done.Outcome == door.Stopped || done.Outcome == door.Cut, Tokens: done.Used.Tokens(), Masked: done.Masked, Found: done.Back}
	if done.Cost > 0 {
		out.Cost = limits.Money(q.Lang, done.Cost)
	}
	if len(done.Warn) > 0 {
		st := limits.Private(done.Warn[0])
		out.Warn = limits.Message(limits.Says(q.Lang, &st, ""))
	}
	return out, k.failure(q.Lang, err)
}

// Limits implements lab.Models.
func (k talk) Limits(ctx context.Context, t tenant.ID, account string, lang instrument.Lang) ([]lab.Limit, error) {
	states, err := k.limits.Mine(ctx, access.Actor{Kind: access.Person, Tenant: t, ID: account, Owner: account})
	if err != nil {
		return nil, err
	}
	var out []lab.Limit
	for i := range states {
		st := &states[i]
		out = append(out, lab.Limit{Name: limits.Message(limits.Called(lang, st.Kind, st.Period, st.Own, "")), Says: limits.Message(limits.Says(lang, st, "")), Percent: limits.Percent(st)})
	}
	return out, nil
}

// failure says an error of the gateway as the chat knows it.
func (k talk) failure(lang instrument.Lang, err error) error {
	var blocked *gateway.Blocked
	var refused *budget.Refused
	var b *backend.Error
	var f *wire.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &blocked):
		return &lab.Failure{Trouble: lab.Blocked, Err: errors.New("blocked by the guard")}
	case errors.As(err, &refused):
		private := *refused
		private.State = limits.Private(refused.State)
		return &lab.Failure{Trouble: lab.Spent, Says: limits.Message(limits.Refusal(lang, &private, "")), Err: errors.New("a limit has too little left")}
	case errors.As(err, &b):
		return &lab.Failure{Trouble: troubles()[b.Reason], Retry: b.Retry, Err: b}
	case errors.As(err, &f):
		fault := *f
		fault.Message = "" // it may repeat what was sent
		switch f.Code {
		case "model_not_found", "no_price":
			return &lab.Failure{Trouble: lab.NoModel, Err: &fault}
		case "timeout":
			return &lab.Failure{Trouble: lab.Slow, Err: &fault}
		case "stopping":
			return &lab.Failure{Trouble: lab.Busy, Err: &fault}
		}
		return &lab.Failure{Trouble: lab.Unfit, Err: &fault}
	}
	return err
}

// troubles says what a person meets for each reason of a backend.
func troubles() map[backend.Reason]lab.Trouble {
	return map[backend.Reason]lab.Trouble{
		backend.Unknown: lab.NoModel, backend.Unfit: lab.Unfit, backend.Refusal: lab.Unfit, backend.Credentials: lab.Unreachable, backend.Busy: lab.Busy,
		backend.Unreachable: lab.Unreachable, backend.Slow: lab.Slow, backend.Broken: lab.Broken, backend.Severed: lab.Severed, backend.Gone: lab.Severed,
	}
}

// conversation puts a question in the words of the gateway. The fixed answer of a challenge goes to the practice model alone.
func conversation(q *lab.Question, m *backend.Model) (*wire.Conversation, error) {
	c := &wire.Conversation{Model: q.Model}
	for i := range q.Messages {
		msg := &q.Messages[i]
		text := msg.Whole()
		if msg.Role == lab.System && !m.Practice {
			text, _ = lab.CutPractice(text)
		}
		var parts []wire.Part
		if text != "" {
			parts = append(parts, wire.Part{Kind: wire.PartText, Text: text})
		}
		for j := range msg.Files {
			if f := &msg.Files[j]; f.Media != "" {
				parts = append(parts, wire.Part{Kind: wire.PartImage, Media: f.Media, Data: base64.StdEncoding.EncodeToString(f.Data)})
				if !m.Images {
					return nil, &lab.Failure{Trouble: lab.Unfit, Err: errors.New("the model takes no images")}
				}
			}
		}
		if len(parts) > 0 {
			c.Turns = append(c.Turns, wire.Turn{Role: roles()[msg.Role], Parts: parts})
		}
	}
	return c, nil
}

func roles() map[lab.Role]wire.Role {
	return map[lab.Role]wire.Role{lab.System: wire.RoleSystem, lab.User: wire.RoleUser, lab.Assistant: wire.RoleAssistant}
}
