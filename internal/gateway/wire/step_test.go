package wire

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// heardAnswer puts the steps of a stream together.
type heardAnswer struct {
	Answer
	Fault *Fault
	Ended bool
}

func (h *heardAnswer) add(s Step) error {
	part := func(k PartKind) *Part {
		if n := len(h.Parts); n == 0 || h.Parts[n-1].Kind != k {
			h.Parts = append(h.Parts, Part{Kind: k})
		}
		return &h.Parts[len(h.Parts)-1]
	}
	switch s.Kind {
	case StepBegin:
		h.ID, h.Model = s.ID, s.Model
	case StepText:
		part(PartText).Text += s.Text
	case StepThought:
		part(PartThought).Text += s.Text
	case StepCall:
		h.Parts = append(h.Parts, Part{Kind: PartCall, ID: s.ID, Name: s.Name})
	case StepArguments:
		p := part(PartCall)
		p.Input = append(p.Input, s.Text...)
	case StepStop:
		h.Stop, h.Sequence = s.Stop, s.Sequence
	case StepUsage:
		h.Usage = s.Usage
	case StepFault:
		h.Fault = s.Fault
	case StepEnd:
		h.Ended, h.Usage = true, s.Usage
	}
	return nil
}

func hear(t interface{ Fatalf(string, ...any) }, s Shape, r io.Reader) heardAnswer {
	var h heardAnswer
	in, steps := NewReader(r, 0), NewStepReader(s)
	for {
		e, err := in.Next()
		if err != nil {
			return h
		}
		if !e.Done() {
			if _, err := Parse(e.Data, Limits{}); err != nil {
				t.Fatalf("%v: %v in %s", s, err, e.Data)
			}
		}
		if err := steps.Read(e, h.add); err != nil {
			t.Fatalf("%v: %v in %s", s, err, e.Data)
		}
	}
}

func anySteps(t *rapid.T) ([]Step, heardAnswer) {
	all := []Step{{Kind: StepBegin, ID: "a1", Model: "m", Created: 5}}
	split := func(k StepKind, call int64, s string) {
		for s != "" {
			n := rapid.IntRange(1, len(s)).Draw(t, "n")
			for n < len(s) && s[n]&0xC0 == 0x80 {
				n++
			}
			all = append(all, Step{Kind: k, Call: call, Text: s[:n]})
			s = s[n:]
		}
	}
	word := rapid.StringMatching(`[a-zé"\\\n]{1,12}`)
	if rapid.Bool().Draw(t, "thought") {
		split(StepThought, 0, word.Draw(t, "thought"))
	}
	stop := rapid.SampledFrom([]Stop{StopEnd, StopLength}).Draw(t, "stop")
	if rapid.Bool().Draw(t, "text") {
		split(StepText, 0, word.Draw(t, "text"))
	}
	for i := range int64(rapid.IntRange(0, 2).Draw(t, "calls")) {
		all = append(all, Step{Kind: StepCall, Call: i, ID: fmt.Sprint("c", i), Name: "f"})
		split(StepArguments, i, string(append(AppendQuote([]byte(`{"a":`), word.Draw(t, "argument")), '}')))
		stop = StopTool
	}
	u := Usage{Input: 9, Cached: 2, Output: 4}
	all = append(all, Step{Kind: StepStop, Stop: stop}, Step{Kind: StepUsage, Usage: u}, Step{Kind: StepEnd, Usage: u})
	var want heardAnswer
	for _, s := range all {
		_ = want.add(s)
	}
	return all, want
}

func sameAnswer(a, b heardAnswer) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(Part{}), cmpopts.EquateEmpty())
}

func TestAStreamSaysTheSameInEveryShape(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps, want := anySteps(t)
		for _, s := range []Shape{Chat, Responses, Messages} {
			var stream []byte
			emit := func(e Event) error { stream = AppendEvent(stream, e); return nil }
			w := NewStepWriter(s, 5, true)
			for _, step := range steps {
				if err := w.Write(step, emit); err != nil {
					t.Fatalf("%v: %v", s, err)
				}
			}
			if diff := sameAnswer(want, hear(t, s, bytes.NewReader(stream))); diff != "" {
				t.Fatalf("%v: %s\n%s", s, diff, stream)
			}
			for _, to := range []Shape{Chat, Responses, Messages} {
				out := translate(t, s, to, stream)
				if diff := sameAnswer(want, hear(t, to, bytes.NewReader(out))); diff != "" {
					t.Fatalf("%v to %v: %s\n%s", s, to, diff, out)
				}
			}
		}
	})
}

