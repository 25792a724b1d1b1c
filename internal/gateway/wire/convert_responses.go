package wire

import (
	"slices"
	"strings"
)

// responses reads a field of a request of the responses interface.
func (d *decoder) responses(key string, v Value) {
	c := d.c
	switch key {
	case "model", "stream", "max_output_tokens", "stream_options":
	case "instructions":
		c.System = []Part{{Kind: PartText, Text: d.text(v), field: key}}
	case "input":
		if v.Kind() == String {
			d.add(RoleUser, Part{Kind: PartText, Text: v.Text(), field: key})
		}
		for _, item := range v.Items() {
			d.item(item)
		}
	case "tools":
		for _, t := range v.Items() {
			if !t.Get("type").is("function") {
				d.bad(t.Get("type"), "only functions can be converted")
			}
			d.function(t, "parameters")
		}
	case "tool_choice":
		d.use(v, v.Get("name"))
	case "parallel_tool_calls":
		c.OneCall = !v.True()
	case "temperature":
		c.Temperature = d.number(v)
	case "top_p":
		c.TopP = d.number(v)
	case "text":
		d.only(v, "format")
		if f := v.Get("format"); f.Given() {
			d.format(f, f)
		}
	case "reasoning":
		d.only(v, "effort")
		c.Effort = v.Get("effort").Text()
	case "user":
		c.User = d.text(v)
	default:
		c.rest = append(c.rest, setting{key, v})
	}
}

func (d *decoder) item(v Value) {
	switch kind := v.Get("type").Text(); kind {
	case "", "message":
		d.only(v, "type", "role", "content", "id", "status")
		parts := d.responseParts(v.Get("content"))
		switch role := v.Get("role"); role.Text() {
		case "user":
			d.add(RoleUser, parts...)
		case "assistant":
			d.add(RoleAssistant, parts...)
		case "system", "developer":
			d.add(RoleSystem, parts...)
		default:
			d.bad(v, `use the role "user", "assistant", "system" or "developer"`)
		}
	case "function_call":
		d.only(v, "type", "id", "call_id", "name", "arguments", "status")
		d.add(RoleAssistant, Part{Kind: PartCall, ID: d.text(v.Get("call_id")), Name: d.text(v.Get("name")), Input: d.arguments(v.Get("arguments")), field: v.Path()})
	case "function_call_output":
		d.only(v, "type", "id", "call_id", "output", "status")
		d.add(RoleUser, Part{Kind: PartResult, ID: d.text(v.Get("call_id")), Parts: d.responseParts(v.Get("output")), field: v.Path()})
	case "reasoning":
		d.leave(v)
	default:
		d.bad(v, "only messages, calls of functions and their results can be converted")
	}
}

func (d *decoder) responseParts(v Value) (parts []Part) {
	switch v.Kind() {
	case Absent, Null:
		return nil
	case String:
		return []Part{{Kind: PartText, Text: v.Text(), field: v.Path()}}
	case Array:
	default:
		d.bad(v, "this should be a text or a list of parts")
	}
	for _, p := range v.Items() {
		switch p.Get("type").Text() {
		case "input_text", "output_text":
			d.only(p, "type", "text", "annotations", "logprobs")
			if p.Get("annotations").Len() > 0 {
				d.leave(p.Get("annotations"))
			}
			parts = append(parts, Part{Kind: PartText, Text: d.text(p.Get("text")), field: p.Path()})
		case "refusal":
			parts = append(parts, Part{Kind: PartText, Text: d.text(p.Get("refusal")), field: p.Path()})
		case "input_image":
			d.only(p, "type", "image_url", "detail")
			image := d.image(p.Get("image_url"))
			image.Detail = strings.TrimPrefix(p.Get("detail").Text(), "auto")
			parts = append(parts, image)
		default:
			d.bad(p, "only texts and images can be converted")
		}
	}
	return parts
}

