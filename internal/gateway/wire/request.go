package wire

import (
	"net/http"
	"strconv"
)

// Request is a request of which what the gateway decides on was read. The rest stays in the document.
type Request struct {
	Shape        Shape
	Doc          *Document
	Model        string
	Stream       bool
	IncludeUsage bool  // of chat completions: stream_options.include_usage
	MaxOutput    int64 // most tokens of one answer, 0 when the request sets none
	Choices      int64 // how many answers are asked for, at least 1
	Tools        int   // how many tools are offered
}

// mostChoices bounds "n": each choice costs a whole answer.
const mostChoices = 128

// ReadRequest reads the body of a request in the shape. An error is a *Fault that says which field is wrong.
func ReadRequest(s Shape, body []byte, l Limits) (*Request, error) {
	d, err := Parse(body, l)
	if err != nil {
		return nil, err
	}
	r := &Request{Shape: s, Doc: d, Choices: 1}
	if d.Root().Kind() != Object {
		return nil, invalid("invalid_json", "", "the request should be a JSON object")
	}
	if f := r.read(); f != nil {
		return nil, f
	}
	return r, nil
}

func (r *Request) read() *Fault {
	needed := ""
	switch r.Shape {
	case Chat, Messages:
		needed = "messages"
	case Responses, Embeddings:
		needed = "input"
	default:
	}
	var found bool
	for key, v := range r.Doc.Root().fields() {
		k := key.word()
		if !v.Given() && k != needed {
			continue
		}
		var f *Fault
		switch k {
		case "model":
			if v.Kind() != String || len(v.inner()) == 0 || len(v.inner()) > 256 {
				f = invalid("invalid_type", k, "give the name of a model as a text")
			}
			r.Model = v.Text()
		case "stream":
			if v.Kind() != Bool {
				f = invalid("invalid_type", k, "give true or false")
			}
			r.Stream = v.True()
		case "stream_options":
			r.IncludeUsage = v.Get("include_usage").True()
		case "max_tokens", "max_completion_tokens", "max_output_tokens":
			var n int64
			n, f = count(k, v, 1, 1<<40)
			r.MaxOutput = max(r.MaxOutput, n)
		case "n":
			r.Choices, f = count(k, v, 1, mostChoices)
		case "tools", "functions":
			r.Tools += v.Len()
		case "messages":
			f = turns(v)
		}
		if f != nil {
			return f
		}
		found = found || k == needed && v.Given()
	}
	if r.Model == "" {
		return invalid("missing_field", "model", "say which model should answer")
	}
	if needed != "" && !found {
		if r.Shape == Responses && (r.Doc.Root().Get("prompt").Given() || r.Doc.Root().Get("conversation").Given()) {
			return nil
		}
		return invalid("missing_field", needed, "this field is needed")
	}
	return nil
}

