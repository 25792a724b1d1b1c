package wire

import "strconv"

// Dialect is how a server of chat completions differs from that of OpenAI.
type Dialect struct {
	OldLimit bool // it knows "max_tokens" and not "max_completion_tokens"
	Tells    bool // it tells the usage of a stream by itself, and refuses "stream_options"
}

// Sent returns the body as it goes to a server: under the name that the model has there, and, for a chat completion that is streamed, with
// the usage asked for, in the dialect of the server. A request for a response that does not say whether its maker may keep it says that it may not. Each value that is not about that stays as it came, and unless the dialect asks for another key
// every other byte too.
func (r *Request) Sent(model string, d Dialect) []byte {
	root := r.Doc.Root()
	if r.Shape == Chat && (d.OldLimit && root.Get("max_completion_tokens").Kind() != Absent || d.Tells && root.Get("stream_options").Kind() != Absent) {
		return r.inDialect(model, d)
	}
	name := root.Get("model").replace(AppendQuote(nil, model))
	if store := root.Get("store"); r.Shape == Responses && !store.Given() {
		at := r.Doc.nodes[0].start + 1
		unkept := edit{at, at, []byte(`"store":false,`)}
		if store.Kind() == Null {
			unkept = store.replace([]byte("false"))
		}
		if unkept.start < name.start {
			return splice(r.Doc.src, []edit{unkept, name})
		}
		return splice(r.Doc.src, []edit{name, unkept})
	}
	if r.Shape != Chat || d.Tells {
		return splice(r.Doc.src, []edit{name})
	}
	usage := r.usage()
	switch {
	case usage == nil:
		return splice(r.Doc.src, []edit{name})
	case usage[0].start < name.start:
		return splice(r.Doc.src, append(usage, name))
	default:
		return splice(r.Doc.src, append([]edit{name}, usage...))
	}
}

// inDialect writes the fields of a chat completion anew, some of them under another key or not at all.
func (r *Request) inDialect(model string, d Dialect) []byte {
	dst := AppendQuote(append(make([]byte, 0, len(r.Doc.src)+len(model)+64), `{"model":`...), model)
	for key, v := range r.Doc.Root().fields() {
		switch k := key.word(); {
		case k == "model", k == "stream_options" && (d.Tells || r.Stream), d.OldLimit && (k == "max_tokens" || k == "max_completion_tokens"):
		default:
			dst = append(append(dst, ','), key.Raw()...)
			dst = append(append(dst, ':'), v.Raw()...)
		}
	}
	if d.OldLimit && r.MaxOutput > 0 {
		dst = strconv.AppendInt(append(dst, `,"max_tokens":`...), r.MaxOutput, 10)
	}
	if r.Stream && !d.Tells {
		dst = append(dst, `,"stream_options":{"include_usage":true}`...)
	}
	return append(dst, '}')
}
