package wire

import (
	"slices"
	"strconv"
)

// messages reads a field of a request of Anthropic.
func (d *decoder) messages(key string, v Value) {
	c := d.c
	switch key {
	case "model", "stream", "max_tokens":
	case "system":
		c.System = d.blocks(v)
	case "messages":
		for _, m := range v.Items() {
			d.only(m, "role", "content")
			parts := d.blocks(m.Get("content"))
			switch role := m.Get("role"); role.Text() {
			case "user":
				d.add(RoleUser, parts...)
			case "assistant":
				d.add(RoleAssistant, parts...)
			case "system":
				d.add(RoleSystem, parts...)
			default:
				d.bad(role, `use "user" or "assistant"`)
			}
		}
	case "tools":
		for _, t := range v.Items() {
			if kind := t.Get("type"); kind.Given() && !kind.is("custom") {
				d.bad(kind, "only tools with a schema of their own can be converted")
			}
			d.function(t, "input_schema")
		}
	case "tool_choice":
		d.only(v, "type", "name", "disable_parallel_tool_use")
		c.OneCall = v.Get("disable_parallel_tool_use").True()
		switch v.Get("type").Text() {
		case "auto":
		case "any":
			c.Use = UseAny
		case "none":
			c.Use = UseNone
		case "tool":
			c.Use, c.UseTool = UseOne, d.text(v.Get("name"))
		default:
			d.bad(v, `use "auto", "any", "tool" or "none"`)
		}
	case "temperature":
		c.Temperature = d.number(v)
	case "top_p":
		c.TopP = d.number(v)
	case "stop_sequences":
		for _, s := range v.Items() {
			c.Stop = append(c.Stop, d.text(s))
		}
	case "metadata":
		d.only(v, "user_id")
		c.User = v.Get("user_id").Text()
	case "output_config":
		d.only(v, "format", "effort")
		c.Effort = v.Get("effort").Text()
		if f := v.Get("format"); f.Given() {
			d.format(f, f)
		}
	default:
		c.rest = append(c.rest, setting{key, v})
	}
}

func (d *decoder) blocks(v Value) (parts []Part) {
	switch v.Kind() {
	case Absent, Null:
		return nil
	case String:
		return []Part{{Kind: PartText, Text: v.Text(), field: v.Path()}}
	case Array:
	default:
		d.bad(v, "this should be a text or a list of blocks")
	}
	for _, b := range v.Items() {
		p := Part{field: b.Path()}
		switch b.Get("type").Text() {
		case "text":
			d.only(b, "type", "text")
			p.Kind, p.Text = PartText, d.text(b.Get("text"))
		case "image":
			d.only(b, "type", "source")
			source := b.Get("source")
			p.Kind = PartImage
			switch source.Get("type").Text() {
			case "base64":
				p.Media, p.Data = d.text(source.Get("media_type")), d.text(source.Get("data"))
			case "url":
				p.URL = d.text(source.Get("url"))
			default:
				d.bad(source, "only images in the request or with an address can be converted")
			}
		case "tool_use":
			d.only(b, "type", "id", "name", "input")
			p.Kind, p.ID, p.Name, p.Input = PartCall, d.text(b.Get("id")), d.text(b.Get("name")), b.Get("input").Raw()
			if b.Get("input").Kind() != Object {
				d.bad(b, "the input of a tool should be an object")
			}
		case "tool_result":
			d.only(b, "type", "tool_use_id", "content", "is_error")
			p.Kind, p.ID, p.Failed, p.Parts = PartResult, d.text(b.Get("tool_use_id")), b.Get("is_error").True(), d.blocks(b.Get("content"))
		case "thinking", "redacted_thinking":
			p.Kind, p.Text = PartThought, b.Get("thinking").Text()
		default:
			d.bad(b, "only texts, images, thoughts, and the use of tools can be converted")
		}
		parts = append(parts, p)
	}
	return parts
}

// defaultMaxOutput stands for a limit that the request does not have and Anthropic needs, in tokens.
const defaultMaxOutput = 4096

