package mock

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Behaviour is how one request is answered. The zero value answers at once, with a fixed sentence.
type Behaviour struct {
	First      time.Duration // before the first byte of the answer
	Between    time.Duration // between the pieces of a stream
	Cut        int           // break the connection after this many pieces, or in the middle of an answer that is not streamed; 0 for never
	Status     int           // answer with this status and an error
	RetryAfter string        // the header Retry-After beside Status
	Hang       bool          // never answer
	Close      bool          // close the connection without an answer
	Wrong      bool          // send what is not JSON
	Size       int           // make the text of the answer this many bytes long
	Echo       bool          // answer with what the last message said
	Text       string        // answer with this text
	Bytes      int           // split the text into pieces of this many bytes (but not within a rune) instead of words
	Tool       bool          // call the first tool that the request offers
	NoUsage    bool          // leave the usage out
}

// ParseBehaviour reads the part of a model's name after its first semicolon: words such as "hang", "echo" or "tool", and settings such as
// "first=200ms", "cut=3" or "status=429". An error names the word that is not known.
func ParseBehaviour(s string) (Behaviour, error) {
	var b Behaviour
	for word := range strings.SplitSeq(s, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(word), "=")
		if err := b.set(key, value); err != nil {
			return Behaviour{}, fmt.Errorf("mock: behaviour %q: %w", word, err)
		}
	}
	return b, nil
}

func (b *Behaviour) set(key, value string) (err error) {
	switch key {
	case "":
	case "first":
		b.First, err = time.ParseDuration(value)
	case "between":
		b.Between, err = time.ParseDuration(value)
	case "cut":
		b.Cut, err = strconv.Atoi(value)
	case "status":
		b.Status, err = strconv.Atoi(value)
	case "retry":
		b.RetryAfter = value
	case "size":
		b.Size, err = strconv.Atoi(value)
	case "bytes":
		b.Bytes, err = strconv.Atoi(value)
	case "text":
		b.Text = value
	case "hang":
		b.Hang = true
	case "close":
		b.Close = true
	case "wrong":
		b.Wrong = true
	case "echo":
		b.Echo = true
	case "tool":
		b.Tool = true
	case "nousage":
		b.NoUsage = true
	default:
		return fmt.Errorf("not known; use first, between, cut, status, retry, size, bytes, text, hang, close, wrong, echo, tool or nousage")
	}
	return err
}

// Sentence is what the server answers when nothing else is asked.
const Sentence = "Dit antwoord komt van een nagemaakte dienst die niets weet."

// text returns the text of the answer.
func (b Behaviour) text(asked func() string) string {
	s := Sentence
	switch {
	case b.Text != "":
		s = b.Text
	case b.Echo:
		s = asked()
	}
	if b.Size > 0 {
		s = strings.Repeat(s+" ", b.Size/(len(s)+1)+1)[:b.Size]
		s = strings.ToValidUTF8(s, "")
	}
	return s
}

// pieces calls f with the parts of the text: words with the space before them, or runs of bytes on the edges of runes.
func (b Behaviour) pieces(s string, f func(string) bool) {
	for s != "" {
		n := 1
		if b.Bytes > 0 {
			n = min(b.Bytes, len(s))
			for n < len(s) && s[n]&0xC0 == 0x80 {
				n++
			}
		} else if i := strings.IndexByte(s[1:], ' '); i >= 0 {
			n = i + 1
		} else {
			n = len(s)
		}
		if !f(s[:n]) {
			return
		}
		s = s[n:]
	}
}
