package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustRead(t testing.TB, s Shape, body string) *Request {
	t.Helper()
	r, err := ReadRequest(s, []byte(body), Limits{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return r
}

const chatRequest = `{ "model":"m", "messages":[
 {"role":"system","content":"Wees kort."},
 {"role":"user","name":"jan","content":[{"type":"text","text":"Wie is d\u00e9 burgemeester?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},{"type":"image_url","image_url":{"url":"https://example.org/jan.png"}}]},
 {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"zoek","arguments":"{\"naam\": \"Jos\\u00e9\", \"rrn\":85073003361, \"x\":{\"85073003361\":true}}"}}]},
 {"role":"tool","tool_call_id":"call_1","content":"gevonden"}],
 "tools":[{"type":"function","function":{"name":"zoek","description":"Zoekt","parameters":{"type":"object"}}}],
 "metadata":{"dossier":"D-1"}, "onbekend": "iets", "nummer":85073003361, "seed":85073003361, "stream":true,"stream_options":{"include_usage":true},"max_tokens":50,"n":2}`

func TestEveryTextOfARequestIsShown(t *testing.T) {
	t.Parallel()
	var got []string
	mustRead(t, Chat, chatRequest).Texts(func(x Text) bool {
		got = append(got, fmt.Sprintf("%d %d %s=%s @%s", x.Role, x.Kind, x.Label, x.Content, x.Field()))
		return true
	})
	want := []string{
		"1 0 content=Wees kort. @messages[0].content",
		"0 5 name=jan @messages[1].name",
		"0 0 text=Wie is dé burgemeester? @messages[1].content[0].text",
		"0 5 url=https://example.org/jan.png @messages[1].content[2].image_url.url",
		"2 2 naam=naam @messages[2].tool_calls[0].function.arguments",
		"2 2 naam=José @messages[2].tool_calls[0].function.arguments",
		"2 2 rrn=rrn @messages[2].tool_calls[0].function.arguments",
		"2 2 rrn=85073003361 @messages[2].tool_calls[0].function.arguments",
		"2 2 x=x @messages[2].tool_calls[0].function.arguments",
		"2 2 85073003361=85073003361 @messages[2].tool_calls[0].function.arguments",
		"3 1 content=gevonden @messages[3].content",
		"0 3 type=function @tools[0].type",
		"0 3 name=zoek @tools[0].function.name",
		"0 3 description=Zoekt @tools[0].function.description",
		"0 3 type=object @tools[0].function.parameters.type",
		"0 5 dossier=dossier @metadata.dossier",
		"0 5 dossier=D-1 @metadata.dossier",
		"0 5 onbekend=iets @onbekend",
		"0 5 nummer=85073003361 @nummer",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTextsOfTheOtherShapesAreShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shape Shape
		in    string
		want  string
	}{
		"responses": {Responses, `{"model":"m","instructions":"S","input":[{"role":"user","content":[{"type":"input_text","text":"U"},{"type":"input_image","image_url":"data:x"}]},
			{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":\"A\"}"},{"type":"function_call_output","call_id":"c","output":"R"}]}`, "1:S 0:U 2:a 2:A 3:R"},
		"responses, plain": {Responses, `{"model":"m","input":"U"}`, "0:U"},
		"embeddings":       {Embeddings, `{"model":"m","input":["U","V"],"encoding_format":"base64"}`, "0:U 0:V"},
		"messages": {Messages, `{"model":"m","max_tokens":9,"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"U"},
			{"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"x"},{"type":"tool_use","id":"t","name":"f","input":{"a":"A"}}]},
			{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"R"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}]}`, "1:S 0:U 2:T 2:a 2:A 3:R"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			mustRead(t, c.shape, c.in).Texts(func(x Text) bool {
				got = append(got, fmt.Sprintf("%d:%s", x.Role, x.Content))
				return true
			})
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%s, want %s", s, c.want)
			}
		})
	}
}

