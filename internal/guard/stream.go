package guard

import "strings"

// Stream finds in a text that comes in pieces what Scanner finds in the whole. It holds back what could still become part of
// a finding: mostly the last word, at most some hundred bytes, and a private key or token as long as it lasts. It is not safe for concurrent use.
type Stream struct {
	scan     *scan
	released int // absolute; what is before has been given out
	closed   bool
}

// Piece is text that is decided: nothing that follows changes what is found in it. No finding stands across two pieces.
type Piece struct {
	Text     string
	Start    int       // where it begins in the whole text, in bytes
	Findings []Finding // with offsets in the whole text
}

// leftContext is how far before a place a matcher may look, in bytes.
const leftContext = 96

// Write takes the next bytes of the text, which may end within a rune, and returns what is decided since the last piece. The text of a piece may be empty.
func (s *Stream) Write(chunk string) Piece { return s.advance(chunk, false) }

// Close ends the text and returns the rest.
func (s *Stream) Close() Piece { return s.advance("", true) }

// Held returns how many bytes wait for more text.
func (s *Stream) Held() int { return s.scan.base + len(s.scan.text) - s.released }

func (s *Stream) advance(chunk string, final bool) Piece {
	c := s.scan
	if s.closed {
		return Piece{Start: s.released}
	}
	s.closed = final
	c.final = final
	c.text += chunk
	c.run()
	limit := c.base + len(c.text)
	if !final {
		limit = c.floor()
	}
	p := Piece{Start: s.released}
	p.Findings = c.settle(nil, limit)
	to := max(limit, s.released)
	if len(c.pending) > 0 {
		to = max(min(to, c.pending[0].Start), s.released)
	}
	p.Text = c.text[s.released-c.base : to-c.base]
	s.released = to
	if cut := min(c.pos, to-c.base) - leftContext; cut > 0 {
		c.text = strings.Clone(c.text[cut:])
		c.base += cut
		c.pos -= cut
	}
	return p
}
