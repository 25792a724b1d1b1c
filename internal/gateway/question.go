package gateway

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
)

// Blocked is the error of a call that the guard ended. It holds no text of anyone.
type Blocked struct {
	Places []Place // the first of them
}

// Place is where something stands that may not go to a model.
type Place struct {
	Field string // such as "messages[2].content"
	Type  guard.Type
}

// mostPlaces bounds how many places an error names.
const mostPlaces = 5

// Error says where and what, and how to mend it.
func (b *Blocked) Error() string {
	var says []string
	for _, p := range b.Places {
		s := fmt.Sprintf("%s holds what the guard of your organisation does not let go to a model: %s", p.Field, describe(p.Type))
		if !slices.Contains(says, s) {
			says = append(says, s)
		}
	}
	return strings.Join(says, "; ") + ". Take it out, or ask who sets the guard."
}

// Fault returns the error for the program that asked.
func (b *Blocked) Fault() *wire.Fault {
	f := &wire.Fault{Status: http.StatusBadRequest, Code: "blocked_by_guard", Message: b.Error()}
	if len(b.Places) > 0 { // Fault puts the field before the message
		f.Field = b.Places[0].Field
		f.Message = strings.TrimPrefix(f.Message, f.Field+" ")
	}
	return f
}

func describe(t guard.Type) string {
	return strings.ToLower(guard.Texts().Printer(programmers).T("type."+string(t), nil))
}

// programmers read messages in English, as those of the interfaces are.
const programmers instrument.Lang = "en"

// question is a request as it went through the guard.
type question struct {
	request *wire.Request      // as it goes to the model
	names   *guard.Pseudonyms  // of what was masked
	found   map[guard.Type]int // of each sort, whatever became of it
	masked  map[guard.Type]int
}

func (q *question) sum() int {
	n := 0
	for _, m := range q.masked {
		n += m
	}
	return n
}

// reading is the guard at work on one request.
type reading struct {
	question
	scanner *guard.Scanner
	policy  guard.Policy
	keep    func(guard.Type, string) bool
	list    []guard.Finding
	known   guard.MaskedValues
	fixed   []held
	blocked []Place
}

// held is a finding in a text that cannot be replaced.
type held struct {
	kind  guard.Type
	value string
	field string
}

// lists are for findings, used again for the next request.
var lists = sync.Pool{New: func() any { return new([]guard.Finding) }}

// everything is the policy of what is left of findings when those that pass are taken out.
var everything = func() guard.Policy {
	p := guard.Policy{}
	for _, t := range guard.Types() {
		p[t] = guard.Mask
	}
	return p
}()

// read passes a request through the guard. The error is a *Blocked, or a *wire.Fault.
func (e *Engine) read(r *wire.Request, policy guard.Policy, o Options) (*question, error) {
	if o.Labels == nil {
		o.Labels = e.labels
	}
	list := lists.Get().(*[]guard.Finding) //nolint:errcheck,forcetypeassert // it holds nothing else
	g := &reading{scanner: e.Scanner, policy: policy, keep: o.Keep, list: (*list)[:0],
		question: question{request: r, names: guard.NewPseudonyms(o.Labels), found: map[guard.Type]int{}, masked: map[guard.Type]int{}}}
	defer func() { *list = g.list[:0]; lists.Put(list) }()
	body := g.rewrite(r)
	g.judge()
	q := g.question // apart from what the guard worked with, which goes now: an answer may take minutes
	if len(g.blocked) > 0 {
		return &q, &Blocked{Places: g.blocked}
	}
	if len(body) == len(r.Doc.Bytes()) && &body[0] == &r.Doc.Bytes()[0] {
		return &q, nil
	}
	masked, err := wire.ReadRequest(r.Shape, body, e.Limits)
	if err != nil {
		return &q, err // it grew beyond a limit
	}
	q.request = masked
	return &q, nil
}

