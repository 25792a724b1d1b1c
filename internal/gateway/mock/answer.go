package mock

import (
	"context"
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"time"

	"tekentafel/internal/gateway/wire"
)

// answer is one request being answered.
type answer struct {
	server *Server
	w      http.ResponseWriter
	r      *http.Request
	work   *work
	shape  wire.Shape
	root   wire.Value
	how    Behaviour
	number int64 // of the next event of responses
	sent   int   // pieces
	gone   bool
}

func (a *answer) give() {
	h := a.how
	if h.Close {
		if c, _, err := http.NewResponseController(a.w).Hijack(); err == nil {
			reset(c)
		}
		return
	}
	if h.Hang {
		<-a.r.Context().Done()
		a.server.counts.cancelled.Add(1)
		return
	}
	if !a.wait(h.First) {
		a.server.counts.cancelled.Add(1)
		return
	}
	if h.Status != 0 {
		if h.RetryAfter != "" {
			a.w.Header().Set("Retry-After", h.RetryAfter)
		}
		a.server.fault(a.w, a.shape, &wire.Fault{Status: h.Status, Message: "a fault that was asked for"})
		return
	}
	if a.shape == wire.Embeddings {
		a.server.send(a.w, a.r, h, a.embeddings())
		return
	}
	text, tool := h.text(a.asked), a.tool()
	if !a.root.Get("stream").True() {
		a.work.out = a.whole(a.work.out[:0], text, tool)
		a.server.send(a.w, a.r, h, a.work.out)
		return
	}
	a.server.counts.streams.Add(1)
	a.w.Header()["Content-Type"] = contentStream
	switch a.shape {
	case wire.Messages:
		a.streamMessages(text, tool)
	case wire.Responses:
		a.streamResponses(text, tool)
	default:
		a.streamChat(text, tool)
	}
	if a.gone {
		a.server.counts.cancelled.Add(1)
		return
	}
	a.server.counts.finished.Add(1)
}

