package wire

import "unicode/utf8"

// arguments passes the strings within a JSON text that comes in pieces through filters, each string through one of its own. What
// stands between the strings stays. A filter so sees and gives plain text, whatever escapes the model wrote.
type arguments struct {
	open   func() Filter
	inner  Filter
	within bool   // a string
	escape []byte // that is not complete yet
	run    []byte // of the string, decoded, not yet given to the filter
	out    []byte
}

// newArguments returns a filter for arguments, nil when open returns none.
func newArguments(open func() Filter) Filter {
	first := open()
	if first == nil {
		return nil
	}
	return &arguments{open: open, inner: first}
}

// Write takes the next piece of the JSON text.
func (a *arguments) Write(piece string) string {
	a.out = a.out[:0]
	for i := range len(piece) {
		c := piece[i]
		switch {
		case len(a.escape) > 0:
			a.escaped(c)
		case !a.within:
			a.out = append(a.out, c)
			if c == '"' {
				a.within = true
				if a.inner == nil {
					a.inner = a.open()
				}
			}
		case c == '"':
			a.finish()
			a.out = append(a.out, '"')
			a.within = false
		case c == '\\':
			a.escape = append(a.escape, c)
		default:
			a.run = append(a.run, c)
		}
	}
	a.pass()
	return string(a.out)
}

// Close returns the rest.
func (a *arguments) Close() string {
	a.out = a.out[:0]
	if a.within {
		a.finish()
	}
	a.out = append(a.out, a.escape...)
	a.escape = a.escape[:0]
	return string(a.out)
}

// longestEscape is that of a surrogate pair.
const longestEscape = 12

// escaped takes the next byte of an escape.
func (a *arguments) escaped(c byte) {
	a.escape = append(a.escape, c)
	e := a.escape
	if n := escape(e); n == len(e) {
		a.run = unescape(a.run, e)
		a.escape = e[:0]
		return
	}
	if len(e) < longestEscape && unfinished(e) {
		return
	}
	// It stands for nothing: the model's own text goes on as it is.
	a.finish()
	a.out = append(a.out, e...)
	a.escape = e[:0]
}

// unfinished reports whether more bytes could make an escape of e.
func unfinished(e []byte) bool {
	const low = `\u`
	for i, c := range e[1:] {
		switch at := i + 1; {
		case at == 1:
			if c != 'u' {
				return false
			}
		case at == 6 || at == 7:
			if c != low[at-6] {
				return false
			}
		case hex4([]byte{c, '0', '0', '0'}) < 0:
			return false
		}
	}
	if len(e) < 6 {
		return true
	}
	r := hex4(e[2:])
	return r >= 0xD800 && r <= 0xDBFF
}

// pass gives what was decoded to the filter, as far as it ends on the edge of a rune.
func (a *arguments) pass() {
	n := len(a.run)
	for back := 1; back <= min(utf8.UTFMax-1, n); back++ {
		if c := a.run[n-back]; utf8.RuneStart(c) {
			if !utf8.FullRune(a.run[n-back:]) {
				n -= back
			}
			break
		}
	}
	if n > 0 && a.inner != nil {
		a.say(a.inner.Write(string(a.run[:n])))
		a.run = append(a.run[:0], a.run[n:]...)
	}
}

// finish ends the filter of the string.
func (a *arguments) finish() {
	if a.inner == nil {
		a.inner = a.open()
	}
	if len(a.run) > 0 {
		a.say(a.inner.Write(string(a.run)))
		a.run = a.run[:0]
	}
	a.say(a.inner.Close())
	a.inner = nil
}

// say appends text as the inside of a JSON string.
func (a *arguments) say(s string) {
	if s == "" {
		return
	}
	from := len(a.out)
	a.out = AppendQuote(a.out, s)
	copy(a.out[from:], a.out[from+1:len(a.out)-1])
	a.out = a.out[:len(a.out)-2]
}
