package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// replacing is a filter that puts other text in the place of a word that may come in pieces.
type replacing struct {
	word, with, held string
}

func (r *replacing) Write(s string) string {
	r.held = strings.ReplaceAll(r.held+s, r.word, r.with)
	for n := min(len(r.word)-1, len(r.held)); n > 0; n-- {
		if strings.HasPrefix(r.word, r.held[len(r.held)-n:]) {
			out := r.held[:len(r.held)-n]
			r.held = r.held[len(r.held)-n:]
			return out
		}
	}
	out := r.held
	r.held = ""
	return out
}

func (r *replacing) Close() string {
	out := r.held
	r.held = ""
	return out
}

func q(s string) string { return string(AppendQuote(nil, s)) }

// asArgument returns the pieces of the JSON of arguments that hold the pieces.
func asArgument(pieces []string) []string {
	out := []string{`{"a":"`}
	for _, p := range pieces {
		in := q(p)
		out = append(out, in[1:len(in)-1])
	}
	return append(out, `"}`)
}

// transcript writes a stream of the shape whose answer is made of the pieces, and whose call of a tool has them as argument.
func transcript(s Shape, pieces []string) (events []string) {
	add := func(format string, a ...any) { events = append(events, fmt.Sprintf(format, a...)) }
	switch s {
	case Messages:
		add(`{"type":"message_start","message":{"usage":{"input_tokens":3,"output_tokens":1}}}`)
		add(`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`)
		for _, p := range pieces {
			add(`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":%s}}`, q(p))
		}
		add(`{"type":"content_block_stop","index":0}`)
		add(`{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}`)
		for _, p := range asArgument(pieces) {
			add(`{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":%s}}`, q(p))
		}
		add(`{"type":"content_block_stop","index":1}`)
		add(`{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}`)
		add(`{"type":"message_stop"}`)
	case Responses:
		n := 0
		num := func(kind, rest string, a ...any) {
			add(`{"type":%q,"sequence_number":%d%s}`, kind, n, fmt.Sprintf(rest, a...))
			n++
		}
		whole := q(strings.Join(pieces, ""))
		call := q(strings.Join(asArgument(pieces), ""))
		num("response.created", `,"response":{"output":[]}`)
		for _, p := range pieces {
			num("response.output_text.delta", `,"item_id":"i","output_index":0,"content_index":0,"delta":%s`, q(p))
		}
		num("response.output_text.done", `,"item_id":"i","output_index":0,"content_index":0,"text":%s`, whole)
		for _, p := range asArgument(pieces) {
			num("response.function_call_arguments.delta", `,"item_id":"j","output_index":1,"delta":%s`, q(p))
		}
		num("response.function_call_arguments.done", `,"item_id":"j","output_index":1,"arguments":%s`, call)
		num("response.completed", `,"response":{"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":%s}]},{"type":"function_call","arguments":%s}],"usage":{"input_tokens":3,"output_tokens":7}}`, whole, call)
	default:
		for _, p := range pieces {
			add(`{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":%s},"finish_reason":null}]}`, q(p))
		}
		for _, p := range asArgument(pieces) {
			add(`{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":%s}}]},"finish_reason":null}]}`, q(p))
		}
		add(`{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}`)
		add(`{"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":7}}`)
		add(`[DONE]`)
	}
	return events
}

// told gathers the texts of a stream, those in pieces and those whole, and checks the order of its events.
func told(t interface{ Fatalf(string, ...any) }, s Shape, events []string) (pieces [2]string, wholes []string) {
	ended := [2]bool{}
	piece := func(i int, v Value) {
		if v.Kind() == String {
			if ended[i] && v.Text() != "" {
				t.Fatalf("a text goes on after its end")
			}
			pieces[i] += v.Text()
		}
	}
	for n, data := range events {
		if data == "[DONE]" {
			continue
		}
		if !json.Valid([]byte(data)) {
			t.Fatalf("not JSON: %s", data)
		}
		d, err := Parse([]byte(data), Limits{})
		if err != nil {
			t.Fatalf("%v", err)
		}
		root := d.Root()
		switch s {
		case Messages:
			i, _ := root.Get("index").Int()
			piece(0, root.Get("delta").Get("text"))
			piece(1, root.Get("delta").Get("partial_json"))
			if root.Get("type").is("content_block_stop") {
				ended[i] = true
			}
		case Responses:
			i, _ := root.Get("output_index").Int()
			if got, _ := root.Get("sequence_number").Int(); int(got) != n {
				t.Fatalf("event %d has number %d", n, got)
			}
			piece(int(i), root.Get("delta"))
			for _, v := range []Value{root.Get("text"), root.Get("arguments")} {
				if v.Given() {
					wholes = append(wholes, v.Text())
					ended[i] = true
				}
			}
			for _, item := range root.Get("response").Get("output").Items() {
				for _, c := range item.Get("content").Items() {
					wholes = append(wholes, c.Get("text").Text())
				}
				if v := item.Get("arguments"); v.Given() {
					wholes = append(wholes, v.Text())
				}
			}
		default:
			for _, c := range root.Get("choices").Items() {
				piece(0, c.Get("delta").Get("content"))
				for _, call := range c.Get("delta").Get("tool_calls").Items() {
					piece(1, call.Get("function").Get("arguments"))
				}
				if c.Get("finish_reason").Given() {
					ended = [2]bool{true, true}
				}
			}
		}
	}
	return pieces, wholes
}

