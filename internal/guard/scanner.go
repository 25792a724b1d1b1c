package guard

import "sync"

// Scanner finds sensitive data in whole texts. It is safe for concurrent use. Make it with New.
type Scanner struct {
	pool sync.Pool
}

// New returns a scanner of every type; a Policy says which count. The first one reads the lists of words, which takes a few milliseconds.
func New() *Scanner {
	words()
	return &Scanner{pool: sync.Pool{New: func() any { return newScan() }}}
}

// Scan returns the findings in a text, in order and not overlapping.
func (s *Scanner) Scan(text string) []Finding { return s.Append(nil, text) }

// Append adds the findings in a text to a list, in order and not overlapping. It allocates only to let the list grow.
func (s *Scanner) Append(list []Finding, text string) []Finding {
	c, ok := s.pool.Get().(*scan)
	if !ok {
		c = newScan()
	}
	c.reset()
	c.text, c.final = text, true
	c.run()
	list = c.settle(list, len(text))
	c.text = ""
	s.pool.Put(c)
	return list
}

// Stream returns a scanner of a text that comes in pieces.
func (s *Scanner) Stream() *Stream {
	c := newScan()
	c.reset()
	return &Stream{scan: c}
}