func translate(t interface{ Fatalf(string, ...any) }, from, to Shape, stream []byte) []byte {
	var out []byte
	emit := func(e Event) error { out = AppendEvent(out, e); return nil }
	tr := NewTranslator(from, to, 5, true)
	in := NewReader(bytes.NewReader(stream), 0)
	for e, err := in.Next(); err == nil; e, err = in.Next() {
		if err := tr.Event(e, emit); err != nil {
			t.Fatalf("%v to %v: %v", from, to, err)
		}
	}
	if err := tr.Close(emit); err != nil {
		t.Fatalf("%v", err)
	}
	return out
}

// TestTheEventsOfResponsesAgree holds that what comes in pieces is what comes whole at the end, and that events are numbered.
func TestTheEventsOfResponsesAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps, want := anySteps(t)
		var last []byte
		n := 0
		w := NewStepWriter(Responses, 5, false)
		for _, s := range steps {
			if err := w.Write(s, func(e Event) error {
				d, err := Parse(e.Data, Limits{})
				if err != nil || !d.Root().Get("type").is(e.Name) {
					t.Fatalf("%s: %v in %s", e.Name, err, e.Data)
				}
				if got, ok := d.Root().Get("sequence_number").Int(); !ok || int(got) != n {
					t.Fatalf("event %d: %s", n, e.Data)
				}
				n++
				last = bytes.Clone(d.Root().Get("response").Raw())
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		d, err := Parse(last, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadAnswer(Responses, d)
		if err != nil {
			t.Fatal(err)
		}
		// The summary of the thoughts and the stop follow other rules in a whole answer only where the answer is incomplete.
		if diff := cmp.Diff(want.Parts, got.Parts, cmpopts.IgnoreUnexported(Part{}), cmpopts.EquateEmpty()); diff != "" || got.Usage != want.Usage {
			t.Fatal(diff)
		}
	})
}

const messagesStream = `event: message_start
data: {"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":5,"output_tokens":1}}}

event: ping
data: {"type":"ping"}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hé"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":7}}

event: message_stop
data: {"type":"message_stop"}

`

func TestAStreamIsTranslatedAsTheReferencesSay(t *testing.T) {
	t.Parallel()
	head := `data: {"id":"msg_1","object":"chat.completion.chunk","created":5,"model":"m","choices":`
	want := head + `[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

` + head + `[{"index":0,"delta":{"content":"Hé"},"finish_reason":null}]}

` + head + `[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null}]}

` + head + `[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":null}]}

` + head + `[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

` + head + `[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}

data: [DONE]

`
	if diff := cmp.Diff(want, string(translate(t, Messages, Chat, []byte(messagesStream)))); diff != "" {
		t.Error(diff)
	}
}

func TestAStreamThatBreaksOffIsSaidToTheClient(t *testing.T) {
	t.Parallel()
	cut := []byte(messagesStream[:strings.Index(messagesStream, "event: content_block_stop")])
	for _, to := range []Shape{Chat, Responses, Messages} {
		got := hear(t, to, bytes.NewReader(translate(t, Messages, to, cut)))
		if got.Fault == nil || got.Ended || got.Fault.Message == "" || len(got.Parts) != 1 {
			t.Errorf("%v: %+v", to, got)
		}
	}
	for from, data := range map[Shape]string{
		Chat:      `{"choices":[{"index":1}]}`,
		Messages:  `{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use"}}`,
		Responses: `{"type":"response.output_item.added","item":{"type":"web_search_call"}}`,
	} {
		if err := NewStepReader(from).Read(Event{Data: []byte(data)}, func(Step) error { return nil }); ErrorStatus(err) != 502 || err == nil {
			t.Errorf("%v: %v", from, err)
		}
	}
	w := NewStepWriter(Messages, 1, false)
	emit := func(Event) error { return nil }
	for _, s := range []Step{{Kind: StepCall, Call: 0}, {Kind: StepCall, Call: 1}} {
		if err := w.Write(s, emit); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write(Step{Kind: StepArguments, Call: 0, Text: "{"}, emit); err == nil {
		t.Error("arguments of two calls through each other were written")
	}
}

func FuzzTranslate(f *testing.F) {
	f.Add([]byte(messagesStream), uint8(4), uint8(0))
	f.Add([]byte("data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"), uint8(0), uint8(1))
	f.Fuzz(func(t *testing.T, stream []byte, from, to uint8) {
		tr := NewTranslator(Shape(from%5), Shape(to%5), 1, true)
		emit := func(e Event) error {
			if !e.Done() {
				if _, err := Parse(e.Data, Limits{}); err != nil {
					t.Fatalf("%v in %s", err, e.Data)
				}
			}
			return nil
		}
		in := NewReader(bytes.NewReader(stream), 0)
		for e, err := in.Next(); err == nil; e, err = in.Next() {
			if tr.Event(e, emit) != nil {
				return
			}
		}
		_ = tr.Close(emit)
	})
}
