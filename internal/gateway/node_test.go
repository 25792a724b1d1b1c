package gateway_test

import (
	"encoding/json"
	"testing"

	"tekentafel/internal/testkit/node"
)

// heard is what OpenAI's kit for Node.js says of an answer.
type heard struct {
	Text  string
	Calls []struct {
		Function struct{ Name, Arguments string }
	}
	Tokens  int
	Sizes   []int
	Request string
	Failure *struct {
		Name, Code, Type, Message, Request string
		Status                             int
	}
}

func TestTheKitOfOpenAIForNodeAsks(t *testing.T) {
	t.Parallel()
	kit := node.Start(t, "openai.js", "openai")
	w := newWorld(t, settings{})
	type object = map[string]any
	ask := func(key, way string, params object) heard {
		t.Helper()
		return node.Do[heard](kit, "ask", object{"url": w.url, "key": key, "way": way, "params": params})
	}
	messages := []object{{"role": "system", "content": "Wees beleefd."}, {"role": "user", "content": told}}
	for _, way := range []string{"chat", "stream"} {
		params := object{"model": "mock;echo;bytes=1", "messages": messages}
		if got := ask(secret, way, params); got.Text != told || way == "chat" && (got.Tokens == 0 || got.Request == "") {
			t.Errorf("%s: %+v", way, got)
		}
		params["model"] = "mock;echo;bytes=1;tool"
		params["tools"] = []object{{"type": "function", "function": object{"name": "zoek", "parameters": object{"type": "object", "properties": object{}}}}}
		got := ask(secret, way, params)
		var arguments struct{ Vraag string }
		if len(got.Calls) != 1 || json.Unmarshal([]byte(got.Calls[0].Function.Arguments), &arguments) != nil || arguments.Vraag != told || got.Calls[0].Function.Name != "zoek" {
			t.Errorf("%s with a tool: %+v", way, got)
		}
		for model, want := range map[string]struct {
			name   string
			status int
		}{"none": {"NotFoundError", 404}, "mock;status=429": {"RateLimitError", 429}, "mock;status=500": {"InternalServerError", 500}} {
			if f := ask(secret, way, object{"model": model, "messages": messages}).Failure; f == nil || f.Name != want.name || f.Status != want.status || f.Request == "" {
				t.Errorf("%s of %s: %+v", way, model, f)
			}
		}
	}
	if f := ask(secret, "stream", object{"model": "mock;cut=2", "messages": messages}).Failure; f == nil || f.Code != "upstream_cut" {
		t.Errorf("a stream that breaks off: %+v", f)
	}
	if f := ask("tk_another", "chat", object{"model": "mock", "messages": messages}).Failure; f == nil || f.Name != "AuthenticationError" || f.Code != "invalid_api_key" {
		t.Errorf("another key: %+v", f)
	}
	if f := ask(secret, "chat", object{"model": "mock", "messages": []object{{"role": "user", "content": "wachtwoord: Zomer2026!geheim"}}}).Failure; f == nil || f.Code != "blocked_by_guard" || f.Name != "BadRequestError" {
		t.Errorf("a password: %+v", f)
	}
	if got := ask(secret, "responses", object{"model": "mock;echo;bytes=1", "input": told}); got.Text != told || got.Tokens == 0 {
		t.Errorf("%+v", got)
	}
	if got := ask(secret, "embeddings", object{"model": "vectors", "input": []string{told, "Iets anders."}}); len(got.Sizes) != 2 || got.Sizes[0] != 8 || got.Tokens == 0 {
		t.Errorf("%+v", got)
	}
	if got := ask(secret, "models", nil); got.Text != "mock vectors" {
		t.Errorf("%+v", got)
	}
	w.unseen()
}