func TestRewriteChangesTheTextsAndNothingElse(t *testing.T) {
	t.Parallel()
	r := mustRead(t, Chat, chatRequest)
	if same := r.Rewrite(func(Text) (string, bool) { return "", false }); &same[0] != &r.Doc.Bytes()[0] {
		t.Error("a body without a change was copied")
	}
	got := string(r.Rewrite(func(x Text) (string, bool) {
		if strings.Contains(x.Content, "85073003361") {
			return "[RRN-1]", true
		}
		return `"é"`, x.Content == "José" || x.Content == "Wie is dé burgemeester?"
	}))
	want := strings.NewReplacer(`"Wie is d\u00e9 burgemeester?"`, `"\"é\""`, `\"Jos\\u00e9\"`, `\"\\\"é\\\"\"`,
		`\"rrn\":85073003361`, `\"rrn\":\"[RRN-1]\"`, `\"85073003361\":true`, `\"[RRN-1]\":true`, `"nummer":85073003361`, `"nummer":"[RRN-1]"`).Replace(chatRequest)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestNoTextHidesFromTheGuard plants a sentence at any place of any request and holds that it is shown.
func TestNoTextHidesFromTheGuard(t *testing.T) {
	t.Parallel()
	keys := []string{"model", "type", "role", "id", "object", "status", "usage", "logprobs", "tool_choice", "cache_control", "include", "name", "content",
		"text", "input", "arguments", "output", "metadata", "tools", "function", "reasoning", "url", "data", "source", "call_id", "previous_response_id",
		"image_url", "summary", "thinking", "zzz", "response_format", "function_call", "message", "user", "system", "detail", "file_id", "title"}
	const planted = "Jan Peeters woont hier"
	rapid.Check(t, func(t *rapid.T) {
		body := q(planted)
		for range rapid.IntRange(0, 5).Draw(t, "depth") {
			switch rapid.IntRange(0, 3).Draw(t, "wrap") {
			case 0:
				body = `[` + body + `]`
			case 1:
				body = `{` + q(rapid.SampledFrom(keys).Draw(t, "key")) + `:` + body + `}`
			case 2:
				body = `{"type":` + q(rapid.SampledFrom([]string{"text", "tool_use", "tool_result", "thinking", "function_call", "image", "url", "x"}).Draw(t, "type")) + `,` + q(rapid.SampledFrom(keys[3:]).Draw(t, "key")) + `:` + body + `}`
			default:
				body = `{"role":"assistant",` + q(rapid.SampledFrom(keys[3:]).Draw(t, "key")) + `:` + body + `}`
			}
		}
		body = `{"model":"m","messages":[{"role":"user","x":` + body + `}],"input":[{"role":"user","content":` + body + `}],"y":` + body + `}`
		for _, s := range []Shape{Chat, Responses, Embeddings, Messages} {
			r, err := ReadRequest(s, []byte(body), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			r.Texts(func(x Text) bool {
				if x.Content == planted {
					n++
				}
				return true
			})
			if n != 3 {
				t.Fatalf("%v: seen %d times in %s", s, n, body)
			}
		}
	})
}

func TestThoughtsThatAreSignedAreShownButStay(t *testing.T) {
	t.Parallel()
	body := `{"model":"m","messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"jan","signature":"x"}]}]}`
	got := mustRead(t, Messages, body).Rewrite(func(x Text) (string, bool) {
		if !x.Fixed || x.Kind != KindThinking {
			t.Errorf("not fixed: %+v", x)
		}
		return "other", true
	})
	if string(got) != body {
		t.Errorf("changed to %s", got)
	}
}

func TestAnyRewriteGivesWhatADecodedRewriteWould(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type message struct {
			Role    string `json:"role"`
			Content string `json:"content"`
			Extra   any    `json:"zzz"`
		}
		var in struct {
			Model    string    `json:"model"`
			Messages []message `json:"messages"`
		}
		in.Model = "m"
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			in.Messages = append(in.Messages, message{"user", rapid.String().Draw(t, "content"), rapid.IntRange(0, 9).Draw(t, "extra")})
		}
		body, _ := json.Marshal(in)
		r, err := ReadRequest(Chat, body, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		mark := rapid.String().Draw(t, "mark")
		got := r.Rewrite(func(x Text) (string, bool) { return x.Content + mark, true })
		for i := range in.Messages {
			in.Messages[i].Content += mark
		}
		want, _ := json.Marshal(in)
		a, b := mustDecode(t, got), mustDecode(t, want)
		if diff := cmp.Diff(b, a); diff != "" {
			t.Fatal(diff)
		}
	})
}

func mustDecode(t interface{ Fatalf(string, ...any) }, b []byte) any {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return v
}