func edited(t interface{ Fatalf(string, ...any) }, s Shape, events []string, open func(Track) Filter) (*Editor, []string) {
	e := NewEditor(s, open)
	var out []string
	for _, data := range events {
		if err := e.Event(Event{Data: []byte(data)}, func(ev Event) error {
			out = append(out, string(ev.Data))
			return nil
		}); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
	}
	return e, out
}

func TestAStreamIsEditedTheSameHoweverItIsSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]Shape{Chat, Responses, Messages}).Draw(t, "shape")
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"[P", "[", "P-", "1]", "-1", "]", "x", " é\"", "[P-1]", ""}), 1, 12).Draw(t, "pieces")
		whole := strings.Join(pieces, "")
		want := strings.ReplaceAll(whole, "[P-1]", "Jos")
		e, out := edited(t, s, transcript(s, pieces), func(Track) Filter { return &replacing{word: "[P-1]", with: "Jos"} })
		got, wholes := told(t, s, out)
		argument := `{"a":` + q(want) + `}`
		if got[0] != want || got[1] != argument {
			t.Fatalf("%q became %q and %q, want %q\n%s", whole, got[0], got[1], want, strings.Join(out, "\n"))
		}
		for _, w := range wholes {
			if w != want && w != argument {
				t.Fatalf("%q became %q when it came whole, want %q", whole, w, want)
			}
		}
		if u := e.Usage(); u.Input != 3 || u.Output != 7 || !e.Done() {
			t.Fatalf("usage %+v, done %v", u, e.Done())
		}
		if e.Written() < int64(len(whole)) {
			t.Fatalf("%d bytes counted of %d", e.Written(), len(whole))
		}
	})
}

func TestAStreamWithoutAChangeStaysAsItCame(t *testing.T) {
	t.Parallel()
	for _, s := range []Shape{Chat, Responses, Messages} {
		in := transcript(s, []string{"een ", "twee", " drie\n"})
		for name, open := range map[string]func(Track) Filter{
			"no filter": func(Track) Filter { return nil },
			"no change": func(Track) Filter { return &replacing{word: "~", with: "-"} },
		} {
			if _, out := edited(t, s, in, open); cmp.Diff(in, out) != "" {
				t.Errorf("%v, %s: %s", s, name, cmp.Diff(in, out))
			}
		}
	}
}

func TestAPieceThatComesWithTheEndIsKept(t *testing.T) {
	t.Parallel()
	in := []string{`{"choices":[{"index":0,"delta":{"content":"a[P"},"finish_reason":null}]}`, `{"choices":[{"index":0,"delta":{"content":"-"},"finish_reason":"stop"}]}`}
	_, out := edited(t, Chat, in, func(Track) Filter { return &replacing{word: "[P-1]", with: "Jos"} })
	if got, _ := told(t, Chat, out[:1]); got[0] != "a" {
		t.Errorf("too much went on: %q", got[0])
	}
	if !strings.Contains(out[1], `"content":"[P-"`) {
		t.Errorf("the rest is lost: %s", out[1])
	}
}

func TestACutStreamGivesItsRestWhenClosed(t *testing.T) {
	t.Parallel()
	for _, s := range []Shape{Chat, Responses, Messages} {
		in := transcript(s, []string{"a", "[P-"})
		in = in[:map[Shape]int{Chat: 2, Responses: 3, Messages: 4}[s]]
		e, out := edited(t, s, in, func(Track) Filter { return &replacing{word: "[P-1]", with: "Jos"} })
		if err := e.Close(func(ev Event) error { out = append(out, string(ev.Data)); return nil }); err != nil {
			t.Fatal(err)
		}
		if got, _ := told(t, s, out); got[0] != "a[P-" || e.Done() {
			t.Errorf("%v: %q, done %v", s, got[0], e.Done())
		}
	}
}

func TestAnErrorWithinAStreamIsKnown(t *testing.T) {
	t.Parallel()
	for s, data := range map[Shape]string{
		Chat:      `{"error":{"message":"vol","type":"server_error"}}`,
		Messages:  `{"type":"error","error":{"type":"overloaded_error","message":"vol"}}`,
		Responses: `{"type":"response.failed","response":{"error":{"code":"server_error","message":"vol"}}}`,
	} {
		e, _ := edited(t, s, []string{data}, func(Track) Filter { return nil })
		if e.Fault() == nil || e.Fault().Message != "vol" || e.Fault().Status < 500 {
			t.Errorf("%v: %+v", s, e.Fault())
		}
	}
	e := NewEditor(Chat, func(Track) Filter { return nil })
	if err := e.Event(Event{Data: []byte(`{"choices":[`)}, func(Event) error { return nil }); ErrorStatus(err) != 502 {
		t.Errorf("wrong JSON: %v", err)
	}
}

func FuzzEditor(f *testing.F) {
	f.Add([]byte(`{"choices":[{"index":0,"delta":{"content":"a"}}]}`), uint8(0))
	f.Add([]byte(`{"type":"response.output_text.delta","delta":"a"}`), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, shape uint8) {
		e := NewEditor(Shape(shape%5), func(Track) Filter { return &replacing{word: "a", with: "\"b\""} })
		emit := func(ev Event) error {
			if !ev.Done() && ev.Data != nil && !json.Valid(ev.Data) {
				t.Fatalf("%s is not JSON", ev.Data)
			}
			return nil
		}
		for range 2 {
			if e.Event(Event{Data: data}, emit) != nil {
				return
			}
		}
		_ = e.Close(emit)
	})
}