// wait waits and reports whether the client is still there.
func (a *answer) wait(d time.Duration) bool {
	ctx := a.r.Context()
	if d <= 0 {
		return ctx.Err() == nil
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
	return a.r.Context().Err() == nil
}

// asked returns the last text of the last message.
func (a *answer) asked() string {
	last := a.root.Get("input")
	if a.shape != wire.Responses {
		last = a.root.Get("messages")
	}
	for last.Kind() == wire.Array || last.Kind() == wire.Object {
		if last.Kind() == wire.Object {
			v := last.Get("content")
			if !v.Given() {
				v = last.Get("text")
			}
			if !v.Given() {
				v = last.Get("output")
			}
			last = v
			continue
		}
		var item wire.Value
		for _, item = range last.Items() {
			continue
		}
		last = item
	}
	return last.Text()
}

// tool returns the name of the tool to call, "" for none.
func (a *answer) tool() string {
	if !a.how.Tool {
		return ""
	}
	for _, t := range a.root.Get("tools").Items() {
		if n := t.Get("function").Get("name").Text(); n != "" {
			return n
		}
		return t.Get("name").Text()
	}
	return ""
}

// arguments returns the arguments of the call of a tool.
func arguments(text string) string {
	return `{"vraag":` + string(wire.AppendQuote(nil, text)) + `}`
}

func (a *answer) usage(dst []byte, pieces int) []byte {
	in := int64(len(a.work.body)+3) / 4
	if a.shape == wire.Chat || a.shape == wire.Embeddings {
		dst = strconv.AppendInt(append(dst, `{"prompt_tokens":`...), in, 10)
		dst = strconv.AppendInt(append(dst, `,"completion_tokens":`...), int64(pieces), 10)
		dst = strconv.AppendInt(append(dst, `,"total_tokens":`...), in+int64(pieces), 10)
		return append(dst, '}')
	}
	dst = strconv.AppendInt(append(dst, `{"input_tokens":`...), in, 10)
	dst = strconv.AppendInt(append(dst, `,"output_tokens":`...), int64(pieces), 10)
	if a.shape == wire.Responses {
		dst = strconv.AppendInt(append(dst, `,"total_tokens":`...), in+int64(pieces), 10)
	}
	return append(dst, '}')
}

func (a *answer) model(dst []byte) []byte {
	if v := a.root.Get("model"); v.Kind() == wire.String {
		return append(dst, v.Raw()...)
	}
	return append(dst, `"mock"`...)
}

func (a *answer) count(text string) int {
	n := 0
	a.how.pieces(text, func(string) bool { n++; return true })
	return n
}

// whole appends the answer that is not streamed.
func (a *answer) whole(dst []byte, text, tool string) []byte {
	pieces := a.count(text)
	switch a.shape {
	case wire.Messages:
		dst = a.model(append(dst, `{"id":"msg_mock","type":"message","role":"assistant","model":`...))
		if tool != "" {
			dst = wire.AppendQuote(append(dst, `,"content":[{"type":"tool_use","id":"toolu_mock","name":`...), tool)
			dst = append(append(dst, `,"input":`...), arguments(text)...)
			dst = append(dst, `}],"stop_reason":"tool_use","stop_sequence":null`...)
		} else {
			dst = wire.AppendQuote(append(dst, `,"content":[{"type":"text","text":`...), text)
			dst = append(dst, `}],"stop_reason":"end_turn","stop_sequence":null`...)
		}
	case wire.Responses:
		dst = a.response(dst, "completed", text, tool)
		dst = dst[:len(dst)-1]
	default:
		dst = a.model(append(dst, `{"id":"chatcmpl-mock","object":"chat.completion","created":1767225600,"model":`...))
		if tool != "" {
			dst = wire.AppendQuote(append(dst, `,"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_mock","type":"function","function":{"name":`...), tool)
			dst = wire.AppendQuote(append(dst, `,"arguments":`...), arguments(text))
			dst = append(dst, `}}]},"finish_reason":"tool_calls"}]`...)
		} else {
			dst = wire.AppendQuote(append(dst, `,"choices":[{"index":0,"message":{"role":"assistant","content":`...), text)
			dst = append(dst, `},"finish_reason":"stop"}]`...)
		}
	}
	if !a.how.NoUsage {
		dst = a.usage(append(dst, `,"usage":`...), pieces)
	}
	return append(dst, '}')
}

// response appends the object of the responses interface without its usage.
func (a *answer) response(dst []byte, status, text, tool string) []byte {
	dst = append(append(append(dst, `{"id":"resp_mock","object":"response","created_at":1767225600,"status":"`...), status...), `","model":`...)
	dst = append(a.model(dst), `,"output":[`...)
	if status == "completed" {
		dst = a.item(dst, status, text, tool)
	}
	return append(dst, `]}`...)
}

func (a *answer) item(dst []byte, status, text, tool string) []byte {
	if tool != "" {
		dst = wire.AppendQuote(append(dst, `{"type":"function_call","id":"fc_mock","call_id":"call_mock","name":`...), tool)
		if status == "completed" {
			text = arguments(text)
		}
		dst = wire.AppendQuote(append(dst, `,"arguments":`...), text)
		return append(append(append(dst, `,"status":"`...), status...), `"}`...)
	}
	dst = append(append(append(dst, `{"type":"message","id":"msg_mock","status":"`...), status...), `","role":"assistant","content":[`...)
	if status == "completed" {
		dst = append(wire.AppendQuote(append(dst, `{"type":"output_text","annotations":[],"text":`...), text), '}')
	}
	return append(dst, `]}`...)
}

// embeddings makes a vector of length 1 for each input, from its hash.
func (a *answer) embeddings() []byte {
	dst := append(a.work.out[:0], `{"object":"list","data":[`...)
	input := a.root.Get("input")
	size := int64(8)
	if n, ok := a.root.Get("dimensions").Int(); ok && n > 0 && n <= 4096 {
		size = n
	}
	base := a.root.Get("encoding_format").Text() == "base64"
	one := func(i int, v wire.Value) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(dst, `{"object":"embedding","index":`...), int64(i), 10)
		dst = append(dst, `,"embedding":`...)
		dst = appendVector(dst, v.Raw(), size, base)
		dst = append(dst, '}')
	}
	if input.Kind() == wire.Array {
		for i, v := range input.Items() {
			one(i, v)
		}
	} else {
		one(0, input)
	}
	dst = append(a.model(append(dst, `],"model":`...)), `,"usage":`...)
	dst = append(a.usage(dst, 0), '}')
	a.work.out = dst
	return dst
}

func appendVector(dst, seed []byte, size int64, base bool) []byte {
	h := fnv.New64a()
	_, _ = h.Write(seed)
	x := h.Sum64()
	v := make([]float32, size)
	var sum float64
	for i := range v {
		x = x*6364136223846793005 + 1442695040888963407
		v[i] = float32(int64(x)>>40) / (1 << 23)
		sum += float64(v[i]) * float64(v[i])
	}
	scale := float32(1 / math.Sqrt(max(sum, 1e-12)))
	for i := range v {
		v[i] *= scale
	}
	return wire.AppendEmbedding(dst, v, base)
}