func TestARequestIsReadAndItsFaultsNameTheField(t *testing.T) {
	t.Parallel()
	r := mustRead(t, Chat, chatRequest)
	if r.Model != "m" || !r.Stream || !r.IncludeUsage || r.MaxOutput != 50 || r.Choices != 2 || r.Tools != 1 {
		t.Errorf("%+v", r)
	}
	for body, field := range map[string]string{
		`[]`:                              "",
		`{"messages":[{"role":"user"}]}`:  "model",
		`{"model":3,"messages":[]}`:       "model",
		`{"model":"m"}`:                   "messages",
		`{"model":"m","messages":null}`:   "messages",
		`{"model":"m","messages":[]}`:     "messages",
		`{"model":"m","messages":["x"]}`:  "messages[0]",
		`{"model":"m","messages":[{}]}`:   "messages[0]",
		`{"model":"m","stream":1}`:        "stream",
		`{"model":"m","n":0}`:             "n",
		`{"model":"m","n":1e3}`:           "n",
		`{"model":"m","max_tokens":-1}`:   "max_tokens",
		`{"model":"m","max_tokens":"10"}`: "max_tokens",
	} {
		_, err := ReadRequest(Chat, []byte(body), Limits{})
		f, ok := asFault(err)
		if !ok || f.Field != field || ErrorStatus(err) != 400 {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestAskingForTheUsageKeepsTheRest(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"model":"m","stream":true,"messages":[{"role":"user"}]}`:                                           `{"stream_options":{"include_usage":true},"model":"m","stream":true,"messages":[{"role":"user"}]}`,
		`{"model":"m","stream":true,"stream_options":null,"messages":[{"role":"user"}]}`:                     `{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user"}]}`,
		`{"model":"m","stream":true,"stream_options":{ },"messages":[{"role":"user"}]}`:                      `{"model":"m","stream":true,"stream_options":{"include_usage":true },"messages":[{"role":"user"}]}`,
		`{"model":"m","stream":true,"stream_options":{"x":1},"messages":[{"role":"user"}]}`:                  `{"model":"m","stream":true,"stream_options":{"include_usage":true,"x":1},"messages":[{"role":"user"}]}`,
		`{"model":"m","stream":true,"stream_options":{"include_usage":false},"messages":[{"role":"user"}]}`:  `{"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user"}]}`,
		`{"model":"m","stream":true,"stream_options":{"include_usage": true},"messages":[{"role":"user"}]}`:  `{"model":"m","stream":true,"stream_options":{"include_usage": true},"messages":[{"role":"user"}]}`,
		`{"model":"m","stream":false,"stream_options":{"include_usage":true},"messages":[{"role":"user"}]} `: `{"model":"m","stream":false,"stream_options":{"include_usage":true},"messages":[{"role":"user"}]} `,
	} {
		if got := string(mustRead(t, Chat, in).WithUsage()); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
	if got := string(mustRead(t, Chat, `{"messages":[{"role":"user"}], "model" : "m"}`).WithModel(`a"b`)); got != `{"messages":[{"role":"user"}], "model" : "a\"b"}` {
		t.Error(got)
	}
}

func TestNeedsIsAnUpperBoundAndSaysWhenItIsNone(t *testing.T) {
	t.Parallel()
	n := mustRead(t, Chat, chatRequest).Needs(1000, 9)
	if low := int64(len(chatRequest)) - 30 + 1000; n.Input < low || n.Input > low+800 || n.Output != 100 || !n.Bounded {
		t.Errorf("%+v", n)
	}
	for body, s := range map[string]Shape{
		`{"model":"m","input":"x","previous_response_id":"r"}`:                                                                             Responses,
		`{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}]}`:                                          Responses,
		`{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://example.org/a"}}]}]}`: Messages,
		`{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA"}}]}]}`:   Chat,
	} {
		if n := mustRead(t, s, body).Needs(1000, 9); n.Bounded {
			t.Errorf("%s counts as bounded", body)
		}
	}
}

func TestUsageIsReadFromAnswersAndStreams(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shape  Shape
		events []string
		want   Usage
	}{
		"chat":                     {Chat, []string{`{"usage":null}`, `{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}`}, Usage{Input: 10, Cached: 4, Output: 5, Thought: 2}},
		"responses":                {Responses, []string{`{"type":"response.completed","response":{"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2}}}}`}, Usage{Input: 10, Cached: 4, Output: 5, Thought: 2}},
		"messages":                 {Messages, []string{`{"type":"message_start","message":{"usage":{"input_tokens":6,"cache_read_input_tokens":3,"cache_creation_input_tokens":1,"output_tokens":1}}}`, `{"type":"message_delta","usage":{"output_tokens":5}}`}, Usage{Input: 10, Cached: 3, CacheWrite: 1, Output: 5}},
		"messages, all at the end": {Messages, []string{`{"message":{"usage":{"input_tokens":6,"cache_read_input_tokens":3}}}`, `{"usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":5}}`}, Usage{Input: 10, Cached: 3, Output: 5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var u Usage
			for _, e := range c.events {
				u.Take(c.shape, mustParse(t, e))
			}
			if u != c.want {
				t.Errorf("%+v, want %+v", u, c.want)
			}
		})
	}
}

// FuzzRewrite holds that any body that is accepted stays JSON, whatever is put in the places of its texts.
func FuzzRewrite(f *testing.F) {
	f.Add([]byte(chatRequest), uint8(0), "x\"")
	f.Add([]byte(`{"model":"m","input":[{"type":"function_call","arguments":"{\"a\":1}"}]}`), uint8(1), "\\")
	f.Fuzz(func(t *testing.T, body []byte, shape uint8, with string) {
		r, err := ReadRequest(Shape(shape%5), body, Limits{})
		if err != nil {
			return
		}
		same := r.Rewrite(func(Text) (string, bool) { return "", false })
		if string(same) != string(body) {
			t.Fatal("changed without a change")
		}
		r.Needs(10, 10)
		if got := r.Rewrite(func(x Text) (string, bool) { return with, !x.Key }); !json.Valid(got) {
			t.Fatalf("%s is not JSON", got)
		}
		if !json.Valid(r.WithUsage()) || !json.Valid(r.WithModel(with)) {
			t.Fatal("not JSON")
		}
	})
}
