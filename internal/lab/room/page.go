package room

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tekentafel/internal/access"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/markdown"
	"tekentafel/internal/problem"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// view is the page of the chat.
type view struct {
	words
	room   *Room
	draft  *draft
	models []lab.Model
	limits []lab.Limit
	starts []Start
	entry  *lab.Entry
	days   []int
	local  func(time.Time) time.Time

	faults     []string
	notes      []string      // of files
	review     *review       // what has to be decided before the draft goes
	asks       []lab.Message // of the review
	ends       map[string]end
	newest     string // the answer that has just come
	compared   bool   // two models answered beside each other
	kept       *keptView
	until      string // of a conversation that was kept before
	confirmNew bool
	out        bool // nobody is signed in any more
}

func (p *Room) newView(r *web.Request, d *draft) *view {
	return &view{words: of(r), room: p, draft: d, ends: map[string]end{}, local: r.Local}
}

// open shows the chat: empty, with a task, or with a conversation that was kept.
func (p *Room) open(w http.ResponseWriter, r *web.Request) error {
	d := &draft{Task: r.URL.Query().Get("task")}
	if len(d.Task) > mostName {
		d.Task = ""
	}
	v := p.newView(r, d)
	if id := r.URL.Query().Get("kept"); id != "" && p.Keeper != nil {
		s, err := p.Keeper.Open(r.Context(), r.Actor, id)
		if err != nil {
			return err
		}
		d.Conversation, d.ID, d.Version = *s.Conversation, id, s.Version
		if len(d.Conversation.Messages) > 0 {
			d.Task = d.Conversation.Messages[0].Task
			d.Model = modelOf(&d.Conversation)
		}
		v.until = v.Date(r.Local(s.Until))
	}
	return p.show(w, r, v)
}

// modelOf is the model that answered last.
func modelOf(c *lab.Conversation) string {
	branch := c.Branch(c.Leaf)
	for _, m := range slices.Backward(branch) {
		if m.Model != "" {
			return m.Model
		}
	}
	return ""
}

// start shows the chat with a text in the composer, which nobody has sent yet.
func (p *Room) start(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	d := &draft{Text: strings.ReplaceAll(form.Get("text"), "\r\n", "\n"), Task: form.Get("task"), Model: form.Get("model")}
	if err := d.sound(); err != nil {
		return err
	}
	switch {
	case r.Actor.Kind != access.Person:
		return p.signedOut(w, r, d)
	case !r.Can(uses):
		return refuse(problem.Forbidden, "error.forbidden")
	}
	return p.show(w, r, p.newView(r, d))
}

// show fetches what the page needs and renders it.
func (p *Room) show(w http.ResponseWriter, r *web.Request, v *view) error {
	markdown.Header(w)
	page := web.Page{Door: doorKey}
	page.Title = v.say("title")
	page.Crumbs = []ui.Link{{Label: v.say("crumb.lab"), Href: labAt}}
	if v.out {
		page.Status, page.Crumbs = http.StatusUnauthorized, nil
		return r.Show(w, page, roomPage(v))
	}
	if err := v.fetch(r); err != nil {
		return err
	}
	if v.entry != nil {
		page.Title = v.entry.Title
		if v.entry.Back != "" {
			page.Crumbs = append(page.Crumbs, ui.Link{Label: v.entry.Title, Href: v.entry.Back})
			page.Title = v.say("title")
			page.Heading = v.entry.Title
		}
	}
	page.Invalid = len(v.faults) > 0
	return r.Show(w, page, roomPage(v))
}

func (v *view) fetch(r *web.Request) (err error) {
	p, ctx := v.room, r.Context()
	if v.models == nil {
		if v.models, err = p.Models.Offered(ctx, r.Actor.Tenant, r.Actor.Owner, r.Lang); err != nil {
			return err
		}
	}
	if v.limits, err = p.Models.Limits(ctx, r.Actor.Tenant, r.Actor.Owner, r.Lang); err != nil {
		return err
	}
	if v.entry, err = p.entry(r, v.draft.Task); err != nil {
		return err
	}
	if v.days, err = p.keepDays(r); err != nil {
		return err
	}
	if p.Starts != nil && v.entry == nil && len(v.draft.Conversation.Messages) == 0 {
		if v.starts, err = p.Starts.Starts(ctx, r.Actor.Tenant, r.Lang); err != nil {
			return err
		}
	}
	if v.model(v.draft.Model) == nil && len(v.models) > 0 {
		v.draft.Model = v.models[0].Name
	}
	return nil
}

