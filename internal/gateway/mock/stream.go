package mock

import (
	"net/http"
	"strconv"

	"tekentafel/internal/gateway/wire"
)

// event sends what make appends as the data of an event, at once.
func (a *answer) event(name string, data func([]byte) []byte) {
	if a.gone {
		return
	}
	dst := a.work.out[:0]
	if name != "" {
		dst = append(append(append(dst, "event: "...), name...), '\n')
	}
	dst = append(data(append(dst, "data: "...)), "\n\n"...)
	a.work.out = dst
	if _, err := a.w.Write(dst); err != nil {
		a.gone = true
		return
	}
	if f, ok := a.w.(http.Flusher); ok {
		f.Flush()
	}
}

// piece sends an event with a piece of the answer, after the pause, and breaks off where asked.
func (a *answer) piece(name string, data func([]byte) []byte) bool {
	if a.how.Cut > 0 && a.sent >= a.how.Cut {
		panic(http.ErrAbortHandler)
	}
	if a.sent > 0 && a.how.Between > 0 && !a.wait(a.how.Between) {
		a.gone = true
	}
	a.sent++
	if a.how.Wrong && a.sent == 2 {
		data = func(dst []byte) []byte { return append(dst, `{"choices":[{"delta":`...) }
	}
	a.event(name, data)
	if !a.gone && a.r.Context().Err() != nil {
		a.gone = true
	}
	return !a.gone
}

func (a *answer) streamChat(text, tool string) {
	head := a.model([]byte(`{"id":"chatcmpl-mock","object":"chat.completion.chunk","created":1767225600,"model":`))
	head = append(head, `,"choices":[`...)
	chunk := func(dst []byte) []byte { return append(append(dst, head...), `{"index":0,"delta":`...) }
	finish := `"stop"`
	a.event("", func(dst []byte) []byte {
		dst = append(chunk(dst), `{"role":"assistant","content":`...)
		if tool == "" {
			return append(dst, `""},"finish_reason":null}]}`...)
		}
		dst = append(dst, `null,"tool_calls":[{"index":0,"id":"call_mock","type":"function","function":{"name":`...)
		return append(wire.AppendQuote(dst, tool), `,"arguments":""}}]},"finish_reason":null}]}`...)
	})
	if tool != "" {
		finish, text = `"tool_calls"`, arguments(text)
	}
	var part string
	write := func(dst []byte) []byte {
		if tool != "" {
			dst = append(chunk(dst), `{"tool_calls":[{"index":0,"function":{"arguments":`...)
			return append(wire.AppendQuote(dst, part), `}}]},"finish_reason":null}]}`...)
		}
		dst = append(chunk(dst), `{"content":`...)
		return append(wire.AppendQuote(dst, part), `},"finish_reason":null}]}`...)
	}
	a.how.pieces(text, func(p string) bool { part = p; return a.piece("", write) })
	a.event("", func(dst []byte) []byte {
		return append(append(append(chunk(dst), `{},"finish_reason":`...), finish...), `}]}`...)
	})
	if a.root.Get("stream_options").Get("include_usage").True() && !a.how.NoUsage {
		a.event("", func(dst []byte) []byte {
			return append(a.usage(append(append(dst, head...), `],"usage":`...), a.sent), '}')
		})
	}
	a.event("", func(dst []byte) []byte { return append(dst, "[DONE]"...) })
}

