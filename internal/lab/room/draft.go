package room

import (
	"crypto/rand"
	"slices"

	"tekentafel/internal/lab"
)

// draft is a conversation with what is in the composer, as it travels in the form of the plain chat.
type draft struct {
	Conversation lab.Conversation `json:"conversation"`
	Files        []lab.File       `json:"files,omitempty"`   // of the message that is being written
	Kept         []lab.Kept       `json:"kept,omitempty"`    // decided about it
	Seen         []lab.Seen       `json:"seen,omitempty"`    // decided about it
	Task         string           `json:"task,omitempty"`    // by which it began
	Parent       string           `json:"parent,omitempty"`  // after which it comes; the leaf unless an earlier message is changed
	Editing      bool             `json:"editing,omitempty"` // an earlier message is being changed: Parent holds
	ID           string           `json:"id,omitempty"`      // of what was kept
	Version      int64            `json:"version,omitempty"`

	Text   string `json:"-"` // in the composer
	Model  string `json:"-"` // chosen
	Second string `json:"-"` // to compare with; "" for none
}

// sound refuses a draft that no page of ours makes.
func (d *draft) sound() error {
	if err := sound(&d.Conversation); err != nil {
		return err
	}
	if d.Parent != "" && d.message(d.Parent) == nil {
		d.Parent, d.Editing = "", false
	}
	m := lab.Message{Role: lab.User, Files: d.Files, Kept: d.Kept, Seen: d.Seen, Task: d.Task, Text: d.Text}
	return soundMessage(&m)
}

func (d *draft) message(id string) *lab.Message {
	i := slices.IndexFunc(d.Conversation.Messages, func(m lab.Message) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return &d.Conversation.Messages[i]
}

// parent is the message after which what is written comes.
func (d *draft) parent() string {
	if d.Editing {
		return d.Parent
	}
	return d.Conversation.Leaf
}

// asking is the branch that ends with what is written.
func (d *draft) asking(m lab.Message) []lab.Message {
	m.Parent = d.parent()
	return append(slices.Clone(d.Conversation.Branch(m.Parent)), m)
}

// add puts a message at the end of its branch, which becomes the one that is read.
func (d *draft) add(m lab.Message) {
	d.Conversation.Messages = append(d.Conversation.Messages, m)
	d.Conversation.Leaf = m.ID
}

// clear empties the composer.
func (d *draft) clear() {
	d.Text, d.Files, d.Kept, d.Seen, d.Parent, d.Editing = "", nil, nil, nil, "", false
}

// edit takes an earlier message of the person into the composer.
func (d *draft) edit(id string) {
	m := d.message(id)
	if m == nil || m.Role != lab.User {
		return
	}
	d.clear()
	d.Text, d.Files, d.Kept, d.Seen, d.Parent, d.Editing = m.Text, m.Files, m.Kept, m.Seen, m.Parent, true
}

// turn shows the branch of another message: its newest answer and what followed on it.
func (d *draft) turn(id string) {
	if d.message(id) == nil {
		return
	}
	for {
		next := ""
		for i := range d.Conversation.Messages {
			if m := &d.Conversation.Messages[i]; m.Parent == id {
				next = m.ID
			}
		}
		if next == "" {
			d.Conversation.Leaf = id
			return
		}
		id = next
	}
}

// siblings are the messages that could stand in the place of one, in the order in which they were made, and which of them it is.
func siblings(c *lab.Conversation, id string) (list []string, at int) {
	parent, role := "", lab.Role("")
	for i := range c.Messages {
		if c.Messages[i].ID == id {
			parent, role = c.Messages[i].Parent, c.Messages[i].Role
		}
	}
	for i := range c.Messages {
		if m := &c.Messages[i]; m.Parent == parent && m.Role == role {
			if m.ID == id {
				at = len(list)
			}
			list = append(list, m.ID)
		}
	}
	return list, at
}

func newID() string { return rand.Text()[:16] }

// titleOf is the beginning of the first thing that was asked.
func titleOf(c *lab.Conversation) string {
	if c.Title != "" {
		return c.Title
	}
	for i := range c.Messages {
		if c.Messages[i].Role == lab.User && c.Messages[i].Text != "" {
			return short(c.Messages[i].Text)
		}
	}
	return ""
}
