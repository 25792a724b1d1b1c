package kept

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/docx"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/markdown"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

//go:embed paper.css
var paperStyle string

// Formats lists the forms in which a conversation can be taken: docx is one branch for a word processor, html one to print, md one as
// Markdown, json the whole tree.
func Formats() []string { return []string{"docx", "html", "md", "json"} }

// Schema names the form of what json gives: the conversation as Conversation of package lab, with its title and the time of the export.
const Schema = "tekentafel.conversation/1"

// Way says how a conversation is written.
type Way struct {
	Lang  instrument.Lang
	Zone  *time.Location            // of the times; nil means UTC
	Made  time.Time                 // of the export
	Title func(model string) string // how a model is called; nil for its name
	Task  func(id string) string    // how an entry is called; nil for its id
}

// Export writes a conversation in a form of Formats, with the branch that ends at a message ("" for the one that was read last). It serves as well
// a conversation that is not kept. ok is false for a form that there is not, and for a branch that is not there.
func Export(c *lab.Conversation, leaf, format string, way Way) (body []byte, mediaType string, ok bool, err error) {
	if leaf == "" {
		leaf = c.Leaf
	}
	if len(c.Branch(leaf)) == 0 {
		return nil, "", false, nil
	}
	same := func(s string) string { return s }
	if way.Title == nil {
		way.Title = same
	}
	if way.Task == nil {
		way.Task = same
	}
	w := words{locale().Printer(way.Lang), way.Lang, func(t time.Time) time.Time {
		if way.Zone == nil {
			return t.UTC()
		}
		return t.In(way.Zone)
	}}
	t := w.read(c, leaf, way.Title)
	v := paperView{words: w, title: titleOf(c.Title, c), made: way.Made, talk: t, models: t.models(), task: taskOf(c, leaf, way.Task), other: len(c.Messages) - len(t.list)}
	switch format {
	case "md":
		return []byte(v.marked()), "text/markdown; charset=utf-8", true, nil
	case "json":
		body, err = json.MarshalIndent(map[string]any{"schema": Schema, "title": v.title, "exported": way.Made.UTC(), "conversation": c}, "", "  ")
		return body, "application/json", true, err
	case "docx":
		var b bytes.Buffer
		err = docx.Write(&b, v.document())
		return b.Bytes(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", true, err
	case "html":
		var b bytes.Buffer
		err = ui.Paper(&b, way.Lang, v.title, paperStyle, paper(v))
		return b.Bytes(), "text/html; charset=utf-8", true, err
	}
	return nil, "", false, nil
}

// paperView is a conversation as a document.
type paperView struct {
	words
	title  string
	made   time.Time
	talk   talk
	models []string
	task   string
	other  int // messages on other branches
}

// models are those that answered.
func (t talk) models() []string {
	var out []string
	for i := range t.list {
		if x := &t.list[i]; x.Role == lab.Assistant && x.Model != "" && !slices.Contains(out, t.who(&x.Line)) {
			out = append(out, t.who(&x.Line))
		}
	}
	return out
}

// taskOf is how the entry is called by which a branch began; "" for none.
func taskOf(c *lab.Conversation, leaf string, title func(string) string) string {
	for _, m := range c.Branch(leaf) {
		if m.Task != "" {
			return title(m.Task)
		}
	}
	return ""
}

// about says what one must know of the document.
func (v *paperView) about() []string {
	out := []string{v.with("export.made", "when", v.moment(v.made))}
	if len(v.models) > 0 {
		out = append(out, v.with("export.models", "models", v.And(v.models)))
	}
	if v.task != "" {
		out = append(out, v.with("export.task", "task", v.task))
	}
	if v.other > 0 {
		out = append(out, v.n("export.other", v.other))
	}
	return append(out, v.say("read.check"))
}

// marked writes the document as Markdown. What people and models wrote stands as they wrote it.
func (v *paperView) marked() string {
	var b strings.Builder
	b.WriteString("# " + v.title + "\n\n")
	for _, line := range v.about() {
		b.WriteString("> " + line + "\n>\n")
	}
	for i := range v.talk.list {
		x := &v.talk.list[i]
		b.WriteString("\n---\n\n**" + v.who(&x.Line) + "**")
		if !x.At.IsZero() {
			b.WriteString(" · " + v.moment(x.At))
		}
		b.WriteString("\n\n" + strings.TrimRight(x.Text, "\n") + "\n")
		for _, note := range v.notes(x) {
			b.WriteString("\n*" + note + "*\n")
		}
	}
	return b.String()
}

// document writes the document for a word processor.
func (v *paperView) document() *docx.Document {
	d := &docx.Document{Lang: string(v.lang), Title: v.title, Created: v.made, Page: v.say("export.page"), Blocks: []docx.Block{docx.Title{Text: v.title}}}
	for _, line := range v.about() {
		d.Blocks = append(d.Blocks, docx.Paragraph{Text: docx.Plain(line), Small: true})
	}
	for i := range v.talk.list {
		x := &v.talk.list[i]
		heading := v.who(&x.Line)
		if !x.At.IsZero() {
			heading += ", " + v.moment(x.At)
		}
		d.Blocks = append(append(d.Blocks, docx.Heading{Level: 1, Text: heading}), markdown.Blocks(x.Text, markdown.Options{Lang: v.lang, Heading: 2})...)
		for _, note := range v.notes(x) {
			d.Blocks = append(d.Blocks, docx.Paragraph{Text: docx.Plain(note), Small: true})
		}
	}
	return d
}

// export gives a conversation as a file.
func (s *Service) export(w http.ResponseWriter, r *web.Request) error {
	had, err := s.Open(r.Context(), r.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	format := q.Get("format")
	body, mediaType, ok, err := Export(had.Conversation, q.Get("leaf"), format, Way{Lang: r.Lang, Zone: s.Zone, Made: s.Now(), Title: s.titles(r), Task: s.tasks(r)})
	if err != nil {
		return err
	}
	if !ok {
		return refuse(problem.NotFound, "error.file", nil)
	}
	quiet(w)
	if format == "html" {
		w.Header().Set("Content-Security-Policy", ui.PaperPolicy)
	} else {
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": in(r).say("export.name") + "-" + string(s.DayOf(had.Changed)) + "." + format}))
	}
	return r.Send(w, http.StatusOK, mediaType, body)
}
