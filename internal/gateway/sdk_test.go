package gateway_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/anthropics/anthropic-sdk-go"
	anthropicoption "github.com/anthropics/anthropic-sdk-go/option"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"

	"tekentafel/internal/gateway/budget"
)

const told = "Mevrouw An Peeters, an.peeters@example.be, belde over 85.07.30-033.28."

// private is what may not arrive at a model.
var private = []string{"An Peeters", "an.peeters@example.be", "85.07.30-033.28"}

// holds that nothing private arrived.
func (w *world) unseen() {
	w.t.Helper()
	got := w.mock.Received()
	if len(got) == 0 {
		w.t.Error("nothing arrived at all")
	}
	for _, body := range got {
		for _, v := range private {
			if strings.Contains(string(body), v) {
				w.t.Errorf("%s arrived: %s", v, body)
			}
		}
	}
}

func ofOpenAI(w *world, opts ...option.RequestOption) openai.Client {
	return openai.NewClient(append([]option.RequestOption{option.WithBaseURL(w.url + "/v1"), option.WithAPIKey(secret)}, opts...)...)
}

func TestTheKitOfOpenAIChats(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	client := ofOpenAI(w)
	params := openai.ChatCompletionNewParams{Model: "mock;echo;bytes=1", Messages: []openai.ChatCompletionMessageParamUnion{
		openai.SystemMessage("Wees beleefd."), openai.UserMessage(told)}}
	var raw *http.Response
	whole, err := client.Chat.Completions.New(t.Context(), params, option.WithResponseInto(&raw))
	if err != nil {
		t.Fatal(err)
	}
	if whole.Choices[0].Message.Content != told || whole.Usage.CompletionTokens == 0 {
		t.Errorf("%+v", whole)
	}
	if got := raw.Header.Get("X-Tekentafel-Guard"); got != "masked mail=1 national=1 person=1" {
		t.Errorf("the header says %q", got)
	}
	if !strings.HasPrefix(raw.Header.Get("X-Request-Id"), "req_") {
		t.Error("no name of the request")
	}
	for _, usage := range []bool{false, true} {
		if usage {
			params.StreamOptions.IncludeUsage = openai.Bool(true)
		}
		stream := client.Chat.Completions.NewStreaming(t.Context(), params)
		sum := openai.ChatCompletionAccumulator{}
		for stream.Next() {
			if c := stream.Current(); !usage && len(c.Choices) == 0 {
				t.Error("a chunk that was not asked for")
			}
			sum.AddChunk(stream.Current())
		}
		if err := stream.Err(); err != nil {
			t.Fatal(err)
		}
		if sum.Choices[0].Message.Content != told || usage != (sum.Usage.CompletionTokens > 0) {
			t.Errorf("%+v", sum)
		}
	}
	w.unseen()
}

func TestTheKitOfOpenAICallsTools(t *testing.T) {
	t.Parallel()
	for _, stream := range []bool{false, true} {
		w := newWorld(t, settings{})
		client := ofOpenAI(w)
		params := openai.ChatCompletionNewParams{Model: "mock;echo;bytes=1;tool", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(told)},
			Tools: []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{Name: "zoek",
				Parameters: openai.FunctionParameters{"type": "object", "properties": map[string]any{"vraag": map[string]string{"type": "string"}}}})}}
		var message openai.ChatCompletionMessage
		if stream {
			s := client.Chat.Completions.NewStreaming(t.Context(), params)
			sum := openai.ChatCompletionAccumulator{}
			for s.Next() {
				sum.AddChunk(s.Current())
			}
			if s.Err() != nil {
				t.Fatal(s.Err())
			}
			message = sum.Choices[0].Message
		} else {
			whole, err := client.Chat.Completions.New(t.Context(), params)
			if err != nil {
				t.Fatal(err)
			}
			message = whole.Choices[0].Message
		}
		if len(message.ToolCalls) != 1 {
			t.Fatalf("%+v", message)
		}
		call := message.ToolCalls[0].Function
		var arguments struct{ Vraag string }
		if err := json.Unmarshal([]byte(call.Arguments), &arguments); err != nil || call.Name != "zoek" || arguments.Vraag != told {
			t.Errorf("%s(%s): %v", call.Name, call.Arguments, err)
		}
		// The round trip: what the tool answers names the same person, without a word that tells what the number is.
		params.Messages = append(params.Messages, message.ToParam(), openai.ToolMessage("Dossier van An Peeters, 85073003328", message.ToolCalls[0].ID))
		params.Model = "mock;echo"
		again, err := client.Chat.Completions.New(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		if again.Choices[0].Message.Content != "Dossier van An Peeters, 85073003328" {
			t.Errorf("%q", again.Choices[0].Message.Content)
		}
		w.unseen()
		if strings.Contains(string(w.mock.Received()[1]), "85073003328") {
			t.Error("another spelling arrived")
		}
	}
}

