package kept

import (
	"slices"

	"tekentafel/internal/guard"
	"tekentafel/internal/lab"
)

// turn leads to another branch at a message.
type turn struct {
	at, of     int // 2 of 3
	back, next string
}

// said is a message as it is shown.
type said struct {
	Line
	masked []string // names of the types that were replaced on the way to the model
	kept   []string // names of the types that went as they are
	turn   *turn
}

// talk is a conversation to read.
type talk struct {
	words
	list []said
}

// read puts a branch of a conversation into what is shown. Where there are several branches it says which one this is.
func (w words) read(c *lab.Conversation, leaf string, title func(string) string) talk {
	out := talk{words: w}
	children := map[string][]string{}
	for i := range c.Messages {
		children[c.Messages[i].Parent] = append(children[c.Messages[i].Parent], c.Messages[i].ID)
	}
	for _, m := range c.Branch(leaf) {
		x := said{Line: Line{Role: m.Role, Text: m.Text, Model: m.Model, Title: title(m.Model), Cut: m.Cut, At: m.At}}
		for _, f := range m.Files {
			x.Files = append(x.Files, f.Name)
		}
		for _, s := range m.Seen {
			if s.Placeholder != "" {
				x.masked = w.addType(x.masked, s.Type)
			}
		}
		for _, k := range m.Kept {
			x.kept = w.addType(x.kept, k.Type)
		}
		if beside := children[m.Parent]; len(beside) > 1 {
			i := slices.Index(beside, m.ID)
			x.turn = &turn{at: i + 1, of: len(beside)}
			if i > 0 {
				x.turn.back = deepest(children, beside[i-1])
			}
			if i+1 < len(beside) {
				x.turn.next = deepest(children, beside[i+1])
			}
		}
		out.list = append(out.list, x)
	}
	return out
}

// addType adds the name of a type once.
func (w words) addType(list []string, t guard.Type) []string {
	if name := w.Inside(w.typeName(t)); !slices.Contains(list, name) {
		list = append(list, name)
	}
	return list
}

// deepest follows the last branch from a message to its leaf.
func deepest(children map[string][]string, id string) string {
	for len(children[id]) > 0 {
		id = children[id][len(children[id])-1]
	}
	return id
}

// shared puts a snapshot into what is shown.
func (w words) shared(s *Snapshot) talk {
	out := talk{words: w}
	for _, l := range s.Lines {
		out.list = append(out.list, said{Line: l})
	}
	return out
}

// notes are what one must know of a message.
func (w words) notes(x *said) []string {
	var out []string
	if len(x.Files) > 0 {
		out = append(out, w.with("talk.files", "names", w.And(x.Files)))
	}
	if len(x.masked) > 0 {
		out = append(out, w.with("talk.masked", "types", w.And(x.masked)))
	}
	if len(x.kept) > 0 {
		out = append(out, w.with("talk.let", "types", w.And(x.kept)))
	}
	if x.Cut {
		out = append(out, w.say("talk.cut"))
	}
	return out
}

// mine says who speaks to the person whose conversation it is.
func (t talk) mine(x *said) string { return t.who(&x.Line) }
