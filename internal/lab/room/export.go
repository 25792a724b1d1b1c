package room

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
	"tekentafel/internal/web"
)

// export answers the branch that is read as Markdown, or the whole conversation as JSON, to save. It keeps nothing.
func (p *Room) export(w http.ResponseWriter, r *web.Request) error {
	f, err := p.readForm(w, r)
	if err != nil {
		return err
	}
	if len(f.Conversation.Messages) == 0 {
		return refuse(problem.Invalid, "error.nothing")
	}
	name, kind, body := "chat.md", "text/markdown; charset=utf-8", []byte(of(r).markdown(&f.Conversation, r))
	if f.format == "json" {
		f.Conversation.Title = titleOf(&f.Conversation)
		if body, err = json.MarshalIndent(&f.Conversation, "", "  "); err != nil {
			return err
		}
		name, kind = "chat.json", "application/json; charset=utf-8"
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return r.Send(w, http.StatusOK, kind, body)
}

// markdown writes the branch that is read.
func (w words) markdown(c *lab.Conversation, r *web.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", titleOf(c), w.say("export.made"))
	for _, m := range c.Branch(c.Leaf) {
		who := w.say("talk.you")
		if m.Role == lab.Assistant {
			who = w.with("talk.model", "name", m.Model)
		}
		fmt.Fprintf(&b, "\n## %s\n\n", who)
		if !m.At.IsZero() {
			fmt.Fprintf(&b, "*%s*\n\n", w.Moment(r.Local(m.At)))
		}
		fmt.Fprintf(&b, "%s\n", strings.TrimSpace(m.Text))
		for _, f := range m.Files {
			fmt.Fprintf(&b, "\n> %s\n", w.with("talk.file", "name", f.Name))
		}
		for _, s := range m.Seen {
			if s.Placeholder != "" {
				fmt.Fprintf(&b, "\n> %s\n", w.with("export.masked", "kind", w.kind(s.Type), "placeholder", s.Placeholder))
			}
		}
		if m.Cut {
			fmt.Fprintf(&b, "\n> %s\n", w.say("talk.cut"))
		}
	}
	return b.String()
}
