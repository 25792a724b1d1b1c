package wire

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// same compares what conversations say.
func same(a, b any) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(Part{}, Conversation{}, Format{}), cmpopts.IgnoreFields(Conversation{}, "Left"), cmpopts.EquateEmpty())
}

// anyConversation draws one that every shape can say.
func anyConversation(t *rapid.T) *Conversation {
	word := rapid.StringMatching(`[a-zé"\\\n ]{1,12}`)
	name := rapid.StringMatching(`[a-z]{1,8}`)
	text := func() Part { return Part{Kind: PartText, Text: word.Draw(t, "text")} }
	image := func() Part {
		if rapid.Bool().Draw(t, "within") {
			return Part{Kind: PartImage, Media: "image/png", Data: "iVBORw=="}
		}
		return Part{Kind: PartImage, URL: "https://example.org/a.png"}
	}
	c := &Conversation{Model: name.Draw(t, "model"), MaxOutput: rapid.Int64Range(1, 9999).Draw(t, "limit")}
	if rapid.Bool().Draw(t, "system") {
		c.System = []Part{text()}
	}
	for range rapid.IntRange(1, 3).Draw(t, "turns") {
		user := Turn{Role: RoleUser, Parts: []Part{text()}}
		if rapid.Bool().Draw(t, "image") {
			user.Parts = append(user.Parts, image(), text())
		}
		c.Turns = append(c.Turns, user)
		said := Turn{Role: RoleAssistant}
		if rapid.Bool().Draw(t, "said") {
			said.Parts = append(said.Parts, text())
		}
		results := Turn{Role: RoleUser}
		for i := range rapid.IntRange(0, 2).Draw(t, "calls") {
			id := "call_" + string(rune('a'+i))
			said.Parts = append(said.Parts, Part{Kind: PartCall, ID: id, Name: name.Draw(t, "name"), Input: append(AppendQuote([]byte(`{"a": `), word.Draw(t, "argument")), '}')})
			results.Parts = append(results.Parts, Part{Kind: PartResult, ID: id, Parts: []Part{text()}})
		}
		for _, turn := range []Turn{said, results} {
			if len(turn.Parts) > 0 {
				c.Turns = append(c.Turns, turn)
			}
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "tools") {
		c.Tools = append(c.Tools, Tool{Name: name.Draw(t, "tool"), Description: word.Draw(t, "description"), Schema: []byte(`{"type":"object", "properties":{}}`), Strict: rapid.Bool().Draw(t, "strict")})
	}
	if len(c.Tools) > 0 {
		c.Use = rapid.SampledFrom([]Use{UseAuto, UseNone, UseAny, UseOne}).Draw(t, "use")
		if c.Use == UseOne {
			c.UseTool = c.Tools[0].Name
		}
		c.OneCall = c.Use != UseNone && rapid.Bool().Draw(t, "one")
	}
	if rapid.Bool().Draw(t, "temperature") {
		c.Temperature, c.TopP = []byte("0.30"), []byte("1")
	}
	if rapid.Bool().Draw(t, "format") {
		c.Format = &Format{Name: "answer", Schema: []byte(`{"type": "object"}`)}
	}
	c.Effort = rapid.SampledFrom([]string{"", "low", "high"}).Draw(t, "effort")
	c.User = rapid.SampledFrom([]string{"", "u1"}).Draw(t, "user")
	if c.Stream = rapid.Bool().Draw(t, "stream"); c.Stream {
		c.WithUsage = true
	}
	return c
}

func through(t interface{ Fatalf(string, ...any) }, c *Conversation, s Shape) *Conversation {
	b, err := c.Body(s, Options{})
	if err != nil {
		t.Fatalf("%v: %v", s, err)
	}
	r, err := ReadRequest(s, b, Limits{})
	if err != nil {
		t.Fatalf("%v: %v in %s", s, err, b)
	}
	back, err := ReadConversation(r)
	if err != nil {
		t.Fatalf("%v: %v in %s", s, err, b)
	}
	if s != Chat { // the others have no such field
		back.WithUsage = back.Stream
	}
	if s == Messages && back.Format != nil { // which has no name there
		back.Format.Name = "answer"
	}
	return back
}

func TestAConversationSaysTheSameInEveryShape(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyConversation(t)
		for _, a := range []Shape{Chat, Responses, Messages} {
			one := through(t, c, a)
			if diff := same(c, one); diff != "" {
				t.Fatalf("through %v: %s", a, diff)
			}
			for _, b := range []Shape{Chat, Responses, Messages} {
				if diff := same(c, through(t, one, b)); diff != "" {
					t.Fatalf("through %v and %v: %s", a, b, diff)
				}
			}
		}
	})
}