func count(field string, v Value, least, most int64) (int64, *Fault) {
	n, ok := v.Int()
	if !ok || n < least || n > most {
		return 0, invalid("invalid_value", field, "give a whole number from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10))
	}
	return n, nil
}

func turns(v Value) *Fault {
	if v.Kind() != Array || v.Len() == 0 {
		return invalid("invalid_type", "messages", "give at least one message, in an array")
	}
	for _, m := range v.Items() {
		if m.Kind() != Object || m.Get("role").Kind() != String {
			return invalid("invalid_type", m.Path(), "a message is an object with a role")
		}
	}
	return nil
}

// WithModel returns the body with another name of the model, every other byte as it came.
func (r *Request) WithModel(name string) []byte {
	return splice(r.Doc.src, []edit{r.Doc.Root().Get("model").replace(AppendQuote(nil, name))})
}

// WithUsage returns a streamed chat completion's body that asks for the usage in the last chunk, as budgets need it; the body as it is
// when it asks already or is none.
func (r *Request) WithUsage() []byte { return splice(r.Doc.src, r.usage()) }

// usage returns what makes a streamed chat completion ask for its usage; nil when it does, or is none.
func (r *Request) usage() []edit {
	if r.Shape != Chat || !r.Stream || r.IncludeUsage {
		return nil
	}
	root := r.Doc.Root()
	options := root.Get("stream_options")
	switch {
	case options.Kind() == Object && options.Get("include_usage").Kind() != Absent:
		return []edit{options.Get("include_usage").replace([]byte("true"))}
	case options.Kind() == Object:
		at := options.doc.nodes[options.at].start + 1
		with := `"include_usage":true`
		if options.Len() > 0 {
			with += ","
		}
		return []edit{{at, at, []byte(with)}}
	case options.Kind() != Absent:
		return []edit{options.replace([]byte(`{"include_usage":true}`))}
	default:
		at := r.Doc.nodes[0].start + 1
		return []edit{{at, at, []byte(`"stream_options":{"include_usage":true},`)}}
	}
}

// WithMaxOutput returns the body with a limit of tokens for each answer, for a request that sets none; the body as it is when it sets one, or
// when the shape knows none.
func (r *Request) WithMaxOutput(n int64) []byte {
	name := ""
	switch r.Shape {
	case Chat:
		name = "max_completion_tokens"
	case Responses:
		name = "max_output_tokens"
	case Messages:
		name = "max_tokens"
	default:
	}
	if name == "" || r.MaxOutput > 0 {
		return r.Doc.src
	}
	number := strconv.AppendInt(nil, n, 10)
	if v := r.Doc.Root().Get(name); v.Kind() != Absent { // null
		return splice(r.Doc.src, []edit{v.replace(number)})
	}
	at := r.Doc.nodes[0].start + 1
	return splice(r.Doc.src, []edit{{at, at, append(append(append(append([]byte(nil), '"'), name...), `":`...), append(number, ',')...)}})
}

// Need is an upper bound of the tokens that a call may use, for a budget to reserve.
type Need struct {
	Input   int64 // tokens of the request
	Output  int64 // tokens of the answers together
	Bounded bool  // false when the request names files or earlier answers that are not in it, so that Input is no bound
}

// Overheads of what a server adds around a request, in tokens.
const (
	overheadCall  = 64  // what begins and ends a conversation
	overheadTools = 640 // the text that makes a model use tools; Anthropic's reference names up to 530
)

// Needs returns what the call may use at most. Tokenisers that work on bytes never make more tokens than a text has bytes, so the
// length of the body bounds its texts; the JSON around a message (27 bytes and more) is longer than the marks that a server puts
// there. An image counts perImage, whatever its bytes: the caller says what its model asks at most for one. maxOutput stands for the answer
// when the request sets no limit. Typical texts need a quarter of this bound.
func (r *Request) Needs(perImage, maxOutput int64) Need {
	n := Need{Input: int64(len(r.Doc.src)) + overheadCall, Output: maxOutput, Bounded: true}
	if r.Tools > 0 {
		n.Input += overheadTools
	}
	if r.MaxOutput > 0 {
		n.Output = r.MaxOutput
	}
	n.Output *= r.Choices
	if r.Shape == Embeddings {
		n.Output = 0
	}
	walk := walker{shape: r.Shape, binary: func(v Value, key string) {
		n.Input += perImage - int64(len(v.Raw()))
		if key == "file_data" {
			n.Bounded = false
		}
	}}
	walk.value(r.Doc.Root(), "", place{role: RoleUser})
	for _, k := range []string{"previous_response_id", "conversation", "prompt", "container"} {
		if v := r.Doc.Root().Get(k); v.Given() && r.Shape != Embeddings {
			n.Bounded = false
		}
	}
	n.Bounded = n.Bounded && !walk.refers
	return n
}

// ErrorStatus returns the status that an error of this package asks for: that of a Fault, 502 for another.
func ErrorStatus(err error) int {
	if f, ok := asFault(err); ok {
		return f.Status
	}
	return http.StatusBadGateway
}
