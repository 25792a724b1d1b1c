package lab

import (
	"time"

	"tekentafel/internal/guard"
)

// Role says who wrote a message.
type Role string

// The roles.
const (
	System    Role = "system"    // what a task tells the model beforehand; shown to the person
	User      Role = "user"      // the person
	Assistant Role = "assistant" // the model
)

// Message is a node of a conversation.
type Message struct {
	ID     string    `json:"id"`               // unique in the conversation
	Parent string    `json:"parent,omitempty"` // "" for a root
	Role   Role      `json:"role"`
	Text   string    `json:"text"` // as the person reads it: nothing is masked in it
	Files  []File    `json:"files,omitempty"`
	Model  string    `json:"model,omitempty"` // of an answer
	Task   string    `json:"task,omitempty"`  // entry, challenge or example by which it began
	Kept   []Kept    `json:"kept,omitempty"`  // what the person let go as it is
	Seen   []Seen    `json:"seen,omitempty"`  // what the person saw before sending, and did not let go as it is
	Cut    bool      `json:"cut,omitempty"`   // the answer broke off or was stopped
	At     time.Time `json:"at"`
}

// File goes along with a message: the text of a document, or an image.
type File struct {
	Name  string `json:"name"`
	Text  string `json:"text,omitempty"`  // of a document
	Media string `json:"media,omitempty"` // of an image: image/png, image/jpeg, image/webp or image/gif
	Data  []byte `json:"data,omitempty"`  // of an image
	Cut   bool   `json:"cut,omitempty"`   // only the beginning was taken
}

// Kept is a value that the guard found and a person sends as it is, with their reason. It holds for the conversation.
type Kept struct {
	Type   guard.Type `json:"type"`
	Value  string     `json:"value"` // as it was written; values are compared by guard.Canonical
	Reason string     `json:"reason"`
}

// Seen is a value that the guard found, and that a person saw before sending: it was replaced on the way, or it was only pointed out. It holds for the
// conversation.
type Seen struct {
	Type        guard.Type `json:"type"`
	Value       string     `json:"value"`                 // as it was written; values are compared by guard.Canonical. "" for every value of its type in this message
	Placeholder string     `json:"placeholder,omitempty"` // what left in its place; "" when it was only pointed out
}

// Conversation is a tree of messages.
type Conversation struct {
	Title    string    `json:"title"`
	Messages []Message `json:"messages"` // parents before children
	Leaf     string    `json:"leaf"`     // the last message of the branch that is read
}

// Branch returns the way from the root to a message; none when it is not there.
func (c *Conversation) Branch(leaf string) []Message {
	at := map[string]int{}
	for i := range c.Messages {
		at[c.Messages[i].ID] = i
	}
	var back []Message
	for id := leaf; id != ""; {
		i, ok := at[id]
		if !ok || len(back) == len(c.Messages) { // not there, or a ring
			return nil
		}
		back = append(back, c.Messages[i])
		id = c.Messages[i].Parent
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}
