package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/price"
	"tekentafel/internal/gateway/wire"
)

// Question is what is sent.
const Question = "Answer with the one word: good."

// mostTokens is what an answer is held to: models that think need some before the word.
const mostTokens = 512

// Options say how to look.
type Options struct {
	Now   clock.Clock
	Model string // the only one to look at; "" for all
}

// Run asks each model on each backend that it has. The error says that the settings cannot be used, or is that of ctx.
func Run(ctx context.Context, s *backend.Settings, o Options) (Report, error) {
	var out Report
	for _, m := range s.Models {
		if o.Model != "" && m.Name != o.Model {
			continue
		}
		for _, r := range s.Routes[m.Name] {
			one := *s
			one.Models, one.Routes = []backend.Model{m}, map[string][]backend.Route{m.Name: {r}}
			pool, err := backend.New(&one, backend.Parts{Now: o.Now, Wait: atOnce})
			if err != nil {
				return nil, err
			}
			v := &visit{pool: pool, now: o.Now, model: m, route: r}
			v.look(ctx, s.Prices)
			out = append(out, v.found...)
			if err := errors.Join(pool.Close(), ctx.Err()); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// atOnce does not wait before it tries again: a fault is to be seen.
func atOnce(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// visit looks at one model on one backend.
type visit struct {
	pool  *backend.Pool
	now   clock.Clock
	model backend.Model
	route backend.Route
	found Report
}

func (v *visit) say(check string, level Level, found, mend string, took time.Duration) {
	v.found = append(v.found, Finding{Model: v.model.Name, Backend: v.route.Backend, There: v.route.Model, Check: check, Level: level, Found: found, Mend: mend, Millis: took.Milliseconds()})
}

func (v *visit) look(ctx context.Context, prices *price.List) {
	if v.model.Embeds {
		v.embeddings(ctx)
	} else if v.answer(ctx) {
		v.stream(ctx)
		v.tools(ctx)
	}
	v.price(prices)
}

// body is a chat completion's request.
type body struct {
	Model     string    `json:"model"`
	Stream    bool      `json:"stream,omitempty"`
	MaxTokens int64     `json:"max_completion_tokens"`
	Messages  []message `json:"messages"`
	Tools     []any     `json:"tools,omitempty"`
	Choice    string    `json:"tool_choice,omitempty"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// do sends a request and returns the reply, which the caller closes, and how long it took to come.
func (v *visit) do(ctx context.Context, shape wire.Shape, what any) (*backend.Reply, time.Duration, error) {
	src, err := json.Marshal(what)
	if err != nil {
		return nil, 0, err
	}
	r, err := wire.ReadRequest(shape, src, wire.Limits{})
	if err != nil {
		return nil, 0, err
	}
	began := v.now()
	reply, err := v.pool.Do(ctx, r)
	return reply, v.now().Sub(began), err
}

func (v *visit) question() *body {
	return &body{Model: v.model.Name, MaxTokens: min(mostTokens, v.model.MaxOutput), Messages: []message{{"user", Question}}}
}

// answer looks whether the backend is reached, takes the key and answers. Without that there is nothing more to look at.
func (v *visit) answer(ctx context.Context) bool {
	reply, took, err := v.do(ctx, wire.Chat, v.question())
	if err != nil {
		v.fault("answer", err)
		return false
	}
	defer func() { _ = reply.Close() }()
	v.reached()
	d, err := wire.Parse(reply.Body, wire.Limits{})
	if err != nil {
		v.say("answer", Failure, "the answer is not JSON", mendBroken, took)
		return false
	}
	a, err := wire.ReadAnswer(wire.Chat, d)
	if err != nil {
		v.say("answer", Failure, "the answer is not one of this interface", mendBroken, took)
		return false
	}
	letters := 0
	for _, p := range a.Parts {
		letters += len(p.Text)
	}
	if letters == 0 {
		v.say("answer", Warning, fmt.Sprintf("it answers without a text, in %v", took.Round(time.Millisecond)), "a model that thinks may need a higher max_output; else look at what the backend logs", took)
	} else {
		v.say("answer", OK, fmt.Sprintf("it answers, in %v", took.Round(time.Millisecond)), "", took)
	}
	v.usage("usage", a.Usage)
	return true
}

// reached says what an answer shows.
func (v *visit) reached() {
	v.say("reach", OK, "the server is reached", "", 0)
	v.say("key", OK, "the key is accepted, or none is asked", "", 0)
}

func (v *visit) usage(check string, u wire.Usage) {
	if u.Input > 0 && u.Output > 0 {
		v.say(check, OK, fmt.Sprintf("it tells what it used: %d tokens in, %d out", u.Input, u.Output), "", 0)
		return
	}
	v.say(check, Warning, "it does not tell how many tokens it used", "budgets count an upper bound then, about four times as much; look whether the backend can tell usage, also of streams", 0)
}

// stream looks whether pieces come, and when the first.
func (v *visit) stream(ctx context.Context) {
	q := v.question()
	q.Stream = true
	reply, took, err := v.do(ctx, wire.Chat, q)
	if err != nil {
		v.fault("stream", err)
		return
	}
	defer func() { _ = reply.Close() }()
	steps := wire.NewStepReader(wire.Chat)
	pieces, used := 0, wire.Usage{}
	for {
		e, err := reply.Events.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = steps.Read(e, func(s wire.Step) error {
				if s.Kind == wire.StepText || s.Kind == wire.StepThought {
					pieces++
				}
				used = s.Usage
				return nil
			})
		}
		if err != nil {
			v.fault("stream", err)
			return
		}
	}
	v.say("stream", OK, fmt.Sprintf("it streams: the first piece after %v, %d in all", took.Round(time.Millisecond), pieces), "", took)
	v.usage("usage", used)
}

// tools looks whether the model calls a tool that it has to call.
func (v *visit) tools(ctx context.Context) {
	if !v.model.Tools {
		return
	}
	q := v.question()
	q.Choice = "required"
	q.Tools = []any{map[string]any{"type": "function", "function": map[string]any{"name": "say", "description": "Says a word.",
		"parameters": map[string]any{"type": "object", "properties": map[string]any{"word": map[string]any{"type": "string"}}, "required": []string{"word"}}}}}
	reply, took, err := v.do(ctx, wire.Chat, q)
	if err != nil {
		v.fault("tools", err)
		return
	}
	defer func() { _ = reply.Close() }()
	const mend = "write tools: false for this model, or start the backend so that it calls tools (vLLM: --enable-auto-tool-choice with a parser, llama.cpp: --jinja)"
	d, err := wire.Parse(reply.Body, wire.Limits{})
	if err != nil {
		v.say("tools", Failure, "the answer is not JSON", mendBroken, took)
		return
	}
	a, err := wire.ReadAnswer(wire.Chat, d)
	if err != nil {
		v.say("tools", Failure, "the call of a tool is not in the form of this interface", mend, took)
		return
	}
	for _, p := range a.Parts {
		if p.Kind == wire.PartCall && p.Name == "say" {
			v.say("tools", OK, "it calls a tool", "", took)
			return
		}
	}
	v.say("tools", Warning, "it answered with words where it had to call a tool", mend, took)
}

// embeddings looks whether a model makes vectors.
func (v *visit) embeddings(ctx context.Context) {
	reply, took, err := v.do(ctx, wire.Embeddings, map[string]any{"model": v.model.Name, "input": []string{Question}})
	if err != nil {
		v.fault("embeddings", err)
		return
	}
	defer func() { _ = reply.Close() }()
	v.reached()
	d, err := wire.Parse(reply.Body, wire.Limits{})
	if err != nil {
		v.say("embeddings", Failure, "the answer is not JSON", mendBroken, took)
		return
	}
	for _, item := range d.Root().Get("data").Items() {
		vector, err := wire.ReadEmbedding(item.Get("embedding"))
		if err != nil || len(vector) == 0 {
			break
		}
		v.say("embeddings", OK, fmt.Sprintf("it makes vectors of %d numbers, in %v", len(vector), took.Round(time.Millisecond)), "", took)
		return
	}
	v.say("embeddings", Failure, "the answer holds no vector", "look whether the model makes embeddings", took)
}

// price looks whether a price holds today.
func (v *visit) price(prices *price.List) {
	rates, err := prices.Rates(v.model.Name, v.now().In(clock.Brussels()))
	switch {
	case err != nil:
		v.say("price", Failure, "no price holds today, so that calls under a limit in euro are refused", "add a price with a day that has come, or prices: free", 0)
	case rates == (price.Rates{}):
		v.say("price", OK, "it costs nothing", "", 0)
	default:
		v.say("price", OK, fmt.Sprintf("euro for a million tokens: %v in, %v out", rates.Input, rates.Output), "", 0)
	}
	if !v.model.Practice && prices.Energy(v.model.Name) == nil {
		v.say("energy", OK, "nothing is known of its energy, and nothing is shown of it", "", 0)
	}
}
