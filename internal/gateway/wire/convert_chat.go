package wire

import "strings"

// chat reads a field of a chat completion's request.
func (d *decoder) chat(key string, v Value) {
	c := d.c
	switch key {
	case "model", "stream", "max_tokens", "max_completion_tokens":
	case "stream_options":
		d.only(v, "include_usage", "include_obfuscation")
	case "messages":
		for _, m := range v.Items() {
			d.chatMessage(m)
		}
	case "tools":
		for _, t := range v.Items() {
			d.only(t, "type", "function")
			if !t.Get("type").is("function") {
				d.bad(t.Get("type"), "only functions can be converted")
			}
			d.function(t.Get("function"), "parameters")
		}
	case "tool_choice":
		d.use(v, v.Get("function").Get("name"))
	case "parallel_tool_calls":
		c.OneCall = !v.True()
	case "temperature":
		c.Temperature = d.number(v)
	case "top_p":
		c.TopP = d.number(v)
	case "stop":
		if v.Kind() == String {
			c.Stop = []string{v.Text()}
		}
		for _, s := range v.Items() {
			c.Stop = append(c.Stop, d.text(s))
		}
	case "response_format":
		d.format(v, v.Get("json_schema"))
	case "reasoning_effort":
		c.Effort = d.text(v)
	case "user":
		c.User = d.text(v)
	default:
		c.rest = append(c.rest, setting{key, v})
	}
}

// function reads a tool whose schema stands under a key.
func (d *decoder) function(v Value, schema string) {
	d.only(v, "type", "name", "description", "strict", schema)
	t := Tool{Name: d.text(v.Get("name")), Description: v.Get("description").Text(), Strict: v.Get("strict").True()}
	if s := v.Get(schema); s.Given() {
		t.Schema = s.Raw()
	}
	if t.Name == "" {
		d.bad(v, "a tool needs a name")
	}
	d.c.Tools = append(d.c.Tools, t)
}

// use reads tool_choice of the interfaces of OpenAI.
func (d *decoder) use(v, name Value) {
	switch v.Text() {
	case "auto":
	case "none":
		d.c.Use = UseNone
	case "required":
		d.c.Use = UseAny
	default:
		if !v.Get("type").is("function") {
			d.bad(v, `use "auto", "none", "required" or one function`)
			return
		}
		d.c.Use, d.c.UseTool = UseOne, d.text(name)
	}
}

// format reads the form of the answer; schema is the object with its name and schema.
func (d *decoder) format(v, schema Value) {
	switch v.Get("type").Text() {
	case "text":
	case "json_object":
		d.c.Format = &Format{field: v.Path()}
	case "json_schema":
		if s := schema.Get("schema"); s.Kind() != Object {
			d.bad(v, "a schema should be an object")
		}
		d.c.Format = &Format{Name: schema.Get("name").Text(), Schema: schema.Get("schema").Raw(), Strict: schema.Get("strict").True(), field: v.Path()}
	default:
		d.bad(v.Get("type"), `use "text", "json_object" or "json_schema"`)
	}
}

func (d *decoder) chatMessage(m Value) {
	d.only(m, "role", "content", "tool_calls", "tool_call_id", "refusal", "reasoning_content", "annotations")
	role := m.Get("role")
	parts := d.chatParts(m.Get("content"))
	switch role.Text() {
	case "system", "developer":
		d.add(RoleSystem, parts...)
	case "user":
		d.add(RoleUser, parts...)
	case "tool":
		d.add(RoleUser, Part{Kind: PartResult, ID: d.text(m.Get("tool_call_id")), Parts: parts, field: m.Path()})
	case "assistant":
		if r := m.Get("refusal"); r.Given() {
			parts = append(parts, Part{Kind: PartText, Text: d.text(r), field: r.Path()})
		}
		if t := m.Get("reasoning_content"); t.Given() {
			d.leave(t)
		}
		for _, call := range m.Get("tool_calls").Items() {
			d.only(call, "id", "type", "function", "index")
			if !call.Get("type").is("function") {
				d.bad(call, "only calls of functions can be converted")
			}
			f := call.Get("function")
			parts = append(parts, Part{Kind: PartCall, ID: d.text(call.Get("id")), Name: d.text(f.Get("name")), Input: d.arguments(f.Get("arguments")), field: call.Path()})
		}
		d.add(RoleAssistant, parts...)
	default:
		d.bad(role, `use "system", "developer", "user", "assistant" or "tool"`)
	}
}

func (d *decoder) chatParts(v Value) (parts []Part) {
	switch v.Kind() {
	case Absent, Null:
	case String:
		return []Part{{Kind: PartText, Text: v.Text(), field: v.Path()}}
	case Array:
		for _, p := range v.Items() {
			switch kind := p.Get("type"); kind.Text() {
			case "text":
				d.only(p, "type", "text")
				parts = append(parts, Part{Kind: PartText, Text: d.text(p.Get("text")), field: p.Path()})
			case "refusal":
				parts = append(parts, Part{Kind: PartText, Text: d.text(p.Get("refusal")), field: p.Path()})
			case "image_url":
				image := d.image(p.Get("image_url").Get("url"))
				image.Detail = strings.TrimPrefix(p.Get("image_url").Get("detail").Text(), "auto")
				parts = append(parts, image)
			default:
				d.bad(p, "only texts and images can be converted")
			}
		}
	default:
		d.bad(v, "this should be a text or a list of parts")
	}
	return parts
}