// rewrite returns the body with placeholders: first in what stands beside the conversation, then in its turns, so that a conversation that grows keeps its placeholders.
func (g *reading) rewrite(r *wire.Request) []byte {
	root := r.Doc.Root()
	turns := root.Get("messages")
	if r.Shape == wire.Responses || r.Shape == wire.Embeddings {
		turns = root.Get("input")
	}
	type result struct {
		text    string
		changed bool
	}
	var beside []result
	if besides(root) {
		r.Texts(func(t wire.Text) bool {
			if !t.Within(turns) {
				text, changed := g.text(t)
				beside = append(beside, result{text, changed})
			}
			return true
		})
	}
	return r.Rewrite(func(t wire.Text) (string, bool) {
		if len(beside) > 0 && !t.Within(turns) {
			b := beside[0]
			beside = beside[1:]
			return b.text, b.changed
		}
		return g.text(t)
	})
}

// besides tells whether a request may hold texts beside its turns.
func besides(root wire.Value) bool {
	for key, v := range root.Fields() {
		switch key {
		case "model", "messages", "input", "stream_options":
			continue
		}
		if v.Kind() > wire.Number || len(v.Raw()) >= 9 {
			return true
		}
	}
	return false
}

// text decides on one text.
func (g *reading) text(t wire.Text) (string, bool) {
	g.scan(t)
	kept := g.list[:0]
	for _, f := range g.list {
		value := t.Content[f.Start:f.End]
		g.found[f.Type]++
		action := g.policy.Action(f)
		if action != guard.Block && g.keep != nil && g.keep(f.Type, guard.Canonical(f.Type, value)) {
			continue
		}
		switch action {
		case guard.Block:
			g.block(t, f.Type)
		case guard.Mask:
			if t.Fixed {
				g.fixed = append(g.fixed, held{f.Type, value, t.Field()})
				continue
			}
			g.known.Add(f.Type, value)
			kept = append(kept, f)
		case guard.Warn, guard.Ignore:
		}
	}
	if t.Fixed {
		g.list = kept
		for _, f := range g.known.Find(kept, t.Content, true) {
			g.fixed = append(g.fixed, held{f.Type, t.Content[f.Start:f.End], t.Field()})
		}
		return "", false
	}
	kept = g.known.Find(kept, t.Content, t.Role == wire.RoleAssistant)
	g.list = kept
	for _, f := range kept {
		g.masked[f.Type]++
	}
	out := g.names.Mask(t.Content, kept, everything)
	return out, out != t.Content
}

// scan finds in a text. The name of an argument or a field tells what its value is, as a word before it does.
func (g *reading) scan(t wire.Text) {
	if t.Label == "" || t.Key || t.Kind != wire.KindArguments && t.Kind != wire.KindOther && !t.Number {
		g.list = g.scanner.Append(g.list[:0], t.Content)
		return
	}
	before := len(t.Label) + 2
	g.list = g.scanner.Append(g.list[:0], t.Label+": "+t.Content)
	g.list = slices.DeleteFunc(g.list, func(f guard.Finding) bool { return f.End <= before })
	for i := range g.list {
		g.list[i].Start = max(0, g.list[i].Start-before)
		g.list[i].End -= before
		g.list[i].Context = guard.Span{}
	}
}

func (g *reading) block(t wire.Text, kind guard.Type) {
	if len(g.blocked) < mostPlaces {
		g.blocked = append(g.blocked, Place{t.Field(), kind})
	}
}

// judge decides on what stands in texts that cannot be replaced. See the package.
func (g *reading) judge() {
	for _, f := range g.fixed {
		switch f.kind {
		case guard.NationalNumber, guard.BISNumber, guard.BSN, guard.Account, guard.PaymentCard, guard.IdentityCard, guard.Passport, guard.Secret, guard.Password:
		default:
			if !g.known.Has(f.value) {
				continue
			}
		}
		if len(g.blocked) < mostPlaces {
			g.blocked = append(g.blocked, Place{f.field, f.kind})
		}
	}
}
