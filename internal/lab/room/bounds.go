package room

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tekentafel/internal/lab"
	"tekentafel/internal/problem"
)

// What a conversation may hold. A long report is some 100 kB of text.
const (
	mostMessages  = 600
	mostText      = 400_000   // bytes of one message with its documents
	mostAll       = 3_000_000 // bytes of all texts
	mostFiles     = 10        // of one message
	mostImages    = 12        // of one question
	mostDecisions = 2000      // of one message
	mostName      = 200       // bytes of the name of a file
	mostID        = 40
	mostReason    = 300
)

// sound refuses a conversation that no page of ours makes: it comes from a browser, so it may hold anything.
func sound(c *lab.Conversation) error {
	wrong := refuse(problem.Invalid, "error.conversation")
	if len(c.Messages) > mostMessages {
		return refuse(problem.TooLarge, "error.too-long")
	}
	if len(c.Title) > mostName || !plain(c.Title) {
		return wrong
	}
	all, seen := 0, map[string]bool{"": true}
	for i := range c.Messages {
		m := &c.Messages[i]
		if !isID(m.ID) || seen[m.ID] || !seen[m.Parent] {
			return wrong
		}
		seen[m.ID] = true
		if err := soundMessage(m); err != nil {
			return err
		}
		n := len(m.Whole())
		if n > mostText {
			return refuse(problem.TooLarge, "error.message-too-long")
		}
		all += n
	}
	if all > mostAll {
		return refuse(problem.TooLarge, "error.too-long")
	}
	if !seen[c.Leaf] || c.Leaf == "" && len(c.Messages) > 0 {
		return wrong
	}
	return nil
}

func soundMessage(m *lab.Message) error {
	wrong := refuse(problem.Invalid, "error.conversation")
	switch {
	case m.Role != lab.User && m.Role != lab.Assistant, // what a task tells the model comes from the task
		m.Role != lab.User && len(m.Files) > 0,
		!plain(m.Text), len(m.Model) > mostName, len(m.Task) > mostName,
		len(m.Kept) > mostDecisions, len(m.Seen) > mostDecisions:
		return wrong
	case len(m.Files) > mostFiles:
		return refuse(problem.TooLarge, "error.too-many-files")
	}
	for i := range m.Files {
		f := &m.Files[i]
		if len(f.Name) > mostName || !plain(f.Name) || !plain(f.Text) || strings.ContainsAny(f.Name, "\r\n") || (f.Media == "") != (len(f.Data) == 0) || f.Media != "" && f.Text != "" {
			return wrong
		}
		if f.Media != "" {
			if got := mediaOf(f.Data); got != f.Media || len(f.Data) > mostImage {
				return refuse(problem.Invalid, "error.image")
			}
		}
	}
	for _, k := range m.Kept {
		if len(k.Value) > mostText || len(k.Reason) > mostReason || !plain(k.Value) || !plain(k.Reason) {
			return wrong
		}
	}
	for _, s := range m.Seen {
		if len(s.Value) > mostText || len(s.Placeholder) > mostName || !plain(s.Value) || !plain(s.Placeholder) {
			return wrong
		}
	}
	return nil
}

// soundQuestion refuses what is no question: a branch whose end is what the person asks now.
func soundQuestion(messages []lab.Message) error {
	if len(messages) == 0 {
		return refuse(problem.Invalid, "error.nothing")
	}
	last := &messages[len(messages)-1]
	if err := sound(&lab.Conversation{Messages: messages, Leaf: last.ID}); err != nil {
		return err
	}
	images := 0
	for i := range messages {
		if i > 0 && messages[i].Parent != messages[i-1].ID || i == 0 && messages[i].Parent != "" {
			return refuse(problem.Invalid, "error.conversation")
		}
		images += len(slices.DeleteFunc(slices.Clone(messages[i].Files), func(f lab.File) bool { return f.Media == "" }))
	}
	switch {
	case last.Role != lab.User:
		return refuse(problem.Invalid, "error.conversation")
	case strings.TrimSpace(last.Text) == "" && len(last.Files) == 0:
		return refuse(problem.Invalid, "error.nothing")
	case images > mostImages:
		return refuse(problem.TooLarge, "error.too-many-images")
	}
	return nil
}

// plain tells whether a text can be shown and sent: UTF-8 without the character zero.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func isID(s string) bool {
	return s != "" && len(s) <= mostID && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) < 0
}