func TestARequestIsConvertedAsTheReferencesSay(t *testing.T) {
	t.Parallel()
	chat := `{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"U"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"auto"}}]},
		{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","type":"function","function":{"name":"f","arguments":""}}]},
		{"role":"tool","tool_call_id":"c1","content":"R1"},{"role":"tool","tool_call_id":"c2","content":"R2"}],
		"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required","parallel_tool_calls":false,"stop":"X","n":1,"logprobs":false,"max_completion_tokens":7,"stream":true}`
	got, left, err := Convert(mustRead(t, Chat, chat), Messages, Options{})
	want := `{"model":"m","max_tokens":7,"system":[{"type":"text","text":"S"}],"messages":[` +
		`{"role":"user","content":[{"type":"text","text":"U"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},` +
		`{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":1}},{"type":"tool_use","id":"c2","name":"f","input":{}}]},` +
		`{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"R1"}]},{"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"R2"}]}]}],` +
		`"stop_sequences":["X"],"tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true},"stream":true}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil || len(left) > 0 {
		t.Errorf("%v, left %v\n%s", err, left, diff)
	}
	messages := `{"model":"m","max_tokens":9,"system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],"thinking":{"type":"disabled"},"messages":[
		{"role":"user","content":"U"},{"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"x"},{"type":"tool_use","id":"t1","name":"f","input":{"a": 1}}]},
		{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true},{"type":"text","text":"V"}]}]}`
	got, left, err = Convert(mustRead(t, Messages, messages), Chat, Options{OldLimit: true})
	want = `{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"U"},` +
		`{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]},` +
		`{"role":"tool","tool_call_id":"t1","content":""},{"role":"user","content":"V"}],"max_tokens":9}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"system[0].cache_control", "messages[1].content[0]", "messages[2].content[0].is_error"}, left); diff != "" {
		t.Error(diff)
	}
	got, _, err = Convert(mustRead(t, Chat, chat[:strings.Index(chat, `"stop"`)]+`"metadata":{"k":"v"}}`), Responses, Options{})
	want = `{"model":"m","instructions":"S","input":[` +
		`{"type":"message","role":"user","content":[{"type":"input_text","text":"U"},{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"auto"}]},` +
		`{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call","call_id":"c2","name":"f","arguments":"{}"},` +
		`{"type":"function_call_output","call_id":"c1","output":"R1"},{"type":"function_call_output","call_id":"c2","output":"R2"}],` +
		`"tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}],"tool_choice":"required","parallel_tool_calls":false,"store":false,"metadata":{"k":"v"}}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestWhatCannotBeConvertedIsSaidWithItsField(t *testing.T) {
	t.Parallel()
	user := `"messages":[{"role":"user","content":"U"}]`
	for _, c := range []struct {
		from, to  Shape
		in, field string
	}{
		{Chat, Messages, `{"model":"m",` + user + `,"seed":7}`, "seed"},
		{Chat, Messages, `{"model":"m",` + user + `,"n":2}`, "n"},
		{Chat, Messages, `{"model":"m",` + user + `,"logprobs":true}`, "logprobs"},
		{Chat, Messages, `{"model":"m",` + user + `,"temperature":1.5}`, "temperature"},
		{Chat, Messages, `{"model":"m",` + user + `,"response_format":{"type":"json_object"}}`, "response_format"},
		{Chat, Messages, `{"model":"m",` + user + `,"reasoning_effort":"minimal"}`, "reasoning_effort"},
		{Chat, Messages, `{"model":"m",` + user + `,"what":{"x":1}}`, "what"},
		{Chat, Messages, `{"model":"m",` + user + `,"tools":[{"type":"custom","custom":{}}]}`, "tools[0].custom"},
		{Chat, Messages, `{"model":"m","messages":[{"role":"user","content":"U"},{"role":"system","content":"S"}]}`, "messages[1].content"},
		{Chat, Messages, `{"model":"m","messages":[{"role":"user","name":"x","content":"U"}]}`, "messages[0].name"},
		{Chat, Messages, `{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}`, "messages[0].content[0]"},
		{Chat, Messages, `{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/bmp;base64,AA"}}]}]}`, "messages[0].content[0].image_url.url"},
		{Chat, Messages, `{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"[1]"}}]}]}`, "messages[0].tool_calls[0].function.arguments"},
		{Chat, Responses, `{"model":"m",` + user + `,"stop":["x"]}`, "stop"},
		{Messages, Chat, `{"model":"m",` + user + `,"top_k":3}`, "top_k"},
		{Messages, Chat, `{"model":"m",` + user + `,"thinking":{"type":"enabled","budget_tokens":1024}}`, "thinking"},
		{Messages, Chat, `{"model":"m",` + user + `,"tools":[{"type":"web_search_20250305","name":"web_search"}]}`, "tools[0].type"},
		{Messages, Chat, `{"model":"m","messages":[{"role":"user","content":[{"type":"document"}]}]}`, "messages[0].content[0]"},
		{Messages, Chat, `{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"url","url":"https://example.org"}}]}]}]}`, "messages[0].content[0].content[0]"},
		{Responses, Chat, `{"model":"m","input":"U","previous_response_id":"r"}`, "previous_response_id"},
		{Responses, Chat, `{"model":"m","input":"U","tools":[{"type":"web_search"}]}`, "tools[0].type"},
		{Responses, Messages, `{"model":"m","input":[{"type":"item_reference","id":"x"}]}`, "input[0]"},
		{Responses, Messages, `{"model":"m","input":"U","store":true}`, "store"},
	} {
		_, _, err := Convert(mustRead(t, c.from, c.in), c.to, Options{})
		f, ok := asFault(err)
		if !ok || f.Status != 400 || f.Field != c.field {
			t.Errorf("%v to %v, %s: %v", c.from, c.to, c.in, err)
		}
	}
}

