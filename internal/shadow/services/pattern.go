package services

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// pattern is a host name of which the labels stand last first: "api.*.example.com" is com, example, *, api.
type pattern struct {
	labels []string
	below  bool // "*.example.com": only what is below it
	stars  int
}

// parsePattern reads a pattern. A star in front, as a label of its own, stands for one label or more; elsewhere, or beside letters, for one label or
// a part of one. The last two labels have no star, and a suffix under which everybody registers (co.uk) is refused.
func parsePattern(text string) (pattern, error) {
	var p pattern
	host := text
	if rest, ok := strings.CutPrefix(host, "*."); ok {
		p.below, host = true, rest
	}
	parts := strings.Split(host, ".")
	for i, label := range parts {
		if strings.Count(label, "*") > 1 {
			return p, fmt.Errorf("%q has more than one star in a label", text)
		}
		if strings.Contains(label, "*") {
			p.stars++
			if strings.Trim(label, "*abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
				return p, fmt.Errorf("%q has a sign that no host name has", text)
			}
			continue
		}
		ascii, err := idna.Lookup.ToASCII(label)
		if err != nil || ascii == "" {
			return p, fmt.Errorf("%q is not a host name", text)
		}
		parts[i] = ascii
	}
	if len(parts) < 2 {
		return p, fmt.Errorf("%q has one label only", text)
	}
	for i := len(parts) - 1; i >= 0; i-- {
		p.labels = append(p.labels, parts[i])
	}
	if strings.Contains(p.labels[0], "*") || strings.Contains(p.labels[1], "*") {
		return p, fmt.Errorf("%q has a star in its last two labels", text)
	}
	if suffix, icann := publicsuffix.PublicSuffix(strings.Join(parts, ".")); icann && p.stars == 0 && suffix == strings.Join(parts, ".") {
		return p, errors.New(text + " is a suffix under which everybody registers")
	}
	return p, nil
}

// String returns the pattern in the one way of writing it.
func (p pattern) String() string {
	var b strings.Builder
	if p.below {
		b.WriteString("*.")
	}
	for i := len(p.labels) - 1; i >= 0; i-- {
		b.WriteString(p.labels[i])
		if i > 0 {
			b.WriteByte('.')
		}
	}
	return b.String()
}

// fits reports whether a host in small letters, without a dot at its end, is the pattern or below it.
func (p *pattern) fits(host []byte) bool {
	end := len(host)
	for _, label := range p.labels {
		if end < 0 {
			return false
		}
		start := end
		for start > 0 && host[start-1] != '.' {
			start--
		}
		if !labelFits(label, host[start:end]) {
			return false
		}
		end = start - 1 // before the dot; -1 when there is no further label
	}
	return !p.below || end > 0
}

func labelFits(pattern string, label []byte) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == string(label)
	}
	return len(label) >= len(head)+len(tail) && len(label) > 0 &&
		string(label[:len(head)]) == head && string(label[len(label)-len(tail):]) == tail
}

// before reports whether p says more of a host than q: more labels, then fewer stars, then the host itself rather than what is below it.
func (p *pattern) before(q *pattern) bool {
	if len(p.labels) != len(q.labels) {
		return len(p.labels) > len(q.labels)
	}
	if p.stars != q.stars {
		return p.stars < q.stars
	}
	return p.below && !q.below
}