func TestTheKitOfOpenAIAsksResponsesEmbeddingsAndModels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	client := ofOpenAI(w)
	params := responses.ResponseNewParams{Model: "mock;echo;bytes=1", Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(told)}}
	whole, err := client.Responses.New(t.Context(), params)
	if err != nil {
		t.Fatal(err)
	}
	if whole.OutputText() != told || whole.Usage.OutputTokens == 0 {
		t.Errorf("%+v", whole)
	}
	stream := client.Responses.NewStreaming(t.Context(), params)
	text, done := "", ""
	for stream.Next() {
		switch e := stream.Current(); e.Type {
		case "response.output_text.delta":
			text += e.Delta
		case "response.completed":
			done = e.Response.OutputText()
		}
	}
	if stream.Err() != nil || text != told || done != told {
		t.Errorf("%q, %q: %v", text, done, stream.Err())
	}
	w.unseen()
	vectors, err := client.Embeddings.New(t.Context(), openai.EmbeddingNewParams{Model: "vectors", Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{told, "Iets anders."}}})
	if err != nil || len(vectors.Data) != 2 || len(vectors.Data[0].Embedding) != 8 || vectors.Usage.PromptTokens == 0 {
		t.Errorf("%+v, %v", vectors, err)
	}
	w.unseen()
	list, err := client.Models.List(t.Context())
	if err != nil || len(list.Data) != 2 || list.Data[0].ID != "mock" {
		t.Errorf("%+v, %v", list, err)
	}
	one, err := client.Models.Get(t.Context(), "vectors")
	if err != nil || one.ID != "vectors" {
		t.Errorf("%+v, %v", one, err)
	}
	few := ofOpenAI(w, option.WithAPIKey(secret+"-vectors"))
	if list, err := few.Models.List(t.Context()); err != nil || len(list.Data) != 1 {
		t.Errorf("a key of one model sees %+v, %v", list, err)
	}
	var e *openai.Error
	if _, err := few.Models.Get(t.Context(), "mock"); !errors.As(err, &e) || e.StatusCode != 404 || e.Code != "model_not_found" {
		t.Errorf("%v", err)
	}
	if _, err := few.Chat.Completions.New(t.Context(), openai.ChatCompletionNewParams{Model: "mock", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Hallo")}}); !errors.As(err, &e) || e.StatusCode != 404 {
		t.Errorf("%v", err)
	}
}

func TestTheKitOfOpenAIReadsErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{limits: rules{{ID: "one", Kind: budget.Key, Subject: "key-1", Period: budget.Day, Unit: budget.Tokens, Most: 5000, Ask: "the service desk"}}})
	client := ofOpenAI(w, option.WithMaxRetries(0))
	ask := func(c openai.Client, model, text string, stream bool) *openai.Error {
		t.Helper()
		params := openai.ChatCompletionNewParams{Model: model, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)}}
		var err error
		if stream {
			s := c.Chat.Completions.NewStreaming(t.Context(), params)
			for s.Next() {
			}
			err = s.Err()
		} else {
			_, err = c.Chat.Completions.New(t.Context(), params)
		}
		var e *openai.Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: %v", model, err)
		}
		return e
	}
	for _, stream := range []bool{false, true} {
		for _, c := range []struct {
			model, text, code, kind string
			status                  int
		}{
			{"mock", "Mijn wachtwoord: Zomer2026!geheim", "blocked_by_guard", "invalid_request_error", 400},
			{"unknown", "Hallo", "model_not_found", "invalid_request_error", 404},
			{"vectors", "Hallo", "wrong_model", "invalid_request_error", 400},
			{"mock", strings.Repeat("lang ", 1200), "budget_exceeded", "rate_limit_error", 429},
			{"mock;status=429;retry=7", "Hallo", "", "rate_limit_error", 429},
			{"mock;status=500", "Hallo", "", "server_error", 500},
		} {
			e := ask(client, c.model, c.text, stream)
			if e.StatusCode != c.status || e.Code != c.code || e.Type != c.kind || e.Message == "" {
				t.Errorf("%s: %d %s %s %q", c.model, e.StatusCode, e.Code, e.Type, e.Message)
			}
			if strings.Contains(c.model, "retry") && e.Response.Header.Get("Retry-After") != "7" {
				t.Error("when to try again is not told")
			}
			if c.code == "budget_exceeded" && (e.Response.Header.Get("X-Should-Retry") != "false" || !strings.Contains(e.Message, "ask the service desk") && !strings.Contains(e.Message, "whole limit")) {
				t.Errorf("%q, retry %q", e.Message, e.Response.Header.Get("X-Should-Retry"))
			}
		}
	}
	if e := ask(ofOpenAI(w, option.WithAPIKey("tk_another"), option.WithMaxRetries(0)), "mock", "Hallo", false); e.StatusCode != 401 || e.Type != "authentication_error" {
		t.Errorf("%d %s", e.StatusCode, e.Type)
	}
	// A stream that breaks off tells so within itself.
	s := client.Chat.Completions.NewStreaming(t.Context(), openai.ChatCompletionNewParams{Model: "mock;cut=3", Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Hallo")}})
	n := 0
	for s.Next() {
		n++
	}
	if s.Err() == nil || n < 3 {
		t.Errorf("%d chunks, then %v", n, s.Err())
	}
	// Nothing that may have been charged is asked again: the kit would do so twice.
	before := w.mock.Counts().Requests
	_ = ask(ofOpenAI(w), "mock;status=500", "Hallo", false)
	if n := w.mock.Counts().Requests - before; n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func ofAnthropic(w *world) anthropic.Client {
	return anthropic.NewClient(anthropicoption.WithBaseURL(w.url), anthropicoption.WithAPIKey(secret), anthropicoption.WithMaxRetries(0))
}

func TestTheKitOfAnthropic(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	client := ofAnthropic(w)
	params := func(model string) anthropic.MessageNewParams {
		return anthropic.MessageNewParams{Model: anthropic.Model(model), MaxTokens: 500, Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(told))},
			System: []anthropic.TextBlockParam{{Text: "Wees beleefd."}}}
	}
	whole, err := client.Messages.New(t.Context(), params("mock;echo;bytes=1"))
	if err != nil || whole.Content[0].Text != told || whole.Usage.OutputTokens == 0 {
		t.Fatalf("%+v, %v", whole, err)
	}
	p := params("mock;echo;bytes=1;tool")
	p.Tools = []anthropic.ToolUnionParam{{OfTool: &anthropic.ToolParam{Name: "zoek", InputSchema: anthropic.ToolInputSchemaParam{Properties: map[string]any{"vraag": map[string]string{"type": "string"}}}}}}
	for _, tools := range []bool{false, true} {
		q := params("mock;echo;bytes=1")
		if tools {
			q = p
		}
		stream := client.Messages.NewStreaming(t.Context(), q)
		sum := anthropic.Message{}
		for stream.Next() {
			if err := sum.Accumulate(stream.Current()); err != nil {
				t.Fatal(err)
			}
		}
		if stream.Err() != nil {
			t.Fatal(stream.Err())
		}
		got := sum.Content[0].Text
		if tools {
			var input struct{ Vraag string }
			if err := json.Unmarshal(sum.Content[0].Input, &input); err != nil {
				t.Fatal(err)
			}
			got = input.Vraag
			// The round trip.
			next := p
			next.Model = "mock;echo"
			next.Messages = append(next.Messages, sum.ToParam(), anthropic.NewUserMessage(anthropic.NewToolResultBlock(sum.Content[0].ID, "Dossier van An Peeters", false), anthropic.NewTextBlock("En nu?")))
			if again, err := client.Messages.New(t.Context(), next); err != nil || again.Content[0].Text != "En nu?" {
				t.Errorf("%+v, %v", again, err)
			}
		}
		if got != told || sum.Usage.OutputTokens == 0 {
			t.Errorf("%q, %+v", got, sum.Usage)
		}
	}
	w.unseen()
	for model, want := range map[string]struct {
		status int
		kind   string
	}{"unknown": {404, "not_found_error"}, "mock;status=429": {429, "rate_limit_error"}, "mock;status=500": {500, "api_error"}, "mock;status=529": {529, "overloaded_error"}} {
		var e *anthropic.Error
		if _, err := client.Messages.New(t.Context(), params(model)); !errors.As(err, &e) || e.StatusCode != want.status || string(e.Type()) != want.kind || e.RequestID == "" {
			t.Errorf("%s: %v", model, err)
		}
	}
	stream := client.Messages.NewStreaming(t.Context(), params("mock;cut=3"))
	for stream.Next() {
	}
	if stream.Err() == nil || !strings.Contains(stream.Err().Error(), "broke off") {
		t.Errorf("a stream that breaks off ends with %v", stream.Err())
	}
	var e *anthropic.Error
	if _, err := client.Messages.CountTokens(t.Context(), anthropic.MessageCountTokensParams{Model: "mock", Messages: params("mock").Messages}); !errors.As(err, &e) || e.StatusCode != 404 || !strings.Contains(e.RawJSON(), "counting tokens") {
		t.Errorf("counting tokens: %v", err)
	}
	if list, err := client.Models.List(t.Context(), anthropic.ModelListParams{}); err != nil || len(list.Data) != 2 || list.Data[0].DisplayName != "Mock" {
		t.Errorf("%+v, %v", list, err)
	}
}