func TestAnAnswerSaysTheSameInEveryShape(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := &Answer{ID: "id_1", Model: "m", Created: 5, Usage: Usage{Input: 9, Cached: 2, Output: 4}, Stop: rapid.SampledFrom([]Stop{StopEnd, StopLength, StopFilter}).Draw(t, "stop")}
		if rapid.Bool().Draw(t, "thought") {
			a.Parts = append(a.Parts, Part{Kind: PartThought, Text: "ik denk"})
		}
		if s := rapid.String().Draw(t, "text"); s != "" {
			a.Parts = append(a.Parts, Part{Kind: PartText, Text: s})
		}
		for range rapid.IntRange(0, 2).Draw(t, "calls") {
			a.Parts = append(a.Parts, Part{Kind: PartCall, ID: "c", Name: "f", Input: append(AppendQuote([]byte(`{"a":`), rapid.String().Draw(t, "argument")), '}')})
			a.Stop = StopTool
		}
		for _, s := range []Shape{Chat, Responses, Messages} {
			b, err := a.Body(s)
			if err != nil {
				t.Fatal(err)
			}
			for _, to := range []Shape{Chat, Responses, Messages} {
				c, err := ConvertAnswer(s, to, b, 5)
				if err != nil {
					t.Fatal(err)
				}
				d, err := Parse(c, Limits{})
				if err != nil {
					t.Fatalf("%v: %s", err, c)
				}
				got, err := ReadAnswer(to, d)
				if err != nil {
					t.Fatal(err)
				}
				got.Created = 5
				if diff := same(a, got); diff != "" {
					t.Fatalf("%v to %v: %s", s, to, diff)
				}
			}
		}
	})
}

func TestAnAnswerThatCannotBeConvertedIsSaid(t *testing.T) {
	t.Parallel()
	for in, s := range map[string]Shape{
		`{"choices":[]}`: Chat, `{"choices":[{},{}]}`: Chat, `no`: Chat, `{"choices":[{"finish_reason":"odd","message":{}}]}`: Chat,
		`{"choices":[{"finish_reason":"tool_calls","message":{"tool_calls":[{"function":{"arguments":"{"}}]}}]}`: Chat,
		`{"stop_reason":"end_turn","content":[{"type":"web_search_tool_result"}]}`:                               Messages,
		`{"status":"failed","error":{"message":"x"}}`:                                                            Responses, `{"status":"completed","output":[{"type":"web_search_call"}]}`: Responses,
	} {
		if b, err := ConvertAnswer(s, Messages, []byte(in), 1); ErrorStatus(err) != 502 {
			t.Errorf("%s became %s", in, b)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add([]byte(chatRequest), uint8(0), uint8(4))
	f.Add([]byte(`{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"x"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}`), uint8(1), uint8(0))
	f.Add([]byte(`{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"x"}]}]}`), uint8(4), uint8(1))
	f.Fuzz(func(t *testing.T, body []byte, from, to uint8) {
		a, b := Shape(from%5), Shape(to%5)
		if r, err := ReadRequest(a, body, Limits{}); err == nil {
			if out, _, err := Convert(r, b, Options{}); err == nil {
				if _, err := ReadRequest(b, out, Limits{Depth: 200}); err != nil && r.Model != "" && !strings.Contains(err.Error(), "messages") {
					t.Fatalf("%s became %s: %v", body, out, err)
				}
			}
		}
		if out, err := ConvertAnswer(a, b, body, 1); err == nil {
			if _, err := Parse(out, Limits{Depth: 200}); err != nil {
				t.Fatalf("%s became %s: %v", body, out, err)
			}
		}
	})
}
