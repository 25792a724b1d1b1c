package kept

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
)

// Line is a message as others read it.
type Line struct {
	Role  lab.Role  `json:"role"`
	Text  string    `json:"text"`
	Model string    `json:"model,omitempty"` // of an answer, by its name
	Title string    `json:"title,omitempty"` // of the model
	Files []string  `json:"files,omitempty"` // names; what is in them does not go along
	Cut   bool      `json:"cut,omitempty"`
	At    time.Time `json:"at"`
}

// Snapshot is a branch of a conversation at a moment.
type Snapshot struct {
	Title  string `json:"title"`
	Task   string `json:"task,omitempty"` // entry by which it began
	Lines  []Line `json:"lines"`
	Masked int    `json:"masked,omitempty"` // pieces that were replaced for this
}

// snapshot takes a branch of a conversation.
func snapshot(c *lab.Conversation, leaf string) Snapshot {
	out := Snapshot{Title: c.Title}
	for _, m := range c.Branch(leaf) {
		l := Line{Role: m.Role, Text: m.Text, Model: m.Model, Cut: m.Cut, At: m.At}
		for _, f := range m.Files {
			l.Files = append(l.Files, f.Name)
		}
		if out.Task == "" {
			out.Task = m.Task
		}
		out.Lines = append(out.Lines, l)
	}
	return out
}

// First is the first thing that the person wrote.
func (s *Snapshot) First() string {
	for _, l := range s.Lines {
		if l.Role == lab.User {
			return l.Text
		}
	}
	return ""
}

// texts are all texts of a snapshot, to read and to change.
func (s *Snapshot) texts() []*string {
	out := []*string{&s.Title}
	for i := range s.Lines {
		out = append(out, &s.Lines[i].Text)
		for j := range s.Lines[i].Files {
			out = append(out, &s.Lines[i].Files[j])
		}
	}
	return out
}

// Found is a value that the guard finds in a snapshot.
type Found struct {
	Type  guard.Type
	Value string // as it is written first
	Times int
	Must  bool // it is replaced always: the organisation lets it leave nowhere
	Usual bool // the organisation usually replaces it
	Word  bool // a word of a category, which can only be pointed out
	key   string
}

// Choice says what is replaced before a snapshot is shared.
type Choice struct {
	Keys  []string // of what the guard found, see Found.Key
	Words []string // other pieces of the text
}

// Key names the value within a form: its place among what was found. It holds nothing of the value.
func (f *Found) Key() string { return f.key }

// find lists what the guard finds, in the order in which it stands.
func find(scanner *guard.Scanner, s *Snapshot, policy guard.Policy) []Found {
	var out []Found
	at := map[string]int{}
	for _, text := range s.texts() {
		for _, f := range scanner.Scan(*text) {
			action := policy.Action(f)
			if action == guard.Ignore {
				continue
			}
			value := (*text)[f.Start:f.End]
			id := string(f.Type) + "\n" + guard.Canonical(f.Type, value)
			i, known := at[id]
			if !known {
				i = len(out)
				at[id] = i
				out = append(out, Found{Type: f.Type, Value: value, Must: action == guard.Block, Usual: action >= guard.Mask, Word: f.Type.Category(), key: "v" + itoa(i)})
			}
			out[i].Times++
		}
	}
	return out
}

// hide replaces what was chosen, and what must be, in a snapshot.
func hide(scanner *guard.Scanner, s *Snapshot, policy guard.Policy, choice Choice, lang instrument.Lang) {
	chosen := map[string]bool{}
	for _, f := range find(scanner, s, policy) {
		if f.Must || !f.Word && slices.Contains(choice.Keys, f.key) {
			chosen[string(f.Type)+"\n"+guard.Canonical(f.Type, f.Value)] = true
		}
	}
	names := guard.NewPseudonyms(guard.LabelsOf(lang))
	words := pattern(choice.Words)
	for _, text := range s.texts() {
		var b strings.Builder
		from := 0
		for _, f := range scanner.Scan(*text) {
			value := (*text)[f.Start:f.End]
			if !chosen[string(f.Type)+"\n"+guard.Canonical(f.Type, value)] {
				continue
			}
			b.WriteString((*text)[from:f.Start])
			b.WriteString(names.Placeholder(f.Type, value))
			from = f.End
			s.Masked++
		}
		b.WriteString((*text)[from:])
		*text = b.String()
		if words != nil {
			*text = words.ReplaceAllStringFunc(*text, func(string) string {
				s.Masked++
				return "[…]"
			})
		}
	}
}

// leastWord is how short a piece may be that is replaced everywhere, in bytes.
const leastWord = 2

// pattern finds pieces of a text however their letters are cased; nil for none.
func pattern(words []string) *regexp.Regexp {
	var list []string
	for _, w := range words {
		if w = strings.TrimSpace(strings.ToValidUTF8(w, "\ufffd")); len(w) >= leastWord {
			list = append(list, regexp.QuoteMeta(w))
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) }) // the longest first
	return regexp.MustCompile("(?i)" + strings.Join(list, "|"))
}
