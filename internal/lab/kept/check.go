package kept

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/contact"
	"tekentafel/internal/i18n"
	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
)

// mostID is how long the id of a message may be, in bytes.
const mostID = 64

// check says what is wrong with a conversation that somebody wants to keep: it must be a tree that can be read again.
func check(c *lab.Conversation) error {
	if c == nil || len(c.Messages) == 0 {
		return refuse(problem.Invalid, "error.empty", nil)
	}
	if len(c.Messages) > mostMessages {
		return refuse(problem.TooLarge, "error.messages", i18n.Args{"most": itoa(mostMessages)})
	}
	seen := make(map[string]bool, len(c.Messages))
	for i := range c.Messages {
		m := &c.Messages[i]
		known := m.Role == lab.System || m.Role == lab.User || m.Role == lab.Assistant
		if m.ID == "" || len(m.ID) > mostID || seen[m.ID] || m.Parent != "" && !seen[m.Parent] || !known {
			return refuse(problem.Invalid, "error.shape", nil)
		}
		seen[m.ID] = true
	}
	if !seen[c.Leaf] {
		return refuse(problem.Invalid, "error.shape", nil)
	}
	return nil
}

// packed returns a conversation as it is sealed.
func packed(c *lab.Conversation) ([]byte, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	if len(b) > mostBytes {
		return nil, refuse(problem.TooLarge, "error.large", i18n.Args{"most": itoa(mostBytes >> 20)})
	}
	return b, nil
}

// titleOf returns a title in its one form; where there is none, the beginning of the first thing that the person wrote.
func titleOf(title string, c *lab.Conversation) string {
	title = contact.Line(title)
	for i := range c.Messages {
		if title != "" {
			break
		}
		if c.Messages[i].Role == lab.User {
			title = contact.Line(c.Messages[i].Text)
		}
	}
	return cut(title, mostTitle)
}

// cut shortens a text to a number of characters, at a space where there is one near.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	short := string([]rune(s)[:most-1])
	if i := strings.LastIndexByte(short, ' '); i > len(short)*2/3 {
		short = short[:i]
	}
	return short + "…"
}
