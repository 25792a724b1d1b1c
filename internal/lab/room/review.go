package room

import (
	"slices"
	"strings"

	"tekentafel/internal/guard"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
)

// state is what is decided about a finding.
type state string

const (
	undecided state = "open"    // the person has not said what becomes of it
	replaced  state = "masked"  // a placeholder leaves in its place
	let       state = "kept"    // it leaves as it is, with a reason
	pointed   state = "warned"  // it leaves as it is; the person saw that it is there
	stopped   state = "blocked" // nothing leaves while it is there
)

// item is a value that the guard found, wherever it stands in what the person wrote.
type item struct {
	Type        guard.Type
	Value       string // as it was first written
	Why         string
	Sure        guard.Confidence
	Action      guard.Action
	Placeholder string // what leaves in its place, or would
	State       state
	Reason      string
	Places      []place
}

// place is where a value stands.
type place struct {
	Message    int // in the question
	Part       int // of the message, see lab.Message.Parts
	Start, End int // bytes of the text of the part
}

// review is what the guard finds in a question, what was decided, and what leaves.
type review struct {
	Items  []item
	Parts  []lab.Part // of the last message
	Leaves string     // what leaves of the last message, literally
}

type valueKey struct {
	t     guard.Type
	value string
}

func keyOf(t guard.Type, value string) valueKey { return valueKey{t, guard.Canonical(t, value)} }

// reviewOf looks at a question. What models wrote, and what a task tells a model beforehand, needs no decision: the person did not write it.
func reviewOf(s *guard.Scanner, policy guard.Policy, lang instrument.Lang, messages []lab.Message) review {
	kept, seen := lab.Decided(messages)
	reasons, saw := map[valueKey]string{}, map[valueKey]bool{}
	for _, k := range kept {
		if strings.TrimSpace(k.Reason) != "" {
			reasons[keyOf(k.Type, k.Value)] = k.Reason
		}
	}
	for _, k := range seen {
		if k.Value != "" { // of whole types, each message says it for itself
			saw[keyOf(k.Type, k.Value)] = true
		}
	}
	var r review
	at := map[valueKey]int{}
	pseudonyms, known := guard.NewPseudonyms(guard.LabelsOf(lang)), guard.MaskedValues{}
	for i := range messages {
		m := &messages[i]
		var masks []guard.Finding
		var here []item
		whole, parts, all := m.Whole(), m.Parts(), wholesale(m)
		for _, f := range s.Scan(whole) {
			value := whole[f.Start:f.End]
			key, action := keyOf(f.Type, value), policy.Action(f)
			if action == guard.Ignore {
				continue
			}
			x := item{Type: f.Type, Value: value, Why: f.Why, Sure: f.Confidence, Action: action, Reason: reasons[key]}
			x.State = decided(action, x.Reason != "", saw[key] || all[f.Type])
			if action == guard.Mask && x.State != let {
				masks = append(masks, f)
				known.Add(f.Type, value)
			}
			if p := placeOf(parts, f); p.Part >= 0 {
				p.Message = i
				x.Places = []place{p}
			}
			here = append(here, x)
		}
		masks = known.Find(masks, whole, m.Role == lab.Assistant)
		leaves := pseudonyms.Mask(whole, masks, masking())
		if i == len(messages)-1 {
			r.Parts, r.Leaves = parts, leaves
		}
		if m.Role != lab.User {
			continue
		}
		for _, x := range here {
			key := keyOf(x.Type, x.Value)
			j, has := at[key]
			if !has {
				at[key] = len(r.Items)
				if x.Action == guard.Mask && x.State != let {
					x.Placeholder = pseudonyms.Placeholder(x.Type, x.Value)
				}
				r.Items = append(r.Items, x)
				continue
			}
			r.Items[j].Places = append(r.Items[j].Places, x.Places...)
			if x.State == undecided { // it was seen of another message alone
				r.Items[j].State = undecided
			}
		}
	}
	return r
}

// masking masks every type: what passes is taken out before.
func masking() guard.Policy {
	p := guard.Policy{}
	for _, t := range guard.Types() {
		p[t] = guard.Mask
	}
	return p
}