// chat writes the conversation as a chat completion's request.
func (e *encoder) chat() {
	c := e.c
	e.raw(`,"messages":[`)
	first := true
	begin := func(role string) {
		if !first {
			e.raw(",")
		}
		first = false
		e.raw(`{"role":"` + role + `"`)
	}
	if len(c.System) > 0 {
		begin("system")
		e.chatContent(c.System)
		e.raw("}")
	}
	for _, t := range c.Turns {
		e.chatTurn(t, begin)
	}
	e.raw("]")
	if e.o.OldLimit {
		e.limit("max_tokens", c.MaxOutput)
	} else {
		e.limit("max_completion_tokens", c.MaxOutput)
	}
	e.number("temperature", c.Temperature)
	e.number("top_p", c.TopP)
	e.stop("stop")
	if len(c.Tools) > 0 {
		e.raw(`,"tools":`)
		e.list(len(c.Tools), func(i int) {
			e.raw(`{"type":"function","function":{"name":`)
			e.function(c.Tools[i], "parameters")
			if c.Tools[i].Strict {
				e.raw(`,"strict":true`)
			}
			e.raw("}}")
		})
		switch c.Use {
		case UseNone:
			e.raw(`,"tool_choice":"none"`)
		case UseAny:
			e.raw(`,"tool_choice":"required"`)
		case UseOne:
			e.raw(`,"tool_choice":{"type":"function","function":{"name":`)
			e.quote(c.UseTool)
			e.raw("}}")
		default:
		}
		if c.OneCall {
			e.raw(`,"parallel_tool_calls":false`)
		}
	}
	if f := c.Format; f != nil && f.Schema == nil {
		e.raw(`,"response_format":{"type":"json_object"}`)
	} else if f != nil {
		e.raw(`,"response_format":{"type":"json_schema","json_schema":{`)
		e.schema(f)
		e.raw("}}")
	}
	if c.Effort != "" {
		e.raw(`,"reasoning_effort":`)
		e.quote(c.Effort)
	}
	if c.User != "" {
		e.raw(`,"user":`)
		e.quote(c.User)
	}
	if e.stream(); c.Stream {
		e.raw(`,"stream_options":{"include_usage":true}`)
	}
}

func (e *encoder) stop(key string) {
	if len(e.c.Stop) > 0 {
		e.raw(`,"` + key + `":`)
		e.list(len(e.c.Stop), func(i int) { e.quote(e.c.Stop[i]) })
	}
}

func (e *encoder) function(t Tool, schema string) {
	e.quote(t.Name)
	if t.Description != "" {
		e.raw(`,"description":`)
		e.quote(t.Description)
	}
	switch {
	case t.Schema != nil:
		e.number(schema, t.Schema)
	case e.to != Chat:
		e.raw(`,"` + schema + `":{"type":"object","properties":{}}`)
	}
}

// schema writes the name and the schema of the form of an answer.
func (e *encoder) schema(f *Format) {
	name := f.Name
	if name == "" {
		name = "answer"
	}
	e.raw(`"name":`)
	e.quote(name)
	e.number("schema", f.Schema)
	if f.Strict {
		e.raw(`,"strict":true`)
	}
}

func (e *encoder) chatTurn(t Turn, begin func(string)) {
	var said, calls []Part
	for _, p := range t.Parts {
		switch p.Kind {
		case PartResult:
			begin("tool")
			e.raw(`,"tool_call_id":`)
			e.quote(p.ID)
			for _, x := range p.Parts {
				if x.Kind == PartImage {
					e.cannot(x.field, "chat completions take no image in the answer of a tool")
				}
			}
			if p.Failed {
				e.c.Left = append(e.c.Left, p.field+".is_error")
			}
			e.chatContent(p.Parts)
			e.raw("}")
		case PartCall:
			calls = append(calls, p)
		case PartThought:
			e.c.Left = append(e.c.Left, p.field)
		default:
			said = append(said, p)
		}
	}
	if len(said)+len(calls) == 0 {
		return
	}
	begin(map[Role]string{RoleSystem: "system", RoleUser: "user", RoleAssistant: "assistant"}[t.Role])
	if len(said) > 0 {
		e.chatContent(said)
	} else {
		e.raw(`,"content":null`)
	}
	if len(calls) > 0 {
		e.raw(`,"tool_calls":`)
		e.list(len(calls), func(i int) {
			e.raw(`{"id":`)
			e.quote(calls[i].ID)
			e.raw(`,"type":"function","function":{"name":`)
			e.quote(calls[i].Name)
			e.raw(`,"arguments":`)
			e.quote(string(calls[i].Input))
			e.raw("}}")
		})
	}
	e.raw("}")
}

func (e *encoder) chatContent(parts []Part) {
	e.raw(`,"content":`)
	if len(parts) == 0 {
		e.raw(`""`)
		return
	}
	if len(parts) == 1 && parts[0].Kind == PartText {
		e.quote(parts[0].Text)
		return
	}
	e.list(len(parts), func(i int) {
		p := parts[i]
		if p.Kind == PartText {
			e.raw(`{"type":"text","text":`)
			e.quote(p.Text)
			e.raw("}")
			return
		}
		e.raw(`{"type":"image_url","image_url":{"url":`)
		e.quote(p.address())
		if p.Detail != "" {
			e.raw(`,"detail":`)
			e.quote(p.Detail)
		}
		e.raw("}}")
	})
}

// address returns where an image stands: an address, or one that holds it.
func (p Part) address() string {
	if p.Data != "" {
		return "data:" + p.Media + ";base64," + p.Data
	}
	return p.URL
}

// cutData takes an address that holds base64 apart.
func cutData(s string) (media, data string, ok bool) {
	rest, ok := strings.CutPrefix(s, "data:")
	if !ok {
		return "", "", false
	}
	media, data, ok = strings.Cut(rest, ";base64,")
	return media, data, ok
}