func (a *answer) streamMessages(text, tool string) {
	a.event("message_start", func(dst []byte) []byte {
		dst = a.model(append(dst, `{"type":"message_start","message":{"id":"msg_mock","type":"message","role":"assistant","content":[],"stop_reason":null,"stop_sequence":null,"model":`...))
		return append(a.usage(append(dst, `,"usage":`...), 1), `}}`...)
	})
	stop, kind, field := "end_turn", "text_delta", "text"
	a.event("content_block_start", func(dst []byte) []byte {
		if tool == "" {
			return append(dst, `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`...)
		}
		dst = append(dst, `{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_mock","name":`...)
		return append(wire.AppendQuote(dst, tool), `,"input":{}}}`...)
	})
	a.event("ping", func(dst []byte) []byte { return append(dst, `{"type":"ping"}`...) })
	if tool != "" {
		stop, kind, field, text = "tool_use", "input_json_delta", "partial_json", arguments(text)
	}
	var part string
	write := func(dst []byte) []byte {
		dst = append(append(dst, `{"type":"content_block_delta","index":0,"delta":{"type":"`...), kind...)
		dst = append(append(append(dst, `","`...), field...), `":`...)
		return append(wire.AppendQuote(dst, part), `}}`...)
	}
	a.how.pieces(text, func(p string) bool { part = p; return a.piece("content_block_delta", write) })
	a.event("content_block_stop", func(dst []byte) []byte { return append(dst, `{"type":"content_block_stop","index":0}`...) })
	a.event("message_delta", func(dst []byte) []byte {
		dst = append(append(append(dst, `{"type":"message_delta","delta":{"stop_reason":"`...), stop...), `","stop_sequence":null}`...)
		if !a.how.NoUsage {
			dst = strconv.AppendInt(append(dst, `,"usage":{"output_tokens":`...), int64(a.sent), 10)
			dst = append(dst, '}')
		}
		return append(dst, '}')
	})
	a.event("message_stop", func(dst []byte) []byte { return append(dst, `{"type":"message_stop"}`...) })
}

// numbered begins an event of the responses interface.
func (a *answer) numbered(dst []byte, name string) []byte {
	dst = append(append(append(dst, `{"type":"`...), name...), `","sequence_number":`...)
	dst = strconv.AppendInt(dst, a.number, 10)
	a.number++
	return append(dst, ',')
}

func (a *answer) streamResponses(text, tool string) {
	simple := func(name string, rest func([]byte) []byte) {
		a.event(name, func(dst []byte) []byte { return append(rest(a.numbered(dst, name)), '}') })
	}
	for _, name := range []string{"response.created", "response.in_progress"} {
		simple(name, func(dst []byte) []byte { return a.response(append(dst, `"response":`...), "in_progress", "", tool) })
	}
	simple("response.output_item.added", func(dst []byte) []byte {
		return a.item(append(dst, `"output_index":0,"item":`...), "in_progress", "", tool)
	})
	name, item, whole := "response.output_text.delta", `"item_id":"msg_mock","output_index":0,"content_index":0,`, text
	if tool != "" {
		name, item, whole = "response.function_call_arguments.delta", `"item_id":"fc_mock","output_index":0,`, arguments(text)
	} else {
		simple("response.content_part.added", func(dst []byte) []byte {
			return append(append(dst, item...), `"part":{"type":"output_text","annotations":[],"text":""}`...)
		})
	}
	var part string
	write := func(dst []byte) []byte {
		dst = append(append(a.numbered(dst, name), item...), `"delta":`...)
		return append(wire.AppendQuote(dst, part), '}')
	}
	a.how.pieces(whole, func(p string) bool { part = p; return a.piece(name, write) })
	if tool != "" {
		simple("response.function_call_arguments.done", func(dst []byte) []byte {
			return wire.AppendQuote(append(append(dst, item...), `"arguments":`...), whole)
		})
	} else {
		simple("response.output_text.done", func(dst []byte) []byte {
			return wire.AppendQuote(append(append(dst, item...), `"text":`...), whole)
		})
		simple("response.content_part.done", func(dst []byte) []byte {
			dst = append(append(dst, item...), `"part":{"type":"output_text","annotations":[],"text":`...)
			return append(wire.AppendQuote(dst, whole), '}')
		})
	}
	simple("response.output_item.done", func(dst []byte) []byte {
		return a.item(append(dst, `"output_index":0,"item":`...), "completed", text, tool)
	})
	simple("response.completed", func(dst []byte) []byte {
		dst = a.response(append(dst, `"response":`...), "completed", text, tool)
		if a.how.NoUsage {
			return dst
		}
		return append(a.usage(append(dst[:len(dst)-1], `,"usage":`...), a.sent), '}')
	})
}
