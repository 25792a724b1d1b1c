package gateway

import (
	"net/http"
	"slices"
	"strings"

	"tekentafel/internal/gateway/wire"
)

// outside says what of a request neither the guard nor the limits can know: what a maker's own tools fetch and do, what it keeps, what it charges otherwise. nil when there is
// nothing of it.
func outside(r *wire.Request) *wire.Fault {
	root := r.Doc.Root()
	for _, t := range root.Get("tools").Items() {
		if kind := t.Get("type").Text(); !ofTheProgram(r.Shape, kind) {
			return refusal("maker_tool", t.Path(), "this tool runs at the model's maker, so neither the guard nor the limits know what it reads and sends; offer tools of your own (functions)")
		}
	}
	for _, field := range []string{"web_search_options", "mcp_servers"} {
		if root.Get(field).Given() {
			return refusal("maker_tool", field, "this runs at the model's maker, so neither the guard nor the limits know what it reads and sends; leave it out")
		}
	}
	if root.Get("background").True() {
		return refusal("not_supported", "background", "answers that are fetched later are not supported; leave this out, and stream when it takes long")
	}
	if root.Get("service_tier").Text() == "priority" {
		return refusal("not_supported", "service_tier", "the maker charges other prices for this than those that limits are held to; leave it out")
	}
	if r.Shape == wire.Embeddings {
		for _, v := range root.Get("input").Items() {
			if v.Kind() != wire.String {
				return refusal("not_text", "input", "send texts and no tokens: the guard cannot read those (in LangChain: check_embedding_ctx_length=False)")
			}
		}
	}
	return nil
}

func refusal(code, field, message string) *wire.Fault {
	return &wire.Fault{Status: http.StatusBadRequest, Code: code, Field: field, Message: message}
}

// ofTheProgram tells whether the program itself runs a tool of this type.
func ofTheProgram(s wire.Shape, kind string) bool {
	if kind == "" || kind == "function" || kind == "custom" {
		return true
	}
	if s == wire.Messages { // described by Anthropic and run by the program
		name := strings.TrimRight(kind, "0123456789")
		return slices.Contains([]string{"bash_", "text_editor_", "computer_", "memory_"}, name)
	}
	return kind == "local_shell"
}
