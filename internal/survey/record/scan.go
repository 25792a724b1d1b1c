package record

import (
	"bytes"
	"encoding/json"
)

// scanner walks over JSON that json.Valid found sound, so that the end of it is never met. (A json.Decoder that is asked
// for tokens takes most of the time that a submission takes.)
type scanner struct {
	raw []byte
	at  int
}

// next returns the next byte that is no white space, without taking it.
func (s *scanner) next() byte {
	for {
		switch c := s.raw[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
}

// takes takes the next byte when it is c.
func (s *scanner) takes(c byte) bool {
	if s.next() != c {
		return false
	}
	s.at++
	return true
}

// text takes a string, without its quotes and escapes.
func (s *scanner) text() (string, bool) {
	start := s.at
	s.at++
	for escaped := false; ; {
		end := s.at + bytes.IndexByte(s.raw[s.at:], '"')
		if i := bytes.IndexByte(s.raw[s.at:end], '\\'); i >= 0 {
			escaped = true
			s.at += i + 2
			continue
		}
		s.at = end + 1
		if !escaped {
			return string(s.raw[start+1 : end]), true
		}
		var out string
		err := json.Unmarshal(s.raw[start:s.at], &out)
		return out, err == nil
	}
}

// word takes a number or a literal.
func (s *scanner) word() string {
	start := s.at
	for ; s.at < len(s.raw); s.at++ {
		switch s.raw[s.at] {
		case ' ', '\t', '\n', '\r', ',', ']', '}':
			return string(s.raw[start:s.at])
		}
	}
	return string(s.raw[start:])
}