// messages writes the conversation as a request of Anthropic.
func (e *encoder) messages() {
	c := e.c
	most := c.MaxOutput
	if most == 0 {
		most = e.o.MaxOutput
	}
	if most == 0 {
		most = defaultMaxOutput
	}
	e.limit("max_tokens", most)
	if len(c.System) > 0 {
		e.raw(`,"system":`)
		e.blocks(c.System)
	}
	e.raw(`,"messages":`)
	e.list(len(c.Turns), func(i int) {
		t := c.Turns[i]
		switch t.Role {
		case RoleAssistant:
			e.raw(`{"role":"assistant","content":`)
		case RoleSystem:
			e.cannot(t.Parts[0].field, "messages takes instructions only before the first message")
		default:
			e.raw(`{"role":"user","content":`)
		}
		e.blocks(t.Parts)
		e.raw("}")
	})
	if c.Temperature != nil {
		if t, err := strconv.ParseFloat(string(c.Temperature), 64); err != nil || t > 1 {
			e.cannot("temperature", "messages takes a temperature of at most 1")
		}
		e.number("temperature", c.Temperature)
	}
	e.number("top_p", c.TopP)
	e.stop("stop_sequences")
	e.messagesTools()
	if f := c.Format; f != nil && f.Schema == nil {
		e.cannot(f.field, "messages needs the schema of a JSON answer")
	}
	if c.Format != nil || c.Effort != "" {
		e.raw(`,"output_config":{`)
		if c.Format != nil {
			e.raw(`"format":{"type":"json_schema"`)
			e.number("schema", c.Format.Schema)
			e.raw("}")
		}
		switch c.Effort {
		case "":
		case "low", "medium", "high":
			if c.Format != nil {
				e.raw(",")
			}
			e.raw(`"effort":"` + c.Effort + `"`)
		default:
			e.cannot(map[Shape]string{Chat: "reasoning_effort", Responses: "reasoning.effort"}[c.from], "messages knows low, medium and high effort")
		}
		e.raw("}")
	}
	if c.User != "" {
		e.raw(`,"metadata":{"user_id":`)
		e.quote(c.User)
		e.raw("}")
	}
	e.stream()
}

func (e *encoder) messagesTools() {
	c := e.c
	if len(c.Tools) == 0 {
		return
	}
	e.raw(`,"tools":`)
	e.list(len(c.Tools), func(i int) {
		e.raw(`{"name":`)
		e.function(c.Tools[i], "input_schema")
		if c.Tools[i].Strict {
			e.raw(`,"strict":true`)
		}
		e.raw("}")
	})
	use := map[Use]string{UseNone: "none", UseAny: "any", UseOne: "tool", UseAuto: "auto"}[c.Use]
	if c.Use == UseAuto && !c.OneCall {
		return
	}
	e.raw(`,"tool_choice":{"type":"` + use + `"`)
	if c.Use == UseOne {
		e.raw(`,"name":`)
		e.quote(c.UseTool)
	}
	if c.OneCall && c.Use != UseNone {
		e.raw(`,"disable_parallel_tool_use":true`)
	}
	e.raw("}")
}

// media are the kinds of images that Anthropic takes.
var media = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

func (e *encoder) blocks(parts []Part) {
	said := make([]Part, 0, len(parts))
	for _, p := range parts {
		switch {
		case p.Kind == PartThought:
			e.c.Left = append(e.c.Left, p.field)
		case p.Kind == PartText && p.Text == "": // refused there, and says nothing
			e.c.Left = append(e.c.Left, p.field)
		default:
			said = append(said, p)
		}
	}
	e.list(len(said), func(i int) {
		p := said[i]
		switch p.Kind {
		case PartImage:
			if p.Detail != "" {
				e.c.Left = append(e.c.Left, p.field+" (detail)")
			}
			if p.URL != "" {
				e.raw(`{"type":"image","source":{"type":"url","url":`)
				e.quote(p.URL)
				e.raw("}}")
				return
			}
			if !slices.Contains(media, p.Media) {
				e.cannot(p.field, "messages takes images in JPEG, PNG, GIF or WebP")
			}
			e.raw(`{"type":"image","source":{"type":"base64","media_type":`)
			e.quote(p.Media)
			e.raw(`,"data":`)
			e.quote(p.Data)
			e.raw("}}")
		case PartCall:
			e.raw(`{"type":"tool_use","id":`)
			e.quote(p.ID)
			e.raw(`,"name":`)
			e.quote(p.Name)
			e.number("input", p.Input)
			e.raw("}")
		case PartResult:
			e.raw(`{"type":"tool_result","tool_use_id":`)
			e.quote(p.ID)
			if len(p.Parts) > 0 {
				e.raw(`,"content":`)
				e.blocks(p.Parts)
			}
			if p.Failed {
				e.raw(`,"is_error":true`)
			}
			e.raw("}")
		default:
			e.raw(`{"type":"text","text":`)
			e.quote(p.Text)
			e.raw("}")
		}
	})
}