func (v *view) model(name string) *lab.Model {
	i := slices.IndexFunc(v.models, func(m lab.Model) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &v.models[i]
}

// called names a model as people do; one that is no longer offered by its name.
func (v *view) called(name string) string {
	m := v.model(name)
	switch {
	case m == nil:
		return name
	case m.Practice:
		return v.say("model.practice")
	}
	return m.Title
}

// option is how a model stands in the list: its name and where it runs, or that it is no AI.
func (v *view) option(m *lab.Model) string {
	if m.Practice || m.Where == "" {
		return v.called(m.Name)
	}
	return v.with("model.where", "name", m.Title, "where", m.Where)
}

func (v *view) practice() bool {
	m := v.model(v.draft.Model)
	return m != nil && m.Practice
}

// near is from which percentage on a limit stands out.
const near = 80

// Text of this many bytes is about a token, and from this part of what a model takes on a conversation is long.
const (
	bytesPerToken = 3.5
	longFrom      = 0.7
)

// long tells in time that a conversation grows longer than its model takes.
func (v *view) long() bool {
	m := v.model(v.draft.Model)
	if m == nil || m.Context <= 0 {
		return false
	}
	n := 0
	for _, one := range v.branch() {
		n += len(one.Whole())
	}
	return float64(n)/bytesPerToken > longFrom*float64(m.Context)
}

// beforehand is what the task tells the model, without the answer that is fixed for the practice model.
func (v *view) beforehand() string {
	if v.entry == nil {
		return ""
	}
	text, _ := lab.CutPractice(v.entry.System)
	return text
}

// state is the draft as it travels in the form.
func (v *view) state() string {
	body, err := json.Marshal(v.draft)
	if err != nil {
		return "{}"
	}
	return string(body)
}

// modelView is a model as the scripts need it.
type modelView struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Images   bool   `json:"images"`
	Practice bool   `json:"practice"`
	Context  int64  `json:"context"`
}

// config is what the scripts of the page need to know.
func (v *view) config() string {
	models := []modelView{}
	for _, m := range v.models {
		models = append(models, modelView{m.Name, v.called(m.Name), m.Images, m.Practice, m.Context})
	}
	body, err := json.Marshal(map[string]any{
		"lang": v.lang, "models": models, "words": v.scripted(), "reasons": v.reasons(), "limits": v.words.limits(),
		"look": v.look(), "markdown": markdown.Address(markdown.Script),
		"ask": askAt, "check": checkAt, "file": fileAt, "keep": keepAt, "export": exportAt, "home": home, "rule": v.rule(), "signIn": "/sign-in",
		"most": map[string]int{"file": mostFile, "files": mostFiles, "text": mostText / 4},
	})
	if err != nil {
		return "{}"
	}
	return string(body)
}

// rule is the rule that matters in the task; "" for none.
func (v *view) rule() string {
	if v.entry == nil {
		return ""
	}
	return v.entry.Reminder
}

// look is what to look at in an answer.
func (v *view) look() []string {
	if v.entry == nil {
		return nil
	}
	return v.entry.Look
}

func (v *view) options() markdown.Options { return markdown.Options{Lang: v.lang, Heading: 4} }

// modules are the scripts that the first one needs, so that a browser fetches them at once.
func (v *view) modules() []string {
	out := append([]string{markdown.Address(markdown.Script)}, markdown.Preload()...)
	for _, name := range []string{"composer.js", "dom.js", "exchange.js", "files.js", "keep.js", "review.js", "stream.js", "talk.js", "tree.js"} {
		out = append(out, v.room.assets.url(name))
	}
	return out
}

// branch are the messages that are read.
func (v *view) branch() []lab.Message { return v.draft.Conversation.Branch(v.draft.Conversation.Leaf) }

// beside are the answers that stand beside each other when two models were asked.
func (v *view) beside(m *lab.Message) []lab.Message {
	if !v.compared || m.ID != v.newest {
		return nil
	}
	var out []lab.Message
	list, _ := siblings(&v.draft.Conversation, m.ID)
	for _, id := range list {
		if _, now := v.ends[id]; now && id != m.ID {
			out = append(out, *v.draft.message(id))
		}
	}
	return out
}

// step is the way to the message before or after one among its siblings; "" at the end.
func (v *view) step(id string, by int) string {
	list, at := siblings(&v.draft.Conversation, id)
	if at+by < 0 || at+by >= len(list) {
		return ""
	}
	return "turn:" + list[at+by]
}

// which says which of its siblings a message is: "2 van 3"; "" when there is one.
func (v *view) which(id string) string {
	list, at := siblings(&v.draft.Conversation, id)
	if len(list) < 2 {
		return ""
	}
	return v.with("talk.which", "n", strconv.Itoa(at+1), "of", strconv.Itoa(len(list)))
}

// replaced are the values of a message in the place of which something else left.
func (v *view) replaced(m *lab.Message) []lab.Seen {
	return slices.DeleteFunc(slices.Clone(m.Seen), func(s lab.Seen) bool { return s.Placeholder == "" })
}

// marked cuts the text of the draft into pieces: what the guard found, and what stands between.
func (v *view) marked() []piece {
	var marks []markView
	last := len(v.asks) - 1
	text := v.asks[last].Text
	items, _ := v.review.shown()
	for i := range items {
		for _, p := range items[i].Places {
			if p.Message == last && v.review.Parts[p.Part].File < 0 {
				marks = append(marks, markView{i, p.Start, p.End})
			}
		}
	}
	slices.SortFunc(marks, func(a, b markView) int { return a.Start - b.Start })
	var out []piece
	from := 0
	for _, m := range marks {
		if m.Start < from {
			continue
		}
		out = append(out, piece{text[from:m.Start], ""}, piece{text[m.Start:m.End], v.kind(items[m.Item].Type)})
		from = m.End
	}
	return append(out, piece{text[from:], ""})
}

// finds are the values that are shown one by one.
func (v *view) finds() []item {
	items, _ := v.review.shown()
	return items
}

// others are those that are not.
func (v *view) others() []rest {
	_, others := v.review.shown()
	return others
}

// piece is a piece of a text, and what it is when the guard found it.
type piece struct{ text, kind string }

func attr(name, value string) templ.Attributes { return templ.Attributes{name: value} }

func index(i int) string { return strconv.Itoa(i) }