// here tells whether a value stands in the last message.
func (x *item) here(messages int) bool {
	return slices.ContainsFunc(x.Places, func(p place) bool { return p.Message == messages-1 })
}

// wholesale are the types of which the person saw that every value in a message is replaced or pointed out.
func wholesale(m *lab.Message) map[guard.Type]bool {
	out := map[guard.Type]bool{}
	for _, s := range m.Seen {
		if s.Value == "" {
			out[s.Type] = true
		}
	}
	return out
}

// mostShown is how many values are shown one by one; of more, as in a table of names, the page tells how many there are of each type.
const mostShown = 60

// rest is values that are not shown one by one.
type rest struct {
	Type   guard.Type
	Action guard.Action
	State  state
	Count  int
}

// shown are the values that are shown one by one, those that are blocked first of all, and the rest by type.
func (r *review) shown() (items []item, others []rest) {
	room := mostShown - min(mostShown, r.count(stopped))
	for _, x := range r.Items {
		if x.State == stopped && len(items) < 2*mostShown {
			items = append(items, x)
			continue
		}
		if x.State != stopped && room > 0 {
			room--
			items = append(items, x)
			continue
		}
		i := slices.IndexFunc(others, func(o rest) bool { return o.Type == x.Type && o.Action == x.Action && o.State == x.State })
		if i < 0 {
			i = len(others)
			others = append(others, rest{x.Type, x.Action, x.State, 0})
		}
		others[i].Count++
	}
	return items, others
}

// note keeps on the last message what was decided about the values in it, so that one can see later what left in their place.
func (r *review) note(m *lab.Message, messages int) {
	m.Seen = nil
	for i := range r.Items {
		x := &r.Items[i]
		switch {
		case !x.here(messages) || x.State != replaced && x.State != pointed:
		case len(m.Seen) < mostShown:
			m.Seen = append(m.Seen, lab.Seen{Type: x.Type, Value: x.Value, Placeholder: x.Placeholder})
		case !wholesale(m)[x.Type]:
			m.Seen = append(m.Seen, lab.Seen{Type: x.Type})
		}
	}
}

// decided is what becomes of a finding.
func decided(action guard.Action, reason, saw bool) state {
	switch {
	case action == guard.Block:
		return stopped
	case action == guard.Mask && reason:
		return let
	case action == guard.Mask && saw:
		return replaced
	case action == guard.Warn && (saw || reason):
		return pointed
	}
	return undecided
}

// placeOf is the part in which a finding stands, with offsets in it; Part is -1 for one that stands between parts.
func placeOf(parts []lab.Part, f guard.Finding) place {
	for i := range parts {
		if p := &parts[i]; f.Start < p.Start+len(p.Text) && f.End > p.Start {
			return place{Part: i, Start: max(0, f.Start-p.Start), End: min(len(p.Text), f.End-p.Start)}
		}
	}
	return place{Part: -1}
}

// count returns how many values are in a state.
func (r *review) count(s state) int {
	n := 0
	for i := range r.Items {
		if r.Items[i].State == s {
			n++
		}
	}
	return n
}

// passes tells whether the question may go to the model.
func (r *review) passes() bool { return r.count(undecided) == 0 && r.count(stopped) == 0 }

// sendable returns messages as they may go to a model. What is blocked in what a model or a task wrote is left out, because the person cannot take it out:
// the label of its type stands there.
func sendable(s *guard.Scanner, policy guard.Policy, lang instrument.Lang, messages []lab.Message) []lab.Message {
	labels := guard.LabelsOf(lang)
	out := make([]lab.Message, len(messages))
	for i := range messages {
		out[i] = messages[i]
		if messages[i].Role != lab.User {
			out[i].Text = without(s, policy, labels, messages[i].Text)
		}
	}
	return out
}

func without(s *guard.Scanner, policy guard.Policy, labels guard.Labels, text string) string {
	var b strings.Builder
	from := 0
	for _, f := range s.Scan(text) {
		if policy.Action(f) == guard.Block {
			b.WriteString(text[from:f.Start])
			b.WriteString("[" + labels[f.Type] + "]")
			from = f.End
		}
	}
	if from == 0 {
		return text
	}
	b.WriteString(text[from:])
	return b.String()
}