// responses writes the conversation as a request of the responses interface.
func (e *encoder) responses() {
	c := e.c
	if len(c.System) > 0 {
		texts := make([]string, len(c.System))
		for i, p := range c.System {
			texts[i] = p.Text
		}
		e.raw(`,"instructions":`)
		e.quote(strings.Join(texts, "\n\n"))
	}
	e.raw(`,"input":[`)
	first := true
	begin := func(s string) {
		if !first {
			e.raw(",")
		}
		first = false
		e.raw(s)
	}
	for _, t := range c.Turns {
		e.responseTurn(t, begin)
	}
	e.raw("]")
	e.limit("max_output_tokens", c.MaxOutput)
	e.number("temperature", c.Temperature)
	e.number("top_p", c.TopP)
	if len(c.Stop) > 0 {
		e.cannot(map[Shape]string{Chat: "stop", Messages: "stop_sequences"}[c.from], "responses knows no texts that end an answer")
	}
	if len(c.Tools) > 0 {
		e.raw(`,"tools":`)
		e.list(len(c.Tools), func(i int) {
			e.raw(`{"type":"function","name":`)
			e.function(c.Tools[i], "parameters")
			if c.Tools[i].Strict {
				e.raw(`,"strict":true}`)
			} else {
				e.raw(`,"strict":false}`) // where nothing is said, responses is strict
			}
		})
		switch c.Use {
		case UseNone:
			e.raw(`,"tool_choice":"none"`)
		case UseAny:
			e.raw(`,"tool_choice":"required"`)
		case UseOne:
			e.raw(`,"tool_choice":{"type":"function","name":`)
			e.quote(c.UseTool)
			e.raw("}")
		default:
		}
		if c.OneCall {
			e.raw(`,"parallel_tool_calls":false`)
		}
	}
	if f := c.Format; f != nil && f.Schema == nil {
		e.raw(`,"text":{"format":{"type":"json_object"}}`)
	} else if f != nil {
		e.raw(`,"text":{"format":{"type":"json_schema",`)
		e.schema(f)
		e.raw("}}")
	}
	if c.Effort != "" {
		e.raw(`,"reasoning":{"effort":`)
		e.quote(c.Effort)
		e.raw("}")
	}
	if c.User != "" {
		e.raw(`,"user":`)
		e.quote(c.User)
	}
	if !slices.ContainsFunc(c.rest, func(s setting) bool { return s.name == "store" }) {
		e.raw(`,"store":false`) // where nothing is said, responses keeps what was said
	}
	e.stream()
}

func (e *encoder) responseTurn(t Turn, begin func(string)) {
	var said []Part
	flush := func() {
		if len(said) == 0 {
			return
		}
		role, kind := "user", "input_text"
		switch t.Role {
		case RoleAssistant:
			role, kind = "assistant", "output_text"
		case RoleSystem:
			role = "system"
		default:
		}
		begin(`{"type":"message","role":"` + role + `","content":`)
		e.responseParts(said, kind)
		e.raw("}")
		said = nil
	}
	for _, p := range t.Parts {
		switch p.Kind {
		case PartCall:
			flush()
			begin(`{"type":"function_call","call_id":`)
			e.quote(p.ID)
			e.raw(`,"name":`)
			e.quote(p.Name)
			e.raw(`,"arguments":`)
			e.quote(string(p.Input))
			e.raw("}")
		case PartResult:
			flush()
			begin(`{"type":"function_call_output","call_id":`)
			e.quote(p.ID)
			e.raw(`,"output":`)
			if p.Failed {
				e.c.Left = append(e.c.Left, p.field+".is_error")
			}
			switch {
			case len(p.Parts) == 0:
				e.raw(`""`)
			case len(p.Parts) == 1 && p.Parts[0].Kind == PartText:
				e.quote(p.Parts[0].Text)
			default:
				e.responseParts(p.Parts, "input_text")
			}
			e.raw("}")
		case PartThought:
			e.c.Left = append(e.c.Left, p.field)
		default:
			said = append(said, p)
		}
	}
	flush()
}

func (e *encoder) responseParts(parts []Part, kind string) {
	e.list(len(parts), func(i int) {
		p := parts[i]
		if p.Kind == PartText {
			e.raw(`{"type":"` + kind + `","text":`)
			e.quote(p.Text)
			e.raw("}")
			return
		}
		detail := p.Detail
		if detail == "" {
			detail = "auto"
		}
		e.raw(`{"type":"input_image","image_url":`)
		e.quote(p.address())
		e.raw(`,"detail":`)
		e.quote(detail)
		e.raw("}")
	})
}
